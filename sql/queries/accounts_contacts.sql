-- Another phone or e-mail of an account: asked for, approved, waiting for a word from the old one.

-- Who bears this phone or address already, or signs in with it.
-- name: is_in_use :one
SELECT EXISTS (SELECT FROM account AS a
    WHERE a.portal_id = @portal::smallint AND a.id <> @account::bigint AND a.state <> 'closed'
        AND (CASE @kind::text WHEN 'phone' THEN a.phone = @value::text ELSE lower(a.email) = lower(@value::text) END
            OR a.realm = 0 AND lower(a.login) = lower(@login::text))) AS is_in_use;

-- No row: a change of this kind is open already.
-- name: ask :first
INSERT INTO contact_change (portal_id, account_id, client_id, kind, old_value, new_value, reason, state,
    verification_id, asked_by)
VALUES (@portal::smallint, @account::bigint, @client::bigint, @kind::text, @old_value::text, @new_value::text,
    @reason::text, 'asked', @verification::bigint, @staff::bigint)
ON CONFLICT (portal_id, account_id, kind) WHERE state IN ('asked', 'waiting') DO NOTHING
RETURNING id;

-- name: approve :first
-- not null: effective_at
UPDATE contact_change
SET state = 'waiting', decided_by = @staff::bigint, decided_at = now(), stop_hash = @stop_hash::bytea,
    effective_at = now() + make_interval(hours => @hours::integer)
WHERE portal_id = @portal::smallint AND id = @change::bigint AND state = 'asked'
RETURNING effective_at;

-- The client asked while signed in: there is no second person, but the same wait.
-- name: ask_oneself :first
-- not null: effective_at
INSERT INTO contact_change (portal_id, account_id, client_id, kind, old_value, new_value, reason, state, stop_hash,
    effective_at)
VALUES (@portal::smallint, @account::bigint, @client::bigint, @kind::text, @old_value::text, @new_value::text,
    'client', 'waiting', @stop_hash::bytea, now() + make_interval(hours => @hours::integer))
ON CONFLICT (portal_id, account_id, kind) WHERE state IN ('asked', 'waiting') DO NOTHING
RETURNING id, effective_at;

-- name: decline :exec
UPDATE contact_change
SET state = 'declined', decided_by = @staff::bigint, decided_at = now(), settled_at = now()
WHERE portal_id = @portal::smallint AND id = @change::bigint AND state = 'asked';

-- name: stop :exec
UPDATE contact_change
SET state = 'stopped', settled_at = now()
WHERE portal_id = @portal::smallint AND id = @change::bigint AND state IN ('asked', 'waiting');

-- name: stop_all :exec
UPDATE contact_change
SET state = 'stopped', settled_at = now()
WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND state IN ('asked', 'waiting');

-- name: of_stop_link :first
SELECT id, account_id, client_id, kind, old_value, new_value, asked_by, state
FROM contact_change
WHERE portal_id = @portal::smallint AND stop_hash = @stop_hash::bytea AND state = 'waiting'
FOR UPDATE;

-- name: hold_change :first
SELECT id, account_id, client_id, kind, old_value, new_value, asked_by, state
FROM contact_change
WHERE portal_id = @portal::smallint AND id = @change::bigint
FOR UPDATE;

-- name: open_of_account :many
SELECT c.id, c.kind, c.old_value, c.new_value, c.reason, c.state, c.asked_by, s.name AS asked_by_name,
    c.asked_at AT TIME ZONE portal_zone(c.portal_id) AS asked,
    c.effective_at AT TIME ZONE portal_zone(c.portal_id) AS effective
FROM contact_change AS c
LEFT JOIN staff AS s ON s.id = c.asked_by
WHERE c.portal_id = @portal::smallint AND c.account_id = @account::bigint AND c.state IN ('asked', 'waiting')
ORDER BY c.id;

-- When it takes effect, by the portal's clock.
-- name: effective :one
-- not null: effective
SELECT effective_at AT TIME ZONE portal_zone(portal_id) AS effective
FROM contact_change
WHERE portal_id = @portal::smallint AND id = @change::bigint;

-- name: apply :exec
UPDATE contact_change
SET state = 'applied', settled_at = now()
WHERE portal_id = @portal::smallint AND id = @change::bigint AND state = 'waiting' AND effective_at <= now();

-- name: lapse :exec
UPDATE contact_change
SET state = 'lapsed', settled_at = now()
WHERE portal_id = @portal::smallint AND id = @change::bigint AND state = 'waiting';

-- Where the contact is what one signs in with, the login changes with it.
-- name: set_contact :exec
UPDATE account
SET phone = CASE WHEN @kind::text = 'phone' THEN @value::text ELSE phone END,
    email = CASE WHEN @kind::text = 'email' THEN @value::text ELSE email END,
    login = coalesce(@login::text, login), version = version + 1
WHERE portal_id = @portal::smallint AND id = @account::bigint AND state <> 'closed';

-- name: drop_terms :exec
DELETE FROM account_term
WHERE portal_id = @portal::smallint AND account_id = @account::bigint;

-- name: void_codes_of_old_contact :exec
UPDATE account_code
SET voided_at = now()
WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND used_at IS NULL AND voided_at IS NULL;

-- name: today :one
SELECT portal_today(@portal::smallint) AS today;
