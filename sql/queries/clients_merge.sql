-- The merge of checked rows: what changed, then what is new; a row absent from the file stays.

-- A client that was activated before the main system knew it is adopted by its number, if only one bears it.
-- name: adopt_provisional :exec
WITH same_number AS (
    SELECT c.id, s.key FROM client AS c
    JOIN stage_client AS s ON s.tax_number = c.tax_number
    WHERE c.portal_id = @portal::smallint AND c.external_key IS NULL
    UNION
    SELECT c.id, s.key FROM client AS c
    JOIN stage_client AS s ON s.register_number = c.register_number AND (s.tax_number IS NULL OR c.tax_number IS NULL)
    WHERE c.portal_id = @portal::smallint AND c.external_key IS NULL
    UNION
    SELECT c.id, s.key FROM client AS c
    JOIN stage_client AS s ON s.personal_number = c.personal_number
        AND (s.tax_number IS NULL OR c.tax_number IS NULL)
    WHERE c.portal_id = @portal::smallint AND c.external_key IS NULL
), bearer AS (
    SELECT p.id, p.key, count(*) OVER (PARTITION BY p.key) AS clients, count(*) OVER (PARTITION BY p.id) AS rows
    FROM same_number AS p
    WHERE NOT EXISTS (SELECT FROM client AS k WHERE k.portal_id = @portal::smallint AND k.external_key = p.key)
)
UPDATE client AS c
SET external_key = b.key
FROM bearer AS b
WHERE c.portal_id = @portal::smallint AND c.id = b.id AND b.clients = 1 AND b.rows = 1;

-- Where files have wrong rows: what the others would do is still told.
-- name: drop_wrong_client :exec
DELETE FROM stage_client
WHERE line < 0 OR line IN (SELECT w.line FROM stage_wrong AS w WHERE w.kind = 'client');

-- name: count_new_client :one
SELECT count(*)::integer FROM stage_client AS s
WHERE NOT EXISTS (SELECT FROM client AS t WHERE t.portal_id = @portal::smallint AND t.external_key = s.key);

-- name: drop_wrong_contact :exec
DELETE FROM stage_contact
WHERE line < 0 OR line IN (SELECT w.line FROM stage_wrong AS w WHERE w.kind = 'contact');

-- name: count_new_contact :one
SELECT count(*)::integer FROM stage_contact AS s
WHERE NOT EXISTS (SELECT FROM contact AS t WHERE t.portal_id = @portal::smallint AND t.external_key = s.key);

-- name: drop_wrong_contract :exec
DELETE FROM stage_contract
WHERE line < 0 OR line IN (SELECT w.line FROM stage_wrong AS w WHERE w.kind = 'contract');

-- name: count_new_contract :one
SELECT count(*)::integer FROM stage_contract AS s
WHERE NOT EXISTS (SELECT FROM contract AS t WHERE t.portal_id = @portal::smallint AND t.external_key = s.key);

-- name: drop_wrong_invoice :exec
DELETE FROM stage_invoice
WHERE line < 0 OR line IN (SELECT w.line FROM stage_wrong AS w WHERE w.kind = 'invoice');

-- name: count_new_invoice :one
SELECT count(*)::integer FROM stage_invoice AS s
WHERE NOT EXISTS (SELECT FROM invoice AS t WHERE t.portal_id = @portal::smallint AND t.external_key = s.key);

-- name: drop_wrong_instalment :exec
DELETE FROM stage_instalment
WHERE line < 0 OR line IN (SELECT w.line FROM stage_wrong AS w WHERE w.kind = 'instalment');

-- name: count_new_instalment :one
SELECT count(*)::integer FROM stage_instalment AS s
WHERE NOT EXISTS (SELECT FROM instalment AS t WHERE t.portal_id = @portal::smallint AND t.external_key = s.key);

-- name: drop_wrong_payment :exec
DELETE FROM stage_payment
WHERE line < 0 OR line IN (SELECT w.line FROM stage_wrong AS w WHERE w.kind = 'payment');

-- name: count_new_payment :one
SELECT count(*)::integer FROM stage_payment AS s
WHERE NOT EXISTS (SELECT FROM payment AS t WHERE t.portal_id = @portal::smallint AND t.external_key = s.key);

-- name: drop_wrong_policy :exec
DELETE FROM stage_policy
WHERE line < 0 OR line IN (SELECT w.line FROM stage_wrong AS w WHERE w.kind = 'policy');

-- name: count_new_policy :one
SELECT count(*)::integer FROM stage_policy AS s
WHERE NOT EXISTS (SELECT FROM policy AS t WHERE t.portal_id = @portal::smallint AND t.external_key = s.key);

