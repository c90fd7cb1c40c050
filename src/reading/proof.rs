//! What a search found, in one number that anybody can compute again.

use sha2::{Digest, Sha256};

use super::walk::Matches;
use super::{Archive, Result};
use crate::model::ReleaseId;
use crate::model::query::SearchRequest;

/// A search with the proof of what it found.
#[derive(Clone, Debug)]
pub struct Proved {
    pub matches: Matches,
    /// Lower-case hex; see [`checksum`].
    pub checksum: String,
}

impl Archive {
    /// Everything that a search finds, with its checksum.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub async fn proved(&self, request: SearchRequest) -> Result<Proved> {
        let matches = self.every(request).await?;
        let mut hashes = self.store().text_hashes(&matches.seqs).await?;
        hashes.sort();
        Ok(Proved { matches, checksum: checksum(&hashes) })
    }
}

/// SHA-256, in lower-case hex, over one line for each release, ordered by id: the id, a space, the SHA-256 of its text in lower-case hex, a line
/// feed. So the order of results and everything that this archive adds to the words are left out; each release counts, and each of its words.
pub fn checksum(sorted: &[(ReleaseId, String)]) -> String {
    let mut hasher = Sha256::new();
    for (id, sha256) in sorted {
        for part in [id.as_str(), " ", sha256, "\n"] {
            hasher.update(part.as_bytes());
        }
    }
    hex::encode(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::release::Identity;

    #[test]
    fn nothing_has_the_checksum_of_nothing() {
        assert_eq!(checksum(&[]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        let id = Identity::by_key("NATO", "x").id(0);
        let one = checksum(&[(id, "ab".repeat(32))]);
        assert_ne!(one, checksum(&[(id, "ac".repeat(32))]));
        assert_eq!(one.len(), 64);
    }
}
