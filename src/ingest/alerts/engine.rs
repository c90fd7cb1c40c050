//! Alerts at work: the file is read when it changes, searches are looked at when the archive does, messages are sent when their turn comes.

use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::oneshot;

use super::lanes::Lanes;
use super::look::{Look, dropped_words};
use super::schedule::stamp;
use super::send::{Posters, Sending};
use super::settings::{Environment, Settings};
use super::turn::Turn;
use super::{Notice, Now, Reader, SearchRead};
use crate::fetch::Policy;
use crate::ingest::{IngestError, Result};
use crate::store::ArchiveStore;

/// How often a server looks whether there is anything to do; a look at the file and two short questions to the database.
const TICK: Duration = Duration::from_secs(1);

/// How often it looks at every alert where nothing has changed: some wait for their time.
const LOOK_ANYWAY: Duration = Duration::from_secs(30);

/// After something went wrong.
const BREATH: Duration = Duration::from_secs(30);

/// How long a file must have stood without an alert before that is forgotten: an editor may empty it for a moment, and an owner change their mind.
const SETTLED: TimeDelta = TimeDelta::minutes(10);

/// How long messages that were sent are remembered, and how often it is looked for older ones.
const REMEMBERED: TimeDelta = TimeDelta::days(30);
const TIDY: Duration = Duration::from_secs(24 * 60 * 60);

/// How often a command takes up what is to be sent, part by part: enough for all that can wait, and an end where a part does not get smaller.
const ROUNDS: usize = 1_000;

/// How long a server that is stopped waits for messages that it is at.
const GRACE: Duration = Duration::from_secs(10);

/// Between two tries of a command to have its turn.
const PAUSE: Duration = Duration::from_millis(100);

/// Where alerts are read and what they run on.
#[derive(Clone)]
pub struct Surroundings {
    pub data_dir: PathBuf,
    /// The owner's file; it need not be there.
    pub file: PathBuf,
    pub environment: Environment,
    pub now: Now,
    /// Between 0 and 1, another number each time.
    pub chance: fn() -> f64,
    /// Who asks, for the receivers of webhooks.
    pub contact: Option<String>,
}

/// What an alert would do now.
#[derive(Clone, Debug)]
pub struct Preview {
    pub name: String,
    pub read: SearchRead,
    /// Releases that the search finds in the whole archive.
    pub matches: usize,
    /// New releases and changes that are still to be told.
    pub next: (usize, usize),
    /// Whether it has not begun yet: then it begins with what comes after the first run.
    pub is_new: bool,
}

/// The alerts of one archive.
pub struct Alerts {
    store: Arc<dyn ArchiveStore>,
    reader: Arc<dyn Reader>,
    surroundings: Surroundings,
    posters: Arc<Posters>,
    archive_id: String,
    settings: Arc<Settings>,
    /// The file as it was read: when it was written, and its length.
    file_was: Option<(SystemTime, u64)>,
    /// Since when the file is as it is; `None` where it cannot be read.
    stands_since: Option<DateTime<Utc>>,
}

/// What a server's rounds know of each other.
struct Kept {
    lanes: Lanes,
    turn: Weak<Turn>,
    /// How far both the log and searches were at the last look, and when that was.
    reached: Option<(i64, i64)>,
    looked: Option<Instant>,
    tidied: Option<Instant>,
    /// Since when the file had stood as it was that was last tidied up after.
    settled: Option<DateTime<Utc>>,
}