-- name: change_client :exec
WITH changed AS (
UPDATE client AS t SET kind = n.kind, name = n.name, country = n.country, language = n.language, customer_number =
    n.customer_number, tax_number = n.tax_number, register_number = n.register_number, personal_number =
    n.personal_number, birth_date = n.birth_date, address = n.address, version = t.version + 1, changed_at = now()
FROM (
    SELECT s.key, s.kind, s.name, s.country, s.language, s.customer_number, s.tax_number, s.register_number,
        s.personal_number, s.birth_date, s.address
    FROM stage_client AS s
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.kind, t.name, t.country, t.language, t.customer_number, t.tax_number, t.register_number,
        t.personal_number, t.birth_date, t.address)
    IS DISTINCT FROM (n.kind, n.name, n.country, n.language, n.customer_number, n.tax_number, n.register_number,
        n.personal_number, n.birth_date, n.address)
RETURNING t.id AS client_id
)
INSERT INTO stage_touched (client_id, fresh)
SELECT client_id, false FROM changed;

-- name: add_client :exec
WITH added AS (
INSERT INTO client (portal_id, external_key, kind, name, country, language, customer_number, tax_number,
    register_number, personal_number, birth_date, address)
SELECT @portal::smallint, s.key, s.kind, s.name, s.country, s.language, s.customer_number, s.tax_number,
    s.register_number, s.personal_number, s.birth_date, s.address
FROM stage_client AS s
LEFT JOIN client AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL
RETURNING id AS client_id
)
INSERT INTO stage_touched (client_id, fresh)
SELECT client_id, true FROM added;

-- name: change_contact :exec
WITH changed AS (
UPDATE contact AS t SET client_id = n.client_id, kind = n.kind, value = n.value, trusted = n.trusted
FROM (
    SELECT s.key, o.client_id AS old_client_id,
        c.id AS client_id, s.kind, s.value, coalesce(s.trusted, false) AS trusted
    FROM stage_contact AS s
    JOIN contact AS o ON o.portal_id = @portal::smallint AND o.external_key = s.key
    JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.client_id, t.kind, t.value, t.trusted)
    IS DISTINCT FROM (n.client_id, n.kind, n.value, n.trusted)
RETURNING t.client_id, n.old_client_id
)
INSERT INTO stage_touched (client_id, old_client_id, fresh)
SELECT client_id, old_client_id, false FROM changed;

-- name: add_contact :exec
WITH added AS (
INSERT INTO contact (portal_id, external_key, client_id, kind, value, trusted)
SELECT @portal::smallint, s.key, c.id, s.kind, s.value, coalesce(s.trusted, false)
FROM stage_contact AS s
JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
LEFT JOIN contact AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL
RETURNING client_id
)
INSERT INTO stage_touched (client_id, fresh)
SELECT client_id, false FROM added;

-- name: change_contract :exec
WITH changed AS (
UPDATE contract AS t SET client_id = n.client_id, number = n.number, kind = n.kind, signed_on = n.signed_on,
    starts_on = n.starts_on, ends_on = n.ends_on, ended_on = n.ended_on, currency = n.currency, net_value_minor =
    n.net_value_minor, asset_kind = n.asset_kind, asset_name = n.asset_name, registration = n.registration, vin =
    n.vin
FROM (
    SELECT s.key, o.client_id AS old_client_id,
        c.id AS client_id, s.number, s.kind, s.signed_on, s.starts_on, s.ends_on, s.ended_on, s.currency,
        coalesce(s.net_value_minor, 0) AS net_value_minor, s.asset_kind, s.asset_name, s.registration, s.vin
    FROM stage_contract AS s
    JOIN contract AS o ON o.portal_id = @portal::smallint AND o.external_key = s.key
    JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.client_id, t.number, t.kind, t.signed_on, t.starts_on, t.ends_on, t.ended_on, t.currency,
        t.net_value_minor, t.asset_kind, t.asset_name, t.registration, t.vin)
    IS DISTINCT FROM (n.client_id, n.number, n.kind, n.signed_on, n.starts_on, n.ends_on, n.ended_on, n.currency,
        n.net_value_minor, n.asset_kind, n.asset_name, n.registration, n.vin)
RETURNING t.client_id, n.old_client_id
)
INSERT INTO stage_touched (client_id, old_client_id, fresh)
SELECT client_id, old_client_id, false FROM changed;

-- name: add_contract :exec
WITH added AS (
INSERT INTO contract (portal_id, external_key, client_id, number, kind, signed_on, starts_on, ends_on, ended_on,
    currency, net_value_minor, asset_kind, asset_name, registration, vin)
SELECT @portal::smallint, s.key, c.id, s.number, s.kind, s.signed_on, s.starts_on, s.ends_on, s.ended_on,
    s.currency, coalesce(s.net_value_minor, 0), s.asset_kind, s.asset_name, s.registration, s.vin
FROM stage_contract AS s
JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
LEFT JOIN contract AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL
RETURNING client_id
)
INSERT INTO stage_touched (client_id, fresh)
SELECT client_id, false FROM added;

-- name: change_invoice :exec
UPDATE invoice AS t SET client_id = n.client_id, contract_id = n.contract_id, number = n.number, issued_on =
    n.issued_on, due_on = n.due_on, amount_minor = n.amount_minor, currency = n.currency
