//! Geometry of searches over time: a line and its points for each, told apart by dashes and shapes as well as by colour, y from 0.
//!
//! Places are percent of the drawing, so that points keep their shape whatever its width.

use chrono::{Datelike, NaiveDate};

use super::charts::unit;
use super::shell::{count, grouped};
use super::urls::{SearchUrl, TrendsUrl, Urls};
use crate::model::period::Period;
use crate::reading::trends::{Series, TrendBin, Trends, share};

/// So many pixels lie between the points that two searches have in one bin.
const APART: f64 = 3.0;

/// A point that leads to exactly the releases that it counts.
pub struct Point {
    pub x: String,
    pub y: String,
    pub href: String,
    /// "“resilience”, April 2025: 9 releases"
    pub name: String,
}

/// One of the searches.
pub struct Line {
    /// Its place, from 1: colour, dashes and shape go by it.
    pub number: usize,
    /// Pixels to the right, so that lines of equal height do not hide each other.
    pub shift: String,
    /// Corners of each unbroken part.
    pub runs: Vec<String>,
    pub points: Vec<Point>,
}

/// The picture.
pub struct LineChart {
    pub lines: Vec<Line>,
    /// What stands beside the top, the middle and the bottom.
    pub top: String,
    pub middle: String,
    pub bottom: &'static str,
    pub first_label: String,
    pub last_label: String,
    /// What a bin is.
    pub interval: &'static str,
}

impl LineChart {
    /// `None` where nothing was found that has a day.
    pub fn of(trends: &Trends, url: &TrendsUrl, urls: &Urls) -> Option<Self> {
        let (first, last) = (trends.bins.first()?, trends.bins.last()?);
        let values: Vec<Vec<Option<f64>>> = trends.series.iter().map(|series| heights(series, &trends.bins, url.share)).collect();
        let most = values.iter().flatten().flatten().copied().fold(0.0, f64::max);
        if most <= 0.0 {
            return None;
        }
        let top = round_above(most, url.share);
        let middle = (trends.series.len() as f64 - 1.0) / 2.0;
        let lines = trends.series.iter().zip(&values).enumerate().map(|(index, (series, values))| Line {
            number: index + 1,
            shift: format!("{}", (index as f64 - middle) * APART),
            runs: runs(values, top),
            points: points(series, values, top, trends, url, urls),
        });
        Some(Self {
            lines: lines.collect(),
            top: mark(top, url.share),
            // Half a release is no count.
            middle: if url.share || top >= 2.0 { mark(top / 2.0, url.share) } else { String::new() },
            bottom: "0",
            first_label: first.label.clone(),
            last_label: last.label.clone(),
            interval: unit(trends.interval),
        })
    }
}

/// What a search has in each bin; `None` where no release is held that it could be in: a hole in what is held is no fall to nothing.
fn heights(series: &Series, bins: &[TrendBin], as_share: bool) -> Vec<Option<f64>> {
    let each = series.counts.iter().zip(bins);
    each.map(|(count, bin)| if as_share { share(*count, bin.all) } else { (bin.all > 0).then_some(*count as f64) }).collect()
}

/// The lowest round number that is not below a value. The half of a count's is a whole number too, but for 1.
fn round_above(value: f64, as_share: bool) -> f64 {
    let steps = [0.01, 0.1, 1.0].into_iter().chain((1..15).map(|power| 10f64.powi(power)));
    let tops = steps.flat_map(|step| [1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 6.0, 8.0].map(|times| (times * step * 100.0).round() / 100.0));
    tops.filter(|top| as_share || *top == 1.0 || *top % 2.0 == 0.0).find(|top| *top >= value).unwrap_or(value)
}

/// A number beside the scale.
fn mark(value: f64, as_share: bool) -> String {
    if as_share { format!("{value}%") } else { grouped(value as u64) }
}

/// The middle of a bin.
fn x(index: usize, bins: usize) -> f64 {
    (index as f64 + 0.5) * 100.0 / bins.max(1) as f64
}

