//! Looking: what each search has that it had not.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::schedule::stamp;
use super::settings::{Alert, Settings, digest};
use super::{Notice, Reader, is_told};
use crate::ingest::Result;
use crate::store::{AlertBatch, AlertMove, AlertState, AlertStop, ArchiveStore, Marks};

/// One look at all alerts.
pub(super) struct Look<'a> {
    pub store: &'a dyn ArchiveStore,
    pub reader: &'a dyn Reader,
    pub archive_id: &'a str,
    pub now: DateTime<Utc>,
    /// New releases by the entries that they lie between: most alerts stand at the same place.
    added: HashMap<(i64, i64), Vec<i64>>,
}

/// What was found for an alert, and where it stands then.
pub(super) struct Found {
    to: AlertState,
    pub releases: Vec<i64>,
    pub events: Vec<i64>,
}

impl Found {
    fn tells(&self) -> bool {
        !self.releases.is_empty() || !self.events.is_empty()
    }
}

impl<'a> Look<'a> {
    pub fn new(store: &'a dyn ArchiveStore, reader: &'a dyn Reader, archive_id: &'a str, now: DateTime<Utc>) -> Self {
        Self { store, reader, archive_id, now, added: HashMap::new() }
    }

    /// Looks at every alert whose turn it is; what was found waits to be sent then. Alerts that are gone from a file
    /// that has settled are forgotten; until then they keep their place, and what waits.
    pub async fn at_all(&mut self, settings: &Settings, is_settled: bool) -> Result<Vec<Notice>> {
        let states: HashMap<String, AlertState> = self.store.alerts().await?.into_iter().map(|state| (state.name.clone(), state)).collect();
        let mut notices = if is_settled { self.forget(settings, &states).await? } else { Vec::new() };
        let seen = match self.reader.seen().await {
            Ok(seen) => seen,
            Err(error) => {
                notices.push(Notice::bad(error));
                return Ok(notices);
            }
        };
        let stops = self.stops(settings).await?;
        let mut moves = Vec::new();
        for alert in settings.alerts.iter().filter(|alert| alert.enabled) {
            let Some(state) = states.get(&alert.name) else {
                moves.push(AlertMove { from: None, to: self.begun(alert, seen).await?, batch: None });
                notices.push(Notice::notable(format!("The alert “{}” begins: it tells of what comes from now on.", alert.name)));
                continue;
            };
            if !is_due(alert, state, self.now) {
                continue;
            }
            match self.at_one(alert, state, seen).await? {
                Ok(Some(found)) if found.to != *state || found.tells() => moves.push(self.moved(alert, state.marks, found, &stops)),
                Ok(_) => {}
                Err(error) => notices.push(Notice::bad(format!("The alert “{}” could not be looked at: {error}", alert.name))),
            }
        }
        if !moves.is_empty() {
            self.store.move_alerts(&moves, &stamp(self.now)).await?;
        }
        Ok(notices)
    }

    async fn forget(&self, settings: &Settings, states: &HashMap<String, AlertState>) -> Result<Vec<Notice>> {
        // A name that cannot be read may be any of those that are missed.
        if !settings.is_whole {
            return Ok(Vec::new());
        }
        let mut gone: Vec<String> = states.keys().filter(|name| !settings.names.contains(name)).cloned().collect();
        gone.sort();
        if gone.is_empty() {
            return Ok(Vec::new());
        }
        let dropped = self.store.forget_alerts(&gone).await?;
        let names: Vec<String> = gone.iter().map(|name| format!("“{name}”")).collect();
        Ok(vec![Notice::notable(format!("No longer in the file, and forgotten: {}. {}.", names.join(", "), dropped_words(dropped)))])
    }

    /// Addresses that nothing new is sent to. An alert that says something else than it did then begins anew.
    async fn stops(&self, settings: &Settings) -> Result<Vec<AlertStop>> {
        let mut stops = self.store.alert_stops().await?;
        for alert in settings.alerts.iter().filter(|alert| stops.iter().any(|stop| stop.alert == alert.name)) {
            let entry = alert.entry();
            if stops.iter().any(|stop| stop.alert == alert.name && stop.entry != entry) {
                self.store.lift_stops(&alert.name, &entry).await?;
            }
        }
        stops.retain(|stop| settings.alerts.iter().any(|alert| stop.alert == alert.name && stop.entry == alert.entry()));
        Ok(stops)
    }

    /// A new alert starts at what is stored now, indexed or not.
    async fn begun(&self, alert: &Alert, seen: i64) -> Result<AlertState> {
        let marks = self.store.alert_marks().await?;
        let mut state = AlertState {
            name: alert.name.clone(),
            search: alert.search.clone(),
            began_at: stamp(self.now),
            marks,
            held: None,
            batched_at: None,
        };
        // Where searches see all of it now, what it holds is known from the start; elsewhere from the first look at which they do.
        if alert.changes
            && let Ok(Some((all, after))) = self.level(alert, marks, seen).await?
        {
            (state.held, state.marks) = (Some(rising(all)), after);
        }
        Ok(state)
    }

    /// All that a search finds, and the end of both logs as of the same moment; `None` where searches do not see all that is stored, or where
    /// somebody wrote meanwhile: then what was found and what was logged do not belong together.
    async fn level(&self, alert: &Alert, before: Marks, seen: i64) -> Result<Result<Option<(Vec<i64>, Marks)>, String>> {
        if seen < before.change {
            return Ok(Ok(None));
        }
        let all = match self.reader.all(&alert.search, self.now.date_naive()).await {
            Ok(all) => all,
            Err(error) => return Ok(Err(error)),
        };
        let after = self.store.alert_marks().await?;
        Ok(Ok((after.change == before.change).then_some((all, after))))
    }

