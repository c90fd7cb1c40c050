//! The words that releases are described with: topics and their phrases, and the gazetteer of places, people and organisations.
//!
//! Both are data that an owner may edit. They are checked and compiled once, then shared by every thread.

mod gazetteer;
mod names;
mod phrases;
mod reader;
mod variants;

use std::collections::HashSet;

use chrono::NaiveDate;

pub(super) use gazetteer::{Entity, Form, FormKind};
pub(super) use phrases::TopicPhrase;
pub use reader::VocabularyError;
use reader::{Entry, Source};

use super::folded::fold;
use super::matcher::{CaseRule, Matcher};
use crate::model::{MentionKind, Topic};

/// Topics and gazetteer, checked and compiled.
pub struct Vocabulary {
    topics: Vec<Topic>,
    pub(super) phrases: Vec<TopicPhrase>,
    /// Ids of both matchers are places in `phrases`.
    pub(super) english: Matcher,
    pub(super) french: Matcher,
    pub(super) entities: Vec<Entity>,
    pub(super) forms: Vec<Form>,
    /// Ids are places in `forms`.
    pub(super) names: Matcher,
    summits: Vec<Summit>,
    families: Vec<Vec<String>>,
}

/// A meeting of the Heads of State and Government.
struct Summit {
    place: String,
    start: NaiveDate,
    end: NaiveDate,
}

impl Vocabulary {
    /// Reads and compiles both files, given as text.
    ///
    /// # Errors
    /// Where a file is no TOML, holds a table or field that is not known, misses one that is needed, repeats a slug, names a broader or
    /// related topic that is not there, puts topics in a circle, or holds a date that is none: which file, line, entry and field.
    pub fn load(topics_toml: &str, gazetteer_toml: &str) -> Result<Self, VocabularyError> {
        let listed = Source { file: "topics.toml", text: topics_toml };
        let topics = phrases::read(listed)?;
        let gazetteer = Source { file: "gazetteer.toml", text: gazetteer_toml };
        let entries = gazetteer.entries(gazetteer::TABLES, &["version"])?;
        let (entities, forms) = gazetteer::read(&entries)?;
        let is_place =
            |form: &&Form| form.kind == FormKind::Name && entities.get(form.entity).is_some_and(|entity| entity.kind == MentionKind::Place);
        let places: HashSet<String> = forms.iter().filter(is_place).map(|form| fold(&form.words)).collect();
        let compiled = phrases::compile(&topics, |phrase| places.contains(&fold(phrase)));
        let (phrases, english, french) = compiled.map_err(|error| listed.error(error.to_string()))?;
        let spelled = forms.iter().enumerate().map(|(id, form)| (id, form.words.as_str(), CaseRule::Name));
        let names = Matcher::new(spelled).map_err(|error| gazetteer.error(error.to_string()))?;
        let summits = entries.iter().filter(|entry| entry.table == "summit").map(summit).collect::<Result<_, _>>()?;
        let families = gazetteer::families(&entries, &entities, &forms)?;
        Ok(Self { topics, phrases, english, french, entities, forms, names, summits, families })
    }

    /// Every topic, in the order of the file.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// Place, first and last day of every summit, in the order of the file.
    pub fn summits(&self) -> impl Iterator<Item = (&str, NaiveDate, NaiveDate)> {
        self.summits.iter().map(|summit| (summit.place.as_str(), summit.start, summit.end))
    }

    /// Names that mean the same thing, a list for each: every abbreviation with what it stands for, every place and person of several names.
    pub fn families(&self) -> &[Vec<String>] {
        &self.families
    }

    /// Slug and English name of every state and territory.
    pub fn places(&self) -> impl Iterator<Item = (&str, &str)> {
        self.labels(MentionKind::Place)
    }

    /// Slug and name of every person.
    pub fn people(&self) -> impl Iterator<Item = (&str, &str)> {
        self.labels(MentionKind::Person)
    }

    /// Slug and English name of every organisation.
    pub fn organisations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.labels(MentionKind::Organisation)
    }

    fn labels(&self, kind: MentionKind) -> impl Iterator<Item = (&str, &str)> {
        self.entities.iter().filter(move |entity| entity.kind == kind).map(|entity| (entity.slug.as_str(), entity.name.as_str()))
    }
}

fn summit(entry: &Entry<'_>) -> Result<Summit, VocabularyError> {
    entry.only(&["place", "note", "start", "end", "conf"])?;
    let day = |field| entry.required(field)?.parse::<NaiveDate>().map_err(|_| entry.error(Some(field), "is no day of the form 2025-06-24"));
    let (start, end) = (day("start")?, day("end")?);
    if end < start {
        return Err(entry.error(Some("end"), "is before the start"));
    }
    Ok(Summit { place: entry.required("place")?, start, end })
}

#[cfg(test)]
mod tests;
