//! What a reader asks for: words, filters, order, page.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

/// Results can be paged to this many hits; past that the page asks for a narrower search and the export gives all.
pub const MAX_REACH: usize = 1_000;

/// A facet: a property that results can be narrowed by and counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Facet {
    Topic,
    Kind,
    Place,
    Person,
    Source,
    Lang,
}

impl Facet {
    pub const ALL: [Self; 6] = [Self::Topic, Self::Kind, Self::Place, Self::Person, Self::Source, Self::Lang];

    /// The parameter in addresses and the key in data.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Kind => "kind",
            Self::Place => "place",
            Self::Person => "person",
            Self::Source => "source",
            Self::Lang => "lang",
        }
    }

    /// What a person calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Topic => "Topic",
            Self::Kind => "Kind",
            Self::Place => "Place",
            Self::Person => "Person",
            Self::Source => "Publisher",
            Self::Lang => "Language",
        }
    }
}

/// What narrows a search. Values of one facet mean any of them; different facets combine with and.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filters {
    /// Inclusive, on the day that a release sorts on.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    values: [Vec<String>; 6],
}

impl Filters {
    pub fn values(&self, facet: Facet) -> &[String] {
        &self.values[facet as usize]
    }

    /// Adds a value once; order of first appearance is kept.
    pub fn add(&mut self, facet: Facet, value: impl Into<String>) {
        let value = value.into();
        let values = &mut self.values[facet as usize];
        if !values.contains(&value) {
            values.push(value);
        }
    }

    pub fn without(&self, facet: Facet, value: &str) -> Self {
        let mut filters = self.clone();
        filters.values[facet as usize].retain(|kept| kept != value);
        filters
    }

    pub fn with(&self, facet: Facet, value: &str) -> Self {
        let mut filters = self.clone();
        filters.add(facet, value);
        filters
    }

    pub fn without_dates(&self) -> Self {
        Self { from: None, to: None, ..self.clone() }
    }

    pub fn has_dates(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    pub fn is_empty(&self) -> bool {
        !self.has_dates() && self.values.iter().all(Vec::is_empty)
    }

    /// Every chosen value with its facet, in a fixed order.
    pub fn chosen(&self) -> impl Iterator<Item = (Facet, &str)> {
        Facet::ALL.into_iter().flat_map(|facet| self.values(facet).iter().map(move |value| (facet, value.as_str())))
    }
}

/// The order of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    Relevance,
    Newest,
    Oldest,
    /// Last come first: by the minute at which a release came or was last changed by its publisher or by the owner, then as newest. No form offers it;
    /// feeds are in this order.
    Arrived,
    /// By internal number, highest first: the order in which the archive took releases in, which no later change moves. No form offers it either.
    Number,
}

impl Sort {
    /// What a reader can choose.
    pub const ALL: [Self; 3] = [Self::Relevance, Self::Newest, Self::Oldest];

    pub const fn token(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Arrived => "arrived",
            Self::Number => "number",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Relevance => "most relevant first",
            Self::Newest => "newest first",
            Self::Oldest => "oldest first",
            Self::Arrived | Self::Number => "last come first",
        }
    }

    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.token() == token)
    }
}

/// How many of the words are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Match {
    /// All of a few words, most of many.
    #[default]
    Auto,
    All,
    Any,
}

impl Match {
    pub const ALL: [Self; 3] = [Self::Auto, Self::All, Self::Any];

    /// The value of the parameter `match`.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::All => "all",
            Self::Any => "any",
        }
    }

    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wanted| wanted.token() == token)
    }
}

/// The releases that a search is asked about, by internal number: for what follows the archive rather than reads it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Within {
    /// Taken in after this one.
    After(i64),
    /// Taken in after the first, up to the second.
    Range { after: i64, to: i64 },
    /// These, in rising order.
    These(Arc<[i64]>),
}

impl Within {
    pub fn contains(&self, seq: i64) -> bool {
        match self {
            Self::After(after) => seq > *after,
            Self::Range { after, to } => seq > *after && seq <= *to,
            Self::These(seqs) => seqs.binary_search(&seq).is_ok(),
        }
    }
}

/// A search as asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SearchRequest {
    /// The words as typed; empty for all releases.
    pub q: String,
    /// The day that dates without a year are counted back from.
    pub today: NaiveDate,
    pub wanted: Match,
    /// Whether other spellings and names of the words are looked for too.
    pub variants: bool,
    pub filters: Filters,
    /// `None` for all releases.
    pub within: Option<Within>,
    pub sort: Sort,
    /// How many hits to pass over, and how many to give.
    pub offset: usize,
    pub limit: usize,
    /// How many values of each facet to give, beside those that are chosen.
    pub values: usize,
}

impl SearchRequest {
    /// A search for words with nothing else chosen, for its count alone.
    pub fn words(q: impl Into<String>, today: NaiveDate) -> Self {
        Self {
            q: q.into(),
            today,
            wanted: Match::Auto,
            variants: true,
            filters: Filters::default(),
            within: None,
            sort: Sort::Relevance,
            offset: 0,
            limit: 0,
            values: usize::MAX,
        }
    }
}
