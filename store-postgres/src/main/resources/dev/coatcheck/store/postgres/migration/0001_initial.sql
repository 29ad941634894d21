-- breaking: no
-- when: before

-- Times are milliseconds since 1970 by the database's clock, texts of closed sets as in the API. Job ids begin with
-- 48 bits of time, so that ranges of ids are ranges of time.

-- The days that jobs were created on: each has a partition of job and one of done, until nothing of it is kept.
CREATE TABLE coatcheck.day (
  first   uuid PRIMARY KEY,               -- the smallest id of the day
  until   uuid NOT NULL,                  -- that of the next day
  look_at bigint NOT NULL,                -- when it is looked how much of it can go
  gathers boolean NOT NULL DEFAULT false, -- what is past its retention waits for some hours, to go with the rest
  swept   boolean NOT NULL DEFAULT false, -- jobs went with most of the day: an id of it that is not found is gone
  dirty   boolean NOT NULL DEFAULT false, -- other tables may have rows of them
  dropped boolean NOT NULL DEFAULT false  -- it has no partitions
);

-- What a job was submitted as. Inserted once, never changed, deleted with its day.
CREATE TABLE coatcheck.job (
  id               uuid NOT NULL,
  tenant           text NOT NULL,
  worker           text NOT NULL,
  worker_version   integer NOT NULL,
  max_attempts     integer NOT NULL,
  priority         smallint NOT NULL,
  lane             text NOT NULL,
  scheduled        boolean NOT NULL,  -- waited for run_at when it was submitted
  run_at           bigint,
  ready_at         bigint NOT NULL,   -- when it was accepted
  run_timeout_ms   bigint NOT NULL,
  queue_timeout_at bigint,
  deadline_at      bigint NOT NULL,
  input            bytea NOT NULL,
  metadata         text NOT NULL,
  retry_of         uuid,
  unique_key       text,
  root             uuid,
  parent           uuid,
  step             text,
  step_index       integer,
  schedule         text,              -- whose job it is, and for which of its instants
  nominal_at       bigint,
  depth            integer NOT NULL DEFAULT 0,
  flight           uuid,               -- the run that the job shared from the beginning
  lead             uuid,               -- which job began the run that this one is or shares
  likeness         bytea,              -- which work it asks for
  keep_ms          bigint,             -- how long its success answers others
  reuse            smallint NOT NULL,  -- 1: its success is kept, 2: others share it; the sum
  cached           boolean NOT NULL,   -- a success that was kept answered it
  hold_micros      bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (id)
) PARTITION BY RANGE (id);

-- Inputs are made small by their senders or not at all.
ALTER TABLE coatcheck.job ALTER COLUMN input SET STORAGE EXTERNAL;

-- Lists of a tenant, of all its jobs and of one worker's.
CREATE INDEX job_of_tenant ON coatcheck.job (tenant, id);
CREATE INDEX job_of_worker ON coatcheck.job (tenant, worker, id);

-- Jobs of a schedule.
CREATE INDEX job_of_schedule ON coatcheck.job (tenant, schedule, id) WHERE schedule IS NOT NULL;