impl Alerts {
    /// # Errors
    /// The database cannot be read.
    pub async fn new(store: Arc<dyn ArchiveStore>, reader: Arc<dyn Reader>, surroundings: Surroundings) -> Result<Self> {
        let archive_id = store.summary().await?.archive_id;
        let posters = Arc::new(Posters::new(Policy { contact: surroundings.contact.clone(), ..Policy::default() }));
        Ok(Self { store, reader, surroundings, posters, archive_id, settings: Arc::default(), file_was: None, stands_since: None })
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether the file was read as it is now, and every alert in it has a name that can be read: only then is it known which are gone from it.
    pub fn knows_all(&self) -> bool {
        self.stands_since.is_some() && self.settings.is_whole
    }

    /// Whether there is a file at all.
    pub fn is_set_up(&self) -> bool {
        self.surroundings.file.is_file()
    }

    /// Reads the file, if it is another one than the last time. What is wrong in it is told once.
    pub fn read_again(&mut self) -> Vec<Notice> {
        let file = &self.surroundings.file;
        let is = std::fs::metadata(file).ok().and_then(|meta| Some((meta.modified().ok()?, meta.len())));
        if is == self.file_was && is.is_some() {
            return Vec::new();
        }
        let was = std::mem::replace(&mut self.file_was, is);
        self.stands_since = None;
        let environment = &self.surroundings.environment;
        let mut settings = match std::fs::read(file) {
            Ok(bytes) => Settings::read(file, &bytes, environment),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let had = !self.settings.names.is_empty();
                self.settings = Arc::default();
                let words = format!("{} is gone: no alerts are sent, and what waits stays until it is back.", file.display());
                return if had || was.is_some() { vec![Notice::bad(words)] } else { Vec::new() };
            }
            Err(error) => Settings::unreadable(file, None, format!("cannot be read ({error})")),
        };
        let now = (self.surroundings.now)();
        let today = now.date_naive();
        settings.check_searches(file, |search| self.reader.read(search, today).err());
        let mut notices: Vec<Notice> = settings.mistakes.iter().map(|mistake| Notice::bad(mistake.to_string())).collect();
        if !settings.is_readable {
            notices.push(Notice::bad("Alerts stay as they were until the file can be read."));
            self.settings = Arc::new(Settings { mistakes: settings.mistakes, ..(*self.settings).clone() });
            return notices;
        }
        let on = settings.alerts.iter().filter(|alert| alert.enabled && settings.can_send(alert)).count();
        notices.push(Notice::good(format!("Alerts in {}: {on} of {} at work.", file.display(), settings.names.len())));
        notices.extend(self.missed(&settings));
        self.settings = Arc::new(settings);
        self.stands_since = Some(now);
        notices
    }

    /// What is told where alerts that were in the file no longer are.
    fn missed(&self, settings: &Settings) -> Option<Notice> {
        let gone = self.settings.names.iter().filter(|name| !settings.names.contains(name));
        let gone: Vec<String> = gone.map(|name| format!("“{name}”")).collect();
        let (names, minutes) = (gone.join(", "), SETTLED.num_minutes());
        let rest = match settings.names.is_empty() {
            true => "What waits stays until there are alerts in it again".to_owned(),
            false => format!("What waits stays for {minutes} minutes, and is dropped then"),
        };
        (settings.is_whole && !gone.is_empty()).then(|| Notice::notable(format!("No longer in the file: {names}. {rest}.")))
    }

    /// Whether the file has stood as it is for long enough that what is missed in it is meant to be gone. One without any alert never has.
    fn is_settled(&self) -> bool {
        let now = (self.surroundings.now)();
        !self.settings.names.is_empty() && self.stands_since.is_some_and(|since| now - since >= SETTLED)
    }

    fn sending(&self) -> Sending {
        Sending {
            store: Arc::clone(&self.store),
            reader: Arc::clone(&self.reader),
            settings: Arc::clone(&self.settings),
            environment: self.surroundings.environment.clone(),
            posters: Arc::clone(&self.posters),
            now: Arc::clone(&self.surroundings.now),
            chance: self.surroundings.chance,
        }
    }

    /// Looks at every alert, and keeps what is to be sent.
    pub async fn look(&self) -> Result<Vec<Notice>> {
        Look::new(&*self.store, &*self.reader, &self.archive_id, (self.surroundings.now)()).at_all(&self.settings, self.is_settled()).await
    }

    /// Sends what is to be sent now, all of it.
    pub async fn send(&self) -> Result<Vec<Notice>> {
        let (mut lanes, mut notices) = (Lanes::new(), Vec::new());
        // What fails is due later than this, and every message is tried once.
        let now = (self.surroundings.now)();
        for _ in 0..ROUNDS {
            if lanes.begin(&self.sending(), now, None).await? == 0 {
                break;
            }
            lanes.wait(&mut notices).await?;
        }
        Ok(notices)
    }

    /// One round: the file, a look at every alert, and whatever is to be sent; `None` where another process is at it and does not end in time.
    ///
    /// # Errors
    /// Only what concerns the archive itself.
    pub async fn run(&mut self, patience: Duration) -> Result<Option<Vec<Notice>>> {
        let until = Instant::now() + patience;
        let _turn = loop {
            match Turn::take(&self.surroundings.data_dir)? {
                Some(turn) => break turn,
                None if Instant::now() < until => tokio::time::sleep(PAUSE).await,
                None => return Ok(None),
            }
        };
        let mut notices = self.read_again();
        notices.extend(self.look().await?);
        notices.extend(self.send().await?);
        notices.extend(self.tidy().await?);
        Ok(Some(notices))
    }

    /// Forgets what was sent long ago, and messages to addresses that their alerts have not named for a while.
    async fn tidy(&self) -> Result<Option<Notice>> {
        self.store.prune_alerts(&stamp((self.surroundings.now)() - REMEMBERED)).await?;
        if !self.is_settled() {
            return Ok(None);
        }
        let told = self.settings.alerts.iter().flat_map(|alert| alert.targets().into_iter().map(|target| (alert.name.clone(), target)));
        let dropped = self.store.forget_targets(&told.collect::<Vec<_>>()).await?;
        let words = || format!("Addresses that are no longer told are forgotten. {}.", dropped_words(dropped));
        Ok((dropped > 0).then(|| Notice::notable(words())))
    }

