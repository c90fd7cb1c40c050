//! What the search help promises and random queries met broken, each with its smallest case.

use nato_archive::index::Highlighter;
use nato_archive::index::grammar::{self, How, Reading};
use nato_archive::model::period::Period;
use nato_archive::model::query::Match;
use serde_json::json;

use crate::support::app::{TestApp, today};

fn read(q: &str, wanted: Match) -> Reading {
    grammar::read(q, &How { today: today(), wanted, lexicon: None })
}

fn said(reading: &Reading) -> String {
    reading.tree.as_ref().map(|tree| grammar::sentence(tree, &|_, value| value.to_owned())).unwrap_or_default()
}

fn many(piece: &str, between: &str) -> String {
    (0..40).map(|number| piece.replace('#', &number.to_string())).collect::<Vec<_>>().join(between)
}

#[test]
fn what_is_beyond_the_operators_is_left_out_and_never_turned_round() {
    for (piece, kept) in [("-word#", "without: *word31*"), ("=word#", "exactly: “word31”")] {
        let reading = read(&many(piece, " "), Match::Auto);
        let said = said(&reading);
        assert!(said.contains(kept) && !said.contains("word32"), "{piece}: {said}");
        assert!(reading.left_out.is_some());
    }
    let filters = said(&read(&many("topic:word#", " "), Match::Auto));
    assert!(!filters.contains('*'), "{filters}");
}

#[test]
fn choices_beyond_the_operators_are_left_out() {
    let reading = read(&many("word#", " OR "), Match::Auto);
    assert!(reading.left_out.is_some());
    assert!(!said(&reading).contains("word39"), "{}", said(&reading));
}

#[test]
fn parentheses_that_are_too_deep_are_said_to_be_left_out() {
    let nine = "((((((((one (two OR three)))))))))";
    let reading = read(nine, Match::Auto);
    assert!(reading.left_out.is_some(), "{}", said(&reading));
}

#[test]
fn any_word_is_never_the_absence_of_one() {
    // Every release without flimt would be found.
    let reading = said(&read("zorb (quib -flimt)", Match::Any));
    assert!(!reading.contains("(all releases; without: *flimt*)"), "{reading}");
    let reading = said(&read("zorb (quib topic:space)", Match::Any));
    assert!(!reading.contains("*quib*, (topic: space)"), "{reading}");
}

#[test]
fn any_word_of_common_ones_is_still_a_word() {
    let reading = said(&read("to-do so-so", Match::Any));
    assert!(reading.contains("to") && reading.contains("so"), "{reading}");
}

#[test]
fn nearness_beyond_the_operators_is_no_deeper_than_parentheses() {
    let shown = format!("{:?}", read(&many("word# /1 other#", " /1 "), Match::Auto).tree);
    assert!(shown.matches("All(").count() <= 8, "{shown}");
}

#[test]
fn a_hit_over_the_end_of_a_line_is_shown() {
    for (q, body) in [
        ("\"defence industry\" zebra", "They met. All spoke of defence\nindustry and left.\nA zebra came."),
        ("def* \"defence industry\" zebra", "They met. All spoke of defence\nindustry and left.\nA zebra came."),
        ("\"defence NATO\" zebra", "They met for defence. NATO was there.\nA zebra came."),
    ] {
        let snippet = Highlighter::new(read(q, Match::Auto).tree.as_ref()).snippet(body, "en");
        assert!(snippet.parts.iter().any(|part| part.hit && part.text.contains("defence")), "{q}: {snippet:?}");
    }
}

#[test]
fn what_is_no_value_of_a_field_is_noted() {
    for q in ["topic:spa*", "on:202*", "topic:(“a b”~5)"] {
        assert!(!read(q, Match::Auto).notes.is_empty(), "{q}");
    }
}

#[test]
fn a_day_with_its_ending_is_no_year() {
    for (typed, expected) in
        [("25th April", "2026-04-25"), ("April 25th", "2026-04-25"), ("Saturday 25th April", "2026-04-25"), ("Apr 22nd", "2026-04-22")]
    {
        assert_eq!(Period::typed(typed, today()).map(|period| period.to_string()), Ok(expected.to_owned()), "{typed}");
    }
    for wrong in ["25th", "31er", "04nd"] {
        assert!(Period::typed(wrong, today()).is_err(), "{wrong}");
    }
}

#[test]
fn a_long_question_and_its_exclusion_part_the_archive() {
    let (wanted, excluded) = ("one two three four five", "-(one two three four five)");
    assert_eq!(said(&read(excluded, Match::Auto)), format!("all releases; without: ({})", said(&read(wanted, Match::Auto))));
}

/// How many releases of an archive with one of this text a query finds.
async fn found(title: &str, body: &str, q: &str) -> u64 {
    let app = TestApp::of(&[json!({"title": title, "body": body, "source": "NATO"})]).await;
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish();
    app.get(&format!("/api/v1/search?{query}")).await.ok().json()["total"].as_u64().expect("a total")
}

#[tokio::test]
async fn what_is_copied_from_a_text_is_found_in_it() {
    for text in ["dr\u{202e}imb", "quib\u{200e}flimt", "wo\u{7f}rd"] {
        assert_eq!(found("Zorb", text, &format!("\"{text}\"")).await, 1, "{text:?}");
    }
}

#[tokio::test]
async fn only_the_title_ends_before_the_body() {
    assert_eq!(found("Zorb", "Quib\u{1d}flimt.", "\"quib flimt\"").await, 1);
}
