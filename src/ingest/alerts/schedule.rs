//! When a message is tried again, and when it is given up.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::fetch::{Trouble, Undelivered, Wait};
use crate::store::{Delivery, DeliveryState};

/// After one failure; each further one doubles it, up to the longest.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(24);

/// The longest time for which a receiver can send the archive away.
pub const LONGEST_ASKED: TimeDelta = TimeDelta::days(7);

/// Where the other side will not have something: so often it is tried all the same, since whoever set it up may be at work on it.
const REFUSALS: u32 = 5;

/// A moment as stored: RFC 3339 in UTC, whole seconds.
pub fn stamp(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// How long to wait after so many failures in a row: twice as long each time, and between three quarters and five quarters of that, so that what
/// failed together is not tried together. `chance` is between 0 and 1.
fn wait(tries: u32, chance: f64) -> TimeDelta {
    let doubled = FIRST_WAIT.checked_mul(1 << tries.saturating_sub(1).min(16)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
    let jittered = doubled.num_seconds() as f64 * (0.75 + 0.5 * chance.clamp(0.0, 1.0));
    TimeDelta::seconds(jittered.round() as i64).min(LONGEST_WAIT)
}

/// A message that was tried and not taken.
pub fn failed(delivery: &Delivery, error: &Undelivered, now: DateTime<Utc>, give_up_after: TimeDelta, chance: f64) -> Delivery {
    let tries = delivery.tries.saturating_add(1);
    let since = DateTime::parse_from_rfc3339(&delivery.since).map_or(now, |since| since.to_utc());
    let enough = match error.trouble {
        Trouble::Never => true,
        Trouble::Refused => tries >= REFUSALS,
        Trouble::Unreached | Trouble::Later(_) | Trouble::Deferred | Trouble::Passing => false,
    };
    let given_up = enough || now - since >= give_up_after;
    let asked = match error.trouble {
        Trouble::Later(Some(Wait::For(duration))) => {
            TimeDelta::from_std(duration.min(Duration::from_secs(1 << 30))).unwrap_or(LONGEST_ASKED)
        }
        Trouble::Later(Some(Wait::Until(moment))) => moment - now,
        _ => TimeDelta::zero(),
    };
    let asked = asked.min(LONGEST_ASKED);
    let next = now + wait(tries, chance).max(asked);
    let paused_until = match error.trouble {
        Trouble::Later(Some(_)) => Some(now + asked),
        Trouble::Later(None) | Trouble::Deferred => Some(next),
        _ => None,
    };
    Delivery {
        state: if given_up { DeliveryState::Failed } else { DeliveryState::Waiting },
        tries,
        next_try_at: stamp(next),
        last_error: Some(error.reason.clone()),
        paused_until: paused_until.filter(|until| *until > now).map(stamp),
        ..delivery.clone()
    }
}

/// A message that was not tried, because another one to the same place has just failed in a way that this one would too.
pub fn put_off(delivery: &Delivery, because: &Delivery) -> Delivery {
    Delivery { next_try_at: because.next_try_at.clone(), last_error: because.last_error.clone(), ..delivery.clone() }
}

/// A message that was not tried, because another one of its alert to the same address has just failed for good.
pub fn given_up(delivery: &Delivery, because: &Delivery) -> Delivery {
    Delivery { state: DeliveryState::Failed, ..put_off(delivery, because) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-11-22T12:00:00Z".parse().expect("a time")
    }

    fn trouble(trouble: Trouble) -> Undelivered {
        Undelivered { trouble, reason: "It failed.".into() }
    }

    fn tried(tries: u32) -> Delivery {
        Delivery { tries, since: stamp(noon()), ..Delivery::default() }
    }

    #[test]
    fn waits_double_up_to_a_day() {
        for (tries, minutes) in [(1, 1), (2, 2), (3, 4), (4, 8), (8, 128), (11, 1024), (12, 1440), (40, 1440), (u32::MAX, 1440)] {
            assert_eq!(wait(tries, 0.5), TimeDelta::minutes(minutes), "{tries}");
            assert_eq!(wait(tries, 0.0).num_seconds(), minutes * 45, "{tries}");
            assert_eq!(wait(tries, 1.0).num_seconds(), (minutes * 75).min(24 * 60 * 60), "{tries}");
        }
    }

    #[test]
    fn what_an_answer_means_decides_what_is_done() {
        use DeliveryState::{Failed, Waiting};
        let (day, minute) = (TimeDelta::days(1), TimeDelta::minutes(1));
        let for_seconds = |seconds| Trouble::Later(Some(Wait::For(Duration::from_secs(seconds))));
        for (before, error, passed, state, next, pause) in [
            (0, Trouble::Unreached, TimeDelta::zero(), Waiting, minute, None),
            (0, Trouble::Passing, TimeDelta::zero(), Waiting, minute, None),
            (0, Trouble::Later(None), TimeDelta::zero(), Waiting, minute, Some(minute)),
            (1, Trouble::Deferred, TimeDelta::zero(), Waiting, minute * 2, Some(minute * 2)),
            (0, for_seconds(600), TimeDelta::zero(), Waiting, minute * 10, Some(minute * 10)),
            (9, for_seconds(1), TimeDelta::zero(), Waiting, minute * 512, Some(TimeDelta::seconds(1))),
            (0, for_seconds(u64::MAX), TimeDelta::zero(), Waiting, LONGEST_ASKED, Some(LONGEST_ASKED)),
            (0, Trouble::Later(Some(Wait::Until(noon() + day))), TimeDelta::zero(), Waiting, day, Some(day)),
            (0, Trouble::Later(Some(Wait::Until(noon() - day))), TimeDelta::zero(), Waiting, minute, None),
            (0, Trouble::Never, TimeDelta::zero(), Failed, minute, None),
            (3, Trouble::Refused, TimeDelta::zero(), Waiting, minute * 8, None),
            (4, Trouble::Refused, TimeDelta::zero(), Failed, minute * 16, None),
            (20, Trouble::Passing, TimeDelta::hours(167), Waiting, day, None),
            (20, Trouble::Passing, TimeDelta::days(7), Failed, day, None),
        ] {
            let now = noon() + passed;
            let after = failed(&tried(before), &trouble(error), now, TimeDelta::days(7), 0.5);
            assert_eq!((after.state, after.tries, after.next_try_at), (state, before + 1, stamp(now + next)), "{error:?} after {before}");
            assert_eq!(after.paused_until, pause.map(|pause| stamp(now + pause)), "{error:?} after {before}");
        }
    }
}
