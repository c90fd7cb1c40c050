//! `/api/v1`: the archive for programs, read-only. What it is described as ([`openapi`]) is made from the code that answers.

mod answer;
mod changes;
pub mod cite;
pub mod cors;
mod cursor;
mod docs;
mod fields;
pub mod json;
mod list;
mod names;
pub mod openapi;
pub mod params;
pub mod problem;
mod release;
mod root;
pub mod search;
pub mod shapes;
pub mod tidy;

pub use changes::changes;
pub use cite::cite;
pub use docs::docs;
pub use list::releases;
pub use names::{mentions, resolve, topic, topics};
pub use release::{mentions as release_mentions, release, version, versions};
pub use root::{description, root};
pub use search::{facets, search, trends};
