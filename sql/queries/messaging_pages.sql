-- What the pages of the messages read, and what a person decides there.

-- Newest first below @before, or oldest first above @after; each portal gives its own edge by its key.
-- name: messages :many
SELECT m.portal_id, m.id, m.kind, m.channel, m.recipient_hint, m.state, m.reason, m.attempts, m.client_id,
    c.name AS client, m.planned_at AT TIME ZONE p.time_zone AS planned, (now() AT TIME ZONE p.time_zone)::date AS today
FROM unnest(@portals::smallint[]) AS w (portal_id)
JOIN portal AS p ON p.id = w.portal_id
CROSS JOIN LATERAL (
    SELECT *
    FROM message AS x
    WHERE x.portal_id = w.portal_id AND x.id < @before::bigint
        AND (@state::text IS NULL OR x.state = @state) AND (@channel::text IS NULL OR x.channel = @channel)
    ORDER BY x.id DESC
    LIMIT @limit::integer
) AS m
LEFT JOIN client AS c ON c.portal_id = m.portal_id AND c.id = m.client_id
ORDER BY m.id DESC
LIMIT @limit::integer;

-- The same upwards, for the way back; with state 'uncertain' from 0 it is the work list, oldest first.
-- name: messages_after :many
SELECT m.portal_id, m.id, m.kind, m.channel, m.recipient_hint, m.state, m.reason, m.attempts, m.client_id,
    c.name AS client, m.planned_at AT TIME ZONE p.time_zone AS planned, (now() AT TIME ZONE p.time_zone)::date AS today
FROM unnest(@portals::smallint[]) AS w (portal_id)
JOIN portal AS p ON p.id = w.portal_id
CROSS JOIN LATERAL (
    SELECT *
    FROM message AS x
    WHERE x.portal_id = w.portal_id AND x.id > @after::bigint
        AND (@state::text IS NULL OR x.state = @state) AND (@channel::text IS NULL OR x.channel = @channel)
    ORDER BY x.id
    LIMIT @limit::integer
) AS m
LEFT JOIN client AS c ON c.portal_id = m.portal_id AND c.id = m.client_id
ORDER BY m.id
LIMIT @limit::integer;

-- name: count_messages :one
SELECT count(*)::integer AS count
FROM (
    SELECT FROM message
    WHERE portal_id = ANY (@portals::smallint[]) AND (@state::text IS NULL OR state = @state)
        AND (@channel::text IS NULL OR channel = @channel)
    LIMIT 1001
) AS found;

-- name: messages_of_client :many
SELECT m.portal_id, m.id, m.kind, m.channel, m.recipient_hint, m.state, m.reason, m.attempts, m.client_id,
    NULL::text AS client, m.planned_at AT TIME ZONE p.time_zone AS planned,
    (now() AT TIME ZONE p.time_zone)::date AS today
FROM message AS m
JOIN portal AS p ON p.id = m.portal_id
WHERE m.portal_id = @portal::smallint AND m.client_id = @client::bigint
ORDER BY m.id DESC
LIMIT @limit::integer;

-- name: message_detail :first
SELECT m.id, m.kind, m.channel, m.state, m.reason, m.client_id, c.name AS client, m.language, m.template_version,
    m.key_subject_kind, m.key_subject_id, m.recipient, m.recipient_hint, m.content, m.secret,
    v.name AS provider, m.provider_reference, m.reference, s.name AS decided_by,
    m.planned_at AT TIME ZONE p.time_zone AS planned, m.handed_at AT TIME ZONE p.time_zone AS handed,
    m.settled_at AT TIME ZONE p.time_zone AS settled, m.wiped_at AT TIME ZONE p.time_zone AS wiped,
    m.not_after AT TIME ZONE p.time_zone AS not_after, m.delivery, f.file_name, f.bytes AS file_bytes,
    f.brought_at AT TIME ZONE p.time_zone AS file_brought,
    (SELECT max(r.received_at) FROM receipt AS r WHERE r.portal_id = m.portal_id AND r.message_id = m.id)
        AT TIME ZONE p.time_zone AS receipt_at, (now() AT TIME ZONE p.time_zone)::date AS today
FROM message AS m
JOIN portal AS p ON p.id = m.portal_id
LEFT JOIN client AS c ON c.portal_id = m.portal_id AND c.id = m.client_id
LEFT JOIN provider AS v ON v.portal_id = m.portal_id AND v.id = m.provider_id
LEFT JOIN staff AS s ON s.id = m.decided_by
LEFT JOIN message_file AS f ON f.portal_id = m.portal_id AND f.message_id = m.id
WHERE m.portal_id = @portal::smallint AND m.id = @message::bigint;

-- name: attempts_of_message :many
SELECT a.attempt, v.name AS provider, a.at AT TIME ZONE p.time_zone AS at, a.outcome, a.code
FROM message_attempt AS a
JOIN portal AS p ON p.id = a.portal_id
JOIN provider AS v ON v.portal_id = a.portal_id AND v.id = a.provider_id
WHERE a.portal_id = @portal::smallint AND a.message_id = @message::bigint
ORDER BY a.attempt
LIMIT 100;

-- Two people at once: the second one finds no row.
-- name: decide_message :exec
UPDATE message
SET state = @state::text, reason = @reason::text, settled_at = now(), decided_by = @staff::bigint
WHERE portal_id = @portal::smallint AND id = @message::bigint AND state = 'uncertain';

-- name: inbox :many
SELECT i.portal_id, i.id, i.channel, i.recipient, i.subject, i.body,
    (SELECT f.file_name FROM message AS m
        JOIN message_file AS f ON f.portal_id = m.portal_id AND f.message_id = m.id
        WHERE m.portal_id = i.portal_id AND m.reference = i.reference) AS file_name,
    i.received_at AT TIME ZONE p.time_zone AS received, (now() AT TIME ZONE p.time_zone)::date AS today
