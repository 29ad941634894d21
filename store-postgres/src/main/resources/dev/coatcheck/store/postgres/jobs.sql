-- name: opening
-- The database's time, and whether workers have changed. For the rest of the transaction no plan sorts a queue to take its
-- head, whatever the planner thinks of rows per worker, and none is compiled, which takes a hundred times what a
-- statement does. A pooler may give each transaction another connection, so this is not said of a session.
SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, workers, set_config('enable_sort', 'off', true),
  set_config('random_page_cost', '1.1', true), set_config('jit', 'off', true)
FROM coatcheck.cluster;

-- name: one_state
-- All statements of the transaction see the same.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- name: insert_job
-- Stores a job.
INSERT INTO coatcheck.job (id, tenant, worker, worker_version, max_attempts, priority, lane, scheduled, run_at, ready_at,
  run_timeout_ms, queue_timeout_at, deadline_at, input, metadata, retry_of, unique_key, root, parent, step, step_index,
  hold_micros, schedule, nominal_at, flight, lead, likeness, keep_ms, reuse, cached)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,
  ?26, ?27, ?28, ?29, ?30);

-- name: insert_ready
-- A job can start.
INSERT INTO coatcheck.ready (worker, lane, rank, id, fence, attempt, keep, storied, watched, ready_at, clock_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: insert_waiting
-- A job waits for a time or for a callback.
INSERT INTO coatcheck.waiting (id, worker, suspended, fence, attempt, keep, wait_reason, next_attempt_at, suspend_until,
  due_at, flight)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: delete_ready
-- A job that could start does not.
DELETE FROM coatcheck.ready WHERE worker = ?1 AND lane = ?2 AND rank = ?3 AND id = ?4 AND fence = ?5;

-- name: delete_waiting
-- A job no longer waits.
DELETE FROM coatcheck.waiting WHERE id = ?1 AND fence = ?2;

-- name: lock_ready
-- Nobody else takes this ready job away until the end of the transaction.
SELECT 1 FROM coatcheck.ready WHERE worker = ?1 AND lane = ?2 AND rank = ?3 AND id = ?4 AND fence = ?5 FOR UPDATE;

-- name: lock_waiting
-- Nobody else takes this waiting job away until the end of the transaction.
SELECT 1 FROM coatcheck.waiting WHERE id = ?1 AND fence = ?2 FOR UPDATE;

-- name: first_ready
-- Those of some workers that have a ready job, from a place in one of its lanes on.
SELECT asked.worker FROM unnest(?1::text[], ?2::text[], ?3::smallint[], ?4::uuid[]) AS asked (worker, lane, rank, id)
CROSS JOIN LATERAL (
  SELECT 1 FROM coatcheck.ready
  WHERE ready.worker = asked.worker AND (ready.lane, ready.rank, ready.id) >= (asked.lane, asked.rank, asked.id)
  ORDER BY ready.lane, ready.rank, ready.id LIMIT 1) AS first;

-- name: ready_lanes
-- Lanes of a worker that have ready jobs, so many after one, walking from each to the next.
WITH RECURSIVE walk (lane, n) AS (
  (SELECT lane, 1 FROM coatcheck.ready WHERE worker = ?1 AND lane > ?2 ORDER BY lane LIMIT 1)
  UNION ALL
  SELECT (SELECT ready.lane FROM coatcheck.ready WHERE worker = ?1 AND ready.lane > walk.lane ORDER BY ready.lane LIMIT 1),
    n + 1
  FROM walk WHERE walk.lane IS NOT NULL AND n < ?3)
SELECT lane FROM walk WHERE lane IS NOT NULL;

-- name: insert_tag
-- Makes a job findable by an indexed metadata entry.
INSERT INTO coatcheck.job_tag (tenant, key, value, id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING;

-- name: head
-- What a move needs to know of a job.
SELECT id, tenant, worker, worker_version, max_attempts, priority, run_at, run_timeout_ms, queue_timeout_at, deadline_at,
  unique_key, phase, fence, attempt, keep, started_at, attempt_started_at, finished_at, held_lease, local, until, run_until,
  suspend_until, storied, lost, ran_ms, begun, callbacks, notes, chunks, lane, reuse, run
FROM coatcheck.standing WHERE id = ?1;

-- name: heads
-- The same of several.
SELECT id, tenant, worker, worker_version, max_attempts, priority, run_at, run_timeout_ms, queue_timeout_at, deadline_at,
  unique_key, phase, fence, attempt, keep, started_at, attempt_started_at, finished_at, held_lease, local, until, run_until,
  suspend_until, storied, lost, ran_ms, begun, callbacks, notes, chunks, lane, reuse, run
FROM coatcheck.standing WHERE id = ANY (?1) ORDER BY id;

-- name: job
-- A whole job of a tenant.
SELECT id, tenant, worker, worker_version, phase, wait_reason, fence, attempt, max_attempts, priority, lane, scheduled, run_at,
  next_attempt_at, started_at, attempt_started_at, finished_at, run_timeout_ms, queue_timeout_at, deadline_at, expires_at,
  runner, error_code, error_message, error_retryable, error_attempt, error_upstream, progress_fraction, progress_stage,
  progress_message, input_tokens, output_tokens, cost_micros, spent_input, spent_output, spent_micros, metadata, retry_of,
  (SELECT retry.job FROM coatcheck.retry WHERE original = id), cancel_was, runner_stopped_at, root, parent, step,
  step_index, schedule, nominal_at, files, cached, lead, run, input, output
FROM coatcheck.standing WHERE id = ?1 AND tenant = ?2;

-- name: listed_job
-- One job of a page, without payloads.
SELECT id, tenant, worker, worker_version, phase, wait_reason, fence, attempt, max_attempts, priority, lane, scheduled, run_at,
  next_attempt_at, started_at, attempt_started_at, finished_at, run_timeout_ms, queue_timeout_at, deadline_at, expires_at,
  runner, error_code, error_message, error_retryable, error_attempt, error_upstream, progress_fraction, progress_stage,
  progress_message, input_tokens, output_tokens, cost_micros, spent_input, spent_output, spent_micros, metadata, retry_of,
  (SELECT retry.job FROM coatcheck.retry WHERE original = id), cancel_was, runner_stopped_at, root, parent, step,
  step_index, schedule, nominal_at, files, cached, lead, run, NULL, NULL
FROM coatcheck.standing WHERE id = ?1 AND tenant = ?2;

-- name: progressed
-- How far jobs have come.
SELECT id, phase, fence, notes, run FROM coatcheck.standing WHERE id = ANY (?1);

-- name: open_by_key
-- The open job that holds a unique key.
SELECT job FROM coatcheck.open_key WHERE tenant = ?1 AND worker = ?2 AND key = ?3;

-- name: insert_open_key
-- A job takes a unique key, unless another has it.
INSERT INTO coatcheck.open_key (tenant, worker, key, job) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING;

-- name: delete_open_key
-- A job that ends gives its unique key back.
DELETE FROM coatcheck.open_key WHERE tenant = ?1 AND worker = ?2 AND key = ?3 AND job = ?4;

-- name: open_retry
-- The newest retry of a job, if it is open.
SELECT retry.job FROM coatcheck.job AS original JOIN coatcheck.retry ON retry.original = original.id
WHERE original.id = ?1 AND original.tenant = ?2 AND EXISTS (SELECT 1 FROM coatcheck.job WHERE job.id = retry.job)
  AND NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = retry.job);

-- name: mark_retried
-- Tells a job which one repeats it, unless the one that did is open.
INSERT INTO coatcheck.retry (original, job) SELECT id, ?3 FROM coatcheck.job WHERE id = ?1 AND tenant = ?2
ON CONFLICT (original) DO UPDATE SET job = excluded.job
WHERE EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = retry.job)
  OR NOT EXISTS (SELECT 1 FROM coatcheck.job WHERE job.id = retry.job);

