//! The bare page: what tantivy and axum need to answer a search with twenty marked results and two facets, and nothing besides. Written as
//! a careful person would write it: one pass over the matches, each hit read once from tantivy's own store, the page put together in one
//! string.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::Datelike;
use nato_archive::model::IndexRow;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::agg_result::{AggregationResult, AggregationResults, BucketResult};
use tantivy::aggregation::{AggContextParams, AggregationCollector};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{Query, QueryParser};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{AsciiFoldingFilter, Language, LowerCaser, SimpleTokenizer, Stemmer, TextAnalyzer};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument};

/// Hits of a page, and the length of a passage in characters: as many as the archive's own page has.
const HITS: usize = 20;
const PASSAGE: usize = 280;

/// Releases between two commits, and memory for postings: as the archive's own loading has them.
const COMMIT_EVERY: usize = 20_000;
const MEMORY: usize = 96_000_000;

/// The fields of `src/index/schema.rs`, and the texts themselves.
#[derive(Clone, Copy)]
pub struct Fields {
    seq: Field,
    id: Field,
    day: Field,
    sort_key: Field,
    /// Title and body, stemmed.
    pub text_en: Field,
    text_fr: Field,
    title_en: Field,
    title_fr: Field,
    /// Title and body, not stemmed.
    pub exact: Field,
    topic: Field,
    kind: Field,
    place: Field,
    person: Field,
    source: Field,
    lang: Field,
    title: Field,
    body: Field,
    date: Field,
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let number = NumericOptions::from(FAST);
    let text = |tokenizer: &str| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(IndexRecordOption::WithFreqsAndPositions),
        )
    };
    let fields = Fields {
        seq: builder.add_u64_field("seq", number.clone() | INDEXED | STORED),
        id: builder.add_u64_field("id", number.clone()),
        day: builder.add_i64_field("day", number.clone() | INDEXED),
        sort_key: builder.add_i64_field("sort_key", number),
        text_en: builder.add_text_field("text_en", text("english")),
        text_fr: builder.add_text_field("text_fr", text("french")),
        title_en: builder.add_text_field("title_en", text("english")),
        title_fr: builder.add_text_field("title_fr", text("french")),
        exact: builder.add_text_field("exact", text("exact")),
        topic: builder.add_text_field("topic", STRING | FAST),
        kind: builder.add_text_field("kind", STRING | FAST),
        place: builder.add_text_field("place", STRING | FAST),
        person: builder.add_text_field("person", STRING | FAST),
        source: builder.add_text_field("source", STRING | FAST),
        lang: builder.add_text_field("lang", STRING | FAST),
        title: builder.add_text_field("title", STORED),
        body: builder.add_text_field("body", STORED),
        date: builder.add_text_field("date", STORED),
    };
    (builder.build(), fields)
}

/// tantivy's own parts in their usual order.
fn register(index: &Index) {
    let words = || TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).filter(AsciiFoldingFilter);
    let tokenizers = index.tokenizers();
    tokenizers.register("english", words().filter(Stemmer::new(Language::English)).build());
    tokenizers.register("french", words().filter(Stemmer::new(Language::French)).build());
    tokenizers.register("exact", words().build());
}

/// Fills a bare index.
pub struct Filler {
    writer: IndexWriter,
    fields: Fields,
    since_commit: usize,
}

