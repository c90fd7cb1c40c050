//! Searches as sources.

use super::*;

/// A search of the archive.
fn searched(q: &str, filters: &[&str]) -> search::SearchReference {
    search::SearchReference {
        q: q.into(),
        read_as: q.into(),
        notes: Vec::new(),
        filters: filters.iter().map(|filter| (*filter).to_owned()).collect(),
        order: "newest first",
        total: 1080,
        checksum: "cd".repeat(32),
        archive: "The archive",
        archive_id: "an-archive".into(),
        generation: 7,
        day: day("2026-11-22"),
        url: "https://archive.example/search?q=x".into(),
    }
}

#[test]
fn every_form_of_a_search_says_what_narrows_it() {
    for (q, filters, title) in [
        ("", &[][..], "All releases"),
        ("", &["from 2025", "Kind: News"], "All releases (from 2025; Kind: News)"),
        ("ships", &[], "Search for “ships”"),
        ("ships", &["Topic: Ukraine"], "Search for “ships” (Topic: Ukraine)"),
    ] {
        let search = searched(q, filters);
        assert_eq!(search.title(), title);
        assert!(
            search.bib().contains(&format!("title = {{{{{title}}}}}")) && search.bib().contains("note = {Order: newest first. "),
            "{}",
            search.bib()
        );
        assert!(
            search.ris().contains(&format!("TI  - {title}\r\n")) && search.ris().contains("N1  - Order: newest first. "),
            "{}",
            search.ris()
        );
        assert_eq!(search.csl()["title"], title);
        assert_eq!(search.text().matches("newest first").count(), 1, "{}", search.text());
        let begun = format!("The archive, {}{}, newest first: 1,080 releases. ", title[..1].to_lowercase(), &title[1..]);
        assert!(search.text().starts_with(&begun), "{}", search.text());
        let template = wikipedia::search(&search);
        assert!(
            template.starts_with(&format!(
                "{{{{cite web |title={title} |type=Search results, 1,080 releases |website=The archive |date=22 Nov"
            )),
            "{template}"
        );
        let said = |style: Style| style.work(&search.work(title)).plain();
        let (inner, url) = (title.replace('“', "‘").replace('”', "’"), &search.url);
        let stopped = inner.strip_suffix('’').map_or_else(|| format!("{inner}."), |inner| format!("{inner}.’"));
        assert_eq!(said(Style::Apa), format!("The archive. (2026, November 22). {title} [Search results, 1,080 releases]. {url}"));
        assert_eq!(said(Style::Chicago), format!("The archive. 2026. “{stopped}” Search results, 1,080 releases. November 22. {url}."));
        assert_eq!(said(Style::Mla), format!("“{stopped}” The archive, 22 Nov. 2026, {url}. Search results, 1,080 releases."));
    }
}

#[test]
fn an_archive_with_a_comma_in_its_name_is_not_parted() {
    let search = searched("", &[]).ris();
    assert!(search.contains("AU  - The archive\r\n") && search.contains("PB  - The archive\r\n"), "{search}");
    let search = search::SearchReference { archive: "NATO, an archive", ..searched("", &[]) }.ris();
    assert!(!search.contains("AU  - ") && search.contains("PB  - NATO, an archive\r\n"), "{search}");
}
