-- What ends when a client's way into the portal ends for good.

-- name: end_accesses :many
UPDATE access
SET ended_at = now()
WHERE portal_id = @portal::smallint AND client_id = @client::bigint AND ended_at IS NULL
RETURNING account_id;
