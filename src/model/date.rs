//! Publication dates that say how they are known.
//!
//! A date here is a statement with its evidence: an EDTF value (ISO 8601-2:2019, Annex A), the days that bound the publication,
//! the day it sorts on, how precise it is, on what it rests, and the very words.

use chrono::{Datelike, NaiveDate, NaiveTime};
use edtf_core::{Bound, Edtf, TimeShift};
use serde::{Deserialize, Serialize};

use super::Span;

/// Words of a text that show something, with their place in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The very words.
    pub text: String,
    /// UTF-8 byte offsets into the release's text as published, end exclusive.
    pub start: usize,
    pub end: usize,
}

impl Evidence {
    /// The words at `span` of `text`.
    pub fn at(text: &str, span: Span) -> Self {
        Self { text: span.of(text).to_owned(), start: span.start, end: span.end }
    }

    pub const fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

macro_rules! tokens {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $token:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $token)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in data.
            pub const fn token(self) -> &'static str {
                match self { $(Self::$variant => $token),+ }
            }

            /// Reads the word used in data.
            pub fn from_token(token: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.token() == token)
            }
        }
    };
}

tokens! {
    /// How much of the publication date is known.
    Precision {
        Minute "minute", Day "day",
        /// The release stands for an event or issue of several days; it was published on or after the last.
        Range "range",
        /// One unknown day between two bounds.
        Bounded "bounded",
        Month "month", Year "year", Unknown "unknown",
    }
}

tokens! {
    /// What a publication date rests on.
    Basis {
        /// A sidecar or a correction by the archive's owner.
        Owner "owner",
        /// A field of a structured source.
        Field "field",
        /// The words "Issued on".
        Issued "issued",
        /// The header of an entry.
        Stamp "stamp",
        /// The publisher's list or address.
        Listing "listing",
        /// The dateline that opens the text.
        Dateline "dateline",
        /// The first sentences.
        Lead "lead",
        /// The order of a newest-first document.
        Order "order",
        None "none",
    }
}

tokens! {
    /// Where the year of a publication date comes from.
    YearFrom { Printed "printed", Weekday "weekday", Document "document", Neighbours "neighbours" }
}

tokens! {
    /// What a date in a text that is not its publication date is about.
    DateRole { Event "event", Background "background", Future "future", Deadline "deadline", Updated "updated" }
}

/// When a release was published, and how that is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublicationDate {
    /// Canonical EDTF, level 2 where needed; absent where nothing can be said.
    pub edtf: Option<String>,
    /// First and last day on which the release can have been published.
    pub earliest: Option<NaiveDate>,
    pub latest: Option<NaiveDate>,
    /// The day on which the release is listed.
    pub sort_on: Option<NaiveDate>,
    /// The printed clock time.
    pub time: Option<NaiveTime>,
    /// Offset from UTC at that time (`+02:00`), where the zone is stated.
    pub offset: Option<String>,
    pub precision: Precision,
    pub basis: Basis,
    pub year_from: Option<YearFrom>,
    /// The words that show it.
    pub evidence: Vec<Evidence>,
    /// The steps of the reasoning as plain English sentences, in order.
    pub reasons: Vec<String>,
}

impl PublicationDate {
    /// Nothing is known.
    pub const fn unknown() -> Self {
        Self {
            edtf: None,
            earliest: None,
            latest: None,
            sort_on: None,
            time: None,
            offset: None,
            precision: Precision::Unknown,
            basis: Basis::None,
            year_from: None,
            evidence: Vec::new(),
            reasons: Vec::new(),
        }
    }

