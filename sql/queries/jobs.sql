-- The queue, the schedules and their runs.

-- Two callers may ask for the same unique key: the second finds nothing to do and gets no row.
-- name: enqueue :first
INSERT INTO job (portal_id, kind, queue, state, priority, run_at, max_attempts, unique_key, run_id, payload)
VALUES (@portal::smallint, @kind::text, @queue::text,
    CASE WHEN coalesce(@run_at::timestamptz, now()) > now() THEN 'waiting' ELSE 'ready' END,
    @priority::smallint, coalesce(@run_at::timestamptz, now()), @max_attempts::integer, @unique_key::text,
    @run::bigint, @payload::jsonb)
ON CONFLICT (portal_id, kind, unique_key) WHERE unique_key IS NOT NULL DO NOTHING
RETURNING id;

-- Many jobs of a kind in one statement, one per payload.
-- name: enqueue_many :exec
INSERT INTO job (portal_id, kind, queue, state, priority, max_attempts, run_id, payload)
SELECT @portal::smallint, @kind::text, @queue::text, 'ready', @priority::smallint, @max_attempts::integer,
    @run::bigint, p::jsonb
FROM unnest(@payloads::text[]) AS p;

-- name: wake :exec
SELECT pg_notify('portaldesk_jobs', q) FROM unnest(@queues::text[]) AS q;

-- The fence of MATERIALIZED keeps a nested loop from locking more rows than it may take. The low-water key, the last one
-- claimed, spares the walk over dead rows that an old snapshot keeps; the worker begins anew from time to time.
-- name: claim :many
WITH picked AS MATERIALIZED (
    SELECT portal_id, id
    FROM job
    WHERE state = 'ready' AND queue = @queue::text AND kind = ANY (@kinds::text[])
        AND (priority, run_at, id) > (@priority::smallint, @ready_at::timestamptz, @after::bigint)
        AND portal_id <> ALL (ARRAY(SELECT q.portal_id FROM queue_pause AS q WHERE q.queue = @queue::text))
        AND (@run::bigint IS NULL OR run_id = @run)
    ORDER BY priority, run_at, id
    LIMIT @limit::integer
    FOR UPDATE SKIP LOCKED
)
UPDATE job AS j
SET state = 'leased', attempt = j.attempt + 1, worker = @worker::text,
    lease_until = clock_timestamp() + make_interval(secs => @lease::double precision)
FROM picked AS p
WHERE j.portal_id = p.portal_id AND j.id = p.id
RETURNING j.portal_id, j.id, j.kind, j.attempt, j.max_attempts, j.run_id, j.payload::text AS payload, j.priority,
    j.run_at::text AS ready_at;

-- A run begins with the claim of its first job.
-- name: begin_runs :exec
UPDATE run AS r
SET state = 'running', started_at = coalesce(r.started_at, clock_timestamp()), finished_at = NULL, reason = NULL
FROM unnest(@portals::smallint[], @runs::bigint[]) AS g (portal_id, id)
WHERE r.portal_id = g.portal_id AND r.id = g.id AND r.state IN ('waiting', 'failed');

-- The heartbeat of one worker; a job that it does not answer is lost.
-- name: renew :many
UPDATE job AS j
SET lease_until = clock_timestamp() + make_interval(secs => @lease::double precision)
FROM unnest(@portals::smallint[], @ids::bigint[], @attempts::integer[]) AS g (portal_id, id, attempt)
WHERE j.portal_id = g.portal_id AND j.id = g.id AND j.attempt = g.attempt AND j.state = 'leased'
    AND j.worker = @worker::text
RETURNING j.portal_id, j.id, j.attempt;

-- Taken by a handler's own transaction, so that what it writes stands or falls with its lease.
-- name: hold_lease :first
SELECT id
FROM job
WHERE portal_id = @portal::smallint AND id = @id::bigint AND attempt = @attempt::integer AND state = 'leased'
    AND worker = @worker::text
