//! What a text is to a release that it resembles. Pure: everything it looks at is given.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::describe::compare::{self, Text};
use crate::describe::likeness::Folded;
use crate::ingest::recognise::{Found, Names};
use crate::model::original::Original;
use crate::model::{Basis, Edit, How, Outcome, ParsedRelease, PublicationDate, Source, Substance};
use crate::store::Profile;

/// At this share of common word triples two texts are the same release, whatever their titles. Measured, like those below, on the known
/// duplicates and on made ones: see `benches/README.md`.
pub const ALIKE: f64 = 0.8;

/// Where the titles are alike too, less is enough: a new version may have another paragraph, and what is a short text by then differs much.
const ALIKE_VERSION: f64 = 0.5;

/// Of another source more is asked than of a new version: what a copy says differently is kept beside the release, and is not searched.
const ALIKE_COPY: f64 = 0.65;

/// Titles with this share of common words are alike.
const ALIKE_TITLE: f64 = 0.5;

/// Under the same publisher's number, texts that share this much are one release; below it the number is a slip.
const ALIKE_WITH_NUMBER: f64 = 0.5;

/// Statements that are issued anew every year are alike, and are not one: texts whose days are known to lie further apart are two.
const APART_DAYS: i64 = 30;

/// A release that is held, with its words.
#[derive(Clone, Debug)]
pub struct Held {
    pub profile: Profile,
    pub parsed: ParsedRelease,
    pub folded: Folded,
}

/// What is to be done with a text, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub outcome: Outcome,
    pub deed: Deed,
    pub score: Option<f64>,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Nothing,
    Version(Edit),
    Restate,
    Copy,
    /// A release of its own.
    New,
    /// A release of its own, which says the same in another language.
    Translation,
}

impl Verdict {
    fn new(outcome: Outcome, deed: Deed, score: Option<f64>, reason: impl Into<String>) -> Self {
        Self { outcome, deed, score, reason: reason.into() }
    }

    /// What was erased is known again and stays out.
    fn erased(score: Option<f64>) -> Self {
        Self::new(Outcome::Unchanged, Deed::Nothing, score, "Its words were taken out of the archive and are not taken in again.")
    }
}

/// The text, as far as deciding looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub parsed: &'a ParsedRelease,
    pub names: &'a Names,
    pub found: &'a Found,
    /// SHA-256 of the document it stands in, and whether that document shows all its releases at once, as a page does.
    pub document: &'a str,
    pub page: bool,
    /// The day on which the document was fetched: its words are not older.
    pub fetched_on: Option<NaiveDate>,
}

/// Recognised by a name of the release itself: key, address, or title and opening words.
pub fn by_name(text: Subject<'_>, held: &Held, how: How, older: &dyn Fn(&str) -> bool) -> Verdict {
    if held.profile.erased {
        return Verdict::erased(None);
    }
    let score = || Some(text.found.folded.likeness(&held.folded));
    if how == How::Url && two_keys(text, &held.profile) && score().is_some_and(|score| score < ALIKE_WITH_NUMBER) {
        let reason = "The address is the same, but the publisher gives another key and the words are others.";
        return Verdict::new(Outcome::New, Deed::New, score(), reason);
    }
    if says_another_day(text, held) && text.parsed.sha256 == held.parsed.sha256 && !is_foreign(text, &held.profile) {
        return version(text, held, None, "The words are the same; its source states another day of publication.");
    }
    if text.parsed.sha256 == held.parsed.sha256 && !is_foreign(text, &held.profile) {
        return Verdict::new(Outcome::Changed, Deed::Restate, None, "The words are the same; its source states something else about them.");
    }
    if text.parsed.given.teaser && text.parsed.body_text().len() < held.parsed.body_text().len() {
        return Verdict::new(Outcome::Unchanged, Deed::Nothing, None, "Its source gives the beginning only; the archive holds more.");
    }
    if held.parsed.given.teaser && !text.parsed.given.teaser && !is_foreign(text, &held.profile) {
        // Nobody changed anything: more of the same became known.
        let edit = Edit { substance: Substance::Trivial, ..Edit::default() };
        let reason = "The whole text, of which the archive held the beginning only.";
        return Verdict::new(Outcome::Changed, Deed::Version(edit), None, reason);
    }
    let same_words = text.parsed.title.of(&text.parsed.text) == held.parsed.title.of(&held.parsed.text)
        && text.parsed.body_text() == held.parsed.body_text();
    if is_foreign(text, &held.profile) {
        return Verdict::new(Outcome::Mirror, Deed::Copy, score(), format!("{} carries it too.", text.names.source.name));
    }
    if same_words {
        let silent = text.parsed.given == Default::default() || text.parsed.given == held.parsed.given;
        return if says_another_day(text, held) {
            version(text, held, None, "Title and body are the same; its source states another day of publication.")
        } else if silent {
            Verdict::new(Outcome::Unchanged, Deed::Nothing, None, "Title and body are the same, to the letter.")
        } else {
            Verdict::new(Outcome::Changed, Deed::Restate, None, "Title and body are the same; its source states something else about them.")
        };
    }
    // Words that were there before may be there again; only a fetch tells that from an old snapshot that is read late.
    let is_back = text.fetched_on.is_some_and(|day| day >= held.profile.seen_on);
    if older(&text.parsed.sha256) && !is_back {
        return Verdict::new(
            Outcome::Unchanged,
            Deed::Nothing,
            None,
            "The archive holds these words as an earlier version, as a copy, or in the release that it was split from.",
        );
    }
    version(text, held, None, "")
}

