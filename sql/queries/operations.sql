-- What the pages of the jobs read. Operations writes no table: JobRunner's commands do.

-- Overdue is what should have fired five minutes ago and did not: no worker looks at it.
-- name: schedules :many
SELECT s.portal_id, p.key AS portal_key, p.name AS portal_name, s.id, s.name, s.handler, s.cron, s.file_cron,
    s.time_zone, s.missed, s.latest_minutes, s.owner, s.runbook, s.paused_reason, s.changed_in_console, s.next_local,
    s.version, s.missing_hour, s.repeated_hour,
    s.paused_at AT TIME ZONE s.time_zone AS paused, (now() AT TIME ZONE s.time_zone)::date AS today,
    coalesce(s.next_at < now() - interval '5 minutes', false) AS overdue
FROM schedule AS s
JOIN portal AS p ON p.id = s.portal_id
WHERE s.portal_id = ANY (@portals::smallint[]) AND (@name::text IS NULL OR s.name = @name) AND s.present
ORDER BY p.name, s.name
LIMIT 500;

-- The last ten runs of each schedule, oldest first.
-- name: latest_runs :many
SELECT r.portal_id, r.schedule, r.id, r.state, r.reason, r.local_at
FROM schedule AS s
CROSS JOIN LATERAL (
    SELECT portal_id, schedule, id, state, reason, local_at
    FROM run
    WHERE portal_id = s.portal_id AND schedule = s.name
    ORDER BY id DESC
    LIMIT 10
) AS r
WHERE s.portal_id = ANY (@portals::smallint[]) AND (@name::text IS NULL OR s.name = @name) AND s.present
ORDER BY r.portal_id, r.schedule, r.id;

-- name: find_run :first
SELECT r.portal_id, r.id, r.schedule, r.trigger, r.state, r.reason, r.for_date, r.local_at, r.progress,
    r.progress_total, r.counts::text AS counts, s.handler, t.name AS asked_by,
    r.started_at AT TIME ZONE s.time_zone AS started,
    extract(epoch FROM coalesce(r.finished_at, clock_timestamp()) - r.started_at)::integer AS seconds,
    (now() AT TIME ZONE s.time_zone)::date AS today
FROM run AS r
JOIN schedule AS s ON s.portal_id = r.portal_id AND s.name = r.schedule
LEFT JOIN staff AS t ON t.id = r.asked_by
WHERE r.portal_id = @portal::smallint AND r.id = @run::bigint;

-- Newest first; backwards up from @after.
-- name: runs :many
SELECT r.portal_id, r.id, r.schedule, r.trigger, r.state, r.reason, r.for_date, r.local_at, r.progress,
    r.progress_total, r.counts::text AS counts, s.handler, t.name AS asked_by,
    r.started_at AT TIME ZONE s.time_zone AS started,
    extract(epoch FROM coalesce(r.finished_at, clock_timestamp()) - r.started_at)::integer AS seconds,
    (now() AT TIME ZONE s.time_zone)::date AS today
FROM run AS r
JOIN schedule AS s ON s.portal_id = r.portal_id AND s.name = r.schedule
LEFT JOIN staff AS t ON t.id = r.asked_by
WHERE r.portal_id = @portal::smallint AND r.schedule = @name::text
    AND (@before::bigint IS NULL OR r.id < @before) AND (@after::bigint IS NULL OR r.id > @after)
ORDER BY CASE WHEN @after::bigint IS NULL THEN -r.id ELSE r.id END
LIMIT @limit::integer;

-- Jobs that failed for good, of one run when given.
-- name: quarantined_jobs :many
SELECT j.portal_id, p.key AS portal_key, p.name AS portal_name, j.id, j.kind, j.attempt, j.error_code, j.run_id,
    j.run_at AT TIME ZONE p.time_zone AS last_at
FROM job AS j
JOIN portal AS p ON p.id = j.portal_id
WHERE j.portal_id = ANY (@portals::smallint[]) AND j.state = 'quarantined' AND (@run::bigint IS NULL OR j.run_id = @run)
    AND (@before::bigint IS NULL OR j.id < @before)
ORDER BY j.id DESC
LIMIT @limit::integer;

-- Queues that have work, schedules or a pause: how much is ready and under way (counted to 1,000), and for how long the
-- oldest job that is due has been waiting.
-- name: queues :many
SELECT p.id AS portal_id, p.key AS portal_key, p.name AS portal_name, q.queue, w.reason,
    w.paused_at AT TIME ZONE p.time_zone AS paused, (now() AT TIME ZONE p.time_zone)::date AS today,
    (SELECT count(*) FROM (SELECT FROM job AS j
        WHERE j.portal_id = p.id AND j.queue = q.queue AND j.state = 'ready' LIMIT 1001) AS n)::integer AS ready,
    (SELECT count(*) FROM (SELECT FROM job AS j
        WHERE j.portal_id = p.id AND j.queue = q.queue AND j.state = 'leased' LIMIT 1001) AS n)::integer AS working,
    (SELECT extract(epoch FROM now() - min(j.run_at))::integer FROM job AS j
        WHERE j.portal_id = p.id AND j.queue = q.queue AND j.state = 'ready') AS waits
FROM portal AS p
CROSS JOIN LATERAL (
    SELECT s.queue FROM schedule AS s WHERE s.portal_id = p.id AND s.present
    UNION SELECT k.queue FROM queue_pause AS k WHERE k.portal_id = p.id
    UNION SELECT j.queue FROM job AS j WHERE j.portal_id = p.id AND j.state IN ('ready', 'leased')
) AS q
LEFT JOIN queue_pause AS w ON w.portal_id = p.id AND w.queue = q.queue
WHERE p.id = ANY (@portals::smallint[])
ORDER BY p.name, q.queue
LIMIT 200;

-- What failed for good, by kind and reason; more than 1,000 of one are told as 1,001.
-- name: failures :many
SELECT j.portal_id, p.key AS portal_key, p.name AS portal_name, j.kind, coalesce(j.error_code, '') AS code,
    least(count(*), 1001)::integer AS number
FROM (SELECT portal_id, kind, error_code FROM job
    WHERE portal_id = ANY (@portals::smallint[]) AND state = 'quarantined' LIMIT 10000) AS j
JOIN portal AS p ON p.id = j.portal_id
GROUP BY j.portal_id, p.key, p.name, j.kind, j.error_code
HAVING count(*) > 1
ORDER BY number DESC, j.kind
LIMIT 50;

-- When the wall times of a zone come, on its own clock, and whether no clock shows them or shows them twice.
-- name: instants :many
SELECT wall_instant(g.local_at, @zone::text, @repeated_hour::text) AT TIME ZONE @zone::text AS comes,
    (g.local_at AT TIME ZONE @zone::text) AT TIME ZONE @zone::text <> g.local_at AS missing,
    wall_instant(g.local_at, @zone::text, 'first') <> wall_instant(g.local_at, @zone::text, 'last') AS twice
FROM unnest(@locals::timestamp[]) WITH ORDINALITY AS g (local_at, n)
ORDER BY g.n;

-- name: portal_ids :many
SELECT id FROM portal ORDER BY id;

-- name: today :one
SELECT current_date AS today;

-- name: members :many
SELECT DISTINCT t.name
FROM staff_role AS x
JOIN staff AS t ON t.id = x.staff_id
WHERE x.portal_id = ANY (@portals::smallint[])
ORDER BY t.name
LIMIT 500;

-- name: client_of_number :first
SELECT id FROM client WHERE portal_id = ANY (@portals::smallint[]) AND customer_number = @number::text;
