-- What the watchdog looks for, remembers and tells.

-- What is wrong now, at one portal; what is mended goes. The first portal looks for the installation too.
-- name: watch :exec
WITH found AS MATERIALIZED (
    SELECT s.portal_id, 'schedule_late' AS kind, s.name AS subject,
        to_char(s.next_local, 'YYYY-MM-DD HH24:MI') AS detail, s.owner
    FROM schedule AS s
    WHERE s.portal_id = @portal::smallint AND s.present AND s.paused_at IS NULL
        AND s.next_at < now() - make_interval(mins => @late_minutes::integer)
    UNION ALL
    SELECT j.portal_id, 'queue_late', j.queue, '', 'administrator'
    FROM job AS j
    WHERE j.portal_id = @portal::smallint AND j.state = 'ready'
        AND NOT EXISTS (SELECT FROM queue_pause AS q WHERE q.portal_id = j.portal_id AND q.queue = j.queue)
    GROUP BY j.portal_id, j.queue
    HAVING min(j.run_at) < now() - make_interval(mins => @queue_minutes::integer)
    UNION ALL
    SELECT f.portal_id, 'sending_stopped', f.id::text, f.cause, 'administrator'
    FROM sending_fence AS f
    WHERE f.portal_id = @portal::smallint AND f.marked_at IS NULL
    UNION ALL
    SELECT t.portal_id, 'journal_failed', t.host, t.code, 'administrator'
    FROM journal_trouble AS t
    WHERE t.portal_id = @portal::smallint AND t.seen_at > now() - interval '10 minutes'
    UNION ALL
    SELECT 0::smallint, 'vacuum_blocked', b.pid || ' ' || b.session, '', 'administrator'
    FROM vacuum_blockers(@blocked_minutes::integer) AS b
    WHERE @portal::smallint = (SELECT min(p.id) FROM portal AS p)
        AND EXISTS (SELECT FROM pg_stat_user_tables AS t
            WHERE t.relname = 'job' AND t.n_dead_tup >= @dead_rows::bigint)
), mended AS (
    DELETE FROM alarm AS a
    WHERE (a.portal_id = @portal::smallint
            OR (a.portal_id = 0 AND @portal::smallint = (SELECT min(p.id) FROM portal AS p)))
        AND NOT EXISTS (SELECT FROM found AS f
            WHERE f.portal_id = a.portal_id AND f.kind = a.kind AND f.subject = a.subject)
)
INSERT INTO alarm (portal_id, kind, subject, detail, owner)
SELECT portal_id, kind, subject, detail, owner FROM found
ON CONFLICT (portal_id, kind, subject) DO UPDATE SET owner = excluded.owner;

-- name: untold :many
SELECT a.portal_id, a.kind, a.subject, a.owner, a.since AT TIME ZONE portal_zone(@portal::smallint) AS since
FROM alarm AS a
WHERE a.portal_id IN (0, @portal::smallint) AND a.told_at IS NULL
    AND (a.portal_id > 0 OR @portal::smallint = (SELECT min(p.id) FROM portal AS p))
ORDER BY a.since, a.kind, a.subject
FOR UPDATE;

-- name: mark_told :exec
UPDATE alarm
SET told_at = now()
WHERE portal_id = @alarm_portal::smallint AND kind = @kind::text AND subject = @subject::text;

-- Whom an owner's name means: those who hold the role at the portal and have an address.
-- name: owners :many
SELECT s.email, s.language
FROM staff_role AS r
JOIN staff AS s ON s.id = r.staff_id
WHERE r.portal_id = @portal::smallint AND r.role = @role::text AND s.state = 'active' AND s.email <> ''
ORDER BY s.id;

-- Alarms of these portals, with schedules that are late and sending that stands still though no watchdog runs to say so.
-- name: alarms :many
SELECT a.portal_id, a.kind, a.subject, coalesce(p.name, '') AS portal_name, coalesce(p.key, '') AS portal_key
FROM (
    SELECT portal_id, kind, subject FROM alarm WHERE portal_id = ANY (@portals::smallint[] || 0::smallint)
    UNION
    SELECT portal_id, 'schedule_late', name FROM schedule
    WHERE portal_id = ANY (@portals::smallint[]) AND present AND paused_at IS NULL
        AND next_at < now() - interval '5 minutes'
    UNION
    SELECT portal_id, 'sending_stopped', id::text FROM sending_fence
    WHERE portal_id = ANY (@portals::smallint[]) AND marked_at IS NULL
) AS a
LEFT JOIN portal AS p ON p.id = a.portal_id
ORDER BY a.portal_id, a.kind, a.subject
LIMIT 100;

-- For the metrics: one row a figure.
-- name: metrics :many
SELECT 'portaldesk_schedules_overdue' AS name, p.key AS label,
    (SELECT count(*) FROM schedule AS s WHERE s.portal_id = p.id AND s.present AND s.paused_at IS NULL
        AND s.next_at < now() - interval '5 minutes')::double precision AS value
FROM portal AS p
UNION ALL
SELECT 'portaldesk_jobs_quarantined', p.key,
    (SELECT count(*) FROM job AS j WHERE j.portal_id = p.id AND j.state = 'quarantined')::double precision
FROM portal AS p
UNION ALL
SELECT 'portaldesk_queue_oldest_due_seconds', j.queue, extract(epoch FROM now() - min(j.run_at))::double precision
FROM job AS j
WHERE j.state = 'ready'
GROUP BY j.queue
UNION ALL
SELECT 'portaldesk_alarms', a.kind, count(*)::double precision FROM alarm AS a GROUP BY a.kind
UNION ALL
SELECT 'portaldesk_jobs_dead_rows', t.relname, t.n_dead_tup::double precision
FROM pg_stat_user_tables AS t
WHERE t.relname = 'job'
UNION ALL
SELECT 'portaldesk_vacuum_blockers', 'job', count(*)::double precision FROM vacuum_blockers(10)
ORDER BY 1, 2;
