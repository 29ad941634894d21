-- name: insert_worker
-- Makes a new version of a worker current.
INSERT INTO worker (name, version, source, document, created_at, max_lost, dead_letters, keep_succeeded_ms,
  keep_failed_ms, keep_canceled_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- name: set_source
-- Tells who speaks for the current version.
UPDATE worker SET source = ?3 WHERE name = ?1 AND version = ?2;

-- name: current_workers
-- The current version of every worker, and what is said of it.
SELECT worker.name, max(version), source, document, coalesce(paused, 0), coalesce(removed, 0)
FROM worker LEFT JOIN worker_state ON worker_state.name = worker.name GROUP BY worker.name;

-- name: worker_version
-- One version of a worker.
SELECT document FROM worker WHERE name = ?1 AND version = ?2;

-- name: set_worker_state
-- What is said of a worker from now on.
INSERT INTO worker_state (name, paused, removed) VALUES (?1, ?2, ?3)
ON CONFLICT (name) DO UPDATE SET paused = excluded.paused, removed = excluded.removed;

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
