//! The addresses of all releases, a block at a time.

use super::{Archive, Result};
use crate::store::{StampedAddress, StampedBlock};

impl Archive {
    /// Blocks of so many internal numbers in which something is shown, each with when something in it last changed.
    pub async fn address_blocks(&self, size: i64) -> Result<Vec<StampedBlock>> {
        Ok(self.store().stamped_blocks(size).await?)
    }

    /// What is shown with a number behind `after`, up to `to`.
    pub async fn addresses(&self, after: i64, to: i64) -> Result<Vec<StampedAddress>> {
        Ok(self.store().stamped_addresses(after, to).await?)
    }
}
