//! One release read for dates: each expression with its place in the text, its tense and its cue.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, Weekday};
use regex::Regex;

use crate::model::{Block, BlockKind, Evidence, ParsedRelease, Span, YearFrom};

use super::cues::{adopted, cue, is_goal, with_preposition};
use super::find::{Days, Found, Shape, find};
use super::tense::{Tense, tense_of};
use super::tokens::{Kind, Token, scan};
use super::words::Word;

/// Where in a release a date stands, strongest evidence of publication first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// After "Issued on" (form H5).
    Issued,
    /// A line of its own above the text (forms H1, H2, H8).
    Header,
    /// Opens the text, after a place (form B6).
    Dateline,
    /// In the first two sentences (forms B1 to B5).
    Lead,
    Title,
    Body,
    /// After "Last updated" (forms H4, H7).
    Updated,
}

/// What the words around a date say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    None,
    /// "no later than", "by": the text is older than that day.
    Deadline,
    /// "until": something ends then that begins or has begun before.
    Till,
    /// "since", or an act of law that was adopted then.
    Historic,
}

#[derive(Clone, Debug)]
pub(super) struct Mention {
    pub shape: Shape,
    pub span: Span,
    pub weekday: Option<Weekday>,
    pub deictic: bool,
    pub place: Place,
    pub tense: Tense,
    pub cue: Cue,
    /// Something was adopted or signed then, and the text opens with something else.
    pub looks_back: bool,
    /// Stands in the first sentence of the text.
    pub first_sentence: bool,
    /// First and last day, once the year is known; the whole period for a month or a year.
    pub days: Option<(NaiveDate, NaiveDate)>,
    pub year_from: Option<YearFrom>,
    /// The printed weekday is not the weekday of that day.
    pub weekday_wrong: bool,
}

impl Mention {
    pub fn evidence(&self, text: &str) -> Evidence {
        Evidence::at(text, self.span)
    }

    pub fn has_year(&self) -> bool {
        !matches!(self.shape, Shape::Days(Days { year: None, .. }) | Shape::Weekday(_))
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    pub mentions: Vec<Mention>,
    /// Year of a press release's number, with its words (form H6).
    pub number: Option<(i32, Span)>,
    /// Years in the names of things.
    pub named: Vec<i32>,
    /// The tense of the first sentence.
    pub opening: Option<Tense>,
}

impl Reading {
    /// The first sentence announces something ("will").
    pub fn announces(&self) -> bool {
        self.opening == Some(Tense::Future)
    }
}

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:press release|communiqué de presse|PR/CP|PR|CP|M-[A-Z0-9-]{1,12})\s*\(\s*((?:19|20)?\d{2})\s*\)\s*\d{1,3}").ok()
});
static ISSUED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:Issued\s+on|ISSUED\s+ON|(?m:^)\s*(?i:issued|published on|posted on|released on|publié le|diffusé le|date)\s*:?)\s*$")
        .ok()
});
static UPDATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:(?i:last\s+(?:updated|modified)|(?:dernière\s+)?mis(?:e)?\s+à\s+jour(?:\s+le)?)|Updated)\s*:?\s*(?:on|le)?\s*:?\s*$")
        .ok()
});
static HEADER_REST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^[\s|•·,–—-]*(?:\d{1,2}[:.h]\d{2}\s*(?:am|pm)?\s*(?:\(?(?:UTC|GMT|CES?T)\)?|hours|hrs)?)?[\s|•·–—-]*(?:\d+ min read)?\s*$",
    )
    .ok()
});

fn matches(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// How far into the body "Issued on" is looked for, and how much text may stand before a date in a header or dateline.
const TOP: usize = 1500;
const BEFORE: usize = 120;

/// Reads the title and every block that is not furniture.
pub(super) fn read(release: &ParsedRelease) -> Reading {
    let mut reader = Reader { release, reading: Reading::default(), top: true, sentences: 0, dateline: false };
    reader.number();
    let title = scan(&release.text, release.title, false);
    let whole = [Block::new(BlockKind::Paragraph, release.body)];
    let blocks = if release.blocks.is_empty() { &whole[..] } else { &release.blocks[..] };
    let scanned: Vec<(&Block, Vec<Token>)> = blocks
        .iter()
        .filter(|block| !block.is_furniture() && release.text.get(block.span.start..block.span.end).is_some())
        .map(|block| (block, scan(&release.text, block.span, block.kind == BlockKind::List)))
        .collect();
    let french = is_french(scanned.iter().flat_map(|(_, tokens)| tokens).chain(&title));
    reader.title(&title, french);
    for (block, tokens) in &scanned {
        reader.block(block, tokens, french);
    }
    reader.reading
}

fn is_french<'a>(tokens: impl Iterator<Item = &'a Token>) -> bool {
    let (mut english, mut french) = (0usize, 0usize);
    for token in tokens.take(2000) {
        match token.word() {
            Word::The | Word::Of | Word::On => english += 1,
            Word::Le | Word::De => french += 1,
            _ => {}
        }
    }
    french > english
}

