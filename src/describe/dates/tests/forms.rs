//! Single forms: what is read as a date, what is not, and with which role.

use super::*;
use crate::describe::dates::find::{Shape, find};
use crate::describe::dates::tokens::scan;

/// Every date expression of a text as EDTF-like words: `2025-04-25`, `--04-23/24`, `2025-02`, `1955`.
fn read(text: &str) -> Vec<String> {
    let tokens = scan(text, Span::new(0, text.len()), false);
    let two = |(day, month): (u32, u32)| format!("{month:02}-{day:02}");
    find(&tokens)
        .into_iter()
        .filter_map(|found| match found.shape {
            Shape::Days(days) => {
                let year = days.year.map_or("-".into(), |year| year.to_string());
                Some(if days.first == days.last {
                    format!("{year}-{}", two(days.first))
                } else {
                    let mark = if days.apart { "," } else { "/" };
                    let first_year = days.first_year.map_or(String::new(), |year| format!("{year}-"));
                    format!("{first_year}{}{mark}{year}-{}", two(days.first), two(days.last))
                })
            }
            Shape::Month { year, month } => Some(format!("{year}-{month:02}")),
            Shape::Year(year) => Some(format!("{year}")),
            Shape::Named(_) | Shape::Weekday(_) => None,
        })
        .collect()
}

