//! The date of publication as a citation may state it: never a guess presented as exact.

use chrono::{Datelike, NaiveDate};

use crate::model::date::{PartOfYear, is_first_of_year, is_last_of_year, long_day, month_name};
use crate::model::{Precision, PublicationDate};

/// When something was published, by how much of it is known.
///
/// What is not printed as such is worded as cataloguers do (Resource Description and Access, 1.9.2: supplied dates): “not before 7 May 2025”,
/// “between 25 September 2024 and 30 April 2025”, set in square brackets where a style has no form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issued {
    Day(NaiveDate),
    /// Year and month, 1 to 12.
    Month(i32, u32),
    Year(i32),
    /// A season, a quarter: what the publisher names instead of months.
    Part(i32, PartOfYear),
    /// About this day, or this day if any.
    CircaDay(NaiveDate, Doubt),
    CircaMonth(i32, u32, Doubt),
    CircaYear(i32, Doubt),
    CircaPart(i32, PartOfYear, Doubt),
    /// One unknown day from the first to the second.
    Between(NaiveDate, NaiveDate),
    /// On that day or later: what is written of an event that lasts is published on or after its last day.
    NotBefore(NaiveDate),
    /// On that day or earlier.
    NotAfter(NaiveDate),
    Unknown,
}

/// What a date says against itself (ISO 8601-2:2019, 8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// `~`: near it.
    About,
    /// `?`: perhaps not it at all.
    Uncertain,
    /// `%`
    Both,
}

impl Doubt {
    fn of(edtf: &str) -> Option<Self> {
        match (edtf.contains('~'), edtf.contains('?')) {
            (true, true) => Some(Self::Both),
            _ if edtf.contains('%') => Some(Self::Both),
            (true, false) => Some(Self::About),
            (false, true) => Some(Self::Uncertain),
            (false, false) => None,
        }
    }

    const fn sign(self) -> char {
        match self {
            Self::About => '~',
            Self::Uncertain => '?',
            Self::Both => '%',
        }
    }

    /// As cataloguers write it: "ca. 2025", "2025?", "ca. 2025?".
    fn words(self, date: &str) -> String {
        let about = if self == Self::Uncertain { "" } else { "ca. " };
        let uncertain = if self == Self::About { "" } else { "?" };
        format!("{about}{date}{uncertain}")
    }
}

/// In which order a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// "7 May 2025"
    DayFirst,
    /// "May 7, 2025"
    MonthFirst,
}

impl Issued {
    pub fn of(date: &PublicationDate) -> Self {
        let doubt = date.edtf.as_deref().and_then(Doubt::of);
        let day = date.sort_on;
        match (date.part_of_year(), doubt) {
            (Some((year, part)), Some(doubt)) => return Self::CircaPart(year, part, doubt),
            (Some((year, part)), None) => return Self::Part(year, part),
            (None, _) => {}
        }
        match (date.precision, day, doubt) {
            (Precision::Minute | Precision::Day, Some(day), Some(doubt)) => Self::CircaDay(day, doubt),
            (Precision::Minute | Precision::Day, Some(day), None) => Self::Day(day),
            (Precision::Month, Some(day), Some(doubt)) => Self::CircaMonth(day.year(), day.month(), doubt),
            (Precision::Month, Some(day), None) => Self::Month(day.year(), day.month()),
            (Precision::Year, Some(day), Some(doubt)) => Self::CircaYear(day.year(), doubt),
            (Precision::Year, Some(day), None) => Self::Year(day.year()),
            _ => match (date.earliest, date.latest) {
                (Some(first), Some(last)) if first == last && doubt.is_none() => Self::Day(first),
                (Some(first), Some(last)) if first < last => Self::Between(first, last),
                (Some(first), None) => Self::NotBefore(first),
                (None, Some(last)) => Self::NotAfter(last),
                _ => day.map_or(Self::Unknown, |day| Self::CircaDay(day, doubt.unwrap_or(Doubt::About))),
            },
        }
    }

    /// The year, where no other can be meant.
    pub fn year(self) -> Option<i32> {
        match self {
            Self::Day(day) => Some(day.year()),
            Self::Month(year, _) | Self::Year(year) | Self::Part(year, _) => Some(year),
            Self::Between(first, last) if first.year() == last.year() => Some(first.year()),
            _ => None,
        }
    }

    /// The month, where no other can be meant.
    pub fn month(self) -> Option<u32> {
        match self {
            Self::Day(day) => Some(day.month()),
            Self::Month(_, month) => Some(month),
            Self::Between(first, last) if (first.year(), first.month()) == (last.year(), last.month()) => Some(first.month()),
            _ => None,
        }
    }

