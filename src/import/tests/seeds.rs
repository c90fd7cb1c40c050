use super::*;
use crate::model::{DocumentFormat, ListItem};

const README: &str = include_str!("../../../seeds/README.md");
const SIDECARS: [&str; 3] = [
    include_str!("../../../seeds/000_1ff6550dc60860b2.txt.toml"),
    include_str!("../../../seeds/001_37381dd10a5c6510.txt.toml"),
    include_str!("../../../seeds/002_953590070cb86149.txt.toml"),
];

fn seed(bytes: &[u8]) -> ParsedDocument {
    let document = parse_document("seed", bytes.to_vec(), Sidecar::default()).expect("a seed is readable");
    prove_lossless(&document).expect("nothing is lost");
    assert_eq!(document.content.as_slice(), bytes);
    assert!(README.contains(&document.sha256), "the README gives the sum {}", document.sha256);
    document
}

fn shapes(document: &ParsedDocument) -> Vec<String> {
    document.releases.iter().map(shape).collect()
}

/// Marker and leads of a list, children in brackets.
fn outline(text: &str, items: &[ListItem]) -> String {
    let item = |item: &ListItem| {
        let children = if item.children.is_empty() { String::new() } else { format!(" [{}]", outline(text, &item.children)) };
        format!("{}{}{children}", item.marker.of(text), item.lines.len())
    };
    items.iter().map(item).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_feed_has_ten_releases() {
    let document = seed(FEED);
    assert_eq!((document.format, document.releases.len(), document.preamble), (DocumentFormat::FeedText, 10, None));
    let sourced = |release: &ParsedRelease| {
        release.source.as_deref() == Some("NATO") && release.source_line.is_some_and(|line| line.of(&release.text) == "Source: NATO")
    };
    assert!(document.releases.iter().all(|release| sourced(release) && release.stamp.is_none()));
    assert_eq!(
        shapes(&document),
        ["P P P P P P H2 P P", "P P P P", "P X X X X X", "P P P P P", "P P P P", "P P P P", "P P P", "P P P P P", "P P P", "P P P P P P X"]
    );
    assert_eq!(document.releases[9].title_text(), "NATO Emergency Management Exercise “BULGARIA 2025”");
    assert!(document.releases[9].body_text().ends_with("factsheet"));
}

#[test]
fn the_live_page_has_twelve_entries() {
    let document = seed(LIVE);
    assert_eq!((document.format, document.releases.len()), (DocumentFormat::LivePage, 12));
    assert_eq!(
        document.preamble.map(|preamble| preamble.of(std::str::from_utf8(&document.content).expect("UTF-8"))),
        Some("News\n\nStay informed during the day.")
    );
    let stamps: Vec<_> = document.releases.iter().filter_map(|r| r.stamp).map(|s| (s.day, s.hour, s.minute, s.month, s.year)).collect();
    let expected = [
        (25, 16, 0),
        (25, 13, 50),
        (24, 19, 0),
        (24, 17, 0),
        (24, 16, 30),
        (24, 16, 30),
        (24, 16, 0),
        (24, 14, 0),
        (24, 13, 0),
        (24, 13, 0),
        (24, 12, 0),
        (24, 10, 45),
    ];
    assert_eq!(stamps, expected.map(|(day, hour, minute)| (day, hour, minute, 6, None)));
    assert_eq!(
        shapes(&document),
        [
            "P P L9 H2 P",
            "P P",
            "P P P",
            "P P P",
            "P P H2 P P H2 P P H2 P P H2 P P H2 P H2 P P C P P P P P P P P P",
            "P P P P",
            "P P P P",
            "P P",
            "P P Q C",
            "P P L5 P",
            "P L6 P",
            "C P P H2 P P H2 P P"
        ]
    );
    let list = |entry: usize| {
        let release = &document.releases[entry];
        release.blocks.iter().find(|block| !block.items.is_empty()).map(|block| outline(&release.text, &block.items))
    };
    assert_eq!(list(0).as_deref(), Some("1.2 2.2 3.2 4.2 5.2 6.2 7.2 8.2 9.2"));
    assert_eq!(list(9).as_deref(), Some("•1 •1 •1 [-1 -1] •1 •1"));
    assert_eq!(list(10).as_deref(), Some("1.2 2.2 3.2 4.2 5.2 6.2"));
    let headings = |entry: usize| -> Vec<&str> {
        let release = &document.releases[entry];
        release.blocks.iter().filter(|block| block.kind == BlockKind::Heading).map(|block| block.span.of(&release.text)).collect()
    };
    assert_eq!(
        headings(4),
        ["‘Historic day’", "Resilience", "Frontline in Ukraine", "Industry Ambition Statement", "Volodymyr Zelenskyy", "Together"]
    );
    assert_eq!(headings(11), ["Deeds", "Innovate"]);
}

#[test]
fn the_article_is_one_release() {
    let document = seed(ARTICLE);
    assert_eq!((document.format, document.releases.len(), document.preamble), (DocumentFormat::ArticleText, 1, None));
    assert_eq!(shapes(&document), ["P P P Q P Q P P Q"]);
    assert_eq!(document.releases[0].title_text(), "NATO Proposes Historic Defense Spending Boost in Advance of 2025 Summit");
    assert_eq!((&document.releases[0].source, document.releases[0].stamp), (&None, None));
}

#[test]
fn the_sidecars_say_what_is_known() {
    let [feed, live, article] = SIDECARS.map(|toml| parse_sidecar("seed.toml", toml).expect("a sidecar is readable"));
    assert_eq!((feed.publisher, feed.language.as_deref()), (None, Some("en")));
    assert_eq!(live.publisher.as_deref(), Some("Netherlands Ministry of Defence"));
    assert_eq!((live.language.as_deref(), live.time_zone.as_deref()), (Some("en"), Some("Europe/Amsterdam")));
    assert!(live.url.is_some_and(|url| url.starts_with("https://english.defensie.nl/")));
    assert_eq!((article.publisher, article.language.as_deref()), (None, Some("en")));
}

#[test]
fn nothing_but_the_content_decides() {
    for name in ["feed.ndjson", "live.json", "", "../x.xml"] {
        assert_eq!(parse_document(name, FEED.to_vec(), Sidecar::default()).map(|document| document.format), Ok(DocumentFormat::FeedText));
        assert_eq!(container(name, LIVE), Ok(Container::Text));
    }
}

#[test]
fn line_endings_and_a_byte_order_mark_change_no_release() {
    for (bytes, count) in [(FEED, 10), (LIVE, 12), (ARTICLE, 1)] {
        let text = String::from_utf8(bytes.to_vec()).expect("a seed is UTF-8");
        let plain = seed(bytes);
        for ending in ["\r\n", "\r"] {
            let other = read(&format!("\u{feff}{}", text.replace('\n', ending)));
            assert_eq!(other.releases.len(), count);
            assert!(other.preamble.is_some_and(|preamble| preamble.start == 0 && preamble.end >= 3));
            assert_eq!((titles(&other), shapes(&other)), (titles(&plain), shapes(&plain)));
        }
    }
}
