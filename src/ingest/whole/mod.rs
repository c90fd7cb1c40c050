//! The archive as one file of lines: a header, records one a line, an end that vouches for them. The same archive gives the same bytes.

mod export;
mod fill;
mod line;

pub use export::{Exported, export};
pub use fill::{Filled, fill, is_whole_archive};

/// Counted up when a reader of earlier files could no longer read a new one.
pub const FORMAT: u32 = 1;
