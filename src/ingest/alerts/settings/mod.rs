//! The owner's file: who is told of which search. Every mistake in it is a sentence, and stops nothing but the entry that it is in.

mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use toml::de::DeTable;

use super::sign;
use crate::fetch::mail::{self, MailServer, Security};
use crate::fetch::webhook_address;
use crate::model::slug::slugify;
use table::{Source, Table};

/// Asks for a variable of the surroundings by its name.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The longest name of an alert, in characters.
const MAX_NAME: usize = 100;

/// Alerts in one file, and addresses of one alert.
const MAX_ALERTS: usize = 1_000;
const MAX_EMAILS: usize = 100;

/// Between two messages of one alert where it does not say, and how long a message is tried.
const EVERY: TimeDelta = TimeDelta::hours(1);
const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(7);

/// What the file says.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `None` where there is none, or where it is wrong.
    pub mail: Option<Mail>,
    /// Those without a mistake, in the order of the file.
    pub alerts: Vec<Alert>,
    /// The names of all, those with a mistake too.
    pub names: Vec<String>,
    /// Whether every entry has a name that can be read: only then is it known that one is gone.
    pub is_whole: bool,
    /// Whether anything of it can be read.
    pub is_readable: bool,
    /// How long a message is tried before it is given up.
    pub give_up_after: TimeDelta,
    pub mistakes: Vec<Mistake>,
}

/// The table `[mail]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub user: Option<(String, Secret)>,
    pub from: String,
}

/// One table `[[alert]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    pub name: String,
    /// The parameters of a search's address, or the whole address.
    pub search: String,
    pub emails: Vec<String>,
    pub webhook: Option<Webhook>,
    /// Whether changed words and withdrawals are told too.
    pub changes: bool,
    /// The shortest time between two messages.
    pub every: TimeDelta,
    pub enabled: bool,
    /// Where it stands in the file, and where its search does; counted from 1.
    pub line: usize,
    pub search_line: usize,
}

impl Alert {
    /// The name as ids hold it: no two alerts of one file have the same.
    pub fn slug(&self) -> String {
        slugify(&self.name)
    }

    /// Every address that is told.
    pub fn targets(&self) -> Vec<String> {
        let emails = self.emails.iter().map(|email| format!("{MAILTO}{email}"));
        emails.chain(self.webhook.as_ref().map(|webhook| webhook.url.clone())).collect()
    }
}

/// What marks a target as an e-mail address (RFC 6068).
pub const MAILTO: &str = "mailto:";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub url: String,
    pub secret: Secret,
    /// Whether it may be a machine that only this one can reach.
    pub allow_private: bool,
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
            Self::Variable(name) => environment(name).ok_or_else(|| format!("the environment has no variable {name}"))?,
        };
        let found = found.trim();
        if found.is_empty() { Err("it is empty".into()) } else { Ok(found.to_owned()) }
    }
}

/// Something wrong in the file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Mistake {
    pub file: String,
    /// Counted from 1.
    pub line: Option<usize>,
    /// The table that it is in.
    pub entry: Option<String>,
    pub field: Option<String>,
    /// The end of a sentence, without its full stop.
    pub problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(entry) = &self.entry {
            write!(f, ", {entry}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ", field `{field}`")?;
        }
        write!(f, ": {}.", self.problem)
    }
}

impl Settings {
    /// Reads the file's text. Files that it names are looked for beside it.
    pub fn read(file: &Path, text: &str, environment: &Environment) -> Self {
        let shown = file.display().to_string();
        let mut source = Source { file: &shown, text, mistakes: Vec::new() };
        let mut settings = Self { give_up_after: GIVE_UP_AFTER, is_whole: true, is_readable: true, ..Self::default() };
        match DeTable::parse(text) {
            Err(error) => {
                (settings.is_whole, settings.is_readable) = (false, false);
                source.wrong(error.span().map(|span| span.start), "", None, error.message().trim_end_matches('.'));
            }
            Ok(root) => {
                let folder = file.parent().unwrap_or(Path::new(""));
                let surroundings = Surroundings { folder, environment };
                settings.fill(Table::new("", 0, root.into_inner()), &mut source, &surroundings);
            }
        }
        settings.mistakes = source.mistakes;
        settings
    }

    /// Takes out alerts whose search cannot be read; `problem` says why, as the end of a sentence.
    pub fn check_searches(&mut self, file: &Path, problem: impl Fn(&str) -> Option<String>) {
        let mut mistakes = Vec::new();
        self.alerts.retain(|alert| {
            let Some(problem) = problem(&alert.search) else { return true };
            mistakes.push(Mistake {
                file: file.display().to_string(),
                line: Some(alert.search_line),
                entry: Some(format!("alert “{}”", alert.name)),
                field: Some("search".into()),
                problem,
            });
            false
        });
        self.mistakes.append(&mut mistakes);
    }

