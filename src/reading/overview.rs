//! What the archive holds, read once for each generation: pages count nothing themselves.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::Result;
use super::suggest::Names;
use crate::describe::Vocabulary;
use crate::index::{Lexicon, SearchIndex, Tally};
use crate::model::query::{Facet, Filters, Sort};
use crate::model::slug::slugify;
use crate::model::{DayCount, Kind, Topic};
use crate::store::{ArchiveStore, Labels};

/// Which state of the archive a page shows: the change log's last entry as the database and as the index know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Generation {
    pub store: i64,
    pub index: i64,
}

impl Generation {
    /// Whether search sees all that the database holds.
    pub const fn is_level(self) -> bool {
        self.index >= self.store
    }
}

/// The archive at a glance.
#[derive(Debug, Default)]
pub struct Overview {
    pub generation: Generation,
    /// The archive's own identifier.
    pub archive_id: String,
    pub documents: u64,
    pub releases: u64,
    pub undated: u64,
    /// Days that have releases, oldest first.
    pub days: Vec<DayCount>,
    /// When a document was last loaded (RFC 3339, UTC).
    pub loaded_at: Option<String>,
    /// In the vocabulary's order.
    pub topics: Vec<Topic>,
    counts: [HashMap<String, u64>; 6],
    labels: Labels,
    /// What is suggested as one types.
    pub suggested: Names,
    /// Values of facets by what people call them, without capitals and accents.
    names: HashMap<(Facet, String), String>,
    lexicon: Arc<Lexicon>,
    /// Hash of the vocabulary that the lexicon was made from.
    vocabulary: Option<blake3::Hash>,
}

impl Overview {
    /// Reads it; `before` is what was read of an earlier state, whose costly parts are used again where nothing has changed.
    pub async fn read(store: &dyn ArchiveStore, index: &Arc<SearchIndex>, before: Option<&Self>) -> Result<Self> {
        let summary = store.summary().await?;
        let (days, undated) = store.day_counts().await?;
        let everything = crate::index::Ask {
            tree: None,
            filters: Filters::default(),
            within: None,
            sort: Sort::Newest,
            offset: 0,
            limit: 0,
            tally: Tally::Everything,
        };
        let found = index.search(everything).await?;
        let counts = Facet::ALL.map(|facet| found.facet(facet).iter().map(|count| (count.value.clone(), count.count)).collect());
        let (lexicon, vocabulary) = lexicon(store, before).await?;
        let (topics, labels) = (store.topics().await?, store.labels().await?);
        let mut overview = Self {
            names: names(&topics, &labels),
            lexicon,
            vocabulary,
            generation: Generation { store: summary.generation, index: index.generation() },
            archive_id: summary.archive_id,
            documents: summary.documents,
            releases: days.iter().map(|day| day.releases).sum::<u64>() + undated,
            undated,
            days,
            loaded_at: summary.loaded_at,
            topics,
            labels,
            counts,
            suggested: Names::default(),
        };
        overview.suggested = Names::of(&overview);
        Ok(overview)
    }

    pub fn first(&self) -> Option<NaiveDate> {
        self.days.first().map(|day| day.day)
    }

    pub fn last(&self) -> Option<NaiveDate> {
        self.days.last().map(|day| day.day)
    }

    pub fn topic(&self, slug: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.slug == slug)
    }

    /// How many releases have a value of a facet.
    pub fn count(&self, facet: Facet, value: &str) -> u64 {
        self.counts[facet as usize].get(value).copied().unwrap_or(0)
    }

    /// Values of a facet, most frequent first.
    pub fn values(&self, facet: Facet) -> Vec<(&str, u64)> {
        let mut values: Vec<(&str, u64)> = self.counts[facet as usize].iter().map(|(value, count)| (value.as_str(), *count)).collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        values
    }

    /// Names that mean the same.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The value of a facet that is meant by its slug, its label or another of its names; `None` for one that is not known.
    pub fn resolve(&self, facet: Facet, typed: &str) -> Option<String> {
        let slug = slugify(typed);
        if self.knows(facet, &slug) {
            return Some(slug);
        }
        if facet == Facet::Lang && self.knows(facet, &typed.to_lowercase()) {
            return Some(typed.to_lowercase());
        }
        let named = |name: &str| self.names.get(&(facet, folded(name))).cloned();
        named(typed).or_else(|| self.lexicon.others(typed).into_iter().find_map(named)).or_else(|| self.only_one_with(facet, typed))
    }

    /// The one value that releases have and whose name holds the words: a surname, a word of a topic.
    fn only_one_with(&self, facet: Facet, typed: &str) -> Option<String> {
        let words = format!("-{}-", slugify(typed));
        let mut holding =
            self.counts[facet as usize].keys().filter(|value| format!("-{}-", slugify(&self.label(facet, value))).contains(&words));
        holding.next().filter(|_| words.len() > 4 && holding.next().is_none()).cloned()
    }

    /// Whether the archive has ever heard of a value.
    pub fn knows(&self, facet: Facet, value: &str) -> bool {
        self.counts[facet as usize].contains_key(value)
            || match facet {
                Facet::Topic => self.topic(value).is_some(),
                Facet::Kind => value.parse::<Kind>().is_ok(),
                _ => self.labels.get(facet.token()).is_some_and(|labels| labels.contains_key(value)),
            }
    }

    /// What a person reads for a value; the value itself where nothing better is known.
    pub fn label(&self, facet: Facet, value: &str) -> String {
        let known = match facet {
            Facet::Topic => self.topic(value).map(|topic| topic.label.clone()),
            Facet::Kind => value.parse::<Kind>().ok().map(|kind| kind.label().to_owned()),
            Facet::Lang => Some(language_name(value).to_owned()),
            _ => self.labels.get(facet.token()).and_then(|labels| labels.get(value)).cloned(),
        };
        known.unwrap_or_else(|| value.to_owned())
    }
}

