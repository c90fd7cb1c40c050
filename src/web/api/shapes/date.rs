//! Dates of publication, with their evidence.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::tokens::{BasisWord, PrecisionWord, YearFromWord};
use crate::model::{Evidence, PublicationDate};

/// Words of the text that show something.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Quote {
    /// The very words.
    pub text: String,
    /// UTF-8 byte offset into the release’s text as published.
    pub start: usize,
    /// Byte offset of the end, exclusive.
    pub end: usize,
}

impl From<&Evidence> for Quote {
    fn from(evidence: &Evidence) -> Self {
        Self { text: evidence.text.clone(), start: evidence.start, end: evidence.end }
    }
}

/// When a release was published, and how that is known.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Published {
    /// Extended Date/Time Format (ISO 8601-2:2019), level 2 where needed; null where nothing can be said.
    #[schema(example = "[2024-09-25..2025-04-30]")]
    pub edtf: Option<String>,
    /// The date as a person reads it.
    #[schema(example = "about 30 April 2025")]
    pub display: String,
    /// The day on which the release is listed; null for an undated one, which comes last in every list.
    pub sort_on: Option<NaiveDate>,
    /// The first day on which it can have been published; the first of the value itself where `edtf` carries `~`, `?` or `%` and so means about
    /// that day.
    pub earliest: Option<NaiveDate>,
    /// The last day on which it can have been published; with `~`, `?` or `%` in `edtf` as for `earliest`.
    pub latest: Option<NaiveDate>,
    /// The clock time that is printed.
    #[schema(example = "16:30", pattern = "^[0-2][0-9]:[0-5][0-9]$")]
    pub time: Option<String>,
    /// Offset from UTC at that time, where the zone is stated.
    #[schema(example = "+02:00")]
    pub offset: Option<String>,
    pub precision: PrecisionWord,
    pub basis: BasisWord,
    pub year_from: Option<YearFromWord>,
    /// The words of the text that show it.
    pub evidence: Vec<Quote>,
    /// The steps of the reasoning, a sentence each.
    pub reasons: Vec<String>,
}

impl From<&PublicationDate> for Published {
    fn from(date: &PublicationDate) -> Self {
        Self {
            edtf: date.edtf.clone(),
            display: date.display(),
            sort_on: date.sort_on,
            earliest: date.earliest,
            latest: date.latest,
            time: date.time.map(|time| time.format("%H:%M").to_string()),
            offset: date.offset.clone(),
            precision: PrecisionWord(date.precision),
            basis: BasisWord(date.basis),
            year_from: date.year_from.map(YearFromWord),
            evidence: date.evidence.iter().map(Quote::from).collect(),
            reasons: date.reasons.clone(),
        }
    }
}
