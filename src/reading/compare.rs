//! Two versions of a release, compared.

use super::history::Versions;
use super::{Archive, Result};
use crate::describe::compare::{Comparison, Text, compare};
use crate::model::{ReleaseId, Version};

/// Two versions and their difference, read from the first to the second.
#[derive(Clone, Debug)]
pub struct Compared {
    pub versions: Versions,
    pub from: Version,
    pub to: Version,
    pub comparison: Comparison,
}

fn text(version: &Version) -> Text<'_> {
    Text {
        title: version.title.of(&version.text),
        text: &version.text,
        body: version.body,
        blocks: &version.blocks,
        published: version.given.published_on.as_deref(),
    }
}

impl Archive {
    /// The difference between two versions; `None` where the release is not shown or never had one of them.
    pub async fn compare(&self, id: ReleaseId, from: u32, to: u32) -> Result<Option<Compared>> {
        let Some(versions) = self.versions(id).await? else { return Ok(None) };
        let (Some(from), Some(to)) = (self.version(id, from).await?, self.version(id, to).await?) else { return Ok(None) };
        // Long texts take their time, which no other request should wait for.
        let work = tokio::task::spawn_blocking(move || {
            let comparison = compare(text(&from), text(&to));
            Compared { versions, from, to, comparison }
        });
        match work.await {
            Ok(compared) => Ok(Some(compared)),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Cancelled: the server is stopping, and nobody waits for the answer.
                Err(_) => Ok(None),
            },
        }
    }
}
