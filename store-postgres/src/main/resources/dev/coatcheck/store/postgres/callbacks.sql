-- name: open_callback
-- Lets the token of a grant call back.
UPDATE coatcheck.course SET callback_hash = ?2 WHERE job = ?1;

-- name: find_callback
-- What came with the token of a grant.
SELECT received_at, notice, digest FROM coatcheck.callback WHERE job = ?1 AND fence = ?2;

-- name: insert_callback
-- Keeps what was called back.
INSERT INTO coatcheck.callback (job, fence, received_at, content_type, body, notice, digest)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: mark_callbacks
-- There is something that the job may go on with.
UPDATE coatcheck.course SET callbacks = true WHERE job = ?1;

-- name: unspent_callback
-- Those that no attempt has gone on with.
SELECT fence, received_at, content_type, body FROM coatcheck.callback WHERE job = ?1 AND NOT spent ORDER BY fence;

-- name: given_callback
-- What an attempt goes on with.
SELECT fence, received_at, content_type, body FROM coatcheck.callback WHERE job = ?1 AND fence = ?2;

-- name: spend_callback
-- An attempt has gone on with it.
UPDATE coatcheck.callback SET spent = true, body = NULL WHERE job = ?1 AND fence = ?2;

-- name: insert_suspension
-- Keeps what a suspended attempt leaves, or which callback an attempt begins with.
INSERT INTO coatcheck.suspension (job, state, on_timeout, timeout_ms, reason, callback_fence)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (job) DO UPDATE SET state = excluded.state, on_timeout = excluded.on_timeout,
  timeout_ms = excluded.timeout_ms, reason = excluded.reason, callback_fence = excluded.callback_fence;

-- name: resume_suspension
-- The job goes on.
UPDATE coatcheck.suspension SET reason = ?2, callback_fence = ?3 WHERE job = ?1;

-- name: find_suspension
-- What the job goes on with, or waits for.
SELECT state, on_timeout, timeout_ms, reason, callback_fence FROM coatcheck.suspension WHERE job = ?1;

-- name: delete_suspension
-- Nothing goes on with it any more.
DELETE FROM coatcheck.suspension WHERE job = ?1;

-- name: note_progress
-- Carries progress that was called back.
UPDATE coatcheck.course SET notes = notes + 1, progress_fraction = ?2, progress_stage = ?3, progress_message = ?4
WHERE job = ?1;

-- name: add_late_usage
-- Keeps what was used according to a runner whose lease had ended.
INSERT INTO coatcheck.late_usage AS late (job, fence, input_tokens, output_tokens, cost_micros)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (job, fence) DO UPDATE SET input_tokens = coalesce(excluded.input_tokens, late.input_tokens),
  output_tokens = coalesce(excluded.output_tokens, late.output_tokens),
  cost_micros = coalesce(excluded.cost_micros, late.cost_micros);

-- name: late_usage
-- What was used too late to count, by grant.
SELECT fence, input_tokens, output_tokens, cost_micros FROM coatcheck.late_usage WHERE job = ?1;
