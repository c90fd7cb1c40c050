//! Fetching from a server of the test's own, which can be as slow, large and devious as it likes.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use async_trait::async_trait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// What a path is answered with: bytes as they go over the line, and whether they then stop coming without an end.
type Answers = fn(&str, &Server) -> Vec<Vec<u8>>;

struct Server {
    address: SocketAddr,
    /// Heads of requests, in the order in which they came.
    seen: Mutex<Vec<String>>,
}

impl Server {
    async fn start(answers: Answers) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = Arc::new(Self { address: listener.local_addr().expect("an address"), seen: Mutex::default() });
        let started = Arc::clone(&server);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&server), answers));
            }
        });
        started
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn asked(&self, path: &str) -> usize {
        self.seen.lock().expect("a list").iter().filter(|head| head.starts_with(&format!("GET {path} "))).count()
    }
}

async fn answer(mut stream: TcpStream, server: Arc<Server>, answers: Answers) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte).await {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
    server.seen.lock().expect("a list").push(head);
    for piece in answers(&path, &server) {
        // An empty piece stands for a server that dawdles.
        if piece.is_empty() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        if stream.write_all(&piece).await.is_err() {
            return;
        }
    }
}

fn with(status: u16, headers: &str, body: &[u8]) -> Vec<Vec<u8>> {
    let head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    vec![[head.as_bytes(), body].concat()]
}

fn quick() -> Policy {
    Policy { allow_private: true, delay: Duration::ZERO, timeout: Duration::from_secs(20), ..Policy::default() }
}

async fn get(policy: Policy, url: &str) -> Result<Fetched, FetchError> {
    Fetcher::new(policy)?.fetch(url, &Validators::default()).await
}

async fn fault(policy: Policy, url: &str) -> (Fault, String) {
    let error = get(policy, url).await.expect_err(url);
    (error.fault, error.to_string())
}

#[tokio::test]
async fn a_document_comes_with_what_its_server_says_of_it() {
    let server = Server::start(|path, _| match path {
        "/old" => with(301, "Location: /new#top\r\n", b"moved"),
        "/new" => with(200, "Content-Type: text/html; charset=ISO-8859-1\r\nETag: \"one\"\r\n", b"caf\xe9"),
        _ => with(404, "", b""),
    })
    .await;
    let policy = Policy { contact: Some("https://archive.example/about".into()), ..quick() };
    let Fetched::Body(body) = get(policy, &server.url("/old")).await.expect("a document") else { panic!("nothing new") };
    assert_eq!((body.bytes.as_slice(), body.final_url.as_str()), (&b"caf\xe9"[..], server.url("/new").as_str()));
    assert!(body.moved);
    assert_eq!((body.content_type.as_deref(), body.charset.as_deref()), (Some("text/html"), Some("iso-8859-1")));
    assert_eq!(body.validators, Validators { etag: Some("\"one\"".into()), last_modified: None });
    assert_eq!(server.asked("/robots.txt"), 1, "once a site");
    let head = server.seen.lock().expect("a list")[1].to_ascii_lowercase();
    for words in ["user-agent: nato-archive/", "archive of public statements; +https://archive.example/about)", "accept-encoding: gzip"] {
        assert!(head.contains(words), "{words}: {head}");
    }
    assert!(!head.contains("cookie") && !head.contains("referer"), "{head}");
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let server = Server::start(|path, server| {
        let conditional = server.seen.lock().expect("a list").last().is_some_and(|head| head.contains("if-none-match: \"one\""));
        match path {
            "/feed" if conditional => with(304, "ETag: \"one\"\r\n", b""),
            "/feed" => with(200, "ETag: \"one\"\r\n", b"words"),
            _ => with(404, "", b""),
        }
    })
    .await;
    let fetcher = Fetcher::new(quick()).expect("a fetcher");
    let Ok(Fetched::Body(body)) = fetcher.fetch(&server.url("/feed"), &Validators::default()).await else { panic!("no document") };
    assert_eq!(fetcher.fetch(&server.url("/feed"), &body.validators).await, Ok(Fetched::NotModified));
}

