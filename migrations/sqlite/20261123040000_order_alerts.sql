-- Messages in the order in which they were made, within one second too. Those of before have 0 and come first.
ALTER TABLE alert_batch ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
CREATE INDEX alert_batch_in_order ON alert_batch (place);
