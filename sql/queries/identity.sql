-- Verification of callers: cases, their steps, and what the record knows.

-- name: subject :first
SELECT c.name AS client_name, a.person_name, a.login,
    coalesce(a.phone, (SELECT k.value FROM contact AS k
        WHERE k.portal_id = c.portal_id AND k.client_id = c.id AND k.kind = 'phone' AND k.trusted
        ORDER BY k.id LIMIT 1)) AS phone,
    EXISTS (SELECT FROM client_restriction AS r WHERE r.portal_id = c.portal_id AND r.client_id = c.id) AS is_restricted
FROM client AS c
LEFT JOIN account AS a ON a.portal_id = c.portal_id AND a.id = @account::bigint
    AND EXISTS (SELECT FROM access AS x WHERE x.portal_id = c.portal_id AND x.account_id = a.id AND x.client_id = c.id)
WHERE c.portal_id = @portal::smallint AND c.id = @client::bigint;

-- A number that was changed lately proves nothing about who changed it: the account's own, or the client's where that
-- is the one to call. One that came with the client itself is no change.
-- name: changed_lately :one
SELECT CASE WHEN a.phone IS NOT NULL THEN EXISTS (SELECT FROM audit_event AS e
        WHERE e.portal_id = a.portal_id AND e.subject_kind = 'account' AND e.subject_id = a.id
            AND e.action = 'account.contact_changed' AND e.facts ->> 'kind' = 'phone'
            AND e.at > now() - make_interval(hours => @hours::integer))
    ELSE coalesce((SELECT greatest(k.created_at, k.changed_at)
            > greatest(c.created_at + interval '1 hour', now() - make_interval(hours => @hours::integer))
        FROM contact AS k
        WHERE k.portal_id = c.portal_id AND k.client_id = c.id AND k.kind = 'phone' AND k.trusted
        ORDER BY k.id
        LIMIT 1), false) END AS changed
FROM client AS c
LEFT JOIN account AS a ON a.portal_id = c.portal_id AND a.id = @account::bigint
WHERE c.portal_id = @portal::smallint AND c.id = @client::bigint;

-- name: people :many
SELECT a.id, a.person_name, a.login
FROM access AS x
JOIN account AS a ON a.portal_id = x.portal_id AND a.id = x.account_id AND a.state <> 'closed'
WHERE x.portal_id = @portal::smallint AND x.client_id = @client::bigint AND x.ended_at IS NULL
ORDER BY a.person_name COLLATE by_name, a.id
LIMIT 200;

-- name: questions :many
-- not null: question
SELECT DISTINCT f.question
FROM identity_facts(@portal::smallint, @client::bigint) AS f
WHERE f.value <> ''
ORDER BY f.question;

-- The answer as it was typed against the record; an insurer is known by the beginning of its name.
-- name: is_right :one
SELECT EXISTS (SELECT FROM identity_facts(@portal::smallint, @client::bigint) AS f
    WHERE f.question = @question::text AND f.value <> '' AND CASE @question::text
        WHEN 'insurer' THEN length(fold(trim(@answer::text))) >= 3 AND starts_with(f.value, fold(trim(@answer::text)))
        WHEN 'contract_end' THEN f.value = @answer::text
        WHEN 'invoice_amount' THEN f.value = @answer::text
        ELSE f.value = upper(regexp_replace(@answer::text, '[^[:alnum:]]', '', 'g')) END) AS is_right;

-- Attempts count for everybody who answers the phone, whoever of them took the call; those of an account whichever
-- client was named, as its proof does.
-- name: failures_lately :one
SELECT count(*)::integer AS failures
FROM verification AS v
WHERE v.portal_id = @portal::smallint AND v.state = 'failed' AND v.closed_at > now() - interval '24 hours'
    AND (v.account_id = @account::bigint
        OR @account::bigint IS NULL AND v.account_id IS NULL AND v.client_id = @client::bigint);

