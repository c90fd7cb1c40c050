//! What tests are written with: an archive in a folder of its own, answers that are asked what they are, pages that are read as HTML.

pub mod answer;
pub mod app;
pub mod crash;
pub mod hook;
pub mod mail;
pub mod outline;
pub mod page;
pub mod past;
pub mod process;
pub mod schema;
pub mod site;
