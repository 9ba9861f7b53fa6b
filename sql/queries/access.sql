-- Staff, their roles, and how they sign in.

-- Somebody whose session is good. The scope learns who it is, so that the next statement may read their roles. An idle
-- session ends after 15 minutes; it is written only when it was last seen a while ago, and never for an autosave.
-- name: use_session :first
WITH found AS (
    SELECT s.token_hash, s.seen_at, f.id, f.login, f.name, f.language
    FROM staff_session AS s
    JOIN staff AS f ON f.id = s.staff_id AND f.state = 'active'
    WHERE s.token_hash = ANY (@hashes::bytea[]) AND s.step = 'full' AND s.ended_at IS NULL
        AND s.ends_at > now() AND s.seen_at > now() - interval '15 minutes'
), seen AS (
    UPDATE staff_session AS s
    SET seen_at = now()
    FROM found AS f
    WHERE s.token_hash = f.token_hash AND @renews::boolean AND f.seen_at < now() - interval '15 seconds'
)
SELECT f.token_hash, f.id, f.login, f.name, f.language,
    set_config('portaldesk.staff', f.id::text, true) AS scope
FROM found AS f;

-- name: roles_of_staff :many
SELECT portal_id, role
FROM staff_role
WHERE staff_id = @staff::bigint
ORDER BY portal_id, role;

-- name: find_for_sign_in :first
SELECT f.id, f.state, f.password_hash, EXISTS (
        SELECT FROM staff_device AS d WHERE d.staff_id = f.id AND d.device_hash = ANY (@devices::bytea[])) AS knows_device
FROM staff AS f
WHERE f.login = @login::text;

-- Counted in one order, so that two attempts never wait for each other in a circle.
-- name: spend_budget :many
INSERT INTO sign_in_budget AS b (bucket, window_starts, spent)
SELECT bucket, now(), 1
FROM unnest(@buckets::bytea[]) AS bucket
ORDER BY bucket
ON CONFLICT (bucket) DO UPDATE
SET spent = CASE WHEN b.window_starts < now() - interval '15 minutes' THEN 1 ELSE b.spent + 1 END,
    window_starts = CASE WHEN b.window_starts < now() - interval '15 minutes' THEN now() ELSE b.window_starts END
RETURNING bucket, spent;

-- name: forgive_budget :exec
DELETE FROM sign_in_budget WHERE bucket = ANY (@buckets::bytea[]);

-- name: return_budget :exec
UPDATE sign_in_budget AS b
SET spent = b.spent - 1
FROM (SELECT bucket FROM sign_in_budget WHERE bucket = ANY (@buckets::bytea[]) ORDER BY bucket FOR UPDATE) AS mine
WHERE b.bucket = mine.bucket AND b.spent > 0;

-- name: open_session :exec
INSERT INTO staff_session (token_hash, staff_id, step, browser, ends_at)
VALUES (@hash::bytea, @staff::bigint, @step::text, @browser::text, now() + make_interval(mins => @minutes::integer));

-- Counted before the code is looked at; the row stays locked until the answer is known.
-- name: spend_code_try :first
UPDATE staff_session AS s
SET tries = s.tries + 1
FROM staff AS f
WHERE s.token_hash = ANY (@hashes::bytea[]) AND s.step = 'password' AND s.ended_at IS NULL AND s.ends_at > now()
    AND s.tries < 5 AND f.id = s.staff_id AND f.state = 'active'
RETURNING s.token_hash, f.id, f.login, f.name, f.totp_secret, f.totp_key_id, f.totp_last_step, EXISTS (
        SELECT FROM staff_device AS d
        WHERE d.staff_id = f.id AND d.device_hash = ANY (@devices::bytea[])) AS knows_device;

-- name: pending_exists :one
SELECT EXISTS (
    SELECT FROM staff_session
    WHERE token_hash = ANY (@hashes::bytea[]) AND step = 'password' AND ended_at IS NULL AND ends_at > now()
        AND tries < 5) AS waits;

-- A time step is accepted once, whoever comes first.
-- name: use_totp_step :exec
UPDATE staff SET totp_last_step = @step::bigint WHERE id = @staff::bigint AND totp_last_step < @step::bigint;

-- name: use_recovery_code :exec
UPDATE staff_recovery_code
SET used_at = now()
WHERE staff_id = @staff::bigint AND code_hash = ANY (@hashes::bytea[]) AND used_at IS NULL;

