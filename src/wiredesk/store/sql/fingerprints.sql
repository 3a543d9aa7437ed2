-- name: fingerprint_put
INSERT OR REPLACE INTO fingerprint (article, at, provider, title, words, keys) VALUES (?, ?, ?, ?, ?, ?);

-- name: fingerprints_get
SELECT article, at, provider, title, words, keys FROM fingerprint
WHERE article IN (SELECT value FROM json_each(?));

-- name: fingerprint_drop
DELETE FROM fingerprint WHERE article = ?;

-- name: run_put
INSERT INTO run_of_words (key, at, article) VALUES (?, ?, ?);

-- name: run_drop
DELETE FROM run_of_words WHERE key = ? AND at = ? AND article = ?;

-- name: runs_next
-- Who holds each of these keys next after an article: keys as JSON, at, article.
SELECT DISTINCT (
    SELECT article FROM run_of_words WHERE key = mine.value AND (at, article) > (?2, ?3) ORDER BY at, article LIMIT 1
) AS article FROM json_each(?1) AS mine;

-- name: runs_shared
-- Which of these keys more than one article holds: keys as JSON.
SELECT value AS key FROM json_each(?)
WHERE EXISTS (SELECT 1 FROM run_of_words AS run WHERE run.key = value LIMIT 1 OFFSET 1);

-- name: fresh_begin
-- Of this connection: the articles whose keys were put since fresh_forget, ...
CREATE TEMP TABLE IF NOT EXISTS fresh (article INTEGER PRIMARY KEY);

-- name: fresh_runs_begin
-- ... and those of their keys that another one held, then or later.
CREATE TEMP TABLE IF NOT EXISTS fresh_shared (key INTEGER PRIMARY KEY);

-- name: fresh_put
INSERT OR IGNORE INTO fresh SELECT value FROM json_each(?);

-- name: fresh_runs_put
-- Note those of these keys that more than one article holds: keys as JSON.
INSERT OR IGNORE INTO fresh_shared SELECT value FROM json_each(?)
WHERE EXISTS (SELECT 1 FROM run_of_words AS run WHERE run.key = value LIMIT 1 OFFSET 1);

-- name: fresh_among
SELECT article FROM json_each(?) CROSS JOIN fresh ON article = value;

-- name: fresh_shared
-- Which of these keys of fresh articles more than one article holds: keys as JSON.
SELECT fresh_shared.key FROM json_each(?) CROSS JOIN fresh_shared ON fresh_shared.key = value;

-- name: fresh_forget
DELETE FROM fresh;

-- name: fresh_runs_forget
DELETE FROM fresh_shared;

-- name: runs_first
-- Who held each of these keys first before an article: keys as JSON, at, article, since.
SELECT (
    SELECT article FROM run_of_words WHERE key = mine.value AND at >= ?4 AND (at, article) < (?2, ?3)
    ORDER BY at, article LIMIT 1
) AS article FROM json_each(?1) AS mine;

-- name: runs_holders
-- Who held each of these keys first before an article: keys as JSON, at, article, since, how many of each.
SELECT mine.value AS key, (
    SELECT json_group_array(article) FROM (
        SELECT article FROM run_of_words WHERE key = mine.value AND at >= ?4 AND (at, article) < (?2, ?3)
        ORDER BY at, article LIMIT ?5
    )
) AS articles FROM json_each(?1) AS mine;

-- name: runs_later
-- To whom an article is among the first holders of a key: keys as JSON, at, article, span after it, limit.
-- Up to `reach`, enough others held the key before it.
WITH mine AS MATERIALIZED (
    SELECT value AS key, coalesce((
        SELECT earlier.at + ?4 FROM run_of_words AS earlier
        WHERE earlier.key = value AND (earlier.at, earlier.article) < (?2, ?3)
        ORDER BY earlier.at DESC, earlier.article DESC LIMIT 1 OFFSET ?5 - 1
    ), 0) AS reach FROM json_each(?1)
)
SELECT DISTINCT later.article FROM mine JOIN run_of_words AS later ON later.key = mine.key
    AND later.at > max(mine.reach, ?2 - 1) AND later.at <= ?2 + ?4 AND (later.at > ?2 OR later.article > ?3);
