-- Stories in words, the threads that they continue, and the stories close to them.  `sketch` and `link` are the stage's JSON.
CREATE TABLE thread (
    story TEXT PRIMARY KEY,
    first_at TEXT NOT NULL,                 -- when its first article was told
    inputs TEXT NOT NULL,                   -- digest of the articles that the sketch was made from
    seed TEXT,                              -- the story that its thread began with; null: not yet followed
    sketch TEXT NOT NULL, link TEXT
) WITHOUT ROWID;
CREATE INDEX thread_first ON thread (first_at, story);
CREATE INDEX thread_seed ON thread (seed, first_at, story);
CREATE TABLE close (story TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (story, other)) WITHOUT ROWID;
CREATE INDEX close_other ON close (other);
