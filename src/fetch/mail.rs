//! Messages to people, handed to a mail server (SMTP, RFC 5321) one by one.

use std::error::Error as _;
use std::time::Duration;

use chrono::{DateTime, Utc};
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Code;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::{CERTIFICATES, distrusts, plain};
use super::{Trouble, Undelivered};

/// The longest time for a connection, and for one message from there to the server's word that it has it. RFC 5321, section 4.5.3.2,
/// lets a server take longer for some steps; one that does is asked again later.
const CONNECT: Duration = Duration::from_secs(20);
const PATIENCE: Duration = Duration::from_secs(120);

/// How what is sent is kept from being read on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// The connection begins in the open and is then encrypted (RFC 3207). A server that cannot do that is told nothing more.
    StartTls,
    /// Encrypted from the beginning (RFC 8314).
    Tls,
    /// Not at all.
    None,
}

impl Security {
    /// The port that is used where none is named (RFC 6409, RFC 8314, RFC 5321).
    pub const fn port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

/// Where mail is handed over, and in whose name.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Name and password.
    pub login: Option<(String, String)>,
    /// `nato-archive@example.org`, or `The archive <nato-archive@example.org>`.
    pub from: String,
}

/// A message to one person. Its words may hold anything: none of them becomes a header or a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// `<alert.batch@archive>` (RFC 5322, section 3.6.4): the same whenever it is sent again.
    pub message_id: String,
    /// `<name.archive.example.org>` (RFC 2919).
    pub list_id: String,
    /// What whoever wants no more of these writes to the sender: the subject of a message (RFC 2369, section 3.2).
    pub unsubscribe: String,
    /// When what it tells of was found.
    pub date: DateTime<Utc>,
}

macro_rules! header {
    ($($name:ident $written:literal)*) => {$(
        #[derive(Clone)]
        struct $name(String);

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($written)
            }

            fn parse(words: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(words.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    )*};
}

header! { ListId "List-Id" ListUnsubscribe "List-Unsubscribe" AutoSubmitted "Auto-Submitted" }

/// The form in which a recipient's address is kept.
///
/// # Errors
/// What is wrong with it, as the end of a sentence.
pub fn recipient(address: &str) -> Result<String, String> {
    let address = address.trim();
    address
        .parse::<Address>()
        .map(|address| address.to_string())
        .map_err(|error| format!("“{}” is no e-mail address ({error})", plain(address)))
}

/// Checks a sender, with or without a name.
///
/// # Errors
/// What is wrong with it, as the end of a sentence.
pub fn sender(from: &str) -> Result<(), String> {
    mailbox(from).map(drop)
}

fn mailbox(from: &str) -> Result<Mailbox, String> {
    from.parse().map_err(|error| format!("“{}” is no sender such as Archive <archive@example.org> ({error})", plain(from)))
}

/// Hands a message over; once this returns, the server has taken it.
///
/// # Errors
/// Everything that can go wrong on the way; see [`Trouble`] for what it means. Where the connection ends before the server has answered, it
/// may have taken the message all the same: it is then sent again under the same id.
pub async fn send(server: &MailServer, letter: &Letter, to: &str) -> Result<(), Undelivered> {
    let message =
        message(server, letter, to).map_err(|reason| Undelivered::new(Trouble::Never, format!("No message can be made: {reason}.")))?;
    let transport = transport(server)?;
    match tokio::time::timeout(PATIENCE, transport.send(message)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(judged(server, &error)),
        Err(_) => {
            let reason = format!(
                "{}, port {}, did not answer within {} s. Check host, port and tls (465 wants tls = \"tls\", 587 and 25 do not), and whether it is well.",
                server.host,
                server.port,
                PATIENCE.as_secs()
            );
            Err(Undelivered::new(Trouble::Unreached, reason))
        }
    }
}

fn message(server: &MailServer, letter: &Letter, to: &str) -> Result<Message, String> {
    let to: Address = to.parse().map_err(|error| format!("“{}” is no e-mail address ({error})", plain(to)))?;
    let from = mailbox(&server.from)?;
    let id = message_id(&one_line(&letter.message_id), from.email.domain());
    let unsubscribe = unsubscribe(from.email.as_ref(), &letter.unsubscribe);
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(one_line(&letter.subject))
        .date(letter.date.into())
        .message_id(Some(id))
        .header(ListId(one_line(&letter.list_id)))
        .header(ListUnsubscribe(unsubscribe))
        // RFC 3834, section 5: no machine is to answer.
        .header(AutoSubmitted("auto-generated".into()))
        .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
        .map_err(|error| error.to_string())
}

/// RFC 5322, section 3.6.4, asks for a domain on the right, and filters look for one: where there is no dot in it, it becomes the sender's.
fn message_id(id: &str, domain: &str) -> String {
    match id.trim_end_matches('>').rsplit_once('@') {
        Some((left, right)) if !right.contains('.') && domain.is_ascii() => format!("{left}.{right}@{domain}>"),
        _ => id.to_owned(),
    }
}

/// An address of mail that asks the sender to stop (RFC 6068): whatever could end it or begin something else is escaped.
fn unsubscribe(from: &str, subject: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'+');
    format!("<mailto:{}?subject={}>", utf8_percent_encode(from, KEPT), utf8_percent_encode(subject, NON_ALPHANUMERIC))
}

