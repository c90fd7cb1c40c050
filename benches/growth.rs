//! How loading goes as an archive grows: rate, memory, loading again, beside bare tantivy with the same texts, schema and one writer
//! thread; and how readers fare meanwhile. See `benches/README.md`.
//!
//! `cargo bench --bench growth -- [--counts 10000,100000] [--readers]`

#[path = "common/client.rs"]
mod client;
#[path = "common/corpora.rs"]
mod corpora;
#[path = "search/texts.rs"]
#[allow(dead_code, reason = "each program wants a part of it")]
mod texts;

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use client::Client;
use corpora::corpora;
use nato_archive::index::SearchIndex;
use nato_archive::store::connect_for_work;

fn main() {
    let Some(files) = corpora(&["doj-press-releases.ndjson.gz", "congress-press-releases.ndjson.gz"]) else { return };
    let arguments: Vec<String> = std::env::args().collect();
    let counts = arguments.iter().position(|argument| argument == "--counts").and_then(|at| arguments.get(at + 1));
    let counts: Vec<usize> =
        counts.map_or("10000,24540,100000", String::as_str).split(',').filter_map(|count| count.parse().ok()).collect();
    let lines = texts::lines(&files);
    if arguments.iter().any(|argument| argument == "--readers") {
        readers(&lines, counts.last().copied().unwrap_or(100_000));
        return;
    }
    println!(
        "{:>9} {:>9} {:>8} {:>9} {:>9} {:>7} {:>12} {:>12} {:>8}  outcome",
        "releases", "seconds", "/s", "peak MiB", "bare /s", "ratio", "same bytes/s", "unchanged/s", "times"
    );
    for count in counts {
        row(&lines, count);
    }
}

/// The program at work on a folder, to its end: seconds, its resident set at its highest in MiB, and the sums that it tells.
fn import(folder: &Path, file: &Path) -> (f64, u64, String) {
    let started = Instant::now();
    let mut child = program(folder, &["import", &file.display().to_string()]);
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("a process").is_none() {
        // The last that could be read is the highest: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
        let words = std::fs::read_to_string(&status).unwrap_or_default();
        let line = words.lines().find(|line| line.starts_with("VmHWM"));
        peak = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(peak);
        std::thread::sleep(Duration::from_millis(10));
    }
    let seconds = started.elapsed().as_secs_f64();
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().expect("its output"), &mut said).expect("words");
    (seconds, peak / 1_024, said.lines().next().unwrap_or_default().to_owned())
}

fn program(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nato-archive"));
    command.arg("--data-dir").arg(folder.join("data")).args(arguments).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().expect("the program")
}

fn row(lines: &[String], count: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ndjson = folder.path().join("releases.ndjson");
    texts::write(lines, count, &ndjson);
    let (seconds, memory, told) = import(folder.path(), &ndjson);
    let (same, ..) = import(folder.path(), &ndjson);
    // Other bytes, the same releases: every line is read, recognised and looked up.
    std::fs::OpenOptions::new().append(true).open(&ndjson).expect("the file").write_all(b"\n").expect("a line break");
    let (unchanged, _, again) = import(folder.path(), &ndjson);
    assert!(again.contains(" 0 new, 0 changed") && again.contains(" 0 refused"), "{again}");
    std::fs::remove_file(&ndjson).expect("the texts are no longer needed");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let bare = runtime.block_on(bare(folder.path()));
    let rate = |seconds: f64| count as f64 / seconds;
    println!(
        "{count:>9} {seconds:>9.1} {:>8.0} {memory:>9} {:>9.0} {:>7.2} {:>12.0} {:>12.0} {:>8.1}  {told}",
        rate(seconds),
        rate(bare),
        bare / seconds,
        rate(same),
        rate(unchanged),
        seconds / unchanged
    );
}

