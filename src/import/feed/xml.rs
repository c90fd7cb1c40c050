//! Where the items of an XML feed stand, told from its tags alone.
//!
//! A feed is cut into its items before it is parsed, so that one broken item costs no other, and so that each is known by its place.
//! The document type is passed over: nothing it names is fetched, nothing it declares is expanded, and a feed that declares entities of its
//! own is refused.

use crate::model::Span;

/// How deep the elements of one item nest at most.
const MAX_DEPTH: usize = 200;
/// The longest start tags of root and channel together, in bytes: they are put around every item.
const MAX_HEAD: usize = 16 * 1024;

/// The forms of XML feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Rss,
    Rdf,
    Atom,
}

/// A feed, cut.
#[derive(Debug)]
pub(super) struct Cut {
    pub form: Form,
    /// The start tag of the root, as it must stand for one item.
    pub root: String,
    /// The channel's own elements, without its items.
    pub channel: String,
    pub items: Vec<Span>,
}

/// A tag or another piece of mark-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark<'a> {
    Start(&'a str),
    Empty(&'a str),
    End(&'a str),
    DocType(&'a str),
    Other,
}

/// Walks the tags of a text. What does not end makes an error and is the last.
struct Marks<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Marks<'a> {
    type Item = Result<(Mark<'a>, Span), usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at + self.text.get(self.at..)?.find('<')?;
        let tag = self.text.get(start..)?;
        let until = |end: &str| tag.find(end).map(|at| at + end.len());
        let (mark, length) = if tag.starts_with("<!--") {
            // `<!-->` is no comment of XML.
            (Mark::Other, tag.get(4..).and_then(|rest| rest.find("-->")).map(|at| at + 7))
        } else if tag.starts_with("<![CDATA[") {
            (Mark::Other, until("]]>"))
        } else if tag.starts_with("<?") {
            (Mark::Other, until("?>"))
        } else if tag.starts_with("<!") {
            let length = doctype(tag);
            (Mark::DocType(tag.get(..length.unwrap_or(0)).unwrap_or("")), length)
        } else if tag.starts_with("</") {
            (Mark::End(name(tag, 2)), until(">"))
        } else {
            let length = quoted(tag, '>');
            let empty = length.and_then(|length| tag.get(..length)).is_some_and(|tag| tag.ends_with("/>"));
            let name = name(tag, 1);
            (if empty { Mark::Empty(name) } else { Mark::Start(name) }, length)
        };
        let Some(length) = length else {
            self.at = self.text.len();
            return Some(Err(start));
        };
        self.at = start + length;
        Some(Ok((mark, Span::new(start, start + length))))
    }
}

fn name(tag: &str, at: usize) -> &str {
    let rest = tag.get(at..).unwrap_or("");
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '<')).unwrap_or(rest.len());
    rest.get(..end).unwrap_or("")
}

/// The length up to a sign outside of quotation marks.
fn quoted(tag: &str, sign: char) -> Option<usize> {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, c) if c == sign => return Some(at + c.len_utf8()),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// The length of a document type with what it declares in square brackets.
fn doctype(tag: &str) -> Option<usize> {
    let head = quoted(tag, '>')?;
    match quoted(tag, '[') {
        Some(open) if open < head => {
            let inside = tag.get(open..)?;
            let close = inside.find("]")?;
            let rest = inside.get(close..)?;
            Some(open + close + rest.find('>')? + 1)
        }
        _ => Some(head),
    }
}

/// The name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The form that the first element of a text names, where that is a feed's.
pub(in crate::import) fn root_name(text: &str) -> Option<&str> {
    Marks { text, at: 0 }.flatten().find_map(|(mark, _)| match mark {
        Mark::Start(name) | Mark::Empty(name) => Some(local(name)),
        _ => None,
    })
}

fn form(name: &str) -> Option<Form> {
    match local(name) {
        "rss" => Some(Form::Rss),
        "RDF" => Some(Form::Rdf),
        "feed" => Some(Form::Atom),
        _ => None,
    }
}

