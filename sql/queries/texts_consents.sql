-- What visitors and clients agree to, and what the public API reads.

-- name: add_purpose :first
INSERT INTO purpose (portal_id, key, kind, category, covers, text_id)
VALUES (@portal::smallint, @key::text, @kind::text, @category::text, @covers::text[], @text::bigint)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: list_purposes :many
SELECT p.id, p.key, p.kind, p.category, p.covers, p.text_id, t.key AS text_key
FROM purpose AS p
JOIN portal_text AS t ON t.portal_id = p.portal_id AND t.id = p.text_id
WHERE p.portal_id = @portal::smallint
ORDER BY p.kind, p.key;

-- How each purpose stands with browsers and clients: the newest decision of each counts.
-- name: purpose_counts :many
SELECT d.purpose_id, d.action, count(*)::integer AS number
FROM (
    SELECT DISTINCT ON (c.purpose_id, c.visitor, c.account_id, c.client_id) c.purpose_id, c.action
    FROM consent AS c
    WHERE c.portal_id = @portal::smallint
    ORDER BY c.purpose_id, c.visitor, c.account_id, c.client_id, c.decided_at DESC, c.id DESC
) AS d
GROUP BY d.purpose_id, d.action
ORDER BY d.purpose_id, d.action;

-- name: ask_again :exec
INSERT INTO text_asks (portal_id, version_id, purpose_id)
SELECT @portal::smallint, @version::bigint, p.id
FROM purpose AS p
WHERE p.portal_id = @portal::smallint AND (p.id = ANY (@purposes::bigint[]) OR p.text_id = @text::bigint)
ON CONFLICT DO NOTHING;

-- name: ask_nobody :exec
DELETE FROM text_asks WHERE portal_id = @portal::smallint AND version_id = @version::bigint;

-- name: asked :many
SELECT p.key
FROM text_asks AS a
JOIN purpose AS p ON p.portal_id = a.portal_id AND p.id = a.purpose_id
WHERE a.portal_id = @portal::smallint AND a.version_id = @version::bigint
ORDER BY p.key;

-- The words that somebody says they were shown: of which text, and whether it was in force on the day of the decision.
-- name: shown_words :many
SELECT p.id AS purpose_id, p.key, p.kind, v.id AS version_id, v.number, l.locale,
    v.valid @> coalesce(@decided_on::date::timestamp AT TIME ZONE portal_zone(@portal::smallint), now()) AS is_current,
    t.key AS text_key
FROM purpose AS p
JOIN portal_text AS t ON t.portal_id = p.portal_id AND t.id = p.text_id
LEFT JOIN (text_version AS v
    JOIN text_locale AS l ON l.portal_id = v.portal_id AND l.version_id = v.id AND l.hash = @hash::bytea
) ON v.portal_id = p.portal_id AND v.text_id = p.text_id AND v.state IN ('published', 'withdrawn')
WHERE p.portal_id = @portal::smallint AND p.key = @key::text
ORDER BY v.valid DESC NULLS LAST;

-- name: add_receipt :first
INSERT INTO consent_receipt (portal_id, once_key, request)
VALUES (@portal::smallint, @once_key::bytea, @request::bytea)
ON CONFLICT (portal_id, once_key) DO NOTHING
RETURNING id;

-- name: find_receipt :first
SELECT id, request, at
FROM consent_receipt
WHERE portal_id = @portal::smallint AND (once_key = @once_key::bytea OR id = @receipt::uuid);

-- name: add_consent :exec
INSERT INTO consent (portal_id, receipt_id, purpose_id, visitor, account_id, client_id, action, method, version_id,
    locale, text_hash, staff_id, decided_at)
VALUES (@portal::smallint, @receipt::uuid, @purpose::bigint, @visitor::bytea, @account::bigint, @client::bigint,
    @action::text, @method::text, @version::bigint, @locale::text, @text_hash::bytea, @staff::bigint,
    least(coalesce(@decided_on::date::timestamp AT TIME ZONE portal_zone(@portal::smallint), now()), now()));

