//! The descriptor of a set (`datapackage.json`, Data Package 1) and its checksums, written and read back.

use std::io::Write;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::files::{Made, look_at};
use super::{FORM, Kit, failed};
use crate::ingest::Result;
use crate::store::{PublicHead, PublicState};

pub const DATABASE: &str = "archive.sqlite";
pub const DESCRIPTOR: &str = "datapackage.json";
/// As `sha256sum -c` reads them.
pub const CHECKSUMS: &str = "SHA256SUMS";

/// A set as it is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    pub archive_id: String,
    pub generation: i64,
    /// Of its state, as [`PublicState`] has it.
    pub mark: String,
    /// RFC 3339, UTC.
    pub made_at: String,
    pub homepage: String,
    pub form: u64,
    pub releases: u64,
    /// In the order in which they are listed.
    pub files: Vec<SetFile>,
    /// Publishers with how many releases, and under which terms where they are known.
    pub rights: Vec<(String, u64, Option<String>)>,
}

impl Set {
    /// The state of the archive that it holds.
    pub fn state(&self) -> PublicState {
        PublicState { archive_id: self.archive_id.clone(), generation: self.generation, mark: self.mark.clone() }
    }
}

/// A file of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetFile {
    pub name: String,
    /// What it holds, in a phrase.
    pub title: String,
    pub media_type: String,
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
    /// Releases in it; `None` for what describes the others.
    pub records: Option<u64>,
}

/// Writes descriptor and checksums, and says what the set is.
pub fn write(folder: &Path, kit: &Kit, head: &PublicHead, made: &[Made]) -> Result<Set> {
    let resources: Vec<Value> = made.iter().map(|made| resource(kit, made)).collect();
    let rights: Vec<Value> = head
        .rights
        .iter()
        .map(|rights| json!({ "publisher": rights.publisher, "releases": rights.releases, "licence": rights.licence }))
        .collect();
    let descriptor = json!({
        "profile": "data-package",
        "name": "press-releases",
        "id": format!("urn:nato-archive:{}:data:{}", head.state.archive_id, head.state.generation),
        "title": kit.title,
        "description": "Every release that the archive shows, as of one moment. The words belong to their publishers; `rights` says under which \
                        terms they may be used where the archive knows them, and null where it does not.",
        "homepage": kit.homepage,
        "version": head.state.generation.to_string(),
        "created": kit.made_at,
        "archive": {
            "id": head.state.archive_id, "generation": head.state.generation, "mark": head.state.mark, "form": FORM, "releases": head.releases
        },
        "rights": rights,
        "resources": resources,
    });
    let words = serde_json::to_string_pretty(&descriptor).map_err(|error| failed(&folder.join(DESCRIPTOR), &error.to_string()))?;
    put(folder, DESCRIPTOR, &format!("{words}\n"))?;
    let described = look_at(folder, DESCRIPTOR, 0)?;
    let sums: String = made.iter().chain([&described]).map(|made| format!("{}  {}\n", made.sha256, made.name)).collect();
    put(folder, CHECKSUMS, &sums)?;
    read(folder).ok_or_else(|| failed(folder, "what was written cannot be read back"))
}

fn resource(kit: &Kit, made: &Made) -> Value {
    let mut resource = Map::new();
    resource.insert("name".into(), made.name.split('.').take(2).collect::<Vec<_>>().join("-").to_lowercase().into());
    resource.insert("path".into(), made.name.clone().into());
    let rendering = kit.renderings.iter().find(|rendering| rendering.file() == made.name);
    resource.extend(rendering.map_or_else(database, |rendering| rendering.resource()));
    if made.name.ends_with(".gz") {
        resource.insert("compression".into(), "gz".into());
    }
    resource.insert("bytes".into(), made.bytes.into());
    resource.insert("hash".into(), format!("sha256:{}", made.sha256).into());
    resource.insert("records".into(), made.records.into());
    Value::Object(resource)
}

fn database() -> Map<String, Value> {
    let mut about = Map::new();
    about.insert("title".into(), "A database (SQLite) with tables of releases, older versions, topics, names, dates and sources".into());
    about.insert("format".into(), "sqlite".into());
    about.insert("mediatype".into(), "application/vnd.sqlite3".into());
    about
}

fn put(folder: &Path, name: &str, words: &str) -> Result<()> {
    let path = folder.join(name);
    let written = std::fs::File::create_new(&path).and_then(|mut file| {
        file.write_all(words.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| failed(&path, &error.to_string()))
}

/// What a descriptor says, as far as it is read back.
#[derive(Deserialize)]
struct Descriptor {
    created: String,
    homepage: String,
    archive: Archive,
    rights: Vec<Stated>,
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Archive {
    id: String,
    generation: i64,
    /// Sets of an earlier form have none, and go.
    #[serde(default)]
    mark: String,
    form: u64,
    releases: u64,
}

#[derive(Deserialize)]
struct Stated {
    publisher: String,
    releases: u64,
    licence: Option<String>,
}

#[derive(Deserialize)]
struct Resource {
    path: String,
    title: String,
    mediatype: String,
    bytes: u64,
    hash: String,
    records: u64,
}

/// The set in a folder; `None` where there is none that can be read.
pub fn read(folder: &Path) -> Option<Set> {
    let descriptor: Descriptor = serde_json::from_slice(&std::fs::read(folder.join(DESCRIPTOR)).ok()?).ok()?;
    let mut files: Vec<SetFile> = descriptor
        .resources
        .into_iter()
        .map(|resource| SetFile {
            // As it is sent: compressed, where it is.
            media_type: if resource.path.ends_with(".gz") { "application/gzip".to_owned() } else { resource.mediatype },
            sha256: resource.hash.strip_prefix("sha256:").unwrap_or_default().to_owned(),
            name: resource.path,
            title: resource.title,
            bytes: resource.bytes,
            records: Some(resource.records),
        })
        .collect();
    for (name, title, media_type) in [
        (DESCRIPTOR, "What the files are: columns, sizes, checksums, rights (Data Package)", "application/json"),
        (CHECKSUMS, "Checksums of all files, for sha256sum -c", "text/plain; charset=utf-8"),
    ] {
        let made = look_at(folder, name, 0).ok()?;
        let (name, title, media_type) = (made.name, title.to_owned(), media_type.to_owned());
        files.push(SetFile { name, title, media_type, bytes: made.bytes, sha256: made.sha256, records: None });
    }
    Some(Set {
        archive_id: descriptor.archive.id,
        generation: descriptor.archive.generation,
        mark: descriptor.archive.mark,
        made_at: descriptor.created,
        homepage: descriptor.homepage,
        form: descriptor.archive.form,
        releases: descriptor.archive.releases,
        files,
        rights: descriptor.rights.into_iter().map(|stated| (stated.publisher, stated.releases, stated.licence)).collect(),
    })
}