FROM inbox_message AS i
JOIN portal AS p ON p.id = i.portal_id
WHERE i.portal_id = ANY (@portals::smallint[]) AND (@channel::text IS NULL OR i.channel = @channel)
    AND (@before::bigint IS NULL OR i.id < @before) AND (@after::bigint IS NULL OR i.id > @after)
ORDER BY CASE WHEN @after::bigint IS NULL THEN -i.id ELSE i.id END
LIMIT @limit::integer;

-- The newest version of each letter.
-- name: newest_templates :many
SELECT DISTINCT ON (t.portal_id, t.kind, t.channel, t.language) t.portal_id, t.kind, t.channel, t.language, t.version,
    t.subject, t.body, t.made_at AT TIME ZONE p.time_zone AS made
FROM template AS t
JOIN portal AS p ON p.id = t.portal_id
WHERE t.portal_id = ANY (@portals::smallint[])
ORDER BY t.portal_id, t.kind, t.channel, t.language, t.version DESC
LIMIT 1000;

-- Where nobody writes any more, newest first.
-- name: suppressions :many
SELECT s.portal_id, s.id, s.channel, s.hint, s.reason, s.client_id, c.name AS client,
    s.since AT TIME ZONE p.time_zone AS since, portal_today(s.portal_id) AS today
FROM suppression AS s
JOIN portal AS p ON p.id = s.portal_id
LEFT JOIN client AS c ON c.portal_id = s.portal_id AND c.id = s.client_id
WHERE s.portal_id = ANY (@portals::smallint[]) AND s.lifted_at IS NULL
    AND (@before::bigint IS NULL OR s.id < @before) AND (@after::bigint IS NULL OR s.id > @after)
ORDER BY CASE WHEN @after::bigint IS NULL THEN -s.id ELSE s.id END
LIMIT @limit::integer;

-- Whoever sends a message once more holds the first of its copies.
-- name: hold_original :first
SELECT o.id
FROM message AS m
JOIN message AS o ON o.portal_id = m.portal_id AND o.id = coalesce(m.copy_of, m.id)
WHERE m.portal_id = @portal::smallint AND m.id = @message::bigint
FOR UPDATE OF o;

-- A copy that may yet arrive, or went out a moment ago.
-- name: has_fresh_copy :one
SELECT EXISTS (SELECT FROM message AS m
    WHERE m.portal_id = @portal::smallint AND m.copy_of = @original::bigint
        AND (m.state IN ('planned', 'handed_over', 'uncertain')
            OR m.state = 'confirmed' AND m.planned_at > now() - interval '5 minutes')) AS has_copy;

-- The same person's contact for another channel: an account's own, and a trusted one of the client for what was written
-- to the client as such.
-- name: other_contact :first
-- not null: value
SELECT c.value
FROM message AS m
CROSS JOIN LATERAL (
    SELECT CASE @kind::text WHEN 'phone' THEN a.phone ELSE a.email END AS value, 0 AS place
    FROM account AS a
    WHERE a.portal_id = m.portal_id AND a.id = m.account_id AND a.state <> 'closed'
    UNION ALL
    SELECT k.value, 1
    FROM contact AS k
    WHERE k.portal_id = m.portal_id AND k.client_id = m.client_id AND k.kind = @kind::text AND k.trusted
        AND m.account_id IS NULL
) AS c
WHERE m.portal_id = @portal::smallint AND m.id = @message::bigint AND c.value IS NOT NULL
ORDER BY c.place, c.value
LIMIT 1;

-- What it is about stays, so that its reason is checked once more before the wire.
-- name: plan_copy :one
INSERT INTO message (portal_id, kind, channel, client_id, account_id, subject_kind, subject_id, language,
    template_version, key_subject_kind, key_subject_id, recipient, recipient_hint, content, copy_of)
SELECT m.portal_id, m.kind, @channel::text, m.client_id, m.account_id, m.subject_kind, m.subject_id, m.language,
    m.template_version, m.key_subject_kind, m.key_subject_id, @recipient::bytea, @hint::text, @content::bytea,
    coalesce(m.copy_of, m.id)
FROM message AS m
WHERE m.portal_id = @portal::smallint AND m.id = @message::bigint
RETURNING id;

-- name: newest_version :first
SELECT version, subject, body
FROM template
WHERE portal_id = @portal::smallint AND kind = @kind::text AND channel = @channel::text AND language = @language::text
ORDER BY version DESC
LIMIT 1;

-- The letters that the program brought along say which tags a kind has.
-- name: first_versions :many
SELECT channel, subject, body
FROM template
WHERE portal_id = @portal::smallint AND kind = @kind::text AND version = 1
ORDER BY channel, language;

-- name: versions :many
SELECT t.version, t.made_at AT TIME ZONE p.time_zone AS made, s.name AS made_by, portal_today(t.portal_id) AS today
FROM template AS t
JOIN portal AS p ON p.id = t.portal_id
LEFT JOIN staff AS s ON s.id = t.made_by
WHERE t.portal_id = @portal::smallint AND t.kind = @kind::text AND t.channel = @channel::text
    AND t.language = @language::text
ORDER BY t.version DESC
LIMIT 50;

-- Two people at once: the second one's version is there already.
-- name: add_version :first
INSERT INTO template (portal_id, kind, channel, language, version, subject, body, made_by)
VALUES (@portal::smallint, @kind::text, @channel::text, @language::text, @version::integer, @subject::text, @body::text,
    @staff::bigint)
ON CONFLICT DO NOTHING
RETURNING version;
