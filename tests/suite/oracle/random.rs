//! Archives and queries put together at random, the same each time, compared with [`super::scan`].

use std::collections::{BTreeMap, BTreeSet};

use nato_archive::index::{Highlighter, Part, grammar};
use serde_json::{Value, json};

use super::scan::{FACETS, Known, Wish, Within, words};
use crate::support::app::{TestApp, ndjson, word};

/// Archives of a run, unless the variable says otherwise; each is asked so many queries.
const ROUNDS: u64 = 30;
const QUERIES: usize = 60;

/// Words with nothing but their stem, in either language; several begin alike.
const VOCABULARY: [&str; 12] = ["zorb", "zorbik", "zorbum", "quib", "quibok", "flimt", "brak", "gromp", "vunk", "plonk", "skorf", "drimb"];
/// Other ways to write some of them.
const SPELLINGS: [(&str, &str); 12] = [
    ("zorb", "Zörb"),
    ("zorb", "zo\u{308}rb"),
    ("zorb", "zørb"),
    ("flimt", "ﬂimt"),
    ("flimt", "fłimt"),
    ("flimt", "flımt"),
    ("quib", "ＱＵＩＢ"),
    ("quib", "qúib"),
    ("brak", "BRÅK"),
    ("drimb", "đrimb"),
    ("drimb", "Ðrimb"),
    ("skorf", "ſkorf"),
];
/// Words that are too many letters when spelt out, and those that are found as a place.
const OTHERS: [(&str, &str); 5] = [("assek", "aßek"), ("aekob", "ækob"), ("oekum", "œkum"), ("thump", "þump"), ("hark", "ħark")];
const PLACES: [&str; 3] = ["Norway", "Estonia", "Portugal"];
const TOPICS: [&str; 4] = ["cyber-defence", "space", "high-north", "capabilities"];
const KINDS: [&str; 4] = ["news", "speech", "statement", "press-release"];
const SOURCES: [(&str, &str); 3] = [("NATO", "nato"), ("Zorb Agency", "zorb-agency"), ("Quib House", "quib-house")];
const LANGS: [&str; 2] = ["en", "fr"];
/// Some are known to the month or the year only.
const DAYS: [&str; 10] =
    ["2024-02-29", "2024-03-01", "2024-03-31", "2024-12-31", "2025-01-01", "2025-01-02", "2025-04-30", "1999-12-31", "2024-03", "2025"];
const PERIODS: [&str; 9] = ["2024", "2025", "1999", "2024-03", "2024-02", "2025-01", "2024-12-31", "2025-01-01", "2024-02-29"];

