//! A page as the one release that it is.

use scraper::{ElementRef, Html};

use super::head::Head;
use super::layout::{self, Laid};
use super::measure::Measures;
use super::tidy;
use super::walk::{self, Item, Piece};
use crate::import::article_text::{LISTING_DATES, LISTING_SHARE, is_bare_date};
use crate::import::marks::MAX_TITLE;
use crate::import::{fields, sha256_hex};
use crate::model::release::{fold_spaces, fold_text};
use crate::model::{Given, ParsedRelease, Sidecar, Span};

/// How far down a page its own account and its header lines stand, in pieces.
const HEAD: usize = 40;

/// Lines that only mean something on the page that they stand on, in folded words.
#[rustfmt::skip]
const CONTROLS: &[&str] = &[
    "share", "share this", "share this page", "share on", "share via", "tweet", "facebook", "twitter", "linkedin", "whatsapp", "email", "e mail",
    "email this page", "print", "print this page", "print page", "copy link", "back to top", "top", "top of page", "skip to main content",
    "skip to content", "skip navigation", "menu", "search", "close", "partager", "partager cette page", "imprimer", "envoyer par courriel",
    "retour en haut", "retour en haut de page", "haut de page", "aller au contenu", "aller au contenu principal", "fermer", "rechercher",
    "accept all cookies", "accept cookies", "tout accepter", "related content", "read more", "listen", "ecouter", "previous", "next",
];

/// Reads a page.
///
/// # Errors
/// Why it is no release, without a full stop at the end.
pub(in crate::import) fn read(source: &str, whole: Span, sidecar: &Sidecar) -> Result<ParsedRelease, String> {
    let tidied = tidy::tidy(source);
    let tree = Html::parse_document(&tidied.markup);
    let head = Head::of(&tree, &tidied.data, sidecar.url.as_deref());
    let measures = Measures::of(&tree);
    let (content, stated) = measures.content();
    let mut pieces = walk::pieces(&measures, content, stated);
    drop_account(&mut pieces);
    drop_controls(&mut pieces);
    let title = title(&tree, &head, content, &mut pieces).ok_or("the page has no title and no heading that could be one")?;
    set_header(&mut pieces);
    refuse_list(&pieces)?;
    if pieces.is_empty() {
        return Err(format!("the page holds no text below its title “{}”", crate::import::error::shown(&title)));
    }
    let printed = prints_date(&pieces);
    let Laid { text, title, body, blocks } = layout::lay(&title, pieces);
    let given = Given {
        // What is printed is what was published then; a stamp in the head may be that of a move to another site.
        published_on: head.published.clone().filter(|_| !printed),
        lang: head.language(sidecar.url.as_deref()),
        url: head.url.clone().and_then(|url| fields::address(&url).ok()),
        ..Given::default()
    };
    let sha256 = sha256_hex(text.as_bytes());
    Ok(ParsedRelease { position: 0, at: whole, text, sha256, title, source_line: None, source: None, stamp: None, body, blocks, given })
}

/// The words of a piece that stands alone on the page.
fn words(piece: &Piece) -> &str {
    match piece {
        Piece::Paragraph(words) | Piece::Quotation(words) | Piece::Caption(words) | Piece::Heading(_, words) => words,
        Piece::List(items) => items.first().filter(|_| items.len() == 1).and_then(|item| item.lines.first()).map_or("", String::as_str),
        Piece::Table(_) => "",
    }
}

/// Short words, folded; longer ones are not looked at.
fn folded(words: &str) -> String {
    if words.len() > 200 { String::new() } else { fold_text(words).collect() }
}

/// The account of the new site's readers, from its name to the words about the button that leads back.
fn drop_account(pieces: &mut Vec<Piece>) {
    let lines: Vec<String> = pieces.iter().take(HEAD).map(|piece| folded(words(piece))).collect();
    let Some(start) = lines.iter().position(|line| line.starts_with("nato multimedia account") || line.starts_with("compte multimedia"))
    else {
        return;
    };
    let last = |line: &String| line.starts_with("click the button to return") || line.starts_with("cliquez sur le bouton pour re");
    if let Some(end) = lines.iter().rposition(last).filter(|end| *end >= start) {
        pieces.drain(start..=end);
    }
}

