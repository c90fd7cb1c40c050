//! The capitals of headlines, in which Chicago and MLA set English titles.

use hayagriva::lang::{Case, TitleCase};

/// Parts of names that stay as they are written where a title has capitals (Chicago Manual of Style, 17th edition, 8.5 and 8.159).
const PARTICLES: [&str; 18] =
    ["al", "bin", "da", "de", "del", "della", "dem", "den", "der", "di", "dos", "du", "el", "ibn", "la", "van", "von", "zu"];

/// Prepositions that the library does not know, small within a title whatever their length (Chicago, 17th edition, 8.159; the MLA Handbook says the same). Left out are
/// words that press titles use as verbs and adverbs as well ("Allies following …").
const PREPOSITIONS: [&str; 19] = [
    "about",
    "after",
    "along",
    "alongside",
    "amid",
    "amidst",
    "amongst",
    "before",
    "beyond",
    "concerning",
    "despite",
    "outside",
    "per",
    "regarding",
    "through",
    "throughout",
    "towards",
    "upon",
    "without",
];

/// A title with capitals at the beginning of its words. Whatever the publisher wrote in a way of its own stays.
pub fn headline(title: &str) -> String {
    let mut rules = TitleCase::new();
    // Both manuals begin the last word with a capital, whichever it is.
    rules.always_capitalize_last_word = true;
    let set = Case::Title(rules).transform(title);
    let (set, own): (Vec<&str>, Vec<&str>) = (set.split(' ').collect(), title.split(' ').collect());
    if set.len() != own.len() {
        return title.to_owned();
    }
    let words: Vec<&str> = set.into_iter().enumerate().map(|(at, set)| if stays(&own, at, set) { own[at] } else { set }).collect();
    words.join(" ")
}

/// Whether a word of a title is not to be set as the rules would have it.
fn stays(own: &[&str], at: usize, set: &str) -> bool {
    let word = own[at];
    let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    // A capital behind the first letter stands for something; one behind a sign is not found by the library.
    let capitals = bare.chars().skip(1).any(char::is_uppercase) || bare.len() < word.len() && bare.starts_with(char::is_uppercase);
    // Where one sign is two letters in capitals ("ﬁ"), the library writes both so.
    let other_letters = set.to_lowercase() != word.to_lowercase();
    capitals
        || other_letters
        || is_dotted(word)
        || is_no_small_word(bare, set)
        || at > 0 && (is_elided(bare) || is_part(own, at) || goes_on(own, at) || is_preposition(own, at) || is_the_hague(own, at))
}

/// Whether the library takes the capital of a word that is none of its small ones: of letters that are names, of words with figures, and of "Front".
fn is_no_small_word(bare: &str, set: &str) -> bool {
    let word = bare.trim_end_matches(|c: char| !c.is_alphanumeric());
    let lowered = word.starts_with(char::is_uppercase) && !set.contains(char::is_uppercase);
    lowered && (word == "Front" || word.chars().any(|c| !c.is_alphabetic()) || word.len() == 1 && word != "A")
}

/// Whether a small word stands within a sentence, where the library takes it for the first of one: behind a comma, a semicolon or an abbreviation. Behind
/// the stop of a sentence the publisher's own word has a capital.
fn goes_on(own: &[&str], at: usize) -> bool {
    let word = own[at];
    let small = || Case::Title(TitleCase::new()).transform(&format!("a {word} a")).split(' ').nth(1) == Some(word);
    at + 1 < own.len() && own[at - 1].ends_with([',', ';', '.']) && word.starts_with(char::is_lowercase) && small()
}

/// Whether a word is a preposition within a sentence: neither its first nor its last word.
fn is_preposition(own: &[&str], at: usize) -> bool {
    at + 1 < own.len() && PREPOSITIONS.contains(&own[at]) && !own[at - 1].ends_with([':', '?', '!', '.', '…', '–', '—'])
}

