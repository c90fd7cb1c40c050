//! What the words just before a date say of it.

use crate::model::Span;

use super::find::{Found, Shape};
use super::reading::Cue;
use super::tokens::{Kind, Token, lowered};
use super::words::{Word, adopts, is_act};

/// `On`, `From`, `Le` and the like before the date belong to the words that are shown as evidence.
pub(super) fn with_preposition(tokens: &[Token], found: &Found) -> Span {
    let mut start = found.tokens.start;
    for _ in 0..2 {
        let Some(token) = start.checked_sub(1).and_then(|at| tokens.get(at)) else { break };
        let article = matches!(token.word(), Word::The | Word::Le | Word::Ce);
        let opens = token.capital && matches!(token.word(), Word::On | Word::Le | Word::Ce | Word::From | Word::De | Word::In);
        let range = token.word() == Word::From && !matches!(found.shape, Shape::Year(_));
        let joined = article && start.checked_sub(2).and_then(|at| tokens.get(at)).is_some_and(|token| token.word() == Word::On);
        if token.sentence != tokens[found.tokens.start].sentence || !(opens || range || joined) {
            break;
        }
        start -= 1;
    }
    Span::new(tokens[start].span.start, found.span.end)
}

/// Deadline and history are told by the words just before; the attacks of 11 September by a word near it.
pub(super) fn cue(text: &str, tokens: &[Token], found: &Found) -> (Cue, bool) {
    let at = found.tokens.start;
    let sentence = tokens[at].sentence;
    let back = |by: usize| at.checked_sub(by).and_then(|at| tokens.get(at)).filter(|token| token.sentence == sentence);
    let word = |by: usize| back(by).map_or(Word::Other, Token::word);
    let near = |from: usize, to: usize, wanted: Word| (from..=to).any(|by| word(by) == wanted);
    let attack =
        near(1, 4, Word::Attack) || (0..3).any(|by| tokens.get(found.tokens.end + by).is_some_and(|token| token.word() == Word::Attack));
    if near(1, 3, Word::Later) && near(2, 4, Word::No) || near(1, 6, Word::Deadline) || near(1, 2, Word::Closes) {
        return (Cue::Deadline, attack);
    }
    let mut by = 1;
    while by < 8
        && back(by).is_some_and(|token| {
            matches!(token.kind, Kind::Quantity | Kind::Number { .. } | Kind::Comma | Kind::Break)
                || matches!(token.word(), Word::The | Word::On | Word::Deictic | Word::Weekday { .. })
        })
    {
        by += 1;
    }
    if word(by) == Word::Le {
        by += 1;
    }
    if matches!(word(by), Word::By | Word::Before) && matches!(found.shape, Shape::Days(_)) {
        return (Cue::Deadline, attack);
    }
    if word(by) == Word::Till && matches!(found.shape, Shape::Days(_)) {
        return (Cue::Till, attack);
    }
    let old = near(1, 4, Word::Historic) || found.weekday.is_none() && !found.deictic && is_history(text, tokens, at);
    (if old { Cue::Historic } else { Cue::None }, attack)
}

/// How far before a date the verb of adopting and its subject stand, in tokens.
const ADOPTED: usize = 6;
const ACT: usize = 14;

/// The participle of founding or adopting that governs the date at token `at`.
pub(super) fn adopted(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    back(tokens, at, ADOPTED).find(|word| adopts(&lowered(tokens[*word].span.of(text))))
}

/// An act of law was adopted then ("Resolution 1325 was adopted on"), or its name stands before the date ("the Treaty of",
/// "the invasion of").
fn is_history(text: &str, tokens: &[Token], at: usize) -> bool {
    let act = |from: usize, reach: usize| back(tokens, from, reach).any(|word| is_act(&lowered(tokens[word].span.of(text))));
    let named = matches!(at.checked_sub(1).and_then(|before| tokens.get(before)).map(Token::word), Some(Word::Of | Word::De | Word::Le));
    named && act(at, 3) || adopted(text, tokens, at).is_some_and(|verb| act(verb, ACT))
}

/// "The 2030 agenda", "Vision 2040", "NATO 2030": a year that is aimed at, and tells nothing of when the text was written.
pub(super) fn is_goal(text: &str, tokens: &[Token], at: usize) -> bool {
    const GOALS: &[&str] = &["agenda", "vision", "horizon", "goals", "targets", "objectives", "objectifs"];
    const HOUSE: &[&str] = &["nato", "otan"];
    let is = |at: Option<usize>, words: &[&str]| {
        at.and_then(|at| tokens.get(at)).is_some_and(|token| words.contains(&&*lowered(token.span.of(text))))
    };
    let before = at.checked_sub(1);
    let name_goes_on = tokens.get(at + 1).is_some_and(|token| token.capital);
    is(before, GOALS) || is(Some(at + 1), GOALS) || is(before, HOUSE) && !name_goes_on
}

/// The words before a token, from the nearest, in its sentence.
fn back(tokens: &[Token], at: usize, reach: usize) -> impl Iterator<Item = usize> {
    let sentence = tokens.get(at).map(|token| token.sentence);
    (at.saturating_sub(reach)..at).rev().take_while(move |before| tokens.get(*before).map(|token| token.sentence) == sentence)
}
