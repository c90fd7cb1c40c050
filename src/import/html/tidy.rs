//! Mark-up written again before it is parsed.
//!
//! A tree builder that follows the HTML standard can be made to do work that grows with the square of a page: by elements nested a
//! hundred thousand deep, by formatting elements that are never closed and so opened again in every paragraph, by tags of a million
//! attributes. So the page is first walked once, tag by tag, and written again: every element closed, nested so deep and no
//! deeper, without formatting, scripts, comments, and with the attributes that are asked for later. What remains is as long as the
//! page at most, but for closing tags, and builds in linear time.

use std::collections::HashSet;

/// How deep elements nest; words further down stay, their elements go. Browsers stop at about 500, pages at about 60.
const MAX_DEPTH: usize = 200;
/// The longest value of an attribute that is kept, in bytes.
const MAX_VALUE: usize = 4096;

/// The attributes that are asked for later.
#[rustfmt::skip]
const ATTRIBUTES: &[&str] = &[
    "id", "class", "role", "lang", "href", "content", "name", "property", "itemprop", "rel", "datetime", "hidden", "aria-hidden", "style", "start",
    "value", "type", "reversed", "colspan", "rowspan", "pubdate", "aria-label",
];

/// Elements without content.
#[rustfmt::skip]
const VOID: &[&str] = &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements that say nothing to a reader of the words: their tags go, their words stay.
#[rustfmt::skip]
const PASSED: &[&str] = &[
    "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u", "form", "col", "colgroup", "object", "applet",
    "marquee", "frameset", "frame", "area", "embed", "param", "source", "track", "wbr", "img", "input", "base", "ruby", "rb", "rtc",
    "image", "isindex", "listing", "plaintext", "option", "optgroup", "label",
];

/// Elements that go with everything in them.
#[rustfmt::skip]
const DROPPED: &[&str] = &[
    "script", "style", "iframe", "noembed", "noframes", "noscript", "template", "svg", "math", "select", "textarea", "xmp", "video", "audio",
    "canvas", "datalist", "rp", "rt", "map",
];

/// Elements that stand within a line.
#[rustfmt::skip]
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "bdi", "bdo", "cite", "data", "del", "dfn", "ins", "kbd", "mark", "meter", "output", "progress", "q", "samp", "span",
    "sub", "sup", "time", "var",
];

/// Mark-up that builds in linear time, and the JSON-LD that stood in it.
pub(super) struct Tidied {
    pub markup: String,
    pub data: Vec<String>,
}

pub(super) fn tidy(source: &str) -> Tidied {
    let mut tidier = Tidier {
        source,
        out: String::with_capacity(source.len()),
        data: Vec::new(),
        open: Vec::new(),
        beyond: Vec::new(),
        endless: HashSet::new(),
    };
    tidier.run();
    while let Some(name) = tidier.open.pop() {
        tidier.close(name);
    }
    Tidied { markup: tidier.out, data: tidier.data }
}

struct Tidier<'a> {
    source: &'a str,
    out: String,
    data: Vec<String>,
    /// Elements that are open, each of them written.
    open: Vec<&'a str>,
    /// Elements deeper than [`MAX_DEPTH`], not written.
    beyond: Vec<&'a str>,
    /// Elements whose end was looked for and is not there.
    endless: HashSet<String>,
}

