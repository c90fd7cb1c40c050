//! How well texts are matched with what is held: the known duplicates of the collections, and near-duplicates that are made of them. See
//! `benches/README.md`.

#[path = "common/corpora.rs"]
mod corpora;
#[path = "search/texts.rs"]
#[allow(dead_code, reason = "each program wants a part of it")]
mod texts;

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use corpora::corpora;
use nato_archive::index::SearchIndex;
use nato_archive::ingest::{Clock, Loader, Quiet, Report, Source};
use nato_archive::store::connect;
use serde_json::{Value, json};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

/// Every so many of the texts one is varied.
const EVERY: usize = 12;

/// A way of varying a text: what it is called, how it is done, what should become of it.
struct Variation {
    name: &'static str,
    make: fn(&Value, &Value) -> Option<Value>,
    expected: &'static str,
}

const VARIATIONS: &[Variation] = &[
    Variation {
        name: "the same words at another source",
        make: |text, _| Some(elsewhere(text, body(text).to_owned())),
        expected: "mirror",
    },
    Variation {
        name: "other typography at another source",
        make: |text, _| Some(elsewhere(text, typeset(body(text)))),
        expected: "mirror",
    },
    Variation {
        name: "another footer at another source",
        make: |text, other| Some(elsewhere(text, footer(text, other))),
        expected: "mirror",
    },
    Variation { name: "a changed figure, no key", make: |text, _| Some(unnamed(text, figure(body(text))?)), expected: "changed" },
    Variation {
        name: "a changed paragraph, no key",
        make: |text, other| Some(unnamed(text, paragraph(text, other)?)),
        expected: "changed",
    },
    Variation {
        name: "a changed paragraph at another source",
        make: |text, other| Some(elsewhere(text, paragraph(text, other)?)),
        expected: "mirror",
    },
    Variation { name: "a changed figure under another key", make: |text, _| Some(renamed(text, figure(body(text))?)), expected: "new" },
];

fn main() {
    let Some(files) = corpora(&["doj-press-releases.ndjson.gz", "congress-press-releases.ndjson.gz"]) else { return };
    let texts: Vec<Value> = texts::lines(&files).iter().map(|line| serde_json::from_str(line).expect("a release")).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    tokio::runtime::Runtime::new().expect("a runtime").block_on(run(&texts, folder.path()));
}

async fn run(texts: &[Value], folder: &Path) {
    let report = load(folder, "originals.ndjson", texts).await;
    println!("the collections: {}", report.counts());
    known_duplicates(texts, folder).await;
    println!("\n{:<42} {:>6} {:>6} {:>7} {:>6}  outcomes", "made from every 12th text", "made", "found", "missed", "false");
    for variation in VARIATIONS {
        // Each from the originals alone, so that none is matched with another variation.
        let fresh = folder.join("fresh");
        std::fs::create_dir_all(&fresh).expect("a folder");
        std::fs::copy(folder.join("archive.db"), fresh.join("archive.db")).expect("a copy");
        let made: Vec<(String, Value)> = texts
            .iter()
            .enumerate()
            .step_by(EVERY)
            .filter_map(|(index, text)| {
                let other = &texts[(index * 7 + 4_001) % texts.len()];
                Some((text["key"].as_str()?.to_owned(), (variation.make)(text, other)?))
            })
            .collect();
        let values: Vec<Value> = made.iter().map(|(_, value)| value.clone()).collect();
        load(&fresh, "varied.ndjson", &values).await;
        tell(variation, &made, &decisions(&fresh).await);
        std::fs::remove_dir_all(&fresh).expect("an empty place");
    }
}

async fn load(folder: &Path, name: &str, texts: &[Value]) -> Report {
    let path = folder.join(name);
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
    texts.iter().for_each(|text| writeln!(file, "{text}").expect("a line"));
    file.flush().expect("the end");
    let store = connect(&format!("sqlite:{}", folder.join("archive.db").display())).await.expect("a store");
    let index = SearchIndex::open(&folder.join("index")).expect("an index").index;
    let mut report = Report::default();
    let loader = Loader::new(store, Clock::system()).await.expect("a loader");
    loader.load(&[Source::File(path)], &index, &mut report, &mut Quiet).await.expect("a load");
    report
}

/// For each place of the last document: what was decided, by what, and the keys of the release and of its copies.
async fn decisions(folder: &Path) -> HashMap<i64, (String, String, String)> {
    let mut raw = raw(folder).await;
    let rows: Vec<(i64, String, String, String)> = sqlx::query_as(
        "SELECT o.position, o.outcome, coalesce(o.how, ''), coalesce(r.key, '') || ' ' || coalesce((SELECT group_concat(c.key, ' ') FROM copy c WHERE c.seq = r.seq), '') \
         FROM occurrence o JOIN release r ON r.seq = o.seq WHERE o.document_id = (SELECT max(id) FROM document)",
    )
    .fetch_all(&mut raw)
    .await
    .expect("decisions");
    rows.into_iter().map(|(position, outcome, how, keys)| (position, (outcome, how, keys))).collect()
}

