//! Whole documents of every form, invented for these tests, with the answer an archivist would give.

use super::*;

fn roles(dated: &Dated) -> Vec<String> {
    dated.dates.iter().map(|date| format!("{} {}", date.edtf, date.role.token())).collect()
}

fn lines(dated: &[Dated]) -> Vec<String> {
    dated.iter().map(line).collect()
}

#[test]
fn a_feed_over_the_turn_of_a_year_prints_few_years() {
    let dated = feed(&[
        "On Tuesday (7 January 2025), the Secretary General welcomed the President of Ruritania to NATO Headquarters.",
        "From 30 December to 2 January, the Chair of the Military Committee visited troops in Latvia.",
        "On Friday (20 December), Allied ministers met by video.",
        "On Thursday 19 December 2024, the Council met in Brussels.",
    ]);
    assert_eq!(
        lines(&dated),
        [
            "2025-01-07 | 2025-01-07 | day | lead | printed",
            "2024-12-30/2025-01-02 | 2025-01-02 | range | lead | neighbours",
            "2024-12-20 | 2024-12-20 | day | lead | weekday",
            "2024-12-19 | 2024-12-19 | day | lead | printed",
        ]
    );
    assert_eq!(roles(&dated[1]), ["2024-12-30/2025-01-02 event"]);
}

#[test]
fn an_advisory_bounds_what_stands_below_it() {
    let dated = feed(&[
        "The Secretary General will visit Tallinn on Thursday, 6 March 2025.\n\nPhotographs will be available on 7 March 2025.",
        "NATO has released its quantum strategy. The document sets out how Allies work with industry.",
        "Exercise Cold Shield took place in Norway from 24 February to 4 March 2025, with troops from 12 Allies.",
        "Experts met in Rome on 28 February 2025.",
    ]);
    assert_eq!(
        lines(&dated),
        [
            "[2025-03-04..2025-03-06] | 2025-03-06 | bounded | lead | printed",
            "[2025-03-04..2025-03-06] | 2025-03-04 | bounded | order | neighbours",
            "2025-02-24/2025-03-04 | 2025-03-04 | range | lead | printed",
            "2025-02-28 | 2025-02-28 | day | lead | printed",
        ]
    );
    assert_eq!(dated[2].published.latest, Some(day("2025-03-06")));
    assert_eq!(dated.iter().map(|dated| dated.advisory).collect::<Vec<_>>(), [true, false, false, false]);
    assert_eq!(roles(&dated[0]), ["2025-03-06 event"]);
}

#[test]
fn a_french_article_has_its_year_from_an_announced_meeting() {
    let dated = alone(
        "Le secrétaire général à Washington",
        "Le secrétaire général de l’OTAN s’est entretenu jeudi (13 mars) avec le président des États-Unis à la Maison-Blanche.\n\n\
         Cette visite intervient à l’approche du sommet de La Haye, qui se tiendra les 24 et 25 juin 2025.",
    );
    assert_eq!(line(&dated), "2025-03-13 | 2025-03-13 | day | lead | weekday");
    assert_eq!(roles(&dated), ["2025-06-24/2025-06-25 future"]);
}

#[test]
fn a_dateline_without_a_year_follows_what_the_text_looks_back_on() {
    let dated = alone(
        "Leaders gather",
        "BRUSSELS (Dec. 28) — Allied leaders gathered to discuss stockpiles. The plan was agreed in October 2023 by defense ministers.",
    );
    assert_eq!(line(&dated), "2023-12-28 | 2023-12-28 | day | dateline | document");
    assert_eq!(roles(&dated), ["2023-10 background"]);
}

#[test]
fn an_old_press_release_has_its_date_in_a_box() {
    let dated = alone(
        "Istanbul Summit Communiqué",
        "Press Release\n(2004)096\n28 June 2004\n\nIssued by the Heads of State and Government participating in the meeting of the Council.\n\n\
         1. We, the Heads of State and Government, met today in Istanbul. We adopted decisions on 20 June 2004.",
    );
    assert_eq!(line(&dated), "2004-06-28 | 2004-06-28 | day | stamp | printed");
}

#[test]
fn a_french_press_release_says_when_it_was_issued() {
    let dated = alone(
        "Déclaration",
        "Communiqué de presse (2008) 103\n\nDiffusé le 19 août 2008\n\n\
         Nous, ministres des Affaires étrangères, nous sommes réunis à Bruxelles. Le conflit a éclaté le 7 août 2008.",
    );
    assert_eq!(line(&dated), "2008-08-19 | 2008-08-19 | day | issued | printed");
}

#[test]
fn a_live_page_over_new_year_counts_on() {
    let releases = [
        release("New year", Some("January 2, 09.00"), "Patrols continue in the Baltic Sea."),
        release("Old year", Some("December 31, 23.30"), "The agreement reached on 30 December 2024 holds."),
    ];
    let mut context = context(DocumentOrder::NewestFirst, &[]);
    context.time_zone = Some("Europe/Paris");
    let dated = date_releases(&releases, &context);
    assert_eq!(
        lines(&dated),
        [
            "2025-01-02T09:00:00+01:00 | 2025-01-02 | minute | stamp | document",
            "2024-12-31T23:30:00+01:00 | 2024-12-31 | minute | stamp | document",
        ]
    );
}

#[test]
fn a_communique_of_the_fifties_stands_for_its_meeting() {
    let dated = alone(
        "Final Communiqué",
        "The North Atlantic Council met in Paris on May 9th, 10th and 11th, 1955, under the chairmanship of Mr. Pearson.",
    );
    assert_eq!(line(&dated), "1955-05-09/1955-05-11 | 1955-05-11 | range | lead | printed");
}

