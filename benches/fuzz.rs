//! What nobody would type, a million times: the grammar, the marks and passages of a text, dates, and the search itself. See
//! `benches/README.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use nato_archive::index::grammar::{self, How, MAX_DEPTH, MAX_OPERATORS, MAX_WORDS, Node, Within};
use nato_archive::index::{Ask, Highlighter, IndexError, Lexicon, Part, SearchIndex, Tally};
use nato_archive::ingest::{Loader, Quiet, Report, Source};
use nato_archive::model::period::Period;
use nato_archive::model::query::{Facet, Filters, Match, SearchRequest, Sort};
use nato_archive::model::text::is_steering;
use nato_archive::reading::{Archive, ReadingError};
use nato_archive::store::connect;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Executions of a target where the command line names no number; the search takes longer than the others.
const RUNS: u64 = 1_000_000;
const SEARCHES: u64 = 100_000;
/// So many different findings are made small and shown; others are only counted.
const SHOWN: usize = 10;
/// Texts that mutate further; beside those that never change.
const POOL: usize = 256;
/// Longer ones, in characters, are tried but not kept.
const KEPT: usize = 600;

const QUERIES: &[&str] = &[
    "data strategy",
    "“collective defence” -nuclear",
    "=defence OR (NATO /s industry)",
    "visit (Kuwait OR Kyiv) NOT war",
    "\"industry Allies\"~5 title:NATO",
    "interop* /5 \"Secretary General\" /p (C-130 OR d*)",
    "topic:\"Defence industry\" kind:news place:Ukraine",
    "after:“1 May 2025” before:2025-05 on:2025-04-30",
    "id:2w04z64v lang:French -source:NATO",
    "which nations signed agreements on defence industry production capacity",
    "title:(data OR -plan (strategy /3 summit))",
    "l’Alliance s’engage dans l'élargissement",
    "Häkkänen Łódź Straße ﬁnal ＮＡＴＯ",
];

const BODIES: &[&str] = &[
    "The Alliance met. Its data strategies were agreed by Allies.\n\nThe strategy is public. Mr. Rutte spoke of defence industry.",
    "NATO’s Secretary General will visit Kuwait, Kyiv; and Helsinki: the U.S. Army’s C-130 and a c 130 were there — all of them.\nWar?",
    "L’Alliance s’engage dans l'élargissement de la défense. « Oui », dit-il ! Les alliés d’aujourd’hui.",
    "A sentence of data and data and data strategy data, without an end and without a clause that would end it and so on and so on and so \
     on to the strategy of NATO in which nations signed agreements on defence industry production capacity and more than that, in truth",
    "skies sky dying die tying tie happily happy  interoperability interoperable\t\tInteroperation",
    "Häkkänen Łódź Straße ﬁnal ＮＡＴＯ e\u{301}lan ½ ǆ İstanbul",
];

/// Queries that find something in those, so that there is something to mark.
const ASKED: &[&str] = &[
    "data",
    "data strategy",
    "=nato",
    "strat* OR alli*",
    "sky die",
    "\"data and data\" \"and data and\"",
    "industry /5 Allies",
    "l’Alliance élargissement",
    "the OR of OR and OR is",
    "hakkanen =lodz \"strasse final\"",
    "C-130 OR “c 130” OR U.S.",
    "“so on and”~3 end",
    "def* OR \"defence industry\" OR interop*",
    "title:alliance NATO",
];

const DATES: &[&str] = &[
    "2025",
    "April 2025",
    "04/2025",
    "25/04/2025",
    "25 Apr",
    "2025-04-25",
    "14 août 2008",
    "1er mai 2025",
    "Friday 25th April 2025",
    "April 30, 2025",
    "29 Feb",
    "the 4th of April 1949",
    "March 3rd",
    "31.12.1999",
    "mar. 1999",
];

