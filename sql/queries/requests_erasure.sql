-- The register, plans of erasure and what came of them.

-- Only the owner's rights suffice for what it does.
-- name: install_register :one
SELECT install_register(@register::jsonb);

-- The client whom an erasure is about, held until it is planned or done.
-- name: hold_client :first
SELECT id FROM client WHERE portal_id = @portal::smallint AND id = @client::bigint FOR NO KEY UPDATE;

-- name: find_erasure :first
SELECT e.id, e.client_id, e.request_id, e.state, encode(e.plan_hash, 'hex') AS plan_hash, e.made_by,
    m.name AS made_by_name, e.made_at AT TIME ZONE portal_zone(e.portal_id) AS made_at, e.approved_by,
    a.name AS approved_by_name, e.approved_at AT TIME ZONE portal_zone(e.portal_id) AS approved_at, e.executed_by,
    x.name AS executed_by_name, e.executed_at AT TIME ZONE portal_zone(e.portal_id) AS executed_at,
    (e.finished_at AT TIME ZONE portal_zone(e.portal_id))::date AS finished_on, e.next_on, e.pseudonym, e.version,
    portal_today(e.portal_id) AS today
FROM erasure AS e
JOIN staff AS m ON m.id = e.made_by
LEFT JOIN staff AS a ON a.id = e.approved_by
LEFT JOIN staff AS x ON x.id = e.executed_by
WHERE e.portal_id = @portal::smallint AND e.client_id = @client::bigint AND e.state <> 'dropped';

-- name: lock_erasure :first
SELECT id FROM erasure WHERE portal_id = @portal::smallint AND client_id = @client::bigint AND state <> 'dropped' FOR UPDATE;

-- The plan's lines are stored next, and then what they come to.
-- name: add_erasure :one
INSERT INTO erasure (portal_id, client_id, request_id, plan_hash, made_by)
VALUES (@portal::smallint, @client::bigint, @request::bigint, '', @staff::bigint)
RETURNING id;

-- name: renew_erasure :exec
UPDATE erasure
SET state = 'planned', made_by = @staff::bigint, made_at = now(), approved_by = NULL, approved_at = NULL,
    version = version + 1
WHERE portal_id = @portal::smallint AND id = @erasure::bigint;

-- name: clear_lines :exec
DELETE FROM erasure_line WHERE portal_id = @portal::smallint AND erasure_id = @erasure::bigint;

-- name: add_lines :exec
INSERT INTO erasure_line (portal_id, erasure_id, table_name, column_name, class, meaning, action, reason, until, cells)
SELECT @portal::smallint, @erasure::bigint, l.table_name, l.column_name, l.class, l.meaning, l.action, l.reason, l.until,
    l.cells
FROM erasure_lines(@portal::smallint, @client::bigint) AS l;

-- name: set_hash :exec
UPDATE erasure
SET plan_hash = stored_plan_hash(portal_id, id)
WHERE portal_id = @portal::smallint AND id = @erasure::bigint;

-- name: live_hash :one
SELECT encode(live_plan_hash(@portal::smallint, @client::bigint), 'hex');

-- name: approve_erasure :exec
UPDATE erasure
SET state = 'approved', approved_by = @staff::bigint, approved_at = now(), version = version + 1
WHERE portal_id = @portal::smallint AND id = @erasure::bigint AND state = 'planned';

-- name: return_erasure :exec
UPDATE erasure
SET state = 'planned', approved_by = NULL, approved_at = NULL, version = version + 1
WHERE portal_id = @portal::smallint AND id = @erasure::bigint AND state IN ('planned', 'approved');

-- name: drop_erasure :exec
UPDATE erasure
SET state = 'dropped', version = version + 1
WHERE portal_id = @portal::smallint AND id = @erasure::bigint AND state IN ('planned', 'approved');

-- name: erase_client :one
SELECT erase_client(@portal::smallint, @erasure::bigint, @staff::bigint);

-- name: continue_erasure :one
SELECT continue_erasure(@portal::smallint, @erasure::bigint);

-- After a restore, with what the ledger outside says; only the owner's rights suffice.
-- name: replay_erasure :one
SELECT replay_erasure(@portal::smallint, @client::bigint, @pseudonym::text, @made_by::bigint, @approved_by::bigint,
    @executed_by::bigint);

