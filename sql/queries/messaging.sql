-- The ledger of what was written to clients, and how portals send.

-- The newest version in the language asked for, else in the portal's first one, else in any.
-- name: find_template :first
SELECT t.language, t.version, t.subject, t.body,
    coalesce((p.profile ->> 'transliteratesSMS')::boolean, false) AS transliterates
FROM template AS t
JOIN portal AS p ON p.id = t.portal_id
WHERE t.portal_id = @portal::smallint AND t.kind = @kind::text AND t.channel = @channel::text
ORDER BY t.language = @language::text DESC, t.language = p.languages[1] DESC, t.version DESC
LIMIT 1;

-- The letters of the program are the first version; a portal's own later ones stay.
-- name: install_template :exec
INSERT INTO template (portal_id, kind, channel, language, version, subject, body)
SELECT p.id, @kind::text, @channel::text, @language::text, 1, @subject::text, @body::text
FROM portal AS p
WHERE @language::text = ANY (p.languages) AND p.id = ANY ((SELECT scope_portals())::smallint[])
ON CONFLICT DO NOTHING;

-- name: plan_message :one
INSERT INTO message (portal_id, kind, channel, client_id, account_id, subject_kind, subject_id, language,
    template_version, key_subject_kind, key_subject_id, recipient, recipient_hint, content, secret, not_after, run_id,
    parts)
VALUES (@portal::smallint, @kind::text, @channel::text, @client::bigint, @account::bigint, @subject_kind::text,
    @subject::bigint, @language::text, @template_version::integer, @key_kind::text, @key_subject::bigint,
    @recipient::bytea, @hint::text, @content::bytea, @secret::boolean, @not_after::timestamptz, @run::bigint,
    @parts::smallint)
RETURNING id;

-- The row is held until the end of the transaction that decides about it.
-- name: hold_message :first
SELECT m.id, m.reference, m.kind, m.channel, m.state, m.client_id, m.account_id, m.subject_kind, m.subject_id,
    m.language, m.key_subject_kind, m.key_subject_id, m.recipient, m.content, m.secret, m.attempts,
    coalesce(m.not_after < now(), false) AS too_late, f.file_name, f.content AS file,
    m.planned_at < now() - interval '1 day' AS is_file_late, m.delivery IS NOT NULL AS has_receipt,
    coalesce(m.slot_at <= now(), false) AS has_waited,
    EXISTS (SELECT FROM sending_fence AS s WHERE s.portal_id = @portal::smallint AND s.marked_at IS NULL) AS fenced,
    EXISTS (SELECT FROM journal_mark AS k WHERE k.portal_id = @portal::smallint) AS journaled,
    EXISTS (SELECT FROM journal_line AS l WHERE l.portal_id = @portal::smallint AND l.held_id IS NULL
        AND l.handed_at > now() - interval '92 days') AS has_lines,
    pg_postmaster_start_time()::text || ' '
        || (SELECT d.oid::text FROM pg_database AS d WHERE d.datname = current_database()) AS server
FROM message AS m
LEFT JOIN message_file AS f ON f.portal_id = m.portal_id AND f.message_id = m.id
WHERE m.portal_id = @portal::smallint AND m.id = @message::bigint
FOR UPDATE OF m;

-- name: expect_file :exec
INSERT INTO message_file (portal_id, message_id, file_name)
VALUES (@portal::smallint, @message::bigint, @file_name::text);

-- Whoever brings the file a second time finds no row.
-- name: hold_expected :first
SELECT m.key_subject_kind, m.key_subject_id, m.run_id
FROM message_file AS f
JOIN message AS m ON m.portal_id = f.portal_id AND m.id = f.message_id
WHERE f.portal_id = @portal::smallint AND f.message_id = @message::bigint AND f.content IS NULL
    AND m.state = 'planned'
FOR UPDATE OF f, m;

