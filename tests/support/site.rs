//! A site of a test's own on loopback: what it answers can be changed while it runs, and what it was asked is kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Response, header};

/// What a path is answered with.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// How long the answer takes.
    pub after: Duration,
}

/// A page as most are.
pub fn page(body: impl Into<Vec<u8>>) -> Page {
    Page { status: 200, body: body.into(), ..Page::default() }
}

pub fn status(status: u16) -> Page {
    Page { status, ..Page::default() }
}

impl Page {
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

#[derive(Clone)]
pub struct Site {
    base: String,
    pages: Arc<Mutex<HashMap<String, Page>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    /// In a runtime of its own, so that it answers whatever the test is busy with.
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let site = Self { base, pages: Arc::default(), asked: Arc::default() };
        let answering = site.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let router = Router::new().fallback(move |request: Request| {
                    let site = answering.clone();
                    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
                    let headers = request.headers().clone();
                    async move { site.answer(path, headers).await }
                });
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                axum::serve(listener, router).await.expect("a server");
            });
        });
        site
    }

    async fn answer(&self, path: String, headers: HeaderMap) -> Response<Body> {
        let page = self.pages.lock().expect("pages").get(&path).cloned().unwrap_or(status(404));
        let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok()).map(str::to_owned);
        self.asked.lock().expect("a list").push(path);
        tokio::time::sleep(page.after).await;
        let same = known.is_some_and(|known| page.headers.iter().any(|(name, value)| *name == "etag" && *value == known));
        let mut response = Response::builder().status(if same { 304 } else { page.status });
        for (name, value) in &page.headers {
            response = response.header(*name, value);
        }
        response.body(if same { Body::empty() } else { Body::from(page.body) }).expect("an answer")
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// What a path is answered with from now on.
    pub fn put(&self, path: &str, page: Page) {
        self.pages.lock().expect("pages").insert(path.to_owned(), page);
    }

    /// Paths asked for since the last time, in order; `robots.txt` aside.
    pub fn asked(&self) -> Vec<String> {
        let asked = std::mem::take(&mut *self.asked.lock().expect("a list"));
        asked.into_iter().filter(|path| path != "/robots.txt").collect()
    }
}
