//! Why a message was not taken by the machine that it was sent to, said so that the owner of the archive can decide what to do.

use super::Wait;

/// Why a message was not delivered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Undelivered {
    pub trouble: Trouble,
    /// A sentence: what happened, and what to do next.
    pub reason: String,
}

/// What a failure means for a later attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody answered, or nobody can be asked as things stand: whatever else goes there will not arrive either.
    Unreached,
    /// The other side asks to come later, where it says when; whatever else goes there waits too.
    Later(Option<Wait>),
    /// The same for this one address: what goes to others there need not wait.
    Deferred,
    /// It may go better next time.
    Passing,
    /// The other side will not have it. Somebody has to change something, which may still happen soon.
    Refused,
    /// It will never be taken.
    Never,
}

impl Undelivered {
    pub(super) fn new(trouble: Trouble, reason: impl Into<String>) -> Self {
        Self { trouble, reason: reason.into() }
    }
}
