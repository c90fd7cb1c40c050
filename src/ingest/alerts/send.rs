//! Sending: what waits is handed out, and what was taken is noted.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::schedule::{failed, given_up, put_off, stamp};
use super::settings::{Alert, Environment, MAILTO, Settings, digest};
use super::{Notice, Now, Reader, Told, sign};
use crate::fetch::mail::{self, Letter, MailServer};
use crate::fetch::{Policy, Poster, Trouble, Undelivered};
use crate::ingest::Result;
use crate::store::{AlertBatch, AlertStop, ArchiveStore, Delivery, DeliveryState};

/// Messages that are tried in one go at one place: between two goes the file is read again, and another process may have its turn.
pub(super) const IN_ONE_GO: u32 = 50;
const ONE_GO: Duration = Duration::from_secs(60);

/// What sends to programs, set up where it is needed first.
pub(super) struct Posters {
    policy: Policy,
    /// For addresses that everybody can reach, and for those of one's own.
    each: [OnceLock<Poster>; 2],
}

impl Posters {
    pub fn new(policy: Policy) -> Self {
        Self { policy, each: Default::default() }
    }

    fn get(&self, allow_private: bool) -> Result<&Poster, Undelivered> {
        let [public, private] = &self.each;
        let cell = if allow_private { private } else { public };
        if let Some(poster) = cell.get() {
            return Ok(poster);
        }
        let policy = Policy { allow_private, ..self.policy.clone() };
        let poster = Poster::new(&policy).map_err(|error| troubled(Trouble::Unreached, error.to_string()))?;
        Ok(cell.get_or_init(|| poster))
    }
}

/// Everything that a message needs on its way.
#[derive(Clone)]
pub(super) struct Sending {
    pub store: Arc<dyn ArchiveStore>,
    pub reader: Arc<dyn Reader>,
    pub settings: Arc<Settings>,
    pub environment: Environment,
    pub posters: Arc<Posters>,
    pub now: Now,
    pub chance: fn() -> f64,
}

/// What a message is for its receiver, once it was made.
#[derive(Clone)]
enum Made {
    Letter(Box<Letter>),
    Payload(Vec<u8>),
}

/// What one message's failure means for those that wait behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Others {
    GoOn,
    /// Those to the same address wait.
    Wait,
    /// All of them do.
    WaitAll,
    /// Those of the same alert to the same address are given up.
    GiveUp,
}

impl Others {
    const fn of(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unreached | Trouble::Later(_) => Self::WaitAll,
            Trouble::Deferred => Self::Wait,
            Trouble::Never => Self::GiveUp,
            Trouble::Passing | Trouble::Refused => Self::GoOn,
        }
    }

    /// How a message stands after another one; `None` where that does not concern it.
    fn after(self, delivery: &Delivery, because: &Delivery) -> Option<Delivery> {
        let same = delivery.target == because.target;
        match self {
            Self::GoOn => None,
            Self::Wait => same.then(|| put_off(delivery, because)),
            Self::WaitAll => Some(put_off(delivery, because)),
            Self::GiveUp => (same && delivery.alert == because.alert).then(|| given_up(delivery, because)),
        }
    }
}

impl Sending {
    /// Messages to one place, one after the other. Where nobody answers there, or where the answer is to come later, the rest is not tried.
    pub async fn lane(&self, deliveries: Vec<Delivery>, is_stopped: impl Fn() -> bool, notices: &mut Vec<Notice>) -> Result<()> {
        let mut held: Vec<(Others, Delivery)> = Vec::new();
        let (mut tried, began) = (0, Instant::now());
        let mut made: Option<(String, Option<Made>)> = None;
        for delivery in deliveries {
            if is_stopped() {
                break;
            }
            if let Some(after) = held.iter().find_map(|(others, because)| others.after(&delivery, because)) {
                self.store.save_delivery(&after).await?;
                continue;
            }
            let alert = self.settings.alerts.iter().find(|alert| alert.name == delivery.alert);
            let Some(alert) = alert.filter(|alert| alert.targets().contains(&delivery.target)) else {
                self.store.drop_delivery(&delivery).await?;
                let words = format!(
                    "The alert “{}” no longer tells {}: a message that was still to be sent is dropped.",
                    delivery.alert,
                    shown(&delivery)
                );
                notices.push(Notice::notable(words));
                continue;
            };
            if tried == IN_ONE_GO || began.elapsed() >= ONE_GO {
                break;
            }
            tried += 1;
            let (after, others) = self.one(alert, &delivery, &mut made).await?;
            if others == Others::GiveUp {
                let (target, entry, since) = (digest(&after.target), alert.entry(), stamp((self.now)()));
                self.store.stop_alert(&AlertStop { alert: alert.name.clone(), target, entry, since }, &after).await?;
            }
            self.store.save_delivery(&after).await?;
            notices.push(notice(&after, others));
            held.push((others, after));
        }
        Ok(())
    }

