//! Ending the built program in the middle of its work, and comparing what becomes of its archive with what an undisturbed run gives.
//!
//! Every run starts from a copy of one folder, because an archive chooses its identifier by chance, and has one clock, which stands still:
//! equal then means equal bytes of the export.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Documents that are imported one after the other: what comes first, and what has changed when it comes again.
pub struct Material {
    pub first: Vec<(String, Vec<Value>)>,
    pub again: Vec<(String, Vec<Value>)>,
}

/// Releases in documents of so many: some of them carried by two publishers, some with two versions in one document; later some are
/// changed, some carried by others, some new, and some have the words again that they had before.
pub fn material(releases: &[Value], in_one: usize) -> Material {
    let with = |release: &Value, changes: &[(&str, Value)]| {
        let mut changed = release.clone();
        for (field, value) in changes {
            changed[*field] = value.clone();
        }
        changed
    };
    let body = |release: &Value| release["body"].as_str().unwrap_or_default().to_owned();
    let (mut first, mut again) = (Vec::new(), Vec::new());
    let late = releases.len() - releases.len() / 10;
    for (at, release) in releases.iter().enumerate() {
        let changed = with(release, &[("body", json!(format!("{}\n\nCorrection: the figure is {at}.", body(release))))]);
        let carried = |who: &str| with(release, &[("key", json!(format!("{who}-{at}"))), ("source", json!(who)), ("url", Value::Null)]);
        if at < late {
            first.push(release.clone());
            match at % 13 {
                3 => first.push(carried("Mirror")),
                5 => first.push(changed.clone()),
                _ => {}
            }
        }
        match at % 7 {
            1 => again.push(changed),
            2 => again.push(carried("Wire")),
            // Another publisher has the words that the release had before it changed.
            3 if at % 13 == 5 => again.push(carried("Archive")),
            4 => again.push(with(release, &[("title", json!(format!("{} (updated)", release["title"].as_str().unwrap_or_default())))])),
            _ => again.push(release.clone()),
        }
    }
    let cut = |name: &str, all: Vec<Value>| {
        all.chunks(in_one).enumerate().map(|(at, part)| (format!("{name}-{at:03}.ndjson"), part.to_vec())).collect::<Vec<_>>()
    };
    Material { first: cut("first", first), again: cut("again", again) }
}

/// Releases that nobody published.
pub fn invented(count: usize) -> Vec<Value> {
    const SUBJECTS: [&str; 7] = ["defence", "enlargement", "training", "logistics", "partnership", "cyber security", "maritime patrols"];
    const PLACES: [&str; 5] = ["Brussels", "Riga", "Ottawa", "Madrid", "Ankara"];
    let sentence = |seed: usize, at: usize| {
        let (subject, place) = (SUBJECTS[(seed * 5 + at * 3) % 7], PLACES[(seed + at * 7) % 5]);
        format!(
            "Ministers spoke about {subject} in {place} and agreed on {} further steps of kind {}.",
            seed * 31 % 97 + at,
            (seed * 17 + at * 11) % 89
        )
    };
    (0..count)
        .map(|seed| {
            let body: Vec<String> = (0..4).map(|at| sentence(seed, at)).collect();
            json!({
                "key": format!("pr-{seed}"),
                "source": "NATO",
                "title": format!("Statement {seed} on {}", SUBJECTS[seed % 7]),
                "body": body.join("\n\n"),
                "published_on": format!("20{:02}-{:02}-{:02}", seed % 25, seed % 12 + 1, seed % 28 + 1),
                "url": format!("https://www.nato.int/cps/en/natohq/news_{}.htm", 100_000 + seed),
            })
        })
        .collect()
}

/// What the program does while it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    Import,
    /// The import of what has changed.
    Again,
    /// Building the index anew, with all its merging.
    Reindex,
    /// Loading a whole archive from its export.
    Load,
    /// Restoring a backup over an archive.
    Restore,
}

impl Work {
    pub const fn said(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Again => "import of what has changed",
            Self::Reindex => "building the index anew",
            Self::Load => "loading a whole archive",
            Self::Restore => "restoring a backup",
        }
    }
}

/// What became of a killed run.
#[derive(Debug)]
pub struct Outcome {
    /// Whether it was still at work when it was killed.
    pub killed: bool,
    /// What is wrong with the archive after it has been taken up again; empty for none.
    pub wrong: String,
}

/// An undisturbed run, and the folders to begin others from.
pub struct Story {
    home: tempfile::TempDir,
    /// The export after everything.
    told: Vec<u8>,
    /// How long each work takes undisturbed.
    lasts: Vec<(Work, Duration)>,
}

