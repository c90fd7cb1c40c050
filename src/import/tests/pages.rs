//! Pages of institutions, invented in the forms that content systems make.

use super::*;
use crate::describe::{DocumentFacts, Vocabulary, describe};
use crate::model::{Description, DocumentFormat};

/// A page that must be readable, with what its words say.
pub(super) struct Page {
    pub release: ParsedRelease,
    pub description: Description,
}

/// What is asked of a page in most tests.
pub(super) struct Facts {
    pub title: String,
    pub text: String,
    pub number: Option<String>,
    pub edtf: Option<String>,
    pub basis: &'static str,
    pub lang: String,
    pub url: Option<String>,
}

pub(super) fn page(bytes: &[u8], fetched_from: Option<&str>) -> Page {
    let sidecar = Sidecar { url: fetched_from.map(str::to_owned), ..Sidecar::default() };
    let document = parse_document("page.html", bytes.to_vec(), sidecar.clone()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((document.format, document.releases.len()), (DocumentFormat::HtmlPage, 1));
    let held = [(0, document.releases[0].sha256.clone())];
    let proved = prove_document(document.format, "page.html", bytes, &sidecar, &held);
    assert!(proved.as_ref().is_ok_and(|characters| *characters > 0), "{proved:?}");
    let vocabulary = Vocabulary::load(crate::ingest::BUILTIN_TOPICS, crate::ingest::BUILTIN_GAZETTEER).expect("the vocabularies");
    let described = describe(&document.releases, DocumentFacts { format: document.format, sidecar: &sidecar }, &vocabulary);
    Page { release: document.releases[0].clone(), description: described[0].clone() }
}

pub(super) fn facts(bytes: &[u8], fetched_from: Option<&str>) -> Facts {
    let Page { release, description } = page(bytes, fetched_from);
    Facts {
        title: release.title_text(),
        number: description.number,
        edtf: description.published.edtf,
        basis: description.published.basis.token(),
        lang: description.lang,
        url: release.given.url,
        text: release.text,
    }
}

#[test]
fn a_ministry_with_much_around_its_text() {
    let source = r##"<!DOCTYPE html><html lang="fr-FR"><head><meta charset=iso-8859-1><title>Visite du ministre - Ministère des Armées</title>
<meta property="og:site_name" content="Ministère des Armées"><link rel=canonical href="/presse/visite">
<script type="application/ld+json">{"@graph":[{"@type":"WebPage"},{"@type":"NewsArticle","datePublished":"2024-03-12T18:30:00+01:00"}]}</script></head>
<body><a class="skip-link" href="#c">Aller au contenu</a><header role="banner"><h1 class="sr-only">Ministère</h1><form><input name=q></form></header>
<nav><ul><li><a href=/a>Accueil</a><li><a href=/b>Presse</a></ul></nav><div class="breadcrumb"><a href=/>Accueil</a> &gt; Presse</div>
<main id=c><h1>Visite du ministre</h1><div class=meta>Publié : mardi</div>
<article><p class=chapo>Le ministre des Armées a rencontré ses homologues alliés à Bruxelles.</p>
<figure><img src=x alt=y><figcaption>Le ministre à son arrivée (© Armées)</figcaption></figure>
<h2>Un soutien constant</h2><p>La France et ses alliés ont réaffirmé leur soutien. Ils ont signé un accord.</p>
<blockquote><p>Nous tiendrons nos engagements, a dit le ministre.</p></blockquote>
<ul><li>Premier point<ol type=a><li>détail un<li>détail deux</ol></li><li>Second point</li></ul></article>
<aside><h2>À lire aussi</h2></aside><div class="social-share"><a href=#>Partager</a></div></main>
<div id=cookieConsent><p>Ce site utilise des cookies pour vous servir.</p></div><footer>Mentions légales</footer></body></html>"##;
    let bytes = encoding_rs::WINDOWS_1252.encode(source).0.into_owned();
    let Page { release, description } = page(&bytes, Some("https://www.defense.example/presse/visite?x=1"));
    assert_eq!(release.title_text(), "Visite du ministre");
    assert_eq!(
        release.body_text(),
        "Publié : mardi\n\nLe ministre des Armées a rencontré ses homologues alliés à Bruxelles.\n\nLe ministre à son arrivée (© Armées)\n\n\
         Un soutien constant\n\nLa France et ses alliés ont réaffirmé leur soutien. Ils ont signé un accord.\n\n\
         Nous tiendrons nos engagements, a dit le ministre.\n\n• Premier point\n  a. détail un\n  b. détail deux\n• Second point"
    );
    assert!(shape(&release).ends_with("P X H2 P Q L2") || shape(&release).ends_with("C H2 P Q L2"), "{}", shape(&release));
    assert_eq!(release.given.published_on.as_deref(), Some("2024-03-12T18:30:00+01:00"));
    assert_eq!(description.published.sort_on.map(|day| day.to_string()).as_deref(), Some("2024-03-12"));
    assert_eq!((description.lang.as_str(), release.given.url.as_deref()), ("fr", Some("https://www.defense.example/presse/visite")));
    let list = release.blocks.last().expect("a list");
    assert_eq!(list.items[0].children.len(), 2);
    assert_eq!(list.items[0].children[1].lines[0].of(&release.text), "détail deux");
}

#[test]
fn a_government_page_in_its_own_form() {
    let source = r#"<!DOCTYPE html><html lang="en-GB"><head><title>Minister to visit Ruritania - GOV.EXAMPLE</title><meta property="og:site_name" content="GOV.EXAMPLE">
<meta name="dcterms.issued" content="2023-05-04"></head><body><div class="cookie-banner" role="region"><p>Cookies on this site</p></div>
<main role="main"><div class="headings"><span>Press release</span><h1>Minister to visit
 Ruritania</h1></div><dl><dt>From:</dt><dd>Ministry of Examples</dd><dt>Published</dt><dd>4 May 2023</dd></dl>
<div class="govspeak"><p>The minister will see the work of Allied engineers.</p><h3>Notes</h3><ol start="3"><li>One.</li><li value=7>Two.</li></ol>
<pre>line one
  line two</pre><p>A <q>quoted</q> word,<br>on two lines.</p></div>
<div class="related-navigation"><a href=/x>Other</a></div></main></body></html>"#;
    let found = facts(source.as_bytes(), None);
    assert_eq!(found.title, "Minister to visit Ruritania");
    assert!(found.text.contains("\n\nFrom: Ministry of Examples\n\nPublished: 4 May 2023\n\n"), "{}", found.text);
    assert!(found.text.contains("Notes\n\n3. One.\n7. Two.\n\nline one\nline two\n\nA “quoted” word,\non two lines."), "{}", found.text);
    assert_eq!((found.edtf.as_deref(), found.lang.as_str()), (Some("2023-05-04"), "en"), "{}", found.text);
    assert!(!found.text.contains("Other") && !found.text.contains("Cookies"));
}

#[test]
fn tables_keep_rows_and_cells() {
    let source = "<html><head><title>Defence expenditure</title></head><body><article><h1>Defence expenditure</h1><p>Allies spent more in all of these years than before, as the table shows in detail.</p>\
<table><caption>In millions</caption><thead><tr><th>Country<th>2023<th>2024</tr></thead><tr><td>Ruritania<td>1 200<td>1&nbsp;300<tr><td rowspan=2>Graustark<td colspan=2>none<tr><td>7<td>\
</table><p>After.</p></article></body></html>";
    let Page { release, .. } = page(source.as_bytes(), None);
    assert!(
        release.text.contains("In millions\n\nCountry\t2023\t2024\nRuritania\t1 200\t1 300\nGraustark\tnone\t\n\t7\t\n\nAfter."),
        "{}",
        release.text
    );
    let table = release.blocks.iter().find(|block| block.kind == BlockKind::Table).expect("a table");
    assert!(table.rows[0].header && !table.rows[1].header);
    let cells: Vec<Vec<&str>> = table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.of(&release.text)).collect()).collect();
    assert_eq!(cells[2..], [vec!["Graustark", "none", ""], vec!["", "7", ""]]);
    assert_eq!(shape(&release), "P C T4 P");
}