fn drop_controls(pieces: &mut Vec<Piece>) {
    for piece in pieces.iter_mut() {
        if let Piece::List(items) = piece {
            items.retain(|item| !matches!(item.lines.as_slice(), [line] if is_control(line)));
        }
    }
    pieces.retain(|piece| match piece {
        Piece::List(items) => !items.is_empty(),
        Piece::Table(_) => true,
        other => !is_control(words(other)) && words(other).chars().any(char::is_alphanumeric),
    });
}

/// `Share this`, `2 MIN READ`.
fn is_control(line: &str) -> bool {
    let line = folded(line);
    let minutes = line.trim_start_matches(|c: char| c.is_ascii_digit());
    CONTROLS.contains(&line.as_str())
        || minutes.len() < line.len() && matches!(minutes.trim(), "min read" | "minute read" | "min de lecture" | "minutes de lecture")
}

/// The title, best first: the page's one main heading, the title given to those who share the page, the window's title without the
/// site's name, the first heading of the content. Where it stands in the content too, it is taken from there.
fn title(tree: &Html, head: &Head, content: ElementRef<'_>, pieces: &mut Vec<Piece>) -> Option<String> {
    let main = |element: ElementRef<'_>| {
        element
            .descendent_elements()
            .filter(|inner| inner.value().name() == "h1" && !super::classes::is_furniture(inner.value()))
            .map(|inner| fold_spaces(&inner.text().collect::<String>()))
            .find(|words| is_title(words))
    };
    let heading = |pieces: &[Piece]| {
        pieces.iter().take(HEAD).find_map(|piece| match piece {
            Piece::Heading(_, words) if is_title(words) => Some(fold_spaces(words)),
            _ => None,
        })
    };
    let window = head.title.as_deref().map(|title| without_site(title, head.site.as_deref())).filter(|title| is_title(title));
    let shared = head.shared_title.as_deref().map(|title| without_site(title, head.site.as_deref())).filter(|title| is_title(title));
    let named = |title: &String| !is_serial(title);
    let title = main(content)
        .or_else(|| main(tree.root_element()))
        .or_else(|| shared.clone().filter(named))
        .or_else(|| window.clone().filter(named))
        .or_else(|| heading(pieces))
        .or(shared)
        .or(window)?;
    let same = folded(&title);
    let place = pieces.iter().take(HEAD).position(|piece| !same.is_empty() && folded(words(piece)) == same);
    if let Some(place) = place {
        pieces.remove(place);
    }
    Some(title)
}

fn is_title(words: &str) -> bool {
    words.chars().any(char::is_alphanumeric) && words.chars().nth(MAX_TITLE).is_none()
}

/// A number of a series, as old pages have it in place of a title: `NATO Press Release (2004)096 - 28 June 2004`; or the site's bare name.
fn is_serial(title: &str) -> bool {
    let folded = folded(title);
    let opens = ["nato press release", "press release", "communique de presse", "otan communique de presse"]
        .iter()
        .any(|start| folded.starts_with(start));
    opens && folded.chars().any(|c| c.is_ascii_digit())
        || matches!(folded.as_str(), "nato" | "otan" | "untitled document" | "untitled" | "sans titre" | "home")
}

/// A window's title without the names of site and section around it: `NATO - News: Allies meet, 07-Dec.-2011`, `Allies meet | Ministry`.
fn without_site(title: &str, site: Option<&str>) -> String {
    let mut title = fold_spaces(title);
    for house in ["NATO - ", "OTAN - ", "NATO | ", "OTAN | "] {
        if let Some((section, rest)) = title.strip_prefix(house).and_then(|rest| rest.split_once(": "))
            && section.split(' ').count() <= 3
        {
            let (rest, day) = rest.rsplit_once(", ").unwrap_or((rest, ""));
            let dated = day.contains('-') && day.chars().any(|c| c.is_ascii_digit()) && !day.contains(' ');
            title = if dated || day.is_empty() { rest.to_owned() } else { format!("{rest}, {day}") };
        }
    }
    for sign in [" | ", " - ", " – ", " — ", " :: ", " « ", " · "] {
        let Some((rest, last)) = title.rsplit_once(sign) else { continue };
        let is_site = site.is_some_and(|site| folded(site) == folded(last)) || matches!(folded(last).as_str(), "nato" | "otan");
        // A bar parts nothing but titles from sites; a dash may stand in a title.
        let barred = sign == " | " && last.split(' ').count() <= 6 && rest.split(' ').count() > 1;
        if (is_site || barred) && is_title(rest) {
            title = rest.to_owned();
        }
    }
    title
}

