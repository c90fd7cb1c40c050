-- An archive of public statements, to be read. Dates are EDTF (ISO 8601-2) and days; texts are as published.
CREATE TABLE about (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Whose words there are, and under which terms; no licence means that none is known.
CREATE TABLE rights (
    publisher_slug TEXT NOT NULL,
    publisher      TEXT NOT NULL,
    licence        TEXT,
    releases       INTEGER NOT NULL
) STRICT;

CREATE TABLE topics (
    slug     TEXT NOT NULL PRIMARY KEY,
    label    TEXT NOT NULL,
    label_fr TEXT NOT NULL,
    scope    TEXT NOT NULL,
    broader  TEXT -- slug of the topic that it is a part of
) STRICT, WITHOUT ROWID;

CREATE TABLE releases (
    number_in_list      INTEGER PRIMARY KEY, -- place in the order of all lists: newest first, undated last
    id                  TEXT NOT NULL UNIQUE,
    permalink           TEXT NOT NULL,
    title               TEXT NOT NULL,
    published_edtf      TEXT, -- null where nothing is known
    published_earliest  TEXT, -- days that bound the publication
    published_latest    TEXT,
    published_sort      TEXT, -- the day on which lists show it
    published_precision TEXT NOT NULL,
    published_basis     TEXT NOT NULL,
    kind                TEXT NOT NULL,
    publisher_slug      TEXT NOT NULL,
    publisher           TEXT NOT NULL,
    lang                TEXT NOT NULL,
    publisher_key       TEXT, -- the publisher's own name for it
    publisher_number    TEXT, -- and its number
    original_url        TEXT,
    licence             TEXT,
    version             INTEGER NOT NULL,
    versions            INTEGER NOT NULL,
    seen_at             TEXT NOT NULL, -- when the archive saw this version first
    sha256              TEXT NOT NULL, -- of the text
    text                TEXT NOT NULL
) STRICT;

CREATE TABLE release_topics (
    release TEXT NOT NULL REFERENCES releases (id),
    topic   TEXT NOT NULL,
    rank    INTEGER NOT NULL,
    score   REAL NOT NULL,
    stated  INTEGER NOT NULL, -- 1: by the source itself
    PRIMARY KEY (release, topic)
) STRICT, WITHOUT ROWID;

-- Places, people and organisations that a text names.
CREATE TABLE mentions (
    release TEXT NOT NULL REFERENCES releases (id),
    kind    TEXT NOT NULL,
    slug    TEXT NOT NULL,
    name    TEXT NOT NULL,
    role    TEXT,
    PRIMARY KEY (release, kind, slug)
) STRICT, WITHOUT ROWID;

-- Dates in the text that are not its publication; byte offsets into the text, end exclusive.
CREATE TABLE dates (
    release  TEXT NOT NULL REFERENCES releases (id),
    edtf     TEXT NOT NULL,
    role     TEXT NOT NULL,
    words    TEXT NOT NULL,
    at_start INTEGER NOT NULL,
    at_end   INTEGER NOT NULL
) STRICT;

-- Versions that a later one has taken the place of.
CREATE TABLE versions (
    release        TEXT NOT NULL REFERENCES releases (id),
    version        INTEGER NOT NULL,
    seen_at        TEXT NOT NULL,
    title          TEXT NOT NULL,
    publisher      TEXT NOT NULL,
    lang           TEXT NOT NULL,
    published_edtf TEXT,
    original_url   TEXT,
    sha256         TEXT NOT NULL,
    text           TEXT NOT NULL,
    PRIMARY KEY (release, version)
) STRICT, WITHOUT ROWID;

-- Other sources that carry a release.
CREATE TABLE sources (
    release       TEXT NOT NULL REFERENCES releases (id),
    number        INTEGER NOT NULL,
    publisher     TEXT NOT NULL,
    title         TEXT NOT NULL,
    original_url  TEXT,
    seen_at       TEXT NOT NULL,
    recognised_by TEXT NOT NULL,
    alike         REAL NOT NULL, -- 0 to 1
    sha256        TEXT NOT NULL,
    PRIMARY KEY (release, number)
) STRICT, WITHOUT ROWID;
