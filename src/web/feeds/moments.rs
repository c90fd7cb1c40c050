//! Dates of a release as feeds need them: moments for programs, and how they are known for people.

use crate::model::{PublicationDate, Whole};
use crate::reading::history::moment_of;
use crate::web::pages::release_words::basis;
use crate::web::past::{Moment, rfc3339};
use crate::web::view::uncertainty;

/// What a feed gives as the moment of publication, in the form that Atom and JSON Feed ask for (RFC 3339).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// Day, clock time and its offset from UTC are all known.
    Exact(String),
    /// The day is known and the moment is not: noon in UTC of that day stands for it, because nearly everywhere on earth that moment lies on the
    /// same day of the calendar. Whoever reads the feed is told so.
    DayOnly(String),
    /// Not even the day is known: a feed says nothing rather than something that is likely.
    Unknown,
}

impl Published {
    pub fn of(date: &PublicationDate) -> Self {
        let Some(day) = date.sort_on.filter(|_| date.is_exact()) else { return Self::Unknown };
        match (date.time, &date.offset) {
            (Some(time), Some(offset)) => match moment_of(&format!("{day}T{}{offset}", time.format("%H:%M:%S"))) {
                Some(_) => Self::Exact(format!("{day}T{}{offset}", time.format("%H:%M:%S"))),
                None => Self::DayOnly(noon(day)),
            },
            _ => Self::DayOnly(noon(day)),
        }
    }

    pub fn moment(&self) -> Option<&str> {
        match self {
            Self::Exact(moment) | Self::DayOnly(moment) => Some(moment),
            Self::Unknown => None,
        }
    }

    /// Whether the moment is what was found rather than what stands for it.
    pub const fn is_exact(&self) -> bool {
        matches!(self, Self::Exact(_))
    }
}

fn noon(day: chrono::NaiveDate) -> String {
    format!("{day}T12:00:00Z")
}

/// When what an entry says last changed (RFC 3339, UTC, whole seconds): the release's current version was seen, the document that it stands in was
/// loaded, or the owner put something right, showed it again or ruled on who it is. A release that comes to the top of a feed once more is never
/// older there than what followers hold, nor than the entry that called it deleted (RFC 6721, section 3).
pub fn updated(whole: &Whole) -> String {
    let (release, history) = (&whole.release, &whole.history);
    let moments = [history.seen_at.as_str(), &release.document.loaded_at, &release.loaded_at];
    let last = moments.into_iter().chain(history.touched_at.as_deref()).filter_map(moment_of).max();
    rfc3339(last.unwrap_or(chrono::DateTime::UNIX_EPOCH))
}

/// When the release was published, how that is known, and which version this is: sentences.
pub fn said(whole: &Whole) -> String {
    let (date, history) = (&whole.release.item.published, &whole.history);
    let mut sentences = Vec::new();
    if date.is_exact() {
        sentences.push(format!("Published {}.", date.display_with_time()));
    } else {
        sentences.push(format!("Publication date: {} ({}).", date.display_with_time(), uncertainty(date)));
    }
    if date.edtf.is_some() {
        sentences.push(format!("The date rests on {}.", basis(&whole.release)));
    }
    match Published::of(date) {
        Published::DayOnly(_) if date.time.is_some() => sentences.push(
            "The zone of its clock time is not stated; where a feed must name a moment, noon in UTC of that day stands for it.".into(),
        ),
        Published::DayOnly(_) => {
            sentences.push("The time of day is not known; where a feed must name a moment, noon in UTC of that day stands for it.".into())
        }
        Published::Exact(_) | Published::Unknown => {}
    }
    let seen = Moment::of(&history.seen_at);
    if history.version > 1 && !seen.day.is_empty() {
        sentences.push(format!("This is version {}, seen {}.", history.version, seen.day));
    }
    if history.substantive.is_some() {
        sentences.push("What it says was changed after it was published.".into());
    }
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Basis;

    #[test]
    fn a_moment_is_given_only_where_the_day_is_known() {
        let date = |edtf: &str, offset: Option<&str>| {
            let date = PublicationDate::stated(edtf, Basis::Field).expect(edtf);
            Published::of(&PublicationDate { offset: offset.map(str::to_owned).or(date.offset.clone()), ..date })
        };
        for (edtf, offset, expected) in [
            ("2025-04-30T16:30:00", Some("+02:00"), Published::Exact("2025-04-30T16:30:00+02:00".into())),
            ("2018-07-11T14:30:00+02:00", None, Published::Exact("2018-07-11T14:30:00+02:00".into())),
            ("2018-07-11T14:30:00Z", None, Published::Exact("2018-07-11T14:30:00+00:00".into())),
            ("2025-04-30T16:30:00", None, Published::DayOnly("2025-04-30T12:00:00Z".into())),
            ("2025-04-30T16:30:00", Some("CEST"), Published::DayOnly("2025-04-30T12:00:00Z".into())),
            ("2025-04-30", None, Published::DayOnly("2025-04-30T12:00:00Z".into())),
            ("2025-04-30~", None, Published::Unknown),
            ("2025-04", None, Published::Unknown),
            ("2025-05-05/2025-05-07", None, Published::Unknown),
            ("[..2025-04-25]", None, Published::Unknown),
        ] {
            assert_eq!(date(edtf, offset), expected, "{edtf} {offset:?}");
        }
        assert_eq!(Published::of(&PublicationDate::unknown()), Published::Unknown);
    }
}
