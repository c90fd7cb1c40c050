//! `/sitemap.xml` and `/sitemaps/…`: every address that search engines may show (sitemaps.org, protocol 0.9).
//!
//! Releases are listed in blocks of their internal numbers, so that a block changes only when one of its releases does, and what is new stands in the
//! last. `lastmod` is there only where it is known: of a release when its record last changed in any way, of a list when one of its releases did.

use axum::extract::{Path, State};
use axum::response::Response;

use crate::model::period::Period;
use crate::web::answer::typed;
use crate::web::error::Failure;
use crate::web::pages::versions::read_number;
use crate::web::state::App;
use crate::web::xml::Xml;

/// Internal numbers in a list, and so the most addresses. The protocol allows 50,000; this many take some 2 MB.
const BLOCK: i64 = 10_000;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// The list of lists.
pub async fn index(State(app): State<App>) -> Result<Response, Failure> {
    let urls = app.urls();
    let blocks = app.archive().address_blocks(BLOCK).await?;
    let releases = blocks.into_iter().map(|block| (urls.sitemap_of_releases(block.number), Some(block.at)));
    let lists = std::iter::once((urls.sitemap_of_pages(), None)).chain(releases);
    Ok(written("sitemapindex", "sitemap", lists.map(|(path, at)| (urls.absolute(&path), at))))
}

/// `/sitemaps/pages.xml` and `/sitemaps/releases-{n}.xml`
pub async fn part(State(app): State<App>, Path(file): Path<String>) -> Result<Response, Failure> {
    let urls = app.urls();
    if file == "pages.xml" {
        return Ok(written("urlset", "url", pages(&app).into_iter().map(|path| (urls.absolute(&path), None))));
    }
    let number = file.strip_prefix("releases-").and_then(|rest| rest.strip_suffix(".xml")).and_then(read_number);
    let number = i64::from(number.filter(|number| *number > 0).ok_or(Failure::NotFound)?);
    let releases = app.archive().addresses((number - 1) * BLOCK, number * BLOCK).await?;
    if releases.is_empty() {
        return Err(Failure::NotFound);
    }
    Ok(written(
        "urlset",
        "url",
        releases.into_iter().map(|release| (urls.absolute(&urls.release(release.id, &release.slug)), Some(release.at))),
    ))
}

/// Pages that are no release and may stand in a search engine.
fn pages(app: &App) -> Vec<String> {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let mut pages = vec![urls.home(), urls.dates(), urls.topics(), urls.changes(None, None)];
    for (year, _) in overview.years() {
        pages.push(urls.period(Period::Year(year)));
        let months = (1..=12).zip(overview.months(year)).filter(|(_, releases)| *releases > 0);
        pages.extend(months.map(|(month, _)| urls.period(Period::Month(year, month))));
    }
    if overview.undated > 0 {
        pages.push(urls.undated());
    }
    pages.extend(overview.topics.iter().map(|topic| urls.topic(&topic.slug)));
    pages.extend(["about", "data", "help/search", "accessibility", "privacy"].map(|name| urls.page(name)));
    pages
}

/// A document of addresses, each with when it last changed.
fn written(root: &str, each: &str, list: impl Iterator<Item = (String, Option<String>)>) -> Response {
    let mut xml = Xml::document();
    xml.element(root, &[("xmlns", NAMESPACE)], |xml| {
        xml.line();
        for (address, at) in list {
            xml.element(each, &[], |xml| {
                xml.words("loc", &[], &address);
                if let Some(at) = at {
                    xml.words("lastmod", &[], &at);
                }
            });
            xml.line();
        }
    });
    xml.line();
    typed("application/xml; charset=utf-8", xml.finish())
}
