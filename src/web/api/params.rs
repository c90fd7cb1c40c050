//! Parameters of `/api/v1`: each is described here and read here, within the same bounds.

use std::num::NonZeroU32;

use chrono::NaiveDate;
use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Required, Schema};

use super::{cite, cursor};
use crate::index::grammar::MAX_CHARACTERS;
use crate::model::query::{Facet, MAX_REACH, Match, SearchRequest, Sort};
use crate::model::{EventKind, Kind};
use crate::reading::trends::MAX_QUERIES;
use crate::web::error::Failure;
use crate::web::extract::{FieldError, MAX_VALUE, MAX_VALUES, Params, SearchForm};

/// Items of a list that names no limit, and the most that one may ask for.
pub const LIMIT: usize = 20;
pub const MAX_LIMIT: usize = 100;

/// The words of an address or a number that are looked at.
pub const MAX_URL: usize = 2_048;

/// The highest passage that is asked for; no text has as many.
pub const MAX_PASSAGE: usize = 1_000_000;

fn parameter(name: &str, place: ParameterIn, description: &str, schema: impl Into<RefOr<Schema>>) -> Parameter {
    let required = if matches!(place, ParameterIn::Path) { Required::True } else { Required::False };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(description))
        .schema(Some(schema.into()))
        .build()
}

fn query(name: &str, description: &str, schema: impl Into<RefOr<Schema>>) -> Parameter {
    parameter(name, ParameterIn::Query, description, schema)
}

fn whole(least: usize, most: usize) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least as i64)).maximum(Some(most as i64))
}

fn words(most: usize) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).max_length(Some(most))
}

fn one_of<T: Into<Value>>(values: impl IntoIterator<Item = T>) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values.into_iter().map(Into::into)))
}

macro_rules! described {
    ($($(#[$doc:meta])* $name:ident => $parameters:expr;)+) => { $(
        $(#[$doc])*
        pub struct $name;

        impl IntoParams for $name {
            fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                $parameters
            }
        }
    )+ };
}

described! {
    /// How many items, and where to go on.
    Paging => vec![
        query("limit", "How many items to give.", whole(1, MAX_LIMIT).default(Some(json!(LIMIT)))),
        query(
            "cursor",
            "Where to go on: the value of `next` of the page before, as it was. Left out or empty, the list begins.",
            words(cursor::MAX_LENGTH).pattern(Some("^[A-Za-z0-9_-]*$")),
        ),
    ];
    /// The page of a search, for people who count.
    PageNumber => vec![query(
        "page",
        "A page by its number, pages being `limit` long; `cursor` goes before it. Only the first 1,000 hits can be paged to.",
        whole(1, MAX_REACH).default(Some(json!(1))),
    )];
    /// What narrows a search.
    Filters => filters();
    /// Words, and how they are read.
    Words => {
        let mut all = vec![query(
            "q",
            "What to search for, in the search language of the site’s help: words, \"phrases\", `-without`, `a OR b`, `topic:`, `before:` and so \
             on. At most 128 words, 32 operators, 8 levels of parentheses.",
            words(MAX_CHARACTERS).examples([json!("\"collective defence\" -nuclear")]),
        )];
        all.extend(how_read());
        all
    };
    /// How words are read.
    HowRead => how_read();
    /// The order of hits.
    Order => vec![query(
        "sort",
        "The order of the hits. Without words `relevance` is `newest`, which is then the default.",
        one_of(Sort::ALL.map(Sort::token)).default(Some(json!("relevance"))),
    )];
    /// The order of a list.
    ListOrder => vec![query(
        "sort",
        "The order of the list; undated releases come last in both.",
        one_of(LIST_SORTS.map(Sort::token)).default(Some(json!("newest"))),
    )];
    /// Searches that are compared over time.
    TrendsAsked => vec![
        query(
            "q",
            "A search to count; given up to five times, they are compared.",
            ArrayBuilder::new().items(words(MAX_CHARACTERS)).max_items(Some(MAX_QUERIES)).examples([json!(["defence"])]),
        ),
        query("by", "The size of a bin; left out, the one that fits the span. What would have too many bins gives way to the next.", one_of(["year", "month", "day"])),
    ];
    /// A release.
    Id => vec![parameter(
        "id",
        ParameterIn::Path,
        "The permanent name of a release: eight characters of Crockford’s base 32, as they stand in its address.",
        ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9a-hjkmnp-tv-z]{8}$")),
    )];
    /// A version.
    VersionNumber => vec![parameter("number", ParameterIn::Path, "The number of a version, counted from 1.", whole(1, i32::MAX as usize))];
    /// A topic.
    TopicSlug => vec![parameter("slug", ParameterIn::Path, "The permanent word of a topic.", words(MAX_VALUE).min_length(Some(1)))];
    /// A facet.
    FacetName => vec![parameter("facet", ParameterIn::Path, "The facet whose values are listed.", one_of(facets()))];
    /// A sort of mention.
    MentionsOf => vec![parameter("kind", ParameterIn::Path, "What is listed.", one_of(["places", "people", "organisations"]))];
    /// What is cited, and how.
    CiteAsked => vec![
        query(
            "style",
            "Only in these styles or forms; given again, in each of them.",
            ArrayBuilder::new().items(AnyOfBuilder::new().item(one_of(cite::styles())).item(words(0))).max_items(Some(cite::styles().count())),
        ),
        query("version", "A version instead of the release as it stands, by its number.", whole(1, i32::MAX as usize)),
        query("passage", "A passage, by the number in its anchor: 3 for `p3`.", whole(1, MAX_PASSAGE)),
    ];
    /// Entries of the log.
    LogAsked => vec![
        query("kind", "Only entries of this kind.", one_of(EventKind::ALL.iter().map(|kind| kind.token()))),
        query(
            "release",
            "Only entries about this release, shown or not.",
            ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9a-hjkmnp-tv-z]{8}$")),
        ),
    ];
    /// An original address.
    Address => {
        let mut url = query(
            "url",
            "The address at which a release was published, in any form that it ever had; or the publisher’s number of a release, such as \
             `(2012) 062`.",
            words(MAX_URL).min_length(Some(1)).examples([json!("https://www.nato.int/cps/en/natohq/news_234859.htm")]),
        );
        url.required = Required::True;
        vec![url]
    };
}