/// Numbers that look like chance (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last - first + 1)
    }

    fn one_in(&mut self, cases: usize) -> bool {
        self.below(cases) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A word, mostly as the vocabulary has it. Words at the front come more often.
    fn word(&mut self) -> String {
        match self.below(12) {
            0 => self.of(&SPELLINGS).1.to_owned(),
            1 => {
                let (plain, written) = self.of(&OTHERS);
                if self.one_in(2) { plain } else { written }.to_owned()
            }
            2 => self.of(&VOCABULARY).to_uppercase(),
            3..6 => self.of(&VOCABULARY[..4]).to_owned(),
            _ => self.of(&VOCABULARY).to_owned(),
        }
    }

    fn sentence(&mut self) -> String {
        let mut text = String::new();
        for number in 0..self.between(1, 9) {
            if number > 0 {
                text.push_str(self.of(&[" ", " ", " ", " ", ", ", "-", " – ", "’", "/"]));
            }
            text.push_str(&if self.one_in(25) { self.of(&PLACES).to_owned() } else { self.word() });
        }
        let mut letters = text.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
    }

    fn release(&mut self, number: usize) -> Value {
        let title = format!("{}{}", self.sentence(), self.of(&["", "", ".", "?"]));
        let paragraphs: Vec<String> =
            (0..self.between(1, 4)).map(|_| (0..self.between(1, 3)).map(|_| self.sentence() + ".").collect::<Vec<_>>().join(" ")).collect();
        let topics: BTreeSet<&str> = (0..self.below(3)).map(|_| self.of(&TOPICS)).collect();
        let mut release = json!({
            "key": format!("r{number}"),
            "title": title,
            "body": paragraphs.join("\n\n"),
            "source": self.of(&SOURCES).0,
            "kind": self.of(&KINDS),
            "lang": self.of(&LANGS),
            "topics": topics,
        });
        if !self.one_in(5) {
            release["published_on"] = self.of(&DAYS).into();
        }
        release
    }

    /// Something that stands at places of a text.
    fn standing(&mut self) -> Wish {
        match self.below(9) {
            0..3 => Wish::Plain(self.word()),
            3 => Wish::Plain(format!("{}-{}", self.word(), self.word())),
            4 => Wish::Exact(self.word()),
            5 | 6 => {
                let count = self.between(1, 3);
                Wish::Phrase((0..count).map(|_| self.word()).collect::<Vec<_>>().join(" "))
            }
            7 => {
                let word = self.word();
                let letters = self.between(3, 6);
                Wish::Prefix(if words(&word)[0] == word { word.chars().take(letters).collect() } else { "zor".into() })
            }
            _ => Wish::Exact(format!("{}-{}", self.word(), self.word())),
        }
    }

    fn near(&mut self) -> Wish {
        let operands = (0..if self.one_in(4) { 3 } else { 2 })
            .map(|_| if self.one_in(4) { Wish::Or(vec![self.standing(), self.standing()]) } else { self.standing() })
            .collect();
        let words = self.between(1, 7);
        Wish::Near(operands, self.of(&[Within::Words(words), Within::Words(words), Within::Sentence, Within::Paragraph]))
    }

    fn close(&mut self) -> Wish {
        let words: Vec<String> = (0..self.between(2, 3)).map(|_| self.word()).collect();
        let within = self.between(words.len() - 1, 8);
        Wish::Close(words, within)
    }

    fn filter(&mut self, ids: &[String]) -> Wish {
        match self.below(8) {
            0 => Wish::Facet("topic", self.of(&TOPICS).into()),
            1 => Wish::Facet("kind", self.of(&KINDS).into()),
            2 => Wish::Facet("source", self.of(&SOURCES).1.into()),
            3 => Wish::Facet("lang", self.of(&LANGS).into()),
            4 => Wish::Facet("place", self.of(&PLACES).to_lowercase()),
            5 => Wish::Id(ids[self.below(ids.len())].clone()),
            _ => Wish::Days(self.of(&["after", "before", "on"]), self.of(&PERIODS).into()),
        }
    }

    fn title(&mut self) -> Wish {
        Wish::Title(Box::new(match self.below(6) {
            0 => Wish::Or(vec![self.standing(), self.standing()]),
            1 => Wish::And(vec![self.standing(), self.standing()]),
            2 => self.near(),
            3 => self.close(),
            _ => self.standing(),
        }))
    }

    fn wish(&mut self, depth: usize, ids: &[String]) -> Wish {
        let within = if depth == 0 { 9 } else { 14 };
        match self.below(within) {
            0..3 => self.standing(),
            3 | 4 => self.near(),
            5 => self.close(),
            6 => self.title(),
            7 | 8 => self.filter(ids),
            9 => Wish::Not(Box::new(self.wish(depth - 1, ids))),
            10 | 11 => Wish::Or((0..self.between(2, 3)).map(|_| self.wish(depth - 1, ids)).collect()),
            _ => Wish::And((0..self.between(2, 3)).map(|_| self.wish(depth - 1, ids)).collect()),
        }
    }

    fn quoted(&mut self, words: &str) -> String {
        let (open, close) = self.of(&[("\"", "\""), ("“", "”"), ("«", "»")]);
        format!("{open}{words}{close}")
    }

    /// As someone would type it. `grouped`: inside something that parentheses must hold together.
    fn typed(&mut self, wish: &Wish, grouped: bool) -> String {
        let parentheses = |text: String, wanted: bool| if wanted { format!("({text})") } else { text };
        match wish {
            Wish::Plain(word) => word.clone(),
            Wish::Exact(word) => format!("={word}"),
            Wish::Phrase(words) => self.quoted(words),
            Wish::Close(words, within) => format!("{}~{within}", self.quoted(&words.join(" "))),
            Wish::Prefix(start) => format!("{start}*"),
            Wish::Near(operands, within) => {
                let sign = match within {
                    Within::Words(count) => format!(" /{count} "),
                    Within::Sentence => " /s ".into(),
                    Within::Paragraph => " /p ".into(),
                };
                let operands: Vec<String> = operands.iter().map(|operand| self.typed(operand, true)).collect();
                parentheses(operands.join(&sign), grouped)
            }
            Wish::Title(inner) => format!("title:{}", self.typed(inner, true)),
            Wish::Facet(facet, slug) => {
                let slug = if self.one_in(2) { self.quoted(slug) } else { slug.clone() };
                format!("{facet}:{slug}")
            }
            Wish::Id(id) => format!("id:{id}"),
            Wish::Days(how, period) => format!("{how}:{period}"),
            Wish::Not(inner) => {
                let inner = self.typed(inner, true);
                let text = if self.one_in(2) { format!("-{inner}") } else { format!("NOT {inner}") };
                // A second sign would be read with the first.
                parentheses(text, grouped)
            }
            Wish::And(wishes) => {
                let wishes: Vec<String> = wishes.iter().map(|wish| self.typed(wish, true)).collect();
                parentheses(wishes.join(self.of(&[" ", " ", " AND "])), grouped)
            }
            Wish::Or(wishes) => {
                let wishes: Vec<String> = wishes
                    .iter()
                    .map(|wish| {
                        let bare = matches!(wish, Wish::And(_) | Wish::Near(..)) && self.one_in(2);
                        self.typed(wish, !bare)
                    })
                    .collect();
                parentheses(wishes.join(" OR "), grouped)
            }
            Wish::Most(words, _) => words.join(" "),
        }
    }
}

