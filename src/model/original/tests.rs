use proptest::prelude::*;

use super::Original;

fn key(url: &str) -> String {
    Original::of(url).map_or_else(|| "none".to_owned(), |original| original.key)
}

fn lang(url: &str) -> Option<String> {
    Original::of(url).and_then(|original| original.lang)
}

#[test]
fn numbers_of_the_second_site_are_keys() {
    for (url, lang) in [
        ("https://www.nato.int/cps/en/natohq/news_165249.htm", Some("en")),
        ("http://nato.int/cps/fr/natohq/news_165249.htm", Some("fr")),
        ("HTTP://WWW.NATO.INT:80/CPS/RU/NatoLive/News_165249.HTM#top", Some("ru")),
        ("https://www.nato.int./cps/uk/natohq/news_165249.html?", Some("uk")),
        ("https://nato.int:443/cps/us/natohq/news_165249.htm", Some("en")),
        ("https://www.nato.int/cps/en/natohq/news_165249.htm?selectedLocale=fr", Some("fr")),
        ("https://www.nato.int/cps/en/natohq/news_165249.htm?selecteddLocale=fr&mode=pressrelease", Some("fr")),
        ("https://www.nato.int/cps/en/natohq/news_165249.htm?selectedLocale=", Some("en")),
        ("https://www.nato.int/cps/en/natohq/news_165249.htm?utm_source=a&utm_medium=b", Some("en")),
        ("https://www.nato.int/cps/en/SID-4D296EA2-793211A0/natolive/news_165249.htm", Some("en")),
        ("https://www.nato.int//cps/en/natohq/%6Eews_165249.htm/", Some("en")),
        ("nato.int/cps/en/natohq/news_165249.htm", Some("en")),
        ("//www.nato.int/cps/natohq/news_165249.htm", None),
        ("https://web.archive.org/web/20190501000000/https://www.nato.int/cps/en/natohq/news_165249.htm", Some("en")),
        ("https://web.archive.org/web/2019*/nato.int/cps/en/natohq/news_165249.htm", Some("en")),
        ("web.archive.org/web/20190501000000if_/http:/www.nato.int:80/cps/fr/natohq/news_165249.htm?mode=x#y", Some("fr")),
        ("http://webarchive.library.unt.edu/web/20190501000000/http://www.nato.int/cps/en/natohq/news_165249.htm", Some("en")),
        ("https://arquivo.example/wayback/20190501000000id_/http://www.nato.int/cps/en/natohq/news_165249.htm", Some("en")),
        ("https://archive.ph/2019.05.01-120000/https://www.nato.int/cps/en/natohq/news_165249.htm", Some("en")),
        ("https://archive.ph/newest/http://web.archive.org/web/2019/nato.int/cps/en/natohq/news_165249.htm", Some("en")),
    ] {
        let expected = Original { key: "nato:news_165249".into(), lang: lang.map(str::to_owned) };
        assert_eq!(Original::of(url), Some(expected), "{url}");
    }
    // Numbers are counted by section.
    assert_eq!(key("https://www.nato.int/cps/en/natohq/official_texts_17413.htm"), "nato:official_texts_17413");
    assert_ne!(key("https://www.nato.int/cps/en/natohq/opinions_165249.htm"), "nato:news_165249");
}

