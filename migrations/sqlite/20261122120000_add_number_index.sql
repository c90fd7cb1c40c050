-- A press release is asked for by its publisher's number: the year in parentheses and what follows, however it is spaced.
CREATE INDEX release_by_number ON release (substr(replace(number, ' ', ''), instr(replace(number, ' ', ''), '('))) WHERE number IS NOT NULL;
