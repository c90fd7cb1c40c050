//! Floor 2: documents from other machines, fetched as a polite and careful visitor does, and messages to them. No other module names a client
//! of HTTP or of mail.
//!
//! A feed can name any address and answer with anything. So each address, that of every redirect included, is checked
//! (`target`), a name's addresses are checked when they are resolved and only those are connected to (`resolve`, [`address`]),
//! `robots.txt` is asked and pauses are kept (`manners`, [`robots`]), and answers are bounded in size, unpacked, and in time.

pub mod address;
mod error;
mod head;
pub mod mail;
mod manners;
mod post;
mod resolve;
pub mod robots;
mod target;
#[cfg(test)]
mod tests;
mod undelivered;

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Client, ClientBuilder, Response};
use url::Url;

use manners::{Answer as Rules, Manners};
use resolve::{Guarded, Lookup, Permitted, System};
use robots::{MAX_ROBOTS, PRODUCT, Robots};

pub use error::{Fault, FetchError, Wait};
pub use head::Validators;
pub use post::{Poster, webhook_address};
pub use undelivered::{Trouble, Undelivered};

/// How fetching behaves.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Whether addresses that are not for everybody may be asked too: a server of one's own.
    pub allow_private: bool,
    /// The largest answer, in bytes, unpacked.
    pub max_bytes: usize,
    /// The longest time for one request, from the connection to the last byte.
    pub timeout: Duration,
    /// Redirects followed before an address is given up.
    pub max_redirects: usize,
    /// The pause between two requests to one site, where the site asks for no longer one.
    pub delay: Duration,
    /// Where a site's owner can find out who asks: an address of this archive.
    pub contact: Option<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            allow_private: false,
            max_bytes: 16 << 20,
            timeout: Duration::from_secs(60),
            max_redirects: 5,
            delay: Duration::from_secs(1),
            contact: None,
        }
    }
}

/// Part of [`Policy::timeout`] that a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// Headers in an answer; their bytes together are bounded by the client, at about 400 KiB.
const MAX_HEADERS: usize = 128;

/// What is asked for first: the forms that are read, richest first.
const FORMS: &str = "application/feed+json, application/atom+xml, application/rss+xml, application/rdf+xml, application/x-ndjson, \
                     application/xml;q=0.9, text/html;q=0.8, application/xhtml+xml;q=0.8, text/plain;q=0.7, */*;q=0.5";

/// What a fetch brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// Nothing has changed since the validators were given (304).
    NotModified,
    Body(Body),
}

/// A fetched document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub bytes: Vec<u8>,
    /// Where it stood, after all redirects.
    pub final_url: String,
    /// Whether every redirect on the way there was meant for good (301, 308).
    pub moved: bool,
    /// In lower case, without parameters.
    pub content_type: Option<String>,
    /// As the server names it (`windows-1252`), in lower case.
    pub charset: Option<String>,
    pub validators: Validators,
}

/// Fetches documents; remembers sites and their wishes as long as it lives.
pub struct Fetcher {
    policy: Policy,
    client: Client,
    permitted: Permitted,
    manners: Manners,
}

/// A whole answer.
struct Answer {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

/// What happens with an answer that is too large.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beyond {
    Refused,
    /// Enough was read.
    Cut,
}

impl Fetcher {
    /// # Errors
    /// The client cannot be set up: most likely the system has no certificates to trust.
    pub fn new(policy: Policy) -> Result<Self, FetchError> {
        let permitted: Permitted = if policy.allow_private { |_| true } else { address::is_public };
        Self::with(policy, System, permitted)
    }

