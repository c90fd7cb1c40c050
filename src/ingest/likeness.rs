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
                let words = sketch.is_some().then(|| folded.words_hash());
                let original = url.as_deref().and_then(Original::of);
                let names = original.iter().map(Identity::of_address).flat_map(|(address, page)| [Some(address), page]).flatten();
                let likeness = Likeness { words, sketch: sketch.map(|sketch| sketch.to_bytes().to_vec()), before: None };
                (*seq, likeness, names.collect())
            })
            .collect();
        store.save_likenesses(&releases).await?;
    }
}