/// A question as it is sent, and what it means.
#[derive(Clone)]
struct Question {
    q: String,
    wish: Wish,
    matched: &'static str,
    plain: bool,
    filters: Vec<(&'static str, String)>,
}

impl Question {
    fn new(q: String, wish: Wish) -> Self {
        Self { q, wish, matched: "", plain: true, filters: Vec::new() }
    }

    fn path(&self, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &self.q);
        if self.plain {
            query.append_pair("variants", "off");
        }
        if !self.matched.is_empty() {
            query.append_pair("match", self.matched);
        }
        query.extend_pairs(self.filters.iter().map(|(name, value)| (name, value.as_str())));
        query.extend_pairs(more);
        format!("/api/v1/search?{}", query.finish())
    }

    /// Whether the filters let a release through, those of one facet left out.
    fn passes(&self, release: &Known, but: &str) -> bool {
        let day = |wanted: &dyn Fn(&str) -> bool| release.day.as_deref().is_some_and(wanted);
        let chosen: BTreeSet<&str> = self.filters.iter().map(|(name, _)| *name).filter(|name| *name != but).collect();
        chosen.into_iter().all(|name| {
            let mut values = self.filters.iter().filter(|(of, _)| *of == name).map(|(_, value)| value.as_str());
            match name {
                "from" => values.all(|value| day(&|day| &day[..value.len()] >= value)),
                "to" => values.all(|value| day(&|day| &day[..value.len()] <= value)),
                facet => values.any(|value| release.facets[facet].contains(value)),
            }
        })
    }
}

/// How many words and operators a query has, roughly and never too few: both are bounded.
fn size(q: &str) -> usize {
    q.matches(|c: char| "(\"“«=*:-/".contains(c)).count() + q.matches("OR").count() + q.matches("NOT").count() + q.matches("AND").count()
}

