-- name: insert_file
-- Records a file.
INSERT INTO coatcheck.file (id, tenant, name, content_type, size, sha256, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: find_file
-- The tenant's file.
SELECT name, content_type, size, sha256, created_at, expires_at FROM coatcheck.file WHERE id = ?1 AND tenant = ?2;

-- name: find_digests
-- Which of the digests a file of the tenant has.
SELECT DISTINCT sha256 FROM coatcheck.file WHERE tenant = ?1 AND sha256 = ANY (?2);

-- name: insert_file_use
-- A job refers to a file.
INSERT INTO coatcheck.file_use (file, job) VALUES (?1, ?2) ON CONFLICT DO NOTHING;

-- name: prune_files_due
-- Expired files, and whether an open job refers to them.
SELECT id, EXISTS (
    SELECT 1 FROM coatcheck.file_use JOIN coatcheck.job ON job.id = file_use.job
    WHERE file_use.file = file.id AND NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = job.id))
  FROM coatcheck.file WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2;

-- name: keep_file
-- Lets a file live longer.
UPDATE coatcheck.file SET expires_at = ?2 WHERE id = ?1;

-- name: delete_file
-- Deletes what is known of a file.
DELETE FROM coatcheck.file WHERE id = ?1;

-- name: delete_file_uses
-- Forgets which jobs referred to it.
DELETE FROM coatcheck.file_use WHERE file = ?1;

-- name: delete_uses_of_jobs
-- Forgets what jobs referred to.
DELETE FROM coatcheck.file_use WHERE job = ANY (?1);
