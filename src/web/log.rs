//! Entries of the log in words: for `/changes`, its feed, and the history of one release.

use super::past::{Moment, capital, logged_value, said};
use super::shell::count;
use super::urls::Urls;
use crate::model::{Event, EventKind, ReleaseId};
use crate::reading::Overview;

/// An entry as a list shows it.
pub struct EntryView {
    /// `e12`
    pub anchor: String,
    pub at: Moment,
    /// What happened, in a word or three.
    pub label: &'static str,
    /// The release that it touches: its title and its address.
    pub release: Option<(String, String)>,
    /// Whether that release is not shown any more.
    pub gone: bool,
    pub document: Option<String>,
    /// What changed; empty where the label says it all.
    pub sentence: String,
    /// Versions before and after, with the address of their comparison.
    pub compare: Option<(u32, u32, String)>,
    /// Field, before, after.
    pub changes: Vec<(String, String, String)>,
    pub because: String,
    /// The other release of a ruling, or another source: its name, and its address where it is a release.
    pub other: Option<(String, Option<String>)>,
}

impl EntryView {
    pub fn of(event: &Event, urls: &Urls, overview: &Overview) -> Self {
        let detail = &event.detail;
        let shown = event.release.as_ref().is_some_and(|(.., shown)| *shown);
        let value = |field: &str, words: &str| logged_value(field, words, overview);
        let compare = event
            .release
            .as_ref()
            .filter(|_| shown)
            .zip(detail.versions)
            .map(|((id, ..), (before, after))| (before, after, urls.compare(*id, before, after)));
        Self {
            anchor: format!("e{}", event.entry),
            at: Moment::of(&event.at),
            label: label(event.what),
            release: event.release.as_ref().map(|(id, slug, title, _)| (title.clone(), urls.release(*id, slug))),
            gone: event.release.is_some() && !shown,
            document: event.document.clone(),
            sentence: sentence(event),
            compare,
            changes: detail
                .changes
                .iter()
                .map(|(field, before, after)| (capital(field), value(field, before), value(field, after)))
                .collect(),
            because: detail.because.clone(),
            other: (!detail.other.is_empty()).then(|| other(&detail.other, event.what, urls)),
        }
    }

    /// The entry as one line of plain text: a title in a feed.
    pub fn line(&self) -> String {
        let what = match (&self.release, &self.document) {
            (Some((title, _)), _) => title,
            (None, Some(document)) => document,
            (None, None) => return format!("{}: {}", self.label, self.sentence),
        };
        format!("{}: {what}", self.label)
    }

    /// What a feed says below the title.
    pub fn summary(&self) -> String {
        let mut parts = Vec::new();
        if !self.sentence.is_empty() {
            parts.push(format!("{}.", self.sentence));
        }
        parts.extend(self.changes.iter().map(|(field, before, after)| format!("{field}: {before} → {after}.")));
        if let Some((name, _)) = &self.other {
            parts.push(format!("{name}."));
        }
        if !self.because.is_empty() {
            parts.push(format!("Reason: {}", self.because));
        }
        parts.join(" ")
    }
}

fn other(name: &str, what: EventKind, urls: &Urls) -> (String, Option<String>) {
    let ruling = matches!(what, EventKind::Linked | EventKind::Unlinked | EventKind::Split);
    match name.parse::<ReleaseId>() {
        Ok(id) if ruling => (format!("The other release is {id}"), Some(urls.short(id))),
        _ if what == EventKind::Mirrored => (format!("Source: {name}"), None),
        _ => (name.to_owned(), None),
    }
}

/// What happened, for one entry.
pub const fn label(what: EventKind) -> &'static str {
    match what {
        EventKind::Added => "Added",
        EventKind::Edited => "Words changed",
        EventKind::Retouched => "Typography changed",
        EventKind::Mirrored => "Also carried elsewhere",
        EventKind::Withdrawn => "Withdrawn",
        EventKind::Reinstated => "Restored",
        EventKind::Erased => "Words taken out",
        EventKind::Corrected => "Corrected by the owner",
        EventKind::Redescribed => "Described anew",
        EventKind::Linked => "Joined with another",
        EventKind::Unlinked => "Parted from another",
        EventKind::Split => "Split in two",
    }
}

/// What a list of such entries is called.
pub const fn plural(what: EventKind) -> &'static str {
    match what {
        EventKind::Added => "Additions",
        EventKind::Edited => "Changed words",
        EventKind::Retouched => "Typography",
        EventKind::Mirrored => "Other sources",
        EventKind::Withdrawn => "Withdrawals",
        EventKind::Reinstated => "Restorations",
        EventKind::Erased => "Erasures",
        EventKind::Corrected => "Corrections",
        EventKind::Redescribed => "New descriptions",
        EventKind::Linked => "Joined with another",
        EventKind::Unlinked => "Parted from another",
        EventKind::Split => "Split in two",
    }
}

fn sentence(event: &Event) -> String {
    match (event.what, &event.detail.edit) {
        (EventKind::Edited | EventKind::Retouched, Some(edit)) => said(edit),
        (EventKind::Added, _) => count(event.releases, "release", "releases"),
        (EventKind::Redescribed, _) if event.release.is_none() => {
            format!("Newer rules or vocabularies find other dates or topics for {}", count(event.releases, "release", "releases"))
        }
        (EventKind::Redescribed, _) => "Newer rules or vocabularies find something else".into(),
        (EventKind::Erased, _) => "The words were taken out where the law asked for it".into(),
        _ if event.releases > 1 => count(event.releases, "release", "releases"),
        _ => String::new(),
    }
}
