//! Why something was not fetched, said so that the owner of the archive can decide what to do.

use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::resolve::PrivateAddress;

/// Why an address was not fetched: `URL: reason. Advice.`
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{url}: {reason}. {advice}.")]
pub struct FetchError {
    /// The address, without a password that it may have held.
    pub url: String,
    /// Why, in words that stand alone, without a full stop at the end.
    pub reason: String,
    /// What to do next, without a full stop at the end.
    pub advice: String,
    pub fault: Fault,
}

/// What a failure means for a later attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not fetched by this program's own rules, or by the site's: asking again changes nothing before somebody changes something.
    Refused,
    /// There is nothing under this address (404 and other answers of that kind).
    Missing,
    /// There is nothing any more, and there will not be (410).
    Gone,
    /// The server asks to come later (429, 503), where it says when.
    Later(Option<Wait>),
    /// It may go better next time.
    Passing,
}

/// How long a server wants to be left alone (`Retry-After`, RFC 9110, section 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    For(Duration),
    Until(DateTime<Utc>),
}

const LATER: &str = "Try again later";

/// What to do about a certificate that this system does not trust, without a full stop at the end.
pub(super) const CERTIFICATES: &str =
    "Check the address and this machine’s clock; an authority of your own must be among the system’s certificates";

impl FetchError {
    pub(super) fn new(url: impl ToString, fault: Fault, reason: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { url: url.to_string(), reason: reason.into(), advice: advice.into(), fault }
    }

    pub(super) fn private(url: &Url, address: &dyn std::fmt::Display) -> Self {
        let reason = format!("it leads to {address}, which is no public address");
        Self::new(url, Fault::Refused, reason, "If the server is your own, allow it with --allow-private")
    }

    pub(super) fn too_large(url: &Url, limit: usize) -> Self {
        let reason = format!("the answer is larger than {} MiB, unpacked", limit.div_ceil(1 << 20));
        Self::new(url, Fault::Refused, reason, "Download it yourself and import the file if it is what you want")
    }

    pub(super) fn too_slow(url: &Url, limit: Duration) -> Self {
        Self::new(url, Fault::Passing, format!("the whole answer did not come within {} s", limit.as_secs_f32()), LATER)
    }

    /// An answer that is neither what was asked for nor a redirect.
    pub(super) fn status(url: &Url, status: u16, wait: Option<Wait>) -> Self {
        let told = format!("the server answered with status {status}");
        match status {
            410 => Self::new(url, Fault::Gone, format!("{told}: it is gone for good"), "Look for a new address on the publisher’s site"),
            429 | 503 => Self::new(url, Fault::Later(wait), format!("{told}: it asks to come later"), LATER),
            401 | 402 | 403 | 407 | 451 => Self::new(
                url,
                Fault::Missing,
                format!("{told}: it does not give this to everybody"),
                "Ask the publisher, or import a file that you have",
            ),
            408 | 425 | 500.. => Self::new(url, Fault::Passing, format!("{told}: it has a problem of its own"), LATER),
            400..500 => Self::new(url, Fault::Missing, format!("{told}: there is nothing here"), "Check the address"),
            _ => Self::new(url, Fault::Passing, format!("{told}, which was not asked for"), LATER),
        }
    }

    /// What the client met on its way.
    pub(super) fn network(url: &Url, error: &reqwest::Error) -> Self {
        let mut innermost: &dyn std::error::Error = error;
        while let Some(deeper) = innermost.source() {
            innermost = deeper;
            if let Some(private) = innermost.downcast_ref::<PrivateAddress>() {
                return Self::private(url, private);
            }
        }
        if distrusts(error) {
            let reason = format!("its certificate is not trusted ({})", plain(&innermost.to_string()));
            return Self::new(url, Fault::Passing, reason, CERTIFICATES);
        }
        let what = if error.is_connect() {
            "no connection can be made"
        } else if error.is_decode() {
            "the answer cannot be unpacked"
        } else {
            "the connection failed"
        };
        Self::new(url, Fault::Passing, format!("{what} ({})", plain(&innermost.to_string())), "Check the address and the network")
    }
}

/// Whether a connection was ended because of the certificate that the other side showed.
pub(super) fn distrusts(error: &(dyn std::error::Error + 'static)) -> bool {
    // An I/O error names as its source what stands behind the error that it holds, and passes over that one.
    let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let inner = held.map(|held| held as &(dyn std::error::Error + 'static)).or_else(|| error.source());
    matches!(error.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) || inner.is_some_and(distrusts)
}

/// Foreign words as an error may repeat them: one line, bounded, no control characters.
pub(super) fn plain(words: &str) -> String {
    words.chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use std::io;

    use rustls::{CertificateError, Error};

    use super::*;

    #[test]
    fn a_certificate_is_found_however_deep_it_stands() {
        let wrong = || Error::InvalidCertificate(CertificateError::UnknownIssuer);
        assert!(distrusts(&wrong()) && distrusts(&io::Error::other(wrong())) && distrusts(&io::Error::other(io::Error::other(wrong()))));
        assert!(!distrusts(&Error::DecryptError) && !distrusts(&io::Error::other(Error::DecryptError)));
        assert!(!distrusts(&io::Error::from(io::ErrorKind::ConnectionReset)) && !distrusts(&io::Error::other("no certificate")));
    }
}
