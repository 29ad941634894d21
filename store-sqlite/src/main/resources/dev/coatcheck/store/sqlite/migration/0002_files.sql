-- breaking: no
-- when: before

-- What is known of files. Their bytes lie elsewhere, addressed by tenant and digest.
CREATE TABLE file (
  id           BLOB PRIMARY KEY,
  tenant       TEXT NOT NULL,
  name         TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size         INTEGER NOT NULL,
  sha256       TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Prune: what has expired.
CREATE INDEX file_expires ON file (expires_at);

-- Whether any file of the tenant has these bytes.
CREATE INDEX file_digest ON file (tenant, sha256);

-- Which jobs refer to a file.
CREATE TABLE file_use (
  file BLOB NOT NULL,
  job  INTEGER NOT NULL,
  PRIMARY KEY (file, job)
) STRICT, WITHOUT ROWID;

-- Prune: what one job referred to.
CREATE INDEX file_use_job ON file_use (job);
