//! How fast the archive loads and answers, each figure beside a floor measured in the same run: bare tantivy for loading,
//! bare axum with the same bytes for pages. See `benches/README.md`.

#[path = "common/client.rs"]
mod client;
#[path = "common/corpora.rs"]
mod corpora;

use std::io::BufReader;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::header;
use axum::routing::get;
use client::Client;
use corpora::corpora;
use flate2::read::GzDecoder;
use nato_archive::describe::{DocumentFacts, Vocabulary, describe};
use nato_archive::import::ndjson::NdjsonReader;
use nato_archive::index::SearchIndex;
use nato_archive::ingest::{BUILTIN_GAZETTEER, BUILTIN_TOPICS, Loader, Quiet, Report, Source};
use nato_archive::model::{DocumentFormat, IndexRow, Sidecar};
use nato_archive::reading::Archive;
use nato_archive::store::connect;
use nato_archive::web::{App, router, serve};

/// Clients at the same time, and how long each page is asked for.
const CLIENTS: usize = 8;
const MEASURE: Duration = Duration::from_secs(4);

fn main() {
    let Some(files) = corpora(&["doj-press-releases.ndjson.gz", "congress-press-releases.ndjson.gz"]) else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ndjson = folder.path().join("releases.ndjson");
    let mut out = std::fs::File::create(&ndjson).expect("a file");
    for file in &files {
        std::io::copy(&mut GzDecoder::new(std::fs::File::open(file).expect("a collection")), &mut out).expect("a copy");
    }
    drop(out);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (archive, index_rows) = loading(&runtime, folder.path(), &ndjson);
    floor_of_loading(folder.path(), &index_rows);
    drop(index_rows);
    pages(&runtime, archive);
}

fn told(what: &str, releases: usize, elapsed: Duration) -> f64 {
    let rate = releases as f64 / elapsed.as_secs_f64();
    println!("{what:<44} {releases:>7} releases {:>8.2} s {rate:>9.0} /s", elapsed.as_secs_f64());
    rate
}

fn loading(runtime: &tokio::runtime::Runtime, folder: &Path, ndjson: &Path) -> (Arc<Archive>, Vec<IndexRow>) {
    println!("Loading");
    let started = Instant::now();
    let reader = NdjsonReader::new("releases", BufReader::new(std::fs::File::open(ndjson).expect("a file")));
    let releases: Vec<_> = reader.filter_map(Result::ok).collect();
    told("parse (one thread)", releases.len(), started.elapsed());

    let vocabulary = Vocabulary::load(BUILTIN_TOPICS, BUILTIN_GAZETTEER).expect("the vocabularies");
    let sidecar = Sidecar::default();
    let facts = DocumentFacts { format: DocumentFormat::Ndjson, sidecar: &sidecar };
    let started = Instant::now();
    let described: usize = releases.chunks(500).map(|chunk| describe(chunk, facts, &vocabulary).len()).sum();
    told("describe (one thread)", described, started.elapsed());

    runtime.block_on(async {
        let store = connect(&format!("sqlite:{}", folder.join("archive.db").display())).await.expect("a store");
        let index = Arc::new(SearchIndex::open(&folder.join("index")).expect("an index").index);
        let loader = Loader::new(store.clone(), nato_archive::ingest::Clock::system()).await.expect("a loader");
        let sources = [Source::File(ndjson.to_owned())];
        for what in ["load: parse, describe, store, index", "load again: all unchanged"] {
            let mut report = Report::default();
            let started = Instant::now();
            loader.load(&sources, &index, &mut report, &mut Quiet).await.expect("a load");
            told(what, (report.new + report.changed + report.unchanged) as usize, started.elapsed());
            println!("{:<44} {}", "", report.summary());
        }
        let mut rows = Vec::new();
        let mut after = 0;
        loop {
            let seqs = store.seqs(after, 1_000).await.expect("numbers");
            let Some(last) = seqs.last() else { break };
            after = *last;
            rows.extend(store.index_rows(&seqs).await.expect("rows"));
        }
        (Arc::new(Archive::new(store, index).await.expect("an archive")), rows)
    })
}

/// What tantivy alone takes for the same texts, with the same fields and one writer thread.
fn floor_of_loading(folder: &Path, rows: &[IndexRow]) {
    let index = SearchIndex::open(&folder.join("bare")).expect("an index").index;
    let mut writer = index.writer().expect("a writer");
    let started = Instant::now();
    for row in rows {
        writer.put(row).expect("a document");
    }
    writer.commit(1).expect("a commit");
    told("floor: bare index of the same texts", rows.len(), started.elapsed());
}

