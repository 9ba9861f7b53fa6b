-- The import of the book of business. Rows arrive in temporary tables, are checked set-wise, and are merged set-wise.
-- An empty field arrives as NULL. The main system's key is `external_key` here. A negated `line` marks a row of which a
-- field was refused on the way; the field is NULL then.

-- Sorts and hashes of whole files stay in memory, until the transaction ends. What the book holds at the time is not
-- what its statistics tell of, least of all when it was empty: a nested loop, chosen for the few rows they promise,
-- would walk through whole tables for every row.
-- name: plan_for_whole_files :one
SELECT concat_ws(' ', set_config('work_mem', '256MB', true), set_config('enable_nestloop', 'off', true),
    set_config('jit', 'off', true)) AS settings;

-- name: stage_client :exec
CREATE TEMPORARY TABLE stage_client (key text, kind text, name text, country text, language text, customer_number
    text, tax_number text, register_number text, personal_number text, birth_date date, address text, line bigint
    NOT NULL)
ON COMMIT DROP;

-- name: copy_client :exec
COPY stage_client (key, kind, name, country, language, customer_number, tax_number, register_number,
    personal_number, birth_date, address, line) FROM STDIN (FORMAT csv);

-- name: analyze_client :exec
ANALYZE stage_client;

-- name: stage_contact :exec
CREATE TEMPORARY TABLE stage_contact (key text, client text, kind text, value text, trusted boolean, line bigint NOT
    NULL)
ON COMMIT DROP;

-- name: copy_contact :exec
COPY stage_contact (key, client, kind, value, trusted, line) FROM STDIN (FORMAT csv);

-- name: analyze_contact :exec
ANALYZE stage_contact;

-- name: stage_contract :exec
CREATE TEMPORARY TABLE stage_contract (key text, client text, number text, kind text, signed_on date, starts_on
    date, ends_on date, ended_on date, currency text, net_value_minor bigint, asset_kind text, asset_name text,
    registration text, vin text, line bigint NOT NULL)
ON COMMIT DROP;

-- name: copy_contract :exec
COPY stage_contract (key, client, number, kind, signed_on, starts_on, ends_on, ended_on, currency, net_value_minor,
    asset_kind, asset_name, registration, vin, line) FROM STDIN (FORMAT csv);

-- name: analyze_contract :exec
ANALYZE stage_contract;

-- name: stage_invoice :exec
CREATE TEMPORARY TABLE stage_invoice (key text, client text, contract text, number text, issued_on date, due_on
    date, amount_minor bigint, currency text, line bigint NOT NULL)
ON COMMIT DROP;

-- name: copy_invoice :exec
COPY stage_invoice (key, client, contract, number, issued_on, due_on, amount_minor, currency, line) FROM STDIN
    (FORMAT csv);

-- name: analyze_invoice :exec
ANALYZE stage_invoice;

-- name: stage_instalment :exec
CREATE TEMPORARY TABLE stage_instalment (key text, contract text, invoice text, kind text, number integer, due_on
    date, amount_minor bigint, currency text, line bigint NOT NULL)
ON COMMIT DROP;

-- name: copy_instalment :exec
COPY stage_instalment (key, contract, invoice, kind, number, due_on, amount_minor, currency, line) FROM STDIN
    (FORMAT csv);

-- name: analyze_instalment :exec
ANALYZE stage_instalment;

-- name: stage_payment :exec
CREATE TEMPORARY TABLE stage_payment (key text, invoice text, instalment text, paid_on date, amount_minor bigint,
    currency text, line bigint NOT NULL)
ON COMMIT DROP;

-- name: copy_payment :exec
COPY stage_payment (key, invoice, instalment, paid_on, amount_minor, currency, line) FROM STDIN (FORMAT csv);

-- name: analyze_payment :exec
ANALYZE stage_payment;

-- name: stage_policy :exec
CREATE TEMPORARY TABLE stage_policy (key text, client text, contract text, number text, kind text, variant text,
    insurer text, starts_on date, expires_on date, line bigint NOT NULL)
ON COMMIT DROP;

-- name: copy_policy :exec
COPY stage_policy (key, client, contract, number, kind, variant, insurer, starts_on, expires_on, line) FROM STDIN
    (FORMAT csv);

-- name: analyze_policy :exec
ANALYZE stage_policy;

-- Whose terms of the search box have to be written anew.
-- name: stage_touched :exec
CREATE TEMPORARY TABLE stage_touched (client_id bigint NOT NULL, old_client_id bigint, fresh boolean NOT NULL)
ON COMMIT DROP;

-- Nothing of a client whose data the law alone keeps comes in again.
-- name: drop_restricted :one
SELECT drop_restricted(@portal::smallint);

-- Rows that the checks found wrong.
-- name: stage_wrong :exec
CREATE TEMPORARY TABLE stage_wrong (kind text NOT NULL, line bigint NOT NULL) ON COMMIT DROP;
