//! The vocabulary of date expressions and of tense, English and French, with the few forms from other languages that were
//! seen in such texts (a Dutch month name in an English page, Russian dates in the genitive).

use std::sync::LazyLock;

use chrono::Weekday;

use crate::describe::lookup::{WordMap, WordSet};

/// What a word can mean to a reader of dates. Everything else is [`Word::Other`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Month 1 to 12. `sure` is false where the word is also an ordinary one (`may`, `march`, `dec`).
    Month {
        number: u8,
        sure: bool,
    },
    Weekday {
        day: Weekday,
        short: bool,
    },
    And,
    To,
    /// `from`, `between`, `du`: open a range.
    From,
    /// `au`, `through`: close a range.
    Until,
    /// `until`, `jusqu'au`: close a range, or say when something ends that has begun.
    Till,
    On,
    The,
    Of,
    Le,
    De,
    Ce,
    A,
    In,
    /// Determiners after which a word in -ed is an adjective.
    Determiner,
    Deictic,
    Will,
    /// `is`, `are`; `be`, `being`, `been` are their own, because they make participles of what follows.
    Is,
    Be,
    /// `was`, `has`, `began`: forms that are past and nothing else.
    Past,
    /// `have` after `to` or `will` is an infinitive.
    Have,
    /// `met`, `held`: past tense or participle, as every form in -ed.
    Participle,
    /// `scheduled`, `planned`, `due`.
    Scheduled,
    Going,
    /// `takes`, `begins`, `opens`: the present of a timetable.
    Timetable,
    Place,
    /// `upcoming`, `ahead`, `next`: what they qualify lies ahead.
    Ahead,
    Relative,
    Subordinate,
    By,
    Later,
    No,
    Deadline,
    Before,
    /// "applications close on".
    Closes,
    /// `invited` after `are` announces.
    Invited,
    /// `since`, `founded`: what they date is history.
    Historic,
    Resolution,
    FrenchAux,
    FrenchIs,
    FrenchGo,
    Reflexive,
    Attack,
    Other,
}

const MONTHS: &[&str] = &[
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv fevrier mars avr mai juin juil aout sept octobre novembre decembre",
    "janv févr mars avr mai juin juill aoust sept oct nov déc",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
];

/// Month names that are also ordinary words, when they are written small.
const UNSURE: &str = "may march mar dec jan sep mars mai";

const WEEKDAYS: &[&str] = &[
    "monday tuesday wednesday thursday friday saturday sunday",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "понедельник вторник среду четверг пятницу субботу воскресенье",
];

const SHORT_WEEKDAYS: &[&str] = &["mon tue wed thu fri sat sun", "mond tues weds thur frid satu sund", "mon tues wedn thurs fri sat sun"];

const OTHERS: &[(Word, &str)] = &[
    (Word::And, "and et"),
    (Word::To, "to"),
    (Word::Until, "through thru au à"),
    (Word::Till, "until till jusqu'au jusqu'à"),
    (Word::From, "from between du entre"),
    (Word::On, "on"),
    (Word::The, "the"),
    (Word::Of, "of"),
    (Word::Le, "le la les l"),
    (Word::De, "de des"),
    (Word::Ce, "ce cet cette ces"),
    (Word::A, "a"),
    (
        Word::In,
        "in en year during early late mid spring summer autumn fall winter dans pendant courant début fin printemps \
         été automne hiver année",
    ),
    (Word::Determiner, "an his her its their our this these those newly recently so-called fully highly well more most many"),
    (Word::Deictic, "today aujourd'hui tonight"),
    (Word::Will, "will shall 'll won't please"),
    (Word::Is, "is are"),
    (Word::Be, "be being been"),
    (Word::Past, "was were had has did began gave spoke saw went came became wrote chose drew flew rose fell knew took"),
    (Word::Have, "have"),
    (
        Word::Participle,
        "met held made said told led left sent paid laid built won found brought heard put shook set run kept shared stood underwent stressed",
    ),
    (Word::Scheduled, "scheduled due planned expected slated foreseen prévu prévue prévus prévues programmé programmée"),
    (Word::Going, "going"),
    (Word::Timetable, "takes take begins starts opens runs commences"),
    (Word::Place, "place"),
    (
        Word::Ahead,
        "preparing preparation preparations prepare ahead advance upcoming forthcoming next prior run-up prochain prochaine prochains prochaines amont vue approche",
    ),
    (Word::Relative, "who which whom whose where qui dont où lequel laquelle"),
    (Word::Subordinate, "that when while after following because if although whereas que qu lorsque quand après tandis alors"),
    (Word::By, "by"),
    (Word::Later, "later plus"),
    (Word::No, "no not nlt"),
    (Word::Deadline, "deadline tard échéance"),
    (Word::Before, "before avant d'ici"),
    (Word::Invited, "invited"),
    (Word::Closes, "close closes"),
    (Word::Historic, "founded depuis fondée fondé since established established créée créé founding"),
    (Word::Resolution, "unscr unsc unscrs resolution resolutions résolution résolutions rcsnu rcsnus"),
    (Word::FrenchAux, "ont avait avaient fut furent était étaient"),
    (Word::FrenchIs, "est sont"),
    (Word::FrenchGo, "va vont doit doivent devrait devraient"),
    (Word::Reflexive, "s"),
    (Word::Attack, "attack attacks terrorist attentat attentats"),
];

