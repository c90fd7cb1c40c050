//! When a word that could be a name is one.

use crate::describe::folded::Folded;

/// Courtesies, ranks and posts that stand before a surname, in small letters and without a full stop.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "sir",
    "lord",
    "general",
    "gen",
    "admiral",
    "adm",
    "colonel",
    "col",
    "ltcol",
    "commander",
    "captain",
    "ambassador",
    "amb",
    "minister",
    "president",
    "secretary",
    "chair",
    "chairman",
    "chairwoman",
    "spokesperson",
    "spokesman",
    "spokeswoman",
    "director",
    "representative",
    "m",
    "mme",
    "monsieur",
    "madame",
    "amiral",
    "ministre",
    "ambassadeur",
    "ambassadrice",
    "presidente",
    "chancellor",
    "marshal",
    "senator",
    "professor",
    "prof",
];

/// Courtesies that stand before nobody's country.
const COURTESIES: &[&str] = &["mr", "mrs", "ms", "miss", "dr", "sir", "mme", "lady"];

/// Posts that only people of the gazetteer held.
const OFFICES: &[&str] = &[
    "secretary general",
    "secretary-general",
    "secretaire general",
    "secretaire generale",
    "general delegue",
    "generale deleguee",
    "saceur",
    "dsaceur",
    "sact",
    "dsact",
    "cmc",
    "sg",
    "dsg",
    "asg",
    "dasg",
];

/// Names of states that are given names too.
const GIVEN_NAMES: &[&str] = &["georgia", "jordan", "israel"];

/// Capitalised words that follow such a state's name without making it a person's.
const INSTITUTIONS: &[&str] = &[
    "air",
    "armed",
    "army",
    "commission",
    "council",
    "defence",
    "defense",
    "foreign",
    "government",
    "liaison",
    "ministry",
    "minister",
    "navy",
    "package",
    "parliament",
    "president",
    "prime",
    "trust",
    "and",
    "joint",
    "substantial",
    "training",
];

/// Words beside a name that make it part of another place's: `Northern Ireland`, `South Georgia`, `British Columbia`.
const OTHER_BEFORE: &[(&str, &str)] = &[
    ("northern", "ireland"),
    ("south", "georgia"),
    ("atlanta,", "georgia"),
    ("new", "britain"),
    ("latin", "american"),
    ("south", "american"),
    ("north", "american"),
    ("central", "american"),
    ("african", "american"),
    ("inner", "mongolia"),
];
const OTHER_AFTER: &[(&str, &str)] = &[
    ("british", "columbia"),
    ("american", "samoa"),
    ("georgia", "tech"),
    ("georgia", "national guard"),
    ("georgia", ", usa"),
    ("georgia", ", united states"),
    ("georgia", ", u.s"),
    ("french", "guiana"),
    ("french", "polynesia"),
    ("luxembourg", "gardens"),
];

/// Words before a French adjective that make it a language or a person.
const NO_ADJECTIVE: &[&str] = &["en", "un", "une", "les", "des", "aux", "au"];

/// What stands before a surname.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Title {
    /// A post that only people of the gazetteer held.
    Office,
    /// A courtesy, rank or post that anybody may hold.
    Courtesy,
    /// A given name: somebody else.
    OtherName,
    None,
}

/// Looks at the words before a surname that starts at `start` of the folded text.
pub(super) fn title_before(text: &Folded<'_>, start: usize) -> Title {
    let before = text.before(start, 60);
    let Some(words) = before.strip_suffix(' ') else { return Title::None };
    let plain = words.trim_end_matches('.');
    let ends = |title: &str| plain.strip_suffix(title).is_some_and(|head| !head.ends_with(char::is_alphanumeric));
    if OFFICES.iter().any(|office| ends(office)) {
        return Title::Office;
    }
    if TITLES.iter().any(|title| ends(title)) {
        return Title::Courtesy;
    }
    let last = words.rsplit([' ', '\n']).next().unwrap_or("");
    let at = start - 1 - last.len();
    let word = text.span(at, start - 1).of(text.original);
    // At the start of a sentence every word is capitalised ("Today Rutte …"); there is no telling, and the full name has come before.
    let opens = text.before(at, 2).trim_end().chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != ',');
    let given = word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '.'));
    if given && !opens && !text.before(at, 1).is_empty() { Title::OtherName } else { Title::None }
}

/// Whether a short surname is followed by a capitalised word, as in "San Francisco".
pub(super) fn opens_longer_name(text: &Folded<'_>, start: usize, end: usize) -> bool {
    end - start <= 3 && next_is_capital(text, end)
}

fn next_is_capital(text: &Folded<'_>, end: usize) -> bool {
    text.after(end, 1) == " " && text.span(end + 1, end + 2).of(text.original).starts_with(char::is_uppercase)
}

/// Whether a place name is the place's: not a surname after a title, not a given name, not part of another place's name.
pub(super) fn is_place(text: &Folded<'_>, start: usize, end: usize) -> bool {
    let name = text.text.get(start..end).unwrap_or("");
    if is_of_another(text, start, end, name) {
        return false;
    }
    let before = text.before(start, 40);
    let mut words = before.strip_suffix(' ').unwrap_or("").rsplit([' ', '\n']).map(|word| word.trim_end_matches('.'));
    let courtesy = |word: Option<&str>| word.is_some_and(|word| COURTESIES.contains(&word));
    // "Mr Jordan" and "Dr Holland" are people, and so is "Mr Michael Jordan".
    if courtesy(words.next()) || GIVEN_NAMES.contains(&name) && courtesy(words.next()) {
        return false;
    }
    if !GIVEN_NAMES.contains(&name) || !next_is_capital(text, end) || before.ends_with('-') {
        return true;
    }
    let next = text.after(end + 1, 20).split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    INSTITUTIONS.contains(&next)
}

/// Whether an adjective stands as one: in English before its noun, in French after it, in small letters.
pub(super) fn is_adjective(text: &Folded<'_>, start: usize, end: usize, form: &str) -> bool {
    let name = text.text.get(start..end).unwrap_or("");
    if is_of_another(text, start, end, name) {
        return false;
    }
    if form.starts_with(char::is_uppercase) {
        let after = text.after(end, 2);
        return after.starts_with([' ', '-']) && after.chars().nth(1).is_some_and(char::is_alphabetic);
    }
    let word = text.span(start, end).of(text.original);
    let last = text.before(start, 20).strip_suffix(' ').unwrap_or("").rsplit([' ', '\n', '\'']).next().unwrap_or("").to_owned();
    word.starts_with(char::is_lowercase) && last.len() > 1 && !NO_ADJECTIVE.contains(&last.as_str())
}

fn is_of_another(text: &Folded<'_>, start: usize, end: usize, name: &str) -> bool {
    let before = text.before(start, 12).trim_end();
    let after = text.after(end, 16);
    OTHER_BEFORE.iter().any(|(word, place)| *place == name && before.ends_with(word))
        || OTHER_AFTER.iter().any(|(place, word)| *place == name && after.trim_start().starts_with(word))
}
