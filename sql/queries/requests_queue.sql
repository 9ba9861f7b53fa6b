-- The queue of requests, by date; what is overdue comes first by itself.

-- Open requests of these portals from a place in the order on.
-- @view: all, mine, unassigned, waiting, second, overdue, snoozed, running. What was carried out and only waits for its
-- end is work for nobody: it stands in `running` alone. What waits for the client is not overdue.
-- name: list_open :many
SELECT q.portal_id, q.id, q.kind, q.state, q.client_id, client.name AS client_name, q.requester_name, q.effective_due,
    q.internal_due, q.held_by, holder.name AS held_by_name, q.snoozed_until, portal_today(q.portal_id) AS today
FROM unnest(@portals::smallint[]) AS place (portal_id)
CROSS JOIN LATERAL (
    SELECT r.portal_id, r.id, r.kind, r.state, r.client_id, r.requester_name, r.effective_due, r.internal_due,
        r.held_by, r.snoozed_until
    FROM client_request AS r
    WHERE r.portal_id = place.portal_id AND r.closed_at IS NULL
        AND (@after::date IS NULL
            OR (r.effective_due, r.portal_id, r.id) > (@after, @after_portal::smallint, @after_id::bigint))
        AND (@kind::text IS NULL OR r.kind = @kind)
        AND (r.snoozed_until IS NOT NULL AND r.snoozed_until > portal_today(r.portal_id)) = (@view::text = 'snoozed')
        AND (@view::text = 'snoozed'
            OR (r.state IN ('verifying', 'notified', 'partial')) = (@view::text = 'running'))
        AND CASE @view::text
            WHEN 'mine' THEN r.held_by = @staff::bigint
            WHEN 'unassigned' THEN r.held_by IS NULL
            WHEN 'waiting' THEN r.state IN ('waiting_client', 'blocked', 'cooling_off')
            WHEN 'second' THEN r.state IN ('decision', 'approved', 'executing')
            WHEN 'overdue' THEN r.effective_due < portal_today(r.portal_id)
                AND r.state NOT IN ('waiting_client', 'blocked', 'cooling_off')
            ELSE true END
    ORDER BY r.effective_due, r.id
    LIMIT @limit::integer
) AS q
LEFT JOIN client ON client.portal_id = q.portal_id AND client.id = q.client_id
LEFT JOIN staff AS holder ON holder.id = q.held_by
ORDER BY q.effective_due, q.portal_id, q.id
LIMIT @limit::integer;

-- Ended requests, the newest first.
-- name: list_ended :many
SELECT q.portal_id, q.id, q.kind, q.state, q.client_id, client.name AS client_name, q.requester_name, q.effective_due,
    q.internal_due, q.held_by, NULL::text AS held_by_name, NULL::date AS snoozed_until,
    portal_today(q.portal_id) AS today
FROM client_request AS q
LEFT JOIN client ON client.portal_id = q.portal_id AND client.id = q.client_id
WHERE q.portal_id = ANY (@portals::smallint[]) AND q.closed_at IS NOT NULL
    AND (@kind::text IS NULL OR q.kind = @kind)
    AND (@before::bigint IS NULL OR (q.id, q.portal_id) < (@before, @before_portal::smallint))
ORDER BY q.id DESC, q.portal_id DESC
LIMIT @limit::integer;

-- Each count stops where the reader stops caring. What is laid aside counts for itself alone.
-- name: count_views :one
SELECT
    (SELECT count(*) FROM (SELECT FROM client_request AS r WHERE r.portal_id = ANY (@portals::smallint[])
        AND r.closed_at IS NULL AND (r.snoozed_until IS NULL OR r.snoozed_until <= portal_today(r.portal_id))
        AND r.state NOT IN ('verifying', 'notified', 'partial')
        LIMIT 1001) AS n)::integer AS everything,
    (SELECT count(*) FROM (SELECT FROM client_request AS r WHERE r.portal_id = ANY (@portals::smallint[])
        AND r.closed_at IS NULL AND (r.snoozed_until IS NULL OR r.snoozed_until <= portal_today(r.portal_id))
        AND r.held_by = @staff::bigint
        AND r.state NOT IN ('verifying', 'notified', 'partial')
        LIMIT 1001) AS n)::integer AS mine,
    (SELECT count(*) FROM (SELECT FROM client_request AS r WHERE r.portal_id = ANY (@portals::smallint[])
        AND r.closed_at IS NULL AND (r.snoozed_until IS NULL OR r.snoozed_until <= portal_today(r.portal_id))
        AND r.held_by IS NULL
        AND r.state NOT IN ('verifying', 'notified', 'partial')
        LIMIT 1001) AS n)::integer AS unassigned,
    (SELECT count(*) FROM (SELECT FROM client_request AS r WHERE r.portal_id = ANY (@portals::smallint[])
        AND r.closed_at IS NULL AND (r.snoozed_until IS NULL OR r.snoozed_until <= portal_today(r.portal_id))
        AND r.state IN ('waiting_client', 'blocked', 'cooling_off')
        LIMIT 1001) AS n)::integer AS waiting,
    (SELECT count(*) FROM (SELECT FROM client_request AS r WHERE r.portal_id = ANY (@portals::smallint[])
        AND r.closed_at IS NULL AND (r.snoozed_until IS NULL OR r.snoozed_until <= portal_today(r.portal_id))
        AND r.state IN ('decision', 'approved', 'executing')
        LIMIT 1001) AS n)::integer AS second,
    (SELECT count(*) FROM (SELECT FROM client_request AS r WHERE r.portal_id = ANY (@portals::smallint[])
        AND r.closed_at IS NULL AND (r.snoozed_until IS NULL OR r.snoozed_until <= portal_today(r.portal_id))
        AND r.effective_due < portal_today(r.portal_id)
        AND r.state NOT IN ('waiting_client', 'blocked', 'cooling_off', 'verifying', 'notified', 'partial')
        LIMIT 1001) AS n)::integer AS overdue,
    (SELECT count(*) FROM (SELECT FROM client_request AS r WHERE r.portal_id = ANY (@portals::smallint[])
        AND r.closed_at IS NULL AND (r.snoozed_until IS NULL OR r.snoozed_until <= portal_today(r.portal_id))
        AND r.state IN ('verifying', 'notified', 'partial')
        LIMIT 1001) AS n)::integer AS running,
    (SELECT count(*) FROM (SELECT FROM client_request AS r WHERE r.portal_id = ANY (@portals::smallint[])
        AND r.closed_at IS NULL AND r.snoozed_until > portal_today(r.portal_id)
        LIMIT 1001) AS n)::integer AS snoozed;

