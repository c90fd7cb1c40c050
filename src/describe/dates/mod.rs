//! Dates: finding them in the words of a release, telling what each is about, and deciding when the release was published.
//!
//! A release has three dates that must be kept apart: the day of the event it reports or announces, the day on which it was issued,
//! and the day on which its page was last touched. Only the second is its publication date, and texts seldom print it. So the answer
//! is a statement with its evidence: an exact day where the words give one, bounds where they do not, and the reasoning in sentences.
//!
//! `tokens` reads the text, `find` the date expressions, `tense` the verb that governs each, `cues` the words before it, `reading` their place; `years` supplies
//! missing years, `decide` weighs one release's own words, `order` what stands around it, `bounds` joins the two, `others` gives every
//! remaining date its role. All of it is pure and linear in the text.

mod bare_year;
mod bounds;
mod cues;
mod decide;
mod find;
mod meetings;
mod order;
mod others;
mod reading;
mod say;
mod tense;
#[cfg(test)]
mod tests;
mod tokens;
mod words;
mod years;

use chrono::{NaiveDate, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;

use crate::model::{DocumentOrder, ParsedRelease, PublicationDate, TextDate};

/// What is known about the document in which the releases stand.
#[derive(Clone, Copy, Debug)]
pub struct DateContext<'a> {
    /// Whether the order of the releases is an order in time.
    pub order: DocumentOrder,
    /// IANA name of the zone in which printed clock times are meant.
    pub time_zone: Option<&'a str>,
    /// Nothing in the document was published after this day, as its owner states.
    pub fetched_on: Option<NaiveDate>,
    /// Meetings whose place and days can tell a year that a text does not print.
    pub summits: &'a [Summit],
}

/// A named meeting ("the Summit in The Hague").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summit {
    pub place: String,
    pub start: NaiveDate,
    pub end: NaiveDate,
}

/// The dates of one release.
#[derive(Clone, Debug, PartialEq)]
pub struct Dated {
    pub published: PublicationDate,
    /// The other dates of the text, in its order.
    pub dates: Vec<TextDate>,
    /// The lead announces its event in the future tense.
    pub advisory: bool,
}

/// The dates of a document's releases, one answer for each release, in document order.
///
/// No clock is asked: the same document and context give the same answer on every day.
pub fn date_releases(releases: &[ParsedRelease], context: &DateContext<'_>) -> Vec<Dated> {
    let mut readings: Vec<_> = releases.iter().map(reading::read).collect();
    let stamps = years::resolve(releases, &mut readings, context);
    let mut verdicts: Vec<_> = releases
        .iter()
        .zip(&readings)
        .zip(stamps)
        .map(|((release, reading), stamp)| decide::decide(release, reading, stamp, context))
        .collect();
    order::demote(&mut verdicts, &readings, context);
    let around = order::around(&verdicts, &readings, context);
    let mut dated = Vec::with_capacity(releases.len());
    let (mut above, mut ceiling) = (None, None);
    for (((release, reading), verdict), mut around) in releases.iter().zip(&readings).zip(&verdicts).zip(around) {
        if context.order == DocumentOrder::NewestFirst {
            (around.above, around.ceiling) = (above, ceiling);
        }
        let published = listed(bounds::publish(release, reading, verdict, around, context), release.given.listed_on);
        ceiling = published.sort_on.or(ceiling);
        above = published.sort_on.filter(|_| !verdict.advisory).or(above);
        let dates = others::others(release, reading, verdict, &published);
        dated.push(Dated { published, dates, advisory: verdict.advisory });
    }
    dated
}

/// Listed under the day that another archive found, where the bounds allow it.
fn listed(date: PublicationDate, day: Option<NaiveDate>) -> PublicationDate {
    let allowed = |day: &NaiveDate| date.earliest.is_none_or(|first| first <= *day) && date.latest.is_none_or(|last| *day <= last);
    let sort_on = day.filter(allowed).or(date.sort_on);
    PublicationDate { sort_on, ..date }
}

/// Offset from UTC of a printed clock time, where the document's zone is stated and the hour exists once on that day.
fn offset(day: NaiveDate, time: NaiveTime, context: &DateContext<'_>, reasons: &mut Vec<String>) -> Option<String> {
    let name = context.time_zone?;
    let Ok(zone) = name.parse::<Tz>() else {
        reasons.push(format!("“{name}” is no known time zone, so the offset of the printed time is left open."));
        return None;
    };
    let Some(at) = zone.from_local_datetime(&day.and_time(time)).single() else {
        reasons.push(format!("That clock time does not occur exactly once on this day in {name}, so its offset is left open."));
        return None;
    };
    reasons.push(format!("The time is read as local time in {name}."));
    Some(at.offset().fix().to_string())
}
