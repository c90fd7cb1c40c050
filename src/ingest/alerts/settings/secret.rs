//! Secrets, which need not stand in the file.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::table::{Source, Table};

type Ask = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Where variables are asked for by their names: given from outside.
#[derive(Clone)]
pub struct Environment(Arc<Ask>);

impl Environment {
    pub fn new(ask: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }

    fn get(&self, name: &str) -> Option<String> {
        (self.0)(name)
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment")
    }
}

/// Something that need not stand in the file.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    Given(String),
    File(PathBuf),
    Variable(String),
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("Secret"),
            Self::File(path) => write!(f, "Secret in {}", path.display()),
            Self::Variable(name) => write!(f, "Secret in {name}"),
        }
    }
}

impl Secret {
    /// It is looked up whenever it is needed, so that one that was replaced is used at once.
    ///
    /// # Errors
    /// Why there is none, as the end of a sentence.
    pub fn read(&self, environment: &Environment) -> Result<String, String> {
        let found = match self {
            Self::Given(secret) => secret.clone(),
            Self::File(path) => std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read ({error})", path.display()))?,
            Self::Variable(name) => environment.get(name).ok_or_else(|| format!("the environment has no variable {name}"))?,
        };
        let found = found.trim();
        if found.is_empty() { Err("it is empty".into()) } else { Ok(found.to_owned()) }
    }
}

/// Where secrets that do not stand in the file are found.
pub(super) struct Surroundings<'a> {
    pub folder: &'a Path,
    pub environment: &'a Environment,
}

/// A secret in one of three fields, with what it is now. Outside `None`: there is none; inside: it is wrong, and that was told.
pub(super) fn read_secret(
    table: &mut Table<'_>,
    fields: [&'static str; 3],
    source: &mut Source<'_>,
    surroundings: &Surroundings<'_>,
) -> Option<Option<(Secret, String)>> {
    let given: Vec<&'static str> = fields.into_iter().filter(|field| table.has(field)).collect();
    let found = fields.map(|field| table.text(source, field));
    let first = *given.first()?;
    if let [_, second, ..] = given.as_slice() {
        table.wrong(source, Some(second), format!("and `{first}` are both there; leave one of them out"));
        return Some(None);
    }
    let [inline, file, variable] = found;
    let inline = inline.map(|(secret, place)| (Secret::Given(secret), place));
    let file = file.map(|(path, place)| (Secret::File(surroundings.folder.join(path)), place));
    let variable = variable.map(|(name, place)| (Secret::Variable(name), place));
    let Some((secret, place)) = inline.or(file).or(variable) else { return Some(None) };
    match secret.read(surroundings.environment) {
        Ok(read) => Some(Some((secret, read))),
        Err(problem) => {
            source.wrong(Some(place), &table.label, Some(first), problem);
            Some(None)
        }
    }
}
