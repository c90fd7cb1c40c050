//! A release and what stands around it.

use super::{Archive, Result};
use crate::model::{DocumentFormat, Release, ReleaseId, ReleaseItem};

/// How many related releases a page names.
const RELATED: usize = 5;
/// How many entries of a live page are listed around one of them.
const ENTRIES: u32 = 60;

/// What the page of a release shows.
#[derive(Clone, Debug)]
pub struct ReleaseAnswer {
    pub release: Release,
    pub newer: Option<ReleaseItem>,
    pub older: Option<ReleaseItem>,
    pub related: Vec<ReleaseItem>,
    /// The entries of the live page that it is a part of, in the page's order.
    pub entries: Vec<ReleaseItem>,
}

impl Archive {
    pub async fn release(&self, id: ReleaseId) -> Result<Option<Release>> {
        Ok(self.store().release(id).await?)
    }

    /// A release with its neighbours, relations and companions.
    pub async fn release_page(&self, id: ReleaseId) -> Result<Option<ReleaseAnswer>> {
        let Some(release) = self.store().release(id).await? else { return Ok(None) };
        let item = &release.item;
        let (newer, older) = self.store().neighbours(item.sort_key, item.id).await?;
        let body = release.body.of(&release.text);
        let related = self.index().related(item.seq, &item.lang, &item.title, body, RELATED).await?;
        let related = self.store().items(&related).await?;
        let entries = if release.document.format == DocumentFormat::LivePage {
            let first = release.document.position.saturating_sub(ENTRIES / 2);
            self.store().siblings(release.document.id, first, ENTRIES).await?
        } else {
            Vec::new()
        };
        Ok(Some(ReleaseAnswer { release, newer, older, related, entries }))
    }
}
