//! `/data`: how to take the archive away, whole or in part, and how programs ask it.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use crate::ingest::dumps::{Set, SetFile};
use crate::model::archived::UNKNOWN_SOURCE;
use crate::model::date::long_day;
use crate::model::query::Facet;
use crate::reading::Overview;
use crate::web::error::Failure;
use crate::web::exports::Form;
use crate::web::exports::files::LATEST;
use crate::web::shell::{Shell, count, grouped};
use crate::web::state::App;
use crate::web::urls::{FeedForm, SearchUrl, TrendsUrl, Urls};
use crate::web::view::page;

#[derive(Template)]
#[template(path = "data.html")]
struct DataPage {
    shell: Shell,
    set: Option<SetView>,
    /// Whether this server makes files of the whole archive.
    kept: bool,
    /// A search as a file, in each form.
    exports: Vec<(&'static str, String)>,
    releases: String,
    search: String,
    trends: String,
    trends_csv: String,
    suggest: String,
    changes: String,
    oai: String,
    generation: i64,
    archive_id: String,
}

/// The whole archive as files.
struct SetView {
    generation: i64,
    /// "23 releases, as of 22 November 2026, 14:05 UTC"
    sentence: String,
    files: Vec<FileView>,
    rights: Vec<RightsView>,
    checksums: String,
    latest: String,
}

struct FileView {
    name: String,
    title: String,
    href: String,
    size: String,
    records: Option<String>,
    sha256: String,
}

struct RightsView {
    publisher: String,
    releases: String,
    licence: Option<String>,
}

pub async fn data(State(app): State<App>) -> Result<Response, Failure> {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let set = app.sets().latest();
    let trends = TrendsUrl { queries: vec!["resilience".into(), "deterrence".into()], ..TrendsUrl::default() };
    let mut shell = Shell::new(&app, "Data", &urls.data())
        .described("The archive to take away: whole as files, any search as a file, and by program, without a key.")
        .at("data");
    if let Some(set) = set.as_deref() {
        shell.things.push(dataset(&shell, set, &overview));
    }
    page(&DataPage {
        shell,
        set: set.as_deref().map(|set| SetView::of(set, urls)),
        kept: app.sets().are_kept(),
        exports: Form::ALL
            .into_iter()
            .map(|form| (form.label(), urls.search_export(&SearchUrl::words("defence"), form.extension())))
            .collect(),
        releases: urls.absolute(&urls.api_releases()),
        search: urls.absolute(&urls.api_search(&SearchUrl::words("defence"))),
        trends: urls.absolute(&urls.api_trends(&trends)),
        suggest: format!("{}?q=ukr", urls.absolute(&urls.suggest())),
        changes: urls.absolute(&urls.changes_feed(None)),
        trends_csv: urls.absolute(&urls.trends_csv(&trends)),
        oai: urls.absolute(&urls.oai()),
        generation: overview.generation.store,
        archive_id: overview.archive_id.clone(),
    })
}

/// What search engines for data read (schema.org).
fn dataset(shell: &Shell, set: &Set, overview: &Overview) -> Value {
    let urls = &shell.urls;
    let generation = set.generation.to_string();
    let files: Vec<Value> = set
        .files
        .iter()
        .filter(|file| file.records.is_some())
        .map(|file| {
            json!({
                "@type": "DataDownload",
                "name": file.name,
                "description": file.title,
                "encodingFormat": file.media_type,
                // Whoever reads this comes back when a set or two have gone.
                "contentUrl": urls.absolute(&urls.dump(LATEST, &file.name)),
                "contentSize": format!("{} B", file.bytes),
                "sha256": file.sha256,
            })
        })
        .collect();
    let licences: BTreeSet<&str> = set.rights.iter().filter_map(|(.., licence)| licence.as_deref()).collect();
    let mut dataset = json!({
        "@type": "Dataset",
        "@id": format!("{}#files", shell.canonical),
        "url": shell.canonical,
        "name": shell.site(),
        "description": "Press releases and other public statements with their texts as published, the date of each with what it rests on, topics, places \
                        and people, as files of one moment.",
        "identifier": format!("urn:nato-archive:{}", set.archive_id),
        "version": generation,
        "dateModified": set.made_at,
        "isAccessibleForFree": true,
        "distribution": files,
    });
    // What the archive covers by now may be more than the files do.
    if overview.generation.store == set.generation {
        let languages = overview.values(Facet::Lang).into_iter().map(|(tag, _)| tag).filter(|tag| *tag != "und");
        dataset["inLanguage"] = languages.collect();
        if let Some((first, last)) = overview.first().zip(overview.last()) {
            dataset["temporalCoverage"] = json!(format!("{first}/{last}"));
        }
    }
    // A publisher may stand there under several licences; one that is not known has made nothing.
    let mut publishers: Vec<&str> = Vec::new();
    for (publisher, ..) in &set.rights {
        if publisher != UNKNOWN_SOURCE.1 && !publishers.contains(&publisher.as_str()) {
            publishers.push(publisher);
        }
    }
    if !publishers.is_empty() {
        dataset["creator"] = publishers.iter().map(|publisher| json!({ "@type": "Organization", "name": publisher })).collect();
    }
    if !licences.is_empty() {
        dataset["license"] = json!(licences);
    }
    dataset
}

impl SetView {
    fn of(set: &Set, urls: &Urls) -> Self {
        let generation = set.generation.to_string();
        let link = |file: &SetFile| urls.dump(&generation, &file.name);
        let file = |file: &SetFile| FileView {
            name: file.name.clone(),
            title: file.title.clone(),
            href: link(file),
            size: size(file.bytes),
            records: file.records.map(|records| count(records, "release", "releases")),
            sha256: file.sha256.clone(),
        };
        let rights = set.rights.iter().map(|(publisher, releases, licence)| RightsView {
            publisher: publisher.clone(),
            releases: count(*releases, "release", "releases"),
            licence: licence.clone(),
        });
        Self {
            generation: set.generation,
            sentence: format!("{}, as of {}", count(set.releases, "release", "releases"), moment(&set.made_at)),
            files: set.files.iter().map(file).collect(),
            rights: rights.collect(),
            checksums: urls.dump(&generation, crate::ingest::dumps::CHECKSUMS),
            latest: urls.absolute(&urls.dump(LATEST, "releases.csv.gz")),
        }
    }
}

/// "22 November 2026, 14:05 UTC"
fn moment(at: &str) -> String {
    match chrono::DateTime::parse_from_rfc3339(at) {
        Ok(at) => format!("{}, {} UTC", long_day(at.naive_utc().date()), at.naive_utc().format("%H:%M")),
        Err(_) => at.to_owned(),
    }
}

/// A size as people say it, with the very number of bytes where it is small.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", grouped(bytes / 1_000_000), bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_moments_are_said() {
        assert_eq!(
            [0, 999, 1_000, 23_456, 1_250_000, 1_234_567_890].map(size),
            ["0 bytes", "999 bytes", "1 kB", "24 kB", "1.2 MB", "1,234.5 MB"]
        );
        assert_eq!(moment("2026-11-22T14:05:09Z"), "22 November 2026, 14:05 UTC");
        assert_eq!(moment("x"), "x");
    }
}
