//! How fast a search is answered, beside peers that answer the same queries over the same texts in the same run: the bare page (tantivy and
//! axum alone), tantivy in process, SQLite FTS5 in process. See `benches/README.md`.

#[path = "search/bare.rs"]
mod bare;
#[path = "common/client.rs"]
mod client;
#[path = "common/corpora.rs"]
mod corpora;
#[path = "search/fts.rs"]
mod fts;
#[path = "search/texts.rs"]
mod texts;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use bare::{Bare, Filler};
use client::Client;
use corpora::corpora;
use fts::{Fts, matching};
use nato_archive::index::{Ask, SearchIndex, Tally};
use nato_archive::ingest::{Loader, Quiet, Report, Source, sync};
use nato_archive::model::query::{Facet, Filters, SearchRequest, Sort};
use nato_archive::reading::Archive;
use nato_archive::store::{ArchiveStore, connect};
use nato_archive::web::{App, router, serve};
use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, Occur, PhraseQuery, Query, RegexQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::tokenizer::{Language, SimpleTokenizer, Stemmer, TextAnalyzer};
use tokio::runtime::Runtime;

/// Rounds in which every contestant answers every query once: taking turns, so that what else the machine does meets all alike.
const ROUNDS: usize = 5;

/// How long two clients ask for requests a second.
const RATE_TIME: Duration = Duration::from_secs(4);

/// Times that each hard query is asked; the median counts.
const HARD_TIMES: usize = 9;

/// Hits of a page.
const PAGE: usize = 20;

/// What the command line asks for.
struct Wanted {
    /// `--releases N`, or `--million`; the collections as they are where neither is given.
    releases: Option<usize>,
    /// `--keep DIR`: where the loaded archive stays for the next run.
    keep: Option<PathBuf>,
}

impl Wanted {
    fn read() -> Self {
        let mut wanted = Self { releases: None, keep: None };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // Said by cargo.
                "--bench" => {}
                "--million" => wanted.releases = Some(1_000_000),
                "--releases" => {
                    let count = arguments.next().and_then(|count| count.parse().ok());
                    wanted.releases = Some(count.expect("a number after --releases"));
                }
                "--keep" => wanted.keep = Some(arguments.next().expect("a folder after --keep").into()),
                other => panic!("{other} is not understood: --million, --releases N, --keep DIR"),
            }
        }
        wanted
    }
}

fn main() {
    let wanted = Wanted::read();
    let Some(files) = corpora(&["doj-press-releases.ndjson.gz", "congress-press-releases.ndjson.gz"]) else { return };
    let lines = texts::lines(&files);
    let queries = texts::queries(&lines);
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = wanted.keep.unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&folder).expect("the folder of the loaded archive");
    let count = wanted.releases.unwrap_or(lines.len());

    let runtime = Runtime::new().expect("a runtime");
    let (archive, kept) = runtime.block_on(load(&folder, &lines, count));
    drop(lines);
    println!("{} releases, {} queries, load of the machine {}", archive.overview().releases, queries.len(), load_average());
    let today = || chrono::NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    let ours = listen(&runtime, router(App::new(archive.clone(), "http://127.0.0.1:8080", today).expect("an app")));
    memory(ours, &queries, !kept);

    let bare = Arc::new(Bare::open(&folder.join("bare")));
    let floor = listen(&runtime, Arc::clone(&bare).router());
    let mut fts = runtime.block_on(Fts::open(&folder.join("fts.db")));
    agreement(&runtime, &archive, &bare, &mut fts, &queries);
    pages(&runtime, &archive, ours, floor, &bare, &mut fts, &queries);
    hard(&archive, &bare);
    println!("\nload of the machine at the end {}", load_average());
}

