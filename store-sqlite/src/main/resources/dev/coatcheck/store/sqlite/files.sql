-- name: insert_file
-- Records a file.
INSERT INTO file (id, tenant, name, content_type, size, sha256, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: find_file
-- The tenant's file.
SELECT name, content_type, size, sha256, created_at, expires_at FROM file WHERE id = ?1 AND tenant = ?2;

-- name: find_digest
-- Whether a file of the tenant has these bytes.
SELECT 1 FROM file WHERE tenant = ?1 AND sha256 = ?2 LIMIT 1;

-- name: insert_file_use
-- A job refers to a file.
INSERT OR IGNORE INTO file_use (file, job) VALUES (?1, ?2);

-- name: prune_files_due
-- Expired files, and whether an open job refers to them.
SELECT id, EXISTS (
    SELECT 1 FROM file_use JOIN job ON job.seq = file_use.job
    WHERE file_use.file = file.id AND job.finished_at IS NULL)
  FROM file WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2;

-- name: keep_file
-- Lets a file live longer.
UPDATE file SET expires_at = ?2 WHERE id = ?1;

-- name: delete_file
-- Deletes what is known of a file.
DELETE FROM file WHERE id = ?1;

-- name: delete_file_uses
-- Forgets which jobs referred to it.
DELETE FROM file_use WHERE file = ?1;

-- name: delete_uses_of_job
-- Forgets what a job referred to.
DELETE FROM file_use WHERE job = ?1;
