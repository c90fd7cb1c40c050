//! Feeds in their four forms, invented.

use super::*;
use crate::model::{Basis, DocumentFormat, PublicationDate};

pub(super) fn feed(source: &str) -> ParsedDocument {
    feed_of(source.as_bytes(), Sidecar::default())
}

fn feed_of(bytes: &[u8], sidecar: Sidecar) -> ParsedDocument {
    let document = parse_document("feed.xml", bytes.to_vec(), sidecar).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(document.format, DocumentFormat::Feed);
    for release in &document.releases {
        prove_release(release).unwrap_or_else(|lost| panic!("{lost}"));
        if let Some(stated) = &release.given.published_on {
            assert!(PublicationDate::stated(stated, Basis::Field).is_ok(), "{stated}");
        }
    }
    let held: Vec<(u32, String)> = document.releases.iter().map(|release| (release.position, release.sha256.clone())).collect();
    assert!(prove_document(document.format, "feed.xml", bytes, &document.sidecar, &held).is_ok());
    document
}

const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://example.invalid/rss.dtd">
<?xml-stylesheet href="x.xsl"?>
<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" version='2.0'>
<channel><title>Ministry of Examples</title><link>https://example.org/</link><language>en-us</language>
<atom:link href="https://example.org/feed" rel="self"/><image><title>Logo</title><url>https://example.org/i.png</url></image>
<item><title>NATO&amp;#8217;s plan &amp;amp; more</title><link>https://example.org/plan</link>
<guid isPermaLink="false">urn:item:17</guid><pubDate>Wed, 25 Jun 2025 00:30:00 +0200</pubDate><description>A summary.</description>
<content:encoded><![CDATA[<p>The <b>Council</b> met.</p><ul><li>One</li></ul><script>x()</script>]]></content:encoded>
<media:title>A picture</media:title><media:content url="x"><media:description>Pixels</media:description></media:content>
<author>“a@b.example” (é)</author></item>
<item><title><![CDATA[Only a teaser]]></title><guid>https://example.org/teaser</guid><dc:date>2025-06-24</dc:date>
<description>The Council met and […]</description><source url="https://other.example/feed">Other House</source></item>
<item><title>Plain text</title><link>https://example.org/plain</link><guid>https://example.org/plain</guid>
<pubDate>not a date</pubDate><content:encoded>First paragraph of it.

Second paragraph of it.</content:encoded></item>
</channel></rss>"#;

#[test]
fn rss_is_read_item_by_item() {
    let document = feed(RSS);
    assert_eq!(titles(&document), ["NATO’s plan & more", "Only a teaser", "Plain text"]);
    let [one, two, three] = document.releases.as_slice() else { panic!("{:?}", document.refused) };
    assert_eq!(one.body_text(), "The Council met.\n\n• One");
    assert_eq!(one.given.key.as_deref(), Some("urn:item:17"));
    assert_eq!(one.given.url.as_deref(), Some("https://example.org/plan"));
    assert_eq!(one.given.published_on.as_deref(), Some("2025-06-25T00:30:00+02:00"));
    assert_eq!(one.given.lang.as_deref(), Some("en"));
    assert_eq!(one.source.as_deref(), Some("Ministry of Examples"));
    assert_eq!((two.given.key.as_deref(), two.given.url.as_deref()), (None, Some("https://example.org/teaser")));
    assert_eq!(two.given.published_on.as_deref(), Some("2025-06-24"));
    assert_eq!(two.source.as_deref(), Some("Other House"));
    assert_eq!(three.body_text(), "First paragraph of it.\n\nSecond paragraph of it.");
    assert_eq!((three.given.key.as_deref(), three.given.published_on.as_deref()), (None, None));
    assert_eq!(document.releases.iter().map(|release| document.is_teaser(release)).collect::<Vec<_>>(), [false, true, false]);
    for release in &document.releases {
        let item = &RSS[release.at.start..release.at.end];
        assert!(item.starts_with("<item>") && item.ends_with("</item>"), "{item}");
    }
}

#[test]
fn an_owner_knows_the_publisher_best() {
    let sidecar = Sidecar { publisher: Some("NATO".into()), ..Sidecar::default() };
    assert!(feed_of(RSS.as_bytes(), sidecar).releases.iter().all(|release| release.source.is_none()));
}

#[test]
fn older_rss_is_read() {
    let document = feed(
        r#"<rss version="0.91"><channel><title>T</title><item><title>One</title><link>http://x.example/1</link><description>Words.</description></item></channel></rss>"#,
    );
    assert_eq!((titles(&document), document.teasers.len()), (vec!["One".to_owned()], 1));
    let document = feed(
        r#"<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="http://x.example/"><title>Dépêches</title><link>http://x.example/</link><dc:language>fr</dc:language><items><rdf:Seq><rdf:li resource="http://x.example/1"/></rdf:Seq></items></channel>
<item rdf:about="http://x.example/1"><title>Une</title><link>http://x.example/1</link><dc:date>2005-03-01T10:00+01:00</dc:date><content:encoded>&lt;p&gt;Texte &amp;eacute;crit.&lt;/p&gt;</content:encoded></item>
</rdf:RDF>"#,
    );
    let [one] = document.releases.as_slice() else { panic!("{:?}", document.refused) };
    assert_eq!((one.text.as_str(), one.source.as_deref()), ("Une\n\nTexte écrit.", Some("Dépêches")));
    assert_eq!(one.given.published_on.as_deref(), Some("2005-03-01T10:00:00+01:00"));
    assert_eq!((one.given.key.as_deref(), one.given.lang.as_deref()), (None, Some("fr")));
}

