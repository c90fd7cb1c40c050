//! `/.well-known/security.txt`: whom to tell of a weakness (RFC 9116).

use axum::extract::State;
use axum::response::Response;
use chrono::Days;
use url::Url;

use crate::web::answer::typed;
use crate::web::error::Failure;
use crate::web::state::App;

/// For how many days the file may be relied on: less than a year, as section 2.5.5 recommends.
const VALID: u64 = 364;

/// Where the owner of an archive can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact(String);

impl Contact {
    /// Reads `mailto:somebody@example.org` or `https://example.org/contact` (section 2.5.3).
    ///
    /// # Errors
    /// A sentence for anything else.
    pub fn read(typed: &str) -> Result<Self, String> {
        let wrong = || format!("“{typed}” is no contact: give an address like mailto:archive@example.org or https://example.org/contact");
        let plain = !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_graphic());
        let url = Url::parse(typed).ok().filter(|_| plain).ok_or_else(wrong)?;
        let whole = match url.scheme() {
            "mailto" => url.path().split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()),
            "https" => url.has_host(),
            _ => false,
        };
        if whole { Ok(Self(typed.to_owned())) } else { Err(wrong()) }
    }

    /// An address for mail, where it is one.
    pub fn mail(&self) -> Option<&str> {
        let to = self.0.strip_prefix("mailto:")?;
        Some(to.split('?').next().unwrap_or(to))
    }
}

/// Not found where the owner has not said whom to tell: a file without a contact would be none.
pub async fn security(State(app): State<App>) -> Result<Response, Failure> {
    let Contact(contact) = app.contact().ok_or(Failure::NotFound)?;
    let urls = app.urls();
    let expires = app.today().checked_add_days(Days::new(VALID)).ok_or(Failure::Internal)?;
    Ok(typed(
        "text/plain; charset=utf-8",
        format!(
            "Contact: {contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: en\nCanonical: {}\n",
            urls.absolute(&urls.security())
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_an_address_that_can_be_written_to() {
        for good in ["mailto:archive@example.org", "https://example.org/contact?about=archive"] {
            assert_eq!(Contact::read(good), Ok(Contact(good.to_owned())));
        }
        for wrong in [
            "",
            "archive@example.org",
            "mailto:",
            "mailto:nobody",
            "http://example.org",
            "https://",
            "mailto:a@b.c\nExpires: x",
            "mailto:a b@c.d",
            "tel:+1",
        ] {
            assert!(Contact::read(wrong).is_err(), "{wrong:?}");
        }
    }
}
