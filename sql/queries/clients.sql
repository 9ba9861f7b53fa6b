-- Clients and their book of business.

-- name: today :one
SELECT portal_today(@portal::smallint) AS today;

-- Where a search begins: each way of meaning somebody answers at most 200 clients, by ranges of the term index.
-- `words` are those of a name, the longest first; `compact` is the text without blanks and signs; `reversed` its digits
-- from the end, for the suffix of a phone. NULL switches a way off.
-- name: search :many
WITH hits AS (
    (SELECT t.portal_id, t.client_id, t.kind, NULL::bigint AS account_id
    FROM client_term AS t
    WHERE t.portal_id = ANY (@portals::smallint[]) AND t.kind = 'name'
        AND t.term >= fold((@words::text[])[1]) AND t.term < fold((@words::text[])[1]) || U&'\+10FFFF'
        AND NOT EXISTS (SELECT FROM unnest((@words::text[])[2:]) AS w (word)
            WHERE NOT EXISTS (SELECT FROM client_term AS o
                WHERE o.portal_id = t.portal_id AND o.client_id = t.client_id AND o.kind = 'name'
                    AND o.term >= fold(w.word) AND o.term < fold(w.word) || U&'\+10FFFF'))
    LIMIT 200)
    UNION ALL
    (SELECT t.portal_id, t.client_id, t.kind, NULL
    FROM client_term AS t
    WHERE t.portal_id = ANY (@portals::smallint[]) AND t.kind IN ('number', 'contract', 'registration')
        AND t.term >= @compact::text AND t.term < @compact::text || U&'\+10FFFF'
    LIMIT 200)
    UNION ALL
    (SELECT t.portal_id, t.client_id, t.kind, NULL
    FROM client_term AS t
    WHERE t.portal_id = ANY (@portals::smallint[]) AND t.kind = 'phone'
        AND t.term >= @reversed::text AND t.term < @reversed::text || U&'\+10FFFF'
    LIMIT 200)
    UNION ALL
    (SELECT t.portal_id, t.client_id, t.kind, NULL
    FROM client_term AS t
    WHERE t.portal_id = ANY (@portals::smallint[]) AND t.kind = 'email'
        AND t.term >= @email::text AND t.term < @email::text || U&'\+10FFFF'
    LIMIT 200)
    UNION ALL
    (SELECT t.portal_id, x.client_id, 'account', t.account_id
    FROM account_term AS t
    JOIN access AS x ON x.portal_id = t.portal_id AND x.account_id = t.account_id AND x.ended_at IS NULL
    WHERE t.portal_id = ANY (@portals::smallint[])
        AND ((t.kind = 'name' AND t.term >= fold((@words::text[])[1])
                AND t.term < fold((@words::text[])[1]) || U&'\+10FFFF'
                AND NOT EXISTS (SELECT FROM unnest((@words::text[])[2:]) AS w (word)
                    WHERE NOT EXISTS (SELECT FROM account_term AS o
                        WHERE o.portal_id = t.portal_id AND o.account_id = t.account_id AND o.kind = 'name'
                            AND o.term >= fold(w.word) AND o.term < fold(w.word) || U&'\+10FFFF')))
            OR (t.kind = 'login' AND t.term >= @login::text AND t.term < @login::text || U&'\+10FFFF')
            OR (t.kind = 'phone' AND t.term >= @reversed::text AND t.term < @reversed::text || U&'\+10FFFF')
            OR (t.kind = 'email' AND t.term >= @email::text AND t.term < @email::text || U&'\+10FFFF'))
    LIMIT 200)
), found AS (
    SELECT h.portal_id, h.client_id, min(h.kind) AS kind, min(h.account_id) AS account_id
    FROM hits AS h
    GROUP BY h.portal_id, h.client_id
)
SELECT c.portal_id, c.id, c.name, c.kind, c.country, c.customer_number, c.tax_number, f.kind AS found_by,
    a.person_name AS account_name,
    (SELECT count(*)::integer FROM access AS x WHERE x.portal_id = c.portal_id AND x.client_id = c.id
        AND x.ended_at IS NULL) AS accounts,
    EXISTS (SELECT FROM access AS x JOIN account AS l ON l.portal_id = x.portal_id AND l.id = x.account_id
        WHERE x.portal_id = c.portal_id AND x.client_id = c.id AND x.ended_at IS NULL AND l.state = 'locked') AS locked
