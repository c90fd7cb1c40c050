//! Everything known of a release.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::date::Quote;
use super::item::{Head, Publisher};
use super::names::Mention;
use super::tokens::{BlockTypeWord, FieldWord, FormatWord, HowWord, RoleWord};
use crate::model::release::fold_spaces;
use crate::model::{self, History, ListItem, MentionKind, Release, Sidecar};
use crate::web::past::bare;
use crate::web::urls::Urls;

/// A topic of a release, and the words that earned it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TopicFound {
    pub slug: String,
    pub label: String,
    /// Sum of the weights of the evidence; comparable within one archive and one state of its vocabulary.
    pub score: f64,
    /// Stated by the source itself rather than found in its words.
    pub stated: bool,
    pub evidence: Vec<Quote>,
}

/// A date in the text that is not its date of publication.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DateInText {
    /// Extended Date/Time Format.
    pub edtf: String,
    pub role: RoleWord,
    pub evidence: Vec<Quote>,
}

/// One part of a text, in reading order.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Block {
    #[serde(rename = "type")]
    pub kind: BlockTypeWord,
    /// Its words, white space folded.
    pub text: String,
    /// UTF-8 byte offset into the text as published.
    pub start: usize,
    /// Byte offset of its end, exclusive.
    pub end: usize,
    /// Its place on the release’s page: put `#` and this behind the permalink.
    #[schema(example = "p3")]
    pub anchor: String,
    /// Level of a heading below the release’s title, 2 and deeper; left out of everything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 2)]
    pub level: Option<u8>,
    /// Items of a list; left out of everything else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub items: Vec<BlockItem>,
    /// Rows of a table; left out of everything else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub rows: Vec<BlockRow>,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BlockItem {
    /// The printed marker.
    #[schema(example = "1.")]
    pub marker: String,
    pub text: String,
    /// Items below this one.
    #[schema(no_recursion)]
    pub items: Vec<BlockItem>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BlockRow {
    /// Whether its cells name the columns.
    pub header: bool,
    /// Words of the cells from left to right; an empty cell is an empty string.
    pub cells: Vec<String>,
}

impl Block {
    /// `number` counts from 1.
    pub fn of(block: &model::Block, number: usize, text: &str) -> Self {
        Self {
            kind: BlockTypeWord(block.kind),
            text: fold_spaces(block.span.of(text)),
            start: block.span.start,
            end: block.span.end,
            anchor: format!("p{number}"),
            level: Some(block.level).filter(|level| *level > 0),
            items: items(&block.items, text),
            rows: block
                .rows
                .iter()
                .map(|row| BlockRow { header: row.header, cells: row.cells.iter().map(|cell| fold_spaces(cell.of(text))).collect() })
                .collect(),
        }
    }

    pub fn all(blocks: &[model::Block], text: &str) -> Vec<Self> {
        blocks.iter().zip(1..).map(|(block, number)| Self::of(block, number, text)).collect()
    }
}

fn items(list: &[ListItem], text: &str) -> Vec<BlockItem> {
    list.iter()
        .map(|item| {
            let lines: Vec<String> = item.lines.iter().map(|line| fold_spaces(line.of(text))).collect();
            BlockItem { marker: item.marker.of(text).trim().to_owned(), text: lines.join(" "), items: items(&item.children, text) }
        })
        .collect()
}

/// What the owner of a document states about it. What is not stated is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Stated {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Where the document stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// IANA name of the zone in which printed clock times are meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The day on which the document was fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetched_on: Option<NaiveDate>,
    /// Under which terms the words may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// The encoding that came with the document from outside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
}

impl From<&Sidecar> for Stated {
    fn from(sidecar: &Sidecar) -> Self {
        let Sidecar { publisher, url, language, time_zone, fetched_on, licence, charset } = sidecar.clone();
        Self { publisher, url, language, time_zone, fetched_on, licence, charset }
    }
}

/// The document that a release stands in, and where in it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Document {
    pub name: String,
    /// Lower-case hex SHA-256 of the document’s bytes.
    pub sha256: String,
    pub format: FormatWord,
    /// Byte offset of the text in the document.
    pub start: usize,
    /// Byte offset of its end, exclusive.
    pub end: usize,
    pub stated: Stated,
}

/// The latest change of words that no notice announced.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Silent {
    /// Number of the version before it.
    pub before: u32,
    /// Number of the version after it.
    pub after: u32,
    /// The page that shows the difference.
    #[schema(format = "uri")]
    pub url: String,
}

impl Silent {
    pub fn of(release: &Release, history: &History, urls: &Urls) -> Option<Self> {
        let (before, after) = history.substantive?;
        Some(Self { before, after, url: urls.absolute(&urls.compare(release.item.id, before, after)) })
    }
}

/// A source that carries a release.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SourceOf {
    #[serde(flatten)]
    pub publisher: Publisher,
    pub title: String,
    pub original_url: Option<String>,
    pub key: Option<String>,
    /// Lower-case hex SHA-256 of its text.
    pub sha256: String,
    pub document: String,
    /// When the archive saw it first (RFC 3339, UTC).
    pub seen_at: String,
    /// Null for the source whose words are shown.
    pub recognised_by: Option<HowWord>,
    /// How alike the texts are, 0 to 1: the share of common word triples.
    #[schema(minimum = 0, maximum = 1)]
    pub alike: f64,
}