FOR NO KEY UPDATE;

-- Fenced by attempt and worker: a job that is not answered was lost, and nothing of it is recorded. A snooze does not
-- use up an attempt; failing with the last one puts the job into quarantine.
-- name: complete :many
WITH given AS MATERIALIZED (
    SELECT *
    FROM unnest(@portals::smallint[], @ids::bigint[], @attempts::integer[], @outcomes::text[],
        @untils::double precision[], @delays::double precision[], @codes::text[])
        AS g (portal_id, id, attempt, outcome, until, delay, code)
), mine AS MATERIALIZED (
    SELECT j.portal_id, j.id, j.kind, j.queue, j.run_id, g.attempt, nullif(g.code, '') AS code,
        CASE WHEN g.until > 0 THEN to_timestamp(g.until) ELSE now() + make_interval(secs => g.delay) END AS run_at,
        CASE WHEN g.outcome = 'retried' AND j.attempt >= j.max_attempts THEN 'failed' ELSE g.outcome END AS outcome
    FROM given AS g
    JOIN job AS j ON j.portal_id = g.portal_id AND j.id = g.id AND j.attempt = g.attempt
    WHERE j.state = 'leased' AND j.worker = @worker::text
    ORDER BY j.portal_id, j.id
    FOR UPDATE OF j
), gone AS (
    DELETE FROM job AS j
    USING mine AS m
    WHERE j.portal_id = m.portal_id AND j.id = m.id AND m.outcome IN ('done', 'cancelled')
), kept AS (
    UPDATE job AS j
    SET state = CASE WHEN m.outcome = 'failed' THEN 'quarantined' WHEN m.run_at > now() THEN 'waiting' ELSE 'ready' END,
        run_at = m.run_at, lease_until = NULL, worker = NULL, error_code = m.code,
        max_attempts = CASE WHEN m.outcome = 'snoozed' THEN j.max_attempts + 1 ELSE j.max_attempts END
    FROM mine AS m
    WHERE j.portal_id = m.portal_id AND j.id = m.id AND m.outcome IN ('retried', 'snoozed', 'failed')
), noted AS (
    INSERT INTO job_history (portal_id, job_id, kind, queue, attempt, outcome, error_code, worker, run_id)
    SELECT portal_id, id, kind, queue, attempt, outcome, code, @worker::text, run_id FROM mine
)
SELECT portal_id, id, attempt, outcome, run_id FROM mine;

-- A lease that ended frees its job; one whose last attempt it was goes into quarantine.
-- name: rescue :many
WITH lost AS MATERIALIZED (
    SELECT portal_id, id, kind, queue, attempt, max_attempts, worker, run_id
    FROM job
    WHERE state = 'leased' AND lease_until < clock_timestamp()
    ORDER BY lease_until
    LIMIT 500
    FOR UPDATE SKIP LOCKED
), freed AS (
    UPDATE job AS j
    SET state = CASE WHEN l.attempt >= l.max_attempts THEN 'quarantined' ELSE 'ready' END, lease_until = NULL,
        worker = NULL, error_code = 'lease_lost'
    FROM lost AS l
    WHERE j.portal_id = l.portal_id AND j.id = l.id
), noted AS (
    INSERT INTO job_history (portal_id, job_id, kind, queue, attempt, outcome, error_code, worker, run_id)
    SELECT portal_id, id, kind, queue, attempt, 'lost', 'lease_lost', worker, run_id FROM lost
)
SELECT portal_id, queue, run_id, attempt >= max_attempts AS quarantined FROM lost;

-- Due future work becomes ready in sets, so that a claim never walks over what is not due.
-- name: promote :many
WITH due AS MATERIALIZED (
    SELECT portal_id, id, queue
    FROM job
    WHERE state = 'waiting' AND run_at <= now()
    ORDER BY run_at
    LIMIT 5000
    FOR UPDATE SKIP LOCKED
), moved AS (
    UPDATE job AS j
    SET state = 'ready'
    FROM due AS d
    WHERE j.portal_id = d.portal_id AND j.id = d.id
)
SELECT DISTINCT queue FROM due;

