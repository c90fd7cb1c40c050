//! How far alerts have been looked at and what they still have to send, as a store keeps it.

use async_trait::async_trait;

use super::Result;
use crate::model::EventKind;

/// How far an alert has been looked at. Times are RFC 3339 in UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertState {
    pub name: String,
    /// The search by which `held` was found.
    pub search: String,
    pub began_at: String,
    pub marks: Marks,
    /// Internal numbers of the releases that the search found at the last look, in order; `None` where changes are not told.
    pub held: Option<Vec<i64>>,
    /// When something was last found to send.
    pub batched_at: Option<String>,
}

/// A place in both logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// An entry of the log that an index follows.
    pub change: i64,
    /// An entry of the public log.
    pub event: i64,
}

/// What one message tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertBatch {
    /// Stable: by it a message that comes twice is known.
    pub id: String,
    pub alert: String,
    pub made_at: String,
    /// New releases by their internal numbers, in the order in which they are told.
    pub releases: Vec<i64>,
    /// Entries of the public log.
    pub events: Vec<i64>,
}

/// How it stands with a message to one address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeliveryState {
    #[default]
    Waiting,
    Sent,
    /// Given up, until the owner asks for another try.
    Failed,
    /// All that it told of was withdrawn before it could be sent.
    Void,
}

impl DeliveryState {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Failed, Self::Void];

    pub const fn token(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Void => "void",
        }
    }
}

/// One message to one address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    pub batch: String,
    pub alert: String,
    /// `mailto:…` or an address of the web.
    pub target: String,
    pub state: DeliveryState,
    /// Failures since it was first to be sent, or was taken up again.
    pub tries: u32,
    pub since: String,
    pub next_try_at: String,
    pub last_error: Option<String>,
    /// Until when its target asked to be left alone.
    pub paused_until: Option<String>,
}

/// An address of an alert whose last message failed for good: nothing new is sent there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertStop {
    pub alert: String,
    /// A digest of the target, and one of the alert as the owner's file had it.
    pub target: String,
    pub entry: String,
    pub since: String,
}

/// An entry of the public log that concerns one release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertEvent {
    pub entry: i64,
    pub seq: i64,
    pub what: EventKind,
}

/// A look at an alert, to be kept.
#[derive(Clone, Debug)]
pub struct AlertMove {
    /// Where it stood before; `None` for one that is new.
    pub from: Option<Marks>,
    pub to: AlertState,
    /// What is to be sent, and the addresses that it is sent to.
    pub batch: Option<(AlertBatch, Vec<String>)>,
}

/// Which messages are wanted.
#[derive(Clone, Copy, Debug)]
pub struct DueAsked<'a> {
    /// Of these alerts.
    pub alerts: &'a [String],
    /// Whether those to people are wanted, too.
    pub mail: bool,
    /// But none to these addresses.
    pub busy: &'a [String],
    /// Those that are to be tried by then.
    pub now: &'a str,
    /// And those that are to be tried later than this, which no wait can be: a clock was wrong then.
    pub beyond: &'a str,
    /// At most so many of one place, all mail being one, and so many in all.
    pub each: u32,
    pub limit: u32,
}

/// The part of a store that knows of alerts. Nothing of it is a release: none of its writing appends to the logs, and no export holds it; a
/// backup, which is the whole database, does.
#[async_trait]
pub trait AlertingStore: Send + Sync {
    /// Every alert that was ever looked at and not forgotten, in the order of names.
    async fn alerts(&self) -> Result<Vec<AlertState>>;
    /// The last entries of both logs, as of one moment.
    async fn alert_marks(&self) -> Result<Marks>;
    /// Releases that entries of the index's log added, behind `after` and up to `to`, in the order of entries.
    async fn added(&self, after: i64, to: i64) -> Result<Vec<i64>>;
    /// Entries of the public log that concern one release, behind `after` and up to `to`, in order.
    async fn alert_events(&self, after: i64, to: i64) -> Result<Vec<AlertEvent>>;
    /// Keeps looks at alerts, all or none of them: marks, and what is to be sent. A look that began where the alert no longer stands is left
    /// out, since somebody else has looked. Returns how many were kept.
    async fn move_alerts(&self, moves: &[AlertMove], at: &str) -> Result<usize>;
    /// Forgets alerts with everything that they had still to send; returns how many messages that was.
    async fn forget_alerts(&self, names: &[String]) -> Result<u64>;
    /// Messages whose turn it is, in the order in which they were made; none to a target that asked for a pause which has not passed.
    async fn due_deliveries(&self, asked: &DueAsked<'_>) -> Result<Vec<Delivery>>;
    /// Messages that wait or were given up, by alert, the oldest first.
    async fn open_deliveries(&self) -> Result<Vec<Delivery>>;
    async fn alert_batch(&self, id: &str) -> Result<Option<AlertBatch>>;
    /// Keeps how it stands with a message, unless it was forgotten meanwhile.
    async fn save_delivery(&self, delivery: &Delivery) -> Result<()>;
    /// Takes up again what an alert has given up, messages and addresses; returns how many of each that is.
    async fn retry_deliveries(&self, alert: &str, at: &str) -> Result<(u64, u64)>;
    /// Forgets a message that is not to be sent any more.
    async fn drop_delivery(&self, delivery: &Delivery) -> Result<()>;
    /// Addresses that nothing new is sent to, in the order of alerts.
    async fn alert_stops(&self) -> Result<Vec<AlertStop>>;
    /// Keeps that nothing new is sent to an address, unless its alert was forgotten meanwhile, and gives up what waits for it behind the message that
    /// was refused.
    async fn stop_alert(&self, stop: &AlertStop, refused: &Delivery) -> Result<()>;
    /// Lets addresses have messages again that were stopped while an alert said something else.
    async fn lift_stops(&self, alert: &str, entry: &str) -> Result<()>;
    /// Forgets messages of these alerts to all but these targets, each with its alert; returns how many of them were still to be sent.
    async fn forget_targets(&self, told: &[(String, String)]) -> Result<u64>;
    /// Forgets batches made before a moment of which nothing waits, and letters before it that do not wait.
    async fn prune_alerts(&self, before: &str) -> Result<u64>;
}
