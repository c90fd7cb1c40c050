use super::*;
use crate::describe::topics::tests::{labelled, release};

#[test]
fn labelled_releases_get_their_kind() {
    for entry in labelled() {
        assert_eq!(kind(&entry.release, DocumentFormat::FeedText, false), entry.kind, "{}", entry.release.title_text());
    }
}

#[test]
fn the_source_decides_first() {
    let mut text = release("Statement by the Council", "We met.");
    text.given.kind = Some(Kind::Article);
    assert_eq!(kind(&text, DocumentFormat::LivePage, true), Kind::Article);
}

#[test]
fn each_kind_has_its_cues() {
    use DocumentFormat::{ArticleText, FeedText, LivePage};
    for (title, body, format, advisory, expected) in [
        ("Panel under way", "The panel is currently under way.", LivePage, false, Kind::LiveUpdate),
        ("Watch the highlights: Forum 2025", "This short video captures key moments.", LivePage, false, Kind::Video),
        ("NATO publishes a strategy", "On Friday NATO published a strategy.", FeedText, false, Kind::News),
        ("Secretary General meets a minister", "On Friday he will meet her.", FeedText, true, Kind::MediaAdvisory),
        ("Opening remarks by the Secretary General", "Thank you all.", FeedText, false, Kind::Speech),
        ("Discours du secrétaire général", "(telle que prononcée)\n\nMesdames et Messieurs,", FeedText, false, Kind::Speech),
        ("Press briefing", "JAMIE SHEA: Good afternoon.\n\nQuestion: What now?\n\nJAMIE SHEA: We wait.", FeedText, false, Kind::Transcript),
        ("Istanbul Summit Communiqué", "Issued by the Heads of State and Government\n\n1. We met.", FeedText, false, Kind::Communique),
        ("Communiqué final", "Réunion ministérielle\n\n1. Les ministres se sont réunis.", FeedText, false, Kind::Communique),
        ("NATO Secretary General condemns missile launch", "I condemn it.", FeedText, false, Kind::Statement),
        ("NATO airlift", "Press Release (2012) 062\n\nAircraft left today.", FeedText, false, Kind::PressRelease),
        ("Summary of the Data Strategy", "1. Introduction\n\nData matter.", FeedText, false, Kind::OfficialText),
        (
            "Exercise “BULGARIA 2025”",
            "It is scheduled for September.\n\nFor more information on the exercise: factsheet",
            FeedText,
            true,
            Kind::EventPage,
        ),
        (
            "Emergency Management Exercise “BULGARIA 2025”",
            "NATO and Bulgaria are organizing an exercise, “BULGARIA 2025”. It will be from 7 to 12 September.\n\nIt is scheduled for autumn.",
            FeedText,
            false,
            Kind::EventPage,
        ),
        ("NATO Update: week of 10 September", "Allies met.", FeedText, false, Kind::Digest),
        ("NATO proposes a boost", "A senior NATO official said so.", ArticleText, false, Kind::Article),
    ] {
        let mut text = release(title, body);
        text.source = (format == FeedText).then(|| "NATO".into());
        assert_eq!(kind(&text, format, advisory), expected, "{title}");
    }
}

#[test]
fn numbers_are_given_as_printed() {
    for (body, expected) in [
        ("Press Release (2012) 062\n\nText", Some("Press Release (2012) 062")),
        ("• PR (2022)\u{a0}055 •\n\nText", Some("PR (2022) 055")),
        ("PR/CP(2009)123", Some("PR/CP(2009)123")),
        ("M-NAC-2 (2001)159", Some("M-NAC-2 (2001)159")),
        ("OTAN Communiqué de presse (2008)103", Some("OTAN Communiqué de presse (2008)103")),
        ("Press\nRelease\n(2004)096\n28 June 2004", Some("Press Release (2004)096")),
        ("Press Communiqué M-1(95)24", Some("Press Communiqué M-1(95)24")),
        ("As the Council said last year in its Press Release (2011) 145, it will.", None),
        ("PR (for short) 055", None),
    ] {
        assert_eq!(number(&release("Title", body).text).as_deref(), expected, "{body}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_strange(title in "\\PC{0,40}", body in "(Q:|Press Release|\\(2012\\)|1\\. |’|\\n|\\PC){0,40}") {
        let text = release(&title, &body);
        for format in DocumentFormat::ALL {
            let _ = (kind(&text, format, false), number(&text.text));
        }
    }
}
