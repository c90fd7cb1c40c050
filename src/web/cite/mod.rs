//! Citing: what a reference says of a release, and the forms in which readers' tools take it.
//!
//! Everything here is a function of a [`Reference`]; nothing reads a clock, a request or a database.

pub mod bib;
pub mod csl;
pub mod embedded;
pub mod format;
pub mod headline;
pub mod issued;
pub mod markdown;
pub mod quoting;
pub mod reference;
pub mod ris;
pub mod search;
mod setting;
pub mod styles;
pub mod wikipedia;

#[cfg(test)]
mod tests;

pub use format::Format;
pub use issued::Issued;
pub use reference::{CitedVersion, Reference};
pub use styles::{Style, Styled, Work};
