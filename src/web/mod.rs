//! HTTP: pages for people, JSON for programs. No handler knows a database or an index.

pub mod answer;
pub mod api;
pub mod assets;
pub mod cached;
pub mod charts;
pub mod cite;
pub mod csv;
pub mod encoding;
pub mod error;
pub mod extract;
pub mod feeds;
pub mod layers;
pub mod line_chart;
pub mod log;
pub mod mcp;
pub mod memento;
pub mod pages;
pub mod past;
pub mod routes;
pub mod serve;
pub mod shell;
pub mod state;
pub mod urls;
pub mod view;

pub use routes::router;
pub use state::App;
