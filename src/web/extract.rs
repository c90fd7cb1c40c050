//! From an address to types. What cannot be read is a [`Failure::BadRequest`] that names the field, or is kept beside the form it came from.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::NaiveDate;

use super::urls::{SearchUrl, TrendsUrl};
use crate::index::grammar::MAX_CHARACTERS;
use crate::model::page::PageNumber;
use crate::model::period::Period;
use crate::model::query::{Facet, Filters, MAX_REACH, Match, SearchRequest, Sort};
use crate::model::text::without_steering;
use crate::reading::histogram::Interval;
use crate::reading::trends::{MAX_QUERIES, TrendsRequest};

/// Parameters of an address, in order, repeated ones kept. Broken percent-encoding and bytes that are no UTF-8 become U+FFFD.
#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(String, String)>);

/// More parameters than any address of the archive has are not looked at.
const MAX_PARAMS: usize = 256;

impl Params {
    pub fn read(query: &str) -> Self {
        Self(
            form_urlencoded::parse(query.as_bytes())
                .take(MAX_PARAMS)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// Parameters that came otherwise than in an address.
    pub fn of(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of a parameter; empty where it is absent.
    pub fn first(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// How often a parameter is there, empty ones counted.
    pub fn count(&self, name: &str) -> usize {
        self.0.iter().filter(|(known, _)| known == name).count()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::read(parts.uri.query().unwrap_or("")))
    }
}

/// What is wrong with a field of the search form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: &'static str,
    pub message: String,
}

/// The search form as it was sent: what could be read, what was typed, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub struct SearchForm {
    pub url: SearchUrl,
    pub from_typed: String,
    pub to_typed: String,
    pub errors: Vec<FieldError>,
    today: NaiveDate,
}

/// Values of one facet that are looked at, and characters of each.
pub const MAX_VALUES: usize = 32;
pub const MAX_VALUE: usize = 200;

/// Hits on a page of results.
pub const PAGE_SIZE: usize = 20;

impl SearchForm {
    /// `today` is what a day without a year is measured by.
    pub fn read(params: &Params, today: NaiveDate) -> Self {
        let mut form = Self::default();
        // One more than is read, so that it can be said that something was left out.
        form.url.q = line(params.first("q")).chars().take(MAX_CHARACTERS + 1).collect();
        form.from_typed = line(params.first("from"));
        form.to_typed = line(params.first("to"));
        form.url.from = form.date("from", &form.from_typed.clone(), today);
        form.url.to = form.date("to", &form.to_typed.clone(), today);
        if let (Some(from), Some(to)) = (form.url.from, form.url.to)
            && from.first() > to.last()
        {
            form.errors.push(FieldError {
                field: "to",
                message: format!("The end ({}) lies before the beginning ({}). Swap the two dates or clear one.", to.label(), from.label()),
            });
        }
        for facet in Facet::ALL {
            for value in params.all(facet.token()).take(MAX_VALUES) {
                form.url.filters.add(facet, line(value).chars().take(MAX_VALUE).collect::<String>());
            }
        }
        match params.first("sort") {
            "" => {}
            sort => match Sort::from_token(sort) {
                Some(sort) => form.url.sort = Some(sort),
                None => {
                    form.errors.push(FieldError { field: "sort", message: "Results can be sorted by relevance, newest or oldest.".into() })
                }
            },
        }
        match params.first("match") {
            "" => {}
            wanted => match Match::from_token(wanted) {
                Some(wanted) => form.url.wanted = wanted,
                None => form.errors.push(FieldError { field: "match", message: "Words can be matched all, any or auto.".into() }),
            },
        }
        match params.first("variants") {
            "" | "on" => {}
            "off" => form.url.plain = true,
            _ => form.errors.push(FieldError { field: "variants", message: "Other spellings and names can be on or off.".into() }),
        }
        form.url.show = Facet::ALL.into_iter().find(|facet| facet.token() == params.first("show"));
        form.url.by_name = params.first("order") == "name";
        form.today = today;
        form.url.page = 1;
        if let Err(message) = hits_page(params).map(|page| form.url.page = page.get()) {
            form.errors.push(FieldError { field: "page", message });
        }
        // What says the default is not repeated in links.
        if form.url.sort == Some(form.default_sort()) {
            form.url.sort = None;
        }
        form
    }

    fn date(&mut self, field: &'static str, typed: &str, today: NaiveDate) -> Option<Period> {
        if typed.is_empty() {
            return None;
        }
        let typed: String = typed.chars().take(60).collect();
        match Period::typed(&typed, today) {
            Ok(period) => Some(period),
            Err(message) => {
                self.errors.push(FieldError { field, message });
                None
            }
        }
    }

    pub fn default_sort(&self) -> Sort {
        if self.url.q.is_empty() { Sort::Newest } else { Sort::Relevance }
    }

    pub fn sort(&self) -> Sort {
        self.url.sort.unwrap_or(self.default_sort())
    }