/// Words as a header may hold them: on one line, whatever a title holds.
fn one_line(words: &str) -> String {
    words.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

fn transport(server: &MailServer) -> Result<AsyncSmtpTransport<Tokio1Executor>, Undelivered> {
    // An error only says that it was installed before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let parameters = || {
        TlsParameters::new(server.host.clone()).map_err(|error| {
            let reason = format!(
                "No encrypted connection can be set up ({}). Check the host and the system’s certificates.",
                plain(&error.to_string())
            );
            Undelivered::new(Trouble::Unreached, reason)
        })
    };
    let tls = match server.security {
        Security::StartTls => Tls::Required(parameters()?),
        Security::Tls => Tls::Wrapper(parameters()?),
        Security::None => Tls::None,
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host).port(server.port).tls(tls).timeout(Some(CONNECT));
    // RFC 5321, section 4.1.4: a name that may be looked up; the sender's own is the only one that is known here.
    let name = mailbox(&server.from).map(|from| ClientId::Domain(from.email.domain().to_owned())).unwrap_or_default();
    let builder = builder.hello_name(name);
    let login = server.login.clone().map(|(user, password)| Credentials::new(user, password));
    Ok(login.into_iter().fold(builder, |builder, login| builder.credentials(login)).build())
}

/// What a code means, and what stands behind it: the enhanced status code, where there is one, says whose fault it is (RFC 3463, section 3).
fn meaning(code: u16, words: &str) -> Trouble {
    match (code, enhanced(words)) {
        // RFC 5321, section 3.8: the server is about to close.
        (421, _) => Trouble::Later(None),
        // The login, or the encryption before it, is wrong (RFC 4954, section 6): no other message fares better.
        (530 | 534 | 535 | 538, _) => Trouble::Unreached,
        // Most of them are about one mailbox, full or greylisted.
        (400..=499, _) => Trouble::Deferred,
        // X.1.7 and X.1.8 are about the sender's address; the others of X.1 about the recipient's.
        (500..=599, Some((5, 1, detail))) if !matches!(detail, 7 | 8) => Trouble::Never,
        // RFC 5321, section 4.2.3: the mailbox is not there, or its name cannot be.
        (550 | 551 | 553, None) => Trouble::Never,
        // The server, a policy, or this message: somebody may be at work on it.
        _ => Trouble::Refused,
    }
}

