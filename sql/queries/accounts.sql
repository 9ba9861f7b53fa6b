-- Accounts of the portals: made by activation, used through the portal API.

-- name: reserve_company_code :exec
INSERT INTO company_code (portal_id, application_id, code_hash, sealed, key_id)
VALUES (@portal::smallint, @application::bigint, @code_hash::bytea, @sealed::bytea, @key_id::text)
ON CONFLICT DO NOTHING;

-- name: find_company_code :first
SELECT sealed, key_id, application_id
FROM company_code
WHERE portal_id = @portal::smallint AND application_id = @application::bigint;

-- A client that has a code keeps it: a later application of the same company speaks of the same code.
-- name: company_code_of_client :first
SELECT sealed, key_id, application_id
FROM company_code
WHERE portal_id = @portal::smallint AND client_id = @client::bigint
ORDER BY application_id
LIMIT 1;

-- name: bind_company_code :exec
UPDATE company_code
SET client_id = @client::bigint
WHERE portal_id = @portal::smallint AND application_id = @application::bigint AND client_id IS NULL;

-- name: client_of_company_code :first
-- not null: client_id
SELECT client_id
FROM company_code
WHERE portal_id = @portal::smallint AND code_hash = @code_hash::bytea AND client_id IS NOT NULL;

-- name: add_account :one
INSERT INTO account (portal_id, realm, login, person_name, phone, email, language, sms_password,
    remind_days_before, remind_by, application_id)
VALUES (@portal::smallint, @realm::bigint, @login::text, @person_name::text, @phone::text, @email::text,
    @language::text, @sms_password::boolean, @remind_days_before::smallint, @remind_by::text, @application::bigint)
RETURNING id;

-- name: add_access :exec
INSERT INTO access (portal_id, account_id, client_id, rights)
VALUES (@portal::smallint, @account::bigint, @client::bigint, @rights::text[])
ON CONFLICT (portal_id, account_id, client_id) DO UPDATE SET rights = excluded.rights, ended_at = NULL,
    since = CASE WHEN access.ended_at IS NULL THEN access.since ELSE now() END;

-- Words of the name are found by their beginning, phones by their end.
-- name: add_account_terms :exec
INSERT INTO account_term (portal_id, term, kind, account_id)
SELECT a.portal_id, t.term, t.kind, a.id
FROM account AS a
CROSS JOIN LATERAL (
    SELECT word AS term, 'name' AS kind FROM regexp_split_to_table(fold(a.person_name), '[^[:alnum:]]+') AS word
    UNION
    SELECT fold(a.login), 'login'
    UNION
    SELECT reverse(regexp_replace(a.phone, '[^0-9]', '', 'g')), 'phone'
    UNION
    SELECT lower(a.email), 'email'
) AS t
WHERE a.portal_id = @portal::smallint AND a.id = @account::bigint AND t.term <> ''
ON CONFLICT DO NOTHING;

-- name: account_of_login :first
SELECT id, state, login, person_name, phone, email, language, sms_password, password_hash, wrong_sign_ins, realm
FROM account
WHERE portal_id = @portal::smallint AND realm = @realm::bigint AND lower(login) = lower(@login::text)
    AND state <> 'closed';

-- name: has_live_access :one
SELECT EXISTS (SELECT FROM access
    WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND ended_at IS NULL) AS has_access;

-- name: void_codes :exec
UPDATE account_code
SET voided_at = now()
WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND purpose = @purpose::text
    AND used_at IS NULL AND voided_at IS NULL;

-- name: add_code :exec
INSERT INTO account_code (portal_id, account_id, purpose, code_hash, expires_at)
VALUES (@portal::smallint, @account::bigint, @purpose::text, @code_hash::bytea,
    now() + make_interval(mins => @minutes::integer));

-- How many codes of a purpose went out lately: the limit against pumping messages out of us.
-- name: codes_lately :one
SELECT count(*)::integer AS codes
FROM account_code
WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND purpose = @purpose::text
    AND created_at > now() - interval '15 minutes';

-- A try is counted before the code is looked at, so that parallel guesses cannot pass the limit.
-- name: spend_try :first
UPDATE account_code
SET tries = tries + 1
WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND purpose = @purpose::text
    AND used_at IS NULL AND voided_at IS NULL AND expires_at > now() AND tries < @limit::integer
RETURNING id, code_hash;

-- name: use_code :exec
UPDATE account_code
SET used_at = now()
WHERE portal_id = @portal::smallint AND id = @id::bigint AND used_at IS NULL AND voided_at IS NULL;

-- A try is taken before the password is looked at; no row means that the profile's budget is spent, or that the wait
-- after earlier tries is not over. From the second in a row on the wait begins, and doubles up to a quarter of an hour.
-- name: spend_sign_in :first
UPDATE account
SET wrong_sign_ins = wrong_sign_ins + 1,
    wait_until = CASE WHEN wrong_sign_ins >= 1 AND @delay::integer > 0
        THEN now() + make_interval(secs => least(900, @delay::integer * power(2, least(wrong_sign_ins - 1, 16)))) END
WHERE portal_id = @portal::smallint AND id = @account::bigint AND state IN ('invited', 'active')
    AND wrong_sign_ins < @limit::integer AND (wait_until IS NULL OR wait_until <= now())
RETURNING wrong_sign_ins;

