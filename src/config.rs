//! Settings: flags over environment over defaults. Flags and environment are read by `clap`; what they mean is decided here.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::ingest::Clock;
use crate::ingest::alerts::Environment;

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
    /// Where secrets may be.
    pub environment: Environment,
}

impl Config {
    /// `base_url` falls back to the address that is listened on, `alerts` to a file in the archive's folder.
    pub fn new(data_dir: PathBuf, listen: SocketAddr, base_url: Option<String>, clock: Clock, alerts: Option<PathBuf>) -> Self {
        let base_url = base_url.unwrap_or_else(|| format!("http://{listen}"));
        let alerts = alerts.unwrap_or_else(|| data_dir.join("alerts.toml"));
        Self { data_dir, listen, base_url, clock, alerts, environment: Environment::new(|_| None) }
    }

    /// With an environment to find secrets in.
    pub fn within(self, environment: Environment) -> Self {
        Self { environment, ..self }
    }

    pub fn database_url(&self) -> String {
        format!("sqlite:{}", self.data_dir.join("archive.db").display())
    }

    pub fn index_dir(&self) -> PathBuf {
        self.data_dir.join("index")
    }
}
