//! Characters that are no words: what they are, and text without them.

use std::borrow::Cow;

/// Whether a character steers how its neighbours are shown or is no character to show at all: control characters other than white
/// space, marks and overrides of the direction of writing (Unicode Bidirectional Algorithm, section 2), a byte-order mark.
pub fn is_steering(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A text without them, for places where it stands among words of ours and cannot be set apart by markup.
pub fn without_steering(text: &str) -> Cow<'_, str> {
    if text.contains(is_steering) { text.chars().filter(|c| !is_steering(*c)).collect::<String>().into() } else { text.into() }
}
