-- breaking: no
-- Portal 0 is the installation itself: sign-ins of staff, providers, jobs of no single portal.

-- A key per client (or application, or account) and retention class; erasure destroys it, the trail still verifies.
-- owner: audit
CREATE TABLE subject_key (
    portal_id smallint NOT NULL,
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    class text NOT NULL,
    key_id text NOT NULL,
    wrapped bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz,
    PRIMARY KEY (portal_id, subject_kind, subject_id, class),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
CALL raise_wall('subject_key');
GRANT SELECT, INSERT, UPDATE ON subject_key TO portaldesk_console, portaldesk_worker;

-- owner: audit
CREATE TABLE audit_event (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    action text NOT NULL CHECK (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
    actor_kind text NOT NULL CHECK (actor_kind IN ('staff', 'account', 'job', 'system', 'command_line')),
    actor_id bigint,
    actor_name text NOT NULL DEFAULT '',
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    client_id bigint,
    facts jsonb NOT NULL DEFAULT '{}',
    personal bytea,
    personal_class text,
    key_subject_kind text,
    key_subject_id bigint,
    reference text,
    PRIMARY KEY (portal_id, id),
    CHECK ((personal IS NULL) = (personal_class IS NULL))
);
CALL raise_wall('audit_event');
CREATE INDEX audit_event_subject ON audit_event (portal_id, subject_kind, subject_id, id DESC);
CREATE INDEX audit_event_client ON audit_event (portal_id, client_id, id DESC) WHERE client_id IS NOT NULL;
CREATE INDEX audit_event_actor ON audit_event (portal_id, actor_kind, actor_id, id DESC);
GRANT SELECT, INSERT ON audit_event TO portaldesk_console, portaldesk_worker;
CREATE TRIGGER audit_event_is_final BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_event_is_kept BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
