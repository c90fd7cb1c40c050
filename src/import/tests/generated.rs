//! Documents made from random parts, and no documents at all.

use proptest::prelude::*;

use super::*;
use crate::import::ndjson::NdjsonReader;
use crate::model::DocumentFormat;

/// White space of every kind that stands within lines.
fn gap() -> impl Strategy<Value = String> {
    prop::sample::select(vec![" ", "\u{a0}", "\u{202f}", "  ", "\t", "\u{2003}", "\u{3000}"]).prop_map(str::to_owned)
}

fn ending() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["\n", "\r\n", "\r"])
}

fn blank(ending: &'static str) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["", " ", "\u{a0}", "\u{a0} \u{a0}", "\t"]), 1..4)
        .prop_map(move |lines| lines.iter().map(|line| format!("{line}{ending}")).collect())
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[A-Za-zÀ-ÿ]{1,12}",
        1 => "[0-9]{1,4}",
        1 => prop::sample::select(vec!["“NATO”", "l’OTAN", "«\u{a0}Oui\u{a0}»", "e\u{301}", "北约", "НАТО", "🕊\u{fe0f}", "\u{200b}x", "@NATO", "(2025)", "U.S."]).prop_map(str::to_owned),
    ]
}

fn words(range: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    (prop::collection::vec((word(), gap()), range), word())
        .prop_map(|(parts, last)| parts.iter().map(|(word, gap)| format!("{word}{gap}")).collect::<String>() + &last)
}

/// A title: no mark, no full stop at its end, a letter at its start.
fn title() -> impl Strategy<Value = String> {
    words(0..12).prop_map(|title| format!("T {title} x"))
}

fn body_line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => words(3..40).prop_map(|line| format!("{line}.")),
        2 => words(1..6),
        1 => words(1..8).prop_map(|line| format!("• {line}")),
        1 => words(1..8).prop_map(|line| format!("  - {line}")),
        1 => (1..9u8, words(1..8)).prop_map(|(number, line)| format!("{number}. {line}")),
        1 => words(1..8).prop_map(|line| format!("    {line}")),
        1 => words(1..8).prop_map(|line| format!("Video: {line}")),
        1 => words(1..8).prop_map(|line| format!("“{line}.”")),
        1 => Just("For more information:".to_owned()),
        1 => Just("Source: Reuters data show a rise.".to_owned()),
        1 => Just("On 24 June, 16.30 was the hour.".to_owned()),
    ]
}

fn body(ending: &'static str) -> impl Strategy<Value = String> {
    prop::collection::vec((body_line(), prop_oneof![2 => blank(ending).prop_map(Some), 1 => Just(None)]), 0..8)
        .prop_map(move |lines| lines.iter().map(|(line, gap)| format!("{line}{ending}{}", gap.as_deref().unwrap_or(""))).collect())
}

/// Title, mark and body, so many times.
fn document(mark: impl Strategy<Value = String> + Clone) -> impl Strategy<Value = (String, Vec<String>)> {
    let preamble = prop_oneof![
        Just(String::new()),
        words(1..5),
        Just("\u{feff}".to_owned()),
        words(1..5).prop_map(|words| format!("\u{feff}{words}"))
    ];
    (ending(), preamble).prop_flat_map(move |(ending, preamble)| {
        let release = (title(), blank(ending), mark.clone(), blank(ending), body(ending), blank(ending));
        prop::collection::vec(release, 1..7).prop_map(move |releases| {
            let mut text = preamble.clone();
            if !text.trim_start_matches('\u{feff}').is_empty() {
                text.push_str(&ending.repeat(2));
            }
            let mut titles = Vec::new();
            for (title, one, mark, two, body, three) in releases {
                text.push_str(&format!("{title}{ending}{one}{mark}{ending}{two}{body}{three}"));
                titles.push(crate::model::release::fold_spaces(&title));
            }
            (text, titles)
        })
    })
}

fn source() -> impl Strategy<Value = String> + Clone {
    prop::sample::select(vec!["Source: NATO", "Source\u{a0}: OTAN", "Source : Netherlands Ministry of Defence"]).prop_map(str::to_owned)
}

