-- name: claim
-- Grants the first ready jobs of one lane of a worker to this process. The clocks of those not to be started any more have run out.
UPDATE job SET
  status = 'running', fence = fence + 1, attempt = attempt + 1 - keep_attempt, keep_attempt = 0,
  runner = ?4, lease_secret = ?5, callback_hash = NULL, lease_until = NULL, attempt_started_at = ?2,
  started_at = coalesce(started_at, ?2), progress_fraction = NULL, progress_stage = NULL, progress_message = NULL,
  notes = 0, chunks = iif(keep_attempt, chunks, 0), grants = grants + 1, ran_ms = iif(keep_attempt, ran_ms, 0),
  run_until = NULL, wake_at = NULL
WHERE seq IN (
  SELECT seq FROM job INDEXED BY job_ready
  WHERE worker = ?1 AND lane = ?6 AND status = 'queued' AND wait_reason IS NULL AND wake_at > ?2
  ORDER BY priority DESC, seq LIMIT ?3)
RETURNING seq, id, tenant, worker_version, fence, attempt, max_attempts, lost, ready_at, queue_timeout_at, deadline_at,
  run_at, started_at, run_timeout_ms, ran_ms, begun, callbacks, reuse, grants, chunks,
  priority, metadata, input;

-- name: claim_remote
-- The same for a runner elsewhere. Each lease has secrets of its own: the places of the jobs find theirs in two long blobs,
-- so that many leases cost one statement.
UPDATE job SET
  status = 'running', fence = fence + 1, attempt = attempt + 1 - keep_attempt, keep_attempt = 0,
  runner = ?4, lease_secret = substr(?5, 1 + 16 * place, 16), callback_hash = substr(?7, 1 + 32 * place, 32),
  lease_until = ?6, attempt_started_at = ?2,
  started_at = coalesce(started_at, ?2), progress_fraction = NULL, progress_stage = NULL, progress_message = NULL,
  notes = 0, chunks = iif(keep_attempt, chunks, 0), grants = grants + 1, ran_ms = iif(keep_attempt, ran_ms, 0),
  run_until = ?2 + max(1, run_timeout_ms - iif(keep_attempt, ran_ms, 0)),
  wake_at = min(?6, deadline_at, ?2 + max(1, run_timeout_ms - iif(keep_attempt, ran_ms, 0)))
FROM (
  SELECT ready, row_number() OVER () - 1 AS place FROM (
    SELECT seq AS ready FROM job INDEXED BY job_ready
    WHERE worker = ?1 AND lane = ?8 AND status = 'queued' AND wait_reason IS NULL AND wake_at > ?2
    ORDER BY priority DESC, seq LIMIT ?3))
WHERE seq = ready
RETURNING seq, id, tenant, worker_version, fence, attempt, max_attempts, lost, ready_at, queue_timeout_at, deadline_at,
  run_at, started_at, run_timeout_ms, ran_ms, begun, callbacks, reuse, grants, chunks,
  priority, metadata, input, lease_secret;

-- name: input
-- The input of a granted job, when it was too large for the row.
SELECT bytes FROM payload WHERE job = ?1 AND kind = 'input';

-- name: complete
-- Records success, if the token still holds the job.
UPDATE job SET
  status = 'succeeded', fence = fence + 1, finished_at = ?4, expires_at = ?5, wake_at = ?5, lease_until = NULL,
  open_key = NULL, output = ?6, files = ?10, input_tokens = coalesce(?7, input_tokens),
  output_tokens = coalesce(?8, output_tokens), cost_micros = coalesce(?9, cost_micros)
WHERE seq = ?1 AND fence = ?2 AND lease_secret = ?3 AND status = 'running';

-- name: fail
-- Records failure or timeout, if the token still holds the job.
UPDATE job SET
  status = ?6, fence = fence + 1, finished_at = ?4, expires_at = ?5, wake_at = ?5, lease_until = NULL,
  suspend_until = NULL, open_key = NULL, lost = lost + ?7, input_tokens = coalesce(?8, input_tokens),
  output_tokens = coalesce(?9, output_tokens), cost_micros = coalesce(?10, cost_micros),
  error_code = ?11, error_message = ?12, error_retryable = ?13, error_attempt = ?14, error_upstream = ?15
WHERE seq = ?1 AND fence = ?2 AND lease_secret = ?3 AND status = 'running';

-- name: end_attempt
-- Keeps how a grant ended whose job stays open, if the token still holds it.
INSERT INTO attempt (
  job, fence, number, state, runner, started_at, finished_at, wait_reason, next_attempt_at, input_tokens,
  output_tokens, cost_micros, error_code, error_message, error_retryable, error_attempt, error_upstream, lease_secret,
  callback_hash)