-- The request that an erasure answers, kept until the transaction ends.
-- name: open_request :first
SELECT id, state, decided_by
FROM client_request
WHERE portal_id = @portal::smallint AND client_id = @client::bigint AND kind = 'erasure' AND closed_at IS NULL
ORDER BY id
LIMIT 1
FOR NO KEY UPDATE;

-- What makes a second erasure needless: one that was carried out, or an earlier request for it that is still open.
-- name: earlier_erasures :many
SELECT e.kind, e.number, NULL::date AS due_on, NULL::bigint AS amount_minor, NULL::text AS currency
FROM (
    SELECT 'erasure' AS kind, x.id::text AS number
    FROM erasure AS x
    WHERE x.portal_id = @portal::smallint AND x.client_id = @client::bigint AND x.state IN ('partial', 'done')
    UNION ALL
    SELECT 'request', r.id::text
    FROM client_request AS r
    WHERE r.portal_id = @portal::smallint AND r.client_id = @client::bigint AND r.kind = 'erasure'
        AND r.closed_at IS NULL AND r.id < @request::bigint
) AS e
ORDER BY e.kind, e.number;

-- name: leave_request_partial :exec
UPDATE client_request SET state = 'partial', version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint AND state = 'notified';

-- name: close_partial_request :exec
UPDATE client_request SET state = 'closed', closed_at = now(), version = version + 1
WHERE portal_id = @portal::smallint AND client_id = @client::bigint AND kind = 'erasure' AND state = 'partial';

-- Erasures of which something more may be due: a reason has ended, or none has a date.
-- name: due_erasures :many
SELECT id, client_id
FROM erasure
WHERE portal_id = @portal::smallint AND state = 'partial'
    AND (next_on IS NULL OR next_on < portal_today(@portal::smallint))
ORDER BY id;

-- A line of a stored plan with the rule that keeps it.
-- name: lines_of_erasure :many
SELECT l.table_name, l.column_name, l.class, l.meaning, l.action, l.reason, nullif(l.until, 'infinity') AS until,
    l.cells, l.remaining, p.law, (l.done_at AT TIME ZONE portal_zone(l.portal_id))::date AS done_on
FROM erasure_line AS l
JOIN portal AS o ON o.id = l.portal_id
LEFT JOIN retention_period AS p ON p.country = o.country AND p.class = l.class AND l.reason = 'law'
WHERE l.portal_id = @portal::smallint AND l.erasure_id = @erasure::bigint
ORDER BY l.class, l.table_name, l.column_name;

-- Contracts that have not ended: who has one is a client and not a memory.
-- name: running_contracts :many
SELECT number
FROM contract
WHERE portal_id = @portal::smallint AND client_id = @client::bigint
    AND contract_state(starts_on, ends_on, ended_on, portal_today(@portal::smallint)) <> 'ended'
ORDER BY number
LIMIT 20;

-- name: holds_of_client :many
SELECT h.id, h.class, h.reason, h.review_on, s.name AS placed_by_name,
    (h.placed_at AT TIME ZONE portal_zone(h.portal_id))::date AS placed_on
FROM erasure_hold AS h
JOIN staff AS s ON s.id = h.placed_by
WHERE h.portal_id = @portal::smallint AND h.client_id = @client::bigint AND h.released_at IS NULL
ORDER BY h.id;

-- name: place_hold :one
INSERT INTO erasure_hold (portal_id, client_id, reason, review_on, placed_by)
VALUES (@portal::smallint, @client::bigint, @reason::text, @review_on::date, @staff::bigint)
RETURNING id;

-- name: release_hold :exec
UPDATE erasure_hold
SET released_by = @staff::bigint, released_at = now()
WHERE portal_id = @portal::smallint AND client_id = @client::bigint AND id = @hold::bigint AND released_at IS NULL;

-- name: restriction_of_client :first
SELECT r.until, (r.since AT TIME ZONE portal_zone(r.portal_id))::date AS since
FROM client_restriction AS r
WHERE r.portal_id = @portal::smallint AND r.client_id = @client::bigint;

-- What the certificate calls the client by, and when it is written.
-- name: subject_of_erasure :first
SELECT name, kind, country, language, customer_number
FROM client
WHERE portal_id = @portal::smallint AND id = @client::bigint;
