//! One file a page (or a small family): handler, what its template is given.

pub mod about;
pub mod asset;
pub mod dates;
pub mod error;
pub mod help;
pub mod home;
pub mod passages;
pub mod release;
pub mod search;
pub mod suggest;
pub mod topics;
pub mod trends;