/// The one city in the archive's language that has its article as a part of its name (Chicago, 8.45).
fn is_the_hague(own: &[&str], at: usize) -> bool {
    own[at] == "The"
        && own.get(at + 1).is_some_and(|next| next.strip_prefix("Hague").is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// An address or an abbreviation: `https://…`, `nato.int`, `p.m.`
fn is_dotted(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    word.contains("://")
        || word.contains('@')
        || letters.windows(3).any(|three| matches!(three, [a, '.', b] if a.is_alphanumeric() && b.is_alphanumeric()))
}

/// `d’action`, `l’OTAN`
fn is_elided(bare: &str) -> bool {
    let mut letters = bare.chars();
    matches!(letters.next(), Some('d' | 'l'))
        && matches!(letters.next(), Some('’' | '\''))
        && letters.next().is_some_and(char::is_alphabetic)
}

/// Whether a word is a part of a name: a name follows, at once or behind more such parts, and no sentence begins with the word.
fn is_part(own: &[&str], at: usize) -> bool {
    let particle = |word: &str| PARTICLES.contains(&word);
    let named = || own[at..].iter().find(|word| !particle(word)).is_some_and(|word| word.starts_with(char::is_uppercase));
    particle(own[at]) && !own[at - 1].ends_with([':', '?', '!', '–', '—']) && named()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_alone_change() {
        for (title, set) in [
            ("Fireside chat with NATO’s strategic commanders", "Fireside Chat with NATO’s Strategic Commanders"),
            ("the NSDIF2025 and eFP of a McDonald", "The NSDIF2025 and eFP of a McDonald"),
            ("what the alliance stands for", "What the Alliance Stands For"),
            ("Peace And Security In The Gulf", "Peace and Security in the Gulf"),
            ("Remarks without notes after talks about Georgia", "Remarks without Notes after Talks about Georgia"),
            ("What it is all about: before and after", "What It Is All About: Before and After"),
            ("Allies meet before The Hague summit", "Allies Meet before The Hague Summit"),
            ("In The Hague, the Hagues met", "In The Hague, the Hagues Met"),
            // Names.
            ("Press conference with Jaap de Hoop Scheffer", "Press Conference with Jaap de Hoop Scheffer"),
            ("Ursula von der Leyen and de Gaulle meet", "Ursula von der Leyen and de Gaulle Meet"),
            ("Gen. van der Laan on Osama bin Laden", "Gen. van der Laan on Osama bin Laden"),
            ("On al-Zawahiri", "On al-Zawahiri"),
            // The same letters that are no part of a name.
            ("de Gaulle and a de facto border", "De Gaulle and a De Facto Border"),
            ("visit: von der Leyen", "Visit: Von der Leyen"),
            ("a police van in Kabul", "A Police Van in Kabul"),
            // What begins with a sign.
            ("*Starred title", "*Starred Title"),
            ("¿Qué pasa? ¡Sí!", "¿Qué Pasa? ¡Sí!"),
            ("Talks at “The Hague” (again)", "Talks at “The Hague” (Again)"),
            // Small words, and what only looks like one.
            ("Energy, and the Arctic; a statement", "Energy, and the Arctic; a Statement"),
            ("Mr. Smith of the U.S. to meet Allies, partners", "Mr. Smith of the U.S. to Meet Allies, Partners"),
            ("Ships Inc. to build; The second sentence: a story", "Ships Inc. to Build; The Second Sentence: A Story"),
            ("The Western Front, HMS M and the A-12", "The Western Front, HMS M and the A-12"),
            // What has letters of its own.
            ("see also http://www.nato.int/x_y today", "See Also http://www.nato.int/x_y Today"),
            ("write to press@nato.int by 4 p.m. today", "Write to press@nato.int by 4 p.m. Today"),
            ("The plan d’augmentation of l'OTAN", "The Plan d’augmentation of l'OTAN"),
            ("the ﬁnal ofﬁce", "The ﬁnal Ofﬁce"),
            ("", ""),
        ] {
            assert_eq!(headline(title), set, "{title}");
        }
    }
}