#[test]
fn press_releases_of_the_first_site_are_keys() {
    for (url, expected, lang) in [
        ("http://www.nato.int/docu/pr/2004/p04-096e.htm", "nato:press-release-2004-096", Some("en")),
        ("http://www.nato.int/docu/pr/2004/p04-096f.html", "nato:press-release-2004-096", Some("fr")),
        ("http://www.nato.int/docu/pr/2004/P04-96E.HTM?selectedLocale=fr", "nato:press-release-2004-096", Some("fr")),
        ("http://www.nato.int/docu/pr/1998/p98-151.htm", "nato:press-release-1998-151", None),
        // Other letters and years that disagree are no known form.
        ("http://www.nato.int/docu/pr/2004/p04-096x.htm", "https://nato.int/docu/pr/2004/p04-096x.htm", None),
        ("http://www.nato.int/docu/pr/2003/p04-096e.htm", "https://nato.int/docu/pr/2003/p04-096e.htm", None),
        ("http://www.nato.int/docu/pr/2004/p04-096e/x.htm", "https://nato.int/docu/pr/2004/p04-096e/x.htm", None),
    ] {
        assert_eq!(Original::of(url), Some(Original { key: expected.into(), lang: lang.map(str::to_owned) }), "{url}");
    }
}

#[test]
fn a_letter_is_a_language_only_where_it_is_certain() {
    assert_eq!(key("https://www.nato.int/archives/docu/d490404e.htm"), key("http://nato.int/archives/docu/D490404F.htm"));
    assert_eq!(lang("https://www.nato.int/archives/docu/d490404f.htm"), Some("fr".into()));
    for (one, other) in [
        ("https://nato.int/docu/speech/2002/s020612e.htm", "https://nato.int/docu/speech/2002/s020612f.htm"),
        ("https://nato.int/docu/update/2002/09-september/e0904a.htm", "https://nato.int/docu/update/2002/09-september/e0904b.htm"),
        ("https://nato.int/docu/comm/49-95/c500518a.htm", "https://nato.int/docu/comm/49-95/c500518b.htm"),
        ("https://nato.int/docu/basictxt/b020528e.htm", "https://nato.int/docu/basictxt/b020528f.htm"),
    ] {
        assert_ne!(key(one), key(other));
        assert_eq!((lang(one), key(one)), (None, one.to_owned()));
    }
    assert_eq!(key("http://www.nato.int/koSovo/press/p990524a.htm"), key("http://www.nato.int/kosovo/press/p990524a.htm"));
}

#[test]
fn the_third_site_names_its_language_first() {
    let slug = "news-and-events/articles/news/2025/06/25/summit-declaration";
    for language in ["en", "fr"] {
        let url = format!("https://www.nato.int/{language}/{slug}/?utm_campaign=x");
        assert_eq!(Original::of(&url), Some(Original { key: format!("https://nato.int/{slug}"), lang: Some(language.into()) }));
    }
    assert_eq!(key("https://www.nato.int/fr"), key("https://nato.int/"));
    // `cv` is a hub of the first site, no language.
    assert_eq!(
        Original::of("https://www.nato.int/cv/is/home2.htm").map(|o| (o.key, o.lang)),
        Some(("https://nato.int/cv/is/home2.htm".into(), None))
    );
}

#[test]
fn hubs_keep_their_questions() {
    let plain = "https://nato.int/cps/natohq/news.htm?keywordquery=Kosovo&query=a";
    assert_eq!(key("http://www.nato.int/cps/en/natolive/news.htm?query=a&keywordquery=Kosovo&mode=x"), plain);
    assert_ne!(key("http://www.nato.int/cps/en/natohq/news.htm?query=b"), key("http://www.nato.int/cps/en/natohq/news.htm?query=c"));
    assert_eq!(lang("http://www.nato.int/cps/fr/natohq/news.htm?query=b"), Some("fr".into()));
}

