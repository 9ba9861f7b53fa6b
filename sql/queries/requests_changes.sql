-- Changes of a client's data: what is open, what waits for the main system.

-- The old side is what the book says on the day of the request.
-- name: add_change :exec
INSERT INTO data_change (portal_id, request_id, field, contract_id, old_value, new_value)
VALUES (@portal::smallint, @request::bigint, @field::text, @contract::bigint,
    (SELECT CASE @field::text
        WHEN 'name' THEN c.name
        WHEN 'address' THEN c.address
        WHEN 'lessee' THEN c.name
        WHEN 'phone' THEN (SELECT k.value FROM contact AS k
            WHERE k.portal_id = c.portal_id AND k.client_id = c.id AND k.kind = 'phone'
            ORDER BY k.trusted DESC, k.id LIMIT 1)
        WHEN 'email' THEN (SELECT k.value FROM contact AS k
            WHERE k.portal_id = c.portal_id AND k.client_id = c.id AND k.kind = 'email'
            ORDER BY k.trusted DESC, k.id LIMIT 1)
        END
    FROM client AS c
    WHERE c.portal_id = @portal::smallint AND c.id = @client::bigint), @new_value::text);

-- A request for a change of one of these fields that nobody has carried out yet.
-- name: open_change :first
SELECT r.id
FROM client_request AS r
JOIN data_change AS d ON d.portal_id = r.portal_id AND d.request_id = r.id
WHERE r.portal_id = @portal::smallint AND r.client_id = @client::bigint AND r.closed_at IS NULL
    AND d.in_force_at IS NULL AND d.field = ANY (@fields::text[])
ORDER BY r.id
LIMIT 1;

-- What the client still owes: with @only_due what is overdue today, else everything that is not paid.
-- name: open_items :many
SELECT o.kind, o.number, o.due_on, o.amount_minor, o.currency
FROM (
    SELECT 'invoice' AS kind, v.number, v.due_on, v.currency,
        v.amount_minor - coalesce((SELECT sum(p.amount_minor) FROM payment AS p
            WHERE p.portal_id = v.portal_id AND p.invoice_id = v.id), 0)::bigint AS amount_minor
    FROM invoice AS v
    WHERE v.portal_id = @portal::smallint AND v.client_id = @client::bigint
    UNION ALL
    SELECT 'instalment', k.number || coalesce(' / ' || i.number, ''), i.due_on, i.currency,
        instalment_open_minor(i.portal_id, i.id)
    FROM contract AS k
    JOIN instalment AS i ON i.portal_id = k.portal_id AND i.contract_id = k.id AND i.invoice_id IS NULL
    WHERE k.portal_id = @portal::smallint AND k.client_id = @client::bigint
) AS o
WHERE o.amount_minor > 0 AND (NOT @only_due::boolean OR o.due_on < portal_today(@portal::smallint))
ORDER BY o.due_on, o.kind, o.number
LIMIT 100;

-- What besides money stands against closing an account: contracts that run, their things, requests still open.
-- name: unfinished :many
SELECT u.kind, u.number, u.due_on, NULL::bigint AS amount_minor, NULL::text AS currency
FROM (
    SELECT CASE WHEN contract_state(k.starts_on, k.ends_on, k.ended_on, portal_today(k.portal_id)) <> 'ended'
        THEN 'contract' ELSE 'asset' END AS kind, k.number, k.ends_on AS due_on, 0 AS place
    FROM contract AS k
    WHERE k.portal_id = @portal::smallint AND k.client_id = @client::bigint
        AND (contract_state(k.starts_on, k.ends_on, k.ended_on, portal_today(k.portal_id)) <> 'ended'
            OR (k.asset_kind IS NOT NULL AND k.ended_on IS NULL))
    UNION ALL
    SELECT 'request', r.id::text, NULL::date, 1
    FROM client_request AS r
    WHERE r.portal_id = @portal::smallint AND r.client_id = @client::bigint AND r.id <> @request::bigint
        AND r.closed_at IS NULL AND r.kind IN ('data_change', 'instalment_change', 'complaint')
) AS u
ORDER BY u.place, u.number
LIMIT 100;

-- What the night has to look at.
-- name: due_tonight :many
SELECT r.id
FROM client_request AS r
WHERE r.portal_id = @portal::smallint AND r.closed_at IS NULL
    AND (r.state = 'blocked' OR (r.state = 'cooling_off' AND r.cooling_until < portal_today(r.portal_id))
        OR (r.state = 'verifying' AND r.kind = 'data_change') OR r.state = 'waiting_client')
ORDER BY r.effective_due, r.id;

-- name: lapse_pause :exec
UPDATE request_pause
SET ended_on = portal_today(portal_id)
WHERE portal_id = @portal::smallint AND request_id = @id::bigint AND ended_on IS NULL;

-- name: put_in_force :exec
UPDATE data_change
SET in_force_at = now()
WHERE portal_id = @portal::smallint AND request_id = @id::bigint;

-- name: confirm_by_person :exec
UPDATE data_change
SET confirmed_at = now(), confirmed_by = @staff::bigint
WHERE portal_id = @portal::smallint AND request_id = @id::bigint AND confirmed_at IS NULL;

-- What an import brought as it was decided, whatever its signs and diacritics.
-- name: confirm_by_book :exec
UPDATE data_change AS d
SET confirmed_at = now()
FROM client_request AS r
JOIN client AS c ON c.portal_id = r.portal_id AND c.id = r.client_id AND c.external_key IS NOT NULL
WHERE d.portal_id = @portal::smallint AND d.request_id = @id::bigint AND r.portal_id = d.portal_id
    AND r.id = d.request_id AND d.in_force_at IS NOT NULL AND d.confirmed_at IS NULL
    AND CASE
        WHEN d.field = 'name' THEN regexp_replace(fold(c.name), '[^[:alnum:]]+', ' ', 'g')
            = regexp_replace(fold(d.new_value), '[^[:alnum:]]+', ' ', 'g')
        WHEN d.field = 'address' THEN regexp_replace(fold(c.address), '[^[:alnum:]]+', ' ', 'g')
            = regexp_replace(fold(d.new_value), '[^[:alnum:]]+', ' ', 'g')
        WHEN d.field IN ('phone', 'email') THEN EXISTS (SELECT FROM contact AS k
            WHERE k.portal_id = c.portal_id AND k.client_id = c.id AND k.kind = d.field
                AND k.external_key IS NOT NULL AND lower(k.value) = lower(d.new_value))
        ELSE false END;

-- name: unconfirmed :one
SELECT count(*)::integer AS n
FROM data_change
WHERE portal_id = @portal::smallint AND request_id = @id::bigint AND confirmed_at IS NULL;
