-- name: meta_get
SELECT value FROM meta WHERE key = ?;

-- name: meta_put
INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: owe
INSERT OR IGNORE INTO owed (step, key) VALUES (?, ?);

-- name: owed
SELECT key FROM owed WHERE step = ? ORDER BY key LIMIT ?;

-- name: owed_count
SELECT count(*) FROM owed WHERE step = ?;

-- name: paid
DELETE FROM owed WHERE step = ? AND key = ?;

-- name: capture_add
INSERT OR IGNORE INTO capture (url, captured_at, file, offset, digest, kind, read) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: capture_later_unread
-- What came after a late arrival was judged without it.
UPDATE capture SET read = 0 WHERE url = ? AND captured_at > ? AND kind = 'text' AND read = 1;

-- name: capture_has
SELECT 1 FROM capture WHERE url = ? AND captured_at = ? AND digest = ?;

-- name: capture_unread
SELECT id, url, captured_at, file, offset, digest FROM capture
WHERE read = 0 AND (captured_at, url, digest) > (?, ?, ?) ORDER BY captured_at, url, digest LIMIT ?;

-- name: capture_unread_count
SELECT count(*) FROM capture WHERE read = 0;

-- name: capture_read
UPDATE capture SET read = 1 WHERE id = ?;

-- name: capture_newest
SELECT max(captured_at) FROM capture WHERE kind = 'text';

-- name: capture_of_image
SELECT file, offset FROM capture WHERE url = ? AND kind = 'image' ORDER BY captured_at DESC LIMIT 1;

-- name: capture_count
SELECT count(*) FROM capture;

-- name: capture_file_put
INSERT INTO capture_file (name, size) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET size = excluded.size;

-- name: capture_files
SELECT name, size FROM capture_file ORDER BY name;

-- name: capture_newest_digest
SELECT digest FROM capture WHERE url = ? AND kind = 'text' ORDER BY captured_at DESC LIMIT 1;

-- name: source_get
SELECT * FROM source WHERE url = ?;

-- name: source_all
SELECT * FROM source ORDER BY url;

-- name: source_put
INSERT OR REPLACE INTO source (url, etag, last_modified, checked_at, changed_at, next_at, failures, status, note,
    pace, why, fresh_until, failing_since, moved_to, moved_since, moved_seen, asks)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: source_drop
DELETE FROM source WHERE url = ?;

-- name: frontier_want
INSERT INTO frontier (address, url, source, told_at, wire_digest, status, stands)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6 = 'alone')
ON CONFLICT (address) DO UPDATE SET url = excluded.url, wire_digest = excluded.wire_digest,
    status = ?7, stands = stands OR ?7 = 'alone', tries = 0, next_at = NULL
WHERE frontier.wire_digest <> excluded.wire_digest;

-- name: frontier_due
-- Pages that nobody has read come before those that are looked at again.
SELECT address, url, source, told_at, tries, etag, last_modified, read_at, visits, gone_at FROM (
    SELECT *, row_number() OVER (PARTITION BY source ORDER BY status <> 'wanted', told_at DESC, address) AS place
    FROM (
        SELECT * FROM frontier WHERE status = 'wanted' AND (next_at IS NULL OR next_at <= ?1)
        UNION ALL
        SELECT * FROM frontier WHERE status = 'read' AND revisit_at <= ?1
    )
) WHERE place <= ?2 ORDER BY status <> 'wanted', told_at DESC, address;

-- name: frontier_result
UPDATE frontier SET status = ?2, stands = stands OR ?2 = 'alone', tries = ?3, next_at = ?4, etag = ?5,
    last_modified = ?6, note = ?7, read_at = ?8, visits = ?9, revisit_at = ?10, gone_at = ?11
WHERE address = ?1;

-- name: frontier_move
UPDATE frontier SET source = ?2 WHERE source = ?1;

-- name: frontier_gone
SELECT gone_at, note FROM frontier WHERE gone_at IS NOT NULL
    AND address IN (SELECT address FROM address WHERE canonical = ?1 UNION ALL SELECT ?1) LIMIT 1;

-- name: frontier_came
UPDATE frontier SET status = 'read', next_at = NULL WHERE address = ? AND status <> 'read';

-- name: frontier_alone
SELECT 1 FROM frontier WHERE address = ? AND stands;

-- name: frontier_count
SELECT count(*) FROM frontier WHERE status = ?;

-- name: subscription_put
INSERT OR REPLACE INTO subscription (source, hub, topic, token, secret, status, asked_at, until, next_at, tries, note)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: subscription_drop
DELETE FROM subscription WHERE source = ?;

-- name: subscription_all
SELECT * FROM subscription ORDER BY source;

-- name: subscription_get
SELECT * FROM subscription WHERE source = ?;

-- name: subscription_by_token
SELECT * FROM subscription WHERE token = ?;

-- name: image_get
SELECT * FROM image WHERE url = ?;

-- name: image_drop
DELETE FROM image WHERE url = ?;

-- name: images_in_file
SELECT count(*) FROM image WHERE file = ? AND status = 'kept';

-- name: image_put
INSERT INTO image (url, status, file, width, height, tries, next_at, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (url) DO UPDATE SET status = excluded.status, file = excluded.file, width = excluded.width,
    height = excluded.height, tries = excluded.tries, next_at = excluded.next_at, note = excluded.note;

-- name: run_start
INSERT INTO run (started_at) VALUES (?) RETURNING id;

-- name: run_finish
UPDATE run SET finished_at = ?, summary = ? WHERE id = ?;

-- name: run_last
SELECT finished_at, summary FROM run WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1;

-- name: problem_add
INSERT INTO problem (run, stage, place, what, now) VALUES (?, ?, ?, ?, ?);

-- name: problems_last
SELECT stage, place, what, now FROM problem WHERE run = (SELECT max(id) FROM run) ORDER BY id;
