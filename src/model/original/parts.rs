//! Sites, escapes and query tails in one spelling.

use url::Url;

/// Tails that those add who count where readers come from.
const TRACKERS: &[&str] =
    &["fbclid", "gclid", "dclid", "msclkid", "yclid", "twclid", "igshid", "mc_cid", "mc_eid", "_ga", "_gl", "phpsessid", "jsessionid"];

/// What follows `http:` or `https:`, in any letter case.
pub(super) fn strip_http(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")).then_some(rest)
}

/// Host without `www.` and trailing dots, and the port where it is a special one. `None` where nothing is left.
pub(super) fn site(url: &Url) -> Option<String> {
    let mut host = url.host_str()?.trim_end_matches('.');
    while let Some(shorter) = host.strip_prefix("www.").filter(|shorter| shorter.contains('.')) {
        host = shorter;
    }
    if host.is_empty() {
        return None;
    }
    Some(match url.port() {
        // Both, since an archive may note `http://…:443` or `https://…:80`.
        None | Some(80 | 443) => host.to_owned(),
        Some(port) => format!("{host}:{port}"),
    })
}

/// Percent escapes in one spelling: letters, digits and `-._~` as they are, all else in capitals (RFC 3986, section 6.2.2).
pub(super) fn plain_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let byte = after.get(..2).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        match byte.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => plain.push(char::from(byte)),
            Some(byte) => plain.push_str(&format!("%{byte:02X}")),
            None => {
                plain.push('%');
                rest = after;
                continue;
            }
        }
        rest = after.get(2..).unwrap_or("");
    }
    plain.push_str(rest);
    plain
}

/// The parameters of an address that may tell pages apart, sorted, with the question mark; empty where there is none. `leave_out` is
/// asked with names in lower case.
pub(super) fn query(url: &Url, leave_out: impl Fn(&str) -> bool) -> String {
    let mut kept: Vec<String> = parameters(url).filter(|(name, _)| !is_tracker(name) && !leave_out(name)).map(|(_, pair)| pair).collect();
    kept.sort();
    if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) }
}

/// The value of the first parameter that `wanted` knows by its name in lower case.
pub(super) fn parameter(url: &Url, wanted: impl Fn(&str) -> bool) -> Option<String> {
    parameters(url).find(|(name, _)| wanted(name)).map(|(_, pair)| pair.split_once('=').map_or("", |(_, value)| value).to_owned())
}

/// Each parameter's name in lower case, and the pair as it stands.
fn parameters(url: &Url) -> impl Iterator<Item = (String, String)> + '_ {
    url.query().unwrap_or("").split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let pair = plain_escapes(pair);
        (pair.split('=').next().unwrap_or("").to_lowercase(), pair)
    })
}

fn is_tracker(name: &str) -> bool {
    name.starts_with("utm_") || TRACKERS.contains(&name)
}
