use proptest::prelude::*;

use super::*;
use crate::model::release::fold_text;
use crate::model::{Block, BlockKind, Given, Span};

/// Numbers that look like chance and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (mix(self.0) % end.max(1) as u64) as usize
    }

    fn text(&mut self, words: usize) -> Vec<String> {
        (0..words).map(|_| format!("w{}", self.below(3000))).collect()
    }
}

fn sketch(text: &str) -> Sketch {
    Sketch::of(text).expect("a text that is long enough")
}

/// What the table in the module's documentation says.
fn found_at(likeness: f64) -> f64 {
    1.0 - (1.0 - likeness.powi(ROWS as i32)).powi(BANDS as i32)
}

/// Pairs of texts of about a likeness: some words changed, one by one.
fn pairs(likeness: f64, words: usize, count: usize) -> Vec<(String, String)> {
    let mut numbers = Numbers((likeness * 1000.0) as u64 * 7919 + words as u64);
    // Each changed word takes its three shingles out of both sets.
    let changes = ((1.0 - likeness) / (1.0 + likeness) * words as f64 / 3.0).round() as usize;
    let pair = |_| {
        let one = numbers.text(words);
        let mut other = one.clone();
        // At least three words apart, so that each change counts in full.
        for change in 0..changes {
            let at = change * words / changes;
            other[at] = format!("n{}", numbers.below(1_000_000));
        }
        (one.join(" "), other.join(" "))
    };
    (0..count).map(pair).collect()
}

#[test]
fn recall_is_as_stated() {
    assert!(found_at(0.9) >= 0.999 && found_at(0.7) >= 0.99 && found_at(0.5) >= 0.7 && found_at(0.2) <= 0.05);
    for (likeness, words) in [(0.9, 420), (0.8, 420), (0.7, 420), (0.5, 420), (0.3, 420), (0.9, 80), (0.8, 80), (0.5, 80), (0.8, 4000)] {
        let pairs = pairs(likeness, words, 300);
        let (mut met, mut wrong, mut formula) = (0usize, 0.0f64, 0.0f64);
        for (one, other) in &pairs {
            let true_likeness = exact(one, other);
            assert!((true_likeness - likeness).abs() < 0.09, "{true_likeness} for {likeness}");
            let (one, other) = (sketch(one), sketch(other));
            met += usize::from(one.meets(&other));
            formula += found_at(true_likeness);
            wrong += (one.estimate(&other) - true_likeness).powi(2);
        }
        let (met, formula) = (met as f64 / pairs.len() as f64, formula / pairs.len() as f64);
        let error = (wrong / pairs.len() as f64).sqrt();
        assert!((met - formula).abs() < 0.06, "{met} found at {likeness} in {words} words, {formula} expected");
        assert!(error < 0.06, "{error} off at {likeness} in {words} words");
        assert!(likeness < 0.9 || met >= 0.995, "{met}");
    }
}

#[test]
fn a_changed_number_paragraph_or_footer_is_near() {
    let mut numbers = Numbers(11);
    let mut table = Near::default();
    let paragraphs: Vec<Vec<String>> = (0..400).map(|_| (0..8).map(|_| numbers.text(50).join(" ")).collect()).collect();
    for (seq, text) in paragraphs.iter().enumerate() {
        table.insert(seq as i64, &sketch(&text.join("\n\n")));
    }
    let mut missed = 0;
    for (seq, text) in paragraphs.iter().enumerate() {
        let mut number = text.clone();
        number[3] = number[3].replacen('w', "", 1);
        let mut footer = text.clone();
        footer.push(format!("For more information, call {}.", numbers.below(1_000_000)));
        let mut paragraph = text.clone();
        let place = numbers.below(paragraph.len());
        paragraph[place] = numbers.text(50).join(" ");
        for (change, text, least) in [("number", number, 0.95), ("footer", footer, 0.9), ("paragraph", paragraph, 0.6)] {
            let found = table.candidates(&sketch(&text.join("\n\n")), 3);
            let is_found = found.first().is_some_and(|(found, like)| *found == seq as i64 && *like >= least);
            // A paragraph of eight leaves a likeness of .78: found 98 times of a hundred.
            missed += usize::from(!is_found && change == "paragraph");
            assert!(is_found || change == "paragraph", "{change} {seq} {found:?}");
            assert!(found.len() <= 1, "{found:?}");
        }
    }
    assert!(missed <= 20, "{missed} of 400");
    let strangers = (0..2000).filter(|_| !table.candidates(&sketch(&numbers.text(400).join(" ")), 3).is_empty()).count();
    assert_eq!(strangers, 0);
}

