//! How good the order of results is, on collections whose relevant documents are known, beside SQLite FTS5 on the same texts in the same run.
//! See `benches/README.md`.

#[path = "common/corpora.rs"]
mod corpora;
#[path = "relevance/metrics.rs"]
mod metrics;

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use corpora::corpora;
use flate2::read::GzDecoder;
use metrics::{Judged, Measures};
use nato_archive::index::{Ask, Ranking, SearchIndex, Tally};
use nato_archive::ingest::{Loader, Quiet, Report, Source};
use nato_archive::model::query::{Filters, Match, SearchRequest, Sort};
use nato_archive::reading::Archive;
use nato_archive::store::{ArchiveStore, connect};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Row};

/// Results looked at for each query.
const DEPTH: usize = 1_000;

/// A collection: documents, queries, judgements.
struct Collection {
    documents: PathBuf,
    queries: PathBuf,
    judgements: PathBuf,
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let ablate = arguments.iter().any(|argument| argument == "--ablate");
    arguments.retain(|argument| argument != "--ablate");
    metrics::check();
    if arguments == ["--check"] {
        println!("The measures give what was worked out by hand.");
        return;
    }
    let files = if arguments.is_empty() {
        let names = ["cisi.ndjson.gz", "cisi.queries.tsv", "cisi.qrels", "cranfield.ndjson.gz", "cranfield.queries.tsv", "cranfield.qrels"];
        let Some(files) = corpora(&names) else { return };
        files
    } else {
        arguments.iter().map(PathBuf::from).collect()
    };
    let (collections, rest) = files.as_chunks::<3>();
    assert!(rest.is_empty(), "documents, queries and judgements come in threes: DOCS.ndjson[.gz] QUERIES.tsv QRELS");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for [documents, queries, judgements] in collections.iter().cloned() {
        runtime.block_on(measure(&Collection { documents, queries, judgements }, ablate));
    }
}

/// The query of a collection as the archive is asked: as it stands, any of its words wanted.
fn ask_any(archive: &Archive, query: &str, variants: bool) -> Ask {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    let request = SearchRequest { wanted: Match::Any, variants, ..SearchRequest::words(query, today) };
    let tree = archive.read(&request).expect("a reading").tree;
    Ask { tree, filters: Filters::default(), within: None, sort: Sort::Relevance, offset: 0, limit: DEPTH, tally: Tally::Total }
}

/// The archive's own order, and orders that differ from it in one thing.
fn settings() -> Vec<(&'static str, Ranking, bool)> {
    let own = Ranking::default;
    vec![
        ("as it is", own(), true),
        ("without title", Ranking { title: 0.0, ..own() }, true),
        ("without burst", Ranking { burst: 0.0, ..own() }, true),
        ("burst undampened", Ranking { burst: 1.0, ..own() }, true),
        ("k1 0.9", Ranking { k1: 0.9, ..own() }, true),
        ("k1 1.6", Ranking { k1: 1.6, ..own() }, true),
        ("b 0.5", Ranking { b: 0.5, ..own() }, true),
        ("b 0.9", Ranking { b: 0.9, ..own() }, true),
        ("without variants", own(), false),
        ("BM25 alone", Ranking { title: 0.0, burst: 0.0, ..own() }, false),
    ]
}

/// The same query for FTS5: every word quoted, any of them wanted, repeated ones kept.
fn fts_any(query: &str) -> String {
    words(query).map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" OR ")
}

/// Words of a query: what stands between characters that are neither letters, digits nor apostrophes.
fn words(query: &str) -> impl Iterator<Item = &str> {
    query
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'))
        .map(|word| word.trim_matches(['\'', '’']))
        .filter(|word| !word.is_empty())
}

