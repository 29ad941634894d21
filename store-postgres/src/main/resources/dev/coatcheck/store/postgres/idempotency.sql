-- name: find_key
-- What an idempotency key was used for.
SELECT fingerprint, job FROM coatcheck.idempotency WHERE tenant = ?1 AND key = ?2;

-- name: insert_key
-- Remembers an idempotency key, unless another did.
INSERT INTO coatcheck.idempotency (tenant, key, fingerprint, job, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT DO NOTHING;

-- name: set_key
-- The key stands for another job after all.
UPDATE coatcheck.idempotency SET job = ?3 WHERE tenant = ?1 AND key = ?2;

-- name: orphan_keys
-- Keeps the keys of a job that goes until they are old enough.
UPDATE coatcheck.idempotency SET until = created_at + ?2 WHERE job = ?1;

-- name: forget_keys
-- Drops keys that have outlived their jobs for long enough.
DELETE FROM coatcheck.idempotency WHERE until IS NOT NULL AND until <= ?1;
