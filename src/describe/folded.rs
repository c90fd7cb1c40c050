//! The text that words are looked for in: folded once, each byte traceable to the source's own.
//!
//! Case, accents of Latin letters, typographic apostrophes, hyphens and spaces are folded. The folded copy remembers where its bytes
//! came from, so that what is found in it can be shown where it stands in the text as published.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use crate::model::Span;

/// Stands in a folded text for a blank line: no phrase runs across it.
pub(super) const BREAK: u8 = b'\n';

/// No phrase is longer than this in bytes; it bounds the look back for overlaps.
pub(super) const REACH: usize = 240;

/// A text prepared for matching.
pub(super) struct Folded<'t> {
    /// The text as published.
    pub original: &'t str,
    /// Lower case, without accents, single spaces; a blank line is [`BREAK`].
    pub text: String,
    /// The words of `text`, runs of letters and digits, in order.
    pub words: Vec<Span>,
    /// Where the folded bytes come from, in order: most texts fold byte for byte over long stretches.
    stretches: Vec<Stretch>,
}

/// Folded bytes from `folded` on, up to the next stretch, with the place in the original that they came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    folded: usize,
    original: usize,
    /// Each byte came from a byte of its own; else all came from the character at `original`.
    bytewise: bool,
}

impl<'t> Folded<'t> {
    pub fn new(original: &'t str) -> Self {
        let mut folded = Self::letters(original);
        folded.words = words(&folded.text);
        folded
    }

    /// The folded letters and signs, before the words are told apart.
    fn letters(original: &'t str) -> Self {
        let mut folded = Self { original, text: String::with_capacity(original.len()), words: Vec::new(), stretches: Vec::new() };
        let (mut newlines, mut at) = (0, 0);
        while let Some(rest) = original.get(at..) {
            let plain = folded.plain(rest);
            if !plain.is_empty() {
                newlines = 0;
                folded.push_plain(at, plain);
                at += plain.len();
                continue;
            }
            let Some(c) = rest.chars().next() else { break };
            if c.is_whitespace() {
                newlines += usize::from(c == '\n');
                folded.space(at, newlines > 1);
            } else {
                newlines = 0;
                folded.letter(at, c);
            }
            at += c.len_utf8();
        }
        folded
    }

