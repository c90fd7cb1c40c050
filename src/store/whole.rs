//! The archive as a whole: what it consists of, record by record, whatever engine holds it.
//!
//! What can be told from the rest is left out: the counts of days, and the index.

/// How a field is kept, and so how it is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Int,
    Real,
    Text,
    /// Bytes of a hash or a sketch.
    Hex,
    /// A value that is JSON already, repeated to the letter.
    Json,
    /// The bytes of a document.
    Content,
    /// A release's text in three parts, so that its body can be read by itself: what stands before it, it, and what stands behind it.
    Head,
    Body,
    Tail,
}

/// A field: its name in a record and in the tables, and its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldShape {
    pub name: &'static str,
    pub column: &'static str,
    pub form: Form,
    /// In which of the shape's tables it stands.
    pub table: usize,
}

/// What all records of one kind look like.
#[derive(Debug, PartialEq, Eq)]
pub struct Shape {
    pub kind: &'static str,
    /// The tables that its fields stand in; the first field is the key of each.
    pub tables: &'static [&'static str],
    /// So many fields at the beginning tell a record from all others; records stand in their order.
    pub keys: usize,
    pub fields: &'static [FieldShape],
}

/// One value of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
    /// JSON, to the letter, on one line.
    Json(String),
}

/// One record: its values stand in the order of its shape's fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub shape: &'static Shape,
    pub values: Vec<Datum>,
}

/// What comes before all records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The archive's own identifier.
    pub id: String,
    /// The last entry of its change log.
    pub generation: i64,
    /// The last step by which the tables were brought to their shape.
    pub schema: i64,
}

/// An archive on its way, part by part.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Header(Header),
    Records(Vec<Record>),
    /// All of it has come and is what it should be.
    End,
}

impl Shape {
    /// The shape of a kind of record.
    pub fn of(kind: &str) -> Option<&'static Shape> {
        SHAPES.iter().find(|shape| shape.kind == kind)
    }

    /// The place of a field among a record's values.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The place of the first field of a form.
    pub fn place_of(&self, form: Form) -> Option<usize> {
        self.fields.iter().position(|field| field.form == form)
    }
}

impl Record {
    /// A value by the name of its field.
    pub fn get(&self, name: &str) -> Option<&Datum> {
        self.values.get(self.shape.place(name)?)
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Datum::Int(value) => Some(*value),
            _ => None,
        }
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Datum::Text(value) | Datum::Json(value) => Some(value),
            _ => None,
        }
    }
}

/// A field whose name is not its column's has both: `name = column: Form`; one that stands in the second table ends in `@ 1`.
macro_rules! fields {
    ($($name:ident $(= $column:ident)?: $form:ident $(@ $table:literal)?),* $(,)?) => {
        &[$(FieldShape {
            name: stringify!($name),
            column: { let own = stringify!($name); $(let own = { let _ = own; stringify!($column) };)? own },
            form: Form::$form,
            table: { let first = 0; $(let first = { let _ = first; $table };)? first },
        }),*]
    };
}

macro_rules! shape {
    ($kind:literal, [$($table:literal),+], $keys:literal, { $($fields:tt)* }) => {
        Shape { kind: $kind, tables: &[$($table),+], keys: $keys, fields: fields!($($fields)*) }
    };
}

