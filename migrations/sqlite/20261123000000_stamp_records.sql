-- When the record of each release last changed in any way, shown or hidden: what harvesters ask by. A stamp is never smaller than one that was given
-- before, whatever the clock did, so that whoever asks for what came since the last one misses nothing.
CREATE TABLE stamp (
    seq INTEGER PRIMARY KEY,
    at  TEXT NOT NULL -- RFC 3339, UTC, whole seconds
) STRICT;
CREATE INDEX stamp_in_order ON stamp (at, seq);

CREATE TRIGGER change_stamps AFTER INSERT ON change WHEN new.seq IS NOT NULL BEGIN
    INSERT INTO stamp (seq, at) VALUES (new.seq, max(substr(new.at, 1, 19) || 'Z', coalesce((SELECT max(at) FROM stamp), '')))
    ON CONFLICT (seq) DO UPDATE SET at = excluded.at;
END;

INSERT INTO stamp (seq, at)
SELECT r.seq, substr(coalesce(c.at, r.loaded_at), 1, 19) || 'Z' FROM release r
LEFT JOIN (SELECT seq, max(at) AS at FROM change WHERE seq IS NOT NULL GROUP BY seq) c ON c.seq = r.seq;
