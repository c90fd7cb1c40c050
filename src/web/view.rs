//! What templates are given of a release: finished words and addresses.

use askama::Template;
use axum::response::Response;

use super::answer::typed;
use super::error::Failure;
use super::urls::Urls;
use crate::index::{Part, Snippet};
use crate::model::{Basis, Precision, PublicationDate, ReleaseItem};
use crate::reading::overview::known_language;

/// A line of a list.
pub struct ItemView {
    pub href: String,
    pub title: Vec<Part>,
    pub date: DateView,
    pub kind: &'static str,
    pub source: String,
    /// Set where the text is not English.
    pub lang: Option<String>,
    pub snippet: Option<Snippet>,
}

/// A publication date in a list.
pub struct DateView {
    pub shown: String,
    /// Machine-readable day, where the day is known.
    pub datetime: Option<String>,
    pub time: Option<String>,
    /// Why the date is not exact; empty where it is.
    pub why: &'static str,
}

impl DateView {
    pub fn of(published: &PublicationDate) -> Self {
        Self {
            shown: published.display(),
            datetime: published.sort_on.filter(|_| published.is_exact()).map(|day| day.to_string()),
            time: published.time.map(|time| time.format("%H:%M").to_string()),
            why: uncertainty(published),
        }
    }
}

/// One phrase on why a date is not exact; empty where it is.
pub fn uncertainty(published: &PublicationDate) -> &'static str {
    match (published.precision, published.basis) {
        _ if published.is_exact() => "",
        (Precision::Range, _) => "dates of the event; published on or after its last day",
        (Precision::Month | Precision::Year, _) if published.is_qualified() => "approximate",
        (Precision::Year | Precision::Bounded, _) if published.part_of_year().is_some() => "only a part of the year is known",
        (Precision::Month, _) => "only the month is known",
        (Precision::Year, _) => "only the year is known",
        (Precision::Bounded, Basis::Order) => "from its place in a newest-first document",
        (Precision::Bounded, Basis::Field | Basis::Owner) => "only bounds are stated",
        (Precision::Bounded, _) => "from dates in its words",
        (Precision::Unknown, _) => "neither its words nor its place say when",
        _ => "approximate",
    }
}

impl ItemView {
    pub fn of(item: &ReleaseItem, urls: &Urls) -> Self {
        Self {
            href: urls.item(item),
            title: vec![Part { text: item.title.clone(), hit: false }],
            date: DateView::of(&item.published),
            kind: item.kind.label(),
            source: item.source.name.clone(),
            lang: (item.lang != "en" && item.lang != "und").then(|| item.lang.clone()),
            snippet: None,
        }
    }
}

pub fn items(items: &[ReleaseItem], urls: &Urls) -> Vec<ItemView> {
    items.iter().map(|item| ItemView::of(item, urls)).collect()
}

/// The language of a text for `lang=`; where it is not known, that of the page.
pub fn html_lang(tag: &str) -> &str {
    known_language(tag).unwrap_or("en")
}

/// A step of a numbered pagination.
pub enum PageLink {
    Number { number: u32, href: String, current: bool },
    Gap,
}

/// Numbered pagination: first, last, and the neighbours of the current page.
pub struct Pagination {
    pub previous: Option<String>,
    pub next: Option<String>,
    pub links: Vec<PageLink>,
    /// What the list is, for assistive technology.
    pub name: &'static str,
}

impl Pagination {
    pub fn new(name: &'static str, current: u32, last: u32, href: impl Fn(u32) -> String) -> Option<Self> {
        if last < 2 {
            return None;
        }
        let mut links = Vec::new();
        let mut before = 0;
        for number in (1..=last).filter(|number| *number == 1 || *number == last || number.abs_diff(current) <= 1) {
            match number - before {
                // A gap of one page is shorter written out.
                2 => links.push(PageLink::Number { number: number - 1, href: href(number - 1), current: false }),
                1 => {}
                _ => links.push(PageLink::Gap),
            }
            links.push(PageLink::Number { number, href: href(number), current: number == current });
            before = number;
        }
        Some(Self { previous: (current > 1).then(|| href(current - 1)), next: (current < last).then(|| href(current + 1)), links, name })
    }
}

/// A page as an answer.
pub fn page(template: &impl Template) -> Result<Response, Failure> {
    Ok(typed("text/html; charset=utf-8", template.render()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_well_formed_language_stands() {
        for (tag, shown) in
            [("el", "el"), ("zh-Hant", "zh-Hant"), ("fr-BE", "fr-BE"), ("und", "en"), ("", "en"), ("el\"", "en"), ("e", "en")]
        {
            assert_eq!(html_lang(tag), shown);
        }
    }

    #[test]
    fn pagination_names_ends_and_neighbours() {
        let shown = |current, last| -> String {
            Pagination::new("x", current, last, |number| number.to_string()).map_or(String::new(), |pagination| {
                pagination
                    .links
                    .iter()
                    .map(|link| match link {
                        PageLink::Gap => "…".to_owned(),
                        PageLink::Number { number, current: true, .. } => format!("[{number}]"),
                        PageLink::Number { number, .. } => number.to_string(),
                    })
                    .collect::<Vec<_>>()
                    .join(" ")
            })
        };
        for (current, last, expected) in [
            (1, 1, ""),
            (1, 2, "[1] 2"),
            (1, 9, "[1] 2 … 9"),
            (4, 9, "1 2 3 [4] 5 … 9"),
            (5, 9, "1 … 4 [5] 6 … 9"),
            (9, 9, "1 … 8 [9]"),
            (12, 9, "1 … 9"),
        ] {
            assert_eq!(shown(current, last), expected);
        }
    }
}
