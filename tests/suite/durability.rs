//! What stops a run half-way (a kill, a full disk, a lost write, a damaged file) costs time and nothing else.
//!
//! The short forms; `cargo bench --bench crash` kills at hundreds of points.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::support::crash::{Material, Story, Work, copy_folder, invented, material, program, run};
use crate::support::process::{Server, eventually};

/// Many small documents: each is a transaction of its own, so that there is much to be cut off between.
fn small() -> Material {
    material(&invented(90), 10)
}

fn story() -> Story {
    Story::of(&small())
}

/// Kills each work at some points and tells what went wrong.
fn killed_at(story: &Story, points: &[(Work, f64)]) {
    let outcomes: Vec<_> = points.iter().map(|(work, share)| (work, share, story.killed(*work, *share))).collect();
    assert!(outcomes.iter().any(|(.., outcome)| outcome.killed), "nothing was at work any more when it was killed");
    let wrong: Vec<String> = outcomes
        .iter()
        .filter(|(.., outcome)| !outcome.wrong.is_empty())
        .map(|(work, share, outcome)| format!("{} at {share}: {}", work.said(), outcome.wrong))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_killed_run_taken_up_again_gives_the_archive_of_an_undisturbed_one() {
    let story = story();
    let at = [
        (Work::Import, 0.25),
        (Work::Import, 0.5),
        (Work::Import, 0.75),
        (Work::Again, 0.4),
        (Work::Again, 0.8),
        (Work::Reindex, 0.6),
        (Work::Load, 0.5),
        (Work::Restore, 0.5),
    ];
    killed_at(&story, &at);
}

/// Frames of a write-ahead log: a head of 32 bytes, then pages of 4,096 with 24 bytes before each (<https://www.sqlite.org/fileformat2.html>).
const LOG_HEAD: u64 = 32;
const FRAME: u64 = 24 + 4096;

#[tokio::test(flavor = "multi_thread")]
async fn writes_that_never_reached_the_disk_are_made_again() {
    let story = story();
    let log = |name: &str| story.path(name).join("archive.db-wal");
    // As long as somebody reads, the log is not put away when the program ends.
    story.copy("empty", "read");
    let mut reader = SqliteConnectOptions::new().filename(story.path("read").join("archive.db")).connect().await.expect("a connection");
    // What was there before is on the disk.
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut reader).await.expect("a log put away");
    for folder in ["first", "again"] {
        run(&story.path("read"), &["import", &story.path(folder).to_string_lossy()]).expect("an import");
    }
    let whole = std::fs::metadata(log("read")).expect("the log of a run that ended").len();
    assert!(whole > LOG_HEAD + 10 * FRAME, "there is no log to lose: {whole}");
    for (turn, share) in [0.0, 0.2, 0.45, 0.7, 0.95].into_iter().enumerate() {
        let name = format!("lost-{turn}");
        story.copy("read", &name);
        // Cut between two frames and within one; what follows the cut is gone, or was never more than zeros.
        let frames = ((whole - LOG_HEAD) / FRAME) as f64 * share;
        let end = LOG_HEAD + frames as u64 * FRAME + if turn % 2 == 0 { 0 } else { 1_000 };
        let mut bytes = std::fs::read(log(&name)).expect("the log");
        match turn % 2 {
            0 => bytes.truncate(end as usize),
            _ => bytes[end as usize..].fill(0),
        }
        std::fs::write(log(&name), bytes).expect("the log");
        std::fs::remove_file(story.path(&name).join("archive.db-shm")).expect("its index");
        // The index had been brought further than the database now is; or what it had written last is gone too.
        if turn % 2 == 1 {
            lose_last_segment(&story.path(&name).join("index"));
        }
        run(&story.path(&name), &["export", "-"]).expect("an earlier state that is whole");
        for folder in ["first", "again"] {
            run(&story.path(&name), &["import", &story.path(folder).to_string_lossy()]).unwrap_or_else(|wrong| panic!("{share}: {wrong}"));
        }
        story.compare(&name).unwrap_or_else(|wrong| panic!("{share}: {wrong}"));
    }
}

fn lose_last_segment(index: &Path) {
    let mut files: Vec<PathBuf> = std::fs::read_dir(index).expect("the index").map(|entry| entry.expect("a file").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "store" || extension == "idx"));
    files.sort();
    std::fs::remove_file(files.last().expect("a segment")).expect("a removal");
}

