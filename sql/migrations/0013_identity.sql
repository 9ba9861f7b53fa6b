-- breaking: no

-- Who proved to be who they say, how, and until when. One case of a person at a time; its steps are drawn when it
-- opens. `account_id` is NULL where the client as such is meant.
-- owner: identity
CREATE TABLE verification (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    client_id bigint NOT NULL,
    account_id bigint,
    channel text NOT NULL CHECK (channel IN ('phone', 'call_back', 'counter')),
    strength text NOT NULL CHECK (strength IN ('low', 'substantial', 'high')),
    valid_minutes integer NOT NULL CHECK (valid_minutes BETWEEN 1 AND 1440),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'passed', 'failed', 'lapsed', 'withdrawn', 'voided')),
    opened_by bigint NOT NULL REFERENCES staff (id),
    opened_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    closed_by bigint REFERENCES staff (id),
    closed_at timestamptz,
    valid_until timestamptz,
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id),
    FOREIGN KEY (portal_id, account_id) REFERENCES account (portal_id, id),
    CHECK ((state = 'open') = (closed_at IS NULL)),
    CHECK ((state IN ('passed', 'voided')) = (valid_until IS NOT NULL))
);
CALL raise_wall('verification');
CREATE UNIQUE INDEX verification_one_open ON verification (portal_id, client_id, coalesce(account_id, 0))
    WHERE state = 'open';
CREATE INDEX verification_account ON verification (portal_id, account_id) WHERE state = 'passed';
CREATE INDEX verification_client ON verification (portal_id, client_id, id DESC);
GRANT SELECT, INSERT, UPDATE ON verification TO portaldesk_console;
GRANT SELECT ON verification TO portaldesk_worker;

-- A question names the fact that is asked for, never its value: the answer is compared with the record.
-- owner: identity
CREATE TABLE verification_step (
    portal_id smallint NOT NULL,
    verification_id bigint NOT NULL,
    position smallint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('question', 'call_back', 'document')),
    question text,
    result text CHECK (result IN ('right', 'wrong')),
    done_by bigint REFERENCES staff (id),
    done_at timestamptz,
    PRIMARY KEY (portal_id, verification_id, position),
    FOREIGN KEY (portal_id, verification_id) REFERENCES verification (portal_id, id),
    CHECK ((kind = 'question') = (question IS NOT NULL)),
    CHECK ((result IS NULL) = (done_at IS NULL) AND (result IS NULL) = (done_by IS NULL))
);
CALL raise_wall('verification_step');
GRANT SELECT, INSERT, UPDATE ON verification_step TO portaldesk_console;

-- A case passes only with every step right, in time; what is closed stays so, but for a pass that is voided.
CREATE FUNCTION verification_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (OLD.state = 'open' AND NEW.state <> 'voided'
        OR OLD.state = 'passed' AND NEW.state = 'voided')
    THEN
        RAISE EXCEPTION 'verification cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'verification_moves';
    END IF;
    IF NEW.state = 'passed' AND OLD.state = 'open' AND (OLD.expires_at <= now()
        OR NOT EXISTS (SELECT FROM verification_step AS s
            WHERE s.portal_id = NEW.portal_id AND s.verification_id = NEW.id)
        OR EXISTS (SELECT FROM verification_step AS s
            WHERE s.portal_id = NEW.portal_id AND s.verification_id = NEW.id AND s.result IS DISTINCT FROM 'right'))
    THEN
        RAISE EXCEPTION 'verification % has steps that are not right', NEW.id
            USING ERRCODE = 'PD002', CONSTRAINT = 'verification_moves';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER verification_moves BEFORE UPDATE OF state ON verification
    FOR EACH ROW EXECUTE FUNCTION verification_moves();

CREATE FUNCTION verification_step_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.result IS NOT NULL OR NEW.kind <> OLD.kind OR NEW.question IS DISTINCT FROM OLD.question THEN
        RAISE EXCEPTION 'a step that was decided stands' USING ERRCODE = 'PD002', CONSTRAINT = 'verification_step_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER verification_step_stands BEFORE UPDATE ON verification_step
    FOR EACH ROW EXECUTE FUNCTION verification_step_stands();

-- What may be asked of a client: facts of the book that stand in no public register. Never a personal, tax or register
-- number and never a birth date.
CREATE FUNCTION identity_facts(portal smallint, client bigint) RETURNS TABLE (question text, value text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT 'contract_number', upper(regexp_replace(k.number, '[^[:alnum:]]', '', 'g'))
    FROM contract AS k
    WHERE k.portal_id = portal AND k.client_id = client AND k.ended_on IS NULL
    UNION ALL
    SELECT 'registration', upper(regexp_replace(k.registration, '[^[:alnum:]]', '', 'g'))
    FROM contract AS k
    WHERE k.portal_id = portal AND k.client_id = client AND k.ended_on IS NULL AND k.registration IS NOT NULL
    UNION ALL
    SELECT 'contract_end', k.ends_on::text
    FROM contract AS k
    WHERE k.portal_id = portal AND k.client_id = client AND k.ended_on IS NULL AND k.ends_on IS NOT NULL
    UNION ALL
    (SELECT 'invoice_number', upper(regexp_replace(v.number, '[^[:alnum:]]', '', 'g'))
    FROM invoice AS v
    WHERE v.portal_id = portal AND v.client_id = client
    ORDER BY v.issued_on DESC, v.id DESC
    LIMIT 3)
    UNION ALL
    (SELECT 'invoice_amount', v.amount_minor::text
    FROM invoice AS v
    WHERE v.portal_id = portal AND v.client_id = client
    ORDER BY v.issued_on DESC, v.id DESC
    LIMIT 1)
    UNION ALL
    SELECT 'insurer', fold(p.insurer)
    FROM policy AS p
    WHERE p.portal_id = portal AND p.client_id = client AND p.expires_on >= portal_today(portal);
END;
