//! Messages to other programs: one request each, to an address that was judged as one that is fetched is, and no redirect followed.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response};
use url::Url;

use super::resolve::{Lookup, Permitted, System};
use super::{FetchError, Policy, Trouble, Undelivered, address, client, client_failed, head, target};

/// The longest time for one message, from the connection to the answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends messages.
pub struct Poster {
    client: Client,
    allow_private: bool,
    permitted: Permitted,
    patience: Duration,
}

impl Poster {
    /// Of the policy only who asks and whether private addresses are asked too.
    ///
    /// # Errors
    /// The client cannot be set up: most likely the system has no certificates to trust.
    pub fn new(policy: &Policy) -> Result<Self, FetchError> {
        let permitted: Permitted = if policy.allow_private { |_| true } else { address::is_public };
        Self::with(policy, System, permitted)
    }

    pub(super) fn with(policy: &Policy, lookup: impl Lookup, permitted: Permitted) -> Result<Self, FetchError> {
        let client = client(policy, lookup, permitted).build().map_err(|error| client_failed(&error))?;
        Ok(Self { client, allow_private: policy.allow_private, permitted, patience: PATIENCE.min(policy.timeout) })
    }

    /// The form in which an address is kept, once it is found to be one that messages may be sent to.
    ///
    /// # Errors
    /// [`Fault::Refused`](super::Fault::Refused): no plain web address, or a private one where those are not allowed.
    pub fn address(&self, address: &str) -> Result<String, FetchError> {
        target::target(address, self.allow_private, self.permitted).map(String::from)
    }

    /// Sends JSON with headers of its own. Whatever 2xx answers has taken it; what else the answer says is not read.
    ///
    /// # Errors
    /// Everything that can go wrong on the way; see [`Trouble`] for what it means.
    pub async fn post(&self, address: &str, headers: &[(&'static str, String)], body: Vec<u8>) -> Result<(), Undelivered> {
        let url = target::target(address, self.allow_private, self.permitted).map_err(|error| refused(&error))?;
        let mut all = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).map_err(|_| {
                Undelivered::new(Trouble::Never, format!("The header {name} cannot hold “{}”.", super::error::plain(value)))
            })?;
            all.insert(HeaderName::from_static(name), value);
        }
        let sending = self.client.post(url.clone()).headers(all).body(body).send();
        match tokio::time::timeout(self.patience, sending).await {
            Err(_) => {
                let reason =
                    format!("No answer came within {} s. Look whether whatever listens there is well.", self.patience.as_secs_f32());
                Err(Undelivered::new(Trouble::Unreached, reason))
            }
            Ok(Err(error)) => {
                let error = FetchError::network(&url, &error);
                let trouble = if error.fault == super::Fault::Refused { Trouble::Refused } else { Trouble::Unreached };
                Err(Undelivered::new(trouble, sentence(&error)))
            }
            Ok(Ok(response)) => judged(&url, &response),
        }
    }
}

/// What an answer means (RFC 9110, section 15).
fn judged(url: &Url, response: &Response) -> Result<(), Undelivered> {
    let status = response.status().as_u16();
    let answered = format!("It answered with status {status}");
    let (trouble, reason) = match status {
        200..=299 => return Ok(()),
        300..=399 => (Trouble::Refused, format!("{answered}, which sends on elsewhere. Give the address at which it listens, not {url}.")),
        410 => (Trouble::Never, format!("{answered}: it wants no more of this. Take the address out, or give the new one.")),
        429 | 503 => (Trouble::Later(head::wait(response.headers())), format!("{answered}: it asks to come later.")),
        408 | 425 => (Trouble::Passing, format!("{answered}: it was too slow or too early.")),
        401 | 403 => (Trouble::Refused, format!("{answered}: it does not take this from here. Check the secret on both sides.")),
        400..=499 => (Trouble::Refused, format!("{answered}: it does not take this. Check the address.")),
        _ => (Trouble::Passing, format!("{answered}: it has a problem of its own.")),
    };
    Err(Undelivered::new(trouble, reason))
}

/// An address that may not be asked; it may be allowed soon.
fn refused(error: &FetchError) -> Undelivered {
    Undelivered::new(Trouble::Refused, sentence(error))
}

fn sentence(error: &FetchError) -> String {
    // Whoever fetches is told of a flag; here it is a field.
    let advice = error.advice.replace("--allow-private", "allow_private = true");
    let mut letters = error.reason.chars();
    let reason: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    format!("{reason}. {advice}.")
}

/// The form in which an address is kept, once it is found to be one that messages may be sent to: https, but for machines of one's own.
///
/// # Errors
/// What is wrong with it, as the end of a sentence.
pub fn webhook_address(address: &str, allow_private: bool) -> Result<String, String> {
    match Url::parse(address.trim()) {
        Err(error) => return Err(format!("is no address ({error}). Write it whole, such as https://hooks.example.org/nato")),
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            return Err(format!("begins with “{}:”, and messages are sent to https addresses only", url.scheme()));
        }
        Ok(_) => {}
    }
    let permitted: Permitted = if allow_private { |_| true } else { address::is_public };
    let url = target::target(address, allow_private, permitted).map_err(|error| {
        let told = sentence(&error);
        let mut letters = told.trim_end_matches('.').chars();
        letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect::<String>()
    })?;
    if url.scheme() != "https" && !allow_private {
        return Err(
            "is http, so that anybody on the way could change what is sent. Use https; within networks of your own allow_private = true \
                    lets http pass"
                .into(),
        );
    }
    Ok(url.into())
}
