//! Where sentences begin and end.

use crate::model::Span;

/// Sentences: they end at a line's end, or at a full stop, exclamation or question mark (with closing quotes) before white space and a
/// letter that is not small.
pub fn sentences(body: &str) -> Vec<Span> {
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
            let abbreviation = c == '.' && (initials(word) || word.contains('.') || ABBREVIATIONS.contains(&word));
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

/// Words with a full stop of their own that are longer than two letters, or small.
const ABBREVIATIONS: &[&str] = &["Mrs", "Gen", "Adm", "Col", "Maj", "Capt", "Cpt", "Gov", "Sen", "Rep", "vs", "cf", "ca", "al", "pp"];

/// `Mr`, `Dr`, `U`, `St`: one or two letters, the first a capital.
fn initials(word: &str) -> bool {
    word.chars().count() <= 2 && word.starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_they_do() {
        for (text, expected) in [
            ("One. Two! Three?", &["One.", "Two!", "Three?"][..]),
            (
                "Join us. The U.S. Army and Mr. Rutte did so. “Yes.” They left",
                &["Join us.", "The U.S. Army and Mr. Rutte did so.", "“Yes.”", "They left"],
            ),
            ("A heading\nA text, 3.5 percent.\n\n", &["A heading", "A text, 3.5 percent."]),
            ("on 9 June. then", &["on 9 June. then"]),
            ("", &[]),
        ] {
            let found: Vec<&str> = sentences(text).iter().map(|span| span.of(text)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
