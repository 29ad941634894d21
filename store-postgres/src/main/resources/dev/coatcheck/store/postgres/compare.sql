-- Statements on two databases, one of which was put back to an earlier state of the other. They look at all of it.

-- name: only_here
-- Held while another database is asked for the same: who gets it there asks another.
SELECT pg_try_advisory_xact_lock(hashtextextended('coatcheck compared', 0));

-- name: nodes_alive
-- Whether any node works on this database.
SELECT EXISTS (SELECT 1 FROM coatcheck.node WHERE until > floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint);

-- name: page_of_jobs
-- So many jobs after one.
SELECT id FROM coatcheck.job WHERE id > ?1 ORDER BY id LIMIT ?2;

-- name: page_of_open_jobs
-- So many open jobs after one.
SELECT id, worker FROM coatcheck.job
WHERE id > ?1 AND NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = job.id) ORDER BY id LIMIT ?2;

-- name: known_jobs
-- Which of these jobs there are.
SELECT id FROM coatcheck.job WHERE id = ANY (?1);

-- name: whole_jobs
-- What was handed in, and how it was last.
SELECT id, worker, CASE WHEN phase IN ('ready', 'waiting') THEN 'queued'
  WHEN phase = 'suspended' THEN 'running' ELSE phase END, input
FROM coatcheck.standing WHERE id = ANY (?1) ORDER BY id;

-- name: ends_of_jobs
-- How those of these jobs ended that have.
SELECT id, status, finished_at FROM coatcheck.done WHERE id = ANY (?1);

-- name: callbacks_of_jobs
-- What was called back to these jobs.
SELECT job, fence, received_at FROM coatcheck.callback WHERE job = ANY (?1) ORDER BY job, fence;

-- name: page_of_files
-- So many files after one.
SELECT id, name FROM coatcheck.file WHERE id > ?1 ORDER BY id LIMIT ?2;

-- name: known_files
-- Which of these files there are.
SELECT id FROM coatcheck.file WHERE id = ANY (?1);

-- name: worker_versions
-- Every version of every worker.
SELECT name, version FROM coatcheck.worker ORDER BY name, version;
