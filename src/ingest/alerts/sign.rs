//! Signatures of what other programs are sent: the Standard Webhooks scheme, version 1 (<https://www.standardwebhooks.com>, “Signature scheme”).
//!
//! Whoever receives a message takes the three headers and the bytes of the body as they came, joins id, timestamp and body with full stops, makes
//! the HMAC-SHA256 of that with the secret (what stands behind `whsec_`, decoded from base64), and compares its base64 form with each of the
//! signatures in the header that begin with `v1,`. A timestamp that is minutes away from the present is refused, and an id that came before is
//! passed over.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// How long a key may be, in bytes: the scheme's own bounds.
const KEY: std::ops::RangeInclusive<usize> = 24..=64;

/// The key behind a secret as it is written.
///
/// # Errors
/// What is wrong with it, as the end of a sentence that does not repeat it.
pub fn key(secret: &str) -> Result<Vec<u8>, String> {
    let wrong = "must be whsec_ followed by 24 to 64 bytes in base64. Make one with: echo whsec_$(openssl rand -base64 32)";
    let key = secret.strip_prefix(PREFIX).and_then(|encoded| STANDARD.decode(encoded).ok());
    key.filter(|key| KEY.contains(&key.len())).ok_or_else(|| wrong.to_owned())
}

/// The three headers of a message. `at` is when it is sent, in seconds since 1970: it is signed, so that an old message cannot be sent again
/// by somebody else.
pub fn headers(key: &[u8], id: &str, at: i64, body: &[u8]) -> Vec<(&'static str, String)> {
    // A key of any length is one.
    let signature = Hmac::<Sha256>::new_from_slice(key).map(|mut mac| {
        mac.update(format!("{id}.{at}.").as_bytes());
        mac.update(body);
        STANDARD.encode(mac.finalize().into_bytes())
    });
    let signature = signature.map(|signature| format!("v1,{signature}")).unwrap_or_default();
    vec![("webhook-id", id.to_owned()), ("webhook-timestamp", at.to_string()), ("webhook-signature", signature)]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2104, section 2, written out.
    fn by_hand(key: &[u8], message: &[u8]) -> Vec<u8> {
        use sha2::Digest;
        let mut block = [0_u8; 64];
        block[..key.len()].copy_from_slice(key);
        let inner = Sha256::digest([&block.map(|byte| byte ^ 0x36)[..], message].concat());
        Sha256::digest([&block.map(|byte| byte ^ 0x5c)[..], &inner[..]].concat()).to_vec()
    }

    #[test]
    fn a_signature_is_what_the_scheme_says() {
        let key = key(&format!("whsec_{}", STANDARD.encode([7; 32]))).expect("a key");
        let made = headers(&key, "a_b", 1_700_000_000, b"{}");
        let expected = format!("v1,{}", STANDARD.encode(by_hand(&key, b"a_b.1700000000.{}")));
        let expected = [("webhook-id", "a_b"), ("webhook-timestamp", "1700000000"), ("webhook-signature", &expected)];
        assert_eq!(made, expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn a_signature_is_what_other_programs_make() {
        // From the tests of the scheme's own libraries.
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a key");
        let made = headers(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(made[2].1, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn only_whole_secrets_are_keys() {
        for (secret, is_one) in [
            ("whsec_".to_owned(), false),
            ("secret".to_owned(), false),
            (format!("whsec_{}", STANDARD.encode([1; 23])), false),
            (format!("whsec_{}", STANDARD.encode([1; 24])), true),
            (format!("whsec_{}", STANDARD.encode([1; 64])), true),
            (format!("whsec_{}", STANDARD.encode([1; 65])), false),
            (STANDARD.encode([1; 32]), false),
        ] {
            assert_eq!(key(&secret).is_ok(), is_one, "{secret}");
            assert!(key(&secret).map_or_else(|told| secret.len() < 8 || !told.contains(&secret), |_| true));
        }
    }
}
