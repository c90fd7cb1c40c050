//! Alerts as an owner runs them.

use std::path::Path;

use serde_json::Value;

use super::about;
use crate::support::mail::MailServer;
use crate::support::process::{Said, Server, begin, eventually, program};

fn run(folder: &Path, arguments: &[&str]) -> Said {
    program(folder).args(arguments).output().expect("the program").into()
}

fn write(folder: &Path, mail: &MailServer, alerts: &str) {
    let port = mail.port;
    let text = format!("[mail]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nfrom = \"archive@example.org\"\n{alerts}");
    std::fs::write(folder.join("alerts.toml"), text).expect("a file");
}

fn import(folder: &Path, name: &str, releases: &[Value]) {
    let lines: String = releases.iter().map(|release| format!("{release}\n")).collect();
    let file = folder.join(name);
    std::fs::write(&file, lines).expect("a file");
    let said = run(folder, &["import", &file.to_string_lossy()]);
    assert_eq!(said.code, Some(0), "{}", said.err);
}

const SHIPS: &str = "[[alert]]\nname = \"Ships\"\nsearch = \"https://archive.example/search?q=frigates&topic=nonsense-topic\"\nemail = \"reader@example.org\"\n";

#[test]
fn a_timer_can_run_them_and_an_owner_sees_how_they_stand() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, mail) = (folder.path(), MailServer::start());
    begin(folder);
    let said = run(folder, &["alerts"]);
    assert!(said.code == Some(0) && said.out.contains("No alerts are set up: there is no file"), "{}", said.out);
    let ships = SHIPS.replace("&topic=nonsense-topic", "");
    write(folder, &mail, &ships);
    assert!(run(folder, &["alerts"]).out.contains("begins with the next run"));
    let said = run(folder, &["alerts", "run"]);
    assert!(said.code == Some(0) && said.out.contains("The alert “Ships” begins"), "{}{}", said.out, said.err);
    import(folder, "a.ndjson", &[about("one", "frigates"), about("two", "tanks")]);
    let said = run(folder, &["alerts", "check"]);
    for words in [
        "search:  frigates\n",
        "address: http://127.0.0.1:8080/search?q=frigates&sort=newest",
        "tells:   mailto:reader@example.org",
        "finds:   1 in the whole archive",
        "now:     1 new and 0 changed are to be told",
    ] {
        assert!(said.code == Some(0) && said.out.contains(words), "{words}: {}{}", said.out, said.err);
    }
    mail.at(Some((crate::support::mail::Step::To, crate::support::mail::Instead::Say("550 No such user"))));
    let said = run(folder, &["alerts", "run"]);
    assert!(
        said.code == Some(1) && said.err.contains("nothing more of it is until `alerts retry` asks for another try"),
        "{}{}",
        said.out,
        said.err
    );
    let said = run(folder, &["alerts"]);
    for words in [
        "given up after 1 try, to reader@example.org: 127.0.0.1 does not take it for this address",
        "nothing new goes to reader@example.org until `nato-archive alerts retry`, or until the alert is written otherwise",
    ] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    mail.at(None);
    assert_eq!(run(folder, &["alerts", "retry", "Nobody"]).code, Some(1));
    let said = run(folder, &["alerts", "retry", "Ships"]);
    assert!(said.code == Some(0) && said.out.contains("sent again to 1 address that was given up"), "{}", said.out);
    let said = run(folder, &["alerts", "run"]);
    assert!(said.code == Some(0) && said.out.contains("The alert “Ships” was sent to reader@example.org."), "{}{}", said.out, said.err);
    assert_eq!(mail.came().iter().map(|mail| mail.header("subject")).collect::<Vec<_>>(), ["1 new release: Ships"]);
    let said = run(folder, &["alerts", "--test", "Ships"]);
    assert!(said.code == Some(0) && said.out.contains("reader@example.org: taken."), "{}{}", said.out, said.err);
    assert_eq!(mail.came().iter().map(|mail| mail.header("subject")).collect::<Vec<_>>(), ["A test: Ships"]);
    mail.at(Some((crate::support::mail::Step::To, crate::support::mail::Instead::Say("451 4.7.1 Greylisted"))));
    let said = run(folder, &["alerts", "--test", "Ships"]);
    assert!(said.code == Some(1) && said.out.contains("not taken. 127.0.0.1 does not take it now"), "{}{}", said.out, said.err);
    assert!(!said.out.contains("again"), "nothing is kept of a test: {}", said.out);
    mail.at(None);
    assert_eq!(run(folder, &["alerts", "--test", "Nobody"]).code, Some(1));
    let said = run(folder, &["check"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    // Gone from the file, and known until it is forgotten.
    write(folder, &mail, &ships.replace("Ships", "Tanks"));
    assert!(run(folder, &["alerts"]).out.contains("no longer in the file"));
    let said = run(folder, &["alerts", "forget", "Ships"]);
    assert!(said.code == Some(0) && said.out.contains("“Ships” is forgotten. Nothing was still to be sent."), "{}{}", said.out, said.err);
    assert_eq!(run(folder, &["alerts", "forget", "Ships"]).code, Some(1));
}

#[test]
fn what_is_wrong_in_the_file_is_said_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, mail) = (folder.path(), MailServer::start());
    begin(folder);
    write(folder, &mail, &format!("{SHIPS}[[alert]]\nname = \"Tanks\"\nsearch = \"tanks\"\nemail = \"reader@example.org\"\n"));
    let said = run(folder, &["alerts", "check"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("alerts.toml, line 12, alert “Tanks”, field `search`: “tanks” is no part of a search"), "{}", said.err);
    assert!(
        said.out.contains("Ships") && said.out.contains("note:    Topic “nonsense-topic” is not known to this archive."),
        "{}",
        said.out
    );
    assert!(run(folder, &["alerts"]).out.contains("has a mistake, and waits"));
    // A file of which nothing can be read says of no alert that it is gone.
    assert_eq!(run(folder, &["alerts", "run"]).code, Some(1), "Ships begins");
    let text = std::fs::read_to_string(folder.join("alerts.toml")).expect("a file");
    let latin = [text.as_bytes(), b"# f\xfcr alle\n"].concat();
    for (bytes, words) in [(&latin[..], "line 14: is not written in UTF-8"), (b"[[alert]\n", "alerts.toml, line 1: ")] {
        std::fs::write(folder.join("alerts.toml"), bytes).expect("a file");
        for arguments in [&["alerts", "check"][..], &["alerts"]] {
            let said = run(folder, arguments);
            assert!(said.code == Some(1) && said.err.contains(words), "{arguments:?}: {}", said.err);
            assert!(!said.out.contains("forget"), "{}", said.out);
        }
        assert!(run(folder, &["alerts"]).out.contains("kept, with what waits"), "{words}");
    }
    std::fs::write(folder.join("alerts.toml"), text).expect("a file");
    // Another file, by name.
    let other = folder.join("other.toml");
    std::fs::write(&other, "nonsense").expect("a file");
    let said = run(folder, &["alerts", "check", "--alerts", &other.to_string_lossy()]);
    assert!(said.code == Some(1) && said.err.contains("other.toml, line 1: "), "{}", said.err);
    // None of it stops a server.
    let server = Server::start(folder, &["serve", "--no-seeds", "--alerts", &other.to_string_lossy()]);
    assert!(server.get("/").contains("200 OK"));
}

