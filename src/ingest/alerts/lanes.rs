//! Lanes: messages to one place go one after the other, and no place waits for another.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;
use tokio::task::{Id, JoinError, JoinSet};

use super::Notice;
use super::schedule::{LONGEST_ASKED, stamp};
use super::send::{IN_ONE_GO, Sending};
use super::settings::MAILTO;
use super::turn::Turn;
use crate::ingest::Result;
use crate::store::{Delivery, DueAsked};

/// Programs that are sent to at the same time, and messages taken up in one round: what fits in a go of each.
const PLACES: usize = 64;
const AT_ONCE: u32 = PLACES as u32 * IN_ONE_GO;

/// What is to be told, whether or not all of it could be done.
type Told = (Vec<Notice>, Result<()>);

/// What is being sent. Dropping it ends all of it at once.
pub(super) struct Lanes {
    running: JoinSet<Told>,
    /// Where each of them sends to.
    busy: HashMap<Id, String>,
    places: Arc<Semaphore>,
    stopping: Arc<AtomicBool>,
}

impl Lanes {
    pub fn new() -> Self {
        Self { running: JoinSet::new(), busy: HashMap::new(), places: Arc::new(Semaphore::new(PLACES)), stopping: Arc::default() }
    }

    /// Begins to send what was due at a moment, but for places that are still being sent to; how many lanes begin.
    pub async fn begin(&mut self, sending: &Sending, due: DateTime<Utc>, turn: Option<&Arc<Turn>>) -> Result<usize> {
        let enabled = sending.settings.alerts.iter().filter(|alert| alert.enabled);
        let alerts: Vec<String> = enabled.map(|alert| alert.name.clone()).collect();
        let busy: Vec<String> = self.busy.values().cloned().collect();
        // All mail goes through one server.
        let mail = sending.settings.mail.is_some() && !busy.iter().any(|place| place == MAILTO);
        let (now, beyond) = (stamp(due), stamp(due + LONGEST_ASKED * 2));
        let asked = DueAsked { alerts: &alerts, mail, busy: &busy, now: &now, beyond: &beyond, each: IN_ONE_GO, limit: AT_ONCE };
        let mut lanes: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
        for delivery in sending.store.due_deliveries(&asked).await? {
            let place = if delivery.target.starts_with(MAILTO) { MAILTO } else { &delivery.target };
            lanes.entry(place.to_owned()).or_default().push(delivery);
        }
        let begun = lanes.len();
        for (place, deliveries) in lanes {
            let (sending, places, stopping) = (sending.clone(), Arc::clone(&self.places), Arc::clone(&self.stopping));
            let (turn, is_mail) = (turn.cloned(), place == MAILTO);
            let task = self.running.spawn(async move {
                let _turn = turn;
                // Slow programs must not hold up mail.
                let _place = if is_mail { None } else { places.acquire_owned().await.ok() };
                let mut notices = Vec::new();
                let outcome = sending.lane(deliveries, || stopping.load(Ordering::Relaxed), &mut notices).await;
                (notices, outcome)
            });
            self.busy.insert(task.id(), place);
        }
        Ok(begun)
    }

    /// Takes up what has ended since the last time.
    pub fn take_ended(&mut self, notices: &mut Vec<Notice>) -> Result<()> {
        let mut outcome = Ok(());
        while let Some(ended) = self.running.try_join_next_with_id() {
            outcome = outcome.and(self.ended(ended, notices));
        }
        outcome
    }

    /// Waits until all has ended.
    pub async fn wait(&mut self, notices: &mut Vec<Notice>) -> Result<()> {
        let mut outcome = Ok(());
        while let Some(ended) = self.running.join_next_with_id().await {
            outcome = outcome.and(self.ended(ended, notices));
        }
        outcome
    }

    /// Lets each lane end with the message that it is at.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    fn ended(&mut self, ended: Result<(Id, Told), JoinError>, notices: &mut Vec<Notice>) -> Result<()> {
        match ended {
            Ok((id, (told, outcome))) => {
                self.busy.remove(&id);
                notices.extend(told);
                outcome
            }
            Err(error) => {
                self.busy.remove(&error.id());
                notices.push(Notice::bad(format!("A message could not be sent: {error}.")));
                Ok(())
            }
        }
    }
}
