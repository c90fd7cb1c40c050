//! `robots.txt` (RFC 9309): what a site lets programs fetch, and how often.

use std::time::Duration;

/// This program's product token in `robots.txt` (RFC 9309, section 2.2.1).
pub const PRODUCT: &str = "nato-archive";

/// What is read of a `robots.txt`, in bytes (RFC 9309, section 2.5, asks for at least 500 KiB).
pub const MAX_ROBOTS: usize = 500 * 1024;

/// The rules for this program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Robots {
    rules: Vec<Rule>,
    /// `Crawl-delay`, which is no part of the standard but widely written.
    pub delay: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq)]
struct Rule {
    allow: bool,
    /// In the form that [`normal`] gives to paths too.
    pattern: Vec<u8>,
}

impl Robots {
    /// Reads the rules of the groups that name `product`, else of those for everybody (`*`). What is no rule is passed over.
    pub fn parse(bytes: &[u8], product: &str) -> Self {
        let (mut own, mut everybody) = (Self::default(), Self::default());
        let (mut named, mut any, mut found) = (false, false, false);
        let mut heading = false;
        let bytes = bytes.get(..MAX_ROBOTS).unwrap_or(bytes);
        for line in bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).split(|byte| matches!(byte, b'\n' | b'\r')) {
            let line = line.split(|byte| *byte == b'#').next().unwrap_or(line);
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
            let (name, value) = (line[..colon].trim_ascii().to_ascii_lowercase(), line[colon + 1..].trim_ascii());
            if name == b"user-agent" {
                // Lines in a row name one group together.
                (named, any) = if heading { (named, any) } else { (false, false) };
                heading = true;
                any |= value == b"*";
                named |= token(value).eq_ignore_ascii_case(product.as_bytes());
                found |= named;
                continue;
            }
            let allow = match name.as_slice() {
                b"allow" => Some(true),
                b"disallow" => Some(false),
                b"crawl-delay" => None,
                // Site maps and unknown lines stand outside the groups and end no heading.
                _ => continue,
            };
            heading = false;
            for (_, group) in [(named, &mut own), (any, &mut everybody)].into_iter().filter(|(meant, _)| *meant) {
                match allow {
                    None => group.delay = group.delay.or(seconds(value)),
                    // An empty rule matches nothing.
                    Some(allow) if !value.is_empty() => group.rules.push(Rule { allow, pattern: normal(value) }),
                    Some(_) => {}
                }
            }
        }
        if found { own } else { everybody }
    }

    /// Whether a path with its query may be fetched: the longest rule that matches decides, and of two equally long ones the one
    /// that allows. `/robots.txt` itself always may.
    pub fn allows(&self, path: &str) -> bool {
        let path = normal(path.as_bytes());
        let matching = self.rules.iter().filter(|rule| matches(&rule.pattern, &path));
        path == b"/robots.txt" || matching.max_by_key(|rule| (rule.pattern.len(), rule.allow)).is_none_or(|rule| rule.allow)
    }
}

/// The product token at the start of a `User-agent` value: letters, `_` and `-`; some write a version behind it.
fn token(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|byte| !byte.is_ascii_alphabetic() && !matches!(byte, b'_' | b'-')).unwrap_or(value.len());
    &value[..end]
}

