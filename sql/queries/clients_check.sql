-- What is wrong with the rows of an import beyond single fields: keys that stand twice, references to nothing, dates
-- out of order. One statement a kind, one row per wrong field; `total` counts the wrong rows that were fine field by
-- field.

-- name: check_client :many
WITH wrong AS (
    SELECT s.line, 'key' AS "column", 'duplicate_key' AS reason FROM stage_client AS s
    WHERE s.key IN (SELECT d.key FROM stage_client AS d GROUP BY d.key HAVING count(*) > 1)
    UNION
    SELECT s.line, 'customer_number', 'taken' FROM stage_client AS s
    JOIN client AS t ON t.portal_id = @portal::smallint AND t.customer_number = s.customer_number
    WHERE t.external_key <> s.key AND NOT EXISTS (SELECT FROM stage_client AS o WHERE o.key = t.external_key)
    UNION
    SELECT s.line, 'customer_number', 'taken' FROM stage_client AS s
    WHERE s.customer_number IN (SELECT d.customer_number FROM stage_client AS d
        GROUP BY d.customer_number HAVING count(*) > 1)
), noted AS (
    INSERT INTO stage_wrong (kind, line) SELECT DISTINCT 'client', line FROM wrong WHERE line > 0
)
SELECT abs(line) AS line, "column", reason,
    (SELECT count(DISTINCT line) FROM wrong WHERE line > 0)::integer AS total
FROM wrong
ORDER BY 1, "column"
LIMIT 10000;

-- name: check_contact :many
WITH wrong AS (
    SELECT s.line, 'key' AS "column", 'duplicate_key' AS reason FROM stage_contact AS s
    WHERE s.key IN (SELECT d.key FROM stage_contact AS d GROUP BY d.key HAVING count(*) > 1)
    UNION
    SELECT s.line, 'client', 'unknown_client' FROM stage_contact AS s
    WHERE s.client IS NOT NULL AND NOT EXISTS (SELECT FROM stage_client AS p WHERE p.key = s.client)
        AND NOT EXISTS (SELECT FROM client AS t
            WHERE t.portal_id = @portal::smallint AND t.external_key = s.client)
), noted AS (
    INSERT INTO stage_wrong (kind, line) SELECT DISTINCT 'contact', line FROM wrong WHERE line > 0
)
SELECT abs(line) AS line, "column", reason,
    (SELECT count(DISTINCT line) FROM wrong WHERE line > 0)::integer AS total
FROM wrong
ORDER BY 1, "column"
LIMIT 10000;

-- name: check_contract :many
WITH wrong AS (
    SELECT s.line, 'key' AS "column", 'duplicate_key' AS reason FROM stage_contract AS s
    WHERE s.key IN (SELECT d.key FROM stage_contract AS d GROUP BY d.key HAVING count(*) > 1)
    UNION
    SELECT s.line, 'client', 'unknown_client' FROM stage_contract AS s
    WHERE s.client IS NOT NULL AND NOT EXISTS (SELECT FROM stage_client AS p WHERE p.key = s.client)
        AND NOT EXISTS (SELECT FROM client AS t
            WHERE t.portal_id = @portal::smallint AND t.external_key = s.client)
    UNION
    SELECT s.line, 'ends_on', 'order_of_dates' FROM stage_contract AS s WHERE s.ends_on < s.starts_on
), noted AS (
    INSERT INTO stage_wrong (kind, line) SELECT DISTINCT 'contract', line FROM wrong WHERE line > 0
)
SELECT abs(line) AS line, "column", reason,
    (SELECT count(DISTINCT line) FROM wrong WHERE line > 0)::integer AS total
FROM wrong
ORDER BY 1, "column"
LIMIT 10000;

-- name: check_invoice :many
WITH wrong AS (
    SELECT s.line, 'key' AS "column", 'duplicate_key' AS reason FROM stage_invoice AS s
    WHERE s.key IN (SELECT d.key FROM stage_invoice AS d GROUP BY d.key HAVING count(*) > 1)
    UNION
    SELECT s.line, 'client', 'unknown_client' FROM stage_invoice AS s
    WHERE s.client IS NOT NULL AND NOT EXISTS (SELECT FROM stage_client AS p WHERE p.key = s.client)
        AND NOT EXISTS (SELECT FROM client AS t
            WHERE t.portal_id = @portal::smallint AND t.external_key = s.client)
    UNION
    SELECT s.line, 'contract', 'unknown_contract' FROM stage_invoice AS s
    WHERE s.contract IS NOT NULL AND NOT EXISTS (SELECT FROM stage_contract AS p WHERE p.key = s.contract)
        AND NOT EXISTS (SELECT FROM contract AS t
            WHERE t.portal_id = @portal::smallint AND t.external_key = s.contract)
), noted AS (
    INSERT INTO stage_wrong (kind, line) SELECT DISTINCT 'invoice', line FROM wrong WHERE line > 0
)
SELECT abs(line) AS line, "column", reason,
    (SELECT count(DISTINCT line) FROM wrong WHERE line > 0)::integer AS total
