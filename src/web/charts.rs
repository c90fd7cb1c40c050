//! Geometry of the charts: server-made SVG, bars that are links, y from 0.

use super::shell::{count, grouped};
use super::urls::{SearchUrl, Urls};
use crate::model::date::long_range;
use crate::model::period::Period;
use crate::reading::histogram::{Bin, Histogram, Interval};

/// Height of the drawing in its own units; it is stretched to its place.
const HEIGHT: f64 = 100.0;
/// Width of a bar with the gap behind it.
const STEP: u32 = 10;

pub struct Bar {
    pub x: u32,
    pub y: String,
    pub height: String,
    pub href: String,
    /// "April 2025: 9 releases"
    pub name: String,
    pub label: String,
    pub count: u64,
    pub selected: bool,
}

/// Releases over time.
pub struct Chart {
    pub bars: Vec<Bar>,
    pub width: u32,
    pub max: u64,
    pub first_label: String,
    pub last_label: String,
    /// One sentence on what the picture shows.
    pub caption: String,
    pub undated: u64,
    pub undated_href: Option<String>,
    pub interval: &'static str,
}

impl Chart {
    /// Bars that lead to the pages of their periods.
    pub fn of_archive(histogram: &Histogram, urls: &Urls) -> Option<Self> {
        let href = |bin: &Bin| match period(histogram.interval, bin) {
            Some(period) => urls.period(period),
            None => urls.search(&SearchUrl { from: Some(Period::Day(bin.first)), to: Some(Period::Day(bin.last)), ..SearchUrl::default() }),
        };
        let undated = (histogram.undated > 0).then(|| urls.undated());
        Self::new(histogram, href, |_| false, undated)
    }

    /// Bars that narrow a search to their period.
    pub fn of_search(histogram: &Histogram, urls: &Urls, search: &SearchUrl) -> Option<Self> {
        let narrowed = |bin: &Bin| {
            let (from, to) = match period(histogram.interval, bin) {
                Some(period) => (period, period),
                None => (Period::Day(bin.first), Period::Day(bin.last)),
            };
            SearchUrl { from: Some(from), to: Some(to), page: 1, ..search.clone() }
        };
        let chosen =
            |bin: &Bin| search.from.is_some_and(|from| from.first() == bin.first) && search.to.is_some_and(|to| to.last() == bin.last);
        Self::new(histogram, |bin| urls.search(&narrowed(bin)), chosen, None)
    }

    fn new(
        histogram: &Histogram,
        href: impl Fn(&Bin) -> String,
        selected: impl Fn(&Bin) -> bool,
        undated_href: Option<String>,
    ) -> Option<Self> {
        let (first, last) = (histogram.bins.first()?, histogram.bins.last()?);
        let max = histogram.max().max(1);
        let bars = histogram
            .bins
            .iter()
            .zip(0u32..)
            .filter(|(bin, _)| bin.count > 0)
            .map(|(bin, index)| {
                // The smallest bar stays visible.
                let height = (HEIGHT * bin.count as f64 / max as f64).max(1.5);
                Bar {
                    x: index * STEP,
                    y: format!("{:.1}", HEIGHT - height),
                    height: format!("{height:.1}"),
                    href: href(bin),
                    name: format!("{}: {}", bin.label, count(bin.count, "release", "releases")),
                    label: bin.label.clone(),
                    count: bin.count,
                    selected: selected(bin),
                }
            })
            .collect();
        let dated = histogram.total() - histogram.undated;
        // Only where one bar stands out.
        let highest: Vec<&Bin> = histogram.bins.iter().filter(|bin| bin.count == histogram.max()).collect();
        let most = match highest.as_slice() {
            [bin] if histogram.bins.len() > 1 => {
                format!("; most {} {} ({})", preposition(histogram.interval), bin.label, grouped(bin.count))
            }
            _ => String::new(),
        };
        let span = histogram.span.map(|(first, last)| long_range(first, last)).unwrap_or_default();
        Some(Self {
            bars,
            width: histogram.bins.len() as u32 * STEP,
            max,
            first_label: first.label.clone(),
            last_label: last.label.clone(),
            caption: format!("{}, {span}, by {}{most}.", count(dated, "release", "releases"), unit(histogram.interval)),
            undated: histogram.undated,
            undated_href,
            interval: unit(histogram.interval),
        })
    }
}

/// What a bin is called.
pub const fn unit(interval: Interval) -> &'static str {
    match interval {
        Interval::Day => "day",
        Interval::Month => "month",
        Interval::Year => "year",
        Interval::Years(_) => "span of years",
    }
}

/// "on" a day, "in" a month.
pub const fn preposition(interval: Interval) -> &'static str {
    if matches!(interval, Interval::Day) { "on" } else { "in" }
}

fn period(interval: Interval, bin: &Bin) -> Option<Period> {
    match interval {
        Interval::Day => Some(Period::Day(bin.first)),
        Interval::Month => Some(Period::Month(0, 1).same_size(bin.first)),
        Interval::Year => Some(Period::Year(0).same_size(bin.first)),
        Interval::Years(_) => None,
    }
}

/// A line without axes: `role=img` with its smallest, largest and last value in words.
pub struct Sparkline {
    pub points: String,
    pub width: u32,
    pub name: String,
}

impl Sparkline {
    pub fn of(histogram: &Histogram) -> Option<Self> {
        let last = histogram.bins.last()?;
        let max = histogram.max().max(1);
        let min = histogram.bins.iter().map(|bin| bin.count).min().unwrap_or(0);
        let width = (histogram.bins.len().max(2) as u32 - 1) * 4;
        let mut points: Vec<String> = histogram
            .bins
            .iter()
            .enumerate()
            .map(|(index, bin)| format!("{},{:.1}", index * 4, 19.0 - 18.0 * bin.count as f64 / max as f64))
            .collect();
        if points.len() == 1 {
            // A single bin is drawn as a level line.
            points.push(points[0].replacen("0,", &format!("{width},"), 1));
        }
        let unit = unit(histogram.interval);
        let name = format!("Releases by {unit}: from {min} to {max} a {unit}, {} in {}.", last.count, last.label);
        Some(Self { points: points.join(" "), width, name })
    }
}
