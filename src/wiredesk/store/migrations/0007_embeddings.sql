-- What models made of texts.  A cache that a rebuild keeps: it is derived, but costly; without it only time is lost.
CREATE TABLE embedding (
    model TEXT NOT NULL,
    digest TEXT NOT NULL,                   -- of the text
    vector BLOB NOT NULL,                   -- float16, little-endian
    PRIMARY KEY (model, digest)
);
CREATE TABLE wording (
    article TEXT PRIMARY KEY,
    digest TEXT NOT NULL                    -- of the text that stands for the article
) WITHOUT ROWID;
CREATE INDEX wording_digest ON wording (digest);
