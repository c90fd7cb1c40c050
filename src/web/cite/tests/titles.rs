//! Titles and publishers in the styles of manuals.

use super::*;

/// A reference in a style up to the name of the archive, its italics between underscores.
fn beginning(style: Style, reference: &Reference) -> String {
    let piece = |piece: &styles::Piece| if piece.italic { format!("_{}_", piece.text) } else { piece.text.clone() };
    let words: String = style.set(reference).0.iter().map(piece).collect();
    words.split("The archive").next().unwrap_or_default().trim_end_matches(" _").trim_end().to_owned()
}

#[test]
fn no_stop_follows_another() {
    for (title, apa, quoted) in [
        ("Allies agree", "_Allies agree_.", "“Allies Agree.”"),
        ("What is NATO?", "_What is NATO?_", "“What Is NATO?”"),
        ("Allies agree!", "_Allies agree!_", "“Allies Agree!”"),
        ("Allies wait…", "_Allies wait…_", "“Allies Wait…”"),
        ("Allies met in Brussels.", "_Allies met in Brussels._", "“Allies Met in Brussels.”"),
        ("Is this “the end?”", "_Is this “the end?”_", "“Is This ‘the End?’”"),
        ("Is this “the end”?", "_Is this “the end”?_", "“Is This ‘the End’?”"),
        ("He said: “No.”", "_He said: “No.”_", "“He Said: ‘No.’”"),
        ("A quote “here”", "_A quote “here.”_", "“A Quote ‘Here.’”"),
        ("A quote \"here\"", "_A quote \"here.\"_", "“A Quote ‘Here.’”"),
        ("NATO’s ‘quote’", "_NATO’s ‘quote.’_", "“NATO’s ‘Quote.’”"),
        ("‘NATO’s’ and the Allies’", "_‘NATO’s’ and the Allies’_.", "“‘NATO’s’ and the Allies’.”"),
        ("News from the summit:", "_News from the summit_.", "“News from the Summit.”"),
        ("News, –", "_News_.", "“News.”"),
        ("News (when?)", "_News (when?)_.", "“News (When?).”"),
    ] {
        let reference = titled(title, Some("NATO"), Kind::Other, "2025");
        assert_eq!(beginning(Style::Apa, &reference), format!("NATO. (2025). {apa}"));
        assert_eq!(beginning(Style::Chicago, &reference), format!("NATO. 2025. {quoted}"));
        assert_eq!(beginning(Style::Mla, &reference), format!("NATO. {quoted}"));
    }
    for (publisher, written) in [("NATO", "NATO."), ("Who? What!", "Who? What!"), ("Ships Inc.", "Ships Inc.")] {
        let reference = titled("Allies agree", Some(publisher), Kind::News, "2025");
        assert_eq!(beginning(Style::Apa, &reference), format!("{written} (2025). _Allies agree_ [News]."));
        assert_eq!(beginning(Style::Chicago, &reference), format!("{written} 2025. “Allies Agree.” News."));
        assert_eq!(beginning(Style::Mla, &reference), format!("{written} “Allies Agree.”"));
    }
}

#[test]
fn without_a_publisher_the_title_comes_first_with_its_description() {
    for (title, kind, apa, chicago) in [
        ("Nobody signed this", Kind::News, "_Nobody signed this_ [News]. (2025).", "“Nobody Signed This.” 2025. News."),
        ("Nobody signed this?", Kind::Speech, "_Nobody signed this?_ [Speech]. (2025).", "“Nobody Signed This?” 2025. Speech."),
        ("Nobody signed this?", Kind::Other, "_Nobody signed this?_ (2025).", "“Nobody Signed This?” 2025."),
    ] {
        let reference = titled(title, None, kind, "2025");
        assert_eq!(beginning(Style::Apa, &reference), apa);
        assert_eq!(beginning(Style::Chicago, &reference), chicago);
    }
}

#[test]
fn only_english_titles_have_the_capitals_of_headlines() {
    for (lang, written) in
        [("en", "“Le Chef De l’OTAN.”"), ("en-GB", "“Le Chef De l’OTAN.”"), ("fr", "“Le chef de l’OTAN.”"), ("und", "“Le chef de l’OTAN.”")]
    {
        for style in [Style::Chicago, Style::Mla] {
            let reference = Reference { lang: lang.into(), ..of("Le chef de l’OTAN", PublicationDate::unknown()) };
            let said = style.set(&reference).plain();
            assert!(said.contains(written), "{lang}: {said}");
        }
    }
}

#[test]
fn styles_set_marks_inside_marks_as_single_ones() {
    for title in [
        "NATO Emergency Management Exercise “BULGARIA 2025”",
        "NATO Emergency Management Exercise \"BULGARIA 2025\"",
        "“Steadfast Duel” begins",
        "\"Steadfast Duel\" begins (\"again\")",
        "“All of it”",
        "Is this “the end”?",
    ] {
        for style in [Style::Chicago, Style::Mla] {
            let said = style.set(&of(title, PublicationDate::stated("2025", Basis::Field).expect("a date"))).plain();
            let count = |sign: char| said.matches(sign).count();
            let inner = title.matches(['“', '”', '"']).count() / 2;
            assert_eq!([count('“'), count('”'), count('"'), count('‘'), count('’')], [1, 1, 0, inner, inner], "{said}");
        }
    }
}
