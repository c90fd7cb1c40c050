//! Names to addresses, checked: a connection is made to exactly the addresses that were judged, so no second answer of the name's
//! server (rebinding) can lead elsewhere.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Which addresses may be connected to.
pub(super) type Permitted = fn(IpAddr) -> bool;

/// A name leads to an address that is not for everybody.
#[derive(Debug)]
pub(super) struct PrivateAddress(pub IpAddr);

impl fmt::Display for PrivateAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for PrivateAddress {}

/// Who knows the addresses of a name.
#[async_trait]
pub(super) trait Lookup: Send + Sync + 'static {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The system's own resolver.
pub(super) struct System;

#[async_trait]
impl Lookup for System {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        let name = name.to_owned();
        // The system's question cannot be called off: on a thread of its own it holds up nobody, a program that ends included.
        std::thread::Builder::new().spawn(move || {
            // A port is only part of the question's form. Whether anybody still waits is no matter.
            let _ = answer.send((name.as_str(), 0).to_socket_addrs().map(|found| found.map(|address| address.ip()).collect()));
        })?;
        answered.await.unwrap_or_else(|_| Err(io::ErrorKind::Interrupted.into()))
    }
}

/// A resolver that answers with permitted addresses, or not at all.
pub(super) struct Guarded<L> {
    lookup: Arc<L>,
    permitted: Permitted,
}

impl<L> Guarded<L> {
    pub fn new(lookup: L, permitted: Permitted) -> Self {
        Self { lookup: Arc::new(lookup), permitted }
    }
}

impl<L: Lookup> Resolve for Guarded<L> {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, permitted) = (Arc::clone(&self.lookup), self.permitted);
        Box::pin(async move {
            let addresses = lookup.addresses(name.as_str()).await?;
            // One private address among public ones is no accident either: the whole name is refused.
            if let Some(private) = addresses.iter().find(|address| !permitted(**address)) {
                return Err(PrivateAddress(*private).into());
            }
            if addresses.is_empty() {
                return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into());
            }
            let addresses: Addrs = Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::address::is_public;
    use super::*;

    /// Answers from a list, one entry a question, as a rebinding name server does.
    struct Script(Vec<Vec<&'static str>>, Arc<AtomicUsize>);

    #[async_trait]
    impl Lookup for Script {
        async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
            let turn = self.1.fetch_add(1, Ordering::Relaxed);
            Ok(self.0[turn.min(self.0.len() - 1)].iter().map(|address| address.parse().expect("an address")).collect())
        }
    }

    async fn resolve(guarded: &Guarded<Script>) -> Result<Vec<String>, String> {
        let answer = guarded.resolve("feeds.example".parse().expect("a name")).await;
        answer.map(|found| found.map(|address| address.ip().to_string()).collect()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_name_is_asked_for_once_and_what_was_judged_is_what_is_used() {
        let asked = Arc::new(AtomicUsize::new(0));
        let guarded = Guarded::new(Script(vec![vec!["1.1.1.1", "2606:4700::1111"], vec!["127.0.0.1"]], Arc::clone(&asked)), is_public);
        assert_eq!(resolve(&guarded).await, Ok(vec!["1.1.1.1".into(), "2606:4700::1111".into()]));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        // The name now leads home: the same check stands before every connection.
        assert_eq!(resolve(&guarded).await, Err("127.0.0.1".into()));
    }

    #[tokio::test]
    async fn one_private_address_refuses_the_name() {
        for (addresses, answer) in [
            (vec!["1.1.1.1", "192.168.0.1"], Err("192.168.0.1".into())),
            (vec!["::ffff:10.1.1.1"], Err("::ffff:10.1.1.1".into())),
            (vec![], Err("the name has no address".into())),
            (vec!["1.1.1.1"], Ok(vec!["1.1.1.1".to_owned()])),
        ] {
            let guarded = Guarded::new(Script(vec![addresses], Arc::default()), is_public);
            assert_eq!(resolve(&guarded).await, answer);
        }
    }
}