FROM found AS f
JOIN client AS c ON c.portal_id = f.portal_id AND c.id = f.client_id
LEFT JOIN account AS a ON a.portal_id = f.portal_id AND a.id = f.account_id
ORDER BY fold(c.name), c.portal_id, c.id
LIMIT @limit::integer;

-- name: client_detail :first
SELECT c.id, c.name, c.kind, c.country, c.language, c.customer_number, c.tax_number, c.register_number,
    c.personal_number, c.birth_date, c.address, c.version, c.external_key IS NULL AS provisional,
    portal_today(c.portal_id) AS today,
    EXISTS (SELECT FROM client_restriction AS r WHERE r.portal_id = c.portal_id AND r.client_id = c.id) AS is_restricted,
    (SELECT nullif(r.until, 'infinity') FROM client_restriction AS r
        WHERE r.portal_id = c.portal_id AND r.client_id = c.id) AS retained_until,
    (SELECT count(*)::integer FROM contract AS k WHERE k.portal_id = c.portal_id AND k.client_id = c.id) AS contracts,
    coalesce((SELECT sum(o.open_minor) FROM (
        SELECT greatest(v.amount_minor - coalesce((SELECT sum(p.amount_minor) FROM payment AS p
            WHERE p.portal_id = v.portal_id AND p.invoice_id = v.id), 0), 0) AS open_minor
        FROM invoice AS v
        WHERE v.portal_id = c.portal_id AND v.client_id = c.id AND v.due_on < portal_today(c.portal_id)
        UNION ALL
        SELECT greatest(instalment_open_minor(i.portal_id, i.id), 0)
        FROM contract AS k
        JOIN instalment AS i ON i.portal_id = k.portal_id AND i.contract_id = k.id AND i.invoice_id IS NULL
        WHERE k.portal_id = c.portal_id AND k.client_id = c.id AND i.due_on < portal_today(c.portal_id)
    ) AS o), 0)::bigint AS arrears_minor
FROM client AS c
WHERE c.portal_id = @portal::smallint AND c.id = @client::bigint;

-- name: contacts_of_client :many
SELECT id, kind, value, trusted
FROM contact
WHERE portal_id = @portal::smallint AND client_id = @client::bigint
ORDER BY kind DESC, trusted DESC, id
LIMIT 50;

-- name: contracts_of_client :many
SELECT k.id, k.number, k.kind, k.asset_kind, k.asset_name, k.registration, k.currency, k.net_value_minor, k.starts_on,
    k.ends_on, contract_state(k.starts_on, k.ends_on, k.ended_on, portal_today(k.portal_id)) AS state,
    coalesce((SELECT sum(instalment_open_minor(i.portal_id, i.id)) FROM instalment AS i
        WHERE i.portal_id = k.portal_id AND i.contract_id = k.id), 0)::bigint AS left_minor,
    n.due_on AS next_on, n.amount_minor AS next_minor,
    (SELECT max(p.expires_on) FROM policy AS p
        WHERE p.portal_id = k.portal_id AND p.contract_id = k.id AND p.client_id = k.client_id) AS insured_until
FROM contract AS k
LEFT JOIN LATERAL (
    SELECT i.due_on, i.amount_minor
    FROM instalment AS i
    WHERE i.portal_id = k.portal_id AND i.contract_id = k.id AND i.due_on >= portal_today(k.portal_id)
    ORDER BY i.due_on, i.id
    LIMIT 1
) AS n ON true
WHERE k.portal_id = @portal::smallint AND k.client_id = @client::bigint
ORDER BY contract_state(k.starts_on, k.ends_on, k.ended_on, portal_today(k.portal_id)) = 'ended', k.number
LIMIT 50;

