//! What a release's own words say of its publication, before its neighbours are asked.
//!
//! "Issued on" beats the entry's header, that beats a dateline of a single day, that beats the first sentences in the past or present
//! tense. A first sentence in the future tense announces: published on or before its day. A range alone: on or after its last day.

use chrono::{Datelike, Days as DayCount, NaiveDate, NaiveTime};

use crate::model::date::long_day;
use crate::model::{Basis, Evidence, ParsedRelease, Precision, PublicationDate, YearFrom};

use super::DateContext;
use super::find::Shape;
use super::reading::{Cue, Mention, Place, Reading};
use super::say;
use super::tense::Tense;

#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// Stated by a structured source.
    Given(PublicationDate),
    Day(NaiveDate),
    Range(NaiveDate, NaiveDate),
    /// Announced for that day: published on or before it.
    Announced(NaiveDate),
    /// A month or a year, as EDTF.
    Period(String),
    Open,
}

/// A release's own words, weighed.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub outcome: Outcome,
    pub basis: Basis,
    pub year_from: Option<YearFrom>,
    pub time: Option<NaiveTime>,
    pub evidence: Vec<Evidence>,
    pub reasons: Vec<String>,
    /// The mentions that state the publication day itself.
    pub used: Vec<usize>,
    /// The mention that announces the event of an advisory.
    pub announced: Option<usize>,
    /// The latest day that the text reports as past, with its mention: published on or after it.
    pub past: Option<(NaiveDate, usize)>,
    /// The first day of the latest month or year that the text looks back on; too weak to sort by.
    pub past_month: Option<(NaiveDate, usize)>,
    /// The earliest day that the text announces anywhere.
    pub ahead: Option<(NaiveDate, usize)>,
    pub advisory: bool,
}

/// Nothing that NATO published is older than its treaty.
const FIRST_DAY: (i32, u32, u32) = (1949, 4, 4);

pub(super) fn decide(
    release: &ParsedRelease,
    reading: &Reading,
    stamp: Option<(NaiveDate, YearFrom)>,
    context: &DateContext<'_>,
) -> Verdict {
    let judge = Judge { release, reading, fetched_on: context.fetched_on };
    let mut verdict = Verdict {
        outcome: Outcome::Open,
        basis: Basis::None,
        year_from: None,
        time: None,
        evidence: Vec::new(),
        reasons: Vec::new(),
        used: Vec::new(),
        announced: None,
        past: judge.past(|mention| matches!(mention.shape, Shape::Days(_)) && mention.cue == Cue::None),
        past_month: judge.past(|mention| matches!(mention.shape, Shape::Month { .. } | Shape::Year(_)) && mention.cue == Cue::None),
        ahead: judge.ahead(),
        advisory: judge.advisory(),
    };
    // A year that is looked back on bounds nothing by itself; it only shows that an older day is history.
    if verdict.past.is_none() {
        verdict.past_month = judge.past(|mention| match mention.shape {
            Shape::Month { .. } => mention.cue == Cue::None,
            Shape::Days(_) => mention.cue == Cue::Historic,
            _ => false,
        });
    }
    if !(judge.given(&mut verdict) || judge.stamp(stamp, &mut verdict)) {
        let _ = judge.header(&mut verdict) || judge.lead(&mut verdict) || judge.title(&mut verdict) || judge.number(&mut verdict);
    }
    verdict
}

struct Judge<'a> {
    release: &'a ParsedRelease,
    reading: &'a Reading,
    fetched_on: Option<NaiveDate>,
}

