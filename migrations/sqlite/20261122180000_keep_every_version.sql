-- Every version of every release, every source that carries it, every decision about who is who, and the owner's own hand.

-- The version that `release` and `release_text` hold (older ones are in `revision`), when it was seen first, and how it differs from the one
-- before. `hidden`: 0 shown, 1 withdrawn, 2 found to be the same as `merged_into`, where its addresses lead.
ALTER TABLE release ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE release ADD COLUMN seen_at TEXT;
ALTER TABLE release ADD COLUMN edit TEXT;
ALTER TABLE release ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1, 2));
ALTER TABLE release ADD COLUMN merged_into INTEGER REFERENCES release (seq);

-- Lists show what is not hidden, and only that.
DROP INDEX release_in_order;
DROP INDEX release_by_day;
DROP INDEX release_by_url;
CREATE INDEX release_in_order ON release (sort_key DESC, id) WHERE hidden = 0;
CREATE INDEX release_by_day ON release (sort_on, sort_key DESC, id) WHERE hidden = 0;

DROP TRIGGER release_added;
DROP TRIGGER release_removed;
DROP TRIGGER release_moved;
CREATE TRIGGER release_added AFTER INSERT ON release WHEN new.hidden = 0 BEGIN
    INSERT INTO day_count (day, releases) VALUES (coalesce(new.sort_on, ''), 1)
    ON CONFLICT (day) DO UPDATE SET releases = releases + 1;
END;
CREATE TRIGGER release_removed AFTER DELETE ON release WHEN old.hidden = 0 BEGIN
    UPDATE day_count SET releases = releases - 1 WHERE day = coalesce(old.sort_on, '');
    DELETE FROM day_count WHERE day = coalesce(old.sort_on, '') AND releases = 0;
END;
CREATE TRIGGER release_moved AFTER UPDATE OF sort_on, hidden ON release
WHEN old.sort_on IS NOT new.sort_on OR (old.hidden = 0) <> (new.hidden = 0) BEGIN
    UPDATE day_count SET releases = releases - 1 WHERE old.hidden = 0 AND day = coalesce(old.sort_on, '');
    DELETE FROM day_count WHERE day = coalesce(old.sort_on, '') AND releases = 0;
    INSERT INTO day_count (day, releases) SELECT coalesce(new.sort_on, ''), 1 WHERE new.hidden = 0
    ON CONFLICT (day) DO UPDATE SET releases = releases + 1;
END;

-- Versions that a later one has taken the place of, whole.
CREATE TABLE revision (
    seq         INTEGER NOT NULL REFERENCES release (seq) ON DELETE CASCADE,
    version     INTEGER NOT NULL,      -- from 1
    seen_at     TEXT NOT NULL,
    document_id INTEGER NOT NULL REFERENCES document (id),
    position    INTEGER NOT NULL,
    at_start    INTEGER NOT NULL,
    at_end      INTEGER NOT NULL,
    fingerprint BLOB NOT NULL,
    sha256      TEXT NOT NULL,
    title       TEXT NOT NULL,
    lang        TEXT NOT NULL,
    url         TEXT,
    source_slug TEXT NOT NULL,
    source_name TEXT NOT NULL,
    edit        TEXT,                  -- JSON: how it differs from the version before; null for the first
    published   TEXT NOT NULL,         -- JSON: the publication date as it was understood
    layout      TEXT NOT NULL,
    blocks      TEXT NOT NULL,
    given       TEXT NOT NULL,
    text        TEXT NOT NULL,         -- as published; empty where it was erased
    PRIMARY KEY (seq, version)
) STRICT;

-- Other sources that carry a release: mirrors, joint statements, the same text at another address.
CREATE TABLE copy (
    seq         INTEGER NOT NULL REFERENCES release (seq) ON DELETE CASCADE,
    number      INTEGER NOT NULL,      -- from 1
    seen_at     TEXT NOT NULL,
    document_id INTEGER NOT NULL REFERENCES document (id),
    position    INTEGER NOT NULL,
    at_start    INTEGER NOT NULL,
    at_end      INTEGER NOT NULL,
    identity    BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    sha256      TEXT NOT NULL,
    title       TEXT NOT NULL,
    key         TEXT,
    url         TEXT,
    source_slug TEXT NOT NULL,
    source_name TEXT NOT NULL,
    how         TEXT NOT NULL,
    score       REAL NOT NULL,
    layout      TEXT NOT NULL,
    blocks      TEXT NOT NULL,
    given       TEXT NOT NULL,
    text        TEXT NOT NULL,         -- as that source prints it; empty where it was erased
    PRIMARY KEY (seq, number)
) STRICT;