-- name: bring_file :exec
UPDATE message_file
SET content = @content::bytea, bytes = @bytes::integer, brought_at = now()
WHERE portal_id = @portal::smallint AND message_id = @message::bigint AND content IS NULL;

-- A copy of a message goes with the same file.
-- name: copy_file :exec
INSERT INTO message_file (portal_id, message_id, file_name, content, bytes, brought_at)
SELECT f.portal_id, @copy::bigint, f.file_name, f.content, f.bytes, f.brought_at
FROM message_file AS f
WHERE f.portal_id = @portal::smallint AND f.message_id = @message::bigint AND f.content IS NOT NULL;

-- name: readdress :exec
UPDATE message SET recipient = @recipient::bytea, recipient_hint = @hint::text
WHERE portal_id = @portal::smallint AND id = @message::bigint AND state = 'planned';

-- name: active_provider :first
SELECT portal_id, id, name, channel, kind, settings::text AS settings, secret, secret_key_id, active, version,
    per_minute
FROM provider
WHERE portal_id = @portal::smallint AND channel = @channel::text AND active;

-- name: hand_over :exec
UPDATE message
SET state = 'handed_over', handed_at = now(), attempts = attempts + 1, provider_id = @provider::bigint,
    lease_until = now() + make_interval(secs => @lease_seconds::integer)
WHERE portal_id = @portal::smallint AND id = @message::bigint AND state = 'planned';

-- name: begin_attempt :exec
INSERT INTO message_attempt (portal_id, message_id, attempt, provider_id, journal)
VALUES (@portal::smallint, @message::bigint, @attempt::smallint, @provider::bigint, @journal::bytea);

-- name: end_attempt :exec
UPDATE message_attempt
SET outcome = @outcome::text, code = @code::text
WHERE portal_id = @portal::smallint AND message_id = @message::bigint AND attempt = @attempt::smallint;

-- An answer that comes after all settles what was uncertain, and a receipt that came before the answer says more than a
-- doubt or a refusal. A settled message gives up its lease; one that held a code or a password its content too.
-- name: settle :exec
UPDATE message
SET state = CASE WHEN delivery = 'delivered' AND @state::text IN ('uncertain', 'refused') THEN 'confirmed'
        WHEN delivery = 'undelivered' AND @state = 'uncertain' THEN 'refused' ELSE @state END,
    reason = CASE WHEN delivery = 'delivered' AND @state IN ('uncertain', 'refused')
            OR delivery = 'undelivered' AND @state = 'uncertain' THEN 'receipt' ELSE @reason::text END,
    provider_reference = coalesce(@provider_reference::text, provider_reference), settled_at = now(),
    lease_until = NULL,
    content = CASE WHEN secret THEN NULL ELSE content END,
    wiped_at = CASE WHEN secret THEN coalesce(wiped_at, now()) ELSE wiped_at END
WHERE portal_id = @portal::smallint AND id = @message::bigint
    AND (state = @from::text OR (@from::text = 'handed_over' AND state = 'uncertain'));

-- Nothing reached the gateway: it may be tried again, unless a receipt knows better. While the channel does not work at
-- all it waits until nobody wants it any more, or for a day from its first try.
-- name: plan_again :exec
UPDATE message AS m
SET state = 'planned', lease_until = NULL
WHERE m.portal_id = @portal::smallint AND m.id = @message::bigint AND m.state = 'handed_over' AND m.delivery IS NULL
    AND (NOT @of_channel::boolean OR now() < coalesce(m.not_after, (SELECT min(a.at) + interval '24 hours'
        FROM message_attempt AS a WHERE a.portal_id = m.portal_id AND a.message_id = m.id)));

-- What is planned ends when people take its run away, or its job: all of a run, or those named.
-- name: cancel_planned :exec
UPDATE message
SET state = 'cancelled', reason = @reason::text, settled_at = now(), lease_until = NULL,
    content = CASE WHEN secret THEN NULL ELSE content END,
    wiped_at = CASE WHEN secret THEN coalesce(wiped_at, now()) ELSE wiped_at END