impl<'a> Judge<'a> {
    fn mentions(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Mention)> + use<'a> {
        self.reading.mentions.iter().enumerate()
    }

    /// Whether something can have been published on `day`.
    fn plausible(&self, day: NaiveDate) -> bool {
        let (year, month, first) = FIRST_DAY;
        let late = self.fetched_on.and_then(|fetched| fetched.checked_add_days(DayCount::new(1))).is_some_and(|limit| day > limit);
        !late && NaiveDate::from_ymd_opt(year, month, first).is_none_or(|first| first <= day)
    }

    fn past(&self, wanted: impl Fn(&Mention) -> bool) -> Option<(NaiveDate, usize)> {
        self.mentions()
            .filter(|(_, mention)| wanted(mention) && matches!(mention.cue, Cue::None | Cue::Historic))
            .filter(|(_, mention)| {
                !matches!(mention.place, Place::Updated | Place::Title) && (mention.tense == Tense::Past || mention.deictic)
            })
            .filter_map(|(at, mention)| {
                let (first, last) = mention.days?;
                Some((if matches!(mention.shape, Shape::Days(_)) { last } else { first }, at))
            })
            .filter(|(day, _)| self.plausible(*day))
            .max_by_key(|(day, at)| (*day, std::cmp::Reverse(*at)))
    }

    fn ahead(&self) -> Option<(NaiveDate, usize)> {
        self.mentions()
            .filter(|(_, mention)| matches!(mention.shape, Shape::Days(_)) && !matches!(mention.place, Place::Updated | Place::Title))
            .filter(|(_, mention)| ends_or_begins(mention))
            .filter_map(|(at, mention)| mention.days.map(|(first, _)| (first, at)))
            .min()
    }

    /// The lead announces its event: its first sentence is in the future tense, and a date of the lead lies ahead.
    fn advisory(&self) -> bool {
        let ahead = |mention: &Mention| in_lead(mention) && is_event_ahead(mention) && matches!(mention.shape, Shape::Days(_));
        let first = self.reading.mentions.iter().find(|mention| in_lead(mention) && matches!(mention.shape, Shape::Days(_)));
        let opening =
            first.is_some_and(|mention| mention.first_sentence && mention.tense == Tense::Future || mention.place == Place::Dateline);
        (self.reading.announces() || opening && !self.reports()) && self.reading.mentions.iter().any(ahead)
    }

    /// The first sentence reports a day in the past tense.
    fn reports(&self) -> bool {
        self.reading
            .mentions
            .iter()
            .any(|mention| mention.first_sentence && mention.tense == Tense::Past && matches!(mention.shape, Shape::Days(_)))
    }

    fn given(&self, verdict: &mut Verdict) -> bool {
        let Some(value) = &self.release.given.published_on else { return false };
        match PublicationDate::stated(value, Basis::Field) {
            Ok(date) if date.precision == Precision::Unknown => {
                verdict.reasons.push(format!("The source states “{value}” as the day of publication, and no year with it."));
                false
            }
            Ok(mut date) => {
                date.year_from = Some(YearFrom::Printed);
                date.reasons.push(format!("The source states “{value}” as the day of publication."));
                verdict.basis = Basis::Field;
                verdict.outcome = Outcome::Given(date);
                true
            }
            Err(reason) => {
                verdict.reasons.push(format!("The day of publication that the source states cannot be read: {reason}."));
                false
            }
        }
    }

    fn stamp(&self, day: Option<(NaiveDate, YearFrom)>, verdict: &mut Verdict) -> bool {
        let Some(stamp) = self.release.stamp else { return false };
        let words = Evidence::at(&self.release.text, stamp.span);
        verdict.reasons.push(format!("The entry is headed “{}”.", words.text.trim()));
        let Some((day, from)) = day else {
            verdict.reasons.push(format!("“{}” prints no year, and nothing else in this document tells it.", words.text.trim()));
            verdict.evidence.push(words);
            return false;
        };
        if from != YearFrom::Printed {
            verdict.reasons.push(say::year(words.text.trim(), day, from));
        }
        verdict.evidence.push(words);
        verdict.basis = Basis::Stamp;
        verdict.year_from = Some(from);
        verdict.time = NaiveTime::from_hms_opt(stamp.hour, stamp.minute, 0);
        verdict.outcome = Outcome::Day(day);
        true
    }

    /// "Issued on", a header line, a dateline.
    fn header(&self, verdict: &mut Verdict) -> bool {
        [Place::Issued, Place::Header, Place::Dateline].into_iter().any(|place| {
            self.mentions().filter(|(_, mention)| mention.place == place).any(|(at, mention)| self.top_line(at, mention, verdict))
        })
    }

    fn top_line(&self, at: usize, mention: &Mention, verdict: &mut Verdict) -> bool {
        let basis = match mention.place {
            Place::Issued => Basis::Issued,
            Place::Header => Basis::Stamp,
            _ => Basis::Dateline,
        };
        let Some((first, last)) = mention.days else {
            self.no_year(mention, verdict);
            return false;
        };
        if let Shape::Month { year, month } = mention.shape {
            return self.period(at, mention, basis, format!("{year:04}-{month:02}"), verdict);
        }
        // A header that carries the day which the text announces is the day of the event, not of publication.
        let event = verdict.ahead.filter(|(_, at)| in_lead(&self.reading.mentions[*at]));
        if mention.place == Place::Header
            && let Some((day, at)) = event.filter(|(day, _)| *day <= first && (verdict.advisory || first != last))
        {
            return self.announce(at, day, Basis::Lead, verdict);
        }
        if first != last {
            let announced = mention.tense == Tense::Future || mention.place == Place::Header && self.reading.announces();
            if announced {
                verdict.advisory = true;
                return self.announce(at, first, basis, verdict);
            }
            return self.range(at, (first, last), basis, verdict);
        }
        self.plausible(first) && self.day(at, first, basis, verdict)
    }

    fn lead(&self, verdict: &mut Verdict) -> bool {
        let lead = || self.mentions().filter(|(_, mention)| in_lead(mention) && matches!(mention.shape, Shape::Days(_)));
        let ahead = lead().filter(|(_, mention)| is_event_ahead(mention)).find_map(|(at, mention)| Some((at, mention.days?.0)));
        // A report may end with what comes next; only a text that does not open with a report announces.
        let opens_ahead = self.reading.opening != Some(Tense::Past) && lead().next().is_some_and(|(_, mention)| is_event_ahead(mention));
        if let Some((at, day)) = ahead.filter(|_| self.reading.announces() || opens_ahead && !self.reports()) {
            return self.announce(at, day, Basis::Lead, verdict);
        }
        for (_, mention) in lead().filter(|(_, mention)| mention.days.is_none()) {
            self.no_year(mention, verdict);
        }
        let reported = lead()
            .filter(|(_, mention)| !is_ahead(mention) && mention.cue == Cue::None)
            .filter_map(|(at, mention)| Some((at, mention, mention.days?)))
            .filter(|(_, mention, (_, last))| self.plausible(*last) && !self.outdated(mention, *last, verdict));
        let Some((at, mention, (first, last))) = reported.reduce(|best, next| if supersedes(best, next) { next } else { best }) else {
            return false;
        };
        if first != last {
            return self.range(at, (first, last), Basis::Lead, verdict);
        }
        self.later_report(at, mention, last, verdict) || self.day(at, last, Basis::Lead, verdict)
    }

    /// A bare date in the lead is history where the text also reports something that came much later: "The Treaty was signed on 4 April
    /// 1949. In 2024, Allies celebrated". A printed weekday speaks against history.
    fn outdated(&self, mention: &Mention, day: NaiveDate, verdict: &Verdict) -> bool {
        let known = [verdict.past, verdict.past_month].into_iter().flatten().map(|(day, _)| day).max();
        let limit = day.checked_add_days(DayCount::new(31));
        mention.weekday.is_none() && !mention.deictic && known.zip(limit).is_some_and(|(known, limit)| known > limit)
    }

    /// A later paragraph reports a day after the lead's: published on or after that one.
    fn later_report(&self, at: usize, mention: &Mention, day: NaiveDate, verdict: &mut Verdict) -> bool {
        let month = day.checked_add_days(DayCount::new(31));
        let further = |at: usize| self.reading.mentions[at].place == Place::Body;
        let Some((later, other)) =
            verdict.past.filter(|(past, at)| *past > day && further(*at) && !mention.deictic && month.is_some_and(|month| *past <= month))
        else {
            return false;
        };
        verdict.reasons.push(say::says(&self.release.text, &self.reading.mentions[at]));
        verdict.reasons.push(format!("Further down the text reports {}, so it was published on or after that day.", long_day(later)));
        verdict.evidence.extend([at, other].map(|at| self.reading.mentions[at].evidence(&self.release.text)));
        verdict.year_from = self.reading.mentions[other].year_from;
        verdict.basis = Basis::Lead;
        true
    }

    fn title(&self, verdict: &mut Verdict) -> bool {
        let title = self.mentions().filter(|(_, mention)| mention.place == Place::Title && mention.cue == Cue::None && !is_ahead(mention));
        let dated = title.filter_map(|(at, mention)| Some((at, mention, mention.days?)));
        let Some((at, _, (first, last))) = dated.rev().find(|(_, mention, _)| matches!(mention.shape, Shape::Days(_))) else {
            return false;
        };
        if verdict.past.is_some_and(|(past, _)| past > last) || !self.plausible(last) || verdict.ahead.is_some_and(|(day, _)| day <= last) {
            return false;
        }
        if first != last { self.range(at, (first, last), Basis::Lead, verdict) } else { self.day(at, last, Basis::Lead, verdict) }
    }

    fn number(&self, verdict: &mut Verdict) -> bool {
        let Some((year, span)) = self.reading.number else { return false };
        let words = Evidence::at(&self.release.text, span);
        verdict.reasons.push(format!("The number “{}” gives the year.", words.text));
        verdict.evidence.push(words);
        verdict.basis = Basis::Stamp;
        verdict.year_from = Some(YearFrom::Printed);
        verdict.outcome = Outcome::Period(format!("{year:04}"));
        true
    }

    fn day(&self, at: usize, day: NaiveDate, basis: Basis, verdict: &mut Verdict) -> bool {
        self.cite(at, basis, verdict);
        verdict.used.push(at);
        verdict.outcome = Outcome::Day(day);
        true
    }

    fn range(&self, at: usize, (first, last): (NaiveDate, NaiveDate), basis: Basis, verdict: &mut Verdict) -> bool {
        self.cite(at, basis, verdict);
        verdict.reasons.push("These are the days of the event; the text was published on or after the last of them.".into());
        verdict.outcome = Outcome::Range(first, last);
        true
    }

    fn announce(&self, at: usize, day: NaiveDate, basis: Basis, verdict: &mut Verdict) -> bool {
        self.cite(at, basis, verdict);
        verdict.reasons.push(format!("The text announces this as still to come, so it was published on or before {}.", long_day(day)));
        verdict.announced = Some(at);
        verdict.outcome = Outcome::Announced(day);
        true
    }

    fn period(&self, at: usize, mention: &Mention, basis: Basis, edtf: String, verdict: &mut Verdict) -> bool {
        if mention.days.is_none_or(|(first, _)| !self.plausible(first)) {
            return false;
        }
        self.cite(at, basis, verdict);
        verdict.used.push(at);
        verdict.outcome = Outcome::Period(edtf);
        true
    }

    fn cite(&self, at: usize, basis: Basis, verdict: &mut Verdict) {
        let mention = &self.reading.mentions[at];
        verdict.basis = basis;
        verdict.year_from = mention.year_from;
        verdict.evidence = vec![mention.evidence(&self.release.text)];
        verdict.reasons.push(say::says(&self.release.text, mention));
        verdict.reasons.extend(say::checks(&self.release.text, mention));
    }

    fn no_year(&self, mention: &Mention, verdict: &mut Verdict) {
        let words = mention.span.of(&self.release.text);
        let reason = format!("“{words}” prints no year, and nothing else in this document tells it.");
        if !verdict.reasons.contains(&reason) {
            verdict.reasons.push(reason);
        }
    }
}

