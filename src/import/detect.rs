//! What a file is, told from its first bytes, and the checks that every text document passes before it is read.

use super::error::{ImportError, shown};
use super::lines::line_number;
use super::{MAX_LINE, feed};
use crate::model::Span;

/// How many bytes of a file [`container`] wants to see: enough for a few dozen lines.
pub const DETECT_BYTES: usize = 64 * 1024;

/// How a file is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// One JSON object a line: to be streamed.
    Ndjson,
    /// A text document: to be read whole.
    Text,
}

const BOM: &[u8] = "\u{feff}".as_bytes();
const ZIP: &str = "a ZIP archive inside of another file";
const OFFICE: &str = "an office document";
const SAVE_WORDS: &str = "Save its words as UTF-8 text and load that file";
const SAVE_AS_UTF8: &str = "Save it as UTF-8 text and load that file";

/// First bytes of formats that are no text, from the formats' own specifications.
const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"%PDF-", "a PDF", SAVE_WORDS),
    (b"PK\x03\x04", ZIP, "Unpack it and load what it holds"),
    (b"PK\x05\x06", "an empty ZIP archive", "Check that it was saved or downloaded whole"),
    (b"\x1f\x8b", "compressed with gzip, and packed once more", "Unpack it and load the result"),
    (b"\xd0\xcf\x11\xe0", OFFICE, SAVE_WORDS),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard", "Unpack it and load the result"),
    (b"BZh", "compressed with bzip2", "Unpack it and load the result"),
    (b"\xfd7zXZ\0", "compressed with xz", "Unpack it and load the result"),
    (b"{\\rtf", "an RTF document", "Save its words as UTF-8 text and load that file"),
    (b"SQLite format 3\0", "an SQLite database", "Export the releases as NDJSON and load that file"),
    (b"\x89PNG", "a picture", "Load a text file in its place"),
    (b"\xff\xd8\xff", "a picture", "Load a text file in its place"),
];

/// Elements that an HTML page, or what was saved of one, begins with.
#[rustfmt::skip]
const PAGE_ROOTS: &[&str] = &[
    "html", "head", "body", "title", "meta", "link", "base", "div", "p", "table", "article", "section", "main", "h1", "h2", "center", "font", "header",
];

/// How a document that is read whole is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Html,
    XmlFeed,
    JsonFeed,
}

/// Decides from the first bytes of a file, up to [`DETECT_BYTES`], whether it is NDJSON (to be streamed) or a document (to be read
/// whole): text, a web page or a feed. The file's name decides nothing; it is only named in errors. What is packed must be unpacked before.
///
/// # Errors
/// An empty file, a binary, text in UTF-16 or UTF-32, XML that is no feed, or JSON that is neither a feed nor one object a line.
pub fn container(file: &str, head: &[u8]) -> Result<Container, ImportError> {
    let head = head.get(..DETECT_BYTES).unwrap_or(head);
    if head.is_empty() {
        return Err(ImportError::new(file, "the file is empty").advise("Check that it was saved or downloaded whole"));
    }
    if form(file, head)? != Form::Text {
        return Ok(Container::Text);
    }
    refuse_wide_encoding(file, head)?;
    let head = head.strip_prefix(BOM).unwrap_or(head);
    if let Some((_, what, advice)) = SIGNATURES.iter().find(|(signature, ..)| head.starts_with(signature)) {
        let (what, advice) = if *what == ZIP && is_office(head) { (OFFICE, SAVE_WORDS) } else { (*what, *advice) };
        return Err(ImportError::new(file, format!("the file is no text, it is {what}")).advise(advice));
    }
    let words = head.trim_ascii_start();
    if words.is_empty() && head.len() < DETECT_BYTES - BOM.len() {
        return Err(ImportError::new(file, "the file holds nothing but white space").advise("Check that it was saved whole"));
    }
    if opens_object(words.split(|byte| *byte == b'\n').next().unwrap_or(words)) {
        return Ok(Container::Ndjson);
    }
    refuse_other_json(file, words)?;
    if mostly_objects(words) {
        return Ok(Container::Ndjson);
    }
    refuse_binary(file, head)?;
    Ok(Container::Text)
}

fn refuse_wide_encoding(file: &str, head: &[u8]) -> Result<(), ImportError> {
    let name = match head {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => "UTF-32",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16",
        _ => return Ok(()),
    };
    Err(ImportError::new(file, format!("the file is encoded in {name}, as its byte-order mark says")).advise(SAVE_AS_UTF8))
}

/// Whether at least half of the lines seen begin as a JSON object does: a broken line at the top is that line's error and must
/// not hide the others.
fn mostly_objects(words: &[u8]) -> bool {
    let (mut objects, mut all) = (0usize, 0usize);
    for line in words.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_start).filter(|line| !line.is_empty()) {
        all += 1;
        objects += usize::from(opens_object(line));
    }
    objects > 0 && objects * 2 >= all
}

fn opens_object(line: &[u8]) -> bool {
    let inside = line.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    inside.is_some_and(|inside| matches!(inside.first(), Some(b'"' | b'}')))
}

