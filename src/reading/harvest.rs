//! What harvesters walk along: every record by when it last changed, those that are gone among them.

use std::collections::HashMap;

use super::{Archive, Result};
use crate::model::{ReleaseId, Whole};
use crate::store::{Stamped, StampedAsked};

/// A part of the walk.
#[derive(Clone, Debug)]
pub struct Harvest {
    pub stamped: Vec<Stamped>,
    /// What is shown of them, where the wholes were asked for, by internal number.
    pub wholes: HashMap<i64, Whole>,
    /// Whether there are more behind the last.
    pub more: bool,
}

impl Archive {
    /// Records in the order of their stamps; with everything that is known of those that are shown, where `whole` says so.
    ///
    /// A record that changes between the two questions has another stamp by then, later than all that were given, and comes again: what is given
    /// here may be newer than its stamp, never older.
    pub async fn harvest(&self, asked: &StampedAsked, whole: bool) -> Result<Harvest> {
        let one_more = StampedAsked { limit: asked.limit.saturating_add(1), ..asked.clone() };
        let mut stamped = self.store().stamped(&one_more).await?;
        let more = stamped.len() > asked.limit as usize;
        stamped.truncate(asked.limit as usize);
        let wholes = if whole {
            let shown: Vec<i64> = stamped.iter().filter(|stamped| stamped.shown).map(|stamped| stamped.seq).collect();
            self.store().wholes(&shown).await?.into_iter().map(|whole| (whole.release.item.seq, whole)).collect()
        } else {
            HashMap::new()
        };
        Ok(Harvest { stamped, wholes, more })
    }

    /// One record, be it shown or gone; `None` for an id that the archive never gave.
    pub async fn harvest_one(&self, id: ReleaseId) -> Result<Option<(Stamped, Option<Whole>)>> {
        let Some(stamped) = self.store().stamp_of(id).await? else { return Ok(None) };
        let whole = if stamped.shown { self.store().wholes(&[stamped.seq]).await?.pop() } else { None };
        Ok(Some((stamped, whole)))
    }
}
