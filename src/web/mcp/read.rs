//! The tools that read and cite.

use super::address::Named;
use super::arguments::{self, CHARACTERS, MAX_CHARACTERS_READ, MIN_CHARACTERS, bounded};
use super::shapes::{Next, Passage, Text};
use super::told;
use crate::model::release::fold_spaces;
use crate::model::{Block, Gone, History, Release, ReleaseId};
use crate::reading::history::Lasting;
use crate::web::api::cite::{Citations, cited_release};
use crate::web::api::params::MAX_PASSAGE;
use crate::web::api::shapes::{Published, Publisher, Silent};
use crate::web::error::{Failure, Tombstone};
use crate::web::pages::gone::{no_passage, no_version};
use crate::web::state::App;
use crate::web::urls::Urls;

/// A release by its id, or by its address in this archive; what is said where it is not shown.
pub async fn shown(app: &App, typed: &str) -> Result<(Release, History), String> {
    held(app, Named::read(typed, app.urls())?.id).await
}

async fn held(app: &App, id: ReleaseId) -> Result<(Release, History), String> {
    match app.archive().release_with_history(id).await {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(absent(app, id).await),
        Err(error) => Err(told(&Failure::from(error))),
    }
}

/// What is read where versions and passages may be named: a version that was split off is led to, and of a release that is held to be another one
/// only what was quoted from it is given.
async fn lasting(app: &App, named: &mut Named) -> Result<Lasting, String> {
    let failed = |error| told(&Failure::from(error));
    if let Some(number) = named.version
        && app.archive().version(named.id, number).await.map_err(failed)?.is_none()
        && let Some(other) = app.archive().split_off(named.id, number).await.map_err(failed)?
    {
        (named.id, named.version) = (other, Some(1));
    }
    let quoted = named.version.is_some() || named.passage.is_some();
    match app.archive().lasting(named.id).await.map_err(failed)? {
        Some(lasting) if lasting.joined.is_none() || quoted => Ok(lasting),
        _ => Err(absent(app, named.id).await),
    }
}

/// Why a release is not shown.
async fn absent(app: &App, id: ReleaseId) -> String {
    match app.archive().gone(id).await {
        Ok(None) => format!("The archive holds no release {id}."),
        Ok(Some(Gone::Merged(other, _))) => format!("Release {id} was found to be the same as {other}: ask for {other}."),
        Ok(Some(Gone::Withdrawn { title, date, source, reason, at, erased })) => {
            let publisher = if source.is_known() { source.name } else { String::new() };
            told(&Failure::Gone(Box::new(Tombstone { id, title, date, publisher, reason, at, erased })))
        }
        Err(error) => told(&Failure::from(error)),
    }
}

pub async fn read(app: &App, asked: arguments::Read) -> Result<Text, String> {
    let most = bounded("max_characters", asked.max_characters, CHARACTERS, (MIN_CHARACTERS, MAX_CHARACTERS_READ))?;
    let mut named = Named::read(&asked.id, app.urls())?.with(asked.version, asked.passage)?;
    let first = bounded("passage", named.passage, 1, (1, MAX_PASSAGE))?;
    let Lasting { release, history, joined, .. } = lasting(app, &mut named).await?;
    let (urls, item) = (app.urls(), &release.item);
    let mut text = Text {
        id: item.id.to_string(),
        title: item.title.clone(),
        url: urls.absolute(&urls.item(item)),
        source: Publisher::from(&item.source),
        original_url: item.url.clone(),
        lang: item.lang.clone(),
        published: Published::from(&item.published),
        version: history.version,
        current: true,
        versions: history.versions,
        seen_at: history.seen_at.clone(),
        sha256: release.sha256.clone(),
        changed_without_notice: Silent::of(&release, &history, urls),
        licence: release.document.sidecar.licence.clone(),
        passages: Vec::new(),
        total_passages: 0,
        next: None,
    };
    // Of a release that is held to be another one only versions are read.
    let last = joined.is_some().then_some(history.version);
    let older = named.version.or(last).filter(|number| joined.is_some() || *number != history.version);
    let version = match older {
        None => None,
        Some(number) => {
            let version = app.archive().version(item.id, number).await.map_err(|error| told(&Failure::from(error)))?;
            Some(version.ok_or_else(|| format!("version: {}", no_version(history.versions, number)))?)
        }
    };
    let (blocks, words) = match &version {
        None => (&release.blocks, &release.text),
        Some(version) => {
            let of = &version.item;
            text.title.clone_from(&of.title);
            text.url = urls.absolute(&urls.version(item.id, of.number));
            text.source = Publisher::from(&of.source);
            text.original_url.clone_from(&of.url);
            text.lang.clone_from(&version.lang);
            text.published = Published::from(&of.published);
            (text.version, text.current) = (of.number, false);
            text.seen_at.clone_from(&of.seen_at);
            text.sha256.clone_from(&of.sha256);
            (&version.blocks, &version.text)
        }
    };
    text.total_passages = blocks.len();
    if first > blocks.len().max(1) {
        return Err(format!("passage: {}", no_passage(blocks.len(), first)));
    }
    let character = asked.character.unwrap_or(0);
    let held = blocks.get(first - 1).map_or(0, |block| fold_spaces(block.span.of(words)).chars().count());
    if character > 0 && character >= held {
        return Err(format!("character: passage {first} has {held} characters, which are counted from 0; there is none at {character}."));
    }
    let (page, number) = (text.url.clone(), text.version);
    let place = |passage: usize| match &version {
        None => Urls::passage_of(&page, number, passage),
        Some(_) => Urls::version_passage_of(&page, passage),
    };
    (text.passages, text.next) = part(blocks, words, &place, Next { passage: first, character }, most);
    Ok(text)
}