const OPERATORS: &[&str] = &[
    " OR ",
    " NOT ",
    " AND ",
    "OU",
    "ET",
    "-",
    "--",
    "−",
    "–",
    "(",
    ")",
    "((",
    "))",
    "\"",
    "“",
    "”",
    "„",
    "«",
    "»",
    "＂",
    "\"\"",
    "~5",
    "~0",
    "~99999999999",
    "~",
    "=",
    "=\"",
    "*",
    "**",
    "/s",
    "/p",
    "/5",
    " /s ",
    " /p ",
    " /1 ",
    "/0",
    "/99999999999",
    "/",
    ":",
    "title:",
    "topic:",
    "kind:",
    "place:",
    "person:",
    "source:",
    "lang:",
    "id:",
    "after:",
    "before:",
    "on:",
    "title:(",
    "topic:\"",
    "title:title:",
    " ",
    "  ",
    "\n",
    "\t",
    ".",
    ". ",
    ",",
    "’",
    "'",
    "’s ",
    "l’",
    "d'",
    "…",
    "the ",
    "a ",
    "of ",
];

const WORDS: &[&str] = &[
    "data",
    "strategy",
    "NATO",
    "defence",
    "industry",
    "Allies",
    "nat",
    "die",
    "sky",
    "C-130",
    "Ukraine",
    "de",
    "l’Alliance",
    "élargissement",
    "2025",
    "04",
    "31",
    "Apr",
    "août",
    "th",
    "st",
    "1er",
    "Monday",
    "mar",
    "may",
    "today",
    "0",
    "9999",
    "00000",
    "W",
];

/// Characters that are more or less than they look.
const ODDITIES: &[&str] = &[
    "\0",
    "\u{1d}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{300}",
    "\u{301}\u{301}",
    "\u{345}",
    "\u{600}",
    "\u{61c}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{200e}",
    "\u{202e}",
    "\u{2028}",
    "\u{2029}",
    "\u{2060}",
    "\u{2066}",
    "\u{2069}",
    "\u{3000}",
    "\u{feff}",
    "\u{fffd}",
    "\u{e000}",
    "\u{10ffff}",
    "ﬁ",
    "ﬀ",
    "ﬃ",
    "ﬅ",
    "æ",
    "ß",
    "ẞ",
    "İ",
    "ı",
    "ǆ",
    "ŉ",
    "ſ",
    "ﷺ",
    "㎏",
    "½",
    "²",
    "Ⅷ",
    "①",
    "ＡＢ",
    "ｘ",
    "（",
    "）",
    "－",
    "＝",
    "：",
    "が",
    "か\u{3099}",
    "한",
    "한",
    "𝒜",
    "𝟘",
    "🇺🇦",
    "👩‍🚀",
    "𐍈",
    "𠀀",
    "ก",
    "ा",
    "\u{1f3fd}",
    "Ω",
    "K",
    "Å",
    "ᾳ",
    "ς",
    "Σ",
    "ΐ",
    "և",
];

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
        (self.next() % end.max(1) as u64) as usize
    }

    fn one_in(&mut self, cases: usize) -> bool {
        self.below(cases) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Texts made of texts.
struct Mutations {
    corpus: &'static [&'static str],
    pool: Vec<Vec<char>>,
}