    /// The date that a structured field or an owner states in EDTF.
    ///
    /// # Errors
    /// A sentence that says why the value is no EDTF date of the proleptic Gregorian calendar between the years 1 and 9999. A year of which no figure is
    /// given (`XXXX`, ISO 8601-2:2019, 8.5) is no date and no error: what has no other bound is unknown.
    pub fn stated(value: &str, basis: Basis) -> Result<Self, String> {
        let edtf = Edtf::parse(value.trim()).map_err(|error| format!("“{value}” is no date in ISO or EDTF form: {error}"))?;
        let bounds = edtf.bounds();
        // The bounds of a year without figures are those of the calendar, and bound nothing.
        let figures = !edtf.to_string().contains("XXXX");
        let known = |bound| day_of(bound).filter(|day| figures || (2..=9998).contains(&day.year()));
        let (earliest, latest) = (known(bounds.earliest), known(bounds.latest));
        if earliest.is_none() && latest.is_none() && !figures {
            return Ok(Self { basis, ..Self::unknown() });
        }
        if earliest.is_none() && latest.is_none() {
            return Err(format!("“{value}” names no day between the years 1 and 9999"));
        }
        let (precision, time) = match &edtf {
            Edtf::DateTime(at) => (Precision::Minute, NaiveTime::from_hms_opt(at.time.hour.into(), at.time.minute.into(), 0)),
            // Without a first day it says no more than "by then".
            Edtf::Interval(_) if earliest.is_none() => (Precision::Bounded, None),
            Edtf::Interval(_) => (Precision::Range, None),
            Edtf::Date(date) => match date.precision() {
                edtf_core::Precision::Day if !date.has_unspecified() => (Precision::Day, None),
                edtf_core::Precision::Day | edtf_core::Precision::Month
                    if earliest.map(|d| (d.year(), d.month())) == latest.map(|d| (d.year(), d.month())) =>
                {
                    (Precision::Month, None)
                }
                _ if earliest.map(|d| d.year()) == latest.map(|d| d.year()) => (Precision::Year, None),
                _ => (Precision::Bounded, None),
            },
            Edtf::Set(_) => (Precision::Bounded, None),
        };
        // An interval is an event that lasts: the words about it came on or after its last day.
        let (earliest, latest) = if precision == Precision::Range { (latest.or(earliest), None) } else { (earliest, latest) };
        let sort_on = match precision {
            Precision::Range => earliest,
            Precision::Bounded => latest.or(earliest),
            _ => earliest.or(latest),
        };
        let offset = offset_in(&edtf);
        Ok(Self { edtf: Some(edtf.to_string()), earliest, latest, sort_on, time, offset, precision, basis, ..Self::unknown() })
    }

    /// The offset from UTC that an EDTF value itself states (`+02:00`); `None` where it states none.
    pub fn offset_of(edtf: &str) -> Option<String> {
        // Only a clock time has an offset, and most dates have no clock time.
        if !edtf.contains('T') {
            return None;
        }
        offset_in(&Edtf::parse(edtf).ok()?)
    }

    /// Whether the day is known and not merely likely.
    pub fn is_exact(&self) -> bool {
        matches!(self.precision, Precision::Minute | Precision::Day) && !self.is_qualified()
    }

    /// Whether the date itself says that it is approximate or uncertain (ISO 8601-2:2019, 8.4: `~`, `?`, `%`).
    pub fn is_qualified(&self) -> bool {
        self.edtf.as_deref().is_some_and(|edtf| edtf.contains(['~', '?', '%']))
    }

    /// Minutes since midnight, for sorting within a day.
    pub fn minute_of_day(&self) -> Option<u32> {
        use chrono::Timelike;
        self.time.map(|time| time.hour() * 60 + time.minute())
    }

    /// The date as a person reads it in a list: "30 April 2025", "5 to 7 May 2025", "about 25 April 2025", "about 1999", "spring 2025", "undated".
    pub fn display(&self) -> String {
        let part = match self.precision {
            Precision::Month => self.earliest.map(|day| format!("{} {}", month_name(day.month()), day.year())),
            Precision::Year | Precision::Bounded => {
                self.part_of_year().map(|(year, part)| format!("{} {year}", part.name())).or_else(|| self.years())
            }
            _ => None,
        };
        match self.precision {
            _ if let Some(part) = part => {
                if self.is_qualified() {
                    format!("about {part}")
                } else {
                    part
                }
            }
            Precision::Unknown => "undated".into(),
            Precision::Range => self.event().map_or_else(|| self.about(), |(first, last)| long_range(first, last)),
            Precision::Month | Precision::Year | Precision::Bounded => self.about(),
            Precision::Minute | Precision::Day if !self.is_exact() => self.about(),
            Precision::Minute | Precision::Day => self.sort_on.map_or_else(|| self.about(), long_day),
        }
    }

    /// [`display`](Self::display) with the clock time where one is printed.
    pub fn display_with_time(&self) -> String {
        match self.time {
            Some(time) => format!("{}, {}", self.display(), time.format("%H:%M")),
            None => self.display(),
        }
    }

    /// First and last day of the event that a `range` stands for.
    pub fn event(&self) -> Option<(NaiveDate, NaiveDate)> {
        let bounds = Edtf::parse(self.edtf.as_deref()?).ok()?.bounds();
        Some((day_of(bounds.earliest)?, day_of(bounds.latest)?))
    }

