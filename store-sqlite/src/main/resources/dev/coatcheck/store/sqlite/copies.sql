-- Statements on copies of a database that nobody writes to. They look at all of it.

-- name: count_by_status
-- How many jobs there are.
SELECT status, count(*) FROM job GROUP BY status ORDER BY status;

-- name: blobs
-- The bytes that files refer to.
SELECT DISTINCT tenant, sha256 FROM file ORDER BY tenant, sha256;

-- name: attach_old
-- A database that went on after this copy was made.
ATTACH ?1 AS old;

-- name: missed_jobs
-- Jobs that are not in this copy.
SELECT job.id, worker, status, coalesce(input, (SELECT bytes FROM old.payload WHERE payload.job = seq AND kind = 'input'))
FROM old.job WHERE NOT EXISTS (SELECT 1 FROM main.job AS kept WHERE kept.id = job.id) ORDER BY job.id;

-- name: missed_ends
-- Jobs that had ended and are open in this copy; how is not known of those that were deleted since.
SELECT job.id, job.worker, job.status, job.finished_at
FROM old.job JOIN main.job AS kept ON kept.id = job.id
WHERE job.finished_at IS NOT NULL AND kept.finished_at IS NULL
UNION ALL SELECT pruned.id, kept.worker, 'gone', NULL
FROM old.pruned JOIN main.job AS kept ON kept.id = pruned.id WHERE kept.finished_at IS NULL;

-- name: missed_callbacks
-- Callbacks that are not in this copy, to jobs that are and had not ended.
SELECT job.id, job.worker, callback.received_at
FROM old.callback JOIN old.job ON job.seq = callback.job JOIN main.job AS kept ON kept.id = job.id
WHERE job.finished_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM main.callback AS heard WHERE heard.job = kept.seq AND heard.fence = callback.fence);

-- name: missed_files
-- Files that are not in this copy.
SELECT file.id, file.name FROM old.file
WHERE NOT EXISTS (SELECT 1 FROM main.file AS kept WHERE kept.id = file.id) ORDER BY file.id;

-- name: missed_workers
-- Versions of workers that are not in this copy.
SELECT worker.name, worker.version FROM old.worker WHERE NOT EXISTS (
  SELECT 1 FROM main.worker AS kept WHERE kept.name = worker.name AND kept.version = worker.version)
ORDER BY worker.name, worker.version;