#[test]
fn titles_come_from_the_best_place() {
    let text = "<p>The Council met in Brussels and took several decisions that bear on the work of the coming year.</p>";
    for (head, body, title) in [
        ("<title>A B | Site</title>", "<h1>Own heading</h1>", "Own heading"),
        ("<title>Allies meet in Rome | The Ministry</title>", "", "Allies meet in Rome"),
        ("<title>Statement - on Rome</title>", "", "Statement - on Rome"),
        ("<title>Talks – Site Name</title><meta property=og:site_name content='Site name'>", "", "Talks"),
        ("<title>NATO - Opinion: Speech by the Chair, 07-Dec.-2011</title>", "", "Speech by the Chair"),
        ("<title>OTAN - Actualités: Réunion à Rome, Italie</title>", "", "Réunion à Rome, Italie"),
        ("<title>x</title><meta property='og:title' content='Shared &amp; said'>", "", "Shared & said"),
        ("<title>Press Release (2001)12</title>", "<h3>Real title</h3>", "Real title"),
        ("<title>Press Release (2001)12</title>", "", "Press Release (2001)12"),
    ] {
        let source = format!("<html><head>{head}</head><body>{body}{text}</body></html>");
        assert_eq!(facts(source.as_bytes(), None).title, title, "{head}");
    }
}

#[test]
fn pages_that_are_no_release_are_refused() {
    let item = |day: u8| format!("<li><a href=/{day}>A text of that day</a><p>{day} Jan. 2020</p><p>Teaser of it.</p></li>");
    let list = format!("<html><title>News</title><body><h1>News</h1><ul>{}</ul></body></html>", (1..9).map(item).collect::<String>());
    for (source, words) in [
        (list.as_str(), "list of 8 texts"),
        ("<html><body><script>var x = 'only a program';</script></body></html>", "no title"),
        ("<html><title>Title</title><body><nav>Menu</nav></body></html>", "no text below"),
    ] {
        let error = parse_document("a.html", source.as_bytes().to_vec(), Sidecar::default()).expect_err(words);
        assert!(error.reason.contains(words), "{error}");
    }
}
