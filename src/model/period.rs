//! A year, a month or a day: what a person browses by and types into a date box.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate};

use super::date::{long_day, month_name};

/// A calendar period between the years 1 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    Year(i32),
    Month(i32, u32),
    Day(NaiveDate),
}

impl Period {
    pub fn year(year: i32) -> Option<Self> {
        (1..=9999).contains(&year).then_some(Self::Year(year))
    }

    pub fn month(year: i32, month: u32) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=12).contains(&month)).then_some(Self::Month(year, month))
    }

    pub fn day(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).filter(|day| (1..=9999).contains(&day.year())).map(Self::Day)
    }

    pub fn first(self) -> NaiveDate {
        match self {
            Self::Year(year) => ymd(year, 1, 1),
            Self::Month(year, month) => ymd(year, month, 1),
            Self::Day(day) => day,
        }
    }

    /// The first day after the period.
    pub fn end(self) -> NaiveDate {
        match self {
            Self::Year(year) => ymd(year + 1, 1, 1),
            Self::Month(year, 12) => ymd(year + 1, 1, 1),
            Self::Month(year, month) => ymd(year, month + 1, 1),
            Self::Day(day) => day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX),
        }
    }

    pub fn last(self) -> NaiveDate {
        self.end().pred_opt().unwrap_or(NaiveDate::MIN)
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        self.first() <= day && day < self.end()
    }

    /// "2025", "April 2025", "30 April 2025".
    pub fn label(self) -> String {
        match self {
            Self::Year(year) => year.to_string(),
            Self::Month(year, month) => format!("{} {year}", month_name(month)),
            Self::Day(day) => long_day(day),
        }
    }

    /// The period of the same size that holds `day`.
    pub fn same_size(self, day: NaiveDate) -> Self {
        match self {
            Self::Year(_) => Self::Year(day.year()),
            Self::Month(..) => Self::Month(day.year(), day.month()),
            Self::Day(_) => Self::Day(day),
        }
    }

    /// Reads a period as people type it: `2025`, `2025-04`, `04/2025`, `April 2025`, `2025-04-30`, `30/04/2025` (day first),
    /// `30 April 2025`, `April 30, 2025`, `25 Apr` (the latest such day that is not after `today`), French names alike.
    ///
    /// # Errors
    /// A sentence that says what was not understood.
    pub fn typed(text: &str, today: NaiveDate) -> Result<Self, String> {
        let not_read = || format!("“{}” was not understood as a date. Try “2025”, “April 2025” or “25/04/2025”.", text.trim());
        let impossible = || format!("There is no such day as “{}”.", text.trim());
        let lowered = text.to_lowercase();
        let mut parts: Vec<&str> = lowered
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '-' | '.'))
            .filter(|part| !part.is_empty() && !FILLERS.contains(part))
            .collect();
        if parts.first().is_some_and(|first| weekday(first)) {
            parts.remove(0);
        }
        let number = |part: &str| -> Option<u32> {
            let digits = part
                .strip_suffix("st")
                .or(part.strip_suffix("nd"))
                .or(part.strip_suffix("rd"))
                .or(part.strip_suffix("th"))
                .or(part.strip_suffix("er"))
                .unwrap_or(part);
            (digits.len() <= 4 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
        };
        // "25th" has four characters too.
        let year =
            |part: &str| number(part).filter(|_| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit())).map(|year| year as i32);
        let period = match parts.as_slice() {
            [y] => Self::year(year(y).ok_or_else(not_read)?),
            [a, b] => match (month_number(a), month_number(b), year(a), year(b)) {
                (Some(month), _, _, Some(year)) | (_, Some(month), Some(year), _) => Self::month(year, month),
                (Some(month), _, _, None) => latest_such_day(month, number(b).ok_or_else(not_read)?, today),
                (_, Some(month), None, _) => latest_such_day(month, number(a).ok_or_else(not_read)?, today),
                (None, None, Some(year), None) => Self::month(year, number(b).ok_or_else(not_read)?),
                (None, None, None, Some(year)) => Self::month(year, number(a).ok_or_else(not_read)?),
                _ => return Err(not_read()),
            },
            [a, b, c] => {
                let (day, month, year) = match (month_number(a), month_number(b), year(a), year(c)) {
                    (Some(month), _, _, Some(year)) => (number(b), Some(month), year),
                    (_, Some(month), _, Some(year)) => (number(a), Some(month), year),
                    (_, Some(month), Some(year), _) => (number(c), Some(month), year),
                    (_, _, Some(year), _) => (number(c), number(b), year),
                    (_, _, _, Some(year)) => (number(a), number(b), year),
                    _ => return Err(not_read()),
                };
                Self::day(year, month.ok_or_else(not_read)?, day.ok_or_else(not_read)?)
            }
            _ => return Err(not_read()),
        };
        period.ok_or_else(impossible)
    }
}