/// Orders that a list can have.
pub const LIST_SORTS: [Sort; 2] = [Sort::Newest, Sort::Oldest];

/// The facets by name, with the years that searches are counted by too.
pub fn facets() -> impl Iterator<Item = &'static str> {
    Facet::ALL.into_iter().map(Facet::token).chain(["year"])
}

fn filters() -> Vec<Parameter> {
    let mut all = vec![
        query("from", "The first day, by the day that releases sort on; a month or a year means its first day.", date()),
        query("to", "The last day; a month or a year means its last day.", date()),
    ];
    for facet in Facet::ALL {
        let values = ArrayBuilder::new().items(words(MAX_VALUE)).max_items(Some(MAX_VALUES));
        let description = match facet {
            Facet::Kind => {
                let kinds: Vec<String> = Kind::ALL.iter().map(|kind| format!("`{}`", kind.token())).collect();
                format!("Only releases of one of these kinds: {}.", kinds.join(", "))
            }
            other => format!(
                "Only releases with one of these values; given again, any of them. The values stand at `/api/v1/facets/{}`. One that is not known \
                 finds nothing.",
                other.token()
            ),
        };
        all.push(query(facet.token(), &description, values));
    }
    all
}

fn how_read() -> Vec<Parameter> {
    vec![
        query(
            "match",
            "How many of the words are wanted: all of a few and most of many (`auto`), all, or any.",
            one_of(Match::ALL.map(Match::token)).default(Some(json!("auto"))),
        ),
        query(
            "variants",
            "Whether other spellings and names of the words are looked for too.",
            one_of(["on", "off"]).default(Some(json!("on"))),
        ),
    ]
}

/// What programs are asked to write. What people write (`April 2025`, `25/04/2025`) is read too.
fn date() -> AnyOfBuilder {
    let day = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
    let part = |pattern: &str| ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
    AnyOfBuilder::new().item(day).item(part("^[12][0-9]{3}-(0[1-9]|1[0-2])$")).item(part("^[12][0-9]{3}$")).examples([
        json!("2025-04-30"),
        json!("2025-04"),
        json!("2025"),
    ])
}

/// How many items, and where to go on, as asked.
#[derive(Clone, Debug)]
pub struct Place {
    pub limit: usize,
    pub cursor: Option<String>,
}

