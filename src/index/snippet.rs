//! The passages of a release that show best why it was found.

use super::marks::{Highlighter, Mark};
use super::sentences::sentences;
use crate::model::Span;

/// A piece of text for a page: plain, or a hit. Escaping is the template's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    pub hit: bool,
}

/// Passages of a release, one behind the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    pub parts: Vec<Part>,
    /// Whether words of the text stand before and after.
    pub more_before: bool,
    pub more_after: bool,
}

/// About so many characters make a snippet: two to three lines of a result.
const SNIPPET: usize = 280;
/// So many passages at most.
const PASSAGES: usize = 3;
/// Texts are looked through this far, in bytes, for the best passages.
const SCAN: usize = 100_000;
/// So many paragraphs are looked at closely: those that answer most of the query.
const PARAGRAPHS: usize = 6;

/// A sentence that could be shown.
#[derive(Clone, Copy)]
struct Candidate {
    span: Span,
    wishes: u64,
    hits: usize,
}

impl Highlighter {
    /// A text in parts, hits apart.
    pub fn parts(&self, text: &str, lang: &str) -> Vec<Part> {
        split(text, Span::new(0, text.len()), &self.marks(text, lang))
    }

    /// A title in parts, hits apart.
    pub fn title_parts(&self, text: &str, lang: &str) -> Vec<Part> {
        split(text, Span::new(0, text.len()), &self.title_marks(text, lang))
    }

    /// The passages of a body that show the hits best: sentences that answer most of the query's wishes, each showing something that those
    /// before it do not; where one sentence says it all, what follows it.
    pub fn snippet(&self, body: &str, lang: &str) -> Snippet {
        let body = &body[..floor(body, SCAN)];
        let marks = self.marks(body, lang);
        let mut passages = best(&candidates(body, &marks));
        if passages.is_empty() {
            let Some(first) = body.find(|c: char| !c.is_whitespace()) else { return Snippet::default() };
            passages.extend(
                sentences(&body[first..floor(body, first + 4 * SNIPPET)]).first().map(|s| Span::new(first + s.start, first + s.end)),
            );
        }
        let [passage] = passages.as_slice() else {
            let room = SNIPPET / passages.len().max(1);
            let passages: Vec<Span> = passages.iter().map(|passage| shorten(body, *passage, &marks, room)).collect();
            return joined(body, &passages, &marks);
        };
        let passage = shorten(body, *passage, &marks, SNIPPET);
        joined(body, &[extend(body, passage)], &marks)
    }
}

/// Sentences with hits, in the paragraphs that answer most.
fn candidates(body: &str, marks: &[Mark]) -> Vec<Candidate> {
    let mut paragraphs: Vec<Candidate> = Vec::new();
    for mark in marks {
        match paragraphs.last_mut() {
            Some(last) if mark.span.start < last.span.end => {
                last.wishes |= mark.wishes;
                last.hits += 1;
            }
            _ => {
                let start = body[..mark.span.start].rfind('\n').map_or(0, |at| at + 1);
                let end = body[mark.span.end..].find('\n').map_or(body.len(), |at| mark.span.end + at);
                paragraphs.push(Candidate { span: Span::new(start, end), wishes: mark.wishes, hits: 1 });
            }
        }
    }
    // Stable: earlier ones first among equals.
    paragraphs.sort_by_key(|paragraph| std::cmp::Reverse(paragraph.wishes.count_ones()));
    paragraphs.truncate(PARAGRAPHS);
    paragraphs.sort_by_key(|paragraph| paragraph.span.start);
    let mut found = Vec::new();
    for paragraph in paragraphs {
        for span in whole(paragraph.span, body, marks) {
            let from = marks.partition_point(|mark| mark.span.start < span.start);
            let (mut wishes, mut hits) = (0, 0);
            for mark in marks[from..].iter().take_while(|mark| mark.span.start < span.end) {
                wishes |= mark.wishes;
                hits += 1;
            }
            if hits > 0 {
                found.push(Candidate { span, wishes, hits });
            }
        }
    }
    found
}

/// The sentences of a paragraph; those that a hit runs across are one.
fn whole(paragraph: Span, body: &str, marks: &[Mark]) -> Vec<Span> {
    let mut whole: Vec<Span> = Vec::new();
    for sentence in sentences(paragraph.of(body)) {
        let span = Span::new(paragraph.start + sentence.start, paragraph.start + sentence.end);
        let crossed = whole.last().is_some_and(|last: &Span| {
            let next = marks.partition_point(|mark| mark.span.start < span.start);
            next > 0 && marks[next - 1].span.start >= last.start && marks[next - 1].span.end > last.end
        });
        match whole.last_mut() {
            Some(last) if crossed => last.end = span.end,
            _ => whole.push(span),
        }
    }
    whole
}

