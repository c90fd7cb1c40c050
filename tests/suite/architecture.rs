//! The floors of `src/lib.rs`, held by reading the sources.

use std::path::{Path, PathBuf};

use regex::Regex;

/// Modules by floor, from the ground up. Modules of one floor are blind to each other, but for the top one, which wires everything.
const FLOORS: [&[&str]; 6] = [
    &["model"],
    &["import", "describe"],
    &["store", "index", "fetch"],
    &["ingest", "reading"],
    &["web"],
    &["cli", "config", "main", "lib", "build"],
];

/// Where each library may be named. A library that is not listed may be named anywhere but in `model`.
const HOMES: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    ("tantivy", &["index"]),
    ("reqwest", &["fetch"]),
    ("rustls", &["fetch"]),
    ("lettre", &["fetch"]),
    ("axum", &["web"]),
    ("askama", &["web"]),
    ("hyper", &["web"]),
    ("hyper_util", &["web"]),
    ("tower", &["web"]),
    ("tower_http", &["web"]),
    ("moka", &["web"]),
    ("clap", &["cli", "main"]),
    ("indicatif", &["cli"]),
    ("anyhow", &["cli"]),
    ("utoipa", &["web"]),
    ("rmcp", &["web"]),
    ("tokio", &["cli", "main", "web", "ingest", "index", "store", "fetch", "reading"]),
    ("rust_embed", &["ingest", "web"]),
];

/// Clocks and I/O that the domain never has, and the few places where the calendar is asked for today.
const OUTSIDE: &[(&str, &[&str])] = &[
    (r"\b(Utc|Local)::now\b|\bSystemTime\b", &["cli", "ingest"]),
    (r"\bInstant\b", &["cli", "ingest", "web", "index", "fetch"]),
    (r"\bstd::fs\b|\bFile::open\b|\btokio::fs\b", &["cli", "ingest", "index", "store", "main"]),
    (r"\bstd::env\b", &["main"]),
    (r"\b(println|eprintln|print|dbg)!", &["cli", "build", "main"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
}

/// Each source with its module and its code, comments and unit tests taken out.
fn modules() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 50, "the sources were not found");
    files
        .into_iter()
        .filter(|path| !path.components().any(|part| part.as_os_str() == "tests") && !path.ends_with("tests.rs"))
        .map(|path| {
            let inside = path.strip_prefix(&root).expect("a source").to_path_buf();
            let first = inside.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
            let code = std::fs::read_to_string(&path).expect("a source");
            let code = code.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or("");
            let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            (first.trim_end_matches(".rs").to_owned(), inside, code.join("\n"))
        })
        .collect()
}

fn floor(module: &str) -> usize {
    FLOORS.iter().position(|floor| floor.contains(&module)).unwrap_or_else(|| panic!("the module {module} has no floor"))
}

#[test]
fn no_module_imports_upwards_or_sideways() {
    let import = Regex::new(r"\b(?:crate|nato_archive)::(\w+|\{)").expect("a pattern");
    let mut wrong = Vec::new();
    for (module, path, code) in modules() {
        for found in import.captures_iter(&code) {
            let named = &found[1];
            // `lib.rs` only declares; items at the root would hide where they belong.
            assert_ne!(named, "{", "{}: one `use` a module, so that its floor can be seen", path.display());
            let same_floor_is_fine = floor(&module) == FLOORS.len() - 1;
            let below = floor(named) < floor(&module) || (same_floor_is_fine && floor(named) == floor(&module));
            if named != module && !below {
                wrong.push(format!("{} names crate::{named}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn libraries_clocks_and_files_stay_on_their_floor() {
    let mut wrong = Vec::new();
    let libraries = HOMES.iter().map(|(library, homes)| (format!(r"\b{library}::|\buse {library}\b|#\[{library}\b"), *homes));
    let rules: Vec<(Regex, &[&str])> = libraries
        .chain(OUTSIDE.iter().map(|(pattern, homes)| ((*pattern).to_owned(), *homes)))
        .map(|(pattern, homes)| (Regex::new(&pattern).expect("a pattern"), homes))
        .collect();
    for (module, path, code) in modules() {
        for (pattern, homes) in &rules {
            if let Some(found) = pattern.find(&code).filter(|_| !homes.contains(&module.as_str())) {
                wrong.push(format!("{} names {}", path.display(), found.as_str()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_is_public_and_has_a_floor() {
    let lib = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("lib.rs");
    let declared: Vec<&str> = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(declared.len() >= 10, "{declared:?}");
    declared.iter().for_each(|module| assert!(floor(module) < FLOORS.len()));
    // The table in the documentation is the one that is tested.
    for module in declared {
        let row = lib.lines().find(|line| line.starts_with("//! |") && line.contains(&format!("[`{module}`]")));
        assert!(row.is_some_and(|row| row.starts_with(&format!("//! | {} |", floor(module)))), "{module} stands elsewhere in the table");
    }
}