/// Whether two sources state days of publication that cannot both be true. Where one is silent or less exact, nobody changed anything.
fn says_another_day(text: Subject<'_>, held: &Held) -> bool {
    let stated = |release: &ParsedRelease| {
        let stated = PublicationDate::stated(release.given.published_on.as_deref()?, Basis::Field).ok()?;
        Some((stated.earliest, stated.latest))
    };
    let before = |one: Option<NaiveDate>, other: Option<NaiveDate>| one.zip(other).is_some_and(|(one, other)| one < other);
    stated(text.parsed).zip(stated(&held.parsed)).is_some_and(|(now, then)| before(now.1, then.0) || before(then.1, now.0))
}

/// Whether a text that is known by its title and opening words alone is yet another one than the one that is held: what is issued anew
/// every year opens alike, on days that lie far apart, and goes on otherwise.
pub fn is_another_year(text: Subject<'_>, held: &Held) -> bool {
    let published = &text.found.description.published;
    !held.profile.erased
        && text.found.sketch.is_some()
        && far_apart((published.earliest, published.latest), held.profile.published)
        && text.found.folded.likeness(&held.folded) < 1.0
}

/// What is said about it.
pub fn another_year(text: Subject<'_>, held: &Held) -> Verdict {
    let reason = "Title and opening words of another release, but they were published on days that lie far apart, and go on otherwise.";
    Verdict::new(Outcome::New, Deed::New, Some(text.found.folded.likeness(&held.folded)), reason)
}

/// Recognised by a name of a copy. Words that changed at its source are a further copy, so that none are lost.
pub fn by_name_of_copy(text: Subject<'_>, held: &Held, is_held: &dyn Fn(&str) -> bool) -> Verdict {
    if held.profile.erased {
        return Verdict::erased(None);
    }
    if is_held(&text.parsed.sha256) || text.parsed.sha256 == held.parsed.sha256 {
        return Verdict::new(Outcome::Unchanged, Deed::Nothing, None, "The archive holds these words already.");
    }
    let score = Some(text.found.folded.likeness(&held.folded));
    Verdict::new(Outcome::Mirror, Deed::Copy, score, format!("{} changed its copy.", named(&text.names.source)))
}

/// Recognised by its publisher's number.
pub fn by_number(text: Subject<'_>, held: &Held) -> Verdict {
    let number = text.found.description.number.as_deref().unwrap_or_default();
    if text.found.description.lang != held.profile.lang {
        return Verdict::new(Outcome::New, Deed::Translation, None, format!("The same number, {number}, in another language."));
    }
    let score = text.found.folded.likeness(&held.folded);
    if score < ALIKE_WITH_NUMBER {
        let reason = format!("Another release has the same number, {number}, but other words.");
        return Verdict::new(Outcome::New, Deed::New, Some(score), reason);
    }
    if difference(text.parsed, &held.parsed).substance != Substance::Substantive {
        return Verdict::new(Outcome::Mirror, Deed::Copy, Some(score), format!("The same number, {number}, and the same words."));
    }
    version(text, held, Some(score), &format!("The same number, {number}, and much the same words."))
}

/// The same words from first to last.
pub fn by_text(text: Subject<'_>, held: &Held) -> Verdict {
    if held.profile.erased {
        return Verdict::erased(Some(1.0));
    }
    let retitled = difference(text.parsed, &held.parsed).title;
    if retitled && !is_foreign(text, &held.profile) && text.names.how == How::Words && text.document != held.profile.document_sha256 {
        return version(text, held, Some(1.0), "The same words from first to last, under another title.");
    }
    Verdict::new(Outcome::Mirror, Deed::Copy, Some(1.0), "The same words from first to last.")
}