/// Greedily: whatever adds most wishes, then answers most, then has most hits, then stands first; in the order of the text.
fn best(candidates: &[Candidate]) -> Vec<Span> {
    let mut covered = 0;
    let mut chosen: Vec<Span> = Vec::new();
    while chosen.len() < PASSAGES {
        let value = |candidate: &Candidate| {
            (
                (candidate.wishes & !covered).count_ones(),
                candidate.wishes.count_ones(),
                candidate.hits.min(4),
                std::cmp::Reverse(candidate.span.start),
            )
        };
        let Some(next) = candidates.iter().max_by_key(|candidate| value(candidate)) else { break };
        if next.wishes & !covered == 0 {
            break;
        }
        covered |= next.wishes;
        chosen.push(next.span);
    }
    chosen.sort_unstable();
    chosen
}

/// A passage with the sentences that follow it, as long as there is room.
fn extend(body: &str, passage: Span) -> Span {
    let mut extended = passage;
    let reach = floor(body, passage.start + 4 * SNIPPET);
    if passage.end >= reach {
        return passage;
    }
    for next in sentences(&body[passage.end..reach]) {
        let end = passage.end + next.end;
        // The last sentence within reach may be cut by it.
        if body[passage.start..end].chars().count() > SNIPPET || (end == reach && reach < body.len()) {
            break;
        }
        extended.end = end;
    }
    extended
}

/// Passages as one text, an ellipsis between two that do not touch.
fn joined(body: &str, passages: &[Span], marks: &[Mark]) -> Snippet {
    let mut parts = Vec::new();
    let mut before: Option<Span> = None;
    for passage in passages {
        if let Some(before) = before {
            let touching = body.get(before.end..passage.start).is_some_and(|between| between.trim().is_empty());
            parts.push(Part { text: if touching { " ".into() } else { " … ".into() }, hit: false });
        }
        parts.extend(split(body, *passage, marks));
        before = Some(*passage);
    }
    let begins = passages.first().is_none_or(|first| {
        let before = body[..first.start].trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with(['\n', '.', '!', '?', '”', '"', ')', '»', ':'])
    });
    let ends = passages.last().is_none_or(|last| {
        last.of(body).ends_with(['.', '!', '?', '”', '"', '’', ':', ')', '»'])
            || body[last.end..].trim_start_matches([' ', '\t']).starts_with('\n')
            || body[last.end..].trim().is_empty()
    });
    Snippet { parts, more_before: !begins, more_after: !ends }
}

/// Cuts a passage that is too long, around its first hit: at a clause's boundary where one is near, else between words.
fn shorten(body: &str, passage: Span, marks: &[Mark], room: usize) -> Span {
    let text = passage.of(body);
    if text.chars().count() <= room + 40 {
        return passage;
    }
    let first = marks.get(marks.partition_point(|mark| mark.span.start < passage.start)).filter(|mark| mark.span.end <= passage.end);
    let hit = first.map_or(Span::new(passage.start, passage.start), |mark| mark.span);
    let start = if body[passage.start..hit.start].chars().count() > room / 3 {
        start_before(body, passage, hit.start, room / 3)
    } else {
        passage.start
    };
    let end = match body[start..passage.end].char_indices().nth(room) {
        None => passage.end,
        Some((cut, _)) => end_before(body, Span::new(start, passage.end), start + cut, hit.end),
    };
    Span::new(start, end)
}

/// A start at most `room` characters before a hit: behind the last clause boundary within reach, else between words.
fn start_before(body: &str, passage: Span, hit: usize, room: usize) -> usize {
    let lead = &body[passage.start..hit];
    let from = lead.char_indices().rev().nth(room.saturating_sub(1)).map_or(0, |(at, _)| at);
    let reach = &lead[from..];
    let clause = reach.find([',', ';', ':', '–', '—']).map(|at| at + reach[at..].chars().next().map_or(1, char::len_utf8));
    let cut = clause.filter(|at| reach[*at..].starts_with(char::is_whitespace)).or_else(|| reach.find(char::is_whitespace)).unwrap_or(0);
    let start = passage.start + from + cut;
    start + (body[start..hit].len() - body[start..hit].trim_start().len())
}

/// An end at or before `cut`: at the last clause boundary in its last third, else between words; never inside the hit.
fn end_before(body: &str, passage: Span, cut: usize, hit_end: usize) -> usize {
    let shown = &body[passage.start..cut];
    let third = floor(shown, shown.len() * 2 / 3);
    let clause = shown[third..].rfind([',', ';', ':', '–', '—']).map(|at| passage.start + third + at);
    let word = shown.rfind(char::is_whitespace).map(|at| passage.start + at);
    let end = clause.filter(|end| *end >= hit_end).or(word.filter(|end| *end >= hit_end));
    // One word longer than all the room: up to its end.
    let whole = || body[hit_end.max(cut)..passage.end].find(char::is_whitespace).map_or(passage.end, |at| hit_end.max(cut) + at);
    end.unwrap_or_else(whole)
}