    /// What one alert has to tell, and where it stands then; `None` where it has not moved.
    pub async fn at_one(&mut self, alert: &Alert, state: &AlertState, seen: i64) -> Result<Result<Option<Found>, String>> {
        let before = self.store.alert_marks().await?;
        let held_is_known = state.held.is_some() && state.search == alert.search;
        let nothing_new = seen <= state.marks.change && before.event == state.marks.event;
        if nothing_new && (held_is_known || !alert.changes) {
            return Ok(Ok(None));
        }
        let change = seen.max(state.marks.change);
        let added = self.added(state.marks.change, change).await?;
        let mut found =
            Found { to: AlertState { marks: Marks { change, ..state.marks }, ..state.clone() }, releases: Vec::new(), events: Vec::new() };
        let level = match alert.changes {
            true => match self.level(alert, before, seen).await? {
                Ok(level) => level,
                Err(error) => return Ok(Err(error)),
            },
            false => None,
        };
        let Some((all, after)) = level else {
            match self.reader.among(&alert.search, &added, self.now.date_naive()).await {
                Ok(releases) => found.releases = releases,
                Err(error) => return Ok(Err(error)),
            }
            if !alert.changes && seen >= before.change {
                (found.to.marks.event, found.to.held) = (before.event, None);
            }
            return Ok(Ok(Some(found)));
        };
        let new: HashSet<i64> = added.into_iter().collect();
        found.releases = all.iter().copied().filter(|seq| new.contains(seq)).collect();
        let held = if held_is_known { state.held.as_deref().unwrap_or_default() } else { &all };
        found.events = self.changed(state.marks.event, after.event, held, &all, &new).await?;
        found.to.marks.event = after.event;
        found.to.held = Some(rising(all));
        found.to.search.clone_from(&alert.search);
        Ok(Ok(Some(found)))
    }

    async fn added(&mut self, after: i64, to: i64) -> Result<Vec<i64>> {
        if let Some(added) = self.added.get(&(after, to)) {
            return Ok(added.clone());
        }
        let added = if after < to { self.store.added(after, to).await? } else { Vec::new() };
        self.added.insert((after, to), added.clone());
        Ok(added)
    }

    /// Entries of the public log about releases that the search found before or finds now, but for those that are told as new.
    async fn changed(&self, after: i64, to: i64, held: &[i64], now: &[i64], new: &HashSet<i64>) -> Result<Vec<i64>> {
        if after >= to {
            return Ok(Vec::new());
        }
        let events = self.store.alert_events(after, to).await?;
        let known: HashSet<i64> = held.iter().chain(now).copied().collect();
        let told = events.iter().filter(|event| is_told(event.what) && known.contains(&event.seq) && !new.contains(&event.seq));
        Ok(told.map(|event| event.entry).collect())
    }

    /// A look as it is kept: with a message where there is something to tell.
    fn moved(&self, alert: &Alert, from: Marks, found: Found, stops: &[AlertStop]) -> AlertMove {
        let targets: Vec<String> = alert.targets().into_iter().filter(|target| !is_stopped(stops, alert, target)).collect();
        let tells = found.tells() && !targets.is_empty();
        let Found { mut to, releases, events } = found;
        if !tells {
            return AlertMove { from: Some(from), to, batch: None };
        }
        let made_at = stamp(self.now);
        to.batched_at = Some(made_at.clone());
        let id = self.id(alert, from, &releases, &events);
        let batch = AlertBatch { id, alert: alert.name.clone(), made_at, releases, events };
        AlertMove { from: Some(from), to, batch: Some((batch, targets)) }
    }

    /// Made from what is told and where the look began: the same look has the same id, in a restored archive too.
    fn id(&self, alert: &Alert, from: Marks, releases: &[i64], events: &[i64]) -> String {
        let mut hasher = blake3::Hasher::new();
        for words in [self.archive_id, &alert.name] {
            hasher.update(&(words.len() as u64).to_le_bytes());
            hasher.update(words.as_bytes());
        }
        hasher.update(&(releases.len() as u64).to_le_bytes());
        for number in [from.change, from.event].iter().chain(releases).chain(events) {
            hasher.update(&number.to_le_bytes());
        }
        hasher.finalize().to_hex().chars().take(20).collect()
    }
}

/// What became of messages of an alert that is forgotten; a sentence without its full stop.
pub fn dropped_words(dropped: u64) -> String {
    match dropped {
        0 => "Nothing was still to be sent".to_owned(),
        1 => "1 message that was still to be sent is dropped".to_owned(),
        more => format!("{more} messages that were still to be sent are dropped"),
    }
}

/// Whether nothing new is sent to an address of an alert.
pub fn is_stopped(stops: &[AlertStop], alert: &Alert, target: &str) -> bool {
    stops.iter().any(|stop| stop.alert == alert.name && stop.target == digest(target) && stop.entry == alert.entry())
}

fn rising(mut seqs: Vec<i64>) -> Vec<i64> {
    seqs.sort_unstable();
    seqs
}

/// Whether enough time has passed since the alert's last message. A clock that was set back must not silence it.
fn is_due(alert: &Alert, state: &AlertState, now: DateTime<Utc>) -> bool {
    let last = state.batched_at.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok()).map(|at| at.to_utc());
    last.is_none_or(|last| last > now || now - last >= alert.every)
}
