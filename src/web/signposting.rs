//! What a release is, where its words and its descriptions stand, and by what it is cited: for programs that read headers before pages
//! (signposting.org, "FAIR Signposting Profile", levels 1 and 2).

use serde_json::{Map, Value, json};

use super::cite::Format;
use super::feeds::licence_address;
use super::urls::Urls;
use crate::model::{Release, ReleaseId};

/// The media type of a set of links (RFC 9264, section 4.2).
pub const LINKSET: &str = "application/linkset+json";

/// A typed link from one resource to another (RFC 8288).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedLink {
    pub rel: &'static str,
    pub href: String,
    pub media_type: Option<&'static str>,
}

impl TypedLink {
    fn new(rel: &'static str, href: impl Into<String>) -> Self {
        Self { rel, href: href.into(), media_type: None }
    }

    /// `media_type` is named without its parameters (RFC 8288, section 3.4.1, has no more than a hint).
    fn typed(rel: &'static str, href: String, media_type: &'static str) -> Self {
        Self { rel, href, media_type: media_type.split(';').next() }
    }

    /// The link as a header has it (RFC 8288, section 3).
    pub fn header(&self) -> String {
        let media_type = self.media_type.map(|media_type| format!("; type=\"{media_type}\"")).unwrap_or_default();
        format!("<{}>; rel=\"{}\"{media_type}", self.href, self.rel)
    }
}

/// Links as a header has them.
pub fn headers(links: &[TypedLink]) -> Vec<String> {
    links.iter().map(TypedLink::header).collect()
}

const PLAIN: &str = "text/plain";
const JSON: &str = "application/json";

/// Of the page of a release: its permanent address, what it is, its words, its descriptions, the archive that it stands in, its licence where one is
/// stated by its address.
pub fn landing(release: &Release, urls: &Urls) -> Vec<TypedLink> {
    let id = release.item.id;
    let file = |extension: &str| urls.absolute(&urls.release_file(id, extension));
    let mut links = what_it_is();
    links.push(TypedLink::new("cite-as", urls.absolute(&urls.item(&release.item))));
    links.push(TypedLink::typed("item", file("txt"), PLAIN));
    links.push(TypedLink::typed("describedby", file("json"), JSON));
    links.extend(Format::ALL.map(|format| TypedLink::typed("describedby", file(format.extension()), format.media_type())));
    links.push(TypedLink::new("collection", urls.absolute(&urls.home())));
    links.extend(licence(release));
    links.push(TypedLink::typed("linkset", urls.absolute(&urls.linkset(id)), LINKSET));
    links
}

/// Of the page of one version, which is cited as itself: the words of a release's permanent address may be others.
pub fn version(id: ReleaseId, number: u32, urls: &Urls) -> Vec<TypedLink> {
    let file = |extension: &str| urls.absolute(&urls.version_file(id, number, extension));
    let mut links = what_it_is();
    links.push(TypedLink::new("cite-as", urls.absolute(&urls.version(id, number))));
    links.push(TypedLink::typed("item", file("txt"), PLAIN));
    links.push(TypedLink::typed("describedby", file("json"), JSON));
    links
}

/// Of a file beside a page: the words belong to it (`collection`), all else describes it.
pub fn file(extension: &str, page: &str) -> Vec<TypedLink> {
    match extension {
        "txt" => vec![TypedLink::new("cite-as", page), TypedLink::typed("collection", page.to_owned(), "text/html")],
        _ => vec![TypedLink::typed("describes", page.to_owned(), "text/html")],
    }
}

/// All links of a release, its words and its descriptions in one document (RFC 9264, section 4.2).
pub fn linkset(release: &Release, urls: &Urls) -> Value {
    let id = release.item.id;
    let page = urls.absolute(&urls.item(&release.item));
    let mut contexts = vec![context(&page, &landing(release, urls))];
    let extensions = ["txt", "json"].into_iter().chain(Format::ALL.map(Format::extension));
    contexts.extend(extensions.map(|extension| context(&urls.absolute(&urls.release_file(id, extension)), &file(extension, &page))));
    json!({ "linkset": contexts })
}

fn context(anchor: &str, links: &[TypedLink]) -> Value {
    let mut relations: Map<String, Value> = Map::new();
    for link in links.iter().filter(|link| link.rel != "linkset") {
        let mut target = json!({ "href": link.href });
        if let Some(media_type) = link.media_type {
            target["type"] = media_type.into();
        }
        if let Value::Array(targets) = relations.entry(link.rel).or_insert_with(|| json!([])) {
            targets.push(target);
        }
    }
    relations.insert("anchor".to_owned(), anchor.into());
    Value::Object(relations)
}

/// A page about something, which is a piece of news (schema.org).
fn what_it_is() -> Vec<TypedLink> {
    ["https://schema.org/AboutPage", "https://schema.org/NewsArticle"].map(|kind| TypedLink::new("type", kind)).into()
}

fn licence(release: &Release) -> Option<TypedLink> {
    // An address of the web may hold letters that no header can: then it is left out.
    let address = release.document.sidecar.licence.as_deref().and_then(licence_address)?;
    address.bytes().all(|byte| byte.is_ascii_graphic()).then(|| TypedLink::new("license", address))
}
