-- name: wording_put
INSERT INTO wording (article, digest) VALUES (?, ?)
ON CONFLICT (article) DO UPDATE SET digest = excluded.digest WHERE digest <> excluded.digest;

-- name: wording_drop
DELETE FROM wording WHERE article = ?;

-- name: articles_worded
SELECT article FROM wording WHERE digest = ? ORDER BY article;

-- name: embedding_put
INSERT OR IGNORE INTO embedding (model, digest, vector) VALUES (?, ?, ?);

-- name: embedding_known
SELECT EXISTS (SELECT 1 FROM embedding WHERE model = ? AND digest = ?);

-- name: embedding_any
SELECT vector FROM embedding WHERE model = ? LIMIT 1;

-- name: embeddings_of
SELECT wording.article, embedding.vector FROM json_each(?) AS asked
JOIN wording ON wording.article = asked.value
JOIN embedding ON embedding.model = ? AND embedding.digest = wording.digest;