WHERE portal_id = @portal::smallint AND state = 'planned' AND delivery IS NULL
    AND (run_id = @run::bigint OR id = ANY (@messages::bigint[]));

-- name: receive_locally :exec
INSERT INTO inbox_message (portal_id, channel, reference, recipient, subject, body)
VALUES (@portal::smallint, @channel::text, @reference::uuid, @recipient::text, @subject::text, @body::text)
ON CONFLICT (portal_id, reference) DO NOTHING;

-- name: newest_received :first
SELECT body
FROM inbox_message
WHERE portal_id = @portal::smallint AND recipient = @recipient::text
ORDER BY id DESC
LIMIT 1;

-- Handed over, and no job is left that could note an answer: whoever had it died, or was given up.
-- name: find_abandoned :many
SELECT m.portal_id, m.id
FROM message AS m
WHERE m.portal_id = @portal::smallint AND m.state = 'handed_over'
    AND (m.lease_until < now() OR NOT EXISTS (SELECT FROM job AS j WHERE j.portal_id = m.portal_id
        AND j.kind = 'messaging.send' AND j.unique_key = m.id::text AND j.state <> 'quarantined'))
ORDER BY m.id
LIMIT 500
FOR UPDATE SKIP LOCKED;

-- Planned, and yet no job is left to send it (a job was discarded, or a restored queue lost it). What waits for its
-- file gets its job with the file, or after a day one that gives up.
-- name: find_unqueued :many
SELECT m.id, m.kind, m.secret
FROM message AS m
WHERE m.portal_id = @portal::smallint AND m.state = 'planned' AND m.planned_at < now() - interval '5 minutes'
    AND NOT EXISTS (SELECT FROM job AS j WHERE j.portal_id = m.portal_id AND j.kind = 'messaging.send'
        AND j.unique_key = m.id::text)
    AND NOT EXISTS (SELECT FROM message_file AS f WHERE f.portal_id = m.portal_id AND f.message_id = m.id
        AND f.content IS NULL AND m.planned_at > now() - interval '1 day')
ORDER BY m.id
LIMIT 500;

-- name: add_provider :one
INSERT INTO provider (portal_id, name, channel, kind, settings, per_minute, secret, secret_key_id, active)
VALUES (@portal::smallint, @name::text, @channel::text, @kind::text, @settings::jsonb, @per_minute::integer,
    @secret::bytea, @secret_key_id::text, false)
RETURNING id;

-- name: retire_providers :exec
UPDATE provider SET active = false, version = version + 1
WHERE portal_id = @portal::smallint AND channel = @channel::text AND active AND id <> @keep::bigint;

-- name: retire_provider :exec
UPDATE provider SET active = false, version = version + 1
WHERE portal_id = @portal::smallint AND id = @provider::bigint AND active;

-- name: activate_provider :exec
UPDATE provider SET active = true, version = version + 1
WHERE portal_id = @portal::smallint AND id = @provider::bigint AND NOT active;

-- name: change_provider :exec
UPDATE provider
SET name = @name::text, settings = @settings::jsonb, per_minute = @per_minute::integer, version = version + 1,
    secret = CASE WHEN @keeps_secret::boolean THEN secret ELSE @secret::bytea END,
    secret_key_id = CASE WHEN @keeps_secret::boolean THEN secret_key_id ELSE @secret_key_id::text END
WHERE portal_id = @portal::smallint AND id = @provider::bigint AND version = @version::integer;

-- name: list_providers :many
SELECT portal_id, id, name, channel, kind, settings::text AS settings, secret, secret_key_id, active, version,
    per_minute
FROM provider
WHERE portal_id = ANY (@portals::smallint[])
ORDER BY portal_id, channel, active DESC, id
LIMIT 500;

-- name: find_provider :first
SELECT portal_id, id, name, channel, kind, settings::text AS settings, secret, secret_key_id, active, version,
    per_minute
