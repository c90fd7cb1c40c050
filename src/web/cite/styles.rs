//! References in the styles of manuals, set by hayagriva with the styles of the Citation Style Language that it holds.

use std::borrow::Cow;
use std::sync::LazyLock;

use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::{FontStyle, IndependentStyle, Locale, Style as CslStyle};
use hayagriva::types::{Date, EntryType, FormatString, Person, QualifiedUrl, StringChunk};
use hayagriva::{BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, Elem, ElemChild, ElemMeta, Entry};

use super::issued::Written;
use super::{Issued, Reference};

/// A style that readers ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Apa,
    Chicago,
    Mla,
}

/// Words of a styled reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub italic: bool,
    /// Whether it is the address of what is cited.
    pub address: bool,
}

/// A reference in a style: pieces that a template sets in italics or not, each escaped like any other words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Styled(pub Vec<Piece>);

impl Styled {
    /// The words alone.
    pub fn plain(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// The year of a date that no style prints, until the archive's words take its place. No release is of that year, since dates end with 9999;
/// and words that are no date are never looked at.
const STAND_IN: i32 = 9_998_877;

struct Styles {
    apa: IndependentStyle,
    chicago: IndependentStyle,
    mla: IndependentStyle,
    locales: Vec<Locale>,
}

/// Read once: each takes milliseconds.
static STYLES: LazyLock<Option<Styles>> = LazyLock::new(|| {
    let own = |style: ArchivedStyle| match style.get() {
        CslStyle::Independent(style) => Some(style),
        CslStyle::Dependent(_) => None,
    };
    let spoken = |locale: &Locale| locale.lang.as_ref().is_some_and(|lang| lang.0.starts_with("en"));
    Some(Styles {
        apa: own(ArchivedStyle::AmericanPsychologicalAssociation)?,
        chicago: own(ArchivedStyle::ChicagoAuthorDate)?,
        mla: own(ArchivedStyle::ModernLanguageAssociation)?,
        locales: locales().into_iter().filter(spoken).collect(),
    })
});

impl Style {
    pub const ALL: [Self; 3] = [Self::Apa, Self::Chicago, Self::Mla];

    /// What a person calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Apa => "APA, 7th edition",
            Self::Chicago => "Chicago, author-date",
            Self::Mla => "MLA, 9th edition",
        }
    }

    /// The word used in addresses and data.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Apa => "apa",
            Self::Chicago => "chicago",
            Self::Mla => "mla",
        }
    }

    const fn written(self) -> Written {
        match self {
            Self::Apa | Self::Chicago => Written::MonthFirst,
            Self::Mla => Written::DayFirst,
        }
    }

    /// A reference as it stands in a list of works.
    pub fn set(self, reference: &Reference) -> Styled {
        let Some(styles) = STYLES.as_ref() else { return Styled::default() };
        let style = match self {
            Self::Apa => &styles.apa,
            Self::Chicago => &styles.chicago,
            Self::Mla => &styles.mla,
        };
        let title = self.title(&reference.title);
        let entry = self.entry(reference, &title);
        let mut driver = BibliographyDriver::new();
        driver.citation(CitationRequest::from_items(vec![CitationItem::with_entry(&entry)], style, &styles.locales));
        let rendered = driver.finish(BibliographyRequest::new(style, None, &styles.locales));
        let mut setter = Setter {
            pieces: Vec::new(),
            title: &title,
            address: &reference.permalink,
            date: date_words(reference.issued(), self),
            after_date: false,
        };
        for item in rendered.bibliography.iter().flat_map(|bibliography| &bibliography.items) {
            item.first_field.iter().chain(&item.content.0).for_each(|child| setter.child(child, false));
        }
        let passage = reference.passage.map(|number| format!("Para. {number}."));
        let version = reference.version.as_ref().map(|version| version.sentence());
        [passage, version].iter().flatten().for_each(|words| setter.push(&format!(" {words}"), false));
        Styled(setter.pieces)
    }

    /// A title with the quotation marks that it has inside those of the style: single ones (Chicago Manual of Style, 17th edition, 13.30; the MLA
    /// Handbook says the same). APA puts none around a title.
    fn title(self, title: &str) -> Cow<'_, str> {
        if self == Self::Apa { Cow::Borrowed(title) } else { Cow::Owned(single_quoted(title)) }
    }

    /// The reference as hayagriva knows it: a page of the archive, which is what all three manuals make of a press release that was read on a
    /// website. Its type for reports would print the year alone.
    fn entry(self, reference: &Reference, title: &str) -> Entry {
        let mut entry = Entry::new(&reference.key(), EntryType::Web);
        entry.set_title(FormatString::with_value(title));
        if let Some(publisher) = &reference.publisher {
            // A whole name: nothing of it is a first name. Who is author and publisher is named once.
            let person = Person { name: publisher.clone(), given_name: None, prefix: None, suffix: None, alias: None, comma_suffix: false };
            entry.set_authors(vec![person]);
        }
        let genre = [Some(reference.kind.label()), reference.number.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        entry.set_genre(FormatString::with_value(genre));
        // No style changes the capitals of the archive's own name.
        let archive = FormatString { value: StringChunk::verbatim(reference.archive).into(), short: None };
        if self == Self::Chicago {
            entry.set_archive(archive);
        } else {
            let mut whole = Entry::new("archive", EntryType::Web);
            whole.set_title(archive);
            entry.set_parents(vec![whole]);
        }
        entry.set_date(date(reference.issued()));
        if let Ok(url) = reference.permalink.parse() {
            // When it was read matters where nothing says when it was written.
            let read = (reference.issued() == Issued::Unknown).then(|| date(Issued::Day(reference.accessed)));
            entry.set_url(QualifiedUrl::new(url, read));
        }
        if let Ok(lang) = reference.lang.parse() {
            entry.set_language(lang);
        }
        entry
    }
}

