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
    published_earliest  TEXT, -- days that bound the publication; where published_edtf carries ~, ? or %, the value itself
    published_latest    TEXT,
    published_sort      TEXT, -- the day on which lists show it
    published_precision TEXT NOT NULL, -- how exactly it is known
    published_basis     TEXT NOT NULL, -- and by what
    kind                TEXT NOT NULL, -- news, speech, and so on
    publisher_slug      TEXT NOT NULL,
    publisher           TEXT NOT NULL,
    lang                TEXT NOT NULL, -- BCP 47
    publisher_key       TEXT, -- the publisher's own name for it
    publisher_number    TEXT, -- and its number
    original_url        TEXT,
    licence             TEXT, -- null where none is known
    version             INTEGER NOT NULL, -- the newest, which this row is
    versions            INTEGER NOT NULL, -- how many there are
    seen_at             TEXT NOT NULL, -- when the archive saw this version first (RFC 3339, UTC)
    sha256              TEXT NOT NULL, -- of the text
    text                TEXT NOT NULL
) STRICT;

CREATE TABLE release_topics (
    release TEXT NOT NULL REFERENCES releases (id),
    topic   TEXT NOT NULL,
    rank    INTEGER NOT NULL, -- from 1: the topic that most words earned first
    score   REAL NOT NULL, -- sum of the weights of those words; compare it within one archive only
    stated  INTEGER NOT NULL, -- 1: by the source itself
    PRIMARY KEY (release, topic)
) STRICT, WITHOUT ROWID;

-- Places, people and organisations that a text names.
CREATE TABLE mentions (
    release TEXT NOT NULL REFERENCES releases (id),
    kind    TEXT NOT NULL, -- place, person, organisation
    slug    TEXT NOT NULL,
    name    TEXT NOT NULL, -- as the archive writes it, whatever the text does
    role    TEXT, -- of a person, where it is known: the office held on the day of publication
    PRIMARY KEY (release, kind, slug)
) STRICT, WITHOUT ROWID;

-- Dates in the text that are not its publication.
CREATE TABLE dates (
    release  TEXT NOT NULL REFERENCES releases (id),
    edtf     TEXT NOT NULL,
    role     TEXT NOT NULL, -- event, background, future, deadline, updated
    words    TEXT NOT NULL, -- by which the text says it
    at_start INTEGER NOT NULL, -- where they begin in releases.text, in bytes of its UTF-8, from 0
    at_end   INTEGER NOT NULL -- and end, exclusive
) STRICT;

-- Versions that a later one has taken the place of.
CREATE TABLE versions (
    release        TEXT NOT NULL REFERENCES releases (id),
    version        INTEGER NOT NULL, -- from 1, the oldest
    seen_at        TEXT NOT NULL, -- when the archive saw it first (RFC 3339, UTC)
    title          TEXT NOT NULL,
    publisher      TEXT NOT NULL,
    lang           TEXT NOT NULL,
    published_edtf TEXT,
    original_url   TEXT,
    sha256         TEXT NOT NULL, -- of the text
    text           TEXT NOT NULL,
    PRIMARY KEY (release, version)
) STRICT, WITHOUT ROWID;

-- Other sources that carry a release.
CREATE TABLE sources (
    release       TEXT NOT NULL REFERENCES releases (id),
    number        INTEGER NOT NULL, -- from 1, in the order in which they came
    publisher     TEXT NOT NULL,
    title         TEXT NOT NULL,
    original_url  TEXT,
    seen_at       TEXT NOT NULL,
    recognised_by TEXT NOT NULL, -- how it was known to be the same release
    alike         REAL NOT NULL, -- 0 to 1
    sha256        TEXT NOT NULL, -- of its text there
    PRIMARY KEY (release, number)
) STRICT, WITHOUT ROWID;
