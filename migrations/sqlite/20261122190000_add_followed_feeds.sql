-- Feeds that the archive follows, with what the last look at each brought. Times are RFC 3339 in UTC.
CREATE TABLE followed (
    url             TEXT NOT NULL PRIMARY KEY,
    publisher       TEXT,             -- the owner's word for who publishes there
    added_at        TEXT NOT NULL,
    etag            TEXT,             -- by what the server knows the document again, as it gave them
    last_modified   TEXT,
    digest          TEXT,             -- of the releases that were loaded from it last
    last_polled_at  TEXT,
    last_changed_at TEXT,
    last_outcome    TEXT,             -- a sentence
    failures        INTEGER NOT NULL, -- in a row
    next_poll_at    TEXT,             -- not before then, after a failure or where the server asks for it
    retired         INTEGER NOT NULL CHECK (retired IN (0, 1)) -- gone for good: no longer polled
) STRICT, WITHOUT ROWID;

-- Articles that feeds only announce and that were asked for, so that none is asked for without need.
CREATE TABLE fetched_page (
    url      TEXT NOT NULL PRIMARY KEY,
    stamp    TEXT,             -- the date that the feed gave it then
    at       TEXT NOT NULL,
    held     INTEGER NOT NULL CHECK (held IN (0, 1)), -- whether it came and could be read
    failures INTEGER NOT NULL  -- in a row
) STRICT, WITHOUT ROWID;