/// Runs the program with a bound on the length of every file that it writes, in KiB; what it said, if it failed.
fn bounded(data_dir: &Path, kib: u64, arguments: &[&str]) -> Option<String> {
    let mut command = program(data_dir);
    command.args(arguments);
    let words: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).map(|word| word.to_owned()).collect();
    let output = Command::new("sh")
        // Without the signal a write beyond the bound fails as on a full disk.
        .args(["-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\"", &(kib * 2).to_string()])
        .args(words)
        .env("NATO_ARCHIVE_CLOCK", "2026-01-01T00:00:00Z")
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    (!output.status.success()).then_some(err)
}

#[test]
fn a_disk_that_is_full_is_said_and_costs_nothing_that_was_stored() {
    let story = story();
    let first = story.path("first").to_string_lossy().into_owned();
    let backup = story.path("small.db").to_string_lossy().into_owned();
    let export = story.path("small.ndjson").to_string_lossy().into_owned();
    let mut failed = 0;
    for (begin, kib, arguments) in [
        ("empty", 100, vec!["import", first.as_str()]),
        ("empty", 300, vec!["import", first.as_str()]),
        ("both", 64, vec!["reindex"]),
        ("both", 100, vec!["backup", backup.as_str()]),
        ("both", 100, vec!["export", export.as_str()]),
        ("both", 64, vec!["describe", "--builtin"]),
    ] {
        let name = "full";
        let _ = std::fs::remove_dir_all(story.path(name));
        story.copy(begin, name);
        let before = run(&story.path(name), &["export", "-"]).expect("an export");
        if let Some(said) = bounded(&story.path(name), kib, &arguments) {
            failed += 1;
            assert!(said.contains("nato-archive: ") && !said.contains("panicked"), "{arguments:?}: {said}");
            assert!(
                said.to_lowercase().contains("disk") || said.contains("space") || said.contains("large"),
                "{arguments:?} does not say why: {said}"
            );
            assert!(arguments[0] != "backup" || said.contains("no backup was written:") && !said.contains("batch"), "{said}");
        }
        assert!(!Path::new(&backup).exists() && !Path::new(&export).exists() || arguments[0] == "import", "half a file has its name");
        if begin == "both" && arguments[0] != "describe" {
            assert_eq!(run(&story.path(name), &["export", "-"]).expect("an export"), before, "{arguments:?}");
        }
        // With room again it is as if nothing had been.
        for folder in ["first", "again"] {
            run(&story.path(name), &["import", &story.path(folder).to_string_lossy()])
                .unwrap_or_else(|wrong| panic!("{arguments:?}: {wrong}"));
        }
        story.compare(name).unwrap_or_else(|wrong| panic!("{arguments:?}: {wrong}"));
    }
    assert!(failed >= 4, "only {failed} runs met the bound");
}

/// A file system that cannot be written to, where the system lets us make one; unmounted when dropped.
struct ReadOnly(PathBuf);

impl ReadOnly {
    fn of(folder: &Path, at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).ok()?;
        let mount = |arguments: &[&str]| {
            Command::new("mount").args(arguments).arg(at).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
        };
        if !mount(&["-t", "tmpfs", "-o", "size=64m", "tmpfs"]) {
            return None;
        }
        let mounted = Self(at.to_owned());
        copy_folder(folder, at);
        mount(&["-o", "remount,ro"]).then_some(mounted)
    }
}

impl Drop for ReadOnly {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_read_only_archive_is_left_alone_with_a_sentence() {
    let story = story();
    let Some(mounted) = ReadOnly::of(&story.path("both"), &story.path("mounted")) else {
        eprintln!("no file system can be mounted here: nothing was tried");
        return;
    };
    let first = story.path("first").to_string_lossy().into_owned();
    for arguments in
        [vec!["import", first.as_str()], vec!["reindex"], vec!["describe", "--builtin"], vec!["serve", "--listen", "127.0.0.1:0"]]
    {
        let said = run(&mounted.0, &arguments).expect_err("a read-only archive");
        assert!(said.contains("nato-archive: ") && !said.contains("panicked"), "{arguments:?}: {said}");
        assert!(said.contains("read") || said.contains("write"), "{arguments:?}: {said}");
    }
    // From outside it is still the whole archive.
    copy_folder(&mounted.0, &story.path("back"));
    story.compare("back").unwrap_or_else(|wrong| panic!("{wrong}"));
}

/// One archive of an undisturbed run for the tests that only look at copies of it.
fn sound() -> &'static Story {
    static STORY: OnceLock<Story> = OnceLock::new();
    STORY.get_or_init(story)
}

