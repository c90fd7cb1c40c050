//! Which paragraphs and which words of two versions stand for each other.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::paragraphs::Paragraph;

/// Words times words that are compared one by one: beyond, what lies between the equal ends is replaced whole.
const MAX_WORDS: usize = 100_000_000;

/// Paragraphs times paragraphs that are tried as pairs.
const MAX_PAIRS: usize = 250_000;

/// Words that are looked at while pairs are tried.
const MAX_WORK: usize = 20_000_000;

/// The least part of their words that two paragraphs must share to be versions of each other.
const ALIKE: f64 = 0.4;

/// How many paragraphs may stand for one: one for one, or one that was split in two or three, or was put together from them.
const GROUPS: [(usize, usize); 5] = [(1, 1), (1, 2), (2, 1), (1, 3), (3, 1)];

/// Equal stretches of two sequences.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub old: usize,
    pub new: usize,
    pub len: usize,
}

/// Paragraphs that stand for each other; one side may be empty, then the other is one paragraph.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// Paragraphs on either side that stand for each other.
type Pair = (Range<usize>, Range<usize>);

/// The equal stretches in order, and whether the search was given up between the equal ends.
pub(super) fn equal_runs(old: &[u64], new: &[u64]) -> (Vec<Run>, bool) {
    let start = old.iter().zip(new).take_while(|(was, is)| was == is).count();
    let (rest_old, rest_new) = (old.get(start..).unwrap_or(&[]), new.get(start..).unwrap_or(&[]));
    let end = rest_old.iter().rev().zip(rest_new.iter().rev()).take_while(|(was, is)| was == is).count();
    let inner_old = rest_old.get(..rest_old.len() - end).unwrap_or(&[]);
    let inner_new = rest_new.get(..rest_new.len() - end).unwrap_or(&[]);
    let coarse = inner_old.len().saturating_mul(inner_new.len()) > MAX_WORDS;
    let mut runs = vec![Run { old: 0, new: 0, len: start }];
    if !coarse {
        runs.extend(inner_runs(inner_old, inner_new).map(|run| Run { old: run.old + start, new: run.new + start, ..run }));
    }
    runs.push(Run { old: old.len() - end, new: new.len() - end, len: end });
    runs.retain(|run| run.len > 0);
    (runs, coarse)
}

/// Of several ways to align two sequences one is taken, and it must be the same from both sides: the lesser always comes first.
fn inner_runs(old: &[u64], new: &[u64]) -> impl Iterator<Item = Run> + use<> {
    let turned = old > new;
    let (first, second) = if turned { (new, old) } else { (old, new) };
    let ops = if first.is_empty() { Vec::new() } else { capture_diff_slices(Algorithm::Myers, first, second) };
    ops.into_iter().filter_map(move |op| match op {
        DiffOp::Equal { old_index, new_index, len } if turned => Some(Run { old: new_index, new: old_index, len }),
        DiffOp::Equal { old_index, new_index, len } => Some(Run { old: old_index, new: new_index, len }),
        _ => None,
    })
}

