-- What staff do about one account; each change names the version that its decision rests on.

-- name: hold :first
SELECT a.id, a.version, a.state, a.lock_reason, a.login, a.person_name, a.phone, a.email, a.language, a.sms_password,
    a.realm, coalesce(a.wait_until > now(), false) AS is_waiting,
    EXISTS (SELECT FROM incident AS i WHERE i.portal_id = a.portal_id AND i.account_id = a.id
        AND i.closed_at IS NULL) AS has_incident
FROM account AS a
WHERE a.portal_id = @portal::smallint AND a.id = @account::bigint
FOR UPDATE;

-- name: lock :exec
UPDATE account
SET locked_from = state, state = 'locked', locked_at = now(), lock_reason = @reason::text, version = version + 1
WHERE portal_id = @portal::smallint AND id = @account::bigint AND state IN ('invited', 'active');

-- What kept the owner waiting goes with the lock, and alone where there is no lock yet.
-- name: unlock :exec
UPDATE account
SET state = coalesce(locked_from, state), locked_from = NULL, locked_at = NULL, lock_reason = NULL, wrong_sign_ins = 0,
    wait_until = NULL, version = version + 1
WHERE portal_id = @portal::smallint AND id = @account::bigint
    AND (state = 'locked' OR state IN ('invited', 'active') AND wait_until > now());

-- A lock that stands already becomes one for the threat.
-- name: mark_threat :exec
UPDATE account
SET lock_reason = 'threat', version = version + 1
WHERE portal_id = @portal::smallint AND id = @account::bigint AND state = 'locked';

-- name: touch :exec
UPDATE account
SET version = version + 1
WHERE portal_id = @portal::smallint AND id = @account::bigint;

-- An account that acts for somebody stays; one that is closed keeps no password.
-- name: close :exec
UPDATE account AS a
SET state = 'closed', locked_from = NULL, locked_at = NULL, lock_reason = NULL, password_hash = NULL,
    version = version + 1
WHERE a.portal_id = @portal::smallint AND a.id = @account::bigint AND a.state <> 'closed'
    AND NOT EXISTS (SELECT FROM access AS x
        WHERE x.portal_id = a.portal_id AND x.account_id = a.id AND x.ended_at IS NULL);

-- name: void_all_codes :exec
UPDATE account_code
SET voided_at = now()
WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND used_at IS NULL AND voided_at IS NULL;

-- name: forgive_devices :exec
UPDATE account_device
SET wrong_sign_ins = 0
WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND wrong_sign_ins > 0;

-- name: forget_devices :exec
DELETE FROM account_device
WHERE portal_id = @portal::smallint AND account_id = @account::bigint;

-- name: end_accesses :exec
UPDATE access
SET ended_at = now()
WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND ended_at IS NULL;

-- name: end_access :exec
UPDATE access
SET ended_at = now()
WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND client_id = @client::bigint
    AND ended_at IS NULL;

-- name: has_access :one
SELECT EXISTS (SELECT FROM access
    WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND client_id = @client::bigint
        AND ended_at IS NULL) AS has_access;

-- name: client_of_number :first
SELECT id AS client_id, name
FROM client
WHERE portal_id = @portal::smallint AND customer_number = @number::text;

-- Where a client as such is told of something.
-- name: contact_of_client :first
SELECT c.language,
    (SELECT k.value FROM contact AS k WHERE k.portal_id = c.portal_id AND k.client_id = c.id AND k.trusted
        AND k.kind = 'phone' ORDER BY k.id LIMIT 1) AS phone,
    (SELECT k.value FROM contact AS k WHERE k.portal_id = c.portal_id AND k.client_id = c.id AND k.trusted
        AND k.kind = 'email' ORDER BY k.id LIMIT 1) AS email
FROM client AS c
WHERE c.portal_id = @portal::smallint AND c.id = @client::bigint;

-- name: client_name :first
SELECT name FROM client WHERE portal_id = @portal::smallint AND id = @client::bigint;

