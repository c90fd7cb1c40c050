//! Messages to people: what they hold, and what becomes of them where the mail server does not take them.

use chrono::{DateTime, TimeDelta, Utc};
use nato_archive::store::DeliveryState;
use serde_json::json;

use super::{Watched, about, bad, entry, titles};
use crate::support::mail::{Instead, Step};

#[tokio::test]
async fn a_message_says_what_was_found_where_and_how_to_stop() {
    let watched = Watched::with(&entry("Ships", "q=frigates&kind=news", "")).await;
    let undated =
        json!({"key": "undated", "title": "A <b>list</b> of frigates & more", "body": "Frigates < 5.", "source": "NATO", "kind": "news"});
    watched.load("a.ndjson", &[about("one", "frigates"), undated]).await;
    let mails = watched.mails().await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!((mail.from.as_str(), mail.to.as_str()), ("archive@example.org", "reader@example.org"));
    assert_eq!(mail.header("from"), "\"The archive\" <archive@example.org>");
    assert_eq!(mail.header("auto-submitted"), "auto-generated");
    let archive = watched.app.archive.overview().archive_id.clone();
    assert_eq!(mail.header("list-id"), format!("<ships.{archive}.archive.example>"));
    assert_eq!(mail.header("list-unsubscribe"), "<mailto:archive@example.org?subject=unsubscribe%20ships>");
    let id = mail.header("message-id");
    assert!(id.starts_with("<ships.") && id.ends_with(&format!(".{archive}@example.org>")), "{id}");
    assert_eq!(mail.header("date"), "Sun, 22 Nov 2026 12:00:00 +0000");
    let text = mail.text();
    for words in [
        "2 new releases for the alert “Ships” in NATO press releases, an unofficial archive.",
        "https://archive.example/search?q=frigates&kind=news&sort=newest",
        "1. On one\n   20 November 2026 · News · NATO\n",
        "spoke of *frigates* at some length",
        "https://archive.example/releases/",
        "A <b>list</b> of frigates & more\n",
        "-- \nYou get this because the owner of the archive at https://archive.example/ has set this alert up",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let html = mail.html();
    assert!(text.contains("Search: frigates; Kind: News\n") && html.contains("Search: <em>frigates</em>; Kind: News."), "{text}{html}");
    for words in ["<mark>frigates</mark>", "A &#60;b&#62;list&#60;/b&#62; of frigates &#38; more", "20 November 2026 · News · NATO"] {
        assert!(html.contains(words), "{words}: {html}");
    }
    assert!(!html.contains("<b>") && !html.contains("<script"), "{html}");
}

#[tokio::test]
async fn titles_cannot_write_headers_or_commands() {
    let watched = Watched::with(&entry("Ships", "q=frigates", "")).await;
    let long = "Frigates ".repeat(40);
    let release = |key: &str, title: &str| {
        json!({"key": key, "title": title, "source": "NATO", "published_on": "2026-11-20",
               "body": format!("{key} frigates\r\n.\r\nMAIL FROM:<x@example.org>\r\nRCPT TO:<x@example.org>\r\n\u{202e}Київ")})
    };
    let releases = [
        release("one", "Frigates\r\nBcc: x@example.org\r\n\r\n.\r\nQUIT"),
        release("two", &long),
        release("three", "Фрегати frigates \u{202e}"),
    ];
    watched.load("a.ndjson", &releases).await;
    let mails = watched.mails().await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!((mail.to.as_str(), mail.header("bcc")), ("reader@example.org", String::new()));
    assert_eq!(mail.header("subject"), "3 new releases: Ships");
    let text = mail.text();
    assert!(text.contains(long.trim()) && text.contains("Фрегати frigates\n") && !text.contains('\u{202e}'), "{text}");
    assert!(mail.raw.lines().all(|line| line.len() <= 998 && line.is_ascii()), "every line is one that any server takes");
    let heard = watched.mail.heard();
    assert_eq!(heard.matches("RCPT TO").count(), 1, "{heard}");
}

#[tokio::test]
async fn a_message_that_may_have_been_taken_comes_again_under_the_same_id() {
    let mut watched = Watched::with(&entry("Ships", "q=frigates", "")).await;
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    watched.alerts.look().await.expect("a look");
    // Ended between finding and sending.
    watched.start_again().await;
    // Ended between sending and noting it.
    watched.mail.at(Some((Step::End, Instead::Die)));
    let told = bad(&watched.round().await);
    let words = "could not be sent to reader@example.org, and is tried again from 2026-11-22T12:01:00Z";
    assert!(told.len() == 1 && told[0].contains(words), "{told:?}");
    let first = watched.mail.came();
    watched.start_again().await;
    watched.mail.at(None);
    assert_eq!(watched.mails().await.len(), 0, "not before its time");
    watched.pass(TimeDelta::minutes(1));
    let second = watched.mails().await;
    assert_eq!((first.len(), second.len()), (1, 1));
    assert!(second[0].taken && first[0].header("message-id") == second[0].header("message-id"));
    assert_eq!((titles(&first[0]), first[0].header("date")), (titles(&second[0]), second[0].header("date")));
    watched.pass(TimeDelta::days(2));
    assert_eq!(watched.mails().await.len(), 0);
}

#[tokio::test]
async fn every_step_can_fail_and_what_it_means_is_kept() {
    use DeliveryState::{Failed, Waiting};
    use Instead::{Die, Say};
    for (step, instead, state, words) in [
        (Step::Greeting, Die, Waiting, "does not answer as a mail server does"),
        (Step::Greeting, Say("421 Busy"), Waiting, "asks to come later"),
        (Step::Hello, Die, Waiting, "does not answer"),
        (Step::From, Say("451 Later"), Waiting, "does not take it now"),
        (Step::From, Say("530 Log in first"), Waiting, "Check user and password"),
        (Step::From, Die, Waiting, "does not answer"),
        (Step::To, Say("450 Mailbox busy"), Waiting, "does not take it now"),
        (Step::To, Say("550 No such user"), Failed, "does not take it for this address"),
        (Step::Data, Say("503 Out of order"), Waiting, "does not take it"),
        (Step::Data, Die, Waiting, "does not answer"),
        (Step::End, Say("452 No space"), Waiting, "does not take it now"),
        (Step::To, Say("550 5.1.1 No such user"), Failed, "does not take it for this address"),
        (Step::From, Say("550 5.7.1 Not in this name"), Waiting, "Check [mail] and the address"),
        (Step::End, Say("554 It looks like spam"), Waiting, "Check [mail] and the address"),
        (Step::End, Say("nonsense"), Waiting, "does not answer as a mail server does"),
        (Step::End, Die, Waiting, "does not answer"),
    ] {
        let watched = Watched::with(&entry("Ships", "q=frigates", "")).await;
        watched.load("a.ndjson", &[about("one", "frigates")]).await;
        watched.mail.at(Some((step, instead)));
        let told = bad(&watched.round().await);
        assert!(told.len() == 1 && told[0].contains(words), "{step:?} {instead:?}: {told:?}");
        let open = watched.open().await;
        assert_eq!((open.len(), open[0].state, open[0].tries), (1, state, 1), "{step:?} {instead:?}");
        watched.mail.at(None);
        watched.mail.came();
        watched.pass(TimeDelta::minutes(1));
        assert_eq!(watched.mails().await.len(), usize::from(state == Waiting), "{step:?} {instead:?}");
        if state == Failed {
            // The owner has looked into it.
            watched.app.store.retry_deliveries("Ships", "2026-11-22T12:05:00Z").await.expect("another try");
            watched.pass(TimeDelta::minutes(10));
            assert_eq!(watched.mails().await.len(), 1);
        }
        assert_eq!(watched.open().await, Vec::new());
    }
}

#[tokio::test]
async fn one_bad_address_holds_up_no_other_and_a_dead_server_is_asked_once() {
    let alert = "[[alert]]\nname = \"Ships\"\nsearch = \"q=frigates\"\nemail = [\"a@example.org\", \"b@example.org\", \"c@example.org\"]\n";
    let watched = Watched::with(alert).await;
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    watched.mail.at(Some((Step::Greeting, Instead::Die)));
    assert_eq!(bad(&watched.round().await).len(), 1);
    let open = watched.open().await;
    assert_eq!(watched.mail.connections(), 1, "the others would fare no better");
    assert_eq!(open.iter().map(|delivery| delivery.tries).collect::<Vec<_>>(), [1, 0, 0]);
    assert!(open.iter().all(|delivery| delivery.next_try_at == open[0].next_try_at), "{open:?}");
    watched.mail.at(Some((Step::To, Instead::Say("550 No such user"))));
    watched.pass(TimeDelta::minutes(1));
    assert_eq!(bad(&watched.round().await).len(), 3);
    assert_eq!(watched.mail.connections(), 3);
}

#[tokio::test]
async fn one_full_mailbox_waits_and_no_other_does() {
    let both = entry("Ships", "q=frigates", "at_most_every = \"0m\"")
        + &entry("Allies", "q=allies", "").replace("reader@example.org\"", "reader@example.org\", \"other@example.org\"");
    let watched = Watched::with(&both).await;
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    watched.mail.at(Some((Step::To, Instead::Say("452 4.2.2 Mailbox full"))));
    assert_eq!(bad(&watched.round().await).len(), 2, "each address is tried once");
    watched.mail.at(None);
    watched.load("b.ndjson", &[about("two", "frigates")]).await;
    assert_eq!(watched.mails().await.len(), 0, "what is new waits too");
    watched.pass(TimeDelta::minutes(1));
    assert_eq!(watched.mails().await.len(), 4);
}

#[tokio::test]
async fn what_waits_for_an_address_that_will_never_do_is_given_up_with_it() {
    let watched = Watched::with(&entry("Ships", "q=frigates", "at_most_every = \"0m\"")).await;
    for key in ["one", "two"] {
        watched.load(&format!("{key}.ndjson"), &[about(key, "frigates")]).await;
        watched.alerts.look().await.expect("a look");
    }
    watched.mail.at(Some((Step::To, Instead::Say("550 5.1.1 No such user"))));
    let told = bad(&watched.round().await);
    assert!(told.len() == 1 && told[0].contains("nothing more of it is until `alerts retry`"), "{told:?}");
    assert_eq!(watched.mail.connections(), 1);
    assert!(watched.open().await.iter().all(|delivery| delivery.state == DeliveryState::Failed));
    watched.load("c.ndjson", &[about("three", "frigates")]).await;
    assert_eq!((watched.mails().await.len(), watched.open().await.len()), (0, 2));
}

#[tokio::test]
async fn a_server_that_cannot_encrypt_is_told_nothing_where_that_is_asked_for() {
    let mut watched = Watched::with(&entry("Ships", "q=frigates", "")).await;
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    let file = watched.file();
    let text = std::fs::read_to_string(&file).expect("a file");
    let login = "user = \"archive\"\npassword = \"open sesame\"";
    std::fs::write(&file, text.replace("tls = \"none\"", &format!("tls = \"starttls\"\n{login}"))).expect("a file");
    assert_eq!(bad(&watched.alerts.read_again()), Vec::<String>::new());
    let told = bad(&watched.round().await);
    assert!(told.len() == 1 && told[0].contains("STARTTLS is not supported") && told[0].contains("Check host, port and tls"), "{told:?}");
    let heard = watched.mail.heard();
    assert!(!heard.contains("AUTH") && !heard.contains("MAIL") && !heard.contains("sesame"), "{heard}");
    // Where it is said to be this machine alone, the login is used.
    std::fs::write(&file, text.replace("tls = \"none\"", &format!("tls = \"none\"\n{login}"))).expect("a file");
    assert_eq!(bad(&watched.alerts.read_again()), Vec::<String>::new());
    watched.pass(TimeDelta::minutes(2));
    assert_eq!(watched.mails().await.len(), 1);
    assert!(watched.mail.heard().contains("AUTH PLAIN"));
}

#[tokio::test]
async fn after_a_week_a_message_is_given_up() {
    let watched = Watched::with(&entry("Ships", "q=frigates", "")).await;
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    watched.mail.at(Some((Step::Greeting, Instead::Die)));
    let (began, mut tries) = (watched.now(), 0);
    loop {
        watched.round().await;
        tries += 1;
        let open = watched.open().await;
        if open[0].state == DeliveryState::Failed {
            assert!(open[0].last_error.as_deref().is_some_and(|error| error.contains("does not answer")));
            break;
        }
        let next: DateTime<Utc> = open[0].next_try_at.parse().expect("a time");
        watched.pass(next - watched.now());
        assert!(tries < 100);
    }
    // Ten doublings fill a day, then there is one try a day.
    assert!((15..=20).contains(&tries), "{tries}");
    let took = watched.now() - began;
    assert!(took >= TimeDelta::days(7) && took < TimeDelta::days(9), "{took}");
}
