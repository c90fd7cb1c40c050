//! RSS 2.0 (and its older versions), RSS 1.0, Atom and JSON Feed: feeds in, one release an item out.
//!
//! A feed is cut into its items (`xml`, `json`), each item is given to feed-rs alone, wrapped in the feed's own head, and the answer becomes a
//! release (`item`). So what is wrong in one item is that item's error, with its number and title, and the others are read; what is wrong in the
//! head is wrong with all, and the feed is refused whole. Only the elements that are asked for reach feed-rs.

mod item;
mod json;
mod xml;

use std::collections::BTreeSet;

use feed_rs::model::Feed;
use feed_rs::parser;

use super::encoding::Decoded;
use super::error::shown;
use super::lines::line_number;
use super::{MAX_RELEASES, fields, html};
use crate::model::release::fold_spaces;
use crate::model::{ParsedRelease, RefusedItem, Sidecar, Span};
use item::{Items, Made};

pub(super) use json::is_feed as is_json_feed;
pub(super) use xml::root_name;

/// What a feed gave.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub releases: Vec<ParsedRelease>,
    pub teasers: BTreeSet<u32>,
    pub refused: Vec<RefusedItem>,
}

/// What a feed says of all its items.
#[derive(Debug, Default)]
struct Channel {
    title: Option<String>,
    language: Option<String>,
}

impl Channel {
    fn of(feed: &Feed) -> Self {
        let title = feed.title.as_ref().map(|title| plain(&title.content)).filter(|title| !title.is_empty());
        Self { title: title.and_then(|title| fields::name(&title).ok()), language: feed.language.as_deref().and_then(main_tag) }
    }
}

/// The main tag of a language: the region says nothing about the words.
fn main_tag(tag: &str) -> Option<String> {
    fields::language(tag.trim()).ok().map(|tag| tag.split('-').next().unwrap_or("").to_owned())
}

/// Words that may hold mark-up, on one line.
fn plain(words: &str) -> String {
    if html::is_marked_up(words) { html::line(words) } else { fold_spaces(words) }
}

/// Reads a feed in XML.
///
/// # Errors
/// The line, and why it is no feed.
pub(super) fn read_xml(decoded: &Decoded, bytes: &[u8], sidecar: &Sidecar) -> Result<Read, (u64, String)> {
    let text = decoded.text.as_str();
    let wrong = |(at, reason): (usize, String)| (line_number(text.as_bytes(), at), reason);
    let cut = xml::cut(text).map_err(wrong)?;
    bounded(cut.items.len())?;
    let channel = channel_of(&cut);
    let places = decoded.in_bytes(&cut.items).unwrap_or_else(|| vec![Span::new(0, bytes.len()); cut.items.len()]);
    let mut items = Items::new(&channel, sidecar);
    for (span, place) in cut.items.iter().zip(places) {
        let whole = span.of(text);
        let made = xml_item(&cut, whole, &items);
        items.push(made, place, || title_of(whole));
    }
    Ok(items.finish(bytes))
}

fn bounded(items: usize) -> Result<(), (u64, String)> {
    if items > MAX_RELEASES {
        return Err((1, format!("the feed holds {items} items, more than the {MAX_RELEASES} that a document may")));
    }
    Ok(())
}

/// What the feed says of all items. What cannot be read there only takes its title and language away.
fn channel_of(cut: &xml::Cut) -> Channel {
    let within = |own: &str| format!("<x>{}</x>", own.rsplit_once("</").map_or(own, |(own, _)| own));
    let mut own = within(&cut.channel);
    if cut.form == xml::Form::Rss {
        // What stands behind the items still ends with the channel and the root.
        own = within(own.trim_start_matches("<x>").trim_end_matches("</x>"));
    }
    let Ok((_, mut children)) = xml::children(&own) else { return Channel::default() };
    if cut.form == xml::Form::Rdf {
        // The channel of RSS 1.0 is an element beside the items.
        children = match children.iter().find(|child| child.name() == "channel").map(|channel| xml::children(channel.whole)) {
            Some(Ok((_, children))) => children,
            _ => Vec::new(),
        };
    }
    let kept: String = children.iter().filter(|child| child.is_asked(&["title", "language"])).map(|child| child.whole).collect();
    parse(cut, &kept).map(|feed| Channel::of(&feed)).unwrap_or_default()
}

/// Elements in the feed's own root, parsed.
fn parse(cut: &xml::Cut, inside: &str) -> Result<Feed, String> {
    let root = cut.root.get(1..).unwrap_or("").split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or("");
    let document = match cut.form {
        xml::Form::Rss => format!("{}{inside}</{}></{root}>", cut.root, channel_name(&cut.root)),
        xml::Form::Atom => format!("{}{inside}</{root}>", cut.root),
        xml::Form::Rdf => format!("{}<channel>{inside}</channel></{root}>", cut.root),
    };
    parser_of().parse(document.as_bytes()).map_err(|error| reason(&error.to_string()))
}

/// The name of the last tag of an RSS feed's head.
fn channel_name(root: &str) -> &str {
    let tag = root.rsplit_once('<').map_or("", |(_, tag)| tag);
    tag.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or("channel")
}

