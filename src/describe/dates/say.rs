//! The sentences in which a date explains itself to a reader.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::model::YearFrom;
use crate::model::date::{long_day, month_name};

use super::reading::{Mention, Place};

/// "The first sentence says “On Wednesday 30 April 2025”."
pub(super) fn says(text: &str, mention: &Mention) -> String {
    let words = mention.span.of(text).trim();
    match mention.place {
        Place::Issued => format!("The text is marked “{words}”."),
        Place::Header => format!("The line above the text says “{words}”."),
        Place::Dateline => format!("The text opens with the dateline “{words}”."),
        Place::Lead if mention.first_sentence => format!("The first sentence says “{words}”."),
        Place::Lead => format!("The opening sentences say “{words}”."),
        Place::Title => format!("The title says “{words}”."),
        Place::Body | Place::Updated => format!("The text says “{words}”."),
    }
}

/// What was found when the year was inferred and the weekday checked.
pub(super) fn checks(text: &str, mention: &Mention) -> Vec<String> {
    let words = mention.span.of(text).trim();
    let mut sentences = Vec::new();
    let Some((_, last)) = mention.days else { return sentences };
    match mention.year_from {
        Some(from) if from != YearFrom::Printed => sentences.push(year(words, last, from)),
        _ => {}
    }
    if let Some(printed) = mention.weekday.filter(|_| mention.weekday_wrong) {
        let (printed, real) = (weekday_name(printed), weekday_name(last.weekday()));
        sentences.push(format!("“{words}” names a {printed}, but {} is a {real}; the printed date is kept.", long_day(last)));
    }
    sentences
}

/// Where the year of a bare date comes from.
pub(super) fn year(words: &str, day: NaiveDate, from: YearFrom) -> String {
    let year = day.year();
    match from {
        YearFrom::Printed => format!("“{words}” prints the year {year}."),
        YearFrom::Weekday => format!(
            "“{words}” prints no year; {} {} is a {} in {year}, the year to which other dates in this document point.",
            day.day(),
            month_name(day.month()),
            weekday_name(day.weekday())
        ),
        YearFrom::Document => format!("“{words}” prints no year; the other dates in this document point to {year}."),
        YearFrom::Neighbours => format!("“{words}” prints no year; the entries next to it in this document point to {year}."),
    }
}

pub(super) fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}