/// Loads what is not there yet. A folder kept from an earlier run is used as it is where it holds as many releases; returns whether it was.
async fn load(folder: &Path, lines: &[String], count: usize) -> (Arc<Archive>, bool) {
    let done = folder.join("loaded");
    let kept = std::fs::read_to_string(&done).is_ok_and(|text| text == count.to_string());
    if !kept {
        for name in ["index", "bare"] {
            let _ = std::fs::remove_dir_all(folder.join(name));
        }
        for name in ["archive.db", "archive.db-wal", "archive.db-shm", "fts.db", "fts.db-wal", "fts.db-shm"] {
            let _ = std::fs::remove_file(folder.join(name));
        }
    }
    let store = connect(&format!("sqlite:{}", folder.join("archive.db").display())).await.expect("a store");
    let index = Arc::new(SearchIndex::open(&folder.join("index")).expect("an index").index);
    if !kept {
        let ndjson = folder.join("releases.ndjson");
        texts::write(lines, count, &ndjson);
        let mut report = Report::default();
        let started = Instant::now();
        let loader = Loader::new(store.clone(), nato_archive::ingest::Clock::system()).await.expect("a loader");
        loader.load(&[Source::File(ndjson.clone())], &index, &mut report, &mut Quiet).await.expect("a load");
        told("loaded", started, count);
        println!("{:<28} {}", "", report.summary());
        std::fs::remove_file(&ndjson).expect("the texts are no longer needed");
        peers(&*store, folder, count).await;
        std::fs::write(&done, count.to_string()).expect("a note");
    }
    // An index of another version was set aside above and is filled anew here.
    sync::catch_up(&*store, &index).await.expect("a level index");
    (Arc::new(Archive::new(store, index).await.expect("an archive")), kept)
}

fn told(what: &str, started: Instant, releases: usize) {
    let elapsed = started.elapsed().as_secs_f64();
    println!("{what:<28} {releases:>8} releases {elapsed:>8.1} s {:>7.0} /s", releases as f64 / elapsed);
}

/// The same texts for the peers, from the archive's own rows.
async fn peers(store: &dyn ArchiveStore, folder: &Path, count: usize) {
    let mut filler = Filler::new(&folder.join("bare"));
    let mut fts = Fts::open(&folder.join("fts.db")).await;
    fts.create().await;
    let (mut after, mut in_bare, mut in_fts) = (0, Duration::ZERO, Duration::ZERO);
    loop {
        let seqs = store.seqs(after, 1_000).await.expect("numbers");
        let Some(last) = seqs.last() else { break };
        after = *last;
        let rows = store.index_rows(&seqs).await.expect("rows");
        let started = Instant::now();
        rows.iter().for_each(|row| filler.put(row));
        in_bare += started.elapsed();
        let started = Instant::now();
        fts.put(&rows).await;
        in_fts += started.elapsed();
    }
    let started = Instant::now();
    filler.finish();
    in_bare += started.elapsed();
    let started = Instant::now();
    fts.finish().await;
    in_fts += started.elapsed();
    for (what, elapsed) in [("bare tantivy filled", in_bare), ("FTS5 filled", in_fts)] {
        println!("{what:<28} {count:>8} releases {:>8.1} s", elapsed.as_secs_f64());
    }
}

fn load_average() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// The resident set of the process while the archive's own pages are answered, before anything of a peer is opened.
fn memory(ours: SocketAddr, queries: &[String], loaded: bool) {
    if loaded {
        println!(
            "This run has loaded the archive, and what that freed is still counted: see a second run with --keep for the resident set."
        );
    }
    let told = |when: &str| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let figures: Vec<String> = ["VmRSS", "RssAnon", "RssFile", "VmHWM"]
            .into_iter()
            .filter_map(|name| {
                let line = status.lines().find(|line| line.starts_with(name))?;
                let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
                Some(format!("{name} {} MiB", kilobytes / 1_024))
            })
            .collect();
        println!("resident set, {when:<24} {}", figures.join(", "));
    };
    // The peak starts anew, so that it is that of answering and not that of loading.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    told("before the first page");
    let mut client = Client::new(ours, "gzip");
    for query in queries {
        client.get(&ours_at(query, ""));
    }
    told("after 200 pages");
}

