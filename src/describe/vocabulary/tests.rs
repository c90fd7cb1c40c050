use super::*;
use crate::describe::topics::tests::VOCABULARY;

const NO_TOPICS: &str = "version = \"t\"\n";

fn topic(slug: &str, more: &str) -> String {
    format!("[[topic]]\nslug = \"{slug}\"\nlabel = \"L\"\nlabel_fr = \"L\"\n{more}\n")
}

fn refused(topics: &str, gazetteer: &str) -> String {
    Vocabulary::load(topics, gazetteer).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn the_files_that_ship_load() {
    assert_eq!(VOCABULARY.topics().len(), 40);
    assert_eq!(VOCABULARY.summits().count(), 38);
    assert_eq!(VOCABULARY.places().count(), 80);
    assert!(VOCABULARY.places().any(|place| place == ("turkiye", "Türkiye")));
    assert!(VOCABULARY.people().any(|person| person == ("mircea-geoana", "Mircea Geoană")));
    let organisations: Vec<&str> = VOCABULARY.organisations().map(|(slug, _)| slug).collect();
    assert!(organisations.contains(&"nato-ukraine-council") && organisations.contains(&"kosovo-force"), "{organisations:?}");
    for none in
        ["artificial-intelligence", "women-peace-and-security", "chair-of-the-military-committee", "centre-of-excellence", "headquarters"]
    {
        assert!(!organisations.contains(&none), "{none}");
    }
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&*VOCABULARY);
}

#[test]
fn mistakes_in_topics_are_named_with_their_place() {
    for (file, expected) in [
        (topic("a", "") + &topic("a", ""), ["line 7", "slug of two topics"]),
        (topic("a", "broader = \"b\""), ["line 5", "“b”, which is no topic"]),
        (topic("a", "related = [\"b\"]"), ["field `related`", "“b”, which is no topic"]),
        (topic("a", "broader = \"b\"") + &topic("b", "broader = \"a\""), ["topic “a”", "circle"]),
        (topic("a", "broader = \"a\""), ["topic “a”", "circle"]),
        (topic("a", "en = [\"\"]"), ["field `en`", "is empty"]),
        (topic("a", "en = [\"--\"]"), ["field `en`", "no letter or digit"]),
        (topic("a", "en = \"x\""), ["field `en`", "list of texts"]),
        (topic("a", "en = [1]"), ["field `en`", "only texts"]),
        (topic("a", "enn = [\"x\"]"), ["line 5", "no such field"]),
        (topic("A b", ""), ["field `slug`", "small letters"]),
        ("[[topic]]\nslug = \"a\"\n".into(), ["field `label`", "is missing"]),
        ("[[subject]]\n".into(), ["field `subject`", "no such table"]),
        ("x = \n".into(), ["topics.toml", "line 1"]),
        ("[[topic]\n".into(), ["topics.toml", "line 1"]),
        ("topic = 3\n".into(), ["field `topic`", "list of tables"]),
    ] {
        let message = refused(&file, "");
        assert!(message.starts_with("topics.toml") && expected.iter().all(|part| message.contains(part)), "{file}: {message}");
    }
}

#[test]
fn mistakes_in_the_gazetteer_are_named_with_their_place() {
    for (file, expected) in [
        ("[[summit]]\nplace = \"Rome\"\nstart = \"1991-11-31\"\nend = \"1991-12-01\"\n", ["line 3", "is no day"]),
        ("[[summit]]\nplace = \"Rome\"\nstart = \"1991-11-08\"\nend = \"1991-11-07\"\n", ["summit “Rome”", "before the start"]),
        ("[[saceur]]\nname = \"X Y\"\nstart = \"2003-13\"\n", ["saceur “X Y”", "is no date"]),
        ("[[saceur]]\nname = \"X Y\"\nstart = \"2003\"\nend = \"2001\"\n", ["field `end`", "before the start"]),
        ("[[person]]\nname = \"X Y\"\n", ["field `role`", "is missing"]),
        ("[[ally]]\nname = \"Utopia\"\naccession = \"soon\"\n", ["ally “Utopia”", "is no date"]),
        ("[[place]]\nname = \"Utopia\"\n\n[[place]]\nname = \"Utopia\"\n", ["line 5", "twice"]),
        ("[[place]]\nname = \"Utopia\"\nseat = \"Amaurot\"\n", ["line 3", "no such field"]),
        ("[[place]]\nname = \"Utopia\"\naliases = [\" \"]\n", ["field `aliases`", "is empty"]),
        ("[[place]]\nname = 3\n", ["field `name`", "must be a text"]),
        ("[[ship]]\nname = \"Argo\"\n", ["field `ship`", "no such table"]),
    ] {
        let message = refused(NO_TOPICS, file);
        assert!(message.starts_with("gazetteer.toml") && expected.iter().all(|part| message.contains(part)), "{file}: {message}");
    }
}

#[test]
fn phrases_are_found_in_their_usual_spellings() {
    let has = |forms: &[variants::Variant], words: &str| forms.iter().any(|form| form.words == words);
    assert!(has(&variants::english("defence industry"), "defense industries"));
    assert!(has(&variants::english("centre of excellence"), "center of excellence"));
    assert!(has(&variants::english("Women, Peace and Security"), "Women Peace and Security"));
    assert!(has(&variants::english("non-proliferation"), "nonproliferation"));
    assert!(has(&variants::english("nuclear policy"), "nuclear policies"));
    assert!(has(&variants::english("forest fires"), "forest fire") && has(&variants::english("partner countries"), "partner country"));
    assert!(!has(&variants::english("logistics"), "logistic"));
    assert!(has(&variants::french("attentat terroriste"), "attentats terroristes"));
    assert!(has(&variants::french("chaîne d'approvisionnement"), "chaînes d'approvisionnement"));
    assert!(variants::english("Allied Force").iter().any(|form| form.words == "Allied Forces" && form.loose));
    assert!(
        names::french_adjective("turc").contains(&"turques".to_owned())
            && names::french_adjective("italien").contains(&"italienne".to_owned())
    );
}

#[test]
fn a_seat_is_no_name() {
    for seat in ["Northwood", "Izmir", "Ulm", "Stavanger"] {
        assert!(names::is_seat(seat), "{seat}");
    }
    for name in ["NCI Agency", "SNMG1", "UE", "North Atlantic Alliance"] {
        assert!(!names::is_seat(name), "{name}");
    }
}
