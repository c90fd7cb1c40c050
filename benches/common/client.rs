//! A client of HTTP/1.1 that keeps its connection, as small as can be: what is measured is the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// One kept-alive connection.
pub struct Client {
    reader: BufReader<TcpStream>,
    accept: &'static str,
}

impl Client {
    /// A connection whose requests accept this content encoding (`gzip`, or `identity` for none).
    pub fn new(address: SocketAddr, accept: &'static str) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("an option");
        Self { reader: BufReader::new(stream), accept }
    }

    /// The body as it was sent. Whatever is no 200 ends the run: a figure for errors would be worth nothing.
    pub fn get(&mut self, path: &str) -> Vec<u8> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: {}\r\n\r\n", self.accept);
        self.reader.get_mut().write_all(request.as_bytes()).expect("a request");
        let mut line = String::new();
        self.reader.read_line(&mut line).expect("a status");
        assert!(line.contains(" 200 "), "{path}: {line}");
        let mut length = 0;
        loop {
            line.clear();
            self.reader.read_line(&mut line).expect("a header");
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body).expect("a body");
        body
    }
}