/// Whether the contestants find the same: they need not, since they read words each in their own way, but far apart would be no comparison.
fn agreement(runtime: &Runtime, archive: &Archive, bare: &Bare, fts: &mut Fts, queries: &[String]) {
    let (mut to_bare, mut to_fts, mut totals) = (Vec::new(), Vec::new(), Vec::new());
    let mut apart = Vec::new();
    for query in queries {
        let (ours, theirs, in_fts) = runtime.block_on(async {
            let ours = archive.count(&request(query, 0)).await.expect("a count") as f64;
            (ours, bare.top_typed(query) as f64, fts.page(&matching(query)).await as f64)
        });
        // One more on both sides, so that nothing found is no division by nothing.
        let ratios = [theirs, in_fts].map(|others| (ours + 1.0) / (others + 1.0));
        if ratios.iter().any(|ratio| !(0.8..=1.25).contains(ratio)) {
            apart.push(format!("{query} {ours}:{theirs}:{in_fts}"));
        }
        to_bare.push(ratios[0]);
        to_fts.push(ratios[1]);
        totals.push(ours);
    }
    for values in [&mut to_bare, &mut to_fts, &mut totals] {
        values.sort_by(f64::total_cmp);
    }
    let at = |values: &[f64], share: f64| values[((values.len() - 1) as f64 * share) as usize];
    println!("\nNumber of hits, 200 queries{:>17} {:>9} {:>9} {:>9} {:>9}", "min", "p10", "median", "p90", "max");
    for (name, values) in [("ours", &totals), ("ours / bare tantivy", &to_bare), ("ours / FTS5", &to_fts)] {
        let places = if name == "ours" { 0 } else { 3 };
        println!(
            "{name:<34} {:>9.places$} {:>9.places$} {:>9.places$} {:>9.places$} {:>9.places$}",
            at(values, 0.0),
            at(values, 0.1),
            at(values, 0.5),
            at(values, 0.9),
            at(values, 1.0)
        );
    }
    println!("more than a quarter apart (ours:bare:FTS5): {} queries: {}", apart.len(), apart.join(", "));
}

fn request(query: &str, limit: usize) -> SearchRequest {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    SearchRequest { limit, ..SearchRequest::words(query, today) }
}

/// A query as the archive reads it, variants and all.
fn ask(archive: &Archive, query: &str, tally: Tally) -> Ask {
    let tree = archive.read(&request(query, PAGE)).expect("a reading").tree;
    Ask { tree, filters: Filters::default(), within: None, sort: Sort::Relevance, offset: 0, limit: PAGE, tally }
}

/// A query as it stands, for peers that know no variants.
fn plain(archive: &Archive, query: &str, tally: Tally) -> Ask {
    let request = SearchRequest { variants: false, ..request(query, PAGE) };
    Ask { tree: archive.read(&request).expect("a reading").tree, ..ask(archive, query, tally) }
}

fn encoded(query: &str) -> String {
    form_urlencoded::byte_serialize(query.as_bytes()).collect()
}

/// The address of a page that was never asked for: finished pages are kept by their whole address and there is no switch for it, so that a
/// parameter that the program does not know makes each request a new page. Nothing else reads it.
fn ours_at(query: &str, filter: &str) -> String {
    static ASKED: AtomicU64 = AtomicU64::new(0);
    format!("/search?q={}{filter}&asked={}", encoded(query), ASKED.fetch_add(1, Ordering::Relaxed))
}

fn listen(runtime: &Runtime, router: Router) -> SocketAddr {
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        // The same loop of connections for both servers.
        tokio::spawn(serve::serve(listener, router, String::new(), std::future::pending()));
        address
    })
}

/// What answers queries over HTTP.
struct Server<'a> {
    address: SocketAddr,
    accept: &'static str,
    path: &'a (dyn Fn(&str) -> String + Sync),
}