FROM wrong
ORDER BY 1, "column"
LIMIT 10000;

-- name: check_instalment :many
WITH wrong AS (
    SELECT s.line, 'key' AS "column", 'duplicate_key' AS reason FROM stage_instalment AS s
    WHERE s.key IN (SELECT d.key FROM stage_instalment AS d GROUP BY d.key HAVING count(*) > 1)
    UNION
    SELECT s.line, 'contract', 'unknown_contract' FROM stage_instalment AS s
    WHERE s.contract IS NOT NULL AND NOT EXISTS (SELECT FROM stage_contract AS p WHERE p.key = s.contract)
        AND NOT EXISTS (SELECT FROM contract AS t
            WHERE t.portal_id = @portal::smallint AND t.external_key = s.contract)
    UNION
    SELECT s.line, 'invoice', 'unknown_invoice' FROM stage_instalment AS s
    WHERE s.invoice IS NOT NULL AND NOT EXISTS (SELECT FROM stage_invoice AS p WHERE p.key = s.invoice)
        AND NOT EXISTS (SELECT FROM invoice AS t
            WHERE t.portal_id = @portal::smallint AND t.external_key = s.invoice)
), noted AS (
    INSERT INTO stage_wrong (kind, line) SELECT DISTINCT 'instalment', line FROM wrong WHERE line > 0
)
SELECT abs(line) AS line, "column", reason,
    (SELECT count(DISTINCT line) FROM wrong WHERE line > 0)::integer AS total
FROM wrong
ORDER BY 1, "column"
LIMIT 10000;

-- name: check_payment :many
WITH wrong AS (
    SELECT s.line, 'key' AS "column", 'duplicate_key' AS reason FROM stage_payment AS s
    WHERE s.key IN (SELECT d.key FROM stage_payment AS d GROUP BY d.key HAVING count(*) > 1)
    UNION
    SELECT s.line, 'invoice', 'unknown_invoice' FROM stage_payment AS s
    WHERE s.invoice IS NOT NULL AND NOT EXISTS (SELECT FROM stage_invoice AS p WHERE p.key = s.invoice)
        AND NOT EXISTS (SELECT FROM invoice AS t
            WHERE t.portal_id = @portal::smallint AND t.external_key = s.invoice)
    UNION
    SELECT s.line, 'instalment', 'unknown_instalment' FROM stage_payment AS s
    WHERE s.instalment IS NOT NULL AND NOT EXISTS (SELECT FROM stage_instalment AS p WHERE p.key = s.instalment)
        AND NOT EXISTS (SELECT FROM instalment AS t
            WHERE t.portal_id = @portal::smallint AND t.external_key = s.instalment)
    UNION
    SELECT s.line, 'invoice', 'one_of_two' FROM stage_payment AS s
    WHERE s.line > 0 AND (s.invoice IS NULL) = (s.instalment IS NULL)
), noted AS (
    INSERT INTO stage_wrong (kind, line) SELECT DISTINCT 'payment', line FROM wrong WHERE line > 0
)
SELECT abs(line) AS line, "column", reason,
    (SELECT count(DISTINCT line) FROM wrong WHERE line > 0)::integer AS total
FROM wrong
ORDER BY 1, "column"
LIMIT 10000;

-- name: check_policy :many
WITH wrong AS (
    SELECT s.line, 'key' AS "column", 'duplicate_key' AS reason FROM stage_policy AS s
    WHERE s.key IN (SELECT d.key FROM stage_policy AS d GROUP BY d.key HAVING count(*) > 1)
    UNION
    SELECT s.line, 'client', 'unknown_client' FROM stage_policy AS s
    WHERE s.client IS NOT NULL AND NOT EXISTS (SELECT FROM stage_client AS p WHERE p.key = s.client)
        AND NOT EXISTS (SELECT FROM client AS t
            WHERE t.portal_id = @portal::smallint AND t.external_key = s.client)
    UNION
    SELECT s.line, 'contract', 'unknown_contract' FROM stage_policy AS s
    WHERE s.contract IS NOT NULL AND NOT EXISTS (SELECT FROM stage_contract AS p WHERE p.key = s.contract)
        AND NOT EXISTS (SELECT FROM contract AS t
            WHERE t.portal_id = @portal::smallint AND t.external_key = s.contract)
    UNION
    SELECT s.line, 'expires_on', 'order_of_dates' FROM stage_policy AS s WHERE s.expires_on < s.starts_on
), noted AS (
    INSERT INTO stage_wrong (kind, line) SELECT DISTINCT 'policy', line FROM wrong WHERE line > 0
)
SELECT abs(line) AS line, "column", reason,
    (SELECT count(DISTINCT line) FROM wrong WHERE line > 0)::integer AS total
FROM wrong
ORDER BY 1, "column"
LIMIT 10000;
