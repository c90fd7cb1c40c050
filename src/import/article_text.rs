//! Bare article: title, standfirst, paragraphs, one a line; no source line, no date line with a clock time.
//!
//! This is the form of a text that has no other form, so it asks for little; but a list of many texts must not pass as one.

use super::assemble::RawRelease;
use super::lines::{Line, Lines};
use super::marks::MAX_TITLE;
use crate::model::Span;
use crate::model::period::month_number;

/// From this many bare date lines on, when they are also one line in [`LISTING_SHARE`], a text is a list of several.
pub(super) const LISTING_DATES: usize = 3;
/// Lists print date, picture, title and a teaser of one or two lines.
pub(super) const LISTING_SHARE: usize = 6;

/// The one release of an article.
///
/// # Errors
/// Why the text is no article, without a full stop at the end.
pub(super) fn read(content: &str, from: usize) -> Result<RawRelease, String> {
    let mut lines = Lines::new(content, Span::new(from, content.len()));
    let Some(title) = lines.next() else { return Err("the file holds nothing but white space".into()) };
    if title.span.of(content).chars().nth(MAX_TITLE).is_some() {
        return Err(format!(
            "the first line is longer than {MAX_TITLE} characters, so it is no title, and no source line or date line marks one"
        ));
    }
    let (mut below, mut dates) = (0usize, 0usize);
    for Line { span, .. } in lines {
        below += 1;
        dates += usize::from(is_bare_date(span.of(content)));
    }
    if below == 0 {
        return Err("the file holds a single line, which could be a title but leaves nothing for a text".into());
    }
    if dates >= LISTING_DATES && dates * LISTING_SHARE >= below {
        return Err(format!("the file looks like a list of {dates} texts, each with a date line of its own but without a clock time"));
    }
    Ok(RawRelease { title: title.span, source: None, stamp: None })
}

/// `29 Jan. 2020`, `03 Oct. 2012`, `10-21 Sep 2001`, `June 24, 2025`: a day and nothing else.
pub(super) fn is_bare_date(line: &str) -> bool {
    if line.len() > 40 {
        return false;
    }
    let words: Vec<&str> = line.split([' ', '\u{a0}', ',', '.', '-', '–']).filter(|word| !word.is_empty()).collect();
    let months = words.iter().filter(|word| month_number(word).is_some()).count();
    let numbers = words.iter().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit())).count();
    months >= 1 && numbers >= 2 && months + numbers == words.len()
}
