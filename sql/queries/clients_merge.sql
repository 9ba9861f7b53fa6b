-- The merge of checked rows: what is new, then what changed; a row absent from the file stays.

-- A client that was activated before the main system knew it is adopted by its number, if only one bears it.
-- name: adopt_provisional :exec
UPDATE client AS c
SET external_key = s.key
FROM stage_client AS s
WHERE c.portal_id = @portal::smallint AND c.external_key IS NULL
    AND (c.tax_number = s.tax_number OR (s.tax_number IS NULL AND c.personal_number = s.personal_number))
    AND NOT EXISTS (SELECT FROM client AS k WHERE k.portal_id = c.portal_id AND k.external_key = s.key)
    AND (SELECT count(*) FROM client AS o WHERE o.portal_id = c.portal_id AND o.external_key IS NULL
        AND (o.tax_number = s.tax_number OR (s.tax_number IS NULL AND o.personal_number = s.personal_number))) = 1;

-- name: change_client :exec
WITH changed AS (
UPDATE client AS t SET kind = n.kind, name = n.name, country = n.country, language = n.language, customer_number =
    n.customer_number, tax_number = n.tax_number, register_number = n.register_number, personal_number =
    n.personal_number, birth_date = n.birth_date, address = n.address, version = t.version + 1, changed_at = now()
FROM (
    SELECT s.key, s.kind, s.name, s.country, s.language, s.customer_number, s.tax_number, s.register_number,
        s.personal_number, s.birth_date::date AS birth_date, s.address
    FROM stage_client AS s
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.kind, t.name, t.country, t.language, t.customer_number, t.tax_number, t.register_number, t.personal_number,
        t.birth_date, t.address)
    IS DISTINCT FROM (n.kind, n.name, n.country, n.language, n.customer_number, n.tax_number, n.register_number, n.personal_number,
        n.birth_date, n.address)
RETURNING t.id AS client_id
)
INSERT INTO stage_touched (client_id, fresh) SELECT client_id, false FROM changed;

-- name: add_client :exec
WITH added AS (
INSERT INTO client (portal_id, external_key, kind, name, country, language, customer_number, tax_number,
    register_number, personal_number, birth_date, address)
SELECT @portal::smallint, s.key, s.kind, s.name, s.country, s.language, s.customer_number, s.tax_number,
    s.register_number, s.personal_number, s.birth_date::date, s.address
FROM stage_client AS s
LEFT JOIN client AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL
RETURNING id AS client_id
)
INSERT INTO stage_touched (client_id, fresh) SELECT client_id, true FROM added;

-- name: change_contact :exec
WITH changed AS (
UPDATE contact AS t SET client_id = n.client_id, kind = n.kind, value = n.value, trusted = n.trusted
FROM (
    SELECT s.key, c.id AS client_id, s.kind, s.value, coalesce(s.trusted, 'false')::boolean AS trusted
    FROM stage_contact AS s
    LEFT JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.client_id, t.kind, t.value, t.trusted)
    IS DISTINCT FROM (n.client_id, n.kind, n.value, n.trusted)
RETURNING t.client_id AS client_id
)
INSERT INTO stage_touched (client_id, fresh) SELECT client_id, false FROM changed;

-- name: add_contact :exec
WITH added AS (
INSERT INTO contact (portal_id, external_key, client_id, kind, value, trusted)
SELECT @portal::smallint, s.key, c.id, s.kind, s.value, coalesce(s.trusted, 'false')::boolean
FROM stage_contact AS s
LEFT JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
LEFT JOIN contact AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL
RETURNING client_id AS client_id
)
INSERT INTO stage_touched (client_id, fresh) SELECT client_id, false FROM added;

