//! From the tree of [`grammar`](super::grammar) to a query of the index.

use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, EmptyQuery, Occur, PhraseQuery, Query, RegexQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::analysis::Analyser;
use super::grammar::Node;
use super::schema::Fields;

/// How much a word in the title counts beside the same word in the text (of which the title is a part). Measured on the Cranfield and CISI
/// collections: weighting titles more hurts more often than it helps.
const TITLE_WEIGHT: f32 = 0.3;

/// The query for a tree; everything for no tree.
pub fn build(tree: Option<&Node>, fields: &Fields) -> Box<dyn Query> {
    match tree {
        None => Box::new(AllQuery),
        Some(node) => node_query(node, fields),
    }
}

fn node_query(node: &Node, fields: &Fields) -> Box<dyn Query> {
    match node {
        Node::Word(word) => word_query(word, fields),
        Node::Phrase(words) => phrase(fields.exact, Analyser::Exact, words),
        // Folded words hold letters and digits only, so that nothing in them means anything to a pattern.
        Node::Prefix(start) => match RegexQuery::from_pattern(&format!("{start}.*"), fields.exact) {
            Ok(query) => Box::new(query),
            Err(_) => Box::new(EmptyQuery),
        },
        Node::Not(_) => all(std::slice::from_ref(node), fields),
        Node::All(nodes) => all(nodes, fields),
        Node::Any(nodes) => Box::new(BooleanQuery::new(nodes.iter().map(|node| (Occur::Should, node_query(node, fields))).collect())),
    }
}

fn all(nodes: &[Node], fields: &Fields) -> Box<dyn Query> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = nodes
        .iter()
        .map(|node| match node {
            Node::Not(inner) => (Occur::MustNot, node_query(inner, fields)),
            wanted => (Occur::Must, node_query(wanted, fields)),
        })
        .collect();
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        clauses.push((Occur::Must, Box::new(AllQuery)));
    }
    Box::new(BooleanQuery::new(clauses))
}

/// A word in any of its forms, in whichever language a text is; several words written as one (`C-130`) stand side by side.
fn word_query(word: &str, fields: &Fields) -> Box<dyn Query> {
    let places = [
        (Analyser::English, fields.text_en, 1.0),
        (Analyser::English, fields.title_en, TITLE_WEIGHT),
        (Analyser::French, fields.text_fr, 1.0),
        (Analyser::French, fields.title_fr, TITLE_WEIGHT),
    ];
    let clauses = places
        .into_iter()
        .map(|(analyser, field, weight)| {
            let query = phrase(field, analyser, word);
            (Occur::Should, if weight == 1.0 { query } else { Box::new(BoostQuery::new(query, weight)) })
        })
        .collect();
    Box::new(BooleanQuery::new(clauses))
}

fn phrase(field: Field, analyser: Analyser, words: &str) -> Box<dyn Query> {
    let mut terms: Vec<Term> = analyser.words(words).iter().map(|token| Term::from_field_text(field, &token.text)).collect();
    match terms.len() {
        0 => Box::new(EmptyQuery),
        1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::WithFreqs)),
        _ => Box::new(PhraseQuery::new(terms)),
    }
}
