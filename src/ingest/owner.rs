//! The owner's hand: withdrawing, restoring, putting right, ruling who is who. Each is stored first and then indexed.

use std::sync::Arc;

use serde_json::{Value, json};

use super::recognise::{Found, Names, Origin};
use super::{Clock, IngestError, Quiet, Result, describe, sync};
use crate::describe::likeness::Folded;
use crate::describe::{DocumentFacts, Vocabulary, describe as describe_releases};
use crate::index::{IndexError, SearchIndex};
use crate::model::history::Field;
use crate::model::{Basis, DescribedRelease, Kind, ParsedRelease, PublicationDate, ReleaseId};
use crate::store::{ArchiveStore, Arrival, SplitFrom, Standing, StoredDocument};

/// What the owner of an archive can do beside loading. Messages are sentences.
pub struct Owner {
    store: Arc<dyn ArchiveStore>,
    index: Arc<SearchIndex>,
    clock: Clock,
}

impl Owner {
    pub fn new(store: Arc<dyn ArchiveStore>, index: Arc<SearchIndex>, clock: Clock) -> Self {
        Self { store, index, clock }
    }

    /// Takes a release out of lists and search; its address tells why.
    pub async fn withdraw(&self, id: ReleaseId, reason: &str) -> Result<()> {
        let release = self.own(id).await?;
        if release.withdrawn {
            return refused(format!("{id} is withdrawn already"));
        }
        self.store.withdraw(release.seq, &said(reason, "--reason")?, &self.clock.now()).await?;
        self.index().await
    }

    /// Withdraws a release and takes its words out of the archive.
    pub async fn erase(&self, id: ReleaseId, reason: &str) -> Result<()> {
        let release = self.own(id).await?;
        if release.erased {
            return refused(format!("the words of {id} were taken out already"));
        }
        self.store.erase(release.seq, &said(reason, "--reason")?, &self.clock.now()).await?;
        // An index keeps the words of what was deleted until its files are merged: it is built anew, without them.
        sync::rebuild(&*self.store, &self.index, &mut Quiet).await?;
        self.index().await
    }

    pub async fn reinstate(&self, id: ReleaseId) -> Result<()> {
        let release = self.own(id).await?;
        if release.erased {
            return refused(format!(
                "the words of {id} were taken out of the archive, so it cannot be shown again; import its document into another archive"
            ));
        }
        if !release.withdrawn {
            return refused(format!("{id} is not withdrawn"));
        }
        self.store.reinstate(release.seq, &self.clock.now()).await?;
        self.index().await
    }

    /// Puts a field right; `None` goes back to what the program finds by itself.
    pub async fn correct(&self, id: ReleaseId, field: Field, value: Option<&str>, because: &str) -> Result<()> {
        self.correct_all(id, &[(field, value)], because).await
    }

    /// Puts several fields right: all of them, or none where one value is wrong.
    pub async fn correct_all(&self, id: ReleaseId, changes: &[(Field, Option<&str>)], because: &str) -> Result<()> {
        let release = self.own(id).await?;
        if release.erased {
            return refused(format!("the words of {id} were taken out of the archive: there is nothing to put right"));
        }
        let because = said(because, "--because")?;
        let mut values = Vec::with_capacity(changes.len());
        for (field, value) in changes {
            let value = match value {
                Some(value) => Some(self.read_value(*field, value).await?),
                None => None,
            };
            values.push((*field, value));
        }
        for (field, value) in values {
            self.store.correct(release.seq, field, value.as_ref(), &because, &self.clock.now()).await?;
        }
        self.index().await
    }

