//! The program as people run it: what it says, how it ends, and how two of them get along.

use std::path::Path;
use std::process::Stdio;

use nato_archive::ingest::WriterLock;
use serde_json::Value;

use crate::support::process::{Said, Server, eventually, program};

fn run(data_dir: &Path, arguments: &[&str]) -> Said {
    program(data_dir).args(arguments).output().expect("the program").into()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A file beside the archive, with its path as an argument.
fn file(folder: &tempfile::TempDir, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a file");
    path.to_string_lossy().into_owned()
}

const GOOD: &str = "{\"title\":\"A title\",\"body\":\"Words about defence.\",\"published_on\":\"2024-05-06\"}\n";

/// The body of an answer as JSON.
fn json(answer: &str) -> Value {
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

fn total(server: &Server, query: &str) -> u64 {
    json(&server.get(&format!("/api/v1/search?{query}")))["total"].as_u64().unwrap_or(0)
}

#[test]
fn help_names_every_command_with_examples() {
    let home = folder();
    let help = run(home.path(), &["--help"]);
    assert_eq!(help.code, Some(0));
    for words in [
        "serve",
        "import",
        "follow",
        "unfollow",
        "poll",
        "describe",
        "reindex",
        "check",
        "Examples:",
        "nato-archive import",
        "Exit status: 0",
        "--data-dir",
        "NATO_ARCHIVE_LISTEN",
    ] {
        assert!(help.out.contains(words), "{words}: {}", help.out);
    }
    for command in ["serve", "import", "follow", "unfollow", "poll", "describe", "reindex", "check"] {
        let help = run(home.path(), &[command, "--help"]);
        assert_eq!((help.code, help.err.as_str()), (Some(0), ""), "{command}");
    }
    assert!(run(home.path(), &["--version"]).out.starts_with("nato-archive "));
    assert!(std::fs::read_dir(home.path()).expect("a folder").next().is_none(), "help makes nothing");
}

#[test]
fn an_import_says_what_it_did_and_ends_accordingly() {
    let (home, files) = (folder(), folder());
    let good = file(&files, "good.ndjson", GOOD);
    let mixed = file(&files, "mixed.ndjson", format!("{}{{\"title\":\"B\"}}\nnonsense\n", GOOD.replace("A title", "Another title")));
    let first = run(home.path(), &["import", &good]);
    assert_eq!((first.code, first.err.as_str()), (Some(0), ""), "{}", first.out);
    assert!(first.out.contains("1 document: 1 new, 0 changed, 0 unchanged, 0 mirrors, 0 refused"), "{}", first.out);
    let again = run(home.path(), &["import", &good]);
    assert!(again.code == Some(0) && again.out.contains("0 new, 0 changed, 1 unchanged"), "{}", again.out);
    let mixed = run(home.path(), &["import", &mixed]);
    assert_eq!(mixed.code, Some(1));
    assert!(mixed.out.contains("1 new, 0 changed, 0 unchanged, 0 mirrors, 2 refused"), "{}", mixed.out);
    for line in ["line 2", "line 3"] {
        let told = mixed.err.lines().find(|told| told.contains(line)).unwrap_or_else(|| panic!("{line}: {}", mixed.err));
        assert!(told.starts_with("refused: ") && told.contains("mixed.ndjson") && told.ends_with('.'), "{told}");
    }
    // An import is an import: no seeds come with it.
    let check = run(home.path(), &["check"]);
    assert_eq!(check.code, Some(0), "{}", check.out);
    assert!(check.out.contains("2 releases checked") && check.out.trim_end().ends_with("all well"), "{}", check.out);
}

#[test]
fn wrong_use_ends_with_2_and_a_missing_file_with_1() {
    let home = folder();
    let wrong: [&[&str]; 8] = [
        &["import"],
        &["unknown"],
        &["--listen", "nowhere"],
        &["describe", "--builtin", "--topics", "x"],
        &["--base-url", "ftp://example.org", "serve", "--no-seeds"],
        &["--base-url", "https://example.org/../x", "check"],
        &["--base-url", "https://example.org/releases", "check"],
        &["--base-url", "https://bücher.example", "check"],
    ];
    for arguments in wrong {
        let said = run(home.path(), arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}: {}", said.err);
        assert!(said.err.contains("--help"), "{arguments:?}: {}", said.err);
    }
    let missing = home.path().join("nothing-here.ndjson");
    let said = run(&home.path().join("data"), &["import", &missing.to_string_lossy()]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.err.contains("nothing-here.ndjson"), "{}", said.err);
}

#[test]
fn an_archive_may_be_begun_by_several_at_once() {
    for _ in 0..4 {
        let home = folder();
        let data = home.path().join("data");
        let files: Vec<String> =
            (0..4).map(|number| file(&home, &format!("{number}.ndjson"), GOOD.replace("A title", &format!("Title {number}")))).collect();
        let begun: Vec<_> = files
            .iter()
            .map(|path| program(&data).args(["import", path]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program"))
            .collect();
        for child in begun {
            let said: Said = child.wait_with_output().expect("an end").into();
            assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        }
        let check = run(&data, &["check"]);
        assert!(check.out.contains("4 releases checked"), "{}", check.out);
    }
}

/// A disk that is not mounted yet must not cost the backup of the night before.
#[test]
fn a_folder_without_an_archive_is_no_archive_that_holds_nothing() {
    let home = folder();
    let (nowhere, backup) = (home.path().join("unmounted"), home.path().join("night.db"));
    std::fs::write(&backup, "the last good one").expect("a file");
    let backup_path = backup.to_string_lossy().into_owned();
    let (file, public) = (home.path().join("e.ndjson"), home.path().join("public"));
    let (file, public) = (file.to_string_lossy().into_owned(), public.to_string_lossy().into_owned());
    let commands: [&[&str]; 15] = [
        &["check"],
        &["backup", "--force", &backup_path],
        &["export", &file],
        &["export", "--public", &public],
        &["reindex"],
        &["describe"],
        &["poll"],
        &["follow"],
        &["unfollow", "https://www.example.org/feed"],
        &["alerts"],
        &["alerts", "run"],
        &["explain", "00000000"],
        &["withdraw", "00000000", "--reason", "x"],
        &["search", "x"],
        &["mcp"],
    ];
    for arguments in commands {
        let said = run(&nowhere, arguments);
        assert!(said.code == Some(1) && said.err.contains("there is no archive in"), "{arguments:?}: {}{}", said.out, said.err);
        assert!(!nowhere.exists(), "{arguments:?}");
    }
    assert_eq!(std::fs::read_to_string(&backup).expect("a file"), "the last good one");
    assert!(!home.path().join("e.ndjson").exists());
}

#[test]
fn a_folder_is_read_with_all_that_is_in_it_but_no_link_out_of_it() {
    let (home, files, outside) = (folder(), folder(), folder());
    file(&files, "one.ndjson", GOOD);
    file(&files, "two.txt", "A second title\n\nWords of a text document.\n");
    file(&files, "two.txt.toml", "publisher = \"NATO\"\n");
    file(&files, "README.md", "# No document\n");
    file(&files, ".hidden", "no");
    std::fs::create_dir(files.path().join("deeper")).expect("a folder");
    std::fs::write(files.path().join("deeper/three.ndjson"), GOOD.replace("A title", "A third title")).expect("a file");
    let secret = file(&outside, "secret.ndjson", GOOD.replace("A title", "A secret"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&secret, files.path().join("link.ndjson")).expect("a link");
        std::os::unix::fs::symlink(outside.path(), files.path().join("linked")).expect("a link");
    }
    let said = run(home.path(), &["import", &files.path().to_string_lossy()]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("3 documents: 3 new"), "{}", said.out);
    for name in ["README.md", "link.ndjson", "linked"] {
        assert!(said.out.lines().any(|line| line.starts_with("Passed over") && line.ends_with(name)), "{name}: {}", said.out);
    }
    assert!(!said.out.contains("secret"));
}

#[test]
fn a_second_import_names_the_first() {
    let (home, files) = (folder(), folder());
    let good = file(&files, "good.ndjson", GOOD);
    let lock = WriterLock::take(home.path(), "a test that holds the lock").expect("the lock");
    let said = run(home.path(), &["import", &good]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    for words in ["a test that holds the lock", &format!("process {}", std::process::id()), "Try again"] {
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
    drop(lock);
    assert_eq!(run(home.path(), &["import", &good]).code, Some(0));
}

#[test]
fn a_stale_lock_file_holds_nobody_up() {
    let (home, files) = (folder(), folder());
    std::fs::write(home.path().join("writer.lock"), "an import, process 1").expect("a file");
    assert_eq!(run(home.path(), &["import", &file(&files, "good.ndjson", GOOD)]).code, Some(0));
}

#[test]
fn a_taken_port_is_a_sentence_and_touches_nothing() {
    let home = folder();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let said = run(&home.path().join("data"), &["--listen", &address, "serve"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains(&address) && said.err.contains("in use") && said.err.contains("--listen"), "{}", said.err);
    assert_eq!(said.err.trim().lines().count(), 1, "{}", said.err);
    assert!(!home.path().join("data").exists());
}

#[test]
fn a_folder_that_cannot_be_made_is_a_sentence() {
    let home = folder();
    // Beneath a file nobody can make a folder, root included.
    let beneath = file(&home, "a-file", "words");
    let said = run(&Path::new(&beneath).join("data"), &["import", &beneath]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("cannot be made") && said.err.contains("--data-dir"), "{}", said.err);
    assert_eq!(said.err.trim().lines().count(), 1, "{}", said.err);
}

#[test]
fn the_first_start_loads_the_seeds_and_a_stop_is_clean() {
    let home = folder();
    let mut server = Server::start(home.path(), &[]);
    server.line_with("23 new, 0 changed, 0 unchanged, 0 mirrors, 0 refused");
    assert!(server.line_with("23 releases").contains("25 April 2025 to 25 June 2025"));
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200"));
    assert_eq!(total(&server, ""), 23);
    assert_eq!(server.stop(), Some(0));
    // The second start finds everything there.
    let server = Server::start(home.path(), &[]);
    // Under its American spelling too.
    assert_eq!(total(&server, "q=defence&limit=1"), 20);
    assert_eq!(server.stop(), Some(0));
    assert_eq!(run(home.path(), &["check"]).code, Some(0));
}

#[test]
fn an_empty_start_says_what_to_do_next() {
    let home = folder();
    let mut server = Server::start(home.path(), &["serve", "--no-seeds"]);
    let told = server.line_with("The archive is empty");
    assert!(told.contains("import FILE"), "{told}");
    assert!(server.get("/").contains("nato-archive import"));
    assert_eq!(total(&server, ""), 0);
}

#[test]
fn a_running_server_shows_what_another_process_loads() {
    let (home, files) = (folder(), folder());
    let server = Server::start(home.path(), &["serve", "--no-seeds"]);
    assert_eq!(total(&server, "q=defence"), 0);
    let said = run(home.path(), &["import", &file(&files, "good.ndjson", GOOD)]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    eventually("the server finds what was loaded", || total(&server, "q=defence") == 1);
    eventually("the home page counts it", || server.get("/").contains("1 release,"));
    assert!(server.get("/2024/05/06").starts_with("HTTP/1.1 200"));
    // An archive that holds something gets no seeds.
    assert_eq!(server.stop(), Some(0));
    assert_eq!(total(&Server::start(home.path(), &[]), ""), 1);
}

#[test]
fn a_server_catches_up_with_what_was_stored_and_not_indexed() {
    let (home, files) = (folder(), folder());
    assert_eq!(run(home.path(), &["import", &file(&files, "good.ndjson", GOOD)]).code, Some(0));
    // As after an end between the two commits: the database is ahead of the index.
    std::fs::remove_dir_all(home.path().join("index")).expect("the index");
    assert_eq!(run(home.path(), &["check"]).code, Some(1));
    let server = Server::start(home.path(), &[]);
    assert!(server.get("/2024/05/06").starts_with("HTTP/1.1 200"), "pages that need no search are there at once");
    eventually("search is there", || server.get("/search?q=defence").contains("1 release for"));
    assert_eq!(server.stop(), Some(0));
    assert_eq!(run(home.path(), &["check"]).code, Some(0));
}

#[test]
fn a_damaged_index_is_moved_aside_with_a_word_and_reindex_mends_it() {
    let (home, files) = (folder(), folder());
    assert_eq!(run(home.path(), &["import", &file(&files, "good.ndjson", GOOD)]).code, Some(0));
    std::fs::write(home.path().join("index/meta.json"), "{").expect("meta.json");
    let said = run(home.path(), &["reindex"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.err.contains("moved to") && said.out.contains("1 releases indexed") | said.out.contains("1 release indexed"),
        "{}{}",
        said.err,
        said.out
    );
    assert!(home.path().join("index.aside-1").is_dir());
    assert_eq!(run(home.path(), &["check"]).code, Some(0));
}

#[test]
fn vocabularies_are_written_changed_and_taken_back() {
    let (home, files) = (folder(), folder());
    assert_eq!(run(home.path(), &["import", &file(&files, "good.ndjson", GOOD)]).code, Some(0));
    let out = files.path().join("words");
    assert_eq!(run(home.path(), &["describe", "--write-vocabulary", &out.to_string_lossy()]).code, Some(0));
    let topics = std::fs::read_to_string(out.join("topics.toml")).expect("topics");
    let broken = file(&files, "broken.toml", format!("{topics}\n[["));
    let said = run(home.path(), &["describe", "--topics", &broken]);
    assert!(said.code == Some(1) && said.err.trim().lines().count() >= 1, "{}", said.err);
    let same = run(home.path(), &["describe", "--topics", &out.join("topics.toml").to_string_lossy()]);
    assert!(same.code == Some(0) && same.out.contains("0 releases are described differently"), "{}", same.out);
    assert_eq!(run(home.path(), &["check"]).code, Some(0));
}

#[test]
fn a_prefix_of_the_base_url_may_come_with_the_request_or_not() {
    let home = folder();
    let mut server = Server::start(home.path(), &["--base-url", "http://archive.example/press", "serve", "--no-seeds"]);
    assert_eq!(server.base, "http://archive.example/press");
    let listen = server.line_with("Listening on ").trim_start_matches("Listening on ").to_owned();
    let ask = |path: &str| {
        use std::io::{Read, Write};
        let mut answer = String::new();
        let Ok(mut stream) = std::net::TcpStream::connect(&listen) else { return answer };
        let _ = write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let _ = stream.read_to_string(&mut answer);
        answer
    };
    eventually("it answers", || ask("/livez").starts_with("HTTP/1.1 200"));
    let body = |answer: String| answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    for (with, without) in [("/press/about", "/about"), ("/press/", "/"), ("/press", "/"), ("/press/search?q=a", "/search?q=a")] {
        let (with, without) = (body(ask(with)), body(ask(without)));
        assert!(!with.is_empty() && with == without, "{with}");
        assert!(with.contains("href=\"/press/about\""));
    }
    assert!(ask("/pressure").starts_with("HTTP/1.1 404"));
}