impl Filler {
    pub fn new(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).expect("a folder");
        let (schema, fields) = schema();
        let index = Index::create_in_dir(folder, schema).expect("an index");
        register(&index);
        Self { writer: index.writer_with_num_threads(1, MEMORY).expect("a writer"), fields, since_commit: 0 }
    }

    pub fn put(&mut self, row: &IndexRow) {
        let fields = self.fields;
        let mut document = TantivyDocument::new();
        document.add_u64(fields.seq, row.seq as u64);
        document.add_u64(fields.id, row.id.number());
        if let Some(day) = row.sort_on {
            document.add_i64(fields.day, i64::from(day.num_days_from_ce()));
            document.add_text(fields.date, day.to_string());
        }
        if let Some(key) = row.sort_key {
            document.add_i64(fields.sort_key, key);
        }
        let (text, title) = if row.lang == "fr" { (fields.text_fr, fields.title_fr) } else { (fields.text_en, fields.title_en) };
        document.add_text(title, &row.title);
        for field in [text, fields.exact] {
            document.add_text(field, &row.title);
            document.add_text(field, &row.body);
        }
        document.add_text(fields.kind, &row.kind);
        document.add_text(fields.lang, &row.lang);
        row.sources.iter().for_each(|source| document.add_text(fields.source, source));
        for (field, values) in [(fields.topic, &row.topics), (fields.place, &row.places), (fields.person, &row.people)] {
            for value in values {
                document.add_text(field, value);
            }
        }
        document.add_text(fields.title, &row.title);
        document.add_text(fields.body, &row.body);
        self.writer.add_document(document).expect("a document");
        self.since_commit += 1;
        if self.since_commit == COMMIT_EVERY {
            self.writer.commit().expect("a commit");
            self.since_commit = 0;
        }
    }

    pub fn finish(mut self) {
        self.writer.commit().expect("a commit");
        self.writer.wait_merging_threads().expect("the merging");
    }
}

/// An open bare index with all that a search needs, made once.
pub struct Bare {
    pub reader: IndexReader,
    pub fields: Fields,
    parser: QueryParser,
    tallies: Aggregations,
}

/// What one search found: hits with their scores, how many in all, and the counts of two facets.
type Found = (Vec<(f32, tantivy::DocAddress)>, usize, AggregationResults);

impl Bare {
    pub fn open(folder: &Path) -> Self {
        let index = Index::open_in_dir(folder).expect("the bare index");
        register(&index);
        let (_, fields) = schema();
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().expect("a reader");
        let mut parser = QueryParser::for_index(&index, vec![fields.text_en]);
        parser.set_conjunction_by_default();
        let tallies = serde_json::json!({
            "kind": { "terms": { "field": "kind", "size": 100 } },
            "source": { "terms": { "field": "source", "size": 100 } },
        });
        Self { reader, fields, parser, tallies: serde_json::from_value(tallies).expect("a request") }
    }

    #[expect(clippy::disallowed_methods, reason = "the words come from titles, and tantivy's own parser is part of what is compared")]
    fn parse(&self, typed: &str) -> Box<dyn Query> {
        self.parser.parse_query(typed).expect("a query")
    }

    /// The best hits and their number, nothing else.
    pub fn top(&self, query: &dyn Query) -> usize {
        let (top, count) = self.reader.searcher().search(query, &(TopDocs::with_limit(HITS).order_by_score(), Count)).expect("a search");
        std::hint::black_box(top);
        count
    }

    /// The same for what was typed.
    pub fn top_typed(&self, typed: &str) -> usize {
        self.top(&*self.parse(typed))
    }

    /// Hits, total and the counts of two facets in one pass.
    fn search(&self, searcher: &Searcher, query: &dyn Query) -> Found {
        let tallies = AggregationCollector::from_aggs(self.tallies.clone(), AggContextParams::default());
        searcher.search(query, &(TopDocs::with_limit(HITS).order_by_score(), Count, tallies)).expect("a search")
    }

    /// The number of hits, with all that a page needs of the index but the texts.
    pub fn tallied(&self, typed: &str) -> usize {
        let (top, total, tallies) = self.search(&self.reader.searcher(), &*self.parse(typed));
        std::hint::black_box((top, tallies));
        total
    }

