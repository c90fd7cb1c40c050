//! The forms in which people, organisations and the adjectives of places stand in print.

use super::gazetteer::FormKind;
use super::variants;

/// Nouns that make a name the name of a body of people. Programmes, plans, treaties, posts and things have others.
const BODIES: &[&str] = &[
    "Accelerator",
    "Agency",
    "Assembly",
    "Association",
    "Board",
    "Centre",
    "Center",
    "College",
    "Command",
    "Commission",
    "Committee",
    "Conference",
    "Council",
    "Force",
    "Fund",
    "Group",
    "Headquarters",
    "Mission",
    "Nations",
    "Office",
    "Organisation",
    "Organization",
    "Service",
    "Staff",
    "Union",
];

/// Nouns that, at the end of a name, make it the name of a paper or a scheme even where a body is named in it.
const PAPERS: &[&str] =
    &["Resolution", "Plan", "Agreement", "Initiative", "Package", "List", "Pledge", "Programme", "Process", "Treaty", "Forum"];

/// Class names: there are many of them, so that the words alone name none.
const CLASSES: &[&str] = &["COE", "HQ", "JFC", "PRT"];

/// Bodies whose names do not say so.
const BODIES_BY_NAME: &[&str] = &["NSATU"];

/// Abbreviations that stand for something else more often than for the body: in print, IS is the so-called Islamic State.
const AMBIGUOUS: &[&str] = &["IS"];

/// Whether an abbreviation names its body by itself.
pub(super) fn is_unambiguous(abbreviation: &str) -> bool {
    !AMBIGUOUS.contains(&abbreviation)
}

/// Whether an abbreviation stands for an organisation: its English name holds a noun that makes a body, before any preposition
/// ("Chair of the Military Committee" is a post), and does not end in one that makes a paper.
pub(super) fn is_organisation(abbreviation: &str, english: &str) -> bool {
    if CLASSES.contains(&abbreviation) {
        return false;
    }
    let head: Vec<&str> = english.split(' ').take_while(|word| !["of", "for", "on", "in", "to", "-"].contains(word)).collect();
    let paper = head.last().is_some_and(|last| PAPERS.contains(last));
    BODIES_BY_NAME.contains(&abbreviation) || !paper && head.iter().any(|word| BODIES.contains(word))
}

/// Whether one of the "also" words is a seat (`Northwood`) rather than a name (`NCI Agency`, `SNMG1`, `SecGen`): one word that is
/// neither an abbreviation nor a compound of one. A town is no name of the body that sits there.
pub(super) fn is_seat(other: &str) -> bool {
    let capitals = other.chars().filter(|c| c.is_uppercase()).count();
    !other.contains(' ') && capitals < 2 && !other.contains(|c: char| c.is_ascii_digit())
}

/// Spellings of an organisation's English name.
pub(super) fn organisation(english: &str) -> Vec<String> {
    variants::name(english)
}

/// Full names and surnames of a person, as texts give them.
pub(super) fn person(name: &str, aliases: &[String]) -> Vec<(String, FormKind)> {
    let mut forms = Vec::new();
    let mut push = |words: String, kind| {
        if !forms.iter().any(|(known, _)| *known == words) {
            forms.push((words, kind));
        }
    };
    let (one_word, full): (Vec<&String>, Vec<&String>) = aliases.iter().partition(|alias| !alias.contains(' '));
    for name in std::iter::once(name).chain(full.into_iter().map(String::as_str)) {
        push(name.to_owned(), FormKind::Name);
        let plain: Vec<&str> = name.split(' ').filter(|part| !is_initial(part)).collect();
        if plain.len() > 1 {
            push(plain.join(" "), FormKind::Name);
        }
    }
    for alias in one_word {
        push(alias.clone(), FormKind::Surname);
    }
    // Where a surname begins is not written: every ending of the name may be one ("Dragone", "Cavo Dragone").
    let parts: Vec<&str> = name.split(' ').filter(|part| !is_initial(part)).collect();
    for start in 1..parts.len() {
        push(parts[start..].join(" "), FormKind::Surname);
    }
    if let [surname] = parts.as_slice() {
        push((*surname).to_owned(), FormKind::Surname);
    }
    forms
}

fn is_initial(part: &str) -> bool {
    part.ends_with('.')
}

/// The forms of a French adjective: both genders, singular and plural.
pub(super) fn french_adjective(word: &str) -> Vec<String> {
    let feminine = match word {
        _ if word.ends_with('e') => word.to_owned(),
        _ if word.ends_with("ien") || word.ends_with("on") => format!("{word}ne"),
        _ if word.ends_with("ec") => format!("{word}que"),
        _ => match word.strip_suffix('c') {
            Some(stem) => format!("{stem}que"),
            None => format!("{word}e"),
        },
    };
    let plural = |word: &str| if word.ends_with(['s', 'x']) { word.to_owned() } else { format!("{word}s") };
    let mut forms = vec![word.to_owned(), plural(word), feminine.clone(), plural(&feminine)];
    forms.dedup();
    forms
}