-- name: hurry :exec
UPDATE job
SET run_at = now()
WHERE portal_id = @portal::smallint AND kind = @kind::text AND state = 'waiting' AND run_at > now();

-- name: lock_runs :many
SELECT r.id
FROM run AS r
JOIN unnest(@portals::smallint[], @runs::bigint[]) AS g (portal_id, id) ON r.portal_id = g.portal_id AND r.id = g.id
ORDER BY r.portal_id, r.id
FOR UPDATE OF r;

-- A run ends when none of its jobs is left to do; those in quarantine make it a failed one, and one that waits for a
-- person goes on waiting. The first job that is left to do ends the look. Its lock was taken in a statement before this
-- one, so that of two workers that end the last two jobs the later one sees both gone.
-- name: settle_runs :exec
UPDATE run AS r
SET state = CASE WHEN q.failed THEN 'failed' WHEN r.waits_for IS NOT NULL THEN 'waiting' ELSE 'finished' END,
    reason = CASE WHEN q.failed THEN 'quarantined' ELSE r.waits_for END,
    finished_at = CASE WHEN q.failed OR r.waits_for IS NULL THEN clock_timestamp() END
FROM unnest(@portals::smallint[], @runs::bigint[]) AS g (portal_id, id)
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM job AS j
        WHERE j.portal_id = g.portal_id AND j.run_id = g.id AND j.state = 'quarantined') AS failed
) AS q
WHERE r.portal_id = g.portal_id AND r.id = g.id AND r.state IN ('waiting', 'running', 'failed')
    AND NOT EXISTS (SELECT FROM job AS j
        WHERE j.portal_id = g.portal_id AND j.run_id = g.id AND j.state <> 'quarantined');

-- By hand. A run of the same date that still works is not doubled.
-- name: add_run :first
INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, asked_by)
SELECT s.portal_id, s.name, @trigger::text, clock_timestamp() AT TIME ZONE s.time_zone,
    coalesce(@for_date::date, (now() AT TIME ZONE s.time_zone)::date), @asked_by::bigint
FROM schedule AS s
WHERE s.portal_id = @portal::smallint AND s.name = @schedule::text AND s.present
    AND NOT EXISTS (
        SELECT FROM run AS r
        WHERE r.portal_id = s.portal_id AND r.schedule = s.name AND r.state IN ('waiting', 'running')
            AND r.for_date = coalesce(@for_date::date, (now() AT TIME ZONE s.time_zone)::date))
RETURNING id, for_date;

-- name: run_state :first
SELECT state, reason, progress, progress_total, counts::text AS counts, for_date
FROM run
WHERE portal_id = @portal::smallint AND id = @run::bigint;

-- For a person's word, or no longer.
-- name: wait_for :exec
UPDATE run
SET waits_for = @what::text, reason = CASE WHEN state = 'waiting' THEN NULL ELSE reason END
WHERE portal_id = @portal::smallint AND id = @run::bigint;

-- name: set_progress :exec
UPDATE run
SET progress = @done::integer, progress_total = @total::integer
WHERE portal_id = @portal::smallint AND id = @run::bigint;

-- name: advance :exec
UPDATE run
SET progress = progress + @done::integer
WHERE portal_id = @portal::smallint AND id = @run::bigint;

-- Counts of the same name are summed.
-- name: add_counts :exec
UPDATE run AS r
SET counts = r.counts || (
    SELECT coalesce(jsonb_object_agg(g.name, coalesce((r.counts ->> g.name)::integer, 0) + g.n), '{}')
    FROM unnest(@names::text[], @numbers::integer[]) AS g (name, n))
WHERE r.portal_id = @portal::smallint AND r.id = @run::bigint;