fn refuse_other_json(file: &str, words: &[u8]) -> Result<(), ImportError> {
    let what = match words.split_first() {
        Some((b'[', inside)) if matches!(inside.trim_ascii_start().first(), Some(b'{')) => "a JSON array",
        Some((b'{', inside)) if inside.trim_ascii_start().first() == Some(&b'"') => "a JSON object spread over several lines",
        _ => return Ok(()),
    };
    Err(ImportError::new(file, format!("the file is {what}, not NDJSON"))
        .advise("Write one JSON object a line, without brackets or commas between"))
}

/// The form of a document by its first bytes. Mark-up is looked for in any encoding that can be told by a byte-order mark.
///
/// # Errors
/// Mark-up that is neither a page nor a feed.
pub(super) fn form(file: &str, bytes: &[u8]) -> Result<Form, ImportError> {
    let head = bytes.get(..DETECT_BYTES).unwrap_or(bytes);
    // Beyond ASCII nothing matters here.
    let (head, _) = encoding_rs::Encoding::for_bom(head).map_or(encoding_rs::UTF_8, |(encoding, _)| encoding).decode_with_bom_removal(head);
    let words = head.trim_start();
    if words.starts_with('{') && feed::is_json_feed(words) {
        return Ok(Form::JsonFeed);
    }
    if !words.starts_with('<') {
        return Ok(Form::Text);
    }
    let begins = |start: &str| words.get(..start.len()).is_some_and(|opening| opening.eq_ignore_ascii_case(start));
    let root = feed::root_name(words).unwrap_or("");
    if begins("<!doctype html") || PAGE_ROOTS.iter().any(|name| name.eq_ignore_ascii_case(root)) && words.contains('>') {
        return Ok(Form::Html);
    }
    match root {
        "rss" | "RDF" | "feed" => Ok(Form::XmlFeed),
        _ if begins("<?xml") => {
            Err(ImportError::new(file, format!("the file is an XML document of <{}>, which is neither a feed nor a web page", shown(root)))
                .advise("Save its words as UTF-8 text, or its items as NDJSON, and load that file"))
        }
        // "<Draft> Title" is a text.
        _ => Ok(Form::Text),
    }
}

/// Whether a ZIP archive is what office programs save: their formats name themselves in the first entry.
fn is_office(head: &[u8]) -> bool {
    let name = head.get(30..).unwrap_or_default();
    [&b"[Content_Types].xml"[..], b"mimetype", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/"]
        .iter()
        .any(|first| name.starts_with(first))
}

/// A NUL byte, or more than one control character in ten bytes, is no text.
fn refuse_binary(file: &str, bytes: &[u8]) -> Result<(), ImportError> {
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let other = [at.wrapping_sub(1), at + 1].map(|near| bytes.get(near).is_some_and(|byte| byte.is_ascii_graphic()));
        let reason = format!("the file holds a NUL byte (byte {at}), so it is no text");
        let error = ImportError::new(file, reason).at_line(line_number(bytes, at));
        return Err(error.advise(if other == [true, true] { SAVE_AS_UTF8 } else { "Load a text file in its place" }));
    }
    let controls = bytes.iter().filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()).count();
    if controls * 10 > bytes.len() {
        return Err(ImportError::new(file, "the file consists largely of control characters, so it is no text")
            .advise("Load a text file in its place"));
    }
    Ok(())
}

/// Refuses what is too large to be read whole.
pub(super) fn bounded(file: &str, bytes: &[u8], most: usize, what: &str) -> Result<(), ImportError> {
    if bytes.len() > most {
        let reason = format!("the file holds {} bytes, more than the {most} that {what} may", bytes.len());
        return Err(ImportError::new(file, reason).advise("Split it between two releases, or write its releases as NDJSON"));
    }
    Ok(())
}

/// The document as text: valid UTF-8, no binary, no line beyond [`MAX_LINE`].
pub(super) fn decode(file: &str, bytes: Vec<u8>) -> Result<String, ImportError> {
    if container(file, &bytes)? == Container::Ndjson {
        return Err(ImportError::new(file, "the file is NDJSON, which is read line by line and not as a text document"));
    }
    refuse_binary(file, &bytes)?;
    refuse_long_line(file, &bytes)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bad = error.as_bytes().get(at).copied().unwrap_or(0);
        let reason = format!("byte {at} of the file (0x{bad:02x}) is not valid UTF-8");
        ImportError::new(file, reason).at_line(line_number(error.as_bytes(), at)).advise(SAVE_AS_UTF8)
    })
}

fn refuse_long_line(file: &str, bytes: &[u8]) -> Result<(), ImportError> {
    let mut start = 0;
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
        if line.len() > MAX_LINE {
            let reason = format!("the line holds {} bytes, more than the {MAX_LINE} that a line may", line.len());
            return Err(ImportError::new(file, reason)
                .at_line(line_number(bytes, start))
                .advise("Check that it is a text with line breaks"));
        }
        start += line.len() + 1;
    }
    Ok(())
}

/// The byte-order mark at the start of a text, where there is one.
pub(super) fn bom(content: &str) -> Option<Span> {
    content.starts_with('\u{feff}').then(|| Span::new(0, BOM.len()))
}

/// The first line of a text, for an error that says what stood there.
pub(super) fn first_words(content: &str) -> String {
    let line = content.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').lines().next().unwrap_or("");
    shown(line.trim_end())
}
