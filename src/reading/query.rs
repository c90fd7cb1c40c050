//! What a query means in this archive: read, its names and spellings looked up, its filters known by their slugs.

use super::address::AtAddress;
use super::{Archive, Overview, ReadingError, Result};
use crate::index::Highlighter;
use crate::index::grammar::{self, How, Node};
use crate::model::query::{Match, SearchRequest};

/// A query, understood.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// `None` where nothing was asked: everything is meant.
    pub tree: Option<Node>,
    /// How it was read, one sentence in plain English without its full stop, words between stars; empty where nothing was asked.
    pub read_as: String,
    /// Which of the readings of its words was used, where there is more than one; [`Match::Auto`] for most of many.
    pub used: Option<Match>,
    /// Whether there are more words than are all wanted unasked.
    pub long: bool,
    /// Whether other spellings or names are looked for, or would be if they were not switched off.
    pub has_variants: bool,
    /// What the bounds cut off, as a sentence.
    pub left_out: Option<String>,
    /// What looked like an operator and was read as words, and values that the archive does not know; a sentence each.
    pub notes: Vec<String>,
}

impl Archive {
    /// Reads a query.
    pub fn read(&self, request: &SearchRequest) -> Result<Query> {
        let overview = self.overview();
        let how = How { today: request.today, wanted: request.wanted, lexicon: Some(overview.lexicon()) };
        let reading = grammar::read(&request.q, &how);
        let mut query =
            Query { used: reading.used, long: reading.long, left_out: reading.left_out, notes: reading.notes, ..Query::default() };
        if let Some(tree) = reading.tree {
            let tree = resolved(tree, &overview, &mut query.notes);
            let mut tree = self.index().expand(tree, true).map_err(ReadingError::from)?;
            query.has_variants = has_variants(&tree);
            if query.has_variants && !request.variants {
                let plain = grammar::read(&request.q, &How { lexicon: None, ..how }).tree;
                if let Some(plain) = plain {
                    tree = self.index().expand(resolved(plain, &overview, &mut Vec::new()), false)?;
                }
            }
            query.read_as = grammar::sentence(&tree, &|facet, value| overview.label(facet, value));
            if !reading.passed.is_empty() {
                let passed: Vec<String> = reading.passed.iter().map(|word| format!("*{}*", word.replace('*', ""))).collect();
                query.read_as = format!("{}; passed over: {}", query.read_as, passed.join(", "));
            }
            query.tree = Some(tree);
        }
        Ok(query)
    }

    /// What marks a query's hits in a text.
    pub fn highlighter(&self, request: &SearchRequest) -> Result<Highlighter> {
        Ok(Highlighter::new(self.read(request)?.tree.as_ref()))
    }

    /// The one release that a query names: by its original address, or by its publisher's number.
    pub async fn named(&self, q: &str) -> Result<Option<AtAddress>> {
        let q = q.trim();
        if let Some(url) = address(q) {
            return self.at_address(&url).await;
        }
        // As browsers show it, or as some sources give it: without a scheme, or from the root of the site.
        if q.contains('/')
            && !q.contains(char::is_whitespace)
            && let Some(found) = self.at_address(q).await?
        {
            return Ok(Some(found));
        }
        let Some((series, number)) = number(q) else { return Ok(None) };
        let mut found = self.store().by_number(&number).await?;
        if !series.is_empty() {
            let wanted = format!("{series}{number}");
            let squeezed = |number: &str| number.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect::<String>();
            // "Press Release (2012) 062" is also known as "PR(2012)062".
            let known = |series: &str| ["pr", "pressrelease", "press release", "nato"].contains(&series);
            let exact: Vec<_> = found.iter().filter(|(_, _, number)| squeezed(number) == wanted).cloned().collect();
            if !exact.is_empty() {
                found = exact;
            } else if !known(&series) {
                return Ok(None);
            }
        }
        Ok(match found.as_slice() {
            [(id, slug, _)] => Some(AtAddress { id: *id, slug: slug.clone(), wanted: None }),
            _ => None,
        })
    }
}

/// An address as typed, with its scheme; `None` for what is none.
fn address(q: &str) -> Option<String> {
    if q.contains(char::is_whitespace) {
        return None;
    }
    let lowered = q.to_lowercase();
    if lowered.starts_with("https://") || lowered.starts_with("http://") {
        return Some(q.to_owned());
    }
    lowered.starts_with("www.").then(|| format!("https://{q}"))
}

/// A press-release number as typed: what stands before the year in parentheses, and the rest, both without spaces and capitals.
/// `(2012) 062`, `Press Release (2012)062`, `M-NAC-2 (2001) 159`.
fn number(q: &str) -> Option<(String, String)> {
    if q.len() > 60 {
        return None;
    }
    let squeezed: String = q.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let (series, rest) = squeezed.split_once('(')?;
    let (year, digits) = rest.split_once(')')?;
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (year.len() == 4 && all_digits(year) && all_digits(digits) && digits.len() <= 4)
        .then(|| (series.to_owned(), format!("({year}){digits}")))
}

/// Values of facets by their slugs. One that is not known stays as it was typed, which finds nothing, and a note says so.
fn resolved(node: Node, overview: &Overview, notes: &mut Vec<String>) -> Node {
    let mut each = |nodes: Vec<Node>| nodes.into_iter().map(|node| resolved(node, overview, notes)).collect::<Vec<_>>();
    match node {
        Node::Facet(facet, typed) => match overview.resolve(facet, &typed) {
            Some(value) => Node::Facet(facet, value),
            None => {
                notes.push(format!("{} “{typed}” is not known to this archive.", facet.label()));
                Node::Facet(facet, typed)
            }
        },
        Node::All(nodes) => Node::All(each(nodes)),
        Node::Any(nodes) => Node::Any(each(nodes)),
        Node::Most { nodes, at_least } => Node::Most { nodes: each(nodes), at_least },
        Node::Not(inner) => Node::Not(Box::new(resolved(*inner, overview, notes))),
        Node::Title(inner) => Node::Title(Box::new(resolved(*inner, overview, notes))),
        other => other,
    }
}

fn has_variants(node: &Node) -> bool {
    match node {
        Node::Word { also, .. } => also.iter().any(|variant| !variant.form),
        Node::Run { words, also } => !also.is_empty() || words.iter().any(has_variants),
        Node::All(nodes) | Node::Any(nodes) | Node::Most { nodes, .. } | Node::Near { operands: nodes, .. } => {
            nodes.iter().any(has_variants)
        }
        Node::Not(inner) | Node::Title(inner) => has_variants(inner),
        Node::Phrase(_) | Node::Close { .. } | Node::Prefix(_) | Node::Facet(..) | Node::Id(_) | Node::Days { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_are_known_for_what_they_are() {
        for (typed, expected) in [
            ("(2012) 062", Some(("", "(2012)062"))),
            ("Press Release (2012)062", Some(("pressrelease", "(2012)062"))),
            ("M-NAC-2 (2001) 159", Some(("m-nac-2", "(2001)159"))),
            ("(2012)", None),
            ("2012 062", None),
            ("(20124) 1", None),
            ("data (2012) strategy", None),
        ] {
            let expected = expected.map(|(series, number): (&str, &str)| (series.to_owned(), number.to_owned()));
            assert_eq!(number(typed), expected, "{typed}");
        }
        for (typed, expected) in [
            ("https://example.org/a", Some("https://example.org/a")),
            ("www.example.org/a", Some("https://www.example.org/a")),
            ("see https://example.org/a", None),
            ("example", None),
        ] {
            assert_eq!(address(typed).as_deref(), expected, "{typed}");
        }
    }
}
