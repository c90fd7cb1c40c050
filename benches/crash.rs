//! Kills the program at many points of its work, and compares what becomes of each archive with an undisturbed run, byte for byte.
//!
//! `cargo bench --bench crash -- 200` takes so many points; the answer is a table and an exit status.

#[path = "common/corpora.rs"]
mod corpora;
#[path = "../tests/support/crash.rs"]
mod crash;

use std::io::{BufRead, BufReader};
use std::process::ExitCode;

use crash::{Story, Work, invented, material};
use flate2::read::GzDecoder;

/// Points where no number is given.
const POINTS: usize = 200;

/// Releases to begin with, and how many stand in one document: some documents are stored in one transaction, some in two.
const RELEASES: usize = 3_000;
const IN_ONE: usize = 1_100;

/// Of so many points, how many each work gets.
const SHARES: [(Work, usize); 5] = [(Work::Import, 40), (Work::Again, 30), (Work::Reindex, 15), (Work::Load, 8), (Work::Restore, 7)];

fn releases() -> Vec<serde_json::Value> {
    let Some(files) = corpora::corpora(&["congress-press-releases.ndjson.gz"]) else {
        println!("Invented releases are taken instead.");
        return invented(RELEASES);
    };
    let lines = BufReader::new(GzDecoder::new(std::fs::File::open(&files[0]).expect("a collection"))).lines();
    lines.take(RELEASES).map(|line| serde_json::from_str(&line.expect("a line")).expect("a release")).collect()
}

fn main() -> ExitCode {
    let points = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(POINTS);
    let story = Story::of(&material(&releases(), IN_ONE));
    println!("{points} points; the undisturbed archive is {} bytes of export", story.told().len());
    println!("| work | lasts, s | points | killed at work | ended before | equal and all well |");
    println!("|---|---|---|---|---|---|");
    let mut chance: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut wrong = Vec::new();
    for (work, share) in SHARES {
        let count = (points * share).div_ceil(100);
        let (mut killed, mut equal) = (0, 0);
        for at in 0..count {
            // One point in each of as many equal parts of the time, somewhere in it.
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let somewhere = (chance >> 11) as f64 / (1u64 << 53) as f64;
            let share = (at as f64 + somewhere) / count as f64;
            let outcome = story.killed(work, share);
            killed += usize::from(outcome.killed);
            if outcome.wrong.is_empty() {
                equal += 1;
            } else {
                wrong.push(format!("{} killed at {:.1} % of its time: {}", work.said(), share * 100.0, outcome.wrong));
            }
        }
        println!("| {} | {:.2} | {count} | {killed} | {} | {equal} |", work.said(), story.lasts(work).as_secs_f64(), count - killed);
    }
    for sentence in &wrong {
        println!("wrong: {sentence}");
    }
    ExitCode::from(u8::from(!wrong.is_empty()))
}
