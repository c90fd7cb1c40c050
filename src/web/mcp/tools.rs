//! The tools, each with what it takes and gives.

use std::sync::LazyLock;

use rmcp::model::{Tool, ToolAnnotations};

use super::schema::{input, output};
use super::{arguments, shapes};
use crate::web::api;

/// By name, in the order in which they are listed.
pub const TOOLS: [&str; 6] = ["search", "read", "cite", "trends", "resolve", "topics"];

/// Every tool.
pub fn list() -> Vec<Tool> {
    static ALL: LazyLock<Vec<Tool>> = LazyLock::new(all);
    ALL.clone()
}

fn all() -> Vec<Tool> {
    let tools = [
        (
            "Search the archive",
            "Finds releases by words, dates, topics, kinds, places, people, publishers and languages. Each hit comes with the date and how it is \
             known, its permalink, version and SHA-256, and the passages that hold the words, to be quoted as they stand. The count is exact. \
             Read a release before you say what it does not say.",
            input::<arguments::Search>(),
            output::<shapes::Found>(),
        ),
        (
            "Read a release",
            "Gives the words of a release or of one of its versions, passage by passage, each with the address that leads to it. A long text comes \
             in parts: give passage and character of next back until it is null.",
            input::<arguments::Read>(),
            output::<shapes::Text>(),
        ),
        (
            "Cite a release",
            "Gives finished citations of a release, of one of its versions or of a passage, in APA, Chicago, MLA, as a Wikipedia template, as \
             BibTeX, RIS and CSL-JSON; of a passage also its very words, to check a quotation against.",
            input::<arguments::Cite>(),
            output::<api::cite::Citations>(),
        ),
        (
            "Count over time",
            "Counts how many releases of each day, month or year up to five searches find, beside how many there are at all. Every count is exact; \
             the url of each search lists what was counted.",
            input::<arguments::Trends>(),
            output::<api::shapes::Trends>(),
        ),
        (
            "Find by original address",
            "Finds the release that was published at an address, in any form that the address ever had, or that has a publisher's number.",
            input::<arguments::Resolve>(),
            output::<shapes::Resolution>(),
        ),
        (
            "List topics",
            "Lists the archive's topics with their slugs, scopes and numbers of releases, for the topics of a search.",
            input::<arguments::Topics>(),
            output::<api::shapes::TopicList>(),
        ),
    ];
    let tool = |(name, (title, description, takes, gives))| {
        // Nothing is changed, the same question has the same answer, and nothing beyond the archive is asked.
        let hints = ToolAnnotations::with_title(title).read_only(true).destructive(false).idempotent(true).open_world(false);
        Tool::new(name, description, takes).with_title(title).with_raw_output_schema(gives).with_annotations(hints)
    };
    TOOLS.into_iter().zip(tools).map(tool).collect()
}
