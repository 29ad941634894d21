-- name: claim
-- Takes the first ready jobs of some lanes of a worker, so many of each. The clocks of those not to be started any more
-- have run out. The limit is a literal: with a parameter the planner may sort the table. Rows are addressed once, for else
-- they may be looked for again after each wait. A claim begins at a place in each lane.
WITH picked AS MATERIALIZED (
  SELECT first.ctid FROM unnest(?3::text[], ?4::smallint[], ?5::uuid[]) AS dealt (lane, rank, id)
  CROSS JOIN LATERAL (
    SELECT ready.ctid FROM coatcheck.ready
    WHERE worker = ?1 AND ready.lane = dealt.lane AND (ready.rank, ready.id) >= (dealt.rank, dealt.id) AND clock_at > ?2
    ORDER BY ready.rank, ready.id LIMIT :limit FOR UPDATE SKIP LOCKED) AS first),
gone AS (
  DELETE FROM coatcheck.ready WHERE ctid = ANY (ARRAY (SELECT ctid FROM picked))
  RETURNING lane, rank, id, fence, attempt, keep, storied),
past AS (
  UPDATE coatcheck.course SET grants = grants + 1, started_at = coalesce(started_at, ?2), notes = 0,
    chunks = CASE WHEN gone.keep THEN chunks ELSE 0 END, ran_ms = CASE WHEN gone.keep THEN ran_ms ELSE 0 END,
    progress_fraction = NULL, progress_stage = NULL, progress_message = NULL
  FROM gone WHERE gone.storied AND course.job = gone.id
  RETURNING course.job, grants, chunks, ran_ms, callbacks)
SELECT gone.id, tenant, worker_version, gone.fence + 1, gone.attempt + CASE WHEN keep THEN 0 ELSE 1 END, max_attempts,
  run_timeout_ms, deadline_at, priority, metadata, input, coalesce(grants, 1), coalesce(chunks, 0), coalesce(ran_ms, 0),
  coalesce(callbacks, false), gone.lane, job.reuse
FROM gone JOIN coatcheck.job ON job.id = gone.id LEFT JOIN past ON past.job = gone.id
ORDER BY gone.rank, gone.id;

-- name: passed
-- How many entries of its index this transaction has gone through in the queue.
SELECT pg_stat_get_xact_tuples_returned('coatcheck.ready_pkey'::regclass);

-- name: insert_lease
-- Grants jobs.
INSERT INTO coatcheck.lease (id, worker, runner, local, granted_at, until, run_until, deadline_at, wake_at, callback_hash,
  jobs, fences, attempts)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13);

-- name: lock_lease
-- Nobody else ends a grant of this lease until the end of the transaction.
SELECT 1 FROM coatcheck.lease WHERE id = ?1 FOR UPDATE;

-- name: lock_leases
-- The same of several, in an order that all keep.
SELECT 1 FROM coatcheck.lease WHERE id = ANY (?1) ORDER BY id FOR UPDATE;

-- name: leave_lease
-- Takes a member out of a lease.
UPDATE coatcheck.lease SET jobs = jobs[:at - 1] || jobs[at + 1:], fences = fences[:at - 1] || fences[at + 1:],
  attempts = attempts[:at - 1] || attempts[at + 1:]
FROM (SELECT array_position(jobs, ?2) AS at FROM coatcheck.lease WHERE id = ?1) AS place
WHERE id = ?1 AND at IS NOT NULL AND cardinality(jobs) > 1;

-- name: delete_lease
-- Nothing is held under a lease any more.
DELETE FROM coatcheck.lease WHERE id = ?1;

-- name: delete_leases
-- The same of several.
DELETE FROM coatcheck.lease WHERE id = ANY (?1);

