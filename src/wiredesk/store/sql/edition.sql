-- name: item_get
SELECT data FROM item_body WHERE article = ?;

-- name: item_digest
SELECT digest FROM item WHERE article = ?;

-- name: item_put
INSERT INTO item (article, name, story, provider, told_at, published, quality, heat, digest)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (article) DO UPDATE SET name = excluded.name, story = excluded.story, provider = excluded.provider,
    told_at = excluded.told_at, published = excluded.published, quality = excluded.quality, heat = excluded.heat,
    digest = excluded.digest;

-- name: item_body_put
INSERT INTO item_body (article, data) VALUES (?, ?) ON CONFLICT (article) DO UPDATE SET data = excluded.data;

-- name: item_drop
DELETE FROM item WHERE article = ?;

-- name: item_body_drop
DELETE FROM item_body WHERE article = ?;

-- name: item_topic_put
INSERT OR IGNORE INTO item_topic (topic, article) VALUES (?, ?);

-- name: item_topic_drop
DELETE FROM item_topic WHERE article = ?;

-- name: item_count
SELECT count(*) FROM item;

-- name: published_count
SELECT count(*) FROM item WHERE published = 1;

-- name: story_items
SELECT data FROM item JOIN item_body USING (article) WHERE story = ? ORDER BY heat < 0, quality DESC, article;

-- name: story_leader
SELECT data FROM item JOIN item_body USING (article) WHERE story = ? AND published = 1
ORDER BY heat < 0, quality DESC, article LIMIT 1;

-- name: entries
SELECT article, name, story, provider, told_at, published, quality, heat, digest FROM item
WHERE published >= ? AND told_at >= ? AND told_at < ? ORDER BY told_at DESC, name LIMIT ?;

-- name: entries_of_topic
SELECT item.article, name, story, provider, told_at, published, quality, heat, digest FROM item_topic
JOIN item ON item.article = item_topic.article
WHERE topic = ?1 AND (?2 IS NULL OR provider = ?2) AND published >= ?3 AND told_at >= ?4 AND told_at < ?5
ORDER BY told_at DESC, name LIMIT ?6;

-- name: entries_of_provider
SELECT article, name, story, provider, told_at, published, quality, heat, digest FROM item
WHERE provider = ? AND published >= ? AND told_at >= ? AND told_at < ? ORDER BY told_at DESC, name LIMIT ?;

-- name: providers
SELECT provider, sum(published) AS number FROM item GROUP BY provider ORDER BY provider;

-- name: days
SELECT substr(told_at, 1, 10) AS day, count(*) AS number FROM item WHERE published = 1 GROUP BY day ORDER BY day;

-- name: topic_counts
SELECT topic, count(*) AS number FROM item_topic JOIN item ON item.article = item_topic.article
WHERE published = 1 GROUP BY topic ORDER BY topic;

-- name: dirty_put
INSERT OR IGNORE INTO dirty (scope) VALUES (?);

-- name: dirty_all
SELECT scope FROM dirty ORDER BY scope;

-- name: dirty_done
DELETE FROM dirty WHERE scope = ?;

-- name: document_scopes
SELECT DISTINCT scope FROM document ORDER BY scope;

-- name: documents
SELECT key, inputs, output FROM document WHERE scope = ? ORDER BY key;

-- name: document_put
INSERT INTO document (key, scope, inputs, output) VALUES (?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET scope = excluded.scope, inputs = excluded.inputs, output = excluded.output;

-- name: document_drop
DELETE FROM document WHERE key = ?;

-- name: document_count
SELECT count(*) FROM document;

-- name: change_put
INSERT OR IGNORE INTO change (edition, key) VALUES (?, ?);

-- name: changes_since
SELECT DISTINCT key FROM change WHERE edition > ? ORDER BY key;

-- name: changes_forget
DELETE FROM change WHERE edition < ?;

-- name: carried_put
INSERT INTO carried (path, data) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET data = excluded.data
WHERE data <> excluded.data;

-- name: carried_all
SELECT path, data FROM carried ORDER BY path;