/// What is wrong with the answer to a question; `None` where nothing is.
async fn wrong(app: &TestApp, releases: &[Known], question: &Question) -> Option<String> {
    let path = question.path(&[("limit", "100"), ("sort", "newest")]);
    let answer = app.get(&path).await;
    if answer.status != 200 {
        return Some(format!("{}: {}", answer.status, answer.text()));
    }
    let answer = answer.json();
    let items = answer["items"].as_array().expect("items");
    let found: Vec<&str> = items.iter().map(|item| word(&item["id"])).collect();
    let ids: BTreeSet<&str> = found.iter().copied().collect();
    let matching: Vec<&Known> = releases.iter().filter(|release| release.has(&question.wish)).collect();
    let hits: Vec<&Known> = matching.iter().copied().filter(|release| question.passes(release, "")).collect();
    let expected: BTreeSet<&str> = hits.iter().map(|release| release.id.as_str()).collect();
    if ids != expected {
        let shown = |id: &&str| format!("{id} {}", releases.iter().find(|release| release.id == *id).map_or("?", |release| &release.shown));
        let too_many: Vec<String> = ids.difference(&expected).map(shown).collect();
        let too_few: Vec<String> = expected.difference(&ids).map(shown).collect();
        return Some(format!("found without a reason: {too_many:#?}, not found: {too_few:#?}"));
    }
    if found.len() != hits.len() || answer["total"] != hits.len() {
        return Some(format!("{} items, total {}, expected {}", found.len(), answer["total"], hits.len()));
    }
    let sum = |list: &Value| -> u64 { list.as_array().expect("a list").iter().map(|one| one["count"].as_u64().expect("a count")).sum() };
    let undated = hits.iter().filter(|release| release.day.is_none()).count() as u64;
    let histogram = &answer["histogram"];
    if histogram["undated"] != undated || sum(&histogram["bins"]) + undated != hits.len() as u64 {
        return Some(format!("histogram {histogram} of {} with {undated} undated", hits.len()));
    }
    if sum(&answer["facets"]["year"]) + undated != hits.len() as u64 {
        return Some(format!("years {} of {} with {undated} undated", answer["facets"]["year"], hits.len()));
    }
    for facet in FACETS {
        let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
        for release in matching.iter().filter(|release| question.passes(release, facet)) {
            release.facets[facet].iter().for_each(|value| *expected.entry(value).or_default() += 1);
        }
        question.filters.iter().filter(|(of, _)| *of == facet).for_each(|(_, value)| {
            expected.entry(value).or_default();
        });
        let values = answer["facets"][facet].as_array().expect(facet);
        let given: BTreeMap<&str, u64> =
            values.iter().map(|value| (word(&value["value"]), value["count"].as_u64().expect("a count"))).collect();
        if given != expected {
            return Some(format!("{facet}: {given:?}, expected {expected:?}"));
        }
    }
    None
}

/// Questions that are part of a question.
fn smaller(wish: &Wish) -> Vec<Wish> {
    let list = |wishes: &[Wish], make: &dyn Fn(Vec<Wish>) -> Wish, least: usize| -> Vec<Wish> {
        let mut found = Vec::new();
        for (at, wish) in wishes.iter().enumerate() {
            if wishes.len() > least {
                found.push(make(wishes.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, wish)| wish.clone()).collect()));
            }
            for smaller in smaller(wish) {
                let mut changed = wishes.to_vec();
                changed[at] = smaller;
                found.push(make(changed));
            }
        }
        found
    };
    match wish {
        Wish::And(wishes) => wishes.iter().cloned().chain(list(wishes, &Wish::And, 2)).collect(),
        Wish::Or(wishes) => wishes.iter().cloned().chain(list(wishes, &Wish::Or, 2)).collect(),
        Wish::Near(operands, within) => {
            let within = *within;
            let fitting = |wish: &Wish| !matches!(wish, Wish::Near(operands, _) if operands.iter().any(|operand| matches!(operand, Wish::Near(..) | Wish::And(_))));
            list(operands, &|operands| Wish::Near(operands, within), 2).into_iter().filter(fitting).collect()
        }
        Wish::Not(inner) => {
            std::iter::once((**inner).clone()).chain(smaller(inner).into_iter().map(|inner| Wish::Not(Box::new(inner)))).collect()
        }
        Wish::Title(inner) => smaller(inner).into_iter().map(|inner| Wish::Title(Box::new(inner))).collect(),
        Wish::Phrase(typed) | Wish::Plain(typed) | Wish::Exact(typed) => {
            words(typed).into_iter().map(Wish::Exact).filter(|smaller| smaller != wish).collect()
        }
        _ => Vec::new(),
    }
}

