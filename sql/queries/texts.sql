-- What a portal publishes: texts, their versions and languages. The leading language is the portal's first.

-- One row per text: what clients read now, what comes, what is in hand, and what is amiss.
-- name: list_texts :many
SELECT t.portal_id, t.id, t.kind, t.key, l.number AS live_number,
    (lower(l.valid) AT TIME ZONE p.time_zone)::date AS live_since,
    n.number AS next_number, n.effective_on AS next_on, o.number AS open_number, o.state AS open_state,
    coalesce(l.cookies <> cookie_digest(t.portal_id), false) AS cookies_differ
FROM portal_text AS t
JOIN portal AS p ON p.id = t.portal_id
LEFT JOIN text_version AS l ON l.portal_id = t.portal_id AND l.text_id = t.id AND l.valid @> now()
LEFT JOIN LATERAL (
    SELECT v.number, v.effective_on
    FROM text_version AS v
    WHERE v.portal_id = t.portal_id AND v.text_id = t.id AND lower(v.valid) > now()
    ORDER BY v.valid
    LIMIT 1
) AS n ON true
LEFT JOIN text_version AS o
    ON o.portal_id = t.portal_id AND o.text_id = t.id AND o.state IN ('draft', 'review')
WHERE t.portal_id = ANY (@portals::smallint[])
ORDER BY t.portal_id, t.kind, t.key;

-- name: find_text :first
SELECT t.id, t.kind, t.key, t.notice_days, portal_today(t.portal_id) AS today
FROM portal_text AS t
WHERE t.portal_id = @portal::smallint AND t.key = @key::text;

-- name: add_text :first
INSERT INTO portal_text (portal_id, kind, key, notice_days, made_by)
VALUES (@portal::smallint, @kind::text, @key::text, @notice_days::smallint, @staff::bigint)
ON CONFLICT DO NOTHING
RETURNING id;

-- Where now lies in a version's range is said here and nowhere else.
-- name: list_versions :many
SELECT v.id, v.number,
    CASE
        WHEN v.state <> 'published' THEN v.state
        WHEN lower(v.valid) > now() THEN 'scheduled'
        WHEN v.valid @> now() THEN 'live'
        ELSE 'superseded'
    END AS standing,
    v.change_class, v.rationale, v.effective_on, v.made_at AT TIME ZONE p.time_zone AS made,
    lower(v.valid) AT TIME ZONE p.time_zone AS began, upper(v.valid) AT TIME ZONE p.time_zone AS ended
FROM text_version AS v
JOIN portal AS p ON p.id = v.portal_id
WHERE v.portal_id = @portal::smallint AND v.text_id = @text::bigint
ORDER BY v.number DESC
LIMIT 200;

-- name: find_version :first
SELECT t.id AS text_id, t.kind, t.key, t.notice_days, v.id, v.number, v.state,
    CASE
        WHEN v.state <> 'published' THEN v.state
        WHEN lower(v.valid) > now() THEN 'scheduled'
        WHEN v.valid @> now() THEN 'live'
        ELSE 'superseded'
    END AS standing,
    v.change_class, v.rationale, v.effective_on, v.writers, v.submitted_by, v.returned_note, v.withdrawn_reason,
    v.version, portal_today(v.portal_id) AS today, lower(v.valid) AT TIME ZONE p.time_zone AS began,
    upper(v.valid) AT TIME ZONE p.time_zone AS ended, s.name AS submitter, a.name AS approver,
    coalesce(v.cookies <> cookie_digest(v.portal_id), false) AS cookies_differ,
    (SELECT b.number FROM text_version AS b
        WHERE b.portal_id = v.portal_id AND b.text_id = v.text_id AND b.number < v.number
            AND b.state IN ('published', 'withdrawn')
        ORDER BY b.number DESC LIMIT 1) AS before
FROM text_version AS v
JOIN portal AS p ON p.id = v.portal_id
JOIN portal_text AS t ON t.portal_id = v.portal_id AND t.id = v.text_id
LEFT JOIN staff AS s ON s.id = v.submitted_by
LEFT JOIN staff AS a ON a.id = v.approved_by
WHERE v.portal_id = @portal::smallint AND t.key = @key::text AND v.number = @number::integer;

