//! From the tree that hayagriva renders to pieces of text.
//!
//! The library is given stand-ins for title, author and date, so that what a field says and what the style puts around it are never mistaken for
//! each other.

use std::borrow::Cow;

use hayagriva::citationberg::FontStyle;
use hayagriva::{Elem, ElemChild, ElemMeta};

use super::quoting::closing_marks;
use super::styles::{Piece, Role};

/// Stand for the title and the author: signs that Unicode keeps for a program's own use, so that no text has them.
pub const TITLE: char = '\u{FDD0}';
pub const AUTHOR: char = '\u{FDD1}';

/// The year of a date that no style prints, until the archive's words take its place. No release is of that year, since dates end with 9999;
/// and words that are no date are never looked at.
pub const STAND_IN: i32 = 9_998_877;

/// Marks that close a quotation. A straight one may be a closing one.
const CLOSING: [char; 4] = ['”', '’', '"', '\''];

/// What ends a title weaker than a stop does.
const WEAK: [char; 6] = [',', ';', ':', '-', '–', '—'];

/// Gathers pieces from the tree of a rendered entry.
pub struct Setter<'a> {
    pub pieces: Vec<Piece>,
    /// What is set for the stand-ins. Behind the title its description, where it takes the author's place.
    pub title: Cow<'a, str>,
    pub described: Option<String>,
    pub author: &'a str,
    pub address: &'a str,
    /// What stands where the date that no style prints would.
    pub date: String,
    /// What came last.
    pub last: Last,
}

/// What the words of a style follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Last {
    #[default]
    Words,
    Date,
    /// Title or author.
    Field,
}

impl Setter<'_> {
    pub fn child(&mut self, child: &ElemChild, in_date: bool) {
        match child {
            ElemChild::Link { text, .. } if text.text == self.address => {
                self.pieces.push(Piece { text: text.text.clone(), italic: false, role: Role::Address });
                self.last = Last::Words;
            }
            ElemChild::Text(text) | ElemChild::Link { text, .. } => {
                let italic = text.formatting.font_style == FontStyle::Italic;
                if in_date {
                    self.push(&text.text.replace(&STAND_IN.to_string(), &self.date.clone()), italic, Role::Words);
                } else {
                    self.words(&text.text, italic);
                }
            }
            ElemChild::Elem(Elem { children, meta, .. }) => {
                let is_date = in_date || *meta == Some(ElemMeta::Date);
                if !is_date && self.last == Last::Date {
                    self.last = Last::Words;
                }
                children.0.iter().for_each(|child| self.child(child, is_date));
                if is_date {
                    self.last = Last::Date;
                }
            }
            ElemChild::Markup(words) => self.push(words, false, Role::Words),
            ElemChild::Transparent { .. } => {}
        }
    }

    /// Words of the style, with fields among them.
    fn words(&mut self, text: &str, italic: bool) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once([TITLE, AUTHOR]) {
            self.between(before, italic);
            if rest[before.len()..].starts_with(TITLE) {
                self.push(&self.title.clone(), italic, Role::Field);
                if let Some(described) = self.described.take() {
                    self.push(&format!(" [{described}]"), false, Role::Words);
                }
            } else {
                self.push(self.author, italic, Role::Field);
            }
            self.last = Last::Field;
            rest = after;
        }
        self.between(rest, italic);
    }

    /// Words of the style alone. Behind a date with a year alone the library leaves the comma that month and day would follow.
    fn between(&mut self, text: &str, italic: bool) {
        if text.is_empty() {
            return;
        }
        let last = std::mem::take(&mut self.last);
        let comma = last == Last::Date && (text.starts_with(",)") || text.starts_with(",."));
        let text = if comma { &text[1..] } else { text };
        match text.strip_prefix('.') {
            Some(rest) => self.stop(rest, italic, last),
            None => self.push(text, italic, Role::Words),
        }
    }

    /// A stop of the style's, and what follows it: none behind a question mark, an exclamation mark or another stop, whatever marks close behind it;
    /// and inside a mark that closes a field (Chicago Manual of Style, 17th edition, 6.9, 6.125 and 14.96; the others do as American printers do).
    fn stop(&mut self, rest: &str, italic: bool, last: Last) {
        if let Some(field) = self.pieces.last_mut().filter(|_| last == Last::Field) {
            // Of two stops the stronger stands (Chicago, 6.123).
            let kept = field.text.trim_end_matches(|c: char| c.is_whitespace() || WEAK.contains(&c)).len();
            if kept > 0 {
                field.text.truncate(kept);
            }
        }
        let said: String = self.pieces.iter().map(|piece| piece.text.as_str()).collect();
        if said.trim_end_matches(CLOSING).ends_with(['.', '?', '!', '…']) {
            return self.push(rest, italic, Role::Words);
        }
        match self.pieces.last_mut() {
            Some(piece) if last == Last::Field && closing_marks(&piece.text) > 0 => {
                let inside = piece.text.len() - closing_marks(&piece.text);
                piece.text.insert(inside, '.');
                self.push(rest, italic, Role::Words);
            }
            _ => self.push(&format!(".{rest}"), italic, Role::Words),
        }
    }

    pub fn push(&mut self, text: &str, italic: bool, role: Role) {
        if text.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(last) if last.italic == italic && last.role == role && role == Role::Words => last.text.push_str(text),
            _ => self.pieces.push(Piece { text: text.to_owned(), italic, role }),
        }
    }
}