#[test]
fn forms_are_read() {
    let mut failures = Vec::new();
    for (text, expected) in [
        ("on Friday (25 April 2025)", "2025-04-25"),
        ("on Friday (25 April)", "--04-25"),
        ("On Wednesday, 30 April 2025, the", "2025-04-30"),
        ("On\u{a0}Wednesday\u{a0}30\u{a0}April\u{a0}2025,", "2025-04-30"),
        ("From 23-24 April, the", "04-23/--04-24"),
        ("On 20-21 May 2025", "05-20/2025-05-21"),
        ("6 – 9 May 2025", "05-06/2025-05-09"),
        ("6—9 May 2025", "05-06/2025-05-09"),
        ("(18-21 February 2015)", "02-18/2015-02-21"),
        ("On 25 and 26 May 2025", "05-25/2025-05-26"),
        ("On 4 and 5 April", "04-04/--04-05"),
        ("On Thursday 13 and Friday 14 March 2025", "03-13/2025-03-14"),
        ("From 28 February to 2 March 2023", "02-28/2023-03-02"),
        ("From 6 to 8 to February 2023", "02-06/2023-02-08"),
        ("December 1 to 14", "12-01/--12-14"),
        ("from 7 September 2025 to 12 September 2025", "2025-09-07/2025-09-12"),
        ("24 Apr. 2025 - 25 Apr. 2025", "2025-04-24/2025-04-25"),
        ("06 May. 2024 - 08 May. 2024", "2024-05-06/2024-05-08"),
        ("07 Dec. 2011 -", "2011-12-07"),
        ("On 28th January 2020", "2020-01-28"),
        ("On the 25 September 2024", "2024-09-25"),
        ("7th of February 2020", "2020-02-07"),
        ("Tuesday, 4th December", "--12-04"),
        ("15th-16th December 1998", "12-15/1998-12-16"),
        ("24th and 25th April 1999", "04-24/1999-04-25"),
        ("May 9th, 10th and 11th, 1955", "05-09/1955-05-11"),
        ("Paris\n17th-18th\nDec\n1954", "12-17/1954-12-18"),
        ("13 July, 2017", "2017-07-13"),
        ("Thursday, Oct. 12,  2017", "2017-10-12"),
        ("Oct 16 2020", "2020-10-16"),
        ("July 8, 2012", "2012-07-08"),
        ("June 28 - July 2, 2021", "06-28/2021-07-02"),
        ("062Issued on 20 May. 20121.We, the Heads", "2012-05-20"),
        ("25-May-2017 09:01", "2017-05-25"),
        ("Tuesday 19 Augustus 2008", "2008-08-19"),
        ("15 September/septembre 2008", "2008-09-15"),
        ("2025-06-24", "2025-06-24"),
        ("24-06-2025", "2025-06-24"),
        ("11/21/2022", "2022-11-21"),
        ("11 Sept. 2002", "2002-09-11"),
        ("TBILISI, 15 SEPTEMBER 2008", "2008-09-15"),
        ("today (07 July 2022)", "2022-07-07"),
        ("Today, 17 January 2024,", "2024-01-17"),
        ("Ce mercredi (12 juillet 2023)", "2023-07-12"),
        ("jeudi 5 mars 2015", "2015-03-05"),
        ("ce lundi 2 mars, le", "--03-02"),
        ("le 1er mai 2025", "2025-05-01"),
        ("les 24 et 25 juin 2025", "06-24/2025-06-25"),
        ("du 5 au 7 mai 2025", "05-05/2025-05-07"),
        ("du 28 février au 2 mars 2023", "02-28/2023-03-02"),
        ("14 aout 2008 et 15 août 2008", "2008-08-14 2008-08-15"),
        ("du 30 décembre 2024 au 2 janvier 2025", "2024-12-30/2025-01-02"),
        ("в пятницу (2 сентября 2016 г.)", "2016-09-02"),
        ("between 5 and 7 May 2025", "05-05/2025-05-07"),
        ("on 5 and 12 May 2025", "05-05,2025-05-12"),
        ("in February 2025 and in 1955, since 1992", "2025-02 1955 1992"),
        ("depuis 2014 et en février 2022", "2014 2022-02"),
        ("on the first of the month and May Day", ""),
        ("It was a great day in the", ""),
        ("5\u{202f}mai\u{202f}2025", "2025-05-05"),
        ("2 December, 1999", "1999-12-02"),
        ("Week of 10-16 September 2001", "09-10/2001-09-16"),
    ] {
        let found = read(text).join(" ");
        if found != expected {
            failures.push(format!("{text:?}: {found:?} instead of {expected:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn numbers_that_are_no_dates() {
    let mut failures = Vec::new();
    for text in [
        "UNSCR 1325 and resolution 2022",
        "UN Security Council Resolutions 1973, 2009",
        "two A330 aircraft, 1.400 people, 2,000 troops, 150 participants",
        "NATO’s 20th Emergency Management exercise and the 70th anniversary",
        "the 194th Military Committee of the 21st century",
        "the 2022 Strategic Concept, the 2023 Vilnius Summit",
        "“BULGARIA 2025” and NATO 2030",
        "at 16.00, 13:00 (CET), 8:00am, 16h30",
        "5% and 3.5% over 25 years, within 24 hours",
        "Tel: +32 (0)2 707 50 41, Fax: +32.2.707.1399",
        "31 February 2025 and 30 février",
        "the troops may march 20 kilometres",
        "10 may be enough",
        "2 MIN READ",
    ] {
        if !read(text).is_empty() {
            failures.push(format!("{text:?}: {:?}", read(text)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn roles_are_told_by_the_words_around() {
    let mut failures = Vec::new();
    let lead = "On Friday (25 April 2025), the Secretary General met the President.\n\nThey spoke at length.\n\n";
    for (text, edtf, role) in [
        ("He will visit Rome on Monday (28 April 2025).", "2025-04-28", "future"),
        ("The exercise is scheduled for 7-12 September 2025.", "2025-09-07/2025-09-12", "future"),
        ("A conference, to be held on 10 and 11 February 2026, follows.", "2026-02-10/2026-02-11", "future"),
        ("The Alliance was founded on 4 April 1949.", "1949-04-04", "background"),
        ("Since 1992, Allies have met every year.", "1992", "background"),
        ("The policy was agreed in July 2024.", "2024-07", "background"),
        ("On 23 April, he met the Prime Minister.", "2025-04-23", "event"),
        ("Earlier on Thursday, he met the Prime Minister.", "2025-04-24", "event"),
        ("Register no later than Tuesday 29 April 2025 at 23:59.", "2025-04-29", "deadline"),
        ("Applications must arrive by 2 May 2025.", "2025-05-02", "deadline"),
        ("Last updated: 28 Apr. 2025 16:09", "2025-04-28", "updated"),
        ("Mis à jour le: 28 Apr. 2025 11:48", "2025-04-28", "updated"),
    ] {
        let dated = alone("A title", &format!("{lead}{text}"));
        let found: Vec<_> = dated
            .dates
            .iter()
            .filter(|_| dated.published.edtf.as_deref() == Some("2025-04-25"))
            .map(|date| (date.edtf.as_str(), date.role.token()))
            .collect();
        if found != [(edtf, role)] {
            failures.push(format!("{text}: {found:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_lead_decides_by_its_tense() {
    let mut failures = Vec::new();
    for (body, expected) in [
        ("On Friday (25 April 2025), the Secretary General welcomed the Prime Minister to Brussels.", "2025-04-25"),
        ("The Secretary General met today (07 July 2022) with the Minister.", "2022-07-07"),
        ("Allies have today, 22 February 2022, agreed to act.", "2022-02-22"),
        ("On 5 May 2025, the newly appointed Chair will visit Rome.", "[..2025-05-05]"),
        ("The Secretary General, who took office on 1 October 2024, will visit Rome on 5 May 2025.", "[2024-10-01..2025-05-05]"),
        ("The Secretary General will travel to Rome, Italy, on Monday 5 May 2025.", "[..2025-05-05]"),
        ("The Council announced on 25 April 2025 that Bulgaria will host the exercise.", "2025-04-25"),
        ("The Chair is scheduled to visit Tirana from 5 to 7 May 2025.", "[..2025-05-05]"),
        ("From 5 to 7 May 2025, the Chair visited Tirana.", "2025-05-05/2025-05-07"),
        ("Du 28 février au 2 mars 2023, le président du Comité militaire s’est rendu en Albanie.", "2023-02-28/2023-03-02"),
        ("Le secrétaire général de l’OTAN se rendra à Paris le mardi 6 mai 2025.", "[..2025-05-06]"),
        ("Le secrétaire général de l’OTAN a rencontré le président de la République ce mardi (6 mai 2025).", "2025-05-06"),
        ("Les ministres de la Défense se réuniront les 24 et 25 juin 2025 à La Haye.", "[..2025-06-24]"),
        ("Bruxelles, le 5 mai 2025 – Les Alliés ont adopté une déclaration.", "2025-05-05"),
        ("KABUL, Afghanistan (July 8, 2012) — A soldier was honoured.", "2012-07-08"),
        ("MONS, Belgium – On 5 March 2024, General Cavoli opened the exercise.", "2024-03-05"),
        ("Press Release (2012) 062\n\nIssued on 20 May. 2012\n\n1. We, the Heads of State, met in Chicago.", "2012-05-20"),
        ("Press Release (2012) 062Issued on 20 May. 20121.We, the Heads of State, met in Chicago.", "2012-05-20"),
        ("Press Release (2022) 055\n\nThe Council strongly condemns the attack.", "2022"),
        ("07 Dec. 2011 -\n\nForeign ministers discussed operations.", "2011-12-07"),
        ("24 Apr. 2025 - 25 Apr. 2025\n\nThe Secretary General visited the United States.", "2025-04-24/2025-04-25"),
        ("Last updated: 19 Jul. 2023 16:09\n\nAllies stand with Ukraine.", "-"),
        ("I strongly condemn the attack. Our thoughts are with the victims.", "-"),
        ("On Friday (25 April), the Secretary General met the President.", "-"),
        ("On Friday (25 April), they met. The plan agreed in February 2025 was discussed.", "2025-04-25"),
        ("On Monday 25 April 2025, the Secretary General met the President.", "2025-04-25"),
    ] {
        let dated = alone("A title", body);
        let found = line(&dated);
        if dated.published.edtf.as_deref().unwrap_or("-") != expected {
            failures.push(format!("{body:?}: {found} instead of {expected}: {:?}", dated.published.reasons));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_wrong_weekday_is_flagged_and_the_date_kept() {
    let dated = alone("A title", "On Monday 25 April 2025, the Secretary General met the President.");
    assert!(dated.published.reasons.iter().any(|reason| reason.contains("names a Monday, but 25 April 2025 is a Friday")));
}