impl Place {
    pub fn read(params: &Params, errors: &mut Vec<FieldError>) -> Self {
        let limit = match params.first("limit") {
            "" => LIMIT,
            typed => typed.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)).unwrap_or_else(|| {
                errors.push(FieldError { field: "limit", message: format!("A whole number from 1 to {MAX_LIMIT} is wanted.") });
                LIMIT
            }),
        };
        Self { limit, cursor: Some(params.first("cursor").to_owned()).filter(|cursor| !cursor.is_empty()) }
    }

    /// Of a list that has nothing else to ask for.
    ///
    /// # Errors
    /// [`Failure::Fields`]
    pub fn only(params: &Params) -> Result<Self, Failure> {
        let mut errors = Vec::new();
        let place = Self::read(params, &mut errors);
        refuse(errors).map(|()| place)
    }

    /// `query` with the limit where it is not the usual one: what the pages of a list have in common.
    pub fn with_limit(&self, query: &str) -> String {
        let limit = if self.limit == LIMIT { String::new() } else { format!("limit={}", self.limit) };
        let between = if query.is_empty() || limit.is_empty() { "" } else { "&" };
        format!("{query}{between}{limit}")
    }
}

/// A search, and which part of it, as asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub form: SearchForm,
    pub place: Place,
    pub page: NonZeroU32,
}

impl Asked {
    /// # Errors
    /// [`Failure::Fields`] with every parameter that cannot be read.
    pub fn read(params: &Params, today: NaiveDate) -> Result<Self, Failure> {
        let mut form = SearchForm::read(params, today);
        let mut errors = std::mem::take(&mut form.errors);
        // Pages of other lengths are counted otherwise than the page for people counts them.
        errors.retain(|error| error.field != "page");
        bounded(params, &mut errors);
        let place = Place::read(params, &mut errors);
        let page = match params.first("page") {
            "" => Some(NonZeroU32::MIN),
            typed => typed.parse().ok(),
        };
        let reached = page.is_some_and(|page| (page.get() as usize - 1).saturating_mul(place.limit) < MAX_REACH);
        if !reached {
            errors.push(FieldError { field: "page", message: beyond() });
        }
        form.url.page = 1;
        (form.url.show, form.url.by_name) = (None, false);
        refuse(errors)?;
        Ok(Self { form, place, page: page.unwrap_or(NonZeroU32::MIN) })
    }

    /// The parameters that say what is searched for, in their one form.
    pub fn query(&self) -> String {
        self.form.url.query()
    }

    /// The search, from its first hit.
    pub fn request(&self) -> SearchRequest {
        SearchRequest { offset: 0, limit: self.place.limit, ..self.form.request(self.place.limit) }
    }
}

/// Why there is no such page, and where the rest is.
pub fn beyond() -> String {
    format!(
        "Pages are counted from 1, and results can be paged to {} hits. /api/v1/releases lists all that a search finds by date, and /data says how to export it.",
        crate::web::shell::grouped(MAX_REACH as u64)
    )
}

/// What pages for people cut off is refused here.
fn bounded(params: &Params, errors: &mut Vec<FieldError>) {
    for facet in Facet::ALL {
        let field = facet.token();
        if params.count(field) > MAX_VALUES {
            errors.push(FieldError { field, message: format!("At most {MAX_VALUES} values can be asked for.") });
        } else if params.all(field).any(|value| value.chars().count() > MAX_VALUE) {
            errors.push(FieldError { field, message: format!("A value has at most {MAX_VALUE} characters.") });
        }
    }
}

/// Checks what [`Asked::read`] checks of the filters of other questions.
pub fn refuse_beyond_bounds(params: &Params) -> Result<(), Failure> {
    let mut errors = Vec::new();
    bounded(params, &mut errors);
    refuse(errors)
}

/// # Errors
/// [`Failure::Fields`] where there are any.
pub fn refuse(errors: Vec<FieldError>) -> Result<(), Failure> {
    if errors.is_empty() { Ok(()) } else { Err(Failure::Fields(errors)) }
}

/// What was cut off a query is not searched.
///
/// # Errors
/// [`Failure::Fields`] where something was.
pub fn refuse_left_out(left_out: Option<&str>) -> Result<(), Failure> {
    match left_out {
        None => Ok(()),
        Some(left_out) => Err(Failure::field("q", format!("Nothing was searched. A page would say: {left_out}"))),
    }
}
