//! Feeds that an archive follows, as a store keeps them.

use async_trait::async_trait;

use super::Result;

/// A feed that the archive follows, and what the last look at it brought. Times are RFC 3339 in UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    pub url: String,
    /// Who publishes there, as the archive's owner says.
    pub publisher: Option<String>,
    pub added_at: String,
    /// By what the server knows the document again, as it gave them.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Of the releases that were loaded from it last: a feed whose frame alone changes, such as the time when it was made, is not stored anew.
    pub digest: Option<String>,
    pub last_polled_at: Option<String>,
    /// When it last held something that the archive did not.
    pub last_changed_at: Option<String>,
    /// What the last look brought, as a sentence.
    pub last_outcome: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    /// Not to be asked before then: after a failure, or because the server asks for it.
    pub next_poll_at: Option<String>,
    /// Gone for good, and no longer asked.
    pub retired: bool,
}

/// An article that a feed only announces, and what became of asking for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedPage {
    /// As the feed gives it, made whole.
    pub url: String,
    /// The date that the feed gave it at the time.
    pub stamp: Option<String>,
    pub at: String,
    /// Whether it came and could be read.
    pub held: bool,
    /// Failures in a row.
    pub failures: u32,
}

/// The part of a store that knows what is followed. Nothing of it is a release: none of its writing appends to the log.
#[async_trait]
pub trait FollowingStore: Send + Sync {
    /// Every followed feed, in the order of addresses.
    async fn followed(&self) -> Result<Vec<Followed>>;
    /// Adds a feed, or replaces what is known of it.
    async fn save_followed(&self, feed: &Followed) -> Result<()>;
    /// Replaces what is known of a feed, unless it was unfollowed meanwhile.
    async fn update_followed(&self, feed: &Followed) -> Result<()>;
    /// Forgets a feed, its releases stay; whether it was followed.
    async fn unfollow(&self, url: &str) -> Result<bool>;
    /// What is known of articles by their addresses; those never asked for are left out.
    async fn fetched_pages(&self, urls: &[&str]) -> Result<Vec<FetchedPage>>;
    /// Keeps what became of articles, in place of what was known of them.
    async fn save_fetched_pages(&self, pages: &[FetchedPage]) -> Result<()>;
}
