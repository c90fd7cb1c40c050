//! HTML pages, and HTML inside feeds: mark-up in, the words that a person would read out, with their headings, lists, quotations,
//! tables and captions.
//!
//! `tidy` writes the mark-up again so that no page can cost more than its length; scraper builds the tree; `measure` finds where the
//! content stands and what is furniture; `walk` reads it into pieces; `layout` sets the pieces as text with blocks; `head` reads what
//! a page says of itself; `page` joins them into the one release that a page is.

mod classes;
mod head;
mod layout;
mod measure;
mod page;
mod table;
mod tidy;
mod walk;

use scraper::Html;

pub(super) use layout::Laid;
pub(super) use page::read;

/// The text of a piece of HTML, as feeds hold it, under a title. Furniture is only what is so by its element.
pub(super) fn fragment(title: &str, source: &str) -> Laid {
    let tidied = tidy::tidy(source);
    let tree = Html::parse_document(&tidied.markup);
    let measured = measure::Measures::of(&tree);
    layout::lay(title, walk::pieces(&measured, tree.root_element(), false))
}

/// The words of a piece of HTML on one line.
pub(super) fn line(source: &str) -> String {
    let tidied = tidy::tidy(source);
    let tree = Html::parse_document(&tidied.markup);
    crate::model::release::fold_spaces(&tree.root_element().text().collect::<String>())
}

/// Whether words hold mark-up or character references, and are not plain.
pub(super) fn is_marked_up(words: &str) -> bool {
    let tag = words
        .match_indices('<')
        .any(|(at, _)| words.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c == '/' || c == '!' || c.is_ascii_alphabetic())));
    let reference = words.match_indices('&').any(|(at, _)| {
        let rest = words.get(at + 1..).unwrap_or("");
        let name = rest.trim_start_matches('#');
        let length = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        (1..=32).contains(&length) && name.get(length..).is_some_and(|rest| rest.starts_with(';'))
    });
    tag || reference
}
