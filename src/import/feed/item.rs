//! An item of a feed as a release.

use feed_rs::model::Entry;

use super::{Channel, Read, main_tag, plain};
use crate::import::html::{self, Laid};
use crate::import::lines::{line_number, trimmed};
use crate::import::marks::MAX_TITLE;
use crate::import::{blocks_of, fields, sha256_hex, when};
use crate::model::{Given, ParsedRelease, RefusedItem, Sidecar, Span};

/// How a text ends that was cut.
const CUT_SIGNS: &[&str] = &["…", "...", "[…]", "(…)", "[...]", "(...)"];
/// The words, in lower case, of a link at its end that leads to the rest.
const CUT_WORDS: &[&str] = &["read more", "continue reading", "full story", "lire la suite", "en savoir plus", "lire plus"];
/// A last line longer than this, in bytes, that ends in such words is a sentence.
const MAX_CUT: usize = 200;

/// An item as feed-rs gives it, with what it does not tell.
pub(super) struct Raw {
    pub entry: Entry,
    /// When it was published, as written.
    pub stamp: Option<String>,
    /// The feed that it was taken from.
    pub publisher: Option<String>,
    /// Its id is an address that leads to it.
    pub permanent: bool,
    /// The feed holds its content, and not a summary only.
    pub full: bool,
    /// Its text is plain by its format, whatever it looks like.
    pub plain: bool,
}

/// A release before its place is known.
#[derive(Debug)]
pub(super) struct Made {
    release: ParsedRelease,
    teaser: bool,
}

/// The items of a feed, one after the other.
pub(super) struct Items<'a> {
    channel: &'a Channel,
    sidecar: &'a Sidecar,
    number: usize,
    /// Where the refused items stand.
    places: Vec<Span>,
    read: Read,
}

impl<'a> Items<'a> {
    pub fn new(channel: &'a Channel, sidecar: &'a Sidecar) -> Self {
        Self { channel, sidecar, number: 0, places: Vec::new(), read: Read::default() }
    }

    /// Takes an item in, or notes why it is not: `told` knows its title then.
    pub fn push(&mut self, made: Result<Made, String>, at: Span, told: impl FnOnce() -> String) {
        self.number += 1;
        match made {
            Ok(Made { release, teaser }) => {
                let position = u32::try_from(self.read.releases.len()).unwrap_or(u32::MAX);
                if teaser {
                    self.read.teasers.insert(position);
                }
                self.read.releases.push(ParsedRelease { position, at, ..release });
            }
            Err(reason) => {
                self.places.push(at);
                self.read.refused.push(RefusedItem { number: self.number, title: told(), line: None, reason });
            }
        }
    }

    /// What was read; the lines of what was refused are counted in one pass over the feed.
    pub fn finish(mut self, bytes: &[u8]) -> Read {
        let (mut at, mut line) = (0, 0);
        for (item, place) in self.read.refused.iter_mut().zip(&self.places) {
            let whole = place.len() == bytes.len();
            line += line_number(bytes.get(at..place.start).unwrap_or_default(), usize::MAX) - 1;
            at = place.start;
            item.line = (!whole).then_some(line + 1);
        }
        self.read
    }

    /// Makes a release of an item.
    ///
    /// # Errors
    /// What it lacks, in words that follow "the item was refused because".
    pub fn make(&self, raw: Raw) -> Result<Made, String> {
        let title = raw.entry.title.as_ref().map(|title| plain(&title.content)).unwrap_or_default();
        if !title.chars().any(char::is_alphanumeric) {
            return Err("it has no title".into());
        }
        if title.chars().nth(MAX_TITLE).is_some() {
            return Err(format!("its title is longer than {MAX_TITLE} characters"));
        }
        let link = link(&raw);
        let textual = |kind: &str| kind.starts_with("text/") || kind.contains("xml") || kind.contains("html");
        let content = raw
            .entry
            .content
            .as_ref()
            .filter(|content| textual(content.content_type.as_ref()))
            .and_then(|content| content.body.as_deref())
            .filter(|body| !body.trim().is_empty());
        let summary = raw.entry.summary.as_ref().map(|summary| summary.content.as_str()).filter(|summary| !summary.trim().is_empty());
        let words = content.or(summary).unwrap_or("");
        let laid = lay(&title, words, raw.plain);
        let body = laid.body.of(&laid.text);
        if body.is_empty() && link.is_none() {
            return Err("it has neither a text nor a link to one".into());
        }
        let teaser = body.is_empty() || !(raw.full && content.is_some()) || is_cut(body);
        let published_on = match &raw.stamp {
            Some(stamp) if !stamp.trim().is_empty() => when::read(stamp).and_then(|when| when.stated()),
            _ => None,
        };
        let lang = raw.entry.language.as_deref().and_then(main_tag).or_else(|| self.channel.language.clone());
        let key = key(&raw, link.as_deref());
        let given = Given { key, published_on, lang, url: link, ..Given::default() };
        // Who keeps the feed knows best who published it; then the feed that the item came from; then this feed.
        let source = raw.publisher.or_else(|| self.channel.title.clone()).filter(|_| self.sidecar.publisher.is_none());
        let sha256 = sha256_hex(laid.text.as_bytes());
        let Laid { text, title, body, blocks } = laid;
        let at = Span::new(0, 0);
        Ok(Made {
            release: ParsedRelease { position: 0, at, text, sha256, title, source_line: None, source, stamp: None, body, blocks, given },
            teaser,
        })
    }
}

fn lay(title: &str, words: &str, plain: bool) -> Laid {
    if !plain && html::is_marked_up(words) {
        return html::fragment(title, words);
    }
    let words = words.replace('\0', "");
    let text = format!("{title}\n\n{}", words.trim()).trim_end().to_owned();
    let start = (title.len() + 2).min(text.len());
    let body = trimmed(&text, Span::new(start, text.len()));
    Laid { title: trimmed(title, Span::new(0, title.len())), blocks: blocks_of(&text, body), body, text }
}

/// The address of the item: its own link, else an id that leads to it.
fn link(raw: &Raw) -> Option<String> {
    let links = &raw.entry.links;
    let plain = |link: &&feed_rs::model::Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate") && link.target.is_none();
    let link = links.iter().find(plain).map(|link| link.href.trim()).filter(|link| !link.is_empty());
    let id = Some(raw.entry.id.trim()).filter(|id| raw.permanent && is_address(id));
    link.and_then(|link| fields::address(link).ok()).or_else(|| id.and_then(|id| fields::address(id).ok()))
}

/// The id, where it is opaque: an address is no key.
fn key(raw: &Raw, link: Option<&str>) -> Option<String> {
    let id = raw.entry.id.trim();
    let address = is_address(id) && (link.is_some() || raw.permanent);
    (!id.is_empty() && Some(id) != link && !address).then(|| fields::name(id).ok()).flatten()
}

fn is_address(id: &str) -> bool {
    let scheme = id.split("://").next().unwrap_or("");
    scheme.len() < id.len() && (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
}

/// Whether a text ends as one does that was cut.
fn is_cut(body: &str) -> bool {
    let last = body.lines().next_back().unwrap_or("").trim().to_lowercase();
    let words = last.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '…' | '»' | '>' | '→' | ']' | ')'));
    CUT_SIGNS.iter().any(|sign| last.ends_with(sign)) || last.len() <= MAX_CUT && CUT_WORDS.iter().any(|cut| words.ends_with(cut))
}
