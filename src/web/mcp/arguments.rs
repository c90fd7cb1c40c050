//! What tools are given. Words, dates and filters become parameters of `/api/v1` and are read by its rules.

use rmcp::schemars::{self, JsonSchema};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::index::grammar::MAX_CHARACTERS;
use crate::reading::trends::MAX_QUERIES;
use crate::web::api::params::{MAX_PASSAGE, MAX_URL};
use crate::web::extract::{MAX_VALUE, MAX_VALUES, Params};

/// Hits that a search gives at most: each comes with its passages and evidence.
pub const MAX_HITS: usize = 25;

/// Characters of a text that are given at a time, by default, at least and at most.
pub const CHARACTERS: usize = 8_000;
pub const MIN_CHARACTERS: usize = 500;
pub const MAX_CHARACTERS_READ: usize = 40_000;

/// What narrows a search.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Search {
    /// Words to search for: words, "phrases", -without, a OR b, title:word, topic:slug, before:2024, after:2022-02-24. Leave it out for everything.
    #[schemars(length(max = MAX_CHARACTERS))]
    pub query: Option<String>,
    /// First day of publication: 2025-04-30, 2025-04 or 2025.
    pub from: Option<String>,
    /// Last day of publication: 2025-04-30, 2025-04 or 2025.
    pub to: Option<String>,
    /// Slugs of topics, any of which; the tool topics lists them.
    #[schemars(length(max = MAX_VALUES), inner(length(max = MAX_VALUE)))]
    pub topics: Vec<String>,
    /// Kinds of text, any of which: news, press-release, statement, speech, transcript, communique, official-text and others.
    #[schemars(length(max = MAX_VALUES), inner(length(max = MAX_VALUE)))]
    pub kinds: Vec<String>,
    /// Slugs of places, any of which: ukraine.
    #[schemars(length(max = MAX_VALUES), inner(length(max = MAX_VALUE)))]
    pub places: Vec<String>,
    /// Slugs of people, any of which: mark-rutte.
    #[schemars(length(max = MAX_VALUES), inner(length(max = MAX_VALUE)))]
    pub people: Vec<String>,
    /// Slugs of publishers, any of which: nato.
    #[schemars(length(max = MAX_VALUES), inner(length(max = MAX_VALUE)))]
    pub sources: Vec<String>,
    /// Languages, any of which: en, fr.
    #[schemars(length(max = MAX_VALUES), inner(length(max = MAX_VALUE)))]
    pub languages: Vec<String>,
    /// The order: relevance (with words the default), newest or oldest.
    pub sort: Option<Sort>,
    /// How many releases to give.
    #[schemars(range(min = 1, max = MAX_HITS))]
    pub limit: Option<usize>,
    /// Where to go on: next of the answer before, all else as it was.
    pub cursor: Option<String>,
}

/// An order.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    Relevance,
    Newest,
    Oldest,
}

/// What is read, and from where.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// The id of a release (eight letters and digits), or its address in this archive, with the version and the passage that the address names.
    #[schemars(length(min = 1, max = MAX_URL))]
    pub id: String,
    /// A version by its number; left out, the current one.
    #[serde(default)]
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub version: Option<u32>,
    /// The number of the passage to begin with: 3 for p3.
    #[serde(default)]
    #[schemars(range(min = 1, max = MAX_PASSAGE))]
    pub passage: Option<usize>,
    /// The character of that passage to begin with, counted from 0: only for a passage that was cut.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100_000_000))]
    pub character: Option<usize>,
    /// About how many characters of text to give at most; 8000 if left out.
    #[serde(default)]
    #[schemars(range(min = MIN_CHARACTERS, max = MAX_CHARACTERS_READ))]
    pub max_characters: Option<usize>,
}

/// What is cited, and how.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cite {
    /// The id of a release (eight letters and digits), or its address in this archive, with the version and the passage that the address names.
    #[schemars(length(min = 1, max = MAX_URL))]
    pub id: String,
    /// Styles and forms: apa, chicago, mla, wikipedia, bibtex, ris, csl-json. Left out, each of them.
    #[serde(default)]
    #[schemars(length(max = 7))]
    pub styles: Vec<String>,
    /// A version by its number; left out, the release as it stands.
    #[serde(default)]
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub version: Option<u32>,
    /// A passage by its number: 3 for p3.
    #[serde(default)]
    #[schemars(range(min = 1, max = MAX_PASSAGE))]
    pub passage: Option<usize>,
}

