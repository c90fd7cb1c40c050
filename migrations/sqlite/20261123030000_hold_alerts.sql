-- Receivers that asked for a pause, and addresses that nothing new is sent to.
ALTER TABLE alert_delivery ADD COLUMN paused_until TEXT; -- nothing goes to the target before; null where it asked for no pause
CREATE INDEX alert_delivery_paused ON alert_delivery (target) WHERE paused_until IS NOT NULL;

-- An address of an alert whose last message failed for good.
CREATE TABLE alert_stop (
    alert  TEXT NOT NULL REFERENCES alert (name) ON DELETE CASCADE,
    target TEXT NOT NULL, -- BLAKE3 of it: the address itself goes with its messages
    entry  TEXT NOT NULL, -- BLAKE3 of the alert as the owner's file had it: one that says something else begins anew
    since  TEXT NOT NULL,
    PRIMARY KEY (alert, target)
) STRICT, WITHOUT ROWID;