/// The smallest question within one that is still answered wrongly, and what is wrong.
async fn smallest(app: &TestApp, releases: &[Known], question: &Question, mut why: String) -> (Question, String) {
    let mut question = question.clone();
    let mut chance = Chance(1);
    if !question.matched.is_empty() || matches!(question.wish, Wish::Most(..)) {
        return (question, why);
    }
    'smaller: loop {
        let mut tries: Vec<Question> = Vec::new();
        if !question.filters.is_empty() {
            tries.push(Question { filters: Vec::new(), ..question.clone() });
        }
        tries.extend(smaller(&question.wish).into_iter().map(|wish| {
            let q = chance.typed(&wish, false);
            Question { q, wish, ..question.clone() }
        }));
        for smaller in tries {
            if let Some(still) = wrong(app, releases, &smaller).await {
                (question, why) = (smaller, still);
                continue 'smaller;
            }
        }
        return (question, why);
    }
}

/// What a run has seen.
#[derive(Default)]
struct Tally {
    queries: u64,
    /// Queries that found some releases and not all.
    telling: u64,
    wrong: Vec<String>,
}

async fn total(app: &TestApp, question: &Question) -> u64 {
    app.get(&question.path(&[("limit", "1")])).await.ok().json()["total"].as_u64().expect("a total")
}

/// Ids in pages of so many, in the order of the answer.
async fn paged(app: &TestApp, question: &Question, sort: &str, limit: &str) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.get(&question.path(&[("limit", limit), ("sort", sort), ("cursor", &cursor)])).await.ok().json();
        let items = page["items"].as_array().expect("items");
        found.extend(items.iter().map(|item| (word(&item["id"]).to_owned(), item["published"]["sort_on"].as_str().map(str::to_owned))));
        assert!(found.len() <= 100, "it goes on and on");
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return found,
        }
    }
}

async fn laws(app: &TestApp, releases: &[Known], question: &Question, before: Option<&Question>, chance: &mut Chance, tally: &mut Tally) {
    let mut broken = Vec::new();
    let x = &question.q;
    let made = |q: String, wish: Wish| Question { q, wish, ..question.clone() };
    let mut asked: Vec<Question> = Vec::new();
    if !matches!(question.wish, Wish::Most(..)) && question.matched.is_empty() {
        let negated = made(format!("-({x})"), Wish::Not(Box::new(question.wish.clone())));
        let everything = made(String::new(), Wish::And(Vec::new()));
        let sum = total(app, question).await + total(app, &negated).await;
        if sum != total(app, &everything).await {
            broken.push(format!("x and -x are {sum} together"));
        }
        asked.push(negated);
        if let Some(before) = before.filter(|before| size(&before.q) + size(x) < 26) {
            let both = vec![before.wish.clone(), question.wish.clone()];
            asked.push(made(format!("({}) OR ({x})", before.q), Wish::Or(both.clone())));
            asked.push(made(format!("({}) ({x})", before.q), Wish::And(both)));
        }
    }
    for question in &asked {
        tally.queries += 1;
        if let Some(why) = wrong(app, releases, question).await {
            let (smallest, why) = smallest(app, releases, question, why).await;
            broken.push(format!("{}\n{why}", smallest.path(&[])));
        }
    }
    if chance.one_in(3) {
        let newest = paged(app, question, "newest", "100").await;
        let mut oldest = paged(app, question, "oldest", "100").await;
        let dated = |list: &[(String, Option<String>)]| -> Vec<String> {
            list.iter().filter(|(_, day)| day.is_some()).map(|(id, _)| id.clone()).collect()
        };
        let newest_dated = dated(&newest);
        oldest.reverse();
        if newest_dated != dated(&oldest) {
            broken.push(format!("oldest is not newest backwards: {newest:?}, {oldest:?}"));
        }
        if !newest.is_sorted_by(|a, b| a.1 >= b.1) {
            broken.push(format!("newest is out of order: {newest:?}"));
        }
        for sort in ["newest", "oldest", "relevance"] {
            let whole = paged(app, question, sort, "100").await;
            let steps = paged(app, question, sort, "7").await;
            if whole != steps {
                broken.push(format!("{sort}: in steps {steps:?}, at once {whole:?}"));
            }
        }
    }
    tally.wrong.extend(broken.into_iter().map(|why| format!("{}\n{why}", question.path(&[]))));
}

