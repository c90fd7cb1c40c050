//! Resumption tokens (OAI-PMH 2.0, section 3.5): a whole request and how far it has been answered, so that the archive remembers no harvester and
//! a token never goes stale.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::moment::Moment;
use super::request::{ListVerb, Listing};

/// Of the form of tokens. Another form is another number, and an old token is refused rather than misread.
const VERSION: &str = "1";

/// Bytes of the hash by which a token is known for one of this archive's own, whole.
const CHECK: usize = 6;

/// Where a list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub verb: ListVerb,
    pub listing: Listing,
    /// Stamp and internal number of the last record that was given.
    pub after: (String, i64),
    /// How many records were given.
    pub cursor: u64,
    /// How many there were in all when the list was begun.
    pub size: u64,
}

impl Token {
    /// `archive` is the archive's own identifier.
    pub fn write(&self, archive: &str) -> String {
        let moment = |moment: Option<Moment>| moment.map(|moment| moment.to_string()).unwrap_or_default();
        let (at, seq) = &self.after;
        let words = [
            VERSION.to_owned(),
            self.verb.token().to_owned(),
            moment(self.listing.from),
            moment(self.listing.until),
            self.listing.set.clone().unwrap_or_default(),
            at.clone(),
            seq.to_string(),
            self.cursor.to_string(),
            self.size.to_string(),
        ]
        .join("|");
        let mut bytes = check(archive, &words).to_vec();
        bytes.extend_from_slice(words.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// `None` for what this archive never gave.
    pub fn read(given: &str, archive: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(given).ok()?;
        let (sum, words) = bytes.split_at_checked(CHECK)?;
        let words = std::str::from_utf8(words).ok()?;
        if *sum != check(archive, words) {
            return None;
        }
        let parts: Vec<&str> = words.split('|').collect();
        let [VERSION, verb, from, until, set, at, seq, cursor, size] = parts[..] else { return None };
        let moment = |given: &str| if given.is_empty() { Some(None) } else { Moment::read(given).map(Some) };
        Some(Self {
            verb: ListVerb::read(verb)?,
            listing: Listing { from: moment(from)?, until: moment(until)?, set: Some(set.to_owned()).filter(|set| !set.is_empty()) },
            after: (at.to_owned(), seq.parse().ok()?),
            cursor: cursor.parse().ok()?,
            size: size.parse().ok()?,
        })
    }
}

fn check(archive: &str, words: &str) -> [u8; CHECK] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(archive.as_bytes());
    hasher.update(b"|");
    hasher.update(words.as_bytes());
    let mut sum = [0; CHECK];
    hasher.finalize_xof().fill(&mut sum);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Token {
        Token {
            verb: ListVerb::Records,
            listing: Listing { from: Moment::read("2025-04-30"), until: None, set: Some("topic:cyber".into()) },
            after: ("2026-01-02T03:04:05Z".into(), 1234),
            cursor: 100,
            size: 24_540,
        }
    }

    #[test]
    fn a_token_is_the_request_and_its_place() {
        let written = token().write("archive");
        assert_eq!(Token::read(&written, "archive"), Some(token()));
        assert_eq!(Token::read(&written, "another"), None);
        for wrong in
            ["", "AAAA", "not base64!", &written[1..], &written[..written.len() - 1], &format!("{written}A"), &written.to_lowercase()]
        {
            assert_eq!(Token::read(wrong, "archive"), None, "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_sent_as_a_token_is_read_or_refused(given in "\\PC{0,80}", at in 0usize..80, letter in "[A-Za-z0-9_-]") {
            assert_eq!(Token::read(&given, "archive"), None);
            let mut written = token().write("archive");
            let at = at % written.len();
            let whole = written.clone();
            written.replace_range(at..=at, &letter);
            assert_eq!(Token::read(&written, "archive").is_some(), written == whole, "{written}");
        }
    }
}
