//! A release made ready for whatever looks for words in it: folded, and its parts told apart, once for all.

use super::folded::Folded;
use super::topics::Zones;
use crate::model::ParsedRelease;

/// A release with its folded text and its parts.
pub(super) struct Prepared<'r> {
    pub release: &'r ParsedRelease,
    pub text: Folded<'r>,
    pub zones: Zones,
}

impl<'r> Prepared<'r> {
    pub fn of(release: &'r ParsedRelease) -> Self {
        Self { release, text: Folded::new(&release.text), zones: Zones::of(release) }
    }
}