/// Whether a text that is like a release may be it, before its words are looked at; otherwise why not.
pub fn may_be(text: Subject<'_>, held: &Profile) -> Result<(), &'static str> {
    if held.erased {
        return Err("it resembles a release whose words were taken out");
    }
    if shown_together(text, held) {
        return Err("the document shows both side by side");
    }
    let published = &text.found.description.published;
    if far_apart((published.earliest, published.latest), held.published) {
        return Err("they were published on days that lie far apart");
    }
    if !is_foreign(text, held) && !is_unnamed(held) && text.names.how != How::Words {
        return Err("its publisher gives each a name of its own");
    }
    Ok(())
}

/// Nearly the same words. `None` where they are not near enough.
pub fn by_likeness(text: Subject<'_>, held: &Held) -> Option<Verdict> {
    let score = text.found.folded.likeness(&held.folded);
    let least = match (titles_alike(text, held), is_foreign(text, &held.profile)) {
        (false, _) => ALIKE,
        (true, true) => ALIKE_COPY,
        (true, false) => ALIKE_VERSION,
    };
    if score < least {
        return None;
    }
    let percent = (score * 100.0).floor();
    Some(if is_foreign(text, &held.profile) {
        Verdict::new(
            Outcome::Mirror,
            Deed::Copy,
            Some(score),
            format!("{percent} % of the word triples are common; another source carries it."),
        )
    } else {
        version(text, held, Some(score), &format!("{percent} % of the word triples are common."))
    })
}

fn version(text: Subject<'_>, held: &Held, score: Option<f64>, reason: &str) -> Verdict {
    let mut edit = difference(text.parsed, &held.parsed);
    // The bytes differ, if only around the words.
    edit.substance = edit.substance.max(Substance::Trivial);
    Verdict::new(Outcome::Changed, Deed::Version(edit), score, reason)
}

/// Whether the titles have enough words in common.
fn titles_alike(text: Subject<'_>, held: &Held) -> bool {
    let (one, other) = (Folded::of(&text.parsed.title_text()), Folded::of(&held.parsed.title_text()));
    let words = |title: &Folded| title.words().split(' ').map(str::to_owned).collect::<HashSet<_>>();
    let (one, other) = (words(&one), words(&other));
    let common = one.intersection(&other).count();
    common as f64 >= ALIKE_TITLE * (one.len() + other.len() - common) as f64
}

/// How the words differ from those that are held.
pub fn difference(new: &ParsedRelease, old: &ParsedRelease) -> Edit {
    compare::edit(text(old), text(new))
}

fn text(release: &ParsedRelease) -> Text<'_> {
    // What the source states as the day of publication: a field of its own, or the entry's date line.
    let stamp = release.stamp.map(|stamp| stamp.span.of(&release.text));
    Text::of(release, release.given.published_on.as_deref().or(stamp))
}

/// Whether both have keys by the same publisher, and they differ.
fn two_keys(text: Subject<'_>, held: &Profile) -> bool {
    !is_foreign(text, held) && text.parsed.given.key.is_some() && held.key.is_some() && text.parsed.given.key != held.key
}

/// Whether the release is known by its words alone.
fn is_unnamed(held: &Profile) -> bool {
    held.key.is_none() && held.url.is_none()
}

/// Whether the two were published by different bodies, as far as that is known: by name, else by the site that they stand on.
fn is_foreign(text: Subject<'_>, held: &Profile) -> bool {
    match (text.names.source.is_known(), held.source.is_known()) {
        (true, true) => text.names.source.slug != held.source.slug,
        (false, false) => match (site(text.names.url.as_deref()), site(held.url.as_deref())) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        },
        _ => false,
    }
}

/// The site of an address: `nato` or a host.
fn site(url: Option<&str>) -> Option<String> {
    let key = Original::of(url?)?.key;
    let rest = key.split_once("://").map_or(key.as_str(), |(_, rest)| rest);
    let site = rest.split(['/', ':', '?']).next().unwrap_or_default();
    (!site.is_empty()).then(|| site.to_owned())
}

/// Whether one page shows both: then its publisher means two.
fn shown_together(text: Subject<'_>, held: &Profile) -> bool {
    text.page && text.document == held.document_sha256
}

/// Whether the days on which two can have been published are known, and lie further apart than [`APART_DAYS`].
fn far_apart(
    one: (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>),
    other: (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>),
) -> bool {
    let gap = |earlier: Option<chrono::NaiveDate>, later: Option<chrono::NaiveDate>| {
        earlier.zip(later).is_some_and(|(earlier, later)| (later - earlier).num_days() > APART_DAYS)
    };
    gap(one.1, other.0) || gap(other.1, one.0)
}

/// The publisher as sentences name it.
fn named(source: &Source) -> &str {
    if source.is_known() { &source.name } else { "a publisher who is not known" }
}