-- name: change_contract :exec
WITH changed AS (
UPDATE contract AS t SET client_id = n.client_id, number = n.number, kind = n.kind, signed_on = n.signed_on, starts_on
    = n.starts_on, ends_on = n.ends_on, ended_on = n.ended_on, currency = n.currency, net_value_minor =
    n.net_value_minor, asset_kind = n.asset_kind, asset_name = n.asset_name, registration = n.registration, vin =
    n.vin
FROM (
    SELECT s.key, c.id AS client_id, s.number, s.kind, s.signed_on::date AS signed_on, s.starts_on::date AS starts_on,
        s.ends_on::date AS ends_on, s.ended_on::date AS ended_on, s.currency, coalesce(s.net_value_minor, '0')::bigint
        AS net_value_minor, s.asset_kind, s.asset_name, s.registration, s.vin
    FROM stage_contract AS s
    LEFT JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.client_id, t.number, t.kind, t.signed_on, t.starts_on, t.ends_on, t.ended_on, t.currency, t.net_value_minor,
        t.asset_kind, t.asset_name, t.registration, t.vin)
    IS DISTINCT FROM (n.client_id, n.number, n.kind, n.signed_on, n.starts_on, n.ends_on, n.ended_on, n.currency, n.net_value_minor,
        n.asset_kind, n.asset_name, n.registration, n.vin)
RETURNING t.client_id AS client_id
)
INSERT INTO stage_touched (client_id, fresh) SELECT client_id, false FROM changed;

-- name: add_contract :exec
WITH added AS (
INSERT INTO contract (portal_id, external_key, client_id, number, kind, signed_on, starts_on, ends_on, ended_on,
    currency, net_value_minor, asset_kind, asset_name, registration, vin)
SELECT @portal::smallint, s.key, c.id, s.number, s.kind, s.signed_on::date, s.starts_on::date, s.ends_on::date,
    s.ended_on::date, s.currency, coalesce(s.net_value_minor, '0')::bigint, s.asset_kind, s.asset_name,
    s.registration, s.vin
FROM stage_contract AS s
LEFT JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
LEFT JOIN contract AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL
RETURNING client_id AS client_id
)
INSERT INTO stage_touched (client_id, fresh) SELECT client_id, false FROM added;

-- name: change_invoice :exec
UPDATE invoice AS t SET client_id = n.client_id, contract_id = n.contract_id, number = n.number, issued_on =
    n.issued_on, due_on = n.due_on, amount_minor = n.amount_minor, currency = n.currency
FROM (
    SELECT s.key, c.id AS client_id, k.id AS contract_id, s.number, s.issued_on::date AS issued_on, s.due_on::date AS
        due_on, s.amount_minor::bigint AS amount_minor, s.currency
    FROM stage_invoice AS s
    LEFT JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
    LEFT JOIN contract AS k ON k.portal_id = @portal::smallint AND k.external_key = s.contract
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.client_id, t.contract_id, t.number, t.issued_on, t.due_on, t.amount_minor, t.currency)
    IS DISTINCT FROM (n.client_id, n.contract_id, n.number, n.issued_on, n.due_on, n.amount_minor, n.currency);

-- name: add_invoice :exec
INSERT INTO invoice (portal_id, external_key, client_id, contract_id, number, issued_on, due_on, amount_minor,
    currency)
SELECT @portal::smallint, s.key, c.id, k.id, s.number, s.issued_on::date, s.due_on::date, s.amount_minor::bigint,
    s.currency
FROM stage_invoice AS s
LEFT JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
LEFT JOIN contract AS k ON k.portal_id = @portal::smallint AND k.external_key = s.contract
LEFT JOIN invoice AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL;

-- name: change_instalment :exec
UPDATE instalment AS t SET contract_id = n.contract_id, invoice_id = n.invoice_id, kind = n.kind, number = n.number,
    due_on = n.due_on, amount_minor = n.amount_minor, currency = n.currency
FROM (
    SELECT s.key, k.id AS contract_id, v.id AS invoice_id, s.kind, s.number::integer AS number, s.due_on::date AS
        due_on, s.amount_minor::bigint AS amount_minor, s.currency
    FROM stage_instalment AS s
    LEFT JOIN contract AS k ON k.portal_id = @portal::smallint AND k.external_key = s.contract
    LEFT JOIN invoice AS v ON v.portal_id = @portal::smallint AND v.external_key = s.invoice
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.contract_id, t.invoice_id, t.kind, t.number, t.due_on, t.amount_minor, t.currency)
    IS DISTINCT FROM (n.contract_id, n.invoice_id, n.kind, n.number, n.due_on, n.amount_minor, n.currency);

-- name: add_instalment :exec
INSERT INTO instalment (portal_id, external_key, contract_id, invoice_id, kind, number, due_on, amount_minor,
    currency)
SELECT @portal::smallint, s.key, k.id, v.id, s.kind, s.number::integer, s.due_on::date, s.amount_minor::bigint,
    s.currency
