use super::*;
use crate::model::DocumentFormat;

fn sources(document: &ParsedDocument) -> Vec<&str> {
    document.releases.iter().filter_map(|release| release.source.as_deref()).collect()
}

#[test]
fn source_lines_in_every_typesetting() {
    for line in [
        "Source: NATO",
        "Source : OTAN",
        "Source\u{a0}: OTAN",
        "Source\u{202f}:\u{a0}OTAN",
        "SOURCE: NATO\u{a0}",
        "  source:NATO",
        "Source: nato.int",
    ] {
        let document = read(&format!("A title\n\n{line}\n\nA body.\n\nAnother title\n\n{line}\n\nMore.\n"));
        assert_eq!(
            (document.format, titles(&document)),
            (DocumentFormat::FeedText, vec!["A title".into(), "Another title".into()]),
            "{line}"
        );
        assert!(matches!(sources(&document)[..], ["NATO" | "OTAN" | "nato.int", _]), "{line}");
    }
    let ministry = read("Visite\n\nSource : Ministère des affaires étrangères et du développement international\n\nLe ministre.\n");
    assert_eq!(sources(&read("A title\n\nSource: Data Protection Authority\n\nA body.")), ["Data Protection Authority"]);
    assert_eq!(sources(&ministry), ["Ministère des affaires étrangères et du développement international"]);
}

#[test]
fn a_sentence_that_begins_with_source_splits_nothing() {
    for inner in [
        "Source: Reuters data show that spending rose by 4 per cent.",
        "Source: Reuters data shows spending rising",
        "Source: Reuters data, 2024",
        "Source : les chiffres montrent une hausse",
        "Source: a senior official",
        "Sources: NATO and the Ministry",
        "Source: Reuters\nThe text goes on below.",
        "He gave his source: NATO",
        "Source:",
        "The report was clear.\n\nSource: Reuters",
    ] {
        let document = read(&format!("Title one\n\nSource: NATO\n\nA body.\n\n{inner}\n\nThe end.\n\nTitle two\n\nSource: NATO\n\nBody."));
        assert_eq!(titles(&document), ["Title one", "Title two"], "{inner}");
        assert!(document.releases[0].body_text().ends_with("The end."), "{inner}");
    }
}

#[test]
fn feeds_with_oddities() {
    // Body lines that look like titles; blank lines that hold no-break spaces; a preamble; a body without words.
    let text = "NATO news\n\u{a0}\nPage 3\n \u{a0}\nFirst\n\u{a0}\nSource: NATO\n\u{202f}\nBackground\n\nWords.\n\nLooks Like A Title\n\nSecond\n\nSource: NATO\n\nThird\n\nSource: NATO\n\nEnd.";
    let document = read(text);
    assert_eq!(titles(&document), ["First", "Second", "Third"]);
    assert_eq!(document.preamble.map(|preamble| preamble.of(text)), Some("NATO news\n\u{a0}\nPage 3"));
    assert_eq!(document.releases[1].body_text(), "");
    assert!(document.releases[0].text.ends_with("Looks Like A Title"));
    // A title that is a sentence, a missing blank line: believed where the name is known from elsewhere.
    let text =
        "First\n\nSource: NATO\n\nWords.\n\nNATO welcomes its newest member.\n\nSource: NATO\n\nWords.\n\nThird\nSource: NATO\nWords.\n";
    assert_eq!(titles(&read(text)), ["First", "NATO welcomes its newest member.", "Third"]);
    // The first of all lines is a title whatever it ends in.
    assert_eq!(titles(&read("They met.\n\nSource: NATO\n\nWords.")), ["They met."]);
    // Two source lines in a row: the second has no title of its own.
    let document = read("First\n\nSource: NATO\n\nSource: OTAN\n\nWords.");
    assert_eq!((titles(&document), sources(&document)), (vec!["First".into()], vec!["NATO"]));
}

