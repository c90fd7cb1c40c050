//! A batch as it is decided, one text after the other.

use std::collections::{HashMap, HashSet};

use super::decide::{self, ALIKE, Deed, Held, Subject, Verdict};
use super::{Knowledge, LIKEST, Matcher, names, number, own, subject};
use crate::describe::likeness::Folded;
use crate::ingest::recognise::{Arriving, Found};
use crate::model::{Decision, DescribedRelease, How, Outcome};
use crate::store::{Action, Arrival, DocumentRecord, Incoming, Known, Profile};

/// A text cannot be decided about before what was decided so far is stored.
struct Later;

/// What was decided so far, and what is known while deciding.
pub(super) struct Decided<'a> {
    matcher: &'a mut Matcher,
    knowledge: Knowledge,
    document: &'a DocumentRecord,
    /// New releases of this batch, by number; their names, words and numbers are known like those of stored ones.
    fresh: HashMap<i64, Held>,
    touched: HashSet<i64>,
    /// Releases of which this batch brings a new version or new statements.
    edited: HashSet<i64>,
    incoming: Vec<Incoming>,
}

impl<'a> Decided<'a> {
    pub(super) fn new(matcher: &'a mut Matcher, knowledge: Knowledge, document: &'a DocumentRecord) -> Self {
        Self { matcher, knowledge, document, fresh: HashMap::new(), touched: HashSet::new(), edited: HashSet::new(), incoming: Vec::new() }
    }

    /// What was decided, to be stored.
    pub(super) fn incoming(self) -> Vec<Incoming> {
        self.incoming
    }
}

