-- The log as it is followed leaves out what was only noticed, of which one command may write as many entries as there are releases: without this
-- a feed would read past all of them. The same words stand where it is asked.
CREATE INDEX event_of_note ON event (entry) WHERE what NOT IN ('retouched', 'redescribed');

-- A ruling touches the other release too.
CREATE INDEX ruling_of_other ON ruling (other);
