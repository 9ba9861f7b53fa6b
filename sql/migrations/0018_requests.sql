-- breaking: no
-- What clients ask for: one shell for all kinds, with its clocks, pauses, letters and the changes of data.

-- How long the law or our own promise gives. A rule never changes: a new version stands beside it, and a request keeps
-- the version it was counted by. Country `*` holds where a country has no rule of its own.
-- owner: requests
CREATE TABLE clock_rule (
    country text NOT NULL CHECK (country = '*' OR country ~ '^[A-Z]{2}$'),
    kind text NOT NULL,
    version integer NOT NULL,
    valid_from date NOT NULL,
    number smallint NOT NULL CHECK (number > 0),
    unit text NOT NULL CHECK (unit IN ('month', 'calendar', 'working')),
    extension_number smallint CHECK (extension_number > 0),
    extension_unit text CHECK (extension_unit IN ('month', 'calendar', 'working')),
    source text NOT NULL,
    PRIMARY KEY (country, kind, version),
    CHECK ((extension_number IS NULL) = (extension_unit IS NULL))
);
GRANT SELECT ON clock_rule TO portaldesk_console, portaldesk_worker;
INSERT INTO clock_rule (country, kind, version, valid_from, number, unit, extension_number, extension_unit, source)
VALUES
    ('*', 'data_change', 1, '2018-05-25', 1, 'month', 2, 'month', 'GDPR 12(3), 16'),
    ('*', 'account_deletion', 1, '2018-05-25', 1, 'month', 2, 'month', 'GDPR 12(3)'),
    ('*', 'erasure', 1, '2018-05-25', 1, 'month', 2, 'month', 'GDPR 12(3), 17'),
    ('*', 'access_copy', 1, '2018-05-25', 1, 'month', 2, 'month', 'GDPR 12(3), 15'),
    ('*', 'instalment_change', 1, '2018-05-25', 30, 'calendar', NULL, NULL, 'own promise'),
    ('*', 'other', 1, '2018-05-25', 30, 'calendar', NULL, NULL, 'own promise'),
    ('RU', 'data_change', 1, '2006-07-27', 7, 'working', NULL, NULL, '152-FZ 20, 21'),
    ('RU', 'account_deletion', 1, '2006-07-27', 30, 'calendar', NULL, NULL, '152-FZ 21(4), 21(5)'),
    ('RU', 'erasure', 1, '2022-09-01', 10, 'working', 5, 'working', '152-FZ 14, 20, 21'),
    ('RU', 'access_copy', 1, '2022-09-01', 10, 'working', 5, 'working', '152-FZ 14, 20');
