//! What sort of text a version of a release is.

use super::{kind, number};
use crate::model::history::Field;
use crate::model::{Block, History, Kind, ParsedRelease, Release, Span, Version};

/// Kind and number of a version by its own words. Its kind is that of the release as it stands wherever the words that tell it are the same, or the
/// archive's owner put the kind right; nothing is known of how its document was read but what the release's was.
pub fn of_version(version: &Version, release: &Release, history: &History) -> (Kind, Option<String>) {
    let own_number = number(&version.text);
    let ruled = history.corrections.iter().any(|correction| correction.field == Field::Kind);
    let settled = version.item.current || ruled || version.item.erased;
    let own_kind = match version.given.kind {
        _ if settled => release.item.kind,
        Some(given) => given,
        None => {
            let read = |text: &str, title, body, blocks: &[Block]| kind(&words(text, title, body, blocks), release.document.format, false);
            let own = read(&version.text, version.title, version.body, &version.blocks);
            let current = read(&release.text, release.title, release.body, &release.blocks);
            if own == current { release.item.kind } else { own }
        }
    };
    (own_kind, own_number)
}

/// Words as they come from a document that says nothing else of them.
fn words(text: &str, title: Span, body: Span, blocks: &[Block]) -> ParsedRelease {
    ParsedRelease { text: text.to_owned(), title, body, blocks: blocks.to_vec(), ..ParsedRelease::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DocumentFormat;

    #[test]
    fn words_alone_tell_one_kind_from_another() {
        let read = |text: &str| kind(&words(text, Span::new(0, 12), Span::new(13, text.len()), &[]), DocumentFormat::Ndjson, false);
        assert_eq!(read("A title here\nPress Release (2024) 051\nAllies met."), Kind::PressRelease);
        assert_eq!(read("A title here\nAllies met in Vilnius."), Kind::News);
    }
}
