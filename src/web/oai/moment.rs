//! Moments as harvesters write them: days or seconds in UTC (OAI-PMH 2.0, section 3.3).

use chrono::{NaiveDate, NaiveDateTime, Timelike};

/// A moment with its granularity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Day(NaiveDate),
    Second(NaiveDateTime),
}

/// How moments with seconds are written.
const SECONDS: &str = "%Y-%m-%dT%H:%M:%SZ";

impl Moment {
    /// Reads `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ssZ`, and nothing else.
    pub fn read(given: &str) -> Option<Self> {
        if !given.is_ascii() {
            return None;
        }
        match given.len() {
            10 => NaiveDate::parse_from_str(given, "%Y-%m-%d").ok().map(Self::Day),
            // A leap second is read as nanoseconds beyond the second, and stands in no stamp.
            20 => NaiveDateTime::parse_from_str(given, SECONDS).ok().filter(|at| at.nanosecond() == 0).map(Self::Second),
            _ => None,
        }
        // A sign would be read too, and would not come back as it was.
        .filter(|moment| moment.to_string() == given)
    }

    pub const fn is_day(self) -> bool {
        matches!(self, Self::Day(_))
    }

    /// Its first second: where a list begins that is asked for from here.
    pub fn first(self) -> NaiveDateTime {
        match self {
            Self::Day(day) => day.and_time(chrono::NaiveTime::MIN),
            Self::Second(second) => second,
        }
    }

    /// Its last second: where a list ends that is asked for until here, inclusive.
    pub fn last(self) -> NaiveDateTime {
        match self {
            Self::Day(day) => day.and_hms_opt(23, 59, 59).unwrap_or(NaiveDateTime::MAX),
            Self::Second(second) => second,
        }
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{}", day.format("%Y-%m-%d")),
            Self::Second(second) => f.write_str(&stored(*second)),
        }
    }
}

/// As stamps are stored.
pub fn stored(second: NaiveDateTime) -> String {
    second.format(SECONDS).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_seconds_are_read_and_nothing_else() {
        for (given, first, last) in [
            ("2025-04-30", "2025-04-30T00:00:00Z", "2025-04-30T23:59:59Z"),
            ("2024-02-29", "2024-02-29T00:00:00Z", "2024-02-29T23:59:59Z"),
            ("2025-04-30T16:30:05Z", "2025-04-30T16:30:05Z", "2025-04-30T16:30:05Z"),
        ] {
            let moment = Moment::read(given).unwrap_or_else(|| panic!("{given}"));
            assert_eq!((stored(moment.first()).as_str(), stored(moment.last()).as_str()), (first, last));
            assert_eq!(moment.to_string(), given);
        }
        for wrong in [
            "",
            "2025",
            "2025-04",
            "2025-02-29",
            "2025-4-30",
            "2025-04-30T16:30Z",
            "2025-04-30T16:30:05",
            "2025-04-30T16:30:05.5Z",
            "2025-04-30T24:00:00Z",
            "2025-04-30T16:30:60Z",
            "2025-04-30 16:30:05Z",
            "2025-04-30T16:30:05+00:00",
            "+025-04-30",
            "٢٠٢٥-٠٤-٣٠",
        ] {
            assert_eq!(Moment::read(wrong), None, "{wrong}");
        }
    }
}