SELECT seq, fence, attempt, ?5, runner, attempt_started_at, ?4, ?6, ?7, coalesce(?8, input_tokens),
  coalesce(?9, output_tokens), coalesce(?10, cost_micros), ?11, ?12, ?13, ?14, ?15, lease_secret, callback_hash
FROM job WHERE seq = ?1 AND fence = ?2 AND lease_secret = ?3 AND status = 'running';

-- name: park
-- Puts a held job back into the queue, if the token still holds it.
UPDATE job SET
  status = 'queued', wait_reason = ?5, next_attempt_at = ?6, ready_at = ?4, wake_at = ?7, keep_attempt = ?8, lost = lost + ?9,
  fence = fence + 1, notes = 0, runner = NULL, lease_secret = NULL, lease_until = NULL, callback_hash = NULL,
  spent_input = CASE WHEN coalesce(?10, input_tokens) IS NULL THEN spent_input
    ELSE coalesce(spent_input, 0) + coalesce(?10, input_tokens) END,
  spent_output = CASE WHEN coalesce(?11, output_tokens) IS NULL THEN spent_output
    ELSE coalesce(spent_output, 0) + coalesce(?11, output_tokens) END,
  spent_micros = CASE WHEN coalesce(?12, cost_micros) IS NULL THEN spent_micros
    ELSE coalesce(spent_micros, 0) + coalesce(?12, cost_micros) END,
  input_tokens = NULL, output_tokens = NULL, cost_micros = NULL
WHERE seq = ?1 AND fence = ?2 AND lease_secret = ?3 AND status = 'running';

-- name: suspend
-- Lets a held job wait for a callback, if the token still holds it.
UPDATE job SET
  suspend_until = ?4, wake_at = min(?4, deadline_at), ran_ms = ran_ms + ?5, begun = 1, notes = 0, keep_attempt = 0,
  fence = fence + 1, runner = NULL, lease_until = NULL, callback_hash = NULL, callbacks = 1,
  spent_input = CASE WHEN coalesce(?6, input_tokens) IS NULL THEN spent_input
    ELSE coalesce(spent_input, 0) + coalesce(?6, input_tokens) END,
  spent_output = CASE WHEN coalesce(?7, output_tokens) IS NULL THEN spent_output
    ELSE coalesce(spent_output, 0) + coalesce(?7, output_tokens) END,
  spent_micros = CASE WHEN coalesce(?8, cost_micros) IS NULL THEN spent_micros
    ELSE coalesce(spent_micros, 0) + coalesce(?8, cost_micros) END,
  input_tokens = NULL, output_tokens = NULL, cost_micros = NULL
WHERE seq = ?1 AND fence = ?2 AND lease_secret = ?3 AND status = 'running';

-- name: add_ran
-- Counts executing time of an attempt that goes on at once.
UPDATE job SET ran_ms = ran_ms + ?2, begun = 1, callbacks = 1 WHERE seq = ?1;

-- name: mark_suspended
-- The job waits after this grant.
UPDATE attempt SET suspended = 1 WHERE job = ?1 AND fence = ?2;

-- name: return_suspended
-- Puts a suspended job back into the queue.
UPDATE job SET
  status = 'queued', suspend_until = NULL, wait_reason = ?4, next_attempt_at = ?5, ready_at = ?3, wake_at = ?6,
  keep_attempt = ?7, notes = 0, fence = fence + 1, lease_secret = NULL
WHERE seq = ?1 AND fence = ?2 AND suspend_until IS NOT NULL;

-- name: leave_suspension
-- Keeps how and when a suspension was over.
UPDATE attempt SET left_at = ?3, state = coalesce(?4, state), wait_reason = ?5, next_attempt_at = ?6, error_code = ?7,
  error_message = ?8, error_retryable = ?9, error_attempt = ?10, error_upstream = ?11
WHERE job = ?1 AND fence = ?2;

-- name: open_callback
-- Lets a token call back, if its lease holds the job.
UPDATE job SET callback_hash = ?4
WHERE id = ?1 AND fence = ?2 AND lease_secret = ?3 AND status = 'running';

-- name: lost_since
-- How many attempts of a job were lost lately.
SELECT count(*) FROM attempt WHERE job = ?1 AND state = 'lost' AND finished_at >= ?2;

-- name: ended_grant
-- A grant that ended with its job still open.
SELECT state, error_code, lease_secret, callback_hash, finished_at FROM attempt WHERE job = ?1 AND fence = ?2;

-- name: last_grant
-- What the job's own row tells of the grant that holds it, or held it when it ended.
SELECT seq, tenant, worker, worker_version, status, suspend_until, fence, attempt, max_attempts, runner, lease_secret,
  error_code, finished_at
FROM job WHERE id = ?1;

