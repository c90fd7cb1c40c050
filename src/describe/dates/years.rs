//! The year of a date that prints none (forms B2, H14, H16).
//!
//! Each full date nearby votes for the year that brings the bare day closest to it: dates of the same text, the days of the entries
//! next to it in a newest-first document, full dates elsewhere in the document, named meetings. A printed weekday chooses among the
//! years that have a vote. Without support there is no year: nothing is guessed.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Days as DayCount, NaiveDate, Weekday};

use crate::model::{Basis, DocumentOrder, ParsedRelease, PublicationDate, Stamp, YearFrom};

use super::find::{Days, Shape};
use super::meetings::{held_on, named_in, names, only, summit_ahead};
use super::order::lonely;
use super::reading::{Cue, Mention, Place, Reading};
use super::tense::Tense;
use super::{DateContext, Summit};

/// How a bare day lies to a known one.
#[derive(Clone, Copy, Debug)]
enum Side {
    Near,
    /// On or after it: what a text reports follows what it looks back on.
    After,
    /// On or before it: what a text announces lies ahead.
    Before,
}

#[derive(Clone, Copy, Debug)]
struct Clue {
    day: NaiveDate,
    side: Side,
    weight: f32,
    from: YearFrom,
    /// Something that the text reports further down or beside its news, and may only look back on.
    back: bool,
}

/// A year with where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inferred {
    pub year: i32,
    pub from: YearFrom,
    pub weekday_wrong: bool,
}

/// Votes below this are no support.
const ENOUGH: f32 = 1.0;
/// A date this many days on the wrong side still counts as the same occasion.
const SLACK: u64 = 7;
/// Further back than this (days), a reported day is history to the text.
const FAR: i64 = 100;
/// Share of its vote that it keeps then.
const FROM_FAR: f32 = 0.25;
/// How near to a day the place of a named meeting must stand to be taken with it, in bytes.
const BESIDE: usize = 60;

/// Gives every mention that prints no year its year, where there is support; answers the day of each entry stamp.
pub(super) fn resolve(
    releases: &[ParsedRelease],
    readings: &mut [Reading],
    context: &DateContext<'_>,
) -> Vec<Option<(NaiveDate, YearFrom)>> {
    let mut anchors: Vec<Option<NaiveDate>> =
        releases.iter().zip(readings.iter()).map(|(release, reading)| anchor(release, reading)).collect();
    let ordered = context.order == DocumentOrder::NewestFirst;
    let outliers = lonely(&anchors);
    for (anchor, lonely) in anchors.iter_mut().zip(outliers) {
        *anchor = anchor.filter(|_| lonely.is_none());
    }
    let near = if ordered { neighbours(&anchors) } else { vec![[None; 2]; releases.len()] };
    let mut document = DocumentClues::of(releases, readings, ordered);
    let mut stamps = Vec::with_capacity(releases.len());
    for ((release, reading), near) in releases.iter().zip(readings.iter_mut()).zip(near) {
        let bare = release.stamp.is_some_and(|stamp| stamp.year.is_none()) || reading.mentions.iter().any(|mention| !mention.has_year());
        let meetings = if bare { named_in(&release.text, context.summits) } else { Vec::new() };
        summit_days(release, reading, &meetings);
        let mut clues = if bare { own_clues(release, reading, context) } else { Vec::new() };
        clues.retain(|clue| !clue.back || !outlived(clue.day, &near));
        stamps.push(stamp_day(release, &clues, &meetings, &mut document, context));
        let neighbours: Vec<Clue> = near
            .into_iter()
            .flatten()
            .map(|day| Clue { day, side: Side::Near, weight: 6.0, from: YearFrom::Neighbours, back: false })
            .chain(stamps.last().copied().flatten().map(|(day, _)| Clue {
                day,
                side: Side::Near,
                weight: 8.0,
                from: YearFrom::Document,
                back: false,
            }))
            .collect();
        for mention in &mut reading.mentions {
            let Shape::Days(days @ Days { year: None, .. }) = mention.shape else { continue };
            if mention.days.is_some() {
                continue;
            }
            let document = neighbours.is_empty().then_some(&mut document);
            let all = summit_clues(days, &meetings).chain(clues.iter().chain(&neighbours).copied());
            let limit = context.fetched_on.filter(|_| matches!(mention.tense, Tense::Past | Tense::Present));
            if let Some(inferred) = infer(days, mention.weekday, all, document, limit) {
                settle(mention, days, inferred);
            }
        }
    }
    stamps
}

