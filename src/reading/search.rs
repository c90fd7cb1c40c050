//! A search and everything that its page shows.

use std::collections::HashMap;
use std::sync::Arc;

use super::histogram::Histogram;
use super::{Archive, Overview, ReadingError, Result};
use crate::index::grammar::{self, Node, Reading};
use crate::index::{Ask, Highlighter, Part, Snippet, Tally};
use crate::model::ReleaseItem;
use crate::model::query::{Facet, Filters, SearchRequest, Sort};

/// A release that was found.
#[derive(Clone, Debug)]
pub struct Found {
    pub item: ReleaseItem,
    /// The title, hits apart.
    pub title: Vec<Part>,
    pub snippet: Snippet,
}

/// A value of a facet with its exact count among these results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    pub value: String,
    pub label: String,
    pub count: u64,
    pub selected: bool,
}

/// A change to a search that found nothing, and what it would find.
#[derive(Clone, Debug)]
pub struct WayOut {
    pub kind: WayOutKind,
    pub request: SearchRequest,
    pub count: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WayOutKind {
    WithoutFilter(Facet, String),
    WithoutDates,
    WithoutFilters,
    /// Without one of the wanted words.
    WithoutWord(String),
    /// Any of the words instead of all.
    AnyWord,
}

/// What a search found. Every number is exact.
#[derive(Clone, Debug)]
pub struct SearchAnswer {
    pub request: SearchRequest,
    pub reading: Reading,
    pub total: u64,
    pub found: Vec<Found>,
    facets: Vec<(Facet, Vec<FacetValue>)>,
    pub histogram: Histogram,
    /// Hits for each year that has some, newest first.
    pub years: Vec<(i32, u64)>,
    /// Only where nothing was found, and only what would find something.
    pub ways_out: Vec<WayOut>,
    /// Chosen values that the archive has never heard of.
    pub unknown: Vec<(Facet, String)>,
    pub overview: Arc<Overview>,
}

impl SearchAnswer {
    pub fn facet(&self, facet: Facet) -> &[FacetValue] {
        self.facets.iter().find(|(of, _)| *of == facet).map_or(&[], |(_, values)| values)
    }

    pub fn facets(&self) -> &[(Facet, Vec<FacetValue>)] {
        &self.facets
    }
}

/// So many ways out are tried at most: each is a search.
const MAX_WAYS_OUT: usize = 12;

impl Archive {
    /// Searches.
    ///
    /// # Errors
    /// [`ReadingError::Building`] while the index holds nothing of an archive that does hold something.
    pub async fn search(&self, request: SearchRequest) -> Result<SearchAnswer> {
        let overview = self.overview();
        if overview.generation.index == 0 && overview.releases > 0 {
            return Err(ReadingError::Building);
        }
        let reading = grammar::read(&request.q);
        let ask = ask(&request, reading.tree.clone(), Tally::Everything);
        let results = self.index().search(ask).await?;
        let seqs: Vec<i64> = results.hits.iter().map(|hit| hit.seq).collect();
        let found = self.found(&seqs, reading.tree.as_ref()).await?;
        let facets = Facet::ALL
            .into_iter()
            .map(|facet| {
                let values = results
                    .facet(facet)
                    .iter()
                    .map(|count| FacetValue {
                        label: overview.label(facet, &count.value),
                        value: count.value.clone(),
                        count: count.count,
                        selected: count.selected,
                    })
                    .collect();
                (facet, values)
            })
            .collect();
        let ways_out = if results.total == 0 { self.ways_out(&request, &reading).await? } else { Vec::new() };
        let unknown = request
            .filters
            .chosen()
            .filter(|(facet, value)| !overview.knows(*facet, value))
            .map(|(facet, value)| (facet, value.to_owned()))
            .collect();
        Ok(SearchAnswer {
            years: years(&results.days),
            histogram: Histogram::of(results.days.iter().copied(), results.undated),
            total: results.total,
            request,
            reading,
            found,
            facets,
            ways_out,
            unknown,
            overview,
        })
    }

