-- breaking: no
-- Staff, what they may do, and how they sign in.

-- owner: access
CREATE TABLE staff (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text NOT NULL CHECK (login = lower(login) AND login ~ '^[a-z0-9._@-]{2,80}$'),
    name text NOT NULL CHECK (name <> ''),
    email text,
    language text NOT NULL DEFAULT 'en',
    state text NOT NULL DEFAULT 'invited' CHECK (state IN ('invited', 'active', 'disabled')),
    demo boolean NOT NULL DEFAULT false,
    password_hash text,
    password_set_at timestamptz,
    totp_secret bytea,
    totp_key_id text,
    totp_last_step bigint NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    CONSTRAINT staff_login_unique UNIQUE (login),
    CHECK (state <> 'active' OR (password_hash IS NOT NULL AND totp_secret IS NOT NULL))
);
GRANT SELECT, INSERT, UPDATE ON staff TO portaldesk_console;
GRANT SELECT ON staff TO portaldesk_worker;

-- owner: access
CREATE TABLE staff_role (
    portal_id smallint NOT NULL REFERENCES portal (id),
    staff_id bigint NOT NULL REFERENCES staff (id),
    role text NOT NULL CHECK (role IN ('helpdesk', 'account_manager', 'verifier', 'privacy_officer', 'scheduler',
        'auditor', 'administrator')),
    given_by bigint REFERENCES staff (id),
    given_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, staff_id, role)
);
-- The wall's own source: somebody signing in reads their own roles before there is a scope.
ALTER TABLE staff_role ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_role FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON staff_role TO portaldesk_console, portaldesk_worker
    USING (portal_id = ANY ((SELECT scope_portals())::smallint[]) OR staff_id = scope_staff())
    WITH CHECK (portal_id = ANY ((SELECT scope_portals())::smallint[]));
CREATE POLICY owner ON staff_role TO portaldesk_owner USING (true) WITH CHECK (true);
CREATE INDEX staff_role_staff ON staff_role (staff_id);
GRANT SELECT, INSERT, DELETE ON staff_role TO portaldesk_console;
GRANT SELECT ON staff_role TO portaldesk_worker;

-- Only a keyed hash of the token is kept. A session waits in step `password` for its second step.
-- owner: access
CREATE TABLE staff_session (
    token_hash bytea PRIMARY KEY,
    staff_id bigint NOT NULL REFERENCES staff (id),
    step text NOT NULL CHECK (step IN ('password', 'full')),
    tries smallint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX staff_session_staff ON staff_session (staff_id) WHERE ended_at IS NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_session TO portaldesk_console, portaldesk_worker;

-- owner: access
CREATE TABLE staff_link (
    token_hash bytea PRIMARY KEY,
    staff_id bigint NOT NULL REFERENCES staff (id),
    totp_secret bytea NOT NULL,
    totp_key_id text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
GRANT SELECT, INSERT, UPDATE ON staff_link TO portaldesk_console;

-- owner: access
CREATE TABLE staff_recovery_code (
    staff_id bigint NOT NULL REFERENCES staff (id),
    code_hash bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (staff_id, code_hash)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_recovery_code TO portaldesk_console;

-- Budgets of guesses: counted before the password is looked at, so that parallel guesses cannot pass.
-- owner: access
CREATE TABLE sign_in_budget (
    bucket bytea PRIMARY KEY,
    window_starts timestamptz NOT NULL,
    spent integer NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_budget TO portaldesk_console, portaldesk_worker;

-- A browser that signed in before has its own budget, so that a flood of guesses does not lock its owner out.
-- owner: access
CREATE TABLE staff_device (
    device_hash bytea NOT NULL,
    staff_id bigint NOT NULL REFERENCES staff (id),
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (device_hash, staff_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_device TO portaldesk_console, portaldesk_worker;

-- A form that creates something carries a key that works once: the second click finds the first one's result.
-- owner: access
CREATE TABLE form_key (
    key_hash bytea PRIMARY KEY,
    staff_id bigint NOT NULL REFERENCES staff (id),
    used_at timestamptz NOT NULL DEFAULT now(),
    result_path text NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON form_key TO portaldesk_console, portaldesk_worker;
