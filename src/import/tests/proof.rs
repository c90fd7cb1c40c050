//! The proof itself: whatever is taken out of a document, or counted twice, it must notice.

use super::*;

fn broken(change: impl Fn(&mut ParsedDocument)) -> String {
    let text = "News\n\nOne\n\nJune 24, 16.30\n\nThe topics are:\n\n• a\n  goes on\n• b\n\nTwo\n\nJune 24, 16.00\n\nWords.";
    let mut document = read(text);
    change(&mut document);
    prove_lossless(&document).expect_err("this must not pass")
}

#[test]
fn what_is_lost_or_doubled_is_named() {
    let lost = broken(|document| document.preamble = None);
    assert!(lost.contains("byte 0 (line 1) stands in no release"), "{lost}");
    let lost = broken(|document| document.preamble = Some(Span::new(0, 8)));
    assert!(lost.contains("byte 6 (line 3) stands in more than one release"), "{lost}");
    let lost = broken(|document| {
        document.releases.pop();
    });
    assert!(lost.contains("stands in no release"), "{lost}");
    for change in [
        |release: &mut ParsedRelease| release.title.end -= 1,
        |release: &mut ParsedRelease| release.stamp = None,
        |release: &mut ParsedRelease| release.body.start += 1,
        |release: &mut ParsedRelease| release.body.end += 1,
        |release: &mut ParsedRelease| release.text.push('x'),
        |release: &mut ParsedRelease| release.sha256.clear(),
        |release: &mut ParsedRelease| release.position = 7,
        |release: &mut ParsedRelease| release.at.end -= 1,
        |release: &mut ParsedRelease| release.blocks.clear(),
        |release: &mut ParsedRelease| release.blocks[0].span.end -= 1,
        |release: &mut ParsedRelease| release.blocks.swap(0, 1),
        |release: &mut ParsedRelease| release.blocks[1].items[0].lines.clear(),
        |release: &mut ParsedRelease| release.blocks[1].items.truncate(1),
        |release: &mut ParsedRelease| release.blocks[1].items.clear(),
    ] {
        let lost = broken(|document| change(&mut document.releases[0]));
        assert!(lost.starts_with("a.txt: "), "{lost}");
    }
    assert!(broken(|document| document.sha256.clear()).contains("SHA-256"));
    assert!(broken(|document| document.content.push(b'x')).contains("SHA-256"));
}