    /// What the owner wrote for a field, checked.
    async fn read_value(&self, field: Field, value: &str) -> Result<Value> {
        let value = value.trim();
        match field {
            Field::Date if value == "unknown" => Ok(json!({ "edtf": null })),
            Field::Date => match PublicationDate::stated(value, Basis::Owner) {
                Ok(stated) => Ok(json!({ "edtf": stated.edtf })),
                Err(why) => refused(format!("--date: {why}. Write a day (2025-04-30), a month, a year, EDTF, or unknown")),
            },
            Field::Title if value.is_empty() => refused("--title is empty".into()),
            Field::Title => Ok(json!(value)),
            Field::Kind => match value.parse::<Kind>() {
                Ok(kind) => Ok(json!(kind.token())),
                Err(()) => {
                    let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.token()).collect();
                    refused(format!("--kind “{value}” is not known. Known kinds: {}", known.join(", ")))
                }
            },
            Field::Topics => {
                let known = self.store.topics().await?;
                let slugs: Vec<&str> = value.split(',').map(str::trim).filter(|slug| !slug.is_empty()).collect();
                match slugs.iter().find(|slug| !known.iter().any(|topic| topic.slug == **slug)) {
                    Some(unknown) => refused(format!("--topics: “{unknown}” is no topic of this archive's vocabulary (see /topics)")),
                    None => Ok(json!(slugs)),
                }
            }
        }
    }

    /// Says that two releases belong together: as two languages of one, or as one that was taken for two.
    pub async fn link(&self, id: ReleaseId, other: ReleaseId, because: &str, as_translation: bool) -> Result<()> {
        let (one, two) = (self.own(id).await?, self.own(other).await?);
        if one.seq == two.seq {
            return refused(format!("{id} and {other} are one release already"));
        }
        if one.erased || two.erased {
            return refused("the words of one of them were taken out of the archive, so nothing can be said about them".into());
        }
        let withdrawn = [(id, &one), (other, &two)].into_iter().find(|(_, release)| release.withdrawn);
        if let (Some((id, _)), false) = (withdrawn, as_translation) {
            return refused(format!("{id} is withdrawn: as one release they would both be shown, or neither; reinstate {id} first"));
        }
        let (because, at) = (said(because, "--because")?, self.clock.now());
        if as_translation {
            if one.family.is_some() && one.family == two.family {
                return refused(format!("{id} and {other} are linked already"));
            }
            self.store.translate(one.seq, two.seq, &because, &at).await?;
        } else {
            let texts = self.store.parsed(&[one.seq, two.seq]).await?;
            let score = match texts.as_slice() {
                [(_, a), (_, b)] => Folded::of_release(a).likeness(&Folded::of_release(b)),
                _ => 0.0,
            };
            self.store.merge(one.seq, two.seq, score, &because, &at).await?;
        }
        self.index().await
    }

    /// Takes a link back, be it one of the owner's or one of the program's.
    pub async fn unlink(&self, id: ReleaseId, other: ReleaseId, because: &str) -> Result<()> {
        let (one, two) = (self.standing(id).await?, self.standing(other).await?);
        let (seq, other_seq) = match (one.merged_into, two.merged_into) {
            (_, Some(into)) if into == one.seq => (one.seq, two.seq),
            (Some(into), _) if into == two.seq => (two.seq, one.seq),
            _ if one.family.is_some() && one.family == two.family => (one.seq, two.seq),
            _ => return refused(format!("{id} and {other} are not linked. To part a release from one of its sources, use split")),
        };
        if one.erased || two.erased {
            return refused(
                "the words of one of them were taken out of the archive, and the other’s with them: nothing is left to part".into(),
            );
        }
        self.store.separate(seq, other_seq, &said(because, "--because")?, &self.clock.now()).await?;
        super::likeness::complete(&*self.store).await?;
        self.index().await
    }

    /// Makes a release of its own of a source of a release, or of its current version. Returns its id.
    pub async fn split(&self, id: ReleaseId, from: SplitFrom, because: &str) -> Result<ReleaseId> {
        let release = self.own(id).await?;
        let because = said(because, "--because")?;
        let (parsed, document, identity) = match from {
            SplitFrom::Copy(number) => match self.store.copy(release.seq, number).await? {
                Some(copy) => (copy.parsed, copy.document, Some(copy.identity)),
                None => return refused(format!("{id} has no source number {number}; explain {id} lists them")),
            },
            SplitFrom::CurrentVersion if release.version == 1 => {
                return refused(format!("{id} has one version only, so there is nothing to split"));
            }
            SplitFrom::CurrentVersion => match (self.store.parsed(&[release.seq]).await?.pop(), self.document(release.document).await?) {
                (Some((_, parsed)), Some(document)) => (parsed, document, None),
                _ => return refused(format!("{id} has no text")),
            },
        };
        let arrival = self.arrival(parsed, &document, identity).await?;
        let at = self.clock.now();
        let new = self.store.split(release.seq, from, self.store.next_seq().await?, &arrival, &because, &at).await?;
        if from == SplitFrom::CurrentVersion {
            // The version before stands there again, with what was found about the one that left.
            if let (Some(left), Some(vocabulary)) = (self.store.standing(id).await?, self.vocabulary().await?) {
                describe::describe_document(&*self.store, left.document, &vocabulary, &at).await?;
            }
        }
        super::likeness::complete(&*self.store).await?;
        self.index().await?;
        Ok(new)
    }

    async fn arrival(&self, parsed: ParsedRelease, document: &StoredDocument, identity: Option<[u8; 32]>) -> Result<Arrival> {
        let record = &document.record;
        let facts = DocumentFacts { format: record.format, sidecar: &record.sidecar };
        let names = Names::of(&parsed, Origin { format: record.format, sidecar: &record.sidecar });
        let Some(vocabulary) = self.vocabulary().await? else { return refused("the archive has no vocabularies yet".into()) };
        let Some(description) = describe_releases(std::slice::from_ref(&parsed), facts, &vocabulary).pop() else {
            return refused("the text could not be described".into());
        };
        let found = Found::of(&parsed, description);
        Ok(Arrival {
            identity: identity.map_or(names.identity, crate::model::release::Identity::stored),
            aliases: names.aliases(),
            fingerprint: names.fingerprint,
            source: names.source,
            url: names.url,
            likeness: found.likeness(),
            release: DescribedRelease { parsed, description: found.description },
            translates: None,
        })
    }

    async fn vocabulary(&self) -> Result<Option<Vocabulary>> {
        Ok(match self.store.vocabulary().await? {
            Some((topics, gazetteer)) => Some(Vocabulary::load(&topics, &gazetteer)?),
            None => None,
        })
    }

    async fn document(&self, id: i64) -> Result<Option<StoredDocument>> {
        Ok(self.store.documents(id - 1, 1).await?.pop())
    }

    async fn standing(&self, id: ReleaseId) -> Result<Standing> {
        match self.store.standing(id).await? {
            Some(standing) => Ok(standing),
            None => refused(format!("the archive has no release {id}")),
        }
    }

    /// A release that stands for itself.
    async fn own(&self, id: ReleaseId) -> Result<Standing> {
        let standing = self.standing(id).await?;
        if standing.merged_into.is_some() {
            return refused(format!("{id} was found to be another release, where its address leads; use that one's id, or unlink them"));
        }
        Ok(standing)
    }

    /// Brings the index up to date; where another process is at it, that one follows what was written here too.
    async fn index(&self) -> Result<()> {
        match self.index.writer() {
            Err(IndexError::Busy) => return Ok(()),
            taken => drop(taken?),
        }
        sync::catch_up(&*self.store, &self.index).await?;
        Ok(())
    }
}

fn refused<T>(sentence: String) -> Result<T> {
    Err(IngestError::Refused(sentence))
}

/// A reason that says something.
fn said(reason: &str, flag: &str) -> Result<String> {
    let reason = crate::model::release::fold_spaces(reason);
    if reason.is_empty() { refused(format!("{flag} says nothing: readers are shown the reason")) } else { Ok(reason) }
}
