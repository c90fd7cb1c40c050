//! A body's parts: paragraphs, headings, lists, quotations, captions and contact footers, as ranges of the text.
//!
//! The rules read shape (blank lines, length, final punctuation, markers, indentation) and a small vocabulary of furniture in
//! English and French. Where they doubt, the answer is a paragraph: it shows the words and claims nothing.

mod furniture;
mod line;
mod list;
mod marker;

use super::lines::Lines;
use crate::model::{Block, BlockKind, Span};
use line::BodyLine;

/// How many lines of one body are looked at singly; all that follow are one paragraph. The longest real texts have a few thousand.
const MAX_LINES: usize = 200_000;
/// The longest line, in characters, that can be one of a hard-wrapped paragraph.
const MAX_WRAP: usize = 100;
/// The narrowest width to which anyone wraps a text, in characters.
const MIN_WRAP: usize = 40;
/// From so many headings in a row on, short lines are no headings but short paragraphs: names, countries, a programme.
const CHAIN: usize = 3;

/// The parts of a body, in order. Every character of `body` that is no white space stands in exactly one of them.
///
/// `body` is a range of `text`, without white space at either end; a range that does not fit the text has no parts.
pub fn blocks_of(text: &str, body: Span) -> Vec<Block> {
    let mut lines: Vec<BodyLine> = Vec::new();
    let mut rest = None;
    for line in Lines::new(text, body) {
        if lines.len() == MAX_LINES {
            rest = Some(Block::new(BlockKind::Paragraph, Span::new(line.span.start, body.end)));
            break;
        }
        lines.push(BodyLine::new(text, line));
    }
    let mut blocks = Scan::new(text, body, &lines).blocks();
    settle_headings(text, &mut blocks);
    settle_contacts(&mut blocks);
    blocks.extend(rest);
    blocks
}

/// One walk over the lines of a body.
struct Scan<'a> {
    text: &'a str,
    lines: &'a [BodyLine],
    /// No blank line parts anything in this text: each line is a paragraph.
    solid: bool,
    /// The run of lines without a blank line between that the walk is in.
    run: Run,
    /// The last number of the last list, so that a list can go on below a paragraph.
    last_list: Option<list::Ordinal>,
    blocks: Vec<Block>,
}

