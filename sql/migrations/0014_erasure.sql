-- breaking: no
-- The erasure of a client: what the register says, the plan, its approval, its execution and its proof.

-- The register as the database reads it, and each country's periods; `migrate` writes both from their files as the
-- owner. Only tables with a client's rows stand here, in an order in which their keys can be found.
-- owner: requests
CREATE TABLE register_table (
    name text PRIMARY KEY,
    position smallint NOT NULL,
    -- How many foreign keys lead down to it: the deepest goes first.
    depth smallint NOT NULL DEFAULT 0,
    class text NOT NULL,
    is_deleted boolean NOT NULL,
    rows text NOT NULL,
    exception text NOT NULL,
    sources text[] NOT NULL,
    starts jsonb NOT NULL
);
GRANT SELECT ON register_table TO portaldesk_console, portaldesk_worker;

-- owner: requests
CREATE TABLE register_column (
    table_name text NOT NULL REFERENCES register_table (name),
    name text NOT NULL,
    position smallint NOT NULL,
    meaning text NOT NULL,
    fate text NOT NULL CHECK (fate IN ('delete', 'erase', 'pseudonymise', 'sealed')),
    class text NOT NULL,
    type text NOT NULL,
    is_required boolean NOT NULL,
    PRIMARY KEY (table_name, name)
);
GRANT SELECT ON register_column TO portaldesk_console, portaldesk_worker;

-- owner: requests
CREATE TABLE retention_period (
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    class text NOT NULL,
    years smallint NOT NULL CHECK (years > 0),
    start text NOT NULL CHECK (start IN ('day', 'year_end')),
    law text NOT NULL,
    PRIMARY KEY (country, class)
);
GRANT SELECT ON retention_period TO portaldesk_console, portaldesk_worker;

-- Replaces the register; only the owner's rights suffice for it.
CREATE FUNCTION install_register(register jsonb) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM register_column;
    DELETE FROM register_table;
    DELETE FROM retention_period;
    INSERT INTO register_table (name, position, class, is_deleted, rows, exception, sources, starts)
    SELECT t.* FROM jsonb_to_recordset(register -> 'tables') AS t (name text, position smallint, class text,
        is_deleted boolean, rows text, exception text, sources text[], starts jsonb);
    INSERT INTO register_column (table_name, name, position, meaning, fate, class, type, is_required)
    SELECT c.table_name, c.name, a.attnum, c.meaning, c.fate, c.class, format_type(a.atttypid, NULL), a.attnotnull
    FROM jsonb_to_recordset(register -> 'columns') AS c (table_name text, name text, meaning text, fate text,
        class text)
    JOIN pg_attribute AS a ON a.attrelid = c.table_name::regclass AND a.attname = c.name;
    INSERT INTO retention_period (country, class, years, start, law)
    SELECT p.* FROM jsonb_to_recordset(register -> 'periods') AS p (country text, class text, years smallint,
        start text, law text);
    WITH RECURSIVE below AS (
        SELECT t.name::regclass AS id, 0 AS depth FROM register_table AS t
        UNION
        SELECT k.conrelid, b.depth + 1
        FROM below AS b
        JOIN pg_constraint AS k ON k.confrelid = b.id AND k.contype = 'f' AND k.conrelid <> k.confrelid
        WHERE b.depth < 50
    )
    UPDATE register_table AS t
    SET depth = (SELECT max(b.depth) FROM below AS b WHERE b.id = t.name::regclass);
    RETURN (SELECT count(*) FROM register_column);
END $$;

-- What keeps a class of a client's data, or all of it, beyond what the law says.
-- owner: requests
CREATE TABLE erasure_hold (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    client_id bigint NOT NULL,
    class text,
    reason text NOT NULL CHECK (reason IN ('claim', 'dispute', 'authority', 'accident')),
    review_on date NOT NULL,
    placed_by bigint NOT NULL REFERENCES staff (id),
    placed_at timestamptz NOT NULL DEFAULT now(),
    released_by bigint REFERENCES staff (id),
    released_at timestamptz,
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id),
    CHECK ((released_by IS NULL) = (released_at IS NULL))
);
CALL raise_wall('erasure_hold');
CREATE INDEX erasure_hold_client ON erasure_hold (portal_id, client_id);
GRANT SELECT, INSERT, UPDATE ON erasure_hold TO portaldesk_console, portaldesk_worker;

