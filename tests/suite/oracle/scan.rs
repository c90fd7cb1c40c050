//! What a query means, told by reading every release from its first word to its last: the specification of the search help, word for word,
//! with nothing of the program's own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::support::app::word;

/// Words as they stand, without capitals and accents, the Latin letters that have no accent to lose spelt out.
pub fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).map(folded).filter(|word| !word.is_empty()).collect()
}

fn folded(word: &str) -> String {
    let plain = word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    plain.fold(String::new(), |mut spelt, c| {
        match c {
            'ł' => spelt.push('l'),
            'ø' => spelt.push('o'),
            'đ' | 'ð' => spelt.push('d'),
            'ß' => spelt.push_str("ss"),
            'æ' => spelt.push_str("ae"),
            'œ' => spelt.push_str("oe"),
            'þ' => spelt.push_str("th"),
            'ħ' => spelt.push('h'),
            'ı' => spelt.push('i'),
            c => spelt.push(c),
        }
        spelt
    })
}

/// How close.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Within {
    Words(usize),
    Sentence,
    Paragraph,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// A plain word that has no other form; several where it was typed with a hyphen. As typed.
    Plain(String),
    /// As typed behind `=`.
    Exact(String),
    /// As typed between quotation marks.
    Phrase(String),
    Close(Vec<String>, usize),
    Prefix(String),
    /// Operands, each near the next.
    Near(Vec<Wish>, Within),
    Title(Box<Wish>),
    Facet(&'static str, String),
    Id(String),
    /// `after`, `before` or `on`, and a year, a month or a day.
    Days(&'static str, String),
    Not(Box<Wish>),
    And(Vec<Wish>),
    Or(Vec<Wish>),
    /// At least so many of the plain words.
    Most(Vec<String>, usize),
}

/// Words that stand in one piece: title or body, first and last.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    body: bool,
    first: usize,
    last: usize,
}

/// A word of a release, with the sentence and the paragraph that it stands in.
struct Standing {
    word: String,
    sentence: usize,
    paragraph: usize,
}

/// A release as the oracle knows it.
pub struct Known {
    pub id: String,
    /// Title and body.
    parts: [Vec<Standing>; 2],
    pub facets: BTreeMap<&'static str, BTreeSet<String>>,
    pub day: Option<String>,
    /// Title and blocks as they stand, for messages.
    pub shown: String,
}

pub const FACETS: [&str; 6] = ["topic", "kind", "place", "person", "source", "lang"];

impl Known {
    pub fn new(release: &Value) -> Self {
        let one = |value: &str| BTreeSet::from([value.to_owned()]);
        let set = |field: &str| -> BTreeSet<String> {
            release[field].as_array().expect(field).iter().map(|value| word(&value["slug"]).to_owned()).collect()
        };
        let blocks: Vec<&str> = release["blocks"].as_array().expect("blocks").iter().map(|block| word(&block["text"])).collect();
        let title = words(word(&release["title"])).into_iter().map(|word| Standing { word, sentence: 0, paragraph: 0 }).collect();
        let mut body = Vec::new();
        let mut sentence = 0;
        for (paragraph, block) in blocks.iter().enumerate() {
            for text in sentences(block) {
                body.extend(words(text).into_iter().map(|word| Standing { word, sentence, paragraph }));
                sentence += 1;
            }
        }
        Self {
            id: word(&release["id"]).to_owned(),
            parts: [title, body],
            facets: BTreeMap::from([
                ("topic", set("topics")),
                ("place", set("places")),
                ("person", set("people")),
                ("kind", one(word(&release["kind"]))),
                ("lang", one(word(&release["lang"]))),
                ("source", one(word(&release["source"]["slug"]))),
            ]),
            day: release["published"]["sort_on"].as_str().map(str::to_owned),
            shown: format!("{} | {}", word(&release["title"]), blocks.join(" ¶ ")),
        }
    }

    pub fn has(&self, wish: &Wish) -> bool {
        self.answers(wish, false)
    }