-- name: open_incident :first
INSERT INTO incident (portal_id, account_id, client_id, reason, sessions_ended, codes_voided, opened_by)
VALUES (@portal::smallint, @account::bigint, @client::bigint, @reason::text, @sessions::integer, @codes::integer,
    @staff::bigint)
ON CONFLICT (portal_id, account_id) WHERE closed_at IS NULL DO NOTHING
RETURNING id;

-- name: close_incident :exec
UPDATE incident
SET closed_at = now(), closed_by = @staff::bigint, outcome = @outcome::text
WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND closed_at IS NULL;

-- name: incident_of_account :first
SELECT i.id, i.reason, i.sessions_ended, i.codes_voided, s.name AS opened_by,
    i.opened_at AT TIME ZONE portal_zone(i.portal_id) AS opened
FROM incident AS i
JOIN staff AS s ON s.id = i.opened_by
WHERE i.portal_id = @portal::smallint AND i.account_id = @account::bigint AND i.closed_at IS NULL;

-- What may keep somebody from signing in: of one account, or of a client's, those that are not active first.
-- name: standings :many
SELECT a.id, a.version, a.state, a.lock_reason, a.login, a.person_name, a.wrong_sign_ins, a.sms_password,
    a.phone, a.email,
    a.locked_at AT TIME ZONE portal_zone(a.portal_id) AS locked,
    CASE WHEN a.wait_until > now() THEN a.wait_until AT TIME ZONE portal_zone(a.portal_id) END AS wait_until,
    a.last_sign_in_at AT TIME ZONE portal_zone(a.portal_id) AS last_sign_in,
    EXISTS (SELECT FROM access AS x WHERE x.portal_id = a.portal_id AND x.account_id = a.id AND x.ended_at IS NULL)
        AS has_access,
    (SELECT max(k.expires_at) AT TIME ZONE portal_zone(a.portal_id) FROM account_code AS k
        WHERE k.portal_id = a.portal_id AND k.account_id = a.id AND k.used_at IS NULL AND k.voided_at IS NULL
            AND k.expires_at > now() AND k.purpose <> 'second_step') AS code_until,
    m.id AS message_id, m.kind AS message_kind, m.state AS message_state,
    (SELECT count(*)::integer FROM account_session AS s WHERE s.portal_id = a.portal_id AND s.account_id = a.id
        AND s.ended_at IS NULL AND s.expires_at > now() AND s.seen_at > now() - interval '15 minutes') AS sessions,
    (SELECT count(*)::integer FROM account_device AS d WHERE d.portal_id = a.portal_id AND d.account_id = a.id)
        AS devices,
    EXISTS (SELECT FROM incident AS i WHERE i.portal_id = a.portal_id AND i.account_id = a.id AND i.closed_at IS NULL)
        AS has_incident,
    portal_today(a.portal_id) AS today
FROM account AS a
LEFT JOIN LATERAL (SELECT m.id, m.kind, m.state FROM message AS m
    WHERE m.portal_id = a.portal_id AND m.subject_kind = 'account' AND m.subject_id = a.id AND m.secret
        AND m.planned_at > now() - interval '3 days'
    ORDER BY m.id DESC LIMIT 1) AS m ON true
WHERE a.portal_id = @portal::smallint AND (a.state <> 'closed' OR a.id = @account::bigint)
    AND a.id IN (SELECT @account::bigint UNION ALL SELECT x.account_id FROM access AS x
        WHERE x.portal_id = @portal::smallint AND x.client_id = @client::bigint
            AND (x.ended_at IS NULL OR x.ended_at > now() - interval '180 days'))
ORDER BY a.state = 'active', a.person_name COLLATE by_name, a.id
LIMIT 4;

-- A link is found by its hash and used up at once.
-- name: use_link :first
UPDATE account_code AS k
SET used_at = now()
FROM account AS a
WHERE k.portal_id = @portal::smallint AND k.code_hash = @code_hash::bytea
    AND k.purpose IN ('activation_link', 'recovery_link')
    AND k.used_at IS NULL AND k.voided_at IS NULL AND k.expires_at > now()
    AND a.portal_id = k.portal_id AND a.id = k.account_id AND a.state IN ('invited', 'active')
RETURNING k.account_id, k.purpose;
