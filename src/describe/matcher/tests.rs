use super::*;

fn found(phrases: &[&str], rule: CaseRule, text: &str) -> Vec<String> {
    let matcher = Matcher::new(phrases.iter().enumerate().map(|(id, words)| (id, *words, rule))).expect("few phrases");
    let folded = Folded::new(text);
    matcher.find(&folded).iter().map(|hit| folded.span(hit.start, hit.end).of(text).to_owned()).collect()
}

#[test]
fn typography_does_not_hide_a_phrase() {
    for (phrase, text) in [
        ("Russia's aggression", "of Russia’s\u{a0}aggression."),
        ("NATO-Ukraine Council", "the NATO–Ukraine  Council"),
        ("North Atlantic Council", "North\nAtlantic Council"),
        ("élargissement", "ELARGISSEMENT et Élargissement, e\u{301}largissement"),
        ("2 % du PIB", "2\u{202f}% du PIB ou 2% du PIB"),
        ("cœur", "un CŒUR, un coeur"),
        ("collective defence", "col\u{ad}lective de\u{200b}fence"),
    ] {
        assert!(!found(&[phrase], CaseRule::Capitals, text).is_empty(), "{phrase} in {text}");
    }
    assert_eq!(found(&["élargissement"], CaseRule::Capitals, "e\u{301}largissement, Élargissement").len(), 2);
    assert_eq!(found(&["cafe"], CaseRule::Capitals, "cafe\u{301} noir"), ["cafe\u{301}"]);
}

#[test]
fn phrases_stand_on_token_boundaries() {
    for (phrase, text) in [
        ("space policy", "airspace policy"),
        ("Article 5", "Article 50, Article 51"),
        ("2% of GDP", "3.2% of GDP, 12% of GDP"),
        ("exercise", "exercised"),
        ("North Atlantic Council", "North Atlantic\n\nCouncil"),
        ("Oman", "Romania, Omani"),
    ] {
        assert!(found(&[phrase], CaseRule::Capitals, text).is_empty(), "{phrase} in {text}");
    }
    assert_eq!(found(&["Article 5", "U.S."], CaseRule::Capitals, "(Article 5). U.S. troops").len(), 2);
}

#[test]
fn capitals_are_asked_of_what_is_written_in_capitals() {
    let capitals = |text| found(&["ICI", "MAP", "NATO standards", "Cold War"], CaseRule::Capitals, text).len();
    assert_eq!(capitals("l'ICI, the MAP, NATO standards, the cold war"), 4);
    assert_eq!(capitals("par ici, a map, Map, nato standards"), 0);
    assert_eq!(found(&["STANAG"], CaseRule::Capitals, "STANAGs").len(), 0);
    let names = |text| found(&["Turkey", "Georgia", "US", "the Netherlands"], CaseRule::Name, text).len();
    assert_eq!(names("Turkey, GEORGIA, the US and The Netherlands"), 4);
    assert_eq!(names("turkey with georgia, tell us"), 0);
    assert_eq!(names("JOIN US TODAY IN GENEVA"), 0);
}

#[test]
fn the_longest_of_overlapping_phrases_stays() {
    let matcher = Matcher::new([(0, "a b", CaseRule::Capitals), (1, "a b c", CaseRule::Capitals), (2, "c d", CaseRule::Capitals)])
        .expect("few phrases");
    let folded = Folded::new("x a b c d");
    let hits = longest(&matcher.find(&folded), |_, _| true);
    assert_eq!(hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [1]);
}
