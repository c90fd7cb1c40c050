//! The gazetteer: places, office holders and organisations, each with the forms in which texts name it.

use std::collections::HashMap;

use chrono::{Datelike, Months, NaiveDate};

use super::names;
use super::reader::{Entry, VocabularyError};
use crate::model::MentionKind;
use crate::model::slug::slugify;

/// The tables of the file. What an office is called stands in [`OFFICES`].
pub(super) const TABLES: &[&str] = &[
    "ally",
    "partner",
    "place",
    "secretary_general",
    "deputy_secretary_general",
    "chair_military_committee",
    "saceur",
    "sact",
    "person",
    "abbreviation",
    "summit",
];

/// Table of office holders and the office, the one that decides first: who acts for the Secretary General is named as such.
const OFFICES: &[(&str, &str)] = &[
    ("secretary_general", "Secretary General"),
    ("deputy_secretary_general", "Deputy Secretary General"),
    ("chair_military_committee", "Chair of the Military Committee"),
    ("saceur", "Supreme Allied Commander Europe"),
    ("sact", "Supreme Allied Commander Transformation"),
];

/// A place, person or organisation.
#[derive(Clone, Debug)]
pub(in crate::describe) struct Entity {
    pub kind: MentionKind,
    pub slug: String,
    pub name: String,
    /// Offices of a person.
    terms: Vec<Term>,
}

/// An office and the time for which somebody held it; half-open.
#[derive(Clone, Debug)]
struct Term {
    role: String,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

/// How a form names its entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::describe) enum FormKind {
    /// In full, or by an abbreviation: enough by itself.
    Name,
    /// An adjective (`German`, `allemande`): names the place only where it stands as one.
    Adjective,
    /// A surname: only beside a title, or after the full name.
    Surname,
}

/// Words that name an entity.
#[derive(Clone, Debug)]
pub(in crate::describe) struct Form {
    pub entity: usize,
    pub words: String,
    pub kind: FormKind,
    /// Half-open days of publication on which the words mean this entity; absent means no bound.
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

impl Entity {
    /// The office held on a day; the first in rank where there are several. A year or month as the end of a term is taken to its last
    /// day: the file does not know better, and the words beside the name do.
    pub fn role_on(&self, day: NaiveDate) -> Option<&str> {
        let held = |term: &&Term| term.from.is_none_or(|from| from <= day) && term.until.is_none_or(|until| day < until);
        self.terms.iter().find(held).map(|term| term.role.as_str())
    }
}

impl Form {
    /// Whether the words mean this entity in a text of that day. Without a day they mean what they mean now.
    pub fn holds_on(&self, day: Option<NaiveDate>) -> bool {
        match day {
            Some(day) => self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until),
            None => self.until.is_none(),
        }
    }
}

