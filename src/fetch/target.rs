//! Which addresses are fetched at all: checked before every request, that of a redirect included.

use url::{Host, Url};

use super::error::plain;
use super::resolve::Permitted;
use super::{Fault, FetchError};

/// The longest address, in bytes; as long as one that a release may state.
const MAX_URL: usize = 4096;

/// Reads an address as typed, as a feed gives it or as a redirect names it.
///
/// # Errors
/// [`Fault::Refused`]: no http or https, a user name or password in it, too long, a port of other services, or a private address.
pub(super) fn target(address: &str, allow_private: bool, permitted: Permitted) -> Result<Url, FetchError> {
    let refuse = |url: String, reason: &str, advice: &str| Err(FetchError::new(url, Fault::Refused, reason, advice));
    let url = match Url::parse(address.trim()) {
        Ok(url) => url,
        Err(error) => {
            let reason = format!("it is no address ({error})");
            return refuse(plain(address), &reason, "Write it whole, such as https://www.nato.int/feed.xml");
        }
    };
    if !matches!(url.scheme(), "http" | "https") {
        return refuse(plain(url.as_str()), "only http and https addresses are fetched", "Download it yourself and import the file");
    }
    if !url.username().is_empty() || url.password().is_some() {
        let host = url.host_str().unwrap_or("").to_owned();
        return refuse(host, "the address holds a user name or a password, which would be stored", "Leave it out of the address");
    }
    let url = cleaned(url);
    if url.as_str().len() > MAX_URL {
        return refuse(plain(url.as_str()), &format!("the address is longer than {MAX_URL} bytes"), "Check the address");
    }
    // Below 1024 live the mail, name and file servers of this world: words sent there under an address from a feed are an attack.
    if !allow_private && url.port().is_some_and(|port| port < 1024 && !matches!(port, 80 | 443)) {
        return refuse(
            url.to_string(),
            "web servers do not listen on this port",
            "If the server is your own, allow it with --allow-private",
        );
    }
    // A name is judged when it is resolved; forms such as 0x7f.1 and 2130706433 are addresses once they are read.
    let literal = match url.host() {
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
        _ => None,
    };
    match literal {
        Some(address) if !permitted(address) => Err(FetchError::private(&url, &address)),
        _ => Ok(url),
    }
}

/// The form in which an address is kept: without a fragment, which no server sees, without the full stop that may end a name, and with
/// backslashes of the query escaped, which no address should hold.
fn cleaned(mut url: Url) -> Url {
    url.set_fragment(None);
    if let Some(host) = url.host_str().and_then(|host| host.strip_suffix('.')).map(str::to_owned) {
        // A name without its last full stop is a name.
        let _ = url.set_host(Some(&host));
    }
    if let Some(query) = url.query().filter(|query| query.contains('\\')).map(|query| query.replace('\\', "%5C")) {
        url.set_query(Some(&query));
    }
    url
}

/// Where a redirect leads.
///
/// # Errors
/// As for [`target`]; also from https to http, since what comes then can have been written by anybody on the way.
pub(super) fn hop(from: &Url, location: &str, allow_private: bool, permitted: Permitted) -> Result<Url, FetchError> {
    let to = match from.join(location) {
        Ok(to) => target(to.as_str(), allow_private, permitted).map_err(|error| {
            let reason = format!("it redirects to {}: {}", error.url, error.reason);
            FetchError { url: from.to_string(), reason, ..error }
        })?,
        Err(_) => {
            let reason = format!("it redirects to “{}”, which is no address", plain(location));
            return Err(FetchError::new(from, Fault::Refused, reason, "Check the address"));
        }
    };
    if from.scheme() == "https" && to.scheme() == "http" {
        let reason = format!("it redirects from https to {to}, where anybody on the way could change what is read");
        return Err(FetchError::new(from, Fault::Refused, reason, "Look for an https address on the publisher’s site"));
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::super::address::is_public;
    use super::*;

    fn read(address: &str) -> Result<String, String> {
        target(address, false, is_public).map(|url| url.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn private_addresses_are_refused_however_they_are_written() {
        for address in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://１２７.0.0.1/",
            "http://127.0.0.1./",
            "http://0/",
            "http://10.1.2.3:8080/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[fe80::1]/",
            "https://[fd00::1]/",
        ] {
            let told = read(address).expect_err(address);
            assert!(told.contains("no public address") && told.contains("--allow-private"), "{address}: {told}");
            assert!(target(address, true, |_| true).is_ok(), "{address}");
        }
    }

    #[test]
    fn only_plain_web_addresses_are_fetched() {
        for (address, words) in [
            ("", "no address"),
            ("nato.int/feed", "no address"),
            ("file:///etc/passwd", "only http and https"),
            ("ftp://example.org/", "only http and https"),
            ("gopher://example.org:70/", "only http and https"),
            ("data:text/plain,x", "only http and https"),
            ("http://", "no address"),
            ("http://example.org:25/", "this port"),
            ("http://[fe80::1%25eth0]/", "no address"),
        ] {
            let told = read(address).expect_err(address);
            assert!(told.contains(words), "{address}: {told}");
        }
        let told = read("http://somebody:secret@example.org/").expect_err("a password");
        assert!(told.contains("password") && !told.contains("secret") && !told.contains("somebody"), "{told}");
        assert!(read(&format!("http://example.org/{}", "x".repeat(5000))).expect_err("long").contains("longer than"));
    }

    #[test]
    fn addresses_are_kept_in_one_form() {
        for (address, kept) in [
            (" https://Example.ORG#top ", "https://example.org/"),
            ("http://example.org.:80/a b", "http://example.org/a%20b"),
            ("https://example.org:8443/x", "https://example.org:8443/x"),
            ("http://example.org/?q=a\\b", "http://example.org/?q=a%5Cb"),
            ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ] {
            assert_eq!(read(address).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn redirects_are_judged_like_addresses() {
        for (from, location, answer) in [
            ("http://a.example/x/y", "../z", Ok("http://a.example/z")),
            ("http://a.example/", "//b.example/", Ok("http://b.example/")),
            ("http://a.example/", "https://a.example/", Ok("https://a.example/")),
            ("https://a.example/", "http://a.example/", Err("from https to")),
            ("http://a.example/", "http://127.0.0.1/", Err("no public address")),
            ("https://a.example/", "//169.254.169.254/", Err("no public address")),
            ("http://a.example/", "http://[::ffff:10.0.0.1]/", Err("no public address")),
            ("http://a.example/", "file:///etc/passwd", Err("only http and https")),
            ("http://a.example/", "http://x:y@b.example/", Err("password")),
            ("http://a.example/", "http://", Err("is no address")),
        ] {
            let from = Url::parse(from).expect("an address");
            match (hop(&from, location, false, is_public), answer) {
                (Ok(to), Ok(expected)) => assert_eq!(to.as_str(), expected),
                (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{location}: {error}"),
                (other, _) => panic!("{location}: {other:?}"),
            }
        }
    }
}