-- name: list_all
-- A tenant's jobs, newest first.
SELECT id FROM coatcheck.job WHERE tenant = ?1 AND id >= ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4;

-- name: list_by_worker
-- A tenant's jobs of one worker, newest first.
SELECT id FROM coatcheck.job WHERE tenant = ?1 AND worker = ?6 AND id >= ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4;

-- name: tenant_workers
-- The workers that a tenant has jobs of, walking from one to the next.
WITH RECURSIVE name_of (name) AS (
  SELECT min(worker) FROM coatcheck.job WHERE tenant = ?1
  UNION ALL
  SELECT (SELECT min(worker) FROM coatcheck.job WHERE tenant = ?1 AND worker > name) FROM name_of WHERE name IS NOT NULL)
SELECT name FROM name_of WHERE name IS NOT NULL;

-- name: list_done
-- A tenant's finished jobs of one worker in one status, newest first.
SELECT id FROM coatcheck.done WHERE tenant = ?1 AND worker = ?6 AND status = ?5 AND id >= ?2 AND id < ?3
ORDER BY id DESC LIMIT ?4;

-- name: list_queued
-- A tenant's queued jobs of one worker, newest first.
SELECT job.id FROM coatcheck.job
WHERE tenant = ?1 AND worker = ?6 AND job.id >= ?2 AND job.id < ?3
  AND (EXISTS (SELECT 1 FROM coatcheck.ready
      WHERE ready.worker = job.worker AND ready.lane = job.lane AND ready.rank = -job.priority AND ready.id = job.id)
    OR EXISTS (SELECT 1 FROM coatcheck.waiting WHERE waiting.id = job.id AND NOT suspended AND waiting.flight IS NULL))
