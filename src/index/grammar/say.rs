//! How a query was read, in plain English.

use chrono::NaiveDate;

use super::{Node, Variant, Within};
use crate::model::date::long_day;

/// So many other forms and names are said of one word; more would hide the query.
const SAID: usize = 4;

/// The reading as one sentence without its full stop, words between stars. `label` gives what a person calls a value of a facet.
pub fn sentence(tree: &Node, label: &dyn Fn(crate::model::query::Facet, &str) -> String) -> String {
    match tree {
        Node::All(nodes) => clauses(nodes, label).join("; "),
        other => clauses(std::slice::from_ref(other), label).join("; "),
    }
}

/// Plain words together, then every other wish for itself, in the order typed.
fn clauses(nodes: &[Node], label: &dyn Fn(crate::model::query::Facet, &str) -> String) -> Vec<String> {
    let (words, others): (Vec<&Node>, Vec<&Node>) = nodes.iter().partition(|node| matches!(node, Node::Word { .. } | Node::Run { .. }));
    let listed = words.iter().map(|node| operand(node, label)).collect::<Vec<_>>().join(", ");
    let mut clauses: Vec<String> = match words.len() {
        0 => Vec::new(),
        1 => vec![listed],
        _ => vec![format!("all of: {listed}")],
    };
    if words.is_empty() && others.iter().all(|node| matches!(node, Node::Not(_))) {
        clauses.push("all releases".into());
    }
    clauses.extend(others.into_iter().map(|node| clause(node, label)));
    clauses
}

fn clause(node: &Node, label: &dyn Fn(crate::model::query::Facet, &str) -> String) -> String {
    let list = |nodes: &[Node]| nodes.iter().map(|node| operand(node, label)).collect::<Vec<_>>().join(", ");
    match node {
        Node::Phrase(words) => format!("exactly: “{}”", plain(words)),
        Node::Any(nodes) if nodes.is_empty() => "nothing".into(),
        Node::Any(nodes) => format!("any of: {}", list(nodes)),
        Node::Most { nodes, at_least } => format!("at least {at_least} of {}, rarer words first: {}", nodes.len(), list(nodes)),
        Node::Not(inner) => match &**inner {
            Node::Word { .. } | Node::Run { .. } | Node::Phrase(_) | Node::Prefix(_) => format!("without: {}", operand(inner, label)),
            inner => format!("without: ({})", sentence(inner, label)),
        },
        Node::Title(inner) => format!("in the title: {}", sentence(inner, label)),
        Node::Facet(facet, value) => format!("{}: {}", facet.label().to_lowercase(), plain(&label(*facet, value))),
        Node::Id(id) => format!("the release {id}"),
        Node::Days { from, to } => days(*from, *to),
        Node::All(_) => format!("({})", sentence(node, label)),
        other => operand(other, label),
    }
}

/// Inside a list.
fn operand(node: &Node, label: &dyn Fn(crate::model::query::Facet, &str) -> String) -> String {
    match node {
        Node::Word { typed, times, also } => {
            let times = if *times > 1 { format!(" ({times} times)") } else { String::new() };
            format!("*{}*{times}{}", plain(typed), others(also))
        }
        Node::Run { words, also } => {
            let typed: Vec<&str> = words.iter().filter_map(super::typed_word).collect();
            format!("*{}*{}", plain(&typed.join(" ")), others(also))
        }
        Node::Phrase(words) => format!("“{}”", plain(words)),
        Node::Prefix(start) => format!("words that begin with *{start}*"),
        Node::Close { words, within } => {
            let words = words.split_whitespace().map(|word| format!("“{}”", plain(word))).collect::<Vec<_>>().join(" and ");
            format!("{words} within {}", so_many(*within))
        }
        Node::Near { operands, within } => {
            let joined = operands.iter().map(|node| operand(node, label)).collect::<Vec<_>>().join(" and ");
            match within {
                Within::Words(count) => format!("{joined} within {} of each other", so_many(*count)),
                Within::Sentence => format!("{joined} in the same sentence"),
                Within::Paragraph => format!("{joined} in the same paragraph"),
            }
        }
        other => format!("({})", sentence(other, label)),
    }
}

fn so_many(words: u32) -> String {
    if words == 1 { "one word".into() } else { format!("{words} words") }
}

/// Forms, spellings and names that find the same.
fn others(also: &[Variant]) -> String {
    if also.is_empty() {
        return String::new();
    }
    let names = also.iter().filter(|variant| !variant.form).chain(also.iter().filter(|variant| variant.form));
    let mut said: Vec<String> = names
        .take(SAID)
        .map(|variant| if variant.words.contains(' ') { format!("“{}”", plain(&variant.words)) } else { plain(&variant.words) })
        .collect();
    if also.len() > SAID {
        said.push(format!("{} more", also.len() - SAID));
    }
    format!(" (also {})", said.join(", "))
}

fn days(from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => format!("on {}", long_day(from)),
        (Some(from), Some(to)) => format!("between {} and {}", long_day(from), long_day(to)),
        (Some(from), None) => format!("on or after {}", long_day(from)),
        (None, Some(to)) => format!("on or before {}", long_day(to)),
        (None, None) => "at any date".into(),
    }
}

/// Words as typed, without the stars that would begin or end an emphasis.
fn plain(words: &str) -> String {
    words.replace('*', "")
}