/// The days of named meetings first: what the text says of them is a clue to its other days.
fn summit_days(release: &ParsedRelease, reading: &mut Reading, summits: &[&Summit]) {
    for mention in &mut reading.mentions {
        let Shape::Days(days @ Days { year: None, .. }) = mention.shape else { continue };
        let text = &release.text;
        let around =
            text.floor_char_boundary(mention.span.start.saturating_sub(BESIDE))..text.ceil_char_boundary(mention.span.end + BESIDE);
        let beside = text.get(around).unwrap_or("");
        // The place beside the day decides; "Brussels" stands in most texts and is the place of many meetings.
        let near = held_on(days, summits).filter(|summit| names(&summit.place).any(|name| beside.contains(name)));
        let meeting = only(near).or_else(|| only(held_on(days, summits)));
        if let Some(clue) = meeting.map(summit_clue)
            && let Some(inferred) =
                infer(days, mention.weekday, std::iter::once(clue), None, None).filter(|inferred| !inferred.weekday_wrong)
        {
            settle(mention, days, inferred);
        }
    }
}

fn settle(mention: &mut Mention, days: Days, inferred: Inferred) {
    mention.days = days.at(inferred.year);
    mention.year_from = Some(inferred.from);
    mention.weekday_wrong = inferred.weekday_wrong;
}

/// The likeliest day of a release among its printed full dates: no decision, only a point in time near it.
fn anchor(release: &ParsedRelease, reading: &Reading) -> Option<NaiveDate> {
    if let Some(value) = &release.given.published_on
        && let Ok(date) = PublicationDate::stated(value, Basis::Field)
        && date.sort_on.is_some()
    {
        return date.sort_on;
    }
    if let Some(day) = release.stamp.as_ref().and_then(printed) {
        return Some(day);
    }
    reading
        .mentions
        .iter()
        .filter(|mention| {
            mention.place <= Place::Lead && mention.cue == Cue::None && !mention.looks_back && matches!(mention.shape, Shape::Days(_))
        })
        .filter_map(|mention| mention.days.map(|(_, last)| (mention.place, last)))
        .min_by_key(|(place, _)| *place)
        .map(|(_, day)| day)
}

/// The day of an entry's header that prints its year.
fn printed(stamp: &Stamp) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(stamp.year?, stamp.month, stamp.day)
}

/// The nearest anchor above and below each release.
fn neighbours(anchors: &[Option<NaiveDate>]) -> Vec<[Option<NaiveDate>; 2]> {
    let mut near = vec![[None; 2]; anchors.len()];
    let mut last = None;
    for (at, anchor) in anchors.iter().enumerate() {
        near[at][0] = last;
        last = anchor.or(last);
    }
    last = None;
    for (at, anchor) in anchors.iter().enumerate().rev() {
        near[at][1] = last;
        last = anchor.or(last);
    }
    near
}

/// Whether the entries next to this one are all more than a year away from a day that its text reports: their own days outweigh it.
fn outlived(day: NaiveDate, near: &[Option<NaiveDate>; 2]) -> bool {
    const YEAR: i64 = 366;
    near.iter().any(Option::is_some) && near.iter().flatten().all(|known| (*known - day).num_days().abs() > YEAR)
}

/// Every full date printed in the document, and the years in names, with their numbers.
struct DocumentClues {
    days: BTreeMap<NaiveDate, usize>,
    named: BTreeMap<i32, usize>,
    memo: HashMap<(u32, u32), Vec<Clue>>,
}

impl DocumentClues {
    fn of(releases: &[ParsedRelease], readings: &[Reading], ordered: bool) -> Self {
        let (mut days, mut named) = (BTreeMap::new(), BTreeMap::new());
        let stamps = releases.iter().filter_map(|release| printed(release.stamp.as_ref()?)).filter(|_| ordered);
        for day in stamps {
            *days.entry(day).or_insert(0) += 1;
        }
        for reading in readings.iter().filter(|_| ordered) {
            for mention in &reading.mentions {
                let looks_back = mention.cue == Cue::Historic || mention.looks_back;
                if let (Shape::Days(Days { year: Some(_), .. }), Some((first, _)), false) = (mention.shape, mention.days, looks_back) {
                    *days.entry(first).or_insert(0) += 1;
                }
            }
            for year in &reading.named {
                *named.entry(*year).or_insert(0) += 1;
            }
        }
        Self { days, named, memo: HashMap::new() }
    }

