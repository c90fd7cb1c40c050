//! A release as read from its source, and its permanent identity.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{Block, Kind, Original, Span};

/// A release as its source gives it, whatever the container: the one shape behind every import format.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParsedRelease {
    /// Place in the document, from 0.
    pub position: u32,
    /// Byte range in the document. For a text document exactly `text`; for NDJSON the line that holds the object.
    pub at: Span,
    /// The text as published: title, source line, stamp and body as they stand in the source. Never changed, never trimmed inside.
    pub text: String,
    /// Lower-case hex SHA-256 of `text`.
    pub sha256: String,
    /// Range of the title in `text`.
    pub title: Span,
    /// Range of the source line (`Source: NATO`) in `text`.
    pub source_line: Option<Span>,
    /// The publisher that the source line names.
    pub source: Option<String>,
    /// The entry's own date line (`June 24, 16.30`).
    pub stamp: Option<Stamp>,
    /// Range of the body in `text`, without white space at either end; empty where there is none.
    pub body: Span,
    /// The body's parts, in order, each within `body`.
    pub blocks: Vec<Block>,
    /// What a structured source states in fields of its own.
    pub given: Given,
}

/// Fields of a structured source (NDJSON): stated, not found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Given {
    /// Stable external id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// ISO date or EDTF, checked when read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_on: Option<String>,
    /// The day under which another archive lists it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listed_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Where the release stood, as another archive knows it, and not its source: no part of its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stood_at: Option<String>,
    /// Topic slugs; empty means that the source says nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// The source gives the beginning only, and announces the rest.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub teaser: bool,
}

/// The date line of a live-page entry: month, day and clock time, no year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Range of the line in the release's text.
    pub span: Span,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31, possible in that month of some year.
    pub day: u32,
    /// Where the line prints one.
    pub year: Option<i32>,
    pub hour: u32,
    pub minute: u32,
}

impl ParsedRelease {
    /// The title as a person reads it: white space folded to single spaces.
    pub fn title_text(&self) -> String {
        fold_spaces(self.title.of(&self.text))
    }

    /// The body as published.
    pub fn body_text(&self) -> &str {
        self.body.of(&self.text)
    }
}

/// White space of every kind (no-break spaces included) folded to single spaces, none at either end.
pub fn fold_spaces(words: &str) -> String {
    let mut folded = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Letters and digits only, lower case, without accents, single spaces: two typesettings of the same words fold alike.
pub fn fold_text(words: &str) -> impl Iterator<Item = char> + '_ {
    let mut gap = false;
    let mut started = false;
    words
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .flat_map(move |c| {
            if c.is_alphanumeric() {
                let space = (gap && started).then_some(' ');
                gap = false;
                started = true;
                [space, Some(c)]
            } else {
                gap = true;
                [None, None]
            }
        })
        .flatten()
}

/// The permanent name of a release: eight characters of Crockford's base 32 in lower case (40 bits of a BLAKE3 hash).
///
/// Allocated once, from the release's first identity, then stored and never computed again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReleaseId([u8; 8]);

/// Crockford's base 32: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many characters of the folded text take part in the identity of a release without a key or an address.
pub const IDENTITY_TEXT: usize = 300;

/// What a release is known by: the full hash behind its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity([u8; 32]);

impl Identity {
    /// By the publisher's stable key.
    pub fn by_key(publisher: &str, key: &str) -> Self {
        Self::hash(publisher, "key", &[key])
    }

    /// By the original address and its language.
    pub fn by_url(publisher: &str, url: &str, lang: &str) -> Self {
        Self::hash(publisher, "url", &[url, lang])
    }

    /// By folded title and the first [`IDENTITY_TEXT`] characters of the folded body.
    pub fn by_words(publisher: &str, title: &str, body: &str) -> Self {
        let title: String = fold_text(title).collect();
        let body: String = fold_text(body).take(IDENTITY_TEXT).collect();
        Self::hash(publisher, "words", &[&title, &body])
    }