/// The enhanced status code at the beginning of an answer (RFC 2034, section 4).
fn enhanced(words: &str) -> Option<(u16, u16, u16)> {
    let mut numbers = words.split_whitespace().next()?.splitn(3, '.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??, numbers.next()??))
}

/// What a server's answer is to whoever reads of it (RFC 5321, section 4.2).
fn judged(server: &MailServer, error: &lettre::transport::smtp::Error) -> Undelivered {
    let said = plain(&error.to_string());
    let host = &server.host;
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    let answer = error.status().map(|code: Code| (u16::from(code), meaning(u16::from(code), &words)));
    let (trouble, reason) = match answer {
        Some((_, trouble @ Trouble::Unreached)) => {
            (trouble, format!("{host} does not let the archive in ({said}). Check user and password in [mail]."))
        }
        Some((_, trouble @ Trouble::Later(_))) => (trouble, format!("{host} asks to come later ({said}).")),
        Some((_, Trouble::Deferred)) => (Trouble::Deferred, format!("{host} does not take it now ({said}).")),
        Some((_, Trouble::Never)) => (Trouble::Never, format!("{host} does not take it for this address ({said}). Check the address.")),
        Some((_, trouble)) => (trouble, format!("{host} does not take it ({said}). Check [mail] and the address.")),
        None if distrusts(error) => (Trouble::Unreached, format!("The certificate of {host} is not trusted ({said}). {CERTIFICATES}.")),
        None if error.is_client() || error.is_tls() => {
            (Trouble::Unreached, format!("{host} cannot be used as [mail] says ({said}). Check host, port and tls."))
        }
        None => (
            Trouble::Unreached,
            format!("{host}, port {}, does not answer as a mail server does ({said}). Check host and port.", server.port),
        ),
    };
    Undelivered::new(trouble, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> MailServer {
        let from = "The archive <archive@example.org>".into();
        MailServer { host: "127.0.0.1".into(), port: 25, security: Security::None, login: None, from }
    }

    fn letter(subject: &str) -> Letter {
        Letter {
            subject: subject.into(),
            text: "One\r\n.\r\nTwo\r\nRCPT TO:<x@example.org>".into(),
            html: "<p>One</p>".into(),
            message_id: "<a.b@c>".into(),
            list_id: "<a.c.localhost>".into(),
            unsubscribe: "unsubscribe a".into(),
            date: "2026-11-22T12:00:00Z".parse().expect("a time"),
        }
    }

    fn head(subject: &str) -> String {
        let made = message(&server(), &letter(subject), "reader@example.org").expect("a message").formatted();
        let made = String::from_utf8(made).expect("ASCII");
        made.split("\r\n\r\n").next().expect("a head").to_owned()
    }

    #[test]
    fn no_words_become_headers() {
        let long = "Stratégie ".repeat(40);
        for subject in
            ["a\r\nBcc: x@example.org", "a\nBcc: x@example.org", "a\rBcc: x", "a\u{85}Bcc: x", "a\u{2028}Bcc: x", "a\0b", &long, "Київ"]
        {
            let head = head(subject);
            let names: Vec<&str> =
                head.lines().filter(|line| !line.starts_with([' ', '\t'])).filter_map(|line| Some(line.split_once(':')?.0)).collect();
            let wanted = [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "List-Id",
                "List-Unsubscribe",
                "Auto-Submitted",
                "MIME-Version",
                "Content-Type",
            ];
            assert_eq!(names, wanted, "{subject:?}: {head}");
            assert!(head.lines().all(|line| line.len() <= 998 && line.is_ascii() && !line.contains('\r')), "{head}");
        }
        assert!(head("x").contains("Date: Sun, 22 Nov 2026 12:00:00"), "{}", head("x"));
    }

    #[test]
    fn an_id_ends_in_a_domain() {
        assert!(head("x").contains("Message-ID: <a.b.c@example.org>"), "{}", head("x"));
        for (id, domain, made) in [
            ("<a.b@archive.example>", "example.org", "<a.b@archive.example>"),
            ("<a.b@c>", "localhost", "<a.b.c@localhost>"),
            ("<a.b@c>", "[127.0.0.1]", "<a.b.c@[127.0.0.1]>"),
            ("<a.b@c>", "bücher.example", "<a.b@c>"),
        ] {
            assert_eq!(message_id(id, domain), made, "{id} {domain}");
        }
    }

    #[test]
    fn a_button_writes_to_the_sender() {
        for (from, subject, address) in [
            ("a@example.org", "unsubscribe ships", "<mailto:a@example.org?subject=unsubscribe%20ships>"),
            ("a+b?c>@example.org", "x&y=\"z\"", "<mailto:a+b%3Fc%3E@example.org?subject=x%26y%3D%22z%22>"),
        ] {
            assert_eq!(unsubscribe(from, subject), address);
        }
    }

    #[test]
    fn an_address_is_given_up_only_where_it_is_at_fault() {
        use Trouble::{Deferred, Later, Never, Refused, Unreached};
        for (code, words, trouble) in [
            (550, "5.1.1 No such user", Never),
            (550, "5.1.1", Never),
            (554, "5.1.2 Bad destination system", Never),
            (550, "No such user", Never),
            (551, "User not local", Never),
            (553, "Mailbox name not allowed", Never),
            (550, "5.7.1 Sender not authorised", Refused),
            (550, "5.7.26 SPF and DKIM failed", Refused),
            (553, "5.1.8 Sender domain does not exist", Refused),
            (553, "5.1.7 Bad sender", Refused),
            (550, "5.2.2 Mailbox full", Refused),
            (552, "5.3.4 Too big", Refused),
            (554, "5.5.1 Error", Refused),
            (550, "5.5.0", Refused),
            (552, "Too much", Refused),
            (554, "It looks like spam", Refused),
            (554, "", Refused),
            (556, "No mail here", Refused),
            (503, "5.5.1 Out of order", Refused),
            (535, "5.7.8 Bad password", Unreached),
            (530, "5.7.0 Log in first", Unreached),
            (421, "4.3.2 Busy", Later(None)),
            (450, "4.2.1 Busy", Deferred),
            (451, "5.1.1 Nonsense", Deferred),
        ] {
            assert_eq!(meaning(code, words), trouble, "{code} {words}");
        }
    }

    #[test]
    fn addresses_are_checked() {
        assert_eq!(recipient(" a@example.org "), Ok("a@example.org".into()));
        for wrong in ["", "a", "a@", "a@b@c", "a b@example.org", "a@example.org\r\nBcc: b@example.org", "a@example.org>"] {
            assert!(recipient(wrong).is_err(), "{wrong:?}");
        }
        assert!(sender("Archive <a@example.org>").is_ok() && sender("a@example.org").is_ok());
        assert!(sender("Archive a@example.org").is_err());
    }
}