-- One client's erasure. Whoever approves made no plan of it, and whoever carries it out did not approve it.
-- owner: requests
CREATE TABLE erasure (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    client_id bigint NOT NULL,
    request_id bigint,
    state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'approved', 'partial', 'done', 'dropped')),
    plan_hash bytea NOT NULL,
    made_by bigint NOT NULL REFERENCES staff (id),
    made_at timestamptz NOT NULL DEFAULT now(),
    approved_by bigint REFERENCES staff (id),
    approved_at timestamptz,
    executed_by bigint REFERENCES staff (id),
    executed_at timestamptz,
    finished_at timestamptz,
    -- When the first of the reasons to keep something ends.
    next_on date,
    pseudonym text NOT NULL DEFAULT '*' || upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 10)),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id),
    CONSTRAINT erasure_second_person CHECK (approved_by <> made_by),
    CONSTRAINT erasure_two_persons CHECK (executed_by <> approved_by),
    CHECK ((approved_by IS NULL) = (state = 'planned' OR (state = 'dropped' AND approved_at IS NULL))),
    CHECK ((state IN ('partial', 'done')) = (executed_by IS NOT NULL)),
    CHECK ((state = 'done') = (finished_at IS NOT NULL))
);
CALL raise_wall('erasure');
CREATE UNIQUE INDEX erasure_one_at_a_time ON erasure (portal_id, client_id) WHERE state <> 'dropped';
CREATE INDEX erasure_waiting ON erasure (portal_id, next_on) WHERE state = 'partial';
GRANT SELECT, INSERT, UPDATE ON erasure TO portaldesk_console;
GRANT SELECT ON erasure TO portaldesk_worker;

-- What was approved is what is carried out, and only erase_client() says that it was.
CREATE FUNCTION erasure_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'portaldesk_owner' AND (OLD.state NOT IN ('planned', 'approved')
        OR NEW.state NOT IN ('planned', 'approved', 'dropped')) THEN
        RAISE EXCEPTION 'an erasure is carried out by erase_client() alone'
            USING ERRCODE = 'PD002', CONSTRAINT = 'erasure_moves';
    END IF;
    IF NEW.state <> 'planned' AND (NEW.plan_hash, NEW.made_by, NEW.client_id)
        IS DISTINCT FROM (OLD.plan_hash, OLD.made_by, OLD.client_id) THEN
        RAISE EXCEPTION 'an approved plan does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'erasure_plan_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER erasure_moves BEFORE UPDATE ON erasure FOR EACH ROW EXECUTE FUNCTION erasure_moves();

-- The plan as it was shown, and what was counted after each part of it was carried out.
-- owner: requests
CREATE TABLE erasure_line (
    portal_id smallint NOT NULL,
    erasure_id bigint NOT NULL,
    table_name text NOT NULL,
    column_name text NOT NULL,
    class text NOT NULL,
    meaning text NOT NULL,
    action text NOT NULL CHECK (action IN ('delete', 'erase', 'pseudonymise', 'destroy_key', 'keep')),
    reason text,
    until date,
    cells bigint NOT NULL CHECK (cells > 0),
    -- Zero by proof.
    remaining bigint CHECK (remaining = 0),
    done_at timestamptz,
    PRIMARY KEY (portal_id, erasure_id, table_name, column_name, class),
    FOREIGN KEY (portal_id, erasure_id) REFERENCES erasure (portal_id, id),
    CHECK ((action = 'keep') = (reason IS NOT NULL)),
    CHECK ((remaining IS NULL) = (done_at IS NULL))
);
CALL raise_wall('erasure_line');
GRANT SELECT, INSERT, DELETE ON erasure_line TO portaldesk_console;
GRANT SELECT ON erasure_line TO portaldesk_worker;

