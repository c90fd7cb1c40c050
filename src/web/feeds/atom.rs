//! Feeds of releases as Atom 1.0 (RFC 4287), with pages and archive documents (RFC 5005) and the withdrawn ones named (RFC 6721).

use chrono::DateTime;

use super::content::passages;
use super::entry::{Entry, release_urn};
use super::moments::{said, updated};
use super::releases::Feed;
use crate::model::{DocumentFormat, Whole};
use crate::reading::history::moment_of;
use crate::web::past::{AddressView, rfc3339};
use crate::web::shell::SITE;
use crate::web::urls::{FeedForm, FeedPlace};
use crate::web::xml::Xml;

pub const ATOM: &str = "http://www.w3.org/2005/Atom";
/// RFC 5005, section 4.
pub const HISTORY: &str = "http://purl.org/syndication/history/1.0";
/// RFC 6721, section 3.
const TOMBSTONES: &str = "http://purl.org/atompub/tombstones/1.0";
/// OpenSearch 1.1 draft 6, "OpenSearch response elements".
const OPENSEARCH: &str = "http://a9.com/-/spec/opensearch/1.1/";
/// What this archive knows and Atom has no element for.
const NATO_ARCHIVE: &str = "urn:nato-archive:terms:1";
/// The scheme of categories that name the kind of a release.
const KINDS: &str = "urn:nato-archive:terms:1:kind";

const NAMESPACES: [(&str, &str); 6] = [
    ("xmlns", ATOM),
    ("xmlns:fh", HISTORY),
    ("xmlns:at", TOMBSTONES),
    ("xmlns:opensearch", OPENSEARCH),
    ("xmlns:archive", NATO_ARCHIVE),
    ("xml:lang", "en"),
];

/// Writes a document of a feed.
pub fn releases(feed: &Feed<'_>) -> String {
    let mut xml = Xml::document();
    xml.start("feed", &NAMESPACES);
    xml.line();
    head(&mut xml, &feed.title(), &feed.id(), &feed_updated(feed));
    let subtitle = feed.reading();
    if !subtitle.is_empty() {
        line(&mut xml, "subtitle", &subtitle);
    }
    line(&mut xml, "rights", "The words belong to their publishers; each entry says what is known of its terms.");
    link(&mut xml, "self", FeedForm::Atom.media_type(), &feed.at(FeedForm::Atom, feed.place));
    link(&mut xml, "alternate", "text/html", &feed.home());
    link(&mut xml, "alternate", FeedForm::Json.media_type(), &feed.at(FeedForm::Json, feed.place));
    link(&mut xml, "search", "application/opensearchdescription+xml", &feed.urls.absolute(&feed.urls.opensearch()));
    for (rel, place) in feed.neighbours() {
        link(&mut xml, rel, FeedForm::Atom.media_type(), &feed.at(FeedForm::Atom, place));
    }
    if matches!(feed.place, FeedPlace::Archive(_)) {
        xml.empty("fh:archive", &[]);
        xml.line();
    } else {
        // An archive document stays what it is while the archive grows (RFC 5005, section 4).
        line(&mut xml, "opensearch:totalResults", &feed.answer.total.to_string());
    }
    for withdrawn in &feed.withdrawn {
        let (reference, when) = (release_urn(&feed.overview.archive_id, &withdrawn.id.to_string()), moment(&withdrawn.at));
        xml.element("at:deleted-entry", &[("ref", &reference), ("when", &when)], |xml| {
            let because = if withdrawn.because.is_empty() { String::new() } else { format!(": {}", withdrawn.because) };
            xml.words("at:comment", &[], &format!("Withdrawn by the archive’s owner{because}"));
        });
        xml.line();
    }
    for whole in &feed.answer.wholes {
        entry(&mut xml, feed, whole);
    }
    xml.end("feed");
    xml.line();
    xml.finish()
}

/// What every feed begins with.
pub fn head(xml: &mut Xml, title: &str, id: &str, updated: &str) {
    line(xml, "title", title);
    line(xml, "id", id);
    line(xml, "updated", updated);
    xml.element("author", &[], |xml| xml.words("name", &[], SITE));
    xml.line();
    xml.words("generator", &[("version", env!("CARGO_PKG_VERSION"))], "nato-archive");
    xml.line();
}

/// An element with words on a line of its own.
pub fn line(xml: &mut Xml, name: &str, words: &str) {
    xml.words(name, &[], words);
    xml.line();
}