fn total(server: &Server) -> u64 {
    let answer = server.get("/api/v1/search?q=ministers");
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    serde_json::from_str::<Value>(body).ok().and_then(|value| value["total"].as_u64()).unwrap_or(0)
}

#[test]
fn a_damaged_index_is_built_anew_by_a_server() {
    let story = sound();
    let untouched = {
        story.copy("both", "untouched");
        total(&Server::start(&story.path("untouched"), &[]))
    };
    assert!(untouched > 50, "{untouched}");
    type Damage = fn(&mut Vec<u8>) -> bool;
    let damages: [(&str, Damage); 4] = [
        ("flipped in the middle", |bytes| {
            let at = bytes.len() / 2;
            bytes.get_mut(at).is_some_and(|byte| {
                *byte ^= 0x55;
                true
            })
        }),
        ("flipped at the beginning", |bytes| {
            bytes.first_mut().is_some_and(|byte| {
                *byte ^= 0x55;
                true
            })
        }),
        ("cut in half", |bytes| {
            bytes.truncate(bytes.len() / 2);
            true
        }),
        ("gone", |_| false),
    ];
    let kinds = ["idx", "pos", "term", "store", "fast", "fieldnorm", "json"];
    for (turn, (kind, (what, damage))) in kinds.into_iter().flat_map(|kind| damages.iter().map(move |damage| (kind, damage))).enumerate() {
        // Every kind of file with every kind of damage, half of them each.
        if turn % 2 == 1 {
            continue;
        }
        let name = format!("damaged-{turn}");
        story.copy("both", &name);
        let mut touched = 0;
        for entry in std::fs::read_dir(story.path(&name).join("index")).expect("the index") {
            let path = entry.expect("a file").path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if hidden || path.extension().is_none_or(|extension| extension != kind) {
                continue;
            }
            let mut bytes = std::fs::read(&path).expect("a file");
            match damage(&mut bytes) {
                true => std::fs::write(&path, bytes).expect("a file"),
                false => std::fs::remove_file(&path).expect("a removal"),
            }
            touched += 1;
        }
        assert!(touched > 0, "{kind}");
        let server = Server::start(&story.path(&name), &[]);
        // A slow machine serves before it has looked at all of the index.
        eventually(&format!("{kind} {what}: the search finds everything again, and each page is there"), || {
            let is_there = |page: &&str| server.get(page).starts_with("HTTP/1.1 200");
            total(&server) == untouched && ["/", "/search?q=defence", "/dates"].iter().all(is_there)
        });
        drop(server);
        std::fs::remove_dir_all(story.path(&name)).expect("a removal");
    }
}

#[test]
fn damage_to_the_database_is_found_and_answered_with_advice() {
    let story = sound();
    story.copy("both", "flat");
    // All of it in the one file, so that every flip is a flip of the archive.
    let flat = story.path("flat.db");
    run(&story.path("flat"), &["backup", &flat.to_string_lossy()]).expect("a backup");
    let bytes = std::fs::read(&flat).expect("the database");
    let words = b"Ministers spoke about";
    let in_a_text = bytes.windows(words.len()).rposition(|window| window == words).expect("words");
    let mut found = 0;
    let places = [2, 20, 100, in_a_text].into_iter().chain((1..12).map(|page| page * 4096 * 5));
    for (turn, at) in places.enumerate().filter(|(_, at)| *at < bytes.len()) {
        let data = story.path(&format!("flipped-{turn}"));
        std::fs::create_dir(&data).expect("a folder");
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x3f;
        std::fs::write(data.join("archive.db"), flipped).expect("a database");
        let said = match run(&data, &["reindex"]).and_then(|_| run(&data, &["check"])) {
            Ok(said) => said,
            Err(said) => {
                found += 1;
                assert!(said.to_lowercase().contains("restore a backup") && !said.contains("panicked"), "byte {at}: {said}");
                continue;
            }
        };
        // A byte that nothing rests on may be anything.
        assert!(said.contains("all well"), "byte {at}: {said}");
        let mut told = run(&data, &["export", "-"]).expect("an export");
        told.truncate(story.told().len());
        assert_eq!(told.as_bytes(), story.told(), "byte {at} is found by nobody");
    }
    assert!(found >= 10, "only {found} flips were found");
}

