//! What a release is about: topics of the vocabulary, each with the words that earned it.
//!
//! Each phrase of a topic that stands in the text earns its weight, times what the place is worth (a title more than a closing clause),
//! times what the words around it leave of it, times less for each repetition. A topic is assigned where the sum passes a threshold,
//! where it is no passing mention, and where it is not dwarfed by the release's first topic.

mod context;
mod zones;

use std::collections::{HashMap, HashSet};

use super::folded::Folded;
use super::matcher::{Found, longest};
use super::prepared::Prepared;
use super::vocabulary::{TopicPhrase, Vocabulary};
use crate::model::{Evidence, ParsedRelease, Span, TopicAssignment};
pub(super) use zones::{Zone, Zones};

/// The sum that a topic must reach by one phrase alone, however often: more than a title gives, so that the text must take it up.
/// Found on the labelled releases of the tests, as are all weights here.
const BY_ONE: f64 = 2.2;
/// The sum that a topic must reach by nothing but the names of states: they are named for many reasons.
const BY_STATE: f64 = 3.0;
/// The sum that one phrase must reach in a text of up to so many bytes (about 120 words): there, what the opening names outright is no
/// passing mention. In a longer text it approaches the usual sum.
const BY_ONE_IN_SHORT: f64 = 1.7;
const SHORT_LENGTH: f64 = 750.0;
/// The sum that is enough where several phrases of the topic agree: they seldom stand together by chance.
const BY_SEVERAL: f64 = 1.65;
/// A text of so many bytes (about 300 words) needs no more than that; each doubling asks for so much more, for chance grows with length.
const USUAL_LENGTH: f64 = 1_900.0;
const EACH_DOUBLING: f64 = 0.3;
/// The share of the first topic's score that a further one must reach.
const SHARE: f64 = 0.2;
/// A first topic counts for no more than this there: many words for one subject do not make another less true.
const FIRST_AT_MOST: f64 = 8.0;

/// Share of its weight that a short name keeps where a longer name may go on.
const PART_OF_NAME: f64 = 0.5;

/// What a phrase is worth by the part of the release that it stands in.
const fn worth(zone: Zone) -> f64 {
    match zone {
        Zone::Title => 3.0,
        Zone::Lead => 1.8,
        Zone::Heading => 1.2,
        Zone::Body => 1.0,
        Zone::Caption | Zone::Closing => 0.6,
        Zone::Background => 0.35,
    }
}

/// What the nth mention of the same phrase is worth, from 0: the tenth says little that the third did not.
fn again(before: usize) -> f64 {
    [1.0, 0.6, 0.4, 0.3, 0.2, 0.1].get(before).copied().unwrap_or(0.0)
}

/// The topics of a release, best first; those that its source states come before all others.
///
/// `lang` is a BCP 47 tag: `en` and `fr` are matched by the phrases of that language, `und` by both, any other by none.
pub(super) fn topics(prepared: &Prepared<'_>, lang: &str, vocabulary: &Vocabulary) -> Vec<TopicAssignment> {
    let release = prepared.release;
    let mut cases: Vec<Case> =
        gather(&prepared.text, &prepared.zones, lang, vocabulary).into_iter().map(|(topic, earned)| Case::new(topic, earned)).collect();
    cases.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.topic.cmp(&b.topic)));
    let best = cases.first().map_or(0.0, |case| case.score);
    let asked = asked(release.text.len());
    let stated = stated(release, vocabulary);
    let mut assigned: Vec<TopicAssignment> = stated
        .iter()
        .map(|&topic| match cases.iter().find(|case| case.topic == topic) {
            Some(case) => case.assign(release, vocabulary, true),
            None => Case::new(topic, Vec::new()).assign(release, vocabulary, true),
        })
        .collect();
    let found = cases.iter().filter(|case| !stated.contains(&case.topic) && case.holds(best, asked));
    assigned.extend(found.map(|case| case.assign(release, vocabulary, false)));
    assigned
}

/// The sums that a text of some length asks for.
#[derive(Clone, Copy)]
struct Asked {
    /// By one phrase.
    one: f64,
    /// By several.
    several: f64,
    /// The least by which one phrase in the opening is no passing mention, where there is such a sum.
    opening: Option<f64>,
}

fn asked(bytes: usize) -> Asked {
    let length = bytes as f64;
    let beyond_short = ((length - SHORT_LENGTH) / (USUAL_LENGTH - SHORT_LENGTH)).clamp(0.0, 1.0);
    let one = BY_ONE_IN_SHORT + (BY_ONE - BY_ONE_IN_SHORT) * beyond_short;
    let several = BY_SEVERAL * (1.0 + EACH_DOUBLING * (length / USUAL_LENGTH).log2().max(0.0));
    Asked { one, several: several.min(one), opening: (beyond_short < 1.0).then_some(one) }
}

/// The topics that the source states, where the vocabulary has them, each once.
fn stated(release: &ParsedRelease, vocabulary: &Vocabulary) -> Vec<usize> {
    let mut stated = Vec::new();
    for slug in &release.given.topics {
        if let Some(topic) = vocabulary.topics().iter().position(|topic| topic.slug == *slug)
            && !stated.contains(&topic)
        {
            stated.push(topic);
        }
    }
    stated
}

