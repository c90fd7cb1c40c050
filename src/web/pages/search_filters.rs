//! What narrows a search, as its page shows it: facets with counts, years, and what has been chosen.

use crate::model::period::Period;
use crate::model::query::{Facet, Match};
use crate::reading::search::{FacetValue, SearchAnswer};
use crate::web::extract::SearchForm;
use crate::web::shell::grouped;
use crate::web::state::App;
use crate::web::urls::SearchUrl;

/// Values of a facet that are seen before "more" is opened.
const SHOWN: usize = 8;

/// Values of a facet that a page holds; a longer list is shown whole when asked for.
pub(super) const LISTED: usize = 20;

pub struct Chip {
    pub label: String,
    pub href: String,
}

pub struct FacetView {
    pub token: &'static str,
    pub label: &'static str,
    pub shown: Vec<ValueView>,
    pub more: Vec<ValueView>,
    /// Other ways to list them.
    pub links: Vec<(String, String)>,
}

pub struct ValueView {
    pub value: String,
    pub label: String,
    pub count: String,
    pub selected: bool,
}

pub(super) fn hidden(form: &SearchForm) -> Vec<(&'static str, String)> {
    let dates = [("from", &form.from_typed), ("to", &form.to_typed)].into_iter().filter(|(_, typed)| !typed.is_empty());
    let mut hidden: Vec<_> = dates.map(|(name, typed)| (name, typed.clone())).collect();
    hidden.extend(hidden_facets(form));
    hidden
}

pub(super) fn hidden_facets(form: &SearchForm) -> Vec<(&'static str, String)> {
    form.url.filters.chosen().map(|(facet, value)| (facet.token(), value.to_owned())).collect()
}

/// How the words are read, for the form of the filters.
pub(super) fn hidden_reading(form: &SearchForm) -> Vec<(&'static str, &'static str)> {
    let wanted = (form.url.wanted != Match::Auto).then(|| ("match", form.url.wanted.token()));
    wanted.into_iter().chain(form.url.plain.then_some(("variants", "off"))).collect()
}

pub(super) fn chips(app: &App, form: &SearchForm) -> Vec<Chip> {
    let (urls, url, overview) = (app.urls(), &form.url, app.archive().overview());
    let first = |changed: SearchUrl| urls.search(&SearchUrl { page: 1, ..changed });
    let mut chips = Vec::new();
    if let Some(from) = url.from {
        chips.push(Chip { label: format!("From {}", from.label()), href: first(SearchUrl { from: None, ..url.clone() }) });
    }
    if let Some(to) = url.to {
        chips.push(Chip { label: format!("To {}", to.label()), href: first(SearchUrl { to: None, ..url.clone() }) });
    }
    for (facet, value) in url.filters.chosen() {
        let label = format!("{}: {}", facet.label(), overview.label(facet, value));
        chips.push(Chip { label, href: first(SearchUrl { filters: url.filters.without(facet, value), ..url.clone() }) });
    }
    chips
}

pub(super) fn facets(app: &App, form: &SearchForm, answer: &SearchAnswer) -> Vec<FacetView> {
    answer
        .facets()
        .iter()
        .filter(|(facet, values)| {
            values.len() > 1 || values.iter().any(|value| value.selected) || (*facet == Facet::Topic && !values.is_empty())
        })
        .map(|(facet, values)| facet_view(app, form, *facet, values, answer.distinct(*facet)))
        .collect()
}

fn facet_view(app: &App, form: &SearchForm, facet: Facet, values: &[FacetValue], distinct: usize) -> FacetView {
    let view = |value: &FacetValue| ValueView {
        value: value.value.clone(),
        label: value.label.clone(),
        count: grouped(value.count),
        selected: value.selected,
    };
    let link = |show: Option<Facet>, by_name: bool| {
        let url = SearchUrl { show, by_name, ..form.url.clone() };
        format!("{}#{}", app.urls().search(&url), facet.token())
    };
    let mut facet_view = FacetView { token: facet.token(), label: facet.label(), shown: Vec::new(), more: Vec::new(), links: Vec::new() };
    if form.url.show == Some(facet) {
        let mut all: Vec<&FacetValue> = values.iter().collect();
        if form.url.by_name {
            all.sort_by_key(|value| crate::model::slug::slugify(&value.label));
        }
        facet_view.shown = all.into_iter().map(view).collect();
        let order = if form.url.by_name { ("by count", false) } else { ("by name", true) };
        facet_view.links = vec![(order.0.to_owned(), link(Some(facet), order.1)), ("show fewer".to_owned(), link(None, false))];
        return facet_view;
    }
    // What is chosen is always seen.
    for (index, value) in values.iter().enumerate() {
        if index < SHOWN || value.selected {
            facet_view.shown.push(view(value));
        } else if index < LISTED {
            facet_view.more.push(view(value));
        }
    }
    if distinct > LISTED {
        facet_view.links.push((format!("show all {}", grouped(distinct as u64)), link(Some(facet), false)));
    }
    facet_view
}

pub(super) fn years(app: &App, form: &SearchForm, answer: &SearchAnswer) -> Vec<(i32, String, String)> {
    if answer.years.len() < 2 {
        return Vec::new();
    }
    let narrowed = |year: i32| SearchUrl { from: Period::year(year), to: Period::year(year), page: 1, ..form.url.clone() };
    answer.years.iter().map(|(year, count)| (*year, app.urls().search(&narrowed(*year)), grouped(*count))).collect()
}

/// What narrows a search, in the words of a citation: "from April 2025", "Topic: Ukraine", "any of the words".
pub(super) fn narrowed(app: &App, search: &SearchUrl) -> Vec<String> {
    let overview = app.archive().overview();
    let dates = [("from", search.from), ("to", search.to)];
    let mut narrowed: Vec<String> =
        dates.into_iter().filter_map(|(name, period)| period.map(|period| format!("{name} {}", period.label()))).collect();
    narrowed.extend(search.filters.chosen().map(|(facet, value)| format!("{}: {}", facet.label(), overview.label(facet, value))));
    match search.wanted {
        Match::Auto => {}
        Match::All => narrowed.push("all of the words".into()),
        Match::Any => narrowed.push("any of the words".into()),
    }
    if search.plain {
        narrowed.push("only these spellings and names".into());
    }
    narrowed
}
