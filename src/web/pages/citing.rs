//! How a release, a version or a passage is cited: what pages show of it, and the files.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::gone::no_passage;
use crate::model::release::{fold_spaces, fold_text};
use crate::model::{Block, ReleaseItem};
use crate::web::answer::typed;
use crate::web::cite::quoting::inside_marks;
use crate::web::cite::styles::Piece;
use crate::web::cite::{Format, Reference, Style, Styled, markdown, wikipedia};
use crate::web::error::Failure;
use crate::web::extract::Params;
use crate::web::urls::Urls;

/// A reference in one style.
pub struct StyleView {
    pub token: &'static str,
    pub label: &'static str,
    pub pieces: Vec<Piece>,
}

impl StyleView {
    pub fn of(style: Style, styled: Styled) -> Self {
        Self { token: style.token(), label: style.label(), pieces: styled.0 }
    }
}

/// A passage that was asked for.
pub struct PassageView {
    pub number: usize,
    /// As they stand between quotation marks.
    pub words: String,
    /// Its own address, absolute.
    pub link: String,
    /// The address of the whole.
    pub whole: String,
}

/// "Cite this".
pub struct CiteView {
    /// "this release", "version 2"
    pub what: String,
    pub styles: Vec<StyleView>,
    pub wikipedia: String,
    /// Names and addresses.
    pub files: Vec<(&'static str, String)>,
    pub passage: Option<PassageView>,
    /// Where the words that are shown stay as they are: version and address. Only where the reference is to the release, whatever its words become.
    pub kept: Option<(u32, String)>,
}

impl CiteView {
    /// Of a release as it stands.
    pub fn of_release(reference: Reference, item: &ReleaseItem, text: &str, blocks: &[Block], passage: Option<usize>, urls: &Urls) -> Self {
        let number = reference.current.number;
        let file = |extension| urls.release_cited(item.id, extension, passage);
        let kept = passage.is_none().then(|| (number, urls.version(item.id, number)));
        let view = passage_view(text, blocks, passage, |n| urls.absolute(&urls.passage(item, number, n)), urls.item(item));
        Self::of("this release".into(), reference, file, view, kept)
    }

    /// Of one version.
    pub fn of_version(reference: Reference, number: u32, text: &str, blocks: &[Block], passage: Option<usize>, urls: &Urls) -> Self {
        let id = reference.id;
        let file = |extension| urls.version_cited(id, number, extension, passage);
        let link = |n| urls.absolute(&urls.version_passage(id, number, n));
        let view = passage_view(text, blocks, passage, link, urls.version(id, number));
        Self::of(format!("version {number}"), reference, file, view, None)
    }

    fn of(
        what: String,
        reference: Reference,
        file: impl Fn(&'static str) -> String,
        passage: Option<PassageView>,
        kept: Option<(u32, String)>,
    ) -> Self {
        let reference = match &passage {
            Some(passage) => reference.passage(passage.number),
            None => reference,
        };
        let mut files: Vec<(&'static str, String)> = Format::ALL.map(|format| (format.label(), file(format.extension()))).into();
        files.push(("Markdown", file("md")));
        Self {
            what,
            styles: Style::ALL.map(|style| StyleView::of(style, style.set(&reference))).into(),
            wikipedia: wikipedia::template(&reference),
            files,
            passage,
            kept,
        }
    }
}

fn passage_view(
    text: &str,
    blocks: &[Block],
    passage: Option<usize>,
    link: impl Fn(usize) -> String,
    whole: String,
) -> Option<PassageView> {
    let number = passage?;
    let block = blocks.get(number.checked_sub(1)?)?;
    Some(PassageView { number, words: inside_marks(&fold_spaces(block.span.of(text))), link: link(number), whole })
}

/// The version and the passage that an address names: `v` and `p`, counted from 1. What is no number is passed over.
pub fn read(params: &Params) -> (Option<u32>, Option<usize>) {
    (number(params.first("v")), number(params.first("p")))
}

/// A number in its one form, without sign and leading zeros, and not 0.
fn number<N: std::str::FromStr + ToString>(typed: &str) -> Option<N> {
    typed.parse::<N>().ok().filter(|number| number.to_string() == typed && typed != "0")
}

/// The file of an extension; `None` where there is no such file.
///
/// # Errors
/// A passage that the text does not have.
pub fn file(extension: &str, reference: Reference, text: &str, blocks: &[Block], params: &Params) -> Result<Option<Response>, Failure> {
    let format = Format::from_extension(extension);
    if format.is_none() && extension != "md" {
        return Ok(None);
    }
    let reference = match params.first("p") {
        "" => reference,
        typed => match number::<usize>(typed).filter(|number| *number <= blocks.len()) {
            Some(number) => reference.passage(number),
            None => {
                let sentence = match number::<usize>(typed) {
                    Some(asked) => no_passage(blocks.len(), asked),
                    None => format!("The number of a passage is wanted, from 1 to {} in this text.", blocks.len()),
                };
                return Err(Failure::field("p", sentence));
            }
        },
    };
    let name = format!("{}.{extension}", reference.key());
    let mut response = match format {
        Some(format) => typed(format.media_type(), format.list([&reference])),
        None => typed("text/markdown; charset=utf-8; variant=CommonMark", markdown::document(&reference, text, blocks)),
    };
    // A key is letters, digits and hyphens.
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(Some(response))
}

/// Where a passage of another version stands in the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As it was, at this passage.
    Unchanged(usize),
    /// The same words, set otherwise.
    SameWords(usize),
    Gone,
}

impl Standing {
    /// `number` is the passage's own, and first looked at.
    pub fn of(words: &str, number: usize, text: &str, blocks: &[Block]) -> Self {
        let numbered = || {
            let own = blocks.get(number.wrapping_sub(1)).map(|block| (number, block));
            own.into_iter().chain((1..).zip(blocks))
        };
        let plain = fold_spaces(words);
        if let Some((at, _)) = numbered().find(|(_, block)| fold_spaces(block.span.of(text)) == plain) {
            return Self::Unchanged(at);
        }
        let folded: String = fold_text(words).collect();
        let same = |block: &Block| !folded.is_empty() && fold_text(block.span.of(text)).eq(folded.chars());
        numbered().find(|(_, block)| same(block)).map_or(Self::Gone, |(at, _)| Self::SameWords(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlockKind, Span};

    #[test]
    fn a_passage_is_found_where_it_went() {
        let text = "First.\nHe said: “No”.\nLast one.\nFirst.";
        let mut start = 0;
        let blocks: Vec<Block> = text
            .split('\n')
            .map(|line| {
                let block = Block::new(BlockKind::Paragraph, Span::new(start, start + line.len()));
                start += line.len() + 1;
                block
            })
            .collect();
        for (words, number, standing) in [
            ("First.", 1, Standing::Unchanged(1)),
            ("First.", 4, Standing::Unchanged(4)),
            ("Last  one.", 1, Standing::Unchanged(3)),
            ("He said: \"No\".", 7, Standing::SameWords(2)),
            ("He said: Yes", 2, Standing::Gone),
            ("…", 0, Standing::Gone),
        ] {
            assert_eq!(Standing::of(words, number, text, &blocks), standing, "{words}");
        }
    }

    #[test]
    fn numbers_are_read_in_one_form() {
        let read = |query: &str| read(&Params::read(query));
        assert_eq!(read("v=2&p=3"), (Some(2), Some(3)));
        assert_eq!(read("v=02&p=0"), (None, None));
        assert_eq!(read("v=-1&p=99999999999999999999999"), (None, None));
    }
}
