-- name: insert_worker
-- Makes a new version of a worker current.
INSERT INTO worker (name, version, source, document, created_at, max_lost, dead_letters, keep_succeeded_ms,
  keep_failed_ms, keep_canceled_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- name: current_workers
-- The current version of every worker.
SELECT name, max(version), document, max_lost, dead_letters, keep_succeeded_ms, keep_failed_ms, keep_canceled_ms
FROM worker GROUP BY name;

-- name: insert_dead_letter
-- Keeps a job that failed for good for a human.
INSERT INTO dead_letter (job, id, tenant, worker, code, reason, fingerprint, failed_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: redrive_dead_letter
-- Closes the dead letter of a job that is repeated.
UPDATE dead_letter SET state = 'redriven', redriven_as = ?3
WHERE job = (SELECT seq FROM job WHERE job.id = ?1 AND job.tenant = ?2) AND state = 'open'
RETURNING worker;

-- name: open_dead_letters
-- How many dead letters each worker has.
SELECT worker, count(*) FROM dead_letter WHERE state = 'open' GROUP BY worker;