/// A mention and what it earned.
struct Earned {
    weight: f64,
    title: bool,
    /// Stands in the first words of the text.
    opens: bool,
    weak: bool,
    /// Which phrase of the topic, where it can agree with another.
    phrase: Option<usize>,
    span: Span,
}

/// What speaks for one topic.
struct Case {
    topic: usize,
    earned: Vec<Earned>,
    score: f64,
}

impl Case {
    fn new(topic: usize, mut earned: Vec<Earned>) -> Self {
        // Weak words count beside a strong one only.
        if earned.iter().all(|mention| mention.weak) {
            earned.clear();
        }
        let score = earned.iter().map(|mention| mention.weight).sum();
        Self { topic, earned, score }
    }

    fn holds(&self, best: f64, asked: Asked) -> bool {
        let outright =
            |mention: &Earned| mention.opens && mention.phrase.is_some() && asked.opening.is_some_and(|least| mention.weight >= least);
        let in_passing = self.earned.len() < 2 && !self.earned.iter().any(|mention| mention.title || outright(mention));
        let several: HashSet<usize> = self.earned.iter().filter_map(|mention| mention.phrase).collect();
        let enough = match several.len() {
            0 => BY_STATE,
            1 => asked.one,
            _ => asked.several,
        };
        !in_passing && self.score >= enough && self.score >= best.min(FIRST_AT_MOST) * SHARE
    }

    fn assign(&self, release: &ParsedRelease, vocabulary: &Vocabulary, stated: bool) -> TopicAssignment {
        TopicAssignment {
            slug: vocabulary.topics().get(self.topic).map(|topic| topic.slug.clone()).unwrap_or_default(),
            score: (self.score * 100.0).round() / 100.0,
            evidence: self.earned.iter().map(|mention| Evidence::at(&release.text, mention.span)).collect(),
            stated,
        }
    }
}

/// Every mention that counts, by topic, in order of the text.
fn gather(text: &Folded<'_>, zones: &Zones, lang: &str, vocabulary: &Vocabulary) -> HashMap<usize, Vec<Earned>> {
    let language = lang.split('-').next().unwrap_or("");
    let mut found = Vec::new();
    if matches!(language, "en" | "und") {
        found.extend(vocabulary.english.find(text));
    }
    if matches!(language, "fr" | "und") {
        found.extend(vocabulary.french.find(text));
    }
    found.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end), hit.id));
    let mut cases: HashMap<usize, Vec<Earned>> = HashMap::new();
    let mut counts: HashMap<(usize, usize), usize> = HashMap::new();
    for hit in standing_alone(&found, vocabulary) {
        let Some(phrase) = vocabulary.phrases.get(hit.id) else { continue };
        let span = text.span(hit.start, hit.end);
        let Some(zone) = zones.at(span.start) else { continue };
        if phrase.is_noun && context::is_verb(text, hit.start, hit.end) {
            continue;
        }
        let before = counts.entry((phrase.topic, phrase.phrase)).or_default();
        let again = again(*before);
        *before += 1;
        // What is worth nothing once more needs no look at the words around it.
        if again > 0.0 {
            let weight = worth_of(text, &hit, phrase, zone) * worth(zone) * context::share(text, hit.start, hit.end) * again;
            let agreeing = (!phrase.weak && !phrase.is_state).then_some(phrase.phrase);
            let earned =
                Earned { weight, title: zone == Zone::Title, opens: zones.opens(span.start), weak: phrase.weak, phrase: agreeing, span };
            cases.entry(phrase.topic).or_default().push(earned);
        }
    }
    cases
}

/// What a phrase is worth by itself. A common noun before a name ("exercise Steadfast Dart") belongs to the name and is worth as much;
/// a short name before another capital ("European Union Rule of Law Mission") is often part of a longer one. In a title, capitals tell nothing.
fn worth_of(text: &Folded<'_>, hit: &Found, phrase: &TopicPhrase, zone: Zone) -> f64 {
    if zone == Zone::Title || phrase.weak || !context::name_follows(text, hit.end) {
        phrase.weight
    } else if phrase.is_noun {
        phrase.weight.max(1.0)
    } else if phrase.is_short_name {
        phrase.weight * PART_OF_NAME
    } else {
        phrase.weight
    }
}

/// Of phrases that overlap, the longest of each topic; and none that is only a part of another topic's longer name.
fn standing_alone(found: &[Found], vocabulary: &Vocabulary) -> Vec<Found> {
    let phrase = |hit: &Found| vocabulary.phrases.get(hit.id);
    longest(found, |other, hit| match (phrase(other), phrase(hit)) {
        (Some(other_phrase), Some(hit_phrase)) => {
            other_phrase.topic == hit_phrase.topic || other_phrase.is_name && is_part(other, hit, hit_phrase)
        }
        _ => false,
    })
}

/// Whether `hit` lies within the longer `other` without being its head: an "Emergency Management exercise" is an exercise,
/// the "North Atlantic Council" is no "Atlantic Council".
fn is_part(other: &Found, hit: &Found, phrase: &TopicPhrase) -> bool {
    let within = other.start <= hit.start && hit.end <= other.end && (hit.end - hit.start) < (other.end - other.start);
    within && !(phrase.is_noun && hit.end == other.end)
}

#[cfg(test)]
pub(super) mod tests;
