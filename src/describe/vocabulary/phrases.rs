//! Topics: reading, checking, and compiling their phrases.

use std::collections::{HashMap, HashSet};

use aho_corasick::BuildError;

use super::reader::{Entry, Source, VocabularyError};
use super::variants::{self, Variant};
use crate::describe::matcher::{CaseRule, Matcher};
use crate::model::Topic;
use crate::model::slug::slugify;

/// A phrase of a topic, in one of its spellings.
#[derive(Clone, Copy, Debug)]
pub(in crate::describe) struct TopicPhrase {
    /// Place in the list of topics.
    pub topic: usize,
    /// Which phrase of the topic this spells: one phrase in several spellings is one phrase.
    pub phrase: usize,
    /// Counts only beside another phrase of the topic.
    pub weak: bool,
    /// How much one mention in plain text speaks for the topic.
    pub weight: f64,
    /// A proper name of several words: shorter phrases inside it do not stand for themselves.
    pub is_name: bool,
    /// A proper name of two words, which longer names often begin with.
    pub is_short_name: bool,
    /// The bare name of a state: it adds to a sum, but is no second phrase that agrees with a first.
    pub is_state: bool,
    /// One common noun: where the grammar makes it a verb it says nothing.
    pub is_noun: bool,
}

/// Weight of a phrase by what it is. A common noun (`logistics`) turns up in passing far more often than two words together or a name do.
const NOUN: f64 = 0.7;
/// The bare name of a state, which is named for many reasons.
const STATE: f64 = 0.7;
const WORDS: f64 = 1.0;
const WEAK: f64 = 0.5;

const FIELDS: &[&str] = &["slug", "label", "label_fr", "broader", "related", "scope", "en", "fr", "weak_en", "weak_fr", "caution_note"];

/// Reads and checks every topic.
pub(super) fn read(source: Source<'_>) -> Result<Vec<Topic>, VocabularyError> {
    let entries = source.entries(&["topic"], &["version"])?;
    let topics: Vec<Topic> = entries.iter().map(topic).collect::<Result<_, _>>()?;
    let mut broader = HashMap::new();
    for (entry, topic) in entries.iter().zip(&topics) {
        if broader.insert(topic.slug.as_str(), topic.broader.as_deref()).is_some() {
            return Err(entry.error(Some("slug"), "is the slug of two topics"));
        }
    }
    for (entry, topic) in entries.iter().zip(&topics) {
        check_links(entry, topic, &broader)?;
    }
    Ok(topics)
}

fn topic(entry: &Entry<'_>) -> Result<Topic, VocabularyError> {
    entry.only(FIELDS)?;
    let slug = entry.required("slug")?;
    if slugify(&slug) != slug {
        return Err(entry.error(Some("slug"), "may hold only small letters, digits and single hyphens"));
    }
    let topic = Topic {
        label: entry.required("label")?,
        label_fr: entry.required("label_fr")?,
        broader: entry.text("broader")?,
        related: entry.texts("related")?,
        scope: entry.text("scope")?.unwrap_or_default(),
        en: entry.texts("en")?,
        fr: entry.texts("fr")?,
        weak_en: entry.texts("weak_en")?,
        weak_fr: entry.texts("weak_fr")?,
        caution_note: entry.text("caution_note")?,
        slug,
    };
    for (field, phrases) in [("en", &topic.en), ("fr", &topic.fr), ("weak_en", &topic.weak_en), ("weak_fr", &topic.weak_fr)] {
        if let Some(phrase) = phrases.iter().find(|phrase| !phrase.contains(char::is_alphanumeric)) {
            return Err(entry.error(Some(field), format!("holds “{phrase}”, which has no letter or digit")));
        }
    }
    Ok(topic)
}

fn check_links(entry: &Entry<'_>, topic: &Topic, broader: &HashMap<&str, Option<&str>>) -> Result<(), VocabularyError> {
    if let Some(unknown) = topic.related.iter().find(|slug| !broader.contains_key(slug.as_str())) {
        return Err(entry.error(Some("related"), format!("names “{unknown}”, which is no topic")));
    }
    let mut seen = HashSet::from([topic.slug.as_str()]);
    let mut above = topic.broader.as_deref();
    while let Some(slug) = above {
        let Some(next) = broader.get(slug) else {
            return Err(entry.error(Some("broader"), format!("leads to “{slug}”, which is no topic")));
        };
        if !seen.insert(slug) {
            return Err(entry.error(Some("broader"), format!("goes round in a circle through “{slug}”")));
        }
        above = *next;
    }
    Ok(())
}

/// The phrases in all their spellings, and one matcher for each language.
pub(super) fn compile(topics: &[Topic], is_state: impl Fn(&str) -> bool) -> Result<(Vec<TopicPhrase>, Matcher, Matcher), BuildError> {
    let mut phrases = Vec::new();
    let mut add = |spell: fn(&str) -> Vec<Variant>, strong: fn(&Topic) -> &[String], weak: fn(&Topic) -> &[String]| {
        let mut words: Vec<(usize, String)> = Vec::new();
        for (place, topic) in topics.iter().enumerate() {
            let all = strong(topic).iter().map(|phrase| (phrase, false)).chain(weak(topic).iter().map(|phrase| (phrase, true)));
            for (number, (phrase, weak)) in all.enumerate() {
                for variant in spell(phrase) {
                    words.push((phrases.len(), variant.words));
                    phrases.push(describe(place, number, phrase, weak || variant.loose, is_state(phrase)));
                }
            }
        }
        Matcher::new(words.iter().map(|(id, words)| (*id, words.as_str(), CaseRule::Capitals)))
    };
    let english = add(variants::english, |topic| &topic.en, |topic| &topic.weak_en)?;
    let french = add(variants::french, |topic| &topic.fr, |topic| &topic.weak_fr)?;
    Ok((phrases, english, french))
}

fn describe(topic: usize, phrase: usize, words: &str, weak: bool, is_state: bool) -> TopicPhrase {
    let capitalised = words.split([' ', '-']).filter(|word| word.starts_with(char::is_uppercase)).count();
    let is_short_name = capitalised == 2 && words.split(' ').count() == 2;
    let is_noun = !words.contains(' ') && capitalised == 0;
    let weight = if weak {
        WEAK
    } else if is_state {
        STATE
    } else if is_noun {
        NOUN
    } else {
        WORDS
    };
    TopicPhrase { topic, phrase, weak, weight, is_name: capitalised > 1, is_short_name, is_state, is_noun }
}