    /// Tries one message; how it stands then, and what that means for others to the same place.
    async fn one(&self, alert: &Alert, delivery: &Delivery, made: &mut Option<(String, Option<Made>)>) -> Result<(Delivery, Others)> {
        let Some(batch) = self.store.alert_batch(&delivery.batch).await? else {
            return Ok((Delivery { state: DeliveryState::Void, ..delivery.clone() }, Others::GoOn));
        };
        let sent = async {
            let message = match made {
                Some((of, message)) if *of == batch.id => message.clone(),
                _ => {
                    let message = self.made(alert, &batch, delivery).await.map_err(|error| troubled(Trouble::Passing, error))?;
                    made.insert((batch.id.clone(), message)).1.clone()
                }
            };
            match message {
                None => Ok(false),
                Some(message) => self.hand_over(alert, &batch, delivery, message).await.map(|()| true),
            }
        };
        Ok(match sent.await {
            Ok(true) => (Delivery { state: DeliveryState::Sent, last_error: None, paused_until: None, ..delivery.clone() }, Others::GoOn),
            Ok(false) => (Delivery { state: DeliveryState::Void, ..delivery.clone() }, Others::GoOn),
            Err(error) => {
                let after = failed(delivery, &error, (self.now)(), self.settings.give_up_after, (self.chance)());
                (after, Others::of(error.trouble))
            }
        })
    }

    /// The message as the archive is now: what was withdrawn since is not in it.
    async fn made(&self, alert: &Alert, batch: &AlertBatch, delivery: &Delivery) -> Result<Option<Made>, String> {
        let id = id(alert, batch);
        let (told, today) = (Told { alert, batch, id: &id, is_test: delivery.batch.is_empty() }, (self.now)().date_naive());
        Ok(if delivery.target.starts_with(MAILTO) {
            self.reader.letter(told, today).await?.map(|letter| Made::Letter(Box::new(letter)))
        } else {
            self.reader.payload(told, today).await?.map(Made::Payload)
        })
    }

    async fn hand_over(&self, alert: &Alert, batch: &AlertBatch, delivery: &Delivery, message: Made) -> Result<(), Undelivered> {
        match message {
            Made::Letter(letter) => {
                let server = self.server()?;
                mail::send(&server, &letter, delivery.target.trim_start_matches(MAILTO)).await
            }
            Made::Payload(body) => self.post(alert, &id(alert, batch), body).await,
        }
    }

    fn server(&self) -> Result<MailServer, Undelivered> {
        let none = || match self.settings.has_mail {
            true => "The table [mail] has a mistake; `nato-archive alerts check` names it.",
            false => "There is no table [mail].",
        };
        let mail = self.settings.mail.as_ref().ok_or_else(|| troubled(Trouble::Unreached, none().into()))?;
        mail.server(&self.environment).map_err(|error| troubled(Trouble::Unreached, format!("There is no password for [mail]: {error}.")))
    }

    async fn post(&self, alert: &Alert, id: &str, body: Vec<u8>) -> Result<(), Undelivered> {
        let none = || troubled(Trouble::Never, "The alert has no webhook.".into());
        let webhook = alert.webhook.as_ref().ok_or_else(none)?;
        let secret = webhook.secret.read(&self.environment);
        let key = secret.and_then(|secret| sign::key(&secret));
        let key = key.map_err(|error| troubled(Trouble::Unreached, format!("There is no secret to sign with: {error}.")))?;
        let headers = sign::headers(&key, id, (self.now)().timestamp(), &body);
        self.posters.get(webhook.allow_private)?.post(&webhook.url, &headers, body).await
    }

    /// Sends a message that tells of nothing to every address of an alert, and keeps nothing of it; what became of each.
    pub async fn test(&self, alert: &Alert) -> Vec<(String, Result<(), String>)> {
        let now = (self.now)();
        let batch =
            AlertBatch { id: format!("test-{}", now.timestamp()), alert: alert.name.clone(), made_at: stamp(now), ..AlertBatch::default() };
        let mut outcomes = Vec::new();
        for target in alert.targets() {
            let delivery = Delivery { target: target.clone(), ..Delivery::default() };
            let outcome = match self.made(alert, &batch, &delivery).await {
                Err(error) => Err(error),
                Ok(None) => Err("There is nothing to send.".into()),
                Ok(Some(message)) => self.hand_over(alert, &batch, &delivery, message).await.map_err(|error| error.reason),
            };
            outcomes.push((target, outcome));
        }
        outcomes
    }
}

/// The stable part of a message's ids. No full stop may be in it, since one parts id, timestamp and body where they are signed (Standard
/// Webhooks 1.0.0, “Signature scheme”).
fn id(alert: &Alert, batch: &AlertBatch) -> String {
    format!("{}_{}", alert.slug(), batch.id)
}

fn troubled(trouble: Trouble, reason: String) -> Undelivered {
    Undelivered { trouble, reason }
}

/// An address as people are told of it.
pub(super) fn shown(delivery: &Delivery) -> &str {
    delivery.target.trim_start_matches(MAILTO)
}

fn notice(delivery: &Delivery, others: Others) -> Notice {
    let (alert, to) = (&delivery.alert, shown(delivery));
    let why = delivery.last_error.as_deref().unwrap_or_default();
    match delivery.state {
        DeliveryState::Sent => Notice::good(format!("The alert “{alert}” was sent to {to}.")),
        DeliveryState::Void => Notice::notable(format!("The alert “{alert}” has nothing to tell {to} any more: all of it was withdrawn.")),
        DeliveryState::Waiting => {
            Notice::bad(format!("The alert “{alert}” could not be sent to {to}, and is tried again from {}: {why}", delivery.next_try_at))
        }
        DeliveryState::Failed if others == Others::GiveUp => Notice::bad(format!(
            "The alert “{alert}” could not be sent to {to}, and nothing more of it is until `alerts retry` asks for another try or the alert is \
             written otherwise: {why}"
        )),
        DeliveryState::Failed => Notice::bad(format!(
            "The alert “{alert}” could not be sent to {to}, and is given up until `alerts retry` asks for another try: {why}"
        )),
    }
}
