//! Who is who: each text on its way in is matched with what the archive holds, and decided.
//!
//! In this order: by key or original address, by the publisher's number, by the same words, by nearly the same words; the first that
//! answers decides. What is known under a name is looked up in the database, for a whole batch at once; words are compared through hashes
//! and sketches that are kept in memory while texts come in (some 200 bytes a release), so that no text is compared with all others.

mod decide;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::Result;
use super::recognise::{Arriving, Found, Names};
use crate::describe::likeness::{Folded, Near, Sketch};
use crate::model::{Decision, DescribedRelease, DocumentOrder, How, Outcome};
use crate::store::{Action, ArchiveStore, Arrival, DocumentRecord, Incoming, Known, Profile};
use decide::{Deed, Held, Subject, Verdict};

pub use decide::ALIKE;

/// So many of the likest releases are looked at for one text.
const LIKEST: usize = 4;

/// Likenesses read at a time.
const PAGE: u32 = 20_000;

/// Matches the texts of one load. What it has decided it remembers, so that a text is also matched with those before it.
pub struct Matcher {
    store: Arc<dyn ArchiveStore>,
    next_seq: i64,
    /// Read when a text first asks for it.
    like: Option<Like>,
}

/// The words of everything that is held, for comparing.
#[derive(Default)]
struct Like {
    words: HashMap<i64, i64>,
    near: Near,
}

impl Like {
    fn add(&mut self, seq: i64, words: Option<i64>, sketch: Option<&Sketch>) {
        if let Some(words) = words {
            self.words.entry(words).or_insert(seq);
        }
        if let Some(sketch) = sketch {
            self.near.insert(seq, sketch);
        }
    }
}

/// What is known about the texts of a batch, looked up at once.
#[derive(Default)]
struct Knowledge {
    known: HashMap<i64, Known>,
    numbered: HashMap<String, Vec<i64>>,
    profiles: HashMap<i64, Profile>,
    held: HashMap<i64, Held>,
    older: HashMap<i64, HashSet<String>>,
    /// For each text the likest releases that are held.
    likest: Vec<Vec<(i64, f64)>>,
}

impl Matcher {
    pub async fn new(store: Arc<dyn ArchiveStore>) -> Result<Self> {
        let next_seq = store.next_seq().await?;
        Ok(Self { store, next_seq, like: None })
    }

    /// Decides about the first texts: all of them, or as many as do not touch one release twice. What is decided must be stored before
    /// the next call.
    pub async fn decide(&mut self, texts: &mut VecDeque<Arriving>, document: &DocumentRecord) -> Result<Vec<Incoming>> {
        let knowledge = self.look_up(texts).await?;
        let mut batch = Decided {
            matcher: self,
            knowledge,
            document,
            fresh: HashMap::new(),
            touched: HashSet::new(),
            edited: HashSet::new(),
            incoming: Vec::new(),
        };
        let mut turn = 0;
        while let Some(text) = texts.pop_front() {
            if let Some(text) = batch.take(text, turn) {
                texts.push_front(text);
                break;
            }
            turn += 1;
        }
        Ok(batch.incoming)
    }