impl Mutations {
    fn new(corpus: &'static [&'static str]) -> Self {
        Self { corpus, pool: corpus.iter().map(|text| text.chars().collect()).collect() }
    }

    fn next(&mut self, chance: &mut Chance) -> String {
        let mut text: Vec<char> =
            if chance.one_in(4) { chance.of(self.corpus).chars().collect() } else { self.pool[chance.below(self.pool.len())].clone() };
        for _ in 0..=chance.below(5) {
            self.mutate(&mut text, chance);
        }
        let whole = text.iter().collect();
        if text.len() <= KEPT && !text.is_empty() {
            if self.pool.len() < POOL {
                self.pool.push(text);
            } else {
                let at = chance.below(POOL);
                self.pool[at] = text;
            }
        }
        whole
    }

    /// One that depends on nothing that was made before.
    fn fresh(&self, chance: &mut Chance) -> String {
        let mut text: Vec<char> = chance.of(self.corpus).chars().collect();
        for _ in 0..=chance.below(4) {
            self.mutate(&mut text, chance);
        }
        text.into_iter().collect()
    }

    fn mutate(&self, text: &mut Vec<char>, chance: &mut Chance) {
        let at = chance.below(text.len() + 1);
        let reach = if chance.one_in(4) { text.len() } else { 8 };
        let end = (at + chance.below(reach + 1)).min(text.len());
        let insert = |text: &mut Vec<char>, piece: &str| {
            text.splice(at..at, piece.chars());
        };
        match chance.below(16) {
            0..3 => {
                text.drain(at..end);
            }
            3 => {
                let piece: Vec<char> = text[at..end].to_vec();
                text.splice(end..end, piece);
            }
            4 | 5 => {
                let other = &self.pool[chance.below(self.pool.len())];
                let from = chance.below(other.len() + 1);
                let to = (from + chance.below(40)).min(other.len());
                text.splice(at..end, other[from..to].iter().copied());
            }
            6..10 => insert(text, chance.of(OPERATORS)),
            10 | 11 => {
                insert(text, " ");
                insert(text, chance.of(WORDS));
            }
            12 | 13 => insert(text, chance.of(ODDITIES)),
            14 => {
                // Any character there is.
                let any = char::from_u32(chance.below(0x11_0000) as u32).unwrap_or('\u{fffd}');
                insert(text, any.encode_utf8(&mut [0; 4]));
            }
            _ => {
                // A run: mostly short, seldom longer than anything is read.
                let times = match chance.below(500) {
                    0 => chance.below(4_000),
                    1..20 => chance.below(150),
                    _ => chance.below(12),
                };
                let lists = [OPERATORS, WORDS, ODDITIES];
                let list = chance.of(&lists);
                let piece = if chance.one_in(2) { text[at..end].iter().collect() } else { chance.of(list).to_owned() };
                insert(text, &piece.repeat(times));
            }
        }
    }
}

/// A target: a text goes in, and what is wrong with what comes out.
trait Target {
    fn check(&mut self, text: &str, seed: u64) -> Result<(), String>;
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day")
}

fn ensure(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

/// What the bounds of a query are counted by.
#[derive(Default)]
struct Size {
    words: usize,
    operators: usize,
    height: usize,
}

impl Size {
    fn of(node: &Node) -> Self {
        let mut size = Self::default();
        size.walk(node, 1);
        size
    }

    fn walk(&mut self, node: &Node, height: usize) {
        self.height = self.height.max(height);
        match node {
            Node::Word { typed, .. } => self.words += words(typed),
            Node::Phrase(typed) | Node::Close { words: typed, .. } => {
                self.words += words(typed);
                self.operators += 1;
            }
            Node::Prefix(_) => {
                self.words += 1;
                self.operators += 1;
            }
            // Several values of one facet are one operator, whose words are not told apart any more.
            Node::Facet(..) | Node::Id(_) | Node::Days { .. } => self.words += 1,
            Node::Title(inner) | Node::Not(inner) => {
                self.operators += 1;
                self.walk(inner, height + 1);
            }
            Node::Near { operands, .. } => {
                self.operators += operands.len() - 1;
                operands.iter().for_each(|node| self.walk(node, height + 1));
            }
            Node::All(nodes) | Node::Any(nodes) | Node::Most { nodes, .. } => {
                if let Node::Any(nodes) = node {
                    self.operators += nodes.len().saturating_sub(1);
                }
                let mut before: Option<&Node> = None;
                for node in nodes {
                    self.walk(node, height + 1);
                    // `a /s b /p c` is a /s b and b /p c: what both share was typed once.
                    if let (Some(Node::Near { operands: first, .. }), Node::Near { operands: second, .. }) = (before, node)
                        && let (Some(shared), true) = (second.first(), first.last() == second.first())
                    {
                        let twice = Self::of(shared);
                        self.words -= twice.words;
                        self.operators -= twice.operators;
                    }
                    before = Some(node);
                }
            }
            Node::Run { words, .. } => words.iter().for_each(|node| self.walk(node, height + 1)),
        }
    }
}

/// How many words: runs of letters, digits, combining marks and characters that are not seen.
fn words(text: &str) -> usize {
    text.split(|c: char| !is_word(c)).filter(|word| word.contains(char::is_alphanumeric)).count()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}') || is_steering(c)
}

