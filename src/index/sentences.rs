//! Where sentences begin and end.

use crate::model::Span;

/// Sentences: they end at a line's end, or at a full stop, exclamation or question mark (with closing quotes) before white space and a
/// letter that is not small.
pub fn sentences(body: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    // Every character that can end a sentence is one byte, so that the bytes between need no look.
    let mut at = 0;
    while let Some(skip) = body.as_bytes()[at..].iter().position(|byte| matches!(byte, b'\n' | b'.' | b'!' | b'?')) {
        let stop = at + skip;
        at = stop + 1;
        if body.as_bytes()[stop] == b'\n' {
            add(&mut found, body, start, stop);
            start = at;
            continue;
        }
        let closing = body[at..].find(|c| !matches!(c, '”' | '’' | '"' | ')' | '»')).unwrap_or(body.len() - at);
        let end = at + closing;
        let mut rest = body[end..].chars();
        if !rest.next().is_some_and(char::is_whitespace) {
            continue;
        }
        let goes_on = rest.find(|c| !c.is_whitespace()).is_none_or(char::is_lowercase);
        if goes_on || (body.as_bytes()[stop] == b'.' && is_abbreviation(last_word(&body[start..stop]))) {
            continue;
        }
        add(&mut found, body, start, end);
        start = end;
        at = end;
    }
    add(&mut found, body, start, body.len());
    found
}

/// Adds a sentence without the white space around it, if anything is left.
fn add(found: &mut Vec<Span>, body: &str, start: usize, end: usize) {
    let text = &body[start..end];
    let from = start + (text.len() - text.trim_start().len());
    let to = start + text.trim_end().len();
    if to > from {
        found.push(Span::new(from, to));
    }
}

fn last_word(text: &str) -> &str {
    text.rsplit(char::is_whitespace).next().unwrap_or("")
}

fn is_abbreviation(word: &str) -> bool {
    initials(word) || word.contains('.') || ABBREVIATIONS.contains(&word)
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
