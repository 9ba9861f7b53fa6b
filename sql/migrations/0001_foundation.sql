-- breaking: no
-- What every table stands on: the scope of a transaction, the wall between portals, folding for search.

CREATE EXTENSION IF NOT EXISTS unaccent;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO portaldesk_console, portaldesk_worker, portaldesk_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO portaldesk_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO portaldesk_backup;

-- An ended local setting is '' and not NULL, hence NULLIF: outside a scope there is no portal at all.
CREATE FUNCTION scope_portals() RETURNS smallint[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('portaldesk.portals', true), '')::smallint[];

CREATE FUNCTION scope_staff() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('portaldesk.staff', true), '')::bigint;

-- Row-level security of a table that carries portal_id. The scope is a subselect, which reads the setting once for a
-- statement instead of once for a row. Forced policies bind the owner too, so that it has its own.
CREATE PROCEDURE raise_wall(wall regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', wall);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', wall);
    EXECUTE format('CREATE POLICY scope ON %s TO portaldesk_console, portaldesk_worker '
        'USING (portal_id = ANY ((SELECT scope_portals())::smallint[])) '
        'WITH CHECK (portal_id = ANY ((SELECT scope_portals())::smallint[]))', wall);
    EXECUTE format('CREATE POLICY owner ON %s TO portaldesk_owner USING (true) WITH CHECK (true)', wall);
END $$;

-- Lower case without diacritics; the dictionary is named, which makes the result as constant as its file.
CREATE FUNCTION fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(public.unaccent('public.unaccent'::regdictionary, value));

-- For tables whose rows are evidence: nobody changes or removes one, the owner included.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'PD001';
END $$;