    fn with(policy: Policy, lookup: impl Lookup, permitted: Permitted) -> Result<Self, FetchError> {
        let accept = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(FORMS))]);
        let client = client(&policy, lookup, permitted).default_headers(accept).build().map_err(|error| client_failed(&error))?;
        Ok(Self { policy, client, permitted, manners: Manners::default() })
    }

    /// The form in which an address is kept, once it is found to be one that may be fetched.
    ///
    /// # Errors
    /// [`Fault::Refused`]: no plain web address, or a private one where those are not allowed.
    pub fn address(&self, address: &str) -> Result<String, FetchError> {
        target::target(address, self.policy.allow_private, self.permitted).map(String::from)
    }

    /// Fetches a document, unless it is still the one that the validators stand for.
    ///
    /// # Errors
    /// Everything that can go wrong on the way, with the address where it went wrong; see [`Fault`] for what it means.
    pub async fn fetch(&self, address: &str, validators: &Validators) -> Result<Fetched, FetchError> {
        let mut url = target::target(address, self.policy.allow_private, self.permitted)?;
        let mut seen = vec![url.clone()];
        let mut for_good = true;
        loop {
            let rules = self.rules(&url).await?;
            let delay = self.consent(&url, &rules)?;
            self.manners.turn(&url, delay).await;
            let answer = self.exchange(&url, validators, self.policy.max_bytes, Beyond::Refused).await?;
            match answer.status {
                206 => return Err(FetchError::status(&url, 206, None)),
                200..=299 => return Ok(Fetched::Body(body(&url, answer, for_good && seen.len() > 1))),
                304 if !validators.is_empty() => return Ok(Fetched::NotModified),
                301 | 302 | 303 | 307 | 308 => {
                    for_good &= matches!(answer.status, 301 | 308);
                    url = self.next(&url, &answer.headers, &mut seen)?;
                }
                status => return Err(FetchError::status(&url, status, head::wait(&answer.headers))),
            }
        }
    }

    /// Where a redirect leads, once it is known to be worth following.
    fn next(&self, from: &Url, headers: &HeaderMap, seen: &mut Vec<Url>) -> Result<Url, FetchError> {
        let refuse = |reason: String| Err(FetchError::new(from, Fault::Refused, reason, "Check the address"));
        let Some(location) = headers.get(LOCATION) else { return refuse("it redirects, but does not say where to".into()) };
        let location = String::from_utf8_lossy(location.as_bytes());
        let to = target::hop(from, &location, self.policy.allow_private, self.permitted)?;
        if seen.contains(&to) {
            return refuse(format!("it redirects in a circle, to {to} again"));
        }
        if seen.len() > self.policy.max_redirects {
            return refuse(format!("it redirects more than {} times, at last to {to}", self.policy.max_redirects));
        }
        seen.push(to.clone());
        Ok(to)
    }

    /// Whether the site lets this address be fetched, and after which pause.
    fn consent(&self, url: &Url, rules: &Rules) -> Result<Duration, FetchError> {
        match &**rules {
            Err(reason) => {
                let reason = format!("the site’s robots.txt cannot be read, so nothing is fetched there ({reason})");
                Err(FetchError::new(url, Fault::Passing, reason, "Try again later"))
            }
            Ok(rules) if !rules.allows(&url[url::Position::BeforePath..]) => {
                let reason = "the site’s robots.txt does not allow programs to fetch it";
                Err(FetchError::new(url, Fault::Refused, reason, "Ask the publisher, or import a file that you have"))
            }
            Ok(rules) => Ok(rules.delay.map_or(self.policy.delay, |asked| asked.max(self.policy.delay))),
        }
    }

    /// The site's rules, fetched where they are not known (RFC 9309, section 2.3.1): no such file allows everything, a server that
    /// is not well or asks to come later allows nothing.
    async fn rules(&self, url: &Url) -> Result<Rules, FetchError> {
        if let Some(rules) = self.manners.robots(url).await {
            return Ok(rules);
        }
        let rules = match self.robots(url).await {
            Ok(bytes) => Ok(Robots::parse(&bytes, PRODUCT)),
            // Where even this must not be asked, the address itself is the fault.
            Err(error) if error.fault == Fault::Refused => return Err(FetchError { url: url.to_string(), ..error }),
            Err(error) if matches!(error.fault, Fault::Missing | Fault::Gone) => Ok(Robots::default()),
            Err(error) => Err(error.reason),
        };
        Ok(self.manners.remember(url, rules).await)
    }

    async fn robots(&self, of: &Url) -> Result<Vec<u8>, FetchError> {
        let mut url = of.join("/robots.txt").map_err(|_| FetchError::status(of, 404, None))?;
        let mut seen = vec![url.clone()];
        loop {
            self.manners.turn(&url, self.policy.delay).await;
            let answer = self.exchange(&url, &Validators::default(), MAX_ROBOTS, Beyond::Cut).await?;
            match answer.status {
                200..=299 => return Ok(answer.bytes),
                301 | 302 | 303 | 307 | 308 => match self.next(&url, &answer.headers, &mut seen) {
                    Ok(next) => url = next,
                    // Too long a chain, or one that leads nowhere, is as good as no file.
                    Err(_) => return Ok(Vec::new()),
                },
                status => return Err(FetchError::status(&url, status, None)),
            }
        }
    }

    /// One request and its whole answer, within the time for it.
    async fn exchange(&self, url: &Url, validators: &Validators, limit: usize, beyond: Beyond) -> Result<Answer, FetchError> {
        let work = async {
            let request = self.client.get(url.clone()).headers(validators.headers());
            let response = request.send().await.map_err(|error| FetchError::network(url, &error))?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            // Only what was asked for is read; the rest of other answers is never waited for.
            let bytes = if (200..300).contains(&status) { read(url, response, limit, beyond).await? } else { Vec::new() };
            Ok(Answer { status, headers, bytes })
        };
        match tokio::time::timeout(self.policy.timeout, work).await {
            Ok(answer) => answer,
            Err(_) => Err(FetchError::too_slow(url, self.policy.timeout)),
        }
    }
}