    fn fill(&mut self, mut root: Table<'_>, source: &mut Source<'_>, surroundings: &Surroundings<'_>) {
        if let Some((typed, offset)) = root.text(source, "give_up_after") {
            match duration(&typed) {
                Ok(wait) if wait > TimeDelta::zero() => self.give_up_after = wait,
                _ => source.wrong(Some(offset), "", Some("give_up_after"), DURATIONS),
            }
        }
        let has_mail = root.has("mail");
        self.mail = root.table(source, "mail").and_then(|table| read_mail(table, source, surroundings));
        let alerts = root.tables(source, "alert");
        root.nothing_else(source);
        if alerts.len() > MAX_ALERTS {
            source.wrong(None, "", None, format!("there are more than {MAX_ALERTS} alerts; the first {MAX_ALERTS} are used"));
        }
        let mut slugs: Vec<(String, String)> = Vec::new();
        for (place, mut table) in alerts.into_iter().enumerate() {
            let Some((name, offset)) = read_name(&mut table, source) else {
                self.is_whole = false;
                continue;
            };
            self.names.push(name.clone());
            if place >= MAX_ALERTS {
                continue;
            }
            table.label = format!("alert “{name}”");
            let slug = slugify(&name);
            if let Some((_, other)) = slugs.iter().find(|(known, _)| *known == slug) {
                table.wrong(source, Some("name"), format!("is too much like that of “{other}”; each alert needs a name of its own"));
                continue;
            }
            slugs.push((slug, name.clone()));
            let before = source.mistakes.len();
            let alert = read_alert(table, name, offset, source, surroundings);
            if !alert.emails.is_empty() && !has_mail {
                let problem = "needs a table [mail], which says by which server mail is sent";
                source.wrong(Some(offset), &format!("alert “{}”", alert.name), Some("email"), problem);
            }
            if source.mistakes.len() == before {
                self.alerts.push(alert);
            }
        }
    }
}

/// Where secrets that do not stand in the file are found.
struct Surroundings<'a> {
    folder: &'a Path,
    environment: &'a Environment,
}

fn read_name(table: &mut Table<'_>, source: &mut Source<'_>) -> Option<(String, usize)> {
    if !table.has("name") {
        table.wrong(source, Some("name"), "is missing");
        return None;
    }
    let (name, offset) = table.text(source, "name")?;
    let wrong = if name.chars().count() > MAX_NAME {
        format!("is longer than {MAX_NAME} characters")
    } else if name.chars().any(|c| c.is_control()) {
        "holds a line break or another control character".to_owned()
    } else if slugify(&name).is_empty() {
        "needs at least one letter or digit that ASCII can write: ids of messages are made from it".to_owned()
    } else {
        return Some((name, offset));
    };
    source.wrong(Some(offset), &table.label, Some("name"), wrong);
    None
}

fn read_alert(mut table: Table<'_>, name: String, offset: usize, source: &mut Source<'_>, surroundings: &Surroundings<'_>) -> Alert {
    let search = table.any_text(source, "search");
    if search.is_none() && !table.has("search") {
        table.wrong(source, Some("search"), "is missing; write the part of a search’s address behind the question mark");
    }
    let (search, search_offset) = search.unwrap_or((String::new(), offset));
    let emails = read_emails(&mut table, source);
    let allow_private = table.flag(source, "allow_private", false);
    let webhook = read_webhook(&mut table, allow_private, source, surroundings);
    if emails.is_empty() && webhook.is_none() && source.mistakes.iter().all(|mistake| mistake.entry.as_ref() != Some(&table.label)) {
        table.wrong(source, None, "tells nobody; give it email = [\"…\"] or webhook = \"https://…\"");
    }
    let changes = table.flag(source, "changes", false);
    let enabled = table.flag(source, "enabled", true);
    let every = table.text(source, "at_most_every").and_then(|(typed, place)| {
        duration(&typed).map_err(|problem| source.wrong(Some(place), &table.label, Some("at_most_every"), problem)).ok()
    });
    table.nothing_else(source);
    let (line, search_line) = (source.line(offset), source.line(search_offset));
    Alert { name, search, emails, webhook, changes, every: every.unwrap_or(EVERY), enabled, line, search_line }
}

fn read_emails(table: &mut Table<'_>, source: &mut Source<'_>) -> Vec<String> {
    let mut emails: Vec<String> = Vec::new();
    for (typed, offset) in table.texts(source, "email") {
        match mail::recipient(&typed) {
            Ok(email) if emails.contains(&email) => source.wrong(Some(offset), &table.label, Some("email"), format!("has {email} twice")),
            Ok(email) => emails.push(email),
            Err(problem) => source.wrong(Some(offset), &table.label, Some("email"), problem),
        }
    }
    if emails.len() > MAX_EMAILS {
        table.wrong(source, Some("email"), format!("has more than {MAX_EMAILS} addresses; use a mailing list"));
    }
    emails
}

