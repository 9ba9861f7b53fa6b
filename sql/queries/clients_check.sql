-- What is wrong with the rows of an import: one statement a kind, one row per wrong field. `total` counts beyond the limit.

-- name: check_client :many
SELECT line, "column", reason, count(*) OVER ()::integer AS total
FROM (
SELECT s.line, w."column", w.reason
FROM stage_client AS s
LEFT JOIN client AS k ON k.portal_id = @portal::smallint AND k.customer_number = s.customer_number
CROSS JOIN LATERAL (VALUES
    ('key', CASE WHEN s.key IS NULL THEN 'missing' WHEN length(s.key) > 64 THEN 'too_long' END),
    ('kind', CASE WHEN s.kind IS NULL THEN 'missing' WHEN s.kind NOT IN ('person', 'sole_trader', 'company') THEN
        'unknown_word' END),
    ('name', CASE WHEN s.name IS NULL THEN 'missing' WHEN length(s.name) > 300 THEN 'too_long' END),
    ('country', CASE WHEN s.country IS NULL THEN 'missing' WHEN s.country !~ '^[A-Z]{2}$' THEN 'unknown_word' END),
    ('language', CASE WHEN s.language IS NULL THEN 'missing' WHEN s.language !~ '^[a-z]{2}$' THEN 'unknown_word' END),
    ('customer_number', CASE WHEN length(s.customer_number) > 64 THEN 'too_long' WHEN k.external_key <> s.key THEN 'taken'
        END),
    ('birth_date', CASE WHEN s.birth_date IS NULL THEN NULL WHEN iso_date(s.birth_date) IS NULL THEN 'not_a_date' END),
    ('address', CASE WHEN s.address IS NULL THEN NULL WHEN length(s.address) > 500 THEN 'too_long' END)
) AS w ("column", reason)
WHERE w.reason IS NOT NULL
UNION
SELECT s.line, 'key', 'duplicate_key'
FROM stage_client AS s
WHERE s.key IN (SELECT d.key FROM stage_client AS d GROUP BY d.key HAVING count(*) > 1)
) AS wrong
ORDER BY line, "column"
LIMIT 10000;

-- name: check_contact :many
SELECT line, "column", reason, count(*) OVER ()::integer AS total
FROM (
SELECT s.line, w."column", w.reason
FROM stage_contact AS s
LEFT JOIN stage_client AS c ON c.key = s.client
LEFT JOIN client AS ct ON ct.portal_id = @portal::smallint AND ct.external_key = s.client
CROSS JOIN LATERAL (VALUES
    ('key', CASE WHEN s.key IS NULL THEN 'missing' WHEN length(s.key) > 64 THEN 'too_long' END),
    ('client', CASE WHEN s.client IS NULL THEN 'missing' WHEN c.key IS NULL AND ct.external_key IS NULL THEN
        'unknown_client' END),
    ('kind', CASE WHEN s.kind IS NULL THEN 'missing' WHEN s.kind NOT IN ('phone', 'email') THEN 'unknown_word' END),
    ('value', CASE WHEN s.value IS NULL THEN 'missing' WHEN length(s.value) > 254 THEN 'too_long' END),
    ('trusted', CASE WHEN s.trusted IS NOT NULL AND s.trusted NOT IN ('true', 'false') THEN 'unknown_word' END)
) AS w ("column", reason)
WHERE w.reason IS NOT NULL
UNION
SELECT s.line, 'key', 'duplicate_key'
FROM stage_contact AS s
WHERE s.key IN (SELECT d.key FROM stage_contact AS d GROUP BY d.key HAVING count(*) > 1)
) AS wrong
ORDER BY line, "column"
LIMIT 10000;