-- name: lapse :exec
UPDATE verification
SET state = 'lapsed', closed_at = now()
WHERE portal_id = @portal::smallint AND (client_id = @client::bigint OR account_id = @account::bigint)
    AND state = 'open' AND expires_at <= now();

-- No row: somebody else's case of this person is open.
-- name: open :first
INSERT INTO verification (portal_id, client_id, account_id, channel, strength, valid_minutes, opened_by, expires_at)
VALUES (@portal::smallint, @client::bigint, @account::bigint, @channel::text, @strength::text, @valid_minutes::integer,
    @staff::bigint, now() + make_interval(mins => @minutes::integer))
ON CONFLICT DO NOTHING
RETURNING id;

-- name: add_step :exec
INSERT INTO verification_step (portal_id, verification_id, position, kind, question)
VALUES (@portal::smallint, @verification::bigint, @position::smallint, @kind::text, @question::text);

-- One case, or the newest of a client.
-- name: cases :many
SELECT v.id, v.client_id, v.account_id, v.channel, v.strength, v.state, v.valid_minutes,
    o.name AS opened_by, v.expires_at <= now() AS is_late,
    v.opened_at AT TIME ZONE portal_zone(v.portal_id) AS opened,
    v.expires_at AT TIME ZONE portal_zone(v.portal_id) AS expires,
    v.closed_at AT TIME ZONE portal_zone(v.portal_id) AS closed,
    v.valid_until AT TIME ZONE portal_zone(v.portal_id) AS valid_until,
    portal_today(v.portal_id) AS today
FROM verification AS v
JOIN staff AS o ON o.id = v.opened_by
WHERE v.portal_id = @portal::smallint AND v.id IN (SELECT @verification::bigint UNION ALL
    (SELECT c.id FROM verification AS c
        WHERE c.portal_id = @portal::smallint AND c.client_id = @client::bigint
        ORDER BY c.id DESC LIMIT 20))
ORDER BY v.id DESC;

-- name: hold :first
SELECT id FROM verification
WHERE portal_id = @portal::smallint AND id = @verification::bigint
FOR UPDATE;

-- name: open_of :first
SELECT v.id, o.name AS opened_by
FROM verification AS v
JOIN staff AS o ON o.id = v.opened_by
WHERE v.portal_id = @portal::smallint AND v.state = 'open'
    AND (v.account_id = @account::bigint
        OR @account::bigint IS NULL AND v.account_id IS NULL AND v.client_id = @client::bigint);

-- name: steps :many
SELECT position, kind, question, result
FROM verification_step
WHERE portal_id = @portal::smallint AND verification_id = @verification::bigint
ORDER BY position;

-- name: decide_step :exec
UPDATE verification_step
SET result = @result::text, done_by = @staff::bigint, done_at = now()
WHERE portal_id = @portal::smallint AND verification_id = @verification::bigint AND position = @position::smallint
    AND result IS NULL;

-- name: close :exec
UPDATE verification
SET state = @state::text, closed_by = @staff::bigint, closed_at = now(),
    valid_until = CASE WHEN @state::text = 'passed' THEN now() + make_interval(mins => valid_minutes) END
WHERE portal_id = @portal::smallint AND id = @verification::bigint AND state = 'open';

-- name: void :exec
UPDATE verification
SET state = 'voided', closed_at = coalesce(closed_at, now())
WHERE portal_id = @portal::smallint AND account_id = @account::bigint
    AND (state = 'open' OR state = 'passed' AND valid_until > now());

-- The strongest proof that stands now. An account is the same person whichever client it acts for.
-- name: standing :first
SELECT v.id, v.strength, v.valid_until AT TIME ZONE portal_zone(v.portal_id) AS until, v.channel
FROM verification AS v
WHERE v.portal_id = @portal::smallint AND v.state = 'passed' AND v.valid_until > now()
    AND (v.account_id = @account::bigint
        OR @account::bigint IS NULL AND v.account_id IS NULL AND v.client_id = @client::bigint)
ORDER BY array_position(ARRAY['high', 'substantial', 'low'], v.strength), v.valid_until DESC
LIMIT 1;