#[tokio::test]
async fn answers_are_bounded_in_size_before_and_after_unpacking() {
    let server = Server::start(|path, _| match path {
        "/announced" => vec![b"HTTP/1.1 200 X\r\nContent-Length: 99999999999\r\n\r\n".to_vec()],
        "/unannounced" => {
            let mut pieces = vec![b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n".to_vec()];
            pieces.extend(std::iter::repeat_n(vec![b'x'; 1 << 16], 64));
            pieces
        }
        "/bomb" => {
            use std::io::Write;
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            let zeros = vec![0; 1 << 20];
            (0..8).for_each(|_| packer.write_all(&zeros).expect("a packer"));
            with(200, "Content-Encoding: gzip\r\n", &packer.finish().expect("a packer"))
        }
        "/broken" => with(200, "Content-Encoding: gzip\r\n", b"this is not packed"),
        "/heads" => {
            let headers: String = (0..200).map(|number| format!("X-{number}: y\r\n")).collect();
            with(200, &headers, b"words")
        }
        "/long" => with(200, &format!("X: {}\r\n", "y".repeat(1 << 20)), b"words"),
        "/fits" => with(200, "", &vec![b'x'; 1 << 20]),
        _ => with(404, "", b""),
    })
    .await;
    let policy = || Policy { max_bytes: 1 << 20, ..quick() };
    for path in ["/announced", "/unannounced", "/bomb"] {
        let (fault, told) = fault(policy(), &server.url(path)).await;
        assert!(fault == Fault::Refused && told.contains("larger than 1 MiB"), "{path}: {told}");
    }
    for path in ["/broken", "/heads", "/long"] {
        assert_eq!(fault(policy(), &server.url(path)).await.0, Fault::Passing, "{path}");
    }
    assert!(get(policy(), &server.url("/fits")).await.is_ok());
}

#[tokio::test]
async fn a_server_that_dawdles_is_left() {
    let server = Server::start(|path, _| match path {
        "/slow" => {
            let mut pieces = vec![b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\nx".to_vec()];
            // It keeps sending, only never fast enough.
            pieces.extend((0..100).flat_map(|_| [Vec::new(), vec![b'x']]));
            pieces
        }
        _ => with(404, "", b""),
    })
    .await;
    let started = Instant::now();
    let (fault, told) = fault(Policy { timeout: Duration::from_millis(700), ..quick() }, &server.url("/slow")).await;
    assert!(fault == Fault::Passing && told.contains("did not come within 0.7 s"), "{told}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn redirects_end() {
    let server = Server::start(|path, server| match path {
        "/circle" => with(302, "Location: /round\r\n", b""),
        "/round" => with(307, "Location: circle\r\n", b""),
        "/nowhere" => with(302, "", b""),
        "/inside" => with(302, &format!("Location: http://127.0.0.2:{}/secret\r\n", server.address.port()), b""),
        "/robots.txt" => with(404, "", b""),
        path => match path.trim_start_matches("/chain/").parse::<u32>() {
            Ok(0) => with(200, "", b"words"),
            Ok(left) => with(308, &format!("Location: /chain/{}\r\n", left - 1), b""),
            Err(_) => with(404, "", b""),
        },
    })
    .await;
    assert!(get(quick(), &server.url("/chain/5")).await.is_ok());
    for (path, words) in [("/chain/6", "more than 5 times"), ("/circle", "in a circle"), ("/nowhere", "does not say where to")] {
        let (fault, told) = fault(quick(), &server.url(path)).await;
        assert!(fault == Fault::Refused && told.contains(words), "{path}: {told}");
    }
    // A public server (here the one address that is let through) that sends its visitors to one behind the wall.
    let only_here: Permitted = |address| address == IpAddr::from([127, 0, 0, 1]);
    let fetcher = Fetcher::with(Policy { allow_private: false, ..quick() }, System, only_here).expect("a fetcher");
    let error = fetcher.fetch(&server.url("/inside"), &Validators::default()).await.expect_err("a private address");
    assert!(error.fault == Fault::Refused && error.to_string().contains("127.0.0.2, which is no public address"), "{error}");
    assert_eq!(server.asked("/secret"), 0);
}

/// A name whose server answers with another address each time it is asked.
struct Rebinding(Mutex<Vec<IpAddr>>);

#[async_trait]
impl Lookup for Rebinding {
    async fn addresses(&self, _: &str) -> std::io::Result<Vec<IpAddr>> {
        Ok(self.0.lock().expect("a list").pop().into_iter().collect())
    }
}

#[tokio::test]
async fn a_name_that_changes_its_address_leads_nowhere() {
    let server = Server::start(|_, _| with(200, "", b"")).await;
    let only_here: Permitted = |address| address == IpAddr::from([127, 0, 0, 1]);
    // First the permitted address, for robots.txt; then one behind the wall.
    let answers = Rebinding(Mutex::new(vec![IpAddr::from([127, 0, 0, 2]), IpAddr::from([127, 0, 0, 1])]));
    let fetcher = Fetcher::with(Policy { allow_private: false, ..quick() }, answers, only_here).expect("a fetcher");
    // The port of a test's server is a high one, which is allowed.
    let url = format!("http://rebinding.example:{}/secret", server.address.port());
    let error = fetcher.fetch(&url, &Validators::default()).await.expect_err("a private address");
    assert!(error.to_string().contains("127.0.0.2, which is no public address"), "{error}");
    assert_eq!((server.asked("/robots.txt"), server.asked("/secret")), (1, 0));
}

#[tokio::test]
async fn what_is_private_is_refused_by_default() {
    let server = Server::start(|_, _| with(200, "", b"secret")).await;
    let port = server.address.port();
    for host in ["127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]"] {
        let (fault, told) = fault(Policy { allow_private: false, ..quick() }, &format!("http://{host}:{port}/")).await;
        assert!(fault == Fault::Refused && told.contains("--allow-private"), "{host}: {told}");
    }
    assert!(server.seen.lock().expect("a list").is_empty(), "not one request was sent");
}

#[tokio::test]
async fn a_site_that_wants_no_programs_is_left_alone() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => with(301, "Location: /real-robots.txt\r\n", b""),
        "/real-robots.txt" => with(200, "", b"User-agent: *\nDisallow: /private\nAllow: /private/press\n"),
        "/moves" => with(302, "Location: /private/x\r\n", b""),
        _ => with(200, "", b"words"),
    })
    .await;
    let fetcher = Fetcher::new(quick()).expect("a fetcher");
    for (path, allowed) in [("/news?private", true), ("/private/press/1", true), ("/private/x", false), ("/moves", false)] {
        let answer = fetcher.fetch(&server.url(path), &Validators::default()).await;
        assert_eq!(answer.is_ok(), allowed, "{path}");
        assert!(answer.map_or_else(|error| error.to_string().contains("robots.txt does not allow"), |_| true), "{path}");
    }
    assert_eq!((server.asked("/real-robots.txt"), server.asked("/private/x")), (1, 0));
}