/// Header lines that a page sets as a list (`07 Dec. 2011 - | Press Release (2011) 145 | Issued on …`) become lines of a paragraph.
fn set_header(pieces: &mut [Piece]) {
    for piece in pieces.iter_mut().take(HEAD) {
        match piece {
            Piece::List(items) if is_header(items) => {
                let bare =
                    |line: &str| line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '|' | '•' | '-' | '–' | '—')).to_owned();
                let lines: Vec<String> =
                    items.iter().flat_map(|item| &item.lines).map(|line| bare(line)).filter(|line| !line.is_empty()).collect();
                *piece = Piece::Paragraph(lines.join("\n"));
            }
            Piece::Paragraph(words) if words.chars().count() > LONG => return,
            _ => {}
        }
    }
}

/// A paragraph from so many characters on is no header line.
const LONG: usize = 120;

/// Whether all items are short and one of them is a day, a number of a series or says when the text was issued.
fn is_header(items: &[Item]) -> bool {
    let mut lines = items.iter().flat_map(|item| &item.lines);
    let short = lines.clone().all(|line| line.chars().count() < LONG / 2);
    short
        && items.len() <= 12
        && lines.any(|line| {
            let bare = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '|' | '-' | '–' | '—'));
            is_bare_date(bare) || states_date(bare) || is_serial(bare)
        })
}

/// `Issued on …`, `Diffusé le …`, `Last updated: …`.
fn states_date(line: &str) -> bool {
    let line = folded(line);
    let says = [
        "issued on ",
        "diffuse le ",
        "publie le ",
        "published on ",
        "posted on ",
        "released on ",
        "last updated ",
        "mis a jour ",
        "mise a jour le ",
    ];
    says.iter().any(|words| line.starts_with(words)) && line.chars().any(|c| c.is_ascii_digit())
}

/// Whether the head of the text prints a day of its own: alone on a line below nothing but labels, or after "Issued on".
fn prints_date(pieces: &[Piece]) -> bool {
    let mut labels = true;
    let head = pieces.iter().take(HEAD).take_while(|piece| words(piece).chars().count() <= LONG * 2);
    for line in head.flat_map(|piece| words(piece).split('\n')) {
        let bare = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '|' | '•' | '-' | '–' | '—'));
        let touched = ["last updated", "mis", "updated"].iter().any(|start| folded(bare).starts_with(start));
        if labels && is_bare_date(bare) || states_date(bare) && !touched {
            return true;
        }
        labels &= touched || is_serial(bare) || bare.chars().count() < LABEL && !bare.ends_with(['.', '!', '?', '”', ':']);
    }
    false
}

/// The longest label above a day, in characters.
const LABEL: usize = 40;

/// A page that lists texts is no release, and must not pass as one.
fn refuse_list(pieces: &[Piece]) -> Result<(), String> {
    let (mut lines, mut dates) = (0usize, 0usize);
    for piece in pieces {
        let own: Vec<&str> = match piece {
            Piece::List(items) => items.iter().flat_map(|item| &item.lines).map(String::as_str).collect(),
            Piece::Table(_) => Vec::new(),
            other => words(other).split('\n').collect(),
        };
        lines += own.len();
        dates += own.into_iter().filter(|line| is_bare_date(line)).count();
    }
    if dates >= LISTING_DATES && dates * LISTING_SHARE >= lines {
        return Err(format!("the page looks like a list of {dates} texts, each with a date line of its own"));
    }
    Ok(())
}