/// Times of one contestant: `times[query][round]`, in milliseconds.
#[derive(Default)]
struct Times {
    times: Vec<Vec<f64>>,
    bytes: Vec<usize>,
    rate: Option<f64>,
}

impl Times {
    fn add(&mut self, query: usize, elapsed: Duration) {
        if self.times.len() <= query {
            self.times.resize(query + 1, Vec::new());
        }
        self.times[query].push(elapsed.as_secs_f64() * 1_000.0);
    }

    fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        values
    }

    /// Over every answer.
    fn percentile(&self, share: f64) -> f64 {
        let all = Self::sorted(self.times.iter().flatten().copied());
        all[((all.len() as f64 * share) as usize).min(all.len() - 1)]
    }

    /// The 99th percentile over queries, each by its fastest answer: what the hardest queries cost, without what else the machine did.
    fn quiet_p99(&self) -> f64 {
        let best = Self::sorted(self.times.iter().map(|times| times.iter().copied().fold(f64::INFINITY, f64::min)));
        best[((best.len() as f64 * 0.99) as usize).min(best.len() - 1)]
    }

    fn mean(&self) -> f64 {
        let (sum, count) = self.times.iter().flatten().fold((0.0, 0), |(sum, count), time| (sum + time, count + 1));
        sum / f64::from(count)
    }

    /// The mean over queries, each by its median answer.
    fn settled(&self) -> f64 {
        let medians = self.times.iter().map(|times| Self::sorted(times.iter().copied())[times.len() / 2]);
        medians.sum::<f64>() / self.times.len() as f64
    }

    fn median_bytes(&self) -> Option<usize> {
        let mut bytes = self.bytes.clone();
        bytes.sort_unstable();
        bytes.get(bytes.len() / 2).copied()
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let made = work();
    (made, started.elapsed())
}

/// Requests a second of two clients.
fn rate(server: &Server<'_>, queries: &[String]) -> f64 {
    let started = Instant::now();
    let answered: usize = std::thread::scope(|scope| {
        let running: Vec<_> = (0..2)
            .map(|half| {
                scope.spawn(move || {
                    let mut client = Client::new(server.address, server.accept);
                    let mut answered = 0;
                    while started.elapsed() < RATE_TIME {
                        // The second client begins in the middle: both ask all queries, not the same one at a time.
                        let query = &queries[(half * queries.len() / 2 + answered) % queries.len()];
                        std::hint::black_box(client.get(&(server.path)(query)));
                        answered += 1;
                    }
                    answered
                })
            })
            .collect();
        running.into_iter().map(|client| client.join().expect("a client")).sum()
    });
    answered as f64 / started.elapsed().as_secs_f64()
}

/// The filters whose cost is told: the most frequent kind, and the later half of the releases.
fn filters(archive: &Archive) -> (String, String) {
    let everything =
        Ask { tree: None, filters: Filters::default(), within: None, sort: Sort::Newest, offset: 0, limit: 0, tally: Tally::Everything };
    let found = archive.index().search_now(&everything).expect("everything");
    let kind = found.facet(Facet::Kind).first().map_or(String::new(), |kind| kind.value.clone());
    let mut passed = 0;
    let middle = found.days.iter().find(|(_, count)| {
        passed += count;
        passed * 2 >= found.total
    });
    (format!("&kind={kind}"), format!("&from={}", middle.map_or(String::new(), |(day, _)| day.to_string())))
}

const HTTP: [&str; 6] = [
    "ours, gzip",
    "ours, not compressed",
    "ours, gzip, one kind",
    "ours, gzip, from a day",
    "bare page, gzip",
    "bare page, not compressed",
];
const IN_PROCESS: [&str; 6] = [
    "ours in process: hits, total",
    "ours in process: and facets, days",
    "ours in process: and rows, passages",
    "bare tantivy: hits, total",
    "bare tantivy: and two facets",
    "SQLite FTS5: what a page needs",
];

