-- name: letters
-- A tenant's dead letters in one state, the newest first.
SELECT job, worker, code, reason, fingerprint, failed_at, state, redriven_as FROM coatcheck.dead_letter
WHERE tenant = ?1 AND state = ?2 AND failed_at >= ?3 AND (failed_at, job) < (?4, ?5)
ORDER BY failed_at DESC, job DESC LIMIT ?6;

-- name: letters_of
-- Those of one worker and code.
SELECT job, worker, code, reason, fingerprint, failed_at, state, redriven_as FROM coatcheck.dead_letter
WHERE tenant = ?1 AND state = ?2 AND worker = ?7 AND code = ?8 AND failed_at >= ?3 AND (failed_at, job) < (?4, ?5)
ORDER BY failed_at DESC, job DESC LIMIT ?6;

-- name: letters_alike
-- Those that look alike.
SELECT job, worker, code, reason, fingerprint, failed_at, state, redriven_as FROM coatcheck.dead_letter
WHERE tenant = ?1 AND state = ?2 AND worker = ?7 AND code = ?8 AND fingerprint = ?9
  AND failed_at >= ?3 AND (failed_at, job) < (?4, ?5)
ORDER BY failed_at DESC, job DESC LIMIT ?6;

-- name: count_letters
-- How many there are, counted up to a bound.
SELECT count(*) FROM (SELECT 1 FROM coatcheck.dead_letter
WHERE tenant = ?1 AND state = ?2 AND failed_at >= ?3 AND (failed_at, job) < (?4, ?5) LIMIT ?6) AS letters;

-- name: count_letters_of
-- How many of one worker and code there are.
SELECT count(*) FROM (SELECT 1 FROM coatcheck.dead_letter
WHERE tenant = ?1 AND state = ?2 AND worker = ?7 AND code = ?8 AND failed_at >= ?3 AND (failed_at, job) < (?4, ?5)
LIMIT ?6) AS letters;

-- name: count_letters_alike
-- How many look alike.
SELECT count(*) FROM (SELECT 1 FROM coatcheck.dead_letter
WHERE tenant = ?1 AND state = ?2 AND worker = ?7 AND code = ?8 AND fingerprint = ?9
  AND failed_at >= ?3 AND (failed_at, job) < (?4, ?5)
LIMIT ?6) AS letters;

-- name: letter_kinds
-- The workers and codes that a tenant has dead letters of, walking from one to the next.
WITH RECURSIVE kind (name, why) AS (
  (SELECT worker, code FROM coatcheck.dead_letter WHERE tenant = ?1 AND state = ?2 ORDER BY worker, code LIMIT 1)
  UNION ALL
  SELECT next.worker, next.code FROM kind CROSS JOIN LATERAL (
    SELECT worker, code FROM coatcheck.dead_letter WHERE tenant = ?1 AND state = ?2 AND (worker, code) > (name, why)
    ORDER BY worker, code LIMIT 1) AS next)
SELECT name, why FROM kind;

-- name: letter_groups
-- Dead letters of one worker and code by likeness: how many, and when the newest failed. The sums keep the planner from
-- the index by time, whose rows it would have to fetch and sort.
SELECT fingerprint, count(*), max(failed_at) FROM coatcheck.dead_letter
WHERE tenant = ?1 AND state = ?2 AND worker = ?5 AND code = ?6 AND failed_at + 0 >= ?3 AND failed_at + 0 < ?4
GROUP BY fingerprint;

-- name: letter_group
-- Those of one likeness.
SELECT fingerprint, count(*), max(failed_at) FROM coatcheck.dead_letter
WHERE tenant = ?1 AND state = ?2 AND worker = ?5 AND code = ?6 AND fingerprint = ?7 AND failed_at + 0 >= ?3 AND failed_at + 0 < ?4
GROUP BY fingerprint;

-- name: letter
-- The dead letter of a job of a tenant.
SELECT job, worker, code, reason, fingerprint, failed_at, state, redriven_as
FROM coatcheck.dead_letter WHERE job = ?1 AND tenant = ?2;

-- name: lock_letter
-- The same, which nobody else decides on until the end of the transaction.
SELECT job, worker, code, reason, fingerprint, failed_at, state, redriven_as
FROM coatcheck.dead_letter WHERE job = ?1 AND tenant = ?2 FOR UPDATE;

-- name: discard_letters
-- Sets dead letters aside, in the order of their jobs as everybody does who locks several.
WITH meant AS (
  SELECT job FROM coatcheck.dead_letter WHERE job = ANY (?1) AND tenant = ?2 AND state = 'open' ORDER BY job FOR UPDATE)
UPDATE coatcheck.dead_letter SET state = 'discarded' FROM meant WHERE dead_letter.job = meant.job
RETURNING worker;

-- name: count_queued
-- How many queued jobs a tenant has of one worker, counted up to a bound.
SELECT count(*) FROM (
  SELECT 1 FROM (
    SELECT id FROM coatcheck.ready WHERE worker = ?5
    UNION ALL SELECT id FROM coatcheck.waiting WHERE NOT suspended AND worker = ?5) AS queued
  JOIN coatcheck.job ON job.id = queued.id
  WHERE job.tenant = ?1 AND job.id >= ?2 AND job.id < ?3 LIMIT ?4) AS jobs;

-- name: count_running
-- How many running jobs a tenant has of one worker, counted up to a bound.
SELECT count(*) FROM (
  SELECT 1 FROM (
    SELECT unnest(jobs) AS id FROM coatcheck.lease WHERE worker = ?5
    UNION ALL SELECT id FROM coatcheck.waiting WHERE suspended AND worker = ?5) AS held
  JOIN coatcheck.job ON job.id = held.id
  WHERE job.tenant = ?1 AND job.id >= ?2 AND job.id < ?3
    AND NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = held.id) LIMIT ?4) AS jobs;

-- name: insert_operation
-- Begins an operation.
INSERT INTO coatcheck.operation (id, tenant, kind, filter, worker, patch, per_second, most, matched, created_at, due_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10);

-- name: operation
-- One operation, whoever's it is.
SELECT id, tenant, kind, filter, worker, patch, per_second, most, matched, succeeded, skipped, failed, version,
  place_at, place, created_at, due_at, finished_at
FROM coatcheck.operation WHERE id = ?1;

-- name: lock_operation
-- The same, which nobody else advances until the end of the transaction.
SELECT id, tenant, kind, filter, worker, patch, per_second, most, matched, succeeded, skipped, failed, version,
  place_at, place, created_at, due_at, finished_at
FROM coatcheck.operation WHERE id = ?1 FOR UPDATE;

-- name: open_operations
-- Those that are not done.
SELECT id, tenant, kind, filter, worker, patch, per_second, most, matched, succeeded, skipped, failed, version,
  place_at, place, created_at, due_at, finished_at
FROM coatcheck.operation WHERE finished_at IS NULL ORDER BY due_at, id;

-- name: advance_operation
-- A slice of an operation was done.
UPDATE coatcheck.operation SET succeeded = ?3, skipped = ?4, failed = ?5, version = version + 1, place_at = ?6, place = ?7,
  due_at = ?8, finished_at = ?9
WHERE id = ?1 AND version = ?2 AND finished_at IS NULL;

-- name: forget_operations
-- Forgets those that ended long enough ago.
DELETE FROM coatcheck.operation WHERE finished_at IS NOT NULL AND finished_at <= ?1;
