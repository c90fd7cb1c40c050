//! What a search found.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::item::Item;
use super::tokens::{FacetWord, IntervalWord};
use crate::model::query::Facet;
use crate::reading::histogram;
use crate::reading::search::{FacetValue, SearchAnswer};
use crate::web::urls::Urls;

/// A value of a facet, counted.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Value {
    /// What the facet’s parameter is given.
    pub value: String,
    /// What a person reads for it.
    pub label: String,
    /// Exactly how many of these results have it.
    pub count: u64,
    /// Whether the search asked for it.
    pub selected: bool,
}

impl From<&FacetValue> for Value {
    fn from(value: &FacetValue) -> Self {
        Self { value: value.value.clone(), label: value.label.clone(), count: value.count, selected: value.selected }
    }
}

/// Every value that these results have, facet by facet.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Facets {
    pub topic: Vec<Value>,
    pub kind: Vec<Value>,
    pub place: Vec<Value>,
    pub person: Vec<Value>,
    pub source: Vec<Value>,
    pub lang: Vec<Value>,
    pub year: Vec<Value>,
}

impl Facets {
    pub fn of(answer: &SearchAnswer) -> Self {
        let values = |facet: Facet| answer.facet(facet).iter().map(Value::from).collect();
        Self {
            topic: values(Facet::Topic),
            kind: values(Facet::Kind),
            place: values(Facet::Place),
            person: values(Facet::Person),
            source: values(Facet::Source),
            lang: values(Facet::Lang),
            year: years(answer),
        }
    }
}

/// Hits for each year that has some, newest first.
pub fn years(answer: &SearchAnswer) -> Vec<Value> {
    let year = |(year, count): &(i32, u64)| Value { value: year.to_string(), label: year.to_string(), count: *count, selected: false };
    answer.years.iter().map(year).collect()
}

/// One bin.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Bin {
    /// Its first day.
    pub start: NaiveDate,
    pub count: u64,
}

/// Releases over time, in at most 80 bins without a hole between them.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Histogram {
    pub interval: IntervalWord,
    pub bins: Vec<Bin>,
    /// How many have no day and are in none of the bins.
    pub undated: u64,
}

impl From<&histogram::Histogram> for Histogram {
    fn from(histogram: &histogram::Histogram) -> Self {
        Self {
            interval: IntervalWord(histogram.interval),
            bins: histogram.bins.iter().map(|bin| Bin { start: bin.first, count: bin.count }).collect(),
            undated: histogram.undated,
        }
    }
}

/// Other words that find more.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Suggested {
    pub q: String,
    /// How many releases they find.
    pub total: u64,
}

/// A value that the archive has never heard of: it finds nothing.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Unknown {
    pub facet: FacetWord,
    pub value: String,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Results {
    /// Exactly how many releases were found.
    pub total: u64,
    /// How the query was read, words between stars; empty where nothing was asked.
    pub read_as: String,
    /// What could not be read as meant, a sentence each.
    pub notes: Vec<String>,
    pub did_you_mean: Option<Suggested>,
    /// Chosen values that the archive has never heard of.
    pub unknown: Vec<Unknown>,
    pub items: Vec<Item>,
    pub facets: Facets,
    pub histogram: Histogram,
    /// What `cursor` is given for the next page; null on the last that can be reached.
    pub next: Option<String>,
}

impl Results {
    pub fn of(answer: &SearchAnswer, next: Option<String>, urls: &Urls) -> Self {
        Self {
            total: answer.total,
            read_as: answer.query.read_as.clone(),
            notes: answer.query.notes.clone(),
            did_you_mean: answer.did_you_mean.as_ref().map(|way| Suggested { q: way.request.q.clone(), total: way.count }),
            unknown: unknown(&answer.unknown),
            items: answer.found.iter().map(|found| Item::of(&found.item, urls)).collect(),
            facets: Facets::of(answer),
            histogram: Histogram::from(&answer.histogram),
            next,
        }
    }
}

/// Chosen values that the archive has never heard of.
pub fn unknown(values: &[(Facet, String)]) -> Vec<Unknown> {
    values.iter().map(|(facet, value)| Unknown { facet: FacetWord(*facet), value: value.clone() }).collect()
}

/// A page of a facet’s values, those of most releases first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FacetList {
    /// How many values there are.
    pub total: u64,
    pub items: Vec<Value>,
    /// What `cursor` is given for the next page; null on the last.
    pub next: Option<String>,
    /// How many releases the search found.
    pub releases: u64,
    pub read_as: String,
    /// Chosen values that the archive has never heard of; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
}