struct Grammar {
    lexicon: Lexicon,
}

impl Target for Grammar {
    fn check(&mut self, text: &str, seed: u64) -> Result<(), String> {
        let wanted = Match::ALL[(seed % 3) as usize];
        let lexicon = (seed & 8 == 0).then_some(&self.lexicon);
        let how = How { today: today(), wanted, lexicon };
        let reading = grammar::read(text, &how);
        ensure(reading == grammar::read(text, &how), || "read twice, it is read otherwise".into())?;
        let composed: String = text.nfc().collect();
        let again = grammar::read(&composed, &how);
        ensure(reading == again, || format!("composed, it is read as {:?} and not as {:?}", again.tree, reading.tree))?;
        let Some(tree) = &reading.tree else { return Ok(()) };
        // Where the bounds leave nothing, nothing is meant.
        if reading.left_out.is_some() && *tree == Node::Any(Vec::new()) {
            return Ok(());
        }
        let said = grammar::sentence(tree, &|_, value| value.to_owned());
        ensure(!said.trim().is_empty(), || format!("{tree:?} is read as nothing"))?;
        let size = Size::of(tree);
        ensure(size.words <= MAX_WORDS, || format!("{} words", size.words))?;
        // A choice, all of it, an exclusion and a nearness for each pair of parentheses; a question for the whole.
        ensure(size.height <= 4 * (MAX_DEPTH + 1) + 1, || format!("a tree of height {}", size.height))?;
        // Where any word is enough, "or" is nothing that was typed.
        ensure(wanted == Match::Any || size.operators <= MAX_OPERATORS, || format!("{} operators", size.operators))?;
        bounds(tree)
    }
}

/// What holds for every node.
fn bounds(node: &Node) -> Result<(), String> {
    match node {
        Node::All(nodes) | Node::Any(nodes) => ensure(nodes.len() >= 2, || format!("a group of {}", nodes.len()))?,
        Node::Most { nodes, at_least } => ensure(*at_least >= 1 && *at_least <= nodes.len(), || format!("{at_least} of {}", nodes.len()))?,
        Node::Near { operands, within } => {
            ensure(operands.len() >= 2, || "near to nothing".into())?;
            ensure(!matches!(within, Within::Words(0)), || "no distance".into())?;
        }
        Node::Prefix(start) => ensure(start.chars().count() >= grammar::MIN_PREFIX, || format!("begins with {start}"))?,
        Node::Phrase(typed) => ensure(words(typed) > 0, || format!("a phrase without words: {typed:?}"))?,
        Node::Days { from: Some(from), to: Some(to) } => ensure(from <= to, || format!("from {from} to {to}"))?,
        _ => {}
    }
    match node {
        Node::All(nodes)
        | Node::Any(nodes)
        | Node::Most { nodes, .. }
        | Node::Near { operands: nodes, .. }
        | Node::Run { words: nodes, .. } => nodes.iter().try_for_each(bounds),
        Node::Title(inner) | Node::Not(inner) => bounds(inner),
        _ => Ok(()),
    }
}

/// Characters of a snippet: what is documented as "about", and room for the passages' ends.
const SNIPPET: usize = 280;
/// Texts are looked through this far, in bytes, for passages.
const LOOKED_THROUGH: usize = 100_000;

struct Snippets {
    queries: Mutations,
}

