-- breaking: no
-- The runner, complete: history in partitions, queues that people pause, schedules with a rule for both nights of clock
-- change, alarms.

-- History goes away a month at a time. Rows from before the first partition lie in the rest.
ALTER TABLE job_history RENAME TO job_history_before;
ALTER INDEX job_history_pkey RENAME TO job_history_before_pkey;
DROP INDEX job_history_job, job_history_time;
CREATE SEQUENCE job_history_number;
-- owner: jobs
CREATE TABLE job_history (
    portal_id smallint NOT NULL,
    id bigint NOT NULL DEFAULT nextval('job_history_number'),
    job_id bigint NOT NULL,
    kind text NOT NULL,
    queue text NOT NULL,
    attempt smallint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('done', 'retried', 'snoozed', 'cancelled', 'failed', 'lost')),
    error_code text,
    worker text NOT NULL,
    run_id bigint,
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (portal_id, id, finished_at)
) PARTITION BY RANGE (finished_at);
CALL raise_wall('job_history');
CREATE INDEX job_history_job ON job_history (portal_id, job_id);
CREATE TABLE job_history_rest PARTITION OF job_history DEFAULT;
CALL raise_wall('job_history_rest');
GRANT SELECT, INSERT ON job_history TO portaldesk_console, portaldesk_worker;
GRANT USAGE ON SEQUENCE job_history_number TO portaldesk_console, portaldesk_worker;
INSERT INTO job_history (portal_id, id, job_id, kind, queue, attempt, outcome, error_code, worker, run_id, finished_at)
SELECT portal_id, id, job_id, kind, queue, attempt, outcome, error_code, worker, run_id, finished_at
FROM job_history_before;
SELECT setval('job_history_number', (SELECT coalesce(max(id), 0) + 1 FROM job_history_before), false);
DROP TABLE job_history_before;

-- Makes the partitions of this and the next two months and drops those that ended so many days ago. Partitions belong
-- to the owner, so that this is a definer function; nobody else may touch one. A month that has rows in the rest already
-- is left to it.
CREATE FUNCTION keep_job_history(days integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first date;
    name text;
    dropped integer := 0;
BEGIN
    IF days < 1 THEN
        RAISE EXCEPTION 'history is kept for a day at least' USING ERRCODE = 'PD003';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('portaldesk.job_history', 0));
    FOR ahead IN 0..2 LOOP
        first := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead);
        name := 'job_history_' || to_char(first, 'YYYY_MM');
        CONTINUE WHEN to_regclass(name) IS NOT NULL OR EXISTS (SELECT FROM job_history_rest AS r
            WHERE r.finished_at >= first::timestamp AT TIME ZONE 'UTC'
                AND r.finished_at < (first + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('CREATE TABLE %I PARTITION OF job_history FOR VALUES FROM (%L) TO (%L)', name,
            first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('CALL raise_wall(%L)', name);
    END LOOP;
    FOR name IN
        SELECT c.relname
        FROM pg_inherits AS i
        JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'job_history'::regclass AND c.relname ~ '^job_history_\d{4}_\d{2}$'
            AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' < now() - make_interval(days => days)
    LOOP
        EXECUTE format('DROP TABLE %I', name);
        dropped := dropped + 1;
    END LOOP;
    DELETE FROM job_history_rest WHERE finished_at < now() - make_interval(days => days);
    RETURN dropped;
END $$;
REVOKE EXECUTE ON FUNCTION keep_job_history(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_job_history(integer) TO portaldesk_worker;

-- A queue of a portal that people paused; without a row it flows.
-- owner: jobs
CREATE TABLE queue_pause (
    portal_id smallint NOT NULL,
    queue text NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    paused_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, queue)
);
CALL raise_wall('queue_pause');
GRANT SELECT, INSERT, DELETE ON queue_pause TO portaldesk_console, portaldesk_worker;

-- What a file says of wall times that do not exist or exist twice, and how new the file is.
ALTER TABLE schedule
    ADD COLUMN missing_hour text NOT NULL DEFAULT 'shift' CHECK (missing_hour IN ('shift', 'skip')),
    ADD COLUMN repeated_hour text NOT NULL DEFAULT 'first' CHECK (repeated_hour IN ('first', 'last')),
    ADD COLUMN file_version integer NOT NULL DEFAULT 1;

-- The instant of a wall time: in the repeated hour its first or its last pass; in the missing hour the change itself.
CREATE FUNCTION wall_instant(local_at timestamp, zone text, repeated_hour text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN repeated_hour = 'last' THEN coalesce((
            SELECT max((local_at AT TIME ZONE zone) + k * interval '30 minutes')
            FROM generate_series(-6, 6) AS k
            WHERE ((local_at AT TIME ZONE zone) + k * interval '30 minutes') AT TIME ZONE zone = local_at),
            first_instant(local_at, zone))
        ELSE first_instant(local_at, zone) END;

-- What the watchdog found and nobody mended yet. Portal 0 is the installation.
-- owner: operations
CREATE TABLE alarm (
    portal_id smallint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('schedule_late', 'queue_late', 'vacuum_blocked')),
    subject text NOT NULL,
    detail text NOT NULL DEFAULT '',
    owner text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    told_at timestamptz,
    PRIMARY KEY (portal_id, kind, subject)
);
CALL raise_wall('alarm');
GRANT SELECT ON alarm TO portaldesk_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON alarm TO portaldesk_worker;

-- Sessions whose old snapshot keeps dead rows of the queue from being cleared away. The owner reads the statistics of
-- all sessions where roles.sql gave it pg_read_all_stats; it tells no statement, since those may quote a person.
CREATE FUNCTION vacuum_blockers(minutes integer) RETURNS TABLE (pid integer, session text, minutes_old integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, 'unknown'),
        (extract(epoch FROM clock_timestamp() - a.xact_start) / 60)::integer
    FROM pg_stat_activity AS a
    WHERE a.backend_xmin IS NOT NULL AND a.datname = current_database() AND a.backend_type = 'client backend'
        AND a.xact_start < clock_timestamp() - make_interval(mins => minutes)
    ORDER BY a.xact_start
    LIMIT 10
$$;
REVOKE EXECUTE ON FUNCTION vacuum_blockers(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vacuum_blockers(integer) TO portaldesk_console, portaldesk_worker;