-- Held until the end of the transaction that changes it; `is_first` is whether nothing was ever published before.
-- name: hold_version :first
SELECT t.kind, t.key, t.notice_days, v.id, v.text_id, v.number, v.state, v.change_class, v.effective_on, v.writers,
    v.submitted_by, v.version, portal_today(v.portal_id) AS today, coalesce(lower(v.valid) > now(), false) AS scheduled,
    coalesce(v.valid @> now(), false) AS live,
    NOT EXISTS (SELECT FROM text_version AS b WHERE b.portal_id = v.portal_id AND b.text_id = v.text_id
        AND b.state IN ('published', 'withdrawn') AND NOT isempty(b.valid) AND b.id <> v.id) AS is_first
FROM text_version AS v
JOIN portal_text AS t ON t.portal_id = v.portal_id AND t.id = v.text_id
WHERE v.portal_id = @portal::smallint AND t.key = @key::text AND v.number = @number::integer
FOR NO KEY UPDATE OF v;

-- Held so that two people cannot open a version of one text at once.
-- name: hold_text :first
SELECT t.id, t.kind, t.key, t.notice_days, portal_today(t.portal_id) AS today
FROM portal_text AS t
WHERE t.portal_id = @portal::smallint AND t.key = @key::text
FOR NO KEY UPDATE;

-- A text has one version in hand: nothing is answered where there is one already.
-- name: add_version :first
INSERT INTO text_version (portal_id, text_id, number)
SELECT @portal::smallint, @text::bigint, coalesce(max(v.number), 0) + 1
FROM text_version AS v
WHERE v.portal_id = @portal::smallint AND v.text_id = @text::bigint
HAVING coalesce(bool_and(v.state NOT IN ('draft', 'review')), true)
RETURNING number;

-- The new version begins with the words that are newest of those published.
-- name: copy_locales :exec
INSERT INTO text_locale (portal_id, version_id, locale, title, body, source, follows)
SELECT l.portal_id, n.id, l.locale, l.title, l.body, l.source, l.follows
FROM text_version AS n
JOIN text_locale AS l ON l.portal_id = n.portal_id AND l.version_id = (
    SELECT v.id
    FROM text_version AS v
    WHERE v.portal_id = n.portal_id AND v.text_id = n.text_id AND v.state = 'published'
    ORDER BY v.valid DESC
    LIMIT 1)
WHERE n.portal_id = @portal::smallint AND n.text_id = @text::bigint AND n.number = @number::integer;

-- `stale`: the leading language has changed since this translation was held against it.
-- name: locales :many
SELECT l.locale, l.title, l.body, l.source, l.html, l.hash, l.version,
    coalesce(l.locale <> p.languages[1] AND l.follows IS DISTINCT FROM a.source, false) AS stale
FROM text_locale AS l
JOIN portal AS p ON p.id = l.portal_id
LEFT JOIN text_locale AS a
    ON a.portal_id = l.portal_id AND a.version_id = l.version_id AND a.locale = p.languages[1]
WHERE l.portal_id = @portal::smallint AND l.version_id = @version::bigint
ORDER BY array_position(p.languages, l.locale), l.locale;

-- Saves a language of a draft: nothing is touched when somebody else saved it meanwhile. `fits` says that the
-- translation was held against the leading language as it stands.
-- name: save_locale :exec
INSERT INTO text_locale AS l (portal_id, version_id, locale, title, body, source, follows, changed_by)
SELECT @portal::smallint, @version::bigint, @locale::text, @title::text, @body::text,
    sha256(convert_to(@title::text || E'\n' || @body::text, 'UTF8')), a.source, @staff::bigint
FROM portal AS p
LEFT JOIN text_locale AS a ON a.portal_id = p.id AND a.version_id = @version::bigint AND a.locale = p.languages[1]
    AND a.locale <> @locale::text
