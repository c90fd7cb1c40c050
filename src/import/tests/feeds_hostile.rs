//! Feeds that are broken, and feeds that mean harm.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::feeds::feed;
use super::*;

fn refusal(source: &str) -> ImportError {
    parse_document("feed.xml", source.as_bytes().to_vec(), Sidecar::default()).expect_err(source)
}

fn rss(items: &str) -> String {
    format!("<?xml version='1.0'?>\n<rss version='2.0'>\n<channel><title>T</title>\n{items}</channel></rss>")
}

fn item(title: &str, inside: &str) -> String {
    format!("<item><title>{title}</title><link>https://x.example/{title}</link>{inside}</item>\n")
}

#[test]
fn entities_are_never_declared_fetched_or_expanded() {
    let laughs: String = (1..10).map(|n| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10))).collect();
    for subset in [
        format!("[<!ENTITY l0 'ha'>{laughs}]"),
        "[<!ENTITY x SYSTEM 'file:///etc/passwd'>]".to_owned(),
        "SYSTEM 'http://127.0.0.1:9/x.dtd' [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/p'> %p;]".to_owned(),
        "[ <!ELEMENT rss ANY > ]".to_owned(),
    ] {
        let begun = Instant::now();
        let error = refusal(&format!(
            "<?xml version='1.0'?><!DOCTYPE rss {subset}><rss version='2.0'><channel><title>T</title>{}</channel></rss>",
            item("A", "<description>&l9;&x;</description>")
        ));
        assert!(error.reason.contains("never expanded"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(2));
    }
    // A document type that only names a file elsewhere is passed over, and what it might declare stays as it is written.
    let source = format!(
        "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd'>{}",
        rss(&item("A", "<description>Words &x; &nbsp;&eacute;</description>"))
    );
    let document = feed(&source.replacen("<?xml version='1.0'?>", "", 1));
    assert!(document.releases[0].body_text().starts_with("Words &x;"), "{}", document.releases[0].text);
}

#[test]
fn a_broken_item_costs_no_other() {
    let source = rss(&[
        item("One", ""),
        item("Two", "<description><b>never closed</description>"),
        item("Three", "<description></x></description>"),
        "<item><link>https://x.example/4</link></item>\n".to_owned(),
        "<item><title>Five</title></item>\n".to_owned(),
        "<item><title>Six</title><link>https://x.example/6</link>\n".to_owned(),
        item("Seven", &format!("<description>{}x{}</description>", "<i>".repeat(400), "</i>".repeat(400))),
        item("Eight", "<description>&broken &#xFFFFFFFF;</description>"),
        item("Nine", ""),
    ]
    .concat());
    let document = feed(&source);
    assert_eq!(titles(&document), ["One", "Nine"]);
    let refused: Vec<(usize, &str)> = document.refused.iter().map(|item| (item.number, item.title.as_str())).collect();
    assert_eq!(refused, [(2, "Two"), (3, "Three"), (4, ""), (5, "Five"), (6, "Six"), (7, "Seven"), (8, "Eight")]);
    let told = item_error("feed.xml", &document.refused[0]).to_string();
    assert!(told.starts_with("feed.xml, line 5: item 2 (“Two”) was not read: its element") && told.ends_with('.'), "{told}");
}

#[test]
fn a_feed_that_breaks_off_has_the_items_before() {
    let whole = rss(&[item("One", ""), item("Two", "<description>Words of two.</description>")].concat());
    let second = whole.find("<item><title>Two").expect("two");
    for cut in second + 6..whole.find("</channel").expect("the end") - 1 {
        let document =
            parse_document("x", whole.as_bytes()[..cut].to_vec(), Sidecar::default()).unwrap_or_else(|error| panic!("{cut}: {error}"));
        assert_eq!(titles(&document), ["One"], "{cut}");
    }
    for (source, words) in [
        (rss(""), "no items"),
        (rss("<item/>"), "no items"),
        ("<?xml version='1.0'?><rss version='2.0'".to_owned(), "XML"),
        ("<?xml version='1.0'?><rss version='2.0'><channel".to_owned(), "no items"),
        (rss("<item><title>A</title></item>"), "neither a text nor a link"),
        ("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[]}".to_owned(), "no items"),
        ("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[".to_owned(), "JSON"),
    ] {
        let error = refusal(&source);
        assert!(error.reason.contains(words), "{source}: {error}");
    }
}