    /// What the document says of a bare day, worked out once for each day of the year.
    fn clues(&mut self, month: u32, day: u32) -> &[Clue] {
        let Self { days, named, memo } = self;
        memo.entry((month, day)).or_insert_with(|| {
            let mut votes: BTreeMap<i32, f32> = BTreeMap::new();
            for (known, count) in days.iter() {
                let Some(near) = nearest(month, day, *known, Side::Near) else { continue };
                let weight = match (near - *known).num_days().abs() {
                    0..=3 => 6.0,
                    4..=60 => 2.0,
                    _ => 0.4,
                };
                *votes.entry(near.year()).or_insert(0.0) += weight * (1.0 + (*count as f32).ln());
            }
            // A name alone is weak support, and only the latest counts: older ones are looked back on.
            if let Some(year) = named.keys().next_back() {
                *votes.entry(*year).or_insert(0.0) += ENOUGH;
            }
            votes
                .into_iter()
                .filter_map(|(year, weight)| {
                    Some(Clue {
                        day: NaiveDate::from_ymd_opt(year, month, day)?,
                        side: Side::Near,
                        weight,
                        from: YearFrom::Document,
                        back: false,
                    })
                })
                .collect()
        })
    }
}

fn stamp_day(
    release: &ParsedRelease,
    own: &[Clue],
    meetings: &[&Summit],
    document: &mut DocumentClues,
    context: &DateContext<'_>,
) -> Option<(NaiveDate, YearFrom)> {
    let stamp = release.stamp?;
    if stamp.year.is_some() {
        return printed(&stamp).map(|day| (day, YearFrom::Printed));
    }
    let day = (stamp.day, stamp.month);
    let days = Days { first: day, last: day, first_year: None, year: None, apart: false };
    let clues = summit_clues(days, meetings).chain(own.iter().copied());
    let inferred = infer(days, None, clues, Some(document), context.fetched_on)?;
    days.at(inferred.year).map(|(day, _)| (day, inferred.from))
}

/// What the release's own words say.
fn own_clues(release: &ParsedRelease, reading: &Reading, context: &DateContext<'_>) -> Vec<Clue> {
    let mut clues = Vec::new();
    let mut push = |day: NaiveDate, side, weight, back| clues.push(Clue { day, side, weight, from: YearFrom::Document, back });
    let mut latest_year = None;
    for mention in &reading.mentions {
        let Some((first, last)) = mention.days else { continue };
        let top = mention.place <= Place::Lead;
        match (mention.shape, mention.tense) {
            (Shape::Year(year), _) => latest_year = latest_year.max(Some(year)),
            // What was adopted or founded says nothing of the year in which a text speaks of it.
            (_, _) if mention.place == Place::Updated || mention.cue == Cue::Historic || mention.looks_back => {}
            (Shape::Days(_), _) if mention.cue == Cue::Deadline => push(first, Side::Before, 2.5, false),
            (Shape::Days(_), tense) if top => {
                let aside = mention.place == Place::Lead && !mention.first_sentence;
                push(last, Side::Near, 8.0, aside && !matches!(tense, Tense::Future | Tense::Timetable));
            }
            (Shape::Days(_), Tense::Future | Tense::Timetable) => push(first, Side::Before, 2.5, false),
            (Shape::Days(_), _) => push(last, Side::After, 2.0, true),
            (Shape::Month { .. }, Tense::Future | Tense::Timetable) => push(last, Side::Before, 1.5, false),
            (Shape::Month { .. }, _) => push(first, Side::After, 1.5, true),
            _ => {}
        }
    }
    let year_day = |year: i32| NaiveDate::from_ymd_opt(year, 7, 2);
    if let Some(day) = reading.number.and_then(|(year, _)| year_day(year)) {
        push(day, Side::Near, 8.0, false);
    }
    // Only the latest year counts: the others are looked back on. Plans may lie beyond the day of fetching.
    let known = |year: &i32| context.fetched_on.is_none_or(|fetched| *year <= fetched.year());
    if let Some(day) = reading.named.iter().copied().filter(known).max().and_then(year_day) {
        push(day, Side::Near, ENOUGH, false);
    }
    if let Some(day) = latest_year.filter(known).and_then(year_day) {
        push(day, Side::Near, 0.4, false);
    }
    if let Some(day) = summit_ahead(&release.text, context.summits) {
        push(day, Side::Before, 3.0, false);
    }
    clues
}

