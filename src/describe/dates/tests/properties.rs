//! What holds for any text.

use proptest::prelude::*;

use super::*;

const PIECES: &[&str] = &[
    "25",
    "7",
    "1er",
    "28th",
    "2025",
    "1949",
    "April",
    "avril",
    "mai",
    "May",
    "Sept.",
    "août",
    "février",
    "Friday",
    "mercredi",
    "(",
    ")",
    ",",
    ".",
    ". ",
    " ",
    "\u{a0}",
    "\n",
    "\n\n",
    "-",
    "–",
    "—",
    "to",
    "and",
    "et",
    "au",
    "du",
    "from",
    "on",
    "On",
    "Le",
    "will",
    "meet",
    "met",
    "se rendra",
    "a rencontré",
    "Issued on",
    "Last updated:",
    "Press Release (2012) 062",
    "today",
    "aujourd’hui",
    "no later than",
    "by",
    "since",
    "in",
    "16.00",
    "13:00",
    "1,400",
    "2025-06-24",
    "24.06.2025",
    "/",
    "“",
    "”",
    "é",
    "😀",
    "Brussels, ",
    "who",
    "that",
    "29 February",
    "XXXX",
    "99999999999999999999",
    "• ",
    "| ",
    "0",
    "upcoming Summit in The Hague",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![9 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec((piece, any::<bool>()), 0..60)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, space)| [piece, if space { " ".into() } else { String::new() }]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn dates_keep_their_promises(texts in prop::collection::vec((text(), text(), any::<bool>()), 1..6), ordered: bool, fetched: bool) {
        let releases: Vec<_> = texts.iter().map(|(title, body, live)| release(title, live.then_some("June 24, 16.30"), body)).collect();
        let summits = summits();
        let order = if ordered { DocumentOrder::NewestFirst } else { DocumentOrder::Unordered };
        let mut context = context(order, &summits);
        context.fetched_on = fetched.then(|| day("2025-06-26"));
        context.time_zone = ordered.then_some("Europe/Brussels");
        let dated = date_releases(&releases, &context);
        prop_assert_eq!(dated.len(), releases.len());
        for (release, dated) in releases.iter().zip(&dated) {
            let date = &dated.published;
            for edtf in date.edtf.iter().chain(dated.dates.iter().map(|date| &date.edtf)) {
                let parsed = edtf_core::Edtf::parse(edtf).map(|parsed| parsed.to_string());
                prop_assert_eq!(parsed.as_ref().ok(), Some(edtf));
            }
            if let (Some(earliest), Some(latest)) = (date.earliest, date.latest) {
                prop_assert!(earliest <= latest);
            }
            for evidence in date.evidence.iter().chain(dated.dates.iter().map(|date| &date.evidence)) {
                prop_assert_eq!(release.text.get(evidence.start..evidence.end), Some(evidence.text.as_str()));
                prop_assert!(!evidence.text.is_empty());
            }
            prop_assert!(date.precision.token() == "unknown" || date.edtf.is_some());
        }
    }
}
