//! What the words around a phrase do to it: a verb is no exercise, what lies ahead is not the subject, what is remembered is history.

use std::sync::LazyLock;

use crate::describe::anyof::AnyOf;
use crate::describe::folded::Folded;

/// Words before a noun that make it a verb.
const BEFORE_VERB: &[&str] =
    &["to", "must", "should", "shall", "will", "would", "can", "cannot", "could", "may", "might", "not", "fully", "we", "they"];

/// Openings of what follows a verb, or follows "exercise" where it means the use of a right or a power.
const AFTER_VERB: &[&str] = &[
    "restraint",
    "caution",
    "control",
    "authority",
    "command of",
    "maximum",
    "utmost",
    "its ",
    "their ",
    "our ",
    "his ",
    "her ",
    "your ",
    "of restraint",
    "of its",
    "of their",
    "of the right",
    "de ses",
    "de son",
    "de leur",
    "de la souver",
    "du droit",
    "des droits",
    "du pouvoir",
    "de la retenue",
];

/// Words that put what follows into the future or the background: no more than the occasion is named.
static AHEAD: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "ahead of",
        "in preparation for",
        "preparations for",
        "prepare for",
        "preparing for",
        "prepares for",
        "run-up to",
        "lead-up to",
        "in advance of",
        "before the",
        "prior to",
        "upcoming",
        "next",
        "look forward to",
        "looking ahead to",
        "en amont d",
        "en vue d",
        "a l'approche d",
        "dans la perspective d",
        "avant le",
        "prochain",
        "prochaine",
        "preparation d",
    ])
});

/// Words before the name of a body that make it the author of the text, not its subject.
const AUTHOR: &[&str] = &[
    "statement by",
    "statement by the",
    "statement of the",
    "declaration by the",
    "declaration du",
    "communique du",
    "press release by the",
];

/// Words that make a sentence one of remembrance or of standing background.
static REMEMBERED: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "anniversary",
        "years since",
        "years ago",
        "years after",
        "commemorat",
        "anniversaire",
        "il y a",
        "commemor",
        "was adopted",
        "adopted in",
        "established in",
        "founded in",
        "created in",
        "set up in",
        "ete adopte",
        "cree en",
        "creee en",
        "fonde en",
        "fondee en",
    ])
});

/// Share of its weight that a phrase keeps where it names what lies ahead, or who speaks.
const AHEAD_WEIGHT: f64 = 0.3;
/// Share that it keeps in a sentence of remembrance.
const REMEMBERED_WEIGHT: f64 = 0.5;
/// How far from a phrase its context reaches, in bytes of folded text: words before it, and the sentence around it.
const NEAR: usize = 40;
const SENTENCE: usize = 240;

/// Whether a common noun at `start..end` is a verb there, or part of a set phrase of law.
pub(super) fn is_verb(text: &Folded<'_>, start: usize, end: usize) -> bool {
    let after = text.after(end, NEAR).trim_start_matches(' ');
    // "To exercise Steadfast Defender": a name after it makes it a noun again.
    let before = text.before(start, NEAR).trim_end().rsplit(' ').next().unwrap_or("");
    BEFORE_VERB.contains(&before) && !name_follows(text, end) || AFTER_VERB.iter().any(|word| after.starts_with(word))
}

/// Whether a word that starts with a capital follows in the same line.
pub(super) fn name_follows(text: &Folded<'_>, end: usize) -> bool {
    text.after(end, 1) == " " && text.span(end + 1, end + 2).of(text.original).starts_with(char::is_uppercase)
}

/// The share of its weight that a phrase keeps.
pub(super) fn share(text: &Folded<'_>, start: usize, end: usize) -> f64 {
    let before = text.before(start, NEAR);
    let clause = before.rsplit(['.', ';', ':', '\n']).next().unwrap_or("");
    let author = AUTHOR.iter().any(|word| clause.trim_end().ends_with(word));
    let ahead = if author || AHEAD.starts_token(clause) { AHEAD_WEIGHT } else { 1.0 };
    let head = text.before(start, SENTENCE);
    let head = head.rsplit_once(". ").map_or(head, |(_, rest)| rest).rsplit('\n').next().unwrap_or("");
    let tail = text.after(end, SENTENCE);
    let tail = tail.split_once(". ").map_or(tail, |(rest, _)| rest).split('\n').next().unwrap_or("");
    let remembered = REMEMBERED.starts_token(head) || REMEMBERED.starts_token(tail);
    ahead * if remembered { REMEMBERED_WEIGHT } else { 1.0 }
}
