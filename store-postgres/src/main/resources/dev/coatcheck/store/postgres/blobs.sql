-- name: insert_blob
-- Bytes begin to arrive.
INSERT INTO coatcheck.blob (id, tenant, kept_at) VALUES (?1, ?2, ?3);

-- name: insert_piece
-- Some more have arrived.
INSERT INTO coatcheck.blob_piece (blob, n, bytes) VALUES (?1, ?2, ?3);

-- name: blob_again
-- The same bytes came again.
UPDATE coatcheck.blob SET kept_at = ?3 WHERE tenant = ?1 AND sha256 = ?2;

-- name: keep_blob
-- All bytes have arrived, unless the same did meanwhile.
UPDATE coatcheck.blob SET sha256 = ?2, size = ?3, kept_at = ?4 WHERE id = ?1;

-- name: delete_blob
-- Deletes bytes, unless they have come again.
DELETE FROM coatcheck.blob WHERE id = ?1 AND kept_at <= ?2;

-- name: delete_pieces
-- Deletes their pieces.
DELETE FROM coatcheck.blob_piece WHERE blob = ?1;

-- name: find_blob
-- Where a tenant's bytes are.
SELECT id, size FROM coatcheck.blob WHERE tenant = ?1 AND sha256 = ?2;

-- name: piece
-- One piece of them.
SELECT bytes FROM coatcheck.blob_piece WHERE blob = ?1 AND n = ?2;

-- name: old_blobs
-- Old bytes after a place in the order.
SELECT id, tenant, sha256 FROM coatcheck.blob
WHERE sha256 IS NOT NULL AND kept_at <= ?1 AND (tenant, sha256) > (?2, ?3) ORDER BY tenant, sha256 LIMIT ?4;

-- name: stranded_blobs
-- Bytes that have been arriving for too long.
SELECT id FROM coatcheck.blob WHERE sha256 IS NULL AND kept_at <= ?1 LIMIT ?2;

-- name: secret
-- What all nodes sign with.
SELECT secret FROM coatcheck.cluster;

-- name: notify
-- Tells other nodes what may have changed.
SELECT pg_notify('coatcheck', ?1);