#[test]
fn furniture_makes_no_other_text() {
    let release = |contact: &str| {
        let body = Numbers(3).text(120).join(" ");
        let text = format!("Title\n\n{body}\n\n{contact}");
        let (start, end) = (7, 7 + body.len());
        ParsedRelease {
            position: 0,
            at: Span::new(0, text.len()),
            sha256: String::new(),
            title: Span::new(0, 5),
            source_line: None,
            source: None,
            stamp: None,
            body: Span::new(start, text.len()),
            blocks: vec![
                Block::new(BlockKind::Paragraph, Span::new(start, end)),
                Block::new(BlockKind::Contact, Span::new(end + 2, text.len())),
            ],
            given: Given::default(),
            text,
        }
    };
    let (one, other) = (release("For more information: one"), release("For general queries: contact another office, or follow us"));
    assert_eq!(Sketch::of_release(&one), Sketch::of_release(&other));
    assert_ne!(Sketch::of(one.body_text()), Sketch::of(other.body_text()));
    // Where there is nothing but furniture it is all there is to tell by.
    let mut bare = one.clone();
    bare.blocks = vec![Block::new(BlockKind::Contact, bare.body)];
    assert_eq!(Sketch::of_release(&bare), Sketch::of(bare.body_text()));
}

#[test]
fn short_texts_have_no_sketch() {
    let words = |characters: usize| "abcd ".repeat(characters / 4);
    assert_eq!(Sketch::of(&words(MIN_CHARACTERS - 4)), None);
    assert!(Sketch::of(&words(MIN_CHARACTERS)).is_some());
    assert_eq!(Sketch::of(&" – ".repeat(500)), None);
    assert_eq!(Sketch::of(""), None);
}

#[test]
fn likeness_is_counted() {
    for (one, other, likeness) in [
        ("", "", 1.0),
        ("", "a b c", 0.0),
        ("a", "A.", 1.0),
        ("a b", "b a", 0.0),
        ("a b c d", "A, b – c: d!", 1.0),
        ("a b c d", "a b c e", 1.0 / 3.0),
        ("a b c a b c", "a b c", 1.0 / 3.0),
    ] {
        assert!((exact(one, other) - likeness).abs() < 1e-9, "{one} | {other}: {}", exact(one, other));
    }
    assert_eq!(text_hash("Łódź’s  “Summit”"), text_hash("ŁODZ s summit"));
    assert_ne!(text_hash("a b"), text_hash("ab"));
}

/// Sketches are stored: these numbers may never change.
#[test]
fn sketches_stay_what_they_were() {
    let text = Numbers(5).text(300).join(" ");
    let bytes = sketch(&text).to_bytes();
    assert_eq!(
        (text_hash(&text), mix(bytes.iter().fold(0, |all, byte| mix(all) ^ u64::from(*byte)))),
        (7596341132555267650, 12324291373212969363)
    );
    assert_eq!(Sketch::from_bytes(&bytes), Some(sketch(&text)));
    assert_eq!(Sketch::from_bytes(&bytes[1..]), None);
}

#[test]
fn a_crowded_band_stays_short() {
    let mut numbers = Numbers(9);
    let text = numbers.text(300);
    let mut table = Near::default();
    for seq in 0..5_000 {
        let mut other = text.clone();
        other[numbers.below(300)] = format!("x{seq}");
        table.insert(seq, &sketch(&other.join(" ")));
    }
    assert_eq!(table.len(), 5_000);
    let found = table.candidates(&sketch(&text.join(" ")), 10);
    assert!(found.len() == 10 && found.iter().all(|(_, like)| *like > 0.9), "{found:?}");
    assert!(found.is_sorted_by(|(_, one), (_, other)| one >= other));
    assert!(table.candidates(&sketch(&text.join(" ")), usize::MAX).len() <= BANDS * 32);
    // A number with several sketches is one candidate.
    let mut versions = Near::default();
    (0..3).for_each(|_| versions.insert(7, &sketch(&text.join(" "))));
    assert_eq!(versions.candidates(&sketch(&text.join(" ")), 10), vec![(7, 1.0)]);
}

