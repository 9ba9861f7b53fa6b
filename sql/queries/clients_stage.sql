-- The import of the book of business. Rows arrive in temporary tables, are checked set-wise, and are merged set-wise.
-- An empty field arrives as NULL. The main system's key is `external_key` here.

-- name: stage_client :exec
CREATE TEMPORARY TABLE stage_client (line bigint NOT NULL, key text, kind text, name text, country text, language
    text, customer_number text, tax_number text, register_number text, personal_number text, birth_date text, address
    text)
ON COMMIT DROP;

-- name: copy_client :exec
COPY stage_client (line, key, kind, name, country, language, customer_number, tax_number, register_number,
    personal_number, birth_date, address) FROM STDIN (FORMAT csv);

-- name: analyze_client :exec
ANALYZE stage_client;

-- name: stage_contact :exec
CREATE TEMPORARY TABLE stage_contact (line bigint NOT NULL, key text, client text, kind text, value text, trusted
    text)
ON COMMIT DROP;

-- name: copy_contact :exec
COPY stage_contact (line, key, client, kind, value, trusted) FROM STDIN (FORMAT csv);

-- name: analyze_contact :exec
ANALYZE stage_contact;

-- name: stage_contract :exec
CREATE TEMPORARY TABLE stage_contract (line bigint NOT NULL, key text, client text, number text, kind text, signed_on
    text, starts_on text, ends_on text, ended_on text, currency text, net_value_minor text, asset_kind text,
    asset_name text, registration text, vin text)
ON COMMIT DROP;

-- name: copy_contract :exec
COPY stage_contract (line, key, client, number, kind, signed_on, starts_on, ends_on, ended_on, currency,
    net_value_minor, asset_kind, asset_name, registration, vin) FROM STDIN (FORMAT csv);

-- name: analyze_contract :exec
ANALYZE stage_contract;

-- name: stage_invoice :exec
CREATE TEMPORARY TABLE stage_invoice (line bigint NOT NULL, key text, client text, contract text, number text,
    issued_on text, due_on text, amount_minor text, currency text)
ON COMMIT DROP;

-- name: copy_invoice :exec
COPY stage_invoice (line, key, client, contract, number, issued_on, due_on, amount_minor, currency) FROM STDIN (FORMAT
    csv);

-- name: analyze_invoice :exec
ANALYZE stage_invoice;

-- name: stage_instalment :exec
CREATE TEMPORARY TABLE stage_instalment (line bigint NOT NULL, key text, contract text, invoice text, kind text,
    number text, due_on text, amount_minor text, currency text)
ON COMMIT DROP;

-- name: copy_instalment :exec
COPY stage_instalment (line, key, contract, invoice, kind, number, due_on, amount_minor, currency) FROM STDIN (FORMAT
    csv);

-- name: analyze_instalment :exec
ANALYZE stage_instalment;

-- name: stage_payment :exec
CREATE TEMPORARY TABLE stage_payment (line bigint NOT NULL, key text, invoice text, instalment text, paid_on text,
    amount_minor text, currency text)
ON COMMIT DROP;

-- name: copy_payment :exec
COPY stage_payment (line, key, invoice, instalment, paid_on, amount_minor, currency) FROM STDIN (FORMAT csv);

-- name: analyze_payment :exec
ANALYZE stage_payment;

-- name: stage_policy :exec
CREATE TEMPORARY TABLE stage_policy (line bigint NOT NULL, key text, client text, contract text, number text, kind
    text, variant text, insurer text, starts_on text, expires_on text)
ON COMMIT DROP;

-- name: copy_policy :exec
COPY stage_policy (line, key, client, contract, number, kind, variant, insurer, starts_on, expires_on) FROM STDIN
    (FORMAT csv);

-- name: analyze_policy :exec
ANALYZE stage_policy;

-- Whose terms of the search box have to be written anew.
-- name: stage_touched :exec
CREATE TEMPORARY TABLE stage_touched (client_id bigint NOT NULL, fresh boolean NOT NULL) ON COMMIT DROP;