WHERE p.id = @portal::smallint
ON CONFLICT (portal_id, version_id, locale) DO UPDATE
SET title = excluded.title, body = excluded.body, source = excluded.source,
    follows = CASE WHEN @fits::boolean THEN excluded.follows ELSE l.follows END, changed_by = excluded.changed_by,
    changed_at = now(), version = l.version + 1
WHERE l.version = @was::integer;

-- name: note_writer :exec
UPDATE text_version
SET writers = CASE WHEN @staff::bigint = ANY (writers) THEN writers ELSE writers || @staff::bigint END,
    version = version + 1
WHERE portal_id = @portal::smallint AND id = @version::bigint AND state = 'draft';

-- What was published last, language by language, to be held against what is in hand.
-- name: last_sources :many
SELECT l.locale, l.source
FROM text_locale AS l
WHERE l.portal_id = @portal::smallint AND l.version_id = (
    SELECT v.id
    FROM text_version AS v
    WHERE v.portal_id = @portal::smallint AND v.text_id = @text::bigint AND v.state = 'published'
    ORDER BY v.valid DESC
    LIMIT 1);

-- Whether the list of cookies is another than the one that the last version was published with.
-- name: cookies_changed :one
SELECT coalesce((SELECT v.cookies <> cookie_digest(v.portal_id)
    FROM text_version AS v
    WHERE v.portal_id = @portal::smallint AND v.text_id = @text::bigint AND v.state = 'published'
    ORDER BY v.valid DESC
    LIMIT 1), false) AS changed;

-- name: unknown_cookies :one
SELECT count(*)::integer AS number FROM cookie_item WHERE portal_id = @portal::smallint AND state = 'unknown';

-- Whether a version is published for this day or a later one.
-- name: day_is_taken :one
SELECT EXISTS (SELECT FROM text_version AS v
    WHERE v.portal_id = @portal::smallint AND v.text_id = @text::bigint AND v.state = 'published'
        AND v.effective_on >= @day::date) AS taken;

-- name: submit_version :exec
UPDATE text_version
SET state = 'review', change_class = @class::text, rationale = @rationale::text, effective_on = @day::date,
    submitted_by = @staff::bigint, submitted_at = now(), returned_note = '', version = version + 1
WHERE portal_id = @portal::smallint AND id = @version::bigint;

-- name: return_version :exec
UPDATE text_version
SET state = 'draft', submitted_by = NULL, submitted_at = NULL, returned_note = @note::text, version = version + 1
WHERE portal_id = @portal::smallint AND id = @version::bigint;

-- name: discard_version :exec
UPDATE text_version SET state = 'discarded', version = version + 1
WHERE portal_id = @portal::smallint AND id = @version::bigint;

-- What clients will be served, and its name.
-- name: freeze_locale :exec
UPDATE text_locale
SET html = @html::text, hash = sha256(convert_to(@html::text, 'UTF8'))
WHERE portal_id = @portal::smallint AND version_id = @version::bigint AND locale = @locale::text;

-- The version in force until then ends where the new one begins.
-- name: end_before :exec
UPDATE text_version
SET valid = tstzrange(lower(valid), text_start(@portal::smallint, @day::date))
WHERE portal_id = @portal::smallint AND text_id = @text::bigint AND state = 'published'
    AND valid @> text_start(@portal::smallint, @day::date)
    AND lower(valid) < text_start(@portal::smallint, @day::date);

-- name: publish_version :exec
UPDATE text_version
SET state = 'published', valid = tstzrange(text_start(@portal::smallint, effective_on), NULL),
    approved_by = @staff::bigint, approved_at = now(), version = version + 1,
    cookies = CASE WHEN @lists_cookies::boolean THEN cookie_digest(portal_id) END
WHERE portal_id = @portal::smallint AND id = @version::bigint;

-- A live version ends now; one that was only scheduled never was in force.
-- name: withdraw_version :exec
UPDATE text_version
SET state = 'withdrawn', withdrawn_by = @staff::bigint, withdrawn_at = now(), withdrawn_reason = @reason::text,
    valid = CASE WHEN lower(valid) > now() THEN 'empty'::tstzrange ELSE tstzrange(lower(valid), now()) END,
    version = version + 1
