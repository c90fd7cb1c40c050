//! What order adds, and where it must stay silent.

use super::*;

fn edtfs(dated: &[Dated]) -> Vec<String> {
    dated
        .iter()
        .map(|dated| {
            format!(
                "{} {}",
                dated.published.edtf.as_deref().unwrap_or("-"),
                dated.published.sort_on.map_or("-".into(), |day| day.to_string())
            )
        })
        .collect()
}

#[test]
fn a_report_above_a_later_one_was_published_later() {
    let dated = feed(&[
        "On 12 and 13 May 2025, the Chair visited Tirana.",
        "On Wednesday (14 May 2025), the Secretary General met Ministers.",
        "The Chair will visit Rome from 20 to 22 May 2025.",
        "Experts met from 6 – 9 May 2025 in Sofia.",
        "NATO announces new appointments.",
    ]);
    assert_eq!(
        edtfs(&dated),
        [
            "[2025-05-14..] 2025-05-14",
            "2025-05-14 2025-05-14",
            // Announced for the 20th, but it stands below an item of the 14th.
            "[2025-05-09..2025-05-20] 2025-05-14",
            "2025-05-06/2025-05-09 2025-05-09",
            "[..2025-05-20] 2025-05-09",
        ]
    );
    assert_eq!(dated[3].published.latest, Some(day("2025-05-20")));
}

#[test]
fn order_says_nothing_in_an_unordered_document() {
    let releases: Vec<_> =
        ["On 14 May 2025, Ministers met.", "NATO announces new appointments.", "On 12-13 May, the Chair visited Tirana."]
            .map(|body| release("A title", None, body))
            .into();
    let dated = date_releases(&releases, &context(DocumentOrder::Unordered, &[]));
    assert_eq!(edtfs(&dated), ["2025-05-14 2025-05-14", "- -", "- -"]);
}

#[test]
fn the_day_of_fetching_is_an_upper_bound_and_excludes_later_days() {
    let bodies =
        ["NATO announces new appointments.", "On 23-24 June, the Chair visited Tirana.", "On Monday (23 June 2025), Ministers met."];
    let releases: Vec<_> = bodies.map(|body| release("A title", None, body)).into();
    let mut context = context(DocumentOrder::NewestFirst, &[]);
    context.fetched_on = Some(day("2025-06-26"));
    let dated = date_releases(&releases, &context);
    assert_eq!(edtfs(&dated), ["[2025-06-24..2025-06-26] 2025-06-24", "2025-06-23/2025-06-24 2025-06-24", "2025-06-23 2025-06-23"]);
    assert_eq!(dated[1].published.latest, Some(day("2025-06-26")));
    let late = date_releases(&[release("A title", None, "On 5 July 2025, Ministers met.")], &context).remove(0);
    assert_eq!(late.published.basis.token(), "owner");
    assert_eq!(late.dates[0].role.token(), "future");
}

#[test]
fn bounds_that_exclude_each_other_lose_the_weaker() {
    let dated = feed(&[
        "The Secretary General will visit Rome on 3 May 2025.",
        "From 5 to 7 May 2025, experts met in Sofia.",
        "Experts noted progress.",
        "On 6 May 2025, Ministers met.",
    ]);
    for dated in &dated {
        assert!(dated.published.earliest.zip(dated.published.latest).is_none_or(|(earliest, latest)| earliest <= latest));
    }
    assert_eq!(dated[1].published.edtf.as_deref(), Some("2025-05-05/2025-05-07"));
    assert!(dated[1].published.reasons.iter().any(|reason| reason.contains("left out")));
}

#[test]
fn a_french_feed_of_advisories() {
    let dated = feed(&[
        "Le secrétaire général recevra le président de la Finlande le mardi 4 mars 2025.",
        "Le secrétaire général s’est rendu à Londres dimanche (2 mars) pour une réunion.",
        "Du 24 au 28 février, le président du Comité militaire a effectué une visite en Norvège.",
        "Le 27 février 2025, les représentants permanents ont rencontré le ministre.",
    ]);
    assert_eq!(
        edtfs(&dated),
        ["[2025-03-02..2025-03-04] 2025-03-04", "2025-03-02 2025-03-02", "2025-02-24/2025-02-28 2025-02-28", "2025-02-27 2025-02-27"]
    );
    assert_eq!(dated[1].published.year_from.map(|from| from.token()), Some("weekday"));
}

#[test]
fn a_clock_time_keeps_its_zone_over_summer_time() {
    let releases = [
        release("Late", Some("March 30, 12.00"), "Patrols of 29 March 2025 were described."),
        release("Skipped", Some("March 30, 2.30"), "Nothing else."),
    ];
    let mut context = context(DocumentOrder::NewestFirst, &[]);
    context.time_zone = Some("Europe/Amsterdam");
    let dated = date_releases(&releases, &context);
    assert_eq!(dated[0].published.offset.as_deref(), Some("+02:00"));
    assert_eq!((dated[1].published.offset.as_deref(), dated[1].published.edtf.as_deref()), (None, Some("2025-03-30T02:30:00")));
    context.time_zone = Some("Mars/Olympus");
    assert_eq!(date_releases(&releases, &context)[0].published.offset, None);
}

#[test]
fn a_stamp_without_any_year_stays_open() {
    let dated =
        date_releases(&[release("A title", Some("June 24, 10.45"), "The forum opened.")], &context(DocumentOrder::NewestFirst, &[]));
    assert_eq!(edtfs(&dated), ["- -"]);
    assert!(dated[0].published.reasons.iter().any(|reason| reason.contains("prints no year")));
}

#[test]
fn one_old_day_does_not_mislead_its_neighbours() {
    let dated = feed(&[
        "The Secretary General will travel to Munich on 14-15 February 2025.",
        "We pay tribute to the brave. Allies stand with them, as we did on 24 February 2022.",
        "Les 10 et 11 février, le président du Comité militaire s’est rendu en Finlande.",
        "On Thursday, Jan. 30,  2025, the Secretary General met the Prime Minister. They will meet again on 24-25 June.",
    ]);
    assert_eq!(
        edtfs(&dated),
        [
            "[2025-02-11..2025-02-14] 2025-02-14",
            "[2025-02-11..2025-02-14] 2025-02-11",
            "2025-02-10/2025-02-11 2025-02-11",
            "2025-01-30 2025-01-30"
        ]
    );
    assert_eq!(dated[3].dates[0].edtf, "2025-06-24/2025-06-25");
}
