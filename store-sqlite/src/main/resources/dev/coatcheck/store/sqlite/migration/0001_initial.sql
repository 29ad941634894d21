-- breaking: no
-- when: before

-- Times are milliseconds since 1970, ids 16 bytes, texts of closed sets as in the API.

CREATE TABLE job (
  seq                INTEGER PRIMARY KEY,
  id                 BLOB NOT NULL UNIQUE,
  tenant             TEXT NOT NULL,
  worker             TEXT NOT NULL,
  worker_version     INTEGER NOT NULL,
  status             TEXT NOT NULL,
  wait_reason        TEXT,               -- set: the queued job waits; null: it is ready
  fence              INTEGER NOT NULL,
  attempt            INTEGER NOT NULL DEFAULT 0,
  keep_attempt       INTEGER NOT NULL DEFAULT 0, -- the next grant repeats the number
  max_attempts       INTEGER NOT NULL,
  lost               INTEGER NOT NULL DEFAULT 0,
  priority           INTEGER NOT NULL,
  lane               TEXT NOT NULL,
  scheduled          INTEGER NOT NULL DEFAULT 0, -- waited for run_at when it was submitted

  run_at             INTEGER,
  next_attempt_at    INTEGER,
  ready_at           INTEGER,            -- since when it is, or last was, ready
  started_at         INTEGER,            -- of the first attempt
  attempt_started_at INTEGER,            -- of the last grant
  finished_at        INTEGER,
  run_timeout_ms     INTEGER NOT NULL,
  queue_timeout_at   INTEGER,
  deadline_at        INTEGER NOT NULL,
  expires_at         INTEGER,
  wake_at            INTEGER,            -- when upkeep next has something to do with this row

  runner             BLOB,               -- who holds it; of a finished job who held it at the end
  lease_secret       BLOB,               -- kept after a cancel, for the runner's word that it stopped
  lease_until        INTEGER,            -- null: held by this node; 0: by a dead node
  notes              INTEGER NOT NULL DEFAULT 0, -- events reported under this fence
  chunks             INTEGER NOT NULL DEFAULT 0, -- pieces of output accepted under this fence

  error_code         TEXT,
  error_message      TEXT,
  error_retryable    INTEGER,
  error_attempt      INTEGER,
  error_upstream     BLOB,
  progress_fraction  REAL,
  progress_stage     TEXT,
  progress_message   TEXT,
  input_tokens       INTEGER,            -- used by the last grant
  output_tokens      INTEGER,
  cost_micros        INTEGER,
  spent_input        INTEGER,            -- used by the grants before
  spent_output       INTEGER,
  spent_micros       INTEGER,

  input              BLOB,               -- null: in payload
  output             BLOB,
  metadata           TEXT NOT NULL DEFAULT '',
  retry_of           BLOB,
  retried_by         BLOB,
  cancel_requested_at INTEGER,
  cancel_was         TEXT,
  runner_stopped_at  INTEGER,
  open_key           TEXT,               -- the unique key, as long as the job is open

  root               BLOB,
  parent             BLOB,
  step               TEXT,
  step_index         INTEGER,
  schedule           TEXT,               -- whose job it is, and for which of its instants
  nominal_at         INTEGER,
  depth              INTEGER NOT NULL DEFAULT 0,
  flight             BLOB,
  hold_micros        INTEGER NOT NULL DEFAULT 0,
  settled_micros     INTEGER,
  callback_hash      BLOB,

  -- What each status must have and must not have. One expression that stops at the first match, for it is worked out
  -- at every change.
  CHECK (CASE status
    WHEN 'queued' THEN runner IS NULL AND finished_at IS NULL AND (wait_reason IS NULL) = (next_attempt_at IS NULL)
    WHEN 'running' THEN lease_secret IS NOT NULL AND wait_reason IS NULL AND finished_at IS NULL
    WHEN 'succeeded' THEN expires_at IS NOT NULL AND open_key IS NULL AND error_code IS NULL
    WHEN 'failed' THEN expires_at IS NOT NULL AND open_key IS NULL AND error_code IS NOT NULL
    WHEN 'timed_out' THEN expires_at IS NOT NULL AND open_key IS NULL AND error_code IS NOT NULL
    WHEN 'canceled' THEN expires_at IS NOT NULL AND open_key IS NULL AND cancel_was IS NOT NULL
    ELSE 0 END)
) STRICT;

