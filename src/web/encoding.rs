//! Content encodings: a body is compressed once for each, when first asked for.

use std::io::Write;
use std::sync::OnceLock;

use axum::http::{HeaderMap, header};
use bytes::Bytes;

/// The encodings offered, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// The encoding that a request would rather have, and of equal ones the better (RFC 9110, section 12.5.3); one with `q=0` is refused.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let (brotli, gzip) = (wanted(headers, "br"), wanted(headers, "gzip"));
        if brotli > 0.0 && brotli >= gzip {
            Self::Brotli
        } else if gzip > 0.0 {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    /// For what is compressed while it is sent.
    pub fn gzip_is_accepted(headers: &HeaderMap) -> bool {
        wanted(headers, "gzip") > 0.0
    }

    pub const fn token(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// How much an encoding is wanted, from 0 (not at all) to 1.
fn wanted(headers: &HeaderMap, token: &str) -> f32 {
    let weight = |name: &str| {
        let listed =
            headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
        let mut parts =
            listed.map(|item| item.split(';')).find_map(|mut parts| parts.next()?.trim().eq_ignore_ascii_case(name).then_some(parts))?;
        Some(parts.find_map(|part| part.trim().strip_prefix("q=")?.trim().parse::<f32>().ok()).unwrap_or(1.0))
    };
    weight(token).or_else(|| weight("*")).unwrap_or(0.0)
}

/// A finished body in each encoding that was asked for.
pub struct Encoded {
    identity: Bytes,
    hash: String,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

/// Bodies below this gain nothing from compression that a network would notice.
const WORTH_IT: usize = 512;

impl Encoded {
    pub fn new(identity: Bytes) -> Self {
        let hash = blake3::hash(&identity).to_hex()[..20].to_owned();
        Self { identity, hash, gzip: OnceLock::new(), brotli: OnceLock::new() }
    }

    pub fn identity(&self) -> Bytes {
        self.identity.clone()
    }

    /// The body in the wanted encoding, or as it is where compressing gains nothing.
    pub fn get(&self, wanted: Encoding) -> (Encoding, Bytes) {
        if self.identity.len() < WORTH_IT {
            return (Encoding::Identity, self.identity());
        }
        match wanted {
            Encoding::Identity => (wanted, self.identity()),
            Encoding::Gzip => (wanted, self.gzip.get_or_init(|| gzip(&self.identity)).clone()),
            Encoding::Brotli => (wanted, self.brotli.get_or_init(|| brotli(&self.identity)).clone()),
        }
    }

    /// A strong validator: the bytes that go out are the bytes that it names.
    pub fn etag(&self, encoding: Encoding) -> String {
        format!("\"{}{}\"", self.hash, encoding.token().map(|token| format!("-{token}")).unwrap_or_default())
    }

    /// Memory that the body takes, in bytes.
    pub fn weight(&self) -> usize {
        // Compressed forms come later and are about a quarter each.
        self.identity.len() + self.identity.len() / 2 + 256
    }
}

/// Whether a request already has the body that `etag` names (`If-None-Match`, RFC 9110, section 13.1.2).
pub fn matches(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == "*" || tag == etag)
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 3), flate2::Compression::new(6));
    // Writing to memory does not fail; were it to, the plain bytes would be wrong under this name, so nothing is sent.
    match encoder.write_all(bytes).and_then(|()| encoder.finish()) {
        Ok(compressed) => compressed.into(),
        Err(_) => Bytes::new(),
    }
}

fn brotli(bytes: &[u8]) -> Bytes {
    let mut compressed = Vec::with_capacity(bytes.len() / 3);
    {
        // Quality 5: within a tenth of the best that pays for a page that is compressed once and sent often.
        let mut encoder = brotli::CompressorWriter::new(&mut compressed, 8 << 10, 5, 20);
        if encoder.write_all(bytes).is_err() {
            return Bytes::new();
        }
    }
    compressed.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(accept: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, accept.parse().expect("a header"));
        headers
    }

    #[test]
    fn the_best_accepted_encoding_is_taken() {
        for (accept, encoding) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip", Encoding::Gzip),
            ("br;q=0, gzip;q=0.5", Encoding::Gzip),
            ("br;q=0.1, gzip;q=1.0", Encoding::Gzip),
            ("gzip;q=0.5, br;q=0.5", Encoding::Brotli),
            ("*", Encoding::Brotli),
            ("br;q=0, *", Encoding::Gzip),
            ("deflate", Encoding::Identity),
            ("", Encoding::Identity),
        ] {
            assert_eq!(Encoding::accepted(&headers(accept)), encoding, "{accept}");
        }
    }

    #[test]
    fn bodies_come_back_whole() {
        use std::io::Read;
        let text = "A release, and another. ".repeat(200);
        let encoded = Encoded::new(text.clone().into());
        let mut plain = String::new();
        flate2::read::GzDecoder::new(&encoded.get(Encoding::Gzip).1[..]).read_to_string(&mut plain).expect("gzip");
        assert_eq!(plain, text);
        plain.clear();
        brotli::Decompressor::new(&encoded.get(Encoding::Brotli).1[..], 4096).read_to_string(&mut plain).expect("brotli");
        assert_eq!(plain, text);
        assert_ne!(encoded.etag(Encoding::Gzip), encoded.etag(Encoding::Identity));
    }
}
