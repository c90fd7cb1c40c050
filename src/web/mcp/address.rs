//! What a tool is given to name a release: its id, or an address of this archive with the version and the passage that stand in it.

use crate::model::ReleaseId;
use crate::web::extract::Params;
use crate::web::pages::versions::read_number;
use crate::web::urls::Urls;

/// What an id or an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: ReleaseId,
    pub version: Option<u32>,
    pub passage: Option<usize>,
}

impl Named {
    /// Reads an id, or an address of a release, one of its versions, files or passages, with or without scheme and host.
    ///
    /// # Errors
    /// A sentence for what is neither, for an address of another host, and for one that contradicts itself.
    pub fn read(typed: &str, urls: &Urls) -> Result<Self, String> {
        let typed = typed.trim();
        if let Ok(id) = typed.parse() {
            return Ok(Self { id, version: None, passage: None });
        }
        let path = own_path(typed, urls)?;
        let (path, fragment) = path.split_once('#').unwrap_or((path, ""));
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        let mut segments = path.strip_prefix("/releases/").ok_or_else(wanted)?.split('/');
        let stem = |segment: &str| segment.split('.').next().unwrap_or(segment).to_owned();
        let id = segments.next().map(stem).and_then(|id| id.parse().ok()).ok_or_else(wanted)?;
        let params = Params::read(query);
        let number = |names: [&str; 2]| names.into_iter().find_map(|name| read_number(params.first(name)).filter(|number| *number > 0));
        let version = match (segments.next(), segments.next()) {
            (Some("versions"), Some(file)) => Some(read_number(&stem(file)).ok_or_else(wanted)?),
            _ => number(["v", "version"]),
        };
        let passage = number(["p", "passage"]);
        let anchor = fragment.strip_prefix('p').and_then(read_number).filter(|number| *number > 0);
        let passage = agreed("passage", passage, anchor, "the address itself, behind its #")?.map(|number| number as usize);
        Ok(Self { id, version, passage })
    }

    /// What is asked for where `version` and `passage` are arguments beside it.
    ///
    /// # Errors
    /// A sentence where they contradict the address.
    pub fn with(self, version: Option<u32>, passage: Option<usize>) -> Result<Self, String> {
        Ok(Self {
            id: self.id,
            version: agreed("version", self.version, version, "the argument")?,
            passage: agreed("passage", self.passage, passage, "the argument")?,
        })
    }
}

/// What two say of one number, where either may be silent.
fn agreed<N: Copy + PartialEq + std::fmt::Display>(name: &str, one: Option<N>, other: Option<N>, who: &str) -> Result<Option<N>, String> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => {
            Err(format!("{name}: the address names {name} {one}, and {who} says {other}. Give one of the two."))
        }
        _ => Ok(other.or(one)),
    }
}

/// The path below this archive's base of an address.
fn own_path<'a>(typed: &'a str, urls: &Urls) -> Result<&'a str, String> {
    let base = urls.absolute(urls.prefix());
    let here = base.split_once("://").map_or(base.as_str(), |(_, here)| here);
    let host = here.split('/').next().unwrap_or(here);
    let starts = |text: &str, with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    let behind_host = if typed.starts_with('/') {
        typed
    } else {
        let has_scheme = ["https://", "http://"].into_iter().find(|scheme| starts(typed, scheme));
        let rest = has_scheme.and_then(|scheme| typed.get(scheme.len()..)).unwrap_or(typed);
        let (its, _) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if !its.eq_ignore_ascii_case(host) {
            // Words without a scheme that name no host are no address.
            let other = has_scheme.is_some() || (its.contains('.') && rest.len() > its.len());
            return Err(if other {
                format!(
                    "id: {its} is another place than this archive, whose addresses begin with {base}. The tool resolve finds a release by the \
                     address at which it was published."
                )
            } else {
                wanted()
            });
        }
        rest.get(its.len()..).unwrap_or("")
    };
    match behind_host.strip_prefix(urls.prefix()) {
        Some(path) if path.starts_with("/releases/") || path.starts_with("/api/v1/releases/") => Ok(path),
        // A path alone may leave out where the archive is reached.
        _ if typed.starts_with('/') => Ok(typed),
        _ => Err(wanted()),
    }
}

fn wanted() -> String {
    "id: the eight letters and digits in the address of a release are wanted, or that address. The tool search finds releases, resolve finds one \
     by its original address."
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_release_version_and_passage() {
        let urls = Urls::new("https://a.example/x", Vec::new()).expect("a base");
        let id: ReleaseId = "0a1b2c3d".parse().expect("an id");
        for (typed, version, passage) in [
            ("0a1b2c3d", None, None),
            (" 0A1B2C3D ", None, None),
            ("https://a.example/x/releases/0a1b2c3d/words#p3", None, Some(3)),
            ("http://A.example/x/releases/0a1b2c3d/words?v=1&p=3#p3", Some(1), Some(3)),
            ("a.example/x/releases/0a1b2c3d?q=a&v=2&p=3#cite", Some(2), Some(3)),
            ("https://a.example/x/releases/0a1b2c3d/versions/2.bib?p=4", Some(2), Some(4)),
            ("https://a.example/x/api/v1/releases/0a1b2c3d/cite?version=2&passage=4", Some(2), Some(4)),
            ("/x/releases/0a1b2c3d/versions/7", Some(7), None),
            ("/releases/0a1b2c3d.txt", None, None),
        ] {
            assert_eq!(Named::read(typed, &urls), Ok(Named { id, version, passage }), "{typed}");
        }
        for wrong in ["", "words", "https://a.example/releases/0a1b2c3d", "/topics/a", "https://a.example/x/releases/0a1b2c3d/versions/x"] {
            assert!(Named::read(wrong, &urls).is_err_and(|said| said.starts_with("id: the eight")), "{wrong}");
        }
        for other in
            ["https://b.example/x/releases/0a1b2c3d", "b.example/releases/0a1b2c3d", "https://www.nato.int/cps/en/natohq/news_1.htm"]
        {
            assert!(Named::read(other, &urls).is_err_and(|said| said.contains("is another place")), "{other}");
        }
        assert!(Named::read("/releases/0a1b2c3d?p=2#p3", &urls).is_err_and(|said| said.starts_with("passage: ")));
        let named = Named::read("/releases/0a1b2c3d/versions/1?p=2", &urls).expect("an address");
        assert_eq!(named.with(Some(1), None), Ok(named));
        assert!(named.with(Some(2), None).is_err_and(|said| said.starts_with("version: ")));
        assert!(named.with(None, Some(3)).is_err_and(|said| said.starts_with("passage: ")));
    }
}
