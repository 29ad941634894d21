-- name: insert_note
-- Adds to a job's history.
INSERT INTO coatcheck.event (job, id, at, kind, label, text, fraction, epoch, position)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- name: append
-- Carries progress, usage and the count of notes.
UPDATE coatcheck.course SET notes = ?2, chunks = ?3,
  progress_fraction = CASE WHEN ?4 THEN ?5 ELSE progress_fraction END,
  progress_stage = CASE WHEN ?4 THEN ?6 ELSE progress_stage END,
  progress_message = CASE WHEN ?4 THEN ?7 ELSE progress_message END, input_tokens = coalesce(?8, input_tokens),
  output_tokens = coalesce(?9, output_tokens), cost_micros = coalesce(?10, cost_micros)
WHERE job = ?1;

-- name: notes
-- What runners reported after an event.
SELECT id, at, kind, label, text, fraction, epoch, position
FROM coatcheck.event WHERE job = ?1 AND id > ?2 ORDER BY id LIMIT ?3;

-- name: attempts
-- Ended grants of a job from a fence on.
SELECT number, fence, state, runner, started_at, finished_at, wait_reason, next_attempt_at, input_tokens,
  output_tokens, cost_micros, error_code, error_message, error_retryable, error_attempt, error_upstream, suspended, left_at
FROM coatcheck.attempt WHERE job = ?1 AND fence >= ?2 ORDER BY fence LIMIT ?3;
