-- breaking: no
-- when: before

-- The times that this file was put back to an earlier state.
CREATE TABLE restored (
  number      INTEGER PRIMARY KEY,
  cut_at      INTEGER NOT NULL,             -- as of when its content then was
  restored_at INTEGER NOT NULL,
  leases      INTEGER NOT NULL              -- how many were ended
) STRICT;