impl Target for Snippets {
    fn check(&mut self, text: &str, seed: u64) -> Result<(), String> {
        let mut chance = Chance(seed);
        let query = if chance.one_in(3) { self.queries.fresh(&mut chance) } else { chance.of(ASKED).to_owned() };
        let wanted = chance.of(&[Match::Auto, Match::Any]);
        let tree = grammar::read(&query, &How { today: today(), wanted, lexicon: None }).tree;
        let highlighter = Highlighter::new(tree.as_ref());
        let lang = chance.of(&["en", "fr", "de"]);
        let told = |why: String| format!("{why}\n  for {query:?} in {lang}");
        for parts in [highlighter.parts(text, lang), highlighter.title_parts(text, lang)] {
            let joined: String = parts.iter().map(|part| part.text.as_str()).collect();
            ensure(joined == folded(text), || told(format!("the parts are {joined:?}")))?;
            whole_words(&parts).map_err(told)?;
        }
        let hits = highlighter.parts(text, lang).iter().any(|part| part.hit);
        let snippet = highlighter.snippet(text, lang);
        let shown: String = snippet.parts.iter().map(|part| part.text.as_str()).collect();
        let hit = snippet.parts.iter().filter(|part| part.hit).map(|part| part.text.chars().count()).max().unwrap_or(0);
        let run = shown.split_whitespace().map(|run| run.chars().count()).max().unwrap_or(0);
        let length = shown.chars().count();
        ensure(length <= 2 * SNIPPET + 6 * (hit + run), || told(format!("{length} characters, hits up to {hit}, words up to {run}")))?;
        ensure(snippet.parts.iter().all(|part| !part.text.is_empty()), || told("an empty part".into()))?;
        whole_words(&snippet.parts).map_err(told)?;
        // Passages of the text, and of those that have hits where there are some.
        let whole = folded(text);
        let passage = shown.split(" … ").find(|passage| !whole.contains(passage.trim()));
        ensure(passage.is_none(), || told(format!("no passage of the text: {passage:?}")))?;
        ensure(!hits || hit > 0 || text.len() > LOOKED_THROUGH, || told("hits are not shown".into()))?;
        ensure(text.trim().is_empty() || !shown.trim().is_empty(), || told("nothing is shown of a text".into()))
    }
}

/// Runs of white space as one space.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            folded.push(c);
        } else if !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded
}

/// Hits begin and end with a word, and none goes on outside of its hit.
fn whole_words(parts: &[Part]) -> Result<(), String> {
    for (at, part) in parts.iter().enumerate().filter(|(_, part)| part.hit) {
        let ends = [part.text.chars().next(), part.text.chars().next_back()];
        ensure(ends.iter().all(|c| c.is_some_and(is_word)), || format!("the hit {:?}", part.text))?;
        let before = at.checked_sub(1).and_then(|before| parts[before].text.chars().next_back());
        let behind = parts.get(at + 1).and_then(|behind| behind.text.chars().next());
        ensure(![before, behind].into_iter().flatten().any(is_word), || format!("{:?} goes on outside", part.text))?;
    }
    Ok(())
}

struct Dates;

impl Target for Dates {
    fn check(&mut self, text: &str, seed: u64) -> Result<(), String> {
        let today = Chance(seed).of(&[(2026, 11, 22), (2024, 2, 29), (2101, 3, 1), (1970, 1, 1), (2025, 12, 31)]);
        let today = NaiveDate::from_ymd_opt(today.0, today.1, today.2).expect("a day");
        let Ok(period) = Period::typed(text, today) else { return Ok(()) };
        let iso = period.to_string();
        ensure(Period::typed(&iso, today) == Ok(period), || format!("{iso} is read as {:?}", Period::typed(&iso, today)))?;
        ensure(period.first() <= period.last() && period.contains(period.first()) && period.contains(period.last()), || {
            format!("from {} to {}", period.first(), period.last())
        })?;
        // A year is written with four digits, or is one of the last.
        let year = &iso[..4];
        let latest = matches!(period, Period::Day(day) if day <= today && today.years_since(day).is_some_and(|years| years < 9));
        ensure(text.contains(year) || latest, || format!("is read as {iso}"))
    }
}

