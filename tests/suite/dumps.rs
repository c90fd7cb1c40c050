//! The whole archive as files: they are what pages and programs are given, nothing that is withdrawn is in them, and another archive can be made of them.

mod going;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::Method;
use flate2::read::GzDecoder;
use nato_archive::import::sha256_hex;
use nato_archive::ingest::dumps::{Keeper, Looked, Set};
use nato_archive::ingest::{Clock, Loader, Progress, Report, Source};
use nato_archive::model::history::Field;
use nato_archive::web::exports::kit;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};

use crate::support::answer::Answer;
use crate::support::app::{BASE, Builder, TestApp, ndjson, text, word};
use crate::support::process::program;

/// Words that no file may hold.
const SECRET: &str = "Quetzalcoatlus";

/// Words like no others.
fn invented(n: usize) -> String {
    let mut state = n as u64 + 1;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + (state >> 59) as u8 % 26)
    };
    (0..30 + n % 50).map(|_| (0..6).map(|_| letter()).collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Releases known by key, address and words, dated and not, changed, withdrawn, erased, merged and put right.
async fn eventful() -> TestApp {
    let mut releases: Vec<Value> = (0..110)
        .map(|n| {
            let mut release = json!({
                "source": if n % 7 == 0 { "Ministry of Defence" } else { "NATO" },
                "title": format!("Statement {n}: “resilience” & <more>"),
                "body": format!("Words of statement number {n}.\n\n- one\n- two\n\nThey were {}.", invented(n)),
            });
            match n % 3 {
                0 => release["key"] = json!(format!("k{n}")),
                1 => release["url"] = json!(format!("https://www.example.org/statements/{n}.htm")),
                _ => {}
            }
            match n % 4 {
                0 => release["published_on"] = json!(format!("2025-05-{:02}", n % 28 + 1)),
                1 => release["published_on"] = json!("2019"),
                2 => release["published_on"] = json!("2025-05-05/2025-05-07"),
                _ => {}
            }
            release
        })
        .collect();
    releases[6]["body"] = json!(format!("{SECRET} stood here, and was withdrawn."));
    releases[9]["body"] = json!(format!("{SECRET} stood here too, and was erased."));
    let app = Builder::default().with_seeds().with(ndjson("many.ndjson", &releases)).start().await;
    let changed = json!({"key": "k0", "source": "Ministry of Defence", "title": "Statement 0", "body": "Other words altogether, which say another thing."});
    app.load(&[ndjson("again.ndjson", &[changed])]).await;
    let seq = |n: i64| 24 + n;
    let at = "2026-02-03T04:05:06Z";
    app.store.withdraw(seq(6), &format!("{SECRET} was a mistake."), at).await.expect("withdrawn");
    app.store.erase(seq(9), "The law asked for it.", at).await.expect("erased");
    app.store.merge(seq(12), seq(15), 1.0, "The same.", at).await.expect("merged");
    app.store.correct(seq(20), Field::Date, Some(&json!({"edtf": "2021-03-04"})), "It says so.", at).await.expect("corrected");
    nato_archive::ingest::sync::catch_up(&*app.store, &app.index).await.expect("an index that is level");
    app.archive.refresh().await.expect("a refresh");
    app
}

fn keeper(app: &TestApp, at: &'static str) -> Keeper {
    let urls = app.web.urls().clone();
    Keeper::new(app.store.clone(), app.data_dir(), Clock::fixed(at), move |made_at| kit(&urls, made_at))
}

/// Makes a set and lets the pages know.
async fn made(app: &TestApp, at: &'static str) -> Set {
    assert_eq!(keeper(app, at).look().await.expect("a look"), Looked::Changed);
    app.web.sets().refresh();
    app.web.sets().latest().expect("a set").as_ref().clone()
}

async fn file(app: &TestApp, set: &Set, name: &str) -> Answer {
    app.get(&format!("/data/{}/{name}", set.generation)).await.ok()
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).expect("gzip");
    plain
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    std::str::from_utf8(bytes).expect("UTF-8").lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn ids(releases: &[Value]) -> Vec<String> {
    releases.iter().map(|release| word(&release["id"]).to_owned()).collect()
}

#[tokio::test]
async fn the_files_are_what_programs_are_given() {
    let app = eventful().await;
    let set = made(&app, "2026-11-22T10:00:00Z").await;
    assert_eq!(set.releases, 130);
    let exported = app.get("/search/export.ndjson").await.ok();
    let mut dumped = lines(&unpacked(&file(&app, &set, "releases.ndjson.gz").await.body));
    for release in &mut dumped {
        let fields = release.as_object_mut().expect("an object");
        assert!(fields.remove("layout").is_some() && fields.remove("stated").is_some());
    }
    assert_eq!(dumped, lines(&exported.body));
    assert_eq!(unpacked(&file(&app, &set, "releases.csv.gz").await.body), app.get("/search/export.csv").await.ok().body);
    assert_eq!(unpacked(&file(&app, &set, "releases.bib.gz").await.body), app.get("/search/export.bib").await.ok().body);
    // Harvesters, lists and files agree on what there is.
    let stamped = app.store.stamped(&nato_archive::store::StampedAsked { limit: 1_000, ..Default::default() }).await.expect("stamps");
    let shown: BTreeSet<String> = stamped.iter().filter(|stamped| stamped.shown).map(|stamped| stamped.id.to_string()).collect();
    assert_eq!(ids(&dumped).into_iter().collect::<BTreeSet<_>>(), shown);
    let page = app.get("/data").await.ok();
    for made in &set.files {
        let answer = file(&app, &set, &made.name).await;
        assert_eq!((answer.body.len() as u64, sha256_hex(&answer.body)), (made.bytes, made.sha256.clone()), "{}", made.name);
        assert!(page.text().contains(&made.sha256), "{}", made.name);
        let held = if made.name.ends_with(".gz") { unpacked(&answer.body) } else { answer.body.to_vec() };
        assert!(!held.windows(SECRET.len()).any(|words| words == SECRET.as_bytes()), "{}", made.name);
    }
    let sums = file(&app, &set, "SHA256SUMS").await;
    assert_eq!(sums.text().lines().count(), set.files.len() - 1);
    let package = file(&app, &set, "datapackage.json").await.json();
    let columns = package["resources"][1]["schema"]["fields"].as_array().expect("columns");
    for column in columns {
        assert_eq!(word(&column["description"]).contains("apostrophe"), column["type"] == "string", "{column}");
    }
    // Whose words they are is said of those alone who are known.
    let told = page.text();
    assert!(told.contains("{\"@type\":\"Organization\",\"name\":\"Ministry of Defence\"}"));
    assert!(!told.contains("\"name\":\"Publisher not known\""));
    assert_eq!((package["archive"]["releases"].as_u64(), package["resources"].as_array().map(Vec::len)), (Some(130), Some(4)));
    let rights: u64 = package["rights"].as_array().expect("rights").iter().filter_map(|rights| rights["releases"].as_u64()).sum();
    assert_eq!(rights, 130);
}

#[tokio::test]
async fn the_database_holds_the_same_and_explains_itself() {
    let app = eventful().await;
    let set = made(&app, "2026-11-22T10:00:00Z").await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("archive.sqlite");
    std::fs::write(&path, file(&app, &set, "archive.sqlite").await.body).expect("written");
    let mut database = SqliteConnectOptions::new().filename(&path).connect().await.expect("a database");
    let wrong: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut database).await.expect("a check");
    assert_eq!(wrong, ["ok"]);
    assert!(sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut database).await.expect("a check").is_empty());
    let dumped = lines(&unpacked(&file(&app, &set, "releases.ndjson.gz").await.body));
    let rows = sqlx::query("SELECT * FROM releases ORDER BY number_in_list").fetch_all(&mut database).await.expect("rows");
    assert_eq!(rows.len(), dumped.len());
    for (row, release) in rows.iter().zip(&dumped) {
        let field = |name: &str| row.get::<Option<String>, _>(name).unwrap_or_default();
        let given = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        for (column, value) in [
            ("id", &release["id"]),
            ("permalink", &release["url"]),
            ("title", &release["title"]),
            ("published_edtf", &release["published"]["edtf"]),
            ("published_earliest", &release["published"]["earliest"]),
            ("published_latest", &release["published"]["latest"]),
            ("published_sort", &release["published"]["sort_on"]),
            ("kind", &release["kind"]),
            ("publisher", &release["source"]["name"]),
            ("publisher_key", &release["key"]),
            ("original_url", &release["original_url"]),
            ("sha256", &release["sha256"]),
            ("text", &release["text"]),
        ] {
            assert_eq!(field(column), given(value), "{column}");
        }
        assert_eq!(sha256_hex(field("text").as_bytes()), field("sha256"));
    }
    let count = async |database: &mut sqlx::SqliteConnection, sql: &'static str| -> i64 {
        sqlx::query_scalar(sql).fetch_one(database).await.expect(sql)
    };
    let sum = |field: &str| dumped.iter().map(|release| release[field].as_array().map_or(0, Vec::len) as i64).sum::<i64>();
    assert_eq!(count(&mut database, "SELECT count(*) FROM release_topics").await, sum("topics"));
    assert_eq!(count(&mut database, "SELECT count(*) FROM mentions").await, sum("places") + sum("people") + sum("organisations"));
    assert_eq!(count(&mut database, "SELECT count(*) FROM dates").await, sum("dates"));
    let old: (String, i64, String) = sqlx::query_as(
        "SELECT v.title, v.version, v.text FROM versions v JOIN releases r ON r.id = v.release WHERE r.publisher_key = 'k0'",
    )
    .fetch_one(&mut database)
    .await
    .expect("a version");
    assert_eq!((old.0.as_str(), old.1), ("Statement 0: “resilience” & <more>", 1));
    assert!(old.2.contains("Words of statement number 0."));
    assert_eq!(count(&mut database, "SELECT count(*) FROM versions").await, 1);
    assert_eq!(count(&mut database, "SELECT count(*) FROM sources").await, 1);
    // None of the archive's own tables, nothing of its owner's.
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1")
            .fetch_all(&mut database)
            .await
            .expect("tables");
    assert_eq!(tables, ["about", "dates", "mentions", "release_topics", "releases", "rights", "sources", "topics", "versions"]);
}

