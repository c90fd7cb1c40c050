//! Politeness: a pause between two requests to one site, and its `robots.txt` remembered.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use url::Url;

use super::robots::Robots;

/// How long a `robots.txt` is believed (RFC 9309, section 2.4: not more than a day), and how long the lack of one that can be read.
const BELIEVED: Duration = Duration::from_secs(24 * 60 * 60);
const UNREADABLE: Duration = Duration::from_secs(5 * 60);

/// Sites remembered at a time; links of many feeds lead to few sites.
const SITES: usize = 1_000;

/// The longest pause that a site can ask for.
pub const MAX_DELAY: Duration = Duration::from_secs(30);

/// What is known of the sites asked so far.
#[derive(Default)]
pub(super) struct Manners {
    sites: Mutex<HashMap<String, Site>>,
}

#[derive(Default)]
struct Site {
    /// When the next request may begin.
    next: Option<Instant>,
    robots: Option<(Answer, Instant)>,
}

/// The rules of a site, or why they could not be read.
pub(super) type Answer = Arc<Result<Robots, String>>;

impl Manners {
    /// Waits until it is this request's turn at its site.
    pub async fn turn(&self, url: &Url, delay: Duration) {
        let mut sites = self.sites.lock().await;
        let now = Instant::now();
        if sites.len() >= SITES {
            sites.retain(|_, site| site.next.is_some_and(|next| next > now));
        }
        let site = sites.entry(origin(url)).or_default();
        let start = site.next.map_or(now, |next| next.max(now));
        site.next = Some(start + delay.min(MAX_DELAY));
        drop(sites);
        tokio::time::sleep(start - now).await;
    }

    /// The site's rules, where they are known and still believed.
    pub async fn robots(&self, url: &Url) -> Option<Answer> {
        let sites = self.sites.lock().await;
        let (answer, until) = sites.get(&origin(url))?.robots.as_ref()?;
        (*until > Instant::now()).then(|| Arc::clone(answer))
    }

    /// Remembers the site's rules.
    pub async fn remember(&self, url: &Url, answer: Result<Robots, String>) -> Answer {
        let until = Instant::now() + if answer.is_ok() { BELIEVED } else { UNREADABLE };
        let answer = Arc::new(answer);
        self.sites.lock().await.entry(origin(url)).or_default().robots = Some((Arc::clone(&answer), until));
        answer
    }
}

/// Scheme, host and port.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