    /// The year, and the season or other part of it that is named instead of months.
    pub fn part_of_year(&self) -> Option<(i32, PartOfYear)> {
        let edtf = self.edtf.as_deref()?;
        // Most dates name a day, and none that does names a season: nothing is read of them.
        if edtf.len() > MAX_PART_OF_YEAR {
            return None;
        }
        let Edtf::Date(date) = Edtf::parse(edtf).ok()? else { return None };
        let part = PartOfYear::of(date.month?.value()?)?;
        Some((i32::try_from(date.year.value()?).ok()?, part))
    }

    /// The year of a single date, or the whole years between which it lies.
    fn years(&self) -> Option<String> {
        if self.precision == Precision::Year {
            return self.earliest.map(|day| day.year().to_string());
        }
        match (self.earliest, self.latest) {
            (Some(first), Some(last)) if is_first_of_year(first) && is_last_of_year(last) => {
                Some(format!("between {} and {}", first.year(), last.year()))
            }
            (None, Some(last)) if is_last_of_year(last) => Some(format!("{} or earlier", last.year())),
            (Some(first), Some(last)) if matches!(Edtf::parse(self.edtf.as_deref()?), Ok(Edtf::Date(_))) => {
                Some(format!("between {} and {}", first.year(), last.year()))
            }
            _ => None,
        }
    }

    fn about(&self) -> String {
        match self.sort_on {
            Some(day) => format!("about {}", long_day(day)),
            None => "undated".into(),
        }
    }
}

/// The offset of a clock time, as `+02:00`.
fn offset_in(edtf: &Edtf) -> Option<String> {
    let Edtf::DateTime(at) = edtf else { return None };
    let minutes = match at.time.shift? {
        TimeShift::Utc => 0,
        TimeShift::Offset { minutes, .. } => minutes,
    };
    let sign = if minutes < 0 { '-' } else { '+' };
    Some(format!("{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60))
}

/// The longest EDTF of a part of a year: `2025-21` and a sign of doubt.
const MAX_PART_OF_YEAR: usize = 8;

/// A season, quarter, third or half of a year: what stands in the place of a month for it (ISO 8601-2:2019, 4.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartOfYear(u8);

impl PartOfYear {
    fn of(code: u8) -> Option<Self> {
        part_name(code).map(|_| Self(code))
    }

    /// "spring", "first quarter of": what stands before the year.
    pub const fn name(self) -> &'static str {
        match part_name(self.0) {
            Some(name) => name,
            None => "",
        }
    }

    /// 1 for spring to 4 for winter, of whichever hemisphere; `None` for what is no season.
    pub const fn season(self) -> Option<u8> {
        if self.0 < 33 { Some((self.0 - 21) % 4 + 1) } else { None }
    }
}

/// Whether a day is the first of its year.
pub fn is_first_of_year(day: NaiveDate) -> bool {
    day.ordinal() == 1
}

/// Whether a day is the last of its year.
pub fn is_last_of_year(day: NaiveDate) -> bool {
    (day.month(), day.day()) == (12, 31)
}

/// Seasons of either hemisphere, quarters, thirds, halves.
const fn part_name(code: u8) -> Option<&'static str> {
    Some(match code {
        21 | 25 | 29 => "spring",
        22 | 26 | 30 => "summer",
        23 | 27 | 31 => "autumn",
        24 | 28 | 32 => "winter",
        33 => "first quarter of",
        34 => "second quarter of",
        35 => "third quarter of",
        36 => "fourth quarter of",
        37 => "first third of",
        38 => "second third of",
        39 => "last third of",
        40 => "first half of",
        41 => "second half of",
        _ => return None,
    })
}

/// The day of an EDTF bound, where the calendar here can hold it.
fn day_of(bound: Bound) -> Option<NaiveDate> {
    match bound {
        Bound::Date(day) => NaiveDate::from_ymd_opt(i32::try_from(day.year).ok()?, day.month.into(), day.day.into())
            .filter(|day| (1..=9999).contains(&day.year())),
        _ => None,
    }
}

/// English month names, January first.
pub const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// The English name of month 1 to 12; empty for any other number.
pub fn month_name(month: u32) -> &'static str {
    month.checked_sub(1).and_then(|index| MONTHS.get(index as usize)).copied().unwrap_or("")
}

/// "30 April 2025".
pub fn long_day(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), month_name(day.month()), day.year())
}

/// "5 to 7 May 2025", "28 February to 2 March 2023", "30 December 2024 to 2 January 2025".
pub fn long_range(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        long_day(first)
    } else if first.year() != last.year() {
        format!("{} to {}", long_day(first), long_day(last))
    } else if first.month() != last.month() {
        format!("{} {} to {}", first.day(), month_name(first.month()), long_day(last))
    } else {
        format!("{} to {}", first.day(), long_day(last))
    }
}

