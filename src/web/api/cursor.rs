//! Places in lists, opaque to whoever is given one: base64url (RFC 4648, section 5) of a version, the list, what it was asked for, the place, and a
//! sum over these.
//!
//! A cursor that is broken, of another list or of other parameters is refused rather than followed to a wrong place.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::web::error::Failure;

/// Counted up when the meaning of a cursor changes.
const VERSION: u8 = 2;

/// The longest cursor that is looked at, in characters; the longest that is ever given is a third of it.
pub const MAX_LENGTH: usize = 512;

/// A list and what it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    pub list: &'static str,
    /// The parameters but for `limit`, `page` and `cursor`, in a form that does not depend on how they were written.
    pub asked: &'a str,
}

impl Of<'_> {
    fn hash(&self) -> String {
        short_hash(&[self.asked])
    }

    /// By which a cursor is known for one that was given as it stands.
    fn sum(&self, place: &Value) -> String {
        short_hash(&[self.list, self.asked, &place.to_string()])
    }

    pub fn write(&self, place: &impl Serialize) -> Option<String> {
        let place = serde_json::to_value(place).ok()?;
        let whole = serde_json::to_vec(&(VERSION, self.list, self.hash(), &place, self.sum(&place))).ok()?;
        Some(URL_SAFE_NO_PAD.encode(whole))
    }

    /// The place that a cursor names.
    ///
    /// # Errors
    /// [`Failure::Fields`] for one that is broken or of another list.
    pub fn read<P: DeserializeOwned>(&self, cursor: &str) -> Result<P, Failure> {
        let broken = || {
            Failure::field(
                "cursor",
                "This is no cursor of this archive. Give back the value of “next” as it was, or leave it out to begin.",
            )
        };
        if cursor.len() > MAX_LENGTH {
            return Err(broken());
        }
        let whole = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| broken())?;
        let (version, list, hash, place, sum): (u8, String, String, Value, String) =
            serde_json::from_slice(&whole).map_err(|_| broken())?;
        if version != VERSION {
            return Err(broken());
        }
        if list != self.list || hash != self.hash() {
            return Err(Failure::field(
                "cursor",
                "This cursor belongs to another list or to other parameters. Only “limit” may change from page to page.",
            ));
        }
        if sum != self.sum(&place) {
            return Err(broken());
        }
        serde_json::from_value(place).map_err(|_| broken())
    }
}

fn short_hash(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    hasher.finalize().to_hex()[..12].to_owned()
}

/// What is answered where the archive has changed so that a place is no longer there.
pub fn stale() -> Failure {
    Failure::field(
        "cursor",
        "The archive has changed since this cursor was given, and going on would skip or repeat releases. Begin again without it.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: Of<'static> = Of { list: "releases", asked: "topic=ukraine" };

    proptest::proptest! {
        #[test]
        fn a_place_comes_back_and_nothing_else_is_one(key in proptest::option::of(i64::MIN..i64::MAX), id in "[0-9a-z]{8}", typed in "\\PC{0,60}") {
            let cursor = LIST.write(&(key, &id)).expect("a cursor");
            assert!(cursor.len() < MAX_LENGTH / 3);
            assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            assert_eq!(LIST.read::<(Option<i64>, String)>(&cursor), Ok((key, id)));
            assert!(LIST.read::<(Option<i64>, String)>(&typed).is_err());
            for other in [Of { list: "search", ..LIST }, Of { asked: "", ..LIST }] {
                assert!(other.read::<(Option<i64>, String)>(&cursor).is_err());
            }
        }
    }

    #[test]
    fn cursors_of_other_times_are_refused() {
        for whole in [r#"[1,"releases","x",1]"#, r#"[2,"releases"]"#, "{}", "", "1"] {
            assert!(LIST.read::<i64>(&URL_SAFE_NO_PAD.encode(whole)).is_err(), "{whole}");
        }
        let cursor = LIST.write(&7).expect("a cursor");
        assert_eq!(LIST.read::<i64>(&cursor), Ok(7));
        assert!(LIST.read::<i64>(&format!("{cursor}=")).is_err());
        assert!(LIST.read::<String>(&cursor).is_err());
        for at in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert!(LIST.read::<i64>(&changed).is_err(), "{changed}");
        }
    }
}
