-- name: workers_changed
-- Tells all nodes that workers have changed, and keeps others from changing them meanwhile.
UPDATE coatcheck.cluster SET workers = workers + 1 RETURNING workers;

-- name: insert_worker
-- Makes a new version of a worker current.
INSERT INTO coatcheck.worker (name, version, source, document, created_at) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: set_source
-- Tells who speaks for the current version.
UPDATE coatcheck.worker SET source = ?3 WHERE name = ?1 AND version = ?2;

-- name: current_workers
-- The current version of every worker, and what is said of it.
SELECT DISTINCT ON (worker.name) worker.name, version, source, document, paused, removed
FROM coatcheck.worker JOIN coatcheck.worker_state ON worker_state.name = worker.name
ORDER BY worker.name, version DESC;

-- name: worker_version
-- One version of a worker.
SELECT document FROM coatcheck.worker WHERE name = ?1 AND version = ?2;

-- name: set_worker_state
-- What is said of a worker from now on.
INSERT INTO coatcheck.worker_state (name, paused, removed, keep_succeeded_ms, keep_failed_ms) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (name) DO UPDATE SET paused = excluded.paused, removed = excluded.removed,
  keep_succeeded_ms = excluded.keep_succeeded_ms, keep_failed_ms = excluded.keep_failed_ms;

-- name: insert_dead_letter
-- Keeps a job that failed for good for a human.
INSERT INTO coatcheck.dead_letter (job, tenant, worker, code, reason, fingerprint, failed_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: redrive_dead_letter
-- Closes the dead letter of a job that is repeated.
UPDATE coatcheck.dead_letter SET state = 'redriven', redriven_as = ?3
WHERE job = ?1 AND tenant = ?2 AND state = 'open'
RETURNING worker;