#[tokio::test]
async fn another_archive_is_made_of_the_lines() {
    let app = eventful().await;
    let set = made(&app, "2026-11-22T10:00:00Z").await;
    let given = unpacked(&file(&app, &set, "releases.ndjson.gz").await.body);
    let other = Builder::default().with(text("releases.ndjson", std::str::from_utf8(&given).expect("UTF-8"))).start().await;
    let again = lines(&other.get("/search/export.ndjson").await.ok().body);
    let mut given = lines(&given);
    assert_eq!(given.len(), again.len());
    let by_id = |releases: &mut Vec<Value>| releases.sort_by_key(|release| word(&release["id"]).to_owned());
    let mut again = again;
    by_id(&mut given);
    by_id(&mut again);
    for (one, other) in given.iter().zip(&again) {
        for field in ["id", "key", "title", "text", "sha256", "original_url", "source", "kind", "lang", "url"] {
            assert_eq!(one[field], other[field], "{field} of {}", one["id"]);
        }
        // Where a day is known by its bounds only, that of lists came from its neighbours in its document: it is taken over.
        for field in ["edtf", "earliest", "latest", "sort_on"] {
            assert_eq!(one["published"][field], other["published"][field], "{field} of {}", one["id"]);
        }
        let topics =
            |release: &Value| release["topics"].as_array().expect("topics").iter().map(|topic| topic["slug"].clone()).collect::<Vec<_>>();
        assert_eq!(topics(one), topics(other), "{}", one["id"]);
    }
    // Its own files give the same lines once more, but for when and from where they came.
    let checked = nato_archive::ingest::check::check(&*other.store, &other.index).await.expect("a check");
    assert!(checked.wrong.is_empty(), "{:?}", checked.wrong);
    // A text that is not what its checksum says is refused, and so are places that do not fit.
    for (pointer, wrong) in [
        ("/sha256", json!("0".repeat(64))),
        ("/text", json!("Others")),
        ("/layout/body", json!([99_999, 100_000])),
        ("/layout/title/0", json!(1)),
        ("/published/sort_on", json!("some day")),
    ] {
        let mut line = given[0].clone();
        *line.pointer_mut(pointer).expect(pointer) = wrong;
        let report = TestApp::empty().await.load(&[ndjson("wrong.ndjson", &[line])]).await;
        assert_eq!((report.refused, report.new), (1, 0), "{pointer}");
    }
}