/// All paragraphs in reading order, what was removed before what was added; and whether some were too many to be paired.
pub(super) fn steps(old: &[Paragraph<'_>], new: &[Paragraph<'_>]) -> (Vec<Step>, bool) {
    if flat(old).eq(flat(new)) {
        // Said before paragraphs are matched: one that occurs twice could be matched with the wrong one.
        let whole = divided(old, new).into_iter().map(|(old, new)| Step { old, new });
        return (whole.collect(), false);
    }
    let ids = |paragraphs: &[Paragraph<'_>]| paragraphs.iter().map(|paragraph| paragraph.id).collect::<Vec<_>>();
    let (runs, mut coarse) = equal_runs(&ids(old), &ids(new));
    let mut steps = Vec::new();
    let (mut from_old, mut from_new) = (0, 0);
    let end = Run { old: old.len(), new: new.len(), len: 0 };
    for run in runs.into_iter().chain([end]) {
        coarse |= between(old, new, from_old..run.old, from_new..run.new, &mut steps);
        steps.extend((0..run.len).map(|at| Step { old: run.old + at..run.old + at + 1, new: run.new + at..run.new + at + 1 }));
        (from_old, from_new) = (run.old + run.len, run.new + run.len);
    }
    (steps, coarse)
}

/// The paragraphs between two that are equal. True where they were too many to be paired.
fn between(old: &[Paragraph<'_>], new: &[Paragraph<'_>], was: Range<usize>, is: Range<usize>, steps: &mut Vec<Step>) -> bool {
    let (gap_old, gap_new) = (old.get(was.clone()).unwrap_or(&[]), new.get(is.clone()).unwrap_or(&[]));
    let (pairs, coarse) = if gap_old.is_empty() || gap_new.is_empty() {
        (Vec::new(), false)
    } else if flat(gap_old).eq(flat(gap_new)) {
        (divided(gap_old, gap_new), false)
    } else if flat(gap_old).gt(flat(gap_new)) {
        let (pairs, coarse) = pairs(gap_new, gap_old);
        (pairs.into_iter().map(|(is, was)| (was, is)).collect(), coarse)
    } else {
        pairs(gap_old, gap_new)
    };
    let (mut from_old, mut from_new) = (0, 0);
    for (pair_old, pair_new) in pairs.into_iter().chain([(gap_old.len()..gap_old.len(), gap_new.len()..gap_new.len())]) {
        steps.extend((from_old..pair_old.start).map(|at| Step { old: was.start + at..was.start + at + 1, new: is.start..is.start }));
        steps.extend((from_new..pair_new.start).map(|at| Step { old: was.start..was.start, new: is.start + at..is.start + at + 1 }));
        (from_old, from_new) = (pair_old.end, pair_new.end);
        if !pair_old.is_empty() {
            let moved_on = |range: Range<usize>, by: usize| range.start + by..range.end + by;
            steps.push(Step { old: moved_on(pair_old, was.start), new: moved_on(pair_new, is.start) });
        }
    }
    coarse
}

/// The same words, perhaps divided otherwise into paragraphs: cut wherever both are.
fn divided(old: &[Paragraph<'_>], new: &[Paragraph<'_>]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let (mut start, mut end) = ((0, 0), (0, 0));
    let (mut words_old, mut words_new) = (0, 0);
    while end.0 < old.len() || end.1 < new.len() {
        if words_old <= words_new && end.0 < old.len() {
            words_old += old.get(end.0).map_or(0, |paragraph| paragraph.words.len());
            end.0 += 1;
        } else {
            words_new += new.get(end.1).map_or(0, |paragraph| paragraph.words.len());
            end.1 += 1;
        }
        if words_old == words_new {
            pairs.push((start.0..end.0, start.1..end.1));
            start = end;
        }
    }
    pairs
}

fn flat<'a>(paragraphs: &'a [Paragraph<'_>]) -> impl Iterator<Item = u64> + 'a {
    paragraphs.iter().flat_map(|paragraph| paragraph.words.iter().map(|word| word.id))
}

/// The pairs that have most words in common without crossing each other.
fn pairs(old: &[Paragraph<'_>], new: &[Paragraph<'_>]) -> (Vec<Pair>, bool) {
    let count = |paragraphs: &[Paragraph<'_>]| paragraphs.iter().map(|paragraph| paragraph.words.len()).sum::<usize>();
    let work = new.len().saturating_mul(count(old)).saturating_add(old.len().saturating_mul(count(new)));
    if old.len().saturating_mul(new.len()) > MAX_PAIRS || work > MAX_WORK {
        return (Vec::new(), true);
    }
    // Groups cost some seven times as much as single pairs.
    let groups = if work > MAX_WORK / 8 { GROUPS.get(..1).unwrap_or(&[]) } else { &GROUPS };
    (read_off(&best_steps(&Bags::of(old), &Bags::of(new), groups), old.len(), new.len()), false)
}

/// The best that can be had from two places on, and the step towards it: so many paragraphs of either side.
type Cell = (f64, (usize, usize));

/// A table of all pairs of places, filled from the end.
fn best_steps(old: &Bags, new: &Bags, groups: &[(usize, usize)]) -> Vec<Cell> {
    let (height, width) = (old.len(), new.len() + 1);
    let mut best: Vec<Cell> = vec![(0.0, (0, 0)); (height + 1) * width];
    let value = |best: &[Cell], i: usize, j: usize| best.get(i * width + j).map_or(0.0, |cell| cell.0);
    for i in (0..height).rev() {
        for j in (0..width - 1).rev() {
            let mut cell = (value(&best, i + 1, j), (1, 0));
            let mut offer = |value: f64, step: (usize, usize)| {
                if value > cell.0 {
                    cell = (value, step);
                }
            };
            offer(value(&best, i, j + 1), (0, 1));
            for (a, b) in groups {
                let gain = old.get(i, *a).zip(new.get(j, *b)).map_or(0.0, |(was, is)| gain(was, is));
                if gain > 0.0 {
                    offer(gain + value(&best, i + a, j + b), (*a, *b));
                }
            }
            if let Some(place) = best.get_mut(i * width + j) {
                *place = cell;
            }
        }
    }
    best
}

/// The pairs on the best way through the table.
fn read_off(best: &[Cell], height: usize, width: usize) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < height && j < width {
        let Some((_, (a, b))) = best.get(i * (width + 1) + j).filter(|(_, (a, b))| a + b > 0) else { break };
        if *a > 0 && *b > 0 {
            pairs.push((i..i + a, j..j + b));
        }
        (i, j) = (i + a, j + b);
    }
    pairs
}

/// Sorted words of one, two and three paragraphs in a row.
struct Bags([Vec<Vec<u64>>; 3]);

impl Bags {
    fn of(paragraphs: &[Paragraph<'_>]) -> Self {
        let bag = |group: &[Paragraph<'_>]| {
            let mut words: Vec<u64> = flat(group).collect();
            words.sort_unstable();
            words
        };
        Self(std::array::from_fn(|size| paragraphs.windows(size + 1).map(bag).collect()))
    }

    /// Paragraphs.
    fn len(&self) -> usize {
        let [single, ..] = &self.0;
        single.len()
    }

    fn get(&self, start: usize, size: usize) -> Option<&[u64]> {
        self.0.get(size.checked_sub(1)?)?.get(start).map(Vec::as_slice)
    }
}

/// Words in common, weighted by the part that they are of both; 0 where that is too small a part.
fn gain(old: &[u64], new: &[u64]) -> f64 {
    let all = (old.len() + new.len()) as f64;
    if 2.0 * (old.len().min(new.len()) as f64) < ALIKE * all {
        return 0.0;
    }
    let (mut rest_old, mut rest_new) = (old, new);
    let mut common = 0usize;
    while let (Some((was, after_old)), Some((is, after_new))) = (rest_old.split_first(), rest_new.split_first()) {
        match was.cmp(is) {
            std::cmp::Ordering::Less => rest_old = after_old,
            std::cmp::Ordering::Greater => rest_new = after_new,
            std::cmp::Ordering::Equal => {
                common += 1;
                (rest_old, rest_new) = (after_old, after_new);
            }
        }
    }
    let part = 2.0 * common as f64 / all;
    if part < ALIKE { 0.0 } else { common as f64 * part }
}
