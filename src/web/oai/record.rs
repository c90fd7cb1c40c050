//! A record: its header, and the release in unqualified Dublin Core (`oai_dc`, OAI-PMH 2.0, sections 2.5 and 7).

use super::sets::Sets;
use crate::model::release::fold_spaces;
use crate::model::text::without_steering;
use crate::model::{MentionKind, Precision, ReleaseId, Whole};
use crate::store::Stamped;
use crate::web::urls::Urls;
use crate::web::xml::Xml;

/// Characters of the body that a description begins with.
const DESCRIPTION: usize = 500;

/// The identifiers of an archive's items: `oai:`, a name that is the archive's own, the id of the release (OAI identifier format,
/// <http://www.openarchives.org/OAI/2.0/guidelines-oai-identifier.htm>). The name is made from the identifier that the archive chose once, so that a
/// move to another address makes no record new; `.invalid` is nobody's (RFC 2606), and each of its parts begins with a letter as the format asks.
pub struct Names {
    archive: String,
}

impl Names {
    pub fn new(archive_id: &str) -> Self {
        Self { archive: format!("a{archive_id}.nato-archive.invalid") }
    }

    pub fn archive(&self) -> &str {
        &self.archive
    }

    pub fn of(&self, id: ReleaseId) -> String {
        format!("oai:{}:{id}", self.archive)
    }

    /// The id that an identifier of this archive names.
    pub fn read(&self, identifier: &str) -> Option<ReleaseId> {
        let id = identifier.strip_prefix("oai:")?.strip_prefix(&self.archive)?.strip_prefix(':')?;
        id.parse().ok().filter(|read: &ReleaseId| read.as_str() == id)
    }
}

/// What records are written with.
pub struct Writing<'a> {
    pub names: &'a Names,
    pub sets: &'a Sets,
    pub urls: &'a Urls,
    /// `setSpec` of the set that is listed.
    pub listed: Option<&'a str>,
}

impl Writing<'_> {
    /// Status `deleted` for what is withdrawn, erased or found to be another release; the archive remembers these for ever.
    pub fn header(&self, xml: &mut Xml, stamped: &Stamped, shown: bool) {
        let status: &[(&str, &str)] = if shown { &[] } else { &[("status", "deleted")] };
        xml.element("header", status, |xml| {
            xml.words("identifier", &[], &self.names.of(stamped.id));
            xml.words("datestamp", &[], &stamped.at);
            let mut specs: Vec<&str> = self.sets.specs(&stamped.topics).collect();
            // Of words that were taken out no topics are remembered: every set is told that the release is gone.
            if specs.is_empty() && !shown {
                specs.extend(self.listed);
            }
            for spec in specs {
                xml.words("setSpec", &[], spec);
            }
        });
        xml.line();
    }

    /// A whole record; without `whole` it is one of a release that is gone.
    pub fn record(&self, xml: &mut Xml, stamped: &Stamped, whole: Option<&Whole>) {
        xml.element("record", &[], |xml| {
            self.header(xml, stamped, whole.is_some());
            if let Some(whole) = whole {
                xml.element("metadata", &[], |xml| self.dublin_core(xml, whole));
            }
        });
        xml.line();
    }

    fn dublin_core(&self, xml: &mut Xml, whole: &Whole) {
        let release = &whole.release;
        let item = &release.item;
        xml.element("oai_dc:dc", DUBLIN_CORE, |xml| {
            xml.line();
            let mut element = |name: &str, words: &str| {
                let words = fold_spaces(&without_steering(words));
                if !words.is_empty() {
                    xml.words(name, &[], &words);
                    xml.line();
                }
            };
            element("dc:title", &item.title);
            // Who speaks in a press release is who published it.
            if item.source.is_known() {
                element("dc:creator", &item.source.name);
                element("dc:publisher", &item.source.name);
            }
            for topic in &item.topics {
                element("dc:subject", &topic.label);
            }
            element("dc:description", &beginning(release.body.of(&release.text)));
            if let Some(date) = date(whole) {
                element("dc:date", &date);
            }
            // The first is a term of the DCMI Type Vocabulary.
            element("dc:type", "Text");
            element("dc:type", item.kind.label());
            element("dc:identifier", &self.urls.absolute(&self.urls.item(item)));
            if let Some(number) = &release.number {
                element("dc:identifier", number);
            }
            if let Some(url) = &item.url {
                element("dc:source", url);
            }
            if item.lang != "und" {
                element("dc:language", &item.lang);
            }
            for copy in &whole.history.copies {
                element("dc:relation", copy.url.as_deref().unwrap_or_default());
            }
            for other in &whole.history.translations {
                element("dc:relation", &self.urls.absolute(&self.urls.item(other)));
            }
            for place in release.mentions.iter().filter(|mention| mention.kind == MentionKind::Place) {
                element("dc:coverage", &place.name);
            }
            element("dc:rights", release.document.sidecar.licence.as_deref().unwrap_or(RIGHTS));
        });
    }
}

/// What is said of a text whose licence nobody has stated.
const RIGHTS: &str = "The words belong to their publisher; no licence is known.";

/// Namespaces of a description in `oai_dc`.
pub const DUBLIN_CORE: &[(&str, &str)] = &[
    ("xmlns:oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ("xsi:schemaLocation", "http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd"),
];

/// A day, month or year as the W3C's profile of ISO 8601 has them, which are EDTF too; otherwise the EDTF value, which says what is not known.
fn date(whole: &Whole) -> Option<String> {
    let published = &whole.release.item.published;
    match published.precision {
        Precision::Minute => published.sort_on.map(|day| day.to_string()),
        _ => published.edtf.clone(),
    }
}

/// The body's first words, cut between two of them.
fn beginning(body: &str) -> String {
    let words = fold_spaces(body);
    let Some((end, _)) = words.char_indices().nth(DESCRIPTION) else { return words };
    let start = words.get(..end).unwrap_or_default();
    let cut = start.rfind(' ').unwrap_or(end);
    format!("{} …", start.get(..cut).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::release::Identity;

    proptest::proptest! {
        #[test]
        fn an_id_comes_back_from_its_identifier(key in "\\PC{1,20}", other in "\\PC{0,60}") {
            let names = Names::new("0123456789abcdef0123456789abcdef");
            let id = Identity::by_key("p", &key).id(0);
            assert_eq!(names.read(&names.of(id)), Some(id));
            assert_eq!(names.read(&other), None);
            assert_eq!(names.read(&names.of(id).to_uppercase()), None);
        }

        #[test]
        fn a_description_is_how_the_body_begins(body in "(\\PC{0,12}[ \n]){0,120}") {
            let words = fold_spaces(&body);
            let described = beginning(&body);
            match described.strip_suffix(" …").filter(|_| words.chars().count() > DESCRIPTION) {
                Some(start) => assert!(words.starts_with(start) && start.chars().count() <= DESCRIPTION),
                None => assert_eq!(described, words),
            }
        }
    }
}
