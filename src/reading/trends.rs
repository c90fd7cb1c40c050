//! Searches compared over time: how many releases of each day, month or year each of them finds, beside how many there are.

use chrono::NaiveDate;

use super::histogram::{Bin, Interval, MAX_BARS, bins};
use super::search::unknown;
use super::{Archive, ReadingError, Result};
use crate::index::grammar::Node;
use crate::index::{Ask, SearchResults, Tally};
use crate::model::query::{Facet, Filters, SearchRequest, Sort};

/// So many searches are compared at most: five lines can still be told apart without colour.
pub const MAX_QUERIES: usize = 5;

/// So many months are counted at most; a chart of more than [`MAX_BARS`] bins is drawn by a coarser interval than its table.
pub const MAX_MONTHS: usize = 400;

/// What is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendsRequest {
    /// As typed, at most [`MAX_QUERIES`].
    pub queries: Vec<String>,
    /// What each of them is asked with; its own words, order and page mean nothing.
    pub each: SearchRequest,
    /// `None` for the interval that fits the span.
    pub by: Option<Interval>,
}

/// A period and how many releases are in it, with these filters and any words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendBin {
    /// Clipped to the dates that were asked for.
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub label: String,
    pub all: u64,
}

/// One of the searches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub q: String,
    pub read_as: String,
    /// What the bounds of a query cut off, as a sentence.
    pub left_out: Option<String>,
    /// What looked like an operator and was read as words, and what is not known; a sentence each.
    pub notes: Vec<String>,
    /// Releases for each of the bins.
    pub counts: Vec<u64>,
    /// Found, but without a day: in none of the bins.
    pub undated: u64,
    /// Exactly what a search with the same words and filters finds.
    pub total: u64,
    /// The first day with a release.
    pub first: Option<NaiveDate>,
    /// All days with releases, oldest first.
    days: Vec<(NaiveDate, u64)>,
}

/// Searches over time. Every number is exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trends {
    pub interval: Interval,
    /// What was asked for and would have had too many bins, and how many.
    pub too_fine: Option<(Interval, usize)>,
    pub bins: Vec<TrendBin>,
    pub series: Vec<Series>,
    /// Releases with these filters and any words, and those of them that have no day.
    pub all: u64,
    pub all_undated: u64,
    /// Chosen values that the archive has never heard of.
    pub unknown: Vec<(Facet, String)>,
    all_days: Vec<(NaiveDate, u64)>,
    /// First and last day that has any release.
    span: Option<(NaiveDate, NaiveDate)>,
    /// What the bins are clipped to.
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl Trends {
    /// The same in few enough bins for a picture.
    pub fn drawn(&self) -> Self {
        match self.span {
            Some((first, last)) if self.bins.len() > MAX_BARS => self.clone().binned(Interval::for_span(first, last)),
            _ => self.clone(),
        }
    }

    /// Counts the days into bins.
    fn binned(mut self, interval: Interval) -> Self {
        let Some((first, last)) = self.span else { return self };
        let empty = bins(interval, first, last);
        let all = counts(&empty, &self.all_days);
        for series in &mut self.series {
            series.counts = counts(&empty, &series.days);
        }
        let clipped = |(bin, all): (Bin, u64)| TrendBin {
            first: self.from.map_or(bin.first, |from| bin.first.max(from)),
            last: self.to.map_or(bin.last, |to| bin.last.min(to)),
            label: bin.label,
            all,
        };
        self.bins = empty.into_iter().zip(all).map(clipped).collect();
        self.interval = interval;
        self
    }
}

/// Percent of all, to two decimals; `None` where there is nothing to have a share of.
pub fn share(count: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| (count as f64 * 10_000.0 / all as f64).round() / 100.0)
}

/// Days (oldest first) counted into bins.
fn counts(bins: &[Bin], days: &[(NaiveDate, u64)]) -> Vec<u64> {
    let mut counts = vec![0; bins.len()];
    for (day, count) in days {
        let at = bins.partition_point(|bin| bin.last < *day);
        if let Some(sum) = counts.get_mut(at) {
            *sum += count;
        }
    }
    counts
}

/// What is counted by where a reader asks for an interval: the next coarser, where that would have too many bins.
fn fitting(asked: Interval, first: NaiveDate, last: NaiveDate) -> Interval {
    let most = if asked == Interval::Month { MAX_MONTHS } else { MAX_BARS };
    match asked {
        Interval::Day | Interval::Month | Interval::Year if asked.bins(first, last) <= most => asked,
        Interval::Day => fitting(Interval::Month, first, last),
        Interval::Month => fitting(Interval::Year, first, last),
        Interval::Year | Interval::Years(_) => Interval::for_span(first, last),
    }
}

