//! One file a page (or a small family): handler, what its template is given.

pub mod about;
pub mod asset;
pub mod changes;
pub mod citing;
pub mod compare;
pub mod data;
pub mod dates;
pub mod error;
pub mod gone;
pub mod help;
pub mod history;
pub mod home;
pub mod linkset;
pub mod memento;
pub mod passages;
pub mod release;
pub mod release_past;
pub mod release_words;
pub mod search;
pub mod search_cite;
mod search_filters;
pub mod suggest;
pub mod topics;
pub mod trends;
pub mod versions;
