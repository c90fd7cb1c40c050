-- Searches whose new releases are told by e-mail or to other programs: how far each has been looked at, and what is still to be sent. What is
-- searched for, and who is told, stands in the owner's own file. Times are RFC 3339 in UTC.
CREATE TABLE alert (
    name        TEXT NOT NULL PRIMARY KEY,
    search      TEXT NOT NULL,    -- as it was when `held` was found
    began_at    TEXT NOT NULL,
    change_mark INTEGER NOT NULL, -- the entry of `change` up to which new releases have been looked at
    event_mark  INTEGER NOT NULL, -- the entry of `event` up to which changes have been looked at
    held        BLOB,             -- releases that the search found at the last look, as differences; null where changes are not told
    batched_at  TEXT              -- when something was last found to send
) STRICT, WITHOUT ROWID;

-- What one message tells of. It is made in the transaction that moves the marks, so that nothing is told twice and nothing is passed over.
CREATE TABLE alert_batch (
    id       TEXT NOT NULL PRIMARY KEY, -- stable: by it a message that comes twice is known
    alert    TEXT NOT NULL REFERENCES alert (name) ON DELETE CASCADE,
    made_at  TEXT NOT NULL,
    releases TEXT NOT NULL, -- JSON array of release.seq, in the order in which they are told
    events   TEXT NOT NULL  -- JSON array of event.entry
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_batch_of_alert ON alert_batch (alert);

-- One message to one address.
CREATE TABLE alert_delivery (
    batch       TEXT NOT NULL REFERENCES alert_batch (id) ON DELETE CASCADE,
    target      TEXT NOT NULL,    -- mailto:… or an address of the web
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'void')), -- void: all that it told of was withdrawn before it was sent
    tries       INTEGER NOT NULL,
    since       TEXT NOT NULL,    -- when it was first to be sent, or was taken up again
    next_try_at TEXT NOT NULL,
    last_error  TEXT,
    PRIMARY KEY (batch, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_delivery_due ON alert_delivery (next_try_at) WHERE state = 'waiting';
