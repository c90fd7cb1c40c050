//! Telling how a long command goes on: a bar on a terminal, plain lines where it is piped, JSON for machines.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::import::ImportError;
use crate::ingest::{Progress, Report};
use crate::model::Decision;
use crate::model::text::without_steering;

/// Between two lines.
const EVERY: Duration = Duration::from_secs(5);

/// How it is told.
enum Form {
    Bar(ProgressBar),
    Plain,
    Json,
}

/// Progress of an import.
pub struct Telling {
    form: Form,
    /// Whether each decision is told.
    each: bool,
    total: u64,
    done: u64,
    started: Instant,
    last: Instant,
    stop: Arc<AtomicBool>,
    refusals: Option<Refusals>,
}

/// The file that everything refused is written to. It is made when the first is.
struct Refusals {
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

impl Telling {
    /// `stop` is set when the person at the keyboard has had enough.
    pub fn new(stop: Arc<AtomicBool>) -> Self {
        let form = if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {msg} ({eta} left)") {
                bar.set_style(style);
            }
            Form::Bar(bar)
        } else {
            Form::Plain
        };
        let now = Instant::now();
        Self { form, each: false, total: 0, done: 0, started: now, last: now, stop, refusals: None }
    }

    /// One JSON object a line, on standard output.
    pub fn in_json(mut self, json: bool) -> Self {
        if json {
            self.form = Form::Json;
        }
        self
    }

    /// Tells each decision too.
    pub fn each(mut self, each: bool) -> Self {
        self.each = each;
        self
    }

    /// Writes everything refused to a file as well, one JSON object a line.
    pub fn with_refusals_in(mut self, path: &Path) -> Self {
        self.refusals = Some(Refusals { path: path.to_owned(), file: None });
        self
    }

    fn rate(&self, report: &Report) -> f64 {
        report.releases() as f64 / self.started.elapsed().as_secs_f64().max(0.001)
    }

    fn seconds_left(&self) -> f64 {
        self.started.elapsed().as_secs_f64() / self.done.max(1) as f64 * self.total.saturating_sub(self.done) as f64
    }

    fn line(&self, report: &Report) -> String {
        format!("{} releases, {:.0}/s; {}", report.releases(), self.rate(report), report.counts())
    }

    /// Ends the telling; returns where everything refused was written.
    pub fn finish(&mut self) -> Option<PathBuf> {
        if let Form::Bar(bar) = &self.form {
            bar.finish_and_clear();
        }
        let refusals = self.refusals.take()?;
        refusals.file?.flush().ok()?;
        Some(refusals.path)
    }

    /// The sums at the end, for machines.
    pub fn summary(&self, report: &Report, stopped: bool) -> bool {
        if !matches!(self.form, Form::Json) {
            return false;
        }
        let mut summary = sums(report);
        summary["type"] = json!("summary");
        summary["documents"] = json!(report.documents);
        summary["seconds"] = json!(self.started.elapsed().as_secs_f64());
        summary["stopped"] = json!(stopped);
        summary["passed_over"] = json!(report.passed_over);
        summary["unknown_fields"] = json!(report.unknown_fields);
        summary["unknown_topics"] = json!(report.unknown_topics);
        println!("{summary}");
        true
    }
}

fn sums(report: &Report) -> Value {
    json!({
        "new": report.new, "changed": report.changed, "unchanged": report.unchanged, "mirror": report.mirror, "refused": report.refused,
    })
}

fn refusal(error: &ImportError) -> Value {
    json!({
        "type": "refused", "file": error.file, "line": error.line, "field": error.field, "reason": error.reason, "advice": error.advice,
    })
}

impl Refusals {
    fn write(&mut self, error: &ImportError) {
        if self.file.is_none() {
            match File::create(&self.path) {
                Ok(file) => self.file = Some(BufWriter::new(file)),
                Err(why) => eprintln!("{} cannot be written: {why}", self.path.display()),
            }
        }
        // Best effort: the refusal has been told already.
        let _ = self.file.as_mut().map(|file| writeln!(file, "{}", refusal(error)));
    }
}

impl Progress for Telling {
    fn start(&mut self, bytes: u64) {
        self.total = bytes;
        if let Form::Bar(bar) = &self.form {
            bar.set_length(bytes);
        }
    }

    fn advance(&mut self, bytes: u64, report: &Report) {
        self.done += bytes;
        let due = self.last.elapsed() >= EVERY;
        match &self.form {
            Form::Bar(bar) => {
                bar.set_message(self.line(report));
                bar.inc(bytes);
                return;
            }
            _ if !due => return,
            Form::Plain => {
                let share = (self.done * 100).checked_div(self.total).unwrap_or(100);
                eprintln!("{share}%: {}; about {:.0} s left", self.line(report), self.seconds_left());
            }
            Form::Json => {
                let mut line = sums(report);
                line["type"] = json!("progress");
                line["bytes"] = json!(self.done);
                line["total_bytes"] = json!(self.total);
                line["per_second"] = json!(self.rate(report));
                line["seconds_left"] = json!(self.seconds_left());
                println!("{line}");
            }
        }
        self.last = Instant::now();
    }

    fn refused(&mut self, error: &ImportError) {
        if let Some(refusals) = &mut self.refusals {
            refusals.write(error);
        }
        match &self.form {
            Form::Bar(bar) => bar.println(format!("refused: {error}")),
            Form::Plain => eprintln!("refused: {error}"),
            Form::Json => println!("{}", refusal(error)),
        }
    }

    fn tells_each(&self) -> bool {
        self.each
    }

    fn decided(&mut self, document: &str, title: &str, decision: &Decision) {
        if let Form::Json = self.form {
            let line = json!({
                "type": "decision", "document": document, "title": title, "outcome": decision.outcome, "how": decision.how,
                "score": decision.score, "reason": decision.sentence(),
            });
            let _ = writeln!(std::io::stdout(), "{line}");
        } else {
            let score = decision.score.map(|score| format!(" ({:.2} alike)", (score * 100.0).floor() / 100.0)).unwrap_or_default();
            // Whoever reads it through a pager may stop before the end.
            let _ =
                writeln!(std::io::stdout(), "{:<9} {}{score}: {}", decision.outcome.token(), without_steering(title), decision.sentence());
        }
    }

    fn phase(&mut self, what: &str) {
        if let Form::Bar(bar) = &self.form {
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
    let asked = asked_to_stop();
    tokio::spawn(async move {
        asked.await;
        seen.store(true, Ordering::Relaxed);
    });
    stop
}

/// Ends when the program is asked to end. It hears what comes from this call on, before it is first waited for.
pub fn asked_to_stop() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let heard = {
        use tokio::signal::unix::{SignalKind, signal};
        [SignalKind::interrupt(), SignalKind::terminate()].map(signal)
    };
    async move {
        #[cfg(unix)]
        {
            let came = async |signal: std::io::Result<tokio::signal::unix::Signal>| match signal {
                Ok(mut signal) => drop(signal.recv().await),
                Err(_) => std::future::pending().await,
            };
            let [interrupt, terminate] = heard;
            tokio::select! {
                () = came(interrupt) => {}
                () = came(terminate) => {}
            }
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