ORDER BY job.id DESC LIMIT ?4;

-- name: list_running
-- A tenant's running jobs of one worker, newest first.
SELECT job.id FROM (
  SELECT unnest(jobs) AS id FROM coatcheck.lease WHERE worker = ?6
  UNION ALL SELECT id FROM coatcheck.waiting WHERE suspended AND worker = ?6) AS held
JOIN coatcheck.job ON job.id = held.id
WHERE job.tenant = ?1 AND job.id >= ?2 AND job.id < ?3
  AND NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = held.id)
ORDER BY job.id DESC LIMIT ?4;

-- name: list_following
-- A tenant's jobs of one worker that share a run in one status, newest first. A run that is over is told to run until they
-- are told.
SELECT shared.id FROM coatcheck.waiting AS shared JOIN coatcheck.job ON job.id = shared.id
JOIN coatcheck.standing AS running ON running.id = shared.flight
WHERE job.tenant = ?1 AND shared.worker = ?6 AND shared.flight IS NOT NULL AND shared.id >= ?2 AND shared.id < ?3
  AND ?5 = CASE WHEN running.started_at IS NULL OR running.phase IN ('ready', 'waiting') THEN 'queued' ELSE 'running' END
ORDER BY shared.id DESC LIMIT ?4;

-- name: list_by_tag
-- A tenant's jobs with a metadata entry, newest first.
SELECT tag.id FROM coatcheck.job_tag AS tag JOIN coatcheck.standing ON standing.id = tag.id
WHERE tag.tenant = ?1 AND tag.key = ?7 AND tag.value = ?8 AND tag.id >= ?2 AND tag.id < ?3
  AND (?5::text IS NULL OR ?5 = CASE WHEN phase IN ('ready', 'waiting') THEN 'queued'
    WHEN phase = 'suspended' THEN 'running' WHEN phase = 'following' THEN (
      SELECT CASE WHEN running.started_at IS NULL OR running.phase IN ('ready', 'waiting') THEN 'queued' ELSE 'running' END
      FROM coatcheck.standing AS running WHERE running.id = standing.run) ELSE phase END)
  AND (?6::text IS NULL OR standing.worker = ?6)
ORDER BY tag.id DESC LIMIT ?4;

-- name: ahead
-- How many ready jobs of its lane start before one, counted up to a bound.
SELECT count(*) FROM (
  SELECT 1 FROM coatcheck.ready WHERE worker = ?1 AND lane = ?5 AND (rank, id) < (?2::smallint, ?3::uuid)
  ORDER BY rank, id LIMIT ?4) AS before;

-- name: recent
-- Jobs that finished last. What others have done for them is not counted again.
SELECT done.worker, done.status, done.finished_at, done.id, run_at, coalesce(started_at, attempt_started_at),
  attempt_started_at
FROM coatcheck.done JOIN coatcheck.job ON job.id = done.id LEFT JOIN coatcheck.course ON course.job = done.id
WHERE done.finished_at >= ?2 AND NOT cached AND (lead IS NULL OR reuse >= 2)
ORDER BY done.finished_at DESC, done.id DESC LIMIT ?1;

-- name: finish
-- Ends a job that nobody holds. When its last grant began is told by that.
INSERT INTO coatcheck.done (id, tenant, worker, status, fence, attempt, finished_at, expires_at, attempt_started_at,
  error_code, error_message, error_retryable, error_attempt, error_upstream, cancel_was)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
  (SELECT started_at FROM coatcheck.attempt WHERE job = ?1 ORDER BY fence DESC LIMIT 1),
  ?9, ?10, ?11, ?12, ?13, ?14);

-- name: runner_stopped
-- Notes that the runner of a canceled job has stopped.
UPDATE coatcheck.done SET runner_stopped_at = ?4
WHERE id = ?1 AND fence = ?2 AND lease = ?3 AND status = 'canceled' AND runner_stopped_at IS NULL;

