//! Where a page's content stands: how many words are where, and how many of them are links.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node};

use super::classes;

/// What an element holds.
#[derive(Clone, Copy, Debug, Default)]
struct Measure {
    /// Characters that are no white space.
    words: usize,
    /// Those of them that stand in links.
    linked: usize,
    links: usize,
}

/// Of the words of an element, so many hundredths in one child make that child the place of the content.
const MOST: usize = 60;
/// From so many links on, an element most of whose words are links is a menu.
const MENU_LINKS: usize = 3;
const MENU_SHARE: usize = 60;

/// How much stands in each element of a page, furniture left out.
pub(super) struct Measures<'a> {
    pub tree: &'a Html,
    held: HashMap<NodeId, Measure>,
}

impl<'a> Measures<'a> {
    pub fn of(tree: &'a Html) -> Self {
        let mut held = HashMap::new();
        let mut open: Vec<Measure> = vec![Measure::default()];
        let (mut link, mut skip): (usize, Option<NodeId>) = (0, None);
        for edge in tree.tree.root().traverse() {
            match edge {
                Edge::Open(node) => {
                    if skip.is_some() {
                        continue;
                    }
                    match node.value() {
                        Node::Element(element) if classes::is_furniture(element) => skip = Some(node.id()),
                        Node::Element(element) => {
                            link += usize::from(element.name() == "a");
                            open.push(Measure::default());
                        }
                        Node::Text(text) => {
                            let words = text.chars().filter(|c| !c.is_whitespace()).count();
                            if let Some(last) = open.last_mut() {
                                last.words += words;
                                last.linked += if link > 0 { words } else { 0 };
                            }
                        }
                        _ => {}
                    }
                }
                Edge::Close(node) => {
                    if skip.is_some() {
                        skip = skip.filter(|id| *id != node.id());
                        continue;
                    }
                    let Node::Element(element) = node.value() else { continue };
                    let own = open.pop().unwrap_or_default();
                    let is_link = element.name() == "a";
                    link -= usize::from(is_link && link > 0);
                    if let Some(parent) = open.last_mut() {
                        parent.words += own.words;
                        parent.linked += own.linked;
                        parent.links += own.links + usize::from(is_link);
                    }
                    held.insert(node.id(), own);
                }
            }
        }
        Self { tree, held }
    }

    fn held(&self, element: ElementRef<'_>) -> Measure {
        self.held.get(&element.id()).copied().unwrap_or_default()
    }

    pub fn words(&self, element: ElementRef<'_>) -> usize {
        self.held(element).words
    }

    /// Words that are no links.
    fn plain(&self, element: ElementRef<'_>) -> usize {
        let held = self.held(element);
        held.words.saturating_sub(held.linked)
    }

    /// Whether most words of an element are links.
    pub fn is_menu(&self, element: ElementRef<'_>) -> bool {
        let held = self.held(element);
        held.links >= MENU_LINKS && held.linked * 100 > held.words * MENU_SHARE
    }

    /// The element that holds the content, and whether the page itself says so.
    pub fn content(&self) -> (ElementRef<'a>, bool) {
        let root = self.tree.root_element();
        let all = self.plain(root);
        let mut mains: Vec<ElementRef<'a>> = Vec::new();
        let mut articles: Vec<ElementRef<'a>> = Vec::new();
        for element in self.elements() {
            let value = element.value();
            if value.name() == "main" || value.attr("role") == Some("main") {
                mains.push(element);
            } else if value.name() == "article" || value.attr("itemprop") == Some("articleBody") {
                articles.push(element);
            }
        }
        let largest = |found: Vec<ElementRef<'a>>| found.into_iter().rev().max_by_key(|element| self.plain(*element));
        // A template may call a menu "main": what holds next to nothing is not believed.
        let stated = [largest(mains), largest(articles)].into_iter().flatten().find(|element| self.plain(*element) * 5 > all);
        match stated {
            Some(element) => (element, true),
            None => (self.densest(root), false),
        }
    }

    /// Elements that are measured, in the order of the page.
    fn elements(&self) -> impl Iterator<Item = ElementRef<'a>> + '_ {
        self.tree.tree.nodes().filter(|node| self.held.contains_key(&node.id())).filter_map(ElementRef::wrap)
    }

    /// From the root down, as long as one child holds most of the words, and the main heading where there is one.
    fn densest(&self, root: ElementRef<'a>) -> ElementRef<'a> {
        let heading = self.elements().find(|element| element.value().name() == "h1" && self.words(*element) > 0);
        let above: Option<HashSet<NodeId>> = heading.map(|heading| heading.ancestors().map(|node| node.id()).collect());
        let mut at = root;
        loop {
            let all = self.plain(at);
            let child = at.child_elements().max_by_key(|child| self.plain(*child));
            let holds = |child: &ElementRef<'a>| {
                self.plain(*child) * 100 >= all * MOST && above.as_ref().is_none_or(|above| above.contains(&child.id()))
            };
            match child {
                Some(child) if all > 0 && holds(&child) && is_container(child) => at = child,
                _ => return at,
            }
        }
    }

    /// Whether an element within the content is furniture. `whole` is how many words the content holds.
    pub fn is_furniture(&self, element: ElementRef<'_>, whole: usize, stated: bool) -> bool {
        let value = element.value();
        if classes::is_furniture(value) {
            return true;
        }
        let words = self.words(element);
        let minor = words * 2 < whole;
        let menu = !stated
            && matches!(value.name(), "ul" | "ol" | "table" | "tr" | "td" | "div" | "dl" | "p" | "section")
            && self.is_menu(element);
        // Cards that lead to other articles, below the one that the page is about.
        let card = value.name() == "article" && words * 4 < whole && element.descendent_elements().any(|inner| inner.value().name() == "a");
        minor && (menu || card || classes::hints_furniture(value))
    }
}

/// Elements that hold texts of several parts. The cells of a table are none: old pages print number and date in one, and the text in the
/// next.
fn is_container(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "body" | "div" | "section" | "article" | "main" | "table" | "center" | "form" | "fieldset" | "header")
}
