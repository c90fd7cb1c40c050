//! The forms of the files that hold the whole archive.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::form::{Form, With};
use super::table::COLUMNS;
use crate::ingest::dumps::{Kit, Rendering};
use crate::model::Given;
use crate::store::PublicRelease;
use crate::web::api::json::full_release;
use crate::web::cite::Format;
use crate::web::shell::SITE;
use crate::web::urls::Urls;

/// With what sets are made: `made_at` is the moment that they bear (RFC 3339, UTC).
pub fn kit(urls: &Urls, made_at: String) -> Kit {
    let today = made_at.get(..10).and_then(|day| day.parse().ok()).unwrap_or(NaiveDate::MIN);
    let file = |name: &'static str, title: &'static str, form: Form| -> Box<dyn Rendering> {
        Box::new(Dumped { name, title, form, with: With { urls: urls.clone(), today } })
    };
    let permalinks = urls.clone();
    Kit {
        renderings: vec![
            file("releases.ndjson.gz", "Everything known of each release, one JSON object a line", Form::Ndjson),
            file("releases.csv.gz", "A table with one row a release, its text included", Form::Csv),
            file("releases.bib.gz", "A reference to each release (BibTeX)", Form::References(Format::Bib)),
        ],
        permalink: Box::new(move |item| permalinks.absolute(&permalinks.item(item))),
        title: SITE.to_owned(),
        homepage: urls.absolute(&urls.data()),
        made_at,
    }
}

struct Dumped {
    name: &'static str,
    title: &'static str,
    form: Form,
    with: With,
}

/// A line of the whole archive: what the API gives, and what importing it again needs beside that.
#[derive(Serialize)]
struct Line<'a, T: Serialize> {
    #[serde(flatten)]
    full: T,
    /// Where the parts of the text stand.
    layout: Value,
    /// What the source said in fields of its own.
    stated: Stated<'a>,
}

#[derive(Serialize)]
struct Stated<'a> {
    publisher: &'a str,
    #[serde(flatten)]
    given: &'a Given,
}

impl Rendering for Dumped {
    fn file(&self) -> &'static str {
        self.name
    }

    fn resource(&self) -> Map<String, Value> {
        let mut about = Map::new();
        let media_type = self.form.media_type().split(';').next().unwrap_or_default();
        for (name, value) in [("title", json!(self.title)), ("mediatype", json!(media_type)), ("encoding", json!("utf-8"))] {
            about.insert(name.into(), value);
        }
        about.insert("format".into(), self.form.extension().into());
        if self.form == Form::Csv {
            about.insert("profile".into(), "tabular-data-resource".into());
            about.insert("dialect".into(), json!({ "lineTerminator": "\r\n", "doubleQuote": true, "header": true }));
            let fields: Vec<Value> = COLUMNS
                .iter()
                .map(|column| json!({ "name": column.name, "type": column.kind, "description": column.described() }))
                .collect();
            about.insert("schema".into(), json!({ "fields": fields, "primaryKey": "id" }));
        }
        about
    }

    fn open(&self) -> String {
        self.form.open()
    }

    fn between(&self) -> &'static str {
        self.form.between()
    }

    fn close(&self) -> &'static str {
        self.form.close()
    }

    fn record(&self, public: &PublicRelease, out: &mut Vec<u8>) -> Result<(), String> {
        let told = |error: serde_json::Error| error.to_string();
        if self.form != Form::Ndjson {
            return self.form.record(&public.whole, &self.with, out).map_err(told);
        }
        let full = full_release(&public.whole.release, &public.whole.history, &self.with.urls);
        let stated = Stated { publisher: &public.publisher, given: &public.stated };
        serde_json::to_writer(&mut *out, &Line { full, layout: public.layout().map_err(told)?, stated }).map_err(told)?;
        out.push(b'\n');
        Ok(())
    }
}
