//! An unofficial archive of public statements, starting with NATO press releases.
//!
//! Data walks one way. A file imports its own floor where named and floors below; never above, never sideways:
//!
//! | floor | module | owns | never names |
//! |---|---|---|---|
//! | 5 | [`cli`], [`config`] | commands, flags, environment, wiring | |
//! | 4 | [`web`] | HTTP: pages, JSON | sqlx, tantivy |
//! | 3 | [`ingest`], [`reading`] | the only places that join floors: loading; a page's question answered in one call | axum, askama |
//! | 2 | [`store`], [`index`], [`fetch`] | the database; the full-text index; documents from other machines and messages to them | each other |
//! | 1 | [`import`], [`describe`] | text in, `ParsedRelease` out; what its words say about it | sqlx, tantivy, axum |
//! | 0 | [`model`] | the words of the domain and their rules | every framework, any clock, any I/O |
//!
//! The database is the truth; the index is a projection of it. `tests/suite/architecture.rs` reads the imports and holds this table.

pub mod cli;
pub mod config;
pub mod describe;
pub mod fetch;
pub mod import;
pub mod index;
pub mod ingest;
pub mod model;
pub mod reading;
pub mod store;
pub mod web;
