-- breaking: no

-- What signs in at a portal. `realm` is the client whose company code goes before the login, 0 where the login alone
-- is unique (phone, e-mail).
-- owner: accounts
CREATE TABLE account (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    realm bigint NOT NULL DEFAULT 0,
    login text NOT NULL,
    state text NOT NULL DEFAULT 'invited' CHECK (state IN ('invited', 'active', 'locked', 'closed')),
    locked_from text CHECK (locked_from IN ('invited', 'active')),
    person_name text NOT NULL,
    phone text,
    email text,
    language text NOT NULL,
    sms_password boolean NOT NULL DEFAULT true,
    password_hash text,
    password_set_at timestamptz,
    wrong_sign_ins integer NOT NULL DEFAULT 0,
    locked_at timestamptz,
    lock_reason text,
    last_sign_in_at timestamptz,
    remind_days_before smallint CHECK (remind_days_before BETWEEN 0 AND 60),
    remind_by text NOT NULL DEFAULT 'sms' CHECK (remind_by IN ('sms', 'email', 'none')),
    application_id bigint,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, application_id) REFERENCES application (portal_id, id),
    CHECK ((state = 'locked') = (locked_at IS NOT NULL AND locked_from IS NOT NULL)),
    CHECK (state <> 'active' OR password_hash IS NOT NULL)
);
CALL raise_wall('account');
CREATE UNIQUE INDEX account_login ON account (portal_id, realm, lower(login)) WHERE state <> 'closed';
CREATE INDEX account_phone ON account (portal_id, phone);
CREATE INDEX account_remind ON account (portal_id, remind_days_before) WHERE remind_days_before IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON account TO portaldesk_console, portaldesk_worker;

CREATE FUNCTION account_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'invited' AND NEW.state IN ('active', 'locked', 'closed'))
        OR (OLD.state = 'active' AND NEW.state IN ('locked', 'closed'))
        OR (OLD.state = 'locked' AND NEW.state IN (OLD.locked_from, 'closed')))
    THEN
        RAISE EXCEPTION 'account cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'account_moves';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_moves BEFORE UPDATE OF state ON account FOR EACH ROW EXECUTE FUNCTION account_moves();

-- owner: accounts
CREATE TABLE access (
    portal_id smallint NOT NULL,
    account_id bigint NOT NULL,
    client_id bigint NOT NULL,
    rights text[] NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    PRIMARY KEY (portal_id, account_id, client_id),
    FOREIGN KEY (portal_id, account_id) REFERENCES account (portal_id, id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id)
);
CALL raise_wall('access');
CREATE INDEX access_client ON access (portal_id, client_id) WHERE ended_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON access TO portaldesk_console;
GRANT SELECT ON access TO portaldesk_worker;

-- Sealed, since staff read it out by phone (M2); found at sign-in by its keyed hash. It exists from the approval on.
-- owner: accounts
CREATE TABLE company_code (
    portal_id smallint NOT NULL,
    application_id bigint NOT NULL,
    client_id bigint,
    code_hash bytea NOT NULL,
    sealed bytea NOT NULL,
    key_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, application_id),
    CONSTRAINT company_code_hash UNIQUE (portal_id, code_hash),
    FOREIGN KEY (portal_id, application_id) REFERENCES application (portal_id, id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id)
);
CALL raise_wall('company_code');
CREATE INDEX company_code_client ON company_code (portal_id, client_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON company_code TO portaldesk_console;

-- One use each, kept as a keyed hash; a new one voids the old ones of its purpose.
-- owner: accounts
CREATE TABLE account_code (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    account_id bigint NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('first_sign_in', 'second_step')),
    code_hash bytea NOT NULL,
    tries smallint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    voided_at timestamptz,
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, account_id) REFERENCES account (portal_id, id)
);
CALL raise_wall('account_code');
CREATE UNIQUE INDEX account_code_one_open ON account_code (portal_id, account_id, purpose)
    WHERE used_at IS NULL AND voided_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON account_code TO portaldesk_console;

-- owner: accounts
CREATE TABLE account_session (
    portal_id smallint NOT NULL,
    token_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    step text NOT NULL CHECK (step IN ('set_password', 'second_step', 'full')),
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (portal_id, token_hash),
    FOREIGN KEY (portal_id, account_id) REFERENCES account (portal_id, id)
);
CALL raise_wall('account_session');
CREATE INDEX account_session_account ON account_session (portal_id, account_id) WHERE ended_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON account_session TO portaldesk_console;

-- The key with which a portal's own front end calls the API; only its hash is kept.
-- owner: accounts
CREATE TABLE portal_key (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    key_hash bytea NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    PRIMARY KEY (portal_id, id),
    CONSTRAINT portal_key_hash UNIQUE (portal_id, key_hash)
);
CALL raise_wall('portal_key');
GRANT SELECT, INSERT, UPDATE ON portal_key TO portaldesk_console;

-- The search box looks for accounts here; rows as in client_term.
-- owner: accounts
CREATE TABLE account_term (
    portal_id smallint NOT NULL,
    term text COLLATE "C" NOT NULL,
    kind text NOT NULL CHECK (kind IN ('name', 'login', 'phone', 'email')),
    account_id bigint NOT NULL,
    PRIMARY KEY (portal_id, term, kind, account_id),
    FOREIGN KEY (portal_id, account_id) REFERENCES account (portal_id, id)
);
CALL raise_wall('account_term');
CREATE INDEX account_term_account ON account_term (portal_id, account_id);
GRANT SELECT, INSERT, DELETE ON account_term TO portaldesk_console;
