//! The cues of each kind in the words of a release, English and French.

use super::lists::{
    ADVISORIES, AHEAD, COMING, COMMUNIQUES, DELIVERED, DIGESTS, EXERCISES, LEADERS, MEETINGS, OFFICIAL, OURS, OWN_VOICE, PRESS,
    PRESS_COMMUNIQUES, REPORTS, SAID, SALUTATIONS, SPEECH_TITLES, SPEECHES, SPOKEN, STATEMENTS, TRANSCRIPTS,
};
use crate::describe::anyof::AnyOf;
use crate::model::release::fold_spaces;
use crate::model::{Block, ParsedRelease};

/// Bytes of the body that count as its opening.
const OPENING: usize = 600;
/// A body of fewer words than this beside a video's title is the video's caption.
const CAPTION: usize = 120;

/// The words of a release, folded for reading: small letters, plain apostrophes, single spaces; furniture left out.
pub(super) struct Words<'r> {
    title: String,
    /// The body's lines that are not blank, in small letters.
    lines: Vec<String>,
    /// The same lines as they are printed.
    printed: Vec<&'r str>,
    /// The first lines, joined, up to [`OPENING`] bytes.
    opening: String,
}

impl<'r> Words<'r> {
    pub fn of(release: &'r ParsedRelease) -> Self {
        let parts: Vec<&str> = if release.blocks.is_empty() {
            vec![release.body_text()]
        } else {
            release.blocks.iter().filter(|block| !block.is_furniture()).map(|block: &Block| block.span.of(&release.text)).collect()
        };
        let printed: Vec<&str> = parts.iter().flat_map(|part| part.split('\n')).filter(|line| !line.trim().is_empty()).collect();
        let lines: Vec<String> = printed.iter().map(|line| small(line)).collect();
        let mut opening = String::new();
        for line in &lines {
            if opening.len() >= OPENING {
                break;
            }
            opening.push_str(line);
            opening.push(' ');
        }
        Self { title: small(&release.title_text()), lines, printed, opening }
    }

    fn body_words(&self) -> usize {
        self.lines.iter().map(|line| line.split(' ').count()).sum()
    }

    fn titled(&self, cues: &AnyOf) -> bool {
        cues.is_token(&self.title)
    }

    fn title_opens(&self, cues: &[&str]) -> bool {
        cues.iter().any(|cue| self.title.starts_with(cue))
    }

    /// "(As delivered)" in the title or on one of the first lines.
    fn is_delivered(&self) -> bool {
        let first = self.lines.iter().take(6).filter(|line| line.len() < 80);
        self.titled(&DELIVERED) || first.into_iter().any(|line| DELIVERED.is_in(line))
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
        let named = || self.titled(&TRANSCRIPTS);
        let (speakers, questions) = (self.speakers(), self.questions());
        questions > 1 || questions > 0 && speakers > 0 || speakers > 1 && (self.is_delivered() || named())
    }

    pub fn is_speech(&self) -> bool {
        // Words in quotation marks are somebody's in a report, not the text's own.
        let mut first = self.lines.iter().take(5).filter(|line| line.len() < 120 && !line.starts_with(['"', '«']));
        let greets = first.any(|line| SALUTATIONS.is_in(line));
        let own_voice = || OWN_VOICE.is_token(&self.opening);
        self.is_delivered() || greets || self.title_opens(SPEECH_TITLES) || self.titled(&SPEECHES) && own_voice()
    }

    pub fn is_communique(&self) -> bool {
        let leaders = LEADERS.is_in(&self.title) || LEADERS.is_in(&self.opening);
        let numbered = || self.lines.iter().filter(|line| is_numbered(line)).count() > 2;
        let said = || OURS.is_in(&self.opening);
        // French says "déclaration" of every statement: it takes a meeting of many, or numbered paragraphs, to be one of these.
        let meeting = || self.titled(&MEETINGS);
        leaders || self.titled(&COMMUNIQUES) && !self.is_report() && !self.titled(&PRESS_COMMUNIQUES) && (numbered() || said() || meeting())
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
            || self.titled(&STATEMENTS)
            || self.title.contains(" condemns ") && !has_word(&self.opening, "condemned")
            || self.title.contains(" condamne ") && !has_word(&self.opening, "a condamne");
        (titled && !self.is_report()) || first.iter().any(|cue| self.opening.starts_with(cue))
    }

    /// The title reports on a paper ("NATO releases …", "Minister shares opening statement"): it is not the paper.
    fn is_report(&self) -> bool {
        self.titled(&REPORTS)
    }

    pub fn is_video(&self) -> bool {
        let titled =
            self.title_opens(&["watch the", "watch:", "video:", "video :", "photo:", "photos:", "in pictures", "en images", "regardez"]);
        titled && self.body_words() < CAPTION
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
            || self.titled(&OFFICIAL) && self.lines.iter().filter(|line| is_numbered(line)).count() > 3 && !self.is_report()
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
        let spoken = || self.lines.iter().any(|line| SPOKEN.is_token(line));
        let planned = ["will be from", "will take place from", "is scheduled for", "are organizing", "are organising", "se deroulera du"];
        tail && !spoken()
            || self.titled(&EXERCISES)
                && !spoken()
                && planned.iter().filter(|cue| self.lines.iter().any(|line| line.contains(**cue))).count() > 1
    }

    /// A heading that only advisories have.
    pub fn is_headed_advisory(&self) -> bool {
        let heads = ["media advisory", "avis aux medias", "note to media", "avis a la presse", "media programme"];
        self.title_opens(&heads)
            || self.titled(&ADVISORIES)
            || self.lines.iter().take(4).any(|line| heads.iter().any(|head| line.starts_with(head)))
    }

    pub fn is_advisory(&self) -> bool {
        let opening = self.opening.split(". ").next().unwrap_or("");
        let first = COMING.places(opening).map(|hit| hit.start()).min();
        let reported = first.is_some_and(|at| SAID.is_token(&opening[..at]));
        first.is_some() && !reported || AHEAD.is_token(&self.opening) && self.is_for_press()
    }

    /// Two different things that only the press is told.
    fn is_for_press(&self) -> bool {
        let mut first = None;
        self.lines.iter().flat_map(|line| PRESS.places(line)).any(|hit| *first.get_or_insert(hit.pattern()) != hit.pattern())
    }

    pub fn is_digest(&self) -> bool {
        self.titled(&DIGESTS)
    }
}

/// Small letters without accents, plain quotation marks.
fn small(words: &str) -> String {
    let folded = crate::describe::folded::fold(words);
    if folded.is_ascii() { folded } else { folded.replace(['“', '”', '„'], "\"") }
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
    let Some(label) = line.find(':').and_then(|colon| line.get(..=colon)) else { return false };
    if label.contains(['.', '“', '"']) {
        return false;
    }
    let label = fold_spaces(label);
    let label = label.strip_suffix(':').unwrap_or(&label);
    let words = label.split(' ').count();
    let capitals = label.split(' ').filter(|word| word.starts_with(|c: char| c.is_uppercase() || c == '(')).count();
    !label.is_empty() && label.len() <= 90 && words <= 10 && capitals * 2 > words
}
