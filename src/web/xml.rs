//! XML as the archive writes it: feeds, descriptions, site maps, harvests. Whatever words go in, a well-formed document (XML 1.0) comes out.

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::model::text::is_steering;

/// A document being written, in UTF-8. Names of elements and attributes come from the program, never from a document or a request.
pub struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    /// Begins with the XML declaration.
    pub fn document() -> Self {
        let mut xml = Self::fragment();
        xml.put(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml.line();
        xml
    }

    /// A part of a document: no declaration.
    pub fn fragment() -> Self {
        Self { writer: Writer::new(Vec::new()) }
    }

    /// An element with what `inner` writes between its tags.
    pub fn element(&mut self, name: &str, attributes: &[(&str, &str)], inner: impl FnOnce(&mut Self)) {
        self.start(name, attributes);
        inner(self);
        self.end(name);
    }

    /// An element that holds words alone.
    pub fn words(&mut self, name: &str, attributes: &[(&str, &str)], words: &str) {
        self.element(name, attributes, |xml| xml.text(words));
    }

    /// An element that holds nothing.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.put(Event::Empty(tag(name, attributes)));
    }

    /// A start tag, for what is written in pieces; [`element`](Self::element) is better wherever it will do.
    pub fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.put(Event::Start(tag(name, attributes)));
    }

    pub fn end(&mut self, name: &str) {
        self.put(Event::End(BytesEnd::new(name)));
    }

    /// Words, escaped.
    pub fn text(&mut self, words: &str) {
        let kept = holdable(words, false);
        self.put(Event::Text(BytesText::from_escaped(partial_escape(kept.as_str()))));
    }

    /// A line break between elements, for who reads the document with bare eyes.
    pub fn line(&mut self) {
        self.put(Event::Text(BytesText::from_escaped("\n")));
    }

    /// What another document's [`fragment`](Self::fragment) holds.
    pub fn nest(&mut self, fragment: &Self) {
        self.writer.get_mut().extend_from_slice(fragment.writer.get_ref());
    }

    /// What is written so far, which is all of it once every element is closed.
    pub fn finish(self) -> String {
        // Nothing but UTF-8 is ever written.
        String::from_utf8(self.writer.into_inner()).unwrap_or_default()
    }

    /// How many bytes are written so far.
    pub fn len(&self) -> usize {
        self.writer.get_ref().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn put(&mut self, event: Event<'_>) {
        // Writing to memory does not fail.
        let _ = self.writer.write_event(event);
    }
}

fn tag<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut tag = BytesStart::new(name);
    for (name, value) in attributes {
        tag.push_attribute((*name, holdable(value, true).as_str()));
    }
    tag
}

/// Words without what XML 1.0 cannot hold (section 2.2, `Char`) and without characters that steer how their neighbours are shown. A reader of
/// XML makes a line break of a carriage return (section 2.11), and a space of any break within an attribute (section 3.3.3): they are written so.
fn holdable(words: &str, attribute: bool) -> String {
    let mut kept = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\t' | '\n' if !attribute => kept.push(c),
            // White space among the control characters: also vertical tab, form feed, next line.
            c if c.is_control() && c.is_whitespace() => kept.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if is_steering(c) => {}
            c => kept.push(c),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use quick_xml::Reader;

    /// The value of attribute `a` and the words of the only element.
    fn read(xml: &str) -> (String, String) {
        let mut reader = Reader::from_str(xml);
        let (mut value, mut words) = (String::new(), String::new());
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(tag) => {
                    let attribute = tag.attributes().next().expect("an attribute").expect("well-formed");
                    value = quick_xml::escape::unescape(&attribute.value).expect("entities").into_owned();
                }
                Event::Text(text) => words.push_str(&text),
                Event::GeneralRef(entity) => words.push_str(&quick_xml::escape::unescape(&format!("&{};", &*entity)).expect("an entity")),
                Event::Eof => return (value, words),
                _ => {}
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_words_come_back_without_what_cannot_be_held(words in "\\PC{0,40}|[\\x00-\\x1f\\x7f-\\u{a0}<>&\"' \\u{202e}\\u{fffe}]{0,20}|]]>|\\u{feff}<!\\[CDATA\\[") {
            let mut xml = Xml::fragment();
            xml.words("e", &[("a", &words)], &words);
            let (value, text) = read(&xml.finish());
            proptest::prop_assert_eq!(value, holdable(&words, true));
            proptest::prop_assert_eq!(&text, &holdable(&words, false));
            // The production `Char`.
            let allowed = text.chars().all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..));
            proptest::prop_assert!(allowed, "{text:?}");
        }
    }

    #[test]
    fn elements_nest() {
        let mut xml = Xml::document();
        xml.element("a", &[("b", "\"<\n&")], |xml| {
            xml.empty("c", &[]);
            xml.words("d", &[], "]]> & \u{1}\u{202e}x\r\ny");
        });
        assert_eq!(xml.finish(), "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a b=\"&quot;&lt; &amp;\"><c/><d>]]&gt; &amp; x \ny</d></a>");
    }
}
