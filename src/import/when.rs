//! Stamps as feeds and pages write them: RFC 3339, RFC 2822, and what passes for either.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};

use super::fields;
use crate::model::period::month_number;

/// A day, or a time on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Day(NaiveDate),
    /// A clock time without a zone.
    Local(NaiveDateTime),
    At(DateTime<FixedOffset>),
}

/// The longest stamp, in bytes: `Wednesday, 24 September 2025 16:30:00 +0200 (CEST)` has 50.
const MAX_STAMP: usize = 80;

/// Reads a stamp; nothing where it names no day between the years 1 and 9999.
pub(super) fn read(words: &str) -> Option<When> {
    let words = words.trim();
    if words.len() > MAX_STAMP || !words.is_ascii() {
        return None;
    }
    let when = iso(words).or_else(|| rfc2822(words))?;
    when.stated().map(|_| when)
}

impl When {
    /// The same in EDTF, to the second and with the offset where one is stated.
    pub fn stated(&self) -> Option<String> {
        let written = match self {
            Self::Day(day) => day.format("%Y-%m-%d").to_string(),
            Self::Local(at) => at.format("%Y-%m-%dT%H:%M:%S").to_string(),
            // `Z` is how both standards write no offset.
            Self::At(at) if at.offset().local_minus_utc() == 0 => at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            Self::At(at) => at.format("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        };
        fields::date(&written).ok()
    }
}

fn iso(words: &str) -> Option<When> {
    if let Ok(day) = NaiveDate::parse_from_str(words, "%Y-%m-%d") {
        return Some(When::Day(day));
    }
    let words = words.replacen(' ', "T", 1).replace(' ', "");
    for form in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"] {
        let zoned = words.strip_suffix(['Z', 'z']).map_or_else(|| words.clone(), |bare| format!("{bare}+00:00"));
        if let Ok(at) = DateTime::parse_from_str(&zoned, form) {
            return Some(When::At(at));
        }
    }
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"].iter().find_map(|form| NaiveDateTime::parse_from_str(&words, form).ok()).map(When::Local)
}

/// `Wed, 25 Jun 2025 16:30:00 +0200`: weekdays are passed over, since some are wrong; months may be written out, in English or French.
fn rfc2822(words: &str) -> Option<When> {
    let mut parts: Vec<&str> = words.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    if parts
        .first()
        .is_some_and(|first| first.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'.') && month_number(first).is_none())
    {
        parts.remove(0);
    }
    let (day, month, year) = match parts.as_slice() {
        [day, month, year, ..] if month_number(month.trim_end_matches('.')).is_some() => (day, month, year),
        [month, day, year, ..] => (day, month, year),
        _ => return None,
    };
    let month = month_number(month.trim_end_matches('.'))?;
    let year: i32 = year.parse().ok()?;
    // Two digits as RFC 2822, section 4.3, reads them.
    let year = if year < 50 {
        year + 2000
    } else if year < 100 {
        year + 1900
    } else {
        year
    };
    let day = NaiveDate::from_ymd_opt(year, month, day.parse().ok()?)?;
    let Some(clock) = parts.get(3) else { return Some(When::Day(day)) };
    let mut numbers = clock.split(':').map(|part| part.parse::<u32>().ok());
    let (hour, minute, second) = (numbers.next()??, numbers.next()??, numbers.next().flatten().unwrap_or(0));
    let at = day.and_hms_opt(hour, minute, second)?;
    match parts.get(4).map(|zone| offset(zone)) {
        None => Some(When::Local(at)),
        Some(offset) => Some(When::At(at.and_local_timezone(offset?).single()?)),
    }
}

/// `+0200`, `+02:00`, and the names that RFC 2822 knows, with those of Central Europe, where NATO sits.
fn offset(zone: &str) -> Option<FixedOffset> {
    let hours = match zone.to_ascii_uppercase().as_str() {
        "GMT" | "UT" | "UTC" | "Z" | "WET" => 0,
        "CET" | "BST" | "WEST" => 1,
        "CEST" | "EET" => 2,
        "EEST" => 3,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => {
            let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
            let (hours, minutes) = (digits.get(..2)?.parse::<i32>().ok()?, digits.get(2..4)?.parse::<i32>().ok()?);
            let seconds = (hours * 60 + minutes) * 60;
            return match zone.as_bytes().first() {
                Some(b'+') => FixedOffset::east_opt(seconds),
                Some(b'-') => FixedOffset::west_opt(seconds),
                _ => None,
            };
        }
    };
    FixedOffset::east_opt(hours * 3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_keep_their_offset() {
        for (written, expected) in [
            ("2025-06-25T00:30:00+02:00", Some("2025-06-25T00:30:00+02:00")),
            ("2025-06-25T10:00:00.123Z", Some("2025-06-25T10:00:00Z")),
            ("2025-06-25T10:00Z", Some("2025-06-25T10:00:00Z")),
            ("2025-06-25T10:00:00+0200", Some("2025-06-25T10:00:00+02:00")),
            ("2025-06-25 10:00:00", Some("2025-06-25T10:00:00")),
            ("2025-06-25", Some("2025-06-25")),
            ("Wed, 25 Jun 2025 00:30:00 +0200", Some("2025-06-25T00:30:00+02:00")),
            ("Thurs, 25 June 2025 07:38 GMT", Some("2025-06-25T07:38:00Z")),
            ("25 Jun 25 07:38:00 EST", Some("2025-06-25T07:38:00-05:00")),
            ("June 25, 2025 07:38:00 -0330", Some("2025-06-25T07:38:00-03:30")),
            ("25 Jun 2025", Some("2025-06-25")),
            ("Wed, 31 Jun 2025 00:30:00 +0200", None),
            ("2025-13-01", None),
            ("yesterday", None),
            ("", None),
            ("25 Jun 2025 07:38:00 +9999", None),
        ] {
            assert_eq!(read(written).and_then(|when| when.stated()).as_deref(), expected, "{written}");
        }
    }
}
