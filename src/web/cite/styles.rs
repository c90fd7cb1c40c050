//! References in the styles of manuals, set by hayagriva with the styles of the Citation Style Language that it holds.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::{IndependentStyle, Locale, Style as CslStyle};
use hayagriva::types::{Date, EntryType, FormatString, Person, QualifiedUrl, StringChunk};
use hayagriva::{BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, Entry};

use super::headline::headline;
use super::issued::{Written, capital};
use super::quoting::inside_marks;
use super::setting::{AUTHOR, Last, STAND_IN, Setter, TITLE};
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
    pub role: Role,
}

/// What words of a styled reference are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The style's own words, dates, kinds.
    Words,
    /// Title or publisher: words that may run the other way than the reference, and are set apart from what stands beside them.
    Field,
    /// The address of what is cited.
    Address,
}

impl Piece {
    pub fn is_address(&self) -> bool {
        self.role == Role::Address
    }

    pub fn is_field(&self) -> bool {
        self.role == Role::Field
    }
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

/// What a style sets, in finished words.
#[derive(Clone, Debug)]
pub struct Work<'a> {
    pub key: String,
    pub title: &'a str,
    pub author: Option<&'a str>,
    /// "Press release (2025) 042"
    pub genre: Option<String>,
    /// The name of the website.
    pub site: Option<&'a str>,
    pub issued: Issued,
    /// BCP 47; only an English title is given the capitals of headlines.
    pub lang: &'a str,
    pub url: &'a str,
    pub accessed: NaiveDate,
}

impl<'a> From<&'a Reference> for Work<'a> {
    fn from(reference: &'a Reference) -> Self {
        Self {
            key: reference.key(),
            title: &reference.title,
            author: reference.publisher.as_deref(),
            genre: reference.genre(),
            site: Some(reference.archive),
            issued: reference.issued(),
            lang: &reference.lang,
            url: &reference.permalink,
            accessed: reference.accessed,
        }
    }
}

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
        let mut setter = self.setter(&Work::from(reference));
        let passage = reference.passage.map(|number| format!("Para. {number}."));
        let version = reference.version.as_ref().map(|version| version.sentence());
        [passage, version].iter().flatten().for_each(|words| setter.push(&format!(" {words}"), false, Role::Words));
        Styled(setter.pieces)
    }

    /// Anything else in a list of works.
    pub fn work(self, work: &Work<'_>) -> Styled {
        Styled(self.setter(work).pieces)
    }

    fn setter<'a>(self, work: &Work<'a>) -> Setter<'a> {
        let mut setter = Setter {
            pieces: Vec::new(),
            title: self.title(work),
            // Where the title stands in the author's place, its description goes there with it (APA, 9.12).
            described: work.genre.clone().filter(|_| self.describes_title(work)),
            author: work.author.unwrap_or_default(),
            address: work.url,
            date: date_words(work.issued, self),
            last: Last::default(),
        };
        let Some(styles) = STYLES.as_ref() else { return setter };
        let style = match self {
            Self::Apa => &styles.apa,
            Self::Chicago => &styles.chicago,
            Self::Mla => &styles.mla,
        };
        let entry = self.entry(work);
        let mut driver = BibliographyDriver::new();
        driver.citation(CitationRequest::from_items(vec![CitationItem::with_entry(&entry)], style, &styles.locales));
        let rendered = driver.finish(BibliographyRequest::new(style, None, &styles.locales));
        for item in rendered.bibliography.iter().flat_map(|bibliography| &bibliography.items) {
            item.first_field.iter().chain(&item.content.0).for_each(|child| setter.child(child, false));
        }
        let own = if self == Self::Mla { mla_end(work) } else { Vec::new() };
        own.iter().for_each(|words| setter.push(&format!(" {words}"), false, Role::Words));
        setter
    }

    /// Whether the kind of text stands behind the title by our own hand.
    fn describes_title(self, work: &Work<'_>) -> bool {
        self == Self::Apa && work.author.is_none()
    }

    /// A title in the capitals of the style, and with marks that fit within its own. APA puts none around a title.
    fn title<'a>(self, work: &Work<'a>) -> Cow<'a, str> {
        match self {
            Self::Apa => Cow::Borrowed(work.title),
            Self::Chicago | Self::Mla if is_english(work.lang) => Cow::Owned(inside_marks(&headline(work.title))),
            Self::Chicago | Self::Mla => Cow::Owned(inside_marks(work.title)),
        }
    }

    /// A work as hayagriva knows it: a page of the archive, which is what all three manuals make of a press release that was read on a
    /// website. Its type for reports would print the year alone.
    fn entry(self, work: &Work<'_>) -> Entry {
        let verbatim = |words: &str| FormatString { value: StringChunk::verbatim(words).into(), short: None };
        let mut entry = Entry::new(&work.key, EntryType::Web);
        if !work.title.is_empty() {
            entry.set_title(verbatim(&TITLE.to_string()));
        }
        // Whose page it is, is said once: in MLA by the name of the site, in the others by the author.
        let own = work.author == work.site;
        if work.author.is_some() && !(own && self == Self::Mla) {
            // A whole name: nothing of it is a first name.
            let name = AUTHOR.to_string();
            entry.set_authors(vec![Person { name, given_name: None, prefix: None, suffix: None, alias: None, comma_suffix: false }]);
        }
        if let Some(genre) = work.genre.as_deref().filter(|_| self != Self::Mla && !self.describes_title(work)) {
            entry.set_genre(FormatString::with_value(genre));
        }
        match work.site.filter(|_| !own || self == Self::Mla).map(verbatim) {
            // No style changes the capitals of the archive's own name.
            Some(site) if self == Self::Chicago => entry.set_archive(site),
            Some(site) => {
                let mut whole = Entry::new("archive", EntryType::Web);
                whole.set_title(site);
                entry.set_parents(vec![whole]);
            }
            None => {}
        }
        // Without a date the styles say so, and when the page was read; MLA has words of its own for neither.
        if work.issued != Issued::Unknown || self == Self::Mla {
            entry.set_date(date(work.issued));
        }
        if let Ok(url) = work.url.parse() {
            let read = (work.issued == Issued::Unknown).then(|| date(Issued::Day(work.accessed)));
            entry.set_url(QualifiedUrl::new(url, read));
        }
        if let Ok(lang) = work.lang.parse() {
            entry.set_language(lang);
        }
        entry
    }
}