    /// The head of `rest` that folds byte for byte: ASCII letters and signs, with single spaces between them.
    fn plain<'r>(&self, rest: &'r str) -> &'r str {
        let mut gap = self.text.as_bytes().last().is_none_or(|last| *last == b' ' || *last == BREAK);
        let folds = |byte: &u8| {
            let space = *byte == b' ';
            let plain = if space { !gap } else { byte.is_ascii_graphic() && *byte != b'%' };
            gap = space;
            plain
        };
        let length = rest.bytes().take_while(folds).count();
        rest.get(..length).unwrap_or("")
    }

    fn push_plain(&mut self, at: usize, plain: &str) {
        self.came_from(at, true);
        let start = self.text.len();
        self.text.push_str(plain);
        if let Some(pushed) = self.text.get_mut(start..) {
            pushed.make_ascii_lowercase();
        }
    }

    /// Notes that what is pushed next comes from `at`.
    fn came_from(&mut self, at: usize, bytewise: bool) {
        let folded = self.text.len();
        let goes_on = self.stretches.last().is_some_and(|last| {
            last.bytewise == bytewise && if bytewise { at - last.original == folded - last.folded } else { at == last.original }
        });
        if !goes_on {
            self.stretches.push(Stretch { folded, original: at, bytewise });
        }
    }

    /// Where the character that a folded byte came from starts in the original; past the end, the original's end.
    pub fn origin(&self, folded: usize) -> usize {
        let next = self.stretches.partition_point(|stretch| stretch.folded <= folded);
        match next.checked_sub(1).and_then(|at| self.stretches.get(at)) {
            Some(stretch) if folded < self.text.len() => stretch.original + if stretch.bytewise { folded - stretch.folded } else { 0 },
            _ => self.original.len(),
        }
    }

    /// Runs of white space become one space, or one break where they hold a blank line.
    fn space(&mut self, at: usize, blank_line: bool) {
        match self.text.as_bytes().last() {
            Some(b' ') if blank_line => {
                self.text.pop();
                self.text.push(char::from(BREAK));
            }
            Some(&last) if last == b' ' || last == BREAK => {}
            _ => self.push(at, ' '),
        }
    }

    fn letter(&mut self, at: usize, c: char) {
        if c.is_ascii() {
            // French sets a space before the sign, English does not.
            if c == '%' && self.text.ends_with(' ') {
                self.text.pop();
                self.stretches.pop_if(|last| last.folded == self.text.len());
            }
            return self.push(at, c.to_ascii_lowercase());
        }
        match c {
            '’' | '‘' | 'ʼ' | '′' => self.push(at, '\''),
            '\u{2010}'..='\u{2014}' | '\u{2212}' => self.push(at, '-'),
            // Soft hyphen, zero-width characters, byte-order mark: invisible.
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
            'œ' | 'Œ' => self.push_all(at, "oe"),
            'æ' | 'Æ' => self.push_all(at, "ae"),
            'ß' | 'ẞ' => self.push_all(at, "ss"),
            'ø' | 'Ø' => self.push(at, 'o'),
            'ł' | 'Ł' => self.push(at, 'l'),
            'đ' | 'Đ' => self.push(at, 'd'),
            'ı' => self.push(at, 'i'),
            _ => decompose_canonical(c, |part| {
                if !is_combining_mark(part) {
                    part.to_lowercase().filter(|c| !is_combining_mark(*c)).for_each(|c| self.push(at, c));
                }
            }),
        }
    }

    fn push_all(&mut self, at: usize, letters: &str) {
        letters.chars().for_each(|c| self.push(at, c));
    }

    fn push(&mut self, at: usize, c: char) {
        self.came_from(at, false);
        self.text.push(c);
    }

    /// Where folded bytes `start..end` stand in the original.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.origin(start), self.origin(end))
    }

    /// Up to `bytes` folded bytes that end at `at`, cut at the start of a character.
    pub fn before(&self, at: usize, bytes: usize) -> &str {
        let mut start = at.saturating_sub(bytes);
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        self.text.get(start..at).unwrap_or("")
    }

    /// Up to `bytes` folded bytes from `at` on, cut at the end of a character.
    pub fn after(&self, at: usize, bytes: usize) -> &str {
        let mut end = at.saturating_add(bytes).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.get(at..end).unwrap_or("")
    }

    /// Whether the folded range is bounded by what is no letter and no digit; a number is not cut at its decimal sign.
    pub fn stands_alone(&self, start: usize, end: usize) -> bool {
        let (Some(head), Some(found), Some(tail)) = (self.text.get(..start), self.text.get(start..end), self.text.get(end..)) else {
            return false;
        };
        let mut back = head.chars().rev();
        let mut ahead = tail.chars();
        let (before, after) = (back.next(), ahead.next());
        let starts_in_word = found.starts_with(char::is_alphanumeric) && before.is_some_and(char::is_alphanumeric);
        let ends_in_word = found.ends_with(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        let decimal =
            |sign: Option<char>, digit: Option<char>| matches!(sign, Some('.' | ',')) && digit.is_some_and(|c| c.is_ascii_digit());
        let cuts_number = found.starts_with(|c: char| c.is_ascii_digit()) && decimal(before, back.next())
            || found.ends_with(|c: char| c.is_ascii_digit()) && decimal(after, ahead.next());
        !(starts_in_word || ends_in_word || cuts_number)
    }

    /// Whether the line around `span` of the original is set wholly in capitals; looks no further than [`REACH`] bytes either way.
    pub fn in_capitals(&self, span: Span) -> bool {
        let (mut first, mut last) = (span.start.saturating_sub(REACH), span.end.saturating_add(REACH).min(self.original.len()));
        while !self.original.is_char_boundary(first) {
            first += 1;
        }
        while !self.original.is_char_boundary(last) {
            last -= 1;
        }
        let head = Span::new(first, span.start).of(self.original).rsplit('\n').next().unwrap_or("");
        let tail = Span::new(span.end, last).of(self.original).split('\n').next().unwrap_or("");
        let mut letters = head.chars().chain(tail.chars()).filter(|c| c.is_alphabetic());
        letters.clone().nth(3).is_some() && letters.all(|c| !c.is_lowercase())
    }
}

/// Folds words the way a text is folded.
pub(super) fn fold(words: &str) -> String {
    Folded::letters(words.trim()).text
}

/// Where the runs of letters and digits stand.
fn words(text: &str) -> Vec<Span> {
    let mut words = Vec::with_capacity(text.len() / 5);
    let mut start = None;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() {
            start = start.or(Some(at));
        } else if let Some(start) = start.take() {
            words.push(Span::new(start, at));
        }
    }
    words.extend(start.map(|start| Span::new(start, text.len())));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn every_span_is_on_character_boundaries(text in "(\\PC|[ \\n\u{a0}’%œßéA-Z0-9]){0,80}", from in 0_usize..90, to in 0_usize..90) {
            let folded = Folded::new(&text);
            let span = folded.span(from.min(to), from.max(to));
            proptest::prop_assert!(text.get(span.start..span.end).is_some());
            let _ = (folded.before(folded.text.len(), to), folded.after(0, to));
        }
        #[test]
        fn every_folded_character_is_of_the_one_that_it_came_from(text in "([ \\n%]|[a-zA-Z0-9.,-]|[\u{a0}’–œßéÉ\u{ad}жЙ]|\\PC){0,80}") {
            let folded = Folded::new(&text);
            let mut last = 0;
            for (at, c) in folded.text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
                let from = folded.origin(at);
                let own = text.get(from..).and_then(|rest| rest.chars().next()).map(String::from).unwrap_or_default();
                proptest::prop_assert!(from >= last && fold(&own).contains(c), "{c:?} at {at} is not of {own:?} at {from}");
                last = from;
            }
            proptest::prop_assert_eq!(folded.origin(folded.text.len()), text.len());
        }
    }
}