-- name: settle
-- Records how jobs ended, by those who hold them. The first to end a job ends it.
WITH said AS MATERIALIZED (
  SELECT said.*, job.tenant, job.worker, job.run_at, job.unique_key, job.reuse, lease.granted_at, lease.runner,
    cardinality(lease.jobs) AS members, lease.attempts[at] AS attempt,
    coalesce(course.callback_hash, lease.callback_hash) AS callback_hash, course.started_at,
    coalesce(said.input_used, course.input_tokens) AS input_tokens,
    coalesce(said.output_used, course.output_tokens) AS output_tokens,
    coalesce(said.cost_used, course.cost_micros) AS cost_micros, coalesce(callbacks, false) AS callbacks,
    ?1 + CASE WHEN status = 'succeeded' THEN coalesce(keep_succeeded_ms, ?2) ELSE coalesce(keep_failed_ms, ?3) END
      + CASE WHEN job.reuse >= 2 THEN 3600000 ELSE 0 END AS expires_at
  FROM unnest(?4::integer[], ?5::uuid[], ?6::bigint[], ?7::uuid[], ?8::text[], ?9::bytea[], ?10::text[], ?11::bigint[],
      ?12::bigint[], ?13::bigint[], ?14::text[], ?15::text[], ?16::boolean[], ?17::integer[], ?18::bytea[])
    AS said (place, id, fence, lease, status, output, files, input_used, output_used, cost_used, error_code,
      error_message, error_retryable, error_attempt, error_upstream)
  JOIN coatcheck.lease ON lease.id = said.lease
  CROSS JOIN LATERAL (SELECT array_position(lease.jobs, said.id) AS at) AS member
  JOIN coatcheck.job ON job.id = said.id
  LEFT JOIN coatcheck.course ON course.job = said.id
  LEFT JOIN coatcheck.worker_state ON worker_state.name = job.worker
  WHERE lease.fences[at] = said.fence),
ended AS (
  INSERT INTO coatcheck.done (id, tenant, worker, status, fence, attempt, finished_at, expires_at, attempt_started_at,
    runner, lease, callback_hash, output, files, input_tokens, output_tokens, cost_micros, error_code, error_message,
    error_retryable, error_attempt, error_upstream)
  SELECT id, tenant, worker, status, fence + 1, attempt, ?1, expires_at, granted_at, runner, lease, callback_hash, output,
    files, input_tokens, output_tokens, cost_micros, error_code, error_message, error_retryable, error_attempt,
    error_upstream
  FROM said ON CONFLICT (id) DO NOTHING RETURNING id),
emptied AS (
  DELETE FROM coatcheck.lease WHERE id IN (SELECT lease FROM said WHERE members = 1))
SELECT place, tenant, worker, run_at, unique_key, granted_at, started_at, callbacks, expires_at, members, reuse
FROM said JOIN ended ON ended.id = said.id ORDER BY place;

-- name: take_away
-- Ends a job that somebody holds, whoever that is.
INSERT INTO coatcheck.done (id, tenant, worker, status, fence, attempt, finished_at, expires_at, attempt_started_at,
  runner, lease, callback_hash, input_tokens, output_tokens, cost_micros, error_code, error_message, error_retryable,
  error_attempt, error_upstream, cancel_was)
SELECT id, tenant, worker, ?3, fence + 1, attempt, ?4, ?5, attempt_started_at, runner, lease, callback_hash, input_tokens,
  output_tokens, cost_micros, ?6, ?7, ?8, ?9, ?10, ?11
FROM coatcheck.standing WHERE id = ?1 AND fence = ?2 AND phase = 'running';

-- name: end_attempt
-- Keeps how a grant ended whose job stays open.
INSERT INTO coatcheck.attempt (job, fence, number, state, runner, started_at, finished_at, wait_reason, next_attempt_at,
  input_tokens, output_tokens, cost_micros, error_code, error_message, error_retryable, error_attempt, error_upstream,
  lease, callback_hash)
SELECT id, fence, attempt, ?4, runner, granted_at, ?5, ?6, ?7, coalesce(?8, input_tokens), coalesce(?9, output_tokens),
  coalesce(?10, cost_micros), ?11, ?12, ?13::boolean, ?14, ?15, lease, callback_hash
FROM coatcheck.standing WHERE id = ?1 AND fence = ?2 AND held_lease = ?3 AND phase = 'running';

-- name: begin_course
-- From now on there is more to tell of a job than that it runs.
INSERT INTO coatcheck.course (job, grants, started_at) VALUES (?1, 1, ?2) ON CONFLICT DO NOTHING;

