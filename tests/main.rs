//! The archive from outside: everything but the browser, in one binary, since each links the search engine.

mod suite;
mod support;
