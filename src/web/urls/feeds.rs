//! Addresses of feeds.

use super::{SearchUrl, Urls};
use crate::model::EventKind;

/// The form of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedForm {
    Atom,
    Json,
}

impl FeedForm {
    /// The end of an address.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Atom => "atom",
            Self::Json => "json",
        }
    }

    /// Atom as registered by RFC 4287, JSON Feed as its version 1.1 asks for.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        }
    }
}

/// What is followed.
#[derive(Clone, Debug, PartialEq)]
pub enum Followed {
    /// Everything.
    Site,
    /// A topic, by its slug.
    Topic(String),
    /// What a search finds; its order and page mean nothing.
    Search(SearchUrl),
    /// The public log; of one kind where one is named.
    Changes(Option<EventKind>),
}

/// Which document of a feed an address names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FeedPlace {
    #[default]
    Current,
    Page(u32),
    /// What stands before an entry of the log.
    Before(i64),
    Archive(u32),
    /// The current document, whatever a browser would rather be shown.
    Raw,
}

impl Urls {
    pub fn feed(&self, of: &Followed, form: FeedForm, place: FeedPlace) -> String {
        let extension = form.extension();
        let path = match of {
            Followed::Site => format!("/feed.{extension}"),
            Followed::Topic(slug) => format!("/topics/{}/feed.{extension}", Self::segment(slug)),
            Followed::Search(_) => format!("/search/feed.{extension}"),
            Followed::Changes(_) => format!("/changes.{extension}"),
        };
        let mut query = of.query();
        let place = match place {
            FeedPlace::Current | FeedPlace::Page(0 | 1) => String::new(),
            FeedPlace::Page(number) => format!("page={number}"),
            FeedPlace::Before(entry) => format!("before={entry}"),
            FeedPlace::Archive(number) => format!("archive={number}"),
            FeedPlace::Raw => "raw=1".to_owned(),
        };
        if !query.is_empty() && !place.is_empty() {
            query.push('&');
        }
        self.with_query(&path, &(query + &place))
    }

    /// The current document of a feed, as it is followed.
    pub fn current_feed(&self, of: &Followed, form: FeedForm) -> String {
        self.feed(of, form, FeedPlace::Current)
    }

    pub fn site_feed(&self, form: FeedForm) -> String {
        self.current_feed(&Followed::Site, form)
    }

    /// The page that shows to people what a feed follows.
    pub fn followed(&self, of: &Followed) -> String {
        match of {
            Followed::Site => self.home(),
            Followed::Topic(slug) => self.topic(slug),
            Followed::Search(search) => self.search(search),
            Followed::Changes(kind) => self.changes(*kind, None),
        }
    }
}

impl Followed {
    /// What a search is followed by: its order, its page and what is listed beside it mean nothing to a feed.
    pub fn search(search: &SearchUrl) -> Self {
        Self::Search(SearchUrl { sort: None, show: None, by_name: false, page: 1, ..search.clone() })
    }

    fn query(&self) -> String {
        match self {
            Self::Site | Self::Topic(_) => String::new(),
            Self::Search(search) => search.query(),
            Self::Changes(kind) => kind.map(|kind| format!("kind={kind}")).unwrap_or_default(),
        }
    }

    /// The part of the feed's identifier behind the archive's own: the same for every form and document of the feed (RFC 4287, section 4.2.6).
    /// A search is told by its parameters, which are always written in the same order, and with letters that a URN may have (RFC 8141).
    pub fn name(&self) -> String {
        match self {
            Self::Site => "releases".to_owned(),
            Self::Topic(slug) => format!("topic:{}", Urls::segment(slug)),
            Self::Search(search) => format!("search:{}", search.query()),
            Self::Changes(None) => "changes".to_owned(),
            // The feed of one kind is another feed.
            Self::Changes(Some(kind)) => format!("changes:{kind}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::query::{Facet, Sort};

    #[test]
    fn every_document_of_a_feed_has_its_address() {
        let urls = Urls::new("https://example.org/archive", Vec::new()).expect("a base");
        let search = SearchUrl { sort: Some(Sort::Oldest), page: 3, ..SearchUrl::facet(Facet::Place, "ukraine") };
        let search = Followed::search(&SearchUrl { q: "a & b".into(), ..search });
        for (of, form, place, expected) in [
            (Followed::Site, FeedForm::Atom, FeedPlace::Current, "/archive/feed.atom"),
            (Followed::Site, FeedForm::Json, FeedPlace::Raw, "/archive/feed.json?raw=1"),
            (Followed::Topic("a b".into()), FeedForm::Atom, FeedPlace::Archive(12), "/archive/topics/a%20b/feed.atom?archive=12"),
            (search.clone(), FeedForm::Atom, FeedPlace::Current, "/archive/search/feed.atom?q=a+%26+b&place=ukraine"),
            (search.clone(), FeedForm::Json, FeedPlace::Page(2), "/archive/search/feed.json?q=a+%26+b&place=ukraine&page=2"),
            (search.clone(), FeedForm::Json, FeedPlace::Page(1), "/archive/search/feed.json?q=a+%26+b&place=ukraine"),
            (Followed::Changes(Some(EventKind::Withdrawn)), FeedForm::Atom, FeedPlace::Current, "/archive/changes.atom?kind=withdrawn"),
            (
                Followed::Changes(Some(EventKind::Edited)),
                FeedForm::Json,
                FeedPlace::Before(7),
                "/archive/changes.json?kind=edited&before=7",
            ),
            (Followed::Changes(None), FeedForm::Atom, FeedPlace::Archive(2), "/archive/changes.atom?archive=2"),
        ] {
            assert_eq!(urls.feed(&of, form, place), expected);
        }
        assert_eq!(search.name(), "search:q=a+%26+b&place=ukraine");
    }
}