fn stamp() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        (1..29u8, 0..24u8, 0..60u8).prop_map(|(day, hour, minute)| format!("June {day}, {hour}.{minute:02}")),
        (1..29u8, 0..24u8, 0..60u8).prop_map(|(day, hour, minute)| format!("{day} juillet\u{a0}2025 à {hour}h{minute:02}")),
    ]
}

/// Lines that tempt every rule, without order.
fn rough() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        body_line(),
        source(),
        stamp(),
        title(),
        blank("\n"),
        Just("\u{feff}".to_owned()),
        "\\PC{0,40}",
        "[ \t]{0,6}([0-9]{1,2}|[a-z]{1,2}|[-–•*])[.)]? ?[A-Za-z ]{0,20}[.:]?",
        "[ \t]{0,9}(\\([ivx]{1,4}\\)|[0-9]\\.[0-9]\\.?) [a-z]{1,5}",
    ];
    prop::collection::vec((line, ending()), 0..30).prop_map(|lines| lines.iter().map(|(line, ending)| format!("{line}{ending}")).collect())
}

/// The seeds, cut anywhere and glued together anyhow.
#[test]
fn pieces_of_seeds_are_lossless_or_refused() {
    for seed in [FEED, LIVE, ARTICLE] {
        for at in (0..seed.len()).step_by(61) {
            holds(seed[..at].to_vec()).expect("a beginning");
            holds(seed[at..].to_vec()).expect("an end");
            let glued =
                [&seed[at..(at + 3000).min(seed.len())], "\n\n".as_bytes(), &LIVE[LIVE.len() - at % 4000..], &FEED[..at % 4000]].concat();
            holds(glued).expect("pieces");
        }
    }
}

/// Lossless or an error.
fn holds(bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let _ = container("x", &bytes);
    if let Ok(document) = parse_document("x", bytes.clone(), Sidecar::default()) {
        prop_assert_eq!(prove_lossless(&document), Ok(()));
        prop_assert!(!document.releases.is_empty());
        prop_assert_eq!(document.content.as_slice(), bytes.as_slice());
    }
    for release in NdjsonReader::new("x", bytes.as_slice()).flatten() {
        prop_assert_eq!(prove_release(&release), Ok(()));
    }
    if let Ok(text) = std::str::from_utf8(&bytes) {
        let _ = parse_sidecar("x", text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn feeds_are_cut_at_their_titles((text, titles) in document(source())) {
        let document = parse_document("x", text.into_bytes(), Sidecar::default()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(document.format, DocumentFormat::FeedText);
        prop_assert_eq!(prove_lossless(&document), Ok(()));
        prop_assert_eq!(super::titles(&document), titles);
    }

    #[test]
    fn live_pages_are_cut_at_their_titles((text, titles) in document(stamp())) {
        let document = parse_document("x", text.into_bytes(), Sidecar::default()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(document.format, DocumentFormat::LivePage);
        prop_assert_eq!(prove_lossless(&document), Ok(()));
        prop_assert_eq!(super::titles(&document), titles);
    }

    #[test]
    fn rough_text_is_lossless_or_refused(text in rough()) {
        holds(text.into_bytes())?;
    }

    #[test]
    fn any_string_is_lossless_or_refused(text in "(?s).{0,400}") {
        holds(text.into_bytes())?;
    }

    #[test]
    fn any_bytes_are_lossless_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        holds(bytes)?;
    }

    #[test]
    fn any_body_in_ndjson_is_kept(title in "\\PC{1,40}", body in rough()) {
        let line = serde_json::json!({ "title": title, "body": body }).to_string();
        let mut items = NdjsonReader::new("x", line.as_bytes());
        match items.next() {
            Some(Ok(release)) => {
                prop_assert_eq!(prove_release(&release), Ok(()));
                prop_assert_eq!(release.text, format!("{title}\n\n{body}"));
            }
            Some(Err(error)) => prop_assert!(error.field.is_some(), "{}", error),
            None => prop_assert!(false, "no item"),
        }
    }
}
