-- breaking: no
-- What reads and carries out the plan. They run as the owner, since the console may not touch most of what they do,
-- and therefore repeat the scope themselves.

CREATE FUNCTION require_scope(portal smallint) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF session_user <> 'portaldesk_owner' AND NOT portal = ANY (coalesce(scope_portals(), '{}')) THEN
        RAISE EXCEPTION 'this portal is out of scope' USING ERRCODE = '42501';
    END IF;
END $$;

-- The keys by which a client's rows are found, {"contract.id": [1, 2]}.
CREATE FUNCTION client_keys(portal smallint, client bigint) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    keys jsonb := '{}';
    found jsonb;
    source record;
BEGIN
    FOR source IN
        SELECT t.name, t.rows, t.exception, s.name AS key
        FROM register_table AS t, unnest(t.sources) AS s (name)
        ORDER BY t.position
    LOOP
        EXECUTE format('SELECT coalesce(jsonb_agg(DISTINCT t.%I), ''[]'') FROM %I AS t '
            'WHERE t.portal_id = $1 AND (%s) AND NOT (%s)', source.key, source.name, source.rows, source.exception)
        INTO found USING portal, client, keys;
        keys := keys || jsonb_build_object(source.name || '.' || source.key, found);
    END LOOP;
    RETURN keys;
END $$;

-- Of each class that the law or a hold has kept: why, and until when ('infinity' where the end is not in sight).
CREATE FUNCTION client_retention(portal smallint, client bigint, keys jsonb)
RETURNS TABLE (class text, reason text, until date) LANGUAGE plpgsql STABLE AS $$
DECLARE
    starts jsonb := '{}';
    day date;
    clock record;
BEGIN
    FOR clock IN
        SELECT t.name, t.rows, t.exception, s.key AS class, s.value AS expression
        FROM register_table AS t, jsonb_each_text(t.starts) AS s
    LOOP
        EXECUTE format('SELECT max(%s) FROM %I AS t WHERE t.portal_id = $1 AND (%s) AND NOT (%s)',
            clock.expression, clock.name, clock.rows, clock.exception)
        INTO day USING portal, client, keys;
        IF day IS NOT NULL AND day > coalesce((starts ->> clock.class)::date, '-infinity') THEN
            starts := starts || jsonb_build_object(clock.class, day::text);
        END IF;
    END LOOP;
    RETURN QUERY
    SELECT DISTINCT ON (w.class) w.class, w.reason, w.until
    FROM (
        SELECT c.class, 'hold'::text AS reason, 'infinity'::date AS until
        FROM erasure_hold AS h
        CROSS JOIN (SELECT DISTINCT r.class FROM register_column AS r) AS c
        WHERE h.portal_id = portal AND h.client_id = client AND h.released_at IS NULL
            AND (h.class IS NULL OR h.class = c.class)
        UNION ALL
        SELECT p.class, 'law', CASE
            WHEN s.value::date = 'infinity' THEN 'infinity'
            WHEN p.start = 'year_end' THEN make_date(extract(year FROM s.value::date)::integer + p.years, 12, 31)
            ELSE (s.value::date + make_interval(years => p.years))::date END
        FROM jsonb_each_text(starts) AS s
        JOIN portal AS o ON o.id = portal
        JOIN retention_period AS p ON p.country = o.country AND p.class = s.key
    ) AS w
    WHERE w.until >= portal_today(portal)
    ORDER BY w.class, w.until DESC, w.reason;
END $$;

-- SQL that is true of a cell in which something of the person still stands.
CREATE FUNCTION live_cell(fate text, name text, type text, class text) RETURNS text LANGUAGE sql STABLE
RETURN CASE
    WHEN fate = 'pseudonymise' THEN format('t.%I !~ ''^\*[0-9A-F]{10}$''', name)
    WHEN fate = 'sealed' THEN format('t.%I IS NOT NULL AND (t.key_subject_kind, t.key_subject_id) IN ('
        'SELECT t.subject_kind, t.subject_id FROM subject_key AS t WHERE t.portal_id = $1 AND (%s) AND t.class = %L '
        'AND t.wrapped IS NOT NULL)',
        name, (SELECT r.rows FROM register_table AS r WHERE r.name = 'subject_key'), class)
    WHEN type = 'text' THEN format('t.%I <> ''''', name)
    WHEN type = 'jsonb' THEN format('t.%I <> ''{}''', name)
    ELSE format('t.%I IS NOT NULL', name) END;

