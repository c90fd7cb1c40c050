//! Searches as an owner writes them into a file: the parameters of an address, or a whole one, pasted.

use chrono::NaiveDate;
use percent_encoding::percent_decode_str;

use crate::model::query::{Facet, SearchRequest, Sort};
use crate::model::text::without_steering;
use crate::web::extract::{FieldError, Params, SearchForm};
use crate::web::urls::SearchUrl;

/// A search, read.
#[derive(Clone, Debug)]
pub struct Search {
    /// Without what only concerns a page of results.
    pub url: SearchUrl,
    form: SearchForm,
}

/// What a search is made of.
const MEANT: [&str; 11] = ["q", "from", "to", "topic", "kind", "place", "person", "source", "lang", "match", "variants"];

/// What only concerns a page of results: it may be there, and means nothing.
const PASSED_OVER: [&str; 6] = ["sort", "page", "show", "order", "limit", "cursor"];

impl Search {
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub fn read(written: &str, today: NaiveDate) -> Result<Self, String> {
        let (topic, query) = parts(written.trim())?;
        // Pasted from a page's source, or typed after one.
        let query = query.replace("&amp;", "&");
        for name in query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split('=').next().unwrap_or(pair)) {
            if !MEANT.contains(&name) && !PASSED_OVER.contains(&name) {
                let name: String = without_steering(name).chars().take(60).collect();
                return Err(format!(
                    "“{name}” is no part of a search. Write it as the address of a results page has it, such as q=cyber+defence&topic=ukraine"
                ));
            }
        }
        if query.split('&').filter(|pair| pair.starts_with("q=")).count() > 1 {
            return Err("has `q` more than once. Write all words behind one: q=cyber+defence".into());
        }
        let mut form = SearchForm::read(&Params::read(&query), today);
        let wrong: Vec<&str> = form.errors.iter().filter(|error| matters(error)).map(|error| error.message.trim_end_matches('.')).collect();
        if !wrong.is_empty() {
            return Err(wrong.join(". "));
        }
        if let Some(topic) = topic {
            form.url.filters.add(Facet::Topic, topic);
        }
        let url = SearchUrl { sort: None, show: None, by_name: false, page: 1, ..form.url.clone() };
        Ok(Self { url, form })
    }

    /// The question to the archive: everything that it finds, newest first.
    pub fn request(&self) -> SearchRequest {
        SearchRequest { sort: Sort::Newest, offset: 0, ..self.form.request(0) }
    }

    /// Where its results are seen in the order in which an alert tells them.
    pub fn newest_first(&self) -> SearchUrl {
        let sort = (!self.url.q.is_empty()).then_some(Sort::Newest);
        SearchUrl { sort, ..self.url.clone() }
    }
}

fn matters(error: &FieldError) -> bool {
    !PASSED_OVER.contains(&error.field)
}

/// The topic that a page's address names, and the parameters of a search.
fn parts(written: &str) -> Result<(Option<String>, String), String> {
    let is_address = written.contains("://") || written.starts_with('/');
    if !is_address {
        return Ok((None, written.trim_start_matches('?').to_owned()));
    }
    let address = written.split('#').next().unwrap_or(written);
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let path = path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    // The archive may be reached under a path of its own, and feeds and programs' forms of a search stand below it.
    let place = |name: &str| steps.iter().rposition(|step| step.split('.').next() == Some(name));
    if let Some(place) = place("topics")
        && let Some(topic) = steps.get(place + 1)
    {
        return Ok((Some(percent_decode_str(topic).decode_utf8_lossy().into_owned()), query.to_owned()));
    }
    if place("search").is_some() {
        return Ok((None, query.to_owned()));
    }
    Err("is the address of something else than a search. Open the search that you mean, and copy the address of its results".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str) -> Result<String, String> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
        Search::read(written, today).map(|search| search.url.query())
    }

    #[test]
    fn searches_are_read_however_they_are_pasted() {
        for (written, query) in [
            ("q=cyber+defence&topic=ukraine", "q=cyber+defence&topic=ukraine"),
            ("?q=a", "q=a"),
            ("", ""),
            ("q=a&amp;topic=b", "q=a&topic=b"),
            ("/search?q=a&page=3&sort=oldest&show=topic&order=name", "q=a"),
            ("https://archive.example/search?q=a#results", "q=a"),
            ("https://archive.example/nato/search/feed.atom?q=a&from=2025", "q=a&from=2025"),
            ("https://archive.example/api/v1/search?q=a&limit=5&cursor=x", "q=a"),
            ("https://archive.example/search.csv?kind=speech", "kind=speech"),
            ("https://archive.example/topics/nuclear-policy", "topic=nuclear-policy"),
            ("/topics/ukraine/feed.atom?lang=fr", "topic=ukraine&lang=fr"),
        ] {
            assert_eq!(read(written).as_deref(), Ok(query), "{written}");
        }
    }

    #[test]
    fn what_is_no_search_is_said() {
        for (written, words) in [
            ("cyber defence", "“cyber defence” is no part"),
            ("query=cyber", "“query” is no part"),
            ("https://archive.example/releases/abcdefgh/x", "something else than a search"),
            ("https://archive.example/topics", "something else than a search"),
            ("q=a&from=30+february+2025", "no such day"),
            ("from=2025&to=2024", "before the beginning"),
            ("match=some", "all, any or auto"),
        ] {
            let told = read(written).expect_err(written);
            assert!(told.contains(words), "{written}: {told}");
        }
    }
}