fn summit_clues<'a>(days: Days, summits: &'a [&'a Summit]) -> impl Iterator<Item = Clue> + 'a {
    held_on(days, summits).map(summit_clue)
}

fn summit_clue(summit: &Summit) -> Clue {
    Clue { day: summit.start, side: Side::Near, weight: 4.0, from: YearFrom::Document, back: false }
}

/// Counts the votes and checks the weekday.
fn infer(
    days: Days,
    weekday: Option<Weekday>,
    clues: impl Iterator<Item = Clue>,
    document: Option<&mut DocumentClues>,
    limit: Option<NaiveDate>,
) -> Option<Inferred> {
    let (day, month) = days.last;
    let mut votes: Vec<(i32, f32, Clue)> = Vec::new();
    let from_document: &[Clue] = document.map_or(&[], |document| document.clues(month, day));
    for clue in clues.chain(from_document.iter().copied()) {
        let Some((candidate, weight)) = voted((day, month), clue) else { continue };
        let clue = Clue { weight, ..clue };
        let late = limit.and_then(|limit| limit.checked_add_days(DayCount::new(1))).is_some_and(|limit| candidate > limit);
        if late || days.at(candidate.year()).is_none() {
            continue;
        }
        match votes.iter_mut().find(|(year, ..)| *year == candidate.year()) {
            Some((_, sum, strongest)) => {
                *sum += clue.weight;
                if clue.weight > strongest.weight {
                    *strongest = clue;
                }
            }
            None => votes.push((candidate.year(), clue.weight, clue)),
        }
    }
    let fits = |year: i32| weekday.is_some_and(|weekday| days.at(year).is_some_and(|(_, last)| last.weekday() == weekday));
    let best = |wanted: &dyn Fn(i32) -> bool| {
        let supported = votes.iter().filter(|(year, weight, _)| *weight >= ENOUGH && wanted(*year));
        supported.max_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0))).map(|(year, _, clue)| (*year, clue.from))
    };
    // A year that fits the weekday wins, unless the support for another is overwhelming: then the weekday is misprinted.
    let most = votes.iter().map(|(_, weight, _)| *weight).fold(0.0, f32::max);
    let weighty = |year: i32| votes.iter().any(|(voted, weight, _)| *voted == year && *weight * 4.0 >= most);
    if let Some((year, _)) = best(&|year| fits(year) && weighty(year)) {
        return Some(Inferred { year, from: YearFrom::Weekday, weekday_wrong: false });
    }
    best(&|_| true).map(|(year, from)| Inferred { year, from, weekday_wrong: weekday.is_some() })
}

/// The day that a clue votes for, and with what weight. A day that is looked back on from far away is history: what the text reports came
/// after it, and it is no sign of the year by itself.
fn voted((day, month): (u32, u32), clue: Clue) -> Option<(NaiveDate, f32)> {
    let candidate = nearest(month, day, clue.day, clue.side)?;
    if clue.back && (candidate - clue.day).num_days().abs() > FAR {
        return Some((nearest(month, day, clue.day, Side::After)?, clue.weight * FROM_FAR));
    }
    Some((candidate, clue.weight))
}

/// The day and month in the year that lies best to `known`.
fn nearest(month: u32, day: u32, known: NaiveDate, side: Side) -> Option<NaiveDate> {
    let slack = DayCount::new(SLACK);
    let earliest = known.checked_sub_days(slack)?;
    let latest = known.checked_add_days(slack)?;
    // 29 February comes every fourth year, and once in eight around 1900 and 2100.
    let reach = if (month, day) == (2, 29) { 8 } else { 1 };
    (known.year() - reach..=known.year() + reach)
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .filter(|candidate| match side {
            Side::Near => true,
            Side::After => *candidate >= earliest,
            Side::Before => *candidate <= latest,
        })
        .min_by_key(|candidate| (*candidate - known).num_days().abs())
}
