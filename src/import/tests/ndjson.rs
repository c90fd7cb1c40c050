use std::io::{BufReader, Cursor, Read};

use super::*;
use crate::import::ndjson::NdjsonReader;
use crate::model::Kind;

fn all(text: &[u8]) -> Vec<Result<ParsedRelease, ImportError>> {
    // A small buffer, so that lines come in pieces.
    let items: Vec<_> = NdjsonReader::new("a.ndjson", BufReader::with_capacity(7, text)).collect();
    for release in items.iter().flatten() {
        prove_release(release).expect("nothing is lost");
    }
    items
}

fn refusal(line: &str) -> ImportError {
    all(line.as_bytes()).pop().expect("one item").expect_err(line)
}

#[test]
fn every_field_is_read() {
    let line = r#"{"key":"k1","title":"A title","body":"One.\n\nTwo.\n","published_on":"2025-04-30","source":"NATO","kind":"statement","lang":"EN","url":"https://www.nato.int/x","topics":["cyber-defence","cyber-defence","women-peace-security"],"extra":{"a":[1]}}"#;
    let file = format!("\u{feff}{line}\r\n\r\n \n{{\"title\":\"T\",\"body\":\"B\",\"key\":null,\"topics\":null}}");
    let mut reader = NdjsonReader::new("a", Cursor::new(file.clone()));
    let first = reader.next().expect("an item").expect("a release");
    assert_eq!((first.at.of(&file), first.position), (line, 0));
    assert_eq!(first.text, "A title\n\nOne.\n\nTwo.\n");
    assert_eq!((first.title.of(&first.text), first.body_text(), first.blocks.len()), ("A title", "One.\n\nTwo.", 2));
    assert_eq!((first.source.as_deref(), first.source_line, first.stamp), (Some("NATO"), None, None));
    let given = &first.given;
    assert_eq!((given.key.as_deref(), given.published_on.as_deref(), given.kind), (Some("k1"), Some("2025-04-30"), Some(Kind::Statement)));
    assert_eq!((given.lang.as_deref(), given.url.as_deref()), (Some("en"), Some("https://www.nato.int/x")));
    assert_eq!(given.topics, ["cyber-defence", "women-peace-security"]);
    let second = reader.next().expect("an item").expect("a release");
    assert_eq!((second.position, second.given.clone()), (1, Default::default()));
    assert!(second.at.of(&file).starts_with("{\"title\":\"T\""));
    assert!(reader.next().is_none() && reader.next().is_none());
    assert_eq!(reader.unknown_fields().iter().map(|(name, times)| (name.as_str(), *times)).collect::<Vec<_>>(), [("extra", 1)]);
}

#[test]
fn empty_fields_are_absent_and_partial_addresses_are_kept() {
    let line = r#"{"title":"T","body":"B","key":"","url":"/opa/pr/one two","published_on":" "}"#;
    let release = all(line.as_bytes()).pop().expect("one item").expect("a release");
    assert_eq!((release.given.key, release.given.published_on), (None, None));
    assert_eq!(release.given.url.as_deref(), Some("/opa/pr/one two"));
}

