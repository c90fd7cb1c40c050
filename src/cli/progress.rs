//! Telling how a long command goes on: a bar on a terminal, plain lines otherwise.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::import::ImportError;
use crate::ingest::{Progress, Report};

/// Between two plain lines.
const EVERY: Duration = Duration::from_secs(5);

/// Progress of an import.
pub struct Telling {
    bar: Option<ProgressBar>,
    total: u64,
    done: u64,
    started: Instant,
    last: Instant,
    stop: Arc<AtomicBool>,
}

impl Telling {
    /// `stop` is set when the person at the keyboard has had enough.
    pub fn new(stop: Arc<AtomicBool>) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {msg} ({eta} left)") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, total: 0, done: 0, started: Instant::now(), last: Instant::now(), stop }
    }

    fn rate(&self, report: &Report) -> String {
        let releases = report.new + report.changed + report.unchanged;
        let rate = releases as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        format!(
            "{releases} releases, {rate:.0}/s; {} new, {} changed, {} unchanged, {} refused",
            report.new, report.changed, report.unchanged, report.refused
        )
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Telling {
    fn start(&mut self, bytes: u64) {
        self.total = bytes;
        if let Some(bar) = &self.bar {
            bar.set_length(bytes);
        }
    }

    fn advance(&mut self, bytes: u64, report: &Report) {
        self.done += bytes;
        match &self.bar {
            Some(bar) => {
                bar.set_message(self.rate(report));
                bar.inc(bytes);
            }
            None if self.last.elapsed() >= EVERY => {
                self.last = Instant::now();
                let share = (self.done * 100).checked_div(self.total).unwrap_or(100);
                let left = self.started.elapsed().as_secs_f64() / self.done.max(1) as f64 * self.total.saturating_sub(self.done) as f64;
                eprintln!("{share}%: {}; about {left:.0} s left", self.rate(report));
            }
            None => {}
        }
    }

    fn refused(&mut self, error: &ImportError) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("refused: {error}")),
            None => eprintln!("refused: {error}"),
        }
    }

    fn phase(&mut self, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(what.to_owned());
        }
    }

    fn stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Set once the program is asked to end (Ctrl-C, or SIGTERM on Unix).
pub fn stop_on_signal() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    tokio::spawn(async move {
        asked_to_stop().await;
        seen.store(true, Ordering::Relaxed);
    });
    stop
}

/// Returns when the program is asked to end.
pub async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
