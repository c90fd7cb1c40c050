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

/// One entry of a feed, published on a known day.
#[derive(Clone, Debug)]
enum Entry {
    Dated,
    Bare,
    Undated,
    /// Days of the event, and days until it was reported.
    Range(u64, u64),
    /// Days until the event.
    Advisory(u64),
    BareAdvisory(u64),
}

fn written(entry: &Entry, day: NaiveDate) -> String {
    let before = |days: u64| day - chrono::Days::new(days);
    let after = |days: u64| day + chrono::Days::new(days);
    match entry {
        Entry::Dated => format!("On {}, Ministers met in Brussels.", day.format("%A (%-d %B %Y)")),
        Entry::Bare => format!("On {}, the Chair visited Tirana.", day.format("%A (%-d %B)")),
        Entry::Undated => "Allies stand together. They will not be divided.".into(),
        Entry::Range(days, lag) => {
            format!("From {} to {}, experts met in Sofia.", before(days + lag).format("%-d %B"), before(*lag).format("%-d %B %Y"))
        }
        Entry::Advisory(days) => format!("The Secretary General will visit Rome on {}.", after(*days).format("%A, %-d %B %Y")),
        Entry::BareAdvisory(days) => format!("Le secrétaire général se rendra à Rome le {}.", after(*days).format("%-d.%m.%Y")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_feed_is_bounded_by_the_truth(
        start in 0u64..12_000,
        entries in prop::collection::vec((prop_oneof![
            3 => Just(Entry::Dated),
            2 => Just(Entry::Bare),
            2 => Just(Entry::Undated),
            2 => (1u64..6, 0u64..9).prop_map(|(days, lag)| Entry::Range(days, lag)),
            1 => (0u64..20).prop_map(Entry::Advisory),
            1 => (0u64..20).prop_map(Entry::BareAdvisory),
        ], 0u64..25), 2..9),
    ) {
        let mut published = day("1995-01-01") + chrono::Days::new(start);
        let mut truth = Vec::new();
        let mut releases = Vec::new();
        for (entry, gap) in &entries {
            published = published - chrono::Days::new(*gap);
            truth.push(published);
            releases.push(release("A title", None, &written(entry, published)));
        }
        let dated = date_releases(&releases, &context(DocumentOrder::NewestFirst, &[]));
        for ((dated, published), release) in dated.iter().zip(&truth).zip(&releases) {
            let date = &dated.published;
            prop_assert!(date.earliest.is_none_or(|earliest| earliest <= *published), "{} {}: {date:#?}", release.text, published);
            prop_assert!(date.latest.is_none_or(|latest| latest >= *published), "{} {}: {date:#?}", release.text, published);
        }
        let days: Vec<NaiveDate> = dated.iter().filter_map(|dated| dated.published.sort_on).collect();
        prop_assert!(days.windows(2).all(|pair| (pair[1] - pair[0]).num_days() <= 1), "{days:?} {truth:?} {entries:?}");
    }
}
