//! HTTP: pages for people, JSON for programs. No handler knows a database or an index.

pub mod accept;
pub mod alerts;
pub mod answer;
pub mod api;
pub mod assets;
pub mod cached;
pub mod charts;
pub mod cite;
pub mod csv;
pub mod encoding;
pub mod error;
pub mod exports;
pub mod extract;
pub mod feeds;
pub mod finding;
pub mod json_ld;
pub mod layers;
pub mod line_chart;
pub mod log;
pub mod mcp;
pub mod memento;
pub mod oai;
pub mod pages;
pub mod past;
pub mod routes;
pub mod serve;
pub mod shell;
pub mod signposting;
pub mod state;
pub mod urls;
pub mod view;
pub mod xml;

pub use routes::router;
pub use state::App;
