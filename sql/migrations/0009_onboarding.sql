-- breaking: no
-- The signed form, from its draft to the activated users.

-- owner: onboarding
CREATE TABLE application (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN ('portal_users', 'office')),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN
        ('draft', 'submitted', 'returned', 'approved', 'activated', 'refused', 'withdrawn')),
    form jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(form) = 'object'),
    client_name text NOT NULL DEFAULT '',
    client_id bigint,
    opened_by bigint NOT NULL REFERENCES staff (id),
    opened_at timestamptz NOT NULL DEFAULT now(),
    changed_by bigint NOT NULL REFERENCES staff (id),
    changed_at timestamptz NOT NULL DEFAULT now(),
    submitted_by bigint REFERENCES staff (id),
    submitted_at timestamptz,
    decided_by bigint REFERENCES staff (id),
    decided_at timestamptz,
    activated_by bigint REFERENCES staff (id),
    activated_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id),
    CONSTRAINT application_second_person CHECK (
        state NOT IN ('approved', 'activated') OR (decided_by IS NOT NULL AND decided_by <> opened_by
            AND decided_by <> submitted_by)),
    CONSTRAINT application_submitted CHECK (state IN ('draft', 'withdrawn') OR submitted_by IS NOT NULL)
);
CALL raise_wall('application');
CREATE INDEX application_state ON application (portal_id, state, id DESC);
GRANT SELECT, INSERT, UPDATE ON application TO portaldesk_console;
GRANT SELECT ON application TO portaldesk_worker;

CREATE FUNCTION application_moves() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF OLD.state NOT IN ('draft', 'returned') AND NEW.form IS DISTINCT FROM OLD.form THEN
        RAISE EXCEPTION 'a submitted application is not edited'
            USING ERRCODE = 'PD002', CONSTRAINT = 'application_form_is_final';
    END IF;
    IF NEW.opened_by <> OLD.opened_by THEN
        RAISE EXCEPTION 'who opened an application does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'application_opened_by_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER application_moves BEFORE UPDATE ON application
    FOR EACH ROW EXECUTE FUNCTION application_moves();

-- A second person's reasons, per field; kept after the field was mended.
-- owner: onboarding
CREATE TABLE application_remark (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    application_id bigint NOT NULL,
    field text NOT NULL,
    reason text NOT NULL,
    note text NOT NULL DEFAULT '',
    made_by bigint NOT NULL REFERENCES staff (id),
    made_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, application_id) REFERENCES application (portal_id, id)
);
CALL raise_wall('application_remark');
CREATE INDEX application_remark_application ON application_remark (portal_id, application_id);
GRANT SELECT, INSERT, UPDATE ON application_remark TO portaldesk_console;

-- owner: onboarding
CREATE TABLE call_task (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    application_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'held', 'done')),
    held_by bigint REFERENCES staff (id),
    held_until timestamptz,
    next_at timestamptz NOT NULL DEFAULT now(),
    outcome text CHECK (outcome IN ('informed', 'wrong_person', 'refused')),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz,
    PRIMARY KEY (portal_id, id),
    CONSTRAINT call_task_once UNIQUE (portal_id, application_id),
    FOREIGN KEY (portal_id, application_id) REFERENCES application (portal_id, id),
    CHECK ((state = 'held') = (held_by IS NOT NULL AND held_until IS NOT NULL)),
    CHECK ((state = 'done') = (outcome IS NOT NULL AND done_at IS NOT NULL))
);
CALL raise_wall('call_task');

CREATE FUNCTION call_task_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'done' THEN
        RAISE EXCEPTION 'a call that is done stays done'
            USING ERRCODE = 'PD002', CONSTRAINT = 'call_task_is_done';
    END IF;
    IF OLD.state = 'held' AND NEW.state = 'held' AND NEW.held_by <> OLD.held_by AND OLD.held_until > now() THEN
        RAISE EXCEPTION 'somebody else holds this call'
            USING ERRCODE = 'PD002', CONSTRAINT = 'call_task_has_one_holder';
    END IF;
    IF NEW.state = 'done' AND OLD.state <> 'held' THEN
        RAISE EXCEPTION 'a call is held before it is done'
            USING ERRCODE = 'PD002', CONSTRAINT = 'call_task_moves';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER call_task_moves BEFORE UPDATE ON call_task FOR EACH ROW EXECUTE FUNCTION call_task_moves();
CREATE INDEX call_task_open ON call_task (portal_id, next_at) WHERE state <> 'done';
GRANT SELECT, INSERT, UPDATE ON call_task TO portaldesk_console;
GRANT SELECT ON call_task TO portaldesk_worker;

-- owner: onboarding
CREATE TABLE call_attempt (
    portal_id smallint NOT NULL,
    call_task_id bigint NOT NULL,
    attempt integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('informed', 'no_answer', 'wrong_person', 'refused')),
    note text NOT NULL DEFAULT '',
    made_by bigint NOT NULL REFERENCES staff (id),
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, call_task_id, attempt),
    FOREIGN KEY (portal_id, call_task_id) REFERENCES call_task (portal_id, id)
);
CALL raise_wall('call_attempt');
GRANT SELECT, INSERT ON call_attempt TO portaldesk_console;