/// A query of plain words (and a few others) with a wish for how many of them.
fn counted(chance: &mut Chance, ids: &[String]) -> Question {
    let mut plain: Vec<String> = (0..chance.between(1, 8)).map(|_| chance.word()).collect();
    let mut others = Vec::new();
    if chance.one_in(2) {
        others.push(Wish::Phrase(format!("{} {}", chance.word(), chance.word())));
    }
    let mut filters = Vec::new();
    if chance.one_in(2) {
        filters.push(Wish::Not(Box::new(Wish::Exact(chance.word()))));
    }
    if chance.one_in(3) {
        filters.push(chance.filter(ids));
    }
    let mut pieces: Vec<String> = plain.clone();
    pieces.extend(others.iter().chain(&filters).map(|wish| chance.typed(wish, true)).collect::<Vec<_>>());
    // In any order.
    for at in (1..pieces.len()).rev() {
        pieces.swap(at, chance.below(at + 1));
    }
    let typed = plain.len();
    plain = plain.iter().flat_map(|word| words(word)).collect::<BTreeSet<String>>().into_iter().collect();
    let matched = chance.of(&["", "auto", "all", "any"]);
    let each = |plain: Vec<String>| plain.into_iter().map(Wish::Plain);
    let mut all = match matched {
        "any" => vec![Wish::Or(each(plain).chain(others).collect())],
        "all" => each(plain).chain(others).collect(),
        _ if typed > 4 => {
            let least = plain.len() / 2 + 1;
            std::iter::once(Wish::Most(plain, least)).chain(others).collect()
        }
        _ => each(plain).chain(others).collect::<Vec<_>>(),
    };
    all.extend(filters);
    let mut question = Question::new(pieces.join(" "), Wish::And(all));
    question.matched = if matched.is_empty() { "auto" } else { matched };
    question
}

fn question(chance: &mut Chance, ids: &[String]) -> Question {
    let mut question = if chance.one_in(5) {
        counted(chance, ids)
    } else {
        loop {
            let depth = chance.between(0, 3);
            let wish = chance.wish(depth, ids);
            let q = chance.typed(&wish, false);
            // What the bounds would cut off has a test of its own; deeper parentheses too.
            if size(&q) < 22 {
                break Question::new(q, wish);
            }
        }
    };
    if chance.one_in(3) {
        for _ in 0..chance.between(1, 3) {
            question.filters.push(match chance.below(6) {
                0 => ("topic", chance.of(&TOPICS).into()),
                1 => ("kind", chance.of(&KINDS).into()),
                2 => ("source", chance.of(&SOURCES).1.into()),
                3 => ("lang", chance.of(&LANGS).into()),
                4 if question.filters.iter().all(|(name, _)| *name != "from" && *name != "to") => ("from", chance.of(&PERIODS).into()),
                5 if question.filters.iter().all(|(name, _)| *name != "from" && *name != "to") => ("to", chance.of(&PERIODS).into()),
                _ => ("place", chance.of(&PLACES).to_lowercase()),
            });
        }
        question.filters.sort();
        question.filters.dedup();
    }
    question
}