-- The claim: the ready jobs of one lane of a worker in the order of starting.
CREATE INDEX job_ready ON job (worker, lane, priority DESC, seq) WHERE status = 'queued' AND wait_reason IS NULL;

-- Upkeep: what is due, by sweep (queued: stage, running: rescue, final: prune). Jobs that this node runs are not in it.
CREATE INDEX job_wake ON job (status, wake_at) WHERE wake_at IS NOT NULL;

-- Lists of a tenant. Never changes with the status, so a move does not touch it.
CREATE INDEX job_of_tenant ON job (tenant, id);

-- Lists by worker and by status: of one worker merged over the statuses, of one status merged over the workers.
CREATE INDEX job_of_worker ON job (tenant, worker, status, id);

-- What finished last, for statistics after a start.
CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;

-- One open job for a unique key.
CREATE UNIQUE INDEX job_open_key ON job (tenant, worker, open_key) WHERE open_key IS NOT NULL;

-- Input and output too large to lie in the row.
CREATE TABLE payload (
  job   INTEGER NOT NULL,
  kind  TEXT NOT NULL CHECK (kind IN ('input', 'output')),
  bytes BLOB NOT NULL,
  PRIMARY KEY (job, kind)
) STRICT;

-- Grants that ended with the job still open. How the last one ended is told by the job's own row.
CREATE TABLE attempt (
  job             INTEGER NOT NULL,
  fence           INTEGER NOT NULL,
  number          INTEGER NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('failed', 'timed_out', 'lost', 'released')),
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
  PRIMARY KEY (job, fence)
) STRICT, WITHOUT ROWID;

