//! `/llms.txt`: the archive in a page for language models and who works with them (llmstxt.org).

use axum::extract::State;
use axum::response::Response;

use crate::web::answer::typed;
use crate::web::shell::{SITE, coverage};
use crate::web::state::App;
use crate::web::urls::{FeedForm, SearchUrl};

pub async fn llms(State(app): State<App>) -> Response {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let at = |path: String| urls.absolute(&path);
    let words = format!(
        "# {SITE}\n\n\
         > {coverage}. Every word can be traced to the bytes of its source, every date says how it is known. Not run, endorsed or checked by NATO or any government.\n\n\
         Rules for whoever quotes from here:\n\n\
         - Quote the words of a release as they stand, with its permalink. Passages have anchors: `#p3` is the third.\n\
         - A date is exact only where `precision` is `minute` or `day` and its `edtf` carries no `~`, `?` or `%`. `range` names an event and not the day of publication; `bounded`, `month` and `year` say no more than that; `edtf` (ISO 8601-2) says it exactly, `basis` on what it rests.\n\
         - A release can change after it was published. Name the version, and the SHA-256 of its text.\n\
         - The words belong to their publishers. The archive makes no claim to them and grants no licence.\n\n\
         ## For programs\n\n\
         - [Interface for programs]({openapi}): OpenAPI description of releases, searches, versions, topics and changes as JSON\n\
         - [Search as JSON]({search}): `q`, `from`, `to`, `topic`, `kind`, `place`, `person`, `source`, `lang`; for questions of people, not for crawlers\n\
         - [Releases as JSON]({releases}): everything, newest first, with a cursor\n\
         - [The whole archive]({data}): files to download, with checksums\n\
         - [Harvesting]({oai}?verb=Identify): OAI-PMH 2.0, Dublin Core\n\
         - [Addresses of all pages]({sitemap}): site map\n\n\
         ## Following\n\n\
         - [All releases, Atom]({atom}): whole texts; the same as [JSON Feed]({json}). Every topic and every search has both\n\
         - [Changes]({changes}): what was added, changed, withdrawn and put right\n\n\
         ## Citing\n\n\
         - Every release at `/releases/ID` is also there as `/releases/ID.json`, `.txt`, `.bib`, `.ris` and `.csl.json`; its typed links are in `/releases/ID/linkset.json`\n\
         - [How to search]({help}): phrases, exclusions, names, dates\n\
         - [About this archive]({about}): what it holds and does not hold, and how dates are known\n",
        coverage = coverage(&overview),
        openapi = at(urls.page("api/v1/openapi.json")),
        search = at(urls.api_search(&SearchUrl::words("defence"))),
        releases = at(urls.api_releases()),
        data = at(urls.page("data")),
        oai = at(urls.page("oai")),
        sitemap = at(urls.sitemap()),
        atom = at(urls.site_feed(FeedForm::Atom)),
        json = at(urls.site_feed(FeedForm::Json)),
        changes = at(urls.changes_feed(None)),
        help = at(urls.page("help/search")),
        about = at(urls.page("about")),
    );
    // A text of the archive's own, in Markdown; browsers show plain text and download what they do not know.
    typed("text/plain; charset=utf-8", words)
}