impl<'a> Tidier<'a> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(rest) = self.source.get(at..).filter(|rest| !rest.is_empty()) {
            let words = rest.find('<').unwrap_or(rest.len());
            self.words(rest.get(..words).unwrap_or(""));
            let Some(tag) = rest.get(words..).filter(|tag| !tag.is_empty()) else { break };
            at += words + self.markup(tag);
        }
    }

    fn words(&mut self, words: &str) {
        // Control characters are no words, and NUL is not even a character of HTML.
        let plain = |c: char| !c.is_control() || c.is_ascii_whitespace();
        self.out.extend(words.chars().filter(|c| plain(*c)));
    }

    /// Deals with what begins at `<` and answers with its length.
    fn markup(&mut self, tag: &'a str) -> usize {
        let until = |end: &str, from: usize| tag.get(from..).and_then(|rest| rest.find(end)).map_or(tag.len(), |at| from + at + end.len());
        match tag.as_bytes() {
            [b'<', b'!', b'-', b'-', ..] => until("-->", 2),
            [b'<', b'!' | b'?', ..] => until(">", 1),
            [b'<', b'/', first, ..] if first.is_ascii_alphabetic() => {
                self.end(name_at(tag, 2));
                until(">", 2)
            }
            [b'<', b'/', ..] => until(">", 1),
            [b'<', first, ..] if first.is_ascii_alphabetic() => self.start(tag),
            _ => {
                self.out.push_str("&lt;");
                1
            }
        }
    }

    fn start(&mut self, tag: &'a str) -> usize {
        let name = name_at(tag, 1);
        let (length, attributes) = attributes(tag, 1 + name.len());
        let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is(DROPPED) {
            return length + self.dropped(tag.get(length..).unwrap_or(""), name, &attributes);
        }
        if is(&["title"]) {
            let rest = tag.get(length..).unwrap_or("");
            let end = self.end_of(rest, name);
            let words = end.and_then(|at| rest.get(..at)).unwrap_or("");
            self.out.push_str("<title>");
            self.words(&words.replace('<', "&lt;"));
            self.out.push_str("</title>");
            return length + words.len();
        }
        if is(VOID) && !is(PASSED) {
            self.write(name, &attributes);
            return length;
        }
        if is(PASSED) || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return length;
        }
        self.close_implied(name);
        let implied = is(&["p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot"]);
        if self.open.len() < MAX_DEPTH {
            self.write(name, &attributes);
            self.open.push(name);
        } else if !implied {
            self.beyond.push(name);
        } else {
            // Paragraphs must not run into each other even there.
            self.out.push_str("<br><br>");
        }
        length
    }

    /// An element that goes with its content: answers with the length of that. JSON-LD is kept aside.
    fn dropped(&mut self, rest: &'a str, name: &str, attributes: &[(&str, &str)]) -> usize {
        let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        let Some(end) = self.end_of(rest, name) else {
            // Without its end a script reaches to the end of the page.
            return if is(&["script", "style", "iframe", "noembed", "noframes", "textarea", "xmp"]) { rest.len() } else { 0 };
        };
        let is_data =
            |(name, value): &(&str, &str)| name.eq_ignore_ascii_case("type") && value.trim().eq_ignore_ascii_case("application/ld+json");
        if is(&["script"]) && attributes.iter().any(is_data) && self.data.len() < 32 {
            self.data.extend(rest.get(..end).map(str::to_owned));
        }
        end
    }

    /// Where `</name` stands; what is not there is looked for once.
    fn end_of(&mut self, rest: &str, name: &str) -> Option<usize> {
        let key = name.to_ascii_lowercase();
        if self.endless.contains(&key) {
            return None;
        }
        let end = rest.match_indices("</").map(|(at, _)| at).find(|at| name_at(rest, at + 2).eq_ignore_ascii_case(name));
        if end.is_none() {
            self.endless.insert(key);
        }
        end
    }

    /// Closes what the start of `name` ends without saying so.
    fn close_implied(&mut self, name: &str) {
        let is = |open: &str, names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(open));
        let (ends, within): (&[&str], &[&str]) = match name.to_ascii_lowercase().as_str() {
            "li" => (&["li"], &["ul", "ol", "menu", "dir", "table", "td", "th", "div", "section", "article"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl", "table", "td", "th"]),
            "tr" => (&["tr"], &["table"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"], &["table"]),
            inline if is(inline, INLINE) => return,
            _ => (&[], &[]),
        };
        let found = self.open.iter().rposition(|open| is(open, ends) || is(open, within));
        if let Some(at) = found.filter(|at| self.open.get(*at).is_some_and(|open| is(open, ends))) {
            self.close_from(at);
        }
        // Any block ends an open paragraph, with the lines in it.
        let paragraph = self.open.iter().rposition(|open| !is(open, INLINE));
        if let Some(at) = paragraph.filter(|at| self.open.get(*at).is_some_and(|open| is(open, &["p"]))) {
            self.close_from(at);
        }
    }

    fn end(&mut self, name: &str) {
        if name.eq_ignore_ascii_case("br") || name.eq_ignore_ascii_case("p") && !self.open.iter().any(|open| open.eq_ignore_ascii_case("p"))
        {
            self.out.push_str("<br>");
            return;
        }
        if self.beyond.last().is_some_and(|open| open.eq_ignore_ascii_case(name)) {
            self.beyond.pop();
            return;
        }
        if let Some(at) = self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name)).filter(|_| self.beyond.is_empty()) {
            // A stray end in a cell does not end the table around it.
            let wall = self.open.iter().rposition(|open| ["td", "th", "table"].iter().any(|wall| wall.eq_ignore_ascii_case(open)));
            let own =
                ["table", "td", "th", "tr", "tbody", "thead", "tfoot", "body", "html"].iter().any(|known| known.eq_ignore_ascii_case(name));
            if own || wall.is_none_or(|wall| wall <= at) {
                self.close_from(at);
            }
        }
    }

    fn close_from(&mut self, at: usize) {
        while self.open.len() > at {
            if let Some(name) = self.open.pop() {
                self.close(name);
            }
        }
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn write(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for known in ATTRIBUTES {
            let Some((_, value)) = attributes.iter().find(|(name, _)| known.eq_ignore_ascii_case(name)) else { continue };
            if value.len() <= MAX_VALUE {
                self.out.push(' ');
                self.out.push_str(known);
                self.out.push_str("=\"");
                self.out.push_str(&value.replace('"', "&quot;").replace('\0', ""));
                self.out.push('"');
            }
        }
        self.out.push('>');
    }
}

/// The name of a tag from byte `at`.
fn name_at(tag: &str, at: usize) -> &str {
    let rest = tag.get(at..).unwrap_or("");
    let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '<' | '\0')).unwrap_or(rest.len());
    rest.get(..end).unwrap_or("")
}

