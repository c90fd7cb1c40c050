//! What a harvester asks: six verbs, each with arguments of its own (OAI-PMH 2.0, section 4).

use super::moment::Moment;

/// An answer that is none, by the codes of OAI-PMH 2.0, section 3.6. `noMetadataFormats` and `noSetHierarchy` never arise: every record can be had
/// as `oai_dc`, and there are sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    BadVerb,
    BadArgument,
    BadResumptionToken,
    CannotDisseminateFormat,
    IdDoesNotExist,
    NoRecordsMatch,
}

impl Code {
    pub const fn token(self) -> &'static str {
        match self {
            Self::BadVerb => "badVerb",
            Self::BadArgument => "badArgument",
            Self::BadResumptionToken => "badResumptionToken",
            Self::CannotDisseminateFormat => "cannotDisseminateFormat",
            Self::IdDoesNotExist => "idDoesNotExist",
            Self::NoRecordsMatch => "noRecordsMatch",
        }
    }

    /// Whether the answer must not repeat the arguments (section 3.2: they may not be what they should).
    pub const fn hides_arguments(self) -> bool {
        matches!(self, Self::BadVerb | Self::BadArgument)
    }
}

/// A code with a sentence for whoever reads the log of the harvester.
pub type Refusal = (Code, String);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListVerb {
    Identifiers,
    Records,
}

impl ListVerb {
    pub const fn token(self) -> &'static str {
        match self {
            Self::Identifiers => "ListIdentifiers",
            Self::Records => "ListRecords",
        }
    }

    pub fn read(token: &str) -> Option<Self> {
        [Self::Identifiers, Self::Records].into_iter().find(|verb| verb.token() == token)
    }
}

/// What narrows a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    pub from: Option<Moment>,
    pub until: Option<Moment>,
    /// `setSpec` of a set.
    pub set: Option<String>,
}

/// A request that can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Identify,
    /// Formats of one item, or of all.
    Formats(Option<String>),
    Sets,
    Record(String),
    List(ListVerb, Listing),
    /// A list that goes on.
    More(ListVerb, String),
}

/// A request as it was sent: its arguments, in order, to be repeated in the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent(Vec<(String, String)>);

/// The one format that is offered, and must be (section 2.5).
pub const FORMAT: &str = "oai_dc";

/// Arguments that any verb has, and many more than any request needs.
const ARGUMENTS: [&str; 7] = ["verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken"];
const MAX_ARGUMENTS: usize = 32;