/// The largest character boundary that is not beyond `at`.
fn floor(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The words of `span`, cut at the marks; white space folded, since line ends mean nothing in a snippet.
fn split(text: &str, span: Span, marks: &[Mark]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = span.start;
    let mut push = |from: usize, to: usize, hit: bool| {
        if from < to {
            parts.push(Part { text: fold(&text[from..to]), hit });
        }
    };
    let from = marks.partition_point(|mark| mark.span.start < span.start);
    for mark in marks[from..].iter().map(|mark| mark.span).take_while(|mark| mark.end <= span.end) {
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
    use super::super::grammar::{How, read};
    use super::*;

    fn highlighter(typed: &str) -> Highlighter {
        Highlighter::new(read(typed, &How::default()).tree.as_ref())
    }

    fn shown(typed: &str, body: &str, lang: &str) -> String {
        let snippet = highlighter(typed).snippet(body, lang);
        let dots = |more: bool| if more { "…" } else { "" };
        let words: String =
            snippet.parts.iter().map(|part| if part.hit { format!("[{}]", part.text) } else { part.text.clone() }).collect();
        format!("{}{words}{}", dots(snippet.more_before), dots(snippet.more_after))
    }

    #[test]
    fn the_best_sentences_are_shown_with_every_form_marked() {
        let body = "The Alliance met. Its data strategies were agreed by Allies.\n\nThe strategy is public. Mr. Rutte spoke.";
        for (typed, expected) in [
            ("data strategy", "Its [data] [strategies] were agreed by Allies. The [strategy] is public. Mr. Rutte spoke."),
            ("\"strategy is\"", "The [strategy is] public. Mr. Rutte spoke."),
            ("nothing", "The Alliance met. Its data strategies were agreed by Allies. The strategy is public. Mr. Rutte spoke."),
            (
                "alliance public",
                "The [Alliance] met. … The [strategy is] public.".replace("[strategy is] public", "strategy is [public]").as_str(),
            ),
            ("=strategy", "The [strategy] is public. Mr. Rutte spoke."),
            (
                "title:strategy alliance",
                "The [Alliance] met. Its data strategies were agreed by Allies. The strategy is public. Mr. Rutte spoke.",
            ),
            ("data -strategy", "Its [data] strategies were agreed by Allies. The strategy is public. Mr. Rutte spoke."),
        ] {
            assert_eq!(shown(typed, body, "en"), expected, "{typed}");
        }
        assert_eq!(shown("strat*", "Not so. Strategic and strategies", "en"), "[Strategic] and [strategies]");
        assert_eq!(shown("elargissement", "L’élargissement de l’Alliance.", "fr"), "L’[élargissement] de l’Alliance.");
        assert_eq!(shown("C-130", "A C-130 and a C130 and a c 130.", "en"), "A [C-130] and a C130 and a [c 130].");
        assert_eq!(shown("x", "", "en"), "");
    }

    #[test]
    fn titles_show_what_is_looked_for_in_titles() {
        let parts = highlighter("title:strategy alliance").title_parts("A strategy for the Alliance", "en");
        assert_eq!(parts.iter().filter(|part| part.hit).map(|part| part.text.as_str()).collect::<Vec<_>>(), ["strategy", "Alliance"]);
    }

    #[test]
    fn long_sentences_are_cut_at_words_around_the_hit() {
        let body = format!("{} needle {}", "one two three four ".repeat(60), "five six seven ".repeat(60));
        let shown = shown("needle", &body, "en");
        assert!(shown.contains("[needle]") && shown.starts_with('…') && shown.ends_with('…') && shown.len() < 360, "{shown}");
        for word in shown.trim_matches('…').split_whitespace() {
            assert!(["one", "two", "three", "four", "five", "six", "seven", "[needle]"].contains(&word), "{word}");
        }
    }

    #[test]
    fn long_sentences_are_cut_at_clauses_where_they_can_be() {
        let body = format!(
            "{}, but the needle stands here, {} and so on without an end",
            "one two three four ".repeat(20).trim(),
            "five six seven ".repeat(14)
        );
        assert!(shown("needle", &body, "en").starts_with("…but the [needle] stands here"), "{}", shown("needle", &body, "en"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_marked(typed in "\\PC{0,40}", body in "\\PC{0,400}") {
            let highlighter = highlighter(&typed);
            highlighter.snippet(&body, "en");
            highlighter.parts(&body, "fr");
        }

        #[test]
        fn long_texts_can_be_cut(body in "(needle|[a-zé]{1,9}|[.,;]| |\n|—){0,600}") {
            let snippet = highlighter("needle").snippet(&body, "en");
            let words: String = snippet.parts.iter().map(|part| part.text.as_str()).collect();
            assert!(words.chars().count() <= 2 * SNIPPET || !words.contains(' '), "{words}");
        }
    }
}