/// What was to be read, and what was dealt with at each step.
#[derive(Default)]
struct Steps {
    total: u64,
    done: Vec<u64>,
}

impl Progress for Steps {
    fn start(&mut self, bytes: u64) {
        self.total = bytes;
    }

    fn advance(&mut self, bytes: u64, _: &Report) {
        self.done.push(self.done.last().copied().unwrap_or_default() + bytes);
    }
}

#[tokio::test]
async fn a_packed_file_is_dealt_with_when_all_of_it_is() {
    let lines: String =
        (0..1_250).map(|n| format!("{}\n", json!({"key": n.to_string(), "title": "A title", "body": invented(n)}))).collect();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(lines.as_bytes()).expect("gzip");
    let bytes: Arc<[u8]> = packed.finish().expect("gzip").into();
    let app = TestApp::empty().await;
    let loader = Loader::new(app.store.clone(), Clock::system()).await.expect("a loader");
    for again in [false, true] {
        let mut steps = Steps::default();
        let mut report = Report::default();
        loader.load(&[Source::Input(Arc::clone(&bytes))], &app.index, &mut report, &mut steps).await.expect("a load");
        assert_eq!((steps.total, steps.done.last().copied()), (bytes.len() as u64, Some(bytes.len() as u64)), "{again}");
        // A batch of a thousand is about four fifths of it.
        let first = steps.done[0] * 100 / steps.total;
        assert!(again || (75..=85).contains(&first), "{:?}", steps.done);
    }
}