-- name: count_recovery_codes :one
SELECT count(*)::integer AS codes
FROM staff_recovery_code
WHERE staff_id = @staff::bigint AND used_at IS NULL;

-- name: end_session :first
UPDATE staff_session AS s
SET ended_at = now()
FROM staff AS f
WHERE s.token_hash = ANY (@hashes::bytea[]) AND s.ended_at IS NULL AND f.id = s.staff_id
RETURNING f.id, f.name;

-- name: end_sessions_of_staff :exec
UPDATE staff_session SET ended_at = now() WHERE staff_id = @staff::bigint AND ended_at IS NULL;

-- What somebody proves themselves by, for changing it.
-- name: own_secrets :first
SELECT id, login, name, password_hash, totp_secret, totp_key_id, totp_last_step
FROM staff
WHERE id = @staff::bigint AND state = 'active';

-- The open sessions of somebody, this one first, at the wall time of a portal.
-- name: own_sessions :many
SELECT s.browser, s.token_hash = @mine::bytea AS is_mine,
    s.created_at AT TIME ZONE coalesce(portal_zone(@portal::smallint), 'UTC') AS began,
    s.seen_at AT TIME ZONE coalesce(portal_zone(@portal::smallint), 'UTC') AS seen,
    (now() AT TIME ZONE coalesce(portal_zone(@portal::smallint), 'UTC'))::date AS today
FROM staff_session AS s
WHERE s.staff_id = @staff::bigint AND s.step = 'full' AND s.ended_at IS NULL AND s.ends_at > now()
    AND s.seen_at > now() - interval '15 minutes'
ORDER BY s.token_hash = @mine::bytea DESC, s.seen_at DESC
LIMIT 50;

-- name: end_other_sessions :exec
UPDATE staff_session SET ended_at = now()
WHERE staff_id = @staff::bigint AND ended_at IS NULL AND token_hash <> @mine::bytea;

-- name: change_password :exec
UPDATE staff
SET password_hash = @hash::text, password_set_at = now(), version = version + 1
WHERE id = @staff::bigint AND state = 'active' AND password_hash = @old::text;

-- name: remember_device :exec
INSERT INTO staff_device (device_hash, staff_id)
VALUES (@hash::bytea, @staff::bigint)
ON CONFLICT (device_hash, staff_id) DO UPDATE SET seen_at = now();

-- name: forget_devices :exec
DELETE FROM staff_device WHERE staff_id = @staff::bigint;

-- name: store_password :exec
UPDATE staff SET password_hash = @hash::text WHERE id = @staff::bigint AND password_hash = @old::text;

-- name: set_language :exec
UPDATE staff SET language = @language::text WHERE id = @staff::bigint;

-- name: use_form_key :exec
INSERT INTO form_key (key_hash, staff_id, result_path)
VALUES (@hash::bytea, @staff::bigint, '')
ON CONFLICT (key_hash) DO NOTHING;

-- name: settle_form_key :exec
UPDATE form_key SET result_path = @path::text WHERE key_hash = @hash::bytea AND staff_id = @staff::bigint;

-- name: result_of_form_key :first
SELECT result_path FROM form_key WHERE key_hash = @hash::bytea AND staff_id = @staff::bigint;

-- Changes to who is staff wait for one another, so that two administrators cannot remove each other.
-- name: queue_for_staff :one
SELECT pg_advisory_xact_lock(hashtext('portaldesk.staff')) IS NOT NULL AS queued;

-- name: find_staff :first
SELECT id, login, name, email, language, state, demo, version, created_at AT TIME ZONE 'UTC' AS created_at
FROM staff
WHERE id = @staff::bigint;

-- name: find_staff_by_login :first
SELECT id, login, name, email, language, state, demo, version, created_at AT TIME ZONE 'UTC' AS created_at
FROM staff
WHERE login = @login::text;

-- Those with a role at one of these portals, and those without any.
-- name: list_staff :many
SELECT f.id, f.login, f.name, f.email, f.language, f.state, f.demo, f.version,
    f.created_at AT TIME ZONE 'UTC' AS created_at
FROM staff AS f
WHERE (EXISTS (SELECT FROM staff_role AS r WHERE r.staff_id = f.id AND r.portal_id = ANY (@portals::smallint[]))
        OR NOT EXISTS (SELECT FROM staff_role AS r WHERE r.staff_id = f.id))
    AND (@after::text IS NULL OR f.login > @after)
    AND (@before::text IS NULL OR f.login < @before)