/// So many attributes of a tag are looked at.
const MAX_ATTRIBUTES: usize = 100;

/// The length of a tag, and its attributes. A tag that does not end reaches to the end.
fn attributes(tag: &str, from: usize) -> (usize, Vec<(&str, &str)>) {
    let mut found = Vec::new();
    let mut at = from;
    let skip = |at: usize, wanted: &dyn Fn(char) -> bool| {
        let rest = tag.get(at..).unwrap_or("");
        at + rest.find(|c| !wanted(c)).unwrap_or(rest.len())
    };
    loop {
        at = skip(at, &|c| c.is_ascii_whitespace() || c == '/');
        match tag.as_bytes().get(at) {
            None => return (tag.len(), found),
            Some(b'>') => return (at + 1, found),
            Some(_) => {}
        }
        // An equals sign at the start belongs to the name, so that every turn takes something.
        let first = tag.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        let end = skip(at + first, &|c| !c.is_ascii_whitespace() && !matches!(c, '/' | '>' | '='));
        let name = tag.get(at..end).unwrap_or("");
        at = skip(end, &|c| c.is_ascii_whitespace());
        let mut value = "";
        if tag.as_bytes().get(at) == Some(&b'=') {
            at = skip(at + 1, &|c| c.is_ascii_whitespace());
            let (start, end) = match tag.as_bytes().get(at) {
                Some(b'"') => (at + 1, skip(at + 1, &|c| c != '"')),
                Some(b'\'') => (at + 1, skip(at + 1, &|c| c != '\'')),
                _ => (at, skip(at, &|c| !c.is_ascii_whitespace() && c != '>')),
            };
            value = tag.get(start..end).unwrap_or("");
            at = if start > at { (end + 1).min(tag.len()) } else { end };
        }
        if found.len() < MAX_ATTRIBUTES {
            found.push((name, value));
        }
    }
}
