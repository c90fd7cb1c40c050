use super::*;

fn refusal(bytes: &[u8]) -> ImportError {
    parse_document("a.txt", bytes.to_vec(), Sidecar::default()).expect_err("this is to be refused")
}

#[test]
fn files_that_are_no_text_are_refused_with_advice() {
    for (bytes, words) in [
        (&b""[..], "empty"),
        (b"   \n\xc2\xa0\n", "white space"),
        (b"\xef\xbb\xbf", "white space"),
        (b"\xff\xfeT\0i\0t\0", "UTF-16"),
        (b"\xfe\xff\0T\0i", "UTF-16"),
        (b"\xff\xfe\0\0T\0\0\0", "UTF-32"),
        (b"%PDF-1.7\n%\xe2", "PDF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"Title\nT\0ext", "NUL byte (byte 7)"),
        (b"a\x01\x02\x03\x04\x05b\nc", "control characters"),
        (b"<!DOCTYPE HTML>\n<p></p>", "no title"),
        (b"<title>Title</title>", "no text below its title"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"<?xml version='1.0'?><opml/>", "<opml>"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "office document"),
        (b"PK\x03\x04..........................[Content_Types].xml", "office document"),
        (b"{\n  \"title\": \"x\"\n}", "JSON object spread"),
        (b"[{\"title\":\"x\"},\n{\"title\":\"y\"}]", "JSON array"),
        (b"{\"title\":\"x\",\"body\":\"y\"}\n", "NDJSON"),
        (b"Only one line", "a single line"),
        (b"Title\n\nCaf\xe9.", "not valid UTF-8"),
    ] {
        let error = refusal(bytes);
        assert!(error.reason.contains(words), "{words}: {error}");
        assert!(error.to_string().starts_with("a.txt") && error.to_string().ends_with('.'), "{error}");
    }
}

#[test]
fn places_are_named() {
    let error = refusal(b"Title\n\nCaf\xe9.");
    assert_eq!((error.line, error.reason.contains("byte 10 ")), (Some(3), true), "{error}");
    let error = refusal(b"Title\r\n\r\nWords\0");
    assert_eq!(error.line, Some(3), "{error}");
    let mut long = b"Title\n".to_vec();
    long.resize(MAX_LINE + 7, b'x');
    assert_eq!(refusal(&long).line, Some(2));
    long.resize(MAX_LINE + 6, b'x');
    assert!(parse_document("a.txt", long, Sidecar::default()).is_ok());
    assert!(refusal(&vec![b' '; MAX_DOCUMENT + 1]).reason.contains("more than"));
    let many = "x\n\nSource: N\n\n".repeat(MAX_RELEASES + 1);
    assert!(refusal(many.as_bytes()).reason.contains("releases, more than"));
    let long_first = refusal(format!("{}\nWords.", "x".repeat(600)).as_bytes());
    assert!(long_first.reason.contains("no title"), "{long_first}");
}

#[test]
fn a_list_of_dated_items_is_no_article() {
    let error = refusal("437 Entries\n29 Jan. 2020\nOne\nTeaser.\n28 Jan. 2020\nTwo\nTeaser.\n10-21 Jan. 2020\nThree\nTeaser.".as_bytes());
    assert!(error.reason.contains("list of 3 texts"), "{error}");
}

#[test]
fn errors_repeat_nothing_that_steers() {
    let error = ImportError::new("a\n\u{202e}b.txt", error::shown(&"x\u{1b}[31m".repeat(100))).at_line(3).advise("Do this");
    let told = error.to_string();
    assert!(!told.contains(['\n', '\u{202e}', '\u{1b}']) && told.len() < 500, "{told}");
    assert!(told.ends_with(". Do this.") && told.contains(", line 3: "));
}

#[test]
fn containers_are_told_from_their_content() {
    for (head, expected) in [
        ("{\"title\": 1}", Container::Ndjson),
        ("\u{feff}\n\n { \"title\"", Container::Ndjson),
        ("{}\n", Container::Ndjson),
        ("broken\n{\"title\":\"x\"}\n{\"title\":\"y\"}", Container::Ndjson),
        ("{Draft} Title\nWords", Container::Text),
        ("[Updated] Title\nWords", Container::Text),
        ("Title\n{\"a\":1}\nWords\nWords", Container::Text),
    ] {
        assert_eq!(container("x", head.as_bytes()), Ok(expected), "{head}");
    }
    assert_eq!(container("x", &[b' '; DETECT_BYTES]), Ok(Container::Text));
    // A line that is broken by a NUL is that line's error.
    assert_eq!(container("x", b"{\"title\":\"\0\"}"), Ok(Container::Ndjson));
}

#[test]
fn sidecars() {
    let toml = "# a comment\npublisher = 'NATO'\nurl = \"https://www.nato.int/x?y=1#z\"\nlanguage = \"FR-be\"\ntime_zone = \"Europe/Brussels\"\nfetched_on = 2025-06-25\nlicence = \"x\"";
    let sidecar = parse_sidecar("a.toml", toml).expect("a sidecar");
    assert_eq!(sidecar.language.as_deref(), Some("fr-BE"));
    assert_eq!(sidecar.fetched_on.map(|day| day.to_string()).as_deref(), Some("2025-06-25"));
    assert_eq!(parse_sidecar("a.toml", "fetched_on = '2025-06-25'").map(|s| s.fetched_on), Ok(sidecar.fetched_on));
    assert_eq!(parse_sidecar("a.toml", " \n# nothing\n"), Ok(Sidecar::default()));
    let charset = |toml| parse_sidecar("a.toml", toml).map(|sidecar| sidecar.charset);
    assert_eq!(charset("charset = 'Latin1'"), Ok(Some("windows-1252".into())));
    assert!(charset("charset = 'klingon'").is_err_and(|error| error.reason.contains("no character encoding")));
    for (toml, line, field, words) in [
        ("x = 1", Some(1), Some("x"), "no key"),
        ("\nlanguage = 3", Some(2), Some("language"), "must be text"),
        ("language = 'english!'", Some(1), Some("language"), "BCP 47"),
        ("\n\ntime_zone = 'Mars/Base'", Some(3), Some("time_zone"), "IANA"),
        ("url = 'nato.int'", Some(1), Some("url"), "absolute"),
        ("url = 'ftp://nato.int'", Some(1), Some("url"), "http"),
        ("url = 'https://'", Some(1), Some("url"), "host"),
        ("url = 'https://a b'", Some(1), Some("url"), "cannot hold"),
        ("url = 'https://u:p@host/'", Some(1), Some("url"), "password"),
        ("fetched_on = '25 June'", Some(1), Some("fetched_on"), "no day"),
        ("fetched_on = 2025-06-25T10:00:00Z", Some(1), Some("fetched_on"), "no day"),
        ("publisher = ' '", Some(1), Some("publisher"), "empty"),
        ("publisher = 'a'\npublisher = 'b'", Some(2), None, "TOML"),
        ("publisher = ", Some(1), None, "TOML"),
        ("[publisher]\nname = 'x'", Some(1), Some("publisher"), "must be text"),
    ] {
        let error = parse_sidecar("a.toml", toml).expect_err(toml);
        assert_eq!((error.line, error.field.as_deref(), error.reason.contains(words)), (line, field, true), "{toml}: {error}");
    }
}
