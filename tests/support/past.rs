//! A release with a past, written into a test's database as the archive keeps it.

use nato_archive::ingest::sync::catch_up;
use nato_archive::model::Edit;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::app::{TestApp, ndjson, path_of, word};

/// One version: title, body, when it was seen, and how it differs from the one before.
pub struct Told {
    pub title: String,
    pub body: String,
    pub seen_at: &'static str,
    pub edit: Option<Edit>,
}

pub fn told(title: &str, body: &str, seen_at: &'static str, edit: Option<Edit>) -> Told {
    Told { title: title.into(), body: body.into(), seen_at, edit }
}

/// A release of a test, by its internal number, its id and its path.
#[derive(Clone, Debug)]
pub struct Kept {
    pub seq: i64,
    pub id: String,
    pub permalink: String,
}

/// A way past the program to its database.
pub async fn raw(app: &TestApp) -> SqliteConnection {
    SqliteConnectOptions::new().filename(app.database()).connect().await.expect("a connection")
}

/// Runs statements, then lets the pages know.
pub async fn write(app: &TestApp, statements: &[(&str, Vec<Value>)]) {
    let mut database = raw(app).await;
    for (sql, values) in statements {
        let mut query = sqlx::query(sqlx::AssertSqlSafe(*sql));
        for value in values {
            query = match value {
                Value::Null => query.bind(None::<String>),
                Value::Number(number) if number.is_f64() => query.bind(number.as_f64()),
                Value::Number(number) => query.bind(number.as_i64()),
                Value::String(word) => query.bind(word.clone()),
                other => query.bind(other.to_string()),
            };
        }
        query.execute(&mut database).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    // Pages are made once for each generation.
    sqlx::query("INSERT INTO change (seq, what, at) VALUES (NULL, 'vocabulary', '2026-01-01T00:00:00Z')")
        .execute(&mut database)
        .await
        .expect("a change");
    database.close().await.expect("a close");
    catch_up(&*app.store, &app.index).await.expect("an index that is level");
    app.archive.refresh().await.expect("a refresh");
}

/// What a revision is made of, taken from a release as it stands.
const STANDS: &str = "INSERT INTO kept_revision (seq, version, seen_at, document_id, position, at_start, at_end, fingerprint, sha256, \
     title, lang, url, source_slug, source_name, edit, published, layout, blocks, given, text) \
     SELECT r.seq, ?2, ?3, r.document_id, r.position, r.at_start, r.at_end, r.fingerprint, t.sha256, r.title, r.lang, r.url, r.source_slug, \
     r.source_name, ?4, json_object('edtf', r.edtf, 'earliest', r.earliest, 'latest', r.latest, 'sort_on', r.sort_on, 'time', r.time || ':00', \
     'offset', r.utc_offset, 'precision', r.precision, 'basis', r.basis, 'year_from', r.year_from, 'evidence', \
     json(t.evidence -> 'evidence'), 'reasons', json(t.evidence -> 'reasons')), t.layout, t.blocks, t.given, t.text \
     FROM release r JOIN release_text t ON t.seq = r.seq WHERE r.seq = ?1";

/// Loads a release and its later versions, one after the other.
pub async fn versions(app: &TestApp, key: &str, list: &[Told]) -> Kept {
    // Aside until the last version is loaded: loading keeps older versions itself.
    write(app, &[("CREATE TABLE kept_revision AS SELECT * FROM revision WHERE false", vec![])]).await;
    let mut kept = None;
    for (number, told) in (1..).zip(list) {
        let object = json!({"key": key, "source": "NATO", "title": told.title, "body": told.body, "published_on": "2025-05-02",
            "url": format!("https://www.nato.int/{key}.htm")});
        app.load(&[ndjson(&format!("{key}-{number}.ndjson"), &[object])]).await;
        let item = app.items().await.into_iter().find(|item| item["key"] == key).expect("the release");
        let mut database = raw(app).await;
        let seq: i64 = sqlx::query_scalar("SELECT seq FROM release WHERE id = ?")
            .bind(word(&item["id"]))
            .fetch_one(&mut database)
            .await
            .expect("a number");
        database.close().await.expect("a close");
        let edit = told.edit.as_ref().map_or(Value::Null, |edit| json!(serde_json::to_string(edit).expect("an edit")));
        write(
            app,
            &[(
                "UPDATE release SET version = ?2, seen_at = ?3, edit = ?4 WHERE seq = ?1",
                vec![json!(seq), json!(number), json!(told.seen_at), edit.clone()],
            )],
        )
        .await;
        if (number as usize) < list.len() {
            write(app, &[(STANDS, vec![json!(seq), json!(number), json!(told.seen_at), edit])]).await;
        }
        kept = Some(Kept { seq, id: word(&item["id"]).to_owned(), permalink: path_of(word(&item["url"])).to_owned() });
    }
    let aside = ["INSERT OR REPLACE INTO revision SELECT * FROM kept_revision", "DROP TABLE kept_revision", "DELETE FROM event"];
    write(app, &aside.map(|sql| (sql, vec![]))).await;
    kept.expect("a version")
}

/// An entry of the log.
pub fn event(entry: i64, at: &str, what: &str, seq: Option<i64>, detail: Value) -> (&'static str, Vec<Value>) {
    (
        "INSERT INTO event (entry, at, what, seq, document_id, releases, detail) VALUES (?1, ?2, ?3, ?4, iif(?3 = 'added', 1, NULL), 1, ?5)",
        vec![json!(entry), json!(at), json!(what), json!(seq), json!(detail.to_string())],
    )
}

/// Another source of a release.
pub fn copy(seq: i64, number: i64, source: &str, title: &str, url: &str) -> (&'static str, Vec<Value>) {
    (
        "INSERT INTO copy (seq, number, seen_at, document_id, position, at_start, at_end, identity, fingerprint, sha256, title, key, url, \
         source_slug, source_name, how, score, layout, blocks, given, text) SELECT ?1, ?2, '2025-05-04T10:00:00Z', document_id, 0, 0, 1, x'00', \
         x'00', 'abc', ?4, NULL, ?5, 'mirror', ?3, 'near', 0.973, '{}', '[]', '{}', 'x' FROM release WHERE seq = ?1",
        vec![json!(seq), json!(number), json!(source), json!(title), json!(url)],
    )
}
