//! Places, people and organisations that releases name.

use super::{Archive, Result};
use crate::model::MentionKind;
use crate::store::Mentioned;

impl Archive {
    /// All of a kind, most often named first.
    pub async fn mentioned(&self, kind: MentionKind) -> Result<Vec<Mentioned>> {
        Ok(self.store().mentioned(kind).await?)
    }
}
