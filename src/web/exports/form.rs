//! The forms in which releases are taken away, each written one record at a time.

use chrono::NaiveDate;

use super::table;
use crate::model::Whole;
use crate::web::api::json;
use crate::web::cite::{Format, Reference};
use crate::web::urls::Urls;

/// A form of a whole list: [`open`](Self::open), records with [`between`](Self::between) between them, [`close`](Self::close).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One object a line, each as the API gives a release.
    Ndjson,
    /// One row a release.
    Csv,
    References(Format),
}

/// What records are written with.
#[derive(Clone, Debug)]
pub struct With {
    pub urls: Urls,
    /// The day of access, for references.
    pub today: NaiveDate,
}

impl Form {
    pub const ALL: [Self; 5] =
        [Self::Csv, Self::Ndjson, Self::References(Format::Bib), Self::References(Format::Ris), Self::References(Format::Csl)];

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::References(format) => format.extension(),
        }
    }

    /// What a person calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ndjson => "NDJSON",
            Self::Csv => "CSV",
            Self::References(format) => format.label(),
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            // No type is registered; this one is what readers of the form ask for.
            Self::Ndjson => "application/x-ndjson",
            // RFC 4180, section 3.
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::References(format) => format.media_type(),
        }
    }

    /// What a list begins with.
    pub fn open(self) -> String {
        match self {
            Self::Ndjson => String::new(),
            Self::Csv => table::head(),
            Self::References(format) => format.open().to_owned(),
        }
    }

    pub const fn between(self) -> &'static str {
        match self {
            Self::Ndjson | Self::Csv => "",
            Self::References(format) => format.between(),
        }
    }

    pub const fn close(self) -> &'static str {
        match self {
            Self::Ndjson | Self::Csv => "",
            Self::References(format) => format.close(),
        }
    }

    /// One release.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub fn record(self, whole: &Whole, with: &With, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let Whole { release, history } = whole;
        match self {
            Self::Ndjson => {
                serde_json::to_writer(&mut *out, &json::full_release(release, history, &with.urls))?;
                out.push(b'\n');
            }
            Self::Csv => out.extend_from_slice(table::row(whole, &with.urls).as_bytes()),
            Self::References(format) => {
                let reference = Reference::of(release, history, &with.urls, with.today);
                out.extend_from_slice(format.record(&reference).as_bytes());
            }
        }
        Ok(())
    }
}
