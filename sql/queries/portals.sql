-- Portals and their profiles.

-- What the cache compares: xmin tells two transactions apart that both wrote version 2 because the first rolled back.
-- name: fingerprint :one
SELECT coalesce(string_agg(p.id || ':' || p.version || ':' || p.xmin, ',' ORDER BY p.id), '') AS fingerprint
FROM portal AS p;

-- name: list_portals :many
SELECT id, version, key, name, country, time_zone, currency, languages, profile::text AS profile
FROM portal
ORDER BY id;

-- name: lock_portal :first
SELECT id, version, key, name, country, time_zone, currency, languages, profile::text AS profile
FROM portal
WHERE id = @portal::smallint
FOR UPDATE;

-- name: add_portal :one
INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile)
SELECT coalesce(max(p.id), 0) + 1, @key::text, @name::text, @country::text, @time_zone::text, @currency::text,
    @languages::text[], @profile::jsonb
FROM portal AS p
RETURNING id;

-- name: change_portal :exec
UPDATE portal
SET name = @name::text, country = @country::text, time_zone = @time_zone::text, currency = @currency::text,
    languages = @languages::text[], profile = @profile::jsonb, version = version + 1
WHERE id = @portal::smallint AND version = @version::integer;

-- name: zone_exists :one
SELECT EXISTS (SELECT FROM pg_timezone_names AS z WHERE z.name = @zone::text) AS known;

-- A portal that this transaction added joins its scope.
-- name: reach_portal :one
SELECT set_config('portaldesk.portals', (coalesce(scope_portals(), '{}') || @portal::smallint)::text, true) AS scope;