-- name: check_contract :many
SELECT line, "column", reason, count(*) OVER ()::integer AS total
FROM (
SELECT s.line, w."column", w.reason
FROM stage_contract AS s
LEFT JOIN stage_client AS c ON c.key = s.client
LEFT JOIN client AS ct ON ct.portal_id = @portal::smallint AND ct.external_key = s.client
CROSS JOIN LATERAL (VALUES
    ('key', CASE WHEN s.key IS NULL THEN 'missing' WHEN length(s.key) > 64 THEN 'too_long' END),
    ('client', CASE WHEN s.client IS NULL THEN 'missing' WHEN c.key IS NULL AND ct.external_key IS NULL THEN
        'unknown_client' END),
    ('number', CASE WHEN s.number IS NULL THEN 'missing' WHEN length(s.number) > 64 THEN 'too_long' END),
    ('kind', CASE WHEN s.kind IS NULL THEN 'missing' WHEN s.kind NOT IN ('operating', 'finance', 'loan', 'rental',
        'insurance') THEN 'unknown_word' END),
    ('signed_on', CASE WHEN s.signed_on IS NULL THEN 'missing' WHEN iso_date(s.signed_on) IS NULL THEN 'not_a_date' END),
    ('starts_on', CASE WHEN s.starts_on IS NULL THEN NULL WHEN iso_date(s.starts_on) IS NULL THEN 'not_a_date' END),
    ('ends_on', CASE WHEN s.ends_on IS NULL THEN NULL WHEN iso_date(s.ends_on) IS NULL THEN 'not_a_date' WHEN
        iso_date(s.ends_on) < iso_date(s.starts_on) THEN 'order_of_dates' END),
    ('ended_on', CASE WHEN s.ended_on IS NULL THEN NULL WHEN iso_date(s.ended_on) IS NULL THEN 'not_a_date' END),
    ('currency', CASE WHEN s.currency IS NULL THEN 'missing' WHEN s.currency !~ '^[A-Z]{3}$' THEN 'not_a_currency' END),
    ('net_value_minor', CASE WHEN s.net_value_minor !~ '^[0-9]{1,15}$' THEN 'not_an_amount' END),
    ('asset_name', CASE WHEN s.asset_name IS NULL THEN NULL WHEN length(s.asset_name) > 200 THEN 'too_long' END),
    ('registration', CASE WHEN s.registration IS NULL THEN NULL WHEN length(s.registration) > 32 THEN 'too_long' END),
    ('vin', CASE WHEN s.vin IS NULL THEN NULL WHEN length(s.vin) > 32 THEN 'too_long' END)
) AS w ("column", reason)
WHERE w.reason IS NOT NULL
UNION
SELECT s.line, 'key', 'duplicate_key'
FROM stage_contract AS s
WHERE s.key IN (SELECT d.key FROM stage_contract AS d GROUP BY d.key HAVING count(*) > 1)
) AS wrong
ORDER BY line, "column"
LIMIT 10000;

-- name: check_invoice :many
SELECT line, "column", reason, count(*) OVER ()::integer AS total
FROM (
SELECT s.line, w."column", w.reason
FROM stage_invoice AS s
LEFT JOIN stage_client AS c ON c.key = s.client
LEFT JOIN client AS ct ON ct.portal_id = @portal::smallint AND ct.external_key = s.client
LEFT JOIN stage_contract AS k ON k.key = s.contract
LEFT JOIN contract AS kt ON kt.portal_id = @portal::smallint AND kt.external_key = s.contract
CROSS JOIN LATERAL (VALUES
    ('key', CASE WHEN s.key IS NULL THEN 'missing' WHEN length(s.key) > 64 THEN 'too_long' END),
    ('client', CASE WHEN s.client IS NULL THEN 'missing' WHEN c.key IS NULL AND ct.external_key IS NULL THEN
        'unknown_client' END),
    ('contract', CASE WHEN s.contract IS NULL THEN NULL WHEN k.key IS NULL AND kt.external_key IS NULL THEN
        'unknown_contract' END),
    ('number', CASE WHEN s.number IS NULL THEN 'missing' WHEN length(s.number) > 64 THEN 'too_long' END),
    ('issued_on', CASE WHEN s.issued_on IS NULL THEN 'missing' WHEN iso_date(s.issued_on) IS NULL THEN 'not_a_date' END),
    ('due_on', CASE WHEN s.due_on IS NULL THEN 'missing' WHEN iso_date(s.due_on) IS NULL THEN 'not_a_date' END),
    ('amount_minor', CASE WHEN s.amount_minor IS NULL THEN 'missing' WHEN s.amount_minor !~ '^-?[0-9]{1,15}$' THEN
        'not_an_amount' END),
    ('currency', CASE WHEN s.currency IS NULL THEN 'missing' WHEN s.currency !~ '^[A-Z]{3}$' THEN 'not_a_currency' END)
) AS w ("column", reason)
WHERE w.reason IS NOT NULL
UNION
SELECT s.line, 'key', 'duplicate_key'
FROM stage_invoice AS s
WHERE s.key IN (SELECT d.key FROM stage_invoice AS d GROUP BY d.key HAVING count(*) > 1)
) AS wrong
ORDER BY line, "column"
LIMIT 10000;

