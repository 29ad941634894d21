-- breaking: yes
-- when: before

-- How often a job was handed out, the executing time of its attempt before the present grant, and the clocks of what
-- is not watched by this process.
ALTER TABLE job ADD COLUMN grants INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN ran_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN run_until INTEGER;              -- of a remote grant: when its executing time is over
ALTER TABLE job ADD COLUMN suspend_until INTEGER;          -- set: the running job is suspended, held by nobody
ALTER TABLE job ADD COLUMN begun INTEGER NOT NULL DEFAULT 0; -- an attempt was suspended: the job has started
ALTER TABLE job ADD COLUMN callbacks INTEGER NOT NULL DEFAULT 0; -- there may be rows of suspension or callback
ALTER TABLE job ADD COLUMN files TEXT;                     -- what the successful attempt made: ids, a space between

UPDATE job SET grants = fence / 2 WHERE status IN ('queued', 'running');

-- Grants that ended with the job still open, suspended ones included.
ALTER TABLE attempt RENAME TO attempt_before;
CREATE TABLE attempt (
  job             INTEGER NOT NULL,
  fence           INTEGER NOT NULL,
  number          INTEGER NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('suspended', 'failed', 'timed_out', 'canceled', 'lost', 'released')),
  runner          BLOB NOT NULL,
  started_at      INTEGER NOT NULL,
  finished_at     INTEGER NOT NULL,
  wait_reason     TEXT,
  next_attempt_at INTEGER,
  error_code      TEXT,
  error_message   TEXT,
  error_retryable INTEGER,
  error_attempt   INTEGER,
  error_upstream  BLOB,
  input_tokens    INTEGER,
  output_tokens   INTEGER,
  cost_micros     INTEGER,
  lease_secret    BLOB,
  callback_hash   BLOB,
  suspended       INTEGER NOT NULL DEFAULT 0, -- the job waited after it, under the next fence
  left_at         INTEGER,                    -- when that was over
  PRIMARY KEY (job, fence)
) STRICT, WITHOUT ROWID;
INSERT INTO attempt (
  job, fence, number, state, runner, started_at, finished_at, wait_reason, next_attempt_at, error_code, error_message,
  error_retryable, error_attempt, error_upstream, input_tokens, output_tokens, cost_micros)
SELECT job, fence, number, state, runner, started_at, finished_at, wait_reason, next_attempt_at, error_code,
  error_message, error_retryable, error_attempt, error_upstream, input_tokens, output_tokens, cost_micros
FROM attempt_before;
DROP TABLE attempt_before;

-- What a suspended attempt left, until an attempt has gone on with it.
CREATE TABLE suspension (
  job            INTEGER PRIMARY KEY,
  state          BLOB,
  on_timeout     TEXT NOT NULL CHECK (on_timeout IN ('fail', 'resume')),
  timeout_ms     INTEGER NOT NULL,
  reason         TEXT CHECK (reason IN ('callback', 'timeout')), -- null: still waits
  callback_fence INTEGER                                         -- which callback goes with it
) STRICT;

-- What was called back, one for a grant.
CREATE TABLE callback (
  job          INTEGER NOT NULL,
  fence        INTEGER NOT NULL,              -- of the grant whose token it came with
  received_at  INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  body         BLOB,                          -- null once spent
  notice       TEXT,
  digest       BLOB NOT NULL,
  spent        INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (job, fence)
) STRICT, WITHOUT ROWID;

-- What runners said that they had used when it was too late to count.
CREATE TABLE late_usage (
  job           INTEGER NOT NULL,
  fence         INTEGER NOT NULL,
  input_tokens  INTEGER,
  output_tokens INTEGER,
  cost_micros   INTEGER,
  PRIMARY KEY (job, fence)
) STRICT, WITHOUT ROWID;

-- What is said of a worker apart from its versions.
CREATE TABLE worker_state (
  name    TEXT PRIMARY KEY,
  paused  INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
