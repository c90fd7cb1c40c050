//! `/oai`: the archive for harvesters, by the Open Archives Initiative Protocol for Metadata Harvesting 2.0
//! (<http://www.openarchives.org/OAI/openarchivesprotocol.html>). Nothing is remembered of a harvester.

mod moment;
mod record;
mod request;
mod sets;
mod token;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use self::moment::{Moment, stored};
use self::record::{DUBLIN_CORE, Names, Writing};
use self::request::{Asked, Code, FORMAT, ListVerb, Listing, Refusal, Sent};
use self::sets::Sets;
use self::token::Token;
use crate::reading::Overview;
use crate::store::StampedAsked;
use crate::web::answer::typed;
use crate::web::encoding::{Encoded, Encoding};
use crate::web::error::Failure;
use crate::web::finding::security::Contact;
use crate::web::shell::SITE;
use crate::web::state::App;
use crate::web::xml::Xml;

/// Records of one answer.
const TOGETHER: u32 = 100;

/// The most that the body of a request may hold: the longest address and its token many times over.
pub const MAX_FORM: usize = 16 << 10;

/// Where answers are looked up by machines that check them.
const ENVELOPE: &[(&str, &str)] = &[
    ("xmlns", "http://www.openarchives.org/OAI/2.0/"),
    ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ("xsi:schemaLocation", "http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"),
];

pub async fn get(State(app): State<App>, headers: HeaderMap, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let xml = answer(&app, &Sent::read(query.unwrap_or_default().as_bytes())).await?;
    Ok(sent(xml, &headers))
}