async fn measure(collection: &Collection, ablate: bool) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ndjson = folder.path().join("documents.ndjson");
    let documents = unique(&collection.documents, &ndjson);
    let store = connect(&format!("sqlite:{}", folder.path().join("archive.db").display())).await.expect("a store");
    let index = Arc::new(SearchIndex::open(&folder.path().join("index")).expect("an index").index);
    let mut report = Report::default();
    let loader = Loader::new(store.clone(), nato_archive::ingest::Clock::system()).await.expect("a loader");
    loader.load(&[Source::File(ndjson)], &index, &mut report, &mut Quiet).await.expect("a load");
    let archive = Archive::new(store.clone(), index.clone()).await.expect("an archive");
    let (mut fts, keys) = filled(&*store, folder.path()).await;

    let judgements = judgements(&collection.judgements);
    let queries = queries(&collection.queries);
    let missing = judgements.values().flatten().filter(|(key, grade)| **grade > 0.0 && !keys.values().any(|held| held == *key)).count();
    println!("\n{}", collection.documents.display());
    println!("{} of {documents} documents loaded; {}", index.len(), report.summary());

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for (id, text) in &queries {
        let Some(judged) = judgements.get(id) else { continue };
        let found = index.search(ask_any(&archive, text, true)).await.expect("a search");
        let seqs: Vec<i64> = found.hits.iter().map(|hit| hit.seq).collect();
        // Through the store, as a page has them; in the order of the hits.
        let ranking: Vec<String> = store.items(&seqs).await.expect("items").into_iter().filter_map(|item| item.key).collect();
        assert_eq!(ranking.len(), seqs.len(), "every document has a key");
        let in_fts: Vec<String> = best(&mut fts, &fts_any(text)).await.iter().filter_map(|seq| keys.get(seq).cloned()).collect();
        if let (Some(one), Some(other)) = (Measures::of(&ranking, judged), Measures::of(&in_fts, judged)) {
            ours.push(one);
            theirs.push(other);
        }
    }
    println!(
        "{} queries, {} of them with relevant documents; {missing} relevant judgements of documents not held",
        queries.len(),
        ours.len()
    );
    println!("{:<20} {:>9} {:>9} {:>9} {:>11}", "", "nDCG@10", "MAP", "P@10", "recall@100");
    let (one, other) = (Measures::mean(&ours), Measures::mean(&theirs));
    for (name, measures) in [("ours, any word", one), ("SQLite FTS5, OR", other)] {
        println!(
            "{name:<20} {:>9.4} {:>9.4} {:>9.4} {:>11.4}",
            measures.ndcg_10, measures.average_precision, measures.precision_10, measures.recall_100
        );
    }
    println!(
        "{:<20} {:>9.3} {:>9.3} {:>9.3} {:>11.3}",
        "ratio",
        one.ndcg_10 / other.ndcg_10,
        one.average_precision / other.average_precision,
        one.precision_10 / other.precision_10,
        one.recall_100 / other.recall_100
    );
    if ablate {
        for (name, ranking, variants) in settings() {
            let mut other = SearchIndex::open(&folder.path().join("index")).expect("an index").index;
            other.rank_by(ranking);
            let mut measured = Vec::new();
            for (id, text) in &queries {
                let Some(judged) = judgements.get(id) else { continue };
                let found = other.search_now(&ask_any(&archive, text, variants)).expect("a search");
                let ranking: Vec<String> = found.hits.iter().filter_map(|hit| keys.get(&hit.seq).cloned()).collect();
                measured.extend(Measures::of(&ranking, judged));
            }
            let mean = Measures::mean(&measured);
            println!(
                "  {name:<26} {:>9.4} {:>9.4} {:>9.4} {:>11.4}",
                mean.ndcg_10, mean.average_precision, mean.precision_10, mean.recall_100
            );
        }
    }
    let better = ours.iter().zip(&theirs).filter(|(one, other)| one.ndcg_10 > other.ndcg_10).count();
    let worse = ours.iter().zip(&theirs).filter(|(one, other)| one.ndcg_10 < other.ndcg_10).count();
    println!("by nDCG@10 ours is better for {better} queries, worse for {worse}, the same for {}", ours.len() - better - worse);
}

/// A file as text, unpacked where its name says so.
fn text(path: &Path) -> Box<dyn BufRead> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reader: Box<dyn Read> =
        if path.extension().is_some_and(|end| end == "gz") { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    Box::new(BufReader::new(reader))
}

fn lines(path: &Path) -> impl Iterator<Item = String> {
    text(path).lines().map(|line| line.expect("a line of text"))
}

/// The documents with an address of their own each, so that two with the same words stay two; returns how many there are.
fn unique(documents: &Path, to: &Path) -> usize {
    let mut out = std::io::BufWriter::new(File::create(to).expect("a file"));
    let mut count = 0;
    for line in lines(documents).filter(|line| !line.trim().is_empty()) {
        let mut document: serde_json::Value = serde_json::from_str(&line).expect("a document");
        assert!(document["key"].is_string(), "judgements name documents by their keys: {line}");
        document["url"] = format!("https://documents.example/{count}").into();
        writeln!(out, "{document}").expect("a line");
        count += 1;
    }
    out.flush().expect("the end of the file");
    count
}

/// Each query's id and words.
fn queries(path: &Path) -> Vec<(String, String)> {
    lines(path)
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let (id, words) = line.split_once('\t').expect("an id, a tab, a query");
            (id.trim().to_owned(), words.trim().to_owned())
        })
        .collect()
}

/// Grades by query and document.
fn judgements(path: &Path) -> HashMap<String, Judged> {
    let mut judgements: HashMap<String, Judged> = HashMap::new();
    for line in lines(path).filter(|line| !line.trim().is_empty()) {
        let mut parts = line.split_whitespace();
        let (Some(query), Some(_), Some(key), Some(grade)) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            panic!("query, 0, key, grade: {line}");
        };
        let grade = grade.parse().expect("a grade");
        judgements.entry(query.to_owned()).or_default().insert(key.to_owned(), grade);
    }
    judgements
}

/// FTS5 with the texts that the archive holds, and the key of each by its number.
async fn filled(store: &dyn ArchiveStore, folder: &Path) -> (SqliteConnection, HashMap<i64, String>) {
    let options = SqliteConnectOptions::new().filename(folder.join("fts.db")).create_if_missing(true);
    let mut fts = SqliteConnection::connect_with(&options).await.expect("a database");
    sqlx::query("CREATE VIRTUAL TABLE text USING fts5(title, body, tokenize='porter unicode61')").execute(&mut fts).await.expect("a table");
    let mut all = fts.begin().await.expect("a transaction");
    let (mut after, mut keys) = (0, HashMap::new());
    loop {
        let seqs = store.seqs(after, 500).await.expect("numbers");
        let Some(last) = seqs.last() else { break };
        after = *last;
        keys.extend(store.items(&seqs).await.expect("items").into_iter().filter_map(|item| Some((item.seq, item.key?))));
        for row in store.index_rows(&seqs).await.expect("rows") {
            sqlx::query("INSERT INTO text (rowid, title, body) VALUES (?, ?, ?)")
                .bind(row.seq)
                .bind(&row.title)
                .bind(&row.body)
                .execute(&mut *all)
                .await
                .expect("a text");
        }
    }
    all.commit().await.expect("a commit");
    (fts, keys)
}

async fn best(fts: &mut SqliteConnection, matching: &str) -> Vec<i64> {
    let rows = sqlx::query("SELECT rowid FROM text WHERE text MATCH ? ORDER BY rank LIMIT ?")
        .bind(matching)
        .bind(DEPTH as i64)
        .fetch_all(fts)
        .await
        .expect("hits");
    rows.iter().map(|row| row.get(0)).collect()
}
