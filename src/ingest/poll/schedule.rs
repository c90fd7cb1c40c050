//! When a feed is looked at again, and what is noted about the last look.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::stamp;
use crate::fetch::{Fault, FetchError, Wait};
use crate::import::ImportError;
use crate::ingest::Report;
use crate::store::Followed;

/// After one failure; each further one doubles it, up to the longest.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(15);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(24);

/// The longest time for which a server can send a feed's follower away.
const LONGEST_ASKED: TimeDelta = TimeDelta::days(7);

/// Whether a feed's turn has come.
pub(super) fn is_due(feed: &Followed, now: DateTime<Utc>) -> bool {
    let next = feed.next_poll_at.as_deref().and_then(|next| DateTime::parse_from_rfc3339(next).ok());
    // A clock that was set back must not silence a feed: no wait is longer than the longest.
    !feed.retired && next.is_none_or(|next| next <= now || next.to_utc() - now > LONGEST_ASKED)
}

fn looked(feed: &Followed, outcome: String, now: DateTime<Utc>) -> Followed {
    let feed = feed.clone();
    Followed { last_polled_at: Some(stamp(now)), last_outcome: Some(outcome), failures: 0, next_poll_at: None, ..feed }
}

/// The server says that nothing has changed.
pub(super) fn unchanged(feed: &Followed, now: DateTime<Utc>) -> Followed {
    looked(feed, "nothing new".into(), now)
}

/// What is to be said of a load beside its sums.
#[derive(Default)]
pub(super) struct Aside<'a> {
    /// The document held nothing else than the last time.
    pub same: bool,
    /// Articles to be asked for next time.
    pub waiting: usize,
    /// Articles that did not come.
    pub trouble: &'a [FetchError],
    /// Where the document has moved for good.
    pub moved: Option<&'a str>,
}

/// The document came.
pub(super) fn loaded(feed: &Followed, report: &Report, aside: &Aside<'_>, now: DateTime<Utc>) -> Followed {
    let Aside { same, waiting, trouble, moved } = *aside;
    let mut outcome = match (same, report.documents) {
        (true, 0) => "nothing new".to_owned(),
        _ => format!("{} new, {} changed, {} unchanged, {} refused", report.new, report.changed, report.unchanged, report.refused),
    };
    let articles = |count: usize| if count == 1 { "1 article".to_owned() } else { format!("{count} articles") };
    if let Some(first) = trouble.first() {
        outcome += &format!("; {} did not come ({first})", articles(trouble.len()));
    }
    if waiting > 0 {
        outcome += &format!("; {} to be asked for next time", articles(waiting));
    }
    if let Some(moved) = moved {
        outcome += &format!("; it has moved for good, follow {moved} instead");
    }
    let mut next = looked(feed, outcome, now);
    if report.new + report.changed > 0 {
        next.last_changed_at = Some(stamp(now));
    }
    next
}

/// The document came, and nothing of it can be read.
pub(super) fn unreadable(feed: &Followed, error: &ImportError, now: DateTime<Utc>) -> Followed {
    wait(feed, format!("it cannot be read: {}", sentence(&error.reason, error.advice.as_deref())), None, now)
}

/// Nothing came.
pub(super) fn failed(feed: &Followed, error: &FetchError, now: DateTime<Utc>) -> Followed {
    let outcome = sentence(&error.reason, Some(&error.advice));
    match error.fault {
        Fault::Gone => Followed { retired: true, ..looked(feed, format!("{outcome} It is no longer polled."), now) },
        Fault::Later(asked) => wait(feed, outcome, asked, now),
        Fault::Refused | Fault::Missing | Fault::Passing => wait(feed, outcome, None, now),
    }
}

fn sentence(reason: &str, advice: Option<&str>) -> String {
    advice.map_or_else(|| format!("{reason}."), |advice| format!("{reason}. {advice}."))
}

/// A failure: the next look comes later, and not before the server wants it.
fn wait(feed: &Followed, outcome: String, asked: Option<Wait>, now: DateTime<Utc>) -> Followed {
    let failures = feed.failures.saturating_add(1);
    let doubled = FIRST_WAIT.checked_mul(1 << (failures - 1).min(10)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
    let asked = match asked {
        None => TimeDelta::zero(),
        Some(Wait::For(duration)) => TimeDelta::from_std(duration.min(Duration::from_secs(1 << 30))).unwrap_or(LONGEST_ASKED),
        Some(Wait::Until(moment)) => moment - now,
    };
    let next = now + doubled.max(asked.min(LONGEST_ASKED));
    Followed { failures, next_poll_at: Some(stamp(next)), ..looked(feed, outcome, now) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> DateTime<Utc> {
        time.parse().expect("a time")
    }

    fn error(fault: Fault) -> FetchError {
        FetchError { url: "https://a.example/".into(), reason: "it failed".into(), advice: "Try again later".into(), fault }
    }

    #[test]
    fn failures_are_asked_less_and_less_often() {
        let now = at("2026-11-22T12:00:00Z");
        let mut feed = Followed::default();
        for minutes in [15, 30, 60, 120, 240, 480, 960, 1440, 1440] {
            feed = failed(&feed, &error(Fault::Passing), now);
            assert_eq!(feed.next_poll_at, Some(stamp(now + TimeDelta::minutes(minutes))));
            assert!(!is_due(&feed, now) && is_due(&feed, now + TimeDelta::minutes(minutes)));
        }
        feed.failures = u32::MAX;
        assert_eq!(failed(&feed, &error(Fault::Missing), now).next_poll_at, Some(stamp(now + LONGEST_WAIT)));
        let well = unchanged(&feed, now);
        assert!(well.failures == 0 && is_due(&well, now));
    }

    #[test]
    fn a_server_is_asked_again_when_it_says() {
        let now = at("2026-11-22T12:00:00Z");
        let day = 24 * 60;
        for (asked, minutes) in [
            (None, 15),
            (Some(Wait::For(Duration::from_secs(60))), 15),
            (Some(Wait::For(Duration::from_secs(7_200))), 120),
            (Some(Wait::For(Duration::MAX)), 7 * day),
            (Some(Wait::Until(at("2026-11-22T14:00:00Z"))), 120),
            (Some(Wait::Until(at("2001-11-22T14:00:00Z"))), 15),
            (Some(Wait::Until(at("9999-11-22T14:00:00Z"))), 7 * day),
        ] {
            let feed = failed(&Followed::default(), &error(Fault::Later(asked)), now);
            assert_eq!(feed.next_poll_at, Some(stamp(now + TimeDelta::minutes(minutes))), "{asked:?}");
        }
    }

    #[test]
    fn what_is_gone_is_left() {
        let now = at("2026-11-22T12:00:00Z");
        let feed = failed(&Followed::default(), &error(Fault::Gone), now);
        assert!(feed.retired && !is_due(&feed, now + TimeDelta::days(400)));
        assert_eq!(feed.last_outcome.as_deref(), Some("it failed. Try again later. It is no longer polled."));
    }

    #[test]
    fn a_clock_that_was_set_back_silences_nothing() {
        let feed = failed(&Followed::default(), &error(Fault::Passing), at("2036-11-22T12:00:00Z"));
        assert!(is_due(&feed, at("2026-11-22T12:00:00Z")));
    }
}
