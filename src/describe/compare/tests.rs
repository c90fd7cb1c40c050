use proptest::prelude::*;

use super::*;
use crate::model::BlockKind;

/// A body whose lines are paragraphs; a line that begins with `~` is furniture.
struct Version {
    title: String,
    text: String,
    blocks: Vec<Block>,
}

impl Version {
    fn new(title: &str, lines: &str) -> Self {
        let (mut text, mut blocks) = (String::new(), Vec::new());
        for line in lines.split('\n').filter(|line| !line.trim().is_empty()) {
            let start = text.len();
            text.push_str(line.trim_start_matches('~'));
            let kind = if line.starts_with('~') { BlockKind::Contact } else { BlockKind::Paragraph };
            blocks.push(Block::new(kind, Span::new(start, text.len())));
            text.push_str("\n\n");
        }
        Self { title: title.to_owned(), text, blocks }
    }

    fn view(&self) -> Text<'_> {
        Text { title: &self.title, text: &self.text, body: Span::new(0, self.text.len()), blocks: &self.blocks, published: None }
    }
}

/// A comparison of two bodies in one line: `[-removed-]`, `{+added+}`, `(was=is)`, passages by their kind.
fn told(old: &str, new: &str) -> String {
    let (old, new) = (Version::new("", old), Version::new("", new));
    let comparison = compare(old.view(), new.view());
    assert!(!comparison.coarse);
    assert_eq!(comparison.edit, edit(old.view(), new.view()));
    assert_eq!(comparison.edit.reversed(), edit(new.view(), old.view()));
    let passages = comparison.passages.iter().map(|passage| {
        let pieces = passage.pieces.iter().map(|Piece { words, change }| match change {
            Change::Same => words.clone(),
            Change::Added => format!("{{+{words}+}}"),
            Change::Removed => format!("[-{words}-]"),
            Change::Trivial { was } => format!("({was}={words})"),
        });
        format!("{:?}: {}", passage.kind, pieces.collect::<String>())
    });
    passages.collect::<Vec<_>>().join(" | ")
}

fn changes(old: &str, new: &str) -> (Substance, u32, u32, u32) {
    let (old, new) = (Version::new("", old), Version::new("", new));
    let edit = edit(old.view(), new.view());
    (edit.substance, edit.added, edit.removed, edit.trivial)
}

#[test]
fn words_and_numbers_that_changed_are_marked() {
    for (old, new, expected) in [
        ("Allies sent 12 ships to sea.", "Allies sent 14 ships to sea.", "Changed: Allies sent[- 12-]{+ 14+} ships to sea."),
        ("They met, and left.", "They met. And left.", "Changed: They met[-, and-]{+. And+} left."),
        ("A cafe in Kyiv", "A café in Kyiv", "Changed: A[- cafe-]{+ café+} in Kyiv"),
        ("It cost 1,000 euros", "It cost 1.000 euros", "Changed: It cost[- 1,000-]{+ 1.000+} euros"),
        ("One.\nTwo is here.", "One.\nTwo is here.\n1 A footnote.", "Same: One. | Same: Two is here. | Added: {+1 A footnote.+}"),
        (
            "One thing.\nAnother matter.",
            "Another matter.\nOne thing.",
            "Moved: {+Another matter.+} | Same: One thing. | Moved: [-Another matter.-]",
        ),
        ("", "All is new.", "Added: {+All is new.+}"),
        ("All was here.", "", "Removed: [-All was here.-]"),
        ("", "", ""),
        // Nothing in common: no words are matched for the sake of an article.
        (
            "The ministers discussed a plan.",
            "Snow fell on the hills today",
            "Removed: [-The ministers discussed a plan.-] | Added: {+Snow fell on the hills today+}",
        ),
    ] {
        let moved = expected.contains("Moved");
        let found = told(old, new);
        assert!(found == expected || (moved && found.matches("Moved").count() == 2), "{found}\n{expected}");
    }
}

#[test]
fn a_divided_paragraph_is_no_change() {
    let whole = "First we came here. Then we went on. Last we slept well.\nEnd.";
    let split = "First we came here.\nThen we went on.\nLast we slept well.\nEnd.";
    assert_eq!(told(whole, split), "Trivial: First we came here. Then we went on. Last we slept well. | Same: End.");
    assert_eq!(changes(whole, split), (Substance::Trivial, 0, 0, 0));
    // Divided, and a word changed: still one passage.
    let also = "First we came here. Then we went on.\nLast we slept ill.\nThe end.";
    assert_eq!(
        told(whole, also),
        "Changed: First we came here. Then we went on. Last we slept[- well-]{+ ill+}. | Changed: [-End-]{+ The end+}."
    );
    // Equal paragraphs are not taken for each other.
    assert_eq!(changes("p\nq p", "p q\np"), (Substance::Trivial, 0, 0, 0));
}

