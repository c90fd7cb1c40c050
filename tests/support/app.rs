//! An archive without a network: a fresh folder, documents loaded as the program loads them, requests straight to the router.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use chrono::NaiveDate;
use http_body_util::BodyExt;
use nato_archive::index::SearchIndex;
use nato_archive::ingest::{Loader, Quiet, Report, Source};
use nato_archive::reading::Archive;
use nato_archive::store::{ArchiveStore, connect};
use nato_archive::web::finding::security::Contact;
use nato_archive::web::{self, App};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

use super::answer::Answer;

/// Where readers reach a test's archive, unless the test says otherwise.
pub const BASE: &str = "https://archive.example";

/// The only day that pages of a test know.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day")
}

/// One text document.
pub fn text(name: &str, words: &str) -> Source {
    Source::Embedded { name: name.into(), bytes: words.into(), sidecar: None }
}

/// One NDJSON document, an object a line.
pub fn ndjson(name: &str, objects: &[Value]) -> Source {
    let lines: Vec<String> = objects.iter().map(Value::to_string).collect();
    text(name, &format!("{}\n", lines.join("\n")))
}

/// What a test's archive is made of.
#[derive(Default)]
pub struct Builder {
    base: Option<&'static str>,
    sources: Vec<Source>,
    contact: Option<Contact>,
}

impl Builder {
    pub fn at(mut self, base: &'static str) -> Self {
        self.base = Some(base);
        self
    }

    pub fn with(mut self, source: Source) -> Self {
        self.sources.push(source);
        self
    }

    /// Where the owner says that they can be reached.
    pub fn reached_by(mut self, contact: Contact) -> Self {
        self.contact = Some(contact);
        self
    }

    pub fn with_seeds(mut self) -> Self {
        self.sources.extend(Source::seeds());
        self
    }

    pub async fn start(self) -> TestApp {
        let folder = tempfile::tempdir().expect("a folder");
        let store = connect(&format!("sqlite:{}", folder.path().join("archive.db").display())).await.expect("a store");
        let index = Arc::new(SearchIndex::open(&folder.path().join("index")).expect("an index").index);
        let archive = Arc::new(Archive::new(store.clone(), index.clone()).await.expect("an archive"));
        let app = App::new(Arc::clone(&archive), self.base.unwrap_or(BASE), today).expect("a base URL");
        let app = app.living_in(folder.path(), nato_archive::ingest::Clock::system()).with_contact(self.contact);
        let prefix = app.urls().prefix().to_owned();
        let test = TestApp { folder, store, index, archive, router: web::router(app.clone()), web: app, prefix };
        if !self.sources.is_empty() {
            let report = test.load(&self.sources).await;
            assert!(report.refusals.is_empty(), "{:?}", report.refusals);
        }
        test
    }
}

/// A running archive; its folder goes with it.
pub struct TestApp {
    folder: TempDir,
    pub store: Arc<dyn ArchiveStore>,
    pub index: Arc<SearchIndex>,
    pub archive: Arc<Archive>,
    pub router: Router,
    /// What its handlers reach.
    pub web: App,
    prefix: String,
}

impl TestApp {
    pub async fn seeds() -> Self {
        Builder::default().with_seeds().start().await
    }

    pub async fn empty() -> Self {
        Builder::default().start().await
    }

    pub async fn of(objects: &[Value]) -> Self {
        Builder::default().with(ndjson("given.ndjson", objects)).start().await
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("archive.db")
    }

    pub fn data_dir(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub fn index_dir(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    /// The same archive, served where it is always the same moment.
    pub fn when(&self, now: &str) -> Router {
        let app = App::new(Arc::clone(&self.archive), BASE, today).expect("a base URL");
        web::router(app.living_in(self.data_dir(), nato_archive::ingest::Clock::fixed(now)))
    }

    /// Loads as `import` does, and lets the pages know.
    pub async fn load(&self, sources: &[Source]) -> Report {
        let mut report = Report::default();
        let loader = Loader::new(self.store.clone(), nato_archive::ingest::Clock::system()).await.expect("a loader");
        loader.load(sources, &self.index, &mut report, &mut Quiet).await.expect("a load");
        self.archive.refresh().await.expect("a refresh");
        report
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }

    pub async fn head(&self, path: &str) -> Answer {
        self.ask(Method::HEAD, path, &[]).await
    }

    /// `path` is as it stands in a page, with the prefix of the base URL where there is one.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        // As a running server does by itself.
        self.archive.refresh().await.expect("a refresh");
        self.ask_of(&self.router, method, path, headers).await
    }

    /// [`ask`](Self::ask) of another server of the archive, which looks for nothing new by itself.
    pub async fn ask_of(&self, router: &Router, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        // The server takes the prefix off before the router sees it.
        let routed = path.strip_prefix(&self.prefix).unwrap_or(path);
        let routed = if routed.is_empty() { "/" } else { routed };
        let mut request = Request::builder().method(method).uri(routed);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap_or_else(|error| panic!("{path}: {error}"));
        let response = router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        Answer { path: path.to_owned(), status: parts.status, headers: parts.headers, body }
    }

    /// Sends a body.
    pub async fn send(&self, path: &str, content_type: &str, body: &str) -> Answer {
        let request = Request::builder().method(Method::POST).uri(path).header("content-type", content_type);
        let response = self.router.clone().oneshot(request.body(Body::from(body.to_owned())).expect("a request")).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        Answer { path: path.to_owned(), status: parts.status, headers: parts.headers, body }
    }

    /// Every release as the list of programs gives it, newest first.
    pub async fn items(&self) -> Vec<Value> {
        let answer = self.get(&format!("{}/api/v1/releases?limit=100", self.prefix)).await.ok().json();
        answer["items"].as_array().expect("items").clone()
    }

    /// Everything known of every release.
    pub async fn releases(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for item in self.items().await {
            all.push(self.get(&format!("/api/v1/releases/{}", word(&item["id"]))).await.ok().json());
        }
        all
    }

    /// Path of the page of the first release whose title begins so.
    pub async fn permalink(&self, title: &str) -> String {
        let items = self.items().await;
        let item = items.iter().find(|item| word(&item["title"]).starts_with(title));
        path_of(word(&item.unwrap_or_else(|| panic!("no release is called {title}"))["url"])).to_owned()
    }
}

/// Words of a JSON value.
#[track_caller]
pub fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no words: {value}"))
}

/// The path of an absolute address.
pub fn path_of(url: &str) -> &str {
    url.splitn(4, '/').nth(3).map_or("/", |rest| &url[url.len() - rest.len() - 1..])
}