    /// Whether a calendar date of one, two or three parts says all of it.
    pub const fn is_plain(self) -> bool {
        matches!(self, Self::Day(_) | Self::Month(..) | Self::Year(_))
    }

    /// Whether the publisher names it so.
    const fn is_printed(self) -> bool {
        self.is_plain() || matches!(self, Self::Part(..))
    }

    /// In words: "7 May 2025", "ca. 7 May 2025", "7 May 2025?", "not before 7 May 2025", "n.d.".
    pub fn words(self, written: Written) -> String {
        let day = |day: NaiveDate| match written {
            Written::DayFirst => long_day(day),
            Written::MonthFirst => format!("{} {}, {}", month_name(day.month()), day.day(), day.year()),
        };
        match self {
            Self::Day(known) => day(known),
            Self::Month(year, month) => format!("{} {year}", month_name(month)),
            Self::Year(year) => year.to_string(),
            Self::Part(year, part) => format!("{} {year}", part.name()),
            Self::CircaDay(known, doubt) => doubt.words(&day(known)),
            Self::CircaMonth(year, month, doubt) => doubt.words(&format!("{} {year}", month_name(month))),
            Self::CircaYear(year, doubt) => doubt.words(&year.to_string()),
            Self::CircaPart(year, part, doubt) => doubt.words(&format!("{} {year}", part.name())),
            // No day is named that nobody stated.
            Self::Between(first, last) if is_first_of_year(first) && is_last_of_year(last) => {
                format!("between {} and {}", first.year(), last.year())
            }
            Self::NotBefore(first) if is_first_of_year(first) => format!("not before {}", first.year()),
            Self::NotAfter(last) if is_last_of_year(last) => format!("not after {}", last.year()),
            Self::Between(first, last) if written == Written::MonthFirst => format!("between {}, and {}", day(first), day(last)),
            Self::Between(first, last) => format!("between {} and {}", day(first), day(last)),
            Self::NotBefore(first) => format!("not before {}", day(first)),
            Self::NotAfter(last) => format!("not after {}", day(last)),
            Self::Unknown => "n.d.".into(),
        }
    }

    /// [`words`](Self::words), in square brackets where they are the archive's and not the publisher's.
    pub fn bracketed(self, written: Written) -> String {
        if self.is_printed() { self.words(written) } else { format!("[{}]", self.words(written)) }
    }

    /// 1 for spring to 4 for winter, where that is what is known of it.
    pub fn season(self) -> Option<u8> {
        match self {
            Self::Part(_, part) => part.season(),
            _ => None,
        }
    }

    /// EDTF as BibLaTeX reads it (levels 0 and 1 of ISO 8601-2, Annex A; the manual's section 2.3.8), which knows no sets and, of the
    /// parts of a year, only seasons: bounds become the
    /// part of the date that both share, a decade or century with unspecified digits, or an interval, open where one bound is.
    pub fn level_1(self) -> Option<String> {
        Some(match self {
            Self::Day(day) => day.to_string(),
            Self::Month(year, month) => format!("{year:04}-{month:02}"),
            Self::Year(year) => format!("{year:04}"),
            Self::CircaDay(day, doubt) => format!("{day}{}", doubt.sign()),
            Self::CircaMonth(year, month, doubt) => format!("{year:04}-{month:02}{}", doubt.sign()),
            Self::CircaYear(year, doubt) => format!("{year:04}{}", doubt.sign()),
            Self::Part(year, part) => format!("{year:04}{}", season(part)),
            Self::CircaPart(year, part, doubt) => format!("{year:04}{}{}", season(part), doubt.sign()),
            Self::Between(first, last) => match (self.year(), self.month()) {
                (Some(year), Some(month)) => format!("{year:04}-{month:02}"),
                (Some(year), None) => format!("{year:04}"),
                _ => unspecified(first, last).unwrap_or_else(|| format!("{first}/{last}")),
            },
            Self::NotBefore(first) => format!("{first}/.."),
            Self::NotAfter(last) => format!("../{last}"),
            Self::Unknown => return None,
        })
    }
}

/// Words with a capital at their beginning.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// What stands behind a year for its seasons.
fn season(part: PartOfYear) -> String {
    part.season().map(|season| format!("-{}", 20 + season)).unwrap_or_default()
}

/// A whole decade or century with its last digits unspecified: `202X`, `19XX` (ISO 8601-2, 8.5).
fn unspecified(first: NaiveDate, last: NaiveDate) -> Option<String> {
    if !(is_first_of_year(first) && is_last_of_year(last)) {
        return None;
    }
    match (first.year(), last.year()) {
        (from, to) if from % 10 == 0 && to == from + 9 => Some(format!("{:03}X", from / 10)),
        (from, to) if from % 100 == 0 && to == from + 99 => Some(format!("{:02}XX", from / 100)),
        _ => None,
    }
}