CREATE TRIGGER clock_rule_is_final BEFORE UPDATE OR DELETE ON clock_rule
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- `statutory_due` never moves; pauses and the one extension move `effective_due`; `internal_due` is when we want to be
-- done. A number without a clock's version is the portal's own deadline, from its profile.
-- owner: requests
CREATE TABLE client_request (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN ('data_change', 'account_deletion', 'erasure', 'access_copy', 'complaint',
        'fault_report', 'contact', 'instalment_change', 'other')),
    lane text CHECK (lane IN ('record', 'contract')),
    state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'identity', 'waiting_client', 'assessment',
        'blocked', 'plan', 'decision', 'approved', 'cooling_off', 'executing', 'verifying', 'notified', 'partial',
        'held', 'failed', 'closed', 'withdrawn', 'duplicate', 'lapsed')),
    client_id bigint,
    account_id bigint,
    channel text NOT NULL CHECK (channel IN ('phone', 'counter', 'paper', 'email', 'portal')),
    requester_name text NOT NULL,
    reply_to text,
    language text NOT NULL,
    statement text NOT NULL DEFAULT '',
    received_on date NOT NULL,
    opened_by bigint REFERENCES staff (id),
    opened_at timestamptz NOT NULL DEFAULT now(),
    clock_country text,
    clock_version integer,
    clock_number smallint NOT NULL,
    clock_unit text NOT NULL CHECK (clock_unit IN ('month', 'calendar', 'working')),
    statutory_due date NOT NULL,
    effective_due date NOT NULL,
    internal_due date NOT NULL,
    extended_at timestamptz,
    extension_reason text CHECK (extension_reason IN ('complex', 'many_requests')),
    held_by bigint REFERENCES staff (id),
    held_at timestamptz,
    identity_method text CHECK (identity_method IN ('document_at_counter', 'call_back', 'portal_session',
        'signed_paper', 'verification')),
    verification_id bigint,
    identity_by bigint REFERENCES staff (id),
    identity_at timestamptz,
    proposal text CHECK (proposal IN ('granted', 'partial', 'refused')),
    proposal_reason text,
    proposal_note text NOT NULL DEFAULT '',
    proposed_by bigint REFERENCES staff (id),
    proposed_at timestamptz,
    decision text CHECK (decision IN ('granted', 'partial', 'refused', 'answered')),
    decision_reason text,
    decision_article text,
    decision_note text NOT NULL DEFAULT '',
    decided_by bigint REFERENCES staff (id),
    decided_at timestamptz,
    paused_from text CHECK (paused_from IN ('received', 'identity', 'assessment')),
    blocked_since date,
    looked_at date,
    cooling_until date,
    executed_by bigint REFERENCES staff (id),
    executed_at timestamptz,
    duplicate_of bigint,
    closed_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id),
    FOREIGN KEY (portal_id, account_id) REFERENCES account (portal_id, id),
    FOREIGN KEY (portal_id, duplicate_of) REFERENCES client_request (portal_id, id),
    FOREIGN KEY (clock_country, kind, clock_version) REFERENCES clock_rule (country, kind, version),
    CONSTRAINT client_request_second_person CHECK (decided_by <> proposed_by),
    CONSTRAINT client_request_two_persons CHECK (executed_by <> decided_by),
    CONSTRAINT client_request_is_decided CHECK (kind IN ('complaint', 'fault_report', 'contact')
        OR state NOT IN ('approved', 'cooling_off', 'executing', 'verifying', 'notified', 'partial', 'closed')
        OR (decided_by IS NOT NULL AND decision IS NOT NULL)),
    CHECK ((kind = 'data_change') = (lane IS NOT NULL)),
    CHECK ((state = 'waiting_client') = (paused_from IS NOT NULL)),
    CHECK ((state IN ('closed', 'withdrawn', 'duplicate', 'lapsed')) = (closed_at IS NOT NULL)),
    CHECK ((decision IS NULL) = (decided_by IS NULL)),
    CHECK ((held_by IS NULL) = (held_at IS NULL)),
    CHECK ((clock_country IS NULL) = (clock_version IS NULL)),
    CHECK ((state = 'duplicate') = (duplicate_of IS NOT NULL)),
    CHECK (client_id IS NOT NULL OR kind IN ('complaint', 'fault_report', 'contact', 'other'))
);
CALL raise_wall('client_request');
CREATE INDEX client_request_open ON client_request (portal_id, effective_due, id) WHERE closed_at IS NULL;
CREATE INDEX client_request_client ON client_request (portal_id, client_id, id DESC);
CREATE INDEX client_request_holder ON client_request (portal_id, held_by, effective_due) WHERE closed_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON client_request TO portaldesk_console, portaldesk_worker;

-- Which state may follow which.
CREATE FUNCTION client_request_next(state text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE state
    WHEN 'received' THEN '{identity,assessment,waiting_client,withdrawn,duplicate}'::text[]
    WHEN 'identity' THEN '{assessment,waiting_client,withdrawn,duplicate}'
    WHEN 'waiting_client' THEN '{received,identity,assessment,lapsed,withdrawn,duplicate}'
    WHEN 'assessment' THEN '{identity,waiting_client,blocked,plan,decision,held,closed,withdrawn,duplicate}'
    WHEN 'blocked' THEN '{assessment,lapsed,withdrawn,duplicate}'
    WHEN 'plan' THEN '{assessment,decision,held,withdrawn,duplicate}'
    WHEN 'decision' THEN '{assessment,plan,blocked,approved,cooling_off,executing,held,closed,withdrawn}'
    WHEN 'approved' THEN '{plan,executing,held,withdrawn}'
    WHEN 'cooling_off' THEN '{blocked,executing,closed,withdrawn}'
    WHEN 'executing' THEN '{plan,blocked,verifying,notified,failed,closed}'
    WHEN 'verifying' THEN '{notified,partial,closed}'
    WHEN 'notified' THEN '{partial,closed}'
    WHEN 'partial' THEN '{executing,closed}'
    WHEN 'held' THEN '{assessment,plan,decision,withdrawn}'
    WHEN 'failed' THEN '{executing,plan}'
    ELSE '{}' END;

CREATE FUNCTION client_request_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT NEW.state = ANY (client_request_next(OLD.state)) THEN
        RAISE EXCEPTION 'a request cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_request_moves';
    END IF;
    IF (NEW.statutory_due, NEW.received_on, NEW.kind)
        IS DISTINCT FROM (OLD.statutory_due, OLD.received_on, OLD.kind) THEN
        RAISE EXCEPTION 'the legal date of a request never moves'
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_request_statutory_due';
    END IF;
    IF NEW.extended_at IS DISTINCT FROM OLD.extended_at
        AND (OLD.extended_at IS NOT NULL OR portal_today(NEW.portal_id) > OLD.statutory_due) THEN
        RAISE EXCEPTION 'a request is extended once, and before its legal date'
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_request_extension';
    END IF;
    IF OLD.executed_at IS NOT NULL AND (NEW.decided_by, NEW.executed_by, NEW.decision)
        IS DISTINCT FROM (OLD.decided_by, OLD.executed_by, OLD.decision) THEN
        RAISE EXCEPTION 'who decided and who executed does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_request_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER client_request_moves BEFORE UPDATE ON client_request
    FOR EACH ROW EXECUTE FUNCTION client_request_moves();

-- What was written to the client, kept as it was sent: subject and text, and the printed letter, both sealed under the
-- key of `key_subject`. Without a message it went by post or was handed over.
-- owner: requests
CREATE TABLE request_letter (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    request_id bigint NOT NULL,
    kind text NOT NULL,
    language text NOT NULL,
    key_subject_kind text NOT NULL,
    key_subject_id bigint NOT NULL,
    content bytea NOT NULL,
    printed bytea,
    message_id bigint,
    made_by bigint REFERENCES staff (id),
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, request_id) REFERENCES client_request (portal_id, id),
    FOREIGN KEY (portal_id, message_id) REFERENCES message (portal_id, id)
);
CALL raise_wall('request_letter');
CREATE INDEX request_letter_request ON request_letter (portal_id, request_id, id);
GRANT SELECT, INSERT, UPDATE ON request_letter TO portaldesk_console, portaldesk_worker;

