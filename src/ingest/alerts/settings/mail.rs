//! The table `[mail]`: by which server mail is sent, and in whose name.

use super::secret::{Environment, Secret, Surroundings, read_secret};
use super::table::{Source, Table};
use crate::fetch::mail::{self, MailServer, Security};

/// The table `[mail]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub user: Option<(String, Secret)>,
    pub from: String,
}

pub(super) fn read_mail(mut table: Table<'_>, source: &mut Source<'_>, surroundings: &Surroundings<'_>) -> Option<Mail> {
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
    let is_host = host.as_ref().is_none_or(|(host, _)| is_host(host));
    if let Some((_, offset)) = host.as_ref().filter(|_| !is_host) {
        let problem = "must be the name or the address of a machine, and nothing else; its port is a field of its own, `port`";
        source.wrong(Some(*offset), &table.label, Some("host"), problem);
    }
    let host = host.map(|(host, _)| host).unwrap_or_default();
    if is_host && security == Security::None && !is_this_machine(&host) && !insecure {
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

/// Whether it is a host as addresses have one, and not a whole address or one with a port.
fn is_host(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok() || !host.contains([':', '/', '@', ' '])
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