/// A parser that makes up no ids.
fn parser_of() -> parser::Parser {
    parser::Builder::new().id_generator(|_, _, _| String::new()).sanitize_content(false).build()
}

fn reason(error: &str) -> String {
    format!("its mark-up cannot be read ({})", shown(error))
}

/// Elements of an item that are given to feed-rs.
const WANTED: &[&str] = &["title", "link", "description", "encoded", "guid", "content", "summary", "id", "updated"];
/// Elements that state when an item was published, best first.
const STAMPS: &[&str] = &["published", "pubDate", "issued", "date"];

fn xml_item(cut: &xml::Cut, whole: &str, items: &Items<'_>) -> Result<Made, String> {
    let (head, children) = xml::children(whole)?;
    if xml::is_foreign(head) {
        return Err("it is no item of a feed".into());
    }
    let wanted: String = children.iter().filter(|child| child.is_asked(WANTED)).map(|child| child.whole).collect();
    let name = head.get(1..).unwrap_or("").split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or("");
    let one = format!("{head}{wanted}</{name}>");
    let feed = match cut.form {
        xml::Form::Rdf => parser_of()
            .parse(format!("{}{one}</{}>", cut.root, channel_name(&cut.root)).as_bytes())
            .map_err(|error| reason(&error.to_string()))?,
        _ => parse(cut, &one)?,
    };
    let entry = feed.entries.into_iter().next().ok_or("it has no link")?;
    let child = |name: &str| children.iter().find(|child| child.is_asked(&[name]));
    let stamp = STAMPS.iter().find_map(|name| child(name)).map(|child| plain(child.inside));
    let publisher = child("source").and_then(|source| publisher(cut, source));
    let permanent = child("guid").map_or(cut.form == xml::Form::Atom, |guid| guid.attribute("isPermaLink") != Some("false"));
    let full = child("encoded").is_some() || child("content").is_some();
    items.make(item::Raw { entry, stamp, publisher, permanent, full, plain: false })
}

/// Whom an item names as the feed that it was taken from.
fn publisher(cut: &xml::Cut, source: &xml::Child<'_>) -> Option<String> {
    let feed = match cut.form {
        xml::Form::Atom => {
            let (_, children) = xml::children(source.whole).ok()?;
            parse(cut, children.iter().find(|child| child.is_asked(&["title"]))?.whole).ok()?
        }
        _ => parse(cut, &format!("<title>{}</title>", source.inside)).ok()?,
    };
    Channel::of(&feed).title
}

/// The title of an item that cannot be read, as far as it can be told.
fn title_of(whole: &str) -> String {
    let inside = whole.split_once("<title").and_then(|(_, rest)| rest.split_once('>')).map_or("", |(_, rest)| rest);
    let words = inside.split("</").next().unwrap_or("").trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>");
    shown(&plain(&words.chars().take(400).collect::<String>()))
}

/// Reads a JSON Feed.
///
/// # Errors
/// The line, and why it is no feed.
pub(super) fn read_json(decoded: &Decoded, bytes: &[u8], sidecar: &Sidecar) -> Result<Read, (u64, String)> {
    let text = decoded.text.as_str();
    let spans = json::items(text);
    bounded(spans.len())?;
    let own = json::feed(text, &spans).map_err(|reason| (1, reason))?;
    let version = own.get("version").cloned().unwrap_or_default();
    let title = own.get("title").and_then(|title| title.as_str()).map(fold_spaces).and_then(|title| fields::name(&title).ok());
    let channel = Channel { title, language: own.get("language").and_then(|tag| tag.as_str()).and_then(main_tag) };
    let places = decoded.in_bytes(&spans).unwrap_or_else(|| vec![Span::new(0, bytes.len()); spans.len()]);
    let mut items = Items::new(&channel, sidecar);
    for (span, place) in spans.iter().zip(places) {
        let whole = span.of(text);
        let made = json_item(whole, &version, &items);
        items.push(made, place, || {
            let title = json::item(whole).ok().and_then(|item| Some(shown(item.get("title")?.as_str()?)));
            title.unwrap_or_default()
        });
    }
    Ok(items.finish(bytes))
}

fn json_item(whole: &str, version: &serde_json::Value, items: &Items<'_>) -> Result<Made, String> {
    let mut item = json::item(whole)?;
    let language = item.remove("language").and_then(|tag| main_tag(tag.as_str()?));
    let stamp = item.get("date_published").and_then(|stamp| stamp.as_str()).map(str::to_owned);
    let plain = !item.contains_key("content_html");
    let full = item.contains_key("content_html") || item.contains_key("content_text");
    let document = serde_json::json!({ "version": version, "title": "", "items": [item] }).to_string();
    let feed = parser_of().parse(document.as_bytes()).map_err(|error| format!("it cannot be read ({})", shown(&error.to_string())))?;
    let mut entry = feed.entries.into_iter().next().ok_or("it is empty")?;
    entry.language = language;
    items.make(item::Raw { entry, stamp, publisher: None, permanent: true, full, plain })
}
