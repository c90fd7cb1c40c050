//! Where the test collections are: real texts that are no part of the project.

use std::path::PathBuf;

/// The named files of the folder in `NATO_ARCHIVE_CORPORA` (`../shared/corpora` where it is not set); says so and gives `None` where one of
/// them is missing.
pub fn corpora(names: &[&str]) -> Option<Vec<PathBuf>> {
    let folder = std::env::var("NATO_ARCHIVE_CORPORA").map_or_else(|_| PathBuf::from("../shared/corpora"), PathBuf::from);
    let files: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    if let Some(missing) = files.iter().find(|path| !path.exists()) {
        println!(
            "{} is not there: set NATO_ARCHIVE_CORPORA to the folder of the test collections. Nothing was measured.",
            missing.display()
        );
        return None;
    }
    Some(files)
}
