//! The shapes of releases for whoever serves them elsewhere: files, streams, feeds. See [`shapes`](super::shapes).

use super::shapes::{FullRelease, Item, VersionFull};
use crate::model::{History, Release, ReleaseItem, Version};
use crate::web::urls::Urls;

/// A release in a list.
pub fn item(item: &ReleaseItem, urls: &Urls) -> Item {
    Item::of(item, urls)
}

/// Everything known of a release.
pub fn full_release(release: &Release, history: &History, urls: &Urls) -> FullRelease {
    FullRelease::of(release, history, urls)
}

/// A release as it once was.
pub fn version(version: &Version, release: &ReleaseItem, urls: &Urls) -> VersionFull {
    VersionFull::of(version, release, urls)
}