async fn raw(folder: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(folder.join("archive.db"))).await.expect("the database")
}

fn tell(variation: &Variation, made: &[(String, Value)], decided: &HashMap<i64, (String, String, String)>) {
    let (mut found, mut missed, mut wrong) = (0, 0, 0);
    let mut outcomes: HashMap<String, usize> = HashMap::new();
    for (position, (key, _)) in made.iter().enumerate() {
        let Some((outcome, how, keys)) = decided.get(&(position as i64)) else { continue };
        *outcomes.entry(format!("{outcome} {how}")).or_default() += 1;
        let same = keys.split(' ').any(|held| held == key);
        match (outcome == "new", variation.expected == "new") {
            (true, true) | (false, false) if variation.expected == "new" || same => found += 1,
            (true, false) => missed += 1,
            _ => wrong += 1,
        }
    }
    let mut outcomes: Vec<String> = outcomes.into_iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    outcomes.sort();
    println!("{:<42} {:>6} {found:>6} {missed:>7} {wrong:>6}  {}", variation.name, made.len(), outcomes.join(", "));
}

/// Bodies that stand in a collection more than once, and what became of the surplus copies.
async fn known_duplicates(texts: &[Value], folder: &Path) {
    let mut by_body: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, text) in texts.iter().enumerate() {
        by_body.entry(body(text)).or_default().push(index);
    }
    let groups: Vec<&Vec<usize>> = by_body.values().filter(|group| group.len() > 1).collect();
    let surplus: Vec<usize> = groups.iter().flat_map(|group| group.iter().skip(1).copied()).collect();
    let decided = decisions(folder).await;
    let outcome = |index: usize| decided.get(&(index as i64)).map_or("", |(outcome, ..)| outcome);
    let mirrors = surplus.iter().filter(|index| outcome(**index) == "mirror").count();
    let short = surplus
        .iter()
        .filter(|index| outcome(**index) == "new" && body(&texts[**index]).chars().filter(|c| c.is_alphanumeric()).count() < 200)
        .count();
    println!(
        "bodies that occur more than once: {}, surplus copies {}: {mirrors} found, {short} too short to tell, {} missed",
        groups.len(),
        surplus.len(),
        surplus.len() - mirrors - short
    );
    let beyond: Vec<usize> = (0..texts.len()).filter(|index| outcome(*index) == "mirror" && !surplus.contains(index)).collect();
    println!("others that were found to be mirrors: {}", beyond.len());
    for index in beyond {
        let (_, how, keys) = &decided[&(index as i64)];
        println!("  {how}: {} is with {keys}: {}", texts[index]["key"], texts[index]["title"]);
    }
}

fn body(text: &Value) -> &str {
    text["body"].as_str().unwrap_or("")
}

fn elsewhere(text: &Value, body: String) -> Value {
    json!({ "title": text["title"], "body": body, "published_on": text["published_on"], "source": "Another publisher" })
}

fn unnamed(text: &Value, body: String) -> Value {
    json!({ "title": format!("{} (corrected)", text["title"].as_str().unwrap_or("")), "body": body, "published_on": text["published_on"], "source": text["source"] })
}

fn renamed(text: &Value, body: String) -> Value {
    let mut value = unnamed(text, body);
    value["key"] = json!(format!("{}-again", text["key"].as_str().unwrap_or("")));
    value
}

fn typeset(body: &str) -> String {
    body.replace('\'', "’").replace("  ", " ").replace(" - ", " – ").replace(". ", ".\u{a0}")
}

/// The first number that has more than one figure, made another one.
fn figure(body: &str) -> Option<String> {
    let bytes = body.as_bytes();
    let at = bytes.windows(2).position(|pair| pair.iter().all(u8::is_ascii_digit))?;
    let mut changed = body.to_owned();
    let other = if bytes[at + 1] == b'9' { "1" } else { "9" };
    changed.replace_range(at + 1..at + 2, other);
    Some(changed)
}

/// A paragraph in the middle, replaced by one of another text; texts of a single paragraph are not varied so.
fn paragraph(text: &Value, other: &Value) -> Option<String> {
    let mut paragraphs: Vec<&str> = body(text).split('\n').filter(|line| !line.trim().is_empty()).collect();
    let longest = body(other).split('\n').max_by_key(|line| line.len())?;
    let short = longest.char_indices().nth(400).map_or(longest, |(end, _)| &longest[..end]);
    if paragraphs.len() < 5 {
        return None;
    }
    let middle = paragraphs.len() / 2;
    paragraphs[middle] = short;
    Some(paragraphs.join("\n\n"))
}

fn footer(text: &Value, other: &Value) -> String {
    let words: Vec<&str> = body(other).split_whitespace().take(25).collect();
    format!("{}\n\nFor more information: {}", body(text), words.join(" "))
}
