//! Which part of a release a word stands in. The same word says more in a title than in a closing clause.

use crate::model::{Block, BlockKind, ParsedRelease, Span};

/// A part of a release, by how much its words say about the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::describe) enum Zone {
    Title,
    /// The opening: the first paragraphs, up to [`LEAD`] bytes.
    Lead,
    Heading,
    Body,
    Caption,
    /// The last paragraph of a longer text, where standing clauses gather.
    Closing,
    /// What follows a heading such as "Background Information": standing matter, not news.
    Background,
}

/// The opening of a release is at most so long (bytes): a text set as a single paragraph has an opening too.
const LEAD: usize = 600;
/// Paragraphs shorter than this together (bytes) are lines above the opening ("(As delivered)", a byline, an addressee), not yet the opening.
const ABOVE_LEAD: usize = 120;
/// A text of fewer paragraphs has no closing clause.
const CLOSING_FROM: usize = 4;
/// Longer lines than this (bytes) are no headings.
const HEADING: usize = 60;

/// Openings of headings over standing matter, in small letters.
const STANDING: &[&str] =
    &["background", "note to editor", "notes to editor", "contexte", "informations generales", "note aux redac", "pour memoire"];

/// The parts of one release that count, in order of place; furniture and the source line are left out.
pub(in crate::describe) struct Zones {
    parts: Vec<(Span, Zone)>,
    /// The first sentences of the opening.
    first: Option<Span>,
}

impl Zones {
    pub fn of(release: &ParsedRelease) -> Self {
        let made = if release.blocks.is_empty() { paragraphs(&release.text, release.body) } else { Vec::new() };
        let blocks: &[Block] = if made.is_empty() { &release.blocks } else { &made };
        let mut zones = vec![(release.title, Zone::Title)];
        let mut standing = false;
        for block in blocks.iter().filter(|block| !block.is_furniture()) {
            if heads_standing(block, &release.text) {
                standing = true;
            } else if block.kind == BlockKind::Heading {
                standing = false;
            }
            zones.push((block.span, plain_zone(block, standing)));
        }
        zones.retain(|(span, _)| !span.is_empty() && !release.source_line.is_some_and(|line| span.overlaps(line)));
        mark_closing(&mut zones);
        let mut zones = mark_lead(zones);
        zones.sort_by_key(|(span, _)| *span);
        let opening = zones.iter().find(|(_, zone)| *zone == Zone::Lead).map(|(span, _)| *span);
        Self { first: opening.map(|span| first_sentences(span, &release.text)), parts: zones }
    }

    /// Whether a byte stands in the first sentences of the opening, where a text says what it is about.
    pub fn opens(&self, offset: usize) -> bool {
        self.first.is_some_and(|span| span.contains(offset))
    }

    /// The part in which a byte of the text stands; none for furniture.
    pub fn at(&self, offset: usize) -> Option<Zone> {
        let next = self.parts.partition_point(|(span, _)| span.start <= offset);
        // Parts of a well-formed release do not overlap; the nearest that starts before is the only one that can hold the byte.
        self.parts.get(next.checked_sub(1)?).filter(|(span, _)| span.contains(offset)).map(|(_, zone)| *zone)
    }
}

/// The first two sentences of `span`; a sentence ends with a full stop between two words.
fn first_sentences(span: Span, text: &str) -> Span {
    let words = span.of(text);
    let mut ends = words.match_indices(". ").filter(|(at, _)| words[..*at].chars().rev().take(3).all(char::is_alphanumeric));
    Span::new(span.start, ends.nth(1).map_or(span.end, |(at, _)| span.start + at))
}

fn plain_zone(block: &Block, standing: bool) -> Zone {
    match block.kind {
        _ if standing => Zone::Background,
        BlockKind::Caption => Zone::Caption,
        BlockKind::Heading => Zone::Heading,
        _ => Zone::Body,
    }
}

fn heads_standing(block: &Block, text: &str) -> bool {
    let line = block.span.of(text).trim();
    let starts = |opening: &&str| {
        let mut folded = crate::model::release::fold_text(line);
        opening.chars().all(|c| folded.next() == Some(c))
    };
    line.len() <= HEADING && !line.ends_with('.') && STANDING.iter().any(starts)
}

/// The first paragraphs become the opening; what goes beyond its length is body.
fn mark_lead(zones: Vec<(Span, Zone)>) -> Vec<(Span, Zone)> {
    let (mut marked, mut taken) = (Vec::with_capacity(zones.len() + 1), 0);
    for (span, zone) in zones {
        if !matches!(zone, Zone::Body | Zone::Closing) || taken >= ABOVE_LEAD {
            marked.push((span, zone));
            continue;
        }
        let cut = span.end.min(span.start + (LEAD - taken));
        taken += cut - span.start;
        marked.push((Span::new(span.start, cut), Zone::Lead));
        if cut < span.end {
            marked.push((Span::new(cut, span.end), zone));
        }
    }
    marked
}

fn mark_closing(zones: &mut [(Span, Zone)]) {
    if zones.iter().filter(|(_, zone)| *zone == Zone::Body).count() < CLOSING_FROM {
        return;
    }
    if let Some((_, zone)) = zones.iter_mut().rev().find(|(_, zone)| *zone == Zone::Body) {
        *zone = Zone::Closing;
    }
}

/// The paragraphs of a body that comes without blocks: parted by blank lines, or by lines where there are none.
fn paragraphs(text: &str, body: Span) -> Vec<Block> {
    let words = body.of(text);
    let blank_lines = words.split('\n').any(|line| line.trim().is_empty());
    let (mut blocks, mut at, mut open): (Vec<Block>, usize, bool) = (Vec::new(), body.start, false);
    for line in words.split_inclusive('\n') {
        let end = at + line.trim_end().len();
        if line.trim().is_empty() {
            open = false;
        } else if let Some(last) = blocks.last_mut().filter(|_| open && blank_lines) {
            last.span.end = end;
        } else {
            blocks.push(Block::new(BlockKind::Paragraph, Span::new(at, end)));
            open = true;
        }
        at += line.len();
    }
    blocks
}