fn pages(runtime: &Runtime, archive: &Arc<Archive>, ours: SocketAddr, floor: SocketAddr, bare: &Bare, fts: &mut Fts, queries: &[String]) {
    let (kind, from) = filters(archive);
    let plain_path = |query: &str| ours_at(query, "");
    let kind_path = |query: &str| ours_at(query, &kind);
    let from_path = |query: &str| ours_at(query, &from);
    let bare_gzip = |query: &str| format!("/gzip?q={}", encoded(query));
    let bare_plain = |query: &str| format!("/plain?q={}", encoded(query));
    let servers = [
        Server { address: ours, accept: "gzip", path: &plain_path },
        Server { address: ours, accept: "identity", path: &plain_path },
        Server { address: ours, accept: "gzip", path: &kind_path },
        Server { address: ours, accept: "gzip", path: &from_path },
        Server { address: floor, accept: "gzip", path: &bare_gzip },
        Server { address: floor, accept: "identity", path: &bare_plain },
    ];
    let mut http: [Times; 6] = Default::default();
    let mut inside: [Times; 6] = Default::default();
    // The first round warms caches of the system and counts for nobody.
    for round in 0..=ROUNDS {
        for (times, server) in http.iter_mut().zip(&servers) {
            // A server hangs up on whoever is silent for long, as others' turns may be; the first answer opens the connection.
            let mut client = Client::new(server.address, server.accept);
            client.get(&(server.path)(&queries[0]));
            for (number, query) in queries.iter().enumerate() {
                let path = (server.path)(query);
                let (body, elapsed) = timed(|| client.get(&path));
                if round > 0 {
                    times.add(number, elapsed);
                    times.bytes.push(body.len());
                }
            }
        }
        let [hits, tallied, rows, bare_hits, bare_tallied, in_fts] = &mut inside;
        let search = |query: &str, tally| archive.index().search_now(&ask(archive, query, tally)).expect("a search").total;
        pass(round, hits, queries, |query| search(query, Tally::Total));
        pass(round, tallied, queries, |query| search(query, Tally::Everything));
        whole_searches(runtime, archive, round, rows, queries);
        pass(round, bare_hits, queries, |query| bare.top_typed(query) as u64);
        pass(round, bare_tallied, queries, |query| bare.tallied(query) as u64);
        pass(round, in_fts, queries, |query| runtime.block_on(fts.page(&matching(query))) as u64);
    }
    for (times, server) in http.iter_mut().zip(&servers) {
        times.rate = Some(rate(server, queries));
    }
    table(&http, &inside);
    println!("\nFilters: {kind} {from}; filtered to unfiltered page");
    for index in [2, 3] {
        println!(
            "{:<38} p50 {:.2}  p99 {:.2}  mean {:.2}",
            HTTP[index],
            http[index].percentile(0.5) / http[0].percentile(0.5),
            http[index].percentile(0.99) / http[0].percentile(0.99),
            http[index].mean() / http[0].mean()
        );
    }
    phases(&http, &inside);
}

/// Every query once, on this thread; the first round counts for nobody.
fn pass(round: usize, times: &mut Times, queries: &[String], mut answer: impl FnMut(&str) -> u64) {
    for (number, query) in queries.iter().enumerate() {
        let (total, elapsed) = timed(|| answer(query));
        std::hint::black_box(total);
        if round > 0 {
            times.add(number, elapsed);
        }
    }
}

/// The same for whole searches, on a thread of the runtime as a handler is.
fn whole_searches(runtime: &Runtime, archive: &Arc<Archive>, round: usize, times: &mut Times, queries: &[String]) {
    let (archive, queries) = (Arc::clone(archive), queries.to_vec());
    let work = async move {
        let mut elapsed = Vec::with_capacity(queries.len());
        for query in &queries {
            let started = Instant::now();
            std::hint::black_box(archive.search(request(query, PAGE)).await.expect("a search"));
            elapsed.push(started.elapsed());
        }
        elapsed
    };
    let elapsed = runtime.block_on(async { tokio::spawn(work).await.expect("the searches") });
    if round > 0 {
        elapsed.into_iter().enumerate().for_each(|(number, elapsed)| times.add(number, elapsed));
    }
}

