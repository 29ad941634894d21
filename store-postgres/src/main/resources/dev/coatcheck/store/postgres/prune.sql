-- name: prune_due
-- Finished jobs past their retention. Who else looks at one leaves it to us.
SELECT done.id, job.tenant, job.metadata FROM coatcheck.done JOIN coatcheck.job ON job.id = done.id
WHERE expires_at <= ?1 ORDER BY expires_at, done.id LIMIT ?2 FOR UPDATE OF done SKIP LOCKED;

-- name: delete_job
-- Deletes jobs.
DELETE FROM coatcheck.job WHERE id = ANY (?1);

-- name: delete_done
-- Deletes how they ended.
DELETE FROM coatcheck.done WHERE id = ANY (?1);

-- name: delete_course
-- Deletes what happened to them.
DELETE FROM coatcheck.course WHERE job = ANY (?1);

-- name: delete_attempts
-- Deletes their attempts.
DELETE FROM coatcheck.attempt WHERE job = ANY (?1);

-- name: delete_notes
-- Deletes their histories.
DELETE FROM coatcheck.event WHERE job = ANY (?1);

-- name: delete_callbacks
-- Deletes what was called back to them.
DELETE FROM coatcheck.callback WHERE job = ANY (?1);

-- name: delete_suspensions
-- Deletes what they would have gone on with.
DELETE FROM coatcheck.suspension WHERE job = ANY (?1);

-- name: delete_late_usage
-- Deletes what was used too late.
DELETE FROM coatcheck.late_usage WHERE job = ANY (?1);

-- name: delete_retries
-- Deletes which jobs repeated them.
DELETE FROM coatcheck.retry WHERE original = ANY (?1);

-- name: delete_tag
-- Deletes one tag of a job.
DELETE FROM coatcheck.job_tag WHERE tenant = ?1 AND key = ?2 AND value = ?3 AND id = ?4;

-- name: delete_dead_letters
-- Deletes their dead letters and tells which were open.
DELETE FROM coatcheck.dead_letter WHERE job = ANY (?1) RETURNING worker, state;

-- name: insert_pruned
-- Remembers an id.
INSERT INTO coatcheck.pruned (id, tenant, until) VALUES (?1, ?2, ?3)
ON CONFLICT (id) DO UPDATE SET tenant = excluded.tenant, until = excluded.until;

-- name: forget_pruned
-- Forgets ids that were remembered long enough.
DELETE FROM coatcheck.pruned WHERE until <= ?1;

-- name: find_pruned
-- Whether the tenant had this job.
SELECT 1 FROM coatcheck.pruned WHERE id = ?1 AND tenant = ?2;

-- name: next_prune
-- When there is something to delete or to forget, and what time it is.
SELECT min(at), floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (
  SELECT min(expires_at) AS at FROM coatcheck.done
  UNION ALL SELECT min(until) FROM coatcheck.idempotency WHERE until IS NOT NULL
  UNION ALL SELECT min(until) FROM coatcheck.pruned
  UNION ALL SELECT min(finished_at) + 604800000 FROM coatcheck.operation WHERE finished_at IS NOT NULL -- OPERATION_KEPT
  UNION ALL SELECT min(expires_at) FROM coatcheck.file) AS clocks;