-- name: consents_of_receipt :many
SELECT c.id, p.key AS purpose, c.action, c.method, t.key AS text_key, v.number, c.locale, c.text_hash, c.decided_at,
    c.at, c.previous, c.hash
FROM consent AS c
JOIN purpose AS p ON p.portal_id = c.portal_id AND p.id = c.purpose_id
LEFT JOIN text_version AS v ON v.portal_id = c.portal_id AND v.id = c.version_id
LEFT JOIN portal_text AS t ON t.portal_id = v.portal_id AND t.id = v.text_id
WHERE c.portal_id = @portal::smallint AND c.receipt_id = @receipt::uuid
ORDER BY c.id;

-- What somebody decided, purpose by purpose, and what it is worth now.
-- name: standings :many
SELECT p.key, p.kind, p.category,
    coalesce(consent_standing(p.portal_id, p.id, @visitor::bytea, @account::bigint, @client::bigint), 'none')
        AS standing
FROM purpose AS p
WHERE p.portal_id = @portal::smallint
ORDER BY p.kind, p.key;

-- Answers nothing when it may be sent.
-- name: send_obstacle :one
SELECT send_obstacle(@portal::smallint, @kind::text, @client::bigint, @account::bigint) AS obstacle;

-- How each purpose stands with a client itself, and with each of its accounts that decided.
-- name: standings_of_client :many
SELECT p.key, p.kind, s.account_id, a.person_name AS person,
    coalesce(consent_standing(p.portal_id, p.id, NULL, s.account_id,
        CASE WHEN s.account_id IS NULL THEN @client::bigint END), 'none') AS standing
FROM purpose AS p
CROSS JOIN LATERAL (
    SELECT NULL::bigint AS account_id
    UNION ALL
    SELECT DISTINCT x.account_id
    FROM access AS x
    JOIN consent AS c ON c.portal_id = x.portal_id AND c.account_id = x.account_id AND c.purpose_id = p.id
    WHERE x.portal_id = p.portal_id AND x.client_id = @client::bigint
) AS s
LEFT JOIN account AS a ON a.portal_id = p.portal_id AND a.id = s.account_id
WHERE p.portal_id = @portal::smallint
ORDER BY p.kind, p.key, s.account_id NULLS FIRST;

-- name: client_of_consents :first
SELECT portal_today(c.portal_id) AS today,
    EXISTS (SELECT FROM client_restriction AS r WHERE r.portal_id = c.portal_id AND r.client_id = c.id) AS is_restricted
FROM client AS c
WHERE c.portal_id = @portal::smallint AND c.id = @client::bigint;

-- What a kind of message needs.
-- name: purposes_of_kind :many
SELECT p.key
FROM purpose AS p
WHERE p.portal_id = @portal::smallint
    AND EXISTS (SELECT FROM unnest(p.covers) AS b (start) WHERE starts_with(@kind::text, b.start))
ORDER BY p.id;

-- name: consents_of_client :many
SELECT c.id, p.key AS purpose, c.account_id, c.action, c.method, t.key AS text_key, v.number, c.locale, c.receipt_id,
    c.decided_at AT TIME ZONE z.time_zone AS decided, s.name AS staff_name
FROM consent AS c
JOIN portal AS z ON z.id = c.portal_id
JOIN purpose AS p ON p.portal_id = c.portal_id AND p.id = c.purpose_id
LEFT JOIN text_version AS v ON v.portal_id = c.portal_id AND v.id = c.version_id
LEFT JOIN portal_text AS t ON t.portal_id = v.portal_id AND t.id = v.text_id
LEFT JOIN staff AS s ON s.id = c.staff_id
WHERE c.portal_id = @portal::smallint AND (c.client_id = @client::bigint OR c.account_id IN (SELECT x.account_id
    FROM access AS x WHERE x.portal_id = c.portal_id AND x.client_id = @client::bigint))
ORDER BY c.id DESC
LIMIT 100;

