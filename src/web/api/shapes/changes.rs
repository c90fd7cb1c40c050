//! Entries of the public log.

use serde::Serialize;
use utoipa::ToSchema;

use super::tokens::EventWord;
use super::version::EditCount;
use crate::model::Event;
use crate::web::urls::Urls;

/// The release that an entry touches.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChangedRelease {
    pub id: String,
    pub title: String,
    #[schema(format = "uri")]
    pub url: String,
    /// Whether the release is shown today.
    pub shown: bool,
}

/// Numbers of the versions before and after an edit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct VersionPair {
    pub before: u32,
    pub after: u32,
}

/// A field that differs, both values in words.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChangedField {
    #[schema(example = "date")]
    pub field: String,
    pub before: String,
    pub after: String,
}

/// An entry of the public log.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Change {
    /// Its number; later entries have higher ones, and numbers may be missing.
    pub entry: i64,
    /// RFC 3339, UTC.
    pub at: String,
    pub what: EventWord,
    /// Null for additions, which count many.
    pub release: Option<ChangedRelease>,
    /// The document of additions.
    pub document: Option<String>,
    /// How many releases it touches.
    pub releases: u64,
    pub versions: Option<VersionPair>,
    pub edit: Option<EditCount>,
    pub changes: Vec<ChangedField>,
    /// The owner’s reason.
    pub because: Option<String>,
    /// The id of the other release of a ruling, or the name of another source.
    pub other: Option<String>,
    /// Its place on the page of changes.
    #[schema(format = "uri")]
    pub url: String,
}

impl Change {
    pub fn of(event: &Event, urls: &Urls) -> Self {
        let detail = &event.detail;
        let said = |words: &str| Some(words.to_owned()).filter(|words| !words.is_empty());
        Self {
            entry: event.entry,
            at: event.at.clone(),
            what: EventWord(event.what),
            release: event.release.as_ref().map(|(id, slug, title, shown)| ChangedRelease {
                id: id.to_string(),
                title: title.clone(),
                url: urls.absolute(&urls.release(*id, slug)),
                shown: *shown,
            }),
            document: event.document.clone(),
            releases: event.releases,
            versions: detail.versions.map(|(before, after)| VersionPair { before, after }),
            edit: detail.edit.map(EditCount::from),
            changes: detail
                .changes
                .iter()
                .map(|(field, before, after)| ChangedField { field: field.clone(), before: before.clone(), after: after.clone() })
                .collect(),
            because: said(&detail.because),
            other: said(&detail.other),
            url: urls.absolute(&urls.change(event.entry)),
        }
    }
}

/// A page of the public log, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChangesList {
    /// How many entries there are, on all pages.
    pub total: u64,
    pub items: Vec<Change>,
    /// What `cursor` is given for the next older page; null on the last.
    pub next: Option<String>,
}