#[tokio::test]
async fn a_day_of_lists_is_taken_over_where_the_bounds_allow_it() {
    let stated = json!({"key": "k", "title": "T", "body": "B.", "published_on": "2019-05"});
    let app = Builder::default().with(ndjson("one.ndjson", &[stated])).start().await;
    let set = made(&app, "2026-11-22T10:00:00Z").await;
    let line = lines(&unpacked(&file(&app, &set, "releases.ndjson.gz").await.body)).remove(0);
    let own = word(&line["published"]["sort_on"]).to_owned();
    for (day, wanted) in [("2019-05-17", "2019-05-17"), ("2019-05-31", "2019-05-31"), ("2019-06-01", &*own), ("2018-05-17", &*own)] {
        let mut line = line.clone();
        line["published"]["sort_on"] = json!(day);
        let app = Builder::default().with(ndjson("own.ndjson", &[line])).start().await;
        let again = lines(&app.get("/search/export.ndjson").await.ok().body).remove(0);
        assert_eq!(word(&again["published"]["sort_on"]), wanted, "{day}");
        assert_eq!(again["published"]["edtf"], "2019-05", "{day}");
    }
}

#[tokio::test]
async fn sets_come_when_they_are_due_and_go_when_something_is_withdrawn() {
    let app = eventful().await;
    assert!(app.get("/data").await.ok().text().contains("No files of the whole archive"));
    app.get("/data/latest/releases.csv.gz").await.is(404);
    let first = made(&app, "2026-11-22T10:00:00Z").await;
    assert_eq!(keeper(&app, "2026-11-22T23:00:00Z").look().await.expect("a look"), Looked::Nothing);
    // Not more often than once an hour.
    app.load(&[ndjson("one.ndjson", &[json!({"key": "one", "title": "One more", "body": "Words."})])]).await;
    assert_eq!(keeper(&app, "2026-11-22T10:59:00Z").look().await.expect("a look"), Looked::Nothing);
    let second = made(&app, "2026-11-22T11:00:00Z").await;
    assert_eq!(second.releases, first.releases + 1);
    app.load(&[ndjson("two.ndjson", &[json!({"key": "two", "title": "Two more", "body": "Words."})])]).await;
    let third = made(&app, "2026-11-22T12:00:00Z").await;
    // The last two are kept.
    app.get(&format!("/data/{}/SHA256SUMS", first.generation)).await.is(404);
    file(&app, &second, "SHA256SUMS").await;
    // What is withdrawn goes at once, from every set.
    let seq = 100;
    app.store.withdraw(seq, "By mistake.", "2026-11-22T12:01:00Z").await.expect("withdrawn");
    let fourth = made(&app, "2026-11-22T12:01:30Z").await;
    assert_eq!(fourth.releases, third.releases - 1);
    for gone in [&second, &third] {
        let told = app.get(&format!("/data/{}/releases.ndjson.gz", gone.generation)).await.is(404);
        assert!(told.text().contains("not kept any more") && told.text().contains("/data/latest/releases.ndjson.gz"), "{}", told.text());
    }
    let left: Vec<PathBuf> =
        std::fs::read_dir(app.data_dir().join("public")).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    assert_eq!(left.len(), 2, "one set and a lock: {left:?}");
    // While somebody writes, none is made.
    app.load(&[ndjson("three.ndjson", &[json!({"key": "three", "title": "Three more", "body": "Words."})])]).await;
    let lock = nato_archive::ingest::WriterLock::take(app.data_dir(), "a test").expect("the lock");
    assert_eq!(keeper(&app, "2026-11-22T14:00:00Z").look().await.expect("a look"), Looked::Nothing);
    drop(lock);
    made(&app, "2026-11-22T14:00:00Z").await;
}