-- Rows that are not what they were when they were written, or whose predecessor is gone.
-- name: broken_consents :many
SELECT c.id
FROM consent AS c
LEFT JOIN LATERAL (
    SELECT b.hash
    FROM consent AS b
    WHERE b.portal_id = c.portal_id AND b.id < c.id AND (b.visitor = c.visitor OR b.account_id = c.account_id
        OR b.client_id = c.client_id)
    ORDER BY b.id DESC
    LIMIT 1
) AS b ON true
WHERE c.portal_id = @portal::smallint AND (c.hash <> consent_digest(c) OR c.previous IS DISTINCT FROM b.hash)
ORDER BY c.id;

-- name: spend_budget :one
INSERT INTO consent_budget AS b (portal_id, bucket, minute, spent)
VALUES (@portal::smallint, @bucket::bytea, date_trunc('minute', now()), 1)
ON CONFLICT (portal_id, bucket, minute) DO UPDATE SET spent = b.spent + 1
RETURNING spent;

-- name: sweep_budget :exec
DELETE FROM consent_budget WHERE portal_id = @portal::smallint AND minute < now() - interval '10 minutes';

-- name: list_origins :many
SELECT origin FROM public_origin WHERE portal_id = @portal::smallint ORDER BY origin;

-- name: add_origins :exec
INSERT INTO public_origin (portal_id, origin)
SELECT @portal::smallint, o
FROM unnest(@origins::text[]) AS o
ON CONFLICT DO NOTHING;

-- name: remove_origins :exec
DELETE FROM public_origin WHERE portal_id = @portal::smallint AND origin <> ALL (@origins::text[]);

-- The text that is in force at an instant, in each of its languages; `until` is when that ends, as far as is known.
-- name: current_text :many
-- not null: html, hash
SELECT t.key, t.kind, v.number, l.locale, l.title, l.html, l.hash, lower(v.valid) AS since,
    coalesce(upper(v.valid), (SELECT min(lower(n.valid)) FROM text_version AS n
        WHERE n.portal_id = v.portal_id AND n.text_id = v.text_id AND n.state = 'published'
            AND lower(n.valid) > now())) AS until, now() AS now
FROM portal_text AS t
JOIN text_version AS v ON v.portal_id = t.portal_id AND v.text_id = t.id AND v.state IN ('published', 'withdrawn')
    AND v.valid @> coalesce(@at::timestamptz, @day::date::timestamp AT TIME ZONE portal_zone(@portal::smallint), now())
JOIN text_locale AS l ON l.portal_id = v.portal_id AND l.version_id = v.id
WHERE t.portal_id = @portal::smallint AND t.key = @key::text AND l.hash IS NOT NULL
ORDER BY l.locale;

-- name: text_by_hash :first
-- not null: html, hash
SELECT t.key, t.kind, v.number, l.locale, l.title, l.html, l.hash, lower(v.valid) AS since, upper(v.valid) AS until,
    now() AS now
FROM text_locale AS l
JOIN text_version AS v ON v.portal_id = l.portal_id AND v.id = l.version_id AND v.state IN ('published', 'withdrawn')
JOIN portal_text AS t ON t.portal_id = v.portal_id AND t.id = v.text_id
WHERE l.portal_id = @portal::smallint AND l.hash = @hash::bytea AND NOT isempty(v.valid)
ORDER BY v.valid DESC
LIMIT 1;

-- What is in force and what comes, without the words.
-- name: manifest :many
-- not null: hash
SELECT t.key, t.kind, v.number, l.locale, l.title, l.hash, lower(v.valid) AS since, upper(v.valid) AS until,
    now() AS now
FROM portal_text AS t
JOIN text_version AS v ON v.portal_id = t.portal_id AND v.text_id = t.id AND v.state = 'published'
    AND (v.valid @> now() OR lower(v.valid) > now())
JOIN text_locale AS l ON l.portal_id = v.portal_id AND l.version_id = v.id
WHERE t.portal_id = @portal::smallint AND l.hash IS NOT NULL
ORDER BY t.key, v.number, l.locale;