-- What runners reported. Changes of status are derived from job and attempt.
CREATE TABLE event (
  job      INTEGER NOT NULL,
  id       INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL CHECK (kind IN ('progress', 'log', 'output')),
  label    TEXT,                         -- stage of progress, level of a log line
  text     TEXT,                         -- message, or the piece of output
  fraction REAL,
  epoch    INTEGER,
  position INTEGER,                      -- pieces of output before this one
  PRIMARY KEY (job, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
  tenant      TEXT NOT NULL,
  key         BLOB NOT NULL,
  fingerprint BLOB NOT NULL,
  job         BLOB NOT NULL,
  created_at  INTEGER NOT NULL,
  until       INTEGER,                   -- set when the job was pruned before the key is old enough
  PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

-- Prune: the keys of one job, and those that outlived theirs.
CREATE INDEX idempotency_job ON idempotency (job);
CREATE INDEX idempotency_until ON idempotency (until) WHERE until IS NOT NULL;

-- Lists by a metadata entry, for the keys that are declared as indexed.
CREATE TABLE job_tag (
  tenant TEXT NOT NULL,
  key    TEXT NOT NULL,
  value  TEXT NOT NULL,
  id     BLOB NOT NULL,
  job    INTEGER NOT NULL,
  PRIMARY KEY (tenant, key, value, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letter (
  job         INTEGER PRIMARY KEY,
  id          BLOB NOT NULL,
  tenant      TEXT NOT NULL,
  worker      TEXT NOT NULL,
  code        TEXT NOT NULL,
  reason      TEXT NOT NULL CHECK (reason IN ('permanent', 'attempts_exhausted', 'runner_lost')),
  fingerprint TEXT NOT NULL,
  failed_at   INTEGER NOT NULL,
  state       TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'redriven', 'discarded')),
  redriven_as BLOB
) STRICT;

-- Lists of dead letters, the newest first: of all, and of one worker and code.
CREATE INDEX dead_letter_newest ON dead_letter (tenant, state, failed_at, id);
CREATE INDEX dead_letter_kind ON dead_letter (tenant, state, worker, code, failed_at, id);

-- Those that look alike, and the groups that they make.
CREATE INDEX dead_letter_alike ON dead_letter (tenant, state, worker, code, fingerprint, failed_at, id);

-- Counting open dead letters at the start.
CREATE INDEX dead_letter_open ON dead_letter (worker) WHERE state = 'open';

-- Work on many jobs that is done in slices.
CREATE TABLE operation (
  id          BLOB PRIMARY KEY,
  tenant      TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('redrive', 'cancel')),
  filter      TEXT NOT NULL,
  worker      TEXT,                      -- who does what is redriven, if not who did before
  patch       BLOB,                      -- of its input
  per_second  INTEGER,
  most        INTEGER,                   -- how many jobs at most
  matched     INTEGER NOT NULL,
  succeeded   INTEGER NOT NULL DEFAULT 0,
  skipped     INTEGER NOT NULL DEFAULT 0,
  failed      INTEGER NOT NULL DEFAULT 0,
  version     INTEGER NOT NULL DEFAULT 0, -- raised by each slice
  place_at    INTEGER,                   -- the last job dealt with
  place       BLOB,
  created_at  INTEGER NOT NULL,
  due_at      INTEGER NOT NULL,          -- of the next slice
  finished_at INTEGER
) STRICT, WITHOUT ROWID;

-- Those to go on with, and those to forget.
CREATE INDEX operation_open ON operation (due_at) WHERE finished_at IS NULL;
CREATE INDEX operation_over ON operation (finished_at) WHERE finished_at IS NOT NULL;

-- Every version of every worker's contract; the highest is the current one.
CREATE TABLE worker (
  name              TEXT NOT NULL,
  version           INTEGER NOT NULL,
  source            TEXT NOT NULL,
  document          TEXT NOT NULL,
  created_at        INTEGER NOT NULL,
  max_lost          INTEGER NOT NULL,
  dead_letters      INTEGER NOT NULL,
  keep_succeeded_ms INTEGER NOT NULL,
  keep_failed_ms    INTEGER NOT NULL,
  keep_canceled_ms  INTEGER NOT NULL,
  PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

-- Ids of deleted jobs, told as gone for a while.
CREATE TABLE pruned (
  id     BLOB PRIMARY KEY,
  tenant TEXT NOT NULL,
  until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Forgetting them.
CREATE INDEX pruned_until ON pruned (until);

-- The processes that have owned this file; the last one does.
CREATE TABLE node (
  epoch     INTEGER PRIMARY KEY,
  runner    BLOB NOT NULL,
  opened_at INTEGER NOT NULL
) STRICT;

-- What is submitted again and again. A removed one is kept while another of its name could repeat its instants.
CREATE TABLE schedule (
  tenant     TEXT NOT NULL,
  name       TEXT NOT NULL,
  document   TEXT NOT NULL,
  input      BLOB NOT NULL,
  revision   INTEGER NOT NULL,
  anchor_at  INTEGER NOT NULL,           -- what periods are counted from
  next_at    INTEGER,                    -- the instant that gets the next job; null: paused or at its end
  passed_at  INTEGER,                    -- no instant up to this one gets a job any more
  last_at    INTEGER,                    -- the last instant that was seen to
  last_job   BLOB,
  last_why   TEXT,                       -- why it got none
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  removed    INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

-- The tick: what is due.
CREATE INDEX schedule_next ON schedule (next_at, tenant, name) WHERE next_at IS NOT NULL;

-- Open jobs of a schedule.
CREATE INDEX job_of_schedule ON job (tenant, schedule) WHERE schedule IS NOT NULL AND status IN ('queued', 'running');
