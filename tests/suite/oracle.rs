//! Search against a matcher that shares no code with it: every release is read from its first word to its last, every time.

mod limits;
mod random;
mod scan;

use std::collections::{BTreeMap, BTreeSet};

use nato_archive::index::{Ask, Highlighter, Tally, grammar};
use nato_archive::model::query::Sort;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::support::app::{TestApp, word};

/// Words as they stand, without capitals and accents.
fn words(text: &str) -> Vec<String> {
    let folded: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A release as the oracle knows it.
struct Known {
    /// Title and body: a phrase does not run from one into the other.
    parts: [Vec<String>; 2],
    facets: BTreeMap<&'static str, BTreeSet<String>>,
    day: Option<String>,
}

fn set(release: &Value, field: &str) -> BTreeSet<String> {
    release[field].as_array().expect(field).iter().map(|value| word(&value["slug"]).to_owned()).collect()
}

fn known(release: &Value) -> Known {
    let one = |value: &str| BTreeSet::from([value.to_owned()]);
    let blocks: Vec<String> = release["blocks"].as_array().expect("blocks").iter().flat_map(|block| words(word(&block["text"]))).collect();
    Known {
        parts: [words(word(&release["title"])), blocks],
        facets: BTreeMap::from([
            ("topic", set(release, "topics")),
            ("place", set(release, "places")),
            ("person", set(release, "people")),
            ("kind", one(word(&release["kind"]))),
            ("lang", one(word(&release["lang"]))),
            ("source", one(word(&release["source"]["slug"]))),
        ]),
        day: release["published"]["sort_on"].as_str().map(str::to_owned),
    }
}

impl Known {
    fn says(&self, phrase: &str) -> bool {
        let phrase = words(phrase);
        self.parts.iter().any(|part| part.windows(phrase.len()).any(|run| run == phrase.as_slice()))
    }
}

#[tokio::test]
async fn every_word_and_phrase_is_found_exactly_where_it_stands() {
    let app = TestApp::seeds().await;
    let seqs = app.store.seqs(0, 100).await.expect("numbers");
    // The body as the store gives it to the index: blocks leave out what is no part of a body.
    let rows = app.store.index_rows(&seqs).await.expect("rows");
    let texts: Vec<(i64, [Vec<String>; 2])> = rows.iter().map(|row| (row.seq, [words(&row.title), words(&row.body)])).collect();
    let mut phrases: BTreeSet<Vec<String>> = BTreeSet::new();
    for (_, parts) in &texts {
        for part in parts {
            phrases.extend(part.iter().map(|word| vec![word.clone()]));
            // Every third pair and every eleventh run of four: enough to meet each kind of break between words.
            phrases.extend(part.windows(2).step_by(3).map(<[String]>::to_vec));
            phrases.extend(part.windows(4).step_by(11).map(<[String]>::to_vec));
        }
    }
    // What stands nowhere: the words of the first title backwards.
    phrases.insert(texts[0].1[0].iter().rev().cloned().collect());
    assert!(phrases.len() > 2_000, "{}", phrases.len());
    for phrase in phrases {
        let stands = |parts: &[Vec<String>; 2]| parts.iter().any(|part| part.windows(phrase.len()).any(|run| run == phrase.as_slice()));
        let expected: BTreeSet<i64> = texts.iter().filter(|(_, parts)| stands(parts)).map(|(seq, _)| *seq).collect();
        let q = format!("\"{}\"", phrase.join(" "));
        let ask = Ask {
            tree: grammar::read(&q, &grammar::How::default()).tree,
            filters: Default::default(),
            within: None,
            sort: Sort::Newest,
            offset: 0,
            limit: 100,
            tally: Tally::Total,
        };
        let found = app.index.search_now(&ask).expect("a search");
        let seqs: BTreeSet<i64> = found.hits.iter().map(|hit| hit.seq).collect();
        assert_eq!((seqs, found.total), (expected.clone(), expected.len() as u64), "{q}");
    }
}

/// Queries with what they mean.
type Query = (&'static str, fn(&Known) -> bool);
const QUERIES: &[Query] = &[
    ("", |_| true),
    ("\"defence\"", |r| r.says("defence")),
    ("“collective defence”", |r| r.says("collective defence")),
    ("\"Secretary General\"", |r| r.says("Secretary General")),
    ("\"NATO\" -\"Ukraine\"", |r| r.says("NATO") && !r.says("Ukraine")),
    ("\"NATO\" NOT \"summit\"", |r| r.says("NATO") && !r.says("summit")),
    ("\"Kyiv\" OR \"Kuwait\"", |r| r.says("Kyiv") || r.says("Kuwait")),
    ("\"visit\" (\"Kuwait\" OR \"United States\")", |r| r.says("visit") && (r.says("Kuwait") || r.says("United States"))),
    ("-\"defence\"", |r| !r.says("defence")),
    ("\"the\"", |r| r.says("the")),
    ("\"zyzzyva\"", |_| false),
];

/// Filters with what they let through: facet, any of these values.
const FILTERS: &[&[(&str, &[&str])]] = &[
    &[],
    &[("topic", &["defence-industry"])],
    &[("topic", &["defence-industry", "ukraine"])],
    &[("topic", &["ukraine"]), ("kind", &["live-update", "news"])],
    &[("source", &["nato"]), ("lang", &["en"])],
    &[("person", &["mark-rutte"]), ("place", &["ukraine", "netherlands"])],
    &[("topic", &["no-such-topic"])],
];

fn passes(release: &Known, filters: &[(&str, &[&str])], but: &str) -> bool {
    filters
        .iter()
        .filter(|(facet, _)| *facet != but)
        .all(|(facet, values)| values.iter().any(|value| release.facets[facet].contains(*value)))
}

#[tokio::test]
async fn totals_facets_and_bins_are_what_reading_everything_gives() {
    let app = TestApp::seeds().await;
    let releases: Vec<Known> = app.releases().await.iter().map(known).collect();
    for (q, means) in QUERIES {
        for filters in FILTERS {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("q", q).append_pair("limit", "100");
            for (facet, values) in *filters {
                values.iter().for_each(|value| {
                    query.append_pair(facet, value);
                });
            }
            let path = format!("/api/v1/search?{}", query.finish());
            let answer = app.get(&path).await.ok().json();
            let hits: Vec<&Known> = releases.iter().filter(|release| means(release) && passes(release, filters, "")).collect();
            assert_eq!(answer["total"], hits.len(), "{path}");
            assert_eq!(answer["items"].as_array().map(Vec::len), Some(hits.len()), "{path}");

            let histogram = &answer["histogram"];
            let bins: u64 = histogram["bins"].as_array().expect("bins").iter().map(|bin| bin["count"].as_u64().expect("a count")).sum();
            assert_eq!(bins + histogram["undated"].as_u64().expect("a count"), hits.len() as u64, "{path}");
            for bin in histogram["bins"].as_array().expect("bins").iter().filter(|_| histogram["interval"] == "day") {
                let expected = hits.iter().filter(|release| release.day.as_deref() == bin["start"].as_str()).count();
                assert_eq!(bin["count"], expected, "{path}: {bin}");
            }

            for facet in ["topic", "kind", "place", "person", "source", "lang"] {
                // What a further choice would give: all filters but those of the same facet.
                let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
                for release in releases.iter().filter(|release| means(release) && passes(release, filters, facet)) {
                    release.facets[facet].iter().for_each(|value| *expected.entry(value).or_default() += 1);
                }
                let chosen: Vec<&str> =
                    filters.iter().filter(|(of, _)| *of == facet).flat_map(|(_, values)| values.iter().copied()).collect();
                chosen.iter().for_each(|value| {
                    expected.entry(value).or_default();
                });
                let values = answer["facets"][facet].as_array().expect(facet);
                let given: BTreeMap<&str, u64> =
                    values.iter().map(|value| (word(&value["value"]), value["count"].as_u64().expect("a count"))).collect();
                assert_eq!(given, expected, "{path}: {facet}");
                let selected: BTreeSet<&str> =
                    values.iter().filter(|value| value["selected"] == true).map(|value| word(&value["value"])).collect();
                assert_eq!(selected, chosen.into_iter().collect(), "{path}: {facet}");
            }
            let years: u64 =
                answer["facets"]["year"].as_array().expect("years").iter().map(|year| year["count"].as_u64().expect("a count")).sum();
            assert_eq!(years, hits.iter().filter(|release| release.day.is_some()).count() as u64, "{path}");
        }
    }
}

#[tokio::test]
async fn a_word_in_any_of_its_forms_finds_what_the_word_itself_finds() {
    let app = TestApp::seeds().await;
    let seqs = app.store.seqs(0, 100).await.expect("numbers");
    let rows = app.store.index_rows(&seqs).await.expect("rows");
    let all: BTreeSet<String> = rows.iter().flat_map(|row| words(&row.title).into_iter().chain(words(&row.body))).collect();
    let found = |q: &str| -> BTreeSet<i64> {
        let tree = grammar::read(q, &grammar::How::default()).tree;
        let ask = Ask { tree, filters: Default::default(), within: None, sort: Sort::Newest, offset: 0, limit: 100, tally: Tally::Total };
        app.index.search_now(&ask).expect("a search").hits.iter().map(|hit| hit.seq).collect()
    };
    assert!(all.len() > 500, "{}", all.len());
    // Letters that are only the grammar of their neighbour (NATO’s, l’Alliance) are no words in some of its forms.
    for word in all.iter().filter(|word| word.len() > 1) {
        let exact = found(&format!("={word}"));
        assert!(!exact.is_empty() && exact.is_subset(&found(word)), "{word}");
        if word.chars().count() >= 3 {
            assert!(exact.is_subset(&found(&format!("{word}*"))), "{word}*");
        }
    }
    // What is found is marked, and what is marked is found.
    for word in all.iter().step_by(7) {
        let ids = found(word);
        let highlighter = Highlighter::new(grammar::read(word, &grammar::How::default()).tree.as_ref());
        for row in &rows {
            let mut parts = highlighter.title_parts(&row.title, &row.lang);
            parts.extend(highlighter.parts(&row.body, &row.lang));
            assert_eq!(parts.iter().any(|part| part.hit), ids.contains(&row.seq), "{word} in {}", row.title);
        }
    }
}
