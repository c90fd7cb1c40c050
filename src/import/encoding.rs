//! Bytes of marked-up documents to words: older pages are in older encodings, and say so in one of four places.
//!
//! The order is that of the WHATWG standards: byte-order mark, what came with the document from outside (HTTP), what the document
//! states of itself; where nobody says anything, UTF-8 if the bytes are that, else windows-1252, which every browser falls back on.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::model::Span;

/// How many bytes are searched for what a document states of its own encoding. The HTML standard asks for 1,024; templates with
/// long comments at the top need more.
const DECLARED_WITHIN: usize = 8 * 1024;

/// A document as words, and how its bytes became them.
pub(super) struct Decoded {
    pub text: String,
    encoding: &'static Encoding,
    /// Length of the byte-order mark.
    mark: usize,
    /// Whether some bytes were not valid in the encoding, so that places cannot be told from characters.
    lossy: bool,
}

/// Decodes a page or a feed. `outside` is the label that came with it, where one did. Every byte sequence has an answer.
pub(super) fn decode(bytes: &[u8], outside: Option<&str>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decoded(bytes, encoding, mark);
    }
    let outside = outside.and_then(|label| Encoding::for_label(label.as_bytes()));
    let stated = [outside, declared(bytes)].into_iter().flatten();
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    // Who states UTF-8 over bytes that are none is not believed while somebody else states something.
    let encoding = stated.into_iter().find(|encoding| *encoding != UTF_8 || is_utf8);
    decoded(bytes, encoding.unwrap_or_else(|| if is_utf8 || mostly_utf8(bytes) { UTF_8 } else { WINDOWS_1252 }), 0)
}

fn decoded(bytes: &[u8], encoding: &'static Encoding, mark: usize) -> Decoded {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
    Decoded { text: text.into_owned(), encoding, mark, lossy }
}

/// Whether the bytes hold more characters of several bytes than broken ones: UTF-8 with a flaw, and no other encoding.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > broken
}

/// What the document states of itself: `<?xml … encoding="…"?>`, `<meta charset=…>` or `<meta http-equiv … content="…; charset=…">`.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..DECLARED_WITHIN).unwrap_or(bytes).to_ascii_lowercase();
    let xml = head.trim_ascii_start().strip_prefix(b"<?xml").and_then(|rest| {
        let end = find(rest, b"?>")?;
        label(rest.get(..end)?, b"encoding")
    });
    xml.or_else(|| {
        let mut rest = head.as_slice();
        while let Some(at) = find(rest, b"<meta") {
            rest = rest.get(at + 5..)?;
            let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
            if let Some(encoding) = label(rest.get(..end)?, b"charset") {
                return Some(encoding);
            }
        }
        None
    })
    // What could be read as ASCII so far cannot be UTF-16 (HTML standard, "prescan a byte stream").
    .map(|encoding| if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

/// The encoding named after `key =`, in quotation marks or bare.
fn label(tag: &[u8], key: &[u8]) -> Option<&'static Encoding> {
    let after = tag.get(find(tag, key)? + key.len()..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let name = after.strip_prefix(b"\"").or_else(|| after.strip_prefix(b"'")).unwrap_or(after);
    let end = name.iter().position(|byte| matches!(byte, b'"' | b'\'' | b';' | b'/' | b'?' | b'>') || byte.is_ascii_whitespace());
    Encoding::for_label(name.get(..end.unwrap_or(name.len()))?)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

impl Decoded {
    /// Where ranges of the words stand in the bytes. The ranges must rise and not overlap; nothing where the encoding does not let
    /// places be told.
    pub fn in_bytes(&self, spans: &[Span]) -> Option<Vec<Span>> {
        let width: fn(char) -> usize = match () {
            () if self.lossy => return None,
            () if self.encoding == UTF_8 => char::len_utf8,
            () if self.encoding == UTF_16LE || self.encoding == UTF_16BE => |c| 2 * c.len_utf16(),
            () if self.encoding.is_single_byte() => |_| 1,
            () => return None,
        };
        let (mut at, mut bytes) = (0, self.mark);
        let mut reach = |place: usize| {
            bytes += self.text.get(at..place)?.chars().map(width).sum::<usize>();
            at = place;
            Some(bytes)
        };
        spans.iter().map(|span| Some(Span::new(reach(span.start)?, reach(span.end)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_heard_in_its_turn() {
        let latin = b"<meta charset=iso-8859-1><p>\xe9t\xe9 \x96";
        for (bytes, outside, expected) in [
            (&b"\xef\xbb\xbf<meta charset=windows-1252>\xc3\xa9"[..], Some("iso-8859-1"), "<meta charset=windows-1252>é"),
            (b"\xff\xfe<\0p\0>\0\xe9\0", None, "<p>é"),
            (latin, None, "<meta charset=iso-8859-1><p>été –"),
            (latin, Some("utf-8"), "<meta charset=iso-8859-1><p>été –"),
            (b"<p>\xe9t\xe9", None, "<p>été"),
            (b"<p>\xc3\xa9t\xc3\xa9", None, "<p>été"),
            (b"<p>\xc3\xa9t\xc3\xa9 \xff", None, "<p>été \u{fffd}"),
            (b"<meta charset='utf-8'>\xe9", None, "<meta charset='utf-8'>é"),
            (b"<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=ISO-8859-2'>\xb1", None, "ą"),
            (b"<?xml version='1.0' encoding='windows-1250'?>\x9c", None, "ś"),
            (b"<meta charset=utf-16><p>\xc3\xa9", None, "é"),
            (b"\xcf\xf0\xe8", Some("windows-1251"), "При"),
            (b"<meta charset=nonsense>\xc3\xa9", Some("nonsense"), "é"),
        ] {
            let text = decode(bytes, outside).text;
            assert!(text.ends_with(expected), "{bytes:?}: {text}");
        }
    }

    #[test]
    fn places_are_told_where_they_can_be() {
        let spans = |bytes: &[u8], wanted: &str| {
            let decoded = decode(bytes, None);
            let at = decoded.text.find(wanted).expect("the words");
            decoded.in_bytes(&[Span::new(at, at + wanted.len())]).map(|spans| spans[0])
        };
        assert_eq!(spans("\u{feff}é<i>ü</i>".as_bytes(), "<i>ü</i>"), Some(Span::new(5, 14)));
        assert_eq!(spans(b"<meta charset=iso-8859-1>\xe9<i>\xe9</i>", "<i>é</i>"), Some(Span::new(26, 34)));
        assert_eq!(spans(b"\xff\xfe\xe9\0<\0i\0>\0", "<i>"), Some(Span::new(4, 10)));
        assert_eq!(spans(b"<meta charset=shift_jis>\x82\xa0<i>", "<i>"), None);
    }
}
