//! Words of the page of a release: how a date is known, what a mention leads to.

use super::release::MentionView;
use crate::model::date::{long_day, long_range};
use crate::model::query::Facet;
use crate::model::{DateRole, Mention, MentionKind, Release, TextDate};
use crate::web::urls::{SearchUrl, Urls};

pub fn distinct(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for word in words {
        if !kept.iter().any(|known| known.eq_ignore_ascii_case(&word)) {
            kept.push(word);
        }
    }
    kept
}

pub fn mention_view(mention: &Mention, urls: &Urls) -> MentionView {
    let href = match mention.kind {
        MentionKind::Place => urls.facet(Facet::Place, &mention.slug),
        MentionKind::Person => urls.facet(Facet::Person, &mention.slug),
        // Organisations are no facet: their name is searched for as it stands.
        MentionKind::Organisation => {
            urls.search(&SearchUrl::words(&format!("\"{}\"", mention.evidence.first().map_or(mention.name.as_str(), |words| &words.text))))
        }
    };
    MentionView { name: mention.name.clone(), role: mention.role.clone(), href, times: mention.evidence.len() }
}

/// On which days it can have been published, in words; empty where the day is known or the date is approximate.
pub fn bounds(release: &Release) -> String {
    let published = &release.item.published;
    // About a day or a year is not within it.
    if published.is_exact() || published.is_qualified() {
        return String::new();
    }
    match (published.earliest, published.latest) {
        (Some(earliest), Some(latest)) => format!("Published between {} and {}.", long_day(earliest), long_day(latest)),
        (Some(earliest), None) => format!("Published on or after {}.", long_day(earliest)),
        (None, Some(latest)) => format!("Published on or before {}.", long_day(latest)),
        (None, None) => "Nothing says when it was published.".into(),
    }
}

/// What a date rests on, as it follows “rests on”.
pub fn basis(release: &Release) -> &'static str {
    use crate::model::Basis;
    match release.item.published.basis {
        Basis::Owner => "what the archive’s owner states",
        Basis::Field => "a date field of its source",
        Basis::Issued => "the words “Issued on”",
        Basis::Stamp => "the entry’s own date line",
        Basis::Listing => "the publisher’s list or address",
        Basis::Dateline => "the dateline that opens the text",
        Basis::Lead => "the words of the text",
        Basis::Order => "its place in a newest-first document",
        Basis::None => "nothing",
    }
}

pub const fn role(role: DateRole) -> &'static str {
    match role {
        DateRole::Event => "event",
        DateRole::Background => "background",
        DateRole::Future => "ahead",
        DateRole::Deadline => "deadline",
        DateRole::Updated => "updated",
    }
}

/// A date in the text as a person reads it.
pub fn shown_edtf(date: &TextDate) -> String {
    use crate::model::{Basis, PublicationDate};
    match PublicationDate::stated(&date.edtf, Basis::None) {
        Ok(stated) => match stated.event() {
            Some((first, last)) if stated.precision == crate::model::Precision::Range => long_range(first, last),
            _ => stated.display(),
        },
        Err(_) => date.edtf.clone(),
    }
}