CREATE FUNCTION request_letter_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.printed IS NOT NULL OR (NEW.content, NEW.kind, NEW.request_id, NEW.made_at)
        IS DISTINCT FROM (OLD.content, OLD.kind, OLD.request_id, OLD.made_at) THEN
        RAISE EXCEPTION 'a letter that was sent does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'request_letter_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_letter_is_final BEFORE UPDATE ON request_letter
    FOR EACH ROW EXECUTE FUNCTION request_letter_is_final();

-- A clock stands still only after a letter said why.
-- owner: requests
CREATE TABLE request_pause (
    portal_id smallint NOT NULL,
    request_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    reason text NOT NULL CHECK (reason IN ('identity', 'document', 'clarification', 'authority')),
    letter_id bigint NOT NULL,
    started_by bigint NOT NULL REFERENCES staff (id),
    started_on date NOT NULL,
    ended_by bigint REFERENCES staff (id),
    ended_on date,
    PRIMARY KEY (portal_id, request_id, id),
    FOREIGN KEY (portal_id, request_id) REFERENCES client_request (portal_id, id),
    FOREIGN KEY (portal_id, letter_id) REFERENCES request_letter (portal_id, id),
    CHECK (ended_on >= started_on)
);
CALL raise_wall('request_pause');
CREATE UNIQUE INDEX request_pause_one_open ON request_pause (portal_id, request_id) WHERE ended_on IS NULL;
GRANT SELECT, INSERT, UPDATE ON request_pause TO portaldesk_console, portaldesk_worker;

-- The old and the new side of a data change. Once executed it lies over what the main system says, as a task for the
-- main system, until an import brings the same value or a person says that it stands there.
-- owner: requests
CREATE TABLE data_change (
    portal_id smallint NOT NULL,
    request_id bigint NOT NULL,
    field text NOT NULL CHECK (field IN ('name', 'address', 'phone', 'email', 'identity_document', 'lessee',
        'garage_address', 'annex')),
    contract_id bigint,
    old_value text,
    new_value text NOT NULL,
    in_force_at timestamptz,
    confirmed_at timestamptz,
    confirmed_by bigint REFERENCES staff (id),
    PRIMARY KEY (portal_id, request_id, field),
    FOREIGN KEY (portal_id, request_id) REFERENCES client_request (portal_id, id),
    FOREIGN KEY (portal_id, contract_id) REFERENCES contract (portal_id, id),
    CHECK (confirmed_at IS NULL OR in_force_at IS NOT NULL)
);
CALL raise_wall('data_change');
CREATE INDEX data_change_task ON data_change (portal_id, request_id)
    WHERE in_force_at IS NOT NULL AND confirmed_at IS NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON data_change TO portaldesk_console, portaldesk_worker;

-- A deletion that cooled off is carried out at night.
GRANT UPDATE ON access, company_code TO portaldesk_worker;
GRANT SELECT, UPDATE ON account_session, account_code TO portaldesk_worker;
GRANT DELETE ON account_term TO portaldesk_worker;