-- name: return_course
-- A grant ended and the job stays open.
UPDATE coatcheck.course SET lost = lost + ?2, notes = 0, ran_ms = ran_ms + ?3, begun = begun OR ?4,
  callbacks = callbacks OR ?4,
  spent_input = CASE WHEN coalesce(?5, input_tokens) IS NULL THEN spent_input
    ELSE coalesce(spent_input, 0) + coalesce(?5, input_tokens) END,
  spent_output = CASE WHEN coalesce(?6, output_tokens) IS NULL THEN spent_output
    ELSE coalesce(spent_output, 0) + coalesce(?6, output_tokens) END,
  spent_micros = CASE WHEN coalesce(?7, cost_micros) IS NULL THEN spent_micros
    ELSE coalesce(spent_micros, 0) + coalesce(?7, cost_micros) END,
  input_tokens = NULL, output_tokens = NULL, cost_micros = NULL, callback_hash = NULL
WHERE job = ?1;

-- name: clear_notes
-- A suspended job goes on under another fence.
UPDATE coatcheck.course SET notes = 0 WHERE job = ?1;

-- name: mark_suspended
-- The job waits after this grant.
UPDATE coatcheck.attempt SET suspended = true WHERE job = ?1 AND fence = ?2;

-- name: leave_suspension
-- Keeps how and when a suspension was over.
UPDATE coatcheck.attempt SET left_at = ?3, state = coalesce(?4, state), wait_reason = ?5, next_attempt_at = ?6,
  error_code = ?7, error_message = ?8, error_retryable = ?9, error_attempt = ?10, error_upstream = ?11
WHERE job = ?1 AND fence = ?2;

-- name: lost_since
-- How many attempts of a job were lost lately.
SELECT count(*) FROM coatcheck.attempt WHERE job = ?1 AND state = 'lost' AND finished_at >= ?2;

-- name: ended_grant
-- A grant that ended with its job still open.
SELECT state, error_code, lease, callback_hash, finished_at FROM coatcheck.attempt WHERE job = ?1 AND fence = ?2;

-- name: last_grant
-- The grant that holds a job, or held it when it ended.
SELECT tenant, worker, worker_version, phase, fence, attempt, max_attempts, lease, error_code, finished_at, callback_hash
FROM coatcheck.standing WHERE id = ?1;

-- name: renew
-- Extends leases of a remote runner, those that still hold their job.
UPDATE coatcheck.lease SET until = ?2, wake_at = least(?2, deadline_at, run_until)
FROM unnest(?3::uuid[], ?4::bigint[], ?5::uuid[]) AS held (job, fence, lease)
WHERE lease.id = held.lease AND runner = ?1 AND NOT local AND jobs[1] = held.job AND fences[1] = held.fence
RETURNING held.job, held.fence;

-- name: lock_ended
-- Leases that have ended, or another clock of their job, and those of other nodes that are no more. What others look at is
-- left to them. What is held under them is read by another statement: only that sees what was done before the lock.
WITH ended AS (
  SELECT id FROM coatcheck.lease WHERE wake_at <= ?1 ORDER BY wake_at LIMIT ?2 FOR UPDATE SKIP LOCKED),
orphaned AS (
  SELECT lease.id FROM coatcheck.node JOIN coatcheck.lease ON lease.local AND lease.runner = node.id
  WHERE node.until <= ?1 AND node.id <> ?3 LIMIT ?2 FOR UPDATE OF lease SKIP LOCKED)
SELECT id FROM ended UNION ALL SELECT id FROM orphaned;

-- name: lock_unanswered
-- Suspended jobs whose callback did not come. Who else looks at one leaves it to us.
SELECT id FROM coatcheck.waiting WHERE suspended AND due_at <= ?1 ORDER BY due_at, id LIMIT ?2 FOR UPDATE SKIP LOCKED;

-- name: rescue_due
-- What is held under leases and not done, and suspended jobs, the most overdue first.
SELECT job FROM (
  SELECT member.job, coalesce(wake_at, until_of.until, granted_at) AS due_at
  FROM coatcheck.lease CROSS JOIN LATERAL unnest(jobs) AS member (job) JOIN coatcheck.job ON job.id = member.job
  LEFT JOIN (SELECT id AS runner, until FROM coatcheck.node) AS until_of USING (runner)
  WHERE lease.id = ANY (?1) AND NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = member.job)
  UNION ALL SELECT id, due_at FROM coatcheck.waiting WHERE id = ANY (?2)) AS due
