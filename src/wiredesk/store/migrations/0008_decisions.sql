-- What editors decided of stories, and which stories ever had a page.

CREATE TABLE decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- in the order of deciding; a later one on the same pair outweighs an earlier one
    at TEXT NOT NULL, who TEXT NOT NULL,
    kind TEXT NOT NULL,                     -- together, apart
    one TEXT NOT NULL, other TEXT NOT NULL, -- articles, in the order of their ids
    undone_at TEXT, undone_by TEXT          -- rows stay
);

-- Outlives the page and a rebuild: an address that was given out leads somewhere as long as its article is there.
CREATE TABLE story_page (story TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO story_page SELECT DISTINCT substr(scope, 7) FROM document WHERE scope LIKE 'story:%';
