-- Without statistics the planner takes any of these lists for as good as another, so that each names its index.

-- name: letters
-- A tenant's dead letters in one state, the newest first.
SELECT id, worker, code, reason, fingerprint, failed_at, state, redriven_as FROM dead_letter INDEXED BY dead_letter_newest
WHERE tenant = ?1 AND state = ?2 AND failed_at >= ?3 AND (failed_at, id) < (?4, ?5)
ORDER BY failed_at DESC, id DESC LIMIT ?6;

-- name: letters_of
-- Those of one worker and code.
SELECT id, worker, code, reason, fingerprint, failed_at, state, redriven_as FROM dead_letter INDEXED BY dead_letter_kind
WHERE tenant = ?1 AND state = ?2 AND worker = ?7 AND code = ?8 AND failed_at >= ?3 AND (failed_at, id) < (?4, ?5)
ORDER BY failed_at DESC, id DESC LIMIT ?6;

-- name: letters_alike
-- Those that look alike.
SELECT id, worker, code, reason, fingerprint, failed_at, state, redriven_as FROM dead_letter INDEXED BY dead_letter_alike
WHERE tenant = ?1 AND state = ?2 AND worker = ?7 AND code = ?8 AND fingerprint = ?9
  AND failed_at >= ?3 AND (failed_at, id) < (?4, ?5)
ORDER BY failed_at DESC, id DESC LIMIT ?6;

-- name: count_letters
-- How many there are, counted up to a bound.
SELECT count(*) FROM (SELECT 1 FROM dead_letter INDEXED BY dead_letter_newest
WHERE tenant = ?1 AND state = ?2 AND failed_at >= ?3 AND (failed_at, id) < (?4, ?5) LIMIT ?6);

-- name: count_letters_of
-- How many of one worker and code there are.
SELECT count(*) FROM (SELECT 1 FROM dead_letter INDEXED BY dead_letter_kind
WHERE tenant = ?1 AND state = ?2 AND worker = ?7 AND code = ?8 AND failed_at >= ?3 AND (failed_at, id) < (?4, ?5)
LIMIT ?6);

-- name: count_letters_alike
-- How many look alike.
SELECT count(*) FROM (SELECT 1 FROM dead_letter INDEXED BY dead_letter_alike
WHERE tenant = ?1 AND state = ?2 AND worker = ?7 AND code = ?8 AND fingerprint = ?9
  AND failed_at >= ?3 AND (failed_at, id) < (?4, ?5)
LIMIT ?6);

-- name: letter_kinds
-- The workers and codes that a tenant has dead letters of, walking from one to the next. Not by pairs: SQLite finds the
-- place of a pair and then looks at each row that equals it.
WITH RECURSIVE name_of (name) AS (
  SELECT min(worker) FROM dead_letter WHERE tenant = ?1 AND state = ?2
  UNION ALL
  SELECT (SELECT min(worker) FROM dead_letter WHERE tenant = ?1 AND state = ?2 AND worker > name)
  FROM name_of WHERE name IS NOT NULL),
kind (name, why) AS (
  SELECT name, (SELECT min(code) FROM dead_letter WHERE tenant = ?1 AND state = ?2 AND worker = name)
  FROM name_of WHERE name IS NOT NULL
  UNION ALL
  SELECT name, (SELECT min(code) FROM dead_letter WHERE tenant = ?1 AND state = ?2 AND worker = name AND code > why)
  FROM kind WHERE why IS NOT NULL)
SELECT name, why FROM kind WHERE why IS NOT NULL;

-- name: letter_groups
-- Dead letters of one worker and code by likeness: how many, and when the newest failed.
SELECT fingerprint, count(*), max(failed_at) FROM dead_letter INDEXED BY dead_letter_alike
WHERE tenant = ?1 AND state = ?2 AND worker = ?5 AND code = ?6 AND failed_at >= ?3 AND failed_at < ?4
GROUP BY fingerprint;

-- name: letter_group
-- Those of one likeness.
SELECT fingerprint, count(*), max(failed_at) FROM dead_letter INDEXED BY dead_letter_alike
WHERE tenant = ?1 AND state = ?2 AND worker = ?5 AND code = ?6 AND fingerprint = ?7 AND failed_at >= ?3 AND failed_at < ?4
GROUP BY fingerprint;

-- name: letter
-- The dead letter of a job of a tenant.
SELECT dead_letter.id, dead_letter.worker, code, reason, fingerprint, failed_at, state, redriven_as
FROM job CROSS JOIN dead_letter ON dead_letter.job = job.seq WHERE job.id = ?1 AND job.tenant = ?2;

-- name: discard_letter
-- Sets the dead letter of a job aside.
UPDATE dead_letter SET state = 'discarded'
WHERE job = (SELECT seq FROM job WHERE job.id = ?1 AND job.tenant = ?2) AND state = 'open'
RETURNING worker;

-- name: count_open
-- How many jobs of a worker are in an open status, counted up to a bound.
SELECT count(*) FROM (SELECT 1 FROM job
WHERE tenant = ?1 AND worker = ?6 AND status = ?5 AND id >= ?2 AND id < ?3 LIMIT ?4);

-- name: insert_operation
-- Begins an operation.
INSERT INTO operation (id, tenant, kind, filter, worker, patch, per_second, most, matched, created_at, due_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10);

-- name: operation
-- One operation, whoever's it is.
SELECT id, tenant, kind, filter, worker, patch, per_second, most, matched, succeeded, skipped, failed, version,
  place_at, place, created_at, due_at, finished_at
FROM operation WHERE id = ?1;

-- name: open_operations
-- Those that are not done.
SELECT id, tenant, kind, filter, worker, patch, per_second, most, matched, succeeded, skipped, failed, version,
  place_at, place, created_at, due_at, finished_at
FROM operation WHERE finished_at IS NULL ORDER BY due_at, id;

-- name: advance_operation
-- A slice of an operation was done.
UPDATE operation SET succeeded = ?3, skipped = ?4, failed = ?5, version = version + 1, place_at = ?6, place = ?7,
  due_at = ?8, finished_at = ?9
WHERE id = ?1 AND version = ?2 AND finished_at IS NULL;

-- name: forget_operations
-- Forgets those that ended long enough ago.
DELETE FROM operation WHERE finished_at IS NOT NULL AND finished_at <= ?1;
