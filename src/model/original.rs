//! Canonical form of an original address.

/// An original address in its normal form.
pub struct Original {
    pub key: String,
    pub lang: Option<String>,
}

impl Original {
    pub fn of(url: &str) -> Option<Self> {
        let key = url.trim();
        (!key.is_empty()).then(|| Self { key: key.to_owned(), lang: None })
    }
}
