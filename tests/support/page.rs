//! A page as a browser reads it: parsed by the rules of HTML, not searched as text.

use scraper::{ElementRef, Html, Selector};

pub struct Page {
    pub path: String,
    html: Html,
}

impl Page {
    pub fn read(path: &str, source: &str) -> Self {
        Self { path: path.to_owned(), html: Html::parse_document(source) }
    }

    pub fn all<'a>(&'a self, css: &str) -> Vec<ElementRef<'a>> {
        let selector = Selector::parse(css).unwrap_or_else(|error| panic!("{css}: {error}"));
        self.html.select(&selector).collect()
    }

    /// The one element that a selector names.
    #[track_caller]
    pub fn one<'a>(&'a self, css: &str) -> ElementRef<'a> {
        let found = self.all(css);
        assert_eq!(found.len(), 1, "{}: {css} is there {} times", self.path, found.len());
        found[0]
    }

    /// The words of the one element that a selector names.
    #[track_caller]
    pub fn words(&self, css: &str) -> String {
        words(self.one(css))
    }

    /// The words of the first element that a selector names.
    #[track_caller]
    pub fn text_of(&self, css: &str) -> String {
        words(*self.all(css).first().unwrap_or_else(|| panic!("{}: no {css}", self.path)))
    }

    pub fn each(&self, css: &str) -> Vec<String> {
        self.all(css).into_iter().map(words).collect()
    }

    pub fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        self.all(css).into_iter().filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }

    /// The value of an attribute of the one element that a selector names.
    #[track_caller]
    pub fn attribute(&self, css: &str, name: &str) -> String {
        self.one(css).attr(name).unwrap_or_else(|| panic!("{}: {css} has no {name}", self.path)).to_owned()
    }

    pub fn has(&self, css: &str) -> bool {
        !self.all(css).is_empty()
    }

    /// Every address that the page names, with the attribute that names it.
    pub fn addresses(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        for name in ["href", "src", "action"] {
            found.extend(self.attributes(&format!("[{name}]"), name).into_iter().map(|value| (name, value)));
        }
        found
    }

    pub fn has_id(&self, id: &str) -> bool {
        self.all("[id]").iter().any(|element| element.attr("id") == Some(id))
    }
}

/// The words of an element, white space folded.
pub fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
