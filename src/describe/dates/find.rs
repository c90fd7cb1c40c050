//! Date expressions: a small grammar over tokens, read once from left to right.

use std::ops::Range;

use chrono::{NaiveDate, Weekday};

use crate::model::Span;

use super::tokens::{Kind, Token};
use super::words::Word;

/// One day or several, as printed; the year stands once, at the end, or nowhere (forms B2, B4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    /// Day and month.
    pub first: (u32, u32),
    pub last: (u32, u32),
    pub first_year: Option<i32>,
    /// Year of the last day.
    pub year: Option<i32>,
    /// Single days that are named together and do not touch: `5 and 12 May`.
    pub apart: bool,
}

impl Days {
    pub fn is_single(&self) -> bool {
        self.first == self.last && self.first_year == self.year
    }

    /// First and last day, where the last lies in `year`. A range that ends in an earlier month began in the year before.
    pub fn at(&self, year: i32) -> Option<(NaiveDate, NaiveDate)> {
        let last = NaiveDate::from_ymd_opt(year, self.last.1, self.last.0)?;
        let wraps = (self.first.1, self.first.0) > (self.last.1, self.last.0);
        let first_year = self.first_year.unwrap_or(if wraps { year - 1 } else { year });
        let first = NaiveDate::from_ymd_opt(first_year, self.first.1, self.first.0)?;
        (first <= last).then_some((first, last))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Days(Days),
    Month {
        year: i32,
        month: u32,
    },
    /// A year after a preposition: `in 1955`.
    Year(i32),
    /// A year in the name of something: `2022 Strategic Concept`. No date, but a hint.
    Named(i32),
    Weekday(Weekday),
}

#[derive(Clone, Debug)]
pub(super) struct Found {
    pub shape: Shape,
    pub span: Span,
    pub tokens: Range<usize>,
    /// The printed weekday of the last day.
    pub weekday: Option<Weekday>,
    /// `today` stands before it.
    pub deictic: bool,
}

/// Every date expression, in order, none overlapping.
pub(super) fn find(tokens: &[Token]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match expression(tokens, at) {
            Some(hit) => {
                at = hit.tokens.end.max(at + 1);
                found.push(hit);
            }
            None => at += 1,
        }
    }
    found
}

fn expression(tokens: &[Token], at: usize) -> Option<Found> {
    let cursor = Cursor { tokens, start: at, at };
    match tokens[at].kind {
        Kind::Figures { year, month, day } => {
            let days = Days { first: (day, month), last: (day, month), first_year: Some(year), year: Some(year), apart: false };
            Some(cursor.stepped(1).found(Shape::Days(days), None))
        }
        Kind::Word(Word::Deictic) => deictic(cursor),
        Kind::Word(Word::Weekday { day, short }) => {
            with_weekday(cursor).or_else(|| (!short).then(|| cursor.stepped(1).found(Shape::Weekday(day), None)))
        }
        Kind::Word(Word::Month { .. }) => month_first(cursor, None).or_else(|| month_and_year(cursor)),
        Kind::Number { digits: 4, .. } => super::bare_year::year(tokens, at),
        Kind::Number { .. } => day_first(cursor),
        _ => None,
    }
}

#[derive(Clone, Copy)]
struct Cursor<'a> {
    tokens: &'a [Token],
    start: usize,
    at: usize,
}

