//! Chromium, driven through its driver: a process and a session for each test, both ended whatever happens.

use std::future::Future;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::wd::{TimeoutConfiguration, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::Server;

/// How long a slow machine is waited for. Nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(30);

pub const TAB: char = '\u{e004}';
pub const ENTER: char = '\u{e007}';
pub const ESCAPE: char = '\u{e00c}';
pub const DOWN: char = '\u{e015}';
pub const SPACE: char = ' ';

/// What the pages are read with.
#[derive(Clone, Copy)]
pub struct Reader {
    pub scripts: bool,
    pub dark: bool,
    pub width: u32,
}

impl Default for Reader {
    fn default() -> Self {
        Self { scripts: true, dark: false, width: 1280 }
    }
}

/// A program of the machine, under any of its names.
fn installed(variable: &str, names: &[&str]) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let folders: Vec<PathBuf> = std::env::var_os("PATH").map(|paths| std::env::split_paths(&paths).collect()).unwrap_or_default();
    let found = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!(
            "{} is not installed. On Debian: apt-get install chromium chromium-driver. Elsewhere install Chromium or Chrome with its \
             driver, or name the program in {variable}.",
            names[0]
        )
    })
}

/// The driver's process.
struct Driver {
    child: Child,
    address: String,
}

impl Driver {
    fn start() -> Self {
        let mut child = Command::new(installed("CHROMEDRIVER", &["chromedriver"]))
            .args(["--port=0", "--log-level=SEVERE"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let port = lines.find_map(|line| line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse::<u16>().ok());
        // What it says later is read on, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let address = format!("http://127.0.0.1:{}", port.expect("chromedriver did not say its port"));
        Self { child, address }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server with the seeds and a browser that looks at it.
pub async fn with_browser<F, Done>(reader: Reader, test: F)
where
    F: FnOnce(Browser) -> Done,
    Done: Future<Output = ()> + Send + 'static,
{
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[]);
    with_browser_at(&server, reader, test).await;
}

/// A browser that looks at a server.
pub async fn with_browser_at<F, Done>(server: &Server, reader: Reader, test: F)
where
    F: FnOnce(Browser) -> Done,
    Done: Future<Output = ()> + Send + 'static,
{
    let profile: TempDir = tempfile::tempdir().expect("a folder");
    let driver = Driver::start();
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    let mut builder = ClientBuilder::new(connector);
    builder.capabilities(capabilities(&profile, reader).as_object().expect("an object").clone());
    let client = builder.connect(&driver.address).await.expect("a session");
    let timeouts = TimeoutConfiguration::new(Some(PATIENCE * 3), Some(PATIENCE * 3), Some(Duration::ZERO));
    client.update_timeouts(timeouts).await.expect("timeouts");
    let browser = Browser { client: client.clone(), base: server.base.clone() };
    browser.shape(reader).await;
    let done = tokio::spawn(test(browser)).await;
    // The browser ends before its driver does, or it would be left alone.
    let _ = client.close().await;
    drop(driver);
    if let Err(error) = done {
        std::panic::resume_unwind(error.into_panic());
    }
}

fn capabilities(profile: &TempDir, reader: Reader) -> Value {
    let profile = format!("--user-data-dir={}", profile.path().display());
    let javascript = if reader.scripts { 1 } else { 2 };
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": {
            "binary": installed("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"]),
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1280,900", profile,
            ],
            "prefs": { "profile.managed_default_content_settings.javascript": javascript },
        },
    })
}

/// A command of the DevTools protocol, passed on by the driver.
#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(self.0.to_string()))
    }
}

#[derive(Clone)]
pub struct Browser {
    pub client: Client,
    pub base: String,
}

