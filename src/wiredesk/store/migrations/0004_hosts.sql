-- What hosts told us, and how long they are to be left alone: what the next run need not ask for again.
CREATE TABLE host (
    place TEXT NOT NULL,                    -- an origin, "https://example.org"; of a pause a host, "example.org"
    kind TEXT NOT NULL,                     -- robots, tdmrep, pause
    noted_at TEXT NOT NULL,
    status INTEGER NOT NULL,                -- of the answer; 0 for a pause
    body BLOB NOT NULL,                     -- as it was received; empty for all but 2xx
    until TEXT,                             -- end of a pause
    PRIMARY KEY (place, kind)
);
