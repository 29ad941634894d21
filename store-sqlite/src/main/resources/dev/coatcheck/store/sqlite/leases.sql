-- name: claim
-- Grants a worker's first ready jobs. The clocks of those not to be started any more have run out.
UPDATE job SET
  status = 'running', fence = fence + 1, attempt = attempt + 1 - keep_attempt, keep_attempt = 0,
  runner = ?4, lease_secret = ?5, lease_until = ?6, wake_at = ?6, attempt_started_at = ?2,
  started_at = coalesce(started_at, ?2), progress_fraction = NULL, progress_stage = NULL, progress_message = NULL,
  notes = 0, chunks = 0
WHERE seq IN (
  SELECT seq FROM job INDEXED BY job_ready
  WHERE worker = ?1 AND status = 'queued' AND wait_reason IS NULL AND wake_at > ?2
  ORDER BY priority DESC, seq LIMIT ?3)
RETURNING seq, id, tenant, worker_version, fence, attempt, max_attempts, priority, run_timeout_ms, deadline_at,
  ready_at, metadata, input;

-- name: input
-- The input of a granted job, when it was too large for the row.
SELECT bytes FROM payload WHERE job = ?1 AND kind = 'input';

-- name: complete
-- Records success, if the token still holds the job.
UPDATE job SET
  status = 'succeeded', fence = fence + 1, finished_at = ?4, expires_at = ?5, wake_at = ?5, lease_secret = NULL,
  lease_until = NULL, open_key = NULL, output = ?6, input_tokens = coalesce(?7, input_tokens),
  output_tokens = coalesce(?8, output_tokens), cost_micros = coalesce(?9, cost_micros)
WHERE seq = ?1 AND fence = ?2 AND lease_secret = ?3 AND status = 'running';

-- name: fail
-- Records failure or timeout, if the token still holds the job.
UPDATE job SET
  status = ?6, fence = fence + 1, finished_at = ?4, expires_at = ?5, wake_at = ?5, lease_secret = NULL,
  lease_until = NULL, open_key = NULL, lost = lost + ?7, input_tokens = coalesce(?8, input_tokens),
  output_tokens = coalesce(?9, output_tokens), cost_micros = coalesce(?10, cost_micros),
  error_code = ?11, error_message = ?12, error_retryable = ?13, error_attempt = ?14, error_upstream = ?15
WHERE seq = ?1 AND fence = ?2 AND lease_secret = ?3 AND status = 'running';

-- name: end_attempt
-- Keeps how a grant ended whose job stays open, if the token still holds it.
INSERT INTO attempt (
  job, fence, number, state, runner, started_at, finished_at, wait_reason, next_attempt_at, input_tokens,
  output_tokens, cost_micros, error_code, error_message, error_retryable, error_attempt, error_upstream)
SELECT seq, fence, attempt, ?5, runner, attempt_started_at, ?4, ?6, ?7, coalesce(?8, input_tokens),
  coalesce(?9, output_tokens), coalesce(?10, cost_micros), ?11, ?12, ?13, ?14, ?15
FROM job WHERE seq = ?1 AND fence = ?2 AND lease_secret = ?3 AND status = 'running';

-- name: park
-- Puts a held job back into the queue, if the token still holds it.
UPDATE job SET
  status = 'queued', wait_reason = ?5, next_attempt_at = ?6, ready_at = ?4, wake_at = ?7, keep_attempt = ?8, lost = lost + ?9,
  fence = fence + 1, runner = NULL, lease_secret = NULL, lease_until = NULL,
  spent_input = CASE WHEN coalesce(?10, input_tokens) IS NULL THEN spent_input
    ELSE coalesce(spent_input, 0) + coalesce(?10, input_tokens) END,
  spent_output = CASE WHEN coalesce(?11, output_tokens) IS NULL THEN spent_output
    ELSE coalesce(spent_output, 0) + coalesce(?11, output_tokens) END,
  spent_micros = CASE WHEN coalesce(?12, cost_micros) IS NULL THEN spent_micros
    ELSE coalesce(spent_micros, 0) + coalesce(?12, cost_micros) END,
  input_tokens = NULL, output_tokens = NULL, cost_micros = NULL
WHERE seq = ?1 AND fence = ?2 AND lease_secret = ?3 AND status = 'running';

-- name: renew
-- Extends a remote lease, if the token still holds the job.
UPDATE job SET lease_until = ?5, wake_at = ?5
WHERE id = ?1 AND fence = ?2 AND lease_secret = ?3 AND runner = ?4 AND status = 'running' AND lease_until > 0;

-- name: rescue_due
-- Running jobs whose lease has ended.
SELECT seq, id, tenant, worker, status, wait_reason, fence, attempt, keep_attempt, max_attempts, lost, ready_at,
  queue_timeout_at, deadline_at, notes, chunks, lease_secret
FROM job WHERE status = 'running' AND wake_at IS NOT NULL AND wake_at <= ?1 ORDER BY wake_at, seq LIMIT ?2;

-- name: next_rescue
-- When the next lease ends.
SELECT min(wake_at) FROM job WHERE status = 'running' AND wake_at IS NOT NULL;

-- name: free_local
-- Makes what earlier processes ran free for rescue. Walks from tenant to tenant instead of through the table.
WITH RECURSIVE owner (name) AS (
  SELECT min(tenant) FROM job
  UNION ALL
  SELECT (SELECT min(tenant) FROM job WHERE tenant > name) FROM owner WHERE name IS NOT NULL)
UPDATE job SET lease_until = 0, wake_at = ?1
WHERE seq IN (
  SELECT seq FROM owner CROSS JOIN job ON tenant = name AND status = 'running'
  WHERE lease_until IS NULL);

-- name: extend_remote
-- Gives runners elsewhere time to come back after a stop of this process.
UPDATE job SET lease_until = max(lease_until, ?1), wake_at = max(wake_at, ?1)
WHERE status = 'running' AND wake_at IS NOT NULL AND lease_until > 0;

-- name: insert_node
-- Remembers the process that owns the file from now on.
INSERT INTO node (runner, opened_at) VALUES (?1, ?2);