ORDER BY due_at, job LIMIT ?3;

-- name: delete_over
-- Leases under which nothing is held any more: a member that is done may be gone already.
DELETE FROM coatcheck.lease WHERE id = ANY (?1) AND NOT EXISTS (
  SELECT 1 FROM unnest(jobs) AS member (job) JOIN coatcheck.job ON job.id = member.job
  WHERE NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = member.job));

-- name: next_rescue
-- When the next clock of a running job ends, or that of a node, and what time it is.
SELECT min(at), floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM (
  SELECT min(wake_at) AS at FROM coatcheck.lease WHERE wake_at IS NOT NULL
  UNION ALL SELECT min(due_at) FROM coatcheck.waiting WHERE suspended
  UNION ALL SELECT min(until) FROM coatcheck.node
    WHERE id <> ?1 AND (EXISTS (SELECT 1 FROM coatcheck.lease WHERE local AND runner = node.id)
      OR EXISTS (SELECT 1 FROM coatcheck.permit WHERE permit.node = node.id))) AS clocks;

-- name: held_by
-- What a node holds.
SELECT member.job, member.fence, lease.id
FROM coatcheck.lease CROSS JOIN LATERAL unnest(jobs, fences) AS member (job, fence)
JOIN coatcheck.job ON job.id = member.job
WHERE local AND runner = ?1 AND NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = member.job);

-- name: lock_held
-- Every lease. What is held under them is read by another statement, as after lock_ended.
SELECT id FROM coatcheck.lease ORDER BY id FOR UPDATE;

-- name: held
-- Jobs that anybody holds, so many. Asked after a restore only.
SELECT member.job FROM coatcheck.lease CROSS JOIN LATERAL unnest(jobs) AS member (job)
JOIN coatcheck.job ON job.id = member.job
WHERE lease.id = ANY (?1) AND NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = member.job)
ORDER BY member.job LIMIT ?2;

-- name: insert_restore
-- Remembers that the database was put back to an earlier state.
INSERT INTO coatcheck.restored (cut_at, restored_at, leases) VALUES (?1, ?2, ?3);

-- name: restores
-- When it was.
SELECT cut_at, restored_at, leases FROM coatcheck.restored ORDER BY number DESC;

-- name: lock_worker
-- One transaction at a time grants jobs of a worker whose runners may have so many.
SELECT pg_advisory_xact_lock(hashtextextended('coatcheck worker ' || ?1, 0));

-- name: workers_change
-- Which change of the workers was the last.
SELECT workers FROM coatcheck.cluster;

-- name: own_permits
-- What this node may run. Nobody takes any of it away until the end of the transaction.
SELECT permits FROM coatcheck.permit WHERE worker = ?1 AND node = ?2 FOR SHARE;

-- name: permits
-- What each node may run.
SELECT node, sum(permits)::bigint FROM coatcheck.permit WHERE worker = ?1 GROUP BY node;

-- name: add_permits
-- This node may run so many more.
INSERT INTO coatcheck.permit (worker, node, permits) VALUES (?1, ?2, ?3);

-- name: return_permits
-- This node may run so many fewer.
WITH gone AS (
  DELETE FROM coatcheck.permit WHERE worker = ?1 AND node = ?2 RETURNING permits)
INSERT INTO coatcheck.permit (worker, node, permits)
SELECT ?1, ?2, sum(permits) - ?3 FROM gone HAVING sum(permits) > ?3;

-- name: revoke_permits
-- The worker's limit is another: nobody may run anything without asking.
DELETE FROM coatcheck.permit WHERE worker = ?1;

-- name: leave_permits
-- This node is about to stop. What it still runs is counted by its leases.
DELETE FROM coatcheck.permit WHERE node = ?1;

-- name: drop_permits
-- The same of nodes that are no more. What another transaction drops is left to it.
DELETE FROM coatcheck.permit WHERE (worker, node, id) IN (
  SELECT permit.worker, permit.node, permit.id FROM coatcheck.permit JOIN coatcheck.node ON node.id = permit.node
  WHERE node.until <= ?1 AND node.id <> ?2 FOR UPDATE OF permit SKIP LOCKED)
