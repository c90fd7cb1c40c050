use chrono::NaiveDate;

use super::*;
use crate::model::release::Identity;
use crate::model::{Basis, Kind, PublicationDate};

mod searches;
mod titles;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn of(title: &str, date: PublicationDate) -> Reference {
    let id = Identity::by_key("NATO", "x").id(0);
    let slug = crate::model::slug::title_slug(title);
    let permalink = format!("https://archive.example/releases/{id}/{slug}");
    Reference {
        id,
        title: reference::one_line(title),
        publisher: Some("NATO".into()),
        date,
        kind: Kind::PressRelease,
        number: Some("(2025) 042".into()),
        lang: "en".into(),
        release: permalink.clone(),
        permalink,
        original: Some("https://www.nato.int/a_b.htm?x=1&y=%20".into()),
        licence: None,
        current: CitedVersion { number: 2, seen_at: "2025-05-03T14:05:09Z".into(), sha256: "ab".repeat(32) },
        version: None,
        passage: None,
        accessed: day("2026-11-22"),
        archive: "The archive",
        slug,
    }
}

pub(super) fn dated(edtf: &str) -> Reference {
    let date = if edtf.is_empty() { PublicationDate::unknown() } else { PublicationDate::stated(edtf, Basis::Field).expect(edtf) };
    of("Allies meet in Vilnius", date)
}

#[test]
fn styles_say_how_much_of_a_date_is_known() {
    for (edtf, apa, chicago, mla) in [
        ("2025-04-30", "(2025, April 30)", "2025. “", "30 Apr. 2025"),
        ("2025-04-30T16:30:00", "(2025, April 30)", "2025. “", "30 Apr. 2025"),
        ("2025-04", "(2025, April)", "2025. “", "Apr. 2025"),
        ("2025", "(2025)", "2025. “", "2025"),
        ("2025-04-25~", "(ca. April 25, 2025)", "[ca. April 25, 2025]. “", "[ca. 25 April 2025]"),
        ("2025-04-25?", "(April 25, 2025?)", "[April 25, 2025?]. “", "[25 April 2025?]"),
        ("2025-04-25%", "(ca. April 25, 2025?)", "[ca. April 25, 2025?]. “", "[ca. 25 April 2025?]"),
        ("2025?", "(2025?)", "[2025?]. “", "[2025?]"),
        ("2025-04~", "(ca. April 2025)", "[ca. April 2025]. “", "[ca. April 2025]"),
        ("2025-05-05/2025-05-07", "(not before May 7, 2025)", "[not before May 7, 2025]. “", "[not before 7 May 2025]"),
        (
            "[2024-09-25..2025-04-30]",
            "(between September 25, 2024, and April 30, 2025)",
            "[between September 25, 2024, and April 30, 2025]. “",
            "[between 25 September 2024 and 30 April 2025]",
        ),
        ("[..2025-04-25]", "(not after April 25, 2025)", "[not after April 25, 2025]. “", "[not after 25 April 2025]"),
        ("2025-21", "(2025, Spring)", "Spring 2025. “", "spring 2025"),
        ("2025-24", "(2025, Winter)", "Winter 2025. “", "winter 2025"),
        ("2025-22~", "(ca. summer 2025)", "[ca. summer 2025]. “", "[ca. summer 2025]"),
        ("2025-33", "(first quarter of 2025)", "first quarter of 2025. “", "first quarter of 2025"),
        ("199X", "(between 1990 and 1999)", "[between 1990 and 1999]. “", "[between 1990 and 1999]"),
        ("[2024..2025]", "(between 2024 and 2025)", "[between 2024 and 2025]. “", "[between 2024 and 2025]"),
        ("[..2024]", "(not after 2024)", "[not after 2024]. “", "[not after 2024]"),
        ("XXXX-12-25", "(n.d.)", "n.d. “", "[n.d.]"),
        ("", "(n.d.)", "n.d. “", "[n.d.]"),
    ] {
        let reference = dated(edtf);
        let said = |style: Style| style.set(&reference).plain();
        let address = &reference.permalink;
        let tail = "Press release (2025) 042";
        // Each manual says when a page without a date was read.
        let read = |words: &'static str| if apa == "(n.d.)" { words } else { "" };
        let (retrieved, accessed) = (read("Retrieved November 22, 2026, from "), read(" Accessed 22 Nov. 2026."));
        let read = read("Accessed November 22, 2026. ");
        assert_eq!(said(Style::Apa), format!("NATO. {apa}. Allies meet in Vilnius [{tail}]. The archive. {retrieved}{address}"));
        let day = if chicago.starts_with("2025") && apa.contains("April") {
            apa[1..apa.len() - 1].replace("2025, ", "") + ". "
        } else {
            String::new()
        };
        assert_eq!(said(Style::Chicago), format!("NATO. {chicago}Allies Meet in Vilnius.” {tail}. {day}The archive. {read}{address}."));
        assert_eq!(said(Style::Mla), format!("NATO. “Allies Meet in Vilnius.” The archive, {mla}, {address}.{accessed} {tail}."));
    }
}