-- The newest requests of a client, for its page.
-- name: requests_of_client :many
SELECT r.id, r.kind, r.state, r.received_on, r.effective_due, r.closed_at IS NULL AS is_open,
    portal_today(r.portal_id) AS today
FROM client_request AS r
WHERE r.portal_id = @portal::smallint AND r.client_id = @client::bigint
ORDER BY r.closed_at IS NOT NULL, r.id DESC
LIMIT @limit::integer;

-- name: letters_of_request :many
SELECT l.id, l.kind, l.printed IS NOT NULL AS is_printed, m.recipient_hint, m.state AS message_state,
    l.made_at AT TIME ZONE portal_zone(l.portal_id) AS made_at, maker.name AS made_by
FROM request_letter AS l
LEFT JOIN message AS m ON m.portal_id = l.portal_id AND m.id = l.message_id
LEFT JOIN staff AS maker ON maker.id = l.made_by
WHERE l.portal_id = @portal::smallint AND l.request_id = @id::bigint
ORDER BY l.id;

-- name: find_print :first
SELECT l.key_subject_kind, l.key_subject_id, l.printed
FROM request_letter AS l
WHERE l.portal_id = @portal::smallint AND l.request_id = @id::bigint AND l.id = @letter::bigint
    AND l.printed IS NOT NULL;

-- name: changes_of_request :many
SELECT d.field, d.old_value, d.new_value, k.number AS contract_number, d.in_force_at IS NOT NULL AS is_in_force,
    d.confirmed_at IS NOT NULL AS is_confirmed
FROM data_change AS d
LEFT JOIN contract AS k ON k.portal_id = d.portal_id AND k.id = d.contract_id
WHERE d.portal_id = @portal::smallint AND d.request_id = @id::bigint
ORDER BY d.field;

-- name: contracts_of_client :many
SELECT id, number
FROM contract
WHERE portal_id = @portal::smallint AND client_id = @client::bigint
    AND contract_state(starts_on, ends_on, ended_on, portal_today(portal_id)) <> 'ended'
ORDER BY number
LIMIT 200;

-- What was decided about a client and the main system does not have yet.
-- name: pending_changes :many
SELECT d.request_id, d.field, d.new_value, d.in_force_at AT TIME ZONE portal_zone(d.portal_id) AS since
FROM data_change AS d
JOIN client_request AS r ON r.portal_id = d.portal_id AND r.id = d.request_id
WHERE d.portal_id = @portal::smallint AND r.client_id = @client::bigint AND d.in_force_at IS NOT NULL
    AND d.confirmed_at IS NULL
ORDER BY d.request_id, d.field
LIMIT 50;

-- What was decided at these portals and the main system does not have yet, from a place in the order on.
-- name: main_system_tasks :many
SELECT d.portal_id, d.request_id, d.field, k.number AS contract_number, c.id AS client_id, c.name AS client_name,
    (d.in_force_at AT TIME ZONE portal_zone(d.portal_id))::date AS since, portal_today(d.portal_id) AS today
FROM data_change AS d
JOIN client_request AS r ON r.portal_id = d.portal_id AND r.id = d.request_id
JOIN client AS c ON c.portal_id = r.portal_id AND c.id = r.client_id
LEFT JOIN contract AS k ON k.portal_id = d.portal_id AND k.id = d.contract_id
WHERE d.portal_id = ANY (@portals::smallint[]) AND d.in_force_at IS NOT NULL AND d.confirmed_at IS NULL
    AND (@after::bigint IS NULL
        OR (d.request_id, d.portal_id, d.field) > (@after, @after_portal::smallint, @after_field::text))
ORDER BY d.request_id, d.portal_id, d.field
LIMIT @limit::integer;

-- name: views_of_staff :many
SELECT id, name, view, kind
FROM request_view
WHERE staff_id = @staff::bigint
ORDER BY lower(name), id
LIMIT 50;

-- name: add_view :first
INSERT INTO request_view (staff_id, name, view, kind)
VALUES (@staff::bigint, @name::text, @view::text, @kind::text)
ON CONFLICT (staff_id, name) DO NOTHING
RETURNING id;

-- name: remove_view :exec
DELETE FROM request_view
WHERE staff_id = @staff::bigint AND id = @id::bigint;

-- Clients who can be written to by e-mail, the first ones of the portal.
-- name: clients_with_email :many
SELECT c.id, c.name, c.kind, c.language, c.address, min(k.value) AS email
FROM client AS c
JOIN contact AS k ON k.portal_id = c.portal_id AND k.client_id = c.id AND k.kind = 'email'
WHERE c.portal_id = @portal::smallint
GROUP BY c.portal_id, c.id
ORDER BY c.id
LIMIT 200;
