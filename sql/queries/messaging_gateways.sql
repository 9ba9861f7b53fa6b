-- Token buckets and circuit breakers of the providers.

-- name: look_at_gateway :one
SELECT p.per_minute, coalesce(extract(epoch FROM g.open_until - now()), 0)::double precision AS open_seconds,
    g.open_until IS NOT NULL AS is_open, coalesce(g.next_free_at > now(), false) AS is_crowded
FROM provider AS p
LEFT JOIN gateway AS g ON g.portal_id = p.portal_id AND g.provider_id = p.id
WHERE p.portal_id = @portal::smallint AND p.id = @provider::bigint;

-- The bucket holds what a second gives, one at least. No row is touched where less is in it than whoever asks has to
-- find.
-- name: take_token :exec
INSERT INTO gateway AS g (portal_id, provider_id, tokens)
SELECT p.portal_id, p.id, greatest(p.per_minute / 60.0, 1) - 1
FROM provider AS p
WHERE p.portal_id = @portal::smallint AND p.id = @provider::bigint AND p.per_minute IS NOT NULL
ON CONFLICT (portal_id, provider_id) DO UPDATE
SET filled_at = clock_timestamp(), tokens = least(excluded.tokens + 1,
        g.tokens + extract(epoch FROM clock_timestamp() - g.filled_at) * @per_minute::integer / 60.0) - 1
WHERE g.tokens + extract(epoch FROM clock_timestamp() - g.filled_at) * @per_minute::integer / 60.0
    >= @least::double precision;

-- A time of its own behind those that wait already, in seconds from now; so each waits once.
-- name: reserve_slot :one
WITH slot AS (
    UPDATE gateway
    SET next_free_at = greatest(next_free_at, now()) + make_interval(secs => 60.0 / @per_minute::integer)
    WHERE portal_id = @portal::smallint AND provider_id = @provider::bigint
    RETURNING next_free_at
), kept AS (
    UPDATE message AS m
    SET slot_at = s.next_free_at
    FROM slot AS s
    WHERE m.portal_id = @portal::smallint AND m.id = @message::bigint
)
SELECT extract(epoch FROM next_free_at - now())::double precision FROM slot;

-- After its time one message tries whether the gateway is back; the others wait for what it finds.
-- name: try_gateway :exec
UPDATE gateway
SET open_until = now() + interval '60 seconds'
WHERE portal_id = @portal::smallint AND provider_id = @provider::bigint AND open_until <= now();

-- name: note_success :exec
UPDATE gateway
SET failures = 0, reason = NULL, open_until = NULL
WHERE portal_id = @portal::smallint AND provider_id = @provider::bigint AND (failures > 0 OR open_until IS NOT NULL);

-- From the fifth failure in a row it is left alone: half a minute, then twice as long each time, a quarter of an hour at
-- most. What was under way when it opened counts no further.
-- name: note_failure :exec
INSERT INTO gateway AS g (portal_id, provider_id, failures, reason)
VALUES (@portal::smallint, @provider::bigint, 1, @code::text)
ON CONFLICT (portal_id, provider_id) DO UPDATE
SET failures = g.failures + 1, reason = excluded.reason,
    open_until = CASE WHEN g.failures + 1 >= @most::integer THEN
        clock_timestamp() + make_interval(secs => least(900, 30 * 2 ^ least(g.failures + 1 - @most::integer, 10))) END;

-- name: close_gateway :exec
UPDATE gateway
SET failures = 0, reason = NULL, open_until = NULL
WHERE portal_id = @portal::smallint AND provider_id = @provider::bigint AND open_until IS NOT NULL;

-- name: open_gateways :many
SELECT g.portal_id, g.provider_id, coalesce(g.reason, '') AS reason, g.failures,
    g.open_until AT TIME ZONE p.time_zone AS until
FROM gateway AS g
JOIN portal AS p ON p.id = g.portal_id
WHERE g.portal_id = ANY (@portals::smallint[]) AND g.open_until IS NOT NULL;
