//! Placeholder.
use crate::model::{Block, Edit, ParsedRelease, Span, Substance};

#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    pub title: &'a str,
    pub text: &'a str,
    pub body: Span,
    pub blocks: &'a [Block],
    pub published: Option<&'a str>,
}

pub fn edit(old: &Text<'_>, new: &Text<'_>) -> Edit {
    let body = old.body.of(old.text).split_whitespace().ne(new.body.of(new.text).split_whitespace());
    let title = old.title != new.title;
    let date = old.published != new.published;
    Edit { title, body, date, substance: if title || body || date { Substance::Substantive } else { Substance::None }, ..Edit::default() }
}

#[expect(dead_code)]
fn unused(_: &ParsedRelease) {}
