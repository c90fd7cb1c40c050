//! Whether a date is reported or announced: the tense of the verb that governs it.
//!
//! Tense decides between a report and a media advisory (form B3: "will meet" is published on or before the day, a past tense on it).
//! The verb is looked for in the date's own clause: the nearest before it, else the first after it; then in the rest of the sentence.
//! Only a window around the date is read, so that the work stays linear in the text.

use std::ops::Range;

use crate::model::Span;

use super::tokens::{Kind, Token, lowered};
use super::words::{Word, announced_verb, french_future, french_infinitive, french_participle};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Present,
    Future,
    /// The present of a timetable: "takes place on".
    Timetable,
    /// No verb near it.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Past,
    Participle,
    Present,
    Future,
    Timetable,
    Ahead,
}

struct Mark {
    at: usize,
    clause: u32,
    sign: Sign,
    /// `and`, `but` or a comma stands before it, so that it opens a predicate of its own.
    coordinate: bool,
    /// "said": may close a sentence of any tense.
    reporting: bool,
}

/// Verbs by which a sentence names its source at its end: "will meet when they gather on 13 February, an official said".
const REPORTING: &[&str] = &["said", "told", "announced", "added", "confirmed", "says", "déclaré", "annoncé", "indiqué", "précisé"];

const WINDOW: usize = 70;

/// The tense in which the date at `date` stands.
pub(super) fn tense_of(text: &str, tokens: &[Token], date: &Range<usize>, french: bool) -> Tense {
    let Some(here) = tokens.get(date.start) else { return Tense::Unknown };
    let sentence = here.sentence;
    let from = (date.start.saturating_sub(WINDOW)..date.start).find(|at| tokens[*at].sentence == sentence).unwrap_or(date.start);
    let to = (date.end..tokens.len().min(date.end + WINDOW))
        .take_while(|at| tokens[*at].sentence == sentence)
        .last()
        .map_or(date.end, |at| at + 1);
    let (marks, clause) = marks(text, tokens, from..to, date, french);
    let before = |same: bool| marks.iter().rev().filter(move |mark| mark.at < date.start && (!same || mark.clause == clause));
    let after =
        |same: bool| marks.iter().filter(move |mark| mark.at >= date.end && mark.sign != Sign::Ahead && (!same || mark.clause == clause));
    nearest(before(true))
        .or_else(|| after(true).next().map(|mark| mark.sign))
        .or_else(|| after(false).next().filter(|mark| !mark.reporting || before(false).next().is_none()).map(|mark| mark.sign))
        .or_else(|| nearest(before(false)))
        .or_else(|| headline(text, &tokens[from..date.start]).then_some(Sign::Future))
        .map_or(Tense::Unknown, |sign| match sign {
            Sign::Past | Sign::Participle => Tense::Past,
            Sign::Present => Tense::Present,
            Sign::Future | Sign::Ahead => Tense::Future,
            Sign::Timetable => Tense::Timetable,
        })
}

/// The nearest sign before the date. A participle after a future verb belongs to a noun ("will attend the meeting devoted to … on"),
/// unless it opens a predicate of its own ("will travel to Rome and visited Paris on").
fn nearest<'a>(mut before: impl Iterator<Item = &'a Mark>) -> Option<Sign> {
    let first = before.next()?;
    if first.sign == Sign::Participle && !first.coordinate {
        let verb = before.find(|mark| !matches!(mark.sign, Sign::Participle | Sign::Ahead));
        if verb.is_some_and(|mark| mark.sign == Sign::Future) {
            return Some(Sign::Future);
        }
    }
    Some(first.sign)
}

/// "Secretary General to visit Rome on": no verb, but an infinitive that announces.
fn headline(text: &str, before: &[Token]) -> bool {
    before.windows(2).any(|pair| pair[0].word() == Word::To && announced_verb(&lowered(pair[1].span.of(text))))
}