-- name: renew
-- Extends a remote lease, if the token still holds the job.
UPDATE job SET lease_until = ?5, wake_at = min(?5, deadline_at, coalesce(run_until, deadline_at))
WHERE id = ?1 AND fence = ?2 AND lease_secret = ?3 AND runner = ?4 AND status = 'running' AND lease_until > 0;

-- name: rescue_due
-- Running jobs whose lease has ended, or another clock of theirs.
SELECT seq, id, tenant, worker, worker_version, status, wait_reason, fence, attempt, keep_attempt, max_attempts, lost,
  ready_at, queue_timeout_at, deadline_at, notes, chunks, run_at, started_at, attempt_started_at, run_timeout_ms, ran_ms,
  finished_at, lease_until, run_until, suspend_until, begun, callbacks, lease_secret, lane, reuse, flight
FROM job WHERE status = 'running' AND wake_at IS NOT NULL AND wake_at <= ?1 ORDER BY wake_at, seq LIMIT ?2;

-- name: next_rescue
-- When the next clock of a running job ends.
SELECT min(wake_at) FROM job WHERE status = 'running' AND wake_at IS NOT NULL;

-- name: free_local
-- Makes what earlier processes ran free for rescue. Walks from worker to worker instead of through the table.
WITH RECURSIVE pair (owner, name) AS (
  SELECT min(tenant), (SELECT min(worker) FROM job WHERE tenant = (SELECT min(tenant) FROM job)) FROM job
  UNION ALL
  SELECT
    (SELECT tenant FROM job WHERE (tenant, worker) > (owner, name) ORDER BY tenant, worker LIMIT 1),
    (SELECT worker FROM job WHERE (tenant, worker) > (owner, name) ORDER BY tenant, worker LIMIT 1)
  FROM pair WHERE owner IS NOT NULL)
UPDATE job SET lease_until = 0, wake_at = ?1
WHERE seq IN (
  SELECT seq FROM pair CROSS JOIN job ON tenant = owner AND worker = name AND status = 'running'
  WHERE lease_until IS NULL AND suspend_until IS NULL);

-- name: held_by
-- What a process holds. Asked only when it may not know that; walks from worker to worker like free_local.
WITH RECURSIVE pair (owner, name) AS (
  SELECT min(tenant), (SELECT min(worker) FROM job WHERE tenant = (SELECT min(tenant) FROM job)) FROM job
  UNION ALL
  SELECT
    (SELECT tenant FROM job WHERE (tenant, worker) > (owner, name) ORDER BY tenant, worker LIMIT 1),
    (SELECT worker FROM job WHERE (tenant, worker) > (owner, name) ORDER BY tenant, worker LIMIT 1)
  FROM pair WHERE owner IS NOT NULL)
SELECT id, fence, lease_secret FROM pair CROSS JOIN job ON tenant = owner AND worker = name AND status = 'running'
WHERE lease_until IS NULL AND suspend_until IS NULL AND runner = ?1;

-- name: held
-- Jobs that anybody holds, so many. Asked after a restore only; walks from worker to worker like free_local.
WITH RECURSIVE pair (owner, name) AS (
  SELECT min(tenant), (SELECT min(worker) FROM job WHERE tenant = (SELECT min(tenant) FROM job)) FROM job
  UNION ALL
  SELECT
    (SELECT tenant FROM job WHERE (tenant, worker) > (owner, name) ORDER BY tenant, worker LIMIT 1),
    (SELECT worker FROM job WHERE (tenant, worker) > (owner, name) ORDER BY tenant, worker LIMIT 1)
  FROM pair WHERE owner IS NOT NULL)
SELECT seq, id, tenant, worker, worker_version, status, wait_reason, fence, attempt, keep_attempt, max_attempts, lost,
  ready_at, queue_timeout_at, deadline_at, notes, chunks, run_at, started_at, attempt_started_at, run_timeout_ms, ran_ms,
  finished_at, lease_until, run_until, suspend_until, begun, callbacks, lease_secret, lane, reuse, flight
FROM pair CROSS JOIN job ON tenant = owner AND worker = name AND status = 'running'
WHERE suspend_until IS NULL LIMIT ?1;

-- name: insert_restore
-- Remembers that the file was put back to an earlier state.
INSERT INTO restored (cut_at, restored_at, leases) VALUES (?1, ?2, ?3);

-- name: restores
-- When it was.
SELECT cut_at, restored_at, leases FROM restored ORDER BY number DESC;

-- name: extend_remote
-- Gives runners elsewhere time to come back after a stop of this process.
UPDATE job SET lease_until = max(lease_until, ?1),
  wake_at = min(max(lease_until, ?1), deadline_at, coalesce(run_until, deadline_at))
WHERE status = 'running' AND wake_at IS NOT NULL AND lease_until > 0;

-- name: insert_node
-- Remembers the process that owns the file from now on.
INSERT INTO node (runner, opened_at) VALUES (?1, ?2);
