-- What clients do for themselves through the portal API.

-- name: spend_device :exec
UPDATE account_device
SET wrong_sign_ins = wrong_sign_ins + 1
WHERE portal_id = @portal::smallint AND token_hash = @token_hash::bytea AND account_id = @account::bigint
    AND wrong_sign_ins < @limit::integer;

-- name: see_device :exec
UPDATE account_device
SET wrong_sign_ins = 0, seen_at = now()
WHERE portal_id = @portal::smallint AND token_hash = @token_hash::bytea AND account_id = @account::bigint;

-- name: add_device :exec
INSERT INTO account_device (portal_id, token_hash, account_id)
VALUES (@portal::smallint, @token_hash::bytea, @account::bigint);

-- What is overdue of the clients that the account acts for, or of one of them. `is_shown`: the user's rights let them see
-- it; what they may not see blocks all the same.
-- name: overdue_items :many
SELECT o.kind, o.number, o.due_on, o.amount_minor, o.currency, o.is_shown
FROM (
    SELECT 'invoice' AS kind, v.number, v.due_on, v.currency, 'invoices' = ANY (x.rights) AS is_shown,
        v.amount_minor - coalesce((SELECT sum(p.amount_minor) FROM payment AS p
            WHERE p.portal_id = v.portal_id AND p.invoice_id = v.id), 0)::bigint AS amount_minor
    FROM access AS x
    JOIN invoice AS v ON v.portal_id = x.portal_id AND v.client_id = x.client_id
        AND v.due_on < portal_today(v.portal_id)
    WHERE x.portal_id = @portal::smallint AND x.account_id = @account::bigint AND x.ended_at IS NULL
        AND (@client::bigint IS NULL OR x.client_id = @client)
    UNION ALL
    SELECT 'instalment', k.number || coalesce(' / ' || i.number, ''), i.due_on, i.currency,
        x.rights && '{contracts,invoices}'::text[], instalment_open_minor(i.portal_id, i.id)
    FROM access AS x
    JOIN contract AS k ON k.portal_id = x.portal_id AND k.client_id = x.client_id
    JOIN instalment AS i ON i.portal_id = k.portal_id AND i.contract_id = k.id AND i.invoice_id IS NULL
        AND i.due_on < portal_today(i.portal_id)
    WHERE x.portal_id = @portal::smallint AND x.account_id = @account::bigint AND x.ended_at IS NULL
        AND (@client::bigint IS NULL OR x.client_id = @client)
) AS o
WHERE o.amount_minor > 0
ORDER BY o.due_on, o.kind, o.number
LIMIT 100;

-- name: reminder_settings :one
SELECT remind_by, remind_days_before
FROM account
WHERE portal_id = @portal::smallint AND id = @account::bigint;

-- name: set_reminder_settings :exec
UPDATE account
SET remind_by = @remind_by::text, remind_days_before = @days::smallint, version = version + 1
WHERE portal_id = @portal::smallint AND id = @account::bigint;

-- The other users of the clients for which this account looks after users (M4).
-- name: company_users :many
SELECT a.id, a.login, a.person_name, a.state
FROM account AS a
WHERE a.portal_id = @portal::smallint AND a.state <> 'closed' AND a.id <> @account::bigint AND a.id IN (
    SELECT x.account_id
    FROM access AS own
    JOIN access AS x ON x.portal_id = own.portal_id AND x.client_id = own.client_id AND x.ended_at IS NULL
    WHERE own.portal_id = @portal AND own.account_id = @account AND own.ended_at IS NULL
        AND 'users' = ANY (own.rights))
ORDER BY a.person_name COLLATE by_name, a.id
LIMIT 200;
