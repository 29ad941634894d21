-- name: insert_job
-- Stores a job, ready, waiting or already running.
INSERT INTO job (
  seq, id, tenant, worker, worker_version, status, wait_reason, fence, attempt, max_attempts, priority, lane,
  scheduled, run_at, next_attempt_at, ready_at, started_at, attempt_started_at, run_timeout_ms, queue_timeout_at,
  deadline_at, wake_at, runner, lease_secret, input, metadata, retry_of, open_key, root, parent, step, step_index, hold_micros,
  grants, schedule, nominal_at, flight, lead, likeness, keep_ms, reuse)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
  ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38,
  ?39, ?40, ?41);

-- name: insert_payload
-- Stores input or output that is too large for the row.
INSERT INTO payload (job, kind, bytes) VALUES (?1, ?2, ?3);

-- A number that no job has: whether there is room is found out by writing.
-- name: insert_probe
INSERT OR REPLACE INTO payload (job, kind, bytes) VALUES (0, 'input', zeroblob(?));

-- name: delete_probe
DELETE FROM payload WHERE job = 0;

-- name: insert_tag
-- Makes a job findable by an indexed metadata entry.
INSERT OR IGNORE INTO job_tag (tenant, key, value, id, job) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: max_seq
-- The last sequence number given.
SELECT max(seq) FROM job;

-- name: head
-- What a move needs to know of a job.
SELECT seq, id, tenant, worker, worker_version, status, wait_reason, fence, attempt, keep_attempt, max_attempts, lost,
  ready_at, queue_timeout_at, deadline_at, notes, chunks, run_at, started_at, attempt_started_at, run_timeout_ms, ran_ms,
  finished_at, lease_until, run_until, suspend_until, begun, callbacks, lease_secret, lane, reuse, flight
FROM job WHERE id = ?1;

-- name: job
-- A whole job of a tenant.
SELECT seq, id, tenant, worker, worker_version, status, wait_reason, suspend_until, fence, attempt, max_attempts,
  priority, lane, scheduled, run_at, next_attempt_at, started_at, attempt_started_at, finished_at, run_timeout_ms, queue_timeout_at,
  deadline_at, expires_at, runner, error_code, error_message, error_retryable, error_attempt, error_upstream,
  progress_fraction, progress_stage, progress_message, input_tokens, output_tokens, cost_micros, spent_input,
  spent_output, spent_micros, metadata, retry_of, retried_by, cancel_requested_at, cancel_was, runner_stopped_at,
  root, parent, step, step_index, schedule, nominal_at, files, cached, lead, flight,
  coalesce(input, (SELECT bytes FROM payload WHERE job = seq AND kind = 'input')),
  coalesce(output, (SELECT bytes FROM payload WHERE job = seq AND kind = 'output'))
FROM job WHERE id = ?1 AND tenant = ?2;

-- name: listed_job
-- One job of a page, without payloads.
SELECT seq, id, tenant, worker, worker_version, status, wait_reason, suspend_until, fence, attempt, max_attempts,
  priority, lane, scheduled, run_at, next_attempt_at, started_at, attempt_started_at, finished_at, run_timeout_ms, queue_timeout_at,
  deadline_at, expires_at, runner, error_code, error_message, error_retryable, error_attempt, error_upstream,
  progress_fraction, progress_stage, progress_message, input_tokens, output_tokens, cost_micros, spent_input,
  spent_output, spent_micros, metadata, retry_of, retried_by, cancel_requested_at, cancel_was, runner_stopped_at,
  root, parent, step, step_index, schedule, nominal_at, files, cached, lead, flight, NULL, NULL
FROM job WHERE id = ?1 AND tenant = ?2;

-- name: progressed
-- How far a job has come.
SELECT status, wait_reason, suspend_until, fence, notes, flight FROM job WHERE id = ?1;

-- name: open_by_key
-- The open job that holds a unique key.
SELECT id FROM job WHERE tenant = ?1 AND worker = ?2 AND open_key = ?3;