#[test]
fn feeds_cost_no_more_than_their_length() {
    for (name, source) in [
        ("items", rss(&"<item>".repeat(50_000))),
        ("tags", rss(&item("A", &"<x>".repeat(200_000)))),
        ("root", format!("<rss version='2.0' {}><channel>{}</channel></rss>", "a='b' ".repeat(100_000), item("A", "").repeat(1_000))),
        ("comments", rss(&"<!--".repeat(200_000))),
        ("data", rss(&"<![CDATA[".repeat(200_000))),
        ("quotes", rss(&"<a b=\"".repeat(100_000))),
        ("brackets", format!("<?xml version='1.0'?><rss version='2.0'><!DOCTYPE {}", "[".repeat(200_000))),
        ("json", format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{}", "{\"a\":[".repeat(100_000))),
    ] {
        let begun = Instant::now();
        let _ = parse_document(name, source.into_bytes(), Sidecar::default());
        assert!(begun.elapsed() < Duration::from_secs(20), "{name}: {:?}", begun.elapsed());
    }
}

const PARTS: &[&str] = &[
    "<item>",
    "</item>",
    "<entry>",
    "</entry>",
    "<title>",
    "</title>",
    "<title type='xhtml'>",
    "<link>",
    "</link>",
    "<link href='x'/>",
    "<guid>",
    "</guid>",
    "<description>",
    "</description>",
    "<content type='html'>",
    "</content>",
    "<content type='nonsense/'>",
    "<x:y xmlns:x='http://search.yahoo.com/mrss/' time='9:99:99'>",
    "</x:y>",
    "<pubDate>Wed, 25 Jun 2025 00:30:00 +0200</pubDate>",
    "<source>",
    "</source>",
    "<author>…a@b.example…</author>",
    "<![CDATA[",
    "]]>",
    "&lt;p&gt;",
    "&#0;",
    "&x;",
    "&",
    "<!-- ",
    " -->",
    "<?x ?>",
    "<!DOCTYPE x>",
    "Words",
    " ",
    "é",
    "\u{0}",
    "<",
    ">",
    "\"",
    "</channel>",
    "<channel>",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn any_marks_are_read_or_refused(parts in prop::collection::vec(prop::sample::select(PARTS), 0..40), atom in any::<bool>()) {
        let inside = parts.concat();
        let source = if atom {
            format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{inside}<entry><title>T</title><link href='http://x.example/'/></entry></feed>")
        } else {
            rss(&format!("{inside}{}", item("T", "")))
        };
        if let Ok(document) = parse_document("x", source.clone().into_bytes(), Sidecar::default()) {
            for release in &document.releases {
                prop_assert_eq!(prove_release(release), Ok(()));
                prop_assert!(source.get(release.at.start..release.at.end).is_some());
            }
            let again = parse_document("x", source.into_bytes(), Sidecar::default());
            prop_assert_eq!(again.ok(), Some(document));
        }
    }

    #[test]
    fn any_json_is_read_or_refused(parts in prop::collection::vec(prop::sample::select(vec!["{", "}", "[", "]", "\"items\"", ":", ",", "\"title\"", "\"x\"", "\\", "\"", "1", "null", "\"url\"", "\"http://x.example\"", "é"]), 0..40)) {
        let source = format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"T\",\"items\":[{{\"title\":\"A\",\"url\":\"http://x.example\"}},{}]}}", parts.concat());
        let _ = parse_document("x", source.into_bytes(), Sidecar::default());
    }
}
