//! What the words of a release say about it: when it was published, what it is about, what it is, whom and what it names.
//!
//! Pure functions of the text, its place in its document and the vocabularies.

mod anyof;
pub mod compare;
pub mod dates;
mod folded;
pub mod kind;
mod language;
pub mod likeness;
mod lookup;
mod matcher;
mod mentions;
mod prepared;
mod topics;
pub mod vocabulary;

pub use vocabulary::{Vocabulary, VocabularyError};

use prepared::Prepared;

use crate::model::{Description, DocumentFormat, ParsedRelease, Sidecar};

/// The document that releases stand in, as far as it bears on what they say.
#[derive(Clone, Copy, Debug)]
pub struct DocumentFacts<'a> {
    pub format: DocumentFormat,
    pub sidecar: &'a Sidecar,
}

/// Describes releases of one document, in its order. Of a newest-first document all releases are wanted at once: their order bounds
/// the dates that their words leave open.
pub fn describe(releases: &[ParsedRelease], facts: DocumentFacts<'_>, vocabulary: &Vocabulary) -> Vec<Description> {
    let summits: Vec<dates::Summit> =
        vocabulary.summits().map(|(place, start, end)| dates::Summit { place: place.to_owned(), start, end }).collect();
    let context = dates::DateContext {
        order: facts.format.order(),
        time_zone: facts.sidecar.time_zone.as_deref(),
        fetched_on: facts.sidecar.fetched_on,
        summits: &summits,
    };
    // The lines of an NDJSON file are no neighbours: each speaks for itself, whatever stands beside it.
    let dated: Vec<dates::Dated> = match facts.format {
        DocumentFormat::Ndjson => {
            releases.iter().flat_map(|release| dates::date_releases(std::slice::from_ref(release), &context)).collect()
        }
        _ => dates::date_releases(releases, &context),
    };
    releases
        .iter()
        .zip(dated)
        .map(|(release, dated)| {
            let prepared = Prepared::of(release);
            let lang = language::language(release, facts.sidecar.language.as_deref());
            Description {
                kind: kind::kind(release, facts.format, dated.advisory),
                number: kind::number(&release.text),
                topics: topics::topics(&prepared, &lang, vocabulary),
                mentions: mentions::mentions(&prepared, dated.published.sort_on, vocabulary),
                dates: dated.dates,
                published: dated.published,
                lang,
            }
        })
        .collect()
}
