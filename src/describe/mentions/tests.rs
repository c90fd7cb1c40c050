use super::*;
use crate::describe::topics::tests::{VOCABULARY, release};

fn named(title: &str, body: &str, day: &str) -> Vec<Mention> {
    mentions(&Prepared::of(&release(title, body)), day.parse().ok(), &VOCABULARY)
}

fn slugs(body: &str) -> Vec<String> {
    named("Title", body, "2025-05-01").into_iter().map(|mention| mention.slug).collect()
}

#[test]
fn places_are_named_by_names_and_adjectives() {
    assert_eq!(slugs("Turkey and the German army, then Germany’s navy."), ["turkiye", "germany"]);
    assert_eq!(slugs("La marine italienne et les États-Unis."), ["italy", "united-states"]);
    assert_eq!(slugs("The Democratic People's Republic of Korea fired a missile."), ["north-korea"]);
    assert_eq!(slugs("The Prime Minister of Georgia visited Amman, Jordan."), ["georgia", "jordan"]);
    for none in [
        "Ms Georgia Miller met Jordan Smith, Mr Jordan and Mr. Michael Jordan.",
        "He spoke in German. Let us roast a turkey in Atlanta, Georgia.",
        "In Brussels, Paris and Washington.",
        "South Georgia and Northern Ireland.",
        "Il parle en français avec des Allemands.",
        "Latin American states",
    ] {
        assert_eq!(slugs(none), [""; 0], "{none}");
    }
}

#[test]
fn people_are_named_in_full_first() {
    assert_eq!(slugs("Rutte spoke. Badia too."), [""; 0]);
    assert_eq!(slugs("Mr Rutte spoke, and Admiral Cavo Dragone."), ["mark-rutte", "giuseppe-cavo-dragone"]);
    assert_eq!(slugs("Former Secretary General Stoltenberg wrote."), ["jens-stoltenberg"]);
    assert_eq!(slugs("General Jones and Mr Clark, who hold no office now."), [""; 0]);
    let found = named("T", "General Christopher Cavoli arrived. Cavoli spoke with Anna Cavoli. JENS STOLTENBERG: no.", "2024-05-01");
    assert_eq!(found.iter().map(|mention| mention.evidence.len()).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn offices_are_those_of_the_day() {
    let role = |name: &str, day: &str| named("T", &format!("{name} spoke."), day).first().and_then(|mention| mention.role.clone());
    assert_eq!(role("Jens Stoltenberg", "2024-09-30").as_deref(), Some("Secretary General"));
    assert_eq!(role("Jens Stoltenberg", "2024-10-01"), None);
    assert_eq!(role("Mark Rutte", "2024-10-01").as_deref(), Some("Secretary General"));
    assert_eq!(role("Mark Rutte", "2012-10-01"), None);
    assert_eq!(role("Mark Rutte", ""), None);
    assert_eq!(role("Sergio Balanzino", "1994-09-01").as_deref(), Some("Acting Secretary General"));
    assert_eq!(role("Sergio Balanzino", "1998-09-01").as_deref(), Some("Deputy Secretary General"));
    assert_eq!(role("Petr Pavel", "2025-01-01"), None);
    assert_eq!(role("Mircea Geoană", "2024-03-01").as_deref(), Some("Deputy Secretary General"));
}

#[test]
fn organisations_are_bodies_not_things() {
    assert_eq!(
        slugs("KFOR and the OSCE discussed WPS, CBRN and AI."),
        ["kosovo-force", "organization-for-security-and-co-operation-in-europe"]
    );
    assert_eq!(slugs("The NUC met."), ["nato-ukraine-council"]);
    assert_eq!(named("T", "The NUC met.", "2009-01-01")[0].slug, "nato-ukraine-commission");
    assert_eq!(slugs("The NATO-Ukraine Council met."), ["nato-ukraine-council", "ukraine"]);
    assert_eq!(slugs("In Northwood and Izmir they act on a map."), [""; 0]);
}

#[test]
fn furniture_names_nobody() {
    assert_eq!(slugs("A text.\n\nFor more information: the NATO website of Belgium"), [""; 0]);
}

proptest::proptest! {
    #[test]
    fn evidence_is_the_text(body in "(Mr |Rutte|Mark Rutte|Georgia |Jordan|US|’|\u{a0}|é|\\n\\n|German |NATO-|\\PC){0,30}") {
        let release = release("Secretary General Stoltenberg", &body);
        for mention in mentions(&Prepared::of(&release), None, &VOCABULARY) {
            for evidence in &mention.evidence {
                proptest::prop_assert_eq!(Some(evidence.text.as_str()), release.text.get(evidence.start..evidence.end));
            }
        }
    }
}
