-- Business calendars.

-- name: days :many
SELECT d.day::date AS day, d.works::boolean AS works, d.reason::text AS reason, d.name
FROM calendar_days(@portal::smallint, @first::date, @last::date) AS d
ORDER BY d.day;

-- name: is_working_day :one
SELECT coalesce(is_working_day(@portal::smallint, @day::date), false) AS works;

-- name: add_working_days :one
SELECT coalesce(add_working_days(@portal::smallint, @day::date, @number::integer), @day::date) AS day;

-- name: working_days_between :one
SELECT coalesce(working_days_between(@portal::smallint, @first::date, @last::date), 0) AS number;

-- Whether decrees move days in the portal's country and those of this year are not known.
-- name: lacks_moved_days :one
SELECT EXISTS (SELECT FROM country_day AS c JOIN portal AS p ON p.country = c.country WHERE p.id = @portal::smallint)
    AND NOT EXISTS (SELECT FROM country_day AS c JOIN portal AS p ON p.country = c.country
        WHERE p.id = @portal::smallint AND extract(year FROM c.day) = @year::integer) AS lacks;

-- name: today :one
SELECT coalesce(portal_today(@portal::smallint), current_date) AS today;

-- The days off that come next, of several portals.
-- name: coming :many
SELECT p.id AS portal_id, d.day::date AS day, d.reason::text AS reason, d.name
FROM portal AS p
CROSS JOIN LATERAL (
    SELECT c.day, c.reason, c.name
    FROM calendar_days(p.id, portal_today(p.id), portal_today(p.id) + 120) AS c
    WHERE NOT c.works AND c.reason <> 'weekend'
    ORDER BY c.day
    LIMIT 5
) AS d
WHERE p.id = ANY (@portals::smallint[])
ORDER BY p.id, d.day;

-- name: own_day :first
SELECT day, works, name, source
FROM calendar_day
WHERE portal_id = @portal::smallint AND day = @day::date
FOR UPDATE;

-- name: set_day :exec
INSERT INTO calendar_day (portal_id, day, works, name, source)
VALUES (@portal::smallint, @day::date, @works::boolean, @name::text, 'hand')
ON CONFLICT DO NOTHING;

-- name: remove_day :exec
DELETE FROM calendar_day
WHERE portal_id = @portal::smallint AND day = @day::date;

-- A file's days replace those of an earlier file; what was entered by hand stays.
-- name: import_days :one
WITH given AS (
    SELECT g.day, g.name
    FROM unnest(@days::date[], @names::text[]) AS g (day, name)
), written AS (
    INSERT INTO calendar_day AS c (portal_id, day, works, name, source)
    SELECT @portal::smallint, g.day, @works::boolean, g.name, 'file'
    FROM given AS g
    ON CONFLICT (portal_id, day) DO UPDATE SET works = excluded.works, name = excluded.name
    WHERE c.source = 'file' AND (c.works, c.name) IS DISTINCT FROM (excluded.works, excluded.name)
    RETURNING 1
)
SELECT count(*) AS written FROM written;