struct Searches {
    archive: Archive,
    index: Arc<SearchIndex>,
    releases: u64,
    too_slow: u64,
}

impl Searches {
    /// An archive of the texts that come with the program and of those that are mutated here.
    async fn new(folder: &std::path::Path) -> anyhow::Result<Self> {
        let store = connect(&format!("sqlite:{}", folder.join("archive.db").display())).await?;
        let index = Arc::new(SearchIndex::open(&folder.join("index"))?.index);
        let archive = Archive::new(Arc::clone(&store), Arc::clone(&index)).await?;
        let lines: String = BODIES
            .iter()
            .enumerate()
            .map(|(at, body)| {
                let lang = if at == 2 { "fr" } else { "en" };
                let title = format!("{}: {}", WORDS[at], QUERIES[at]);
                format!("{}\n", serde_json::json!({ "key": at.to_string(), "title": title, "body": body, "source": "NATO", "lang": lang }))
            })
            .collect();
        let mut sources = Source::seeds();
        sources.push(Source::Embedded { name: "fuzz.ndjson".into(), bytes: lines.into(), sidecar: None });
        let loader = Loader::new(store, nato_archive::ingest::Clock::system()).await?;
        loader.load(&sources, &index, &mut Report::default(), &mut Quiet).await?;
        archive.refresh().await?;
        let releases = index.len();
        Ok(Self { archive, index, releases, too_slow: 0 })
    }

    fn total(&mut self, ask: &Ask) -> Result<Option<u64>, String> {
        match self.index.search_now(ask) {
            Ok(found) => {
                let shown = found.hits.iter().map(|hit| hit.seq).collect::<BTreeSet<i64>>().len() as u64;
                let expected = found.total.saturating_sub(ask.offset as u64).min(ask.limit as u64);
                ensure(shown == expected && found.hits.len() as u64 == shown, || format!("{shown} hits of {}", found.total))?;
                let days: u64 = found.days.iter().map(|(_, count)| count).sum();
                ensure(ask.tally == Tally::Total || days + found.undated == found.total, || format!("{days} days of {}", found.total))?;
                let kinds: u64 = found.facet(Facet::Kind).iter().map(|count| count.count).sum();
                ensure(ask.tally == Tally::Total || kinds == found.total, || format!("{kinds} kinds of {}", found.total))?;
                Ok(Some(found.total))
            }
            Err(IndexError::TooSlow) => {
                self.too_slow += 1;
                Ok(None)
            }
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Target for Searches {
    fn check(&mut self, text: &str, seed: u64) -> Result<(), String> {
        let mut chance = Chance(seed);
        let mut request = SearchRequest::words(text, today());
        request.wanted = chance.of(&Match::ALL);
        request.variants = chance.one_in(2);
        let query = match self.archive.read(&request) {
            Ok(query) => query,
            Err(ReadingError::Index(IndexError::TooSlow)) => return Ok(()),
            Err(error) => return Err(error.to_string()),
        };
        let mut ask = Ask {
            tree: query.tree.clone(),
            filters: Filters::default(),
            within: None,
            sort: chance.of(&Sort::ALL),
            offset: 0,
            limit: chance.of(&[0, 1, 7, 100]),
            tally: Tally::Everything,
        };
        let Some(total) = self.total(&ask)? else { return Ok(()) };
        ask.sort = chance.of(&Sort::ALL);
        ask.limit = 20;
        ask.tally = Tally::Total;
        if let Some(again) = self.total(&ask)? {
            ensure(again == total, || format!("{total} by {:?} and {again} as a number alone", ask.sort))?;
        }
        if let Some(tree) = query.tree {
            ask.tree = Some(Node::Not(Box::new(tree)));
            if let Some(others) = self.total(&ask)? {
                ensure(total + others == self.releases, || format!("{total} with and {others} without of {}", self.releases))?;
            }
        }
        Ok(())
    }
}

/// The result of one execution, a panic told as what it says.
fn tried(target: &mut dyn Target, text: &str, seed: u64) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| target.check(text, seed))).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(format!("panic: {}", said.unwrap_or("without words")))
    })
}