RETURNING permit.worker;

-- name: running_by_runner
-- Who holds how many jobs of a worker.
SELECT lease.runner, local, count(*) FROM coatcheck.lease CROSS JOIN LATERAL unnest(jobs) AS member (job)
WHERE lease.worker = ?1 AND (SELECT true FROM coatcheck.done WHERE done.id = member.job) IS NULL
GROUP BY lease.runner, local;

-- name: running_by_lane
-- How many jobs of each lane of a worker run.
SELECT (SELECT lane FROM coatcheck.job WHERE job.id = member.job) AS lane, count(*)
FROM coatcheck.lease CROSS JOIN LATERAL unnest(jobs) AS member (job)
WHERE lease.worker = ?1 AND (SELECT true FROM coatcheck.done WHERE done.id = member.job) IS NULL
GROUP BY 1;

-- name: renew_node
-- It is alive, even if it was forgotten meanwhile.
INSERT INTO coatcheck.node (id, opened_at, until) VALUES (?1, ?2, ?3)
ON CONFLICT (id) DO UPDATE SET until = excluded.until;

-- name: pulse
-- All that a node with nothing to do says and asks every few seconds, as one statement: it is alive; what time is it, have
-- workers changed, when is the next stage and the next rescue, where the first schedule stands, and which of these workers
-- have a ready job, from a place in their queues on.
WITH clock AS (SELECT coalesce(?3::bigint, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) AS now),
beat AS (
  INSERT INTO coatcheck.node (id, opened_at, until) SELECT ?1, now, now + ?2 FROM clock
  ON CONFLICT (id) DO UPDATE SET until = excluded.until)
SELECT (SELECT now FROM clock), workers,
  (SELECT min(at) FROM (
    SELECT min(due_at) AS at FROM coatcheck.waiting WHERE NOT suspended
    UNION ALL SELECT min(clock_at) FROM coatcheck.ready WHERE watched
    UNION ALL (SELECT 0 FROM coatcheck.landing LIMIT 1)) AS stage),
  (SELECT min(at) FROM (
    SELECT min(wake_at) AS at FROM coatcheck.lease WHERE wake_at IS NOT NULL
    UNION ALL SELECT min(due_at) FROM coatcheck.waiting WHERE suspended
    UNION ALL SELECT min(until) FROM coatcheck.node
      WHERE id <> ?1 AND (EXISTS (SELECT 1 FROM coatcheck.lease WHERE local AND runner = node.id)
        OR EXISTS (SELECT 1 FROM coatcheck.permit WHERE permit.node = node.id))) AS rescue),
  (SELECT min(next_at) FROM coatcheck.schedule),
  (SELECT string_agg(asked.worker, ' ')
    FROM unnest(?4::text[], ?5::text[], ?6::smallint[], ?7::uuid[]) AS asked (worker, lane, rank, id)
    CROSS JOIN LATERAL (
      SELECT 1 FROM coatcheck.ready
      WHERE ready.worker = asked.worker AND (ready.lane, ready.rank, ready.id) >= (asked.lane, asked.rank, asked.id)
      ORDER BY ready.lane, ready.rank, ready.id LIMIT 1) AS first)
FROM coatcheck.cluster;

-- name: release_node
-- It is about to stop: what it holds is free for rescue.
UPDATE coatcheck.node SET until = ?2 WHERE id = ?1;

-- name: other_nodes
-- Whether another process is alive.
SELECT EXISTS (SELECT 1 FROM coatcheck.node WHERE id <> ?1 AND until > ?2);

-- name: forget_nodes
-- Forgets processes that hold nothing and are no more. Those that another rescuer forgets are left to it.
DELETE FROM coatcheck.node WHERE id IN (SELECT id FROM coatcheck.node WHERE until <= ?1 FOR UPDATE SKIP LOCKED)
  AND NOT EXISTS (SELECT 1 FROM coatcheck.lease WHERE local AND runner = node.id);

-- name: extend_remote
-- Gives runners elsewhere time to come back after a time without any node.
UPDATE coatcheck.lease SET until = greatest(until, ?1), wake_at = least(greatest(until, ?1), deadline_at, run_until)
WHERE NOT local;