#[tokio::test]
async fn files_can_be_had_in_parts_and_need_not_be_sent_twice() {
    let app = TestApp::seeds().await;
    let set = made(&app, "2026-11-22T10:00:00Z").await;
    let path = format!("/data/{}/releases.ndjson.gz", set.generation);
    let whole = app.get(&path).await.ok();
    let (length, etag) = (whole.body.len(), whole.header("etag").to_owned());
    assert_eq!((whole.header("content-type"), whole.header("accept-ranges")), ("application/gzip", "bytes"));
    assert!(whole.maybe("content-encoding").is_none());
    assert_eq!(whole.header("last-modified"), "Sun, 22 Nov 2026 10:00:00 GMT");
    let ask = async |headers: &[(&str, &str)]| app.ask(Method::GET, &path, headers).await;
    for (range, from, to) in
        [("bytes=0-0", 0, 1), ("bytes=10-99", 10, 100), ("bytes=100-", 100, length), ("bytes=-50", length - 50, length)]
    {
        let part = ask(&[("range", range)]).await.is(206);
        assert_eq!(part.header("content-range"), format!("bytes {from}-{}/{length}", to - 1));
        assert_eq!((&part.body[..], part.header("etag")), (&whole.body[from..to], etag.as_str()), "{range}");
        assert_eq!(part.header("content-length"), (to - from).to_string());
    }
    let beyond = ask(&[("range", &format!("bytes={length}-"))]).await.is(416);
    assert_eq!((beyond.header("content-range"), beyond.body.len()), (format!("bytes */{length}").as_str(), 0));
    for (headers, status) in [
        (vec![("range", "bytes=0-1,5-6")], 200),
        (vec![("range", "bytes=5-4")], 200),
        (vec![("range", "bytes=0-9"), ("if-range", etag.as_str())], 206),
        (vec![("range", "bytes=0-9"), ("if-range", "Sun, 22 Nov 2026 10:00:00 GMT")], 206),
        (vec![("range", "bytes=0-9"), ("if-range", "\"another\"")], 200),
        (vec![("range", "bytes=0-9"), ("if-range", "Sat, 21 Nov 2026 10:00:00 GMT")], 200),
        (vec![("if-none-match", etag.as_str())], 304),
        (vec![("if-none-match", "\"another\"")], 200),
    ] {
        ask(&headers).await.is(status);
    }
    let head = app.head(&path).await.ok();
    assert_eq!((head.header("content-length"), head.body.len(), head.header("etag")), (length.to_string().as_str(), 0, etag.as_str()));
    let latest = app.get("/data/latest/releases.ndjson.gz").await.is(307);
    assert_eq!(latest.header("location"), path);
    for nothing in ["making.lock", "..%2f..%2farchive.db", "%2e%2e", "releases.ndjson", "SHA256SUMS%00", ".part-1"] {
        app.get(&format!("/data/{}/{nothing}", set.generation)).await.is(404);
        app.get(&format!("/data/latest/{nothing}")).await.is(404);
    }
    for generation in ["0", "01", "-1", "+1", "x", "99999999999999999999", "..", "%2e%2e", &format!("0{}", set.generation)] {
        app.get(&format!("/data/{generation}/SHA256SUMS")).await.is(404);
    }
    app.ask(Method::POST, &path, &[]).await.is(405);
    // The page tells of the set as soon as it is there, and machines too.
    let page = app.get("/data").await.ok();
    assert!(page.text().contains("\"@type\":\"Dataset\"") && page.text().contains(&format!("\"{BASE}/data/latest/releases.ndjson.gz\"")));
}