#[test]
fn forms_say_how_much_of_a_date_is_known() {
    for (edtf, bib, ris, csl, wikipedia) in [
        (
            "2025-04-30",
            "date = {2025-04-30},\n  year = {2025},\n  month = apr",
            "2025/04/30/",
            "{\"date-parts\":[[2025,4,30]]}",
            "30 April 2025",
        ),
        ("2025-04", "date = {2025-04},\n  year = {2025},\n  month = apr", "2025/04//", "{\"date-parts\":[[2025,4]]}", "April 2025"),
        ("2025", "date = {2025},\n  year = {2025},\n  url", "2025///", "{\"date-parts\":[[2025]]}", "2025"),
        (
            "2025-04-25~",
            "date = {2025-04-25~},\n  year = {{[ca. 25 April 2025]}},\n  url",
            "",
            "{\"circa\":true,\"date-parts\":[[2025,4,25]]}",
            "c. 2025 |orig-date=ca. 25 April 2025",
        ),
        (
            "2025-04-25?",
            "date = {2025-04-25?},\n  year = {{[25 April 2025?]}},\n  url",
            "",
            "{\"literal\":\"[25 April 2025?]\"}",
            "n.d. |orig-date=25 April 2025?",
        ),
        (
            "2025-04%",
            "date = {2025-04%},\n  year = {{[ca. April 2025?]}},\n  url",
            "",
            "{\"literal\":\"[ca. April 2025?]\"}",
            "n.d. |orig-date=ca. April 2025?",
        ),
        (
            "2025-05-05/2025-05-07",
            "date = {2025-05-07/..},\n  year = {{[not before 7 May 2025]}},\n  url",
            "",
            "{\"literal\":\"[not before 7 May 2025]\"}",
            "n.d. |orig-date=not before 7 May 2025",
        ),
        (
            "[2024-09-25..2025-04-30]",
            "date = {2024-09-25/2025-04-30},\n  year = {{[between 25 September 2024 and 30 April 2025]}},\n  url",
            "",
            "{\"circa\":true,\"date-parts\":[[2024,9,25],[2025,4,30]]}",
            "n.d. |orig-date=between 25 September 2024 and 30 April 2025",
        ),
        (
            "202X",
            "date = {202X},\n  year = {{[between 2020 and 2029]}},\n  url",
            "",
            "{\"circa\":true,\"date-parts\":[[2020,1,1],[2029,12,31]]}",
            "n.d. |orig-date=between 2020 and 2029",
        ),
        ("2025-21", "date = {2025-21},\n  year = {2025},\n  url", "2025///Spring", "{\"date-parts\":[[2025]],\"season\":1}", "Spring 2025"),
        (
            "2025-36",
            "date = {2025},\n  year = {2025},\n  url",
            "2025///",
            "{\"literal\":\"fourth quarter of 2025\"}",
            "2025 |orig-date=fourth quarter of 2025",
        ),
        (
            "[2025-04-25..2025-04-30]",
            "date = {2025-04},\n  year = {2025},\n  month = apr",
            "2025/04//",
            "{\"circa\":true,\"date-parts\":[[2025,4,25],[2025,4,30]]}",
            "April 2025 |orig-date=between 25 April 2025 and 30 April 2025",
        ),
        (
            "[..2025-04-25]",
            "date = {../2025-04-25},\n  year = {{[not after 25 April 2025]}},\n  url",
            "",
            "{\"literal\":\"[not after 25 April 2025]\"}",
            "n.d. |orig-date=not after 25 April 2025",
        ),
        ("", "number = {(2025) 042},\n  year = {{[n.d.]}},\n  url", "", "", "n.d."),
    ] {
        let reference = dated(edtf);
        let entry = Format::Bib.record(&reference);
        assert!(entry.contains(bib), "{edtf}: {entry}");
        let record = Format::Ris.record(&reference);
        assert_eq!(record.lines().find_map(|line| line.strip_prefix("DA  - ")).unwrap_or(""), ris, "{edtf}");
        assert_eq!(record.contains("PY  - 2025"), reference.issued().year().is_some(), "{edtf}");
        let item = csl::item(&reference);
        assert_eq!(item.get("issued").map(ToString::to_string).unwrap_or_default(), csl, "{edtf}");
        let template = wikipedia::template(&reference);
        assert!(template.contains(&format!(" |date={wikipedia} |url=")), "{edtf}: {template}");
    }
}

