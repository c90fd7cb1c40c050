//! A search and everything that its page shows.

use std::sync::Arc;

use super::histogram::Histogram;
use super::query::Query;
use super::{Archive, Overview, ReadingError, Result};
use crate::index::grammar::{Node, Within};
use crate::index::{Ask, Highlighter, Part, Snippet, Tally};
use crate::model::ReleaseItem;
use crate::model::query::{Facet, Filters, Match, SearchRequest, Sort};

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
    /// With other words.
    Corrected,
}

/// What a search found. Every number is exact.
#[derive(Clone, Debug)]
pub struct SearchAnswer {
    pub request: SearchRequest,
    pub query: Query,
    pub total: u64,
    pub found: Vec<Found>,
    facets: Vec<(Facet, Vec<FacetValue>)>,
    distinct: [usize; 6],
    pub histogram: Histogram,
    /// Hits for each year that has some, newest first.
    pub years: Vec<(i32, u64)>,
    /// Only where nothing was found, and only what would find something.
    pub ways_out: Vec<WayOut>,
    /// The query with words that the archive does not know, or hardly knows, replaced by its own; only where that finds more.
    pub did_you_mean: Option<WayOut>,
    /// Chosen values that the archive has never heard of.
    pub unknown: Vec<(Facet, String)>,
    pub overview: Arc<Overview>,
}

impl SearchAnswer {
    pub fn facet(&self, facet: Facet) -> &[FacetValue] {
        self.facets.iter().find(|(of, _)| *of == facet).map_or(&[], |(_, values)| values)
    }

    /// How many values of a facet these results have, whether asked for or not.
    pub fn distinct(&self, facet: Facet) -> usize {
        self.distinct[facet as usize]
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
        let query = self.read(&request)?;
        let ask = ask(&request, query.tree.clone(), Tally::Top(request.values));
        let results = self.index().search(ask).await?;
        let seqs: Vec<i64> = results.hits.iter().map(|hit| hit.seq).collect();
        let found = self.found(&seqs, query.tree.as_ref()).await?;
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
        let distinct = Facet::ALL.map(|facet| results.distinct(facet));
        let ways_out = if results.total == 0 { self.ways_out(&request, &query).await? } else { Vec::new() };
        let did_you_mean = self.did_you_mean(&request, &query, results.total).await?;
        let unknown = unknown(&request, &overview);
        Ok(SearchAnswer {
            years: years(&results.days),
            histogram: Histogram::of(results.days.iter().copied(), results.undated),
            total: results.total,
            request,
            query,
            found,
            facets,
            distinct,
            ways_out,
            did_you_mean,
            unknown,
            overview,
        })
    }