#[test]
fn a_mistake_in_how_mail_is_sent_is_no_missing_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, mail) = (folder.path(), MailServer::start());
    begin(folder);
    write(folder, &mail, SHIPS);
    let file = folder.join("alerts.toml");
    let text = std::fs::read_to_string(&file).expect("a file").replace("tls = \"none\"", "tls = \"ssl\"");
    std::fs::write(&file, text).expect("a file");
    let said = run(folder, &["alerts", "--test", "Ships"]);
    assert!(said.code == Some(1) && said.out.contains("not taken. The table [mail] has a mistake"), "{}{}", said.out, said.err);
    assert!(said.err.contains("field `tls`: must be") && said.out.contains("0 of 1 at work"), "{}{}", said.out, said.err);
    assert!(run(folder, &["alerts"]).out.contains("waits, as long as [mail] has a mistake"));
}

/// What came by another way than a feed is told by whoever polls from a timer.
#[test]
fn a_poll_tells_of_what_was_loaded_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, mail) = (folder.path(), MailServer::start());
    begin(folder);
    write(folder, &mail, &SHIPS.replace("&topic=nonsense-topic", ""));
    assert_eq!(run(folder, &["poll"]).code, Some(0), "the alert begins");
    import(folder, "a.ndjson", &[about("one", "frigates")]);
    let said = run(folder, &["poll"]);
    assert!(said.code == Some(0) && said.out.contains("Nothing is followed"), "{}{}", said.out, said.err);
    assert_eq!(mail.came().len(), 1);
    // Nobody elsewhere can open what begins with an address of this machine.
    assert!(said.err.contains("links in messages begin with http://127.0.0.1:8080"), "{}", said.err);
    let said: Said =
        program(folder).args(["--base-url", "https://Archive.example/x", "alerts", "check"]).output().expect("the program").into();
    assert!(said.code == Some(0) && !said.err.contains("links in messages"), "{}", said.err);
    assert!(said.out.contains("address: https://archive.example/x/search?q=frigates"), "{}", said.out);
    // A file that is named must be there.
    let said = run(folder, &["--alerts", "nothing-here.toml", "alerts", "check"]);
    assert!(said.code == Some(1) && said.err.contains("there is no file nothing-here.toml"), "{}{}", said.out, said.err);
}

#[test]
fn a_log_that_is_no_terminal_has_no_colours() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.ndjson");
    std::fs::write(&file, format!("{}\n", about("one", "frigates"))).expect("a file");
    let said: Said = program(folder.path()).env("NATO_ARCHIVE_LOG", "debug").arg("import").arg(&file).output().expect("the program").into();
    assert!(said.err.contains("DEBUG") && !said.err.contains('\u{1b}'), "{}", said.err);
}

#[test]
fn a_server_tells_of_what_another_process_loads_and_reads_the_file_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, mail) = (folder.path(), MailServer::start());
    let server = Server::start(folder, &["serve", "--no-seeds"]);
    write(folder, &mail, &SHIPS.replace("&topic=nonsense-topic", ""));
    eventually("the alert begins", || run(folder, &["alerts"]).out.contains("at work since"));
    import(folder, "a.ndjson", &[about("one", "frigates"), about("two", "tanks")]);
    eventually("a message comes", || mail.has_come() == 1);
    let came = mail.came();
    assert_eq!(came[0].header("subject"), "1 new release: Ships");
    assert!(came[0].text().contains(&format!("{}/releases/", server.base)), "{}", came[0].text());
    // What comes at once afterwards waits for its hour, over a restart too.
    import(folder, "b.ndjson", &[about("three", "frigates")]);
    assert_eq!(server.stop(), Some(0));
    let said = run(folder, &["alerts", "run"]);
    assert_eq!((said.code, mail.has_come()), (Some(0), 0), "{}{}", said.out, said.err);
    assert!(run(folder, &["alerts", "check"]).out.contains("now:     1 new and 0 changed are to be told"));
}