fn titled(title: &str, publisher: Option<&str>, kind: Kind, date: &str) -> Reference {
    Reference { title: title.into(), publisher: publisher.map(str::to_owned), kind, number: None, ..dated(date) }
}

/// The value of a field of a BibTeX entry.
fn bib_field(reference: &Reference, name: &str) -> Option<String> {
    let fields = read_bib(&Format::Bib.record(reference)).expect("an entry");
    fields.into_iter().find_map(|(known, value)| (known == name).then_some(value))
}

#[test]
fn a_kind_that_says_nothing_is_not_printed() {
    for (kind, bib, ris, csl, wikipedia) in [
        (Kind::PressRelease, "{Press release}", Some("Press release"), Some("Press release"), "|publisher=NATO"),
        (Kind::Speech, "{Speech}", Some("Speech"), Some("Speech"), "|type=Speech |publisher=NATO"),
        (Kind::Other, "{Release}", None, None, "|type=none |publisher=NATO"),
    ] {
        let reference = titled("Allies meet", Some("NATO"), kind, "2025");
        assert_eq!(bib_field(&reference, "type").as_deref(), Some(bib));
        let record = Format::Ris.record(&reference);
        assert_eq!(record.lines().find_map(|line| line.strip_prefix("M3  - ")), ris);
        assert_eq!(csl::item(&reference).get("genre").and_then(|genre| genre.as_str()), csl);
        let template = wikipedia::template(&reference);
        assert!(template.starts_with(&format!("{{{{cite press release |title=Allies meet {wikipedia} |date=")), "{template}");
        let printed = csl.is_some();
        for style in Style::ALL {
            assert_eq!(style.set(&reference).plain().contains(kind.label()), printed, "{style:?} {kind:?}");
        }
    }
}

#[test]
fn a_name_with_a_comma_is_not_parted() {
    for (publisher, author) in
        [("NATO", true), ("Ministry of Defence", true), ("Ministry of Foreign Affairs, Trade and Development", false)]
    {
        let record = Format::Ris.record(&titled("Allies meet", Some(publisher), Kind::News, "2025"));
        assert_eq!(record.contains(&format!("AU  - {publisher}\r\n")), author);
        assert!(record.contains(&format!("PB  - {publisher}\r\n")));
    }
}

#[test]
fn bibliographies_print_the_paragraph() {
    let whole = dated("2025");
    let version = Reference { version: Some(whole.current.clone()), ..whole.clone() };
    let said = format!("Version 2, seen on 3 May 2025, SHA-256 {}.", "ab".repeat(32));
    for (reference, note) in [
        (whole.clone(), None),
        (whole.passage(3), Some("Para. 3.".to_owned())),
        (version.clone(), Some(said.clone())),
        (version.passage(3), Some(format!("Para. 3. {said}"))),
    ] {
        assert_eq!(bib_field(&reference, "note"), note);
    }
}

#[test]
fn keys_are_unique_and_stay() {
    let reference = dated("2025-04-30");
    let id = reference.id;
    assert_eq!(reference.key(), format!("allies-meet-vilnius-2025-{id}"));
    assert_eq!(reference.clone().passage(3).key(), format!("allies-meet-vilnius-2025-{id}-p3"));
    for vague in ["202X", "[..2019-12-31]", "[2024-09-25..2025-04-30]", "2025~"] {
        assert_eq!(dated(vague).key(), format!("allies-meet-vilnius-nd-{id}"), "{vague}");
    }
    assert_eq!(of("Київ", PublicationDate::unknown()).key(), format!("release-nd-{id}"));
}

#[test]
fn templates_hold_no_mark_up_of_a_title() {
    for (title, written) in [
        ("A | b = c", "A {{!}} b {{=}} c"),
        ("{{x}} [y] ''z''", "&#123;&#123;x&#125;&#125; &#91;y&#93; '&#39;z'&#39;"),
        ("* <ref>&amp;~~~~", "&#42; &lt;ref&gt;&amp;amp;&#126;&#126;&#126;&#126;"),
        ("NATO’s it's __TOC__", "NATO’s it's _&#95;TOC_&#95;"),
    ] {
        let template = wikipedia::template(&of(title, PublicationDate::unknown()));
        assert!(template.contains(&format!("|title={written} |publisher")), "{template}");
    }
}