/// Searches over time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Trends {
    /// Searches to compare, each as query of the tool search has it.
    #[schemars(length(max = MAX_QUERIES), inner(length(max = MAX_CHARACTERS)))]
    pub queries: Vec<String>,
    /// The size of a bin; left out, the one that fits.
    pub by: Option<By>,
    /// First day: 2025-04-30, 2025-04 or 2025.
    pub from: Option<String>,
    /// Last day: 2025-04-30, 2025-04 or 2025.
    pub to: Option<String>,
    /// Slugs of topics, any of which.
    #[schemars(length(max = MAX_VALUES), inner(length(max = MAX_VALUE)))]
    pub topics: Vec<String>,
    /// Kinds of text, any of which.
    #[schemars(length(max = MAX_VALUES), inner(length(max = MAX_VALUE)))]
    pub kinds: Vec<String>,
    /// Slugs of publishers, any of which.
    #[schemars(length(max = MAX_VALUES), inner(length(max = MAX_VALUE)))]
    pub sources: Vec<String>,
}

/// The size of a bin.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum By {
    Year,
    Month,
    Day,
}

/// What is looked for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolve {
    /// The address at which a release was published, or its publisher's number, such as (2012) 062.
    #[schemars(length(min = 1, max = MAX_URL))]
    pub url: String,
}

/// Which topics.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Topics {
    /// Only topics whose name or scope has these words.
    #[schemars(length(max = MAX_VALUE))]
    pub containing: Option<String>,
}

/// Reads the arguments of a tool.
///
/// # Errors
/// A sentence that names what is wrong with them.
pub fn read<T: DeserializeOwned>(arguments: Value) -> Result<T, String> {
    serde_json::from_value(arguments)
        .map_err(|error| format!("The arguments could not be read: {error}. The tool’s input schema says what it takes."))
}

/// A whole number within bounds.
///
/// # Errors
/// A sentence that names the argument.
pub fn bounded(name: &str, given: Option<usize>, default: usize, (least, most): (usize, usize)) -> Result<usize, String> {
    let number = given.unwrap_or(default);
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(format!("{name}: a whole number from {least} to {most} is wanted."))
}

/// Gathers parameters.
#[derive(Default)]
struct Pairs(Vec<(String, String)>);

impl Pairs {
    fn one(&mut self, name: &str, value: Option<impl Into<String>>) -> &mut Self {
        self.0.extend(value.map(|value| (name.to_owned(), value.into())));
        self
    }

    fn all(&mut self, name: &str, values: Vec<String>) -> &mut Self {
        self.0.extend(values.into_iter().map(|value| (name.to_owned(), value)));
        self
    }
}

impl Search {
    pub fn params(self) -> Params {
        let sort = self.sort.map(|sort| match sort {
            Sort::Relevance => "relevance",
            Sort::Newest => "newest",
            Sort::Oldest => "oldest",
        });
        let mut pairs = Pairs::default();
        pairs.one("q", self.query).one("from", self.from).one("to", self.to).one("sort", sort).one("cursor", self.cursor);
        pairs.one("limit", Some(self.limit.unwrap_or(10).to_string()));
        pairs.all("topic", self.topics).all("kind", self.kinds).all("place", self.places).all("person", self.people);
        pairs.all("source", self.sources).all("lang", self.languages);
        Params::of(pairs.0)
    }
}

impl Trends {
    pub fn params(self) -> Params {
        let by = self.by.map(|by| match by {
            By::Year => "year",
            By::Month => "month",
            By::Day => "day",
        });
        let mut pairs = Pairs::default();
        pairs.all("q", self.queries).one("by", by).one("from", self.from).one("to", self.to);
        pairs.all("topic", self.topics).all("kind", self.kinds).all("source", self.sources);
        Params::of(pairs.0)
    }
}

impl Cite {
    pub fn params(self) -> Params {
        let mut pairs = Pairs::default();
        pairs.all("style", self.styles);
        pairs.one("version", self.version.map(|number| number.to_string())).one("passage", self.passage.map(|number| number.to_string()));
        Params::of(pairs.0)
    }
}