ORDER BY CASE WHEN @before::text IS NULL THEN f.login END, f.login DESC
LIMIT @limit::integer;

-- name: roles_of_many :many
SELECT staff_id, portal_id, role
FROM staff_role
WHERE staff_id = ANY (@staff::bigint[])
ORDER BY staff_id, portal_id, role;

-- name: add_staff :one
INSERT INTO staff (login, name, email, language, demo)
VALUES (@login::text, @name::text, @email::text, @language::text, @demo::boolean)
RETURNING id;

-- name: add_role :exec
INSERT INTO staff_role (portal_id, staff_id, role, given_by)
VALUES (@portal::smallint, @staff::bigint, @role::text, @given_by::bigint)
ON CONFLICT DO NOTHING;

-- name: remove_role :exec
DELETE FROM staff_role WHERE portal_id = @portal::smallint AND staff_id = @staff::bigint AND role = @role::text;

-- The portals that would be left without an active administrator if this member of staff were none.
-- name: portals_only_administered_by :many
SELECT mine.portal_id
FROM staff_role AS mine
WHERE mine.staff_id = @staff::bigint AND mine.role = 'administrator' AND NOT EXISTS (
    SELECT FROM staff_role AS r
    JOIN staff AS f ON f.id = r.staff_id AND f.state = 'active'
    WHERE r.portal_id = mine.portal_id AND r.role = 'administrator' AND r.staff_id <> mine.staff_id)
ORDER BY mine.portal_id;

-- name: disable_staff :exec
UPDATE staff
SET state = 'disabled', disabled_at = now(), version = version + 1
WHERE id = @staff::bigint AND state <> 'disabled';

-- name: reset_staff :exec
UPDATE staff
SET state = 'invited', disabled_at = NULL, password_hash = NULL, password_set_at = NULL, totp_secret = NULL,
    totp_key_id = NULL, totp_last_step = 0, version = version + 1
WHERE id = @staff::bigint;

-- name: void_links :exec
UPDATE staff_link SET used_at = now() WHERE staff_id = @staff::bigint AND used_at IS NULL;

-- name: add_link :exec
INSERT INTO staff_link (token_hash, staff_id, totp_secret, totp_key_id, expires_at)
VALUES (@hash::bytea, @staff::bigint, @secret::bytea, @key_id::text, now() + interval '24 hours');

-- name: find_link :first
SELECT l.token_hash, f.id, f.login, f.name, l.totp_secret, l.totp_key_id
FROM staff_link AS l
JOIN staff AS f ON f.id = l.staff_id AND f.state = 'invited'
WHERE l.token_hash = ANY (@hashes::bytea[]) AND l.used_at IS NULL AND l.expires_at > now();

-- name: use_link :exec
UPDATE staff_link SET used_at = now() WHERE token_hash = @hash::bytea AND used_at IS NULL AND expires_at > now();

-- name: activate_staff :exec
UPDATE staff
SET state = 'active', password_hash = @password_hash::text, password_set_at = now(), totp_secret = @secret::bytea,
    totp_key_id = @key_id::text, totp_last_step = @step::bigint, language = @language::text, version = version + 1
WHERE id = @staff::bigint AND state = 'invited';

-- name: forget_recovery_codes :exec
DELETE FROM staff_recovery_code WHERE staff_id = @staff::bigint;

-- name: add_recovery_codes :exec
INSERT INTO staff_recovery_code (staff_id, code_hash)
SELECT @staff::bigint, code_hash
FROM unnest(@hashes::bytea[]) AS code_hash;

-- name: key_ids_in_use :many
SELECT totp_key_id AS key_id FROM staff WHERE totp_key_id IS NOT NULL
UNION
SELECT totp_key_id FROM staff_link WHERE used_at IS NULL AND expires_at > now();

-- name: demo_staff_exist :one
SELECT EXISTS (SELECT FROM staff WHERE demo AND state = 'active') AS found;

-- name: sweep_sessions :exec
DELETE FROM staff_session WHERE ends_at < now() - interval '30 days';

-- name: sweep_budgets :exec
DELETE FROM sign_in_budget WHERE window_starts < now() - interval '1 day';

-- name: sweep_form_keys :exec
DELETE FROM form_key WHERE used_at < now() - interval '2 days';

-- name: today :one
SELECT (now() AT TIME ZONE 'UTC')::date AS today;
