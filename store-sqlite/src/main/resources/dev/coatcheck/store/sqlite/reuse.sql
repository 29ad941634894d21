-- name: find_answer
-- The success that is kept for some work.
SELECT job.seq FROM answer JOIN job ON job.seq = answer.job
WHERE answer.tenant = ?1 AND answer.likeness = ?2 AND until > ?3 AND status = 'succeeded';

-- name: keep_answer
-- Keeps the success of a job.
INSERT INTO answer (tenant, likeness, job, until) SELECT ?2, likeness, seq, ?3 + keep_ms FROM job WHERE seq = ?1
ON CONFLICT (tenant, likeness) DO UPDATE SET job = excluded.job, until = excluded.until;

-- name: forget_answers
-- Forgets what was kept long enough.
DELETE FROM answer WHERE until <= ?1;

-- name: insert_answered
-- Stores a job that a kept success answers.
INSERT INTO job (seq, id, tenant, worker, worker_version, status, fence, max_attempts, priority, lane, ready_at,
  finished_at, run_timeout_ms, queue_timeout_at, deadline_at, expires_at, wake_at, input, output, files, metadata, retry_of,
  hold_micros, cached)
SELECT ?1, ?2, ?3, ?4, ?5, 'succeeded', 2, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12, ?13, ?13, ?14, output, files, ?15, ?16, ?17, 1
FROM job WHERE seq = ?18;

-- name: copy_output
-- Gives a job the large output of another.
INSERT INTO payload (job, kind, bytes) SELECT ?1, 'output', bytes FROM payload WHERE job = ?2 AND kind = 'output';

-- name: find_flight
-- The run under way of some work.
SELECT job.id, lead, priority FROM flight JOIN job ON job.seq = flight.job WHERE flight.tenant = ?1 AND flight.likeness = ?2;

-- name: insert_flight
-- Others may share a run.
INSERT INTO flight (tenant, likeness, job) VALUES (?1, ?2, ?3);

-- name: raise_flight
-- A run is as urgent as the most urgent job that shares it.
UPDATE job SET priority = ?2 WHERE id = ?1 AND priority < ?2;

-- name: delete_flight
-- Nobody shares a run from now on.
DELETE FROM flight WHERE job = ?1;

-- name: insert_landing
-- A run is over: those who share it are to be told.
INSERT INTO landing (job) VALUES (?1);

-- name: landings
-- Runs that are over.
SELECT job.id, job.tenant, paid FROM landing JOIN job ON job.seq = landing.job ORDER BY landing.job LIMIT ?1;

-- name: any_landing
-- Whether there is one.
SELECT 1 FROM landing LIMIT 1;

-- name: pay_landing
-- What a run used is counted.
UPDATE landing SET paid = 1 WHERE job = ?1;

-- name: delete_landing
-- All have been told.
DELETE FROM landing WHERE job = ?1;

-- name: followers
-- Who shares a run, the oldest first.
SELECT seq, id, tenant, worker, worker_version, status, wait_reason, fence, attempt, keep_attempt, max_attempts, lost,
  ready_at, queue_timeout_at, deadline_at, notes, chunks, run_at, started_at, attempt_started_at, run_timeout_ms, ran_ms,
  finished_at, lease_until, run_until, suspend_until, begun, callbacks, lease_secret, lane, reuse, flight
FROM job WHERE flight = ?1 AND wait_reason = 'coalesced' ORDER BY seq LIMIT ?2;

-- name: follower_ids
-- Who shares a run.
SELECT id FROM job WHERE flight = ?1 AND wait_reason = 'coalesced';

-- name: leave_flight
-- A job shares a run no longer; what it is told from now on comes after all that it was told of the run.
UPDATE job SET fence = ?2, attempt = ?3, started_at = ?4, flight = NULL WHERE seq = ?1;

-- name: watch_follower
-- The run has started: only the deadline of a job that shares it is left.
UPDATE job SET wake_at = deadline_at WHERE seq = ?1;

-- name: land
-- Gives a job the outcome of the run that it shares.
UPDATE job SET status = run.status, wait_reason = NULL, next_attempt_at = NULL, fence = run.fence, attempt = run.attempt,
  started_at = max(run.started_at, job.ready_at), finished_at = ?3, expires_at = ?4, wake_at = ?4, open_key = NULL,
  output = run.output, files = run.files, error_code = run.error_code, error_message = run.error_message,
  error_retryable = run.error_retryable, error_attempt = run.error_attempt, error_upstream = run.error_upstream,
  cancel_was = run.cancel_was, cancel_requested_at = run.cancel_requested_at,
  input_tokens = iif(?5, run.input_tokens, NULL), output_tokens = iif(?5, run.output_tokens, NULL),
  cost_micros = iif(?5, run.cost_micros, NULL), spent_input = iif(?5, run.spent_input, NULL),
  spent_output = iif(?5, run.spent_output, NULL), spent_micros = iif(?5, run.spent_micros, NULL)
FROM job AS run WHERE job.seq = ?1 AND run.seq = ?2;
