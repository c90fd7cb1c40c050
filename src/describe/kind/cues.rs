//! The cues of each kind in the words of a release, English and French.

use crate::model::release::fold_spaces;
use crate::model::{Block, ParsedRelease};

/// Bytes of the body that count as its opening.
const OPENING: usize = 600;
/// A body of fewer words than this beside a video's title is the video's caption.
const CAPTION: usize = 120;

/// The words of a release, folded for reading: small letters, plain apostrophes, single spaces; furniture left out.
pub(super) struct Words {
    title: String,
    /// The body's lines that are not blank, in small letters.
    lines: Vec<String>,
    /// The same lines as they are printed.
    printed: Vec<String>,
    /// The first lines, joined, up to [`OPENING`] bytes.
    opening: String,
    body_words: usize,
}

impl Words {
    pub fn of(release: &ParsedRelease) -> Self {
        let parts: Vec<&str> = if release.blocks.is_empty() {
            vec![release.body_text()]
        } else {
            release.blocks.iter().filter(|block| !block.is_furniture()).map(|block: &Block| block.span.of(&release.text)).collect()
        };
        let printed: Vec<String> =
            parts.iter().flat_map(|part| part.split('\n')).map(fold_spaces).filter(|line| !line.is_empty()).collect();
        let lines: Vec<String> = printed.iter().map(|line| small(line)).collect();
        let mut opening = String::new();
        for line in &lines {
            if opening.len() >= OPENING {
                break;
            }
            opening.push_str(line);
            opening.push(' ');
        }
        let body_words = lines.iter().map(|line| line.split(' ').count()).sum();
        Self { title: small(&release.title_text()), lines, printed, opening, body_words }
    }

    fn titled(&self, cues: &[&str]) -> bool {
        cues.iter().any(|cue| has_word(&self.title, cue))
    }

    fn title_opens(&self, cues: &[&str]) -> bool {
        cues.iter().any(|cue| self.title.starts_with(cue))
    }

    fn opens_with(&self, cues: &[&str]) -> bool {
        cues.iter().any(|cue| has_word(&self.opening, cue))
    }

    /// "(As delivered)" in the title or on one of the first lines.
    fn is_delivered(&self) -> bool {
        let cues = ["(as delivered)", "as delivered", "(telle que prononcee)", "tel que prononce", "check against delivery", "as prepared"];
        let first = self.lines.iter().take(6).filter(|line| line.len() < 80);
        self.titled(&cues) || first.into_iter().any(|line| cues.iter().any(|cue| line.contains(cue)))
    }

    /// Lines that open with the name of who speaks: `JAMIE SHEA:`, `Q:`, `NATO Secretary General, Mark Rutte:`.
    fn speakers(&self) -> usize {
        self.printed.iter().filter(|line| is_speaker(line)).count()
    }

    fn questions(&self) -> usize {
        let marks = ["q:", "q.", "question:", "question :", "journalist:", "moderator:", "journaliste:", "moderateur:", "q :"];
        self.lines.iter().filter(|line| marks.iter().any(|mark| line.starts_with(mark))).count()
    }

    pub fn is_transcript(&self) -> bool {
        let named = self.titled(&[
            "press conference",
            "press point",
            "press briefing",
            "transcript",
            "q&a",
            "questions and answers",
            "conference de presse",
            "point de presse",
        ]);
        let (speakers, questions) = (self.speakers(), self.questions());
        questions > 1 || questions > 0 && speakers > 0 || (self.is_delivered() || named) && speakers > 1
    }

