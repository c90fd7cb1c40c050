//! The publication date of a release: its own words, bounded by what stands around it, or a likely day where it stays open.

use chrono::{Days as DayCount, NaiveDate};

use crate::model::date::long_day;
use crate::model::{Basis, ParsedRelease, Precision, PublicationDate, YearFrom};

use super::DateContext;
use super::decide::{Outcome, Verdict, edtf_day, is_ahead, stated_day};
use super::order::{Around, later};
use super::reading::{Cue, Reading};

/// A bound with where it comes from.
#[derive(Clone, Copy)]
struct Bound {
    day: NaiveDate,
    by: By,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Words,
    Order,
    Owner,
}

/// The publication date of one release.
pub(super) fn publish(
    release: &ParsedRelease,
    reading: &Reading,
    verdict: &Verdict,
    around: Around,
    context: &DateContext<'_>,
) -> PublicationDate {
    let mut date = PublicationDate {
        time: verdict.time,
        basis: verdict.basis,
        year_from: verdict.year_from,
        evidence: verdict.evidence.clone(),
        reasons: verdict.reasons.clone(),
        ..PublicationDate::unknown()
    };
    match &verdict.outcome {
        Outcome::Given(given) => date = given.clone(),
        Outcome::Day(day) => stated(&mut date, *day, context),
        Outcome::Range(_, last) => range(&mut date, verdict, *last, around, context),
        Outcome::Announced(day) => announced(&mut date, verdict, *day, around, context, release, reading),
        Outcome::Period(edtf) => period(&mut date, edtf, around, context),
        Outcome::Open => open(&mut date, verdict, around, context, release, reading),
    }
    if let Some((day, _)) = stated_day(verdict) {
        disagreement(&mut date, day, around);
    }
    date
}

fn stated(date: &mut PublicationDate, day: NaiveDate, context: &DateContext<'_>) {
    (date.earliest, date.latest, date.sort_on) = (Some(day), Some(day), Some(day));
    date.precision = Precision::Day;
    date.edtf = Some(edtf_day(day));
    if let Some(time) = date.time {
        date.precision = Precision::Minute;
        date.offset = super::offset(day, time, context, &mut date.reasons);
        let offset = date.offset.as_deref().unwrap_or("");
        date.edtf = Some(format!("{}T{}{offset}", edtf_day(day), time.format("%H:%M:%S")));
    }
}

/// A stated day that the order contradicts is kept, and the reader is told.
fn disagreement(date: &mut PublicationDate, day: NaiveDate, around: Around) {
    if let Some(lower) = around.lower.filter(|lower| *lower > day) {
        date.reasons.push(format!(
            "It stands above an item of {} in a newest-first document, which does not fit; the stated day is kept.",
            long_day(lower)
        ));
    }
    if let Some(upper) = around.upper.filter(|upper| *upper < day) {
        date.reasons.push(format!(
            "It stands below an announcement for {} in a newest-first document, which does not fit; the stated day is kept.",
            long_day(upper)
        ));
    }
}

fn range(date: &mut PublicationDate, verdict: &Verdict, last: NaiveDate, around: Around, context: &DateContext<'_>) {
    let own = later(Some(last), verdict.past.map(|(day, _)| day));
    let (lower, upper) = meet(date, own, None, around, context);
    let Outcome::Range(first, _) = verdict.outcome else { return };
    match lower {
        Some(bound) if bound.day > last => {
            if bound.by == By::Order {
                date.basis = Basis::Order;
            }
            bounded(date, lower, upper, Some(bound.day));
        }
        _ => {
            date.precision = Precision::Range;
            date.edtf = Some(format!("{}/{}", edtf_day(first), edtf_day(last)));
            (date.earliest, date.latest, date.sort_on) = (Some(last), upper.map(|bound| bound.day), Some(last));
        }
    }
}

fn announced(
    date: &mut PublicationDate,
    verdict: &Verdict,
    day: NaiveDate,
    around: Around,
    context: &DateContext<'_>,
    release: &ParsedRelease,
    reading: &Reading,
) {
    let past = verdict.past.filter(|(past, _)| *past <= day);
    let (lower, upper) = meet(date, past.map(|(past, _)| past), Some(day), around, context);
    cite_bound(date, lower, past, release, reading);
    let latest = upper.map_or(day, |bound| bound.day.min(day));
    if upper.is_some_and(|bound| bound.by == By::Order && bound.day < day) {
        date.basis = Basis::Order;
    }
    let sort = likely(date, lower, Some(latest), around, latest < day).filter(|likely| *likely < latest || latest < day).unwrap_or(latest);
    bounded(date, lower, upper, Some(capped(sort, lower, around)));
}

