//! Suggestions as one types: periods, names and titles that hold something, from memory but for the titles.

use chrono::NaiveDate;

use super::{Archive, Overview, Result};
use crate::index::grammar::{MIN_PREFIX, Node};
use crate::index::{Ask, Tally};
use crate::model::ReleaseItem;
use crate::model::period::Period;
use crate::model::query::{Facet, Filters, Sort};
use crate::model::text::folded_words;

/// So many suggestions are made at most.
pub const MAX_SUGGESTIONS: usize = 8;
/// So much of what was typed is read, in characters.
pub const MAX_TYPED: usize = 100;
/// So many of the suggestions are topics, people and places.
const MAX_NAMES: usize = 4;
const MAX_TITLES: usize = 4;

/// The facets whose values are suggested.
const NAMED: [Facet; 3] = [Facet::Topic, Facet::Person, Facet::Place];

/// What a suggestion leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Suggestion {
    Period { period: Period, releases: u64 },
    Name { facet: Facet, value: String, label: String, releases: u64 },
    Title(Box<ReleaseItem>),
}

/// Topics, people and places with releases, most frequent first. Made once for each generation.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<Name>);

#[derive(Clone, Debug)]
struct Name {
    facet: Facet,
    value: String,
    label: String,
    releases: u64,
    words: Vec<String>,
}

impl Names {
    pub fn of(overview: &Overview) -> Self {
        let values =
            NAMED.into_iter().flat_map(|facet| overview.values(facet).into_iter().map(move |(value, releases)| (facet, value, releases)));
        let mut names: Vec<Name> = values
            .filter(|(.., releases)| *releases > 0)
            .map(|(facet, value, releases)| {
                let label = overview.label(facet, value);
                Name { facet, value: value.to_owned(), words: folded_words(&label), label, releases }
            })
            .collect();
        names.sort_by(|a, b| b.releases.cmp(&a.releases).then_with(|| a.label.cmp(&b.label)).then_with(|| a.facet.cmp(&b.facet)));
        Self(names)
    }

    /// Those of which each typed word begins some word.
    fn beginning(&self, typed: &[String]) -> impl Iterator<Item = Suggestion> {
        self.0.iter().filter(|name| begins(&name.words, typed)).map(|name| Suggestion::Name {
            facet: name.facet,
            value: name.value.clone(),
            label: name.label.clone(),
            releases: name.releases,
        })
    }
}

/// Whether each typed word begins some word of a name.
fn begins(words: &[String], typed: &[String]) -> bool {
    typed.iter().all(|start| words.iter().any(|word| word.starts_with(start.as_str())))
}

impl Archive {
    /// What may be meant by what was typed so far. `today` is what a day without a year is measured by.
    pub async fn suggest(&self, typed: &str, today: NaiveDate) -> Result<Vec<Suggestion>> {
        let typed: String = typed.chars().take(MAX_TYPED).collect();
        let words = folded_words(&typed);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let overview = self.overview();
        let mut suggestions = Vec::new();
        if let Ok(period) = Period::typed(&typed, today) {
            let releases = overview.count_in(period);
            suggestions.extend((releases > 0).then_some(Suggestion::Period { period, releases }));
        }
        suggestions.extend(overview.suggested.beginning(&words).take(MAX_NAMES));
        suggestions.extend(self.titles(&words).await?.into_iter().map(|item| Suggestion::Title(Box::new(item))));
        suggestions.truncate(MAX_SUGGESTIONS);
        Ok(suggestions)
    }

    /// Releases whose title has all typed words, the last one as a beginning, newest first.
    async fn titles(&self, typed: &[String]) -> Result<Vec<ReleaseItem>> {
        let Some((last, whole)) = typed.split_last() else { return Ok(Vec::new()) };
        // A single letter is what an apostrophe leaves over.
        let mut nodes: Vec<Node> = whole.iter().filter(|word| word.chars().count() > 1).map(Node::word).collect();
        if last.chars().count() >= MIN_PREFIX {
            nodes.push(Node::Prefix(last.clone()));
        } else if nodes.is_empty() {
            // One or two letters stand for half the dictionary.
            return Ok(Vec::new());
        }
        let ask = Ask {
            tree: Some(Node::Title(Box::new(Node::All(nodes)))),
            filters: Filters::default(),
            within: None,
            sort: Sort::Newest,
            offset: 0,
            limit: MAX_TITLES,
            tally: Tally::Total,
        };
        let seqs: Vec<i64> = self.index().search(ask).await?.hits.iter().map(|hit| hit.seq).collect();
        Ok(self.store().items(&seqs).await?)
    }
}
