-- The trail and the keys that close its personal values.

-- name: find_subject_key :first
SELECT key_id, wrapped
FROM subject_key
WHERE portal_id = @portal::smallint AND subject_kind = @kind::text AND subject_id = @id::bigint
    AND class = @class::text;

-- Two writers may meet here: the later one finds the earlier one's row and reads that.
-- name: add_subject_key :exec
INSERT INTO subject_key (portal_id, subject_kind, subject_id, class, key_id, wrapped)
VALUES (@portal::smallint, @kind::text, @id::bigint, @class::text, @key_id::text, @wrapped::bytea)
ON CONFLICT (portal_id, subject_kind, subject_id, class) DO NOTHING;

-- name: key_ids_in_use :many
SELECT DISTINCT key_id FROM subject_key WHERE destroyed_at IS NULL;

-- name: record_event :exec
INSERT INTO audit_event (portal_id, action, actor_kind, actor_id, actor_name, subject_kind, subject_id, client_id,
    facts, personal, personal_class, key_subject_kind, key_subject_id, reference)
VALUES (@portal::smallint, @action::text, @actor_kind::text, @actor::bigint, @actor_name::text, @subject_kind::text,
    @subject::bigint, @client::bigint, @facts::jsonb, @personal::bytea, @class::text, @key_kind::text,
    @key_subject::bigint, @reference::text);

-- Whether the same person had the same look at something in the last ten minutes; a line may say more than is asked for.
-- name: looked_lately :one
SELECT EXISTS (
    SELECT FROM audit_event
    WHERE portal_id = @portal::smallint AND subject_kind = @kind::text AND subject_id = @id::bigint
        AND action = @action::text AND actor_kind = 'staff' AND actor_id = @staff::bigint
        AND facts @> @facts::jsonb AND at > now() - interval '10 minutes') AS looked;

-- The history of one thing, newest first, at its portal's wall time.
-- name: history_of_subject :many
SELECT id, portal_id, at AT TIME ZONE coalesce(portal_zone(portal_id), 'UTC') AS local_at, action, actor_kind,
    actor_id, actor_name, subject_kind, subject_id, client_id, facts::text AS facts, personal, personal_class,
    key_subject_kind, key_subject_id
FROM audit_event
WHERE portal_id = @portal::smallint AND subject_kind = @kind::text AND subject_id = @id::bigint
    AND (@before::bigint IS NULL OR id < @before)
ORDER BY id DESC
LIMIT @limit::integer;

-- Everything that touched a client, whatever room it happened in.
-- name: history_of_client :many
SELECT id, portal_id, at AT TIME ZONE coalesce(portal_zone(portal_id), 'UTC') AS local_at, action, actor_kind,
    actor_id, actor_name, subject_kind, subject_id, client_id, facts::text AS facts, personal, personal_class,
    key_subject_kind, key_subject_id
FROM audit_event
WHERE portal_id = @portal::smallint AND client_id = @client::bigint AND (@before::bigint IS NULL OR id < @before)
ORDER BY id DESC
LIMIT @limit::integer;

-- The viewer's list: each filter is void when NULL. Forwards it walks down from @before, backwards up from @after.
-- name: find_events :many
SELECT id, portal_id, at AT TIME ZONE coalesce(portal_zone(portal_id), 'UTC') AS local_at, action, actor_kind,
    actor_id, actor_name, subject_kind, subject_id, client_id, facts::text AS facts, personal, personal_class,
    key_subject_kind, key_subject_id
FROM audit_event
WHERE portal_id = ANY (@portals::smallint[])
    AND (@action::text IS NULL OR action = @action)
    AND (@actor_name::text IS NULL OR actor_name = @actor_name)
    AND (@client::bigint IS NULL OR client_id = @client)
    AND (@on::date IS NULL OR (at >= @on::timestamp AT TIME ZONE @zone::text
        AND at < (@on::date + 1)::timestamp AT TIME ZONE @zone::text))
    AND (@before::bigint IS NULL OR id < @before)
    AND (@after::bigint IS NULL OR id > @after)
ORDER BY CASE WHEN @after::bigint IS NULL THEN -id ELSE id END
LIMIT @limit::integer;

-- The same short line for many clients at once, as an import writes it.
-- name: record_for_clients :exec
INSERT INTO audit_event (portal_id, action, actor_kind, actor_id, actor_name, subject_kind, subject_id, client_id)
SELECT @portal::smallint, @action::text, @actor_kind::text, @actor::bigint, @actor_name::text, 'client', c.id, c.id
FROM unnest(@clients::bigint[]) AS c (id);