/// Passages from a place on, of about `most` characters; and where they go on.
fn part(blocks: &[Block], text: &str, place: &dyn Fn(usize) -> String, from: Next, most: usize) -> (Vec<Passage>, Option<Next>) {
    let (mut passages, mut left) = (Vec::new(), most);
    for (index, block) in blocks.iter().enumerate().skip(from.passage - 1) {
        let number = index + 1;
        let skip = if number == from.passage { from.character } else { 0 };
        // A passage is cut only where nothing stands before it: otherwise it heads the next part.
        if !passages.is_empty() && block.span.of(text).chars().count() > left {
            return (passages, Some(Next { passage: number, character: 0 }));
        }
        let passage = passage(block, number, text, place(number), skip, most);
        let given = passage.text.chars().count();
        let cut = skip + given < fold_spaces(block.span.of(text)).chars().count();
        left = left.saturating_sub(given);
        passages.push(passage);
        if cut {
            return (passages, Some(Next { passage: number, character: skip + given }));
        }
    }
    (passages, None)
}

/// A passage with its address, from a character on, at most so many.
pub fn passage(block: &Block, number: usize, text: &str, url: String, skip: usize, most: usize) -> Passage {
    let words = fold_spaces(block.span.of(text));
    let given: String = words.chars().skip(skip).take(most).collect();
    Passage {
        number,
        url,
        kind: block.kind.token().to_owned(),
        whole: given.len() == words.len(),
        text: given,
        start: block.span.start,
        end: block.span.end,
    }
}

pub async fn cite(app: &App, asked: arguments::Cite) -> Result<Citations, String> {
    let named = Named::read(&asked.id, app.urls())?.with(asked.version, asked.passage)?;
    let id = named.id;
    let asked = arguments::Cite { version: named.version, passage: named.passage, ..asked };
    match cited_release(app, id, &asked.params()).await {
        Ok(Some(citations)) => Ok(citations),
        Ok(None) => Err(absent(app, id).await),
        Err(failure) if failure.fields().is_empty() => Err(told(&failure)),
        Err(failure) => {
            Err(failure.fields().iter().map(|error| format!("{}: {}", error.field, error.message)).collect::<Vec<_>>().join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlockKind, Span};

    proptest::proptest! {
        #[test]
        fn every_part_of_a_text_comes_once(lengths in proptest::collection::vec(1usize..2_000, 1..12), most in 500usize..3_000) {
            let words: Vec<String> = lengths.iter().map(|length| "é".repeat(*length)).collect();
            let text = words.join("\n");
            let mut start = 0;
            let blocks: Vec<Block> = words
                .iter()
                .map(|words| {
                    let span = Span::new(start, start + words.len());
                    start = span.end + 1;
                    Block::new(BlockKind::Paragraph, span)
                })
                .collect();
            let mut read = vec![String::new(); words.len()];
            let mut from = Next { passage: 1, character: 0 };
            loop {
                let (passages, next) = part(&blocks, &text, &|number| number.to_string(), from, most);
                proptest::prop_assert!(!passages.is_empty());
                proptest::prop_assert!(passages.iter().map(|passage| passage.text.chars().count()).sum::<usize>() <= most);
                for passage in passages {
                    read[passage.number - 1].push_str(&passage.text);
                }
                match next {
                    Some(next) => from = next,
                    None => break,
                }
            }
            proptest::prop_assert_eq!(read, words);
        }
    }
}