/// The protocol wants both methods (section 3.1.1.2). A form that is sent asks as an address does, and changes nothing.
pub async fn post(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<Response, Failure> {
    let xml = answer(&app, &Sent::read(&body)).await?;
    Ok(sent(xml, &headers))
}

/// Compressed where the harvester takes it (section 3.1.3): Dublin Core says the same words over and over.
fn sent(xml: String, headers: &HeaderMap) -> Response {
    let (encoding, body) = Encoded::new(xml.into()).get(Encoding::accepted(headers));
    let mut response = typed("text/xml; charset=utf-8", body);
    let out = response.headers_mut();
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(token) = encoding.token() {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    response
}

async fn answer(app: &App, sent: &Sent) -> Result<String, Failure> {
    // Before anything is looked up; see `as_of`.
    let as_of = app.as_of();
    let overview = app.archive().overview();
    let harvested = match sent.asked() {
        Err(refusal) => Err(refusal),
        Ok(asked) => Verbs::new(app, &overview).answer(asked).await?,
    };
    let base = app.urls().absolute(&app.urls().oai());
    let mut xml = Xml::document();
    xml.element("OAI-PMH", ENVELOPE, |xml| {
        xml.line();
        xml.words("responseDate", &[], &as_of);
        xml.line();
        let hidden = harvested.as_ref().is_err_and(|(code, _)| code.hides_arguments());
        let arguments: Vec<(&str, &str)> = if hidden { Vec::new() } else { sent.arguments().collect() };
        xml.words("request", &arguments, &base);
        xml.line();
        match &harvested {
            Ok((verb, body)) => xml.element(verb, &[], |xml| xml.nest(body)),
            Err((code, why)) => xml.words("error", &[("code", code.token())], why),
        }
        xml.line();
    });
    Ok(xml.finish())
}

/// The element that holds an answer, and what it holds.
type Body = (&'static str, Xml);

struct Verbs<'a> {
    app: &'a App,
    overview: &'a Overview,
    names: Names,
    sets: Sets,
}

impl<'a> Verbs<'a> {
    fn new(app: &'a App, overview: &'a Overview) -> Self {
        Self { app, overview, names: Names::new(&overview.archive_id), sets: Sets::of(overview) }
    }

    async fn answer(&self, asked: Asked) -> Result<Result<Body, Refusal>, Failure> {
        match asked {
            Asked::Identify => self.identify().await.map(Ok),
            Asked::Formats(None) => Ok(Ok(formats())),
            Asked::Formats(Some(identifier)) => Ok(self.record(&identifier).await?.map(|_| formats())),
            Asked::Sets => Ok(Ok(self.list_sets())),
            Asked::Record(identifier) => self.record(&identifier).await,
            Asked::List(verb, listing) => self.list(verb, listing, None).await,
            Asked::More(verb, given) => match Token::read(&given, &self.overview.archive_id).filter(|token| token.verb == verb) {
                Some(token) => self.list(verb, token.listing.clone(), Some(token)).await,
                None => Ok(Err((Code::BadResumptionToken, "This archive gave no such token for this verb. Begin the list anew.".into()))),
            },
        }
    }

    async fn identify(&self) -> Result<Body, Failure> {
        let earliest = self.app.archive().store().stamp_bounds().await.map_err(crate::reading::ReadingError::from)?;
        let urls = self.app.urls();
        let mut xml = Xml::fragment();
        for (name, words) in [
            ("repositoryName", SITE.to_owned()),
            ("baseURL", urls.absolute(&urls.oai())),
            ("protocolVersion", "2.0".to_owned()),
            ("adminEmail", self.mail()),
            ("earliestDatestamp", earliest.map_or_else(|| stored(chrono::DateTime::UNIX_EPOCH.naive_utc()), |(first, _)| first)),
            ("deletedRecord", "persistent".to_owned()),
            ("granularity", "YYYY-MM-DDThh:mm:ssZ".to_owned()),
        ] {
            xml.words(name, &[], &words);
            xml.line();
        }
        xml.element("description", &[], |xml| {
            xml.element("oai-identifier", IDENTIFIER, |xml| {
                xml.words("scheme", &[], "oai");
                xml.words("repositoryIdentifier", &[], self.names.archive());
                xml.words("delimiter", &[], ":");
                let sample = crate::model::release::Identity::by_key("", "").id(0);
                xml.words("sampleIdentifier", &[], &self.names.of(sample));
            });
        });
        Ok(("Identify", xml))
    }

    /// The protocol wants an address for mail. Where the owner has not given one, this is nobody's (RFC 2606).
    fn mail(&self) -> String {
        let given = self.app.contact().and_then(Contact::mail);
        given.map_or_else(|| format!("owner@{}", self.names.archive()), str::to_owned)
    }

    fn list_sets(&self) -> Body {
        let mut xml = Xml::fragment();
        for set in self.sets.all() {
            xml.element("set", &[], |xml| {
                xml.words("setSpec", &[], &set.spec);
                xml.words("setName", &[], &set.name);
                if !set.scope.is_empty() {
                    xml.element("setDescription", &[], |xml| {
                        xml.element("oai_dc:dc", DUBLIN_CORE, |xml| xml.words("dc:description", &[], &set.scope));
                    });
                }
            });
            xml.line();
        }
        ("ListSets", xml)
    }

    async fn record(&self, identifier: &str) -> Result<Result<Body, Refusal>, Failure> {
        let found = match self.names.read(identifier) {
            Some(id) => self.app.archive().harvest_one(id).await?,
            None => None,
        };
        let Some((stamped, whole)) = found else {
            return Ok(Err((Code::IdDoesNotExist, "This archive never gave that identifier.".into())));
        };
        let mut xml = Xml::fragment();
        self.writing(None).record(&mut xml, &stamped, whole.as_ref());
        Ok(Ok(("GetRecord", xml)))
    }

    async fn list(&self, verb: ListVerb, listing: Listing, begun: Option<Token>) -> Result<Result<Body, Refusal>, Failure> {
        let nothing = || Ok(Err((Code::NoRecordsMatch, "Nothing has changed in that time, or in that set.".to_owned())));
        let topics = match listing.set.as_deref().map(|set| self.sets.topics(set)) {
            None => Vec::new(),
            // A set without topics would be everything.
            Some(None) => return nothing(),
            Some(Some(topics)) if topics.is_empty() => return nothing(),
            Some(Some(topics)) => topics,
        };
        let asked = StampedAsked {
            from: listing.from.map(|from| stored(Moment::first(from))),
            until: listing.until.map(|until| stored(Moment::last(until))),
            topics,
            after: begun.as_ref().map(|token| token.after.clone()),
            limit: TOGETHER,
        };
        let archive = self.app.archive();
        let harvest = archive.harvest(&asked, verb == ListVerb::Records).await?;
        let cursor = begun.as_ref().map_or(0, |token| token.cursor);
        let size = match &begun {
            // What was loaded meanwhile comes too.
            Some(token) => token.size.max(token.cursor + harvest.stamped.len() as u64 + u64::from(harvest.more)),
            None if harvest.more => archive.store().stamped_count(&asked).await.map_err(crate::reading::ReadingError::from)?,
            None => harvest.stamped.len() as u64,
        };
        let Some(last) = harvest.stamped.last() else { return nothing() };
        let writing = self.writing(listing.set.as_deref());
        let mut xml = Xml::fragment();
        for stamped in &harvest.stamped {
            match verb {
                ListVerb::Identifiers => writing.header(&mut xml, stamped, stamped.shown),
                ListVerb::Records => writing.record(&mut xml, stamped, harvest.wholes.get(&stamped.seq)),
            }
        }
        let (cursor_word, size_word) = (cursor.to_string(), size.to_string());
        let told: &[(&str, &str)] = &[("completeListSize", &size_word), ("cursor", &cursor_word)];
        if harvest.more {
            let after = (last.at.clone(), last.seq);
            let next = Token { verb, after, cursor: cursor + harvest.stamped.len() as u64, size, listing: listing.clone() };
            xml.words("resumptionToken", told, &next.write(&self.overview.archive_id));
        } else if begun.is_some() {
            // The last part of a list that came in several says so with an empty token (section 3.5).
            xml.empty("resumptionToken", told);
        }
        Ok(Ok((verb.token(), xml)))
    }

    fn writing<'b>(&'b self, listed: Option<&'b str>) -> Writing<'b> {
        Writing { names: &self.names, sets: &self.sets, urls: self.app.urls(), listed }
    }
}

/// Of the description of identifiers.
const IDENTIFIER: &[(&str, &str)] = &[
    ("xmlns", "http://www.openarchives.org/OAI/2.0/oai-identifier"),
    ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ("xsi:schemaLocation", "http://www.openarchives.org/OAI/2.0/oai-identifier http://www.openarchives.org/OAI/2.0/oai-identifier.xsd"),
];

fn formats() -> Body {
    let mut xml = Xml::fragment();
    xml.element("metadataFormat", &[], |xml| {
        xml.words("metadataPrefix", &[], FORMAT);
        xml.words("schema", &[], "http://www.openarchives.org/OAI/2.0/oai_dc.xsd");
        xml.words("metadataNamespace", &[], "http://www.openarchives.org/OAI/2.0/oai_dc/");
    });
    ("ListMetadataFormats", xml)
}
