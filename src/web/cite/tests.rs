use chrono::NaiveDate;

use super::*;
use crate::model::release::Identity;
use crate::model::{Basis, Kind, PublicationDate};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn of(title: &str, date: PublicationDate) -> Reference {
    let id = Identity::by_key("NATO", "x").id(0);
    let slug = crate::model::slug::title_slug(title);
    let permalink = format!("https://archive.example/releases/{id}/{slug}");
    Reference {
        id,
        title: reference::one_line(title),
        publisher: Some("NATO".into()),
        date,
        kind: Kind::PressRelease,
        number: Some("(2025) 042".into()),
        lang: "en".into(),
        release: permalink.clone(),
        permalink,
        original: Some("https://www.nato.int/a_b.htm?x=1&y=%20".into()),
        current: CitedVersion { number: 2, seen_at: "2025-05-03T14:05:09Z".into(), sha256: "ab".repeat(32) },
        version: None,
        passage: None,
        accessed: day("2026-11-22"),
        archive: "The archive",
        slug,
    }
}

fn dated(edtf: &str) -> Reference {
    let date = if edtf.is_empty() { PublicationDate::unknown() } else { PublicationDate::stated(edtf, Basis::Field).expect(edtf) };
    of("Allies meet in Vilnius", date)
}

#[test]
fn styles_say_how_much_of_a_date_is_known() {
    for (edtf, apa, chicago, mla) in [
        ("2025-04-30", "(2025, April 30)", "2025. “", "30 Apr. 2025"),
        ("2025-04-30T16:30:00", "(2025, April 30)", "2025. “", "30 Apr. 2025"),
        ("2025-04", "(2025, April)", "2025. “", "Apr. 2025"),
        ("2025", "(2025)", "2025. “", "2025"),
        ("2025-04-25~", "([ca. April 25, 2025])", "[ca. April 25, 2025]. “", "[ca. 25 April 2025]"),
        ("2025-04~", "([ca. April 2025])", "[ca. April 2025]. “", "[ca. April 2025]"),
        ("2025-05-05/2025-05-07", "([not before May 7, 2025])", "[not before May 7, 2025]. “", "[not before 7 May 2025]"),
        (
            "[2024-09-25..2025-04-30]",
            "([between September 25, 2024, and April 30, 2025])",
            "[between September 25, 2024, and April 30, 2025]. “",
            "[between 25 September 2024 and 30 April 2025]",
        ),
        ("[..2025-04-25]", "([not after April 25, 2025])", "[not after April 25, 2025]. “", "[not after 25 April 2025]"),
        ("", "(n.d.)", "n.d. “", "n.d."),
    ] {
        let reference = dated(edtf);
        let said = |style: Style| style.set(&reference).plain();
        let address = &reference.permalink;
        let tail = "Press release (2025) 042";
        assert_eq!(said(Style::Apa), format!("NATO. {apa}. Allies meet in Vilnius [{tail}]. The archive. {address}"));
        let day = if chicago.starts_with("2025") && apa.contains("April") {
            apa[1..apa.len() - 1].replace("2025, ", "") + ". "
        } else {
            String::new()
        };
        assert_eq!(said(Style::Chicago), format!("NATO. {chicago}Allies Meet in Vilnius.” {tail}. {day}The archive. {address}."));
        assert_eq!(said(Style::Mla), format!("NATO. “Allies Meet in Vilnius.” {tail}. The archive, {mla}, {address}."));
    }
}
