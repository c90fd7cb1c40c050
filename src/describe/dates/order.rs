//! What the order of a newest-first document says of each of its entries.
//!
//! In such a document publication never goes up from one entry to the next. So an entry was published on or after every day that it or
//! anything below it reports, and on or before every day that it or anything above it announces. A neighbour's own day is only a lower
//! bound of that neighbour's publication; it can make a day likely, but bounds nothing.

use std::cmp::Ordering;

use chrono::{Days as DayCount, NaiveDate};

use crate::model::{Basis, DocumentOrder, PublicationDate};

use super::DateContext;
use super::decide::{Outcome, Verdict, in_lead, is_ahead, stated_day};
use super::reading::Reading;

/// What the other entries of the document say about one of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    /// The latest day reported below it.
    pub lower: Option<NaiveDate>,
    /// The earliest day announced above it.
    pub upper: Option<NaiveDate>,
    /// The nearest stated day below.
    pub below: Option<NaiveDate>,
    /// The day by which the nearest entry above is listed that announces nothing, and by which the entry just above is listed.
    pub above: Option<NaiveDate>,
    pub ceiling: Option<NaiveDate>,
}

/// One pass down and one pass up.
pub(super) fn around(verdicts: &[Verdict], readings: &[Reading], context: &DateContext<'_>) -> Vec<Around> {
    let mut all = vec![Around::default(); verdicts.len()];
    if context.order != DocumentOrder::NewestFirst {
        return all;
    }
    let mut announced = None;
    for (at, (verdict, reading)) in verdicts.iter().zip(readings).enumerate() {
        all[at].upper = announced;
        announced = earlier(announced, announces(verdict, reading));
    }
    let (mut reported, mut below) = (None, None);
    for (at, verdict) in verdicts.iter().enumerate().rev() {
        (all[at].lower, all[at].below) = (reported, below);
        let day = reports(verdict).filter(|day| context.fetched_on.is_none_or(|fetched| *day <= fetched));
        reported = match stated_day(verdict) {
            // A true day of publication overrules what lies below it: there the document is not in order.
            Some((day, true)) if reported.is_some_and(|reported| follows(reported, day)) => Some(day),
            _ => later(reported, day),
        };
        below = stated_day(verdict).map(|(day, _)| day).or(below);
    }
    all
}

/// In a newest-first document, a lead's day that lies more than a year before those of the entries next to it, which agree with each
/// other, is something the text looks back on.
pub(super) fn demote(verdicts: &mut [Verdict], readings: &[Reading], context: &DateContext<'_>) {
    if context.order != DocumentOrder::NewestFirst {
        return;
    }
    let points: Vec<Option<NaiveDate>> = verdicts.iter().map(point).collect();
    for ((verdict, reading), lonely) in verdicts.iter_mut().zip(readings).zip(lonely(&points)) {
        if !matches!((&verdict.outcome, verdict.basis), (Outcome::Day(_), Basis::Lead)) || lonely != Some(Ordering::Less) {
            continue;
        }
        // A printed weekday, or "today", speaks against history.
        let firm =
            verdict.used.iter().filter_map(|at| reading.mentions.get(*at)).any(|mention| mention.weekday.is_some() || mention.deictic);
        if !firm {
            verdict.reasons.push("The items around it in the document are more than a year later, so this day is history.".into());
            verdict.evidence.clear();
            verdict.used.clear();
            (verdict.outcome, verdict.basis, verdict.year_from) = (Outcome::Open, Basis::None, None);
        }
    }
}

fn point(verdict: &Verdict) -> Option<NaiveDate> {
    match verdict.outcome {
        Outcome::Announced(day) | Outcome::Range(_, day) => Some(day),
        _ => stated_day(verdict).map(|(day, _)| day),
    }
}

/// Which of the known days lie more than a year off the two nearest known ones, although those agree: before them or after them.
pub(super) fn lonely(points: &[Option<NaiveDate>]) -> Vec<Option<Ordering>> {
    const YEAR: i64 = 366;
    let known: Vec<(usize, NaiveDate)> = points.iter().enumerate().filter_map(|(at, day)| day.map(|day| (at, day))).collect();
    let mut found = vec![None; points.len()];
    for (place, (at, day)) in known.iter().enumerate() {
        let pair = match place {
            0 => (1, 2),
            _ if place + 1 == known.len() => (place.wrapping_sub(2), place - 1),
            _ => (place - 1, place + 1),
        };
        let (Some((_, one)), Some((_, other))) = (known.get(pair.0), known.get(pair.1)) else { continue };
        let apart = |a: NaiveDate, b: NaiveDate| (a - b).num_days();
        if apart(*one, *other).abs() > YEAR {
            continue;
        }
        if apart(*one.min(other), *day) > YEAR {
            found[*at] = Some(Ordering::Less);
        } else if apart(*day, *one.max(other)) > YEAR {
            found[*at] = Some(Ordering::Greater);
        }
    }
    found
}

/// More than one day later: a day's difference comes from time zones and evening events.
fn follows(day: NaiveDate, other: NaiveDate) -> bool {
    other.checked_add_days(DayCount::new(1)).is_some_and(|limit| day > limit)
}

fn earlier(a: Option<NaiveDate>, b: Option<NaiveDate>) -> Option<NaiveDate> {
    a.into_iter().chain(b).min()
}

pub(super) fn later(a: Option<NaiveDate>, b: Option<NaiveDate>) -> Option<NaiveDate> {
    a.into_iter().chain(b).max()
}

/// The day before which everything below was published.
fn announces(verdict: &Verdict, reading: &Reading) -> Option<NaiveDate> {
    match verdict.outcome {
        Outcome::Announced(day) => Some(day),
        _ => verdict
            .ahead
            .filter(|(_, at)| verdict.advisory && reading.mentions.get(*at).is_some_and(|it| in_lead(it) && is_ahead(it)))
            .map(|(day, _)| day),
    }
}

/// The day on or after which everything above was published.
fn reports(verdict: &Verdict) -> Option<NaiveDate> {
    match &verdict.outcome {
        Outcome::Day(day) => Some(*day),
        Outcome::Given(date) => date.earliest,
        Outcome::Range(_, last) => later(Some(*last), verdict.past.map(|(day, _)| day)),
        Outcome::Announced(day) => verdict.past.map(|(past, _)| past).filter(|past| past <= day),
        Outcome::Period(edtf) => PublicationDate::stated(edtf, Basis::Stamp).ok().and_then(|date| date.earliest),
        Outcome::Open => verdict.past.map(|(day, _)| day),
    }
}
