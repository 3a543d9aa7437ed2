-- The first shape.  Tables with small rows are WITHOUT ROWID.  Times are ISO 8601 UTC texts, which sort as they are; `data` is zlib-packed JSON.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- What we know of the places that we poll.
CREATE TABLE source (
    url TEXT PRIMARY KEY,
    etag TEXT, last_modified TEXT,          -- sent back verbatim
    checked_at TEXT, changed_at TEXT, next_at TEXT,
    failures INTEGER NOT NULL DEFAULT 0,    -- in a row
    status TEXT NOT NULL DEFAULT 'new',     -- new, ok, failing, gone
    note TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

-- Every record of the capture files that somebody has to read, or has read.
CREATE TABLE capture (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL, captured_at TEXT NOT NULL,
    file TEXT NOT NULL, offset INTEGER NOT NULL,
    digest TEXT NOT NULL, kind TEXT NOT NULL,   -- kind: text or image
    read INTEGER NOT NULL DEFAULT 0,            -- 0 not yet, 1 read; pictures are looked up by address
    UNIQUE (file, offset)
);
CREATE INDEX capture_unread ON capture (captured_at, url, digest) WHERE read = 0;
CREATE UNIQUE INDEX capture_same ON capture (url, captured_at, digest);
CREATE TABLE capture_file (name TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;

-- Pages that a wire item names.  The ledger of what became of them outlives a rebuild.
CREATE TABLE frontier (
    address TEXT PRIMARY KEY,
    url TEXT NOT NULL, source TEXT NOT NULL, told_at TEXT NOT NULL,
    wire_digest TEXT NOT NULL,              -- a changed item asks for the page again
    status TEXT NOT NULL DEFAULT 'wanted',  -- wanted, read, alone (the wire item stands alone)
    stands INTEGER NOT NULL DEFAULT 0,      -- 1 once it was alone: the wire item stands while we ask again, too
    tries INTEGER NOT NULL DEFAULT 0,
    next_at TEXT, etag TEXT, last_modified TEXT,
    note TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX frontier_wanted ON frontier (source, told_at) WHERE status = 'wanted';

-- Readings, and the articles that they fold to.
CREATE TABLE draft (
    address TEXT NOT NULL, observed_at TEXT NOT NULL, origin TEXT NOT NULL, digest TEXT NOT NULL,
    source TEXT NOT NULL,                   -- the feed of a wire item; else empty
    data BLOB, rejected TEXT,               -- data is null where the page was no article
    PRIMARY KEY (address, observed_at, origin, source, digest)
);
CREATE TABLE address (
    address TEXT PRIMARY KEY, canonical TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX address_canonical ON address (canonical);
CREATE TABLE article (
    id TEXT PRIMARY KEY,
    canonical TEXT NOT NULL, provider TEXT NOT NULL,
    told_at TEXT NOT NULL, first_seen_at TEXT NOT NULL, language TEXT,
    digest TEXT NOT NULL, text_digest TEXT NOT NULL, picture TEXT,
    signal TEXT NOT NULL, data BLOB NOT NULL
);
CREATE INDEX article_told ON article (told_at, id);
CREATE INDEX article_picture ON article (picture);
CREATE INDEX article_provider ON article (provider);
CREATE TABLE name (article TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE) WITHOUT ROWID;

-- Copies.
CREATE TABLE fingerprint (article TEXT PRIMARY KEY, info BLOB NOT NULL);
CREATE TABLE band (band BLOB NOT NULL, article TEXT NOT NULL, PRIMARY KEY (band, article)) WITHOUT ROWID;
CREATE INDEX band_article ON band (article);
CREATE TABLE copy (article TEXT PRIMARY KEY, origin TEXT NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX copy_origin ON copy (origin);

-- Stories.
CREATE TABLE placement (
    article TEXT PRIMARY KEY, told_at TEXT NOT NULL, story TEXT NOT NULL, data TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX placement_story ON placement (story);
CREATE INDEX placement_told ON placement (told_at, article);

-- What an edition says.  Lists of items are read at every run, so the rows that they need are kept small.
CREATE TABLE item (
    article TEXT PRIMARY KEY, name TEXT NOT NULL, story TEXT NOT NULL, provider TEXT NOT NULL,
    told_at TEXT NOT NULL, published INTEGER NOT NULL, quality INTEGER NOT NULL, heat INTEGER NOT NULL,
    digest TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE item_body (article TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE INDEX item_story ON item (story);
CREATE INDEX item_told ON item (told_at DESC, name);
CREATE INDEX item_provider ON item (provider, told_at DESC, name);
CREATE TABLE item_topic (
    topic TEXT NOT NULL, article TEXT NOT NULL, PRIMARY KEY (topic, article)
) WITHOUT ROWID;
CREATE INDEX item_topic_article ON item_topic (article);
CREATE TABLE carried (path TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;  -- records of other collections

CREATE TABLE image (
    url TEXT PRIMARY KEY, status TEXT NOT NULL, file TEXT, width INTEGER, height INTEGER,
    tries INTEGER NOT NULL DEFAULT 0, next_at TEXT, note TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
-- The name and logo that the article seen first gave; ranks sort by how good, then how early.
CREATE TABLE provider (
    domain TEXT PRIMARY KEY, name TEXT NOT NULL, name_rank TEXT NOT NULL, logo TEXT, logo_rank TEXT
) WITHOUT ROWID;
CREATE INDEX provider_logo ON provider (logo);

-- Work that is owed, put down in the transaction that causes it: a killed run goes on from here.
CREATE TABLE owed (step TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (step, key)) WITHOUT ROWID;
CREATE TABLE dirty (scope TEXT PRIMARY KEY) WITHOUT ROWID;

-- The edition's ledger.
CREATE TABLE document (
    key TEXT PRIMARY KEY, scope TEXT NOT NULL, inputs TEXT NOT NULL, output TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX document_scope ON document (scope);
CREATE TABLE change (edition INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (edition, key)) WITHOUT ROWID;

CREATE TABLE run (id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT, summary TEXT);
CREATE TABLE problem (
    id INTEGER PRIMARY KEY, run INTEGER, stage TEXT NOT NULL, place TEXT NOT NULL, what TEXT NOT NULL,
    now TEXT NOT NULL
);