/// p99* is over queries, each by its fastest round. The ratios are of p50 and p99 to the bare page with the same compression and of p50 to
/// FTS5 (which makes no page and crosses no network).
fn table(http: &[Times; 6], inside: &[Times; 6]) {
    println!("\n{ROUNDS} rounds of {} queries, one client; requests/s of two clients; bytes of the median page", http[0].times.len());
    println!(
        "{:<38} {:>8} {:>8} {:>8} {:>8} {:>8} {:>7} {:>7} {:>9} {:>9} {:>10} {:>9}",
        "ms", "p50", "p95", "p99", "p99*", "mean", "req/s", "bytes", "p50/bare", "p99/bare", "p99*/bare", "p50/FTS5"
    );
    let fts = inside[5].percentile(0.5);
    let rows = HTTP.iter().zip(http).enumerate().map(|(index, row)| (Some(if matches!(index, 1 | 5) { 5 } else { 4 }), row));
    for (floor, (name, times)) in rows.chain(IN_PROCESS.iter().zip(inside).map(|row| (None, row))) {
        let ratio = |share: f64| {
            floor.map_or(String::new(), |floor: usize| format!("{:.2}", times.percentile(share) / http[floor].percentile(share)))
        };
        println!(
            "{name:<38} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>7} {:>7} {:>9} {:>9} {:>10} {:>9.2}",
            times.percentile(0.5),
            times.percentile(0.95),
            times.percentile(0.99),
            times.quiet_p99(),
            times.mean(),
            times.rate.map_or(String::new(), |rate| format!("{rate:.0}")),
            times.median_bytes().map_or(String::new(), |bytes| bytes.to_string()),
            ratio(0.5),
            ratio(0.99),
            floor.map_or(String::new(), |floor| format!("{:.2}", times.quiet_p99() / http[floor].quiet_p99())),
            times.percentile(0.5) / fts,
        );
    }
}

/// Where the time of a page goes, by the means over queries (each by its median answer) of the same run: each step is what a longer path
/// takes more than a shorter one.
fn phases(http: &[Times; 6], inside: &[Times; 6]) {
    let page = http[0].settled();
    let [hits, tallied, rows] = [0, 1, 2].map(|index| inside[index].settled());
    println!("\nWhere the mean page goes");
    for (what, time) in [
        ("search: hits and total", hits),
        ("facets and days", tallied - hits),
        ("rows and passages", rows - tallied),
        ("template and HTTP", http[1].settled() - rows),
        ("compression", page - http[1].settled()),
    ] {
        println!("{what:<38} {time:>8.2} ms {:>5.0} %", time / page * 100.0);
    }
    println!("{:<38} {page:>8.2} ms", "the page");
}

/// Words that stand in a large part of press releases.
const COMMON: [&str; 30] = [
    "state",
    "year",
    "attorney",
    "justice",
    "department",
    "office",
    "district",
    "general",
    "case",
    "work",
    "million",
    "today",
    "people",
    "federal",
    "program",
    "public",
    "house",
    "member",
    "court",
    "bill",
    "support",
    "national",
    "service",
    "country",
    "time",
    "law",
    "community",
    "include",
    "report",
    "american",
];