#[tokio::test]
async fn a_site_whose_rules_cannot_be_read_is_left_alone_for_now() {
    for (status, allowed) in [(404, true), (403, true), (410, true), (500, false), (503, false), (429, false)] {
        let answers: Answers = match status {
            404 => |path, _| with(if path == "/robots.txt" { 404 } else { 200 }, "", b"words"),
            403 => |path, _| with(if path == "/robots.txt" { 403 } else { 200 }, "", b"words"),
            410 => |path, _| with(if path == "/robots.txt" { 410 } else { 200 }, "", b"words"),
            500 => |path, _| with(if path == "/robots.txt" { 500 } else { 200 }, "", b"words"),
            503 => |path, _| with(if path == "/robots.txt" { 503 } else { 200 }, "", b"words"),
            _ => |path, _| with(if path == "/robots.txt" { 429 } else { 200 }, "", b"words"),
        };
        let server = Server::start(answers).await;
        let answer = get(quick(), &server.url("/feed")).await;
        assert_eq!(answer.is_ok(), allowed, "{status}: {answer:?}");
        if let Err(error) = answer {
            assert!(error.fault == Fault::Passing && error.to_string().contains("robots.txt cannot be read"), "{error}");
            assert_eq!(server.asked("/feed"), 0);
        }
    }
}

#[tokio::test]
async fn requests_to_one_site_keep_a_distance() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => with(200, "", b"User-agent: *\nCrawl-delay: 0.3\n"),
        _ => with(200, "", b"words"),
    })
    .await;
    let fetcher = Fetcher::new(quick()).expect("a fetcher");
    let started = Instant::now();
    for path in ["/1", "/2", "/3"] {
        fetcher.fetch(&server.url(path), &Validators::default()).await.expect("words");
    }
    assert!(started.elapsed() >= Duration::from_millis(600), "{:?}", started.elapsed());
}

#[tokio::test]
async fn statuses_say_what_to_do() {
    let server = Server::start(|path, _| match path {
        "/429" => with(429, "Retry-After: 90\r\n", b""),
        "/robots.txt" => with(404, "", b""),
        path => with(path.trim_start_matches('/').parse().unwrap_or(404), "", b""),
    })
    .await;
    for (status, meant) in [
        (410, Fault::Gone),
        (404, Fault::Missing),
        (403, Fault::Missing),
        (429, Fault::Later(Some(Wait::For(Duration::from_secs(90))))),
        (503, Fault::Later(None)),
        (500, Fault::Passing),
        (304, Fault::Passing),
    ] {
        let (fault, told) = fault(quick(), &server.url(&format!("/{status}"))).await;
        assert_eq!(fault, meant, "{told}");
        assert!(told.starts_with("http://") && told.ends_with('.') && told.contains(&status.to_string()), "{told}");
    }
    // A server that does not speak TLS.
    let (passing, told) = fault(quick(), &server.url("/feed").replace("http:", "https:")).await;
    assert!(passing == Fault::Passing && told.contains("no connection can be made"), "{told}");
    // Taken, so that nobody else gets it, and not listened on.
    let taken = tokio::net::TcpSocket::new_v4().expect("a socket");
    taken.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let closed = taken.local_addr().expect("an address");
    let (fault, told) = fault(quick(), &format!("http://{closed}/")).await;
    assert!(fault == Fault::Passing && told.contains("no connection can be made"), "{told}");
}
