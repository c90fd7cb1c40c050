//! What the names of elements, roles, classes and ids say about being furniture.

use scraper::node::Element;

/// Elements that are never part of a text.
#[rustfmt::skip]
const FURNITURE: &[&str] = &["head", "script", "style", "nav", "footer", "aside", "button", "dialog", "menu", "title", "meta", "link"];

/// Roles of ARIA that are never part of a text.
#[rustfmt::skip]
const ROLES: &[&str] = &[
    "navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu", "menubar", "toolbar",
];

/// Words in classes and ids of what surrounds texts. They hint, and no more: a page's whole text may stand in a `page-with-sidebar`.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "breadcrumb", "breadcrumbs", "cookie", "cookies", "consent", "gdpr", "share", "sharing", "shares", "social", "addthis", "addtoany", "navbar",
    "nav", "navigation", "menu", "submenu", "sidebar", "footer", "skip", "skiplink", "skiplinks", "related", "recommended", "newsletter", "subscribe",
    "subscription", "pagination", "pager", "toolbar", "popup", "modal", "advert", "adverts", "advertisement", "promo", "print", "printer", "login",
    "signin", "search", "comments", "feedback", "masthead", "lang", "langs", "language", "languages", "visually", "sronly", "offscreen", "rating",
];

/// Classes of words that only screen readers say.
const UNSEEN: &[&str] = &["sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "element-invisible", "hidden"];

/// Whether the element is furniture by what it is.
pub(super) fn is_furniture(element: &Element) -> bool {
    let hidden = element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true");
    let styled = element.attr("style").is_some_and(|style| style.to_ascii_lowercase().replace(' ', "").contains("display:none"));
    FURNITURE.contains(&element.name())
        || element.attr("role").is_some_and(|role| ROLES.contains(&role))
        || hidden
        || styled
        || element.classes().any(|class| UNSEEN.contains(&class))
}

/// Whether its class or id hints that it is furniture.
pub(super) fn hints_furniture(element: &Element) -> bool {
    element.classes().chain(element.id()).any(|name| words(name).any(|word| WORDS.contains(&word.as_str())))
}

/// Whether its class or id names a caption.
pub(super) fn is_caption(element: &Element) -> bool {
    element.name() == "figcaption" || element.classes().any(|name| words(name).any(|word| word == "caption" || word == "legend"))
}

/// `siteNav-top_menu` is `site nav top menu`.
fn words(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(['-', '_', ':', '.']).flat_map(|part| {
        let mut words = vec![String::new()];
        let mut small = false;
        for c in part.chars() {
            if c.is_ascii_uppercase() && small {
                words.push(String::new());
            }
            small = c.is_ascii_lowercase();
            if let Some(word) = words.last_mut() {
                word.push(c.to_ascii_lowercase());
            }
        }
        words
    })
}