-- name: check_instalment :many
SELECT line, "column", reason, count(*) OVER ()::integer AS total
FROM (
SELECT s.line, w."column", w.reason
FROM stage_instalment AS s
LEFT JOIN stage_contract AS k ON k.key = s.contract
LEFT JOIN contract AS kt ON kt.portal_id = @portal::smallint AND kt.external_key = s.contract
LEFT JOIN stage_invoice AS v ON v.key = s.invoice
LEFT JOIN invoice AS vt ON vt.portal_id = @portal::smallint AND vt.external_key = s.invoice
CROSS JOIN LATERAL (VALUES
    ('key', CASE WHEN s.key IS NULL THEN 'missing' WHEN length(s.key) > 64 THEN 'too_long' END),
    ('contract', CASE WHEN s.contract IS NULL THEN 'missing' WHEN k.key IS NULL AND kt.external_key IS NULL THEN
        'unknown_contract' END),
    ('invoice', CASE WHEN s.invoice IS NULL THEN NULL WHEN v.key IS NULL AND vt.external_key IS NULL THEN
        'unknown_invoice' END),
    ('kind', CASE WHEN s.kind IS NULL THEN 'missing' WHEN s.kind NOT IN ('instalment', 'extra_fee', 'insurance') THEN
        'unknown_word' END),
    ('number', CASE WHEN s.number !~ '^[0-9]{1,6}$' THEN 'not_a_number' END),
    ('due_on', CASE WHEN s.due_on IS NULL THEN 'missing' WHEN iso_date(s.due_on) IS NULL THEN 'not_a_date' END),
    ('amount_minor', CASE WHEN s.amount_minor IS NULL THEN 'missing' WHEN s.amount_minor !~ '^-?[0-9]{1,15}$' THEN
        'not_an_amount' END),
    ('currency', CASE WHEN s.currency IS NULL THEN 'missing' WHEN s.currency !~ '^[A-Z]{3}$' THEN 'not_a_currency' END)
) AS w ("column", reason)
WHERE w.reason IS NOT NULL
UNION
SELECT s.line, 'key', 'duplicate_key'
FROM stage_instalment AS s
WHERE s.key IN (SELECT d.key FROM stage_instalment AS d GROUP BY d.key HAVING count(*) > 1)
) AS wrong
ORDER BY line, "column"
LIMIT 10000;

