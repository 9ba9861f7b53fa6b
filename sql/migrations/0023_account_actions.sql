-- breaking: no
-- What staff and clients do about an account after its activation.

-- Beside the codes: a temporary password (K2), links that work once (L4), a recovery code (K7). A link has no login
-- with it, so that it is found by its hash.
ALTER TABLE account_code DROP CONSTRAINT account_code_purpose_check;
ALTER TABLE account_code ADD CONSTRAINT account_code_purpose_check CHECK (purpose IN
    ('first_sign_in', 'second_step', 'temporary_password', 'activation_link', 'recovery_code', 'recovery_link'));
CREATE INDEX account_code_link ON account_code (portal_id, code_hash)
    WHERE purpose IN ('activation_link', 'recovery_link') AND used_at IS NULL AND voided_at IS NULL;

-- A wrong sign-in is answered by a wait: until then no password is looked at.
ALTER TABLE account ADD COLUMN wait_until timestamptz;

-- Nobody's right to act outlives the account; taking the last one away is written down with it.
CREATE FUNCTION account_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM access AS x WHERE x.portal_id = NEW.portal_id AND x.account_id = NEW.id
            AND x.ended_at IS NULL)
        OR EXISTS (SELECT FROM account_session AS s WHERE s.portal_id = NEW.portal_id AND s.account_id = NEW.id
            AND s.ended_at IS NULL)
    THEN
        RAISE EXCEPTION 'account % still has accesses or sessions', NEW.id
            USING ERRCODE = 'PD002', CONSTRAINT = 'account_closes';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER account_closes AFTER UPDATE OF state ON account DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'closed') EXECUTE FUNCTION account_closes();
-- The worker ends accesses (K12) and with them sessions.
GRANT UPDATE ON access TO portaldesk_worker;
GRANT SELECT, UPDATE ON account_session TO portaldesk_worker;
GRANT SELECT (portal_id, account_id, used_at, voided_at), UPDATE (voided_at) ON account_code TO portaldesk_worker;
GRANT INSERT, SELECT, DELETE ON account_term TO portaldesk_worker;

-- A browser that signed in before, by the hash of its token. It has a budget of its own, so that a stranger who guesses
-- passwords cannot keep the owner out.
-- owner: accounts
CREATE TABLE account_device (
    portal_id smallint NOT NULL,
    token_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    wrong_sign_ins smallint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, token_hash),
    FOREIGN KEY (portal_id, account_id) REFERENCES account (portal_id, id)
);
CALL raise_wall('account_device');
CREATE INDEX account_device_account ON account_device (portal_id, account_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON account_device TO portaldesk_console;

-- Another phone or e-mail of an account (K5, K19): staff ask, a second person approves, then it waits while the old
-- contact may stop it. A client who is signed in asks without a second person.
-- owner: accounts
CREATE TABLE contact_change (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    account_id bigint NOT NULL,
    client_id bigint,
    kind text NOT NULL CHECK (kind IN ('phone', 'email')),
    old_value text,
    new_value text NOT NULL,
    reason text NOT NULL,
    state text NOT NULL CHECK (state IN ('asked', 'waiting', 'applied', 'stopped', 'declined', 'lapsed')),
    verification_id bigint,
    asked_by bigint REFERENCES staff (id),
    asked_at timestamptz NOT NULL DEFAULT now(),
    decided_by bigint REFERENCES staff (id),
    decided_at timestamptz,
    effective_at timestamptz,
    stop_hash bytea,
    settled_at timestamptz,
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, account_id) REFERENCES account (portal_id, id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id),
    FOREIGN KEY (portal_id, verification_id) REFERENCES verification (portal_id, id),
    CONSTRAINT contact_change_second_person CHECK (decided_by <> asked_by),
    CHECK (asked_by IS NULL OR state IN ('asked', 'stopped', 'lapsed') OR decided_by IS NOT NULL),
    CHECK ((state IN ('waiting', 'applied')) <= (effective_at IS NOT NULL AND stop_hash IS NOT NULL)),
    CHECK ((state IN ('asked', 'waiting')) = (settled_at IS NULL))
);
CALL raise_wall('contact_change');
CREATE UNIQUE INDEX contact_change_one_open ON contact_change (portal_id, account_id, kind)
    WHERE state IN ('asked', 'waiting');
CREATE INDEX contact_change_due ON contact_change (portal_id, effective_at) WHERE state = 'waiting';
CREATE INDEX contact_change_stop ON contact_change (portal_id, stop_hash) WHERE state = 'waiting';
GRANT SELECT, INSERT, UPDATE ON contact_change TO portaldesk_console;
GRANT SELECT, UPDATE ON contact_change TO portaldesk_worker;

CREATE FUNCTION contact_change_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'asked' AND NEW.state IN ('waiting', 'declined', 'stopped', 'lapsed'))
        OR (OLD.state = 'waiting' AND NEW.state IN ('stopped', 'lapsed'))
        OR (OLD.state = 'waiting' AND NEW.state = 'applied' AND OLD.effective_at <= now()))
    THEN
        RAISE EXCEPTION 'contact change cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'contact_change_moves';
    END IF;
    IF (NEW.new_value, NEW.kind, NEW.account_id) IS DISTINCT FROM (OLD.new_value, OLD.kind, OLD.account_id) THEN
        RAISE EXCEPTION 'what was approved is what is done'
            USING ERRCODE = 'PD002', CONSTRAINT = 'contact_change_moves';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contact_change_moves BEFORE UPDATE ON contact_change
    FOR EACH ROW EXECUTE FUNCTION contact_change_moves();

-- A security threat that was suspected (M14): what was done at once, and how it ended.
-- owner: accounts
CREATE TABLE incident (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    account_id bigint NOT NULL,
    client_id bigint,
    reason text NOT NULL,
    sessions_ended integer NOT NULL,
    codes_voided integer NOT NULL,
    opened_by bigint NOT NULL REFERENCES staff (id),
    opened_at timestamptz NOT NULL DEFAULT now(),
    closed_by bigint REFERENCES staff (id),
    closed_at timestamptz,
    outcome text,
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, account_id) REFERENCES account (portal_id, id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id),
    CHECK ((closed_at IS NULL) = (outcome IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL))
);
CALL raise_wall('incident');
CREATE UNIQUE INDEX incident_one_open ON incident (portal_id, account_id) WHERE closed_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON incident TO portaldesk_console;
GRANT SELECT ON incident TO portaldesk_worker;

-- Whom the end of an access was announced to, and for which day (K12).
-- owner: accounts
CREATE TABLE access_warning (
    portal_id smallint NOT NULL,
    account_id bigint NOT NULL,
    client_id bigint NOT NULL,
    ends_on date NOT NULL,
    warned_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, account_id, client_id, ends_on),
    FOREIGN KEY (portal_id, account_id, client_id) REFERENCES access (portal_id, account_id, client_id)
);
CALL raise_wall('access_warning');
GRANT SELECT, INSERT ON access_warning TO portaldesk_worker;
GRANT SELECT ON access_warning TO portaldesk_console;

-- The day on which a client's accesses end: so many days after the last contract did; NULL while one runs or none ever
-- ended, and for who has a contract signed or to come.
CREATE FUNCTION access_ends_on(portal smallint, client bigint, days integer) RETURNS date LANGUAGE sql STABLE
RETURN (
    SELECT CASE WHEN bool_and(contract_state(k.starts_on, k.ends_on, k.ended_on, portal_today(portal)) = 'ended')
        THEN max(least(k.ended_on, k.ends_on)) + days END
    FROM contract AS k
    WHERE k.portal_id = portal AND k.client_id = client);
