//! Marking what was found, and the passage that shows it best.
//!
//! A mark is made by the same analysis that finds, so that every form that matched is marked and nothing else.

use std::collections::HashSet;

use super::analysis::Analyser;
use super::grammar::Node;
use crate::model::Span;

/// A piece of text for a page: plain, or a hit. Escaping is the template's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    pub hit: bool,
}

/// A passage of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    pub parts: Vec<Part>,
    /// Whether words of the text stand before and after.
    pub more_before: bool,
    pub more_after: bool,
}

/// About so many characters make a snippet: two to three lines of a result.
const SNIPPET: usize = 280;

/// Texts are looked through this far, in bytes, for the best passage.
const SCAN: usize = 200_000;

/// Finds what a query found.
#[derive(Clone, Debug, Default)]
pub struct Highlighter {
    english: Terms,
    french: Terms,
    exact: Terms,
}

#[derive(Clone, Debug, Default)]
struct Terms {
    words: HashSet<String>,
    prefixes: Vec<String>,
    /// Two words and more, one behind the other.
    runs: Vec<Vec<String>>,
}

impl Terms {
    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.prefixes.is_empty() && self.runs.is_empty()
    }

    fn add(&mut self, analyser: Analyser, text: &str) {
        let mut words: Vec<String> = analyser.words(text).into_iter().map(|token| token.text).collect();
        match words.len() {
            0 => {}
            1 => {
                self.words.extend(words.pop());
            }
            _ => self.runs.push(words),
        }
    }

    /// Spans of what matches, in order of their start.
    fn marks(&self, analyser: Analyser, text: &str, marks: &mut Vec<Span>) {
        if self.is_empty() {
            return;
        }
        let tokens = if self.runs.is_empty() {
            let initials: Vec<char> = self.words.iter().chain(&self.prefixes).filter_map(|word| word.chars().next()).collect();
            analyser.words_beginning(text, &initials)
        } else {
            analyser.words(text)
        };
        for (index, token) in tokens.iter().enumerate() {
            if self.words.contains(&token.text) || self.prefixes.iter().any(|prefix| token.text.starts_with(prefix.as_str())) {
                marks.push(Span::new(token.offset_from, token.offset_to));
            }
            for run in &self.runs {
                let Some(stretch) = tokens.get(index..index + run.len()) else { continue };
                if stretch.iter().zip(run).all(|(token, word)| token.text == *word) {
                    marks.push(Span::new(token.offset_from, stretch[run.len() - 1].offset_to));
                }
            }
        }
    }
}

impl Highlighter {
    pub fn new(tree: Option<&Node>) -> Self {
        let mut highlighter = Self::default();
        if let Some(node) = tree {
            highlighter.add(node);
        }
        highlighter
    }

    fn add(&mut self, node: &Node) {
        match node {
            Node::Word(word) => {
                self.english.add(Analyser::English, word);
                self.french.add(Analyser::French, word);
            }
            Node::Phrase(words) => self.exact.add(Analyser::Exact, words),
            Node::Prefix(start) => self.exact.prefixes.push(start.clone()),
            Node::Not(_) => {}
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| self.add(node)),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.english.is_empty() && self.exact.is_empty()
    }

    /// Spans of all hits in a text of the given language; in order, not overlapping.
    pub fn marks(&self, text: &str, lang: &str) -> Vec<Span> {
        let mut marks = Vec::new();
        match Analyser::of(lang) {
            Analyser::French => self.french.marks(Analyser::French, text, &mut marks),
            analyser => self.english.marks(analyser, text, &mut marks),
        }
        self.exact.marks(Analyser::Exact, text, &mut marks);
        marks.sort_unstable();
        let mut merged: Vec<Span> = Vec::with_capacity(marks.len());
        for mark in marks {
            match merged.last_mut() {
                Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
                _ => merged.push(mark),
            }
        }
        merged
    }

    /// A text in parts, hits apart.
    pub fn parts(&self, text: &str, lang: &str) -> Vec<Part> {
        split(text, Span::new(0, text.len()), &self.marks(text, lang))
    }

    /// The passage of a body that shows the hits best: the first sentence with the most different words of the query.
    pub fn snippet(&self, body: &str, lang: &str) -> Snippet {
        let body = &body[..floor(body, SCAN)];
        let marks = self.marks(body, lang);
        let sentences = sentences(body);
        let score = |sentence: &Span| -> usize {
            let words: HashSet<String> =
                marks.iter().filter(|mark| sentence.contains(mark.start)).map(|mark| mark.of(body).to_lowercase()).collect();
            words.len()
        };
        // `max_by_key` gives the last of equals; the first is wanted.
        let best = sentences.iter().enumerate().rev().max_by_key(|(_, sentence)| score(sentence)).map_or(0, |(index, _)| index);
        let Some(first) = sentences.get(best) else { return Snippet::default() };
        let mut passage = *first;
        for next in &sentences[best + 1..] {
            if body[passage.start..next.end].chars().count() > SNIPPET {
                break;
            }
            passage.end = next.end;
        }
        let passage = shorten(body, passage, marks.iter().find(|mark| first.contains(mark.start)).copied());
        Snippet {
            parts: split(body, passage, &marks),
            more_before: passage.start > first.start,
            more_after: !passage.of(body).ends_with(['.', '!', '?', '”', '"', '’', ':']) && !body[passage.end..].trim().is_empty(),
        }
    }
}