    /// Works until it is told to stop; then what is being sent may end, for a while.
    pub async fn keep(mut self, stop: oneshot::Receiver<()>, tell: impl Fn(&Notice)) {
        let mut kept = Kept { lanes: Lanes::new(), turn: Weak::new(), reached: None, looked: None, tidied: None, settled: None };
        let work = async {
            loop {
                let mut notices = Vec::new();
                let outcome = self.tick(&mut kept, &mut notices).await;
                notices.iter().for_each(&tell);
                if let Err(error) = outcome {
                    tell(&Notice::bad(format!("Alerts have to wait: {error}")));
                    tokio::time::sleep(BREATH).await;
                }
                tokio::time::sleep(TICK).await;
            }
        };
        // Whoever drops the other end asks for the same.
        tokio::select! {
            () = work => {}
            _ = stop => {}
        }
        kept.lanes.stop();
        let mut notices = Vec::new();
        let ended = tokio::time::timeout(GRACE, kept.lanes.wait(&mut notices)).await;
        notices.iter().for_each(&tell);
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tell(&Notice::bad(format!("Alerts have to wait: {error}"))),
            Err(_) => tell(&Notice::bad("Some messages of alerts were cut off, and are sent again.")),
        }
    }

    async fn tick(&mut self, kept: &mut Kept, notices: &mut Vec<Notice>) -> Result<()> {
        kept.lanes.take_ended(notices)?;
        let file_was = self.file_was;
        notices.extend(self.read_again());
        if self.settings.names.is_empty() && !self.settings.is_whole {
            return Ok(());
        }
        // What is still being sent holds it.
        let turn = match kept.turn.upgrade() {
            Some(turn) => turn,
            None => match Turn::take(&self.surroundings.data_dir)? {
                Some(turn) => Arc::new(turn),
                None => return Ok(()),
            },
        };
        kept.turn = Arc::downgrade(&turn);
        let is = (self.store.alert_marks().await?.change, self.reader.seen().await.unwrap_or_default());
        let is_time = kept.looked.is_none_or(|looked| looked.elapsed() >= LOOK_ANYWAY);
        if kept.reached != Some(is) || is_time || file_was != self.file_was {
            notices.extend(self.look().await?);
            (kept.reached, kept.looked) = (Some(is), Some(Instant::now()));
        }
        kept.lanes.begin(&self.sending(), (self.surroundings.now)(), Some(&turn)).await?;
        let settled = self.stands_since.filter(|_| self.is_settled());
        if kept.tidied.is_none_or(|tidied| tidied.elapsed() >= TIDY) || settled.is_some() && settled != kept.settled {
            notices.extend(self.tidy().await?);
            (kept.tidied, kept.settled) = (Some(Instant::now()), settled);
        }
        Ok(())
    }

    /// How each alert is read, and what it would tell now. Nothing is kept.
    pub async fn preview(&self) -> Result<Vec<Result<Preview, String>>> {
        let now = (self.surroundings.now)();
        let today = now.date_naive();
        let states = self.store.alerts().await?;
        let mut look = Look::new(&*self.store, &*self.reader, &self.archive_id, now);
        let mut previews = Vec::new();
        let seen = self.reader.seen().await;
        for alert in &self.settings.alerts {
            let state = states.iter().find(|state| state.name == alert.name);
            let found = match (state, &seen) {
                (_, Err(error)) => Err(error.clone()),
                (None, _) => Ok(None),
                (Some(state), Ok(seen)) => look.at_one(alert, state, *seen).await?,
            };
            let preview = async {
                let next = found?.map_or((0, 0), |found| (found.releases.len(), found.events.len()));
                let read = self.reader.read(&alert.search, today)?;
                let matches = self.reader.all(&alert.search, today).await?.len();
                Ok(Preview { name: alert.name.clone(), read, matches, next, is_new: state.is_none() })
            };
            previews.push(preview.await);
        }
        Ok(previews)
    }

    /// Sends a message that tells of nothing to every address of an alert; what became of each.
    ///
    /// # Errors
    /// There is no such alert, or it is wrong.
    pub async fn test(&self, name: &str) -> Result<Vec<(String, Result<(), String>)>> {
        let alert = self.settings.alerts.iter().find(|alert| alert.name == name);
        let alert = alert.ok_or_else(|| {
            IngestError::Refused(format!("there is no alert “{name}” without a mistake in {}", self.surroundings.file.display()))
        })?;
        Ok(self.sending().test(alert).await)
    }
}
