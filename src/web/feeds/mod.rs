//! Feeds for programs that follow the archive.

pub mod changes;
