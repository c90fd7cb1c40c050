//! Searches over time.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::search::{Unknown, unknown};
use super::tokens::IntervalWord;
use crate::reading::trends::{self, share};
use crate::web::urls::{TrendsUrl, Urls};

/// All releases with the same filters.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct All {
    pub total: u64,
    /// How many of them have no day and are in none of the bins.
    pub undated: u64,
}

/// One of the searches.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Query {
    pub q: String,
    pub read_as: String,
    pub total: u64,
    pub undated: u64,
    /// The first day with a release.
    pub first: Option<NaiveDate>,
    /// The page that lists what it finds.
    #[schema(format = "uri")]
    pub url: String,
}

/// A period.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TrendBin {
    pub start: NaiveDate,
    pub end: NaiveDate,
    /// All releases of the period.
    pub all: u64,
    /// A count for each of the searches, in their order.
    pub counts: Vec<u64>,
    /// The same in percent of `all`, to two decimals; null where there is nothing to have a share of.
    pub shares: Vec<Option<f64>>,
}

/// Searches over time. Every count is exact.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Trends {
    pub interval: IntervalWord,
    /// The interval that was asked for, where another one had to be taken or the same was.
    pub interval_asked: Option<IntervalWord>,
    pub all: All,
    pub queries: Vec<Query>,
    pub bins: Vec<TrendBin>,
    /// Chosen values that the archive has never heard of; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
    /// The page that draws it.
    #[schema(format = "uri")]
    pub url: String,
}

impl Trends {
    pub fn of(trends: &trends::Trends, url: &TrendsUrl, urls: &Urls) -> Self {
        let queries = trends.series.iter().map(|series| Query {
            q: series.q.clone(),
            read_as: series.read_as.clone(),
            total: series.total,
            undated: series.undated,
            first: series.first,
            url: urls.absolute(&urls.search(&url.search(&series.q))),
        });
        let bins = trends.bins.iter().enumerate().map(|(index, bin)| {
            let counts: Vec<u64> = trends.series.iter().map(|series| series.counts.get(index).copied().unwrap_or(0)).collect();
            let shares = counts.iter().map(|count| share(*count, bin.all)).collect();
            TrendBin { start: bin.first, end: bin.last, all: bin.all, counts, shares }
        });
        Self {
            interval: IntervalWord(trends.interval),
            interval_asked: url.by.map(IntervalWord),
            all: All { total: trends.all, undated: trends.all_undated },
            queries: queries.collect(),
            bins: bins.collect(),
            unknown: unknown(&trends.unknown),
            url: urls.absolute(&urls.trends(url)),
        }
    }
}
