-- What each page teaches about its host, and which fields of a host or source got worse.
CREATE TABLE lesson (
    host TEXT NOT NULL, observed_at TEXT NOT NULL, address TEXT NOT NULL,
    source TEXT NOT NULL,                   -- the feed that named the page; else empty
    marks TEXT NOT NULL,                    -- how well it was read: small, looked at in every run
    data BLOB NOT NULL,
    PRIMARY KEY (host, observed_at, address)
);
CREATE INDEX lesson_source ON lesson (source, observed_at, address);
CREATE TABLE drift (
    place TEXT NOT NULL, field TEXT NOT NULL, seen_at TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (place, field)
) WITHOUT ROWID;
