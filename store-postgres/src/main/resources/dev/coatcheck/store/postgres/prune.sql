-- name: prune_duty
-- One node at a time deletes; the others have nothing to do meanwhile.
SELECT pg_try_advisory_xact_lock(hashtextextended('coatcheck prune', 0));

-- name: prune_due
-- Finished jobs past their retention, those of a day that gathers them when they have waited long enough. Day by day, as
-- an index of one partition is in the order asked for.
SELECT old.id, job.tenant FROM (
  SELECT due.id, due.expires_at FROM coatcheck.day CROSS JOIN LATERAL (
    SELECT done.id, done.expires_at FROM coatcheck.done
    WHERE done.id >= day.first AND done.id < day.until
      AND done.expires_at <= CASE WHEN day.gathers THEN ?1::bigint - ?3::bigint ELSE ?1 END
    ORDER BY done.expires_at, done.id LIMIT ?2) AS due
  WHERE NOT day.dropped ORDER BY due.expires_at, due.id LIMIT ?2) AS old
JOIN coatcheck.job ON job.id = old.id ORDER BY old.expires_at, old.id;

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

-- name: delete_tags
-- Deletes what they are found by.
DELETE FROM coatcheck.job_tag WHERE id = ANY (?1);

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
-- Whether the tenant had this job. Of a day that was swept nobody knows any more who had what: any id may be one.
SELECT 1 FROM coatcheck.pruned WHERE id = ?1 AND tenant = ?2
UNION ALL SELECT 1 FROM coatcheck.day WHERE swept AND first <= ?1 AND until > ?1;

-- name: next_prune
-- When there is something to delete or to forget, or a day to look at, and what time it is.
SELECT min(at), floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (
  SELECT oldest.expires_at + CASE WHEN day.gathers THEN ?1::bigint ELSE 0 END AS at FROM coatcheck.day CROSS JOIN LATERAL (
    SELECT done.expires_at FROM coatcheck.done WHERE done.id >= day.first AND done.id < day.until
    ORDER BY done.expires_at LIMIT 1) AS oldest
  WHERE NOT day.dropped
  UNION ALL SELECT min(look_at) FROM coatcheck.day WHERE NOT dropped
  UNION ALL SELECT min(until) FROM coatcheck.idempotency WHERE until IS NOT NULL
  UNION ALL SELECT min(until) FROM coatcheck.answer
  UNION ALL SELECT min(until) FROM coatcheck.pruned
  UNION ALL SELECT min(finished_at) + 604800000 FROM coatcheck.operation WHERE finished_at IS NOT NULL -- OPERATION_KEPT
  UNION ALL SELECT min(expires_at) FROM coatcheck.file) AS clocks;