struct Reader<'a> {
    release: &'a ParsedRelease,
    reading: Reading,
    /// Only header lines were read so far.
    top: bool,
    /// Sentences of the lead so far.
    sentences: usize,
    dateline: bool,
}

impl Reader<'_> {
    fn number(&mut self) {
        let body = self.release.body;
        let top = floor(&self.release.text, body.start + TOP.min(body.len()));
        let Some(text) = self.release.text.get(body.start..top) else { return };
        // The pattern is slow, and a figure in brackets rare.
        let bracketed = text.split('(').skip(1).any(|inner| inner.trim_start().starts_with(char::is_numeric));
        let found = NUMBER.as_ref().filter(|_| bracketed).and_then(|regex| regex.captures(text));
        if let Some(found) = found
            && let (Some(all), Some(year)) = (found.get(0), found.get(1).and_then(|year| year.as_str().parse::<i32>().ok()))
        {
            let year = if year >= 100 { year } else { 1900 + year };
            self.reading.number = Some((year, Span::new(body.start + all.start(), body.start + all.end())));
        }
    }

    fn title(&mut self, tokens: &[Token], french: bool) {
        for found in find(tokens) {
            let tense = tense_of(&self.release.text, tokens, &found.tokens, french);
            self.push(tokens, found, Place::Title, tense, false);
        }
    }

    fn block(&mut self, block: &Block, tokens: &[Token], french: bool) {
        let found = find(tokens);
        let places: Vec<Place> = found.iter().map(|hit| self.place(block, tokens, hit)).collect();
        // Sentences that hold nothing but header lines are no part of the lead.
        let header_until =
            places.iter().zip(&found).filter(|(place, _)| is_header(**place)).map(|(_, hit)| hit.tokens.end).max().unwrap_or(0);
        let lead = self.lead(block, tokens, header_until, french);
        for (hit, place) in found.into_iter().zip(places) {
            let sentence = tokens[hit.tokens.start].sentence;
            let in_lead = lead.as_ref().filter(|lead| lead.contains(&sentence));
            let place = if place == Place::Body && in_lead.is_some() { Place::Lead } else { place };
            let first = in_lead.is_some_and(|lead| self.sentences.saturating_sub(lead.len()) + (sentence - lead.start) as usize == 0);
            let tense = tense_of(&self.release.text, tokens, &hit.tokens, french);
            self.push(tokens, hit, place, tense, first);
        }
    }

    /// The sentences of this block that belong to the lead: the first two of the text, headings and header lines not counted.
    fn lead(&mut self, block: &Block, tokens: &[Token], header_until: usize, french: bool) -> Option<std::ops::Range<u32>> {
        let rest = tokens.get(header_until..).unwrap_or(&[]);
        let last = tokens.last()?.sentence;
        let text = block.span.of(&self.release.text).trim();
        let words = rest.iter().filter(|token| matches!(token.kind, Kind::Word(_))).count();
        let number_line = self.reading.number.is_some_and(|(_, span)| block.span.overlaps(span));
        let header_only = header_until > 0 && words < 6 || words == 0 || number_line && block.span.len() < 60;
        let label = text.len() < 40 && !text.ends_with(['.', '!', '?', '”', ':']);
        if header_only || self.top && (label || matches!(UPDATED.as_ref(), Some(regex) if regex.is_match(text))) {
            return None;
        }
        if matches!(block.kind, BlockKind::Heading | BlockKind::Caption | BlockKind::Contact) {
            return None;
        }
        self.top = false;
        if self.sentences >= 2 {
            return None;
        }
        let first =
            rest.iter().find(|token| header_until == 0 || token.sentence > tokens[header_until - 1].sentence).or(rest.first())?.sentence;
        if self.sentences == 0 {
            self.reading.opening = Some(opening(&self.release.text, rest.iter().filter(|token| token.sentence == first), french));
        }
        let end = last.saturating_add(1).min(first + (2 - self.sentences) as u32);
        self.sentences += (end - first) as usize;
        Some(first..end)
    }

    fn place(&mut self, block: &Block, tokens: &[Token], hit: &Found) -> Place {
        let text = &self.release.text;
        let from = ceil(text, block.span.start.max(hit.span.start.saturating_sub(BEFORE)));
        let before = text.get(from..hit.span.start).unwrap_or("");
        let after = text.get(hit.span.end..floor(text, block.span.end.min(hit.span.end + BEFORE))).unwrap_or("");
        if !matches!(hit.shape, Shape::Days(_) | Shape::Month { .. }) {
            return Place::Body;
        }
        if matches(&UPDATED, before) {
            return Place::Updated;
        }
        if hit.span.start < self.release.body.start + TOP && matches(&ISSUED, before) {
            return Place::Issued;
        }
        let line = before.rsplit('\n').next().unwrap_or("");
        let rest = after.split('\n').next().unwrap_or("");
        let whole_line = from == block.span.start || before.contains('\n');
        if self.top && whole_line && header_before(line) && matches(&HEADER_REST, rest) {
            return Place::Header;
        }
        let opens = from == block.span.start && self.sentences == 0 && !self.dateline;
        if opens && dateline(tokens, hit, rest) {
            self.dateline = true;
            return Place::Dateline;
        }
        Place::Body
    }

    /// The date with the words "Issued on" before it.
    fn with_issued(&self, span: Span) -> Span {
        let from = ceil(&self.release.text, span.start.saturating_sub(30).max(self.release.body.start));
        let before = self.release.text.get(from..span.start).unwrap_or("");
        let words = ISSUED.as_ref().and_then(|regex| regex.find(before));
        let start = words.map_or(span.start, |found| from + found.start() + (found.len() - found.as_str().trim_start().len()));
        Span::new(start, span.end)
    }

    fn push(&mut self, tokens: &[Token], found: Found, place: Place, tense: Tense, first_sentence: bool) {
        if let Shape::Named(year) = found.shape {
            if !is_goal(&self.release.text, tokens, found.tokens.start) {
                self.reading.named.push(year);
            }
            return;
        }
        let (cue, attack) = cue(&self.release.text, tokens, &found);
        // "11 September" of the attacks is a name, and no day of this text.
        if attack && matches!(found.shape, Shape::Days(Days { last: (11, 9), year: None, .. })) {
            return;
        }
        let span = match place {
            Place::Issued => self.with_issued(found.span),
            Place::Header => found.span,
            _ => with_preposition(tokens, &found),
        };
        let days = match found.shape {
            Shape::Days(days) => days.year.and_then(|year| days.at(year)),
            Shape::Month { year, month } => month_span(year, month),
            Shape::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31)),
            Shape::Named(_) | Shape::Weekday(_) => None,
        };
        let at = found.tokens.start;
        let Found { shape, weekday, deictic, .. } = found;
        // What will be adopted is no history.
        let cue = if cue == Cue::Historic && matches!(tense, Tense::Future | Tense::Timetable) { Cue::None } else { cue };
        let aside = tense == Tense::Past && cue == Cue::None && place >= Place::Lead && !first_sentence && weekday.is_none() && !deictic;
        let looks_back = aside && adopted(&self.release.text, tokens, at).is_some();
        let year_from = days.map(|_| YearFrom::Printed);
        let weekday_wrong = weekday.zip(days).is_some_and(|(weekday, (_, last))| last.weekday() != weekday);
        self.reading.mentions.push(Mention {
            shape,
            span,
            weekday,
            deictic,
            place,
            tense,
            cue,
            looks_back,
            first_sentence,
            days,
            year_from,
            weekday_wrong,
        });
    }
}

