//! The spellings in which one phrase of the vocabulary stands in print.
//!
//! The files hold one form; releases use several: plurals, British and American spelling, a hyphen or none, a comma before "and".
//! The forms are made from general rules of the two languages, never phrase by phrase.

/// Endings and stems that British and American English, or two houses' styles, spell differently.
const SPELLINGS: &[(&str, &str)] = &[
    ("defence", "defense"),
    ("Defence", "Defense"),
    ("isation", "ization"),
    ("entre", "enter"),
    ("rogramme", "rogram"),
    ("Co-operation", "Cooperation"),
    ("co-operation", "cooperation"),
];

/// French words that take no plural of their own inside a phrase.
const INVARIABLE: &[&str] =
    &["dans", "pour", "avec", "contre", "entre", "très", "sans", "sous", "vers", "chez", "elles", "leur", "niveau", "matière", "faveur"];

/// A spelling, and whether it is the name's own or its plural.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variant {
    pub words: String,
    /// The plural of a short proper name: more of its kind, but no longer that name.
    pub loose: bool,
}

/// Every form of an English phrase, the written one first.
pub(super) fn english(phrase: &str) -> Vec<Variant> {
    let mut forms = spellings(phrase);
    for form in forms.clone() {
        forms.extend(plural_en(&form).into_iter().chain(singular_en(&form)));
    }
    forms.dedup();
    marked(forms, phrase, is_short_name(phrase))
}

/// Every form of a French phrase, the written one first.
pub(super) fn french(phrase: &str) -> Vec<Variant> {
    let mut forms = vec![phrase.to_owned()];
    let words: Vec<&str> = phrase.split(' ').collect();
    let plural = |which: &dyn Fn(usize) -> bool| {
        let inflected: Vec<String> =
            words.iter().enumerate().map(|(place, word)| if which(place) { plural_fr(word) } else { (*word).to_owned() }).collect();
        inflected.join(" ")
    };
    // "attentats terroristes"; "chaînes d'approvisionnement"; "mesures de confiance" has its plural in the vocabulary already.
    push(&mut forms, plural(&|_| true));
    push(&mut forms, plural(&|place| place == 0));
    push(&mut forms, plural(&|place| place < 2));
    marked(forms, phrase, is_short_name(phrase))
}

/// The spellings of a name, which has no plural.
pub(super) fn name(words: &str) -> Vec<String> {
    spellings(words)
}

fn marked(forms: Vec<String>, phrase: &str, short_name: bool) -> Vec<Variant> {
    let letters = |words: &str| words.chars().filter(|c| c.is_alphabetic()).count();
    forms.into_iter().map(|words| Variant { loose: short_name && words != phrase && letters(&words) > letters(phrase), words }).collect()
}

/// One or two words that all start with a capital, and no abbreviation: `Allied Force` is an operation, `Allied forces` is not.
fn is_short_name(phrase: &str) -> bool {
    let words: Vec<&str> = phrase.split(' ').collect();
    words.len() <= 2 && words.iter().all(|word| word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase))
}

fn spellings(phrase: &str) -> Vec<String> {
    let mut forms = vec![phrase.to_owned()];
    let british = SPELLINGS.iter().fold(phrase.to_owned(), |words, (one, other)| respell(&words, other, one));
    let american = SPELLINGS.iter().fold(phrase.to_owned(), |words, (one, other)| respell(&words, one, other));
    push(&mut forms, british);
    push(&mut forms, american);
    for form in forms.clone() {
        if form.contains('-') && form.chars().filter(|c| c.is_lowercase()).count() > 3 {
            push(&mut forms, form.replace('-', " "));
            push(&mut forms, form.replace('-', ""));
        }
        if form.contains(", ") {
            push(&mut forms, form.replace(',', ""));
            push(&mut forms, form.replace(" and ", ", and "));
        }
    }
    forms
}

/// Replaces `from` by `to` where it is the end of a word (or before a plural s), so that "presenter" and "programmed" stay.
fn respell(words: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(words.len() + 4);
    let mut rest = words;
    while let Some(at) = rest.find(from) {
        let (head, tail) = rest.split_at(at);
        let after = &tail[from.len()..];
        let ends = after.strip_prefix('s').unwrap_or(after).chars().next().is_none_or(|c| !c.is_alphabetic());
        out.push_str(head);
        out.push_str(if ends { to } else { from });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn plural_en(phrase: &str) -> Option<String> {
    let last = phrase.rsplit([' ', '-']).next()?;
    if last.chars().count() < 3 || !last.chars().all(char::is_alphabetic) {
        return None;
    }
    let stem = &phrase[..phrase.len() - last.chars().next_back().map_or(0, char::len_utf8)];
    match last.chars().next_back()? {
        's' | 'S' | 'x' | 'z' => None,
        'y' if !stem.ends_with(['a', 'e', 'o', 'u']) => Some(format!("{stem}ies")),
        _ if last.ends_with("ch") || last.ends_with("sh") => Some(format!("{phrase}es")),
        _ => Some(format!("{phrase}s")),
    }
}

/// The singular of common words that the vocabulary gives in the plural ("forest fires"); a name has none.
fn singular_en(phrase: &str) -> Option<String> {
    let last = phrase.rsplit([' ', '-']).next()?;
    let stem = phrase.strip_suffix('s').filter(|_| last.len() > 4 && last.chars().all(char::is_lowercase))?;
    let fixed = ["s", "u", "i", "ic", "new"].iter().any(|end| stem.ends_with(end));
    match stem.strip_suffix("ie") {
        Some(root) => Some(format!("{root}y")),
        None => (!fixed).then(|| stem.to_owned()),
    }
}

fn plural_fr(word: &str) -> String {
    let fixed = word.chars().count() < 4
        || word.contains('\'')
        || INVARIABLE.contains(&word)
        || !word.chars().all(char::is_alphabetic)
        || word.ends_with(['s', 'x', 'z'])
        || !word.contains(char::is_lowercase);
    if fixed {
        word.to_owned()
    } else if word.ends_with("eau") || word.ends_with("eu") {
        format!("{word}x")
    } else if let Some(stem) = word.strip_suffix("al") {
        format!("{stem}aux")
    } else {
        format!("{word}s")
    }
}

fn push(forms: &mut Vec<String>, form: String) {
    if !forms.contains(&form) {
        forms.push(form);
    }
}