#[test]
fn readers_meet_no_error_while_everything_happens() {
    let story = sound();
    // An archive that has something to find: what is imported is found once it is indexed.
    story.copy("one", "read");
    let data = story.path("read");
    let server = Server::start(&data, &[]);
    let over = AtomicBool::new(false);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let readers: Vec<_> = ["/", "/search?q=defence", "/dates", "/api/v1/releases?limit=50", "/livez"]
            .into_iter()
            .map(|page| {
                let (server, over) = (server.address().to_owned(), &over);
                scope.spawn(move || {
                    let mut wrong = Vec::new();
                    while !over.load(Ordering::Relaxed) {
                        let status = status(&server, page);
                        if status >= 500 || status == 0 {
                            wrong.push(format!("{page}: {status}"));
                        }
                    }
                    wrong
                })
            })
            .collect();
        for arguments in [
            vec!["import".into(), story.path("again").to_string_lossy().into_owned()],
            vec!["describe".into(), "--builtin".into()],
            vec!["backup".into(), story.path("while-read.db").to_string_lossy().into_owned()],
            vec!["reindex".into()],
        ] {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            run(&data, &arguments).unwrap_or_else(|wrong| panic!("{wrong}"));
        }
        over.store(true, Ordering::Relaxed);
        readers.into_iter().flat_map(|reader| reader.join().expect("a reader")).collect()
    });
    assert_eq!(wrong, Vec::<String>::new());
    eventually("the server shows everything", || total(&server) > 50);
}

/// The status of a page; 0 where nobody answered.
fn status(address: &str, page: &str) -> u16 {
    use std::io::{Read, Write};
    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return 0 };
    let asked = write!(stream, "GET {page} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut answer = String::new();
    let _ = asked.and_then(|()| stream.read_to_string(&mut answer));
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

#[test]
fn a_lock_that_a_killed_process_left_is_nobodys() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["writer.lock", "serving.lock"] {
        std::fs::write(folder.path().join(name), "an import, process 1").expect("a lock");
    }
    let file = folder.path().join("one.ndjson");
    std::fs::write(&file, invented(1)[0].to_string() + "\n").expect("a document");
    run(folder.path(), &["import", &file.to_string_lossy()]).expect("an import");
    assert!(run(folder.path(), &["check"]).expect("a check").contains("all well"));
}

#[test]
fn a_clock_that_jumps_disturbs_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let all = small();
    let documents = all.first.iter().zip(&all.again).flat_map(|(one, other)| [one, other]);
    let clocks = ["2026-03-01T00:00:00Z", "2024-02-29T23:59:59Z", "1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z"];
    for ((name, releases), clock) in documents.take(8).zip(clocks.into_iter().cycle()) {
        let path = folder.path().join(name);
        let lines: Vec<String> = releases.iter().map(Value::to_string).collect();
        std::fs::write(&path, lines.join("\n") + "\n").expect("a document");
        let output = program(&data).arg("import").arg(&path).env("NATO_ARCHIVE_CLOCK", clock).output().expect("the program");
        assert!(output.status.success(), "{clock}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(run(&data, &["check"]).expect("a check").contains("all well"));
    let whole = folder.path().join("whole.ndjson");
    run(&data, &["export", &whole.to_string_lossy()]).expect("an export");
    let other = folder.path().join("other");
    run(&other, &["import", &whole.to_string_lossy()]).expect("a load");
    assert_eq!(run(&other, &["export", "-"]).expect("an export").into_bytes(), std::fs::read(&whole).expect("an export"));
    let server = Server::start(&data, &[]);
    for page in ["/", "/dates", "/search?q=defence"] {
        assert!(server.get(page).starts_with("HTTP/1.1 200"), "{page}");
    }
}
