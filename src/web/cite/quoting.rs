//! Quotation marks of a title that is itself set between double ones.

/// A title with the marks of its own one level deeper: single ones within those of the style, double ones within these, and so on (Chicago Manual
/// of Style, 17th edition, 13.30; the MLA Handbook says the same). A straight mark opens at the beginning of a word.
pub fn inside_marks(title: &str) -> String {
    let mut open: Vec<Mark> = Vec::new();
    let mut set = String::with_capacity(title.len());
    let mut letters = title.chars().peekable();
    let mut before = ' ';
    while let Some(c) = letters.next() {
        let within = letters.peek().is_some_and(|next| next.is_alphanumeric());
        let opens = before.is_whitespace() || "([{“‘\"-–—/".contains(before);
        let mark = match c {
            '“' if open.last() == Some(&Mark::Low) => Some((Mark::Low, false)),
            '“' => Some((Mark::Double, true)),
            '„' => Some((Mark::Low, true)),
            '"' => Some((Mark::Double, opens)),
            '”' => Some((Mark::Double, false)),
            '‘' => Some((Mark::Single, true)),
            // Any other is an apostrophe.
            '’' if open.last() == Some(&Mark::Single) && !within => Some((Mark::Single, false)),
            _ => None,
        };
        before = c;
        set.push(match mark {
            None => c,
            Some((mark, true)) => {
                open.push(mark);
                mark.opening(open.len())
            }
            Some((mark, false)) => {
                let depth = open.len();
                open.pop();
                mark.closing(depth)
            }
        });
    }
    set
}

/// What a title of the publisher's opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Double,
    Single,
    /// As in German: „…“.
    Low,
}

impl Mark {
    /// The mark that opens the first, second, … level within those of the style.
    const fn opening(self, depth: usize) -> char {
        match (self, depth % 2 == 1) {
            (Self::Low, true) => '‚',
            (Self::Low, false) => '„',
            (_, true) => '‘',
            (_, false) => '“',
        }
    }

    /// The mark that closes it; one that nothing opened closes a first level.
    const fn closing(self, depth: usize) -> char {
        match (self, depth % 2 == 1 || depth == 0) {
            (Self::Low, true) => '‘',
            (Self::Low, false) => '“',
            (_, true) => '’',
            (_, false) => '”',
        }
    }
}

/// The marks that close quotations at the end of words, by their length in bytes. The same sign as a closing one is an apostrophe where none is open
/// ("the Allies’").
pub fn closing_marks(words: &str) -> usize {
    let bare = words.trim_end_matches(['”', '"']);
    let quoted = |inner: &str| {
        let inner = inner.rsplit_once('‘')?.1;
        // One within a word is an apostrophe.
        inner.split('’').skip(1).all(|after| after.starts_with(char::is_alphanumeric)).then_some(())
    };
    match bare.strip_suffix('’') {
        Some(inner) if quoted(inner).is_some() => words.len() - inner.trim_end_matches(['”', '"']).len(),
        _ => words.len() - bare.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_one_level_deeper() {
        for (title, set) in [
            ("NATO’s “deep” and ‘shallow’ defence: a \"straight\" quote", "NATO’s ‘deep’ and ‘shallow’ defence: a ‘straight’ quote"),
            ("“one ‘two’ three” done", "‘one “two” three’ done"),
            ("‘one “two” three’ done", "‘one “two” three’ done"),
            ("Search for “\"ships at sea\"” (again)", "Search for ‘“ships at sea”’ (again)"),
            ("„Frieden“ und „Wort“", "‚Frieden‘ und ‚Wort‘"),
            ("“NATO’s aim”", "‘NATO’s aim’"),
            ("the Allies’ “aim”", "the Allies’ ‘aim’"),
            ("ends” here", "ends’ here"),
            ("(\"again\")", "(‘again’)"),
        ] {
            assert_eq!(inside_marks(title), set);
        }
    }

    #[test]
    fn marks_that_close_are_told_from_apostrophes() {
        for (words, marks) in [
            ("Plain", ""),
            ("A ‘quote’", "’"),
            ("A “quote”", "”"),
            ("A ‘“quote”’", "”’"),
            ("A “‘quote’”", "’”"),
            ("NATO’s ‘quote’", "’"),
            ("A ‘NATO’s’", "’"),
            ("the Allies’", ""),
            ("‘NATO’s’ and the Allies’", ""),
        ] {
            assert_eq!(&words[words.len() - closing_marks(words)..], marks, "{words}");
        }
    }
}
