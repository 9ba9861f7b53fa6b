-- Fills a migrated database with a book of its own making, past the import: how long that takes is nobody's figure. The
-- book's own tables and functions (book.sql) lie in the schema "made", which the caller makes.
--   psql -c 'CREATE SCHEMA made' -c 'SET search_path = made, public' -v clients=… -f book.sql -f fill.sql
SET session_replication_role = replica;
SET work_mem = '256MB';
SET jit = off;
SET client_min_messages = warning;

INSERT INTO client (portal_id, id, external_key, kind, name, country, language, customer_number, tax_number,
    personal_number, birth_date, address)
SELECT 1, substr(key, 2)::bigint, key, kind, name, country, language, customer_number, tax_number, personal_number,
    birth_date, address
FROM import_clients;

INSERT INTO contact (portal_id, client_id, external_key, kind, value, trusted)
SELECT 1, substr(client, 2)::bigint, key, kind, value, true FROM import_contacts;

INSERT INTO contract (portal_id, id, client_id, external_key, number, kind, signed_on, starts_on, ends_on, currency,
    net_value_minor, asset_kind, asset_name, registration, vin)
SELECT 1, substr(key, 2)::bigint, substr(client, 2)::bigint, key, number, kind, signed_on, starts_on, ends_on, currency,
    net_value_minor, asset_kind, asset_name, registration, vin
FROM import_contracts;

INSERT INTO invoice (portal_id, id, client_id, contract_id, external_key, number, issued_on, due_on, amount_minor,
    currency)
SELECT 1, substr(key, 2)::bigint, substr(client, 2)::bigint, substr(contract, 2)::bigint, key, number, issued_on,
    due_on, amount_minor, currency
FROM import_invoices;

INSERT INTO instalment (portal_id, id, contract_id, invoice_id, external_key, kind, number, due_on, amount_minor,
    currency)
SELECT 1, substr(key, 2)::bigint, substr(contract, 2)::bigint, substr(invoice, 2)::bigint, key, kind, number, due_on,
    amount_minor, currency
FROM import_instalments;

INSERT INTO payment (portal_id, external_key, invoice_id, instalment_id, paid_on, amount_minor, currency)
SELECT 1, key, substr(invoice, 2)::bigint, substr(instalment, 2)::bigint, paid_on, amount_minor, currency
FROM import_payments;

INSERT INTO policy (portal_id, client_id, contract_id, external_key, number, kind, insurer, starts_on, expires_on)
SELECT 1, substr(client, 2)::bigint, substr(contract, 2)::bigint, key, number, kind, insurer, starts_on, expires_on
FROM import_policies;

INSERT INTO client_term (portal_id, client_id, kind, term)
SELECT DISTINCT 1, t.client_id, t.kind, t.term
FROM client_terms(1::smallint, ARRAY(SELECT id FROM client WHERE portal_id = 1)) AS t
ORDER BY t.client_id;

DROP SCHEMA made CASCADE;
