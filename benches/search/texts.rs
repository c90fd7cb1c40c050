//! The texts that are loaded and the queries that are asked: the same in every run.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use flate2::read::GzDecoder;
use serde_json::Value;

/// Knuth's linear congruential generator (MMIX): numbers that look like chance and are the same everywhere.
pub struct Lcg(u64);

impl Lcg {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The low bits of such a generator repeat soon.
        (self.0 >> 33) as usize % bound.max(1)
    }
}

/// The lines of the collections.
pub fn lines(files: &[PathBuf]) -> Vec<String> {
    files
        .iter()
        .flat_map(|path| BufReader::new(GzDecoder::new(File::open(path).expect("a collection"))).lines())
        .map(|line| line.expect("a line of a collection"))
        .collect()
}

/// Days between a release and its next copy, backwards: copies for a million spread over 24 years more.
const APART: u64 = 211;

/// Writes `count` releases: the collections as they are, then as often again as it takes. A copy has a key, an address and a day of its own
/// and one paragraph that stands in no other: a passage of another release in place of one paragraph, or behind the text where that is one
/// single paragraph.
pub fn write(lines: &[String], count: usize, path: &Path) {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).expect("a file"));
    for line in lines.iter().take(count) {
        writeln!(out, "{line}").expect("a line");
    }
    let releases: Vec<Value> = if count > lines.len() { lines.iter().map(|line| parsed(line)).collect() } else { Vec::new() };
    let mut chance = Lcg::new(7);
    for number in lines.len()..count {
        let (copy, release) = (number / lines.len(), &releases[number % lines.len()]);
        let other = releases[chance.below(releases.len())]["body"].as_str().unwrap_or("");
        let passage = format!("{} (Notice {number})", passage(other, &mut chance));
        let mut release = release.clone();
        release["key"] = format!("{}-{copy}", release["key"].as_str().unwrap_or("")).into();
        release["url"] = format!("https://releases.example/{number}").into();
        if let Some(day) = release["published_on"].as_str().and_then(|day| day.parse::<NaiveDate>().ok()) {
            let day = day.checked_sub_days(Days::new(copy as u64 * APART)).unwrap_or(day);
            release["published_on"] = day.to_string().into();
        }
        release["body"] = changed(release["body"].as_str().unwrap_or(""), &passage, number).into();
        serde_json::to_writer(&mut out, &release).expect("a line");
        out.write_all(b"\n").expect("a line");
    }
    out.flush().expect("the end of the file");
}

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).expect("a release")
}

/// About 400 bytes of a text, whole words.
fn passage<'a>(text: &'a str, chance: &mut Lcg) -> &'a str {
    let space = |from: usize| text.as_bytes()[from..].iter().position(|byte| *byte == b' ').map(|at| from + at);
    let from = space(chance.below(text.len())).unwrap_or(0);
    let to = space((from + 400).min(text.len())).unwrap_or(text.len());
    // A space is a boundary of characters, and so are both ends.
    text[from..to].trim()
}

fn changed(body: &str, passage: &str, number: usize) -> String {
    let mut paragraphs: Vec<&str> = body.split('\n').collect();
    let filled: Vec<usize> = (0..paragraphs.len()).filter(|index| !paragraphs[*index].trim().is_empty()).collect();
    if filled.len() > 1 {
        paragraphs[filled[number % filled.len()]] = passage;
        paragraphs.join("\n")
    } else {
        format!("{body}\n\n{passage}")
    }
}

/// How many queries there are of each kind.
const OF_EACH: usize = 50;

/// Queries from the words of titles: of one, two and three words, and phrases of two to three words that stand side by side in a title.
pub fn queries(lines: &[String]) -> Vec<String> {
    let titles: Vec<String> = lines.iter().map(|line| parsed(line)["title"].as_str().unwrap_or("").to_lowercase()).collect();
    let mut chance = Lcg::new(1949);
    let mut queries: Vec<String> = Vec::new();
    for kind in 0..4 {
        while queries.len() < (kind + 1) * OF_EACH {
            let title = &titles[chance.below(titles.len())];
            let words: Vec<Option<&str>> = title.split_whitespace().map(word).collect();
            let query = if kind < 3 { loose(&words, kind + 1, &mut chance) } else { phrase(&words, &mut chance) };
            queries.extend(query.filter(|query| !queries.contains(query)));
        }
    }
    queries
}

/// A word of letters alone and of more than three of them, without what stands around it.
fn word(typed: &str) -> Option<&str> {
    let word = typed.trim_matches(|c: char| !c.is_alphanumeric());
    (word.chars().count() > 3 && word.chars().all(char::is_alphabetic)).then_some(word)
}

fn loose(words: &[Option<&str>], count: usize, chance: &mut Lcg) -> Option<String> {
    let mut left: Vec<&str> = words.iter().copied().flatten().collect();
    left.sort_unstable();
    left.dedup();
    if left.len() < count {
        return None;
    }
    let picked: Vec<&str> = (0..count).map(|_| left.swap_remove(chance.below(left.len()))).collect();
    Some(picked.join(" "))
}

fn phrase(words: &[Option<&str>], chance: &mut Lcg) -> Option<String> {
    let count = 2 + chance.below(2);
    let from = chance.below(words.len());
    let run: Vec<&str> = words.get(from..from + count)?.iter().copied().collect::<Option<_>>()?;
    Some(format!("\"{}\"", run.join(" ")))
}
