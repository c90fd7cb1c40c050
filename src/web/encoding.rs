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
    /// The best encoding that a request accepts (RFC 9110, section 12.5.3); an encoding with `q=0` is refused.
    pub fn accepted(headers: &HeaderMap) -> Self {
        if accepts(headers, "br") {
            Self::Brotli
        } else if accepts(headers, "gzip") {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    /// For what is compressed while it is sent.
    pub fn gzip_is_accepted(headers: &HeaderMap) -> bool {
        accepts(headers, "gzip")
    }

    pub const fn token(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

fn accepts(headers: &HeaderMap, token: &str) -> bool {
    let listed = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    listed.into_iter().any(|item| {
        let mut parts = item.split(';');
        let name = parts.next().unwrap_or("").trim();
        let refused = parts.any(|part| part.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q <= 0.0)));
        name.eq_ignore_ascii_case(token) && !refused
    })
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
