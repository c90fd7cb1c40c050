//! The built program as people run it: in a process of its own, with its output kept.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long a slow machine is waited for. Nothing is measured by it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The program on a folder, with none of the surroundings' settings.
pub fn program(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nato-archive"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("NATO_ARCHIVE_")) {
        command.env_remove(name);
    }
    command.arg("--data-dir").arg(data_dir).stdin(Stdio::null());
    command
}

/// Makes an archive that holds nothing.
pub fn begin(data_dir: &Path) {
    let words = data_dir.with_extension("vocabulary");
    let said: Said = program(data_dir).args(["describe", "--write-vocabulary"]).arg(&words).output().expect("the program").into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    std::fs::remove_dir_all(words).expect("a folder");
}

/// What a finished program said.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: words(&output.stdout), err: words(&output.stderr) }
    }
}

/// A server on a free loopback port.
pub struct Server {
    child: Child,
    /// Without a slash at its end.
    pub base: String,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Server {
    pub fn start(data_dir: &Path, arguments: &[&str]) -> Self {
        let mut command = program(data_dir);
        command.args(["--listen", "127.0.0.1:0"]).args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let (send, lines) = channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let mut server = Self { child, base: String::new(), lines, seen: Vec::new() };
        let line = server.line_with("http://");
        server.base = line[line.find("http://").unwrap_or(0)..].to_owned();
        server
    }

    /// The first line that holds `words`, waited for.
    pub fn line_with(&mut self, words: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(line) = self.seen.iter().find(|line| line.contains(words)) {
                return line.clone();
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.seen.push(line),
                Err(_) => panic!("the server never said “{words}”, but: {:?}", self.seen),
            }
        }
    }

    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://").split('/').next().unwrap_or("")
    }

    /// Sends raw bytes and reads the answer to its end.
    pub fn raw(&self, request: &[u8]) -> String {
        use std::io::Write;
        let mut stream = std::net::TcpStream::connect(self.address()).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        // A server that has heard enough may close before all is sent: what it answered counts.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub fn get(&self, path: &str) -> String {
        self.raw(format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address()).as_bytes())
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(mut self) -> Option<i32> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(asked.success());
        self.child.wait().expect("an end").code()
    }

    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nothing listens on, and that nobody else gets for as long as this is kept.
pub struct DeadPort(tokio::net::TcpSocket);

impl DeadPort {
    pub fn take() -> Self {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
        Self(socket)
    }

    pub fn number(&self) -> u16 {
        self.0.local_addr().expect("an address").port()
    }
}

/// Waits for something to become so.
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < until, "never: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