pub fn link(xml: &mut Xml, rel: &str, media_type: &str, href: &str) {
    xml.empty("link", &[("rel", rel), ("type", media_type), ("href", href)]);
    xml.line();
}

/// A moment as the store keeps it, in the form of Atom (section 3.3).
pub fn moment(at: &str) -> String {
    rfc3339(moment_of(at).unwrap_or(DateTime::UNIX_EPOCH))
}

/// A feed must say when it was updated (section 4.1.1); before its first entry that was never.
fn feed_updated(feed: &Feed<'_>) -> String {
    let withdrawn = feed.withdrawn.iter().map(|entry| moment(&entry.at));
    feed.answer.wholes.iter().map(updated).chain(withdrawn).max().unwrap_or_else(|| moment(""))
}

fn entry(xml: &mut Xml, feed: &Feed<'_>, whole: &Whole) {
    let entry = Entry::of(whole, feed.urls, &feed.overview.archive_id);
    let item = &whole.release.item;
    let lang = entry.lang();
    xml.start("entry", &[]);
    xml.line();
    xml.words("title", &[("xml:lang", lang)], &item.title);
    xml.line();
    line(xml, "id", &entry.id());
    if let Some(published) = entry.published.moment() {
        line(xml, "published", published);
    }
    line(xml, "updated", &updated(whole));
    xml.element("author", &[], |xml| xml.words("name", &[], &item.source.name));
    xml.line();
    let permalink = entry.permalink();
    let mut alternate = vec![("rel", "alternate"), ("type", "text/html"), ("href", permalink.as_str())];
    if lang != "und" {
        alternate.push(("hreflang", lang));
    }
    xml.empty("link", &alternate);
    xml.line();
    if let Some(original) = entry.original() {
        xml.empty("link", &[("rel", "via"), ("href", &original)]);
        xml.line();
    }
    categories(xml, feed, whole);
    let (rights, licence) = entry.rights();
    line(xml, "rights", &rights);
    if let Some(licence) = licence {
        // RFC 4946, section 2.
        xml.empty("link", &[("rel", "license"), ("href", &licence)]);
        xml.line();
    }
    source(xml, whole);
    known(xml, &entry);
    line(xml, "summary", &said(whole));
    xml.element("content", &[("type", "xhtml"), ("xml:lang", lang)], |xml| {
        xml.element("div", &[("xmlns", "http://www.w3.org/1999/xhtml"), ("lang", lang)], |xml| passages(xml, &whole.release));
    });
    xml.line();
    xml.end("entry");
    xml.line();
}

fn categories(xml: &mut Xml, feed: &Feed<'_>, whole: &Whole) {
    let topics = feed.urls.absolute(&feed.urls.topics());
    let item = &whole.release.item;
    for topic in &item.topics {
        xml.empty("category", &[("scheme", &topics), ("term", &topic.slug), ("label", &topic.label)]);
        xml.line();
    }
    xml.empty("category", &[("scheme", KINDS), ("term", item.kind.token()), ("label", item.kind.label())]);
    xml.line();
}

/// The feed that the words were read from, where they came by one (section 4.2.11).
fn source(xml: &mut Xml, whole: &Whole) {
    let document = &whole.release.document;
    let address = document.sidecar.url.as_deref().and_then(|url| AddressView::of(url).href);
    if let Some(address) = address.filter(|_| document.format == DocumentFormat::Feed) {
        xml.element("source", &[], |xml| {
            xml.words("id", &[], &address);
            xml.words("title", &[], &document.name);
            xml.words("updated", &[], &moment(&document.loaded_at));
            xml.empty("link", &[("rel", "self"), ("href", &address)]);
        });
        xml.line();
    }
}

/// The date as it is known, and the version with its hash.
fn known(xml: &mut Xml, entry: &Entry<'_>) {
    let (release, history) = (&entry.whole.release, &entry.whole.history);
    let date = &release.item.published;
    let exact = entry.published.is_exact().to_string();
    let mut attributes = vec![("precision", date.precision.token()), ("basis", date.basis.token()), ("moment-is-exact", &exact)];
    attributes.extend(date.edtf.as_deref().map(|edtf| ("edtf", edtf)));
    xml.empty("archive:published", &attributes);
    xml.line();
    let (number, seen) = (history.version.to_string(), moment(&history.seen_at));
    xml.empty("archive:version", &[("number", &number), ("seen", &seen), ("sha256", &release.sha256)]);
    xml.line();
}
