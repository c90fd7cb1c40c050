//! A program of a test's own that is sent messages: each is kept with its headers, and answered as the test likes.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use http_body_util::BodyExt;
use serde_json::Value;

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Posted {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Posted {
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_else(|| panic!("no header {name}"))
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

/// A status and headers.
type Answer = (u16, Vec<(&'static str, String)>);

#[derive(Clone)]
pub struct Hook {
    pub base: String,
    came: Arc<Mutex<Vec<Posted>>>,
    answer: Arc<Mutex<Answer>>,
}

impl Hook {
    /// In a runtime of its own, so that it answers whatever the test is busy with.
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let hook = Self { base, came: Arc::default(), answer: Arc::new(Mutex::new((204, Vec::new()))) };
        let answering = hook.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let router = Router::new().fallback(move |request: Request| {
                    let hook = answering.clone();
                    async move { hook.take(request).await }
                });
                axum::serve(tokio::net::TcpListener::from_std(listener).expect("a listener"), router).await.expect("a server");
            });
        });
        hook
    }

    async fn take(&self, request: Request) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        self.came.lock().expect("a list").push(Posted { path: parts.uri.path().to_owned(), headers: parts.headers, body });
        let (status, headers) = self.answer.lock().expect("an answer").clone();
        let response = headers.into_iter().fold(Response::builder().status(status), |response, (name, value)| response.header(name, value));
        response.body(Body::empty()).expect("an answer")
    }

    /// How messages are answered from now on.
    pub fn answer(&self, status: u16, headers: &[(&'static str, String)]) {
        *self.answer.lock().expect("an answer") = (status, headers.to_vec());
    }

    /// Messages since the last time, in order.
    pub fn came(&self) -> Vec<Posted> {
        std::mem::take(&mut *self.came.lock().expect("a list"))
    }
}
