//! Releases over time in bins of a size that can be read.

use chrono::{Datelike, NaiveDate};

use crate::model::period::Period;

/// No chart has more bars than this.
pub const MAX_BARS: usize = 80;

/// The size of a bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    Day,
    Month,
    Year,
    /// Ten years, or as many times ten as it takes to stay within [`MAX_BARS`].
    Years(u32),
}

impl Interval {
    pub const fn token(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::Years(_) => "years",
        }
    }

    /// The finest that needs no more than [`MAX_BARS`] bins from one day to another.
    pub fn for_span(first: NaiveDate, last: NaiveDate) -> Self {
        [Self::Day, Self::Month, Self::Year].into_iter().find(|interval| interval.bins(first, last) <= MAX_BARS).unwrap_or_else(|| {
            let years = Self::Year.bins(first, last);
            // One bar more at either end, where the span does not begin on a round year.
            Self::Years((years.div_ceil(MAX_BARS - 2)).div_ceil(10) as u32 * 10)
        })
    }

    /// How many bins there are from one day to another, the first and last in part.
    pub fn bins(self, first: NaiveDate, last: NaiveDate) -> usize {
        let (years, months) = (last.year() - first.year(), last.month() as i32 - first.month() as i32);
        let steps = match self {
            Self::Day => (last - first).num_days(),
            Self::Month => i64::from(years * 12 + months),
            Self::Year => i64::from(years),
            Self::Years(size) => i64::from(last.year().div_euclid(size as i32) - first.year().div_euclid(size as i32)),
        };
        usize::try_from(steps + 1).unwrap_or(0)
    }
}

/// One bin; a bin without releases is a gap in the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bin {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub label: String,
    pub count: u64,
}

/// Bins that follow each other without a hole, and what has no day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    pub interval: Interval,
    pub bins: Vec<Bin>,
    pub undated: u64,
    /// First and last day that has any.
    pub span: Option<(NaiveDate, NaiveDate)>,
}

impl Histogram {
    /// Bins for counted days (oldest first), from the first to the last that has any.
    pub fn of(days: impl Iterator<Item = (NaiveDate, u64)> + Clone, undated: u64) -> Self {
        let (Some((first, _)), Some((last, _))) = (days.clone().next(), days.clone().last()) else {
            return Self { interval: Interval::Day, bins: Vec::new(), undated, span: None };
        };
        let interval = Interval::for_span(first, last);
        let mut bins = bins(interval, first, last);
        let mut at = 0;
        for (day, count) in days {
            while bins[at].last < day && at + 1 < bins.len() {
                at += 1;
            }
            bins[at].count += count;
        }
        Self { interval, bins, undated, span: Some((first, last)) }
    }

    pub fn max(&self) -> u64 {
        self.bins.iter().map(|bin| bin.count).max().unwrap_or(0)
    }

    pub fn total(&self) -> u64 {
        self.bins.iter().map(|bin| bin.count).sum::<u64>() + self.undated
    }
}

/// Empty bins that follow each other from the one that holds the first day to the one that holds the last.
pub fn bins(interval: Interval, first: NaiveDate, last: NaiveDate) -> Vec<Bin> {
    let mut bins = Vec::new();
    let mut start = bin_of(interval, first);
    loop {
        bins.push(Bin { first: start.0, last: start.1, label: label(interval, start), count: 0 });
        match start.1.succ_opt() {
            Some(next) if next <= last => start = bin_of(interval, next),
            _ => return bins,
        }
    }
}

fn bin_of(interval: Interval, day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let period = match interval {
        Interval::Day => Period::Day(day),
        Interval::Month => Period::Month(day.year(), day.month()),
        Interval::Year => Period::Year(day.year()),
        Interval::Years(size) => {
            let size = size as i32;
            let first = (day.year().div_euclid(size) * size).max(1);
            let last = (day.year().div_euclid(size) * size + size - 1).min(9999);
            return (Period::Year(first).first(), Period::Year(last).last());
        }
    };
    (period.first(), period.last())
}

fn label(interval: Interval, (first, last): (NaiveDate, NaiveDate)) -> String {
    match interval {
        Interval::Day => Period::Day(first).label(),
        Interval::Month => Period::Month(first.year(), first.month()).label(),
        Interval::Year => first.year().to_string(),
        Interval::Years(_) => format!("{} to {}", first.year(), last.year()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(days: &[(&str, u64)]) -> Histogram {
        Histogram::of(days.iter().map(|(day, count)| (day.parse().expect("a day"), *count)), 2)
    }

    #[test]
    fn bins_fit_the_span_and_lose_nothing() {
        for (days, interval, bars) in [
            (vec![("2025-04-25", 4), ("2025-04-30", 2)], "day", 6),
            (vec![("2025-04-25", 4), ("2025-07-13", 1)], "day", 80),
            (vec![("2025-04-25", 4), ("2025-07-14", 1)], "month", 4),
            (vec![("2019-01-01", 1), ("2025-08-31", 1)], "month", 80),
            (vec![("2019-01-01", 1), ("2025-09-01", 1)], "year", 7),
            (vec![("1949-04-04", 1), ("2026-11-22", 3)], "year", 78),
            (vec![("1925-04-04", 1), ("2026-11-22", 3)], "years", 11),
            (vec![("0001-01-01", 1), ("9999-12-31", 3)], "years", 77),
        ] {
            let histogram = histogram(&days);
            assert_eq!((histogram.interval.token(), histogram.bins.len()), (interval, bars), "{days:?}");
            assert!(histogram.bins.len() <= MAX_BARS);
            assert_eq!(histogram.total(), days.iter().map(|(_, count)| count).sum::<u64>() + 2);
        }
        assert!(histogram(&[]).bins.is_empty());
    }
}