#[test]
fn a_french_advisory_has_a_deadline() {
    let dated = alone(
        "Forum de Bruxelles",
        "Le secrétaire général participera au Forum de Bruxelles le mercredi 14 mai 2025.\n\n\
         Les demandes d’accréditation doivent être envoyées au plus tard le 9 mai 2025 à 16h00.",
    );
    assert_eq!(line(&dated), "[..2025-05-14] | 2025-05-14 | bounded | lead | printed");
    assert!(dated.advisory);
    assert_eq!(roles(&dated), ["2025-05-14 event", "2025-05-09 deadline"]);
}

#[test]
fn a_stated_day_that_does_not_fit_the_order_is_kept() {
    let dated = feed(&["On 3 May 2024, the Council met.", "On 6 May 2024, the Military Committee met."]);
    assert_eq!(line(&dated[0]), "2024-05-03 | 2024-05-03 | day | lead | printed");
    assert!(dated[0].published.reasons.iter().any(|reason| reason.contains("does not fit")));
}

#[test]
fn a_speech_has_its_day_in_the_title() {
    let dated =
        alone("Keynote address by the Deputy Secretary General, Rome, 14 June 2023", "Thank you very much. It is great to be here.");
    assert_eq!(line(&dated), "2023-06-14 | 2023-06-14 | day | lead | printed");
}

#[test]
fn history_is_no_publication_date() {
    let dated = alone(
        "A statement",
        "The North Atlantic Treaty was signed on 4 April 1949. In 2024, Allies celebrated the anniversary in Washington.",
    );
    assert_eq!(dated.published.sort_on, None, "{:#?}", dated.published);
    assert!(roles(&dated).contains(&"1949-04-04 background".to_owned()));
}

#[test]
fn a_french_feed_makes_an_undated_statement_likely() {
    let dated = feed(&[
        "Le mercredi 21 septembre 2022, le Conseil s’est réuni à Bruxelles.",
        "L’OTAN condamne fermement les attaques contre des civils.",
        "Lundi (19 septembre), le président du Comité militaire a visité Tallinn.",
    ]);
    assert_eq!(
        lines(&dated),
        [
            "2022-09-21 | 2022-09-21 | day | lead | printed",
            "[2022-09-19..] | 2022-09-21 | bounded | order | neighbours",
            "2022-09-19 | 2022-09-19 | day | lead | weekday",
        ]
    );
}

#[test]
fn nothing_is_guessed() {
    let dated = alone("A statement", "I strongly condemn the attack. UNSCR 1325 stands, and so do our values.");
    assert_eq!(line(&dated), "- | - | unknown | none | -");
    let mut known = context(DocumentOrder::Unordered, &[]);
    known.fetched_on = Some(day("2025-06-26"));
    let dated = date_releases(&[release("A statement", None, "I strongly condemn the attack.")], &known).remove(0);
    assert_eq!(line(&dated), "[..2025-06-26] | - | bounded | owner | -");
}

#[test]
fn a_structured_source_states_the_day() {
    let mut stated =
        release("A title", None, "On Monday (28 April 2025), the Secretary General met the President. He will visit Rome on 5 May 2025.");
    stated.given.published_on = Some("2025-04-29".into());
    let dated = date_releases(&[stated], &context(DocumentOrder::Unordered, &[])).remove(0);
    assert_eq!(line(&dated), "2025-04-29 | 2025-04-29 | day | field | printed");
    assert_eq!(roles(&dated), ["2025-04-28 event", "2025-05-05 future"]);
}

#[test]
fn furniture_dates_nothing() {
    let dated = alone("A title", "Allies stand together.\n\nPhotographs of 5 May 2025 will be available.\n\nFollow us on 6 May 2025");
    assert_eq!(line(&dated), "- | - | unknown | none | -");
    assert!(dated.dates.is_empty());
}

#[test]
fn history_in_a_feed_is_bounded_by_its_neighbours() {
    let dated = feed(&[
        "On 12 July 2024, the Council met.",
        "The Treaty that founded the Alliance was signed on 4 April 1949. It has served Allies well.",
        "On 10 July 2024, leaders met in Washington.",
    ]);
    assert_eq!(line(&dated[1]), "[2024-07-10..] | 2024-07-12 | bounded | order | neighbours");
    assert_eq!(roles(&dated[1]), ["1949-04-04 background"]);
}

#[test]
fn a_named_meeting_tells_the_year_of_a_french_article() {
    let body = "Les ministres de la Défense se sont réunis à Bruxelles avant le sommet.\n\n\
                Le secrétaire général s’est exprimé le 16 juin devant la presse.\n\n\
                Le sommet se tiendra les 11 et 12 juillet à Vilnius. La Suède a demandé son adhésion en mai 2022.";
    let summits = summits();
    let dated = date_releases(&[release("L’OTAN se prépare", None, body)], &context(DocumentOrder::Unordered, &summits)).remove(0);
    assert_eq!(dated.published.sort_on, Some(day("2023-06-16")));
    assert!(roles(&dated).contains(&"2023-07-11/2023-07-12 future".to_owned()));
}

#[test]
fn a_closing_day_is_a_deadline() {
    let dated = alone("Vacancies", "NATO is looking for interns. Applications close on 30 May 2025.");
    assert_eq!(roles(&dated), ["2025-05-30 deadline"]);
    assert_ne!(dated.published.precision.token(), "day");
}
