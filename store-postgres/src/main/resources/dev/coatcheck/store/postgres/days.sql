-- name: insert_day
-- A day has partitions.
INSERT INTO coatcheck.day (first, until, look_at) VALUES (?1, ?2, ?3)
ON CONFLICT (first) DO UPDATE SET dropped = false, look_at = greatest(day.look_at, excluded.look_at)
WHERE day.dropped;

-- name: take_day
-- A day to look at. If that comes to nothing, it is looked at again later.
UPDATE coatcheck.day SET look_at = ?2 WHERE first = (
  SELECT first FROM coatcheck.day WHERE look_at <= ?1 AND NOT dropped ORDER BY look_at, first LIMIT 1)
RETURNING first, dirty;

-- name: forget_days
-- Days so old that their ids are known to be.
DELETE FROM coatcheck.day WHERE dropped AND until <= ?1;

-- name: count_day
-- How many jobs of a day there are, and how many of them are past their retention.
SELECT (SELECT count(*) FROM coatcheck.job WHERE id >= ?1 AND id < ?2),
  (SELECT count(*) FROM coatcheck.done WHERE id >= ?1 AND id < ?2 AND expires_at <= ?3);

-- name: any_of_day
-- A job of a day, if it has any.
SELECT 1 FROM coatcheck.job WHERE id >= ?1 AND id < ?2 LIMIT 1;

-- name: look_again
-- When a day is looked at again, and whether it gathers meanwhile.
UPDATE coatcheck.day SET look_at = ?2, gathers = ?3 WHERE first = ?1;

-- name: swept_day
-- Most of a day is gone.
UPDATE coatcheck.day SET swept = true, dirty = true, gathers = false, look_at = ?2 WHERE first = ?1;

-- name: dropped_day
-- A day is gone.
UPDATE coatcheck.day SET dropped = true, gathers = false WHERE first = ?1;

-- name: clean_day
-- Nothing is left of jobs that went with their day.
UPDATE coatcheck.day SET dirty = false WHERE first = ?1;

-- name: copy_jobs
-- The jobs of a day that stay: open ones, and those not past their retention.
INSERT INTO coatcheck.job_:day_next SELECT job.* FROM coatcheck.job_:day AS job
LEFT JOIN coatcheck.done_:day AS done ON done.id = job.id WHERE done.id IS NULL OR done.expires_at > ?1;

-- name: copy_ends
-- How those ended that have.
INSERT INTO coatcheck.done_:day_next SELECT done.* FROM coatcheck.done_:day AS done
JOIN coatcheck.job_:day_next AS job ON job.id = done.id;

-- name: copied_open
-- The copied jobs that are open: they may end meanwhile.
SELECT job.id FROM coatcheck.job_:day_next AS job
WHERE NOT EXISTS (SELECT 1 FROM coatcheck.done_:day_next AS done WHERE done.id = job.id) LIMIT ?1;

-- name: copied_held
-- The copied jobs that were canceled while they ran: their runners may stop meanwhile.
SELECT id FROM coatcheck.done_:day_next
WHERE status = 'canceled' AND lease IS NOT NULL AND runner_stopped_at IS NULL LIMIT ?1;

-- name: changed_since
-- Whether any of the open ones has ended, or of the held ones stopped.
SELECT 1 FROM coatcheck.done_:day WHERE id = ANY (?1)
UNION ALL SELECT 1 FROM coatcheck.done_:day WHERE id = ANY (?2) AND runner_stopped_at IS NOT NULL;

-- name: copy_later_ends
-- How those ended that have since.
INSERT INTO coatcheck.done_:day_next SELECT * FROM coatcheck.done_:day WHERE id = ANY (?1) ON CONFLICT DO NOTHING;

-- name: copy_later_stops
-- When those stopped that have since.
UPDATE coatcheck.done_:day_next AS copied SET runner_stopped_at = done.runner_stopped_at
FROM coatcheck.done_:day AS done WHERE done.id = ANY (?1) AND copied.id = done.id;

-- name: clean_rows
-- Deletes rows of jobs that went with their day, from one on.
DELETE FROM coatcheck.:table WHERE ctid = ANY (ARRAY (
  SELECT side.ctid FROM coatcheck.:table AS side
  WHERE side.:key >= ?1 AND side.:key < ?2 AND NOT EXISTS (SELECT 1 FROM coatcheck.job WHERE job.id = side.:key)
  ORDER BY side.:key LIMIT ?3))
RETURNING :key;

-- name: clean_letters
-- The same of dead letters, and tells which were open.
DELETE FROM coatcheck.dead_letter WHERE ctid = ANY (ARRAY (
  SELECT side.ctid FROM coatcheck.dead_letter AS side
  WHERE side.job >= ?1 AND side.job < ?2 AND NOT EXISTS (SELECT 1 FROM coatcheck.job WHERE job.id = side.job)
  ORDER BY side.job LIMIT ?3))
RETURNING worker, state;

-- name: clean_keys
-- The same of idempotency keys, which stay until they are old enough.
UPDATE coatcheck.idempotency SET until = created_at + ?4 WHERE ctid = ANY (ARRAY (
  SELECT side.ctid FROM coatcheck.idempotency AS side
  WHERE side.job >= ?1 AND side.job < ?2 AND side.until IS NULL
    AND NOT EXISTS (SELECT 1 FROM coatcheck.job WHERE job.id = side.job)
  ORDER BY side.job LIMIT ?3));