/// Reads an answer piece by piece, unpacked, and no further than the limit.
async fn read(url: &Url, mut response: Response, limit: usize, beyond: Beyond) -> Result<Vec<u8>, FetchError> {
    let announced = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if beyond == Beyond::Refused && announced.is_some_and(|length| length > limit) {
        return Err(FetchError::too_large(url, limit));
    }
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| FetchError::network(url, &error))? {
        let fits = piece.get(..limit - bytes.len()).unwrap_or(&piece);
        bytes.extend_from_slice(fits);
        match beyond {
            _ if fits.len() == piece.len() => {}
            Beyond::Cut => break,
            Beyond::Refused => return Err(FetchError::too_large(url, limit)),
        }
    }
    Ok(bytes)
}

fn body(url: &Url, answer: Answer, moved: bool) -> Body {
    let content_type = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let (content_type, charset) = head::content_type(content_type);
    Body { bytes: answer.bytes, final_url: url.to_string(), moved, content_type, charset, validators: Validators::of(&answer.headers) }
}

/// A client that connects to nothing that was not checked, and follows nothing by itself.
fn client(policy: &Policy, lookup: impl Lookup, permitted: Permitted) -> ClientBuilder {
    // An error only says that it was installed before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(user_agent(policy))
        .dns_resolver(Arc::new(Guarded::new(lookup, permitted)))
        // A proxy would connect to what was never checked here.
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(CONNECT)
        .http1_max_headers(MAX_HEADERS)
}

fn client_failed(error: &reqwest::Error) -> FetchError {
    let reason = format!("no connection can be made ({})", error::plain(&error.to_string()));
    FetchError::new("https", Fault::Refused, reason, "Check that the system’s certificates are installed (ca-certificates)")
}

/// Names the program, what it does and where its owner can be found.
fn user_agent(policy: &Policy) -> String {
    let contact = policy.contact.as_deref().filter(|contact| contact.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')')));
    let contact = contact.map_or(String::new(), |contact| format!("; +{contact}"));
    format!("{PRODUCT}/{} (archive of public statements{contact})", env!("CARGO_PKG_VERSION"))
}
