-- The roles of PortalDesk. Run by a superuser, in the database PortalDesk will live in, as often as you like:
--   psql -X -v ON_ERROR_STOP=1 -v owner_password=… -v console_password=… -v worker_password=… -f sql/roles.sql "$ADMIN_URL"
-- A password that is not given is left as it is (a new role then has none and signs in by peer or trust only).
-- portaldesk_backup, for `portaldesk backup`, signs in only once it was given a backup_password.
\set ON_ERROR_STOP on
\set QUIET on
\if :{?owner_password} \else \set owner_password '' \endif
\if :{?console_password} \else \set console_password '' \endif
\if :{?worker_password} \else \set worker_password '' \endif
\if :{?backup_password} \else \set backup_password '' \endif
SET client_min_messages = warning;

-- Two runs at once, in whichever databases of the server, would trip over one another's roles.
BEGIN;
LOCK TABLE pg_catalog.pg_authid IN SHARE ROW EXCLUSIVE MODE;

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['portaldesk_owner', 'portaldesk_console', 'portaldesk_worker', 'portaldesk_backup'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I', wanted);
        END IF;
    END LOOP;
END $$;

ALTER ROLE portaldesk_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE portaldesk_console LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE portaldesk_worker LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
-- Forced policies stop pg_dump, hence a role beside them that reads and cannot write.
ALTER ROLE portaldesk_backup NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS;
ALTER ROLE portaldesk_backup SET default_transaction_read_only = on;

-- Session settings live here and not in start-up options, which a transaction pooler refuses. Whether a statement is
-- compiled goes by what the planner thinks it costs, which the policies of rows make too high: here it never pays.
ALTER ROLE portaldesk_owner SET timezone = 'UTC';
ALTER ROLE portaldesk_owner SET datestyle = 'ISO, YMD';
ALTER ROLE portaldesk_console SET timezone = 'UTC';
ALTER ROLE portaldesk_console SET datestyle = 'ISO, YMD';
ALTER ROLE portaldesk_console SET jit = off;
ALTER ROLE portaldesk_console SET statement_timeout = '30s';
ALTER ROLE portaldesk_console SET lock_timeout = '10s';
ALTER ROLE portaldesk_console SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE portaldesk_worker SET timezone = 'UTC';
ALTER ROLE portaldesk_worker SET datestyle = 'ISO, YMD';
ALTER ROLE portaldesk_worker SET jit = off;
ALTER ROLE portaldesk_worker SET statement_timeout = '10min';
ALTER ROLE portaldesk_worker SET lock_timeout = '30s';
ALTER ROLE portaldesk_worker SET idle_in_transaction_session_timeout = '60s';

SELECT format('ALTER ROLE portaldesk_owner PASSWORD %L', :'owner_password') WHERE :'owner_password' <> '' \gexec
SELECT format('ALTER ROLE portaldesk_console PASSWORD %L', :'console_password') WHERE :'console_password' <> '' \gexec
SELECT format('ALTER ROLE portaldesk_worker PASSWORD %L', :'worker_password') WHERE :'worker_password' <> '' \gexec
SELECT format('ALTER ROLE portaldesk_backup LOGIN PASSWORD %L', :'backup_password') WHERE :'backup_password' <> '' \gexec

-- The watchdog names the session that keeps vacuum from clearing away dead rows; a function of the owner looks.
GRANT pg_read_all_stats TO portaldesk_owner;

-- The owner owns the schema and may create trusted extensions (unaccent, pgcrypto) in this database; the others own
-- nothing and create nothing but temporary staging tables.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO portaldesk_owner', current_database()) \gexec
SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO portaldesk_console, portaldesk_worker', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO portaldesk_backup', current_database()) \gexec
ALTER SCHEMA public OWNER TO portaldesk_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
COMMIT;