impl Story {
    pub fn of(material: &Material) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let story = Self { home, told: Vec::new(), lasts: Vec::new() };
        for (folder, documents) in [("first", &material.first), ("again", &material.again)] {
            fs::create_dir(story.path(folder)).expect("a folder");
            for (name, releases) in documents {
                let lines: Vec<String> = releases.iter().map(Value::to_string).collect();
                fs::write(story.path(folder).join(name), lines.join("\n") + "\n").expect("a document");
            }
        }
        // A command that begins an archive and puts nothing in.
        story.must("empty", &["describe", "--write-vocabulary", &story.words("vocabulary")]);
        story.copy("empty", "one");
        let import = story.timed("one", Work::Import);
        story.copy("one", "both");
        let again = story.timed("both", Work::Again);
        story.must("both", &["check"]);
        let (whole, backup) = (story.words("whole.ndjson"), story.words("whole.db"));
        story.must("both", &["export", &whole]);
        story.must("both", &["backup", &backup]);
        let told = fs::read(story.path("whole.ndjson")).expect("the export");
        let mut lasts = vec![(Work::Import, import), (Work::Again, again)];
        for work in [Work::Reindex, Work::Load, Work::Restore] {
            story.copy(begin(work), "spare");
            lasts.push((work, story.timed("spare", work)));
            fs::remove_dir_all(story.path("spare")).expect("a removal");
        }
        Self { told, lasts, ..story }
    }

    pub fn lasts(&self, work: Work) -> Duration {
        self.lasts.iter().find(|(other, _)| *other == work).map_or(Duration::ZERO, |(_, time)| *time)
    }

    /// The export of the undisturbed run.
    pub fn told(&self) -> &[u8] {
        &self.told
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn words(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    /// Copies an archive's folder.
    pub fn copy(&self, from: &str, to: &str) {
        copy_folder(&self.path(from), &self.path(to));
    }

    fn arguments(&self, work: Work) -> Vec<String> {
        match work {
            Work::Import => vec!["import".into(), self.words("first")],
            Work::Again => vec!["import".into(), self.words("again")],
            Work::Reindex => vec!["reindex".into()],
            Work::Load => vec!["import".into(), self.words("whole.ndjson")],
            Work::Restore => vec!["restore".into(), "--force".into(), self.words("whole.db")],
        }
    }

    fn timed(&self, name: &str, work: Work) -> Duration {
        let begun = Instant::now();
        self.must(name, &self.arguments(work).iter().map(String::as_str).collect::<Vec<_>>());
        begun.elapsed()
    }

    fn must(&self, name: &str, arguments: &[&str]) -> String {
        run(&self.path(name), arguments).unwrap_or_else(|wrong| panic!("{arguments:?}: {wrong}"))
    }

    /// Kills the work at a share of the time that it takes undisturbed, takes it up again, and compares.
    pub fn killed(&self, work: Work, share: f64) -> Outcome {
        let name = "killed";
        let _ = fs::remove_dir_all(self.path(name));
        self.copy(begin(work), name);
        let mut child =
            program(&self.path(name)).args(self.arguments(work)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program");
        std::thread::sleep(self.lasts(work).mul_f64(share));
        let killed = matches!(child.try_wait(), Ok(None));
        // On Unix this is SIGKILL: nothing of the program runs any more.
        child.kill().expect("a kill");
        child.wait().expect("an end");
        Outcome { killed, wrong: self.taken_up(name, work).err().unwrap_or_default() }
    }

    /// Runs the work again, and what comes behind it; the archive must then be the undisturbed one.
    pub fn taken_up(&self, name: &str, work: Work) -> Result<(), String> {
        let folder = self.path(name);
        // As it was left, before anybody mends anything, it can be read.
        run(&folder, &["export", "-"]).map_err(|wrong| format!("right after the kill: {wrong}"))?;
        if work == Work::Load {
            // All of it was stored, or nothing.
            let again = run(&folder, &[&"import".to_owned(), &self.words("whole.ndjson")].map(String::as_str));
            again.or_else(|wrong| if wrong.contains("holds documents already") { run(&folder, &["reindex"]) } else { Err(wrong) })?;
        } else {
            run(&folder, &self.arguments(work).iter().map(String::as_str).collect::<Vec<_>>())?;
        }
        if work == Work::Import {
            run(&folder, &self.arguments(Work::Again).iter().map(String::as_str).collect::<Vec<_>>())?;
        }
        self.compare(name)
    }

    /// Whether an archive is all well and the very one that the undisturbed run made.
    pub fn compare(&self, name: &str) -> Result<(), String> {
        let folder = self.path(name);
        run(&folder, &["check"])?;
        let told = run(&folder, &["export", "-"])?;
        if told.as_bytes() == self.told {
            return Ok(());
        }
        let undisturbed = String::from_utf8_lossy(&self.told);
        let unlike = told.lines().zip(undisturbed.lines()).find(|(one, other)| one != other);
        let cut = |line: &str| line.chars().take(600).collect::<String>();
        Err(unlike.map_or_else(
            || "one export is longer than the other".to_owned(),
            |(one, other)| format!("the exports differ:\n  {}\n  {}", cut(one), cut(other)),
        ))
    }
}

/// The folder that a work begins from.
const fn begin(work: Work) -> &'static str {
    match work {
        Work::Import | Work::Load => "empty",
        Work::Again => "one",
        Work::Reindex | Work::Restore => "both",
    }
}

pub fn program(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nato-archive"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("NATO_ARCHIVE_")) {
        command.env_remove(name);
    }
    command.env("NATO_ARCHIVE_CLOCK", "2026-01-01T00:00:00Z").arg("--data-dir").arg(data_dir).stdin(Stdio::null());
    command
}

/// Runs the program to its end; what it says, or what went wrong.
pub fn run(data_dir: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = program(data_dir).args(arguments).output().expect("the program");
    let (out, err) = (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
    if output.status.success() {
        Ok(out)
    } else {
        Err(format!("{:?} ended with {}: {} {err}", arguments.first(), output.status, out.trim()))
    }
}

pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}
