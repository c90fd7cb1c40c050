//! Rules for stated values, shared by NDJSON and sidecars. Each answers with the value to keep, or says why it cannot be.

use super::error::{shown, shown_whole, steers};
use crate::model::{Basis, Kind, PublicationDate};

/// The longest address, in bytes; browsers and web archives cut not far above.
const MAX_URL: usize = 4096;
/// The longest name, key or licence, in bytes.
const MAX_NAME: usize = 1024;
/// The longest date, in bytes: an EDTF set of a few days.
const MAX_DATE: usize = 200;
/// The longest language tag, in bytes (RFC 5646, section 4.4.1, asks for at least 35).
const MAX_TAG: usize = 35;
/// The longest topic slug, in bytes.
const MAX_SLUG: usize = 80;

/// A name or key: something to read, on one line.
pub(super) fn name(value: &str) -> Result<String, String> {
    let value = value.trim();
    if value.is_empty() {
        return Err("is empty; leave it out where nothing is known".into());
    }
    if value.len() > MAX_NAME {
        return Err(format!("is longer than {MAX_NAME} bytes"));
    }
    if value.chars().any(|c| c.is_control() || steers(c)) {
        return Err(format!("holds a control character: “{}”", shown(value)));
    }
    Ok(value.to_owned())
}

/// A day, a time or a period in ISO or EDTF form.
pub(super) fn date(value: &str) -> Result<String, String> {
    if value.len() > MAX_DATE {
        return Err(format!("is longer than {MAX_DATE} bytes"));
    }
    PublicationDate::stated(value, Basis::Field).map_err(|reason| format!("is wrong: {}", shown_whole(&reason)))?;
    Ok(value.trim().to_owned())
}

/// One of the kinds' tokens.
pub(super) fn kind(value: &str) -> Result<Kind, String> {
    value.parse().map_err(|()| {
        let tokens: Vec<&str> = Kind::ALL.iter().map(|kind| kind.token()).collect();
        format!("is “{}”, which is none of {}", shown(value), tokens.join(", "))
    })
}

/// An original address as its source writes it. Collections also hold addresses without a host or with blanks in them: they are kept as they
/// stand, since a release must not be lost over its address; only whole ones become links. Another scheme than http is refused.
pub(super) fn address(value: &str) -> Result<String, String> {
    let value = value.trim();
    if value.len() > MAX_URL {
        return Err(format!("is longer than {MAX_URL} bytes"));
    }
    if value.chars().any(|c| c.is_control() || steers(c)) {
        return Err(format!("holds a control character: “{}”", shown(value)));
    }
    let scheme = value.split(['/', '?', '#']).next().and_then(|start| start.split_once(':')).map(|(scheme, _)| scheme);
    if scheme.is_some_and(|scheme| !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https")) {
        return Err(format!("does not begin with http:// or https://: “{}”", shown(value)));
    }
    Ok(value.to_owned())
}

/// An absolute http or https address (RFC 3986) without user name or password.
pub(super) fn url(value: &str) -> Result<String, String> {
    let wrong = |why: &str| Err(format!("{why}: “{}”", shown(value)));
    if value.len() > MAX_URL {
        return Err(format!("is longer than {MAX_URL} bytes"));
    }
    let Some((scheme, rest)) = value.split_once("://") else { return wrong("is no absolute address") };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return wrong("does not begin with http:// or https://");
    }
    let unfit = |c: char| c.is_whitespace() || c.is_control() || steers(c) || matches!(c, '"' | '<' | '>' | '\\');
    if value.contains(unfit) {
        return wrong("holds a character that an address cannot hold");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    if authority.contains('@') {
        return wrong("holds a user name or a password");
    }
    if !is_authority(authority) {
        return wrong("names no host");
    }
    Ok(value.to_owned())
}

/// `host`, `host:port` or `[address]:port`.
fn is_authority(authority: &str) -> bool {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, ""),
    };
    let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host_fits = match literal {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.split('.').any(str::is_empty) && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')),
    };
    host_fits && (port.is_empty() || port.parse::<u16>().is_ok())
}

/// A plausible BCP 47 tag (RFC 5646, section 2.1), in its usual letter case (section 2.1.1): `en`, `fr-BE`, `sr-Latn-RS`.
pub(super) fn language(value: &str) -> Result<String, String> {
    let tag = |index: usize, part: &str| match (index, part.len()) {
        (0, _) => part.to_ascii_lowercase(),
        (_, 2) => part.to_ascii_uppercase(),
        (_, 4) if part.bytes().all(|byte| byte.is_ascii_alphabetic()) => part[..1].to_ascii_uppercase() + &part[1..].to_ascii_lowercase(),
        _ => part.to_ascii_lowercase(),
    };
    let plausible = value.len() <= MAX_TAG
        && value.split('-').enumerate().all(|(index, part)| match index {
            0 => matches!(part.len(), 2 | 3) && part.bytes().all(|byte| byte.is_ascii_alphabetic()),
            _ => matches!(part.len(), 1..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        });
    if !plausible {
        return Err(format!("is “{}”, which is no BCP 47 language tag such as en, fr or fr-BE", shown(value)));
    }
    Ok(value.split('-').enumerate().map(|(index, part)| tag(index, part)).collect::<Vec<_>>().join("-"))
}

/// A topic's slug: lower-case letters and digits, with single hyphens between.
pub(super) fn slug(value: &str) -> Result<String, String> {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'));
    if value.len() > MAX_SLUG || !value.split('-').all(part) {
        return Err(format!("holds “{}”, which is no slug such as cyber-defence", shown(value)));
    }
    Ok(value.to_owned())
}

/// An IANA time zone.
pub(super) fn time_zone(value: &str) -> Result<String, String> {
    match value.parse::<chrono_tz::Tz>() {
        Ok(zone) => Ok(zone.name().to_owned()),
        Err(_) => Err(format!("is “{}”, which is no IANA time zone such as Europe/Brussels", shown(value))),
    }
}

/// The label of a character encoding (WHATWG Encoding Standard), in lower case.
pub(super) fn charset(value: &str) -> Result<String, String> {
    match encoding_rs::Encoding::for_label(value.as_bytes()) {
        Some(encoding) => Ok(encoding.name().to_ascii_lowercase()),
        None => Err(format!("is “{}”, which is no character encoding such as utf-8 or windows-1252", shown(value))),
    }
}