/// Queries that are hard by what they match, within the bounds of the grammar, beside the same query put together by hand for tantivy.
fn hard(archive: &Archive, bare: &Bare) {
    let index = archive.index();
    let fields = bare.fields;
    let term = |word: &str| -> Box<dyn Query> {
        let word = stem(word);
        Box::new(TermQuery::new(Term::from_field_text(fields.text_en, &word), IndexRecordOption::WithFreqs))
    };
    let any =
        |words: &[&str]| -> Box<dyn Query> { Box::new(BooleanQuery::new(words.iter().map(|word| (Occur::Should, term(word))).collect())) };
    let all = |clauses: Vec<(Occur, Box<dyn Query>)>| -> Box<dyn Query> { Box::new(BooleanQuery::new(clauses)) };
    let begins =
        |start: &str| -> Box<dyn Query> { Box::new(RegexQuery::from_pattern(&format!("{start}.*"), fields.exact).expect("a pattern")) };
    let phrase = |words: &[&str], slop: u32| -> Box<dyn Query> {
        let terms = words.iter().map(|word| Term::from_field_text(fields.exact, word)).enumerate().collect();
        Box::new(PhraseQuery::new_with_offset_and_slop(terms, slop))
    };
    let without = |word: &str| vec![(Occur::Must, Box::new(AllQuery) as Box<dyn Query>), (Occur::MustNot, term(word))];
    let cases: Vec<(String, Box<dyn Query>)> = vec![
        ("con*".into(), begins("con")),
        ("pro*".into(), begins("pro")),
        ("int* com*".into(), all(vec![(Occur::Must, begins("int")), (Occur::Must, begins("com"))])),
        ("the".into(), term("the")),
        ("justice".into(), term("justice")),
        ("state year".into(), all(vec![(Occur::Must, term("state")), (Occur::Must, term("year"))])),
        (COMMON.join(" OR "), any(&COMMON)),
        (format!("({}) ({})", COMMON[..10].join(" OR "), COMMON[10..20].join(" OR ")), {
            all(vec![(Occur::Must, any(&COMMON[..10])), (Occur::Must, any(&COMMON[10..20]))])
        }),
        ("NOT state".into(), all(without("state"))),
        ("department -justice".into(), all(vec![(Occur::Must, term("department")), (Occur::MustNot, term("justice"))])),
        ("\"of the\"".into(), phrase(&["of", "the"], 0)),
        ("\"the united states of america\"".into(), phrase(&["the", "united", "states", "of", "america"], 0)),
        ("\"attorney general\"~5".into(), phrase(&["attorney", "general"], 5)),
        ("\"the department\"~5".into(), phrase(&["the", "department"], 5)),
    ];
    println!("\nHard queries in process, ms, median of {HARD_TIMES}: all = with facets and days, total = hits and total as the bare one");
    println!("{:<44} {:>9} {:>9} {:>9} {:>7} {:>7} {:>9} {:>9}", "", "ours all", "total", "bare", "all/b", "total/b", "hits", "bare");
    for (typed, query) in &cases {
        let shown: String = if typed.len() > 42 { format!("{}…", typed.chars().take(41).collect::<String>()) } else { typed.clone() };
        let (asked, counted) = (plain(archive, typed, Tally::Everything), plain(archive, typed, Tally::Total));
        let (mut ours, mut total, mut theirs) = (Times::default(), Times::default(), Times::default());
        let mut hits = (0, 0);
        for _ in 0..HARD_TIMES {
            let (found, elapsed) = timed(|| index.search_now(&asked).expect("a search").total);
            ours.add(0, elapsed);
            total.add(0, timed(|| index.search_now(&counted).expect("a search").total).1);
            let (count, elapsed) = timed(|| bare.top(&**query));
            theirs.add(0, elapsed);
            hits = (found, count);
        }
        let [ours, total, theirs] = [ours, total, theirs].map(|times| times.percentile(0.5));
        println!(
            "{shown:<44} {ours:>9.2} {total:>9.2} {theirs:>9.2} {:>7.2} {:>7.2} {:>9} {:>9}",
            ours / theirs,
            total / theirs,
            hits.0,
            hits.1
        );
    }
}

/// A word as the bare index holds it.
fn stem(word: &str) -> String {
    let mut stemmer = TextAnalyzer::builder(SimpleTokenizer::default()).filter(Stemmer::new(Language::English)).build();
    let mut stream = stemmer.token_stream(word);
    stream.next().expect("a word").text.clone()
}
