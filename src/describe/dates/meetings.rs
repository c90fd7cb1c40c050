//! Named meetings of Heads of State and Government: where a text speaks of one, its days are known.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use chrono::{Datelike, NaiveDate};
use regex::Regex;

use super::Summit;
use super::find::Days;

static AHEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:upcoming|forthcoming|ahead of|in advance of|run-up to|prior to|next|preparations? (?:for|of)|prochaine?|en amont d[eu]|en vue d[eu]|préparation d[eu])\b[^.\n]{0,60}\b(?:summit|sommet)\b[^.\n]{0,30}",
    )
    .ok()
});

/// What every hit of [`AHEAD`] holds; far quicker to look for. The pattern takes a long s (ſ) for an s, so that one is left out here.
static MEETING: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(["ummit", "ommet"]).ok());

/// The first day of a meeting that the text speaks of as lying ahead ("ahead of the 2025 NATO Summit", "the upcoming Summit in The
/// Hague"), where year or place leave only one.
pub(super) fn summit_ahead(text: &str, summits: &[Summit]) -> Option<NaiveDate> {
    if summits.is_empty() || !MEETING.as_ref().is_some_and(|words| words.is_match(text)) {
        return None;
    }
    AHEAD.as_ref()?.find_iter(text).take(8).find_map(|found| {
        let words = found.as_str();
        let in_year = |summit: &&Summit| words.contains(&summit.start.year().to_string());
        let at_place = |summit: &&Summit| names(&summit.place).any(|name| words.contains(name));
        only(summits.iter().filter(in_year).filter(at_place))
            .or_else(|| only(summits.iter().filter(at_place)))
            .or_else(|| only(summits.iter().filter(in_year)))
            .map(|summit| summit.start)
    })
}

pub(super) fn only<'a>(mut summits: impl Iterator<Item = &'a Summit>) -> Option<&'a Summit> {
    let first = summits.next()?;
    summits.next().is_none().then_some(first)
}

/// The place as English and French texts spell it.
pub(super) fn names(place: &str) -> impl Iterator<Item = &str> {
    const FRENCH: &[(&str, &str)] = &[
        ("The Hague", "La Haye"),
        ("Brussels", "Bruxelles"),
        ("London", "Londres"),
        ("Warsaw", "Varsovie"),
        ("Lisbon", "Lisbonne"),
        ("Bucharest", "Bucarest"),
        ("Wales", "Galles"),
    ];
    let plain = place.trim_end_matches(" D.C.").trim();
    std::iter::once(plain).chain(FRENCH.iter().filter(move |(english, _)| *english == plain).map(|(_, french)| *french))
}

/// The meetings whose place the words name; looked for once in each text.
pub(super) fn named_in<'a>(words: &str, summits: &'a [Summit]) -> Vec<&'a Summit> {
    summits.iter().filter(|summit| !summit.place.trim().is_empty() && names(&summit.place).any(|name| words.contains(name))).collect()
}

/// The meetings that were held on those days of some year.
pub(super) fn held_on<'a>(days: Days, summits: &'a [&'a Summit]) -> impl Iterator<Item = &'a Summit> {
    summits.iter().copied().filter(move |summit| {
        let within = |day: (u32, u32)| (day.1, day.0) >= month_day(summit.start) && (day.1, day.0) <= month_day(summit.end);
        within(days.first) && within(days.last)
    })
}

fn month_day(day: NaiveDate) -> (u32, u32) {
    (day.month(), day.day())
}
