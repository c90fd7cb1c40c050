//! The OpenAPI 3.1 document: made from the handlers, their parameters and their shapes, then [`tidy`](super::tidy)ed where they all say the same.

use serde_json::{Value, json};
use utoipa::OpenApi;

use super::problem::Problem;
use super::tidy::tidy;
use super::{changes, cite, list, names, release, root, search};
use crate::web::urls::Urls;

/// What is to be known about rights before anything is taken away.
pub const RIGHTS: &str = "The words of the releases belong to their publishers. Where a licence is known, the release states it at \
                          document.stated.licence. This is an unofficial archive: it is not run, endorsed or checked by NATO or any government.";

const ABOUT: &str = "Everything that a page of the archive shows, for programs: read-only, without a key, without cookies.\n\n\
Lists give `items` and `next`. `next` is given back as `cursor` until it is null, and the same addresses stand in `Link` (RFC 8288). A cursor \
means nothing outside the list and the parameters that it was made for.\n\n\
An answer without success is a problem document (RFC 9457) whose `detail` says what to do; `errors` names the parameters.\n\n\
An empty parameter is one that is left out, and a parameter that is not known is ignored. Within v1 fields, parameters and words of a list are \
only ever added.\n\n\
Answers have a strong `ETag`; asked again with `If-None-Match`, what has not changed is 304. `Accept` is not looked at. HEAD is answered wherever GET is, and \
pages of other sites may read everything (CORS).";

#[derive(OpenApi)]
#[openapi(
    info(title = "NATO press releases, an unofficial archive", version = "1.0.0"),
    paths(
        root::root,
        root::description,
        list::releases,
        release::release,
        release::versions,
        release::version,
        release::mentions,
        cite::cite,
        search::search,
        search::facets,
        search::trends,
        names::topics,
        names::topic,
        names::mentions,
        names::resolve,
        changes::changes,
    ),
    components(schemas(Problem)),
    tags(
        (name = "Releases", description = "Releases, their versions, and what stands in them"),
        (name = "Search", description = "Words, filters, and numbers over time"),
        (name = "Names", description = "Topics, places, people, organisations, and original addresses"),
        (name = "Changes", description = "What happened in the archive"),
        (name = "About", description = "The archive, and this interface"),
    )
)]
struct Described;

/// The document, with the addresses of this archive.
pub fn document(urls: &Urls) -> Value {
    let mut document = serde_json::to_value(Described::openapi()).unwrap_or_default();
    document["info"]["description"] = json!(format!("{ABOUT}\n\n{RIGHTS}"));
    document["info"]["license"] = json!({
        "name": "The words belong to their publishers",
        "url": format!("{}#rights", urls.absolute(&urls.page("data"))),
    });
    document["servers"] = json!([{ "url": urls.base(), "description": "This archive" }]);
    document["externalDocs"] = json!({ "url": urls.absolute(&urls.api_docs()), "description": "The same for people" });
    tidy(&mut document);
    document
}

/// Every operation with its path, by path.
pub fn operations(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let paths = document["paths"].as_object();
    paths.into_iter().flatten().filter_map(|(path, item)| Some((path.as_str(), item.get("get")?)))
}

/// A member that is words; empty where it is not there.
pub fn words<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}