fn period(date: &mut PublicationDate, edtf: &str, around: Around, context: &DateContext<'_>) {
    let Ok(stated) = PublicationDate::stated(edtf, date.basis) else { return };
    let (lower, upper) = meet(date, stated.earliest, stated.latest, around, context);
    let narrowed = [lower, upper].into_iter().flatten().any(|bound| bound.by == By::Order);
    if narrowed {
        date.basis = Basis::Order;
        let sort = likely(date, lower, upper.map(|bound| bound.day), around, true).or(lower.map(|bound| bound.day));
        return bounded(date, lower, upper, sort);
    }
    (date.edtf, date.precision) = (stated.edtf, stated.precision);
    (date.earliest, date.latest, date.sort_on) = (stated.earliest, stated.latest, stated.sort_on);
}

fn open(
    date: &mut PublicationDate,
    verdict: &Verdict,
    around: Around,
    context: &DateContext<'_>,
    release: &ParsedRelease,
    reading: &Reading,
) {
    // A day long before what the text also looks back on is history and nothing to be listed by.
    let history = |day: NaiveDate| {
        verdict.past_month.is_some_and(|(later, _)| day.checked_add_days(DayCount::new(31)).is_some_and(|limit| later > limit))
    };
    let past = verdict.past.filter(|(day, _)| !history(*day));
    let own = past.or(verdict.past_month);
    let ahead = verdict.ahead.filter(|(day, _)| own.is_none_or(|(past, _)| past <= *day));
    let (lower, upper) = meet(date, own.map(|(day, _)| day), ahead.map(|(day, _)| day), around, context);
    cite_bound(date, lower, own, release, reading);
    cite_bound(date, upper, ahead, release, reading);
    let by = |wanted: By| [lower, upper].into_iter().flatten().any(|bound| bound.by == wanted);
    date.basis = if by(By::Order) {
        Basis::Order
    } else if by(By::Words) {
        Basis::Lead
    } else if by(By::Owner) {
        Basis::Owner
    } else {
        Basis::None
    };
    let likely = likely(date, lower, upper.map(|bound| bound.day), around, true);
    // A month that is looked back on says too little to be listed by.
    let dated = lower.filter(|bound| bound.by == By::Order || past.is_some_and(|(day, _)| day == bound.day));
    // Nor does a day ahead of which the text was written: it may have been written long before.
    let sort = likely.or(dated.map(|bound| bound.day));
    if lower.is_none() && upper.is_none() {
        date.sort_on = sort;
        date.year_from = None;
        date.reasons.push("No words of the text tell the day of publication.".into());
        return;
    }
    bounded(date, lower, upper, sort);
}

/// The words behind a bound that the release's own text gives.
fn cite_bound(
    date: &mut PublicationDate,
    bound: Option<Bound>,
    own: Option<(NaiveDate, usize)>,
    release: &ParsedRelease,
    reading: &Reading,
) {
    let Some((day, at)) = own else { return };
    if bound.is_none_or(|bound| bound.by != By::Words || bound.day != day) {
        return;
    }
    let Some(mention) = reading.mentions.get(at) else { return };
    let words = mention.evidence(&release.text);
    if date.evidence.contains(&words) {
        return;
    }
    let side = match (mention.cue, is_ahead(mention)) {
        (Cue::Deadline, _) => "sets this as a deadline, so it was published on or before",
        (Cue::Till, _) => "says that something lasts until then, so it was published on or before",
        (_, true) => "speaks of this as still to come, so it was published on or before",
        (_, false) => "looks back on this, so it was published on or after",
    };
    date.reasons.push(super::say::says(&release.text, mention));
    date.reasons.extend(super::say::checks(&release.text, mention));
    date.reasons.push(format!("The text {side} {}.", long_day(day)));
    date.evidence.push(words);
    date.year_from = date.year_from.or(mention.year_from);
}

