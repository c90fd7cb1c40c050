//! What every page has around its content.

use super::finding::opensearch::SHORT_NAME;
use super::state::App;
use super::urls::{FeedForm, Followed, Urls};
use crate::model::date::long_day;
use crate::model::text::without_steering;
use crate::reading::Overview;

/// The archive's name, in titles and feeds.
pub const SITE: &str = "NATO press releases, an unofficial archive";

/// A step of the way from the home page to this one.
pub struct Crumb {
    pub label: String,
    pub href: String,
}

/// A `<meta>` element beside the usual ones.
pub struct Meta {
    pub property: &'static str,
    pub content: String,
}

/// Another form of the same page.
pub struct Alternate {
    pub media_type: &'static str,
    pub href: String,
    pub title: &'static str,
}

/// The frame of a page.
pub struct Shell {
    pub urls: Urls,
    /// What the page is, without the site's name.
    pub title: String,
    pub description: String,
    /// Absolute, from the configured base URL.
    pub canonical: String,
    /// Whether the page may stand in a search engine.
    pub indexed: bool,
    /// What stands in the search box.
    pub q: String,
    pub crumbs: Vec<Crumb>,
    /// "23 releases, 25 April 2025 to 25 June 2025; loaded 22 November 2026"
    pub coverage: String,
    pub og_type: &'static str,
    pub metas: Vec<Meta>,
    /// `<meta name>` elements, where `metas` are `<meta property>`.
    pub named: Vec<Meta>,
    /// What the page is about, in the words of schema.org.
    pub things: Vec<serde_json::Value>,
    pub alternates: Vec<Alternate>,
    /// Which entry of the navigation this is.
    pub here: &'static str,
    /// Whether search lags behind what is loaded.
    pub lagging: bool,
}

impl Shell {
    /// The frame for the page at `path` (as made by [`Urls`]).
    pub fn new(app: &App, title: impl Into<String>, path: &str) -> Self {
        let overview = app.archive().overview();
        Self {
            urls: app.urls().clone(),
            title: without_steering(&title.into()).into_owned(),
            description: String::new(),
            canonical: app.urls().absolute(path),
            indexed: true,
            q: String::new(),
            crumbs: Vec::new(),
            coverage: coverage(&overview),
            og_type: "website",
            metas: Vec::new(),
            named: Vec::new(),
            things: Vec::new(),
            alternates: Vec::new(),
            here: "",
            lagging: !overview.generation.is_level(),
        }
    }

    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = without_steering(&description.into()).into_owned();
        self
    }

    pub fn under(mut self, label: impl Into<String>, href: String) -> Self {
        self.crumbs.push(Crumb { label: label.into(), href });
        self
    }

    pub fn at(mut self, here: &'static str) -> Self {
        self.here = here;
        self
    }

    pub fn asked(mut self, q: &str) -> Self {
        q.clone_into(&mut self.q);
        self
    }

    pub fn unindexed(mut self) -> Self {
        self.indexed = false;
        self
    }

    /// Names the feeds of what a page shows.
    pub fn followed_by(mut self, of: &Followed, title: &'static str) -> Self {
        for form in [FeedForm::Atom, FeedForm::Json] {
            let href = self.urls.current_feed(of, form);
            self.alternates.push(Alternate { media_type: form.media_type(), href, title });
        }
        self
    }

    /// The feed of everything.
    pub fn feed_atom(&self) -> String {
        self.urls.site_feed(FeedForm::Atom)
    }

    pub fn feed_json(&self) -> String {
        self.urls.site_feed(FeedForm::Json)
    }

    /// What a browser calls the archive's search.
    pub const fn search_name(&self) -> &'static str {
        SHORT_NAME
    }

    /// The whole `<title>`.
    pub fn full_title(&self) -> String {
        if self.title.is_empty() { SITE.to_owned() } else { format!("{} · {SITE}", self.title) }
    }

    pub fn og_title(&self) -> &str {
        if self.title.is_empty() { SITE } else { &self.title }
    }

    pub const fn site(&self) -> &'static str {
        SITE
    }
}

/// What the archive covers and how fresh it is, in one line.
pub fn coverage(overview: &Overview) -> String {
    let releases = count(overview.releases, "release", "releases");
    let span = match (overview.first(), overview.last()) {
        (Some(first), Some(last)) if first == last => format!(", {}", long_day(first)),
        (Some(first), Some(last)) => format!(", {} to {}", long_day(first), long_day(last)),
        _ => String::new(),
    };
    let loaded = overview
        .loaded_at
        .as_deref()
        .and_then(|at| at.get(..10)?.parse().ok())
        .map(|day| format!("; last loaded {}", long_day(day)))
        .unwrap_or_default();
    format!("{releases}{span}{loaded}")
}

/// "1 release", "23 releases", "24,540 releases"
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// Digits in groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(count(1, "release", "releases"), "1 release");
    }
}