#[test]
fn atom_is_read() {
    let document = feed(
        r#"<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://example.org/a/"><title>Le fil</title><id>tag:x</id><updated>2025-01-02T00:00:00Z</updated>
<link rel="self" href="https://example.org/feed"/>
<entry><title type="html">Un &lt;i&gt;titre&lt;/i&gt;</title><id>tag:example.org,2025:1</id><link rel="enclosure" href="https://example.org/x.mp3"/><link href="un"/>
<published>2025-01-02T03:04:05.678+01:00</published><updated>2025-03-01T00:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Un <em>texte</em>.</p><p>Deux.</p></div></content></entry>
<entry><title>Two</title><id>https://example.org/two</id><updated>2025-03-01T00:00:00Z</updated><summary>Words of it.</summary>
<source><title>The first feed</title><id>x</id></source><link href="https://example.org/two"/></entry>
<entry><title>Three</title><id>https://example.org/three</id><content type="image/png">AAAA</content></entry></feed>"#,
    );
    let [one, two, three] = document.releases.as_slice() else { panic!("{:?}", document.refused) };
    assert_eq!((one.text.as_str(), one.given.url.as_deref()), ("Un titre\n\nUn texte.\n\nDeux.", Some("https://example.org/a/un")));
    assert_eq!(one.given.published_on.as_deref(), Some("2025-01-02T03:04:05+01:00"));
    assert_eq!((one.given.key.as_deref(), one.given.lang.as_deref()), (Some("tag:example.org,2025:1"), Some("fr")));
    // When it was touched last is not when it was published.
    assert_eq!((two.given.published_on.as_deref(), two.given.key.as_deref()), (None, None));
    assert_eq!((two.source.as_deref(), document.is_teaser(two)), (Some("The first feed"), true));
    assert_eq!((three.given.url.as_deref(), three.body_text(), document.is_teaser(three)), (Some("https://example.org/three"), "", true));
}

#[test]
fn json_feed_is_read() {
    let source = r#"{"version": "https:\/\/jsonfeed.org/version/1.1", "title": "A house", "language": "en-GB", "authors": [{"name": "“a@b.example”"}],
 "items": [
  {"id": 7, "url": "https://example.org/7", "title": "Seven", "content_html": "<p>One.</p><p>Two.</p>", "date_published": "2025-06-25T10:00:00-04:00", "attachments": "wrong"},
  {"id": "https://example.org/8", "title": "Eight", "content_text": "1 <b> 2", "tags": 3},
  {"id": "9", "url": "https://example.org/9", "title": 4},
  {"id": "10", "url": "https://example.org/10", "title": "Ten", "summary": "A summary"} ] , "next_url": null}"#;
    for source in [source.to_owned(), source.replace('\n', "")] {
        let document = feed(&source);
        assert_eq!(titles(&document), ["Seven", "Eight", "Ten"]);
        let [seven, eight, ten] = document.releases.as_slice() else { panic!() };
        assert_eq!((seven.given.key.as_deref(), seven.given.published_on.as_deref()), (Some("7"), Some("2025-06-25T10:00:00-04:00")));
        assert_eq!(
            (seven.body_text(), seven.source.as_deref(), seven.given.lang.as_deref()),
            ("One.\n\nTwo.", Some("A house"), Some("en"))
        );
        assert_eq!(
            (eight.body_text(), eight.given.key.as_deref(), eight.given.url.as_deref()),
            ("1 <b> 2", None, Some("https://example.org/8"))
        );
        assert_eq!(document.releases.iter().map(|release| document.is_teaser(release)).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(document.refused.len(), 1);
        assert_eq!(document.refused[0].number, 3);
        assert!(source[ten.at.start..ten.at.end].starts_with("{\"id\": \"10\""));
    }
    assert_eq!(
        container("x", b"{\"title\":\"x\",\"body\":\"see \\\"version\\\":\\\"https://jsonfeed.org/version/1\\\"\"}\n"),
        Ok(Container::Ndjson)
    );
}

#[test]
fn feeds_in_older_encodings_know_their_places() {
    let source = "<?xml version='1.0' encoding='iso-8859-1'?><rss version='2.0'><channel><title>É</title><item><title>Été</title><description>À Rome.</description><link>http://x.example/é</link></item></channel></rss>";
    let bytes = encoding_rs::WINDOWS_1252.encode(source).0.into_owned();
    let document = feed_of(&bytes, Sidecar::default());
    let one = &document.releases[0];
    assert_eq!((one.text.as_str(), one.source.as_deref()), ("Été\n\nÀ Rome.", Some("É")));
    assert!(bytes[one.at.start..one.at.end].starts_with(b"<item>") && bytes[one.at.start..one.at.end].ends_with(b"</item>"));
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(source.replace("iso-8859-1", "utf-16").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(feed_of(&wide, Sidecar::default()).releases[0].text, one.text);
}

#[test]
fn a_text_that_was_cut_is_a_teaser() {
    for (body, teaser) in [
        ("<p>Whole text.</p>", false),
        ("<p>Cut text…</p>", true),
        ("<p>Cut text [&#8230;]</p>", true),
        ("<p>Cut text.</p><p><a href=x>Read more →</a></p>", true),
        ("<p>Texte.</p><p>Lire la suite</p>", true),
        ("<p>They promised more.</p>", false),
    ] {
        let source = format!(
            "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>T</title><item><title>X</title><link>http://x.example/</link><content:encoded><![CDATA[{body}]]></content:encoded></item></channel></rss>"
        );
        let document = feed(&source);
        assert_eq!(document.is_teaser(&document.releases[0]), teaser, "{body}");
    }
}
