-- name: find_answer
-- The success that is kept for some work.
SELECT answer.job FROM coatcheck.answer JOIN coatcheck.done ON done.id = answer.job
WHERE answer.tenant = ?1 AND answer.likeness = ?2 AND until > ?3 AND status = 'succeeded';

-- name: keep_answer
-- Keeps the success of a job.
INSERT INTO coatcheck.answer (tenant, likeness, job, until)
SELECT ?2, likeness, id, ?3 + keep_ms FROM coatcheck.job WHERE id = ?1
ON CONFLICT (tenant, likeness) DO UPDATE SET job = excluded.job, until = excluded.until;

-- name: forget_answers
-- Forgets what was kept long enough.
DELETE FROM coatcheck.answer WHERE until <= ?1;

-- name: end_answered
-- A kept success answers a job.
INSERT INTO coatcheck.done (id, tenant, worker, status, fence, attempt, finished_at, expires_at, output, files)
SELECT ?1, ?2, ?3, 'succeeded', 2, 0, ?4, ?5, output, files FROM coatcheck.done WHERE id = ?6 AND status = 'succeeded';

-- name: find_flight
-- The run under way of some work, which is not over before this transaction is.
SELECT job.id, lead, priority FROM coatcheck.flight JOIN coatcheck.job ON job.id = flight.job
WHERE flight.tenant = ?1 AND flight.likeness = ?2 FOR SHARE OF flight;

-- name: insert_flight
-- Others may share a run, unless there is one.
INSERT INTO coatcheck.flight (tenant, likeness, job) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING;

-- name: raise_flight
-- A run is as urgent as the most urgent job that shares it. Whoever holds or moves it waits for that.
UPDATE coatcheck.job SET priority = ?2 WHERE id = ?1;

-- name: lock_flight
-- Nobody joins or leaves a run until the end of the transaction.
SELECT 1 FROM coatcheck.flight WHERE job = ?1 FOR UPDATE;

-- name: delete_flight
-- Nobody shares a run from now on.
DELETE FROM coatcheck.flight WHERE job = ?1;

-- name: insert_landing
-- A run is over: those who share it are to be told.
INSERT INTO coatcheck.landing (job) VALUES (?1);

-- name: landings
-- Runs that are over. What another node looks after is left to it.
SELECT job, tenant, paid FROM coatcheck.landing JOIN coatcheck.done ON done.id = landing.job
ORDER BY landing.job LIMIT ?1 FOR UPDATE OF landing SKIP LOCKED;

-- name: pay_landing
-- What a run used is counted.
UPDATE coatcheck.landing SET paid = true WHERE job = ?1;

-- name: delete_landing
-- All have been told.
DELETE FROM coatcheck.landing WHERE job = ?1;

-- name: followers
-- Who shares a run, the oldest first. They stay until the end of the transaction.
SELECT id FROM coatcheck.waiting WHERE flight = ?1 ORDER BY id LIMIT ?2 FOR UPDATE;

-- name: follower_ids
-- Who shares a run.
SELECT id FROM coatcheck.waiting WHERE flight = ?1;

-- name: any_follower
-- Whether anybody but one job shares a run.
SELECT 1 FROM coatcheck.waiting WHERE flight = ?1 AND id <> ?2 LIMIT 1;

-- name: delete_follower
-- A job shares a run no longer.
DELETE FROM coatcheck.waiting WHERE id = ?1;

-- name: watch_follower
-- The run has started: only the deadline of a job that shares it is left.
UPDATE coatcheck.waiting SET due_at = (SELECT deadline_at FROM coatcheck.job WHERE job.id = ?1) WHERE id = ?1;

-- name: start_follower
-- Since when the run was under way that a job shared.
UPDATE coatcheck.done SET attempt_started_at = ?2 WHERE id = ?1;

-- name: land
-- Gives a job the outcome of the run that it shared.
INSERT INTO coatcheck.done (id, tenant, worker, status, fence, attempt, finished_at, expires_at, attempt_started_at, output,
  files, input_tokens, output_tokens, cost_micros, error_code, error_message, error_retryable, error_attempt, error_upstream,
  cancel_was, flight)
SELECT ?1, ?2, worker, status, fence, attempt, ?3, ?4, ?5, output, files, ?6, ?7, ?8, error_code, error_message,
  error_retryable, error_attempt, error_upstream, cancel_was, id
FROM coatcheck.done WHERE id = ?9;