-- What a release is known by beside its first identity: other keys, canonical addresses, words. The first eight bytes of a BLAKE3 hash.
CREATE TABLE alias (
    hash INTEGER NOT NULL,
    seq  INTEGER NOT NULL,
    copy INTEGER NOT NULL,             -- the copy that it names; 0 for the release itself
    PRIMARY KEY (hash, seq)
) STRICT, WITHOUT ROWID;

-- Addresses that a release had before the one it has now.
CREATE TABLE former_url (
    seq INTEGER NOT NULL REFERENCES release (seq) ON DELETE CASCADE,
    url TEXT NOT NULL,
    at  TEXT NOT NULL,
    PRIMARY KEY (seq, url)
) STRICT, WITHOUT ROWID;

-- By what texts are compared with each other: a hash of the words and a sketch of the shingles, in the order in which they came, so that an import
-- that goes on after it was cut short compares as one that was not. A later row of a release takes the place of the one before.
CREATE TABLE likeness (
    entry  INTEGER PRIMARY KEY,
    seq    INTEGER NOT NULL,
    again  INTEGER NOT NULL CHECK (again IN (0, 1)), -- 1: of a new version
    before INTEGER,                                  -- the hash whose place it takes
    words  INTEGER,
    sketch BLOB
) STRICT;
CREATE INDEX likeness_of_release ON likeness (seq);

-- What was decided about each text where it stands, and why.
ALTER TABLE occurrence ADD COLUMN outcome TEXT NOT NULL DEFAULT 'new';
ALTER TABLE occurrence ADD COLUMN how TEXT;
ALTER TABLE occurrence ADD COLUMN score REAL;
ALTER TABLE occurrence ADD COLUMN other INTEGER;
ALTER TABLE occurrence ADD COLUMN reason TEXT;
ALTER TABLE occurrence ADD COLUMN decided_at TEXT;

-- The same release in several languages: each a release of its own, in one family.
CREATE TABLE translation (
    seq    INTEGER PRIMARY KEY REFERENCES release (seq) ON DELETE CASCADE,
    family INTEGER NOT NULL
) STRICT;
CREATE INDEX translation_by_family ON translation (family);

-- What the owner has ruled, in order.
CREATE TABLE ruling (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    verb    TEXT NOT NULL CHECK (verb IN ('link', 'unlink', 'split')),
    seq     INTEGER NOT NULL,
    other   INTEGER NOT NULL,
    because TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT;

-- What the owner has put right; `found` is what the program finds by itself.
CREATE TABLE correction (
    seq     INTEGER NOT NULL REFERENCES release (seq) ON DELETE CASCADE,
    field   TEXT NOT NULL CHECK (field IN ('date', 'title', 'kind', 'topics')),
    value   TEXT NOT NULL, -- JSON
    found   TEXT NOT NULL, -- JSON
    because TEXT NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (seq, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE withdrawal (
    seq    INTEGER PRIMARY KEY REFERENCES release (seq) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    at     TEXT NOT NULL,
    erased INTEGER NOT NULL CHECK (erased IN (0, 1))
) STRICT;

-- Byte ranges of documents whose words were taken out where the law asked for it: the lossless proof passes them over.
CREATE TABLE erasure (
    document_id INTEGER NOT NULL REFERENCES document (id),
    at_start    INTEGER NOT NULL,
    at_end      INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    PRIMARY KEY (document_id, at_start)
) STRICT, WITHOUT ROWID;

-- Lines of a streamed document that were refused: then it is read again when it comes again.
ALTER TABLE document ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;

-- The log for people, newest last: what was added (one entry a document), edited, withdrawn, restored, corrected, found anew.
CREATE TABLE event (
    entry       INTEGER PRIMARY KEY AUTOINCREMENT,
    at          TEXT NOT NULL,
    what        TEXT NOT NULL,
    seq         INTEGER,
    document_id INTEGER,
    releases    INTEGER NOT NULL,
    detail      TEXT NOT NULL -- JSON
) STRICT;
CREATE INDEX event_of_release ON event (seq, entry) WHERE seq IS NOT NULL;
CREATE INDEX event_by_kind ON event (what, entry);
CREATE UNIQUE INDEX event_of_additions ON event (document_id) WHERE what = 'added';
-- What was there before the log began.
INSERT INTO event (at, what, document_id, releases, detail)
SELECT d.loaded_at, 'added', d.id, count(*), '{}' FROM release r JOIN document d ON d.id = r.document_id GROUP BY d.id ORDER BY d.id;
