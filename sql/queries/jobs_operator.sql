-- What people do to jobs, runs and queues.

-- name: redrive_job :first
UPDATE job
SET state = 'ready', run_at = now(), max_attempts = attempt + @attempts::integer, error_code = NULL
WHERE portal_id = @portal::smallint AND id = @id::bigint AND state = 'quarantined'
RETURNING kind, queue, run_id;

-- name: discard_job :first
WITH gone AS (
    DELETE FROM job
    WHERE portal_id = @portal::smallint AND id = @id::bigint AND state = 'quarantined'
    RETURNING portal_id, id, kind, queue, attempt, run_id, payload
), noted AS (
    INSERT INTO job_history (portal_id, job_id, kind, queue, attempt, outcome, error_code, worker, run_id)
    SELECT portal_id, id, kind, queue, attempt, 'cancelled', 'discarded', 'console', run_id FROM gone
)
SELECT kind, queue, run_id, payload::text AS payload FROM gone;

-- Many at once, by what they are and why they failed.
-- name: redrive_jobs :many
UPDATE job AS j
SET state = 'ready', run_at = now(), max_attempts = j.attempt + @attempts::integer, error_code = NULL
FROM (
    SELECT id
    FROM job
    WHERE portal_id = @portal::smallint AND state = 'quarantined' AND kind = @kind::text
        AND (@code::text IS NULL OR error_code = @code)
    ORDER BY id
    LIMIT 5000
    FOR UPDATE
) AS g
WHERE j.portal_id = @portal::smallint AND j.id = g.id
RETURNING j.kind, j.queue, j.run_id;

-- name: discard_jobs :many
WITH gone AS (
    DELETE FROM job AS j
    USING (
        SELECT id
        FROM job
        WHERE portal_id = @portal::smallint AND state = 'quarantined' AND kind = @kind::text
            AND (@code::text IS NULL OR error_code = @code)
        ORDER BY id
        LIMIT 5000
        FOR UPDATE
    ) AS g
    WHERE j.portal_id = @portal::smallint AND j.id = g.id
    RETURNING j.portal_id, j.id, j.kind, j.queue, j.attempt, j.run_id, j.payload
), noted AS (
    INSERT INTO job_history (portal_id, job_id, kind, queue, attempt, outcome, error_code, worker, run_id)
    SELECT portal_id, id, kind, queue, attempt, 'cancelled', 'discarded', 'console', run_id FROM gone
)
SELECT kind, queue, run_id, payload::text AS payload FROM gone;

-- Whatever is left of a run, what works on it included: its lease is gone with its row, so that nothing of it counts.
-- name: cancel_jobs :one
WITH gone AS (
    DELETE FROM job
    WHERE portal_id = @portal::smallint AND run_id = @run::bigint
    RETURNING portal_id, id, kind, queue, attempt, run_id
), noted AS (
    INSERT INTO job_history (portal_id, job_id, kind, queue, attempt, outcome, error_code, worker, run_id)
    SELECT portal_id, id, kind, queue, attempt, 'cancelled', 'run_cancelled', 'console', run_id FROM gone
)
SELECT count(*) AS gone FROM gone;

-- name: cancel_run :first
UPDATE run
SET state = 'skipped', reason = 'cancelled', waits_for = NULL, finished_at = clock_timestamp()
WHERE portal_id = @portal::smallint AND id = @run::bigint AND state IN ('waiting', 'running')
RETURNING id, schedule;

-- name: pause_queue :exec
INSERT INTO queue_pause (portal_id, queue, reason)
VALUES (@portal::smallint, @queue::text, @reason::text)
ON CONFLICT DO NOTHING;

-- name: resume_queue :exec
DELETE FROM queue_pause
WHERE portal_id = @portal::smallint AND queue = @queue::text;

-- name: queue_is_known :one
SELECT EXISTS (SELECT FROM schedule WHERE portal_id = @portal::smallint AND queue = @queue::text)
    OR EXISTS (SELECT FROM job WHERE portal_id = @portal::smallint AND queue = @queue::text)
    OR EXISTS (SELECT FROM job_history WHERE portal_id = @portal::smallint AND queue = @queue::text) AS known;
