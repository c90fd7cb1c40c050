//! Settings: flags over environment over defaults. Flags and environment are read by `clap`; what they mean is decided here.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::ingest::Clock;
use crate::ingest::alerts::Environment;
use crate::web::finding::security::Contact;

/// Where the archive lives and how it is reached.
#[derive(Clone, Debug)]
pub struct Config {
    pub data_dir: PathBuf,
    pub listen: SocketAddr,
    /// Absolute address of the archive, as readers know it.
    pub base_url: String,
    /// What writes ask for the time.
    pub clock: Clock,
    /// Where alerts are set up; it need not be there.
    pub alerts: PathBuf,
    /// Whether the owner named that file, so that it must be there.
    pub alerts_named: bool,
    /// Where secrets may be.
    pub environment: Environment,
    /// Where the archive's owner can be reached, as far as they say.
    pub contact: Option<Contact>,
}

impl Config {
    /// `base_url` falls back to the address that is listened on.
    pub fn new(data_dir: PathBuf, listen: SocketAddr, base_url: Option<String>, clock: Clock) -> Self {
        let base_url = base_url.unwrap_or_else(|| format!("http://{listen}"));
        let alerts = data_dir.join("alerts.toml");
        Self { data_dir, listen, base_url, clock, alerts, alerts_named: false, environment: Environment::new(|_| None), contact: None }
    }

    pub fn with_contact(self, contact: Option<Contact>) -> Self {
        Self { contact, ..self }
    }

    /// With alerts in another file than the one in the archive's folder, if it names one, and an environment to find secrets in.
    pub fn with_alerts(self, file: Option<PathBuf>, environment: Environment) -> Self {
        Self { alerts_named: file.is_some(), alerts: file.unwrap_or(self.alerts), environment, ..self }
    }

    pub fn database_url(&self) -> String {
        format!("sqlite:{}", self.data_dir.join("archive.db").display())
    }

    pub fn index_dir(&self) -> PathBuf {
        self.data_dir.join("index")
    }
}
