//! A release and what stands around it.

use super::{Archive, Result};
use crate::index::{About, Shared};
use crate::model::query::Facet;
use crate::model::{DocumentFormat, History, MentionKind, Release, ReleaseId, ReleaseItem};

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
    /// Releases about the same, each with what it shares, in words.
    pub related: Vec<(ReleaseItem, Vec<String>)>,
    /// The entries of the live page that it is a part of, in the page's order.
    pub entries: Vec<ReleaseItem>,
    pub history: History,
    pub changed: Option<Changed>,
}

/// The latest change of a release's substance: the versions before and after it, and when the archive saw it (RFC 3339, UTC).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub before: u32,
    pub after: u32,
    pub seen_at: String,
}

impl Archive {
    pub async fn release(&self, id: ReleaseId) -> Result<Option<Release>> {
        Ok(self.store().release(id).await?)
    }

    /// The latest change of substance, with its moment: most often that of the current version.
    async fn changed(&self, id: ReleaseId, history: &History) -> Result<Option<Changed>> {
        let Some((before, after)) = history.substantive else { return Ok(None) };
        let seen_at = if after == history.version {
            history.seen_at.clone()
        } else {
            let versions = self.store().versions(id).await?;
            versions.into_iter().find(|version| version.number == after).map(|version| version.seen_at).unwrap_or_default()
        };
        Ok(Some(Changed { before, after, seen_at }))
    }

    /// A release with its neighbours, relations and companions.
    pub async fn release_page(&self, id: ReleaseId) -> Result<Option<ReleaseAnswer>> {
        let Some(release) = self.store().release(id).await? else { return Ok(None) };
        let item = &release.item;
        let (newer, older) = self.store().neighbours(item.sort_key, item.id).await?;
        let related = self.related(&release).await?;
        let entries = if release.document.format == DocumentFormat::LivePage {
            let first = release.document.position.saturating_sub(ENTRIES / 2);
            self.store().siblings(release.document.id, first, ENTRIES).await?
        } else {
            Vec::new()
        };
        let history = self.store().history(item.seq).await?;
        let changed = self.changed(id, &history).await?;
        Ok(Some(ReleaseAnswer { newer, older, related, entries, history, changed, release }))
    }

    async fn related(&self, release: &Release) -> Result<Vec<(ReleaseItem, Vec<String>)>> {
        let item = &release.item;
        let mentioned = |kind: MentionKind, facet: Facet| {
            release.mentions.iter().filter(move |mention| mention.kind == kind).map(move |mention| (facet, mention.slug.clone()))
        };
        let about = About {
            seq: item.seq,
            lang: item.lang.clone(),
            title: item.title.clone(),
            body: release.body.of(&release.text).to_owned(),
            values: item
                .topics
                .iter()
                .map(|topic| (Facet::Topic, topic.slug.clone()))
                .chain(mentioned(MentionKind::Place, Facet::Place))
                .chain(mentioned(MentionKind::Person, Facet::Person))
                .collect(),
        };
        let related = self.index().related(about, RELATED).await?;
        let seqs: Vec<i64> = related.iter().map(|related| related.seq).collect();
        let overview = self.overview();
        let items = self.store().items(&seqs).await?;
        let shared = |shared: &Shared| match shared {
            Shared::Word(word) => word.clone(),
            Shared::Value(facet, value) => overview.label(*facet, value),
        };
        Ok(items
            .into_iter()
            .map(|item| {
                let shares =
                    related.iter().find(|related| related.seq == item.seq).map(|related| related.shares.iter().map(shared).collect());
                (item, distinct(shares.unwrap_or_default()))
            })
            .collect())
    }
}

/// A place is often both a word and a mention.
fn distinct(words: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for word in words {
        if !kept.iter().any(|known| known.to_lowercase().contains(&word.to_lowercase())) {
            kept.push(word);
        }
    }
    kept
}
