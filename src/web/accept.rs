//! What form of an answer a request would rather have.

use axum::http::{HeaderMap, header};

/// How much any of the named media types is wanted, from 0 to 1 (`Accept`, RFC 9110, section 12.5.1); only types that are named count, no
/// ranges such as `*/*`.
pub fn weight(headers: &HeaderMap, wanted: &[&str]) -> f32 {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let weights = values.flat_map(|value| value.split(',')).filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| wanted.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)));
        let q = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
        named.then_some(q)
    });
    weights.fold(0.0, f32::max)
}
