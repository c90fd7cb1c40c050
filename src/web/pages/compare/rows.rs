//! A comparison as rows for a reader: what changed, with a passage of what is around it; the rest folded.

use crate::describe::compare::{Change, Comparison, Passage, PassageKind, Piece};
use crate::web::shell::count;

/// Words that fare alike.
pub struct PieceView {
    /// Whether a space stands before the words.
    pub spaced: bool,
    pub words: String,
    /// `same`, `added` or `removed`.
    pub change: &'static str,
}

/// A passage.
pub struct PassageView {
    /// What became of it as a whole; empty where words within it changed, or nothing.
    pub label: &'static str,
    pub class: &'static str,
    pub pieces: Vec<PieceView>,
}

/// What stands below another on the page.
pub enum Row {
    Passage(PassageView),
    /// Passages that say the same, with the words that stand for them.
    Folded(String, Vec<PassageView>),
}

/// An edit that does not matter.
pub enum TrivialView {
    /// How it was and how it is; one of them is empty where a standing line came or went.
    Words { was: String, is: String },
    /// What cannot be shown by words.
    Note(String),
}

impl TrivialView {
    fn of(was: &str, is: &str) -> Self {
        let (was, is) = (was.trim(), is.trim());
        if was == is {
            Self::Note(format!("white space before “{}”", start(is)))
        } else {
            Self::Words { was: was.into(), is: is.into() }
        }
    }
}

/// Enough words to find the place.
fn start(words: &str) -> String {
    match words.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", &words[..cut]),
        None => words.to_owned(),
    }
}

/// Passages that differ, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub changed: u64,
    pub added: u64,
    pub removed: u64,
    /// One that stands elsewhere counts once.
    pub moved: u64,
}

pub struct Rows {
    pub list: Vec<Row>,
    pub trivial: Vec<TrivialView>,
    tally: Tally,
}

/// Passages alike that are shown beside one that differs, so that a reader sees where it stands.
const AROUND: usize = 1;

impl Rows {
    pub fn of(comparison: &Comparison) -> Self {
        let mut rows = Self { list: Vec::new(), trivial: Vec::new(), tally: Tally::default() };
        rows.collect_trivial(&comparison.title);
        let passages = &comparison.passages;
        for run in passages.chunk_by(|a, b| matters(a) == matters(b)) {
            run.iter().for_each(|passage| rows.notice(passage));
            match run.first() {
                Some(first) if matters(first) => rows.list.extend(run.iter().map(|passage| Row::Passage(view(passage)))),
                Some(first) => {
                    let at_start = passages.first().is_some_and(|start| std::ptr::eq(start, first));
                    let at_end = passages.last().zip(run.last()).is_some_and(|(end, last)| std::ptr::eq(end, last));
                    rows.fold(run, if at_start { 0 } else { AROUND }, if at_end { 0 } else { AROUND });
                }
                None => {}
            }
        }
        rows
    }

    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// Counts a passage and picks out what is trivial about it.
    fn notice(&mut self, passage: &Passage) {
        if !matters(passage) {
            return self.trivial_passage(passage);
        }
        match passage.kind {
            PassageKind::Added => self.tally.added += 1,
            PassageKind::Removed => self.tally.removed += 1,
            // It comes twice: where it stood and where it stands.
            PassageKind::Moved => self.tally.moved += u64::from(passage.pieces.iter().any(|piece| piece.change == Change::Added)),
            _ => self.tally.changed += 1,
        }
        self.collect_trivial(&passage.pieces);
    }

    fn trivial_passage(&mut self, passage: &Passage) {
        if passage.kind == PassageKind::Same {
            return;
        }
        if matches!(passage.kind, PassageKind::Trivial) {
            let before = self.trivial.len();
            self.collect_trivial(&passage.pieces);
            if self.trivial.len() == before {
                let words: String = passage.pieces.iter().map(|piece| piece.words.as_str()).collect();
                self.trivial.push(TrivialView::Note(format!("“{}” is divided otherwise into paragraphs", start(words.trim()))));
            }
            return;
        }
        // A standing line: as a whole.
        let words = |without: &Change| -> String {
            passage.pieces.iter().filter(|piece| piece.change != *without).map(|piece| piece.words.as_str()).collect()
        };
        self.trivial.push(TrivialView::of(&words(&Change::Added), &words(&Change::Removed)));
    }

    fn collect_trivial(&mut self, pieces: &[Piece]) {
        self.trivial.extend(pieces.iter().filter_map(|piece| match &piece.change {
            Change::Trivial { was } => Some(TrivialView::of(was, &piece.words)),
            _ => None,
        }));
    }