    /// Rows and passages for hits, in their order.
    async fn found(&self, seqs: &[i64], tree: Option<&Node>) -> Result<Vec<Found>> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        let highlighter = Highlighter::new(tree);
        let found = |(item, body): (ReleaseItem, String)| Found {
            title: highlighter.title_parts(&item.title, &item.lang),
            snippet: highlighter.snippet(&body, &item.lang),
            item,
        };
        Ok(self.store().passages(seqs).await?.into_iter().map(found).collect())
    }

    async fn ways_out(&self, request: &SearchRequest, query: &Query) -> Result<Vec<WayOut>> {
        let first_page = SearchRequest { offset: 0, ..request.clone() };
        let filtered = |kind: WayOutKind, filters: Filters| (kind, SearchRequest { filters, ..first_page.clone() }, query.tree.clone());
        let mut tries: Vec<(WayOutKind, SearchRequest, Option<Node>)> = Vec::new();
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
        if query.used.is_some_and(|used| used != Match::Any) {
            let any = SearchRequest { wanted: Match::Any, ..first_page.clone() };
            let tree = self.read(&any)?.tree;
            tries.push((WayOutKind::AnyWord, any, tree));
        }
        if let Some(Node::All(nodes)) = &query.tree {
            for (index, node) in nodes.iter().enumerate() {
                let Some(shown) = shown(node) else { continue };
                let rest = nodes.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, node)| node.clone()).collect();
                let rest = Node::All(rest);
                let Some(q) = typed(&rest, true) else { continue };
                tries.push((WayOutKind::WithoutWord(shown), SearchRequest { q, ..first_page.clone() }, Some(rest)));
            }
        }
        tries.truncate(MAX_WAYS_OUT);
        let mut ways = Vec::new();
        for (kind, request, tree) in tries {
            let count = self.total(&request, tree).await?;
            if count > 0 {
                ways.push(WayOut { kind, request, count });
            }
        }
        Ok(ways)
    }

    async fn did_you_mean(&self, request: &SearchRequest, query: &Query, total: u64) -> Result<Option<WayOut>> {
        let (Some(tree), 0) = (&query.tree, request.offset) else { return Ok(None) };
        let Some(q) = self.index().corrected(&request.q, tree)? else { return Ok(None) };
        let request = SearchRequest { q, ..request.clone() };
        let count = self.count(&request).await?;
        Ok((count > total).then_some(WayOut { kind: WayOutKind::Corrected, request, count }))
    }

    /// How many releases a request finds.
    pub async fn count(&self, request: &SearchRequest) -> Result<u64> {
        let tree = self.read(request)?.tree;
        self.total(request, tree).await
    }

    async fn total(&self, request: &SearchRequest, tree: Option<Node>) -> Result<u64> {
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

/// Chosen values that the archive does not know.
pub(super) fn unknown(request: &SearchRequest, overview: &Overview) -> Vec<(Facet, String)> {
    let chosen = request.filters.chosen().filter(|(facet, value)| !overview.knows(*facet, value));
    chosen.map(|(facet, value)| (facet, value.to_owned())).collect()
}

pub(super) fn ask(request: &SearchRequest, tree: Option<Node>, tally: Tally) -> Ask {
    // Without words nothing is more relevant than anything else.
    let sort = if tree.is_none() && request.sort == Sort::Relevance { Sort::Newest } else { request.sort };
    Ask {
        tree,
        filters: request.filters.clone(),
        within: request.within.clone(),
        sort,
        offset: request.offset,
        limit: request.limit,
        tally,
    }
}

/// What a wish is called, where it can be given up.
fn shown(node: &Node) -> Option<String> {
    match node {
        Node::Word { typed, .. } => Some(typed.clone()),
        Node::Phrase(words) => Some(words.clone()),
        Node::Prefix(start) => Some(format!("{start}*")),
        Node::Run { .. } | Node::Close { .. } | Node::Near { .. } | Node::Title(_) | Node::Facet(..) => typed(node, true),
        _ => None,
    }
}

/// A tree as one would type it; `None` for what has no such form.
fn typed(node: &Node, top: bool) -> Option<String> {
    let join = |nodes: &[Node], between: &str| {
        nodes.iter().map(|node| typed(node, false)).collect::<Option<Vec<_>>>().map(|parts| parts.join(between))
    };
    let group = |inner: String| if top { inner } else { format!("({inner})") };
    Some(match node {
        Node::Word { typed, times, .. } => vec![typed.as_str(); *times as usize].join(" "),
        Node::Run { words, .. } => join(words, " ")?,
        Node::Phrase(words) => format!("\"{words}\""),
        Node::Close { words, within } => format!("\"{words}\"~{within}"),
        Node::Prefix(start) => format!("{start}*"),
        Node::Near { operands, within } => {
            let between = match within {
                Within::Words(count) => format!(" /{count} "),
                Within::Sentence => " /s ".into(),
                Within::Paragraph => " /p ".into(),
            };
            join(operands, &between)?
        }
        Node::Title(inner) => format!("title:{}", typed(inner, false)?),
        Node::Facet(facet, value) => format!("{}:\"{value}\"", facet.token()),
        Node::Id(id) => format!("id:{id}"),
        Node::Days { from, to } => {
            let after = from.and_then(|day| day.pred_opt()).map(|day| format!("after:{day}"));
            let before = to.and_then(|day| day.succ_opt()).map(|day| format!("before:{day}"));
            [after, before].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Node::Not(inner) => format!("-{}", typed(inner, false)?),
        Node::All(nodes) | Node::Most { nodes, .. } => group(join(nodes, " ")?),
        Node::Any(nodes) => group(join(nodes, " OR ")?),
    })
}