FROM stage_instalment AS s
LEFT JOIN contract AS k ON k.portal_id = @portal::smallint AND k.external_key = s.contract
LEFT JOIN invoice AS v ON v.portal_id = @portal::smallint AND v.external_key = s.invoice
LEFT JOIN instalment AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL;

-- name: change_payment :exec
UPDATE payment AS t SET invoice_id = n.invoice_id, instalment_id = n.instalment_id, paid_on = n.paid_on, amount_minor
    = n.amount_minor, currency = n.currency
FROM (
    SELECT s.key, v.id AS invoice_id, i.id AS instalment_id, s.paid_on::date AS paid_on, s.amount_minor::bigint AS
        amount_minor, s.currency
    FROM stage_payment AS s
    LEFT JOIN invoice AS v ON v.portal_id = @portal::smallint AND v.external_key = s.invoice
    LEFT JOIN instalment AS i ON i.portal_id = @portal::smallint AND i.external_key = s.instalment
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.invoice_id, t.instalment_id, t.paid_on, t.amount_minor, t.currency)
    IS DISTINCT FROM (n.invoice_id, n.instalment_id, n.paid_on, n.amount_minor, n.currency);

-- name: add_payment :exec
INSERT INTO payment (portal_id, external_key, invoice_id, instalment_id, paid_on, amount_minor, currency)
SELECT @portal::smallint, s.key, v.id, i.id, s.paid_on::date, s.amount_minor::bigint, s.currency
FROM stage_payment AS s
LEFT JOIN invoice AS v ON v.portal_id = @portal::smallint AND v.external_key = s.invoice
LEFT JOIN instalment AS i ON i.portal_id = @portal::smallint AND i.external_key = s.instalment
LEFT JOIN payment AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL;

-- name: change_policy :exec
UPDATE policy AS t SET client_id = n.client_id, contract_id = n.contract_id, number = n.number, kind = n.kind, variant
    = n.variant, insurer = n.insurer, starts_on = n.starts_on, expires_on = n.expires_on
FROM (
    SELECT s.key, c.id AS client_id, k.id AS contract_id, s.number, s.kind, s.variant, s.insurer, s.starts_on::date AS
        starts_on, s.expires_on::date AS expires_on
    FROM stage_policy AS s
    LEFT JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
    LEFT JOIN contract AS k ON k.portal_id = @portal::smallint AND k.external_key = s.contract
) AS n
WHERE t.portal_id = @portal::smallint AND t.external_key = n.key
    AND (t.client_id, t.contract_id, t.number, t.kind, t.variant, t.insurer, t.starts_on, t.expires_on)
    IS DISTINCT FROM (n.client_id, n.contract_id, n.number, n.kind, n.variant, n.insurer, n.starts_on, n.expires_on);

-- name: add_policy :exec
INSERT INTO policy (portal_id, external_key, client_id, contract_id, number, kind, variant, insurer, starts_on,
    expires_on)
SELECT @portal::smallint, s.key, c.id, k.id, s.number, s.kind, s.variant, s.insurer, s.starts_on::date,
    s.expires_on::date
FROM stage_policy AS s
LEFT JOIN client AS c ON c.portal_id = @portal::smallint AND c.external_key = s.client
LEFT JOIN contract AS k ON k.portal_id = @portal::smallint AND k.external_key = s.contract
LEFT JOIN policy AS t ON t.portal_id = @portal::smallint AND t.external_key = s.key
WHERE t.external_key IS NULL;

-- name: changed_clients :many
SELECT DISTINCT client_id FROM stage_touched AS t
WHERE NOT fresh AND NOT EXISTS (SELECT FROM stage_touched AS f WHERE f.client_id = t.client_id AND f.fresh)
ORDER BY client_id;

-- name: forget_terms_of_touched :exec
DELETE FROM client_term
WHERE portal_id = @portal::smallint AND client_id IN (SELECT client_id FROM stage_touched WHERE NOT fresh);

-- name: add_terms_of_touched :exec
INSERT INTO client_term (portal_id, term, kind, client_id)
SELECT DISTINCT @portal::smallint, t.term, t.kind, t.client_id
FROM client_terms(@portal::smallint, ARRAY(SELECT DISTINCT client_id FROM stage_touched)) AS t;