/// What tantivy alone takes for the same texts with the same schema and one writer thread, in seconds; reading them does not count.
async fn bare(folder: &Path) -> f64 {
    let store = connect_for_work(&format!("sqlite:{}", folder.join("data/archive.db").display())).await.expect("a store");
    let index = SearchIndex::open(&folder.join("bare")).expect("an index").index;
    let mut writer = index.writer().expect("a writer");
    let (mut after, mut taken) = (0, Duration::ZERO);
    loop {
        let seqs = store.seqs(after, 20_000).await.expect("numbers");
        let Some(last) = seqs.last() else { break };
        after = *last;
        let mut rows = Vec::with_capacity(seqs.len());
        for page in seqs.chunks(1_000) {
            rows.extend(store.index_rows(page).await.expect("rows"));
        }
        let started = Instant::now();
        for row in &rows {
            writer.add(row).expect("a document");
        }
        taken += started.elapsed();
    }
    let started = Instant::now();
    writer.commit(1).expect("a commit");
    writer.finish().expect("the end of merging");
    (taken + started.elapsed()).as_secs_f64()
}

/// A server and an import are processes of their own on the same machine; a reader asks for search pages before and meanwhile.
fn readers(lines: &[String], count: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (first, more) = (folder.path().join("first.ndjson"), folder.path().join("more.ndjson"));
    texts::write(lines, 24_540, &first);
    texts::write(lines, count, &more);
    let program = |arguments: &[&str]| program(folder.path(), arguments);
    program(&["import", &first.display().to_string()]).wait().expect("an import");
    let mut server = program(&["--listen", "127.0.0.1:0", "serve"]);
    let address = address(&mut server);
    let words: Vec<String> = texts::queries(lines);
    let asked = |until: &mut dyn FnMut() -> bool| {
        let mut client = Client::new(address, "gzip");
        let mut times: Vec<f64> = Vec::new();
        while !until() {
            let query = form_urlencoded::byte_serialize(words[times.len() % words.len()].as_bytes()).collect::<String>();
            // A first year long before all texts changes the address, so that no kept page answers.
            let path = format!("/search?q={query}&from={}", 1900 + times.len() / words.len() % 80);
            let started = Instant::now();
            assert!(!client.get(&path).is_empty(), "no answer");
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() as f64 * share) as usize).min(times.len() - 1)];
        (times.len(), at(0.5), at(0.99), at(1.0))
    };
    let started = Instant::now();
    let before = asked(&mut || started.elapsed() > Duration::from_secs(10));
    let mut import = program(&["import", &more.display().to_string()]);
    let started = Instant::now();
    let meanwhile = asked(&mut || import.try_wait().expect("a process").is_some());
    let seconds = started.elapsed().as_secs_f64();
    println!("{:<28} {:>8} {:>9} {:>9} {:>9}", "search pages, one reader", "pages", "p50 ms", "p99 ms", "worst ms");
    for (what, (pages, p50, p99, worst)) in [("nothing else runs", before), ("while an import runs", meanwhile)] {
        println!("{what:<28} {pages:>8} {p50:>9.2} {p99:>9.2} {worst:>9.2}");
    }
    println!("{} releases imported meanwhile, in {seconds:.1} s", count);
    visible(folder.path(), address, &program);
    server.kill().expect("the end of the server");
    server.wait().expect("the end of the server");
}

/// How long after the end of a small import what it brought can be found.
fn visible(folder: &Path, address: SocketAddr, program: &dyn Fn(&[&str]) -> Child) {
    let small = folder.join("small.ndjson");
    std::fs::write(&small, "{\"title\":\"A word that stands nowhere else\",\"body\":\"Quokkaberry.\"}\n").expect("a file");
    program(&["import", &small.display().to_string()]).wait().expect("an import");
    let started = Instant::now();
    let mut client = Client::new(address, "identity");
    while !String::from_utf8_lossy(&client.get("/search?q=quokkaberry")).contains("A word that stands nowhere else") {
        std::thread::sleep(Duration::from_millis(20));
        assert!(started.elapsed() < Duration::from_secs(60), "never visible");
    }
    println!("visible {:.2} s after the end of a small import", started.elapsed().as_secs_f64());
}

fn address(server: &mut Child) -> SocketAddr {
    let out = server.stdout.take().expect("its output");
    let mut lines = BufReader::new(out).lines();
    let line = lines.by_ref().map(|line| line.expect("a line")).find(|line| line.contains("http://")).expect("its address");
    // What it says later is read too, so that it never waits for somebody to listen.
    std::thread::spawn(move || lines.for_each(drop));
    let (_, address) = line.split_once("http://").expect("its address");
    address.trim().parse().expect("an address")
}
