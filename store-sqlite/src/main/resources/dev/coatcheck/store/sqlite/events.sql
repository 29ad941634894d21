-- name: insert_note
-- Adds to a job's history.
INSERT INTO event (job, id, at, kind, label, text, fraction, epoch, position)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- name: append
-- Carries progress, usage and the count of notes, if the token still holds the job.
UPDATE job SET notes = ?4, chunks = ?5,
  progress_fraction = iif(?6, ?7, progress_fraction), progress_stage = iif(?6, ?8, progress_stage),
  progress_message = iif(?6, ?9, progress_message), input_tokens = coalesce(?10, input_tokens),
  output_tokens = coalesce(?11, output_tokens), cost_micros = coalesce(?12, cost_micros)
WHERE seq = ?1 AND fence = ?2 AND lease_secret = ?3 AND status = 'running';

-- name: notes
-- What runners reported after an event.
SELECT id, at, kind, label, text, fraction, epoch, position
FROM event WHERE job = ?1 AND id > ?2 ORDER BY id LIMIT ?3;

-- name: attempts
-- Ended grants of a job from a fence on.
SELECT number, fence, state, runner, started_at, finished_at, wait_reason, next_attempt_at, input_tokens,
  output_tokens, cost_micros, error_code, error_message, error_retryable, error_attempt, error_upstream, suspended, left_at
FROM attempt WHERE job = ?1 AND fence >= ?2 ORDER BY fence LIMIT ?3;