/// Cuts a feed into its own elements and its items.
///
/// # Errors
/// Where and why it is no feed, or one that must not be read: the place in the text, and a reason without a full stop.
pub(super) fn cut(text: &str) -> Result<Cut, (usize, String)> {
    let mut cutter: Option<Cutter<'_>> = None;
    for mark in (Marks { text, at: 0 }) {
        let (mark, span) = match mark {
            Ok(found) => found,
            // A feed that breaks off still has the items before the break.
            Err(_) if cutter.is_some() => break,
            Err(at) => return Err((at, "the mark-up of the feed breaks off".into())),
        };
        if let Mark::DocType(words) = mark
            && words.get(2..).is_some_and(|inside| inside.contains("<!"))
        {
            return Err((span.start, "the feed declares entities or elements of its own, which are never expanded".into()));
        }
        match (&mut cutter, mark) {
            (Some(cutter), mark) => cutter.take(mark, span)?,
            (None, Mark::Start(name) | Mark::Empty(name)) => {
                let form = form(name).ok_or((span.start, "the file is an XML document, but neither RSS nor Atom".to_owned()))?;
                let cut = Cut { form, root: start_tag(form, span.of(text)), channel: String::new(), items: Vec::new() };
                cutter = Some(Cutter { text, cut, inside: form != Form::Rss, kept: span.end, open: None });
            }
            _ => {}
        }
    }
    cutter.map(Cutter::finish).ok_or((0, "the file holds no element at all".into()))
}

/// The walk over a feed's tags behind its root.
struct Cutter<'a> {
    text: &'a str,
    cut: Cut,
    /// The channel of RSS 2.0 has begun; the other forms have none around their items.
    inside: bool,
    /// How far the feed's own elements are kept.
    kept: usize,
    /// The start and the name of an item that is open.
    open: Option<(usize, &'a str)>,
}

