//! The whole of what a search finds, for exports and feeds: every match in order, and releases with all that is known of them.

use tokio::sync::mpsc::Sender;

use super::query::Query;
use super::search::{ask, unknown};
use super::{Archive, Generation, ReadingError, Result};
use crate::index::Tally;
use crate::model::Whole;
use crate::model::query::{Facet, SearchRequest};

/// Everything that a search finds.
#[derive(Clone, Debug)]
pub struct Matches {
    pub query: Query,
    /// Chosen values that the archive does not know.
    pub unknown: Vec<(Facet, String)>,
    /// What was searched.
    pub generation: Generation,
    /// Internal numbers, in the order asked for.
    pub seqs: Vec<i64>,
}

impl Archive {
    /// Every match of a search, in order; `offset` and `limit` are not looked at. Takes some 40 bytes a match.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub async fn every(&self, request: SearchRequest) -> Result<Matches> {
        let overview = self.overview();
        if overview.generation.index == 0 && overview.releases > 0 {
            return Err(ReadingError::Building);
        }
        let query = self.read(&request)?;
        let all = SearchRequest { offset: 0, limit: usize::MAX, ..request };
        let results = self.index().search(ask(&all, query.tree.clone(), Tally::Total)).await?;
        Ok(Matches {
            unknown: unknown(&all, &overview),
            query,
            generation: overview.generation,
            seqs: results.hits.iter().map(|hit| hit.seq).collect(),
        })
    }

    /// Releases with all that is known of them, in the order asked for; those that are not shown any more are left out.
    pub async fn wholes(&self, seqs: &[i64]) -> Result<Vec<Whole>> {
        Ok(self.store().wholes(seqs).await?)
    }

    /// [`wholes`](Self::wholes), some at a time, from one snapshot; it ends when nobody listens any more. Whoever listens must not be slow: the
    /// snapshot is open for as long as it takes.
    ///
    /// `at` is the generation of the index that [`every`](Self::every) names. What is sent is of that state or, with `false` for an answer, nothing
    /// is: a search sees at least what its generation names and never more than the database holds, so where the database is still at the same
    /// entry, numbers and texts are of one moment.
    pub async fn stream(&self, seqs: &[i64], at: i64, to: Sender<Vec<Whole>>) -> Result<bool> {
        Ok(self.store().stream_wholes(seqs, at, to).await?)
    }
}