impl Decided<'_> {
    /// Decides about a text. Gives it back where it must be looked up again, after what was decided so far is stored: so each text is
    /// compared with what is held at that moment, whatever was read together.
    pub(super) fn take(&mut self, text: Arriving) -> Option<Arriving> {
        let (target, how, verdict) = match self.verdict(&text) {
            Ok(Some(found)) => found,
            Err(Later) => return Some(text),
            // Not described, because it was known to the letter when the batch was read; or nothing like it is known.
            Ok(None) if text.found.is_none() => {
                self.undescribed(&text);
                return None;
            }
            Ok(None) => {
                self.add_new(text, None, None);
                return None;
            }
        };
        // What became of it in this batch must be stored before more can be said about it.
        let again = matches!(verdict.deed, Deed::Version(_) | Deed::Restate) && self.touched.contains(&target);
        if again || self.edited.contains(&target) {
            return Some(text);
        }
        let decision = |other: Option<i64>| Decision {
            outcome: verdict.outcome,
            how: Some(how),
            score: verdict.score,
            reason: verdict.reason.clone(),
            other,
        };
        match verdict.deed {
            Deed::New => {
                let decision = decision(Some(target));
                let mut text = text;
                if let (How::Words, Some(beside)) = (how, text.names.beside) {
                    text.names.identity = beside;
                }
                self.add_new(text, Some(decision), None);
            }
            Deed::Translation => self.add_new(text, Some(decision(Some(target))), Some(target)),
            Deed::Nothing => self.push(&text, target, decision(None), Action::Nothing),
            Deed::Version(ref edit) => {
                let edit = *edit;
                let decision = decision(None);
                self.touched.insert(target);
                self.edited.insert(target);
                self.know(&text, target);
                let before = self.replace_words(&text, target);
                self.act(self.with_publisher(text, target), target, decision, |mut arrival| {
                    arrival.likeness.before = before;
                    Action::Version(arrival, edit)
                });
            }
            Deed::Restate => {
                let decision = decision(None);
                self.touched.insert(target);
                self.edited.insert(target);
                self.know(&text, target);
                self.act(self.with_publisher(text, target), target, decision, Action::Restated);
            }
            Deed::Copy => {
                let decision = decision(None);
                // Its names lead to the release from here on; that they are a copy's is known once it is stored.
                self.touched.insert(target);
                self.knowledge.older.entry(target).or_default().insert(text.parsed.sha256.clone());
                self.know(&text, target);
                self.act(text, target, decision, Action::Copy);
            }
        }
        None
    }

    /// A text that was known when the batch was read, and has not been described: it is unchanged unless its release changed since.
    fn undescribed(&mut self, text: &Arriving) {
        let known = own(&text.names).find_map(|(how, hash)| Some((how, *self.knowledge.known.get(&hash)?)));
        let (how, seq) = known.map_or((text.names.how, 0), |(how, known)| (how, known.seq));
        let decision = Decision { outcome: Outcome::Unchanged, how: Some(how), score: None, reason: String::new(), other: None };
        self.push(text, seq, decision, Action::Nothing);
    }

    /// The first rule that answers: the release, by what it was recognised, and what is to be done.
    fn verdict(&self, text: &Arriving) -> Result<Option<(i64, How, Verdict)>, Later> {
        let unchanged = || Verdict { outcome: Outcome::Unchanged, deed: Deed::Nothing, score: None, reason: String::new() };
        let known = own(&text.names).find_map(|(how, hash)| Some((how, *self.knowledge.known.get(&hash)?)));
        if let Some((how, known)) = known
            && known.fingerprint == text.names.fingerprint
        {
            return Ok(Some((known.seq, how, unchanged())));
        }
        let Some(subject) = subject(text, self.document) else { return Ok(None) };
        let mut resembled = None;
        if let Some((how, known)) = known {
            let Some(held) = self.held(known.seq)? else { return Ok(None) };
            if how == How::Words && known.copy == 0 && decide::is_another_year(subject, held) {
                resembled = Some((known.seq, how, decide::another_year(subject, held)));
            }
            let older = self.knowledge.older.get(&known.seq);
            let is_held = |sha256: &str| older.is_some_and(|older| older.contains(sha256));
            if known.copy > 0 {
                let verdict = decide::by_name_of_copy(subject, held, &is_held);
                return Ok(Some((known.seq, how, verdict)));
            }
            if resembled.is_none() {
                let verdict = decide::by_name(subject, held, how, &is_held);
                return Ok(Some((known.seq, how, verdict)));
            }
        }
        for (seq, how) in self.others(text, subject) {
            let Some(held) = self.held(seq)? else { continue };
            let verdict = match how {
                How::Url if subject.found.description.lang != held.profile.lang => Some(Verdict {
                    outcome: Outcome::New,
                    deed: Deed::Translation,
                    score: None,
                    reason: "The same page in another language.".into(),
                }),
                How::Url => decide::by_likeness(subject, held),
                How::Number => same_publisher(subject, held).then(|| decide::by_number(subject, held)),
                _ => Some(decide::by_text(subject, held)),
            };
            match verdict {
                Some(verdict) if verdict.deed == Deed::New => resembled = Some((seq, how, verdict)),
                Some(verdict) => return Ok(Some((seq, how, verdict))),
                None => {}
            }
        }
        Ok(self.nearest(subject)?.or(resembled))
    }

    /// Releases that the text may be, by page, by number and by its words, in this order.
    fn others(&self, text: &Arriving, subject: Subject<'_>) -> Vec<(i64, How)> {
        let page = text.names.page.and_then(|page| self.knowledge.known.get(&page)).map(|known| (known.seq, How::Url));
        let numbered = number(subject.found).and_then(|number| self.knowledge.numbered.get(&number)).into_iter().flatten();
        let like = self.matcher.like.as_ref();
        let words = subject.found.words().and_then(|words| like?.words.get(&words)).map(|seq| (*seq, How::Text));
        page.into_iter().chain(numbered.map(|seq| (*seq, How::Number))).chain(words).collect()
    }

    /// The likest release that is near enough; or the likest of all with the reason why it is another one.
    fn nearest(&self, subject: Subject<'_>) -> Result<Option<(i64, How, Verdict)>, Later> {
        let (Some(sketch), Some(like)) = (&subject.found.sketch, &self.matcher.like) else { return Ok(None) };
        let mut resembled = None;
        for (seq, estimate) in like.near.candidates(sketch, LIKEST) {
            let Some(profile) = self.profile(seq)? else { continue };
            match decide::may_be(subject, profile) {
                Ok(()) => {
                    let verdict = self.held(seq)?.and_then(|held| decide::by_likeness(subject, held));
                    if let Some(verdict) = verdict {
                        return Ok(Some((seq, How::Near, verdict)));
                    }
                }
                Err(why) if estimate >= ALIKE && resembled.is_none() => {
                    let reason = format!("Nearly the same words as another release, but {why}.");
                    let verdict = Verdict { outcome: Outcome::New, deed: Deed::New, score: Some(estimate), reason };
                    resembled = Some((seq, How::Near, verdict));
                }
                Err(_) => {}
            }
        }
        Ok(resembled)
    }

    /// A release with its words, as it is at this moment.
    fn held(&self, seq: i64) -> Result<Option<&Held>, Later> {
        match self.fresh.get(&seq) {
            Some(held) => Ok(Some(held)),
            None => self.known_now(seq, self.knowledge.held.get(&seq)),
        }
    }

    fn profile(&self, seq: i64) -> Result<Option<&Profile>, Later> {
        match self.fresh.get(&seq) {
            Some(held) => Ok(Some(&held.profile)),
            None => self.known_now(seq, self.knowledge.profiles.get(&seq)),
        }
    }

    /// What was looked up about a release, unless it changed since or was not looked up. The first text of a batch has been looked up by itself:
    /// what is missing for it is not held any more.
    fn known_now<'k, T>(&self, seq: i64, looked_up: Option<&'k T>) -> Result<Option<&'k T>, Later> {
        match looked_up {
            Some(known) if !self.touched.contains(&seq) => Ok(Some(known)),
            found if self.incoming.is_empty() => Ok(found),
            _ => Err(Later),
        }
    }

    /// A release of its own.
    fn add_new(&mut self, text: Arriving, decision: Option<Decision>, translates: Option<i64>) {
        let seq = self.matcher.next_seq;
        self.matcher.next_seq += 1;
        self.touched.insert(seq);
        self.know(&text, seq);
        self.remember_words(&text, seq);
        if let Some(found) = &text.found {
            let profile = profile_of(&text, found, seq, &self.document.sha256);
            self.fresh.insert(seq, Held { profile, parsed: text.parsed.clone(), folded: found.folded.clone() });
            if let Some(number) = number(found) {
                self.knowledge.numbered.entry(number).or_default().push(seq);
            }
        }
        let nothing_like_it = Decision { outcome: Outcome::New, how: None, score: None, reason: String::new(), other: None };
        self.act(text, seq, decision.unwrap_or(nothing_like_it), |mut arrival| {
            arrival.translates = translates;
            Action::New(arrival)
        });
    }

    /// A source that does not name its publisher leaves the one that is known.
    fn with_publisher(&self, mut text: Arriving, seq: i64) -> Arriving {
        let held = self.fresh.get(&seq).or_else(|| self.knowledge.held.get(&seq));
        if let (false, Some(held)) = (text.names.source.is_known(), held) {
            text.names.source = held.profile.source.clone();
        }
        text
    }

    /// From here on the names of a text lead to a release.
    fn know(&mut self, text: &Arriving, seq: i64) {
        let known = Known { seq, copy: 0, fingerprint: text.names.fingerprint };
        for hash in names(&text.names) {
            self.knowledge.known.entry(hash).or_insert(known);
        }
    }

    fn remember_words(&mut self, text: &Arriving, seq: i64) {
        if let (Some(found), Some(like)) = (&text.found, &mut self.matcher.like) {
            like.add(seq, found.words(), found.sketch.as_ref());
        }
    }

    /// A release has the words of a text from here on, and no longer those that it had, whose hash is returned.
    fn replace_words(&mut self, text: &Arriving, seq: i64) -> Option<i64> {
        let before = self.fresh.get(&seq).or_else(|| self.knowledge.held.get(&seq)).and_then(|held| words_of(&held.folded));
        if let (Some(found), Some(like)) = (&text.found, &mut self.matcher.like) {
            like.replace(seq, before, found.words(), found.sketch.as_ref());
        }
        before
    }

    fn act(&mut self, text: Arriving, seq: i64, decision: Decision, action: impl FnOnce(Box<Arrival>) -> Action) {
        let Some(found) = text.found else { return };
        let (position, at, sha256) = (text.parsed.position, text.parsed.at, text.parsed.sha256.clone());
        let arrival = Arrival {
            identity: text.names.identity,
            aliases: text.names.aliases(),
            fingerprint: text.names.fingerprint,
            source: text.names.source,
            url: text.names.url,
            likeness: found.likeness(),
            release: DescribedRelease { parsed: text.parsed, description: found.description },
            translates: None,
        };
        self.incoming.push(Incoming { seq, position, at, sha256, decision, action: action(Box::new(arrival)) });
    }

    fn push(&mut self, text: &Arriving, seq: i64, decision: Decision, action: Action) {
        let parsed = &text.parsed;
        self.incoming.push(Incoming { seq, position: parsed.position, at: parsed.at, sha256: parsed.sha256.clone(), decision, action });
    }
}

/// A hash of the words of a text; `None` for one that is too short to tell by them.
fn words_of(folded: &Folded) -> Option<i64> {
    folded.sketch().map(|_| folded.words_hash())
}

/// Numbers are a publisher's own.
fn same_publisher(subject: Subject<'_>, held: &Held) -> bool {
    subject.names.source.slug == held.profile.source.slug
}

fn profile_of(text: &Arriving, found: &Found, seq: i64, document_sha256: &str) -> Profile {
    let published = &found.description.published;
    Profile {
        seq,
        title: text.parsed.title_text(),
        key: text.parsed.given.key.clone(),
        url: text.names.url.clone(),
        source: text.names.source.clone(),
        lang: found.description.lang.clone(),
        number: found.description.number.clone(),
        published: (published.earliest, published.latest),
        fingerprint: text.names.fingerprint,
        document_sha256: document_sha256.to_owned(),
        // Not seen before this batch: nothing can have come back.
        seen_on: chrono::NaiveDate::MAX,
        erased: false,
    }
}
