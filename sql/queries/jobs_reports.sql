-- What the command line reads of schedules and runs.

-- name: list_schedules :many
SELECT s.portal_id, p.key AS portal, s.name, s.cron, s.time_zone AS zone, s.next_local AS next, s.paused_reason,
    s.changed_in_console AS changed, s.handler, (now() AT TIME ZONE s.time_zone)::date AS today
FROM schedule AS s
JOIN portal AS p ON p.id = s.portal_id
WHERE s.present AND (@portal::text IS NULL OR p.key = @portal) AND (@name::text IS NULL OR s.name = @name)
ORDER BY s.name, p.key;

-- The portals of a job file that no worker has made schedules of yet.
-- name: portals_of_file :many
SELECT p.id AS portal_id, p.key AS portal, (now() AT TIME ZONE coalesce(@zone::text, p.time_zone))::date AS today
FROM portal AS p
WHERE (@portal::text IS NULL OR p.key = @portal) AND (@portals::text[] IS NULL OR p.key = ANY (@portals))
ORDER BY p.key;

-- name: history :many
SELECT p.key AS portal, r.id, r.schedule AS name, r.trigger, r.state, r.reason, r.for_date AS date,
    r.local_at AS at, r.progress, r.progress_total AS total, r.counts::text AS counts
FROM run AS r
JOIN portal AS p ON p.id = r.portal_id
WHERE (@portal::text IS NULL OR p.key = @portal) AND (@name::text IS NULL OR r.schedule = @name)
    AND (@run::bigint IS NULL OR r.id = @run)
ORDER BY r.id DESC
LIMIT @limit::integer;