/// A bare server that answers one path with the given bytes, and the archive, on loopback ports of their own.
fn pages(runtime: &tokio::runtime::Runtime, archive: Arc<Archive>) {
    let today = || chrono::NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    let app = App::new(archive.clone(), "http://127.0.0.1:8080", today).expect("an app");
    let address = listen(runtime, router(app));
    let item = runtime.block_on(archive.latest(1)).expect("a release").remove(0);
    println!("\nPages, clients on the same cores, gzip; {} releases", archive.overview().releases);
    println!("{:<44} {:>9} {:>9} {:>9} {:>10} {:>7}", "", "p50 ms", "p99 ms", "req/s", "bytes", "ratio");
    let release = format!("/releases/{}/{}", item.id, item.slug);
    let kept = [("home", "/".to_owned()), ("search, kept", "/search?q=justice+department".to_owned()), ("release, kept", release)];
    for (name, path) in kept {
        let body = fetch(address, &path);
        let bare = listen(runtime, bare(body));
        let ours = measure(address, CLIENTS, &|_, _| path.clone());
        let floor = measure(bare, CLIENTS, &|_, _| "/".to_owned());
        row(name, &ours, floor.rate());
        row("  floor: bare axum, same bytes", &floor, floor.rate());
    }
    let words = words(&archive, runtime);
    let fresh = |client: usize, turn: usize| {
        let pick = |by: usize| &words[(client * 7_919 + turn * by) % words.len()];
        format!("/search?q={}+OR+{}", pick(31), pick(97))
    };
    row("search, each new (two words, OR), 1 client", &measure(address, 1, &fresh), f64::NAN);
    row("search, each new (two words, OR), 8 clients", &measure(address, CLIENTS, &|client, turn| fresh(client + 1, turn)), f64::NAN);
    let single = |client: usize, turn: usize| {
        format!("/search?q={}&page={}", words[(client * 7_919 + turn * 13) % words.len()], 1 + turn / words.len())
    };
    row("search, each new (one word), 1 client", &measure(address, 1, &single), f64::NAN);
    row("search, each new (one word), 8 clients", &measure(address, CLIENTS, &|client, turn| single(client + 1, turn)), f64::NAN);
}

/// Words of the archive's own titles, to search for.
fn words(archive: &Archive, runtime: &tokio::runtime::Runtime) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut after = None;
    for _ in 0..20 {
        let (items, next) = runtime.block_on(archive.list(after, 100)).expect("a list");
        words.extend(
            items
                .iter()
                .flat_map(|item| item.title.split_whitespace())
                .filter(|word| word.len() > 4 && word.chars().all(char::is_alphabetic))
                .map(str::to_lowercase),
        );
        after = next;
    }
    words.sort();
    words.dedup();
    words
}

fn listen(runtime: &tokio::runtime::Runtime, router: Router) -> SocketAddr {
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(serve::serve(listener, router, String::new(), std::future::pending()));
        address
    })
}

fn bare(body: Vec<u8>) -> Router {
    let body = bytes::Bytes::from(body);
    Router::new().route(
        "/",
        get(move || std::future::ready(([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_ENCODING, "gzip")], body))),
    )
}

struct Measured {
    times: Vec<Duration>,
    elapsed: Duration,
    bytes: usize,
}

impl Measured {
    fn rate(&self) -> f64 {
        self.times.len() as f64 / self.elapsed.as_secs_f64()
    }

    fn percentile(&self, share: f64) -> f64 {
        let index = ((self.times.len() as f64 * share) as usize).min(self.times.len() - 1);
        self.times[index].as_secs_f64() * 1_000.0
    }
}

fn row(name: &str, measured: &Measured, floor: f64) {
    let ratio = if floor.is_nan() { String::new() } else { format!("{:.2}", measured.rate() / floor) };
    println!(
        "{name:<44} {:>9.2} {:>9.2} {:>9.0} {:>10} {ratio:>7}",
        measured.percentile(0.5),
        measured.percentile(0.99),
        measured.rate(),
        measured.bytes
    );
}

fn measure(address: SocketAddr, clients: usize, path: &(dyn Fn(usize, usize) -> String + Sync)) -> Measured {
    let started = Instant::now();
    let mut all: Vec<(Vec<Duration>, usize)> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..clients)
            .map(|client| {
                scope.spawn(move || {
                    let mut connection = Client::new(address, "gzip");
                    let (mut times, mut bytes) = (Vec::new(), 0);
                    while started.elapsed() < MEASURE {
                        let asked = Instant::now();
                        bytes = connection.get(&path(client, times.len())).len();
                        times.push(asked.elapsed());
                    }
                    (times, bytes)
                })
            })
            .collect();
        running.into_iter().map(|client| client.join().expect("a client")).collect()
    });
    let bytes = all.last().map_or(0, |(_, bytes)| *bytes);
    let mut times: Vec<Duration> = all.drain(..).flat_map(|(times, _)| times).collect();
    times.sort_unstable();
    Measured { times, elapsed: started.elapsed(), bytes }
}

fn fetch(address: SocketAddr, path: &str) -> Vec<u8> {
    Client::new(address, "gzip").get(path)
}