-- name: stage_due
-- Queued jobs that waited long enough or too long. Who else looks at one leaves it to us.
WITH waited AS (
  SELECT id, due_at FROM coatcheck.waiting WHERE NOT suspended AND due_at <= ?1
  ORDER BY due_at, id LIMIT ?2 FOR UPDATE SKIP LOCKED),
late AS (
  SELECT id, clock_at FROM coatcheck.ready WHERE watched AND clock_at <= ?1
  ORDER BY clock_at, id LIMIT ?2 FOR UPDATE SKIP LOCKED)
SELECT id, due_at FROM waited UNION ALL SELECT id, clock_at FROM late ORDER BY 2, 1 LIMIT ?2;

-- name: watch
-- Ready jobs whose clock runs out before long are watched from now on.
UPDATE coatcheck.ready SET watched = true WHERE NOT watched AND clock_at <= ?1;

-- name: next_stage
-- When the next queued job needs attention, as far as it is watched, what time it is, and where the first schedule
-- stands.
SELECT min(at), floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
  (SELECT min(next_at) FROM coatcheck.schedule) FROM (
  SELECT min(due_at) AS at FROM coatcheck.waiting WHERE NOT suspended
  UNION ALL SELECT min(clock_at) FROM coatcheck.ready WHERE watched
  UNION ALL (SELECT 0 FROM coatcheck.landing LIMIT 1)) AS clocks;

-- name: next_clock
-- When the first clock of those that are not watched runs out. Looks at all of them.
SELECT min(clock_at) FROM coatcheck.ready WHERE NOT watched;

-- name: count
-- Adds to the counters of a worker.
INSERT INTO coatcheck.counter (worker, ready, waiting, running, suspended, following, dead_letters)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: counts
-- The counters of a worker.
SELECT coalesce(sum(ready), 0), coalesce(sum(waiting), 0), coalesce(sum(running), 0), coalesce(sum(suspended), 0),
  coalesce(sum(following), 0), coalesce(sum(dead_letters), 0), count(*)
FROM coatcheck.counter WHERE worker = ?1;

-- name: fold_counts
-- Adds changes of a worker's counters up to one. What another transaction folds is left to it.
WITH gone AS (
  DELETE FROM coatcheck.counter WHERE worker = ?1 AND id IN (
    SELECT id FROM coatcheck.counter WHERE worker = ?1 FOR UPDATE SKIP LOCKED)
  RETURNING ready, waiting, running, suspended, following, dead_letters)
INSERT INTO coatcheck.counter (worker, ready, waiting, running, suspended, following, dead_letters)
SELECT ?1, sum(ready), sum(waiting), sum(running), sum(suspended), sum(following), sum(dead_letters) FROM gone HAVING count(*) > 0;

-- name: oldest_ready
-- Since when the oldest of a worker's first thousand ready jobs is ready, and of the first in each of its first lanes.
WITH RECURSIVE walk (lane, ready_at, n) AS (
  (SELECT lane, ready_at, 1 FROM coatcheck.ready WHERE worker = ?1 ORDER BY lane, rank, id LIMIT 1)
  UNION ALL
  SELECT next.lane, next.ready_at, n + 1 FROM walk CROSS JOIN LATERAL (
    SELECT ready.lane, ready.ready_at FROM coatcheck.ready
    WHERE worker = ?1 AND ready.lane > walk.lane ORDER BY ready.lane, ready.rank, ready.id LIMIT 1) AS next
  WHERE n < 100)
SELECT least((SELECT min(ready_at) FROM walk), (SELECT min(ready_at) FROM (
  SELECT ready_at FROM coatcheck.ready WHERE worker = ?1 ORDER BY lane, rank, id LIMIT 1000) AS first));

-- name: insert_probe
-- As many bytes as a middling job has, to see whether the database takes them.
INSERT INTO coatcheck.blob_piece (blob, n, bytes)
VALUES ('00000000-0000-0000-0000-000000000000', 0, decode(repeat('00', ?1::integer), 'hex'))
ON CONFLICT (blob, n) DO UPDATE SET bytes = excluded.bytes;

-- name: delete_probe
-- They mean nothing.
DELETE FROM coatcheck.blob_piece WHERE blob = '00000000-0000-0000-0000-000000000000';

-- name: durability
-- What a commit waits for. Who may not see the standbys is told that there is none.
SELECT current_setting('fsync')::boolean, current_setting('full_page_writes')::boolean,
  current_setting('synchronous_commit'), current_setting('synchronous_standby_names') <> '',
  (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum'));