impl Archive {
    /// Compares searches over time, one pass over the index each.
    ///
    /// # Errors
    /// [`ReadingError::Building`] while the index holds nothing of an archive that does hold something.
    pub async fn trends(&self, request: &TrendsRequest) -> Result<Trends> {
        let overview = self.overview();
        if overview.generation.index == 0 && overview.releases > 0 {
            return Err(ReadingError::Building);
        }
        let filters = &request.each.filters;
        let (all_days, all_undated) = if filters.without_dates().is_empty() {
            let within = |day: NaiveDate| filters.from.is_none_or(|from| from <= day) && filters.to.is_none_or(|to| day <= to);
            let days = overview.days.iter().map(|day| (day.day, day.releases)).filter(|(day, _)| within(*day)).collect();
            (days, if filters.has_dates() { 0 } else { overview.undated })
        } else {
            let all = self.by_day(None, filters).await?;
            (all.days, all.undated)
        };
        let mut series = Vec::new();
        for q in request.queries.iter().take(MAX_QUERIES) {
            let query = self.read(&SearchRequest { q: q.clone(), ..request.each.clone() })?;
            let found = self.by_day(query.tree, filters).await?;
            series.push(Series {
                q: q.clone(),
                read_as: query.read_as,
                left_out: query.left_out,
                notes: query.notes,
                counts: Vec::new(),
                undated: found.undated,
                total: found.total,
                first: found.days.first().map(|(day, _)| *day),
                days: found.days,
            });
        }
        let unknown = unknown(&request.each, &overview);
        Ok(Trends { unknown, ..trends(request, series, all_days, all_undated) })
    }

    /// Hits by day, and none of them themselves.
    async fn by_day(&self, tree: Option<Node>, filters: &Filters) -> Result<SearchResults> {
        let ask = Ask { tree, filters: filters.clone(), within: None, sort: Sort::Newest, offset: 0, limit: 0, tally: Tally::Days };
        Ok(self.index().search(ask).await?)
    }
}

fn trends(request: &TrendsRequest, series: Vec<Series>, all_days: Vec<(NaiveDate, u64)>, all_undated: u64) -> Trends {
    // Without what is loaded but not indexed yet, and the other way round, no hit falls out of the bins.
    let days = all_days.iter().chain(series.iter().flat_map(|series| &series.days)).map(|(day, _)| *day);
    let span = days.clone().min().zip(days.max());
    let all = all_days.iter().map(|(_, count)| count).sum::<u64>() + all_undated;
    let interval = match (span, request.by) {
        (None, _) => Interval::Day,
        (Some((first, last)), None) => Interval::for_span(first, last),
        (Some((first, last)), Some(asked)) => fitting(asked, first, last),
    };
    let too_fine = request.by.zip(span).filter(|(asked, _)| *asked != interval);
    Trends {
        interval,
        too_fine: too_fine.map(|(asked, (first, last))| (asked, asked.bins(first, last))),
        bins: Vec::new(),
        series,
        all,
        all_undated,
        unknown: Vec::new(),
        all_days,
        span,
        from: request.each.filters.from,
        to: request.each.filters.to,
    }
    .binned(interval)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn request(by: Option<Interval>) -> TrendsRequest {
        TrendsRequest { queries: Vec::new(), each: SearchRequest::words("", day("2026-11-22")), by }
    }

    fn of(by: Option<Interval>, days: &[(&str, u64)]) -> Trends {
        let days: Vec<_> = days.iter().map(|(text, count)| (day(text), *count)).collect();
        let series = Series {
            q: "x".into(),
            read_as: String::new(),
            left_out: None,
            notes: Vec::new(),
            counts: Vec::new(),
            undated: 0,
            total: days.iter().map(|(_, count)| count).sum(),
            first: None,
            days: days.clone(),
        };
        trends(&request(by), vec![series], days, 3)
    }

    #[test]
    fn an_interval_that_is_too_fine_gives_way_to_the_next() {
        use Interval::{Day, Month, Year, Years};
        for (by, last, interval, bins, drawn) in [
            (None, "2000-02-01", Day, 32, Day),
            (Some(Month), "2000-02-01", Month, 2, Month),
            (Some(Day), "2000-03-20", Day, 80, Day),
            (Some(Day), "2000-03-21", Month, 3, Month),
            (Some(Month), "2033-04-30", Month, 400, Year),
            (Some(Month), "2033-05-01", Year, 34, Year),
            (Some(Day), "2079-12-31", Year, 80, Year),
            (Some(Day), "2080-01-01", Years(10), 9, Years(10)),
        ] {
            let trends = of(by, &[("2000-01-01", 2), (last, 1)]);
            assert_eq!((trends.interval, trends.bins.len(), trends.drawn().interval), (interval, bins, drawn), "{by:?} to {last}");
            assert_eq!(trends.too_fine.is_some(), by.is_some_and(|by| by != interval), "{by:?} to {last}");
            for trends in [trends.drawn(), trends] {
                assert_eq!(trends.series[0].counts.iter().sum::<u64>(), 3);
                assert_eq!(trends.bins.iter().map(|bin| bin.all).sum::<u64>() + trends.all_undated, trends.all);
            }
        }
        assert!(of(Some(Year), &[]).bins.is_empty());
    }

    #[test]
    fn bins_are_clipped_to_the_dates_asked_for() {
        let mut request = request(Some(Interval::Month));
        (request.each.filters.from, request.each.filters.to) = (Some(day("2000-01-20")), Some(day("2000-03-02")));
        let trends = trends(&request, Vec::new(), vec![(day("2000-01-31"), 1), (day("2000-03-01"), 1)], 0);
        let bins: Vec<_> = trends.bins.iter().map(|bin| (bin.first, bin.last, bin.all)).collect();
        let expected = [("2000-01-20", "2000-01-31", 1), ("2000-02-01", "2000-02-29", 0), ("2000-03-01", "2000-03-02", 1)];
        assert_eq!(bins, expected.map(|(first, last, all)| (day(first), day(last), all)));
    }
}