-- name: open_retry
-- The newest retry of a job, if it is open.
SELECT retry.id FROM job AS original JOIN job AS retry ON retry.id = original.retried_by
WHERE original.id = ?1 AND original.tenant = ?2 AND retry.status IN ('queued', 'running');

-- name: mark_retried
-- Tells a job which one repeats it.
UPDATE job SET retried_by = ?3 WHERE id = ?1 AND tenant = ?2;

-- name: list_all
-- A tenant's jobs, newest first.
SELECT id FROM job WHERE tenant = ?1 AND id >= ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4;

-- name: tenant_workers
-- The workers that a tenant has jobs of, walking from one to the next.
WITH RECURSIVE name_of (name) AS (
  SELECT min(worker) FROM job WHERE tenant = ?1
  UNION ALL
  SELECT (SELECT min(worker) FROM job WHERE tenant = ?1 AND worker > name) FROM name_of WHERE name IS NOT NULL)
SELECT name FROM name_of WHERE name IS NOT NULL;

-- name: list_by_worker
-- A tenant's jobs of one worker, newest first.
SELECT id FROM job WHERE tenant = ?1 AND worker = ?6 AND status = 'queued' AND id >= ?2 AND id < ?3
UNION ALL SELECT id FROM job WHERE tenant = ?1 AND worker = ?6 AND status = 'running' AND id >= ?2 AND id < ?3
UNION ALL SELECT id FROM job WHERE tenant = ?1 AND worker = ?6 AND status = 'succeeded' AND id >= ?2 AND id < ?3
UNION ALL SELECT id FROM job WHERE tenant = ?1 AND worker = ?6 AND status = 'failed' AND id >= ?2 AND id < ?3
UNION ALL SELECT id FROM job WHERE tenant = ?1 AND worker = ?6 AND status = 'timed_out' AND id >= ?2 AND id < ?3
UNION ALL SELECT id FROM job WHERE tenant = ?1 AND worker = ?6 AND status = 'canceled' AND id >= ?2 AND id < ?3
ORDER BY id DESC LIMIT ?4;

-- name: list_by_worker_status
-- A tenant's jobs of one worker in one status, newest first. Those that share a run are listed by list_following.
SELECT id FROM job WHERE tenant = ?1 AND worker = ?6 AND status = ?5 AND id >= ?2 AND id < ?3
  AND wait_reason IS NOT 'coalesced'
ORDER BY id DESC LIMIT ?4;

-- name: list_following
-- A tenant's jobs of one worker that share a run in one status, newest first. A run that is over is told to run until they
-- are told.
SELECT job.id FROM job JOIN job AS run ON run.id = job.flight
WHERE job.tenant = ?1 AND job.worker = ?6 AND job.wait_reason = 'coalesced' AND job.id >= ?2 AND job.id < ?3
  AND ?5 = iif(run.started_at IS NULL, 'queued', iif(run.status = 'queued', 'queued', 'running'))
ORDER BY job.id DESC LIMIT ?4;

-- name: list_by_tag
-- A tenant's jobs with a metadata entry, newest first.
SELECT tag.id FROM job_tag AS tag CROSS JOIN job ON job.seq = tag.job
WHERE tag.tenant = ?1 AND tag.key = ?7 AND tag.value = ?8 AND tag.id >= ?2 AND tag.id < ?3
  AND (?5 IS NULL OR job.status = ?5 AND job.wait_reason IS NOT 'coalesced' OR job.wait_reason = 'coalesced' AND ?5 = (
    SELECT iif(run.started_at IS NULL, 'queued', iif(run.status = 'queued', 'queued', 'running'))
    FROM job AS run WHERE run.id = job.flight)) AND (?6 IS NULL OR job.worker = ?6)
ORDER BY tag.id DESC LIMIT ?4;