    pub fn is_speech(&self) -> bool {
        const TITLES: &[&str] = &[
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
        const SALUTATIONS: &[&str] = &[
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
        ];
        // Words in quotation marks are somebody's in a report, not the text's own.
        let mut first = self.lines.iter().take(5).filter(|line| line.len() < 120 && !line.starts_with(['"', '«']));
        let greets = first.any(|line| SALUTATIONS.iter().any(|cue| line.contains(cue)));
        let own_voice = has_word(&self.opening, "i ")
            || has_word(&self.opening, "je ")
            || has_word(&self.opening, "j'ai")
            || has_word(&self.opening, "thank you");
        self.is_delivered() || greets || self.title_opens(TITLES) || self.titled(TITLES) && own_voice
    }

    pub fn is_communique(&self) -> bool {
        const NOUNS: &[&str] = &["communique", "declaration", "final statement", "declaration finale"];
        let issued = [
            "issued by the heads of state",
            "publiee par les chefs d'etat",
            "publie par les chefs d'etat",
            "we, the heads of state",
            "nous, chefs d'etat",
        ];
        let leaders = issued.iter().any(|cue| self.title.contains(cue) || self.opening.contains(cue));
        let numbered = self.lines.iter().filter(|line| is_numbered(line)).count() > 2;
        let said = self.opening.contains("1. we, ") || self.opening.contains("we, the ") || self.opening.contains("nous, ");
        // French says "déclaration" of every statement: it takes a meeting of many, or numbered paragraphs, to be one of these.
        let meeting = self.titled(&[
            "summit",
            "sommet",
            "ministerial",
            "ministerielle",
            "meeting",
            "reunion",
            "joint",
            "conjointe",
            "final",
            "heads of state",
        ]);
        leaders
            || self.titled(NOUNS)
                && !self.is_report()
                && !self.titled(&["press communique", "communique de presse"])
                && (numbered || said || meeting)
    }

    pub fn is_statement(&self) -> bool {
        const OPENINGS: &[&str] = &[
            "statement by",
            "statement of",
            "statement on",
            "statement from",
            "statement following",
            "chairman's statement",
            "chair's statement",
            "joint statement",
            "nato statement",
            "north atlantic council statement",
            "press statement",
            "declaration du",
            "declaration de",
            "declaration sur",
            "declaration conjointe",
            "nac statement",
            "declaration a la presse",
        ];
        let first = ["i strongly condemn", "i condemn", "i welcome", "we strongly condemn", "we condemn", "je condamne", "nous condamnons"];
        let titled = self.title_opens(OPENINGS)
            || self.titled(&[
                "statement by the",
                "statement on",
                "council statement",
                "general's statement",
                "general statement",
                "declaration du conseil",
            ])
            || self.title.contains(" condemns ") && !self.opens_with(&["condemned"])
            || self.title.contains(" condamne ") && !self.opens_with(&["a condamne"]);
        (titled && !self.is_report()) || first.iter().any(|cue| self.opening.starts_with(cue))
    }

    /// The title reports on a paper ("NATO releases …", "Minister shares opening statement"): it is not the paper.
    fn is_report(&self) -> bool {
        self.titled(&[
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
    }

    pub fn is_video(&self) -> bool {
        let titled =
            self.title_opens(&["watch the", "watch:", "video:", "video :", "photo:", "photos:", "in pictures", "en images", "regardez"]);
        titled && self.body_words < CAPTION
    }

    pub fn is_official_text(&self) -> bool {
        let headed = self.lines.iter().take(8).any(|line| {
            let line = line.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '));
            line.len() < 60
                && ["introduction", "executive summary", "preamble", "resume", "preambule", "aim", "purpose"]
                    .contains(&line.trim_end_matches(':'))
        });
        self.title_opens(&["summary of", "resume de", "synthese de"])
            || headed
            || self.titled(&[
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
            ]) && self.lines.iter().filter(|line| is_numbered(line)).count() > 3
                && !self.is_report()
    }

    pub fn is_event_page(&self) -> bool {
        let about = [
            "for more information on the exercise",
            "for more information about the exercise",
            "for more information on the event",
            "pour en savoir plus sur l'exercice",
        ];
        let tail = self.lines.iter().rev().take(4).any(|line| about.iter().any(|cue| line.starts_with(cue)) || line.ends_with("factsheet"));
        // Quotation marks may only hold the exercise's name; it takes a verb of speech to make a report.
        let said = ["said", "told", "stressed", "underlined", "a declare", "a dit", "a souligne"];
        let spoken = self.lines.iter().any(|line| said.iter().any(|verb| has_word(line, verb)));
        let planned = ["will be from", "will take place from", "is scheduled for", "are organizing", "are organising", "se deroulera du"];
        tail && !spoken
            || !spoken
                && self.titled(&["exercise", "exercice"])
                && planned.iter().filter(|cue| self.lines.iter().any(|line| line.contains(**cue))).count() > 1
    }

    /// A heading that only advisories have.
    pub fn is_headed_advisory(&self) -> bool {
        let heads = ["media advisory", "avis aux medias", "note to media", "avis a la presse", "media programme"];
        self.title_opens(&heads)
            || self.titled(&["media advisory", "avis aux medias"])
            || self.lines.iter().take(4).any(|line| heads.iter().any(|head| line.starts_with(head)))
    }

    pub fn is_advisory(&self) -> bool {
        let future = [
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
        ];
        // What is said, agreed or described in a relative clause is not what the release announces.
        let said = [
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
        ];
        let opening = self.opening.split(". ").next().unwrap_or("");
        let first = future.iter().filter_map(|cue| opening.find(cue)).min();
        let reported = first.is_some_and(|at| said.iter().any(|cue| has_word(&opening[..at], cue)));
        let press = [
            "media coverage",
            "media representatives",
            "accreditation",
            "(cest)",
            "(cet)",
            "points de presse",
            "couverture mediatique",
            "les journalistes",
        ];
        first.is_some() && !reported
            || press.iter().filter(|cue| self.lines.iter().any(|line| line.contains(**cue))).count() > 1
                && self.opens_with(&["will", "sera"])
    }

    pub fn is_digest(&self) -> bool {
        self.titled(&["nato update", "week at nato", "nato this week", "weekly digest", "news digest", "la semaine a l'otan"])
    }
}

/// Small letters without accents, plain quotation marks.
fn small(words: &str) -> String {
    let folded = crate::describe::matcher::fold(words);
    folded.replace(['“', '”', '„'], "\"")
}

/// Whether `words` holds `cue` on token boundaries.
fn has_word(words: &str, cue: &str) -> bool {
    words.match_indices(cue).any(|(at, _)| {
        let after = &words[at + cue.len()..];
        !words[..at].ends_with(char::is_alphanumeric) && (cue.ends_with(' ') || !after.starts_with(char::is_alphanumeric))
    })
}

/// `1. We`, `12. The`, `1.1.`
fn is_numbered(line: &str) -> bool {
    line.split_once(['.', ')'])
        .is_some_and(|(number, rest)| (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()) && !rest.is_empty())
}

/// A label of at most eight words before a colon, with a capital, that names a speaker.
fn is_speaker(line: &str) -> bool {
    let Some((label, _)) = line.split_once(':') else { return false };
    let words = label.split(' ').count();
    let capitals = label.split(' ').filter(|word| word.starts_with(|c: char| c.is_uppercase() || c == '(')).count();
    !label.is_empty() && label.len() <= 90 && words <= 10 && capitals * 2 > words && !label.contains(['.', '“', '"'])
}
