use chrono::TimeDelta;

use super::*;
use crate::fetch::mail::Security;

const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

fn environment() -> Environment {
    Environment::new(|name| (name == "SMTP_PASSWORD").then(|| "open sesame".into()))
}

fn read(text: &str) -> Settings {
    Settings::read(Path::new("alerts.toml"), text.as_bytes(), &environment())
}

#[test]
fn a_whole_file_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("hook.secret"), format!("{SECRET}\n")).expect("a file");
    let text = r#"
give_up_after = "3d"
[mail]
host = "smtp.example.org"
user = "archive"
password_env = "SMTP_PASSWORD"
from = "The archive <archive@example.org>"
[[alert]]
name = "Cyber defence"
search = "q=cyber&topic=ukraine"
email = ["a@example.org", "b@example.org"]
at_most_every = "90m"
[[alert]]
name = "All"
search = ""
email = "c@example.org"
webhook = "https://hooks.example.org/nato#x"
secret_file = "hook.secret"
changes = true
enabled = false
"#;
    let settings = Settings::read(&folder.path().join("alerts.toml"), text.as_bytes(), &environment());
    assert_eq!(settings.mistakes, []);
    assert!(settings.is_whole && settings.is_readable);
    assert_eq!(settings.give_up_after, TimeDelta::days(3));
    let mail = settings.mail.expect("mail");
    assert_eq!((mail.port, mail.security), (587, Security::StartTls));
    let server = mail.server(&environment()).expect("a server");
    assert_eq!(server.login, Some(("archive".into(), "open sesame".into())));
    let [first, second] = settings.alerts.as_slice() else { panic!("{:?}", settings.alerts) };
    assert_eq!(
        (first.slug().as_str(), first.every, first.changes, first.enabled, first.line, first.search_line),
        ("cyber-defence", TimeDelta::minutes(90), false, true, 9, 10)
    );
    assert_eq!(first.targets(), ["mailto:a@example.org", "mailto:b@example.org"]);
    assert_eq!(second.targets(), ["mailto:c@example.org", "https://hooks.example.org/nato"]);
    assert_eq!((second.every, second.changes, second.enabled), (TimeDelta::hours(1), true, false));
    assert!(!format!("{second:?}{mail:?}").contains("whsec_"), "secrets are not shown");
}

const MAIL: &str = "[mail]\nhost = \"localhost\"\ntls = \"none\"\nfrom = \"a@example.org\"\n";

