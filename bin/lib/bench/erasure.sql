-- Plans and carries out the erasure of some clients, each of which is taken back, and prints the milliseconds of one
-- plan and of one execution.
--   psql -v clients=N -v round=N -f erasure.sql
INSERT INTO staff (login, name) VALUES ('bench.plans', 'Plans'), ('bench.approves', 'Approves') ON CONFLICT DO NOTHING;
CREATE TEMPORARY TABLE chosen AS
SELECT 1 + mod(hashint8(n * 10 + :round)::bigint + 2147483648, :clients) AS client FROM generate_series(1, 20) AS n;
GRANT SELECT ON chosen TO portaldesk_console;
SET portaldesk.portals = '{1}';
SET ROLE portaldesk_console;

DO $$
DECLARE
    made_by bigint := (SELECT id FROM staff WHERE login = 'bench.plans');
    agreed_by bigint := (SELECT id FROM staff WHERE login = 'bench.approves');
    whom bigint;
    it bigint;
    start timestamptz;
    planning interval := '0';
    erasing interval := '0';
BEGIN
    FOR whom IN SELECT client FROM chosen LOOP
        BEGIN
            start := clock_timestamp();
            INSERT INTO erasure (portal_id, client_id, plan_hash, made_by)
            VALUES (1, whom, '', made_by) RETURNING id INTO it;
            INSERT INTO erasure_line (portal_id, erasure_id, table_name, column_name, class, meaning, action, reason,
                until, cells)
            SELECT 1, it, l.table_name, l.column_name, l.class, l.meaning, l.action, l.reason, l.until, l.cells
            FROM erasure_lines(1::smallint, whom) AS l;
            UPDATE erasure AS e SET plan_hash = stored_plan_hash(e.portal_id, e.id) WHERE e.portal_id = 1 AND e.id = it;
            planning := planning + (clock_timestamp() - start);
            UPDATE erasure AS e SET state = 'approved', approved_by = agreed_by, approved_at = now()
            WHERE e.portal_id = 1 AND e.id = it;
            start := clock_timestamp();
            IF erase_client(1::smallint, it, made_by) = 'changed' THEN
                RAISE EXCEPTION 'the plan of % changes by itself', whom;
            END IF;
            erasing := erasing + (clock_timestamp() - start);
            RAISE EXCEPTION 'taken back' USING ERRCODE = 'PD000';
        EXCEPTION WHEN SQLSTATE 'PD000' THEN
            NULL;
        END;
    END LOOP;
    PERFORM set_config('bench.planning', (extract(epoch FROM planning) * 50)::text, false),
        set_config('bench.erasing', (extract(epoch FROM erasing) * 50)::text, false);
END $$;
SELECT round(current_setting('bench.planning')::numeric, 3), round(current_setting('bench.erasing')::numeric, 3);