FROM (
    SELECT s.key, c.id AS client_id, k.id AS contract_id, s.number, s.issued_on, s.due_on, s.amount_minor,
        s.currency
    FROM stage_invoice AS s
    JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
    LEFT JOIN contract AS k ON k.portal_id = @portal::smallint AND k.external_key = s.contract
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.client_id, t.contract_id, t.number, t.issued_on, t.due_on, t.amount_minor, t.currency)
    IS DISTINCT FROM (n.client_id, n.contract_id, n.number, n.issued_on, n.due_on, n.amount_minor, n.currency);

-- name: add_invoice :exec
INSERT INTO invoice (portal_id, external_key, client_id, contract_id, number, issued_on, due_on, amount_minor,
    currency)
SELECT @portal::smallint, s.key, c.id, k.id, s.number, s.issued_on, s.due_on, s.amount_minor, s.currency
FROM stage_invoice AS s
JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
LEFT JOIN contract AS k ON k.portal_id = @portal::smallint AND k.external_key = s.contract
LEFT JOIN invoice AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL;

-- name: change_instalment :exec
UPDATE instalment AS t SET contract_id = n.contract_id, invoice_id = n.invoice_id, kind = n.kind, number = n.number,
    due_on = n.due_on, amount_minor = n.amount_minor, currency = n.currency
FROM (
    SELECT s.key, k.id AS contract_id, v.id AS invoice_id, s.kind, s.number, s.due_on, s.amount_minor, s.currency
    FROM stage_instalment AS s
    JOIN contract AS k ON k.portal_id = @portal::smallint AND k.external_key = s.contract
    LEFT JOIN invoice AS v ON v.portal_id = @portal::smallint AND v.external_key = s.invoice
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.contract_id, t.invoice_id, t.kind, t.number, t.due_on, t.amount_minor, t.currency)
    IS DISTINCT FROM (n.contract_id, n.invoice_id, n.kind, n.number, n.due_on, n.amount_minor, n.currency);

-- name: add_instalment :exec
INSERT INTO instalment (portal_id, external_key, contract_id, invoice_id, kind, number, due_on, amount_minor,
    currency)
SELECT @portal::smallint, s.key, k.id, v.id, s.kind, s.number, s.due_on, s.amount_minor, s.currency
FROM stage_instalment AS s
JOIN contract AS k ON k.portal_id = @portal::smallint AND k.external_key = s.contract
LEFT JOIN invoice AS v ON v.portal_id = @portal::smallint AND v.external_key = s.invoice
LEFT JOIN instalment AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL;

-- name: change_payment :exec
UPDATE payment AS t SET invoice_id = n.invoice_id, instalment_id = n.instalment_id, paid_on = n.paid_on,
    amount_minor = n.amount_minor, currency = n.currency
FROM (
    SELECT s.key, v.id AS invoice_id, i.id AS instalment_id, s.paid_on, s.amount_minor, s.currency
    FROM stage_payment AS s
    LEFT JOIN invoice AS v ON v.portal_id = @portal::smallint AND v.external_key = s.invoice
    LEFT JOIN instalment AS i ON i.portal_id = @portal::smallint AND i.external_key = s.instalment
    WHERE num_nonnulls(v.id, i.id) = 1
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.invoice_id, t.instalment_id, t.paid_on, t.amount_minor, t.currency)
    IS DISTINCT FROM (n.invoice_id, n.instalment_id, n.paid_on, n.amount_minor, n.currency);

-- name: add_payment :exec
INSERT INTO payment (portal_id, external_key, invoice_id, instalment_id, paid_on, amount_minor, currency)
SELECT @portal::smallint, s.key, v.id, i.id, s.paid_on, s.amount_minor, s.currency
FROM stage_payment AS s
LEFT JOIN invoice AS v ON v.portal_id = @portal::smallint AND v.external_key = s.invoice
LEFT JOIN instalment AS i ON i.portal_id = @portal::smallint AND i.external_key = s.instalment
LEFT JOIN payment AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL
    AND num_nonnulls(v.id, i.id) = 1;

-- name: change_policy :exec
UPDATE policy AS t SET client_id = n.client_id, contract_id = n.contract_id, number = n.number, kind = n.kind,
    variant = n.variant, insurer = n.insurer, starts_on = n.starts_on, expires_on = n.expires_on
FROM (
    SELECT s.key, c.id AS client_id, k.id AS contract_id, s.number, s.kind, s.variant, s.insurer, s.starts_on,
        s.expires_on
    FROM stage_policy AS s
    JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
    LEFT JOIN contract AS k ON k.portal_id = @portal::smallint AND k.external_key = s.contract
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.client_id, t.contract_id, t.number, t.kind, t.variant, t.insurer, t.starts_on, t.expires_on)
    IS DISTINCT FROM (n.client_id, n.contract_id, n.number, n.kind, n.variant, n.insurer, n.starts_on, n.expires_on);

-- name: add_policy :exec
INSERT INTO policy (portal_id, external_key, client_id, contract_id, number, kind, variant, insurer, starts_on,
    expires_on)
SELECT @portal::smallint, s.key, c.id, k.id, s.number, s.kind, s.variant, s.insurer, s.starts_on, s.expires_on
FROM stage_policy AS s
JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
LEFT JOIN contract AS k ON k.portal_id = @portal::smallint AND k.external_key = s.contract
LEFT JOIN policy AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL;