type Dated<'a> = (usize, &'a Mention, (NaiveDate, NaiveDate));

/// The first day reported counts; "today" beats it, and so does a later day that a further sentence reports, because a text is published
/// on or after everything it reports.
fn supersedes((_, best, (_, best_last)): Dated<'_>, (_, next, (_, next_last)): Dated<'_>) -> bool {
    match (best.deictic, next.deictic) {
        (false, true) => true,
        (true, _) => false,
        (false, false) => next_last > best_last && next.tense == Tense::Past && !next.first_sentence,
    }
}

pub(super) fn in_lead(mention: &Mention) -> bool {
    matches!(mention.place, Place::Lead | Place::Dateline)
}

pub(super) fn is_ahead(mention: &Mention) -> bool {
    matches!(mention.tense, Tense::Future | Tense::Timetable) && !mention.deictic
}

/// An event that lies ahead, and not the end of one or a deadline.
fn is_event_ahead(mention: &Mention) -> bool {
    is_ahead(mention) && mention.cue == Cue::None
}

/// Whether the text is older than that day. "Will stay until 30 April", "is open until 30 April" and "applications by 9 May" were written
/// before the day came, so they bound the publication from above; but "stayed until" and "was finished by" report, and bound nothing.
fn ends_or_begins(mention: &Mention) -> bool {
    match mention.cue {
        Cue::None => is_ahead(mention),
        Cue::Till | Cue::Deadline => mention.tense != Tense::Past,
        Cue::Historic => false,
    }
}

/// The day a date is listed on where it is stated, and whether it is the true day of publication and not of what is reported.
pub(super) fn stated_day(verdict: &Verdict) -> Option<(NaiveDate, bool)> {
    match &verdict.outcome {
        Outcome::Day(day) => Some((*day, matches!(verdict.basis, Basis::Issued | Basis::Stamp))),
        Outcome::Given(date) if matches!(date.precision, Precision::Day | Precision::Minute) => date.sort_on.map(|day| (day, true)),
        _ => None,
    }
}

/// The year as EDTF writes it.
pub(super) fn edtf_day(day: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}