/// A date that no style prints by itself, in square brackets since the words are the archive's; not in APA, which sets it in round ones, nor
/// where Chicago has "n.d." for it.
fn date_words(issued: Issued, style: Style) -> String {
    match style {
        Style::Apa => issued.words(style.written()),
        Style::Chicago if issued == Issued::Unknown => issued.words(style.written()),
        Style::Chicago | Style::Mla => issued.bracketed(style.written()),
    }
}

/// Words with single quotation marks for double ones. A straight mark opens at the beginning of a word.
pub fn single_quoted(words: &str) -> String {
    let mut before = ' ';
    let single = |c: char| {
        let opens = before.is_whitespace() || matches!(before, '(' | '[' | '{' | '‘' | '-' | '–' | '—' | '/');
        before = c;
        match c {
            '“' => '‘',
            '”' => '’',
            '„' => '‚',
            '"' if opens => '‘',
            '"' => '’',
            c => c,
        }
    };
    words.chars().map(single).collect()
}

/// A title as a style has set it, with the capitals of its own words: one behind the first letter stands for something, and the library takes it
/// from “NATO’s”. What a style has put around the words stays.
fn capitals_kept(set: &str, title: &str) -> Option<String> {
    let (set, own): (Vec<&str>, Vec<&str>) = (set.split(' ').collect(), title.split(' ').collect());
    if set.len() != own.len() {
        return None;
    }
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let mut kept = Vec::with_capacity(set.len());
    for (word, own) in set.into_iter().zip(own) {
        let (here, own) = (bare(word), bare(own));
        if here.to_lowercase() != own.to_lowercase() {
            return None;
        }
        kept.push(if own.chars().skip(1).any(char::is_uppercase) { word.replacen(&here, &own, 1) } else { word.to_owned() });
    }
    Some(kept.join(" "))
}

fn date(issued: Issued) -> Date {
    use chrono::Datelike;
    // The library counts months and days from 0.
    let place = |number: u32| u8::try_from(number.saturating_sub(1)).ok();
    let date = |year, month: Option<u32>, day: Option<u32>| Date {
        year,
        month: month.and_then(place),
        day: day.and_then(place),
        approximate: false,
        season: None,
    };
    match issued {
        Issued::Day(day) => date(day.year(), Some(day.month()), Some(day.day())),
        Issued::Month(year, month) => date(year, Some(month), None),
        Issued::Year(year) => date(year, None, None),
        _ => date(STAND_IN, None, None),
    }
}

/// Gathers pieces from the tree of a rendered entry.
struct Setter<'a> {
    pieces: Vec<Piece>,
    /// The title of what is cited, and its address.
    title: &'a str,
    address: &'a str,
    /// What stands where the date that no style prints would.
    date: String,
    /// Whether a date came last.
    after_date: bool,
}

impl Setter<'_> {
    fn child(&mut self, child: &ElemChild, in_date: bool) {
        match child {
            ElemChild::Link { text, .. } if text.text == self.address => {
                self.pieces.push(Piece { text: text.text.clone(), italic: false, address: true });
            }
            ElemChild::Text(text) | ElemChild::Link { text, .. } => {
                let italic = text.formatting.font_style == FontStyle::Italic;
                if in_date {
                    self.push(&text.text.replace(&STAND_IN.to_string(), &self.date.clone()), italic);
                } else {
                    self.between(&text.text, italic);
                }
            }
            ElemChild::Elem(Elem { children, meta, .. }) => {
                let is_date = in_date || *meta == Some(ElemMeta::Date);
                if !is_date {
                    self.after_date = false;
                }
                children.0.iter().for_each(|child| self.child(child, is_date));
                self.after_date = is_date;
            }
            ElemChild::Markup(words) => self.push(words, false),
            ElemChild::Transparent { .. } => {}
        }
    }

    /// Words of the style or of a field. Behind a date with a year alone the library leaves the comma that month and day would follow;
    /// and "n.d." has its own full stop.
    fn between(&mut self, text: &str, italic: bool) {
        let own = capitals_kept(text, self.title);
        let text = own.as_deref().unwrap_or(text);
        let after_date = std::mem::take(&mut self.after_date);
        let text = if after_date && (text.starts_with(",)") || text.starts_with(",.")) { &text[1..] } else { text };
        let stopped = self.pieces.last().is_some_and(|last| last.text.ends_with('.'));
        let text = if after_date && stopped { text.strip_prefix('.').unwrap_or(text) } else { text };
        self.push(text, italic);
    }

    fn push(&mut self, text: &str, italic: bool) {
        match self.pieces.last_mut() {
            Some(last) if last.italic == italic && !last.address => last.text.push_str(text),
            _ => self.pieces.push(Piece { text: text.to_owned(), italic, address: false }),
        }
    }
}
