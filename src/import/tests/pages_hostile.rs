//! Pages that are made to cost, and pages that are broken anyhow.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// Unoptimised builds on a busy machine are a hundred times slower than what is promised.
const PATIENCE: Duration = Duration::from_secs(20);

fn soon(name: &str, source: String) {
    let begun = Instant::now();
    let bytes = source.into_bytes();
    if let Ok(document) = parse_document(name, bytes.clone(), Sidecar::default()) {
        document.releases.iter().for_each(|release| prove_release(release).unwrap_or_else(|lost| panic!("{name}: {lost}")));
    }
    assert!(begun.elapsed() < PATIENCE, "{name}: {:?}", begun.elapsed());
}

#[test]
fn pages_cost_no_more_than_their_length() {
    const MANY: usize = 30_000;
    let around = |inside: String| format!("<html><title>Title</title><body><p>Words of a text.</p>{inside}</body></html>");
    for (name, inside) in [
        ("div", "<div>".repeat(100_000) + "deep"),
        ("closed", "<div>".repeat(MANY) + "deep" + &"</div>".repeat(MANY)),
        ("span", "<span>".repeat(MANY) + "deep"),
        ("own", "<x-y>".repeat(MANY) + "deep"),
        ("fonts", (0..10_000).map(|n| format!("<font size={n}>")).collect::<String>() + &"<p>x".repeat(10_000)),
        ("links", "<a href=x><p>".repeat(MANY)),
        ("crossed", "<span><div></span>x".repeat(MANY)),
        ("lists", "<ul><li>x".repeat(MANY)),
        ("items", "<span><li></span>x".repeat(MANY)),
        ("tables", "<table><tr><td>x".repeat(10_000)),
        ("foster", "<table>x".to_owned() + &"<b>y".repeat(MANY)),
        ("attributes", format!("<p {}>x", (0..MANY).map(|n| format!("a{n}=1 ")).collect::<String>())),
        ("comments", "<!--".repeat(MANY)),
        ("titles", "<title>".repeat(MANY)),
        ("scripts", "<svg><noscript>".repeat(MANY)),
        ("opens", "<".repeat(MANY)),
        ("ends", "</div>".repeat(MANY)),
        ("quotes", "<p a=\"".repeat(MANY)),
        ("breaks", "<br>".repeat(MANY)),
        ("references", "&amp".repeat(MANY)),
        ("spans", format!("<table>{}</table>", "<tr><td colspan=999999 rowspan=999999>x".repeat(2_000))),
        ("headings", "<h2>x</h2>".repeat(10_000)),
    ] {
        soon(name, around(inside));
    }
}

const WORDS: &[&str] = &[
    "<html lang=fr>",
    "<body>",
    "<main>",
    "<article class='related'>",
    "<div class=\"cookie\">",
    "</div>",
    "<p>",
    "</p>",
    "<ul>",
    "<ol start=-3 reversed>",
    "<li>",
    "</ul>",
    "</ol>",
    "<table>",
    "<tr>",
    "<td>",
    "<th colspan=2>",
    "</table>",
    "<caption>",
    "<blockquote>",
    "</blockquote>",
    "<h1>",
    "</h1>",
    "<h3>",
    "</h3>",
    "<pre>",
    "</pre>",
    "<br>",
    "<q>",
    "</q>",
    "<figcaption>",
    "</figcaption>",
    "<a href='x'>",
    "</a>",
    "<span hidden>",
    "</span>",
    "<!-- x -->",
    "<script>",
    "</script>",
    "<title>T</title>",
    "<time datetime=2025-01-01>",
    "Words of a text.",
    "25 June 2025",
    "Press Release (2011) 145",
    " ",
    "\u{a0}",
    "\n\n",
    "\t",
    "&nbsp;",
    "&#9;",
    "&#13;",
    "&#0;",
    "&lt;b&gt;",
    "é",
    "\u{202e}",
    "\u{2028}",
    "•",
    "1.",
    "Issued on 3 May 2001",
    "2 MIN READ",
    "<",
    ">",
    "\"",
    "<p",
    "\0",
    "\u{feff}",
];

fn holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    let _ = container("x", bytes);
    if let Ok(document) = parse_document("x", bytes.to_vec(), Sidecar::default()) {
        let held: Vec<(u32, String)> = document.releases.iter().map(|release| (release.position, release.sha256.clone())).collect();
        for release in &document.releases {
            prop_assert_eq!(prove_release(release), Ok(()), "{:?}", release.text);
            prop_assert!(release.at.end <= bytes.len() && release.at.start <= release.at.end);
        }
        let proved = prove_document(document.format, "x", bytes, &document.sidecar, &held);
        prop_assert!(proved.is_ok(), "{:?}", proved);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_tags_make_a_release_that_holds_together(parts in prop::collection::vec(prop::sample::select(WORDS), 0..60)) {
        holds(format!("<html><title>Title</title>{}", parts.concat()).as_bytes())?;
    }

    #[test]
    fn broken_pages_hold_together(at in 0..2000usize, byte in any::<u8>(), cut in 0..2500usize) {
        let mut page = include_bytes!("page.html").to_vec();
        let length = page.len();
        page[at % length] = byte;
        holds(&page)?;
        page.truncate(cut);
        holds(&page)?;
    }

    #[test]
    fn any_bytes_behind_a_page_hold_together(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        holds(&[b"<html><title>T</title><p>Words</p>", bytes.as_slice()].concat())?;
        holds(&[b"<?xml version='1.0'?><rss><channel><item><title>T</title><link>http://x</link></item><item>", bytes.as_slice()].concat())?;
    }
}
