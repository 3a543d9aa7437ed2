-- name: host_put
INSERT OR REPLACE INTO host (place, kind, noted_at, status, body, until) VALUES (?, ?, ?, ?, ?, ?);

-- name: host_forget
DELETE FROM host WHERE coalesce(until <= ?1, noted_at <= ?2);

-- name: host_all
SELECT place, kind, noted_at, status, body, until FROM host ORDER BY place, kind;