#[test]
fn typography_is_trivial() {
    for (old, new) in [
        ("He said \"no\" to the Allies' plan", "He said “no” to the Allies’ plan"),
        ("in 2020-2025 -- it's said - we", "in 2020–2025 — it’s said – we"),
        ("and so on...", "and so on…"),
        ("a\u{a0}b  c", "a b c"),
        ("co\u{ad}operation", "cooperation"),
        ("the ﬁnal text", "the final text"),
        ("une « pause » : oui", "une «pause»: oui"),
        ("e\u{301}tat", "état"),
        ("\u{feff}one\u{200b} two", "one two"),
        ("Ukraine—Russia", "Ukraine – Russia"),
        ("• item", "· item"),
    ] {
        let (substance, added, removed, _) = changes(old, new);
        assert_eq!((substance, added, removed), (Substance::Trivial, 0, 0), "{old} | {new}");
    }
    assert_eq!(told("a \"b\" c", "a “b” c"), "Trivial: a( \"= “)b(\"=”) c");
    for (old, new) in [
        ("a, b", "a. b"),
        ("NATO", "Nato"),
        ("10", "11"),
        ("the cooperation", "the co operation"),
        ("no", "\"no\""),
        ("resign", "re-sign"),
        ("1.5", "15"),
    ] {
        assert_eq!(changes(old, new).0, Substance::Substantive, "{old} | {new}");
    }
}

#[test]
fn furniture_is_trivial() {
    let (old, new) = ("We met in Riga.\n~Contact: the press office", "We met in Riga.\n~Follow us on another site");
    let (substance, added, removed, trivial) = changes(old, new);
    assert_eq!((substance, added, removed), (Substance::Trivial, 0, 0));
    assert!(trivial > 0);
    assert_eq!(changes("We met.", "We met.\n~Contact: us").0, Substance::Trivial);
    assert_eq!(changes("We met.\n~Contact: us", "We left.\n~Contact: them"), (Substance::Substantive, 1, 1, 2));
}

#[test]
fn title_and_date_count() {
    let old = Version::new("A summit", "Text.");
    let mut other = Version::new("The summit", "Text.");
    assert_eq!(
        edit(old.view(), other.view()),
        Edit { title: true, substance: Substance::Substantive, added: 1, removed: 1, ..Edit::default() }
    );
    other.title = "A  summit".into();
    assert_eq!(edit(old.view(), other.view()), Edit { substance: Substance::Trivial, ..Edit::default() });
    let dated = Text { published: Some("2024-07-10"), ..old.view() };
    assert_eq!(edit(old.view(), dated), Edit { date: true, substance: Substance::Substantive, ..Edit::default() });
    assert_eq!(edit(dated, dated), Edit::default());
}

#[test]
fn spans_that_do_not_fit_do_no_harm() {
    let text = "été — hiver\nprintemps";
    for (body, block) in [((0, 99), (1, 2)), ((1, 4), (0, 3)), ((9, 2), (5, 4)), ((0, text.len()), (3, 99))] {
        let blocks = [Block::new(BlockKind::Paragraph, Span::from(block)), Block::new(BlockKind::List, Span::from(body))];
        let view = Text { title: text, text, body: Span::from(body), blocks: &blocks, published: None };
        assert_eq!(edit(view, view).substance, Substance::None);
        let _ = compare(view, Version::new("x", "y").view());
    }
}

/// Two texts of a megabyte with nothing but common words in common, in one paragraph and in many.
#[test]
fn very_long_texts_are_bounded() {
    for gap in [" ", "\n"] {
        let text = |seed: u64| {
            let mut number = seed;
            let word = |_| {
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let end = if number >> 60 == 0 { gap } else { " " };
                format!("w{}{end}", (number >> 33) % 500)
            };
            (0..60_000).map(word).collect::<String>()
        };
        let (old, new) = (Version::new("", &text(1)), Version::new("", &text(2)));
        let comparison = compare(old.view(), new.view());
        assert_eq!(comparison.edit.substance, Substance::Substantive);
        assert!(comparison.coarse);
    }
}