proptest! {
    #[test]
    fn folds_as_the_model_does(text in "([ -~]|\\PC|[éÅﬁ\u{301}\u{ad}\u{200b}İßǅ’…]|w){0,60}") {
        let folded: String = fold_text(&text).collect();
        let fast = Folded::of(&text);
        prop_assert_eq!(fast.words(), folded.as_str());
    }

    #[test]
    fn a_text_is_like_itself(words in prop::collection::vec("[a-z]{1,8}", 60..200)) {
        let text = words.join(" ");
        prop_assert_eq!(exact(&text, &text.to_uppercase()), 1.0);
        if let Some(sketch) = Sketch::of(&text) {
            prop_assert_eq!(sketch.estimate(&sketch), 1.0);
            prop_assert!(sketch.meets(&sketch));
            let mut table = Near::with_room(1);
            table.insert(-4, &sketch);
            prop_assert_eq!(table.candidates(&sketch, 5), vec![(-4, 1.0)]);
        }
    }
}

/// Speed by hand: `cargo test --release --lib likeness -- --ignored --nocapture`.
#[test]
#[ignore = "takes a release build and half a minute"]
fn speed() {
    let mut numbers = Numbers(1);
    let texts: Vec<String> = (0..4000).map(|_| numbers.text(500).join(" ")).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let start = std::time::Instant::now();
    let sketches: Vec<Sketch> = texts.iter().map(|text| sketch(text)).collect();
    eprintln!("sketch: {:?} for {} bytes each", start.elapsed() / 4000, bytes / 4000);
    let start = std::time::Instant::now();
    let hashes = texts.iter().fold(0u64, |all, text| all ^ text_hash(text));
    eprintln!("hash: {:?} ({hashes})", start.elapsed() / 4000);
    let start = std::time::Instant::now();
    let likeness: f64 = texts.windows(2).map(|pair| exact(&pair[0], &pair[1])).sum();
    eprintln!("exact: {:?} ({likeness})", start.elapsed() / 4000);
    // A million: twenty-four thousand texts, each forty times with an eighth of its slots changed.
    let mut table = Near::default();
    let start = std::time::Instant::now();
    for seq in 0..1_000_000i64 {
        let mut bytes = sketches[(seq % 4000) as usize].to_bytes();
        let mut own = Numbers((seq % 24_000) as u64);
        bytes.iter_mut().for_each(|byte| *byte = byte.wrapping_add(own.below(256) as u8));
        for _ in 0..SLOTS / 8 {
            bytes[numbers.below(SLOTS)] = numbers.below(256) as u8;
        }
        table.insert(seq, &Sketch(bytes));
    }
    eprintln!("million inserts: {:?}, {} bytes an entry", start.elapsed(), table.bytes() / table.len());
    let start = std::time::Instant::now();
    let mut found = 0;
    for seq in 0..20_000u64 {
        let mut bytes = sketches[(seq % 4000) as usize].to_bytes();
        let mut own = Numbers(seq);
        bytes.iter_mut().for_each(|byte| *byte = byte.wrapping_add(own.below(256) as u8));
        found += table.candidates(&Sketch(bytes), 5).len();
    }
    eprintln!("candidates: {:?}, {found} found", start.elapsed() / 20_000);
}

#[test]
fn a_sketch_in_the_place_of_another_leaves_the_table_that_would_have_been() {
    let mut numbers = Numbers(11);
    let texts: Vec<String> = (0..9_000).map(|_| numbers.text(80).join(" ")).collect();
    let later: Vec<(usize, String)> = (0..3_000).map(|at| (at * 3, numbers.text(80).join(" "))).collect();
    let (mut replaced, mut fresh) = (Near::default(), Near::with_room(9_000));
    texts.iter().enumerate().for_each(|(seq, text)| replaced.insert(seq as i64, &sketch(text)));
    let mut now = texts.clone();
    for (seq, text) in &later {
        replaced.replace(*seq as i64, &sketch(text));
        now[*seq] = text.clone();
    }
    now.iter().enumerate().for_each(|(seq, text)| fresh.insert(seq as i64, &sketch(text)));
    assert_eq!(replaced.len(), fresh.len());
    for text in texts.iter().chain(&now) {
        assert_eq!(replaced.candidates(&sketch(text), 4), fresh.candidates(&sketch(text), 4), "{text}");
    }
}