    async fn look_up(&mut self, texts: &VecDeque<Arriving>) -> Result<Knowledge> {
        let identities: Vec<_> = texts.iter().flat_map(|text| text.names.beside.into_iter().chain([text.names.identity])).collect();
        let aliases: Vec<i64> = texts.iter().flat_map(|text| names(&text.names)).collect();
        let mut knowledge = Knowledge { known: self.store.known(&identities, &aliases).await?, ..Knowledge::default() };
        let numbers: Vec<String> = texts.iter().filter_map(|text| number(text.found.as_ref()?)).collect();
        if !numbers.is_empty() {
            for (number, seq) in self.store.numbered(&numbers).await? {
                knowledge.numbered.entry(number).or_default().push(seq);
            }
        }
        let mut whole: HashSet<i64> = HashSet::new();
        let mut light: HashSet<i64> = HashSet::new();
        for text in texts {
            let mut likest = Vec::new();
            let by_name = own(&text.names).find_map(|(_, hash)| knowledge.known.get(&hash));
            match (by_name, &text.found) {
                (Some(known), _) if known.fingerprint == text.names.fingerprint => {}
                (Some(known), Some(_)) if text.names.how != How::Words => {
                    whole.insert(known.seq);
                }
                (known, Some(found)) => {
                    // Title and opening words may return in a later year: the rest is looked at too.
                    whole.extend(known.map(|known| known.seq));
                    whole.extend(text.names.page.and_then(|page| knowledge.known.get(&page)).map(|known| known.seq));
                    whole.extend(number(found).and_then(|number| knowledge.numbered.get(&number)).into_iter().flatten());
                    if let Some(sketch) = &found.sketch {
                        let like = self.like().await?;
                        whole.extend(found.words().and_then(|words| like.words.get(&words)));
                        likest = like.near.candidates(sketch, LIKEST);
                        light.extend(likest.iter().map(|(seq, _)| *seq));
                    }
                }
                (_, None) => {}
            }
            knowledge.likest.push(likest);
        }
        light.extend(&whole);
        let light: Vec<i64> = light.into_iter().collect();
        knowledge.profiles = self.store.profiles(&light).await?.into_iter().map(|profile| (profile.seq, profile)).collect();
        // The words of those that are near are only wanted where nothing else speaks against them.
        for (text, likest) in texts.iter().zip(&knowledge.likest) {
            let Some(subject) = subject(text, "", false) else { continue };
            let near =
                likest.iter().filter(|(seq, _)| knowledge.profiles.get(seq).is_some_and(|held| decide::may_be(subject, held).is_ok()));
            whole.extend(near.map(|(seq, _)| *seq));
        }
        let whole: Vec<i64> = whole.into_iter().collect();
        for (seq, parsed) in self.store.parsed(&whole).await? {
            let Some(profile) = knowledge.profiles.get(&seq).cloned() else { continue };
            let folded = Folded::of_release(&parsed);
            knowledge.held.insert(seq, Held { profile, parsed, folded });
        }
        for (seq, sha256) in self.store.other_texts(&whole).await? {
            knowledge.older.entry(seq).or_default().insert(sha256);
        }
        Ok(knowledge)
    }

    async fn like(&mut self) -> Result<&mut Like> {
        let like = match self.like.take() {
            Some(like) => like,
            None => {
                let mut like = Like { words: HashMap::new(), near: Near::with_room(usize::try_from(self.next_seq).unwrap_or(0)) };
                let mut after = 0;
                loop {
                    let page = self.store.likenesses(after, PAGE).await?;
                    let Some((last, _)) = page.last() else { break };
                    after = *last;
                    for (seq, likeness) in &page {
                        let sketch = likeness.sketch.as_deref().and_then(Sketch::from_bytes);
                        like.add(*seq, likeness.words, sketch.as_ref());
                    }
                }
                like
            }
        };
        Ok(self.like.insert(like))
    }
}

/// The names of a text itself, the strongest first.
fn own(names: &Names) -> impl Iterator<Item = (How, i64)> {
    let identities = names.beside.into_iter().chain([names.identity]).map(|identity| (names.how, identity.alias()));
    identities.chain(names.address.map(|address| (How::Url, address)))
}

/// These, and the name of its page in any language, which may stand for several releases.
fn names(names: &Names) -> impl Iterator<Item = i64> {
    own(names).map(|(_, hash)| hash).chain(names.page)
}

/// The publisher's number as it is looked up: the year in parentheses and what follows, without spaces.
fn number(found: &Found) -> Option<String> {
    let number: String = found.description.number.as_ref()?.chars().filter(|c| *c != ' ').collect();
    number.find('(').map(|at| number[at..].to_owned())
}

fn subject<'a>(text: &'a Arriving, document: &'a str, page: bool) -> Option<Subject<'a>> {
    let found = text.found.as_ref()?;
    Some(Subject { parsed: &text.parsed, names: &text.names, found, document, page })
}

/// A batch as it is decided.
struct Decided<'a> {
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