/// Consecutive lines between two blank lines.
#[derive(Clone, Copy, Default)]
struct Run {
    start: usize,
    end: usize,
    /// Length of the longest line, in characters.
    width: usize,
    /// All lines are short, and one of them breaks off where its next word would not have fitted: the run is hard-wrapped.
    wrapped: bool,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str, body: Span, lines: &'a [BodyLine]) -> Self {
        let solid = !Lines::new(text, Span::new(0, body.end)).skip(1).any(|line| line.parted);
        Self { text, lines, solid, run: Run::default(), last_list: None, blocks: Vec::new() }
    }

    fn blocks(mut self) -> Vec<Block> {
        let mut at = 0;
        while at < self.lines.len() {
            if at >= self.run.end {
                self.run = self.run_at(at);
            }
            at = self.block_at(at).max(at + 1);
        }
        self.blocks
    }

    /// Adds the block that begins at line `at` and answers with the line after it.
    fn block_at(&mut self, at: usize) -> usize {
        if let Some(found) = list::read(self.text, self.lines, at, self.last_list) {
            self.last_list = found.last;
            self.blocks.push(found.block);
            return found.next;
        }
        let words = self.words(at);
        let (kind, end) = if words.is_caption() {
            (BlockKind::Caption, self.caption_end(at))
        } else if self.is_contact(at, &words) {
            (BlockKind::Contact, self.contact_end(at))
        } else if self.is_heading(at) {
            (BlockKind::Heading, at + 1)
        } else {
            (BlockKind::Paragraph, self.paragraph_end(at))
        };
        let span = self.span(at, end);
        let kind = if kind == BlockKind::Paragraph && line::is_quotation(span.of(self.text)) { BlockKind::Quotation } else { kind };
        let level = if kind == BlockKind::Heading { 2 } else { 0 };
        self.blocks.push(Block { level, ..Block::new(kind, span) });
        end
    }

    fn span(&self, from: usize, end: usize) -> Span {
        match (self.lines.get(from), end.checked_sub(1).and_then(|last| self.lines.get(last))) {
            (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
            _ => Span::new(0, 0),
        }
    }

    fn words(&self, at: usize) -> furniture::Words<'a> {
        furniture::Words::new(self.lines.get(at).map_or("", |line| line.span.of(self.text)))
    }

    fn starts_list(&self, at: usize) -> bool {
        list::starts(self.text, self.lines, at, self.last_list)
    }

    fn run_at(&self, start: usize) -> Run {
        let lines = self.lines.get(start..).unwrap_or_default();
        let end = start + lines.iter().skip(1).position(|line| line.parted).map_or(lines.len(), |length| length + 1);
        let lines = self.lines.get(start..end).unwrap_or_default();
        let width = lines.iter().map(|line| line.chars).max().unwrap_or(0);
        let broken = |pair: &[BodyLine]| matches!(pair, [one, two] if !one.ends_sentence && !fits(one, two, width));
        let wrapped = width <= MAX_WRAP && lines.windows(2).any(broken);
        Run { start, end, width, wrapped }
    }

    /// Further lines of a caption: the site that prints a picture's caption twice prints the second below the first.
    fn caption_end(&self, at: usize) -> usize {
        let more = self.lines.get(at + 1..self.run.end).unwrap_or_default();
        let all_short = more.len() <= 2 && more.iter().all(|line| !line.ends_sentence && line.chars <= MAX_WRAP);
        if all_short && !self.solid { self.run.end } else { at + 1 }
    }

    /// A line that says so, or a line of a short run in which one gives a telephone number or an address.
    fn is_contact(&self, at: usize, words: &furniture::Words<'_>) -> bool {
        words.is_contact() || (at == self.run.start && !self.solid && self.is_address_run(at))
    }

    fn is_address_run(&self, at: usize) -> bool {
        let lines = self.lines.get(at..self.run.end).unwrap_or_default();
        lines.len() <= 10
            && lines.iter().all(|line| line.chars <= MAX_WRAP && !line.ends_sentence)
            && (at..self.run.end).any(|line| self.words(line).is_contact_label())
    }

    /// A contact footer takes the short lines below it along: names, numbers, addresses.
    fn contact_end(&self, at: usize) -> usize {
        if self.solid {
            return at + 1;
        }
        let more = self.lines.get(at + 1..self.run.end).unwrap_or_default();
        at + 1 + more.iter().take_while(|line| line.chars <= 2 * MAX_WRAP).count()
    }

    /// A short line without final punctuation, alone between blank lines or directly above a paragraph.
    fn is_heading(&self, at: usize) -> bool {
        let Some(line) = self.lines.get(at) else { return false };
        if !line.reads_as_heading(self.text) || (self.solid && at == 0) {
            return false;
        }
        let below = self.lines.get(at + 1).filter(|_| at + 1 < self.run.end);
        match below {
            None => at == self.run.start && at + 1 < self.lines.len() && !self.solid,
            Some(_) if self.starts_list(at + 1) => true,
            Some(below) => {
                let ends_well = self.lines.get(self.run.end - 1).is_some_and(|last| last.ends_sentence);
                let paragraph = below.chars > MAX_WRAP || (ends_well && fits(line, below, self.run.width));
                paragraph && !below.starts_lower
            }
        }
    }

    fn paragraph_end(&self, at: usize) -> usize {
        let mut end = at + 1;
        while end < self.run.end && self.joins(end) {
            end += 1;
        }
        end
    }

    /// Whether line `at` goes on with the paragraph of the line above it.
    fn joins(&self, at: usize) -> bool {
        let (Some(above), Some(line)) = (self.lines.get(at - 1), self.lines.get(at)) else { return false };
        if self.solid {
            return false;
        }
        let words = self.words(at);
        if words.is_caption() || words.is_contact() || self.starts_list(at) {
            return false;
        }
        // A clause that plainly goes on is no list of short lines, whatever the lengths say.
        if above.ends_clause && line.starts_lower {
            return true;
        }
        if self.run.width > MAX_WRAP {
            return !above.ends_sentence && line.starts_lower;
        }
        if above.ends_sentence {
            return self.run.wrapped && !fits(above, line, self.run.width);
        }
        !(fits(above, line, self.run.width) && self.is_heading(at))
    }
}

/// Whether the first word of `below` would have fitted at the end of `above`, so that the line break is deliberate. In a run
/// too narrow for any wrapping, every break is.
fn fits(above: &BodyLine, below: &BodyLine, width: usize) -> bool {
    width < MIN_WRAP || above.chars + 1 + below.first_word <= width
}

/// What only the neighbours show: a heading needs something below it, many in a row are none, and one below another is nested.
fn settle_headings(text: &str, blocks: &mut [Block]) {
    let mut at = 0;
    let mut capitals_above = false;
    while at < blocks.len() {
        let chain = blocks.iter().skip(at).take_while(|block| block.kind == BlockKind::Heading).count();
        let ends = at + chain == blocks.len();
        for (place, block) in blocks.iter_mut().skip(at).take(chain).enumerate() {
            let last = place + 1 == chain;
            if (last && ends) || (chain >= CHAIN && !last) {
                *block = Block::new(BlockKind::Paragraph, block.span);
                continue;
            }
            let capitals = line::is_capitals(block.span.of(text));
            let nested = (chain < CHAIN && place > 0) || line::is_subnumbered(block.span.of(text)) || (capitals_above && !capitals);
            block.level = if nested { 3 } else { 2 };
            capitals_above |= capitals;
        }
        at += chain.max(1);
    }
}

/// Short lines between two contact footers belong to them: `Overall Coordination` between `Contact points` and `Tel: …`.
fn settle_contacts(blocks: &mut [Block]) {
    for at in 1..blocks.len().saturating_sub(1) {
        let between = |at: usize| blocks.get(at).is_some_and(|block| block.kind == BlockKind::Contact);
        if between(at - 1) && between(at + 1) && blocks.get(at).is_some_and(|block| block.kind == BlockKind::Heading) {
            let span = blocks[at].span;
            blocks[at] = Block::new(BlockKind::Contact, span);
        }
    }
}