/// Everything that an archive consists of, in the order in which it is written down: nothing names what comes later, but releases that
/// are merged into others. `number` is a release's or a document's own, by which other records name it.
pub static SHAPES: &[Shape] = &[
    // Beside the identifier, which stands in the header.
    shape!("fact", ["archive"], 1, { name: Text, value: Text }),
    shape!("vocabulary", ["vocabulary"], 1, { name: Text, loaded_at: Text, toml: Text }),
    shape!("topic", ["topic"], 1, { slug: Text, position: Int, label: Text, label_fr: Text, scope: Text, broader: Text, related: Json }),
    shape!("label", ["label"], 2, { facet: Text, value: Text, label: Text }),
    shape!("document", ["document"], 1, {
        number = id: Int, sha256: Text, name: Text, format: Text, byte_length: Int, preamble_start: Int, preamble_end: Int, sidecar: Json,
        loaded_at: Text, complete: Int, refused: Int, content: Content,
    }),
    shape!("release", ["release", "release_text"], 1, {
        number = seq: Int, id: Text, key: Text, title: Text, head: Head @ 1, body = text: Body @ 1, tail: Tail @ 1, sha256: Text @ 1,
        layout: Json @ 1, blocks: Json @ 1, given: Json @ 1, url: Text, publisher_number = number: Text, slug: Text, kind: Text, lang: Text,
        source_slug: Text, source_name: Text, edtf: Text, earliest: Text, latest: Text, sort_on: Text, sort_key: Int, time: Text,
        utc_offset: Text, precision: Text, basis: Text, year_from: Text, evidence: Json @ 1, dates: Json @ 1, identity: Hex,
        fingerprint: Hex, described: Hex, document = document_id: Int, position: Int, at_start: Int, at_end: Int, loaded_at: Text,
        version: Int, seen_at: Text, edit: Json, hidden: Int, merged_into: Int,
    }),
    shape!("topic_of_release", ["release_topic"], 2, { release = seq: Int, topic: Text, rank: Int, score: Real, stated: Int, evidence: Json }),
    shape!("mention", ["mention"], 3, { release = seq: Int, kind: Text, slug: Text, rank: Int, name: Text, role: Text, evidence: Json }),
    shape!("version", ["revision"], 2, {
        release = seq: Int, version: Int, title: Text, text: Text, sha256: Text, layout: Json, blocks: Json, given: Json, url: Text, lang: Text,
        source_slug: Text, source_name: Text, published: Json, fingerprint: Hex, document = document_id: Int, position: Int, at_start: Int,
        at_end: Int, seen_at: Text, edit: Json,
    }),
    shape!("copy", ["copy"], 2, {
        release = seq: Int, number: Int, key: Text, title: Text, text: Text, sha256: Text, layout: Json, blocks: Json, given: Json, url: Text,
        source_slug: Text, source_name: Text, how: Text, score: Real, identity: Hex, fingerprint: Hex, document = document_id: Int,
        position: Int, at_start: Int, at_end: Int, seen_at: Text,
    }),
    shape!("alias", ["alias"], 2, { release = seq: Int, hash: Int, copy: Int }),
    shape!("likeness", ["likeness"], 1, { entry: Int, release = seq: Int, again: Int, before: Int, words: Int, sketch: Hex }),
    shape!("former_address", ["former_url"], 2, { release = seq: Int, url: Text, at: Text }),
    shape!("occurrence", ["occurrence"], 2, {
        document = document_id: Int, position: Int, release = seq: Int, at_start: Int, at_end: Int, sha256: Text, outcome: Text, how: Text,
        score: Real, other: Int, reason: Text, decided_at: Text,
    }),
    shape!("translation", ["translation"], 1, { release = seq: Int, family: Int }),
    shape!("ruling", ["ruling"], 1, { number: Int, verb: Text, release = seq: Int, other: Int, because: Text, at: Text }),
    shape!("correction", ["correction"], 2, { release = seq: Int, field: Text, value: Json, found: Json, because: Text, at: Text }),
    shape!("withdrawal", ["withdrawal"], 1, { release = seq: Int, reason: Text, at: Text, erased: Int }),
    shape!("erasure", ["erasure"], 2, { document = document_id: Int, at_start: Int, at_end: Int, release = seq: Int }),
    shape!("event", ["event"], 1, {
        entry: Int, at: Text, what: Text, release = seq: Int, document = document_id: Int, releases: Int, detail: Json,
    }),
    shape!("change", ["change"], 1, { entry: Int, release = seq: Int, what: Text, at: Text }),
    shape!("followed", ["followed"], 1, {
        url: Text, publisher: Text, added_at: Text, etag: Text, last_modified: Text, digest: Text, last_polled_at: Text, last_changed_at: Text,
        last_outcome: Text, failures: Int, next_poll_at: Text, retired: Int,
    }),
    shape!("fetched_page", ["fetched_page"], 1, { url: Text, stamp: Text, at: Text, held: Int, failures: Int }),
];
