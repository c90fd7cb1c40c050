-- The archive. The database is the truth; the full-text index is a projection of it.

-- Facts about the archive itself: its identifier (chosen once), the versions of the rules that described it.
CREATE TABLE archive (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The vocabularies as their owner wrote them.
CREATE TABLE vocabulary (
    name      TEXT NOT NULL PRIMARY KEY CHECK (name IN ('topics', 'gazetteer')),
    toml      TEXT NOT NULL,
    loaded_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Topics in the order of their vocabulary, for pages.
CREATE TABLE topic (
    slug     TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    label    TEXT NOT NULL,
    label_fr TEXT NOT NULL,
    scope    TEXT NOT NULL,
    broader  TEXT,
    related  TEXT NOT NULL -- JSON array of slugs
) STRICT, WITHOUT ROWID;

-- What a person reads for a value of a facet (publishers, places, people, organisations).
CREATE TABLE label (
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (facet, value)
) STRICT, WITHOUT ROWID;

-- Source documents. A text document is kept byte for byte; of a streamed one the releases' texts are kept.
CREATE TABLE document (
    id             INTEGER PRIMARY KEY,
    sha256         TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    format         TEXT NOT NULL,
    byte_length    INTEGER NOT NULL,
    preamble_start INTEGER,
    preamble_end   INTEGER,
    sidecar        TEXT NOT NULL, -- JSON: the owner's statement
    loaded_at      TEXT NOT NULL,
    complete       INTEGER NOT NULL CHECK (complete IN (0, 1)),
    content        BLOB
) STRICT;

CREATE TABLE release (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,  -- permanent, in addresses
    identity    BLOB NOT NULL UNIQUE,  -- the hash by which the release is known again
    fingerprint BLOB NOT NULL,         -- of everything the source gives; equal means unchanged
    described   BLOB NOT NULL,         -- of everything found out; equal means that describing again found the same
    document_id INTEGER NOT NULL REFERENCES document (id),
    position    INTEGER NOT NULL,      -- in that document, from 0
    at_start    INTEGER NOT NULL,
    at_end      INTEGER NOT NULL,
    key         TEXT,
    url         TEXT,
    number      TEXT,
    title       TEXT NOT NULL,
    slug        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    lang        TEXT NOT NULL,
    source_slug TEXT NOT NULL,
    source_name TEXT NOT NULL,
    edtf        TEXT,
    earliest    TEXT,
    latest      TEXT,
    sort_on     TEXT,
    sort_key    INTEGER, -- day, minute, place in the document; null where undated
    time        TEXT,
    utc_offset  TEXT,
    precision   TEXT NOT NULL,
    basis       TEXT NOT NULL,
    year_from   TEXT,
    loaded_at   TEXT NOT NULL
) STRICT;

-- The one order of every list: newest first, undated last (nulls sort below every key), then by id.
CREATE INDEX release_in_order ON release (sort_key DESC, id);
CREATE INDEX release_by_day ON release (sort_on, sort_key DESC, id);
CREATE INDEX release_in_document ON release (document_id, position);
CREATE INDEX release_by_url ON release (url) WHERE url IS NOT NULL;

-- The long columns, apart, so that lists do not read them.
CREATE TABLE release_text (
    seq      INTEGER PRIMARY KEY REFERENCES release (seq) ON DELETE CASCADE,
    sha256   TEXT NOT NULL,
    layout   TEXT NOT NULL, -- JSON: ranges of title, source line, stamp and body
    given    TEXT NOT NULL, -- JSON: fields of a structured source
    evidence TEXT NOT NULL, -- JSON: words and reasons behind the publication date
    dates    TEXT NOT NULL, -- JSON: every other date
    blocks   TEXT NOT NULL, -- JSON
    text     TEXT NOT NULL  -- as published; last, so that what stands before it is read without it
) STRICT;

CREATE TABLE release_topic (
    seq      INTEGER NOT NULL REFERENCES release (seq) ON DELETE CASCADE,
    topic    TEXT NOT NULL,
    rank     INTEGER NOT NULL,
    score    REAL NOT NULL,
    stated   INTEGER NOT NULL,
    evidence TEXT NOT NULL, -- JSON
    PRIMARY KEY (seq, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE mention (
    seq      INTEGER NOT NULL REFERENCES release (seq) ON DELETE CASCADE,
    kind     TEXT NOT NULL CHECK (kind IN ('place', 'person', 'organisation')),
    slug     TEXT NOT NULL,
    rank     INTEGER NOT NULL,
    name     TEXT NOT NULL,
    role     TEXT,
    evidence TEXT NOT NULL, -- JSON
    PRIMARY KEY (seq, kind, slug)
) STRICT, WITHOUT ROWID;

-- Every place in every document where a release stands: what the lossless proof walks along.
CREATE TABLE occurrence (
    document_id INTEGER NOT NULL REFERENCES document (id),
    position    INTEGER NOT NULL,
    seq         INTEGER NOT NULL REFERENCES release (seq) ON DELETE CASCADE,
    at_start    INTEGER NOT NULL,
    at_end      INTEGER NOT NULL,
    sha256      TEXT NOT NULL,
    PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX occurrence_of_release ON occurrence (seq);

-- The ordered log that every write appends to in its own transaction. Its last entry is the archive's generation;
-- an index holds everything up to the entry it names.
CREATE TABLE change (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    seq   INTEGER, -- null: a change that touches no single release (vocabularies)
    what  TEXT NOT NULL CHECK (what IN ('new', 'changed', 'described', 'vocabulary')),
    at    TEXT NOT NULL
) STRICT;

-- Releases a day, kept by triggers, so that no page counts the archive. The empty day stands for undated.
CREATE TABLE day_count (
    day      TEXT NOT NULL PRIMARY KEY,
    releases INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER release_added AFTER INSERT ON release BEGIN
    INSERT INTO day_count (day, releases) VALUES (coalesce(new.sort_on, ''), 1)
    ON CONFLICT (day) DO UPDATE SET releases = releases + 1;
END;
CREATE TRIGGER release_removed AFTER DELETE ON release BEGIN
    UPDATE day_count SET releases = releases - 1 WHERE day = coalesce(old.sort_on, '');
    DELETE FROM day_count WHERE day = coalesce(old.sort_on, '') AND releases = 0;
END;
CREATE TRIGGER release_moved AFTER UPDATE OF sort_on ON release WHEN old.sort_on IS NOT new.sort_on BEGIN
    UPDATE day_count SET releases = releases - 1 WHERE day = coalesce(old.sort_on, '');
    DELETE FROM day_count WHERE day = coalesce(old.sort_on, '') AND releases = 0;
    INSERT INTO day_count (day, releases) VALUES (coalesce(new.sort_on, ''), 1)
    ON CONFLICT (day) DO UPDATE SET releases = releases + 1;
END;
