-- breaking: no
-- Work to do now (narrow and hot), what became of it (history), when work arises (schedule), one occurrence (run).

-- owner: jobs
CREATE TABLE job (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    queue text NOT NULL,
    state text NOT NULL CHECK (state IN ('ready', 'waiting', 'leased', 'quarantined')),
    priority smallint NOT NULL DEFAULT 100,
    run_at timestamptz NOT NULL DEFAULT now(),
    attempt smallint NOT NULL DEFAULT 0,
    max_attempts smallint NOT NULL DEFAULT 3,
    lease_until timestamptz,
    worker text,
    unique_key text,
    run_id bigint,
    payload jsonb NOT NULL DEFAULT '{}',
    error_code text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, id),
    CHECK ((state = 'leased') = (lease_until IS NOT NULL AND worker IS NOT NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
CALL raise_wall('job');
CREATE INDEX job_ready ON job (queue, priority, run_at, id) WHERE state = 'ready';
CREATE INDEX job_waiting ON job (run_at) WHERE state = 'waiting';
CREATE INDEX job_leased ON job (lease_until) WHERE state = 'leased';
CREATE INDEX job_quarantined ON job (portal_id, id) WHERE state = 'quarantined';
CREATE INDEX job_run ON job (portal_id, run_id) WHERE run_id IS NOT NULL;
CREATE UNIQUE INDEX job_unique_key ON job (portal_id, kind, unique_key) WHERE unique_key IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON job TO portaldesk_console, portaldesk_worker;

-- owner: jobs
CREATE TABLE job_history (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    job_id bigint NOT NULL,
    kind text NOT NULL,
    queue text NOT NULL,
    attempt smallint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('done', 'retried', 'snoozed', 'cancelled', 'failed', 'lost')),
    error_code text,
    worker text NOT NULL,
    run_id bigint,
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (portal_id, id)
);
CALL raise_wall('job_history');
CREATE INDEX job_history_job ON job_history (portal_id, job_id);
CREATE INDEX job_history_time ON job_history (finished_at);
GRANT SELECT, INSERT ON job_history TO portaldesk_console, portaldesk_worker;
GRANT DELETE ON job_history TO portaldesk_worker;

-- The first instant at which the clocks of a zone show this wall time or a later one: a time inside the missing hour
-- becomes the moment of the change, a time of the repeated hour means its first pass.
CREATE FUNCTION first_instant(local_at timestamp, zone text) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE
        WHEN ((local_at AT TIME ZONE zone) AT TIME ZONE zone) = local_at
            AND ((local_at AT TIME ZONE zone) - interval '3 hours') AT TIME ZONE zone = local_at - interval '3 hours'
        THEN local_at AT TIME ZONE zone
        ELSE (
            SELECT min(i) FROM generate_series((local_at AT TIME ZONE zone) - interval '3 hours',
                local_at AT TIME ZONE zone, interval '1 minute') AS i
            WHERE i AT TIME ZONE zone >= local_at)
    END;

-- A schedule is (file, portal). What the console changed outlives a deployment until it is reset to the file. Without
-- `next_at` it has to be wound up again: its time, zone or pause changed.
-- owner: jobs
CREATE TABLE schedule (
    portal_id smallint NOT NULL REFERENCES portal (id),
    name text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    handler text NOT NULL,
    queue text NOT NULL,
    file_cron text NOT NULL,
    cron text NOT NULL,
    time_zone text NOT NULL,
    file_digest text NOT NULL,
    missed text NOT NULL CHECK (missed IN ('skip', 'one', 'all')),
    latest_minutes integer NOT NULL,
    attempts smallint NOT NULL,
    owner text NOT NULL,
    runbook text NOT NULL,
    paused_at timestamptz,
    paused_reason text,
    changed_in_console boolean NOT NULL DEFAULT false,
    next_at timestamptz,
    next_local timestamp,
    present boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (portal_id, name),
    CONSTRAINT schedule_id UNIQUE (portal_id, id),
    CHECK ((paused_at IS NULL) = (paused_reason IS NULL)),
    CHECK ((next_at IS NULL) = (next_local IS NULL))
);
CALL raise_wall('schedule');
CREATE INDEX schedule_next ON schedule (next_at) WHERE present;
GRANT SELECT, INSERT, UPDATE ON schedule TO portaldesk_console, portaldesk_worker;

-- One occurrence, keyed by its local wall time, so that a repeated hour cannot fire twice. By hand: schedule's name
-- with the instant of asking.
-- owner: jobs
CREATE TABLE run (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    schedule text NOT NULL,
    trigger text NOT NULL CHECK (trigger IN ('schedule', 'staff', 'command_line')),
    local_at timestamp NOT NULL,
    for_date date NOT NULL,
    asked_by bigint REFERENCES staff (id),
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'finished', 'failed', 'skipped')),
    reason text,
    progress integer NOT NULL DEFAULT 0,
    progress_total integer,
    counts jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (portal_id, id)
);
CALL raise_wall('run');
CREATE UNIQUE INDEX run_occurrence ON run (portal_id, schedule, local_at) WHERE trigger = 'schedule';
CREATE INDEX run_schedule ON run (portal_id, schedule, id DESC);
GRANT SELECT, INSERT, UPDATE ON run TO portaldesk_console, portaldesk_worker;
GRANT DELETE ON run TO portaldesk_worker;
