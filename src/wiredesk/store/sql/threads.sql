-- name: thread_sketch
SELECT first_at, inputs FROM thread WHERE story = ?;

-- name: thread_sketch_put
INSERT INTO thread (story, first_at, inputs, sketch) VALUES (?, ?, ?, ?)
ON CONFLICT (story) DO UPDATE SET first_at = excluded.first_at, inputs = excluded.inputs, sketch = excluded.sketch;

-- name: thread_drop
DELETE FROM thread WHERE story = ?;

-- name: thread_days_from
SELECT substr(first_at, 1, 10) AS day, count(*) AS number FROM thread WHERE first_at >= ? GROUP BY day ORDER BY day;

-- name: thread_sketches
SELECT sketch FROM thread WHERE first_at >= ? AND first_at < ? ORDER BY first_at, story;

-- name: thread_history
SELECT sketch, seed FROM thread WHERE first_at >= ? AND first_at < ? AND seed IS NOT NULL
ORDER BY first_at DESC, story DESC LIMIT ?;

-- name: thread_get
SELECT seed, link FROM thread WHERE story = ? AND seed IS NOT NULL;

-- name: thread_put
UPDATE thread SET seed = ?2, link = ?3 WHERE story = ?1;

-- name: thread_members
SELECT story, sketch FROM thread WHERE seed = ? ORDER BY first_at, story;

-- name: thread_seeds
SELECT seed FROM thread WHERE seed IS NOT NULL GROUP BY seed HAVING count(*) > 1 ORDER BY seed;

-- Threads that a reader sees: of two or more stories with a published article.  The sketch is the stage's JSON.
-- name: thread_shown
SELECT seed, story, json_extract(sketch, '$.seen_at') AS seen_at FROM thread WHERE seed IN (
    SELECT seed FROM thread
    WHERE EXISTS (SELECT 1 FROM item WHERE item.story = thread.story AND published = 1)
    GROUP BY seed HAVING count(*) > 1
) ORDER BY seed;

-- Pages of threads that were named after an article of a story, or of the stories of its thread.
-- name: thread_pages_around
SELECT page.story FROM item JOIN story_page AS page ON page.story = 'ts' || item.article WHERE item.story IN (
    SELECT ?1 UNION
    SELECT beside.story FROM thread AS own JOIN thread AS beside ON beside.seed = own.seed WHERE own.story = ?1
) ORDER BY page.story;

-- name: thread_seed
SELECT seed FROM thread WHERE story = ?;

-- name: close_drop
DELETE FROM close WHERE story = ?;

-- name: close_put
INSERT OR IGNORE INTO close (story, other) VALUES (?, ?);

-- name: close_of
SELECT other FROM close WHERE story = ?1 UNION SELECT story FROM close WHERE other = ?1 ORDER BY 1;

-- name: forget_threads
DELETE FROM thread;

-- name: forget_close
DELETE FROM close;
