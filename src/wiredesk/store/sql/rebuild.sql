-- name: forget_drafts
DELETE FROM draft;

-- name: forget_addresses
DELETE FROM address;

-- name: forget_articles
DELETE FROM article;

-- name: forget_fingerprints
DELETE FROM fingerprint;

-- name: forget_runs_of_words
DELETE FROM run_of_words;

-- name: forget_copies
DELETE FROM copy;

-- name: forget_placements
DELETE FROM placement;

-- name: forget_items
DELETE FROM item;

-- name: forget_item_bodies
DELETE FROM item_body;

-- name: forget_item_topics
DELETE FROM item_topic;

-- name: forget_owed
DELETE FROM owed;

-- name: forget_carried
DELETE FROM carried;

-- name: forget_kept_images
-- What became of requests that gave no picture stays: we do not ask again too soon.
DELETE FROM image WHERE status = 'kept';

-- name: forget_providers
DELETE FROM provider;

-- name: forget_wordings
DELETE FROM wording;

-- name: captures_unread
UPDATE capture SET read = 0 WHERE kind = 'text';
