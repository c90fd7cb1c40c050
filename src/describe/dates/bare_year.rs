//! Numbers of four figures: which of them is a year, and which of those is a date.

use super::find::{Found, Shape};
use super::tokens::{Kind, Token};
use super::words::Word;

/// Words before a year that is a date and no part of a name.
fn opens_year(word: Word) -> bool {
    use Word::{Before, By, From, Historic, In, Subordinate, Till, Until};
    matches!(word, In | Historic | From | Until | Till | By | Subordinate | Before)
}

/// A bare number of four figures: a year after a preposition, else part of a name; nothing in a resolution's number.
pub(super) fn year(tokens: &[Token], at: usize) -> Option<Found> {
    let Kind::Number { value, ordinal: false, .. } = tokens[at].kind else { return None };
    if !(1900..2200).contains(&value) {
        return None;
    }
    let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
    let sentence = tokens[at].sentence;
    let previous = before(1).filter(|token| token.sentence == sentence);
    let resolution = (1..=3).any(|back| before(back).is_some_and(|token| token.word() == Word::Resolution));
    if resolution || previous.is_some_and(|token| matches!(token.kind, Kind::Dash | Kind::Slash)) {
        return None;
    }
    // "the 2022 Strategic Concept", "ahead of 2025 Summit": the year belongs to the name that follows.
    let next = tokens.get(at + 1).filter(|token| token.sentence == sentence);
    let name = next.is_some_and(|token| token.capital && token.word() == Word::Other);
    let title = previous.is_some_and(|token| token.capital) && before(2).is_some_and(|token| token.sentence == sentence && token.capital);
    let dated = !title
        && previous.is_some_and(|token| {
            opens_year(token.word())
                || !name
                    && matches!(token.word(), Word::Of | Word::De)
                    && before(2).is_some_and(|token| token.word() != Word::Other || !token.capital)
        });
    let shape = if dated { Shape::Year(value as i32) } else { Shape::Named(value as i32) };
    Some(Found { shape, span: tokens[at].span, tokens: at..at + 1, weekday: None, deictic: false })
}
