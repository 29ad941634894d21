-- name: find_schedule
-- A schedule of a tenant, removed or not.
SELECT tenant, name, document, input, revision, anchor_at, next_at, passed_at, last_at, last_job, last_why, created_at,
  updated_at, removed
FROM coatcheck.schedule WHERE tenant = ?1 AND name = ?2;

-- name: lock_schedule
-- The same, and nobody else changes it until the end of the transaction.
SELECT tenant, name, document, input, revision, anchor_at, next_at, passed_at, last_at, last_job, last_why, created_at,
  updated_at, removed
FROM coatcheck.schedule WHERE tenant = ?1 AND name = ?2 FOR UPDATE;

-- name: insert_schedule
-- A schedule that is to be defined, unless one of that name is there.
INSERT INTO coatcheck.schedule (tenant, name, document, input, revision, anchor_at, created_at, updated_at, removed)
VALUES (?1, ?2, '', '', 0, 0, 0, 0, true) ON CONFLICT DO NOTHING;

-- name: set_schedule
-- A schedule as it is defined from now on.
UPDATE coatcheck.schedule SET document = ?3, input = ?4, revision = ?5, anchor_at = ?6, next_at = ?7, passed_at = ?8,
  last_at = ?9, last_job = ?10, last_why = ?11, created_at = ?12, updated_at = ?13, removed = false
WHERE tenant = ?1 AND name = ?2;

-- name: tick
-- Moves a schedule on, if it still stands at the instant that was seen to.
UPDATE coatcheck.schedule SET next_at = ?5, passed_at = ?6, last_at = ?7, last_job = ?8, last_why = ?9
WHERE tenant = ?1 AND name = ?2 AND revision = ?3 AND next_at = ?4 AND NOT removed;

-- name: open_of_schedule
-- The oldest open job of a schedule, of those made since its oldest open one was looked for last.
SELECT id FROM coatcheck.job
WHERE tenant = ?1 AND schedule = ?2 AND id >= ?3 AND NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = job.id)
ORDER BY id LIMIT 1;

-- name: open_from
-- Since when jobs of a schedule have been made that may be open.
SELECT open_from FROM coatcheck.schedule WHERE tenant = ?1 AND name = ?2;

-- name: set_open_from
-- All jobs of a schedule that were made before are done.
UPDATE coatcheck.schedule SET open_from = ?3 WHERE tenant = ?1 AND name = ?2;

-- name: remove_schedule
-- Takes a schedule out of use.
UPDATE coatcheck.schedule SET removed = true, next_at = NULL WHERE tenant = ?1 AND name = ?2 AND NOT removed;

-- name: forget_schedules
-- Deletes removed schedules whose instants are too long ago to be named again.
DELETE FROM coatcheck.schedule WHERE removed AND (passed_at IS NULL OR passed_at < ?1);

-- name: list_schedules
-- A tenant's schedules by name.
SELECT tenant, name, document, input, revision, anchor_at, next_at, passed_at, last_at, last_job, last_why, created_at,
  updated_at, removed
FROM coatcheck.schedule WHERE tenant = ?1 AND name > ?2 AND NOT removed ORDER BY name LIMIT ?3;

-- name: due_schedules
-- Schedules whose next instant has come, the longest ago first.
SELECT tenant, name, document, input, revision, anchor_at, next_at, passed_at, last_at, last_job, last_why, created_at,
  updated_at, removed
FROM coatcheck.schedule WHERE next_at <= ?1 ORDER BY next_at, tenant, name LIMIT ?2;

-- name: next_schedule
-- The first instant of any schedule that has not come yet.
SELECT min(next_at) FROM coatcheck.schedule WHERE next_at > ?1;

-- name: time
-- What time it is.
SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;
