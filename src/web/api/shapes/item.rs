//! A release in a list.

use serde::Serialize;
use utoipa::ToSchema;

use super::date::Published;
use super::search::Unknown;
use super::tokens::KindWord;
use crate::model::{ReleaseItem, Source, TopicRef};
use crate::web::urls::Urls;

/// Who published a release.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Publisher {
    #[schema(example = "NATO")]
    pub name: String,
    /// The permanent word for it in addresses; `unknown` where nobody states a publisher.
    #[schema(example = "nato")]
    pub slug: String,
}

impl From<&Source> for Publisher {
    fn from(source: &Source) -> Self {
        Self { name: source.name.clone(), slug: source.slug.clone() }
    }
}

/// A topic by its address and its name.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TopicName {
    #[schema(example = "nuclear-deterrence")]
    pub slug: String,
    pub label: String,
}

impl From<&TopicRef> for TopicName {
    fn from(topic: &TopicRef) -> Self {
        Self { slug: topic.slug.clone(), label: topic.label.clone() }
    }
}

/// What every form of a release begins with.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Head {
    /// The permanent name of the release: eight characters of Crockford’s base 32.
    #[schema(example = "0a1b2c3d", min_length = 8, max_length = 8)]
    pub id: String,
    /// The publisher’s own key, where there is one.
    pub key: Option<String>,
    pub title: String,
    /// The permalink: the page for people.
    #[schema(format = "uri")]
    pub url: String,
    /// Where the release was published.
    pub original_url: Option<String>,
    pub kind: KindWord,
    /// BCP 47 tag of its language; `und` where the words do not tell.
    #[schema(example = "en")]
    pub lang: String,
    pub source: Publisher,
    pub published: Published,
}

impl Head {
    pub fn of(item: &ReleaseItem, urls: &Urls) -> Self {
        Self {
            id: item.id.to_string(),
            key: item.key.clone(),
            title: item.title.clone(),
            url: urls.absolute(&urls.item(item)),
            original_url: item.url.clone(),
            kind: KindWord(item.kind),
            lang: item.lang.clone(),
            source: Publisher::from(&item.source),
            published: Published::from(&item.published),
        }
    }
}

/// A release in a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Item {
    #[serde(flatten)]
    pub head: Head,
    pub topics: Vec<TopicName>,
}

impl Item {
    pub fn of(item: &ReleaseItem, urls: &Urls) -> Self {
        Self { head: Head::of(item, urls), topics: item.topics.iter().map(TopicName::from).collect() }
    }
}

/// A page of a list of releases.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ItemList {
    /// How many releases the whole list has.
    pub total: u64,
    pub items: Vec<Item>,
    /// What `cursor` is given for the next page; null on the last.
    pub next: Option<String>,
    /// Chosen values that the archive has never heard of; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
}
