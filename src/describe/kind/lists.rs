//! The words that tell the kinds of text, English and French, as a folded text has them.

use std::sync::LazyLock;

use crate::describe::anyof::AnyOf;

/// Marks of a text as it was spoken.
pub(super) static DELIVERED: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&["(as delivered)", "as delivered", "(telle que prononcee)", "tel que prononce", "check against delivery", "as prepared"])
});
/// What a title calls a meeting with the press.
pub(super) static TRANSCRIPTS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "press conference",
        "press point",
        "press briefing",
        "transcript",
        "q&a",
        "questions and answers",
        "conference de presse",
        "point de presse",
    ])
});
/// What a title calls a speech.
pub(super) const SPEECH_TITLES: &[&str] = &[
    "opening remarks",
    "closing remarks",
    "introductory remarks",
    "keynote address",
    "keynote speech",
    "keynote remarks",
    "doorstep statement",
    "speech by",
    "speech of",
    "remarks by",
    "address by",
    "joint press statements",
    "discours d",
    "allocution",
    "remarques liminaires",
    "remarques d'introduction",
    "statement to the press",
    "lecture by",
    "welcoming remarks",
    "intervention d",
];
/// The same, wherever a title says so.
pub(super) static SPEECHES: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(SPEECH_TITLES));
/// How a speaker greets.
pub(super) static SALUTATIONS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "ladies and gentlemen",
        "mesdames et messieurs",
        "excellencies",
        "dear friends",
        "dear colleagues",
        "distinguished guests",
        "chers amis",
        "chers collegues",
        "dear students",
        "mesdames, messieurs",
        "dear allies",
    ])
});
/// Words of somebody who speaks for himself.
pub(super) static OWN_VOICE: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(&["i ", "je ", "j'ai", "thank you"]));
/// What a title calls a text that several have agreed.
pub(super) static COMMUNIQUES: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(&["communique", "declaration", "final statement", "declaration finale"]));
/// Those who issue the texts of summits.
pub(super) static LEADERS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "issued by the heads of state",
        "publiee par les chefs d'etat",
        "publie par les chefs d'etat",
        "we, the heads of state",
        "nous, chefs d'etat",
    ])
});
/// Openings in the name of several.
pub(super) static OURS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(&["1. we, ", "we, the ", "nous, "]));
/// Meetings of many.
pub(super) static MEETINGS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&["summit", "sommet", "ministerial", "ministerielle", "meeting", "reunion", "joint", "conjointe", "final", "heads of state"])
});
/// A press communiqué is a press release.
pub(super) static PRESS_COMMUNIQUES: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(&["press communique", "communique de presse"]));
/// What a title calls a statement, wherever it says so.
pub(super) static STATEMENTS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "statement by the",
        "statement on",
        "council statement",
        "general's statement",
        "general statement",
        "declaration du conseil",
    ])
});
/// Verbs and days of a title that reports on a paper.
pub(super) static REPORTS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "releases",
        "publishes",
        "publie",
        "shares",
        "presents",
        "signs",
        "sign",
        "signent",
        "adopts",
        "adopt",
        "agree",
        "marks",
        "anniversary",
        "anniversaire",
    ])
});
/// What a title calls a paper.
pub(super) static OFFICIAL: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "policy",
        "strategy",
        "strategic concept",
        "charter",
        "treaty",
        "strategie",
        "politique de l'otan",
        "charte",
        "traite",
        "action plan",
    ])
});
/// Verbs of speech.
pub(super) static SPOKEN: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(&["said", "told", "stressed", "underlined", "a declare", "a dit", "a souligne"]));
/// What a title calls an exercise.
pub(super) static EXERCISES: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(&["exercise", "exercice"]));
/// What a title calls a note to the press.
pub(super) static ADVISORIES: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(&["media advisory", "avis aux medias"]));
/// What is announced.
pub(super) static COMING: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "will meet",
        "will receive",
        "will travel",
        "will hold",
        "will brief",
        "will visit",
        "will welcome",
        "will participate",
        "will attend",
        "will be held",
        "will address",
        "will host",
        "will chair",
        "rencontrera",
        "recevra",
        "se rendra",
        "tiendra",
        "participera",
        "s'entretiendra",
        "effectuera",
        "presidera",
        "accueillera",
    ])
});
/// What is said, agreed or described in a relative clause is not what the release announces.
pub(super) static SAID: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "announced",
        "said",
        "agreed",
        "decided",
        "confirmed",
        "signed",
        "that",
        "which",
        "who",
        "a annonce",
        "ont decide",
        "a declare",
        "qui",
        "que",
    ])
});
/// What only the press is told.
pub(super) static PRESS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(&[
        "media coverage",
        "media representatives",
        "accreditation",
        "(cest)",
        "(cet)",
        "points de presse",
        "couverture mediatique",
        "les journalistes",
    ])
});
/// What lies ahead.
pub(super) static AHEAD: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(&["will", "sera"]));
/// What a title calls a digest.
pub(super) static DIGESTS: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(&["nato update", "week at nato", "nato this week", "weekly digest", "news digest", "la semaine a l'otan"]));