    /// Shows what stands next to changes, folds what lies between.
    fn fold(&mut self, run: &[Passage], before: usize, after: usize) {
        // One passage is shorter written out than announced.
        if run.len() <= before + after + 1 {
            self.list.extend(run.iter().map(|passage| Row::Passage(view(passage))));
            return;
        }
        let (start, rest) = run.split_at(before);
        let (folded, end) = rest.split_at(rest.len() - after);
        let same = folded.iter().filter(|passage| passage.kind == PassageKind::Same).count() as u64;
        let otherwise = folded.len() as u64 - same;
        let note = match (same, otherwise) {
            (same, 0) => count(same, "passage is the same", "passages are the same"),
            (0, otherwise) => count(otherwise, "passage differs only in its setting", "passages differ only in their setting"),
            (same, otherwise) => format!(
                "{}, {} only in setting",
                count(same, "passage is the same", "passages are the same"),
                count(otherwise, "differs", "differ")
            ),
        };
        self.list.extend(start.iter().map(|passage| Row::Passage(view(passage))));
        self.list.push(Row::Folded(note, folded.iter().map(view).collect()));
        self.list.extend(end.iter().map(|passage| Row::Passage(view(passage))));
    }
}

/// Whether a reader must see it: words of the release itself differ, or stand elsewhere.
fn matters(passage: &Passage) -> bool {
    !passage.furniture && !matches!(passage.kind, PassageKind::Same | PassageKind::Trivial)
}

fn view(passage: &Passage) -> PassageView {
    let now = passage.pieces.iter().any(|piece| piece.change == Change::Added);
    let (label, class) = match passage.kind {
        _ if !matters(passage) => ("", "same"),
        PassageKind::Added => ("Passage added", "added"),
        PassageKind::Removed => ("Passage removed", "removed"),
        PassageKind::Moved if now => ("Passage moved: it stands here now", "moved"),
        PassageKind::Moved => ("Passage moved: it stood here before", "moved"),
        _ => ("", "changed"),
    };
    let mut pieces = pieces(&passage.pieces);
    if class == "same" {
        // A standing line is shown as it is now, or as it was where it is gone.
        if passage.kind != PassageKind::Removed {
            pieces.retain(|piece| piece.change != "removed");
        }
        pieces.iter_mut().for_each(|piece| piece.change = "same");
    }
    PassageView { label, class, pieces }
}

/// Words for a template. What is only set otherwise is shown as it is now.
pub fn pieces(list: &[Piece]) -> Vec<PieceView> {
    let view = |piece: &Piece| PieceView {
        spaced: piece.words.starts_with(' '),
        words: piece.words.trim_start().to_owned(),
        change: match piece.change {
            Change::Same | Change::Trivial { .. } => "same",
            Change::Added => "added",
            Change::Removed => "removed",
        },
    };
    list.iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::describe::compare::{Text, compare};
    use crate::model::Span;

    fn rows(old: &str, new: &str) -> Rows {
        let text = |text| Text { title: "Title", text, body: Span::new(0, text.len()), blocks: &[], published: None };
        Rows::of(&compare(text(old), text(new)))
    }

    fn shape(rows: &Rows) -> String {
        let one = |row: &Row| match row {
            Row::Passage(passage) => passage.class.to_owned(),
            Row::Folded(note, passages) => format!("[{note}: {}]", passages.len()),
        };
        rows.list.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    fn lines(range: std::ops::Range<u32>) -> Vec<String> {
        range.map(|n| format!("Paragraph number {n} speaks of {} matters and of nothing else", n * 7)).collect()
    }

    #[test]
    fn what_is_the_same_is_folded_but_for_its_edges() {
        let old = lines(0..20);
        let mut new = old.clone();
        new[10] = new[10].replace("nothing", "little");
        assert_eq!(
            shape(&rows(&old.join("\n"), &new.join("\n"))),
            "[9 passages are the same: 9] same changed same [8 passages are the same: 8]"
        );
        new[12] = new[12].replace("nothing", "little");
        assert!(shape(&rows(&old.join("\n"), &new.join("\n"))).contains("same changed same changed same ["));
        assert_eq!(shape(&rows(&old.join("\n"), &old.join("\n"))), "[20 passages are the same: 20]");
        assert_eq!(shape(&rows("", "")), "");
    }

    #[test]
    fn trivial_edits_are_picked_out_and_shown_as_they_are_now() {
        let found = rows("The \"Alliance\" met.\nSecond words stand here.", "The “Alliance” met.\nSecond words stand there.");
        assert_eq!(found.tally(), Tally { changed: 1, ..Tally::default() });
        let marks = |edit: &TrivialView| matches!(edit, TrivialView::Words { was, is } if was.contains('"') && is.contains(['“', '”']));
        assert_eq!(found.trivial.iter().filter(|edit| marks(edit)).count(), 2);
        assert_eq!(shape(&found), "same changed");
    }

    #[test]
    fn passages_are_counted_by_what_became_of_them() {
        let old = lines(0..6);
        let mut new = old.clone();
        let moved = new.remove(0);
        new.push(moved);
        new[0] = new[0].replace("nothing", "little");
        new.push("Something quite different stands at the end of it all".into());
        let tally = rows(&old.join("\n"), &new.join("\n")).tally();
        assert_eq!(tally, Tally { changed: 1, added: 1, removed: 0, moved: 1 });
    }
}