#[test]
fn each_mistake_names_its_line_and_field_and_stops_only_its_own_alert() {
    let good = "[[alert]]\nname = \"Good\"\nsearch = \"q=a\"\nemail = [\"a@example.org\"]\n";
    for (alert, line, words) in [
        ("name = \"x\"\nemail = [\"a@example.org\"]", 9, "alert “x”, field `search`: is missing"),
        ("name = \"x\"\nsearch = 5\nemail = [\"a@example.org\"]", 11, "alert “x”, field `search`: must be a text"),
        ("name = \"x\"\nsearch = \"\"", 9, "alert “x”: tells nobody"),
        ("name = \"x\"\nsearch = \"\"\nemail = [\"a.example.org\"]", 12, "field `email`: “a.example.org” is no e-mail address"),
        ("name = \"x\"\nsearch = \"\"\nemail = [\"a@example.org\", \"a@example.org\"]", 12, "twice"),
        ("name = \"x\"\nsearch = \"\"\nemial = [\"a@example.org\"]\nemail = \"b@example.org\"", 12, "field `emial`: is no field here"),
        ("name = \"x\"\nsearch = \"\"\nwebhook = \"https://h.example\"", 9, "field `secret`: is missing: what is sent is signed"),
        ("name = \"x\"\nsearch = \"\"\nwebhook = \"https://h.example\"\nsecret = \"abc\"", 9, "field `secret`: must be whsec_"),
        (
            "name = \"x\"\nsearch = \"\"\nwebhook = \"https://h.example\"\nsecret_env = \"NONE\"",
            13,
            "field `secret_env`: the environment has no variable NONE",
        ),
        (
            "name = \"x\"\nsearch = \"\"\nwebhook = \"https://h.example\"\nsecret_file = \"none\"",
            13,
            "field `secret_file`: none cannot be read",
        ),
        (
            "name = \"x\"\nsearch = \"\"\nwebhook = \"https://h.example\"\nsecret_file = \"a\"\nsecret_env = \"b\"",
            9,
            "and `secret_file` are both there",
        ),
        (
            "name = \"x\"\nsearch = \"\"\nwebhook = \"http://h.example\"\nsecret = \"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\"",
            12,
            "field `webhook`: is http",
        ),
        (
            "name = \"x\"\nsearch = \"\"\nwebhook = \"https://127.0.0.1/\"\nsecret = \"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\"",
            12,
            "no public address",
        ),
        (
            "name = \"x\"\nsearch = \"\"\nwebhook = \"ftp://h.example/\"\nsecret = \"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\"",
            12,
            "field `webhook`: begins with “ftp:”, and messages are sent to https addresses only.",
        ),
        (
            "name = \"x\"\nsearch = \"\"\nemail = \"a@example.org\"\nat_most_every = \"often\"",
            13,
            "field `at_most_every`: must be a time such as",
        ),
        ("name = \"x\"\nsearch = \"\"\nemail = \"a@example.org\"\nat_most_every = \"9999d\"", 13, "must be a time such as"),
        ("name = \"x\"\nsearch = \"\"\nemail = \"a@example.org\"\nchanges = \"yes\"", 13, "field `changes`: must be true or false"),
        ("name = \"good!\"\nsearch = \"\"\nemail = \"a@example.org\"", 9, "field `name`: is too much like that of “Good”"),
        ("search = \"\"\nemail = \"a@example.org\"", 9, "[[alert]], field `name`: is missing"),
        ("name = \"a\\nb\"\nsearch = \"\"\nemail = \"a@example.org\"", 10, "field `name`: holds a line break"),
        ("name = \"Київ\"\nsearch = \"\"\nemail = \"a@example.org\"", 10, "field `name`: needs at least one letter"),
    ] {
        let settings = read(&format!("{MAIL}{good}[[alert]]\n{alert}\n"));
        let told: Vec<String> = settings.mistakes.iter().map(Mistake::to_string).collect();
        assert_eq!(told.len(), 1, "{alert}: {told:?}");
        assert!(told[0].starts_with(&format!("alerts.toml, line {line}, ")) && told[0].contains(words), "{alert}: {told:?}");
        assert!(told[0].ends_with('.') && !told[0].contains("whsec_AAEC"), "{told:?}");
        assert_eq!(settings.alerts.iter().map(|alert| alert.name.as_str()).collect::<Vec<_>>(), ["Good"], "{alert}");
        // A name that can be read is not missed.
        assert_eq!(settings.is_whole, !words.contains("field `name`") || words.contains("too much like"), "{alert}");
    }
}