/// Names that mean the same, from the vocabulary that describes the releases; made anew only where that has changed.
async fn lexicon(store: &dyn ArchiveStore, before: Option<&Overview>) -> Result<(Arc<Lexicon>, Option<blake3::Hash>)> {
    let Some((topics, gazetteer)) = store.vocabulary().await? else { return Ok(Default::default()) };
    let hash = blake3::hash(gazetteer.as_bytes());
    if let Some(before) = before.filter(|before| before.vocabulary == Some(hash)) {
        return Ok((Arc::clone(&before.lexicon), Some(hash)));
    }
    // What is stored was checked when it was stored; a vocabulary of another version of this program may still be refused here.
    let families = match Vocabulary::load(&topics, &gazetteer) {
        Ok(vocabulary) => vocabulary.families().to_vec(),
        Err(error) => {
            tracing::warn!(%error, "the stored vocabulary cannot be read: searches know no other names");
            Vec::new()
        }
    };
    Ok((Arc::new(Lexicon::new(families)), Some(hash)))
}

fn names(topics: &[Topic], labels: &Labels) -> HashMap<(Facet, String), String> {
    let mut names = HashMap::new();
    for facet in Facet::ALL {
        for (value, label) in labels.get(facet.token()).into_iter().flatten() {
            names.insert((facet, folded(label)), value.clone());
        }
    }
    for topic in topics {
        for label in [&topic.label, &topic.label_fr] {
            names.insert((Facet::Topic, folded(label)), topic.slug.clone());
        }
    }
    for kind in Kind::ALL {
        names.insert((Facet::Kind, folded(kind.label())), kind.token().to_owned());
    }
    for (tag, name) in LANGUAGES {
        names.insert((Facet::Lang, folded(name)), (*tag).to_owned());
    }
    names
}

fn folded(name: &str) -> String {
    slugify(name)
}

/// Tags of languages that releases may come in, with their English names: those of the Allies, of partners and of the wider press.
const LANGUAGES: &[(&str, &str)] = &[
    ("en", "English"),
    ("fr", "French"),
    ("ru", "Russian"),
    ("uk", "Ukrainian"),
    ("de", "German"),
    ("nl", "Dutch"),
    ("es", "Spanish"),
    ("it", "Italian"),
    ("sq", "Albanian"),
    ("ar", "Arabic"),
    ("hy", "Armenian"),
    ("az", "Azerbaijani"),
    ("be", "Belarusian"),
    ("bs", "Bosnian"),
    ("bg", "Bulgarian"),
    ("zh", "Chinese"),
    ("hr", "Croatian"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("et", "Estonian"),
    ("fi", "Finnish"),
    ("ka", "Georgian"),
    ("el", "Greek"),
    ("he", "Hebrew"),
    ("hu", "Hungarian"),
    ("is", "Icelandic"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("lv", "Latvian"),
    ("lt", "Lithuanian"),
    ("lb", "Luxembourgish"),
    ("mk", "Macedonian"),
    ("no", "Norwegian"),
    ("nb", "Norwegian Bokmål"),
    ("nn", "Norwegian Nynorsk"),
    ("ps", "Pashto"),
    ("fa", "Persian"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("sr", "Serbian"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("sv", "Swedish"),
    ("tr", "Turkish"),
    ("und", "Language not known"),
];

/// A tag of a language as it may stand in `lang` and in data: any that is well formed (BCP 47, RFC 5646, section 2.1) but `und`, which says that
/// the language is not known.
pub fn known_language(tag: &str) -> Option<&str> {
    let mut parts = tag.split('-');
    let primary = parts.next().is_some_and(|part| matches!(part.len(), 2..=8) && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let others = parts.all(|part| matches!(part.len(), 1..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    (primary && others && !tag.eq_ignore_ascii_case("und")).then_some(tag)
}

/// A language that has a name here, by its tag.
pub fn named_language(tag: &str) -> Option<&'static str> {
    LANGUAGES.iter().map(|(known, _)| *known).find(|known| *known == tag && tag != "und")
}

/// The English name of a language tag; the tag itself for any other.
pub fn language_name(tag: &str) -> &str {
    LANGUAGES.iter().find(|(known, _)| *known == tag).map_or(tag, |(_, name)| name)
}
