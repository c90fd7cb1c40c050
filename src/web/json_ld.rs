//! Data for machines within a page: schema.org as JSON-LD.

use std::fmt;

use serde_json::{Value, json};

use super::shell::Shell;

/// The inside of a `<script type="application/ld+json">`. A data block is never executed, so no policy of scripts touches it.
pub struct JsonLd(String);

impl JsonLd {
    /// Several things in one graph; `None` where there are none.
    pub fn of(things: Vec<Value>) -> Option<Self> {
        if things.is_empty() {
            return None;
        }
        let graph = json!({ "@context": "https://schema.org", "@graph": things }).to_string();
        // Within strings only: the grammar of JSON has none of these. What would end the element, or begin a comment in it, becomes an escape.
        let escaped = graph.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
        Some(Self(escaped.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")))
    }
}

impl fmt::Display for JsonLd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// Every sign that HTML knows is an escape of JSON here.
impl askama::filters::HtmlSafe for JsonLd {}

impl Shell {
    /// What the page is to machines: what its maker says, a list of pages where it is one, and the way to it.
    pub fn json_ld(&self) -> Option<JsonLd> {
        let mut things = self.things.clone();
        if self.indexed && self.here != "home" {
            things.push(self.breadcrumbs());
        }
        JsonLd::of(things)
    }

    /// The page is a list of pages; `items` are their names and their addresses as made by [`Urls`](super::urls::Urls), in order.
    pub fn collecting<'a>(mut self, items: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let items: Vec<Value> = (1..)
            .zip(items)
            .map(|(position, (name, href))| json!({ "@type": "ListItem", "position": position, "name": name, "url": self.urls.absolute(&href) }))
            .collect();
        let page = json!({
            "@type": "CollectionPage",
            "@id": self.canonical,
            "url": self.canonical,
            "name": self.og_title(),
            "inLanguage": "en",
            "isPartOf": { "@type": "WebSite", "name": self.site(), "url": self.urls.absolute(&self.urls.home()) },
            "mainEntity": { "@type": "ItemList", "itemListElement": items },
        });
        self.things.push(page);
        self
    }

    fn breadcrumbs(&self) -> Value {
        let home = ("Home".to_owned(), self.urls.absolute(&self.urls.home()));
        let way = self.crumbs.iter().map(|crumb| (crumb.label.clone(), self.urls.absolute(&crumb.href)));
        let here = (self.og_title().to_owned(), self.canonical.clone());
        let mut steps: Vec<(String, String)> = std::iter::once(home).chain(way).collect();
        // Some pages stand in their own way.
        if steps.last().is_none_or(|(_, address)| *address != here.1) {
            steps.push(here);
        }
        let items: Vec<Value> = (1..)
            .zip(steps)
            .map(|(position, (name, item))| json!({ "@type": "ListItem", "position": position, "name": name, "item": item }))
            .collect();
        json!({ "@type": "BreadcrumbList", "itemListElement": items })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element() {
        let hostile = "</script><!--<script>&amp;\u{2028}\"'\\";
        let graph = JsonLd::of(vec![json!({ "headline": hostile })]).expect("a graph").to_string();
        assert!(!graph.contains(['<', '>', '&', '\u{2028}']), "{graph}");
        let read: Value = serde_json::from_str(&graph).expect("JSON");
        assert_eq!(read["@graph"][0]["headline"], hostile);
        assert!(JsonLd::of(Vec::new()).is_none());
    }
}