impl Sent {
    /// Reads a query or the body of a form.
    pub fn read(form: &[u8]) -> Self {
        Self(form_urlencoded::parse(form).take(MAX_ARGUMENTS).map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// Arguments to repeat in the answer.
    pub fn arguments(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What is asked.
    ///
    /// # Errors
    /// The first thing that is wrong with it, verb before arguments.
    pub fn asked(&self) -> Result<Asked, Refusal> {
        let verbs = self.0.iter().filter(|(name, _)| name == "verb").count();
        if verbs > 1 {
            return Err((Code::BadVerb, "The argument “verb” stands there more than once.".into()));
        }
        match self.value("verb") {
            None => Err((Code::BadVerb, "The argument “verb” is missing.".into())),
            Some("Identify") => self.only(&[]).map(|()| Asked::Identify),
            Some("ListMetadataFormats") => self.only(&["identifier"]).map(|()| Asked::Formats(self.value("identifier").map(str::to_owned))),
            Some("ListSets") => {
                self.only(&["resumptionToken"])?;
                match self.value("resumptionToken") {
                    None => Ok(Asked::Sets),
                    Some(_) => Err((Code::BadResumptionToken, "All sets come in one list; no such token was given.".into())),
                }
            }
            Some("GetRecord") => {
                self.only(&["identifier", "metadataPrefix"])?;
                let identifier = self.needed("identifier")?;
                self.format()?;
                Ok(Asked::Record(identifier.to_owned()))
            }
            Some(verb) => match ListVerb::read(verb) {
                Some(verb) => self.list(verb),
                None => Err((Code::BadVerb, "The verb is none of the six of OAI-PMH 2.0.".into())),
            },
        }
    }

    fn list(&self, verb: ListVerb) -> Result<Asked, Refusal> {
        if let Some(token) = self.value("resumptionToken") {
            // An exclusive argument (section 3.5): all else stands in the token.
            self.only(&["resumptionToken"])?;
            return Ok(Asked::More(verb, token.to_owned()));
        }
        self.only(&["metadataPrefix", "from", "until", "set"])?;
        self.needed("metadataPrefix")?;
        let (from, until) = (self.moment("from")?, self.moment("until")?);
        if let (Some(from), Some(until)) = (from, until) {
            if from.is_day() != until.is_day() {
                return Err(bad("“from” and “until” must both be days or both have seconds."));
            }
            if from.first() > until.last() {
                return Err(bad("“from” is later than “until”."));
            }
        }
        let set = self.value("set").map(str::to_owned);
        if set.as_deref().is_some_and(|set| !is_set_spec(set)) {
            return Err(bad("“set” is no setSpec."));
        }
        self.format()?;
        Ok(Asked::List(verb, Listing { from, until, set }))
    }

    /// No argument but these, and none twice.
    fn only(&self, names: &[&str]) -> Result<(), Refusal> {
        for (index, (name, value)) in self.0.iter().enumerate() {
            if name == "verb" {
                continue;
            }
            if !names.contains(&name.as_str()) {
                // A name that is sent is only repeated where it is one of the protocol's.
                let known = ARGUMENTS.iter().find(|known| *known == name);
                return Err(bad(match known {
                    Some(known) => format!("The argument “{known}” does not go with this verb and the other arguments."),
                    None => "There is an argument that OAI-PMH 2.0 does not know.".to_owned(),
                }));
            }
            if self.0.iter().take(index).any(|(before, _)| before == name) {
                return Err(bad(format!("The argument “{name}” stands there more than once.")));
            }
            if value.is_empty() {
                return Err(bad(format!("The argument “{name}” is empty.")));
            }
        }
        Ok(())
    }

    fn needed(&self, name: &str) -> Result<&str, Refusal> {
        self.value(name).ok_or_else(|| bad(format!("The argument “{name}” is missing.")))
    }

    fn format(&self) -> Result<(), Refusal> {
        if self.needed("metadataPrefix")? == FORMAT {
            return Ok(());
        }
        if !self.needed("metadataPrefix")?.bytes().all(is_unreserved) {
            return Err(bad("“metadataPrefix” is no name of a format: those have letters, digits and some signs."));
        }
        Err((Code::CannotDisseminateFormat, format!("The only format is {FORMAT}.")))
    }

    fn moment(&self, name: &str) -> Result<Option<Moment>, Refusal> {
        match self.value(name) {
            None => Ok(None),
            Some(given) => match Moment::read(given) {
                Some(moment) => Ok(Some(moment)),
                None => Err(bad(format!("“{name}” must be a day (2025-04-30) or a second in UTC (2025-04-30T16:30:05Z)."))),
            },
        }
    }
}

fn bad(why: impl Into<String>) -> Refusal {
    (Code::BadArgument, why.into())
}

/// The characters that OAI-PMH.xsd allows in `metadataPrefixType` and between the colons of `setSpecType`.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte)
}

/// The pattern of `setSpecType` in OAI-PMH.xsd.
fn is_set_spec(given: &str) -> bool {
    given.split(':').all(|part| !part.is_empty() && part.bytes().all(is_unreserved))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read() {
        let listing = |from: &str, until: &str, set: Option<&str>| Listing {
            from: Moment::read(from),
            until: Moment::read(until),
            set: set.map(str::to_owned),
        };
        for (query, asked) in [
            ("verb=Identify", Asked::Identify),
            ("verb=ListSets", Asked::Sets),
            ("verb=ListMetadataFormats", Asked::Formats(None)),
            ("identifier=oai%3Aa&verb=ListMetadataFormats", Asked::Formats(Some("oai:a".into()))),
            ("verb=GetRecord&identifier=x&metadataPrefix=oai_dc", Asked::Record("x".into())),
            ("verb=ListRecords&metadataPrefix=oai_dc", Asked::List(ListVerb::Records, Listing::default())),
            (
                "verb=ListIdentifiers&metadataPrefix=oai_dc&from=2025-01-01&until=2025-01-01&set=topic:a-b",
                Asked::List(ListVerb::Identifiers, listing("2025-01-01", "2025-01-01", Some("topic:a-b"))),
            ),
            ("verb=ListRecords&resumptionToken=abc", Asked::More(ListVerb::Records, "abc".into())),
        ] {
            assert_eq!(Sent::read(query.as_bytes()).asked(), Ok(asked), "{query}");
        }
    }

    #[test]
    fn what_is_wrong_has_its_code() {
        use Code::{BadArgument, BadResumptionToken, BadVerb, CannotDisseminateFormat};
        for (query, code) in [
            ("", BadVerb),
            ("verb=", BadVerb),
            ("verb=identify", BadVerb),
            ("verb=Identify&verb=Identify", BadVerb),
            ("verb=Identify&x=1", BadArgument),
            ("verb=Identify&identifier=x", BadArgument),
            ("verb=ListSets&resumptionToken=x", BadResumptionToken),
            ("verb=GetRecord&metadataPrefix=oai_dc", BadArgument),
            ("verb=GetRecord&identifier=x", BadArgument),
            ("verb=GetRecord&identifier=&metadataPrefix=oai_dc", BadArgument),
            ("verb=GetRecord&identifier=x&identifier=x&metadataPrefix=oai_dc", BadArgument),
            ("verb=GetRecord&identifier=x&metadataPrefix=marcxml", CannotDisseminateFormat),
            ("verb=ListRecords", BadArgument),
            ("verb=ListRecords&metadataPrefix=OAI_DC", CannotDisseminateFormat),
            ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", BadArgument),
            ("verb=ListRecords&resumptionToken=", BadArgument),
            ("verb=ListRecords&metadataPrefix=oai_dc&from=2025", BadArgument),
            ("verb=ListRecords&metadataPrefix=oai_dc&from=2025-01-01&until=2025-01-01T00:00:00Z", BadArgument),
            ("verb=ListRecords&metadataPrefix=oai_dc&from=2025-01-02&until=2025-01-01", BadArgument),
            ("verb=ListRecords&metadataPrefix=oai_dc&from=2025-01-01&from=2025-01-01", BadArgument),
            ("verb=ListRecords&metadataPrefix=oai_dc&set=a::b", BadArgument),
            ("verb=ListRecords&metadataPrefix=oai_dc&set=%ff", BadArgument),
        ] {
            assert_eq!(Sent::read(query.as_bytes()).asked().map_err(|(code, _)| code), Err(code), "{query}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(form in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = Sent::read(&form).asked();
        }
    }
}