#[test]
fn a_bad_line_names_its_field_and_leaves_the_others() {
    for (fields, field, words) in [
        (r#""body":"B""#, "title", "missing"),
        (r#""title":null,"body":"B""#, "title", "missing"),
        (r#""title":"T""#, "body", "missing"),
        (r#""title":" \u00a0","body":"B""#, "title", "empty"),
        (r#""title":"T","body":"""#, "body", "empty"),
        (r#""title":1,"body":"B""#, "title", "must be text, not a number"),
        (r#""title":"T","body":["B"]"#, "body", "must be text, not a list"),
        (r#""title":"T\u0000","body":"B""#, "title", "NUL"),
        (r#""title":"T","body":"B\u0000""#, "body", "NUL"),
        (r#""title":"T","body":"B","published_on":"1999-02-30""#, "published_on", "no date"),
        (r#""title":"T","body":"B","published_on":20250430"#, "published_on", "must be text"),
        (r#""title":"T","body":"B","kind":"News""#, "kind", "none of news,"),
        (r#""title":"T","body":"B","url":"javascript://x""#, "url", "http"),
        (r#""title":"T","body":"B","lang":"en_GB""#, "lang", "BCP 47"),
        (r#""title":"T","body":"B","topics":"x""#, "topics", "must be a list"),
        (r#""title":"T","body":"B","topics":["A b"]"#, "topics", "slug"),
        (r#""title":"T","body":"B","topics":[null]"#, "topics", "must be text, not null"),
        (r#""title":"T","body":"B","source":"a\u0007b""#, "source", "control"),
    ] {
        let error = refusal(&format!("{{{fields}}}"));
        assert_eq!((error.field.as_deref(), error.line), (Some(field), Some(1)), "{fields}: {error}");
        assert!(error.reason.contains(words) && error.reason.contains(field), "{fields}: {error}");
    }
    for (line, words) in [
        ("nonsense", "no JSON object"),
        ("[1,2]", "no JSON object"),
        ("null", "no JSON object"),
        (r#"{"title":"T","body":"B"}}"#, "no JSON object"),
        (r#"{"title":"T","body":"B""#, "no JSON object"),
        (r#"{"title":"T","title":"U","body":"B"}"#, "twice"),
        (r#"{"title":"\ud800","body":"B"}"#, "no JSON object"),
    ] {
        let error = refusal(line);
        assert!(error.reason.contains(words), "{line}: {error}");
    }
    let items = all(b"{\"title\":\"A\",\"body\":\"B\"}\nnope\n{\"title\":\"\xff\",\"body\":\"B\"}\n\n{\"title\":\"C\",\"body\":\"D\"}\n");
    let lines: Vec<_> = items.iter().map(|item| item.as_ref().map(|r| r.position).map_err(|e| e.line)).collect();
    assert_eq!(lines, [Ok(0), Err(Some(2)), Err(Some(3)), Ok(1)]);
    assert!(items[2].as_ref().is_err_and(|error| error.reason.contains("UTF-8")));
}

#[test]
fn a_deep_object_is_an_error_and_no_overflow() {
    for open in ["[", "{\"a\":"] {
        let line = format!("{{\"title\":\"T\",\"body\":{}", open.repeat(200_000));
        assert!(all(line.as_bytes())[0].is_err());
        let line = format!("{{\"title\":\"T\",\"other\":{}", open.repeat(200_000));
        assert!(all(line.as_bytes())[0].is_err());
    }
}

/// A reader that gives one line of so many bytes, and then a good line, and counts nothing.
fn long_then_good(bytes: usize) -> impl std::io::BufRead {
    let head = Cursor::new("{\"title\":\"T\",\"body\":\"");
    let long = std::io::repeat(b'x').take(bytes as u64 - 23);
    BufReader::new(head.chain(long).chain(Cursor::new("\"}\r\n{\"title\":\"A\",\"body\":\"B\"}")))
}

#[test]
fn a_line_may_be_as_long_as_the_bound_and_no_longer() {
    let read = |bytes| NdjsonReader::new("a", long_then_good(bytes)).map(|item| item.map_err(|e| e.line)).collect::<Vec<_>>();
    let fits = read(MAX_LINE);
    assert!(fits[0].is_ok() && fits[1].is_ok() && fits.len() == 2);
    for bytes in [MAX_LINE + 1, MAX_LINE + 2, 200_000_000] {
        let items = read(bytes);
        assert_eq!(items.len(), 2);
        assert!(items[0] == Err(Some(1)) && items[1].as_ref().is_ok_and(|release| release.at.start == bytes + 2), "{bytes}");
    }
}

#[test]
fn a_reader_that_fails_ends_the_walk_with_an_error() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk\nis gone"))
        }
    }
    let good = Cursor::new("{\"title\":\"A\",\"body\":\"B\"}\n");
    let mut reader = NdjsonReader::new("a", BufReader::new(good.chain(Broken)));
    assert!(reader.next().is_some_and(|item| item.is_ok()));
    let error = reader.next().expect("an item").expect_err("an error");
    assert_eq!((error.line, error.reason.contains("the disk")), (Some(2), true), "{error}");
    assert!(!error.to_string().contains('\n') && reader.next().is_none());
}

#[test]
fn unknown_fields_are_counted_within_bounds() {
    let mut line = String::from("{\"title\":\"T\",\"body\":\"B\"");
    for name in 0..3000 {
        line.push_str(&format!(",\"f{name}\":0"));
    }
    line.push_str("}\n");
    let mut reader = NdjsonReader::new("a", Cursor::new(line.repeat(2)));
    assert_eq!(reader.by_ref().filter(Result::is_ok).count(), 2);
    let counts = reader.unknown_fields();
    assert!(counts.len() <= 1001);
    assert_eq!(counts.values().sum::<u64>(), 6000);
}