/// Speed by hand: `cargo test --release --lib compare -- --ignored --nocapture`.
#[test]
#[ignore = "takes a release build"]
fn speed() {
    let text = |seed: u64, words: usize, gap: u64, vocabulary: u64| {
        let mut number = seed;
        let word = |_| {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            format!("w{}{}", (number >> 33) % vocabulary, if (number >> 20).is_multiple_of(gap) { "\n" } else { " " })
        };
        (0..words).map(word).collect::<String>()
    };
    let one = text(1, 420, 60, 2000);
    let pairs = [
        ("a usual text, a word changed", one.clone(), one.replacen("w1", "x1", 1)),
        ("a usual text, set otherwise", one.clone(), one.replace(" w2", "\u{a0}w2")),
        ("usual texts, nothing in common", one.clone(), text(2, 420, 60, 2000)),
        ("a paragraph of 10,000 words against another", text(1, 9_990, 1 << 40, 500), text(2, 9_990, 1 << 40, 500)),
        ("the same of few words", text(1, 9_990, 1 << 40, 5), text(2, 9_990, 1 << 40, 5)),
        ("200 paragraphs against others", text(1, 20_000, 100, 500), text(2, 20_000, 100, 500)),
        ("500 short paragraphs against others", text(1, 10_000, 20, 500), text(2, 10_000, 20, 500)),
        ("a megabyte in lines against another", text(1, 200_000, 20, 500), text(2, 200_000, 20, 500)),
        ("a megabyte of single words against another", text(1, 200_000, 1, 500), text(2, 200_000, 1, 500)),
        ("a megabyte in paragraphs, a word changed", text(1, 200_000, 100, 500), text(1, 200_000, 100, 500).replace("w77 ", "y ")),
    ];
    for (what, old, new) in pairs {
        let (old, new) = (Version::new("", &old), Version::new("", &new));
        let start = std::time::Instant::now();
        let comparison = compare(old.view(), new.view());
        let compared = start.elapsed();
        let start = std::time::Instant::now();
        let counted = edit(old.view(), new.view());
        eprintln!("{what}: {compared:?}, edit {:?}, coarse {}, {counted:?}", start.elapsed(), comparison.coarse);
    }
}

/// Words of one side, as they are said.
fn said(comparison: &Comparison, is_old: bool) -> Vec<u64> {
    let mut joined = String::new();
    for passage in &comparison.passages {
        for piece in &passage.pieces {
            match (&piece.change, is_old) {
                (Change::Same, _) | (Change::Added, false) | (Change::Removed, true) | (Change::Trivial { .. }, false) => {
                    joined.push_str(&piece.words)
                }
                (Change::Trivial { was }, true) => joined.push_str(was),
                _ => {}
            }
        }
        joined.push('\n');
    }
    words::words(&joined).iter().map(|word| word.id).collect()
}

fn body() -> impl Strategy<Value = String> {
    let word =
        prop::sample::select(vec!["a", "b", "c", "d", "e.", "f,", "“g”", "\"g\"", "1-2", "1–2", "—", "h", "\n", "\n", "\n~", "ﬁ", "fi"]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.join(" ").replace("\n ", "\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn both_versions_can_be_read_from_a_comparison(old in body(), new in body()) {
        let (old, new) = (Version::new("A b", &old), Version::new("A c", &new));
        let comparison = compare(old.view(), new.view());
        let plain = |version: &Version| words::words(&version.text).iter().map(|word| word.id).collect::<Vec<_>>();
        prop_assert_eq!(said(&comparison, true), plain(&old));
        prop_assert_eq!(said(&comparison, false), plain(&new));
        prop_assert_eq!(comparison.edit, edit(old.view(), new.view()));
        prop_assert_eq!(comparison.edit.reversed(), edit(new.view(), old.view()));
        prop_assert_eq!(edit(old.view(), old.view()), Edit::default());
    }

    #[test]
    fn nothing_breaks_the_comparison(old in "\\PC{0,60}", new in "(\\PC|[\u{ad}\u{200b}’'—–. \n-]){0,60}") {
        let (old, new) = (Version::new(&old, &old), Version::new(&new, &new));
        let comparison = compare(old.view(), new.view());
        prop_assert_eq!(comparison.edit, edit(old.view(), new.view()));
        prop_assert_eq!(comparison.edit.reversed(), edit(new.view(), old.view()));
    }
}
