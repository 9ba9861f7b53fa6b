-- breaking: no

-- How a portal sends. `settings` hold no secret; the secret (password, token) is sealed.
-- owner: messaging
CREATE TABLE provider (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('sms', 'email')),
    kind text NOT NULL CHECK (kind IN ('local', 'smtp', 'http_sms')),
    settings jsonb NOT NULL DEFAULT '{}',
    secret bytea,
    secret_key_id text,
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (portal_id, id)
);
CALL raise_wall('provider');
CREATE UNIQUE INDEX provider_one_active ON provider (portal_id, channel) WHERE active;
GRANT SELECT, INSERT, UPDATE ON provider TO portaldesk_console;
GRANT SELECT ON provider TO portaldesk_worker;

-- What is written to a client: versions never change, the newest one of a language is in force.
-- owner: messaging
CREATE TABLE template (
    portal_id smallint NOT NULL REFERENCES portal (id),
    kind text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('sms', 'email')),
    language text NOT NULL,
    version integer NOT NULL,
    subject text NOT NULL DEFAULT '',
    body text NOT NULL,
    made_by bigint REFERENCES staff (id),
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, kind, channel, language, version)
);
CALL raise_wall('template');
CREATE TRIGGER template_is_final BEFORE UPDATE OR DELETE ON template
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON template TO portaldesk_console, portaldesk_worker;

-- The ledger. Our own reference is committed in state `handed_over` before the gateway is called; what is found in
-- that state by nobody's lease becomes `uncertain`, never sent again by itself.
-- owner: messaging
CREATE TABLE message (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    reference uuid NOT NULL DEFAULT gen_random_uuid(),
    kind text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('sms', 'email')),
    client_id bigint,
    account_id bigint,
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    language text NOT NULL,
    template_version integer NOT NULL,
    key_subject_kind text NOT NULL,
    key_subject_id bigint NOT NULL,
    recipient bytea NOT NULL,
    recipient_hint text NOT NULL,
    content bytea,
    secret boolean NOT NULL DEFAULT false,
    state text NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'handed_over', 'confirmed', 'refused', 'uncertain', 'cancelled')),
    reason text,
    provider_id bigint,
    provider_reference text,
    not_after timestamptz,
    attempts smallint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    run_id bigint,
    planned_at timestamptz NOT NULL DEFAULT now(),
    handed_at timestamptz,
    settled_at timestamptz,
    wiped_at timestamptz,
    decided_by bigint REFERENCES staff (id),
    PRIMARY KEY (portal_id, id),
    CONSTRAINT message_reference UNIQUE (portal_id, reference),
    CHECK ((content IS NULL) = (wiped_at IS NOT NULL)),
    CHECK (NOT secret OR state IN ('planned', 'handed_over') OR wiped_at IS NOT NULL),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id),
    FOREIGN KEY (portal_id, provider_id) REFERENCES provider (portal_id, id)
);
CALL raise_wall('message');
CREATE INDEX message_client ON message (portal_id, client_id, id DESC);
CREATE INDEX message_subject ON message (portal_id, subject_kind, subject_id);
CREATE INDEX message_open ON message (portal_id, state, id) WHERE state IN ('planned', 'handed_over', 'uncertain');
CREATE INDEX message_run ON message (portal_id, run_id) WHERE run_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON message TO portaldesk_console, portaldesk_worker;

-- A state never moves backwards, whoever writes it.
CREATE FUNCTION message_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'planned' AND NEW.state IN ('handed_over', 'cancelled', 'refused'))
        OR (OLD.state = 'handed_over' AND NEW.state IN ('planned', 'confirmed', 'refused', 'uncertain'))
        OR (OLD.state = 'uncertain' AND NEW.state IN ('confirmed', 'refused', 'cancelled')))
    THEN
        RAISE EXCEPTION 'message cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'message_moves_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER message_moves_forward BEFORE UPDATE OF state ON message
    FOR EACH ROW EXECUTE FUNCTION message_moves_forward();

-- owner: messaging
CREATE TABLE message_attempt (
    portal_id smallint NOT NULL,
    message_id bigint NOT NULL,
    attempt smallint NOT NULL,
    provider_id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    outcome text CHECK (outcome IN ('accepted', 'temporary', 'permanent', 'uncertain')),
    code text,
    PRIMARY KEY (portal_id, message_id, attempt),
    FOREIGN KEY (portal_id, message_id) REFERENCES message (portal_id, id)
);
CALL raise_wall('message_attempt');
GRANT SELECT, INSERT, UPDATE ON message_attempt TO portaldesk_console, portaldesk_worker;

-- What the phone or mailbox would show; only the provider `local` writes it.
-- owner: messaging
CREATE TABLE inbox_message (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    channel text NOT NULL CHECK (channel IN ('sms', 'email')),
    reference uuid NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL DEFAULT '',
    body text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (portal_id, id),
    CONSTRAINT inbox_message_once UNIQUE (portal_id, reference)
);
CALL raise_wall('inbox_message');
GRANT SELECT, INSERT ON inbox_message TO portaldesk_console, portaldesk_worker;
