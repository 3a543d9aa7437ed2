-- Copies are found by who told a run of words first.  Fingerprints are made anew at the next run.

DROP TABLE band;
DROP TABLE fingerprint;

CREATE TABLE fingerprint (
    article INTEGER PRIMARY KEY,            -- the number that its id writes in hex, less 2^63
    at INTEGER NOT NULL,                    -- sorts as articles were told
    provider TEXT NOT NULL, title TEXT NOT NULL, words INTEGER NOT NULL,
    keys BLOB NOT NULL                      -- 8 bytes each, little-endian
);
-- Who holds a run of words, in the order of the telling.
CREATE TABLE run_of_words (
    key INTEGER NOT NULL, at INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (key, at, article)
) WITHOUT ROWID;

ALTER TABLE copy ADD COLUMN is_reprint INTEGER NOT NULL DEFAULT 1;

INSERT OR IGNORE INTO owed (step, key) SELECT 'copy', id FROM article;
