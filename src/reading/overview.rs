//! What the archive holds, read once for each generation: pages count nothing themselves.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::Result;
use super::suggest::Names;
use crate::index::{SearchIndex, Tally};
use crate::model::query::{Facet, Filters, Sort};
use crate::model::{DayCount, Kind, Topic};
use crate::store::{ArchiveStore, Labels};

/// Which state of the archive a page shows: the change log's last entry as the database and as the index know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Generation {
    pub store: i64,
    pub index: i64,
}

impl Generation {
    /// Whether search sees all that the database holds.
    pub const fn is_level(self) -> bool {
        self.index >= self.store
    }
}

/// The archive at a glance.
#[derive(Debug, Default)]
pub struct Overview {
    pub generation: Generation,
    /// The archive's own identifier.
    pub archive_id: String,
    pub documents: u64,
    pub releases: u64,
    pub undated: u64,
    /// Days that have releases, oldest first.
    pub days: Vec<DayCount>,
    /// When a document was last loaded (RFC 3339, UTC).
    pub loaded_at: Option<String>,
    /// In the vocabulary's order.
    pub topics: Vec<Topic>,
    counts: HashMap<(Facet, String), u64>,
    labels: Labels,
    /// What is suggested as one types.
    pub names: Names,
}

impl Overview {
    pub async fn read(store: &dyn ArchiveStore, index: &Arc<SearchIndex>) -> Result<Self> {
        let summary = store.summary().await?;
        let (days, undated) = store.day_counts().await?;
        let everything = crate::index::Ask {
            tree: None,
            filters: Filters::default(),
            sort: Sort::Newest,
            offset: 0,
            limit: 0,
            tally: Tally::Everything,
        };
        let found = index.search(everything).await?;
        let counts = Facet::ALL
            .into_iter()
            .flat_map(|facet| found.facet(facet).iter().map(move |count| ((facet, count.value.clone()), count.count)))
            .collect();
        let mut overview = Self {
            generation: Generation { store: summary.generation, index: index.generation() },
            archive_id: summary.archive_id,
            documents: summary.documents,
            releases: days.iter().map(|day| day.releases).sum::<u64>() + undated,
            undated,
            days,
            loaded_at: summary.loaded_at,
            topics: store.topics().await?,
            labels: store.labels().await?,
            counts,
            names: Names::default(),
        };
        overview.names = Names::of(&overview);
        Ok(overview)
    }

    pub fn first(&self) -> Option<NaiveDate> {
        self.days.first().map(|day| day.day)
    }

    pub fn last(&self) -> Option<NaiveDate> {
        self.days.last().map(|day| day.day)
    }

    pub fn topic(&self, slug: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.slug == slug)
    }

    /// How many releases have a value of a facet.
    pub fn count(&self, facet: Facet, value: &str) -> u64 {
        self.counts.get(&(facet, value.to_owned())).copied().unwrap_or(0)
    }

    /// Values of a facet, most frequent first.
    pub fn values(&self, facet: Facet) -> Vec<(&str, u64)> {
        let mut values: Vec<(&str, u64)> =
            self.counts.iter().filter(|((of, _), _)| *of == facet).map(|((_, value), count)| (value.as_str(), *count)).collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        values
    }

    /// Whether the archive has ever heard of a value.
    pub fn knows(&self, facet: Facet, value: &str) -> bool {
        self.count(facet, value) > 0
            || match facet {
                Facet::Topic => self.topic(value).is_some(),
                Facet::Kind => value.parse::<Kind>().is_ok(),
                _ => self.labels.contains_key(&(facet.token().to_owned(), value.to_owned())),
            }
    }

    /// What a person reads for a value; the value itself where nothing better is known.
    pub fn label(&self, facet: Facet, value: &str) -> String {
        let known = match facet {
            Facet::Topic => self.topic(value).map(|topic| topic.label.clone()),
            Facet::Kind => value.parse::<Kind>().ok().map(|kind| kind.label().to_owned()),
            Facet::Lang => Some(language_name(value).to_owned()),
            _ => self.labels.get(&(facet.token().to_owned(), value.to_owned())).cloned(),
        };
        known.unwrap_or_else(|| value.to_owned())
    }
}

/// The English name of a language tag that releases come in; the tag itself for any other.
pub fn language_name(tag: &str) -> &str {
    match tag {
        "en" => "English",
        "fr" => "French",
        "ru" => "Russian",
        "uk" => "Ukrainian",
        "de" => "German",
        "nl" => "Dutch",
        "es" => "Spanish",
        "it" => "Italian",
        "und" => "Language not known",
        other => other,
    }
}