/// What MLA puts behind the address: when a page without a date was read, and what kind of text it is (MLA Handbook, 9th edition: final
/// supplemental elements).
fn mla_end(work: &Work<'_>) -> Vec<String> {
    let read = (work.issued == Issued::Unknown).then(|| {
        let (day, month) = (work.accessed.day(), work.accessed.month0() as usize);
        format!("Accessed {day} {} {}.", MLA_MONTHS.get(month).unwrap_or(&""), work.accessed.year())
    });
    read.into_iter().chain(work.genre.as_ref().map(|genre| format!("{genre}."))).collect()
}

const MLA_MONTHS: [&str; 12] = ["Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."];

/// Whether a title has the capitals of headlines: only English ones do.
fn is_english(lang: &str) -> bool {
    lang.split('-').next().is_some_and(|lang| lang.eq_ignore_ascii_case("en"))
}

/// A date that no style prints by itself, in square brackets since the words are the archive's; not in APA, which sets it in round ones, nor
/// where Chicago has "n.d." for it.
fn date_words(issued: Issued, style: Style) -> String {
    match (style, issued) {
        // A season has a capital in the first two (APA, 9.14; Chicago, 14.171).
        (Style::Apa, Issued::Part(year, part)) if part.season().is_some() => format!("{year}, {}", capital(part.name())),
        (Style::Chicago, Issued::Part(..)) if issued.season().is_some() => capital(&issued.words(style.written())),
        (Style::Apa, _) => issued.words(style.written()),
        (Style::Chicago, Issued::Unknown) => issued.words(style.written()),
        (Style::Chicago | Style::Mla, _) => issued.bracketed(style.written()),
    }
}

fn date(issued: Issued) -> Date {
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