WHERE portal_id = @portal::smallint AND id = @version::bigint;

-- After a scheduled version was withdrawn the one that it would have ended goes on, be that in force or to come.
-- name: reopen_before :exec
UPDATE text_version AS v
SET valid = tstzrange(lower(v.valid), (SELECT min(lower(n.valid)) FROM text_version AS n
    WHERE n.portal_id = v.portal_id AND n.text_id = v.text_id AND n.state = 'published'
        AND lower(n.valid) > lower(v.valid)))
WHERE v.portal_id = @portal::smallint AND v.text_id = @text::bigint AND v.state = 'published'
    AND upper(v.valid) = text_start(@portal::smallint, @day::date);

-- name: list_cookies :many
SELECT id, name, storage, party, provider, category, minutes, purposes::text AS purposes, state, version
FROM cookie_item
WHERE portal_id = @portal::smallint AND (@state::text IS NULL OR state = @state)
ORDER BY state, array_position('{necessary,functional,analytics,marketing}', category), name, storage
LIMIT 500;

-- name: hold_cookie :first
SELECT id, name, storage, party, provider, category, minutes, purposes::text AS purposes, state, version
FROM cookie_item
WHERE portal_id = @portal::smallint AND id = @cookie::bigint
FOR NO KEY UPDATE;

-- name: add_cookie :first
INSERT INTO cookie_item (portal_id, name, storage, party, provider, category, minutes, purposes, state)
VALUES (@portal::smallint, @name::text, @storage::text, @party::text, @provider::text, @category::text,
    @minutes::integer, @purposes::jsonb, @state::text)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: change_cookie :exec
UPDATE cookie_item AS c
SET name = @name::text, storage = @storage::text, party = @party::text, provider = @provider::text,
    category = @category::text, minutes = @minutes::integer, purposes = @purposes::jsonb, state = @state::text,
    version = version + 1
WHERE portal_id = @portal::smallint AND id = @cookie::bigint AND version = @version::integer
    AND (@state::text = 'retired' OR NOT EXISTS (SELECT FROM cookie_item AS o
        WHERE o.portal_id = c.portal_id AND o.id <> c.id AND o.name = @name::text AND o.storage = @storage::text
            AND o.state <> 'retired'));

-- Who is still to be told of a version: users who can sign in, in the order of their keys. The title is in their
-- language where the text is.
-- name: clients_to_tell :many
-- not null: day
SELECT a.id AS account_id, x.client_id, a.language, a.email, a.phone, l.title, v.effective_on AS day,
    p.name AS portal_name
FROM text_version AS v
JOIN portal AS p ON p.id = v.portal_id
JOIN account AS a ON a.portal_id = v.portal_id AND a.state IN ('active', 'locked') AND a.id > @after::bigint
LEFT JOIN LATERAL (
    SELECT min(y.client_id) AS client_id
    FROM access AS y
    WHERE y.portal_id = a.portal_id AND y.account_id = a.id AND y.ended_at IS NULL
) AS x ON true
CROSS JOIN LATERAL (
    SELECT t.title
    FROM text_locale AS t
    WHERE t.portal_id = v.portal_id AND t.version_id = v.id
    ORDER BY (t.locale = a.language) DESC, array_position(p.languages, t.locale)
    LIMIT 1
) AS l
WHERE v.portal_id = @portal::smallint AND v.id = @version::bigint AND v.state = 'published'
    AND NOT EXISTS (SELECT FROM text_notice AS n
        WHERE n.portal_id = v.portal_id AND n.version_id = v.id AND n.account_id = a.id)
ORDER BY a.id
LIMIT @limit::integer;

-- name: note_told :exec
INSERT INTO text_notice (portal_id, version_id, account_id, message_id, reason)
VALUES (@portal::smallint, @version::bigint, @account::bigint, @message::bigint, @reason::text);

-- name: told_counts :one
SELECT count(*)::integer AS told
FROM text_notice
WHERE portal_id = @portal::smallint AND version_id = @version::bigint AND message_id IS NOT NULL;
