//! Which places, people and organisations a release names.
//!
//! A name counts in the title, the body and the captions, not in furniture. An adjective (`German`) is weaker than a name: it counts
//! only where it stands before the noun that it describes (in French, beside it). A capital does not stand for its state, nor a seat for the
//! body that sits there. A surname counts beside a title or after the full name.

mod guards;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::folded::Folded;
use super::matcher::{Found, longest};
use super::prepared::Prepared;
use super::vocabulary::{Entity, Form, FormKind, Vocabulary};
use crate::model::{Evidence, Mention, MentionKind, ParsedRelease, Span};

/// The places, people and organisations that a release names, in order of first appearance.
///
/// `published_on` decides which office a person held, and what an abbreviation meant that passed from one body to another.
pub(super) fn mentions(prepared: &Prepared<'_>, published_on: Option<NaiveDate>, vocabulary: &Vocabulary) -> Vec<Mention> {
    let Prepared { release, text, zones } = prepared;
    let mut found: Vec<Found> = vocabulary.names.find(text);
    found.retain(|hit| zones.at(text.span(hit.start, hit.end).start).is_some());
    found.retain(|hit| vocabulary.forms.get(hit.id).is_some_and(|form| form.holds_on(published_on)));
    let mut gathered = Gathered::default();
    for hit in standing_alone(&found, vocabulary) {
        let Some((form, entity)) = named(&hit, vocabulary) else { continue };
        let counts = match form.kind {
            FormKind::Name => entity.kind != MentionKind::Place || guards::is_place(text, hit.start, hit.end),
            FormKind::Adjective => guards::is_adjective(text, hit.start, hit.end, &form.words),
            FormKind::Surname => gathered.is_introduced(text, &hit, form.entity, entity, published_on),
        };
        if counts {
            if form.kind == FormKind::Name {
                gathered.full.insert(form.entity);
            }
            gathered.add(form.entity, text.span(hit.start, hit.end));
        }
    }
    gathered.order.iter().filter_map(|(entity, spans)| mention(release, vocabulary.entities.get(*entity)?, spans, published_on)).collect()
}

fn named<'v>(hit: &Found, vocabulary: &'v Vocabulary) -> Option<(&'v Form, &'v Entity)> {
    let form = vocabulary.forms.get(hit.id)?;
    Some((form, vocabulary.entities.get(form.entity)?))
}

/// Of names of the same kind that overlap, the longest: "North Korea" within the "Democratic People's Republic of Korea" is not named,
/// Ukraine within the "NATO-Ukraine Council" is. Two entities may share one name.
fn standing_alone(found: &[Found], vocabulary: &Vocabulary) -> Vec<Found> {
    let kind = |hit: &Found| named(hit, vocabulary).map(|(_, entity)| entity.kind);
    longest(found, |other, hit| kind(other) == kind(hit) && (other.start, other.end) != (hit.start, hit.end))
}

fn mention(release: &ParsedRelease, entity: &Entity, spans: &[Span], published_on: Option<NaiveDate>) -> Option<Mention> {
    Some(Mention {
        kind: entity.kind,
        slug: entity.slug.clone(),
        name: entity.name.clone(),
        role: published_on.and_then(|day| entity.role_on(day)).map(str::to_owned),
        evidence: spans.iter().map(|span| Evidence::at(&release.text, *span)).collect(),
    })
    .filter(|mention| !mention.evidence.is_empty())
}

/// Entities found so far, in order.
#[derive(Default)]
struct Gathered {
    order: Vec<(usize, Vec<Span>)>,
    places: HashMap<usize, usize>,
    /// People whose full name has appeared.
    full: HashSet<usize>,
}

impl Gathered {
    fn add(&mut self, entity: usize, span: Span) {
        let next = self.order.len();
        let place = *self.places.entry(entity).or_insert(next);
        if place == next {
            self.order.push((entity, Vec::new()));
        }
        if let Some((_, spans)) = self.order.get_mut(place)
            && spans.last() != Some(&span)
        {
            spans.push(span);
        }
    }

    /// Whether a surname means the person of the gazetteer: an office stands before it that is in the gazetteer's scope; or a title does, and
    /// the person held an office on that day; or the full name came before, and no other given name stands there.
    fn is_introduced(&self, text: &Folded<'_>, hit: &Found, place: usize, person: &Entity, day: Option<NaiveDate>) -> bool {
        match guards::title_before(text, hit.start) {
            guards::Title::Office => true,
            guards::Title::Courtesy => self.full.contains(&place) || day.is_none_or(|day| person.role_on(day).is_some()),
            guards::Title::OtherName => false,
            guards::Title::None => self.full.contains(&place) && !guards::opens_longer_name(text, hit.start, hit.end),
        }
    }
}

#[cfg(test)]
mod tests;
