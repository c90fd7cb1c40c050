//! Import, tried on the seed documents, on tables of cases, and on generated text.

mod blocks;
mod documents;
mod feeds;
mod feeds_hostile;
mod generated;
mod ndjson;
mod pages;
mod pages_hostile;
mod pages_nato;
mod proof;
mod refused;
mod seeds;

use super::*;
use crate::model::{BlockKind, ParsedRelease};

const FEED: &[u8] = include_bytes!("../../../seeds/000_1ff6550dc60860b2.txt");
const LIVE: &[u8] = include_bytes!("../../../seeds/001_37381dd10a5c6510.txt");
const ARTICLE: &[u8] = include_bytes!("../../../seeds/002_953590070cb86149.txt");

/// Reads a text document that must be readable, and proves that nothing was lost.
fn read(text: &str) -> ParsedDocument {
    let document = parse_document("a.txt", text.as_bytes().to_vec(), Sidecar::default()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    prove_lossless(&document).unwrap_or_else(|lost| panic!("{lost}\n{text:?}"));
    document
}

fn titles(document: &ParsedDocument) -> Vec<String> {
    document.releases.iter().map(ParsedRelease::title_text).collect()
}

/// Kinds of blocks by their first letters, headings with their level: `P H2 L Q C X` (X is a contact).
fn shape(release: &ParsedRelease) -> String {
    let kind = |block: &crate::model::Block| match block.kind {
        BlockKind::Paragraph => "P".to_owned(),
        BlockKind::Heading => format!("H{}", block.level),
        BlockKind::Table => format!("T{}", block.rows.len()),
        BlockKind::List => format!("L{}", block.items.len()),
        BlockKind::Quotation => "Q".to_owned(),
        BlockKind::Caption => "C".to_owned(),
        BlockKind::Contact => "X".to_owned(),
    };
    release.blocks.iter().map(kind).collect::<Vec<_>>().join(" ")
}