impl Browser {
    pub async fn dev_tools(&self, command: &str, parameters: Value) -> Value {
        let sent = self.client.issue_cmd(DevTools(json!({ "cmd": command, "params": parameters }))).await;
        sent.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Width and colour scheme, from the next page on.
    pub async fn shape(&self, reader: Reader) {
        let size = json!({ "width": reader.width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.dev_tools("Emulation.setDeviceMetricsOverride", size).await;
        // The width is the page's alone, as where scroll bars lie over it.
        self.dev_tools("Emulation.setScrollbarsHidden", json!({ "hidden": true })).await;
        let scheme = if reader.dark { "dark" } else { "light" };
        // Scrolling at once, so that what is looked at has arrived.
        let still = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }, still] });
        self.dev_tools("Emulation.setEmulatedMedia", media).await;
    }

    /// Opens a path of the archive.
    pub async fn open(&self, path: &str) {
        let address = format!("{}{path}", self.base);
        self.client.goto(&address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// The value of an expression in the page.
    pub async fn value(&self, expression: &str) -> Value {
        let value = self.client.execute(&format!("return ({expression});"), Vec::new()).await;
        value.unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    pub async fn words(&self, expression: &str) -> String {
        let value = self.value(expression).await;
        value.as_str().unwrap_or_else(|| panic!("{expression} is {value}")).to_owned()
    }

    pub async fn number(&self, expression: &str) -> f64 {
        let value = self.value(expression).await;
        value.as_f64().unwrap_or_else(|| panic!("{expression} is {value}"))
    }

    /// Waits until an expression holds. A page that is just being left counts as not yet.
    pub async fn until(&self, expression: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            let held = self.client.execute(&format!("return document.readyState === 'complete' && !!({expression});"), Vec::new()).await;
            if held.as_ref().is_ok_and(|held| held == &Value::Bool(true)) {
                return;
            }
            if Instant::now() > until {
                panic!("never: {expression}, at {:?} ({held:?})", self.client.current_url().await.map(|url| url.to_string()));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits for a page whose path is this.
    pub async fn at(&self, path: &str) {
        self.until(&format!("location.pathname === {}", json!(path))).await;
    }

    pub async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        found.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// Clicks with the mouse where an element is seen. What lies over it takes the click, and is told.
    pub async fn click(&self, css: &str) {
        self.find(css).await;
        let place = self
            .value(&format!(
                "(it => {{ it.scrollIntoView({{ block: 'center', behavior: 'instant' }}); const box = it.getClientRects()[0]; \
                 if (!box) return 'it is not shown'; const x = box.x + box.width / 2, y = box.y + box.height / 2, on = document.elementFromPoint(x, y); \
                 return it.contains(on) || it.closest('label')?.contains(on) ? [x, y] : 'there is ' + on?.outerHTML.slice(0, 100); }}) \
                 (document.querySelector({}))",
                json!(css)
            ))
            .await;
        let (Some(x), Some(y)) = (place[0].as_f64(), place[1].as_f64()) else { panic!("{css}: {place}") };
        let click = MouseActions::new("mouse".into())
            .then(PointerAction::MoveTo { duration: None, x, y })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(click).await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Unfolds something, where it is folded and can be: on a wide screen some of it always stands open.
    pub async fn unfold(&self, details: &str) {
        let folded = format!("(d => !d.open && d.querySelector('summary').checkVisibility())(document.querySelector({}))", json!(details));
        if self.value(&folded).await == Value::Bool(true) {
            self.click(&format!("{details} > summary")).await;
        }
    }

    /// Presses a key, wherever the focus is.
    pub async fn press(&self, key: char) {
        let keys = KeyActions::new("keys".into()).then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
        self.client.perform_actions(keys).await.unwrap_or_else(|error| panic!("the key {key:?}: {error}"));
    }

    /// Writes words as somebody does who does not stop within them.
    pub async fn write(&self, words: &str) {
        let keys = words.chars().fold(KeyActions::new("keys".into()), |keys, letter| {
            keys.then(KeyAction::Down { value: letter }).then(KeyAction::Up { value: letter })
        });
        self.client.perform_actions(keys).await.unwrap_or_else(|error| panic!("{words}: {error}"));
    }

    /// Goes on with Tab until an expression about the focused element `it` holds.
    pub async fn tab_to(&self, expression: &str) {
        for _ in 0..200 {
            self.press(TAB).await;
            if self.value(&format!("(it => {expression})(document.activeElement)")).await == Value::Bool(true) {
                return;
            }
        }
        panic!("the focus never comes to {expression}");
    }

    /// Whether the page is wider than its window, and what makes it so.
    pub async fn overflow(&self) -> Value {
        self.value(
            "(() => { const room = document.documentElement.clientWidth; \
             if (document.documentElement.scrollWidth <= room) return null; \
             return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > room + 1 \
             && !e.closest('.scroll, .sr, .skip, svg')).slice(0, 5).map(e => e.outerHTML.slice(0, 120)); })()",
        )
        .await
    }
}