-- Everything of one client that is personal: which column, how often, what becomes of it, and why not.
CREATE FUNCTION erasure_cells(portal smallint, client bigint, keys jsonb)
RETURNS TABLE (table_name text, column_name text, class text, meaning text, fate text, cells bigint)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    part record;
    counts bigint[];
BEGIN
    FOR part IN
        SELECT t.name, t.rows, t.exception, array_agg(c.name ORDER BY c.position) AS names,
            array_agg(c.class ORDER BY c.position) AS classes, array_agg(c.meaning ORDER BY c.position) AS meanings,
            array_agg(c.fate ORDER BY c.position) AS fates,
            string_agg(format('count(*) FILTER (WHERE %s)', CASE WHEN c.fate = 'delete' THEN 'true'
                ELSE live_cell(c.fate, c.name, c.type, c.class) END), ', ' ORDER BY c.position) AS counting
        FROM register_table AS t
        JOIN register_column AS c ON c.table_name = t.name
        WHERE t.name <> 'subject_key'
        GROUP BY t.name, t.rows, t.exception
    LOOP
        EXECUTE format('SELECT ARRAY[%s]::bigint[] FROM %I AS t WHERE t.portal_id = $1 AND (%s) AND NOT (%s)',
            part.counting, part.name, part.rows, part.exception)
        INTO counts USING portal, client, keys;
        RETURN QUERY
        SELECT part.name, u.name, u.class, u.meaning, u.fate, u.cells
        FROM unnest(part.names, part.classes, part.meanings, part.fates, counts)
            AS u (name, class, meaning, fate, cells)
        WHERE u.cells > 0;
    END LOOP;
    SELECT t.rows INTO part FROM register_table AS t WHERE t.name = 'subject_key';
    RETURN QUERY EXECUTE format('SELECT ''subject_key'', ''wrapped'', t.class, ''secret'', ''sealed'', count(*) '
        'FROM subject_key AS t WHERE t.portal_id = $1 AND (%s) AND t.wrapped IS NOT NULL GROUP BY t.class', part.rows)
    USING portal, client, keys;
END $$;