-- name: check_payment :many
SELECT line, "column", reason, count(*) OVER ()::integer AS total
FROM (
SELECT s.line, w."column", w.reason
FROM stage_payment AS s
LEFT JOIN stage_invoice AS v ON v.key = s.invoice
LEFT JOIN invoice AS vt ON vt.portal_id = @portal::smallint AND vt.external_key = s.invoice
LEFT JOIN stage_instalment AS i ON i.key = s.instalment
LEFT JOIN instalment AS it ON it.portal_id = @portal::smallint AND it.external_key = s.instalment
CROSS JOIN LATERAL (VALUES
    ('key', CASE WHEN s.key IS NULL THEN 'missing' WHEN length(s.key) > 64 THEN 'too_long' END),
    ('invoice', CASE WHEN (s.invoice IS NULL) = (s.instalment IS NULL) THEN 'one_of_two' WHEN s.invoice IS NOT NULL AND
        v.key IS NULL         AND vt.external_key IS NULL THEN 'unknown_invoice' END),
    ('instalment', CASE WHEN s.instalment IS NULL THEN NULL WHEN i.key IS NULL AND it.external_key IS NULL THEN
        'unknown_instalment' END),
    ('paid_on', CASE WHEN s.paid_on IS NULL THEN 'missing' WHEN iso_date(s.paid_on) IS NULL THEN 'not_a_date' END),
    ('amount_minor', CASE WHEN s.amount_minor IS NULL THEN 'missing' WHEN s.amount_minor !~ '^-?[0-9]{1,15}$' THEN
        'not_an_amount' END),
    ('currency', CASE WHEN s.currency IS NULL THEN 'missing' WHEN s.currency !~ '^[A-Z]{3}$' THEN 'not_a_currency' END)
) AS w ("column", reason)
WHERE w.reason IS NOT NULL
UNION
SELECT s.line, 'key', 'duplicate_key'
FROM stage_payment AS s
WHERE s.key IN (SELECT d.key FROM stage_payment AS d GROUP BY d.key HAVING count(*) > 1)
) AS wrong
ORDER BY line, "column"
LIMIT 10000;

-- name: check_policy :many
SELECT line, "column", reason, count(*) OVER ()::integer AS total
FROM (
SELECT s.line, w."column", w.reason
FROM stage_policy AS s
LEFT JOIN stage_client AS c ON c.key = s.client
LEFT JOIN client AS ct ON ct.portal_id = @portal::smallint AND ct.external_key = s.client
LEFT JOIN stage_contract AS k ON k.key = s.contract
LEFT JOIN contract AS kt ON kt.portal_id = @portal::smallint AND kt.external_key = s.contract
CROSS JOIN LATERAL (VALUES
    ('key', CASE WHEN s.key IS NULL THEN 'missing' WHEN length(s.key) > 64 THEN 'too_long' END),
    ('client', CASE WHEN s.client IS NULL THEN 'missing' WHEN c.key IS NULL AND ct.external_key IS NULL THEN
        'unknown_client' END),
    ('contract', CASE WHEN s.contract IS NULL THEN NULL WHEN k.key IS NULL AND kt.external_key IS NULL THEN
        'unknown_contract' END),
    ('number', CASE WHEN s.number IS NULL THEN 'missing' WHEN length(s.number) > 64 THEN 'too_long' END),
    ('kind', CASE WHEN s.kind IS NULL THEN 'missing' WHEN length(s.kind) > 40 THEN 'too_long' END),
    ('insurer', CASE WHEN s.insurer IS NULL THEN 'missing' WHEN length(s.insurer) > 200 THEN 'too_long' END),
    ('starts_on', CASE WHEN s.starts_on IS NULL THEN 'missing' WHEN iso_date(s.starts_on) IS NULL THEN 'not_a_date' END),
    ('expires_on', CASE WHEN s.expires_on IS NULL THEN 'missing' WHEN iso_date(s.expires_on) IS NULL THEN 'not_a_date'
        WHEN iso_date(s.expires_on) < iso_date(s.starts_on) THEN 'order_of_dates' END)
) AS w ("column", reason)
WHERE w.reason IS NOT NULL
UNION
SELECT s.line, 'key', 'duplicate_key'
FROM stage_policy AS s
WHERE s.key IN (SELECT d.key FROM stage_policy AS d GROUP BY d.key HAVING count(*) > 1)
) AS wrong
ORDER BY line, "column"
LIMIT 10000;