fn seconds(value: &[u8]) -> Option<Duration> {
    let seconds: f64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// Octets as they are compared (RFC 9309, section 2.2.2): those outside ASCII and blanks in percent-encoding, those that need none
/// without, hexadecimal digits in capitals.
fn normal(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((first, tail)) = rest.split_first() {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        match escaped {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => out.push(byte),
            Some(byte) => escape(byte, &mut out),
            None if first.is_ascii_graphic() => out.push(*first),
            None => escape(*first, &mut out),
        }
        rest = if escaped.is_some() { tail.get(2..).unwrap_or(&[]) } else { tail };
    }
    out
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("%{byte:02X}").as_bytes());
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Whether a path begins as a pattern says: `*` stands for any octets, `$` at the end for the end of the path. Each piece between
/// stars is sought once from where the last ended, so the time is bounded by the lengths' product, whatever the pattern.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, whole) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split(|byte| *byte == b'*');
    let first = pieces.next().unwrap_or(&[]);
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut pieces: Vec<&[u8]> = pieces.collect();
    let last = if whole { pieces.pop() } else { None };
    for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
        match rest.windows(piece.len()).position(|window| window == piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    match (whole, last) {
        (false, _) => true,
        (true, Some(last)) => rest.ends_with(last),
        (true, None) => rest.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allows(robots: &str, path: &str) -> bool {
        Robots::parse(robots.as_bytes(), PRODUCT).allows(path)
    }

    #[test]
    fn the_longest_rule_decides_and_allow_wins_a_tie() {
        for (rules, path, allowed) in [
            ("", "/any", true),
            ("Disallow:", "/any", true),
            ("Disallow: /", "/any", false),
            ("Disallow: /", "/robots.txt", true),
            ("Disallow: /news\nAllow: /news/public", "/news/public/1", true),
            ("Allow: /news\nDisallow: /news/private", "/news/private/1", false),
            ("Disallow: /page\nAllow: /page", "/page", true),
            ("Disallow: /Page", "/page", true),
            ("disallow : /x", "/x/y", false),
            ("Disallow: /x # all of it", "/x", false),
            ("Disallow: /*.pdf", "/a/b.pdf?x=1", false),
            ("Disallow: /*.pdf$", "/a/b.pdf?x=1", true),
            ("Disallow: /*.pdf$", "/a.pdf/b.pdf", false),
            ("Disallow: /a*b*c", "/a-b-c-d", false),
            ("Disallow: /a*b*c", "/a-c-b", true),
            ("Disallow: /exact$", "/exact", false),
            ("Disallow: /exact$", "/exactly", true),
            ("Disallow: *", "/any", false),
            ("Disallow: /*?session=", "/page?session=1", false),
            ("Disallow: /caf%C3%A9", "/café", false),
            ("Disallow: /café", "/caf%c3%a9", false),
            ("Disallow: /%7Euser", "/~user/x", false),
            ("Disallow: /a%2Fb", "/a/b", true),
        ] {
            assert_eq!(allows(&format!("User-agent: *\n{rules}"), path), allowed, "{rules}: {path}");
        }
    }

    #[test]
    fn a_group_of_ones_own_stands_in_place_of_everybodys() {
        let robots = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-Agent: NATO-Archive/1.0\nDisallow: /a\nCrawl-delay: 2.5\n\
                      Sitemap: https://x.example/map\n\nuser-agent: nato-archive\nDisallow: /b\n";
        for (path, allowed) in [("/a", false), ("/b", false), ("/c", true)] {
            assert_eq!(allows(robots, path), allowed, "{path}");
        }
        assert_eq!(Robots::parse(robots.as_bytes(), PRODUCT).delay, Some(Duration::from_millis(2_500)));
        // A group that says nothing allows everything, and a longer name is another program's.
        assert!(allows("User-agent: *\nDisallow: /\n\nUser-agent: nato-archive\nDisallow:\n", "/x"));
        assert!(!allows("User-agent: *\nDisallow: /\n\nUser-agent: nato-archive-two\nAllow: /\n", "/x"));
        // Rules before any group belong to nobody; a byte-order mark and other line ends are read past.
        assert!(allows("Disallow: /x\n", "/x"));
        assert!(!allows("\u{feff}User-agent: *\rDisallow: /x\r", "/x"));
    }

    #[test]
    fn only_so_much_is_read() {
        let long = format!("User-agent: *\n{}\nDisallow: /x\n", "#".repeat(MAX_ROBOTS));
        assert!(allows(&long, "/x"));
        for delay in ["-1", "NaN", "inf", "1e300", "soon"] {
            assert_eq!(Robots::parse(format!("User-agent: *\nCrawl-delay: {delay}").as_bytes(), PRODUCT).delay, None, "{delay}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>, path: String) {
            Robots::parse(&bytes, PRODUCT).allows(&path);
        }

        #[test]
        fn a_pattern_of_stars_matches_what_it_was_made_of(parts in prop::collection::vec("[a-c]{0,3}", 1..6), fill in "[a-c]{0,3}") {
            let path = format!("/{}", parts.join(&fill));
            let pattern = format!("/{}", parts.join("*"));
            prop_assert!(matches(pattern.as_bytes(), path.as_bytes()));
            prop_assert!(matches([pattern.as_bytes(), b"$"].concat().as_slice(), path.as_bytes()));
        }

        #[test]
        fn normal_forms_stay(path in "[ -~é%]{0,30}") {
            let once = normal(path.as_bytes());
            prop_assert_eq!(normal(&once), once);
        }
    }
}