-- The plan of a client's erasure as things stand now.
CREATE FUNCTION erasure_lines(portal smallint, client bigint)
RETURNS TABLE (table_name text, column_name text, class text, meaning text, action text, reason text, until date,
    cells bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys jsonb;
BEGIN
    PERFORM require_scope(portal);
    keys := client_keys(portal, client);
    RETURN QUERY
    SELECT c.table_name, c.column_name, c.class, c.meaning, CASE WHEN r.class IS NOT NULL THEN 'keep'
        WHEN c.fate = 'sealed' THEN 'destroy_key' ELSE c.fate END, r.reason, r.until, c.cells
    FROM erasure_cells(portal, client, keys) AS c
    LEFT JOIN client_retention(portal, client, keys) AS r ON r.class = c.class;
END $$;

-- What two people agree on: the plan's lines in one order, as they were stored and as they would be now.
CREATE FUNCTION plan_line(table_name text, column_name text, class text, action text, reason text, until date,
    cells bigint) RETURNS text LANGUAGE sql IMMUTABLE
RETURN table_name || '|' || column_name || '|' || class || '|' || action || '|' || coalesce(reason, '') || '|'
    || coalesce(to_char(until, 'YYYY-MM-DD'), '') || '|' || cells;

CREATE FUNCTION plan_hash(lines text[]) RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN (SELECT sha256(convert_to(coalesce(string_agg(l.line, E'\n' ORDER BY l.line COLLATE "C"), ''), 'UTF8'))
    FROM unnest(lines) AS l (line));

CREATE FUNCTION live_plan_hash(portal smallint, client bigint) RETURNS bytea LANGUAGE sql STABLE
RETURN plan_hash(ARRAY(
    SELECT plan_line(l.table_name, l.column_name, l.class, l.action, l.reason, l.until, l.cells)
    FROM erasure_lines(portal, client) AS l));

CREATE FUNCTION stored_plan_hash(portal smallint, erasure bigint) RETURNS bytea LANGUAGE sql STABLE
RETURN plan_hash(ARRAY(
    SELECT plan_line(l.table_name, l.column_name, l.class, l.action, l.reason, l.until, l.cells)
    FROM erasure_line AS l WHERE l.portal_id = portal AND l.erasure_id = erasure));

-- Carries out what is due of a client's plan; answers how many cells.
CREATE FUNCTION erase_due(portal smallint, client bigint, word text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    keys jsonb := client_keys(portal, client);
    kept text[];
    part record;
    touched bigint;
    total bigint := 0;
BEGIN
    SELECT coalesce(array_agg(r.class), '{}') INTO kept FROM client_retention(portal, client, keys) AS r;
    UPDATE message AS m
    SET state = 'cancelled', reason = 'erased', content = NULL, wiped_at = now(), settled_at = now()
    WHERE m.portal_id = portal AND m.client_id = client AND m.state = 'planned';
    FOR part IN
        SELECT t.name, t.rows, t.exception, t.is_deleted, string_agg(format('%I = %s', c.name, CASE
            WHEN c.fate = 'pseudonymise' THEN '$4'
            WHEN NOT c.is_required THEN 'NULL'
            WHEN c.type = 'jsonb' THEN '''{}'''
            ELSE '''''' END), ', ') AS settings
        FROM register_table AS t
        JOIN register_column AS c ON c.table_name = t.name
        WHERE c.fate <> 'sealed' AND NOT c.class = ANY (kept)
        GROUP BY t.name, t.rows, t.exception, t.is_deleted, t.depth
        ORDER BY t.depth DESC, t.name
    LOOP
        IF part.is_deleted THEN
            EXECUTE format('DELETE FROM %I AS t WHERE t.portal_id = $1 AND (%s) AND NOT (%s)',
                part.name, part.rows, part.exception) USING portal, client, keys;
        ELSE
            EXECUTE format('UPDATE %I AS t SET %s WHERE t.portal_id = $1 AND (%s) AND NOT (%s)',
                part.name, part.settings, part.rows, part.exception) USING portal, client, keys, word;
        END IF;
        GET DIAGNOSTICS touched = ROW_COUNT;
        total := total + touched;
    END LOOP;
    SELECT t.rows INTO part FROM register_table AS t WHERE t.name = 'subject_key';
    EXECUTE format('UPDATE subject_key AS t SET wrapped = NULL, destroyed_at = now() WHERE t.portal_id = $1 AND (%s) '
        'AND t.wrapped IS NOT NULL AND NOT t.class = ANY ($4)', part.rows) USING portal, client, keys, kept;
    GET DIAGNOSTICS touched = ROW_COUNT;
    -- A class whose key was never needed gets none later.
    INSERT INTO subject_key (portal_id, subject_kind, subject_id, class, key_id, destroyed_at)
    SELECT DISTINCT portal, 'client', client, c.class, '', now()
    FROM register_column AS c
    WHERE c.fate = 'sealed' AND NOT c.class = ANY (kept)
    ON CONFLICT DO NOTHING;
    RETURN total + touched;
END $$;

-- One transaction from the approved plan to its proof. Answers 'changed' when the plan is no longer what was approved
-- (it then awaits a new approval), 'done', or 'partial' where something is kept.
CREATE FUNCTION erase_client(portal smallint, erasure bigint, staff bigint) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    it erasure%ROWTYPE;
BEGIN
    PERFORM require_scope(portal);
    SELECT * INTO it FROM erasure AS e WHERE e.portal_id = portal AND e.id = erasure FOR UPDATE;
    IF it.id IS NULL OR it.state <> 'approved' OR it.approved_by = it.made_by OR it.approved_by = staff THEN
        RAISE EXCEPTION 'this erasure was not approved for this person'
            USING ERRCODE = 'PD002', CONSTRAINT = 'erasure_is_approved';
    END IF;
    PERFORM FROM client AS c WHERE c.portal_id = portal AND c.id = it.client_id FOR UPDATE;
    IF live_plan_hash(portal, it.client_id) <> it.plan_hash THEN
        UPDATE erasure AS e SET state = 'planned', approved_by = NULL, approved_at = NULL, version = e.version + 1
        WHERE e.portal_id = portal AND e.id = erasure;
        RETURN 'changed';
    END IF;
    RETURN finish_erasure(portal, erasure, staff);
END $$;

-- Writes the ledger, erases what is due, proves that nothing of it is left, and says until when the rest is kept.
CREATE FUNCTION finish_erasure(portal smallint, erasure bigint, staff bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    it erasure%ROWTYPE;
    left_over text;
    first_end date;
    last_end date;
    kept bigint;
BEGIN
    SELECT * INTO it FROM erasure AS e WHERE e.portal_id = portal AND e.id = erasure FOR UPDATE;
    -- What the plan kept until today goes now.
    UPDATE erasure_line AS l
    SET action = now_due.action, reason = NULL, until = NULL
    FROM erasure_lines(portal, it.client_id) AS now_due
    WHERE l.portal_id = portal AND l.erasure_id = erasure AND l.table_name = now_due.table_name
        AND l.column_name = now_due.column_name AND l.class = now_due.class AND l.action = 'keep'
        AND now_due.action <> 'keep';
    INSERT INTO erasure_ledger (portal_id, erasure_id, client_id, pseudonym, plan_hash, classes, cells, made_by,
        approved_by, executed_by)
    SELECT portal, erasure, it.client_id, it.pseudonym, it.plan_hash,
        coalesce(array_agg(DISTINCT l.class ORDER BY l.class), '{}'), coalesce(sum(l.cells), 0), it.made_by,
        it.approved_by, coalesce(it.executed_by, staff)
    FROM erasure_line AS l
    WHERE l.portal_id = portal AND l.erasure_id = erasure AND l.action <> 'keep' AND l.done_at IS NULL
    HAVING it.executed_by IS NULL OR count(*) > 0;
    PERFORM erase_due(portal, it.client_id, it.pseudonym);
    SELECT string_agg(l.table_name || '.' || l.column_name, ', ') FILTER (WHERE l.action <> 'keep'),
        nullif(min(l.until) FILTER (WHERE l.action = 'keep'), 'infinity'),
        max(l.until) FILTER (WHERE l.action = 'keep'),
        count(*) FILTER (WHERE l.action = 'keep')
    INTO left_over, first_end, last_end, kept
    FROM erasure_lines(portal, it.client_id) AS l;
    IF left_over IS NOT NULL THEN
        RAISE EXCEPTION 'the erasure left something in %', left_over
            USING ERRCODE = 'PD003', CONSTRAINT = 'erasure_leaves_nothing';
    END IF;
    UPDATE erasure_line AS l SET remaining = 0, done_at = now()
    WHERE l.portal_id = portal AND l.erasure_id = erasure AND l.action <> 'keep' AND l.done_at IS NULL;
    UPDATE erasure AS e
    SET state = CASE WHEN kept > 0 THEN 'partial' ELSE 'done' END, next_on = CASE WHEN kept > 0 THEN first_end END,
        executed_by = coalesce(e.executed_by, staff), executed_at = coalesce(e.executed_at, now()),
        finished_at = CASE WHEN kept = 0 THEN now() END, version = e.version + 1
    WHERE e.portal_id = portal AND e.id = erasure;
    INSERT INTO client_restriction (portal_id, client_id, erasure_id, until)
    VALUES (portal, it.client_id, erasure, CASE WHEN kept > 0 THEN last_end END)
    ON CONFLICT (portal_id, client_id) DO UPDATE SET until = excluded.until;
    RETURN CASE WHEN kept > 0 THEN 'partial' ELSE 'done' END;
END $$;

-- For the night: what was kept goes on the day after its last reason ended, without a second approval.
CREATE FUNCTION continue_erasure(portal smallint, erasure bigint) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM require_scope(portal);
    PERFORM FROM erasure AS e WHERE e.portal_id = portal AND e.id = erasure AND e.state = 'partial' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'nothing';
    END IF;
    RETURN finish_erasure(portal, erasure, NULL);
END $$;
REVOKE EXECUTE ON FUNCTION erase_due, finish_erasure FROM PUBLIC;
