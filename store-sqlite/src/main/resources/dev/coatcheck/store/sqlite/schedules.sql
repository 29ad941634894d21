-- name: find_schedule
-- A schedule of a tenant, removed or not.
SELECT tenant, name, document, input, revision, anchor_at, next_at, passed_at, last_at, last_job, last_why, created_at,
  updated_at, removed
FROM schedule WHERE tenant = ?1 AND name = ?2;

-- name: set_schedule
-- A schedule as it is defined from now on.
INSERT INTO schedule (tenant, name, document, input, revision, anchor_at, next_at, passed_at, last_at, last_job,
  last_why, created_at, updated_at, removed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0)
ON CONFLICT (tenant, name) DO UPDATE SET document = excluded.document, input = excluded.input,
  revision = excluded.revision, anchor_at = excluded.anchor_at, next_at = excluded.next_at,
  passed_at = excluded.passed_at, last_at = excluded.last_at, last_job = excluded.last_job, last_why = excluded.last_why,
  created_at = excluded.created_at, updated_at = excluded.updated_at, removed = 0;

-- name: tick
-- Moves a schedule on, if it still stands at the instant that was seen to.
UPDATE schedule SET next_at = ?5, passed_at = ?6, last_at = ?7, last_job = ?8, last_why = ?9
WHERE tenant = ?1 AND name = ?2 AND revision = ?3 AND next_at = ?4 AND removed = 0;

-- name: open_of_schedule
-- Whether a job of a schedule is open.
SELECT 1 FROM job WHERE tenant = ?1 AND schedule = ?2 AND status IN ('queued', 'running') LIMIT 1;

-- name: remove_schedule
-- Takes a schedule out of use.
UPDATE schedule SET removed = 1, next_at = NULL WHERE tenant = ?1 AND name = ?2 AND removed = 0;

-- name: forget_schedules
-- Deletes removed schedules whose instants are too long ago to be named again.
DELETE FROM schedule WHERE removed = 1 AND (passed_at IS NULL OR passed_at < ?1);

-- name: list_schedules
-- A tenant's schedules by name.
SELECT tenant, name, document, input, revision, anchor_at, next_at, passed_at, last_at, last_job, last_why, created_at,
  updated_at, removed
FROM schedule WHERE tenant = ?1 AND name > ?2 AND removed = 0 ORDER BY name LIMIT ?3;

-- name: due_schedules
-- Schedules whose next instant has come, the longest ago first.
SELECT tenant, name, document, input, revision, anchor_at, next_at, passed_at, last_at, last_job, last_why, created_at,
  updated_at, removed
FROM schedule WHERE next_at IS NOT NULL AND next_at <= ?1 ORDER BY next_at, tenant, name LIMIT ?2;

-- name: next_schedule
-- The first instant of any schedule that has not come yet.
SELECT min(next_at) FROM schedule WHERE next_at IS NOT NULL AND next_at > ?1;
