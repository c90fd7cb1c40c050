//! Parts of a file (RFC 9110, section 14).

/// What is asked of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    All,
    /// First byte and length; never empty.
    Bytes(u64, u64),
    /// A part that the file does not have.
    Beyond,
}

/// Reads a `Range` for a file of `length` bytes. What is no range of bytes, or several of them, asks for the whole file, as the standard allows.
pub fn part(header: Option<&str>, length: u64) -> Part {
    let Some(range) = header.and_then(|header| header.strip_prefix("bytes=")).map(str::trim) else { return Part::All };
    let number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u64>().unwrap_or(u64::MAX));
    let Some((first, last)) = range.split_once('-') else { return Part::All };
    let (Some(from), Some(to)) = (number(first), number(last)) else { return Part::All };
    match (first.is_empty(), last.is_empty()) {
        (true, true) => Part::All,
        // The last bytes.
        (true, false) if to == 0 || length == 0 => Part::Beyond,
        (true, false) => Part::Bytes(length.saturating_sub(to), to.min(length)),
        (false, false) if from > to => Part::All,
        (false, _) if from >= length => Part::Beyond,
        (false, true) => Part::Bytes(from, length - from),
        (false, false) => Part::Bytes(from, to.min(length - 1) - from + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        for (header, expected) in [
            ("bytes=0-0", Part::Bytes(0, 1)),
            ("bytes=0-", Part::Bytes(0, 100)),
            ("bytes=10-19", Part::Bytes(10, 10)),
            ("bytes=90-1000", Part::Bytes(90, 10)),
            ("bytes=-7", Part::Bytes(93, 7)),
            ("bytes=-1000", Part::Bytes(0, 100)),
            ("bytes=99-99999999999999999999999", Part::Bytes(99, 1)),
            ("bytes=100-", Part::Beyond),
            ("bytes=-0", Part::Beyond),
            ("bytes=99999999999999999999999-", Part::Beyond),
            ("bytes=5-4", Part::All),
            ("bytes=0-1,3-4", Part::All),
            ("bytes=-", Part::All),
            ("bytes=a-b", Part::All),
            ("lines=0-1", Part::All),
            ("", Part::All),
        ] {
            assert_eq!(part(Some(header), 100), expected, "{header}");
        }
        assert_eq!(part(None, 100), Part::All);
        assert_eq!((part(Some("bytes=0-"), 0), part(Some("bytes=-1"), 0)), (Part::Beyond, Part::Beyond));
    }

    proptest::proptest! {
        #[test]
        fn a_part_lies_within_the_file(first in "[0-9]{0,21}", last in "[0-9]{0,21}", length in 0u64..1000) {
            if let Part::Bytes(at, size) = part(Some(&format!("bytes={first}-{last}")), length) {
                assert!(size > 0 && at + size <= length);
            }
        }
    }
}
