//! The owner's file: who is told of which search. Every mistake in it is a sentence, and stops nothing but the entry that it is in.

mod mail;
mod secret;
mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

use chrono::TimeDelta;
use toml::de::DeTable;

use super::sign;
use crate::fetch::mail::recipient;
use crate::fetch::webhook_address;
use crate::model::slug::slugify;
use mail::read_mail;
use secret::{Surroundings, read_secret};
use table::{Source, Table};

pub use mail::Mail;
pub use secret::{Environment, Secret};

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
    /// Whether there is a table of it, wrong or not.
    pub has_mail: bool,
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

    /// A digest of all that the file says of it, wherever it stands there.
    pub fn entry(&self) -> String {
        let Self { name, search, emails, webhook, changes, every, enabled, line: _, search_line: _ } = self;
        let webhook = webhook.as_ref().map(|Webhook { url, secret, allow_private }| {
            let given = if let Secret::Given(words) = secret { words } else { "" };
            (url, given, secret, allow_private)
        });
        digest(&format!("{:?}", (name, search, emails, webhook, changes, every, enabled)))
    }
}

/// As the store keeps an address that it need not know, and what an alert says.
pub fn digest(words: &str) -> String {
    blake3::hash(words.as_bytes()).to_hex().to_string()
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
    /// A file of which nothing can be read.
    pub fn unreadable(file: &Path, line: Option<usize>, problem: impl Into<String>) -> Self {
        let mistake = Mistake { file: file.display().to_string(), line, entry: None, field: None, problem: problem.into() };
        Self { mistakes: vec![mistake], ..Self::default() }
    }

    /// Reads the file's bytes. Files that it names are looked for beside it.
    pub fn read(file: &Path, bytes: &[u8], environment: &Environment) -> Self {
        // Editors that mean well mark UTF-8 so; it is no part of the text.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::read_text(file, text, environment),
            Err(error) => {
                let before = bytes.iter().take(error.valid_up_to());
                let line = 1 + before.filter(|&&byte| byte == b'\n').count();
                Self::unreadable(file, Some(line), "is not written in UTF-8. Save the file in that encoding")
            }
        }
    }

    fn read_text(file: &Path, text: &str, environment: &Environment) -> Self {
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

    /// Whether anything of an alert can be sent: not where it tells people alone, and how mail is sent is wrong.
    pub fn can_send(&self, alert: &Alert) -> bool {
        alert.webhook.is_some() || self.mail.is_some()
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
        self.has_mail = root.has("mail");
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
            if !alert.emails.is_empty() && !self.has_mail {
                let problem = "needs a table [mail], which says by which server mail is sent";
                source.wrong(Some(offset), &format!("alert “{}”", alert.name), Some("email"), problem);
            }
            if source.mistakes.len() == before {
                self.alerts.push(alert);
            }
        }
    }
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
    if !table.has("search") {
        table.wrong(source, Some("search"), "is missing; write the part of a search’s address behind the question mark");
    }
    let (search, search_offset) = table.any_text(source, "search").unwrap_or((String::new(), offset));
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
        match recipient(&typed) {
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