#[test]
fn date_lines_in_english_and_french() {
    for (line, month, day, year, hour, minute) in [
        ("June 24, 16.30", 6, 24, None, 16, 30),
        ("24 June, 16.30", 6, 24, None, 16, 30),
        ("June\u{a0}24,\u{a0}16:30", 6, 24, None, 16, 30),
        ("24 juin, 16h30", 6, 24, None, 16, 30),
        ("24 juin 16.30", 6, 24, None, 16, 30),
        ("24 juin à 16 h 30", 6, 24, None, 16, 30),
        ("1er août 2025, 9h", 8, 1, Some(2025), 9, 0),
        ("Tuesday 24 June 2025, 16:30", 6, 24, Some(2025), 16, 30),
        ("mardi 3 février 2026 à 08h05", 2, 3, Some(2026), 8, 5),
        ("Jun. 24, 2025 - 16.30 (CEST)", 6, 24, Some(2025), 16, 30),
        ("February 29, 00.00", 2, 29, None, 0, 0),
        ("24 June, 4.30 pm", 6, 24, None, 16, 30),
        ("24 June 12.05 a.m.", 6, 24, None, 0, 5),
        ("June 24th, 7 p.m.", 6, 24, None, 19, 0),
    ] {
        let document = read(&format!("News\n\nTitle\n\n{line}\n\nBody.\n"));
        assert_eq!((document.format, titles(&document)), (DocumentFormat::LivePage, vec!["Title".into()]), "{line}");
        let stamp = document.releases[0].stamp.expect(line);
        assert_eq!((stamp.month, stamp.day, stamp.year, stamp.hour, stamp.minute), (month, day, year, hour, minute), "{line}");
        assert_eq!(stamp.span.of(&document.releases[0].text), line);
    }
}

#[test]
fn what_is_no_date_line() {
    for line in [
        "June 24",
        "June 24, 2025",
        "June 31, 16.30",
        "February 29, 2025, 10.00",
        "24 June, 24.00",
        "24 June, 16.60",
        "16.30",
        "June 24, 16",
        "On June 24, 16.30 people came",
        "24/06, 16.30",
        "June 24, 16.30 to 17.30",
        "Smarch 24, 16.30",
        "June 24, 16.3",
        "0 June, 16.30",
        "June 24, 13.30 pm",
        "99999999999 June, 16.30",
    ] {
        let document = read(&format!("News\n\nTitle\n\n{line}\n\nBody.\n"));
        assert_eq!(document.format, DocumentFormat::ArticleText, "{line}");
    }
}

#[test]
fn captions_and_headings_stay_with_the_entry_above() {
    let text = "News\n\nOne\n\nJune 24, 16.30\n\nWords.\n\nVideo: the opening\n\nTwo\n\nJune 24, 16.30\n\nNo full stop here\n\nThree\n\nJune 24, 16.30\n\nLast.";
    let document = read(text);
    assert_eq!(titles(&document), ["One", "Two", "Three"]);
    assert!(document.releases[0].text.ends_with("Video: the opening"));
    assert_eq!(document.releases[1].body_text(), "No full stop here");
    // A date line with no title between it and the date line above belongs to the body.
    let document = read("One\n\nJune 24, 16.30\n\nJune 24, 16.00\n\nWords.");
    assert_eq!((titles(&document), document.releases[0].body_text()), (vec!["One".into()], "June 24, 16.00\n\nWords."));
    // Without blank lines a date line counts only near the top.
    assert_eq!(titles(&read("One\n24 June 2025, 16.30\nWords are here.\nMore words.")), ["One"]);
    assert_eq!(read("T\na\nb\nc\nd\ne\nJune 24, 16.30\nf").format, DocumentFormat::ArticleText);
}

#[test]
fn the_first_mark_decides_between_feed_and_live_page() {
    let feed = read("One\n\nSource: NATO\n\nProgramme\n\nJune 24, 16.30\n\nArrival.\n\nDoors\n\nJune 24, 17.30\n\nTalks.");
    assert_eq!((feed.format, feed.releases.len()), (DocumentFormat::FeedText, 1));
    let live = read("News\n\nOne\n\nJune 24, 16.30\n\nA chart\n\nSource: NATO\n\nWords.");
    assert_eq!((live.format, live.releases.len()), (DocumentFormat::LivePage, 1));
}

#[test]
fn articles_with_and_without_blank_lines() {
    for text in ["Title\nStandfirst.\nWords.", "Title\n\nStandfirst.\nWords.\n", "\u{feff}\n\nTitle\r\n\r\nStandfirst.\r\nWords."] {
        let document = read(text);
        assert_eq!((document.format, titles(&document)), (DocumentFormat::ArticleText, vec!["Title".into()]));
        assert!(document.releases[0].body_text().starts_with("Standfirst."));
    }
    // A programme with days is an article, a list of dated items is not.
    assert_eq!(read("Exercise\nWords.\n7 September 2025\nArrival.\n8 September 2025\nTalks.\nEnd.").releases.len(), 1);
}

#[test]
fn a_release_is_the_same_wherever_it_stands() {
    let one = "Title\n\nSource: NATO\n\nWords.";
    let alone = read(one);
    let below = read(&format!("Newer\n\nSource: NATO\n\nNews.\n\n\u{a0}\n\n{one}\n\n \n"));
    assert_eq!(alone.releases[0].sha256, below.releases[1].sha256);
    assert_eq!(alone.releases[0].text, one);
}
