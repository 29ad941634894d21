-- breaking: no
-- when: before

-- Jobs that ask for the same work share its result: the one that was kept, or the run that is under way. Such a run is a
-- job of the tenant's hidden name, which nobody asks for; the jobs that share it wait with the reason coalesced.
ALTER TABLE job ADD COLUMN lead BLOB;                        -- which job began the run that this one is or shares
ALTER TABLE job ADD COLUMN likeness BLOB;                    -- which work it asks for
ALTER TABLE job ADD COLUMN keep_ms INTEGER;                  -- how long its success answers others
ALTER TABLE job ADD COLUMN reuse INTEGER NOT NULL DEFAULT 0; -- 1: its success is kept, 2: others share it; the sum
ALTER TABLE job ADD COLUMN cached INTEGER NOT NULL DEFAULT 0;

-- Who shares a run.
CREATE INDEX job_follower ON job (flight, seq) WHERE wait_reason = 'coalesced';

-- Lists by status: these are in the status of their runs.
CREATE INDEX job_following ON job (tenant, worker, id) WHERE wait_reason = 'coalesced';

-- Successes that answer later jobs.
CREATE TABLE answer (
  tenant   TEXT NOT NULL,
  likeness BLOB NOT NULL,
  job      INTEGER NOT NULL,
  until    INTEGER NOT NULL,
  PRIMARY KEY (tenant, likeness)
) STRICT, WITHOUT ROWID;

-- Forgetting them.
CREATE INDEX answer_until ON answer (until);

-- Runs under way that others may share.
CREATE TABLE flight (
  tenant   TEXT NOT NULL,
  likeness BLOB NOT NULL,
  job      INTEGER NOT NULL UNIQUE,
  PRIMARY KEY (tenant, likeness)
) STRICT, WITHOUT ROWID;

-- Runs that are over, until all who share them have been told.
CREATE TABLE landing (
  job  INTEGER PRIMARY KEY,
  paid INTEGER NOT NULL DEFAULT 0        -- whether what it used is counted with one of them
) STRICT;