    fn answers(&self, wish: &Wish, title: bool) -> bool {
        match wish {
            Wish::Close(wanted, within) => self.parts(title).any(|(_, part)| close(&spelt(part).collect::<Vec<_>>(), wanted, *within)),
            Wish::Title(inner) => self.answers(inner, true),
            Wish::Facet(facet, slug) => self.facets[facet].contains(slug),
            Wish::Id(id) => self.id == *id,
            Wish::Days(how, period) => self.day.as_ref().is_some_and(|day| within_days(day, how, period)),
            Wish::Not(inner) => !self.answers(inner, title),
            Wish::And(wishes) => wishes.iter().all(|wish| self.answers(wish, title)),
            Wish::Or(wishes) => wishes.iter().any(|wish| self.answers(wish, title)),
            Wish::Most(wanted, least) => {
                wanted.iter().filter(|typed| self.answers(&Wish::Plain((*typed).clone()), title)).count() >= *least
            }
            Wish::Near(operands, within) => {
                let groups: Vec<Vec<Place>> = operands.iter().map(|operand| self.places(operand, title)).collect();
                self.near(&groups, *within)
            }
            standing => !self.places(standing, title).is_empty(),
        }
    }

    fn parts(&self, title: bool) -> impl Iterator<Item = (bool, &[Standing])> {
        let [head, body] = &self.parts;
        std::iter::once((false, head.as_slice())).chain((!title).then_some((true, body.as_slice())))
    }

    /// Where words stand.
    fn places(&self, wish: &Wish, title: bool) -> Vec<Place> {
        let mut found = Vec::new();
        match wish {
            Wish::Or(wishes) => found.extend(wishes.iter().flat_map(|wish| self.places(wish, title))),
            Wish::Prefix(start) => {
                let start = folded(start);
                for (body, part) in self.parts(title) {
                    let fitting = part.iter().enumerate().filter(|(_, standing)| standing.word.starts_with(&start));
                    found.extend(fitting.map(|(at, _)| Place { body, first: at, last: at }));
                }
            }
            Wish::Plain(typed) | Wish::Exact(typed) | Wish::Phrase(typed) => {
                let wanted = words(typed);
                for (body, part) in self.parts(title) {
                    for (at, run) in part.windows(wanted.len()).enumerate() {
                        if run.iter().zip(&wanted).all(|(standing, wanted)| standing.word == *wanted) {
                            found.push(Place { body, first: at, last: at + wanted.len() - 1 });
                        }
                    }
                }
            }
            other => panic!("stands nowhere: {other:?}"),
        }
        found
    }

    fn near(&self, groups: &[Vec<Place>], within: Within) -> bool {
        let stretch = |place: &Place| -> Option<(bool, usize)> {
            let part = &self.parts[usize::from(place.body)];
            let of = |at: usize| if within == Within::Sentence { part[at].sentence } else { part[at].paragraph };
            (of(place.first) == of(place.last)).then_some((place.body, of(place.first)))
        };
        let joined = |one: &Place, other: &Place| match within {
            Within::Words(most) => {
                let (first, behind) = if one.first <= other.first { (one, other) } else { (other, one) };
                let apart = behind.first.checked_sub(first.last);
                one.body == other.body && apart.is_some_and(|apart| (1..=most).contains(&apart))
            }
            Within::Sentence | Within::Paragraph => stretch(one).is_some_and(|shared| stretch(other) == Some(shared)),
        };
        let mut reached = groups[0].clone();
        for group in &groups[1..] {
            reached = group.iter().filter(|place| reached.iter().any(|other| joined(other, place))).copied().collect();
        }
        !reached.is_empty()
    }
}

fn spelt(part: &[Standing]) -> impl Iterator<Item = &str> {
    part.iter().map(|standing| standing.word.as_str())
}

/// Sentences of texts in which every full stop before a space ends one.
fn sentences(block: &str) -> Vec<&str> {
    block.split_inclusive(". ").collect()
}

/// Whether all words stand within so many places, a word asked for twice twice.
fn close(part: &[&str], wanted: &[String], within: usize) -> bool {
    let wanted: Vec<String> = wanted.iter().map(|typed| folded(typed)).collect();
    (0..part.len()).any(|first| {
        let stretch = &part[first..part.len().min(first + within + 1)];
        wanted.iter().all(|word| {
            let asked = wanted.iter().filter(|other| *other == word).count();
            stretch.iter().filter(|standing| **standing == word).count() >= asked
        })
    })
}

/// ISO dates sort as words do: a period's days are those that begin with it.
fn within_days(day: &str, how: &str, period: &str) -> bool {
    let begins = &day[..period.len()];
    match how {
        "after" => begins > period,
        "before" => begins < period,
        _ => begins == period,
    }
}