impl Cursor<'_> {
    /// The kind of the next token, as long as it stands in the sentence in which the expression began.
    fn kind(&self) -> Option<Kind> {
        let token = self.tokens.get(self.at)?;
        (token.sentence == self.tokens[self.start].sentence).then_some(token.kind)
    }

    fn stepped(mut self, by: usize) -> Self {
        self.at += by;
        self
    }

    fn skip(mut self, wanted: impl Fn(Kind) -> bool) -> Self {
        if self.kind().is_some_and(wanted) {
            self.at += 1;
        }
        self
    }

    fn found(self, shape: Shape, weekday: Option<Weekday>) -> Found {
        let (start, end) = (self.tokens[self.start].span.start, self.tokens[self.at - 1].span.end);
        Found { shape, span: Span::new(start, end), tokens: self.start..self.at, weekday, deictic: false }
    }

    fn day(self) -> Option<(u32, Self)> {
        match self.kind()? {
            Kind::Number { value, digits: 1 | 2, .. } if (1..=31).contains(&value) => Some((value, self.stepped(1))),
            _ => None,
        }
    }

    /// A month, with the full stop of an abbreviation where the date goes on after it; `September/septembre` is one month.
    fn month(self) -> Option<(u32, bool, Self)> {
        let Some(Kind::Word(Word::Month { number, sure })) = self.kind() else { return None };
        let mut after = self.stepped(1);
        if after.kind() == Some(Kind::Slash)
            && matches!(after.stepped(1).kind(), Some(Kind::Word(Word::Month { number: second, .. })) if second == number)
        {
            after = after.stepped(2);
        }
        let beyond = after.skip(|kind| kind == Kind::Dot);
        let figures = matches!(beyond.kind(), Some(Kind::Number { .. }));
        let goes_on = figures || matches!(beyond.kind(), Some(Kind::Dash | Kind::Comma)) || beyond.kind().is_some_and(through);
        if goes_on && (beyond.year().is_some() || figures && beyond.at > after.at) {
            after = beyond;
        }
        Some((u32::from(number), sure, after))
    }

    /// A year of four figures, after a comma or a stray `of` or dash (`25-May-2017`).
    fn year(self) -> Option<(i32, Self)> {
        let next = self.skip(|kind| matches!(kind, Kind::Comma | Kind::Dot)).skip(|kind| matches!(kind, Kind::Word(Word::Of | Word::De)));
        match next.kind()? {
            Kind::Number { value, digits: 4, ordinal: false } if (1900..2200).contains(&value) => Some((value as i32, next.stepped(1))),
            Kind::Dash if next.tokens.get(next.at).is_some_and(|token| !token.spaced) && next.at == self.at => {
                let after = next.stepped(1);
                match after.kind()? {
                    Kind::Number { value, digits: 4, .. } if (1900..2200).contains(&value) && !after.tokens[after.at].spaced => {
                        Some((value as i32, after.stepped(1)))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// `Thursday`, `Thursday,`, `Thursday the`, with what follows.
    fn weekday(self) -> (Option<Weekday>, Self) {
        match self.kind() {
            Some(Kind::Word(Word::Weekday { day, .. })) => {
                let after = self.stepped(1).skip(|kind| matches!(kind, Kind::Comma | Kind::Dot));
                (Some(day), after.skip(|kind| matches!(kind, Kind::Word(Word::The | Word::Le))))
            }
            _ => (None, self),
        }
    }

    /// What joins two days: a dash of any length, `to`, `and`, `au`, a comma in a list. Doubled words are passed over.
    fn joint(self) -> Option<(Joint, Self)> {
        let joint = match self.kind()? {
            Kind::Dash => Joint::Through,
            kind if through(kind) => Joint::Through,
            Kind::Word(Word::And) | Kind::Slash => Joint::And,
            Kind::Comma => Joint::Comma,
            _ => return None,
        };
        let mut after = self.stepped(1);
        if joint == Joint::Comma && matches!(after.kind(), Some(Kind::Word(Word::And))) {
            after = after.stepped(1);
        }
        Some((joint, after.skip(|kind| through(kind) || matches!(kind, Kind::Word(Word::The | Word::Le)))))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Through,
    And,
    Comma,
}

/// What joins the first day of a range to its last.
fn through(kind: Kind) -> bool {
    matches!(kind, Kind::Word(Word::To | Word::Until | Word::Till))
}

fn deictic(cursor: Cursor<'_>) -> Option<Found> {
    let mut next = cursor.stepped(1).skip(|kind| kind == Kind::Comma).skip(|kind| kind == Kind::Open);
    let opened = matches!(next.tokens[next.at - 1].kind, Kind::Open);
    next = next.skip(|kind| matches!(kind, Kind::Word(Word::On | Word::Le)));
    let mut found = match next.kind()? {
        Kind::Word(Word::Weekday { .. }) => with_weekday(next),
        Kind::Word(Word::Month { .. }) => month_first(next, None),
        Kind::Number { .. } => day_first(next),
        _ => None,
    }?;
    let mut end = Cursor { at: found.tokens.end, ..cursor };
    if opened {
        end = end.skip(|kind| kind == Kind::Close);
    }
    let weekday = found.weekday.take();
    Some(Found { deictic: true, ..end.found(found.shape, weekday) })
}

/// `Friday (25 April 2025)`, `Wednesday, 30 April 2025`, `Thursday, Oct. 12, 2017` (forms B1 to B3).
fn with_weekday(cursor: Cursor<'_>) -> Option<Found> {
    let (day, mut next) = cursor.weekday();
    let opened = next.kind() == Some(Kind::Open);
    next = next.skip(|kind| kind == Kind::Open);
    let inner = Cursor { start: next.at, ..next };
    next.kind()?;
    let found = match inner.kind()? {
        Kind::Word(Word::Month { .. }) => month_first(inner, day),
        Kind::Number { .. } => day_first(inner),
        Kind::Figures { .. } => expression(inner.tokens, inner.at),
        _ => None,
    }?;
    let mut end = Cursor { at: found.tokens.end, ..cursor };
    if opened {
        end = end.skip(|kind| kind == Kind::Close);
    }
    let single = matches!(found.shape, Shape::Days(days) if days.is_single());
    Some(end.found(found.shape, found.weekday.or(day.filter(|_| single))))
}

/// `25 April 2025`, `23-24 April`, `28 February to 2 March 2023`, `9th, 10th and 11th May`, `13 and Friday 14 March`.
fn day_first(cursor: Cursor<'_>) -> Option<Found> {
    let (first, mut next) = cursor.day()?;
    let mut days = vec![first];
    let mut weekday = None;
    // "between 5 and 7 May" and "from 5 and to 7 May" are ranges, whatever joins them.
    let opened = cursor.start.checked_sub(1).and_then(|at| cursor.tokens.get(at)).is_some_and(|token| token.word() == Word::From);
    let mut through = opened;
    let mut joined_by = Joint::Through;
    let month = loop {
        let beyond = next.skip(|kind| matches!(kind, Kind::Dash) && days.len() == 1 && glued_month(next));
        let bare =
            beyond.skip(|kind| matches!(kind, Kind::Word(Word::Of | Word::De | Word::To))).skip(|kind| kind == Kind::Word(Word::The));
        if let Some((month, sure, after)) = bare.month() {
            if !sure && after.year().is_none() && !french_near(bare) {
                return None;
            }
            next = after;
            break month;
        }
        let (joint, after) = next.joint()?;
        let (named, after) = after.weekday();
        let (day, after) = after.day()?;
        through |= joint == Joint::Through;
        joined_by = joint;
        weekday = named;
        days.push(day);
        next = after;
        if days.len() > 7 {
            return None;
        }
    };
    // "12, 25 April": only a list that ends in "and" or a range is a list of days.
    if days.len() > 1 && joined_by == Joint::Comma {
        return None;
    }
    let (year, next) = next.year().map_or((None, next), |(year, after)| (Some(year), after));
    let last = *days.last()?;
    if days.len() == 1
        && let Some(found) = second_month(cursor, next, (first, month), year)
    {
        return Some(found);
    }
    let apart = !through && days.windows(2).any(|pair| pair[1] != pair[0] + 1);
    finish(next, Days { first: (first, month), last: (last, month), first_year: None, year, apart }, weekday)
}

fn glued_month(at_dash: Cursor<'_>) -> bool {
    at_dash.tokens.get(at_dash.at + 1).is_some_and(|token| !token.spaced && matches!(token.word(), Word::Month { .. }))
}

/// `5 mars` is a date although `mars` is small; `10 may be` is none.
fn french_near(at: Cursor<'_>) -> bool {
    matches!(at.kind(), Some(Kind::Word(Word::Month { number: 3 | 5, .. })))
        && at.tokens.get(at.at).is_some_and(|token| token.span.len() == 4 || token.span.len() == 3 && !followed_by_be(at))
}

/// English `may` in small letters is nearly always the verb; French `mai` and `mars` differ from it by their letters, which the
/// vocabulary has folded, so the word after it decides.
fn followed_by_be(at: Cursor<'_>) -> bool {
    matches!(at.stepped(1).kind(), Some(Kind::Word(Word::Be | Word::Have | Word::Other | Word::Participle | Word::No)))
}

/// The second half of a range over two months: `28 February to 2 March 2023`, `24 Apr. 2025 - 25 Apr. 2025`.
fn second_month(cursor: Cursor<'_>, next: Cursor<'_>, first: (u32, u32), first_year: Option<i32>) -> Option<Found> {
    let (joint, after) = next.skip(|kind| kind == Kind::Dot).joint()?;
    let (weekday, after) = after.weekday();
    let (day, after) = after.day()?;
    let (month, _, after) = after.skip(|kind| matches!(kind, Kind::Word(Word::Of | Word::De))).month()?;
    let (year, after) = after.year().map_or((None, after), |(year, after)| (Some(year), after));
    if joint == Joint::Comma || (joint == Joint::And && first_year.is_some()) {
        return None;
    }
    let days = Days { first, last: (day, month), first_year, year: year.or(first_year), apart: joint == Joint::And };
    finish(Cursor { start: cursor.start, ..after }, days, weekday)
}

/// `June 25`, `Oct. 12, 2017`, `May 9th, 10th and 11th, 1955`, `December 1 to 14`, `June 28 - July 2, 2021`.
fn month_first(cursor: Cursor<'_>, weekday: Option<Weekday>) -> Option<Found> {
    let (month, sure, next) = cursor.month()?;
    let next = next.skip(|kind| kind == Kind::Dot).skip(|kind| kind == Kind::Word(Word::The));
    let (first, mut next) = next.day()?;
    let (mut last, mut last_month, mut through, mut apart) = (first, month, false, false);
    for _ in 0..6 {
        if next.year().is_some() {
            break;
        }
        let Some((joint, after)) = next.joint() else { break };
        let (second_month, after) = after.weekday().1.month().map_or((last_month, after), |(number, _, after)| (number, after));
        let Some((day, after)) = after.day() else { break };
        // "June 25, 5 people" and "on May 20 and 30 Allies" are no lists of days.
        if joint == Joint::Comma && !matches!(after.joint(), Some((Joint::And | Joint::Comma, _)))
            || (second_month, day) <= (last_month, last) && second_month == last_month
        {
            break;
        }
        through |= joint == Joint::Through;
        apart |= joint != Joint::Through && (day != last + 1 || second_month != last_month);
        (last, last_month, next) = (day, second_month, after);
    }
    let (year, next) = next.year().map_or((None, next), |(year, after)| (Some(year), after));
    if !sure && year.is_none() {
        return None;
    }
    let days = Days { first: (first, month), last: (last, last_month), first_year: None, year, apart: apart && !through };
    finish(next, days, weekday)
}

fn finish(end: Cursor<'_>, days: Days, weekday: Option<Weekday>) -> Option<Found> {
    let days = Days { first_year: if days.first == days.last { days.year } else { days.first_year }, ..days };
    // 29 February needs a leap year; without a year any will do.
    days.at(days.year.unwrap_or(2024)).or_else(|| days.at(2023).filter(|_| days.year.is_none()))?;
    Some(end.found(Shape::Days(days), weekday))
}

fn month_and_year(cursor: Cursor<'_>) -> Option<Found> {
    let previous = cursor.at.checked_sub(1).and_then(|at| cursor.tokens.get(at));
    // "31 February 2025" is a misprint of which nothing is kept.
    if previous.is_some_and(|token| {
        matches!(token.kind, Kind::Number { digits: 1 | 2, .. }) && token.sentence == cursor.tokens[cursor.at].sentence
    }) {
        return None;
    }
    let (month, _, next) = cursor.month()?;
    let (year, next) = next.year()?;
    Some(next.found(Shape::Month { year, month }, None))
}