fn is_header(place: Place) -> bool {
    matches!(place, Place::Issued | Place::Header | Place::Updated)
}

fn opening<'a>(text: &str, sentence: impl Iterator<Item = &'a Token>, french: bool) -> Tense {
    let tokens: Vec<Token> = sentence.copied().take(80).collect();
    tense_of(text, &tokens, &(0..0), french)
}

/// What may stand before the date in a header line: signs, `Press Release (2012) 062`, or a label closed by a bar (form H15).
fn header_before(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '|' | '•' | '·' | '-' | '–' | '—'));
    bare.is_empty()
        || line.trim_end().ends_with('|') && line.len() < 50
        || NUMBER.as_ref().is_some_and(|number| number.is_match(bare) && bare.len() < 60)
}

/// Whether the date closes a dateline: only names before it, a dash or the end of the line after it (form B6).
fn dateline(tokens: &[Token], hit: &Found, rest: &str) -> bool {
    let before = &tokens[..hit.tokens.start];
    let names = before.iter().all(|token| match token.kind {
        Kind::Word(Word::Of | Word::The | Word::Le | Word::De | Word::And) => true,
        Kind::Word(Word::On | Word::From | Word::In | Word::Deictic | Word::Will) => false,
        Kind::Word(_) => token.capital,
        Kind::Comma | Kind::Open | Kind::Dot | Kind::Sign | Kind::Slash | Kind::Dash => true,
        _ => false,
    });
    let closed = before
        .iter()
        .rev()
        .find(|token| !matches!(token.word(), Word::Le | Word::The | Word::Weekday { .. }))
        .is_none_or(|token| matches!(token.kind, Kind::Comma | Kind::Open | Kind::Dash));
    let rest = rest.trim_start_matches([')', ']', '.', ',']).trim_start();
    let dash = ['-', '–', '—', '―', ':'].iter().any(|dash| rest.starts_with(*dash));
    before.len() <= 16 && names && closed && (dash || rest.is_empty())
}

pub(super) fn month_span(year: i32, month: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    let last = first.checked_add_months(chrono::Months::new(1))?.pred_opt()?;
    (first.year() == last.year()).then_some((first, last))
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
