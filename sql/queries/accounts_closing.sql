-- What ends when a client's way into the portal ends for good.

-- name: end_accesses :many
UPDATE access
SET ended_at = now()
WHERE portal_id = @portal::smallint AND client_id = @client::bigint AND ended_at IS NULL
RETURNING account_id;

-- Closes those of these accounts that act for nobody any more; answers which.
-- name: close_idle_accounts :many
UPDATE account AS a
SET state = 'closed', locked_at = NULL, locked_from = NULL, lock_reason = NULL, password_hash = NULL,
    version = version + 1
WHERE a.portal_id = @portal::smallint AND a.id = ANY (@accounts::bigint[]) AND a.state <> 'closed'
    AND NOT EXISTS (SELECT FROM access AS x
        WHERE x.portal_id = a.portal_id AND x.account_id = a.id AND x.ended_at IS NULL)
RETURNING a.id;

-- name: end_sessions_of_accounts :exec
UPDATE account_session
SET ended_at = now()
WHERE portal_id = @portal::smallint AND account_id = ANY (@accounts::bigint[]) AND ended_at IS NULL;

-- name: void_codes_of_accounts :exec
UPDATE account_code
SET voided_at = now()
WHERE portal_id = @portal::smallint AND account_id = ANY (@accounts::bigint[]) AND used_at IS NULL
    AND voided_at IS NULL;