#[test]
fn mail_is_checked_and_stops_no_webhook() {
    for (mail, line, words) in [
        ("", 3, "alert “x”, field `email`: needs a table [mail]"),
        ("[mail]\nfrom = \"a@example.org\"\n", 1, "[mail], field `host`: is missing"),
        ("[mail]\nhost = \"h\"\n", 1, "[mail], field `from`: is missing"),
        ("[mail]\nhost = \"127.0.0.1:25\"\nfrom = \"a@example.org\"\ntls = \"none\"\n", 2, "its port is a field of its own, `port`"),
        ("[mail]\nhost = \"smtps://h\"\nfrom = \"a@example.org\"\n", 2, "field `host`: must be the name or the address of a machine"),
        ("[mail]\nhost = \"h\"\nfrom = \"nobody\"\n", 3, "field `from`: “nobody” is no sender"),
        ("[mail]\nhost = \"h\"\nfrom = \"a@example.org\"\ntls = \"none\"\n", 1, "field `tls`: is “none”, so that anybody"),
        ("[mail]\nhost = \"h\"\nfrom = \"a@example.org\"\ntls = \"ssl\"\n", 4, "field `tls`: must be"),
        ("[mail]\nhost = \"h\"\nfrom = \"a@example.org\"\nport = 70000\n", 4, "field `port`: must be a number"),
        ("[mail]\nhost = \"h\"\nfrom = \"a@example.org\"\nuser = \"u\"\n", 1, "field `password`: is missing"),
        ("[mail]\nhost = \"h\"\nfrom = \"a@example.org\"\npassword = \"p\"\n", 1, "field `user`: is missing"),
        ("[mail]\nhost = \"h\"\nfrom = \"a@example.org\"\nuser = \"u\"\npassword_env = \"NONE\"\n", 5, "no variable NONE"),
    ] {
        let alerts = format!(
            "[[alert]]\nname = \"x\"\nsearch = \"\"\nemail = \"a@example.org\"\n[[alert]]\nname = \"y\"\nsearch = \"\"\nwebhook = \"https://h.example\"\nsecret = \"{SECRET}\"\n"
        );
        let settings = read(&format!("{mail}{alerts}"));
        let told: Vec<String> = settings.mistakes.iter().map(Mistake::to_string).collect();
        let line = if mail.is_empty() { 2 } else { line };
        assert!(
            told.len() == 1 && told[0].starts_with(&format!("alerts.toml, line {line}, ")) && told[0].contains(words),
            "{mail}: {told:?}"
        );
        assert!(settings.mail.is_none() && settings.alerts.iter().any(|alert| alert.name == "y"), "{mail}");
        let can: Vec<bool> = settings.alerts.iter().map(|alert| settings.can_send(alert)).collect();
        assert_eq!((settings.has_mail, can), if mail.is_empty() { (false, vec![true]) } else { (true, vec![false, true]) }, "{mail}");
    }
    let six = read("[mail]\nhost = \"[::1]\"\nfrom = \"a@example.org\"\ntls = \"none\"\n");
    assert_eq!((six.mistakes.len(), six.mail.is_some()), (0, true));
    let insecure = read("[mail]\nhost = \"h\"\nfrom = \"a@example.org\"\ntls = \"none\"\ninsecure = true\n");
    assert_eq!((insecure.mistakes.len(), insecure.mail.map(|mail| mail.port)), (0, Some(25)));
}

#[test]
fn what_is_no_toml_is_one_mistake_with_its_line() {
    let settings = read("[[alert]]\nname = \"x\nsearch = \"\"\n");
    assert!(!settings.is_readable && !settings.is_whole);
    let told = settings.mistakes.iter().map(Mistake::to_string).collect::<Vec<_>>();
    assert!(told.len() == 1 && told[0].starts_with("alerts.toml, line 2: "), "{told:?}");
    let other = read("alert = 5\nnothing = 1\n");
    let told = other.mistakes.iter().map(Mistake::to_string).collect::<Vec<_>>();
    assert!(told.iter().any(|told| told.contains("line 1, field `alert`: must be tables")), "{told:?}");
    assert!(
        told.iter().any(|told| told.contains("line 2, field `nothing`: is no field here; there are alert, give_up_after, mail")),
        "{told:?}"
    );
}

#[test]
fn a_file_in_another_encoding_is_told_with_its_line() {
    let text = "give_up_after = \"3d\"\n# für alle\n";
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    for (bytes, line) in [(latin, Some(2)), (wide, Some(1)), (marked, None), (text.into(), None)] {
        let settings = Settings::read(Path::new("alerts.toml"), &bytes, &environment());
        let told: Vec<String> = settings.mistakes.iter().map(Mistake::to_string).collect();
        let wanted = line.map(|line| format!("alerts.toml, line {line}: is not written in UTF-8. Save the file in that encoding."));
        assert_eq!((told, settings.is_readable), (wanted.into_iter().collect(), line.is_none()), "{bytes:?}");
    }
}

#[test]
fn times_are_read() {
    for (typed, seconds) in [
        ("0s", Some(0)),
        ("45s", Some(45)),
        ("30 m", Some(1800)),
        ("12h", Some(43_200)),
        ("7d", Some(604_800)),
        ("", None),
        ("h", None),
        ("1", None),
        ("1w", None),
        ("-1h", None),
        ("1.5h", None),
        ("99999999999h", None),
        ("５h", None),
    ] {
        assert_eq!(duration(typed).ok(), seconds.map(TimeDelta::seconds), "{typed}");
    }
}

proptest::proptest! {
    #[test]
    fn no_file_stops_reading(text in "\\PC{0,200}|(\\[\\[alert\\]\\]\n(name|search|email|webhook) = (\"[a-z@.]{0,9}\"|[0-9]{1,3}|\\[\\])\n){0,6}") {
        let settings = read(&text);
        proptest::prop_assert!(settings.alerts.len() <= settings.names.len());
    }
}