FROM provider
WHERE portal_id = @portal::smallint AND id = @provider::bigint;

-- Adds the provider that keeps messages in the console, to a channel that has none.
-- name: install_local_provider :exec
INSERT INTO provider (portal_id, name, channel, kind, settings, active)
SELECT @portal::smallint, 'local', c.channel, 'local', '{}', true
FROM unnest(@channels::text[]) AS c (channel)
WHERE NOT EXISTS (SELECT FROM provider AS p WHERE p.portal_id = @portal::smallint AND p.channel = c.channel);

-- The portals whose inbox page exists.
-- name: local_portals :many
SELECT DISTINCT portal_id
FROM provider
WHERE portal_id = ANY (@portals::smallint[]) AND kind = 'local' AND active;

-- name: key_ids_in_use :many
-- not null: key_id
SELECT DISTINCT secret_key_id AS key_id FROM provider WHERE secret_key_id IS NOT NULL;

-- Why a message may not go to where it is addressed: asked in one place, just before the wire, of every kind. Who opted
-- out still gets the codes they ask for; what tells of an account's end may follow the end.
-- name: wire_obstacle :one
SELECT CASE
    WHEN @kind::text NOT LIKE 'requests.%' AND EXISTS (SELECT FROM account AS a
        WHERE a.portal_id = @portal::smallint AND a.id = @account::bigint AND a.state = 'closed')
        THEN 'account_closed'
    ELSE (SELECT s.reason FROM suppression AS s
        WHERE s.portal_id = @portal AND s.channel = @channel::text AND s.address_hash = ANY (@hashes::bytea[])
            AND s.lifted_at IS NULL AND NOT (s.reason = 'opted_out' AND @secret::boolean)
        LIMIT 1)
END;

-- name: seconds_until_open :one
SELECT coalesce(seconds_until_open(@portal::smallint, @message::bigint), 0);

-- The portal's own hours make nothing too late: what they would outlast has its time after the opening.
-- name: stretch :exec
UPDATE message
SET not_after = not_after + make_interval(secs => @seconds::integer)
WHERE portal_id = @portal::smallint AND id = @message::bigint AND state = 'planned'
    AND not_after < now() + make_interval(secs => @seconds);

-- name: suppress :first
INSERT INTO suppression (portal_id, channel, address_hash, hint, reason, client_id, message_id, set_by)
VALUES (@portal::smallint, @channel::text, @hash::bytea, @hint::text, @reason::text, @client::bigint, @message::bigint,
    @staff::bigint)
ON CONFLICT (portal_id, channel, address_hash) WHERE lifted_at IS NULL DO NOTHING
RETURNING id;

-- name: lift_suppression :first
UPDATE suppression SET lifted_at = now(), lifted_by = @staff::bigint
WHERE portal_id = @portal::smallint AND id = @suppression::bigint AND lifted_at IS NULL
RETURNING channel, hint, reason, client_id;

-- name: sending_hours :many
SELECT portal_id, opens::text AS opens, closes::text AS closes, working_days_only, spread_minutes, version
FROM sending_hours
WHERE portal_id = ANY (@portals::smallint[]);

-- name: add_sending_hours :first
INSERT INTO sending_hours (portal_id, opens, closes, working_days_only, spread_minutes)
VALUES (@portal::smallint, @opens::time, @closes::time, @working_days::boolean, @spread::smallint)
ON CONFLICT (portal_id) DO NOTHING
RETURNING version;

-- name: change_sending_hours :first
UPDATE sending_hours
SET opens = @opens::time, closes = @closes::time, working_days_only = @working_days::boolean,
    spread_minutes = @spread::smallint, version = version + 1
WHERE portal_id = @portal::smallint AND version = @version::integer
RETURNING version;

-- name: drop_sending_hours :exec
DELETE FROM sending_hours WHERE portal_id = @portal::smallint AND version = @version::integer;
