-- name: decision_add
INSERT INTO decision (at, who, kind, one, other) VALUES (?, ?, ?, ?, ?) RETURNING id;

-- name: decision_undo
UPDATE decision SET undone_at = ?2, undone_by = ?3 WHERE id = ?1 AND undone_at IS NULL;

-- name: decisions_all
SELECT id, at, who, kind, one, other, undone_at, undone_by FROM decision ORDER BY id;

-- name: story_page_put
INSERT OR IGNORE INTO story_page (story) VALUES (?);

-- name: story_page_has
SELECT 1 FROM story_page WHERE story = ?;
