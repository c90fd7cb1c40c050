//! What is followed.

use async_trait::async_trait;
use serde_json::json;
use sqlx::FromRow;

use super::super::{FetchedPage, Followed, FollowingStore, Result};
use super::{SqliteStore, json_list};

#[derive(FromRow)]
struct FollowedRow {
    url: String,
    publisher: Option<String>,
    added_at: String,
    etag: Option<String>,
    last_modified: Option<String>,
    digest: Option<String>,
    last_polled_at: Option<String>,
    last_changed_at: Option<String>,
    last_outcome: Option<String>,
    failures: u32,
    next_poll_at: Option<String>,
    retired: bool,
}

impl From<FollowedRow> for Followed {
    fn from(row: FollowedRow) -> Self {
        Self {
            url: row.url,
            publisher: row.publisher,
            added_at: row.added_at,
            etag: row.etag,
            last_modified: row.last_modified,
            digest: row.digest,
            last_polled_at: row.last_polled_at,
            last_changed_at: row.last_changed_at,
            last_outcome: row.last_outcome,
            failures: row.failures,
            next_poll_at: row.next_poll_at,
            retired: row.retired,
        }
    }
}

impl SqliteStore {
    async fn write_followed(&self, feed: &Followed, statement: &'static str) -> Result<()> {
        sqlx::query(statement)
            .bind(&feed.url)
            .bind(&feed.publisher)
            .bind(&feed.added_at)
            .bind(&feed.etag)
            .bind(&feed.last_modified)
            .bind(&feed.digest)
            .bind(&feed.last_polled_at)
            .bind(&feed.last_changed_at)
            .bind(&feed.last_outcome)
            .bind(feed.failures)
            .bind(&feed.next_poll_at)
            .bind(feed.retired)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

#[async_trait]
impl FollowingStore for SqliteStore {
    async fn followed(&self) -> Result<Vec<Followed>> {
        let rows: Vec<FollowedRow> = sqlx::query_as(
            "SELECT url, publisher, added_at, etag, last_modified, digest, last_polled_at, last_changed_at, last_outcome, failures, \
             next_poll_at, retired FROM followed ORDER BY url",
        )
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(Followed::from).collect())
    }

    async fn save_followed(&self, feed: &Followed) -> Result<()> {
        self.write_followed(
            feed,
            "INSERT OR REPLACE INTO followed (url, publisher, added_at, etag, last_modified, digest, last_polled_at, last_changed_at, \
             last_outcome, failures, next_poll_at, retired) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )
        .await
    }

    async fn update_followed(&self, feed: &Followed) -> Result<()> {
        self.write_followed(
            feed,
            "UPDATE followed SET publisher = ?2, added_at = ?3, etag = ?4, last_modified = ?5, digest = ?6, last_polled_at = ?7, \
             last_changed_at = ?8, last_outcome = ?9, failures = ?10, next_poll_at = ?11, retired = ?12 WHERE url = ?1",
        )
        .await
    }

    async fn unfollow(&self, url: &str) -> Result<bool> {
        let gone = sqlx::query("DELETE FROM followed WHERE url = ?").bind(url).execute(&self.writer).await?;
        Ok(gone.rows_affected() > 0)
    }

    async fn fetched_pages(&self, urls: &[&str]) -> Result<Vec<FetchedPage>> {
        let rows: Vec<(String, Option<String>, String, bool, u32)> =
            sqlx::query_as("SELECT url, stamp, at, held, failures FROM fetched_page WHERE url IN (SELECT value FROM json_each(?))")
                .bind(json_list(urls))
                .fetch_all(&self.reader)
                .await?;
        Ok(rows.into_iter().map(|(url, stamp, at, held, failures)| FetchedPage { url, stamp, at, held, failures }).collect())
    }

    async fn save_fetched_pages(&self, pages: &[FetchedPage]) -> Result<()> {
        let rows: Vec<_> = pages.iter().map(|page| json!([page.url, page.stamp, page.at, i64::from(page.held), page.failures])).collect();
        sqlx::query(
            "INSERT OR REPLACE INTO fetched_page (url, stamp, at, held, failures) \
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)",
        )
        .bind(json_list(&rows))
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