    fn hash(publisher: &str, how: &str, parts: &[&str]) -> Self {
        let mut hasher = blake3::Hasher::new();
        let publisher: String = fold_text(publisher).collect();
        for part in [publisher.as_str(), how].into_iter().chain(parts.iter().copied()) {
            // Length first, so that no two lists of parts hash alike.
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        Self(*hasher.finalize().as_bytes())
    }

    /// By an original address in its normal form, and by its language where the address names one: whoever publishes there.
    pub fn by_address(key: &str, lang: Option<&str>) -> Self {
        Self::hash("", "address", &[key, lang.unwrap_or("")])
    }

    /// By an original address in its normal form, whatever its language.
    pub fn by_address_in_any_language(key: &str) -> Self {
        Self::hash("", "address", &[key])
    }

    /// The names that an address gives a release: the one in the language that it names, and where it names one, the one in any.
    pub fn of_address(original: &Original) -> (i64, Option<i64>) {
        let (key, lang) = (&original.key, original.lang.as_deref());
        (Self::by_address(key, lang).alias(), lang.map(|_| Self::by_address_in_any_language(key).alias()))
    }

    /// The names under which the release at an address may be known, the best first: in the language that the address names, in none, in any.
    pub fn at_address(original: &Original) -> Vec<i64> {
        let key = &original.key;
        let named = original.lang.as_deref().map(|lang| Self::by_address(key, Some(lang)));
        let names = named.into_iter().chain([Self::by_address(key, None), Self::by_address_in_any_language(key)]);
        names.map(|name| name.alias()).collect()
    }

    /// For another text under the same identity, told by everything that its source gives.
    pub fn beside(&self, fingerprint: &[u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0);
        hasher.update(fingerprint);
        Self(*hasher.finalize().as_bytes())
    }

    /// The hash as it was stored.
    pub const fn stored(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The name under which a release is looked up by this identity: the first eight bytes of the hash.
    pub fn alias(&self) -> i64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        i64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// The id for this identity; `salt` is 0 at first and counts up while the id is another release's.
    pub fn id(&self, salt: u32) -> ReleaseId {
        let hash = if salt == 0 {
            self.0
        } else {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&self.0);
            hasher.update(&salt.to_le_bytes());
            *hasher.finalize().as_bytes()
        };
        let bits = u64::from_be_bytes([0, 0, 0, hash[0], hash[1], hash[2], hash[3], hash[4]]);
        let mut id = [0u8; 8];
        for (place, letter) in id.iter_mut().enumerate() {
            *letter = ALPHABET[(bits >> (35 - 5 * place)) as usize & 31];
        }
        ReleaseId(id)
    }
}

impl ReleaseId {
    pub fn as_str(&self) -> &str {
        // Always ASCII: every byte comes from ALPHABET.
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl ReleaseId {
    /// The 40 bits of the id; ids sort as these numbers do.
    pub fn number(&self) -> u64 {
        self.0.iter().fold(0, |bits, letter| bits << 5 | ALPHABET.iter().position(|known| known == letter).unwrap_or(0) as u64)
    }
}

impl FromStr for ReleaseId {
    type Err = ();

    /// Reads an id as typed: capitals and Crockford's look-alikes (o for 0, i and l for 1) are understood.
    fn from_str(typed: &str) -> Result<Self, ()> {
        let bytes: [u8; 8] = typed.as_bytes().try_into().map_err(|_| ())?;
        let mut id = [0u8; 8];
        for (letter, byte) in id.iter_mut().zip(bytes) {
            let byte = match byte.to_ascii_lowercase() {
                b'o' => b'0',
                b'i' | b'l' => b'1',
                other => other,
            };
            if !ALPHABET.contains(&byte) {
                return Err(());
            }
            *letter = byte;
        }
        Ok(Self(id))
    }
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReleaseId({self})")
    }
}

impl Serialize for ReleaseId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_ignores_typesetting_and_sees_words() {
        let one = Identity::by_words("NATO", "NATO’s  Strategy", "On Friday, we met.");
        assert_eq!(one, Identity::by_words("Nato", "NATO's strategy", "On Friday\u{a0}we met"));
        assert_ne!(one, Identity::by_words("NATO", "NATO's strategy", "On Monday we met"));
        assert_ne!(one, Identity::by_words("Ministry", "NATO's strategy", "On Friday we met"));
        assert_ne!(Identity::by_key("NATO", "a"), Identity::by_url("NATO", "a", ""));
    }

    #[test]
    fn ids_are_read_as_typed() {
        let id = Identity::by_key("NATO", "x").id(0);
        assert_eq!(id.as_str().len(), 8);
        assert_eq!(id.as_str().to_uppercase().parse(), Ok(id));
        assert_ne!(Identity::by_key("NATO", "x").id(1), id);
        assert!("1234567".parse::<ReleaseId>().is_err());
        assert!("1234567u".parse::<ReleaseId>().is_err());
        assert!("äääää".parse::<ReleaseId>().is_err());
        assert_eq!("OIL00000".parse::<ReleaseId>().map(|id| id.to_string()), Ok("01100000".into()));
    }
}