CREATE FUNCTION erasure_line_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line erasure_line := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF current_user <> 'portaldesk_owner' AND NOT EXISTS (SELECT FROM erasure AS e
        WHERE e.portal_id = line.portal_id AND e.id = line.erasure_id AND e.state = 'planned') THEN
        RAISE EXCEPTION 'an approved plan does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'erasure_plan_is_final';
    END IF;
    RETURN line;
END $$;
CREATE TRIGGER erasure_line_moves BEFORE INSERT OR DELETE ON erasure_line
    FOR EACH ROW EXECUTE FUNCTION erasure_line_moves();

-- A client whose data the law alone keeps, or of whom nothing is left; until then nobody writes about them.
-- owner: requests
CREATE TABLE client_restriction (
    portal_id smallint NOT NULL,
    client_id bigint NOT NULL,
    erasure_id bigint NOT NULL,
    -- NULL: nothing is kept any more.
    until date,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, client_id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id),
    FOREIGN KEY (portal_id, erasure_id) REFERENCES erasure (portal_id, id)
);
CALL raise_wall('client_restriction');
GRANT SELECT ON client_restriction TO portaldesk_console, portaldesk_worker;

-- Written before anything is destroyed, and again from outside after a restore: references, counts and hashes alone.
-- owner: requests
CREATE TABLE erasure_ledger (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    erasure_id bigint NOT NULL,
    client_id bigint NOT NULL,
    pseudonym text NOT NULL CHECK (pseudonym ~ '^\*[0-9A-F]{10}$'),
    plan_hash bytea NOT NULL,
    classes text[] NOT NULL CHECK (array_to_string(classes, ',') ~ '^[a-z_,]*$'),
    cells bigint NOT NULL,
    made_by bigint NOT NULL,
    approved_by bigint NOT NULL,
    executed_by bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (portal_id, id)
);
CALL raise_wall('erasure_ledger');
CREATE INDEX erasure_ledger_erasure ON erasure_ledger (portal_id, erasure_id);
GRANT SELECT ON erasure_ledger TO portaldesk_console, portaldesk_worker;
CREATE TRIGGER erasure_ledger_is_final BEFORE UPDATE OR DELETE ON erasure_ledger
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A destroyed key never comes back, whoever asks.
CREATE FUNCTION subject_key_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.destroyed_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'a destroyed key never comes back'
            USING ERRCODE = 'PD002', CONSTRAINT = 'subject_key_moves';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER subject_key_moves BEFORE UPDATE OR DELETE ON subject_key
    FOR EACH ROW EXECUTE FUNCTION subject_key_moves();

-- A submitted form is edited by nobody but by its erasure.
CREATE OR REPLACE FUNCTION application_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'draft' AND NEW.state IN ('submitted', 'withdrawn'))
        OR (OLD.state = 'submitted' AND NEW.state IN ('approved', 'returned', 'refused', 'withdrawn'))
        OR (OLD.state = 'returned' AND NEW.state IN ('submitted', 'withdrawn'))
        OR (OLD.state = 'approved' AND NEW.state IN ('activated', 'refused')))
    THEN
        RAISE EXCEPTION 'application cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'application_moves';
    END IF;
    IF OLD.state NOT IN ('draft', 'returned') AND NEW.form IS DISTINCT FROM OLD.form
        AND NOT (current_user = 'portaldesk_owner' AND NEW.form = '{}') THEN
        RAISE EXCEPTION 'a submitted application is not edited'
            USING ERRCODE = 'PD002', CONSTRAINT = 'application_form_is_final';
    END IF;
    IF NEW.opened_by <> OLD.opened_by THEN
        RAISE EXCEPTION 'who opened an application does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'application_opened_by_is_final';
    END IF;
    RETURN NEW;
END $$;

-- The rows of one client are found by these, however many clients there are.
CREATE INDEX application_client ON application (portal_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX access_of_client ON access (portal_id, client_id);
CREATE INDEX account_code_account ON account_code (portal_id, account_id);
CREATE INDEX account_session_owner ON account_session (portal_id, account_id);
CREATE INDEX scan_of_subject ON scan (portal_id, subject_kind, subject_id);
