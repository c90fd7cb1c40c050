//! The one clock of whatever writes: given from outside, so that two runs can be compared byte for byte.

use std::fmt;
use std::sync::Arc;

/// Tells the time as it is stored: RFC 3339 in UTC, whole seconds.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> String + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Arc::new(|| chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)))
    }

    /// A clock that stands still.
    pub fn fixed(at: &str) -> Self {
        let at = at.to_owned();
        Self(Arc::new(move || at.clone()))
    }

    pub fn now(&self) -> String {
        (self.0)()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