    pub fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    /// The search that the form asks for.
    pub fn request(&self, limit: usize) -> SearchRequest {
        let mut filters: Filters = self.url.filters.clone();
        filters.from = self.url.from.map(Period::first);
        filters.to = self.url.to.map(Period::last);
        SearchRequest {
            q: self.url.q.clone(),
            today: self.today,
            wanted: self.url.wanted,
            variants: !self.url.plain,
            filters,
            within: None,
            sort: self.sort(),
            offset: PageNumber::new(self.url.page).unwrap_or(PageNumber::FIRST).offset(limit),
            limit,
            values: usize::MAX,
        }
    }
}

/// The form of searches compared over time, as it was sent.
#[derive(Clone, Debug, Default)]
pub struct TrendsForm {
    pub url: TrendsUrl,
    /// Dates, filters and how words are read, as the search form has them.
    pub search: SearchForm,
    /// Boxes for words, as many as were sent (empty ones too), at least two, at most five.
    pub boxes: usize,
    /// Queries beyond those that can be compared.
    pub left_out: usize,
    pub errors: Vec<FieldError>,
}

impl TrendsForm {
    /// What a search has beside dates, filters and words (order, page) means nothing here.
    pub fn read(params: &Params, today: NaiveDate) -> Self {
        let search = SearchForm::read(params, today);
        let mut form = Self {
            url: TrendsUrl::of(&SearchUrl { q: String::new(), ..search.url.clone() }),
            boxes: params.count("q").clamp(2, MAX_QUERIES),
            left_out: 0,
            errors: search.errors.iter().filter(|error| !matches!(error.field, "sort" | "page")).cloned().collect(),
            search,
        };
        for q in params.all("q").map(line).filter(|q| !q.is_empty()) {
            if form.url.queries.contains(&q) {
                continue;
            }
            if form.url.queries.len() < MAX_QUERIES {
                form.url.queries.push(q);
            } else {
                form.left_out += 1;
            }
        }
        match params.first("by") {
            "" => {}
            "year" => form.url.by = Some(Interval::Year),
            "month" => form.url.by = Some(Interval::Month),
            "day" => form.url.by = Some(Interval::Day),
            _ => form.wrong("by", "Releases can be counted by year, month or day."),
        }
        match params.first("as") {
            "" | "count" => {}
            "share" => form.url.share = true,
            _ => form.wrong("as", "Releases can be shown as a count or as a share."),
        }
        form
    }

    fn wrong(&mut self, field: &'static str, message: &str) {
        self.errors.push(FieldError { field, message: message.to_owned() });
    }

    pub fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    /// The comparison that the form asks for.
    pub fn request(&self) -> TrendsRequest {
        TrendsRequest { queries: self.url.queries.clone(), each: self.search.request(0), by: self.url.by }
    }
}

/// One line as typed, without characters that would steer the words around it.
pub fn line(typed: &str) -> String {
    without_steering(typed.trim()).into_owned()
}

/// The page number of an address; page 1 where it names none.
///
/// # Errors
/// A sentence for what is no page number.
pub fn page_number(params: &Params) -> Result<PageNumber, String> {
    match params.first("page") {
        "" => Ok(PageNumber::FIRST),
        typed => {
            typed.parse::<u32>().ok().and_then(PageNumber::new).ok_or_else(|| {
                format!("“{}” is no page number: pages are counted from 1.", line(typed).chars().take(40).collect::<String>())
            })
        }
    }
}

/// The page number of a search, which can be paged to [`MAX_REACH`] hits.
///
/// # Errors
/// A sentence for what is no page number or lies beyond that.
pub fn hits_page(params: &Params) -> Result<PageNumber, String> {
    let last = (MAX_REACH / PAGE_SIZE) as u32;
    let number = page_number(params)?;
    if number.get() > last {
        return Err(format!(
            "Results can be paged to {} hits, which is page {last}. Add words or filters to narrow the search.",
            crate::web::shell::grouped(MAX_REACH as u64)
        ));
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(query: &str) -> SearchForm {
        SearchForm::read(&Params::read(query), NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day"))
    }

    #[test]
    fn forms_are_read_and_errors_name_their_field() {
        let good = form("q=+data++strategy&from=april+2025&to=2025&topic=ukraine&topic=russia&topic=&sort=relevance&page=2&nonsense=1");
        assert!(good.errors.is_empty());
        assert_eq!(good.url.query(), "q=data++strategy&from=2025-04&to=2025&topic=ukraine&topic=russia&page=2");
        let request = good.request(PAGE_SIZE);
        assert_eq!((request.offset, request.filters.to.map(|day| day.to_string()).as_deref()), (20, Some("2025-12-31")));
        for (query, field) in [
            ("from=1999-02-30", "from"),
            ("to=0000", "to"),
            ("from=2025&to=2024", "to"),
            ("page=0", "page"),
            ("page=-1", "page"),
            ("page=NaN", "page"),
            ("page=18446744073709551616", "page"),
            ("page=1000000000", "page"),
            ("sort=upwards", "sort"),
            ("match=some", "match"),
            ("variants=maybe", "variants"),
        ] {
            assert_eq!(form(query).errors.iter().map(|error| error.field).collect::<Vec<_>>(), [field], "{query}");
        }
        assert!(form("q=%ff%fe&page=").errors.is_empty());
    }

    #[test]
    fn comparisons_keep_five_different_queries_and_name_what_is_wrong() {
        let read = |query: &str| TrendsForm::read(&Params::read(query), NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day"));
        let form = read("q=a&q=&q=+b+&q=a&from=april+2025&by=month&as=share&sort=upwards&page=0&topic=ukraine");
        assert!(form.errors.is_empty(), "{:?}", form.errors);
        assert_eq!((form.url.query().as_str(), form.boxes), ("q=a&q=b&by=month&as=share&from=2025-04&topic=ukraine", 4));
        let form = read("q=a&q=b&q=c&q=d&q=e&q=f&q=g");
        assert_eq!((form.url.queries.len(), form.boxes, form.left_out), (5, 5, 2));
        assert_eq!(read("").boxes, 2);
        for (query, field) in [("by=week", "by"), ("as=much", "as"), ("from=30+february", "from"), ("from=2025&to=2024", "to")] {
            assert_eq!(read(query).errors.iter().map(|error| error.field).collect::<Vec<_>>(), [field], "{query}");
        }
    }
}
