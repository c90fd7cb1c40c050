//! What the page of a release says of its past: its version, its other sources and languages, its corrections.

use crate::model::ReleaseItem;
use crate::reading::overview::{known_language, language_name, named_language};
use crate::reading::release::{Changed, ReleaseAnswer};
use crate::web::extract::Params;
use crate::web::past::{AddressView, CopyView, CorrectionView, Moment};
use crate::web::state::App;
use crate::web::view::ItemView;

/// Words that were changed after publication.
pub struct ChangedView {
    pub before: u32,
    pub after: u32,
    pub seen: Moment,
    /// Their comparison.
    pub href: String,
}

/// A language that was asked for and is not the one that is shown.
pub struct WantedView {
    pub sentence: String,
    /// The release in that language, where the archive has it by now.
    pub held: Option<(String, String)>,
}

pub struct PastView {
    pub wanted: Option<WantedView>,
    pub changed: Option<ChangedView>,
    pub corrections: Vec<CorrectionView>,
    /// By the names of their languages.
    pub translations: Vec<(String, ItemView)>,
    pub original: Option<AddressView>,
    /// "2 of 2"
    pub version: String,
    pub seen: Moment,
    pub history: String,
    pub former: Vec<AddressView>,
    pub copies: Vec<CopyView>,
}

impl PastView {
    /// `wanted`: the language that the reader asked for.
    pub fn of(app: &App, answer: &ReleaseAnswer, wanted: Option<&'static str>) -> Self {
        let (urls, overview) = (app.urls(), app.archive().overview());
        let (item, history) = (&answer.release.item, &answer.history);
        let (version, versions) = (history.version, history.versions);
        Self {
            wanted: wanted.filter(|wanted| *wanted != item.lang).map(|wanted| asked_for(wanted, item, &history.translations, app)),
            changed: answer.changed.as_ref().map(|Changed { before, after, seen_at }| ChangedView {
                before: *before,
                after: *after,
                seen: Moment::of(seen_at),
                href: urls.compare(item.id, *before, *after),
            }),
            corrections: history.corrections.iter().map(|correction| CorrectionView::of(correction, &overview)).collect(),
            translations: history
                .translations
                .iter()
                .map(|other| (language_name(&other.lang).to_owned(), ItemView::of(other, urls)))
                .collect(),
            original: item.url.as_deref().map(AddressView::of),
            version: if version == versions { format!("{version} of {versions}") } else { format!("{version}, one of {versions}") },
            seen: Moment::of(&history.seen_at),
            history: urls.history(item.id),
            former: history.former_urls.iter().map(|url| AddressView::of(url)).collect(),
            copies: history.copies.iter().map(|copy| CopyView::of(copy, &item.title)).collect(),
        }
    }
}

/// The language that an address asks for; what is no language of releases is passed over.
pub fn wanted(params: &Params) -> Option<&'static str> {
    named_language(params.first("wanted"))
}

fn asked_for(wanted: &str, item: &ReleaseItem, translations: &[ReleaseItem], app: &App) -> WantedView {
    let (asked, shown) = (language_name(wanted), known_language(&item.lang).map(language_name));
    let here = shown.map_or_else(|| "one whose language is not known".to_owned(), |shown| format!("the {shown} one"));
    match translations.iter().find(|other| other.lang == wanted) {
        Some(held) => WantedView {
            sentence: format!("You asked for the {asked} version; this is {here}."),
            held: Some((format!("Go to the {asked} version"), app.urls().item(held))),
        },
        None => WantedView { sentence: format!("You asked for the {asked} version; the archive holds {here}."), held: None },
    }
}
