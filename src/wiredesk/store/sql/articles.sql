-- name: draft_add
INSERT OR IGNORE INTO draft (address, observed_at, origin, source, digest, data, rejected) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: draft_before
SELECT digest FROM draft WHERE address = ? AND origin = ? AND source = ? AND observed_at <= ? AND data IS NOT NULL
ORDER BY observed_at DESC LIMIT 1;

-- name: drafts_of
SELECT data, rejected FROM draft JOIN address USING (address) WHERE canonical = ?
ORDER BY observed_at, origin, source, digest;

-- name: drafts_at
SELECT data FROM draft WHERE address = ? AND data IS NOT NULL ORDER BY observed_at, origin, source, digest;

-- name: draft_newest_source
SELECT source FROM draft WHERE address = ? AND origin = 'wire' AND data IS NOT NULL
ORDER BY observed_at DESC, source DESC, digest DESC LIMIT 1;

-- name: address_put
INSERT INTO address (address, canonical) VALUES (?, ?)
ON CONFLICT (address) DO UPDATE SET canonical = excluded.canonical WHERE canonical <> excluded.canonical;

-- name: address_get
SELECT canonical FROM address WHERE address = ?;

-- name: article_put
INSERT INTO article
    (id, canonical, provider, told_at, first_seen_at, language, digest, text_digest, picture, signal, data)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET canonical = excluded.canonical, provider = excluded.provider,
    told_at = excluded.told_at, first_seen_at = excluded.first_seen_at, language = excluded.language,
    digest = excluded.digest, text_digest = excluded.text_digest,
    picture = excluded.picture, signal = excluded.signal, data = excluded.data;

-- name: article_get
SELECT data FROM article WHERE id = ?;

-- name: article_digests
SELECT digest, text_digest, told_at, signal FROM article WHERE id = ?;

-- name: article_drop
DELETE FROM article WHERE id = ?;

-- name: article_count
SELECT count(*) FROM article;

-- name: article_by_canonical
SELECT id FROM article WHERE canonical = ?;

-- name: article_by_name
SELECT article FROM name WHERE name = ?;

-- name: article_by_prefix
SELECT id FROM article WHERE id >= ? AND id < ? ORDER BY id LIMIT 2;

-- name: article_ids
SELECT id FROM article ORDER BY id;

-- name: name_get
SELECT name FROM name WHERE article = ?;

-- name: name_put
INSERT INTO name (article, name) VALUES (?, ?);

-- name: copy_get
SELECT data FROM copy WHERE article = ?;

-- name: copies_get
-- Of these articles: ids as JSON.
SELECT article, data FROM copy WHERE article IN (SELECT value FROM json_each(?));

-- name: copy_put
INSERT OR REPLACE INTO copy (article, origin, data, is_reprint) VALUES (?, ?, ?, ?);

-- name: copy_drop
DELETE FROM copy WHERE article = ?;

-- name: copy_count
SELECT count(*) FROM copy;

-- name: provider_name
INSERT INTO provider (domain, name, name_rank) VALUES (?, ?, ?)
ON CONFLICT (domain) DO UPDATE SET name = excluded.name, name_rank = excluded.name_rank
WHERE excluded.name_rank < provider.name_rank
    OR (excluded.name_rank = provider.name_rank AND excluded.name <> provider.name);

-- name: provider_logo
UPDATE provider SET logo = ?2, logo_rank = ?3
WHERE domain = ?1 AND (logo_rank IS NULL OR ?3 < logo_rank OR (?3 = logo_rank AND logo <> ?2));

-- name: provider_get
SELECT name, logo FROM provider WHERE domain = ?;

-- name: stories_of_provider
SELECT DISTINCT placement.story FROM article JOIN placement ON placement.article = article.id
WHERE article.provider = ? ORDER BY placement.story;

-- name: stories_with_picture
SELECT DISTINCT placement.story FROM article JOIN placement ON placement.article = article.id
WHERE article.picture = ?1 OR article.provider IN (SELECT domain FROM provider WHERE logo = ?1)
ORDER BY placement.story;

-- name: picture_wanted
SELECT EXISTS (SELECT 1 FROM article WHERE picture = ?1) OR EXISTS (SELECT 1 FROM provider WHERE logo = ?1);

-- name: published_pictures
SELECT picture AS url FROM item JOIN article ON article.id = item.article
WHERE item.published = 1 AND picture IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM image WHERE image.url = picture AND status <> 'failed')
UNION
SELECT logo FROM item JOIN provider ON provider.domain = item.provider
WHERE item.published = 1 AND logo IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM image WHERE image.url = logo AND status <> 'failed')
ORDER BY url;

-- name: signals_between
SELECT article.id, article.told_at, article.signal, copy.origin FROM article
LEFT JOIN copy ON copy.article = article.id AND copy.is_reprint
WHERE article.told_at >= ? AND article.told_at < ? ORDER BY article.told_at, article.id;

-- name: days_from
SELECT substr(told_at, 1, 10) AS day, count(*) AS number FROM article WHERE told_at >= ?
GROUP BY day ORDER BY day;

-- name: placements_between
SELECT placement.article, placement.told_at, story, signal, origin FROM placement
JOIN article ON article.id = placement.article LEFT JOIN copy ON copy.article = placement.article AND copy.is_reprint
WHERE placement.told_at >= ? AND placement.told_at < ? ORDER BY placement.told_at, placement.article;

-- name: placement_get
SELECT story, told_at, data FROM placement WHERE article = ?;

-- name: article_canonicals
SELECT canonical FROM article;

-- name: placement_put
INSERT OR REPLACE INTO placement (article, told_at, story, data) VALUES (?, ?, ?, ?);

-- name: placement_drop
DELETE FROM placement WHERE article = ?;

-- name: story_members
SELECT data FROM placement WHERE story = ? ORDER BY told_at, article;

-- name: story_count
SELECT count(DISTINCT story) FROM placement;

-- name: stories_since
SELECT DISTINCT story FROM placement WHERE told_at >= ? ORDER BY story;

-- name: stories_all
SELECT DISTINCT story FROM placement ORDER BY story;