-- Jobs that can start now, in the order of starting within their lane: inserted when they can, deleted when they do. The
-- one table with
-- much coming and going, hence narrow and with one index over all rows.
CREATE TABLE coatcheck.ready (
  worker   text NOT NULL,
  lane     text NOT NULL,             -- what shares of the worker are dealt to
  rank     smallint NOT NULL,         -- the priority, negated
  id       uuid NOT NULL,
  fence    bigint NOT NULL,
  attempt  integer NOT NULL,
  keep     boolean NOT NULL,          -- the next grant repeats the number
  storied  boolean NOT NULL,          -- there is a row in course
  watched  boolean NOT NULL,          -- its clock runs out soon
  ready_at bigint NOT NULL,
  clock_at bigint NOT NULL,           -- when its queue_timeout or deadline runs out
  PRIMARY KEY (worker, lane, rank, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
        vacuum_truncate = off);

-- Upkeep: ready jobs whose clock runs out soon. Few are: a deadline is days away for most.
CREATE INDEX ready_watched ON coatcheck.ready (clock_at) WHERE watched;

-- Jobs that wait for a time, and jobs that wait for a callback.
CREATE TABLE coatcheck.waiting (
  id              uuid PRIMARY KEY,
  worker          text NOT NULL,
  suspended       boolean NOT NULL,
  fence           bigint NOT NULL,
  attempt         integer NOT NULL,
  keep            boolean NOT NULL,
  wait_reason     text,               -- of a queued one
  next_attempt_at bigint,             -- of a queued one
  suspend_until   bigint,             -- of a suspended one
  due_at          bigint NOT NULL,    -- when upkeep has something to do with it
  flight          uuid,               -- the run that it shares
  CHECK (suspended = (suspend_until IS NOT NULL) AND suspended = (wait_reason IS NULL))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- Upkeep: what is due, by sweep (queued: stage, suspended: rescue).
CREATE INDEX waiting_due ON coatcheck.waiting (suspended, due_at);

-- Who shares a run.
CREATE INDEX waiting_flight ON coatcheck.waiting (flight, id) WHERE flight IS NOT NULL;

-- The right to work on jobs: one row for what a node claimed at once, one for each job of a runner elsewhere. Its id is
-- the secret in the tokens of its members. A member whose grant ended with the job open is taken out; one whose job is
-- done stays in until all are.
CREATE TABLE coatcheck.lease (
  id            uuid PRIMARY KEY,
  worker        text NOT NULL,
  runner        uuid NOT NULL,
  local         boolean NOT NULL,     -- lives as long as its node
  granted_at    bigint NOT NULL,
  until         bigint,               -- of a runner elsewhere
  run_until     bigint,
  deadline_at   bigint,
  wake_at       bigint,               -- the first of these
  callback_hash bytea,
  jobs          uuid[] NOT NULL,
  fences        bigint[] NOT NULL,
  attempts      integer[] NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

-- Who holds a job.
CREATE INDEX lease_jobs ON coatcheck.lease USING gin (jobs) WITH (fastupdate = off);

-- Upkeep: clocks of what runs elsewhere.
CREATE INDEX lease_wake ON coatcheck.lease (wake_at) WHERE wake_at IS NOT NULL;

-- What a node holds.
CREATE INDEX lease_local ON coatcheck.lease (runner) WHERE local;

-- How many jobs of a worker a node may run without asking anybody, of those that may run at once. Raised under the lock of
-- the worker only, when there is room; a node may have several rows, so that raising waits for nobody who reads.
CREATE TABLE coatcheck.permit (
  worker  text NOT NULL,
  node    uuid NOT NULL,
  id      bigint GENERATED ALWAYS AS IDENTITY,
  permits bigint NOT NULL,
  PRIMARY KEY (worker, node, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0);

-- How jobs ended: the first row for a job is its end, whoever writes it. Of a row nothing but runner_stopped_at is
-- changed, or a day that is copied would have to look for more than that.
CREATE TABLE coatcheck.done (
  id                 uuid NOT NULL,
  tenant             text NOT NULL,
  worker             text NOT NULL,
  status             text NOT NULL CHECK (status IN ('succeeded', 'failed', 'timed_out', 'canceled')),
  fence              bigint NOT NULL,
  attempt            integer NOT NULL,
  finished_at        bigint NOT NULL,
  expires_at         bigint NOT NULL,
  attempt_started_at bigint,
  runner             uuid,            -- who held it at the end
  lease              uuid,            -- the secret of that grant
  callback_hash      bytea,
  output             bytea,
  files              text,            -- what the successful attempt made: ids, a space between
  input_tokens       bigint,          -- used by the last grant
  output_tokens      bigint,
  cost_micros        bigint,
  error_code         text,
  error_message      text,
  error_retryable    boolean,
  error_attempt      integer,
  error_upstream     bytea,
  cancel_was         text,
  runner_stopped_at  bigint,
  settled_micros     bigint,
  flight             uuid,            -- the run whose outcome it shares
  CHECK ((status = 'succeeded') = (error_code IS NULL)),
  PRIMARY KEY (id)
) PARTITION BY RANGE (id);

ALTER TABLE coatcheck.done ALTER COLUMN output SET STORAGE EXTERNAL;

-- Lists by status: of one worker as they are, of all merged over the workers.
CREATE INDEX done_of_worker ON coatcheck.done (tenant, worker, status, id);

-- Prune.
CREATE INDEX done_expires ON coatcheck.done (expires_at);

-- What finished last, for statistics after a start: their pages lie in the order of finishing.
CREATE INDEX done_finished ON coatcheck.done USING brin (finished_at);

-- What happened to a job that is more than being submitted, claimed and finished. Most jobs have no row here.
CREATE TABLE coatcheck.course (
  job               uuid PRIMARY KEY,
  grants            integer NOT NULL,
  lost              integer NOT NULL DEFAULT 0,
  started_at        bigint,           -- of the first attempt
  ran_ms            bigint NOT NULL DEFAULT 0,      -- executing time of the attempt before the present grant
  begun             boolean NOT NULL DEFAULT false, -- an attempt was suspended: the job has started
  callbacks         boolean NOT NULL DEFAULT false, -- there may be rows of suspension or callback
  notes             bigint NOT NULL DEFAULT 0,      -- events reported under this fence
  chunks            bigint NOT NULL DEFAULT 0,      -- pieces of output accepted in this attempt
  progress_fraction double precision,
  progress_stage    text,
  progress_message  text,
  input_tokens      bigint,           -- reported by the present grant
  output_tokens     bigint,
  cost_micros       bigint,
  spent_input       bigint,           -- used by the grants before
  spent_output      bigint,
  spent_micros      bigint,
  callback_hash     bytea             -- of a grant of a node that asked for a token
) WITH (fillfactor = 80);

-- Grants that ended with the job still open, suspended ones included.
CREATE TABLE coatcheck.attempt (
  job             uuid NOT NULL,
  fence           bigint NOT NULL,
  number          integer NOT NULL,
  state           text NOT NULL,
  runner          uuid NOT NULL,
  started_at      bigint NOT NULL,
  finished_at     bigint NOT NULL,
  wait_reason     text,
  next_attempt_at bigint,
  input_tokens    bigint,
  output_tokens   bigint,
  cost_micros     bigint,
  error_code      text,
  error_message   text,
  error_retryable boolean,
  error_attempt   integer,
  error_upstream  bytea,
  lease           uuid NOT NULL,
  callback_hash   bytea,
  suspended       boolean NOT NULL DEFAULT false, -- the job waited after it, under the next fence
  left_at         bigint,                         -- when that was over
  PRIMARY KEY (job, fence)
);

-- What runners reported. Changes of status are derived from job, attempt and done.
CREATE TABLE coatcheck.event (
  job      uuid NOT NULL,
  id       bigint NOT NULL,
  at       bigint NOT NULL,
  kind     text NOT NULL CHECK (kind IN ('progress', 'log', 'output')),
  label    text,                      -- stage of progress, level of a log line, pieces of output if several
  text     text,                      -- message, or the output
  fraction double precision,
  epoch    integer,
  position bigint,                    -- pieces of output before this one
  PRIMARY KEY (job, id)
);

-- What a suspended attempt left, until an attempt has gone on with it.
CREATE TABLE coatcheck.suspension (
  job            uuid PRIMARY KEY,
  state          bytea,
  on_timeout     text NOT NULL CHECK (on_timeout IN ('fail', 'resume')),
  timeout_ms     bigint NOT NULL,
  reason         text CHECK (reason IN ('callback', 'timeout')), -- null: still waits
  callback_fence bigint                                          -- which callback goes with it
);

-- What was called back, one for a grant.
CREATE TABLE coatcheck.callback (
  job          uuid NOT NULL,
  fence        bigint NOT NULL,       -- of the grant whose token it came with
  received_at  bigint NOT NULL,
  content_type text NOT NULL,
  body         bytea,                 -- null once spent
  notice       text,
  digest       bytea NOT NULL,
  spent        boolean NOT NULL DEFAULT false,
  PRIMARY KEY (job, fence)
);

-- What runners said that they had used when it was too late to count.
CREATE TABLE coatcheck.late_usage (
  job           uuid NOT NULL,
  fence         bigint NOT NULL,
  input_tokens  bigint,
  output_tokens bigint,
  cost_micros   bigint,
  PRIMARY KEY (job, fence)
);

-- Which open job holds a unique key.
CREATE TABLE coatcheck.open_key (
  tenant text NOT NULL,
  worker text NOT NULL,
  key    text NOT NULL,
  job    uuid NOT NULL,
  PRIMARY KEY (tenant, worker, key)
);

-- Runs under way that others may share. Who joins one locks its row, so that it is not over before he is told.
CREATE TABLE coatcheck.flight (
  tenant   text NOT NULL,
  likeness bytea NOT NULL,
  job      uuid NOT NULL UNIQUE,
  PRIMARY KEY (tenant, likeness)
);

-- Runs that are over, until all who shared them have been told.
CREATE TABLE coatcheck.landing (
  job  uuid PRIMARY KEY,
  paid boolean NOT NULL DEFAULT false  -- whether what it used is counted with one of them
);

-- Successes that answer later jobs.
CREATE TABLE coatcheck.answer (
  tenant   text NOT NULL,
  likeness bytea NOT NULL,
  job      uuid NOT NULL,
  until    bigint NOT NULL,
  PRIMARY KEY (tenant, likeness)
);

-- Forgetting them.
CREATE INDEX answer_until ON coatcheck.answer (until);

-- The newest retry of a job.
CREATE TABLE coatcheck.retry (
  original uuid PRIMARY KEY,
  job      uuid NOT NULL
);

CREATE TABLE coatcheck.idempotency (
  tenant      text NOT NULL,
  key         bytea NOT NULL,
  fingerprint bytea NOT NULL,
  job         uuid NOT NULL,
  created_at  bigint NOT NULL,
  until       bigint,                 -- set when the job was pruned before the key is old enough
  PRIMARY KEY (tenant, key)
);

-- Prune: the keys of one job, and those that outlived theirs.
CREATE INDEX idempotency_job ON coatcheck.idempotency (job);
CREATE INDEX idempotency_until ON coatcheck.idempotency (until) WHERE until IS NOT NULL;

-- Lists by a metadata entry, for the keys that are declared as indexed.
CREATE TABLE coatcheck.job_tag (
  tenant text NOT NULL,
  key    text NOT NULL,
  value  text NOT NULL,
  id     uuid NOT NULL,
  PRIMARY KEY (tenant, key, value, id)
);

-- Prune: the tags of one job.
CREATE INDEX job_tag_id ON coatcheck.job_tag (id);

CREATE TABLE coatcheck.dead_letter (
  job         uuid PRIMARY KEY,
  tenant      text NOT NULL,
  worker      text NOT NULL,
  code        text NOT NULL,
  reason      text NOT NULL CHECK (reason IN ('permanent', 'attempts_exhausted', 'runner_lost')),
  fingerprint text NOT NULL,
  failed_at   bigint NOT NULL,
  state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'redriven', 'discarded')),
  redriven_as uuid
);

-- Lists of dead letters, the newest first: of all, and of one worker and code.
CREATE INDEX dead_letter_newest ON coatcheck.dead_letter (tenant, state, failed_at, job);
CREATE INDEX dead_letter_kind ON coatcheck.dead_letter (tenant, state, worker, code, failed_at, job);

-- Those that look alike, and the groups that they make.
CREATE INDEX dead_letter_alike ON coatcheck.dead_letter (tenant, state, worker, code, fingerprint, failed_at, job);

-- Work on many jobs that is done in slices.
CREATE TABLE coatcheck.operation (
  id          uuid PRIMARY KEY,
  tenant      text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('redrive', 'cancel')),
  filter      text NOT NULL,
  worker      text,                   -- who does what is redriven, if not who did before
  patch       bytea,                  -- of its input
  per_second  bigint,
  most        bigint,                 -- how many jobs at most
  matched     bigint NOT NULL,
  succeeded   bigint NOT NULL DEFAULT 0,
  skipped     bigint NOT NULL DEFAULT 0,
  failed      bigint NOT NULL DEFAULT 0,
  version     bigint NOT NULL DEFAULT 0, -- raised by each slice
  place_at    bigint,                 -- the last job dealt with
  place       uuid,
  created_at  bigint NOT NULL,
  due_at      bigint NOT NULL,        -- of the next slice
  finished_at bigint
);

-- Those to go on with, and those to forget.
CREATE INDEX operation_open ON coatcheck.operation (due_at) WHERE finished_at IS NULL;
CREATE INDEX operation_over ON coatcheck.operation (finished_at) WHERE finished_at IS NOT NULL;

-- Every version of every worker's contract; the highest is the current one.
CREATE TABLE coatcheck.worker (
  name       text NOT NULL,
  version    integer NOT NULL,
  source     text NOT NULL,
  document   text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (name, version)
);

-- What is said of a worker apart from its versions, and what of its current contract statements need.
CREATE TABLE coatcheck.worker_state (
  name              text PRIMARY KEY,
  paused            boolean NOT NULL,
  removed           boolean NOT NULL,
  keep_succeeded_ms bigint NOT NULL,
  keep_failed_ms    bigint NOT NULL
);

-- How many jobs of each worker are in each state: changes, which are added up now and then. No row is written twice.
CREATE TABLE coatcheck.counter (
  worker       text NOT NULL,
  id           bigint GENERATED ALWAYS AS IDENTITY (CACHE 100),
  ready        bigint NOT NULL,
  waiting      bigint NOT NULL,
  running      bigint NOT NULL,
  suspended    bigint NOT NULL,
  following    bigint NOT NULL,
  dead_letters bigint NOT NULL,
  PRIMARY KEY (worker, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- What is submitted again and again. A removed one is kept while another of its name could repeat its instants. Names
-- are in the order of their bytes, as everywhere.
CREATE TABLE coatcheck.schedule (
  tenant     text NOT NULL,
  name       text COLLATE "C" NOT NULL,
  document   text NOT NULL,
  input      bytea NOT NULL,
  revision   bigint NOT NULL,
  anchor_at  bigint NOT NULL,           -- what periods are counted from
  next_at    bigint,                    -- the instant that gets the next job; null: paused or at its end
  passed_at  bigint,                    -- no instant up to this one gets a job any more
  last_at    bigint,                    -- the last instant that was seen to
  last_job   uuid,
  last_why   text,                      -- why it got none
  open_from  bigint NOT NULL DEFAULT 0, -- its jobs that were made before are done
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  removed    boolean NOT NULL,
  PRIMARY KEY (tenant, name)
);

-- The tick: what is due.
CREATE INDEX schedule_next ON coatcheck.schedule (next_at) WHERE next_at IS NOT NULL;

-- Ids of deleted jobs, told as gone for a while.
CREATE TABLE coatcheck.pruned (
  id     uuid PRIMARY KEY,
  tenant text NOT NULL,
  until  bigint NOT NULL
);

-- Forgetting them.
CREATE INDEX pruned_until ON coatcheck.pruned (until);

-- The processes that work on this database, alive until then.
CREATE TABLE coatcheck.node (
  id        uuid PRIMARY KEY,
  opened_at bigint NOT NULL,
  until     bigint NOT NULL
);

-- What all nodes must know: which change of the workers was the last, and what they sign with.
CREATE TABLE coatcheck.cluster (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  workers bigint NOT NULL DEFAULT 0,
  secret  bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) -- signs links to files
);
INSERT INTO coatcheck.cluster DEFAULT VALUES;

-- The times that this database was put back to an earlier state.
CREATE TABLE coatcheck.restored (
  number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cut_at      bigint NOT NULL,         -- as of when its content then was
  restored_at bigint NOT NULL,
  leases      integer NOT NULL         -- how many were ended
);

-- What is known of files. Their bytes lie elsewhere, addressed by tenant and digest.
CREATE TABLE coatcheck.file (
  id           uuid PRIMARY KEY,
  tenant       text NOT NULL,
  name         text NOT NULL,
  content_type text NOT NULL,
  size         bigint NOT NULL,
  sha256       text NOT NULL,
  created_at   bigint NOT NULL,
  expires_at   bigint NOT NULL
);

-- Prune: what has expired.
CREATE INDEX file_expires ON coatcheck.file (expires_at);

-- Whether any file of the tenant has these bytes.
CREATE INDEX file_digest ON coatcheck.file (tenant, sha256);

-- Which jobs refer to a file.
CREATE TABLE coatcheck.file_use (
  file uuid NOT NULL,
  job  uuid NOT NULL,
  PRIMARY KEY (file, job)
);

-- Prune: what one job referred to.
CREATE INDEX file_use_job ON coatcheck.file_use (job);

-- The bytes of files, once for a tenant, in pieces that are read one at a time.
CREATE TABLE coatcheck.blob (
  id      uuid PRIMARY KEY,
  tenant  text NOT NULL,
  sha256  text,                        -- null: still arriving
  size    bigint,
  kept_at bigint NOT NULL              -- when they came last
);
CREATE UNIQUE INDEX blob_digest ON coatcheck.blob (tenant, sha256) WHERE sha256 IS NOT NULL;

-- Sweep: what was arriving when its node died.
CREATE INDEX blob_arriving ON coatcheck.blob (kept_at) WHERE sha256 IS NULL;

CREATE TABLE coatcheck.blob_piece (
  blob  uuid NOT NULL,
  n     integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (blob, n)
);
ALTER TABLE coatcheck.blob_piece ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- A job as it stands: in which phase, under which fence, who holds it. A job is in exactly one of done, ready, waiting
-- and the leases; a member of a lease whose job is done is over.
CREATE VIEW coatcheck.standing AS
SELECT j.*,
  CASE WHEN d.id IS NOT NULL THEN d.status WHEN r.id IS NOT NULL THEN 'ready' WHEN w.suspended THEN 'suspended'
    WHEN w.flight IS NOT NULL THEN 'following' WHEN w.id IS NOT NULL THEN 'waiting' ELSE 'running' END AS phase,
  coalesce(d.fence, r.fence, w.fence, l.fence) AS fence,
  coalesce(d.attempt, r.attempt, w.attempt, l.attempt) AS attempt,
  coalesce(r.keep, w.keep, false) AS keep,
  w.wait_reason, w.next_attempt_at, w.suspend_until, coalesce(d.flight, w.flight) AS run,
  l.lease AS held_lease, l.local, l.until, l.run_until, l.granted_at,
  coalesce(d.runner, l.runner) AS runner,
  coalesce(d.lease, l.lease) AS lease,
  coalesce(d.callback_hash, c.callback_hash, l.callback_hash) AS callback_hash,
  coalesce(c.started_at, d.attempt_started_at, l.granted_at) AS started_at,
  coalesce(d.attempt_started_at, l.granted_at) AS attempt_started_at,
  d.finished_at, d.expires_at, d.output, d.files,
  d.error_code, d.error_message, d.error_retryable, d.error_attempt, d.error_upstream,
  d.cancel_was, d.runner_stopped_at,
  coalesce(d.input_tokens, c.input_tokens) AS input_tokens,
  coalesce(d.output_tokens, c.output_tokens) AS output_tokens,
  coalesce(d.cost_micros, c.cost_micros) AS cost_micros,
  c.job IS NOT NULL AS storied, coalesce(c.lost, 0) AS lost, coalesce(c.ran_ms, 0) AS ran_ms,
  coalesce(c.begun, false) AS begun, coalesce(c.callbacks, false) AS callbacks,
  coalesce(c.notes, 0) AS notes, coalesce(c.chunks, 0) AS chunks,
  c.progress_fraction, c.progress_stage, c.progress_message, c.spent_input, c.spent_output, c.spent_micros
FROM coatcheck.job j
LEFT JOIN coatcheck.done d ON d.id = j.id
LEFT JOIN coatcheck.ready r ON r.worker = j.worker AND r.lane = j.lane AND r.rank = -j.priority AND r.id = j.id
LEFT JOIN coatcheck.waiting w ON w.id = j.id
LEFT JOIN coatcheck.course c ON c.job = j.id
LEFT JOIN LATERAL (
  SELECT h.id AS lease, h.local, h.until, h.run_until, h.granted_at, h.runner, h.callback_hash,
    h.fences[array_position(h.jobs, j.id)] AS fence, h.attempts[array_position(h.jobs, j.id)] AS attempt
  FROM coatcheck.lease h WHERE d.id IS NULL AND h.jobs @> ARRAY[j.id]) l ON true;