/// The same release in another language.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Translation {
    pub id: String,
    pub lang: String,
    pub title: String,
    #[schema(format = "uri")]
    pub url: String,
    pub original_url: Option<String>,
}

/// What the archive’s owner put right.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Correction {
    pub field: FieldWord,
    /// A date by its EDTF, topics by their slugs, a title or a kind as it is.
    pub value: Value,
    /// What the program finds by itself.
    pub found: Value,
    pub because: String,
    /// RFC 3339, UTC.
    pub at: String,
}

/// Everything known of a release.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FullRelease {
    #[serde(flatten)]
    pub head: Head,
    pub topics: Vec<TopicFound>,
    /// The text as published, byte for byte: what `/releases/{id}.txt` serves, and what offsets count in.
    pub text: String,
    /// Lower-case hex SHA-256 of `text`.
    pub sha256: String,
    pub blocks: Vec<Block>,
    pub places: Vec<Mention>,
    pub people: Vec<Mention>,
    pub organisations: Vec<Mention>,
    pub dates: Vec<DateInText>,
    pub document: Document,
    /// The publisher’s number, where the text prints one.
    #[schema(example = "Press Release (2012) 062")]
    pub series: Option<String>,
    /// Number of the current version.
    pub version: u32,
    /// How many versions are held.
    pub versions: u32,
    /// When the current version was seen first (RFC 3339, UTC).
    pub seen_at: String,
    #[schema(format = "uri")]
    pub history_url: String,
    pub changed_without_notice: Option<Silent>,
    /// Who carries it: first the source whose words are shown, then the others as they were seen.
    pub sources: Vec<SourceOf>,
    pub translations: Vec<Translation>,
    pub corrections: Vec<Correction>,
    /// Addresses that it had before.
    pub former_urls: Vec<String>,
    pub retrieved_on: Option<NaiveDate>,
    /// When the archive took it in (RFC 3339, UTC).
    pub loaded_at: String,
}

impl FullRelease {
    pub fn of(release: &Release, history: &History, urls: &Urls) -> Self {
        let document = &release.document;
        Self {
            head: Head::of(&release.item, urls),
            topics: topics(release),
            text: release.text.clone(),
            sha256: release.sha256.clone(),
            blocks: Block::all(&release.blocks, &release.text),
            places: Mention::all(release, MentionKind::Place),
            people: Mention::all(release, MentionKind::Person),
            organisations: Mention::all(release, MentionKind::Organisation),
            dates: release
                .dates
                .iter()
                .map(|date| DateInText { edtf: date.edtf.clone(), role: RoleWord(date.role), evidence: vec![Quote::from(&date.evidence)] })
                .collect(),
            document: Document {
                name: document.name.clone(),
                sha256: document.sha256.clone(),
                format: FormatWord(document.format),
                start: document.at.start,
                end: document.at.end,
                stated: Stated::from(&document.sidecar),
            },
            series: release.number.clone(),
            version: history.version,
            versions: history.versions,
            seen_at: history.seen_at.clone(),
            history_url: urls.absolute(&urls.history(release.item.id)),
            changed_without_notice: Silent::of(release, history, urls),
            sources: sources(release, history),
            translations: translations(history, urls),
            corrections: corrections(history),
            former_urls: history.former_urls.clone(),
            retrieved_on: document.sidecar.fetched_on,
            loaded_at: release.loaded_at.clone(),
        }
    }
}

fn topics(release: &Release) -> Vec<TopicFound> {
    let found = release.topics.iter().map(|(topic, assigned)| TopicFound {
        slug: topic.slug.clone(),
        label: topic.label.clone(),
        score: assigned.score,
        stated: assigned.stated,
        evidence: assigned.evidence.iter().map(Quote::from).collect(),
    });
    found.collect()
}

fn translations(history: &History, urls: &Urls) -> Vec<Translation> {
    let others = history.translations.iter().map(|other| Translation {
        id: other.id.to_string(),
        lang: other.lang.clone(),
        title: other.title.clone(),
        url: urls.absolute(&urls.item(other)),
        original_url: other.url.clone(),
    });
    others.collect()
}

fn corrections(history: &History) -> Vec<Correction> {
    let corrections = history.corrections.iter().map(|correction| Correction {
        field: FieldWord(correction.field),
        value: bare(&correction.value),
        found: bare(&correction.found),
        because: correction.because.clone(),
        at: correction.at.clone(),
    });
    corrections.collect()
}

/// Who carries a release: first the source whose words it shows, then the others as they were seen.
fn sources(release: &Release, history: &History) -> Vec<SourceOf> {
    let item = &release.item;
    let own = SourceOf {
        publisher: Publisher::from(&item.source),
        title: item.title.clone(),
        original_url: item.url.clone(),
        key: item.key.clone(),
        sha256: release.sha256.clone(),
        document: release.document.name.clone(),
        seen_at: history.seen_at.clone(),
        recognised_by: None,
        alike: 1.0,
    };
    let copies = history.copies.iter().map(|copy| SourceOf {
        publisher: Publisher::from(&copy.source),
        title: copy.title.clone(),
        original_url: copy.url.clone(),
        key: copy.key.clone(),
        sha256: copy.sha256.clone(),
        document: copy.document.clone(),
        seen_at: copy.seen_at.clone(),
        recognised_by: Some(HowWord(copy.how)),
        alike: copy.score,
    });
    std::iter::once(own).chain(copies).collect()
}