/// The closest bounds, with the order's part told. Where they exclude each other the weaker is dropped: the order before the text's own
/// words, and those before what the owner states.
fn meet(
    date: &mut PublicationDate,
    own_lower: Option<NaiveDate>,
    own_upper: Option<NaiveDate>,
    around: Around,
    context: &DateContext<'_>,
) -> (Option<Bound>, Option<Bound>) {
    let bound = |day: Option<NaiveDate>, by: By| day.map(|day| Bound { day, by });
    let mut lowers = [bound(own_lower, By::Words), bound(around.lower, By::Order)];
    let mut uppers = [bound(own_upper, By::Words), bound(around.upper, By::Order), bound(context.fetched_on, By::Owner)];
    // Ties go to the release's own words, which stand first.
    let pick = |lowers: &[Option<Bound>; 2], uppers: &[Option<Bound>; 3]| {
        let lower = lowers.iter().flatten().copied().reduce(|best, next| if next.day > best.day { next } else { best });
        let upper = uppers.iter().flatten().copied().reduce(|best, next| if next.day < best.day { next } else { best });
        (lower, upper)
    };
    let crossed = |(lower, upper): (Option<Bound>, Option<Bound>)| lower.zip(upper).filter(|(lower, upper)| lower.day > upper.day);
    for _ in 0..3 {
        let Some((lower, upper)) = crossed(pick(&lowers, &uppers)) else { break };
        let weak = if upper.by == By::Order {
            uppers[1].take()
        } else if lower.by == By::Order {
            lowers[1].take()
        } else if upper.by == By::Words {
            uppers[0].take()
        } else {
            lowers[0].take()
        };
        if let Some(weak) = weak {
            date.reasons.push(format!("A bound of {} contradicts stronger evidence and is left out.", long_day(weak.day)));
        }
    }
    let (lower, upper) = pick(&lowers, &uppers);
    if let Some(bound) = lower.filter(|bound| bound.by == By::Order) {
        date.reasons.push(format!(
            "In this newest-first document it stands above an item of {}, so it was published on or after that day.",
            long_day(bound.day)
        ));
    }
    if let Some(bound) = upper.filter(|bound| bound.by == By::Order) {
        date.reasons.push(format!(
            "In this newest-first document it stands below an item that announces {}, so it was published on or before that day.",
            long_day(bound.day)
        ));
    }
    if let Some(bound) = upper.filter(|bound| bound.by == By::Owner) {
        date.reasons.push(format!("The document was fetched on {}, so nothing in it was published later.", long_day(bound.day)));
    }
    (lower, upper)
}

/// The day of the nearest entry above, else below, moved between the bounds.
fn likely(
    date: &mut PublicationDate,
    lower: Option<Bound>,
    upper: Option<NaiveDate>,
    around: Around,
    below_too: bool,
) -> Option<NaiveDate> {
    let (neighbour, side) = match (around.above, around.below, around.ceiling) {
        (Some(day), ..) => (day, "above"),
        (None, Some(day), _) if below_too => (day, "below"),
        (None, None, Some(day)) if below_too => (day, "above"),
        _ => return None,
    };
    let mut day = lower.map_or(neighbour, |bound| neighbour.max(bound.day));
    day = capped(upper.map_or(day, |upper| day.min(upper)), lower, around);
    if upper.is_none_or(|upper| day < upper) || below_too {
        date.reasons.push(format!(
            "The nearest dated item {side} is listed on {}, so {} is the likely day; that is no proof.",
            long_day(neighbour),
            long_day(day)
        ));
    }
    Some(day)
}

/// In a newest-first document nothing is listed later than the entry just above it, unless its own lower bound says so.
fn capped(day: NaiveDate, lower: Option<Bound>, around: Around) -> NaiveDate {
    let day = around.ceiling.map_or(day, |ceiling| day.min(ceiling));
    lower.map_or(day, |bound| day.max(bound.day))
}

/// One unknown day between two bounds; bounds that meet leave one day.
fn bounded(date: &mut PublicationDate, lower: Option<Bound>, upper: Option<Bound>, sort: Option<NaiveDate>) {
    let (earliest, latest) = (lower.map(|bound| bound.day), upper.map(|bound| bound.day));
    (date.earliest, date.latest, date.sort_on) = (earliest, latest, sort);
    date.precision = Precision::Bounded;
    date.edtf = match (earliest, latest) {
        (Some(lower), Some(upper)) if lower == upper => {
            date.precision = Precision::Day;
            date.reasons.push("Both bounds are the same day.".into());
            Some(edtf_day(lower))
        }
        (Some(lower), Some(upper)) => Some(format!("[{}..{}]", edtf_day(lower), edtf_day(upper))),
        (Some(lower), None) => Some(format!("[{}..]", edtf_day(lower))),
        (None, Some(upper)) => Some(format!("[..{}]", edtf_day(upper))),
        (None, None) => None,
    };
    if date.year_from.is_none() && [lower, upper].into_iter().flatten().any(|bound| bound.by == By::Order) {
        date.year_from = Some(YearFrom::Neighbours);
    }
}
