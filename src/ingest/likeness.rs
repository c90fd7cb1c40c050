//! What releases of an archive from an earlier version are compared by: found out once, from their texts.

use super::Result;
use crate::describe::likeness::Folded;
use crate::model::original::Original;
use crate::model::release::Identity;
use crate::store::{ArchiveStore, Likeness};

/// Releases read at a time.
const PAGE: u32 = 500;

/// Gives every release without one its likeness and the names of its address.
pub async fn complete(store: &dyn ArchiveStore) -> Result<()> {
    let mut after = 0;
    loop {
        let page = store.without_likeness(after, PAGE).await?;
        let Some((last, ..)) = page.last() else { return Ok(()) };
        after = *last;
        let releases: Vec<_> = page
            .iter()
            .map(|(seq, url, parsed)| {
                let folded = Folded::of_release(parsed);
                let sketch = folded.sketch();
                let words = sketch.is_some().then(|| i64::from_be_bytes(folded.hash().to_be_bytes()));
                let original = url.as_deref().and_then(Original::of);
                let address = original.as_ref().map(|at| Identity::by_address(&at.key, at.lang.as_deref()).alias());
                let page = original.filter(|at| at.lang.is_some()).map(|at| Identity::by_address_in_any_language(&at.key).alias());
                let likeness = Likeness { words, sketch: sketch.map(|sketch| sketch.to_bytes().to_vec()), before: None };
                (*seq, likeness, address.into_iter().chain(page).collect())
            })
            .collect();
        store.save_likenesses(&releases).await?;
    }
}