impl fmt::Display for Period {
    /// The ISO form: `2025`, `2025-04`, `2025-04-30`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

const FILLERS: &[&str] = &["on", "the", "of", "le", "in", "en", "du", "de"];

fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MAX)
}

fn weekday(word: &str) -> bool {
    const DAYS: [&str; 14] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
    ];
    DAYS.iter().any(|day| *day == word || (word.len() >= 3 && word.is_ascii() && day.starts_with(word) && !word.starts_with("mar")))
}

/// The month that an English or French name or abbreviation (three letters or more) means.
pub fn month_number(word: &str) -> Option<u32> {
    const NAMES: [(&str, &str); 12] = [
        ("january", "janvier"),
        ("february", "fevrier"),
        ("march", "mars"),
        ("april", "avril"),
        ("may", "mai"),
        ("june", "juin"),
        ("july", "juillet"),
        ("august", "aout"),
        ("september", "septembre"),
        ("october", "octobre"),
        ("november", "novembre"),
        ("december", "decembre"),
    ];
    let word: String = word
        .trim_end_matches('.')
        .chars()
        .map(|c| match c {
            'é' => 'e',
            'û' => 'u',
            other => other.to_ascii_lowercase(),
        })
        .collect();
    if word.len() < 3 {
        return None;
    }
    let mut hits = (1u32..).zip(NAMES).filter(|(_, (en, fr))| en.starts_with(&word) || fr.starts_with(&word)).map(|(month, _)| month);
    let first = hits.next()?;
    hits.next().is_none().then_some(first)
}

fn latest_such_day(month: u32, day: u32, today: NaiveDate) -> Option<Period> {
    // Nine years back always hold a 29 February (also around 1900 and 2100).
    (0..9).filter_map(|back| NaiveDate::from_ymd_opt(today.year() - back, month, day)).find(|found| *found <= today).map(Period::Day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_type_them() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
        for (typed, read) in [
            ("2025", "2025"),
            (" April 2025 ", "2025-04"),
            ("apr. 2025", "2025-04"),
            ("2025-04", "2025-04"),
            ("04/2025", "2025-04"),
            ("25/04/2025", "2025-04-25"),
            ("31/12/1999", "1999-12-31"),
            ("25.4.2025", "2025-04-25"),
            ("2025-04-25", "2025-04-25"),
            ("25 Apr", "2026-04-25"),
            ("25 December", "2025-12-25"),
            ("29 Feb", "2024-02-29"),
            ("march 1999", "1999-03"),
            ("April 30, 2025", "2025-04-30"),
            ("Friday 25th April 2025", "2025-04-25"),
            ("1er mai 2025", "2025-05-01"),
            ("le 14 août 2008", "2008-08-14"),
            ("juillet 2009", "2009-07"),
            ("the 4th of April 1949", "1949-04-04"),
        ] {
            assert_eq!(Period::typed(typed, today).map(|period| period.to_string()), Ok(read.to_owned()), "{typed}");
        }
        for wrong in ["1999-02-30", "0000", "soon", "", "2025-13", "ju 2025", "12345", "1/2/3/4", "32/01/2025", "25/04/25"] {
            assert!(Period::typed(wrong, today).is_err(), "{wrong}");
        }
    }

    #[test]
    fn periods_are_half_open() {
        assert_eq!(Period::Month(2024, 2).last().to_string(), "2024-02-29");
        assert_eq!(Period::Year(2025).end().to_string(), "2026-01-01");
        assert!(Period::Year(9999).contains(Period::Year(9999).last()));
    }
}