/// The signs of tense within `window`, and the clause of the date.
fn marks(text: &str, tokens: &[Token], window: Range<usize>, date: &Range<usize>, french: bool) -> (Vec<Mark>, u32) {
    let mut marks = Vec::new();
    let (mut clause, mut clauses, mut open, mut own) = (0, 0, Vec::new(), 0);
    for at in window {
        if at == date.start {
            own = clause;
        }
        match tokens[at].kind {
            Kind::Comma if !date.contains(&at) && !in_date(tokens, at) => clause = open.pop().unwrap_or(clause),
            Kind::Break => {
                clauses += 1;
                clause = clauses;
                open.clear();
            }
            Kind::Word(Word::Relative | Word::Subordinate) => {
                open.push(clause);
                clauses += 1;
                clause = clauses;
            }
            _ => {}
        }
        if let Some(sign) = if french { french_sign(text, tokens, at) } else { english_sign(tokens, at) } {
            // So does "as": "will take office, as agreed on".
            let coordinate = at.checked_sub(1).map(|back| &tokens[back]).is_some_and(|before| {
                matches!(before.kind, Kind::Comma | Kind::Word(Word::And)) || ["as", "comme"].contains(&&*lowered(before.span.of(text)))
            });
            let reporting = sign != Sign::Future
                && (at..=at + 2).filter_map(|at| tokens.get(at)).any(|token| REPORTING.contains(&&*lowered(token.span.of(text))));
            marks.push(Mark { at, clause, sign, coordinate, reporting });
        }
    }
    (marks, own)
}

/// A comma inside a date ("Wednesday, 30 April 2025,") closes no clause.
fn in_date(tokens: &[Token], comma: usize) -> bool {
    let dated = |token: &Token| matches!(token.kind, Kind::Number { .. } | Kind::Word(Word::Month { .. } | Word::Weekday { .. }));
    comma.checked_sub(1).is_some_and(|back| dated(&tokens[back])) && tokens.get(comma + 1).is_some_and(dated)
}

fn english_sign(tokens: &[Token], at: usize) -> Option<Sign> {
    let word = |by: isize| at.checked_add_signed(by).and_then(|at| tokens.get(at)).map_or(Word::Other, Token::word);
    match tokens[at].word() {
        // "the will of the people" is a noun.
        Word::Will => (!matches!(word(-1), Word::The | Word::Determiner | Word::A)).then_some(Sign::Future),
        Word::Is => match (word(1), word(2)) {
            (Word::To | Word::Scheduled | Word::Going | Word::Invited, _) | (_, Word::Scheduled) => Some(Sign::Future),
            _ => Some(Sign::Present),
        },
        Word::Be => (word(-1) == Word::To && word(-2) != Word::Past).then_some(Sign::Future),
        Word::Past => Some(Sign::Past),
        Word::Have => (!matches!(word(-1), Word::To | Word::Will)).then_some(Sign::Past),
        Word::Scheduled => match word(-1) {
            Word::Past | Word::Be => None,
            _ => Some(Sign::Future),
        },
        Word::Timetable => (!matches!(word(-1), Word::To | Word::Will)).then_some(Sign::Timetable),
        Word::Ahead | Word::Before => Some(Sign::Ahead),
        Word::Participle => participle(tokens, at).then_some(Sign::Participle),
        _ => None,
    }
}

/// Whether a form in -ed is a verb: not after `be` (the auxiliary tells the tense), nor between a determiner and a noun.
fn participle(tokens: &[Token], at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at)).map_or(Word::Other, Token::word);
    if matches!(word(1), Word::Be | Word::The | Word::A | Word::Determiner | Word::Will) {
        return false;
    }
    // "will be jointly hosted"
    !(word(2) == Word::Be && word(1) == Word::Other)
}

fn french_sign(text: &str, tokens: &[Token], at: usize) -> Option<Sign> {
    let token = |by: isize| at.checked_add_signed(by).and_then(|at| tokens.get(at));
    let spelled = |by: isize| token(by).filter(|token| matches!(token.kind, Kind::Word(_))).map(|token| lowered(token.span.of(text)));
    let soon = |test: fn(&str) -> bool| (1..=3).any(|by| spelled(by).is_some_and(|word| test(&word)));
    match tokens[at].word() {
        Word::FrenchAux | Word::A => soon(french_participle).then_some(Sign::Past),
        Word::FrenchIs if (1..=2).any(|by| token(by).is_some_and(|token| token.word() == Word::Scheduled)) => Some(Sign::Future),
        Word::FrenchIs => Some(if soon(french_participle) { Sign::Past } else { Sign::Present }),
        Word::FrenchGo => soon(french_infinitive).then_some(Sign::Future),
        Word::Scheduled => Some(Sign::Future),
        Word::Ahead | Word::Before => Some(Sign::Ahead),
        Word::Other => french_verb(tokens[at].span, text),
        _ => None,
    }
}

fn french_verb(span: Span, text: &str) -> Option<Sign> {
    let word = lowered(span.of(text));
    if french_future(&word) {
        Some(Sign::Future)
    } else if word.len() > 5 && word.ends_with("èrent") {
        Some(Sign::Past)
    } else {
        None
    }
}
