//! Who is who: each text on its way in is matched with what the archive holds, and decided.
//!
//! In this order: by key or original address, by the publisher's number, by the same words, by nearly the same words; the first that
//! answers decides. What is known under a name is looked up in the database, for a whole batch at once; words are compared through hashes
//! and sketches that are kept in memory while texts come in (some 200 bytes a release), so that no text is compared with all others.

mod batch;
mod decide;
mod like;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::Result;
use super::recognise::{Arriving, Found, Names};
use crate::describe::likeness::{Folded, Sketch};
use crate::model::{DocumentOrder, How};
use crate::store::{ArchiveStore, DocumentRecord, Incoming, Known, LikenessEntry, Profile};
use batch::Decided;
use decide::{Held, Subject};
use like::Like;

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

/// What is known about the texts of a batch, looked up at once.
#[derive(Default)]
struct Knowledge {
    known: HashMap<i64, Known>,
    numbered: HashMap<String, Vec<i64>>,
    profiles: HashMap<i64, Profile>,
    held: HashMap<i64, Held>,
    older: HashMap<i64, HashSet<String>>,
}

impl Matcher {
    pub async fn new(store: Arc<dyn ArchiveStore>) -> Result<Self> {
        let next_seq = store.next_seq().await?;
        Ok(Self { store, next_seq, like: None })
    }

    /// Decides about the first texts: all of them, or as many as do not touch one release twice. What is decided must be stored before
    /// the next call.
    pub async fn decide(&mut self, texts: &mut VecDeque<Arriving>, document: &DocumentRecord) -> Result<Vec<Incoming>> {
        let knowledge = self.look_up(texts, document).await?;
        let mut batch = Decided::new(self, knowledge, document);
        while let Some(text) = texts.pop_front() {
            if let Some(text) = batch.take(text) {
                texts.push_front(text);
                break;
            }
        }
        Ok(batch.incoming())
    }

    async fn look_up(&mut self, texts: &VecDeque<Arriving>, document: &DocumentRecord) -> Result<Knowledge> {
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
        let mut likest_of_each: Vec<Vec<(i64, f64)>> = Vec::with_capacity(texts.len());
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
            likest_of_each.push(likest);
        }
        light.extend(&whole);
        let light: Vec<i64> = light.into_iter().collect();
        knowledge.profiles = self.store.profiles(&light).await?.into_iter().map(|profile| (profile.seq, profile)).collect();
        // The words of those that are near are only wanted where nothing else speaks against them.
        for (text, likest) in texts.iter().zip(&likest_of_each) {
            let Some(subject) = subject(text, document) else { continue };
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
                let mut like = Like::with_room(usize::try_from(self.next_seq).unwrap_or(0));
                let mut after = 0;
                loop {
                    let page = self.store.likenesses(after, PAGE).await?;
                    let Some(last) = page.last() else { break };
                    after = last.entry;
                    for LikenessEntry { seq, again, likeness, .. } in &page {
                        let sketch = likeness.sketch.as_deref().and_then(Sketch::from_bytes);
                        if *again {
                            like.replace(*seq, likeness.before, likeness.words, sketch.as_ref());
                        } else {
                            like.add(*seq, likeness.words, sketch.as_ref());
                        }
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

fn subject<'a>(text: &'a Arriving, document: &'a DocumentRecord) -> Option<Subject<'a>> {
    let found = text.found.as_ref()?;
    // A page shows all its releases side by side.
    let page = document.format.order() == DocumentOrder::NewestFirst;
    let fetched_on = document.sidecar.fetched_on;
    Some(Subject { parsed: &text.parsed, names: &text.names, found, document: &document.sha256, page, fetched_on })
}