/// Every entity and form, in the order of the file.
pub(super) fn read(entries: &[Entry<'_>]) -> Result<(Vec<Entity>, Vec<Form>), VocabularyError> {
    let mut gazetteer = Gazetteer::default();
    for entry in entries {
        match entry.table.as_str() {
            "ally" | "partner" | "place" => gazetteer.place(entry)?,
            "abbreviation" => gazetteer.abbreviation(entry)?,
            "summit" => {}
            _ => gazetteer.person(entry)?,
        }
    }
    gazetteer.date_abbreviations();
    let rank = |role: &str| OFFICES.iter().position(|(_, office)| role.trim_start_matches("Acting ") == *office).unwrap_or(OFFICES.len());
    for entity in &mut gazetteer.entities {
        entity.terms.sort_by_key(|term| rank(&term.role));
    }
    Ok((gazetteer.entities, gazetteer.forms))
}

/// Names that mean the same: of every abbreviation, whether it stands for a body or not, and of every place and person.
pub(super) fn families(entries: &[Entry<'_>], entities: &[Entity], forms: &[Form]) -> Result<Vec<Vec<String>>, VocabularyError> {
    let mut families: Vec<Vec<String>> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.table == "abbreviation") {
        // Short abbreviations of other languages are other words here: IA is artificial intelligence in French and Iowa in English.
        let also = entry.texts("also")?.into_iter().filter(|other| !names::is_seat(other) && other.chars().count() > SHORT);
        families.push([entry.required("abbr")?, entry.required("en")?].into_iter().chain(entry.text("fr")?).chain(also).collect());
    }
    for (number, entity) in entities.iter().enumerate().filter(|(_, entity)| entity.kind != MentionKind::Organisation) {
        let named = |form: &&Form| form.entity == number && form.kind == FormKind::Name && is_name(&entity.name, &form.words);
        let names = forms.iter().filter(named).map(|form| form.words.clone());
        families.push(std::iter::once(entity.name.clone()).chain(names).collect());
    }
    for family in &mut families {
        let mut known = std::collections::HashSet::new();
        family.retain(|name| known.insert(name.clone()));
    }
    families.retain(|family| family.len() > 1);
    Ok(families)
}

/// Abbreviations up to so many letters mean something in one language only.
const SHORT: usize = 3;

/// Whether one of a place's or person's forms is a name for the same thing: several words, an abbreviation in capitals, or a word that begins
/// alike (Turkey, Türkiye). Other single words stand for it without being its name, as a capital does for a country.
fn is_name(name: &str, form: &str) -> bool {
    let beginning = |words: &str| slugify(words).chars().take(3).collect::<String>();
    form.contains(' ') || !form.chars().any(char::is_lowercase) || beginning(name) == beginning(form)
}

#[derive(Default)]
struct Gazetteer {
    entities: Vec<Entity>,
    forms: Vec<Form>,
    /// Kind and slug to place in `entities`.
    known: HashMap<(MentionKind, String), usize>,
}

impl Gazetteer {
    /// The entity of that name, made where it is new; the flag says whether it is.
    fn entity(&mut self, kind: MentionKind, name: &str, entry: &Entry<'_>) -> Result<(usize, bool), VocabularyError> {
        let slug = slugify(name);
        if slug.is_empty() {
            return Err(entry.error(Some("name"), "has no letter or digit that an address can hold"));
        }
        let next = self.entities.len();
        let place = *self.known.entry((kind, slug.clone())).or_insert(next);
        if place == next {
            self.entities.push(Entity { kind, slug, name: name.to_owned(), terms: Vec::new() });
        }
        Ok((place, place == next))
    }

    fn add(&mut self, entity: usize, kind: FormKind, words: impl IntoIterator<Item = String>) {
        for words in words {
            if !self.forms.iter().rev().take_while(|form| form.entity == entity).any(|form| form.words == words) {
                self.forms.push(Form { entity, words, kind, from: None, until: None });
            }
        }
    }

    fn place(&mut self, entry: &Entry<'_>) -> Result<(), VocabularyError> {
        entry.only(&[
            "iso2",
            "iso3",
            "name",
            "name_fr",
            "accession",
            "demonym",
            "demonym_fr",
            "capital",
            "aliases",
            "founder",
            "framework",
            "status",
            "ip4",
            "conf",
        ])?;
        if entry.table == "ally" {
            days(entry, "accession")?;
        }
        entry.flag("founder")?;
        entry.flag("ip4")?;
        let name = entry.required("name")?;
        let (entity, new) = self.entity(MentionKind::Place, &name, entry)?;
        if !new {
            return Err(entry.error(Some("name"), "is in the file twice"));
        }
        // An accented spelling of the capital among the aliases is still the capital: a seat, not a name.
        let capital = entry.text("capital")?.map(|capital| slugify(&capital));
        let aliases = entry.texts("aliases")?.into_iter().filter(|alias| Some(slugify(alias)) != capital);
        let spelled: Vec<String> = [Some(name), entry.text("name_fr")?].into_iter().flatten().chain(aliases).collect();
        self.add(entity, FormKind::Name, spelled);
        self.add(entity, FormKind::Adjective, entry.text("demonym")?);
        self.add(entity, FormKind::Adjective, entry.text("demonym_fr")?.map(|word| names::french_adjective(&word)).unwrap_or_default());
        Ok(())
    }

    fn person(&mut self, entry: &Entry<'_>) -> Result<(), VocabularyError> {
        entry.only(&["name", "aliases", "iso2", "start", "end", "acting", "role", "note", "conf"])?;
        let name = entry.required("name")?;
        let office = OFFICES.iter().find(|(table, _)| *table == entry.table).map(|(_, office)| (*office).to_owned());
        let office = office.map_or_else(|| entry.required("role"), Ok)?;
        let role = if entry.flag("acting")? { format!("Acting {office}") } else { office };
        let (start, end) = (days(entry, "start")?, days(entry, "end")?);
        if let (Some((first, _)), Some((_, after))) = (start, end)
            && after < first
        {
            return Err(entry.error(Some("end"), "is before the start"));
        }
        let (entity, _) = self.entity(MentionKind::Person, &name, entry)?;
        if let Some(known) = self.entities.get_mut(entity) {
            known.terms.push(Term { role, from: start.map(|(first, _)| first), until: end.map(|(_, after)| after) });
        }
        for (words, kind) in names::person(&name, &entry.texts("aliases")?) {
            if !self.forms.iter().any(|form| form.entity == entity && form.words == words) {
                self.add(entity, kind, [words]);
            }
        }
        Ok(())
    }

    fn abbreviation(&mut self, entry: &Entry<'_>) -> Result<(), VocabularyError> {
        entry.only(&["abbr", "en", "fr", "also", "until"])?;
        let (abbreviation, english) = (entry.required("abbr")?, entry.required("en")?);
        let french = entry.text("fr")?;
        let also = entry.texts("also")?;
        let until = days(entry, "until")?.map(|(first, _)| first);
        if !names::is_organisation(&abbreviation, &english) {
            return Ok(());
        }
        let (entity, _) = self.entity(MentionKind::Organisation, &english, entry)?;
        let mut full = names::organisation(&english);
        full.extend(french);
        full.extend(also.into_iter().filter(|other| !names::is_seat(other)));
        self.add(entity, FormKind::Name, full);
        if !names::is_unambiguous(&abbreviation) {
            return Ok(());
        }
        self.forms.push(Form { entity, words: abbreviation, kind: FormKind::Name, from: None, until });
        Ok(())
    }

    /// An abbreviation that passed from one body to another means the later one from the day on which the earlier one ended.
    fn date_abbreviations(&mut self) {
        let ended: HashMap<String, NaiveDate> = self.forms.iter().filter_map(|form| Some((form.words.clone(), form.until?))).collect();
        for form in &mut self.forms {
            if form.until.is_none() {
                form.from = ended.get(&form.words).copied();
            }
        }
    }
}

/// The first day that a date given as year, month or day can mean, and the day from which it is over: for a day that day itself
/// (terms are half-open), for a month or year the first day after it.
fn days(entry: &Entry<'_>, field: &str) -> Result<Option<(NaiveDate, NaiveDate)>, VocabularyError> {
    let Some(text) = entry.text(field)? else { return Ok(None) };
    let wrong = || entry.error(Some(field), "is no date of the form 2025-06-24, 2025-06 or 2025");
    let numbers: Vec<u32> = text.split('-').map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong())?;
    let year = numbers.first().and_then(|year| i32::try_from(*year).ok()).filter(|year| (1900..=2200).contains(year)).ok_or_else(wrong)?;
    let (month, day) = (numbers.get(1).copied(), numbers.get(2).copied());
    let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1)).ok_or_else(wrong)?;
    let over = match numbers.len() {
        1 => NaiveDate::from_ymd_opt(first.year() + 1, 1, 1),
        2 => first.checked_add_months(Months::new(1)),
        3 => Some(first),
        _ => None,
    };
    over.map(|over| Some((first, over))).ok_or_else(wrong)
}
