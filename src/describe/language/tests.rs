use super::*;
use crate::describe::topics::tests::{labelled, release};

#[test]
fn labelled_releases_get_their_language() {
    for entry in labelled() {
        assert_eq!(language(&entry.release, None), entry.lang, "{}", entry.release.title_text());
    }
}

#[test]
fn what_is_stated_wins() {
    let mut text =
        release("Le Conseil", "Les ministres des pays de l’Alliance se sont réunis à Bruxelles pour une réunion avec leurs partenaires.");
    assert_eq!(language(&text, None), "fr");
    assert_eq!(language(&text, Some("uk")), "uk");
    assert_eq!(language(&text, Some(" ")), "fr");
    text.given.lang = Some("ru".into());
    assert_eq!(language(&text, Some("uk")), "ru");
}

#[test]
fn short_and_foreign_texts_are_not_guessed() {
    for (title, body, expected) in [
        ("Secretary General visits the troops in Poland", "", "en"),
        ("NATO", "", "und"),
        ("12:30", "…", "und"),
        ("Rencontre avec le président de la République", "Le secrétaire général a rencontré le président.", "fr"),
        (
            "Die Minister trafen sich",
            "Die Verteidigungsminister der Allianz haben sich am Mittwoch in Brüssel mit ihren Partnern getroffen und über die Lage beraten.",
            "und",
        ),
        (
            "Los ministros",
            "Los ministros de la Alianza se reunieron el miércoles en Bruselas para hablar de la situación de seguridad en la región.",
            "und",
        ),
        ("Міністри", "Міністри оборони країн Альянсу зустрілися в середу в Брюсселі, щоб обговорити безпекову ситуацію.", "und"),
        (
            "De ministers",
            "De ministers van Defensie van de NAVO hebben elkaar woensdag in Brussel ontmoet om over de toestand te spreken.",
            "und",
        ),
    ] {
        assert_eq!(language(&release(title, body), None), expected, "{title}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_has_a_tag(body in "\\PC{0,300}") {
        proptest::prop_assert!(["en", "fr", "und"].contains(&language(&release("T", &body), None).as_str()));
    }
}

#[test]
fn no_small_word_is_of_both_languages() {
    assert_eq!(SMALL_WORDS.len(), ENGLISH.len() + FRENCH.len());
}
