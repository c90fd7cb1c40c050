//! Slugs: the readable, lower-case ASCII part of an address.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest slug in an address, in bytes: long enough to be read, short enough to be pasted.
pub const MAX_SLUG: usize = 80;

/// Words that follow `/releases/{id}/` with a meaning of their own, so that no title may become one of them.
pub const RESERVED: &[&str] = &["history", "versions", "compare", "timegate", "timemap"];

/// Turns words into a slug: letters without accents, digits, single hyphens, cut at a word. Empty where nothing is left,
/// as for a title in a script that ASCII cannot write.
pub fn slugify(words: &str) -> String {
    let mut slug = String::with_capacity(words.len().min(MAX_SLUG + 8));
    let mut cut = None;
    let mut pending_hyphen = false;
    for c in words.nfkd().filter(|c| !is_combining_mark(*c)) {
        let piece = fold_letter(c);
        if piece.is_empty() {
            // An apostrophe joins (`NATO's` is `natos`), anything else parts.
            pending_hyphen |= !matches!(c, '\'' | '’' | '‘' | 'ʼ');
            continue;
        }
        if pending_hyphen && !slug.is_empty() {
            cut = Some(slug.len());
            slug.push('-');
        }
        pending_hyphen = false;
        slug.push_str(&piece);
        if slug.len() > MAX_SLUG {
            slug.truncate(cut.unwrap_or(MAX_SLUG));
            break;
        }
    }
    slug
}

/// The slug of a release's title: never empty, never a reserved word.
pub fn title_slug(title: &str) -> String {
    let slug = slugify(title);
    match slug.as_str() {
        "" => "release".to_owned(),
        reserved if RESERVED.contains(&reserved) => format!("{slug}-release"),
        _ => slug,
    }
}

/// ASCII for one character after compatibility decomposition; empty for what is no letter or digit of the Latin script.
pub(super) fn fold_letter(c: char) -> String {
    match c {
        'a'..='z' | '0'..='9' => c.to_string(),
        'A'..='Z' => c.to_ascii_lowercase().to_string(),
        'ł' | 'Ł' => "l".into(),
        'ø' | 'Ø' => "o".into(),
        'đ' | 'Đ' | 'ð' | 'Ð' => "d".into(),
        'ß' | 'ẞ' => "ss".into(),
        'æ' | 'Æ' => "ae".into(),
        'œ' | 'Œ' => "oe".into(),
        'þ' | 'Þ' => "th".into(),
        'ı' => "i".into(),
        'ħ' | 'Ħ' => "h".into(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_words() {
        for (words, slug) in [
            ("NATO’s 20th Exercise “BULGARIA 2025”", "natos-20th-exercise-bulgaria-2025"),
            ("Türkiye & Łódź: coöperation", "turkiye-lodz-cooperation"),
            ("  —  ", ""),
            ("Élargissement : l’adhésion", "elargissement-ladhesion"),
        ] {
            assert_eq!(slugify(words), slug);
        }
        assert_eq!(title_slug("History"), "history-release");
        assert_eq!(title_slug("Київ"), "release");
        let long = slugify(&"international security ".repeat(20));
        assert!(long.len() <= MAX_SLUG && !long.ends_with('-'), "{long}");
        assert!(slugify(&"x".repeat(500)).len() <= MAX_SLUG);
    }
}