    fn page(&self, typed: &str) -> String {
        let searcher = self.reader.searcher();
        let query = self.parse(typed);
        let (top, total, tallies) = self.search(&searcher, &*query);
        let mut passages = SnippetGenerator::create(&searcher, &*query, self.fields.text_en).expect("the passages");
        passages.set_max_num_chars(PASSAGE);

        let mut page = String::with_capacity(48 << 10);
        page.push_str("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
        escape(typed, &mut page);
        page.push_str("</title><link rel=\"stylesheet\" href=\"/static/style.css\"></head><body>\n<header><a href=\"/\">Archive</a>");
        page.push_str("<form action=\"/search\"><label for=\"q\">Search</label> <input id=\"q\" name=\"q\" value=\"");
        escape(typed, &mut page);
        page.push_str("\"><button>Search</button></form></header>\n<main><h1>Results for “");
        escape(typed, &mut page);
        let _ = writeln!(page, "”</h1>\n<p>{total} releases</p>\n<form action=\"/search\">");
        for (name, label) in [("kind", "Kind"), ("source", "Publisher")] {
            let Some(AggregationResult::BucketResult(BucketResult::Terms { buckets, .. })) = tallies.0.get(name) else { continue };
            let _ = writeln!(page, "<fieldset><legend>{label}</legend>");
            for bucket in buckets {
                let value = bucket.key.to_string();
                let _ = write!(page, "<label><input type=\"checkbox\" name=\"{name}\" value=\"");
                escape(&value, &mut page);
                page.push_str("\"> ");
                escape(&value, &mut page);
                let _ = writeln!(page, " <span class=\"count\">{}</span></label>", bucket.doc_count);
            }
            page.push_str("</fieldset>\n");
        }
        page.push_str("<button>Apply</button></form>\n<ol>\n");
        for (_, address) in top {
            let document: TantivyDocument = searcher.doc(address).expect("a document");
            let text = |field| document.get_first(field).and_then(|value| value.as_str()).unwrap_or("");
            let seq = document.get_first(self.fields.seq).and_then(|value| value.as_u64()).unwrap_or(0);
            let _ = write!(page, "<li><h2><a href=\"/releases/{seq}\">");
            escape(text(self.fields.title), &mut page);
            let date = text(self.fields.date);
            let _ = write!(page, "</a></h2><p class=\"meta\"><time datetime=\"{date}\">{date}</time></p><p class=\"snippet\">");
            page.push_str(&passages.snippet(text(self.fields.body)).to_html());
            page.push_str("</p></li>\n");
        }
        let _ =
            writeln!(page, "</ol>\n<nav><a href=\"/search?page=2\">Next page</a></nav></main>\n<footer>An archive</footer></body></html>");
        page
    }

    /// `/plain?q=` and, compressed as fast as can be, `/gzip?q=`.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new().route("/plain", get(plain)).route("/gzip", get(compressed)).with_state(self)
    }
}

/// The words asked for.
fn words(query: Option<&str>) -> String {
    let pairs = form_urlencoded::parse(query.unwrap_or("").as_bytes());
    pairs.into_iter().find(|(name, _)| name == "q").map_or(String::new(), |(_, words)| words.into_owned())
}

const HTML: &str = "text/html; charset=utf-8";

async fn plain(State(bare): State<Arc<Bare>>, RawQuery(query): RawQuery) -> Response {
    let page = tokio::task::spawn_blocking(move || bare.page(&words(query.as_deref()))).await.expect("a page");
    ([(header::CONTENT_TYPE, HTML)], page).into_response()
}

async fn compressed(State(bare): State<Arc<Bare>>, RawQuery(query): RawQuery) -> Response {
    let work = move || {
        let page = bare.page(&words(query.as_deref()));
        let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(page.len() / 2), flate2::Compression::fast());
        encoder.write_all(page.as_bytes()).expect("a write");
        encoder.finish().expect("the end")
    };
    let page = tokio::task::spawn_blocking(work).await.expect("a page");
    ([(header::CONTENT_TYPE, HTML), (header::CONTENT_ENCODING, "gzip")], page).into_response()
}

fn escape(text: &str, page: &mut String) {
    for c in text.chars() {
        match c {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            c => page.push(c),
        }
    }
}