async fn round(number: u64, tally: &mut Tally) {
    let mut chance = Chance(number.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let mut given: Vec<Value> = (0..chance.between(5, 40)).map(|number| chance.release(number)).collect();
    let app = TestApp::of(&given).await;
    // Loaded again and again: some releases are written anew, so that the index has several pieces, with gaps.
    for load in 0..chance.below(3) {
        let mut again = Vec::new();
        for _ in 0..chance.between(1, 4) {
            let at = chance.below(given.len() + 1);
            let mut release = chance.release(at);
            match given.get_mut(at) {
                Some(old) => {
                    release["source"] = old["source"].clone();
                    *old = release.clone();
                }
                None => given.push(release.clone()),
            }
            again.retain(|other: &Value| other["key"] != release["key"]);
            again.push(release);
        }
        app.load(&[ndjson(&format!("again-{load}.ndjson"), &again)]).await;
    }
    let releases: Vec<Known> = app.releases().await.iter().map(Known::new).collect();
    assert_eq!(releases.len(), given.len(), "archive {number}");
    let ids: Vec<String> = releases.iter().map(|release| release.id.clone()).collect();
    let mut before: Option<Question> = None;
    for _ in 0..QUERIES {
        let question = question(&mut chance, &ids);
        tally.queries += 1;
        let hits = releases.iter().filter(|release| release.has(&question.wish)).count();
        tally.telling += u64::from(hits > 0 && hits < releases.len());
        if let Some(why) = wrong(&app, &releases, &question).await {
            let (smallest, why) = smallest(&app, &releases, &question, why).await;
            tally.wrong.push(format!("archive {number}: {}\nwithin {}\n{why}", smallest.q, question.path(&[])));
        } else if chance.one_in(6) {
            laws(&app, &releases, &question, before.as_ref(), &mut chance, tally).await;
        }
        if question.matched.is_empty() {
            before = Some(Question { filters: Vec::new(), ..question });
        }
    }
    marks(&app, &releases, &mut chance, tally).await;
}

/// What is found is marked where it stands, and only there.
async fn marks(app: &TestApp, releases: &[Known], chance: &mut Chance, tally: &mut Tally) {
    let seqs = app.store.seqs(0, 100).await.expect("numbers");
    let rows = app.store.index_rows(&seqs).await.expect("rows");
    for _ in 0..10 {
        let wish = if chance.one_in(4) { chance.title() } else { chance.standing() };
        let q = chance.typed(&wish, false);
        let highlighter = Highlighter::new(grammar::read(&q, &grammar::How::default()).tree.as_ref());
        for row in &rows {
            let release = releases.iter().find(|release| release.id == row.id.to_string()).expect("a release");
            let parts: Vec<Part> =
                highlighter.title_parts(&row.title, &row.lang).into_iter().chain(highlighter.parts(&row.body, &row.lang)).collect();
            let marked = parts.iter().any(|part| part.hit);
            // Words close to each other are marked one by one, wherever they stand.
            let single = !matches!(&wish, Wish::Title(inner) if matches!(**inner, Wish::And(_) | Wish::Near(..) | Wish::Close(..)));
            let has = release.has(&wish);
            if has && !marked || marked && !has && single {
                tally.wrong.push(format!("{q} has {has}, marked {marked}: {} {parts:?}", row.lang));
            }
        }
    }
}

/// Asks every so-manieth archive from one on: `ORACLE_ROUNDS=500` for more archives than are asked each time.
async fn every(step: u64, first: u64) {
    let rounds: u64 = std::env::var("ORACLE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let (mut tally, mut asked) = (Tally::default(), 0);
    for number in (first..rounds).step_by(step as usize) {
        asked += QUERIES as u64;
        round(number, &mut tally).await;
        if tally.wrong.len() > 20 {
            break;
        }
    }
    assert!(tally.wrong.is_empty(), "{} of {} queries:\n\n{}", tally.wrong.len(), tally.queries, tally.wrong.join("\n\n"));
    assert!(tally.telling * 2 > asked, "{} of {} queries told anything apart", tally.telling, tally.queries);
    println!("{} queries, {} found some and not all", tally.queries, tally.telling);
}

#[tokio::test]
async fn random_queries_find_in_random_archives_what_reading_everything_finds() {
    every(3, 0).await;
}

#[tokio::test]
async fn random_queries_find_in_other_archives_what_reading_everything_finds() {
    every(3, 1).await;
}

#[tokio::test]
async fn random_queries_find_in_further_archives_what_reading_everything_finds() {
    every(3, 2).await;
}

#[tokio::test]
async fn nearness_in_words_ends_with_the_title() {
    let app = TestApp::of(&[json!({"title": "Zorb", "body": "Quib flimt."})]).await;
    for q in ["zorb /5 quib", "\"zorb quib\"~5", "\"quib zorb\"~5", "(zorb OR brak) /2 quib", "\"zorb\" /100 fli*"] {
        assert_eq!(total(&app, &Question::new(q.to_owned(), Wish::And(Vec::new()))).await, 0, "{q}");
    }
}
