//! Searches as addresses say them.

use crate::model::period::Period;
use crate::model::query::{Facet, Filters, Match, Sort};
use crate::reading::histogram::Interval;

/// A search as an address says it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchUrl {
    pub q: String,
    pub from: Option<Period>,
    pub to: Option<Period>,
    pub filters: Filters,
    pub sort: Option<Sort>,
    pub wanted: Match,
    /// Whether other spellings and names are switched off.
    pub plain: bool,
    /// The facet of which every value is listed.
    pub show: Option<Facet>,
    /// Whether that list is alphabetical.
    pub by_name: bool,
    pub page: u32,
}

impl SearchUrl {
    pub fn words(q: &str) -> Self {
        Self { q: q.to_owned(), ..Self::default() }
    }

    pub fn facet(facet: Facet, value: &str) -> Self {
        Self { filters: Filters::default().with(facet, value), ..Self::default() }
    }

    /// The parameters, always in the same order, nothing that says the default.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.q.is_empty() {
            query.append_pair("q", &self.q);
        }
        for (name, period) in [("from", self.from), ("to", self.to)] {
            if let Some(period) = period {
                query.append_pair(name, &period.to_string());
            }
        }
        for (facet, value) in self.filters.chosen() {
            query.append_pair(facet.token(), value);
        }
        if let Some(sort) = self.sort {
            query.append_pair("sort", sort.token());
        }
        if self.wanted != Match::Auto {
            query.append_pair("match", self.wanted.token());
        }
        if self.plain {
            query.append_pair("variants", "off");
        }
        if let Some(facet) = self.show {
            query.append_pair("show", facet.token());
            if self.by_name {
                query.append_pair("order", "name");
            }
        }
        if self.page > 1 {
            query.append_pair("page", &self.page.to_string());
        }
        query.finish()
    }
}

/// Searches compared over time, as an address says it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrendsUrl {
    pub queries: Vec<String>,
    /// Dates, filters and reading of words that all of them have; without words, order and page.
    pub each: SearchUrl,
    /// `None` for the interval that fits the span.
    pub by: Option<Interval>,
    /// Percent of all releases instead of a count.
    pub share: bool,
}

impl TrendsUrl {
    /// One search over time, its filters kept.
    pub fn of(search: &SearchUrl) -> Self {
        let queries = Some(search.q.clone()).filter(|q| !q.is_empty()).into_iter().collect();
        let each = SearchUrl { q: String::new(), sort: None, show: None, by_name: false, page: 1, ..search.clone() };
        Self { queries, each, by: None, share: false }
    }

    /// The search that finds what one of the queries counts.
    pub fn search(&self, q: &str) -> SearchUrl {
        SearchUrl { q: q.to_owned(), ..self.each.clone() }
    }

    /// The parameters, always in the same order, nothing that says the default.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for q in &self.queries {
            query.append_pair("q", q);
        }
        for (name, value) in [("by", self.by.map(Interval::token)), ("as", self.share.then_some("share"))] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        let filters = self.each.query();
        let query = query.finish();
        if query.is_empty() || filters.is_empty() { query + &filters } else { format!("{query}&{filters}") }
    }
}
