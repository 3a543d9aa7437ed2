-- When which source is asked, and where; which pages are looked at again; what hubs promised.

ALTER TABLE source ADD COLUMN pace TEXT NOT NULL DEFAULT '';    -- JSON: what its last reading says of its rhythm
ALTER TABLE source ADD COLUMN why TEXT NOT NULL DEFAULT '';     -- why it is asked at next_at and not before
ALTER TABLE source ADD COLUMN fresh_until TEXT;                 -- by the cache headers of its last answer
ALTER TABLE source ADD COLUMN failing_since TEXT;
ALTER TABLE source ADD COLUMN moved_to TEXT;                    -- where permanent redirects lead
ALTER TABLE source ADD COLUMN moved_since TEXT;
ALTER TABLE source ADD COLUMN moved_seen INTEGER NOT NULL DEFAULT 0;    -- answers in a row that led there
ALTER TABLE source ADD COLUMN asks TEXT;                        -- the new address, once the move is believed

ALTER TABLE frontier ADD COLUMN read_at TEXT;                   -- first time
ALTER TABLE frontier ADD COLUMN visits INTEGER NOT NULL DEFAULT 0;      -- looks at it since
ALTER TABLE frontier ADD COLUMN revisit_at TEXT;
ALTER TABLE frontier ADD COLUMN gone_at TEXT;                   -- it had been read, and is not there any more
CREATE INDEX frontier_revisit ON frontier (revisit_at) WHERE revisit_at IS NOT NULL;

CREATE TABLE subscription (
    source TEXT PRIMARY KEY,
    hub TEXT NOT NULL, topic TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,             -- names it in the callback's address; nobody can guess it
    secret TEXT NOT NULL,                   -- the hub signs with it
    status TEXT NOT NULL,                   -- asked, active, denied, failed, leaving
    asked_at TEXT NOT NULL, until TEXT,     -- end of the lease
    next_at TEXT,                           -- the hub is asked again then
    tries INTEGER NOT NULL DEFAULT 0,       -- in a row, without a word from the hub
    note TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