fn y(value: f64, top: f64) -> f64 {
    100.0 - value * 100.0 / top
}

fn runs(values: &[Option<f64>], top: f64) -> Vec<String> {
    let places: Vec<Option<String>> = values
        .iter()
        .enumerate()
        .map(|(index, value)| value.map(|value| format!("{:.2},{:.2}", x(index, values.len()), y(value, top))))
        .collect();
    // A point without neighbours has no line.
    places
        .split(Option::is_none)
        .filter(|run| run.len() > 1)
        .map(|run| run.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" "))
        .collect()
}

fn points(series: &Series, values: &[Option<f64>], top: f64, trends: &Trends, url: &TrendsUrl, urls: &Urls) -> Vec<Point> {
    let bins = trends.bins.iter().zip(&series.counts).zip(values).enumerate();
    bins.filter_map(|(index, ((bin, found), value))| {
        let value = value.filter(|_| *found > 0)?;
        let of_all = if url.share { format!(" of {}, {}", grouped(bin.all), percent(value)) } else { String::new() };
        Some(Point {
            x: format!("{:.2}%", x(index, values.len())),
            y: format!("{:.2}%", y(value, top)),
            href: urls.search(&narrowed(url, &series.q, bin)),
            name: format!("“{}”, {}: {}{of_all}", series.q, bin.label, count(*found, "release", "releases")),
        })
    })
    .collect()
}

/// "37.5%"
pub fn percent(value: f64) -> String {
    format!("{}%", (value * 10.0).round() / 10.0)
}

/// The search for exactly what a query counts in a bin.
pub fn narrowed(url: &TrendsUrl, q: &str, bin: &TrendBin) -> SearchUrl {
    let (from, to) = periods(bin.first, bin.last);
    SearchUrl { from: Some(from), to: Some(to), ..url.search(q) }
}

/// The largest periods that begin on one day and end on another.
fn periods(first: NaiveDate, last: NaiveDate) -> (Period, Period) {
    for (from, to) in [
        (Period::Year(first.year()), Period::Year(last.year())),
        (Period::Month(first.year(), first.month()), Period::Month(last.year(), last.month())),
    ] {
        if from.first() == first && to.last() == last {
            return (from, to);
        }
    }
    (Period::Day(first), Period::Day(last))
}

/// The ISO form of a bin: `2025`, `2025-04`, `2025-04-30`, or first and last of what is none of these.
pub fn iso(bin: &TrendBin) -> String {
    match periods(bin.first, bin.last) {
        (from, to) if from == to => from.to_string(),
        (from, to) => format!("{from}/{to}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_on_a_round_number() {
        for (value, top) in [(1.0, 1.0), (3.0, 4.0), (9.0, 10.0), (11.0, 12.0), (21.0, 30.0), (81.0, 100.0), (1_071.0, 1_200.0)] {
            assert_eq!(round_above(value, false), top, "{value}");
        }
        for (value, top) in [(0.3, 0.3), (0.013, 0.02), (1.1, 1.2), (52.2, 60.0), (100.0, 100.0)] {
            assert_eq!(round_above(value, true), top, "{value}%");
        }
    }

    #[test]
    fn lines_break_where_nothing_can_be_said() {
        assert_eq!(runs(&[Some(1.0), Some(2.0), None, Some(2.0)], 2.0), ["12.50,50.00 37.50,0.00"]);
    }

    #[test]
    fn bins_are_named_by_the_largest_period() {
        for (first, last, named) in [
            ("2025-01-01", "2025-12-31", "2025"),
            ("1950-01-01", "1959-12-31", "1950/1959"),
            ("2025-04-01", "2025-04-30", "2025-04"),
            ("2025-04-20", "2025-04-30", "2025-04-20/2025-04-30"),
            ("2025-04-20", "2025-04-20", "2025-04-20"),
        ] {
            let day = |text: &str| text.parse().expect("a day");
            let bin = TrendBin { first: day(first), last: day(last), label: String::new(), all: 0 };
            assert_eq!(iso(&bin), named);
        }
    }
}
