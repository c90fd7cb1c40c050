//! Invented documents as they come in, read by the importer, with the answers written down before the rules were run on them.

use super::*;
use crate::import::parse_document;
use crate::model::Sidecar;

fn dated(document: &str) -> Vec<(String, Dated)> {
    let document = parse_document("invented.txt", document.as_bytes().to_vec(), Sidecar::default()).expect("a document");
    let summits = summits();
    let dated = date_releases(&document.releases, &context(document.format.order(), &summits));
    document.releases.iter().map(|release| release.title_text().to_owned()).zip(dated).collect()
}

/// The answers, and what holds of every document: reasons are sentences, and a newest-first list goes down.
fn check(document: &str, expected: &[&str]) {
    let dated = dated(document);
    for (title, dated) in &dated {
        println!("{title} | {} | advisory {}", line(dated), dated.advisory);
        for reason in &dated.published.reasons {
            println!("      {reason}");
            assert!(reason.ends_with('.') && reason.starts_with(|c: char| c.is_uppercase() || c == '“'), "{reason}");
        }
        for date in &dated.dates {
            println!("      - {} {} “{}”", date.edtf, date.role.token(), date.evidence.text);
        }
    }
    let lines: Vec<String> = dated.iter().map(|(_, dated)| line(dated)).collect();
    assert_eq!(lines, expected);
    let days: Vec<NaiveDate> = dated.iter().filter_map(|(_, dated)| dated.published.sort_on).collect();
    assert!(days.windows(2).all(|pair| (pair[1] - pair[0]).num_days() <= 1), "{days:?}");
}

/// A feed of titles and bodies.
fn items(items: &[(&str, &str)]) -> String {
    items.iter().map(|(title, body)| format!("{title}\n\nSource: NATO\n\n{body}\n\n")).collect()
}

#[test]
fn a_feed_over_the_end_of_a_month() {
    let document = items(&[
        (
            "Secretary General to travel to Rome",
            "The NATO Secretary General, Mr Jens Stoltenberg, will travel to Rome on Thursday 4 April 2024. A press point is due at 11:30 (CEST).",
        ),
        (
            "Foreign Ministers meet in Brussels",
            "On Wednesday (3 April), NATO Foreign Ministers met in Brussels to discuss support for Ukraine. They will mark 75 years of the Alliance, which has stood since 1949.",
        ),
        (
            "Allies speak up for the protection of civilians",
            "We reaffirm UNSCR 1325 and the goals of the 2030 agenda. Some 1,949 letters have reached us.",
        ),
        ("Military Committee in Lisbon", "From 25 to 28 March, the 194th Military Committee met in Lisbon. Some 150 officers took part."),
        (
            "Troops move through Germany",
            "Some 90,000 troops are taking part in Steadfast Defender 2024, which runs until 31 May 2024. It is the largest exercise since 1988.",
        ),
        (
            "Deputy Secretary General in Prague",
            "On Friday (22 March 2024), the Deputy Secretary General spoke in Prague. He recalled that Czechia joined 25 years ago.",
        ),
    ]);
    check(
        &document,
        &[
            "[2024-04-03..2024-04-04] | 2024-04-04 | bounded | lead | printed",
            "2024-04-03 | 2024-04-03 | day | lead | weekday",
            "[2024-03-28..2024-04-04] | 2024-04-03 | bounded | order | neighbours",
            "2024-03-25/2024-03-28 | 2024-03-28 | range | lead | neighbours",
            "[2024-03-22..2024-04-04] | 2024-03-28 | bounded | order | neighbours",
            "2024-03-22 | 2024-03-22 | day | lead | printed",
        ],
    );
}

#[test]
fn a_french_feed_over_the_turn_of_a_year() {
    let document = items(&[
        (
            "Le secrétaire général à Tokyo",
            "Le mercredi 1er février 2023, le secrétaire général a rencontré le premier ministre du Japon à Tokyo.",
        ),
        (
            "Le président du Comité militaire attendu à Oslo",
            "Le président du Comité militaire se rendra à Oslo les 2 et 3 février. Des photos seront disponibles après la visite.",
        ),
        (
            "Les chefs d’état-major de la défense se réunissent",
            "Du 17 au 19 janvier, les chefs d’état-major de la défense se sont réunis à Bruxelles. Le plan avait été adopté le 29 juin 2022 à Madrid.",
        ),
        (
            "Les Alliés condamnent les frappes",
            "Nous condamnons les frappes contre des civils. L’Agenda 2030 et la résolution 1325 gardent toute leur portée, 25 ans après.",
        ),
        (
            "Réunion par visioconférence",
            "Vendredi (30 décembre), les ambassadeurs se sont entretenus par visioconférence de la situation au Kosovo.",
        ),
        (
            "Exercice en mer Baltique",
            "Les 13 et 14 décembre, douze navires ont pris part à un exercice. La Finlande a demandé son adhésion le 18 mai 2022.",
        ),
    ]);
    check(
        &document,
        &[
            "2023-02-01 | 2023-02-01 | day | lead | printed",
            "[2023-01-19..2023-02-02] | 2023-02-01 | bounded | lead | neighbours",
            "2023-01-17/2023-01-19 | 2023-01-19 | range | lead | neighbours",
            "[2022-12-30..2023-02-02] | 2023-01-19 | bounded | order | neighbours",
            "2022-12-30 | 2022-12-30 | day | lead | weekday",
            "2022-12-13/2022-12-14 | 2022-12-14 | range | lead | neighbours",
        ],
    );
}

