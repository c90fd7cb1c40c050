//! The other dates of a text, each with its role.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days as DayCount, NaiveDate, Weekday};

use crate::model::{DateRole, ParsedRelease, Precision, PublicationDate, TextDate};

use super::decide::{Verdict, edtf_day, is_ahead};
use super::find::{Days, Shape};
use super::reading::{Cue, Mention, Place, Reading};
use super::tense::Tense;

/// Days around the publication within which a reported day is the event itself and not its background.
const LEAD_DAYS: u64 = 31;
const BODY_DAYS: u64 = 7;

/// Every date of the text but the words that state its publication day.
pub(super) fn others(release: &ParsedRelease, reading: &Reading, verdict: &Verdict, published: &PublicationDate) -> Vec<TextDate> {
    let used =
        |at: usize| verdict.used.contains(&at) && matches!(published.precision, Precision::Day | Precision::Minute | Precision::Month);
    let mut dates: Vec<TextDate> = reading
        .mentions
        .iter()
        .enumerate()
        .filter(|(at, _)| !used(*at))
        .filter_map(|(at, mention)| {
            let (edtf, days) = value(mention, published)?;
            let role = role(mention, days, verdict.announced == Some(at) && verdict.advisory, published);
            Some(TextDate { edtf, role, evidence: mention.evidence(&release.text) })
        })
        .collect();
    dates.sort_by_key(|date| date.evidence.start);
    dates
}

/// EDTF and, where the year is known, first and last day.
fn value(mention: &Mention, published: &PublicationDate) -> Option<(String, Option<(NaiveDate, NaiveDate)>)> {
    match mention.shape {
        Shape::Month { year, month } => Some((format!("{year:04}-{month:02}"), mention.days)),
        Shape::Year(year) => Some((format!("{year:04}"), mention.days)),
        Shape::Weekday(day) => {
            let found = bare_weekday(day, mention, published)?;
            Some((edtf_day(found), Some((found, found))))
        }
        Shape::Days(days) => match mention.days.or_else(|| close_to(days, mention, published)) {
            Some((first, last)) => Some((edtf_days(days, first, last), Some((first, last)))),
            None => Some((yearless(days), None)),
        },
        Shape::Named(_) => None,
    }
}

fn edtf_days(days: Days, first: NaiveDate, last: NaiveDate) -> String {
    match (first == last, days.apart) {
        (true, _) => edtf_day(first),
        (false, true) => format!("{{{},{}}}", edtf_day(first), edtf_day(last)),
        (false, false) => format!("{}/{}", edtf_day(first), edtf_day(last)),
    }
}

/// A day whose year nothing tells.
fn yearless(days: Days) -> String {
    let day = |(day, month): (u32, u32)| format!("XXXX-{month:02}-{day:02}");
    if days.first == days.last { day(days.first) } else { format!("{}/{}", day(days.first), day(days.last)) }
}

/// A bare day in the year that brings it closest to the publication, on the side that its tense asks for.
fn close_to(days: Days, mention: &Mention, published: &PublicationDate) -> Option<(NaiveDate, NaiveDate)> {
    let known = published.sort_on?;
    let within = |(first, last): &(NaiveDate, NaiveDate)| match mention.tense {
        Tense::Future | Tense::Timetable => *last >= known,
        Tense::Past => *first <= known,
        _ => true,
    };
    let years: RangeInclusive<i32> = known.year() - 1..=known.year() + 1;
    years.filter_map(|year| days.at(year)).filter(within).min_by_key(|(_, last)| (*last - known).num_days().abs())
}

/// A weekday without a date, seen from a stated day: the last such day before it in the past tense, the next one after it in the
/// future tense (form B8: "On Thursday morning" in a text of Friday 25 April is 24 April).
fn bare_weekday(day: Weekday, mention: &Mention, published: &PublicationDate) -> Option<NaiveDate> {
    let known = published.sort_on.filter(|_| matches!(published.precision, Precision::Day | Precision::Minute))?;
    if mention.place == Place::Title {
        return None;
    }
    let back = (7 + known.weekday().num_days_from_monday() - day.num_days_from_monday()) % 7;
    match mention.tense {
        Tense::Past => known.checked_sub_days(DayCount::new(back.into())),
        Tense::Future => known.checked_add_days(DayCount::new(((7 - back) % 7).into())),
        _ => None,
    }
}

fn role(mention: &Mention, days: Option<(NaiveDate, NaiveDate)>, announced: bool, published: &PublicationDate) -> DateRole {
    if mention.place == Place::Updated {
        return DateRole::Updated;
    }
    if mention.cue == Cue::Deadline && !matches!(mention.shape, Shape::Month { .. } | Shape::Year(_)) {
        return DateRole::Deadline;
    }
    if announced {
        return DateRole::Event;
    }
    let known = published.sort_on;
    let exact = matches!(published.precision, Precision::Day | Precision::Minute);
    let Some((first, last)) = days else {
        return match (is_ahead(mention), mention.place <= Place::Title && mention.cue == Cue::None) {
            (true, _) => DateRole::Future,
            (false, true) => DateRole::Event,
            (false, false) => DateRole::Background,
        };
    };
    // What lies after the last possible day of publication lies ahead, whatever the tense; what lies before a stated day does not.
    let after = published.latest.is_some_and(|latest| first > latest) || exact && known.is_some_and(|known| first > known);
    let before = exact && known.is_some_and(|known| last <= known);
    if after || is_ahead(mention) && !before {
        return DateRole::Future;
    }
    let whole_days = matches!(mention.shape, Shape::Days(_) | Shape::Weekday(_));
    if mention.cue == Cue::Historic || !whole_days {
        return DateRole::Background;
    }
    let reach = if mention.place <= Place::Title { LEAD_DAYS } else { BODY_DAYS };
    let near = known.and_then(|known| known.checked_sub_days(DayCount::new(reach))).is_some_and(|from| last >= from);
    if near { DateRole::Event } else { DateRole::Background }
}
