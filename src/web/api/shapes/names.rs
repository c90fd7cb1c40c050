//! Topics, places, people, organisations, and what an original address leads to.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::date::Quote;
use super::item::Item;
use super::search::Histogram;
use super::tokens::MentionKindWord;
use crate::model::query::Facet;
use crate::model::{self, MentionKind, Release};
use crate::reading::Overview;
use crate::reading::search::SearchAnswer;
use crate::store::Mentioned;
use crate::web::urls::{SearchUrl, Urls};

/// A place, person or organisation that a release names.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Mention {
    /// The permanent word for it in addresses.
    pub slug: String,
    pub name: String,
    /// For a person: the office held when the release was published, where it is known.
    pub role: Option<String>,
    /// Every place in the text where it is named.
    pub evidence: Vec<Quote>,
}

impl Mention {
    pub fn all(release: &Release, kind: MentionKind) -> Vec<Self> {
        let of_kind = release.mentions.iter().filter(|mention| mention.kind == kind);
        let mentions = of_kind.map(|mention| Self {
            slug: mention.slug.clone(),
            name: mention.name.clone(),
            role: mention.role.clone(),
            evidence: mention.evidence.iter().map(Quote::from).collect(),
        });
        mentions.collect()
    }
}

/// What a release names.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Mentions {
    pub id: String,
    pub places: Vec<Mention>,
    pub people: Vec<Mention>,
    pub organisations: Vec<Mention>,
}

impl Mentions {
    pub fn of(release: &Release) -> Self {
        Self {
            id: release.item.id.to_string(),
            places: Mention::all(release, MentionKind::Place),
            people: Mention::all(release, MentionKind::Person),
            organisations: Mention::all(release, MentionKind::Organisation),
        }
    }
}

/// A place, person or organisation, and how many releases name it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MentionCount {
    pub slug: String,
    pub name: String,
    pub kind: MentionKindWord,
    /// How many releases that are shown name it.
    pub releases: u64,
    /// The page that lists them; null for organisations, which searches do not filter by.
    pub url: Option<String>,
}

impl MentionCount {
    pub fn of(mentioned: &Mentioned, kind: MentionKind, urls: &Urls) -> Self {
        let facet = match kind {
            MentionKind::Place => Some(Facet::Place),
            MentionKind::Person => Some(Facet::Person),
            MentionKind::Organisation => None,
        };
        Self {
            slug: mentioned.slug.clone(),
            name: mentioned.name.clone(),
            kind: MentionKindWord(kind),
            releases: mentioned.releases,
            url: facet.map(|facet| urls.absolute(&urls.search(&SearchUrl::facet(facet, &mentioned.slug)))),
        }
    }
}

/// A page of what releases name, most often named first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MentionList {
    pub total: u64,
    pub items: Vec<MentionCount>,
    /// What `cursor` is given for the next page; null on the last.
    pub next: Option<String>,
}

/// A topic of the archive’s vocabulary.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Topic {
    #[schema(example = "nuclear-deterrence")]
    pub slug: String,
    pub label: String,
    /// Its name in French.
    pub label_fr: String,
    /// What belongs here, in a sentence.
    pub scope: String,
    /// The slug of the topic that it is a part of.
    pub broader: Option<String>,
    /// Slugs of its parts.
    pub narrower: Vec<String>,
    pub related: Vec<String>,
    /// How many releases are about it.
    pub releases: u64,
    #[schema(format = "uri")]
    pub url: String,
}

impl Topic {
    pub fn of(topic: &model::Topic, overview: &Overview, urls: &Urls) -> Self {
        let narrower = overview.topics.iter().filter(|other| other.broader.as_deref() == Some(&topic.slug));
        Self {
            slug: topic.slug.clone(),
            label: topic.label.clone(),
            label_fr: topic.label_fr.clone(),
            scope: topic.scope.clone(),
            broader: topic.broader.clone(),
            narrower: narrower.map(|other| other.slug.clone()).collect(),
            related: topic.related.clone(),
            releases: overview.count(Facet::Topic, &topic.slug),
            url: urls.absolute(&urls.topic(&topic.slug)),
        }
    }
}

/// All topics, in the vocabulary’s order.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TopicList {
    pub total: u64,
    pub items: Vec<Topic>,
    /// Always null: the list has one page.
    pub next: Option<String>,
}

/// A topic, and its releases over time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TopicInTime {
    #[serde(flatten)]
    pub topic: Topic,
    /// The first day with a release about it.
    pub first: Option<NaiveDate>,
    /// The last day with a release about it.
    pub last: Option<NaiveDate>,
    pub histogram: Histogram,
    /// Where a program lists its releases.
    #[schema(format = "uri")]
    pub releases_url: String,
}

impl TopicInTime {
    pub fn of(topic: &model::Topic, answer: &SearchAnswer, urls: &Urls) -> Self {
        let span = answer.histogram.span;
        let listed = SearchUrl::facet(Facet::Topic, &topic.slug);
        Self {
            topic: Topic::of(topic, &answer.overview, urls),
            first: span.map(|(first, _)| first),
            last: span.map(|(_, last)| last),
            histogram: Histogram::from(&answer.histogram),
            releases_url: urls.absolute(&urls.api_list("releases", &listed.query())),
        }
    }
}

/// What an original address or a publisher’s number leads to.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Resolved {
    /// What was asked for.
    pub asked: String,
    /// The language that the address names, where the release that is held is in another one.
    pub wanted_lang: Option<String>,
    pub release: Item,
}