#[test]
fn other_sites_are_folded_with_care() {
    for (url, expected) in [
        ("http://www.Example.org", "https://example.org/"),
        ("http://www.example.org/News/Item/?b=2&utm_source=x&a=1&#part", "https://example.org/News/Item?a=1&b=2"),
        ("https://user:word@example.org:443/a%2db%c3%a9?fbclid=1", "https://example.org/a-b%C3%A9"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("www.example.org/a", "https://example.org/a"),
        ("example.org/a", "https://example.org/a"),
        ("https://www.com/", "https://www.com/"),
        ("https://web.archive.org/web/20040701000000/http://www.example.org/a?b=1#c", "https://example.org/a?b=1"),
        ("https://web.archive.org/web/", "https://web.archive.org/web"),
        // A subdomain is another site; languages are part of the address; a copy without the fourteen digits is no copy.
        (
            "https://shape.nato.int/news-archive/2019/Slug?selectedLocale=fr",
            "https://shape.nato.int/news-archive/2019/Slug?selectedLocale=fr",
        ),
        ("https://example.org/en/a", "https://example.org/en/a"),
        ("https://example.org/a?lang=fr", "https://example.org/a?lang=fr"),
        ("https://example.org/2004/http://nato.int/", "https://example.org/2004/http://nato.int"),
        ("https://nato.int:8080/cps/en/natohq/news_1.htm", "https://nato.int:8080/cps/en/natohq/news_1.htm"),
    ] {
        assert_eq!(Original::of(url), Some(Original { key: expected.into(), lang: None }), "{url}");
    }
}

#[test]
fn what_names_no_host_stays_as_it_is() {
    for url in ["/opa/pr/slug", "page.htm", "nato:news_165249", "urn:uuid:6e8bc430", "opa/pr/Slug?b=1"] {
        assert_eq!(key(&format!("  {url}\n")), url);
    }
    for url in ["", "  ", "summit", "a b/c", "http://", "https://[", "http://./", "javascript:alert(1)", "mailto:a@example.org", "MailTo:x"]
    {
        assert_eq!(Original::of(url), None, "{url}");
    }
    assert_eq!(Original::of(&format!("https://example.org/{}", "a".repeat(5000))), None);
}

/// Pieces that addresses are made of, so that chance meets the rules.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "http",
        "https",
        ":",
        "/",
        "//",
        ":/",
        "www.",
        "nato.int",
        "NATO.int.",
        "web.archive.org",
        "archive.ph",
        "/web/",
        "20040701120000",
        "2004",
        "id_",
        "*",
        "/cps/",
        "/en/",
        "fr",
        "natohq",
        "natolive",
        "news_12",
        ".htm",
        ".html",
        "/docu/pr/2004/",
        "p04-096",
        "e",
        "f",
        "SID-4D296EA2-793211A0",
        "?",
        "&",
        "=",
        "#",
        "selectedLocale",
        "utm_source",
        "mode",
        "%2e",
        "%2F",
        "%6e",
        "%",
        "..",
        ".",
        ":80",
        ":81",
        "é",
        " ",
        "\\",
        "@",
        "example.org",
        "[",
        "::1]",
        "xn--",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_key_is_its_own_key(url in prop_oneof![pieces(), any::<String>(), "https?://[ -~]{0,40}"]) {
        if let Some(original) = Original::of(&url) {
            prop_assert_eq!(Original::of(&original.key).map(|again| again.key), Some(original.key));
        }
    }

    #[test]
    fn scheme_host_spelling_and_fragment_do_not_matter(
        path in "(/[a-z0-9_-][a-z0-9_.-]{0,9}){0,4}", query in "(\\?[a-z]{1,5}=[a-z0-9]{0,5})?", fragment in "(#[a-z]{0,5})?",
        site in prop::sample::select(vec!["nato.int", "example.org"]),
    ) {
        let plain = Original::of(&format!("https://{site}{path}{query}"));
        prop_assert!(plain.is_some());
        let upper = site.to_uppercase();
        for other in [
            format!("http://{site}{path}{query}{fragment}"),
            format!("HTTPS://WWW.{upper}.:443{path}{query}{fragment}"),
            format!("https://web.archive.org/web/20240701000000/http://{site}{path}{query}"),
        ] {
            prop_assert_eq!(Original::of(&other), plain.clone(), "{}", other);
        }
        if site == "nato.int" {
            prop_assert_eq!(Original::of(&format!("https://{site}{}{query}", path.to_uppercase())), plain);
        }
    }
}