-- With @waited a wait that runs yet is waited for: a right password may be on its way in it.
-- name: lock_after_wrong_sign_ins :exec
UPDATE account
SET locked_from = state, state = 'locked', locked_at = now(), lock_reason = 'wrong_sign_ins', version = version + 1
WHERE portal_id = @portal::smallint AND id = @account::bigint AND state IN ('invited', 'active')
    AND wrong_sign_ins >= @limit::integer AND (NOT @waited::boolean OR coalesce(wait_until <= now(), true));

-- name: forgive_wrong_sign_ins :exec
UPDATE account
SET wrong_sign_ins = 0, wait_until = NULL
WHERE portal_id = @portal::smallint AND id = @account::bigint AND wrong_sign_ins > 0;

-- name: note_sign_in :exec
UPDATE account
SET last_sign_in_at = now()
WHERE portal_id = @portal::smallint AND id = @account::bigint AND state = 'active';

-- name: set_password :exec
UPDATE account
SET password_hash = @hash::text, password_set_at = now(), state = 'active', wrong_sign_ins = 0,
    wait_until = NULL, version = version + 1
WHERE portal_id = @portal::smallint AND id = @account::bigint AND state IN ('invited', 'active');

-- name: open_session :exec
INSERT INTO account_session (portal_id, token_hash, account_id, step, expires_at)
VALUES (@portal::smallint, @token_hash::bytea, @account::bigint, @step::text,
    now() + make_interval(mins => @minutes::integer));

-- Idle for 15 minutes ends a session too; a look renews it. A locked or closed account has no session.
-- name: use_session :first
UPDATE account_session AS s
SET seen_at = now()
FROM account AS a
WHERE s.portal_id = @portal::smallint AND s.token_hash = @token_hash::bytea AND s.ended_at IS NULL
    AND s.expires_at > now() AND s.seen_at > now() - interval '15 minutes'
    AND a.portal_id = s.portal_id AND a.id = s.account_id AND a.state IN ('invited', 'active')
RETURNING s.account_id, s.step, a.login, a.person_name, a.language, a.state, a.phone, a.email, a.password_hash;

-- name: end_session :exec
UPDATE account_session
SET ended_at = now()
WHERE portal_id = @portal::smallint AND token_hash = @token_hash::bytea AND ended_at IS NULL;

-- name: end_sessions_of_account :exec
UPDATE account_session
SET ended_at = now()
WHERE portal_id = @portal::smallint AND account_id = @account::bigint AND ended_at IS NULL;

-- name: accesses_of_account :many
SELECT c.id AS client_id, c.name, c.customer_number, x.rights
FROM access AS x
JOIN client AS c ON c.portal_id = x.portal_id AND c.id = x.client_id
WHERE x.portal_id = @portal::smallint AND x.account_id = @account::bigint AND x.ended_at IS NULL
ORDER BY c.name COLLATE by_name, c.id;

-- name: accounts_of_client :many
SELECT a.id, a.login, a.person_name, a.phone, a.email, a.state, a.lock_reason, x.rights,
    a.last_sign_in_at AT TIME ZONE portal_zone(a.portal_id) AS last_sign_in,
    (SELECT max(k.expires_at) AT TIME ZONE portal_zone(a.portal_id) FROM account_code AS k
        WHERE k.portal_id = a.portal_id AND k.account_id = a.id AND k.purpose = 'first_sign_in'
            AND k.used_at IS NULL AND k.voided_at IS NULL AND k.expires_at > now()) AS code_until
FROM access AS x
JOIN account AS a ON a.portal_id = x.portal_id AND a.id = x.account_id
WHERE x.portal_id = @portal::smallint AND x.client_id = @client::bigint AND x.ended_at IS NULL
ORDER BY a.person_name COLLATE by_name, a.id
LIMIT 50;

-- name: account_detail :first
SELECT a.id, a.realm, a.login, a.state, a.person_name, a.phone, a.email, a.language, a.sms_password,
    a.wrong_sign_ins, a.lock_reason, a.remind_days_before, a.remind_by, a.application_id,
    a.locked_at AT TIME ZONE portal_zone(a.portal_id) AS locked,
    a.last_sign_in_at AT TIME ZONE portal_zone(a.portal_id) AS last_sign_in,
    a.created_at AT TIME ZONE portal_zone(a.portal_id) AS created
FROM account AS a
WHERE a.portal_id = @portal::smallint AND a.id = @account::bigint;

-- name: find_portal_key :first
SELECT id FROM portal_key
WHERE portal_id = @portal::smallint AND key_hash = @key_hash::bytea AND revoked_at IS NULL;

-- name: add_portal_key :one
INSERT INTO portal_key (portal_id, key_hash, name)
VALUES (@portal::smallint, @key_hash::bytea, @name::text)
RETURNING id;

-- name: revoke_portal_key :exec
UPDATE portal_key SET revoked_at = now()
WHERE portal_id = @portal::smallint AND id = @id::bigint AND revoked_at IS NULL;

-- name: portal_keys :many
SELECT id, name, created_at AT TIME ZONE portal_zone(portal_id) AS created,
    revoked_at AT TIME ZONE portal_zone(portal_id) AS revoked
FROM portal_key
WHERE portal_id = @portal::smallint
ORDER BY id DESC
LIMIT 100;

-- name: key_ids_in_use :many
SELECT DISTINCT key_id FROM company_code;

-- name: accounts_of_applications :many
-- not null: application_id
SELECT login, state, application_id
FROM account
WHERE portal_id = @portal::smallint AND application_id IS NOT NULL
ORDER BY id
LIMIT 500;
