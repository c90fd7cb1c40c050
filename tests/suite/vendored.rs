//! Files of others are what their manifest says; `tests/vendored` compares them with the registry's packages.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use nato_archive::import::sha256_hex;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("static/vendor")
}

fn files(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            files(&entry, found);
        } else {
            found.insert(entry);
        }
    }
}

#[test]
fn every_vendored_file_is_pinned_by_its_checksum() {
    let manifest = std::fs::read_to_string(folder().join("MANIFEST.tsv")).expect("a manifest");
    let mut pinned = BTreeSet::from([folder().join("MANIFEST.tsv")]);
    let mut licensed: BTreeSet<String> = BTreeSet::new();
    let mut packages: BTreeSet<String> = BTreeSet::new();
    for row in manifest.lines().filter(|row| !row.starts_with('#') && !row.is_empty()) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [package, version, _, file, sha256] = columns[..] else { panic!("five columns: {row}") };
        assert!(version.split('.').count() == 3 && version.split('.').all(|part| part.parse::<u32>().is_ok()), "one version: {row}");
        let path = folder().join(file);
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(sha256_hex(&bytes), sha256, "{file} is not the file of {package} {version}");
        assert!(pinned.insert(path), "{file} is there twice");
        packages.insert(package.to_owned());
        if file.to_uppercase().ends_with("LICENSE") {
            licensed.insert(package.to_owned());
        }
    }
    let mut there = BTreeSet::new();
    files(&folder(), &mut there);
    assert_eq!(there, pinned, "what is there is what the manifest names");
    assert_eq!(licensed, packages, "each package has its licence beside it");
}