/// Without what a finding does not need.
fn smallest(target: &mut dyn Target, text: &str, seed: u64) -> String {
    let mut text: Vec<char> = text.chars().collect();
    let mut size = text.len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        while at < text.len() {
            let mut shorter = text.clone();
            shorter.drain(at..(at + size).min(text.len()));
            if tried(target, &shorter.iter().collect::<String>(), seed).is_err() {
                text = shorter;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    text.into_iter().collect()
}

fn run(name: &str, target: &mut dyn Target, corpus: &'static [&'static str], runs: u64, seed: u64) -> u64 {
    let mut chance = Chance(seed);
    let mut mutations = Mutations::new(corpus);
    let mut findings: BTreeMap<String, String> = BTreeMap::new();
    let (mut executions, mut wrong, mut longest) = (0u64, 0u64, 0);
    let begun = Instant::now();
    for _ in 0..runs {
        let text = mutations.next(&mut chance);
        let seed = chance.next();
        longest = longest.max(text.chars().count());
        executions += 1;
        if tried(target, &text, seed).is_ok() {
            continue;
        }
        wrong += 1;
        if findings.len() < SHOWN {
            let text = smallest(target, &text, seed);
            let why = tried(target, &text, seed).err().unwrap_or_else(|| "not again".into());
            findings.entry(text).or_insert(format!("{why} (seed {seed})"));
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let rate = executions as f64 / seconds;
    println!("{name:<8} {executions:>9} executions {seconds:>7.1} s {rate:>9.0}/s, the longest text {longest}, {wrong} wrong");
    for (text, why) in &findings {
        println!("  {:?}\n  {why}", text.chars().take(400).collect::<String>());
    }
    wrong
}

fn main() -> anyhow::Result<ExitCode> {
    let (mut wanted, mut runs, mut seed) = ("all".to_owned(), None, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--runs" => runs = Some(arguments.next().unwrap_or_default().parse()?),
            "--seed" => seed = arguments.next().unwrap_or_default().parse()?,
            "grammar" | "snippet" | "dates" | "search" | "all" => wanted = argument,
            // What cargo adds.
            "--bench" => {}
            other => anyhow::bail!("unknown: {other}. grammar, snippet, dates, search or all, --runs N, --seed S"),
        }
    }
    // A panic is a finding, told once it is small.
    std::panic::set_hook(Box::new(|_| {}));
    let is = |name: &str| wanted == name || wanted == "all";
    let mut findings = 0;
    if is("grammar") {
        let names =
            [vec!["North Atlantic Treaty Organization".to_owned(), "NATO".to_owned()], vec!["defence industry".into(), "DI".into()]];
        findings += run("grammar", &mut Grammar { lexicon: Lexicon::new(names) }, QUERIES, runs.unwrap_or(RUNS), seed);
    }
    if is("snippet") {
        findings += run("snippet", &mut Snippets { queries: Mutations::new(QUERIES) }, BODIES, runs.unwrap_or(RUNS), seed);
    }
    if is("dates") {
        findings += run("dates", &mut Dates, DATES, runs.unwrap_or(RUNS), seed);
    }
    if is("search") {
        let folder = tempfile::tempdir()?;
        let mut searches = tokio::runtime::Runtime::new()?.block_on(Searches::new(folder.path()))?;
        findings += run("search", &mut searches, QUERIES, runs.unwrap_or(SEARCHES), seed);
        println!("         {} given up after their time", searches.too_slow);
    }
    Ok(if findings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