impl Decided<'_> {
    /// Decides about a text. Gives it back where what it touches must be stored first.
    fn take(&mut self, text: Arriving, turn: usize) -> Option<Arriving> {
        let document = self.document;
        let page = document.format.order() == DocumentOrder::NewestFirst;
        let Some((target, how, verdict)) = self.verdict(&text, turn, page) else {
            // Not described, because it was known to the letter when the batch was read; or nothing like it is known.
            return match text.found.is_some() {
                true => {
                    self.add_new(text, None, None);
                    None
                }
                false => self.undescribed(text),
            };
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
                self.remember_words(&text, target);
                self.act(self.with_publisher(text, target), target, decision, |arrival| Action::Version(arrival, edit));
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
                self.know(&text, target);
                self.act(text, target, decision, Action::Copy);
            }
        }
        None
    }

    /// A text that was known when the batch was read, and has not been described: it is unchanged unless its release changed since.
    fn undescribed(&mut self, text: Arriving) -> Option<Arriving> {
        let known = own(&text.names).find_map(|(how, hash)| Some((how, *self.knowledge.known.get(&hash)?)));
        let (how, seq) = known.map_or((text.names.how, 0), |(how, known)| (how, known.seq));
        let decision = Decision { outcome: Outcome::Unchanged, how: Some(how), score: None, reason: String::new(), other: None };
        self.push(&text, seq, decision, Action::Nothing);
        None
    }

    /// The first rule that answers: the release, by what it was recognised, and what is to be done.
    fn verdict(&self, text: &Arriving, turn: usize, page: bool) -> Option<(i64, How, Verdict)> {
        let unchanged = || Verdict { outcome: Outcome::Unchanged, deed: Deed::Nothing, score: None, reason: String::new() };
        let known = own(&text.names).find_map(|(how, hash)| Some((how, *self.knowledge.known.get(&hash)?)));
        if let Some((how, known)) = known
            && known.fingerprint == text.names.fingerprint
        {
            return Some((known.seq, how, unchanged()));
        }
        let subject = subject(text, &self.document.sha256, page)?;
        let mut resembled = None;
        if let Some((how, known)) = known {
            let held = self.held(known.seq)?;
            if how == How::Words && known.copy == 0 && decide::is_another_year(subject, held) {
                resembled = Some((known.seq, how, decide::another_year(subject, held)));
            }
        }
        if let (Some((how, known)), None) = (known, &resembled) {
            let held = self.held(known.seq)?;
            let verdict = if known.copy > 0 {
                changed_copy(held, subject)
            } else {
                let older = self.knowledge.older.get(&known.seq);
                decide::by_name(subject, held, how, &|sha256| older.is_some_and(|older| older.contains(sha256)))
            };
            return Some((known.seq, how, verdict));
        }
        for (seq, how) in self.others(text, subject) {
            let Some(held) = self.held(seq) else { continue };
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
                Some(verdict) => return Some((seq, how, verdict)),
                None => {}
            }
        }
        self.nearest(subject, turn).or(resembled)
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
    fn nearest(&self, subject: Subject<'_>, turn: usize) -> Option<(i64, How, Verdict)> {
        let mut likest: Vec<(i64, f64)> = self.knowledge.likest.get(turn).cloned().unwrap_or_default();
        if let (Some(sketch), Some(like), false) = (&subject.found.sketch, &self.matcher.like, self.fresh.is_empty()) {
            let here = like.near.candidates(sketch, LIKEST).into_iter().filter(|(seq, _)| self.fresh.contains_key(seq));
            likest.extend(here);
            likest.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        }
        let mut resembled = None;
        for (seq, estimate) in likest {
            let Some(profile) = self.fresh.get(&seq).map(|held| &held.profile).or_else(|| self.knowledge.profiles.get(&seq)) else {
                continue;
            };
            match decide::may_be(subject, profile) {
                Ok(()) => {
                    let verdict = self.held(seq).and_then(|held| decide::by_likeness(subject, held));
                    if let Some(verdict) = verdict {
                        return Some((seq, How::Near, verdict));
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
        resembled
    }

    fn held(&self, seq: i64) -> Option<&Held> {
        self.fresh.get(&seq).or_else(|| self.knowledge.held.get(&seq))
    }

    /// A source that does not name its publisher leaves the one that is known.
    fn with_publisher(&self, mut text: Arriving, seq: i64) -> Arriving {
        if let (false, Some(held)) = (text.names.source.is_known(), self.held(seq)) {
            text.names.source = held.profile.source.clone();
        }
        text
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

/// A copy whose words changed at its source: kept as a further copy.
fn changed_copy(held: &Held, subject: Subject<'_>) -> Verdict {
    let score = Some(subject.found.folded.likeness(&held.folded));
    Verdict {
        outcome: Outcome::Mirror,
        deed: Deed::Copy,
        score,
        reason: format!("{} changed its copy.", decide::named(&subject.names.source)),
    }
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
        erased: false,
    }
}
