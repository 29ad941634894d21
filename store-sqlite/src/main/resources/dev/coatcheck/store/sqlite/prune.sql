-- name: prune_due
-- Finished jobs past their retention.
SELECT seq, id, tenant, metadata, wake_at FROM job
  WHERE status = 'succeeded' AND wake_at IS NOT NULL AND wake_at <= ?1
UNION ALL SELECT seq, id, tenant, metadata, wake_at FROM job
  WHERE status = 'failed' AND wake_at IS NOT NULL AND wake_at <= ?1
UNION ALL SELECT seq, id, tenant, metadata, wake_at FROM job
  WHERE status = 'timed_out' AND wake_at IS NOT NULL AND wake_at <= ?1
UNION ALL SELECT seq, id, tenant, metadata, wake_at FROM job
  WHERE status = 'canceled' AND wake_at IS NOT NULL AND wake_at <= ?1
ORDER BY wake_at, seq LIMIT ?2;

-- name: delete_job
-- Deletes a finished job.
DELETE FROM job WHERE seq = ?1;

-- name: delete_payload
-- Deletes its large input and output.
DELETE FROM payload WHERE job = ?1;

-- name: delete_attempts
-- Deletes its attempts.
DELETE FROM attempt WHERE job = ?1;

-- name: delete_notes
-- Deletes its history.
DELETE FROM event WHERE job = ?1;

-- name: delete_callbacks
-- Deletes what was called back to it.
DELETE FROM callback WHERE job = ?1;

-- name: delete_late_usage
-- Deletes what was used too late.
DELETE FROM late_usage WHERE job = ?1;

-- name: delete_tag
-- Deletes one of its tags.
DELETE FROM job_tag WHERE tenant = ?1 AND key = ?2 AND value = ?3 AND id = ?4;

-- name: delete_dead_letter
-- Deletes its dead letter and tells whether it was open.
DELETE FROM dead_letter WHERE job = ?1 RETURNING worker, state;

-- name: insert_pruned
-- Remembers its id.
INSERT OR REPLACE INTO pruned (id, tenant, until) VALUES (?1, ?2, ?3);

-- name: forget_pruned
-- Forgets ids that were remembered long enough.
DELETE FROM pruned WHERE until <= ?1;

-- name: find_pruned
-- Whether the tenant had this job.
SELECT 1 FROM pruned WHERE id = ?1 AND tenant = ?2;

-- name: next_prune
-- When there is something to delete or to forget.
SELECT min(at) FROM (
  SELECT min(wake_at) AS at FROM job WHERE status = 'succeeded' AND wake_at IS NOT NULL
  UNION ALL SELECT min(wake_at) FROM job WHERE status = 'failed' AND wake_at IS NOT NULL
  UNION ALL SELECT min(wake_at) FROM job WHERE status = 'timed_out' AND wake_at IS NOT NULL
  UNION ALL SELECT min(wake_at) FROM job WHERE status = 'canceled' AND wake_at IS NOT NULL
  UNION ALL SELECT min(until) FROM idempotency WHERE until IS NOT NULL
  UNION ALL SELECT min(until) FROM pruned
  UNION ALL SELECT min(until) FROM answer
  UNION ALL SELECT min(finished_at) + 604800000 FROM operation WHERE finished_at IS NOT NULL -- OPERATION_KEPT
  UNION ALL SELECT min(expires_at) FROM file);