#[test]
fn a_live_page_over_midnight_and_the_end_of_a_month() {
    check(
        "News\n\nStay informed during the day.\n\nTalks go on past midnight\n\nJuly 1, 0.15\n\nNegotiators are still in the room. 3.5% is on the table.\n\n\
         Dinner for ministers\n\nJune 30, 23.50\n\nMinisters have left the dinner. The text agreed on 27 June 2025 stays as it is.\n\n\
         Doors open\n\nJune 30, 9.00\n\nDelegations arrive in the rain, 9/11 memorial wreaths in hand.\n",
        &[
            "2025-07-01T00:15:00 | 2025-07-01 | minute | stamp | document",
            "2025-06-30T23:50:00 | 2025-06-30 | minute | stamp | document",
            "2025-06-30T09:00:00 | 2025-06-30 | minute | stamp | document",
        ],
    );
}

#[test]
fn a_live_page_over_new_year_with_one_printed_year() {
    let page = |january: &str, december: &str| {
        format!(
            "News\n\nFollow the night with us.\n\nA quiet start\n\nJanuary 1, 0.05\n\n{january}\n\n\
             The last patrol of the year\n\nDecember 31, 22.40\n\n{december}\n\nCrews change over\n\nDecember 30, 18.00\n\nTwo ships enter harbour.\n"
        )
    };
    let expected = [
        "2026-01-01T00:05:00 | 2026-01-01 | minute | stamp | document",
        "2025-12-31T22:40:00 | 2025-12-31 | minute | stamp | document",
        "2025-12-30T18:00:00 | 2025-12-30 | minute | stamp | document",
    ];
    check(&page("Crews toast with tea.", "The ship sailed from Turku on 29 December 2025."), &expected);
    check(&page("On 1 January 2026, Bulgaria changed its currency.", "The ship is at sea."), &expected);
}

#[test]
fn a_live_page_with_the_year_in_one_header() {
    check(
        "News\n\nStay informed during the day.\n\nBack home\n\n1 January 2026, 12.00\n\nThe crew is home.\n\n\
         Fireworks\n\nDecember 31, 23.59\n\nThe deck is lit up.\n\nBoarding\n\nDecember 31, 8.30\n\nThe frigate inspects a tanker.\n",
        &[
            "2026-01-01T12:00:00 | 2026-01-01 | minute | stamp | printed",
            "2025-12-31T23:59:00 | 2025-12-31 | minute | stamp | document",
            "2025-12-31T08:30:00 | 2025-12-31 | minute | stamp | document",
        ],
    );
}

#[test]
fn an_article_that_announces_and_names_its_source_last() {
    check(
        "Allies Weigh a Larger Naval Presence\n\
         NATO defense ministers will discuss a larger mission when they meet in Brussels on February 13, a senior official said.\n\
         The talks come three months after a cable was cut on November 17, 2024.\n\
         “We need to be out there,” the official told reporters Wednesday.\n",
        &["[2024-11-17..2025-02-13] | 2025-02-13 | bounded | lead | document"],
    );
}

#[test]
fn a_french_article_has_its_year_from_a_deadline() {
    check(
        "La Belgique achètera des drones\n\
         Le gouvernement belge a approuvé le 4 juillet l’achat de vingt drones, a annoncé vendredi le ministre de la Défense.\n\
         Le contrat de 180 millions d’euros doit être signé avant le 1er octobre 2025.\n\
         Les appareils seront livrés à partir de 2027.\n",
        &["2025-07-04 | 2025-07-04 | day | lead | document"],
    );
}

