-- name: lesson_put
INSERT INTO lesson (host, observed_at, address, source, marks, data) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (host, observed_at, address) DO UPDATE
SET source = excluded.source, marks = excluded.marks, data = excluded.data;

-- name: lesson_prune
-- Those before the newest ones of a host teach nothing any more.
DELETE FROM lesson WHERE host = ?1 AND observed_at < (
    SELECT observed_at FROM lesson WHERE host = ?1 ORDER BY observed_at DESC LIMIT 1 OFFSET ?2
);

-- name: lessons_before
SELECT address, observed_at, data FROM lesson WHERE host = ? AND observed_at < ?
ORDER BY observed_at DESC, address DESC LIMIT ?;

-- name: lesson_wires
SELECT address, data FROM draft
WHERE origin = 'wire' AND data IS NOT NULL AND address IN (
    SELECT address FROM lesson WHERE host = ? AND observed_at < ? ORDER BY observed_at DESC, address DESC LIMIT ?
)
ORDER BY address, observed_at, source, digest;

-- name: lesson_newest
SELECT max(observed_at) FROM lesson WHERE host = ?;

-- name: lesson_hosts
SELECT host, count(*) AS pages FROM lesson GROUP BY host ORDER BY host;

-- name: lesson_marks_of_host
SELECT marks FROM lesson WHERE host = ? ORDER BY observed_at DESC, address DESC LIMIT ?;

-- name: lesson_marks_of_source
SELECT marks FROM lesson WHERE source = ? ORDER BY observed_at DESC, address DESC LIMIT ?;

-- name: lesson_hosts_of_source
SELECT count(DISTINCT host) FROM lesson WHERE source = ?;

-- name: forget_lessons
DELETE FROM lesson;

-- name: drift_put
INSERT INTO drift (place, field, seen_at, data) VALUES (?, ?, ?, ?);

-- name: drift_drop
DELETE FROM drift WHERE place = ? AND field = ?;

-- name: drifts_of
SELECT field, data FROM drift WHERE place = ? ORDER BY field;

-- name: drifts_all
SELECT place, seen_at, data FROM drift ORDER BY place, field;