/// A date in a text that is not its publication date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextDate {
    pub edtf: String,
    pub role: DateRole,
    pub evidence: Evidence,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stated_dates_are_bounded_and_shown() {
        for (value, precision, earliest, latest, sort_on, shown) in [
            ("2025-04-30", Precision::Day, "2025-04-30", "2025-04-30", "2025-04-30", "30 April 2025"),
            ("2025-04-30T16:30:00", Precision::Minute, "2025-04-30", "2025-04-30", "2025-04-30", "30 April 2025"),
            ("2025-04", Precision::Month, "2025-04-01", "2025-04-30", "2025-04-01", "April 2025"),
            ("2025", Precision::Year, "2025-01-01", "2025-12-31", "2025-01-01", "2025"),
            ("2025-05-05/2025-05-07", Precision::Range, "2025-05-07", "", "2025-05-07", "5 to 7 May 2025"),
            ("[2024-09-25..2025-04-30]", Precision::Bounded, "2024-09-25", "2025-04-30", "2025-04-30", "about 30 April 2025"),
            ("[..2025-04-25]", Precision::Bounded, "", "2025-04-25", "2025-04-25", "about 25 April 2025"),
            ("../2025-04-25", Precision::Bounded, "", "2025-04-25", "2025-04-25", "about 25 April 2025"),
            ("2025-04-25/..", Precision::Range, "2025-04-25", "", "2025-04-25", "about 25 April 2025"),
            ("2025-04-25~", Precision::Day, "", "", "", "about 25 April 2025"),
        ] {
            let date = PublicationDate::stated(value, Basis::Field).expect(value);
            assert_eq!(date.precision, precision, "{value}");
            assert_eq!(date.display(), shown, "{value}");
            let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
            if !value.contains('~') {
                assert_eq!([day(date.earliest), day(date.latest), day(date.sort_on)], [earliest, latest, sort_on], "{value}");
            }
        }
        // A year without figures is no date.
        for value in ["XXXX", "XXXX-12-25", "XXXX-12", "XXXX/XXXX"] {
            let date = PublicationDate::stated(value, Basis::Owner).expect(value);
            assert_eq!(date, PublicationDate { basis: Basis::Owner, ..PublicationDate::unknown() }, "{value}");
        }
        for (value, earliest, latest) in [("2024-05-01/XXXX", "2024-05-01", ""), ("XXXX/2024-05-01", "", "2024-05-01")] {
            let date = PublicationDate::stated(value, Basis::Field).expect(value);
            assert_eq!((date.earliest, date.latest), (earliest.parse().ok(), latest.parse().ok()), "{value}");
        }
        for wrong in ["1999-02-30", "yesterday", "", "Y-170000002", "../.."] {
            assert!(PublicationDate::stated(wrong, Basis::Field).is_err(), "{wrong}");
        }
    }

    #[test]
    fn parts_of_a_year_are_named_and_what_is_about_is_said() {
        for (value, shown) in [
            ("1999~", "about 1999"),
            ("2025-05?", "about May 2025"),
            ("2025-04-25%", "about 25 April 2025"),
            ("2025-21", "spring 2025"),
            ("2025-24", "winter 2025"),
            ("2025-33", "first quarter of 2025"),
            ("2025-22~", "about summer 2025"),
            ("202X", "between 2020 and 2029"),
            ("[2024..2025]", "between 2024 and 2025"),
            ("[..2024]", "2024 or earlier"),
            ("19XX-05", "between 1900 and 1999"),
        ] {
            assert_eq!(PublicationDate::stated(value, Basis::Field).expect(value).display(), shown);
        }
    }

    #[test]
    fn a_stated_offset_is_kept() {
        for (value, offset) in [
            ("2018-07-11T14:30:00+02:00", Some("+02:00")),
            ("2018-07-11T14:30:00-03:30", Some("-03:30")),
            ("2018-07-11T14:30:00+02", Some("+02:00")),
            ("2018-07-11T14:30:00Z", Some("+00:00")),
            ("2018-07-11T14:30:00", None),
            ("2018-07-11", None),
        ] {
            let date = PublicationDate::stated(value, Basis::Field).expect(value);
            assert_eq!(date.offset.as_deref(), offset, "{value}");
            assert_eq!(PublicationDate::offset_of(value).as_deref(), offset, "{value}");
        }
    }

    #[test]
    fn ranges_name_each_part_once() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert_eq!(long_range(day("2023-02-28"), day("2023-03-02")), "28 February to 2 March 2023");
        assert_eq!(long_range(day("2024-12-30"), day("2025-01-02")), "30 December 2024 to 2 January 2025");
    }
}