#[tokio::test]
async fn the_command_writes_a_set_that_is_whole_and_checks_itself() {
    let app = TestApp::seeds().await;
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("taken");
    let run = |more: &[&str]| {
        let mut command = program(app.data_dir());
        command.args(["--base-url", BASE, "export", "--public"]).arg(&to).args(more);
        command.output().expect("the program")
    };
    let said = run(&[]);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let names = |folder: &Path| -> BTreeSet<String> {
        std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect()
    };
    let all = ["SHA256SUMS", "archive.sqlite", "datapackage.json", "releases.bib.gz", "releases.csv.gz", "releases.ndjson.gz"];
    assert_eq!(names(&to), all.map(str::to_owned).into());
    for line in std::fs::read_to_string(to.join("SHA256SUMS")).expect("checksums").lines() {
        let (sum, name) = line.split_once("  ").expect("a checksum and a name");
        assert_eq!(sha256_hex(&std::fs::read(to.join(name)).expect(name)), sum, "{name}");
    }
    assert_eq!(run(&[]).status.code(), Some(1));
    assert_eq!(run(&["--force"]).status.code(), Some(0));
    assert_eq!(names(folder.path()), BTreeSet::from(["taken".to_owned()]));
    // The same releases give the same bytes.
    let set = made(&app, "2026-11-22T10:00:00Z").await;
    for name in ["releases.csv.gz", "releases.ndjson.gz"] {
        assert_eq!(file(&app, &set, name).await.body, std::fs::read(to.join(name)).expect(name), "{name}");
    }
    // An import of the packed lines as they are.
    let other = tempfile::tempdir().expect("a folder");
    let loaded = program(other.path()).arg("import").arg(to.join("releases.ndjson.gz")).output().expect("the program");
    assert!(
        loaded.status.success() && String::from_utf8_lossy(&loaded.stdout).contains("23"),
        "{}",
        String::from_utf8_lossy(&loaded.stderr)
    );
}