impl<'a> Cutter<'a> {
    fn take(&mut self, mark: Mark<'a>, span: Span) -> Result<(), (usize, String)> {
        if self.cut.root.len() > MAX_HEAD {
            return Err((span.start, format!("the first tags of the feed are longer than {MAX_HEAD} bytes")));
        }
        let item = if self.cut.form == Form::Atom { "entry" } else { "item" };
        match mark {
            Mark::Start(name) if !self.inside && local(name) == "channel" => {
                self.inside = true;
                self.cut.root.push_str(span.of(self.text));
                self.kept = span.end;
            }
            _ if !self.inside => {}
            Mark::Start(name) if local(name) == item => {
                match self.open {
                    // The item before was not closed: it ends where this one begins.
                    Some((start, _)) => self.cut.items.push(Span::new(start, span.start)),
                    None => self.keep(span.start),
                }
                self.open = Some((span.start, name));
            }
            Mark::End(name) if self.open.is_some_and(|(_, opened)| opened == name) => {
                if let Some((start, _)) = self.open.take() {
                    self.cut.items.push(Span::new(start, span.end));
                    self.kept = span.end;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn keep(&mut self, until: usize) {
        self.cut.channel.push_str(self.text.get(self.kept..until).unwrap_or(""));
    }

    fn finish(mut self) -> Cut {
        match self.open {
            Some((start, _)) => self.cut.items.push(Span::new(start, self.text.len())),
            None => self.keep(self.text.len()),
        }
        self.cut
    }
}

/// The root's start tag; of RSS with the one version that all parsers know.
fn start_tag(form: Form, tag: &str) -> String {
    let open = tag.strip_suffix("/>").map_or_else(|| tag.to_owned(), |tag| format!("{tag}>"));
    if form != Form::Rss {
        return open;
    }
    let name = name(&open, 1);
    let rest: String = attributes(&open).filter(|(key, ..)| *key != "version").map(|(.., whole)| format!(" {whole}")).collect();
    format!("<{name} version=\"2.0\"{rest}>")
}

/// Name, value and the whole of each attribute of a start tag.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let mut rest = tag.get(1 + name(tag, 1).len()..).unwrap_or("");
    std::iter::from_fn(move || {
        let start = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let equals = start.find('=')?;
        let key = start.get(..equals)?.trim();
        let value = start.get(equals + 1..)?;
        let gap = value.len() - value.trim_start().len();
        let quote = value.trim_start().chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let inside = value.get(gap + 1..)?;
        let end = inside.find(quote)?;
        let length = equals + 1 + gap + 1 + end + 1;
        let whole = start.get(..length)?;
        rest = start.get(length..)?;
        Some((key, inside.get(..end)?, whole))
    })
}

/// A child element of an item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Child<'a> {
    /// With its prefix.
    qualified: &'a str,
    /// The whole element.
    pub whole: &'a str,
    pub inside: &'a str,
}

/// Prefixes of the vocabularies that are read: RSS content, Dublin Core, and Atom inside RSS. Others (pictures, sound, podcasts) have
/// titles and descriptions too, which are those of a file and not of the item.
const PREFIXES: &[&str] = &["content", "dc", "dcterms", "atom", "atom10", "a10", "rss"];

/// Whether a start tag declares a vocabulary of media for all names without a prefix.
pub(super) fn is_foreign(tag: &str) -> bool {
    attributes(tag).any(|(key, value, _)| {
        key == "xmlns" && ["mrss", "itunes", "podcast"].iter().any(|media| value.to_ascii_lowercase().contains(media))
    })
}

impl<'a> Child<'a> {
    /// The name without its prefix.
    pub fn name(&self) -> &'a str {
        local(self.qualified)
    }

    /// Whether it has one of these names, in a vocabulary that is read.
    pub fn is_asked(&self, names: &[&str]) -> bool {
        let (prefix, name) = self.qualified.split_once(':').unwrap_or(("", self.qualified));
        let head = quoted(self.whole, '>').and_then(|end| self.whole.get(..end)).unwrap_or("");
        names.contains(&name) && (prefix.is_empty() || PREFIXES.contains(&prefix)) && !is_foreign(head)
    }

    /// The value of an attribute, as it is written.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let end = quoted(self.whole, '>')?;
        attributes(self.whole.get(..end)?).find(|(key, ..)| *key == name).map(|(_, value, _)| value)
    }
}

/// An item's start tag and its children.
///
/// # Errors
/// What is wrong with its mark-up.
pub(super) fn children(item: &str) -> Result<(&str, Vec<Child<'_>>), String> {
    let mut open: Vec<(&str, Span)> = Vec::new();
    let mut children = Vec::new();
    let mut head = None;
    for mark in (Marks { text: item, at: 0 }) {
        let (mark, span) = mark.map_err(|_| "its mark-up breaks off".to_owned())?;
        match mark {
            Mark::Start(name) => {
                head.get_or_insert(span);
                open.push((name, span));
                if open.len() > MAX_DEPTH {
                    return Err(format!("its elements nest deeper than {MAX_DEPTH}"));
                }
            }
            Mark::Empty(name) if open.len() == 1 => children.push(Child { qualified: name, whole: span.of(item), inside: "" }),
            Mark::End(name) => {
                let (opened, start) = match open.pop() {
                    Some((opened, start)) if opened == name => (opened, start),
                    Some((opened, _)) => return Err(format!("its element <{}> is not closed", super::shown(opened))),
                    None => return Err(format!("its element <{}> is closed without being open", super::shown(name))),
                };
                if open.len() == 1 {
                    let inside = item.get(start.end..span.start).unwrap_or("");
                    children.push(Child { qualified: opened, whole: item.get(start.start..span.end).unwrap_or(""), inside });
                }
            }
            _ => {}
        }
    }
    match (open.last(), head) {
        (Some((name, _)), _) => Err(format!("its element <{}> is not closed", super::shown(name))),
        (None, Some(head)) => Ok((head.of(item), children)),
        (None, None) => Err("it holds no element".into()),
    }
}