/// Reads a BibTeX entry strictly: the key, then each field's value with its braces counted as BibTeX counts them. `None` for what it would refuse.
fn read_bib(entry: &str) -> Option<Vec<(String, String)>> {
    let (head, mut rest) = entry.split_once(",\n")?;
    let mut fields = vec![("key".to_owned(), head.strip_prefix("@techreport{")?.to_owned())];
    while !rest.starts_with('}') {
        let (name, value) = rest.split_once(" = ")?;
        let Some(value) = value.strip_prefix('{') else {
            let (bare, after) = value.split_once(",\n")?;
            fields.push((name.trim().to_owned(), bare.to_owned()));
            rest = after;
            continue;
        };
        let mut depth = 1usize;
        let end = value.char_indices().find(|(_, c)| {
            depth = if *c == '{' {
                depth + 1
            } else if *c == '}' {
                depth - 1
            } else {
                depth
            };
            depth == 0
        })?;
        fields.push((name.trim().to_owned(), value[..end.0].to_owned()));
        rest = value[end.0..].strip_prefix("},\n")?;
    }
    (rest == "}\n").then_some(fields)
}

/// What TeX shows of escaped words.
fn shown(words: &str) -> String {
    [
        ("\\textbackslash{}", "\u{1}"),
        ("\\textbraceleft{}", "\u{2}"),
        ("\\textbraceright{}", "\u{3}"),
        ("\\textasciitilde{}", "~"),
        ("\\textasciicircum{}", "^"),
        ("{}", ""),
        ("\\", ""),
        ("\u{1}", "\\"),
        ("\u{2}", "{"),
        ("\u{3}", "}"),
    ]
    .iter()
    .fold(words.to_owned(), |words, (from, to)| words.replace(from, to))
}

fn holds(title: &str) {
    let reference = of(title, PublicationDate::stated("2025-04-30", Basis::Field).expect("a date"));
    let fields = read_bib(&Format::Bib.record(&reference)).unwrap_or_else(|| panic!("{}", Format::Bib.record(&reference)));
    let value = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    assert!(value("key").bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    let written = value("title").strip_prefix('{').and_then(|title| title.strip_suffix('}')).expect("braces around a title");
    assert_eq!(shown(written), reference.title);
    let record = Format::Ris.record(&reference);
    let lines: Vec<&str> = record.split("\r\n").collect();
    assert!(lines.iter().all(|line| line.is_empty() || (line.get(2..6) == Some("  - ") && !line.contains(['\n', '\r']))), "{record}");
    assert!(record.starts_with("TY  - RPRT\r\n") && record.ends_with("\r\nER  - \r\n"));
    assert!(lines.contains(&format!("TI  - {}", reference.title).as_str()), "{record}");
    let read: serde_json::Value = serde_json::from_str(&Format::Csl.list([&reference, &reference])).expect("JSON");
    assert_eq!(read[1]["title"], reference.title);
    assert!(!wikipedia::template(&reference).contains('\n'));
}

#[test]
fn no_title_is_lost() {
    for title in [
        "“Quotes” \"and\" 'more' ``TeX'' -- --- ?` << >>",
        "{unbalanced }} \\ % & # _ ~ ^ $ @",
        "Київ — 東京 — باريس",
        "e\u{301} combining a\u{308}\u{323}",
        "\u{202e}RTL override\u{200f} and\nnew\r\nlines\u{2028}too",
        "ER  - ",
        "",
        &"long ".repeat(60),
    ] {
        holds(title);
        let reference = of(title, PublicationDate::unknown());
        Style::ALL.iter().for_each(|style| assert!(style.set(&reference).plain().contains(&reference.permalink)));
    }
}

#[test]
fn lists_of_none_are_documents() {
    assert_eq!(Format::ALL.map(|format| format.list([])), ["", "", "[\n\n]\n"]);
}

proptest::proptest! {
    #[test]
    fn any_title_is_read_back(title in "[ -~]{0,60}|\\PC{0,80}") {
        holds(&title);
    }

    #[test]
    fn styles_take_any_title(title in "\\PC{0,40}") {
        let reference = of(&title, PublicationDate::stated("2025", Basis::Field).expect("a date"));
        Style::ALL.iter().for_each(|style| assert!(style.set(&reference).plain().contains(&reference.permalink)));
    }
}