/// Cuts a passage that is too long at words, around the first hit.
fn shorten(body: &str, passage: Span, hit: Option<Span>) -> Span {
    let text = passage.of(body);
    if text.chars().count() <= SNIPPET + 40 {
        return passage;
    }
    let hit = hit.map_or(passage.start, |hit| hit.start);
    let lead = text.char_indices().map(|(at, _)| passage.start + at).take_while(|at| *at <= hit).collect::<Vec<_>>();
    let start = match lead.len().checked_sub(SNIPPET / 3) {
        Some(index) if index > 0 => {
            let from = lead[index];
            body[from..hit].find(char::is_whitespace).map_or(from, |space| from + space)
        }
        _ => passage.start,
    };
    let start = start + (body[start..passage.end].len() - body[start..passage.end].trim_start().len());
    let end = match body[start..passage.end].char_indices().nth(SNIPPET) {
        None => passage.end,
        Some((cut, _)) => body[start..start + cut].rfind(char::is_whitespace).map_or(start + cut, |space| start + space),
    };
    Span::new(start, end)
}

/// The largest character boundary that is not beyond `at`.
fn floor(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Sentences: they end at a line's end, or at a full stop, exclamation or question mark (with closing quotes) before white space and a
/// letter that is not small.
fn sentences(body: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = None;
    let mut chars = body.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\n' {
            close(&mut found, &mut start, at, body);
            continue;
        }
        if start.is_none() && !c.is_whitespace() {
            start = Some(at);
        }
        if matches!(c, '.' | '!' | '?') {
            let mut end = at + c.len_utf8();
            while let Some((next, quote)) = chars.peek().copied().filter(|(_, c)| matches!(c, '”' | '’' | '"' | ')' | '»')) {
                end = next + quote.len_utf8();
                chars.next();
            }
            let rest = &body[end..];
            let word = body[..at].rsplit(char::is_whitespace).next().unwrap_or("");
            let abbreviation =
                c == '.' && (word.chars().count() <= 2 || word.contains('.') || matches!(word, "Mrs" | "Gen" | "Col" | "Capt" | "Gov"));
            if rest.starts_with(char::is_whitespace) && !abbreviation && rest.trim_start().starts_with(|next: char| !next.is_lowercase()) {
                close(&mut found, &mut start, end, body);
            }
        }
    }
    close(&mut found, &mut start, body.len(), body);
    found
}

fn close(found: &mut Vec<Span>, start: &mut Option<usize>, end: usize, body: &str) {
    if let Some(from) = start.take() {
        let end = from + body[from..end].trim_end().len();
        if end > from {
            found.push(Span::new(from, end));
        }
    }
}

/// The words of `span`, cut at the marks; white space folded, since line ends mean nothing in a snippet.
fn split(text: &str, span: Span, marks: &[Span]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = span.start;
    let mut push = |from: usize, to: usize, hit: bool| {
        if from < to {
            parts.push(Part { text: fold(&text[from..to]), hit });
        }
    };
    for mark in marks.iter().filter(|mark| mark.start >= span.start && mark.end <= span.end) {
        push(at, mark.start, false);
        push(mark.start, mark.end, true);
        at = mark.end;
    }
    push(at, span.end, false);
    parts
}

/// Runs of white space as one space, at the ends too, where a hit may follow.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = true;
        } else {
            if space {
                folded.push(' ');
            }
            space = false;
            folded.push(c);
        }
    }
    if space {
        folded.push(' ');
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::super::grammar::read;
    use super::*;

    fn shown(typed: &str, body: &str, lang: &str) -> String {
        let snippet = Highlighter::new(read(typed).tree.as_ref()).snippet(body, lang);
        snippet.parts.iter().map(|part| if part.hit { format!("[{}]", part.text) } else { part.text.clone() }).collect()
    }

    #[test]
    fn the_best_sentence_is_shown_with_every_form_marked() {
        let body = "The Alliance met. Its data strategies were agreed by Allies.\n\nThe strategy is public. Mr. Rutte spoke.";
        assert_eq!(
            shown("data strategy", body, "en"),
            "Its [data] [strategies] were agreed by Allies. The [strategy] is public. Mr. Rutte spoke."
        );
        assert_eq!(shown("\"strategy is\"", body, "en"), "The [strategy is] public. Mr. Rutte spoke.");
        assert_eq!(
            shown("nothing", body, "en"),
            "The Alliance met. Its data strategies were agreed by Allies. The strategy is public. Mr. Rutte spoke."
        );
        assert_eq!(shown("strat*", "No. Strategic and strategies", "en"), "No. [Strategic] and [strategies]");
        assert_eq!(shown("elargissement", "L’élargissement de l’Alliance.", "fr"), "L’[élargissement] de l’Alliance.");
        assert_eq!(shown("x", "", "en"), "");
    }

    #[test]
    fn long_sentences_are_cut_at_words_around_the_hit() {
        let body = format!("{} needle {}", "one two three four ".repeat(60), "five six seven ".repeat(60));
        let shown = shown("needle", &body, "en");
        assert!(shown.contains("[needle]") && shown.len() < 360, "{shown}");
        for word in shown.split_whitespace() {
            assert!(["one", "two", "three", "four", "five", "six", "seven", "[needle]"].contains(&word), "{word}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_marked(typed in "\\PC{0,40}", body in "\\PC{0,400}") {
            let highlighter = Highlighter::new(read(&typed).tree.as_ref());
            highlighter.snippet(&body, "en");
            highlighter.parts(&body, "fr");
        }
    }
}