-- The latest invoices, open ones first.
-- name: invoices_of_client :many
SELECT v.id, v.number, v.issued_on, v.due_on, v.amount_minor, v.currency, v.paid_minor,
    invoice_state(v.amount_minor, v.paid_minor, v.due_on, portal_today(@portal::smallint)) AS state
FROM (
    SELECT i.id, i.number, i.issued_on, i.due_on, i.amount_minor, i.currency,
        coalesce((SELECT sum(p.amount_minor) FROM payment AS p
            WHERE p.portal_id = i.portal_id AND p.invoice_id = i.id), 0)::bigint AS paid_minor
    FROM invoice AS i
    WHERE i.portal_id = @portal::smallint AND i.client_id = @client::bigint
    ORDER BY i.due_on DESC, i.id DESC
    LIMIT 60
) AS v
ORDER BY v.paid_minor >= v.amount_minor, v.due_on DESC, v.id DESC
LIMIT 20;

-- What is overdue, the oldest first, then what comes next.
-- name: instalments_of_client :many
SELECT o.id, o.contract, o.kind, o.number, o.due_on, o.amount_minor, o.open_minor, o.currency,
    invoice_state(o.amount_minor, o.amount_minor - o.open_minor, o.due_on, portal_today(@portal::smallint)) AS state
FROM (
    SELECT i.id, k.number AS contract, i.kind, i.number, i.due_on, i.amount_minor, i.currency,
        instalment_open_minor(i.portal_id, i.id) AS open_minor
    FROM contract AS k
    JOIN instalment AS i ON i.portal_id = k.portal_id AND i.contract_id = k.id
    WHERE k.portal_id = @portal::smallint AND k.client_id = @client::bigint
    OFFSET 0
) AS o
WHERE o.open_minor > 0 OR o.due_on >= portal_today(@portal::smallint)
ORDER BY o.due_on, o.id
LIMIT 12;

-- name: policies_of_client :many
SELECT p.id, p.number, p.kind, p.variant, p.insurer, p.starts_on, p.expires_on, k.registration,
    policy_state(p.expires_on, portal_today(p.portal_id), @warn_days::integer) AS state
FROM policy AS p
LEFT JOIN contract AS k ON k.portal_id = p.portal_id AND k.id = p.contract_id
WHERE p.portal_id = @portal::smallint AND p.client_id = @client::bigint
ORDER BY p.expires_on DESC, p.id
LIMIT 20;

-- A client whom this signed form means: by tax number, else register number, else personal number.
-- name: client_by_numbers :many
SELECT id
FROM client
WHERE portal_id = @portal::smallint AND CASE
    WHEN @tax_number::text IS NOT NULL THEN tax_number = @tax_number
    WHEN @register_number::text IS NOT NULL THEN register_number = @register_number
    ELSE personal_number = @personal_number::text END
ORDER BY id
LIMIT 2
FOR UPDATE;

-- name: add_provisional :one
INSERT INTO client (portal_id, kind, name, country, language, tax_number, register_number, personal_number, address)
VALUES (@portal::smallint, @kind::text, @name::text, @country::text, @language::text, @tax_number::text,
    @register_number::text, @personal_number::text, @address::text)
RETURNING id;

-- A contact on a signed paper is trusted; one that the book has already only becomes so.
-- name: trust_contact :exec
UPDATE contact
SET trusted = true
WHERE portal_id = @portal::smallint AND client_id = @client::bigint AND kind = @kind::text
    AND lower(value) = lower(@value::text);

-- name: add_contact :exec
INSERT INTO contact (portal_id, client_id, kind, value, trusted)
VALUES (@portal::smallint, @client::bigint, @kind::text, @value::text, true);

-- name: forget_terms :exec
DELETE FROM client_term WHERE portal_id = @portal::smallint AND client_id = @client::bigint;

-- name: add_terms :exec
INSERT INTO client_term (portal_id, term, kind, client_id)
SELECT DISTINCT @portal::smallint, t.term, t.kind, t.client_id
FROM client_terms(@portal::smallint, ARRAY[@client::bigint]) AS t;