#[test]
fn a_feed_with_history_in_its_openings() {
    let document = items(&[
        (
            "Deputy Secretary General visits Sarajevo",
            "On 12 and 13 March, the Deputy Secretary General visited Sarajevo. She also went to NATO HQ Sarajevo, which celebrated its 20th anniversary on 2 December 2024.",
        ),
        ("Navies train together", "Exercise Dynamic Manta concluded off Sicily on Friday (7 March 2025). The drill began on 24 February."),
        (
            "Statement on the invasion",
            "Three years ago, on 24 February 2022, Russia launched its full-scale invasion of Ukraine. NATO stands with Ukraine.",
        ),
        (
            "Secretary General to attend the Munich Security Conference",
            "The Secretary General will attend the Munich Security Conference from 14 to 16 February. Media should register by 10 February 2025 at 12:00.",
        ),
        ("Chiefs of Defence meet", "The 32 Chiefs of Defence met on 15-16 January 2025. They took stock of the plans."),
        (
            "Rooms for interns",
            "The building has 120 rooms. It is open to interns until 31 March 2025. Resolution 1325 was adopted on 31 October 2000.",
        ),
    ]);
    check(
        &document,
        &[
            "2025-03-12/2025-03-13 | 2025-03-13 | range | lead | neighbours",
            "2025-03-07 | 2025-03-07 | day | lead | printed",
            "[2025-01-16..] | 2025-03-07 | bounded | order | neighbours",
            "[2025-01-16..2025-02-14] | 2025-02-14 | bounded | lead | neighbours",
            "2025-01-15/2025-01-16 | 2025-01-16 | range | lead | printed",
            "[2000-10-31..2025-02-14] | 2025-01-16 | bounded | order | printed",
        ],
    );
}

#[test]
fn an_article_with_its_year() {
    check(
        "Spain Opens a Drone School\n\
         The ministry said on Thursday, Oct. 12, 2017, that a 45-year-old hangar will be rebuilt for $1,999 million.\n\
         The school was proposed in 2009, eight years after the 9/11 attacks, and costs rose by 20 percent.\n\
         Classes begin next Thursday, and the first course ends by December 15, 2017.\n",
        &["2017-10-12 | 2017-10-12 | day | lead | printed"],
    );
}

#[test]
fn an_article_without_any_year() {
    check(
        "Portugal to Join a Patrol\n\
         Lisbon will send a frigate on May 3, officials said on Monday.\n\
         The patrol, which rests on UNSCR 2231 and the 2030 agenda, has been under way since 1949, said a 52-year-old captain.\n\
         It takes 25 days and costs $2,019 an hour.\n",
        &["- | - | unknown | none | -"],
    );
}

#[test]
fn a_french_article_with_a_closing_day() {
    check(
        "Un concours pour les étudiants\n\
         Les étudiants peuvent envoyer leur texte à l’OTAN jusqu’au 15 mars 2024.\n\
         Le thème retenu est celui de la mer.\n\
         « Nous en attendons beaucoup », a dit la directrice le 12 janvier 2024.\n",
        &["[2024-01-12..2024-03-15] | 2024-01-12 | bounded | lead | printed"],
    );
}

#[test]
fn a_feed_of_traps() {
    let document = items(&[
        (
            "Leaders meet in The Hague",
            "On 24 and 25 June 2025, Heads of State and Government met in The Hague. They agreed to invest 5% of GDP by 2035.",
        ),
        (
            "Statement by Heads of State and Government",
            "Press Release (2025) 071Issued on 20 Jun. 2025\n\nWe, the Heads of State and Government, stand by the decisions of 11 July 2023.",
        ),
        (
            "A new office opens",
            "NATO has today (18 June 2025) opened an office in Amman. It can be reached under +32 2 707 50 41, and cost 2,025 euros.",
        ),
        (
            "A report on women in the armed forces",
            "On Tuesday (16 June 2025), experts presented a report on UNSCR 1325, which was adopted on 31 October 2000.",
        ),
        (
            "Cadets march",
            "Over the weekend of 7 and 8 June, 400 cadets aged 18 to 25 marched through Nijmegen. The first march was held in 1909.",
        ),
        ("Tribute to a general", "Allies pay tribute to a great soldier and a great friend.\n\nLast updated 25-May-2017 09:01"),
        (
            "Ministers review stocks",
            "Brussels, Belgium, NATO Headquarters, 4 June 2025 – Ministers reviewed stocks of ammunition ahead of the Summit.",
        ),
        ("Council to meet", "Next Thursday, the Council will meet with partners. No press point is planned."),
    ]);
    check(
        &document,
        &[
            "2025-06-24/2025-06-25 | 2025-06-25 | range | lead | printed",
            "2025-06-20 | 2025-06-20 | day | issued | printed",
            "2025-06-18 | 2025-06-18 | day | lead | printed",
            "2025-06-16 | 2025-06-16 | day | lead | printed",
            "2025-06-07/2025-06-08 | 2025-06-08 | range | lead | neighbours",
            "[2025-06-04..] | 2025-06-08 | bounded | order | neighbours",
            "2025-06-04 | 2025-06-04 | day | dateline | printed",
            "- | 2025-06-04 | unknown | none | -",
        ],
    );
}