fn read_webhook(table: &mut Table<'_>, allow_private: bool, source: &mut Source<'_>, surroundings: &Surroundings<'_>) -> Option<Webhook> {
    let secret = read_secret(table, ["secret", "secret_file", "secret_env"], source, surroundings);
    let (typed, offset) = table.text(source, "webhook")?;
    let url = match webhook_address(&typed, allow_private) {
        Ok(url) => url,
        Err(problem) => {
            source.wrong(Some(offset), &table.label, Some("webhook"), problem);
            return None;
        }
    };
    match secret {
        None => {
            let problem = "is missing: what is sent is signed with it. Make one with: echo whsec_$(openssl rand -base64 32)";
            table.wrong(source, Some("secret"), problem);
            None
        }
        // What cannot be read is told already.
        Some(None) => None,
        Some(Some((secret, read))) => match sign::key(&read) {
            Ok(_) => Some(Webhook { url, secret, allow_private }),
            Err(problem) => {
                table.wrong(source, Some("secret"), problem);
                None
            }
        },
    }
}

/// A secret in one of three fields, with what it is now. Outside `None`: there is none; inside: it is wrong, and that was told.
fn read_secret(
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

fn read_mail(mut table: Table<'_>, source: &mut Source<'_>, surroundings: &Surroundings<'_>) -> Option<Mail> {
    let before = source.mistakes.len();
    let missing = |table: &Table<'_>, source: &mut Source<'_>, field: &str| table.wrong(source, Some(field), "is missing");
    for field in ["host", "from"] {
        if !table.has(field) {
            missing(&table, source, field);
        }
    }
    let host = table.text(source, "host");
    let from = table.text(source, "from");
    if let Some((from, offset)) = &from
        && let Err(problem) = mail::sender(from)
    {
        source.wrong(Some(*offset), &table.label, Some("from"), problem);
    }
    let insecure = table.flag(source, "insecure", false);
    let security = match table.text(source, "tls") {
        None => Security::StartTls,
        Some((typed, offset)) => match typed.as_str() {
            "starttls" => Security::StartTls,
            "tls" => Security::Tls,
            "none" => Security::None,
            _ => {
                source.wrong(Some(offset), &table.label, Some("tls"), "must be “starttls”, “tls” or “none”");
                Security::StartTls
            }
        },
    };
    let host = host.map(|(host, _)| host).unwrap_or_default();
    if security == Security::None && !is_this_machine(&host) && !insecure {
        let problem = "is “none”, so that anybody on the way could read what is sent, the password too. Use “starttls” or “tls”; if that is really meant, \
                       add insecure = true";
        table.wrong(source, Some("tls"), problem);
    }
    let port = table.port(source, "port").unwrap_or(security.port());
    let user = table.text(source, "user").map(|(user, _)| user);
    let password = read_secret(&mut table, ["password", "password_file", "password_env"], source, surroundings);
    let user = match (user, password) {
        (Some(user), Some(Some((password, _)))) => Some((user, password)),
        (Some(_), None) => {
            missing(&table, source, "password");
            None
        }
        (None, Some(_)) => {
            missing(&table, source, "user");
            None
        }
        _ => None,
    };
    table.nothing_else(source);
    let from = from.map(|(from, _)| from).unwrap_or_default();
    (source.mistakes.len() == before).then_some(Mail { host, port, security, user, from })
}

/// Whether what is sent to a host never leaves this machine.
fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Mail {
    /// With the password as it is now.
    ///
    /// # Errors
    /// Why there is no password, as the end of a sentence.
    pub fn server(&self, environment: &Environment) -> Result<MailServer, String> {
        let login = self.user.as_ref().map(|(user, password)| Ok::<_, String>((user.clone(), password.read(environment)?))).transpose()?;
        Ok(MailServer { host: self.host.clone(), port: self.port, security: self.security, login, from: self.from.clone() })
    }
}

const DURATIONS: &str = "must be a time such as “30m”, “1h” or “2d”, at most a year";

/// `45s`, `30m`, `12h`, `7d`.
fn duration(typed: &str) -> Result<TimeDelta, String> {
    let wrong = || DURATIONS.to_owned();
    let (number, unit) = typed.split_at_checked(typed.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err(wrong()),
    };
    let number = number.trim_end().parse::<u32>().map_err(|_| wrong())?;
    let wait = i64::from(number) * seconds;
    if wait > 366 * 24 * 60 * 60 { Err(wrong()) } else { Ok(TimeDelta::seconds(wait)) }
}
