-- Schedules: their files, their clock, and what people change of them.

-- One start of a worker at a time brings the files in.
-- name: lock_sync :exec
SELECT pg_advisory_xact_lock(hashtextextended('portaldesk.schedules', 0));

-- name: known_zones :many
SELECT name FROM pg_timezone_names WHERE name = ANY (@names::text[]);

-- name: portals :many
SELECT id, key, time_zone FROM portal ORDER BY id;

-- The console's time and pause stay; a changed time or zone, or a file that came back, is wound up anew. A worker that
-- still holds an older version of a file, or the same of an older release, changes nothing.
-- name: sync_schedule :exec
INSERT INTO schedule AS s (portal_id, name, handler, queue, file_cron, cron, time_zone, file_digest, missed,
    latest_minutes, attempts, owner, runbook, missing_hour, repeated_hour, file_version,
    release)
VALUES (@portal::smallint, @name::text, @handler::text, @queue::text, @cron::text, @cron::text, @zone::text,
    @digest::text, @missed::text, @latest::integer, @attempts::smallint, @owner::text, @runbook::text,
    @missing_hour::text, @repeated_hour::text, @version::integer, @release::integer)
ON CONFLICT (portal_id, name) DO UPDATE
SET handler = excluded.handler, queue = excluded.queue, file_cron = excluded.file_cron,
    cron = CASE WHEN s.changed_in_console THEN s.cron ELSE excluded.cron END, time_zone = excluded.time_zone,
    file_digest = excluded.file_digest, missed = excluded.missed, latest_minutes = excluded.latest_minutes,
    attempts = excluded.attempts, owner = excluded.owner, runbook = excluded.runbook, present = true,
    missing_hour = excluded.missing_hour, repeated_hour = excluded.repeated_hour, file_version = excluded.file_version,
    release = excluded.release,
    next_at = CASE WHEN s.present AND s.time_zone = excluded.time_zone
        AND (s.changed_in_console OR s.cron = excluded.cron) THEN s.next_at END,
    next_local = CASE WHEN s.present AND s.time_zone = excluded.time_zone
        AND (s.changed_in_console OR s.cron = excluded.cron) THEN s.next_local END,
    version = s.version + CASE WHEN s.file_digest = excluded.file_digest THEN 0 ELSE 1 END
WHERE (s.file_version, s.release) <= (excluded.file_version, excluded.release);

-- What a newer release brought in is not an older one's to retire; and what is retired stays so for it.
-- name: retire_schedules :exec
UPDATE schedule AS s
SET present = false, next_at = NULL, next_local = NULL, version = version + 1, release = @release::integer
WHERE s.present AND s.release <= @release AND NOT EXISTS (
    SELECT FROM unnest(@portals::smallint[], @names::text[]) AS g (portal_id, name)
    WHERE g.portal_id = s.portal_id AND g.name = s.name);

-- name: unwound_schedules :many
SELECT portal_id, name, cron, time_zone, repeated_hour, clock_timestamp() AT TIME ZONE time_zone AS local_now
FROM schedule
WHERE present AND next_at IS NULL
ORDER BY portal_id, name
FOR UPDATE SKIP LOCKED;

-- How late each wall time of a zone is, in seconds, negative for what is still to come; and whether no clock shows it.
-- name: lateness :many
SELECT extract(epoch FROM statement_timestamp()
        - wall_instant(g.local_at, @zone::text, @repeated_hour::text))::double precision AS lateness,
    (g.local_at AT TIME ZONE @zone::text) AT TIME ZONE @zone::text <> g.local_at AS missing
FROM unnest(@locals::timestamp[]) WITH ORDINALITY AS g (local_at, n)
ORDER BY g.n;

-- name: wind_schedule :exec
UPDATE schedule
SET next_local = @next_local::timestamp,
    next_at = wall_instant(@next_local::timestamp, time_zone, repeated_hour)
WHERE portal_id = @portal::smallint AND name = @name::text;

-- name: due_schedules :many
-- not null: next_local
SELECT portal_id, name, cron, time_zone, missed, latest_minutes, handler, queue, attempts, next_local, missing_hour,
    repeated_hour, paused_at IS NOT NULL AS paused, clock_timestamp() AT TIME ZONE time_zone AS local_now
FROM schedule
WHERE present AND next_at <= clock_timestamp() AND handler = ANY (@handlers::text[])
ORDER BY next_at
LIMIT 20
FOR UPDATE SKIP LOCKED;

-- The unique wall time makes an occurrence exist once, whoever inserts it.
-- name: add_occurrence :first
INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, state, reason, finished_at)
VALUES (@portal::smallint, @schedule::text, 'schedule', @local_at::timestamp, @local_at::timestamp::date,
    CASE WHEN @reason::text IS NULL THEN 'waiting' ELSE 'skipped' END, @reason::text,
    CASE WHEN @reason::text IS NOT NULL THEN clock_timestamp() END)
ON CONFLICT (portal_id, schedule, local_at) WHERE trigger = 'schedule' DO NOTHING
RETURNING id, for_date;

-- name: find_schedule :first
SELECT id, name, handler, queue, attempts, cron, file_cron, time_zone, paused_reason, changed_in_console, version
FROM schedule
WHERE portal_id = @portal::smallint AND name = @name::text AND present
FOR UPDATE;

-- What the console decided; without its next time the schedule is wound up again in the same transaction.
-- name: write_schedule :exec
UPDATE schedule
SET cron = @cron::text, changed_in_console = @changed::boolean, paused_reason = @reason::text,
    paused_at = CASE WHEN @reason::text IS NOT NULL THEN coalesce(paused_at, now()) END, next_at = NULL,
    next_local = NULL, version = version + 1
WHERE portal_id = @portal::smallint AND name = @name::text;

-- name: seconds_to_next :first
SELECT extract(epoch FROM min(next_at) - clock_timestamp())::double precision AS seconds FROM schedule WHERE present;
