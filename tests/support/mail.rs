//! A mail server of a test's own on loopback: what it takes is kept, and it can refuse or die at every step (RFC 5321).

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A step of handing a message over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Greeting,
    Hello,
    From,
    To,
    Data,
    /// All of the message has come.
    End,
}

/// What is done at a step instead of going on.
#[derive(Clone, Copy, Debug)]
pub enum Instead {
    Say(&'static str),
    /// The connection ends without a word.
    Die,
}

/// A message as it came.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    pub from: String,
    pub to: String,
    pub raw: String,
    /// Whether the server said that it has it.
    pub taken: bool,
}

#[derive(Clone)]
pub struct MailServer {
    pub port: u16,
    came: Arc<Mutex<Vec<Mail>>>,
    instead: Arc<Mutex<Option<(Step, Instead)>>>,
    /// Connections so far.
    connections: Arc<Mutex<usize>>,
    /// Everything that was said to it.
    heard: Arc<Mutex<String>>,
}

impl MailServer {
    /// In a runtime of its own, so that it answers whatever the test is busy with.
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let port = listener.local_addr().expect("an address").port();
        let server = Self { port, came: Arc::default(), instead: Arc::default(), connections: Arc::default(), heard: Arc::default() };
        let started = server.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a listener");
                while let Ok((stream, _)) = listener.accept().await {
                    *started.connections.lock().expect("a count") += 1;
                    let server = started.clone();
                    tokio::spawn(async move { server.serve(stream).await });
                }
            });
        });
        server
    }

    /// From now on, at a step, this instead of going on; `None` for all well.
    pub fn at(&self, instead: Option<(Step, Instead)>) {
        *self.instead.lock().expect("a wish") = instead;
    }

    /// Messages since the last time, in order.
    pub fn came(&self) -> Vec<Mail> {
        std::mem::take(&mut *self.came.lock().expect("a list"))
    }

    pub fn has_come(&self) -> usize {
        self.came.lock().expect("a list").len()
    }

    pub fn connections(&self) -> usize {
        std::mem::take(&mut *self.connections.lock().expect("a count"))
    }

    pub fn heard(&self) -> String {
        std::mem::take(&mut *self.heard.lock().expect("words"))
    }

    /// Answers at a step; whether the conversation goes on as if nothing were.
    async fn answer(&self, stream: &mut BufReader<TcpStream>, step: Step, usual: &str) -> Option<bool> {
        let instead = *self.instead.lock().expect("a wish");
        match instead {
            Some((at, Instead::Die)) if at == step => None,
            Some((at, Instead::Say(words))) if at == step => {
                stream.write_all(format!("{words}\r\n").as_bytes()).await.ok()?;
                Some(false)
            }
            _ => {
                stream.write_all(format!("{usual}\r\n").as_bytes()).await.ok()?;
                Some(true)
            }
        }
    }

    async fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        self.answer(&mut stream, Step::Greeting, "220 sink.example ESMTP").await?;
        let mut mail = Mail::default();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            self.heard.lock().expect("words").push_str(&line);
            let line = line.trim_end();
            let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
            match command.to_uppercase().as_str() {
                "EHLO" => {
                    self.answer(&mut stream, Step::Hello, "250-sink.example\r\n250-8BITMIME\r\n250 AUTH PLAIN").await?;
                }
                "AUTH" => stream.write_all(b"235 Welcome\r\n").await.ok()?,
                "MAIL" => {
                    mail = Mail { from: bare(rest), ..Mail::default() };
                    self.answer(&mut stream, Step::From, "250 OK").await?;
                }
                "RCPT" => {
                    mail.to = bare(rest);
                    self.answer(&mut stream, Step::To, "250 OK").await?;
                }
                "DATA" => {
                    if self.answer(&mut stream, Step::Data, "354 Go on").await? {
                        mail.raw = body(&mut stream).await?;
                        mail.taken = self.instead.lock().expect("a wish").is_none_or(|(step, _)| step != Step::End);
                        self.came.lock().expect("a list").push(mail.clone());
                        self.answer(&mut stream, Step::End, "250 Taken").await?;
                    }
                }
                "QUIT" => {
                    stream.write_all(b"221 Bye\r\n").await.ok()?;
                    return Some(());
                }
                _ => stream.write_all(b"502 What?\r\n").await.ok()?,
            }
        }
    }
}

/// The address between angle brackets.
fn bare(words: &str) -> String {
    words.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(address, _)| address).to_owned()
}

/// A message up to the full stop that ends it.
async fn body(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut body = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == ".\r\n" {
            return Some(body);
        }
        body.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

impl Mail {
    /// A header, unfolded (RFC 5322, section 2.2.3) and decoded (RFC 2047); empty where it is absent.
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or("").replace("\r\n ", " ");
        let prefix = format!("{}:", name.to_lowercase());
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&prefix)).map_or("", |line| line[prefix.len()..].trim());
        let mut decoded = String::new();
        for word in line.split(' ') {
            let encoded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
            match encoded {
                Some(word) => decoded.push_str(&String::from_utf8(STANDARD.decode(word).expect("base64")).expect("UTF-8")),
                None => {
                    if !decoded.is_empty() {
                        decoded.push(' ');
                    }
                    decoded.push_str(word);
                }
            }
        }
        decoded
    }

    /// A part by its type, decoded.
    pub fn part(&self, kind: &str) -> String {
        let boundary = self.raw.split_once("boundary=\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(boundary, _)| boundary);
        let part = self.raw.split(&format!("--{boundary}")).find(|part| part.trim_start().starts_with(&format!("Content-Type: {kind}")));
        let (head, body) = part.unwrap_or_default().split_once("\r\n\r\n").unwrap_or_default();
        let head = head.to_lowercase();
        let body = if head.contains("quoted-printable") {
            unquoted(body)
        } else if head.contains("base64") {
            String::from_utf8(STANDARD.decode(body.replace("\r\n", "").trim()).expect("base64")).expect("UTF-8")
        } else {
            body.to_owned()
        };
        body.replace("\r\n", "\n")
    }

    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    pub fn html(&self) -> String {
        self.part("text/html")
    }
}

/// RFC 2045, section 6.7.
fn unquoted(words: &str) -> String {
    let words = words.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = words.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        rest = more;
        match (first, more) {
            (b'=', [high, low, behind @ ..]) => {
                let hex = std::str::from_utf8(&[*high, *low]).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
                bytes.push(hex.expect("two digits"));
                rest = behind;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}