-- name: ahead
-- How many ready jobs of its lane start before one, counted up to a bound.
SELECT count(*) FROM (
  SELECT 1 FROM job
  WHERE worker = ?1 AND lane = ?5 AND status = 'queued' AND wait_reason IS NULL AND priority > ?2
  UNION ALL
  SELECT 1 FROM job
  WHERE worker = ?1 AND lane = ?5 AND status = 'queued' AND wait_reason IS NULL AND priority = ?2 AND seq < ?3
  LIMIT ?4);

-- name: recent
-- Jobs that finished last. What others have done for them is not counted again.
SELECT worker, status, finished_at, id, run_at, started_at, attempt_started_at
FROM job WHERE finished_at IS NOT NULL AND cached = 0 AND (lead IS NULL OR reuse >= 2)
ORDER BY finished_at DESC, seq DESC LIMIT ?1;

-- name: open_jobs
-- Every open job, for the counters at the start. Walks from worker to worker instead of through the table.
WITH RECURSIVE pair (owner, name) AS (
  SELECT min(tenant), (SELECT min(worker) FROM job WHERE tenant = (SELECT min(tenant) FROM job)) FROM job
  UNION ALL
  SELECT
    (SELECT tenant FROM job WHERE (tenant, worker) > (owner, name) ORDER BY tenant, worker LIMIT 1),
    (SELECT worker FROM job WHERE (tenant, worker) > (owner, name) ORDER BY tenant, worker LIMIT 1)
  FROM pair WHERE owner IS NOT NULL)
SELECT worker, status, wait_reason, suspend_until, ready_at, lane
FROM pair CROSS JOIN job ON tenant = owner AND worker = name AND status IN ('queued', 'running');

-- name: cancel
-- Ends an open job for its owner.
UPDATE job SET
  status = 'canceled', wait_reason = NULL, next_attempt_at = NULL, fence = fence + 1, finished_at = ?3, expires_at = ?4,
  wake_at = ?4, lease_until = NULL, suspend_until = NULL, open_key = NULL, cancel_requested_at = ?3, cancel_was = ?5,
  error_code = ?6, error_message = ?7, error_retryable = ?8, error_attempt = ?9, error_upstream = ?10
WHERE seq = ?1 AND fence = ?2 AND status IN ('queued', 'running');

-- name: runner_stopped
-- Notes that the runner of a canceled job has stopped.
UPDATE job SET runner_stopped_at = ?4
WHERE id = ?1 AND fence = ?2 AND lease_secret = ?3 AND status = 'canceled' AND runner_stopped_at IS NULL;

-- name: stage_due
-- Queued jobs that waited long enough or too long.
SELECT seq, id, tenant, worker, worker_version, status, wait_reason, fence, attempt, keep_attempt, max_attempts, lost,
  ready_at, queue_timeout_at, deadline_at, notes, chunks, run_at, started_at, attempt_started_at, run_timeout_ms, ran_ms,
  finished_at, lease_until, run_until, suspend_until, begun, callbacks, lease_secret, lane, reuse, flight
FROM job WHERE status = 'queued' AND wake_at IS NOT NULL AND wake_at <= ?1 ORDER BY wake_at, seq LIMIT ?2;

-- name: stage
-- Makes a waiting job ready.
UPDATE job SET wait_reason = NULL, next_attempt_at = NULL, ready_at = ?2, wake_at = ?3
WHERE seq = ?1 AND status = 'queued' AND wait_reason IS NOT NULL;

-- name: expire
-- Ends a queued job whose clock ran out.
UPDATE job SET
  status = 'timed_out', wait_reason = NULL, next_attempt_at = NULL, fence = fence + 1, finished_at = ?3, expires_at = ?4,
  wake_at = ?4, open_key = NULL,
  error_code = ?5, error_message = ?6, error_retryable = ?7, error_attempt = ?8, error_upstream = ?9
WHERE seq = ?1 AND fence = ?2 AND status = 'queued';

-- name: next_stage
-- When the next queued job needs attention.
SELECT min(wake_at) FROM job WHERE status = 'queued' AND wake_at IS NOT NULL;
