//! What a page says of a release to programs that read pages: Highwire's `citation_*`, Dublin Core, schema.org.

use serde_json::{Value, json};

use super::{Issued, Reference};
use crate::model::ReleaseItem;
use crate::reading::overview::known_language;
use crate::web::feeds::licence_address;
use crate::web::past::AddressView;
use crate::web::shell::{Meta, SITE};
use crate::web::urls::Urls;

/// `<meta name>` elements. Reference managers take the item type from `DC.type` before they guess one, and `citation_title` alone is guessed to
/// be a journal article; a report keeps the number of a press release.
pub fn metas(reference: &Reference, item: &ReleaseItem) -> Vec<Meta> {
    let issued = reference.issued();
    let lang = known_language(&reference.lang);
    let mut metas = Vec::new();
    let mut put = |property: &'static str, content: Option<String>| {
        metas.extend(content.filter(|content| !content.is_empty()).map(|content| Meta { property, content }));
    };
    put("citation_title", Some(reference.title.clone()));
    put("citation_author", reference.publisher.as_deref().and_then(short_name));
    put("citation_publication_date", known(issued).map(|date| date.replace('-', "/")));
    put("citation_technical_report_institution", reference.publisher.clone());
    put("citation_technical_report_number", reference.number.clone());
    put("citation_public_url", Some(reference.permalink.clone()));
    put("citation_language", lang.map(str::to_owned));
    put("DC.type", Some("report".into()));
    put("DC.title", Some(reference.title.clone()));
    put("DC.creator", reference.publisher.as_deref().and_then(short_name));
    put("DC.publisher", reference.publisher.clone());
    put("DC.date", known(issued));
    put("DC.identifier", Some(reference.permalink.clone()));
    put("DC.source", reference.original.clone());
    put("DC.language", lang.map(str::to_owned));
    put("DC.rights", reference.licence.clone());
    for topic in &item.topics {
        put("DC.subject", Some(topic.label.clone()));
    }
    metas
}

/// A publisher's name as an author's: one word, or the abbreviation that stands behind it in brackets. A name of several words is left to
/// `DC.publisher` and the institution, since readers of `citation_author` and `DC.creator` would take all but the last for first names.
fn short_name(name: &str) -> Option<String> {
    let abbreviation = name.strip_suffix(')').and_then(|name| name.rsplit_once('(')).map(|(_, abbreviation)| abbreviation.trim());
    let short = abbreviation.unwrap_or(name);
    (!short.is_empty() && !short.contains([' ', ',', ';'])).then(|| short.to_owned())
}

/// What is known of a date, in numbers: all of it, or the year or month within which it lies. Of any other date nothing is said, since readers that
/// know no EDTF take the first day that they find for the date, also among words.
fn known(issued: Issued) -> Option<String> {
    match issued {
        // Within a year, and no month of it.
        Issued::Part(year, _) => Some(format!("{year:04}")),
        _ => issued.year().and_then(|_| issued.level_1()),
    }
}

/// Terms: the address of a licence, or one that has words alone.
fn licence(stated: &str) -> Value {
    licence_address(stated).map_or_else(|| json!({ "@type": "CreativeWork", "name": stated }), Value::from)
}

/// A release in the words of schema.org.
pub fn article(reference: &Reference, item: &ReleaseItem, revised: bool, urls: &Urls) -> Value {
    let publisher = reference.publisher.as_ref().map(|name| json!({ "@type": "Organization", "name": name }));
    let about: Vec<Value> = item
        .topics
        .iter()
        .map(|topic| json!({ "@type": "Thing", "name": topic.label, "url": urls.absolute(&urls.topic(&topic.slug)) }))
        .collect();
    let published = match reference.issued() {
        Issued::Day(day) => Some(day.to_string()),
        _ => None,
    };
    let mut article = json!({
        "@type": "NewsArticle",
        "@id": reference.release,
        "url": reference.release,
        "mainEntityOfPage": reference.release,
        "headline": reference.title,
        // BCP 47 has a tag for what is not known.
        "inLanguage": known_language(&reference.lang).unwrap_or("und"),
        "author": publisher,
        "publisher": publisher,
        "datePublished": published,
        // When the archive saw the words change; nobody else says when they did.
        "dateModified": revised.then_some(&reference.current.seen_at),
        "isBasedOn": reference.original.as_deref().and_then(|original| AddressView::of(original).href),
        "license": reference.licence.as_deref().map(licence),
        "genre": reference.kind_label(),
        "identifier": reference.number,
        "version": reference.current.number,
        "about": about,
        "isPartOf": { "@type": "WebSite", "name": SITE, "url": urls.absolute(&urls.home()) },
        "sdPublisher": { "@type": "Organization", "name": SITE, "url": urls.absolute(&urls.home()) },
    });
    if let Value::Object(fields) = &mut article {
        fields.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
    }
    article
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_one_word_are_authors() {
        for (name, short) in [
            ("NATO", Some("NATO")),
            ("North Atlantic Treaty Organization (NATO)", Some("NATO")),
            ("Ministry of Defence", None),
            ("Allied Command (Operations and more)", None),
            ("()", None),
        ] {
            assert_eq!(short_name(name).as_deref(), short, "{name}");
        }
    }
}
