//! Releases by the addresses that they ever had at their publisher's.

use super::{Archive, Result};
use crate::model::ReleaseId;
use crate::model::original::Original;
use crate::model::release::Identity;

/// A release found by an original address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtAddress {
    pub id: ReleaseId,
    pub slug: String,
    /// The language that the address names, where the release that is held is in another one.
    pub wanted: Option<String>,
}

impl Archive {
    /// The release at an original address, in any of the forms that the address ever had. The language in the address picks the version in
    /// that language; where that one is not held, another is found.
    pub async fn at_address(&self, url: &str) -> Result<Option<AtAddress>> {
        let Some(original) = Original::of(url) else { return Ok(None) };
        let found = self.store().by_alias(&Identity::at_address(&original)).await?;
        Ok(found.map(|found| AtAddress {
            id: found.id,
            slug: found.slug,
            wanted: original.lang.filter(|wanted| *wanted != found.lang && found.lang != "und"),
        }))
    }
}