    /// Rows and passages for hits, in their order.
    async fn found(&self, seqs: &[i64], tree: Option<&Node>) -> Result<Vec<Found>> {
        let items = self.store().items(seqs).await?;
        let bodies: HashMap<i64, (String, String)> =
            self.store().index_rows(seqs).await?.into_iter().map(|row| (row.seq, (row.body, row.lang))).collect();
        let highlighter = Highlighter::new(tree);
        Ok(items
            .into_iter()
            .map(|item| {
                let (body, lang) = bodies.get(&item.seq).map_or(("", "und"), |(body, lang)| (body.as_str(), lang.as_str()));
                Found { title: highlighter.parts(&item.title, lang), snippet: highlighter.snippet(body, lang), item }
            })
            .collect())
    }

    async fn ways_out(&self, request: &SearchRequest, reading: &Reading) -> Result<Vec<WayOut>> {
        let first_page = SearchRequest { offset: 0, ..request.clone() };
        let filtered = |kind: WayOutKind, filters: Filters| (kind, SearchRequest { filters, ..first_page.clone() });
        let mut tries: Vec<(WayOutKind, SearchRequest)> = Vec::new();
        let filters = &request.filters;
        for (facet, value) in filters.chosen() {
            tries.push(filtered(WayOutKind::WithoutFilter(facet, value.to_owned()), filters.without(facet, value)));
        }
        if filters.has_dates() {
            tries.push(filtered(WayOutKind::WithoutDates, filters.without_dates()));
        }
        if filters.chosen().count() + usize::from(filters.has_dates()) > 1 {
            tries.push(filtered(WayOutKind::WithoutFilters, Filters::default()));
        }
        if let Some(Node::All(nodes)) = &reading.tree {
            for (index, node) in nodes.iter().enumerate() {
                let (Node::Word(shown) | Node::Phrase(shown)) = node else { continue };
                let rest = Node::All(nodes.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, node)| node.clone()).collect());
                tries.push((WayOutKind::WithoutWord(shown.clone()), SearchRequest { q: typed(&rest, true), ..first_page.clone() }));
            }
            if nodes.iter().all(|node| matches!(node, Node::Word(_))) {
                tries.push((WayOutKind::AnyWord, SearchRequest { q: typed(&Node::Any(nodes.clone()), true), ..first_page.clone() }));
            }
        }
        tries.truncate(MAX_WAYS_OUT);
        let mut ways = Vec::new();
        for (kind, request) in tries {
            let tree = grammar::read(&request.q).tree;
            let count = self.index().search(Ask { limit: 0, ..ask(&request, tree, Tally::Total) }).await?.total;
            if count > 0 {
                ways.push(WayOut { kind, request, count });
            }
        }
        Ok(ways)
    }

    /// How many releases a request finds.
    pub async fn count(&self, request: &SearchRequest) -> Result<u64> {
        let tree = grammar::read(&request.q).tree;
        Ok(self.index().search(Ask { limit: 0, ..ask(request, tree, Tally::Total) }).await?.total)
    }
}

fn years(days: &[(chrono::NaiveDate, u64)]) -> Vec<(i32, u64)> {
    use chrono::Datelike;
    let mut years: Vec<(i32, u64)> = Vec::new();
    for (day, count) in days.iter().rev() {
        match years.last_mut() {
            Some((year, sum)) if *year == day.year() => *sum += count,
            _ => years.push((day.year(), *count)),
        }
    }
    years
}

fn ask(request: &SearchRequest, tree: Option<Node>, tally: Tally) -> Ask {
    // Without words nothing is more relevant than anything else.
    let sort = if tree.is_none() && request.sort == Sort::Relevance { Sort::Newest } else { request.sort };
    Ask { tree, filters: request.filters.clone(), sort, offset: request.offset, limit: request.limit, tally }
}

/// A tree as one would type it.
fn typed(node: &Node, top: bool) -> String {
    let join = |nodes: &[Node], between: &str| nodes.iter().map(|node| typed(node, false)).collect::<Vec<_>>().join(between);
    match node {
        Node::Word(word) => word.clone(),
        Node::Phrase(words) => format!("\"{words}\""),
        Node::Prefix(start) => format!("{start}*"),
        Node::Not(inner) => format!("-{}", typed(inner, false)),
        Node::All(nodes) if top => join(nodes, " "),
        Node::Any(nodes) if top => join(nodes, " OR "),
        Node::All(nodes) => format!("({})", join(nodes, " ")),
        Node::Any(nodes) => format!("({})", join(nodes, " OR ")),
    }
}