/// Words in -ed that are no past tense.
const NOT_PAST: &str = "united allied need indeed unmanned uncrewed crewed exceed proceed speed seed hundred shared-risk unprecedented \
                        continued related increased enhanced integrated followed combined based so-called dedicated red bed";

static VOCABULARY: LazyLock<WordMap<&'static str, Word>> = LazyLock::new(|| {
    let mut words = WordMap::default();
    for (word, list) in OTHERS {
        for name in list.split_whitespace() {
            words.entry(name).or_insert(*word);
        }
    }
    for list in WEEKDAYS {
        for (name, day) in list.split_whitespace().zip(week()) {
            words.insert(name, Word::Weekday { day, short: false });
        }
    }
    for list in SHORT_WEEKDAYS {
        for (name, day) in list.split_whitespace().zip(week()) {
            words.insert(name, Word::Weekday { day, short: true });
        }
    }
    for list in MONTHS {
        for (name, number) in list.split_whitespace().zip(1u8..) {
            words.insert(name, Word::Month { number, sure: true });
        }
    }
    for name in UNSURE.split_whitespace() {
        if let Some(Word::Month { sure, .. }) = words.get_mut(name) {
            *sure = false;
        }
    }
    for name in NOT_PAST.split_whitespace() {
        words.entry(name).or_insert(Word::Other);
    }
    words
});

fn week() -> impl Iterator<Item = Weekday> {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    [Mon, Tue, Wed, Thu, Fri, Sat, Sun].into_iter()
}

/// Verbs that stand in headlines as "Secretary General to visit Rome".
static ANNOUNCED: LazyLock<WordSet<&str>> = LazyLock::new(|| {
    "visit meet host hold attend address receive travel speak brief chair participate welcome discuss open sign deliver launch \
     take join lead co-chair"
        .split_whitespace()
        .collect()
});

/// Whether a word after `to` is a verb of an announcement.
pub(super) fn announced_verb(lowered: &str) -> bool {
    ANNOUNCED.contains(lowered)
}

/// Participles of founding and adopting: outside the first sentence their day is mostly one that the text looks back on.
static ADOPTED: LazyLock<WordSet<&str>> = LazyLock::new(|| {
    "adopted signed ratified proclaimed annexed invaded inaugurated enacted adopté adoptée adoptés adoptées signé signée signés \
     signées ratifié ratifiée proclamé proclamée annexé annexée envahi envahie institué instituée promulgué promulguée"
        .split_whitespace()
        .collect()
});

pub(super) fn adopts(lowered: &str) -> bool {
    ADOPTED.contains(lowered)
}

/// Nouns of acts that are mostly older than the text that speaks of them.
static ACTS: LazyLock<WordSet<&str>> = LazyLock::new(|| {
    "resolution unscr treaty charter convention constitution résolution traité charte rcsnu invasion annexation"
        .split_whitespace()
        .collect()
});

pub(super) fn is_act(lowered: &str) -> bool {
    ACTS.contains(lowered)
}

/// What `lowered` means; `lowered` is in lower case with straight apostrophes.
pub(super) fn meaning(lowered: &str) -> Word {
    if let Some(word) = VOCABULARY.get(lowered) {
        return *word;
    }
    let past = lowered.len() > 4 && lowered.ends_with("ed") && !lowered.ends_with("eed");
    if past { Word::Participle } else { Word::Other }
}

/// Whether a French word is a verb in the future tense: `rencontrera`, `seront`, `aura`, `prendra`.
pub(super) fn french_future(lowered: &str) -> bool {
    const THIRD: &[&str] = &["era", "ira", "ndra", "vra", "ura", "rra", "udra", "ttra", "îtra", "ordra", "ompra"];
    if matches!(lowered, "opera" | "opéra" | "caméra" | "camera" | "sierra" | "front" | "affront" | "terra") {
        return false;
    }
    match lowered.strip_suffix("ront") {
        Some(stem) => !stem.is_empty(),
        None => THIRD.iter().any(|ending| lowered.ends_with(ending)),
    }
}

/// Whether a French word can be a past participle: `rencontré`, `réunis`, `tenue`.
pub(super) fn french_participle(lowered: &str) -> bool {
    const ENDINGS: &[&str] = &["é", "ée", "és", "ées", "i", "is", "ie", "ies", "u", "us", "ue", "ues", "it", "ert", "eint", "ts", "te"];
    lowered.len() > 2 && ENDINGS.iter().any(|ending| lowered.ends_with(ending))
}

/// A French infinitive after `va` or `doit`: `rencontrer`, `tenir`, `prendre`.
pub(super) fn french_infinitive(lowered: &str) -> bool {
    lowered.len() > 3 && ["er", "ir", "re", "oir"].iter().any(|ending| lowered.ends_with(ending))
}
