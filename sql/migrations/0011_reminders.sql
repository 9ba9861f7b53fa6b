-- breaking: no

-- What to remind of. For payments the ladder has one step, whose days an account's own setting replaces (M9).
-- owner: reminders
CREATE TABLE rule (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    subject text NOT NULL CHECK (subject IN ('instalment', 'policy')),
    name text NOT NULL,
    days_before smallint[] NOT NULL CHECK (cardinality(days_before) BETWEEN 1 AND 8),
    template_kind text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (portal_id, id)
);
CALL raise_wall('rule');
GRANT SELECT, INSERT, UPDATE ON rule TO portaldesk_console;
GRANT SELECT ON rule TO portaldesk_worker;

-- One rule's step for one account, one subject and its due date; account 0 stands for a client without an account,
-- listed as skipped. The natural key is what makes planning twice plan once.
-- owner: reminders
CREATE TABLE reminder (
    portal_id smallint NOT NULL,
    rule_id bigint NOT NULL,
    step smallint NOT NULL,
    subject_kind text NOT NULL CHECK (subject_kind IN ('instalment', 'policy')),
    subject_id bigint NOT NULL,
    account_id bigint NOT NULL,
    due_date date NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    client_id bigint NOT NULL,
    run_id bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('planned', 'sent', 'skipped', 'cancelled')),
    reason text,
    message_id bigint,
    planned_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, rule_id, step, subject_kind, subject_id, account_id, due_date),
    CONSTRAINT reminder_id UNIQUE (portal_id, id),
    FOREIGN KEY (portal_id, rule_id) REFERENCES rule (portal_id, id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id),
    FOREIGN KEY (portal_id, run_id) REFERENCES run (portal_id, id),
    FOREIGN KEY (portal_id, message_id) REFERENCES message (portal_id, id),
    CHECK ((state = 'sent') = (message_id IS NOT NULL)),
    CHECK ((state IN ('skipped', 'cancelled')) = (reason IS NOT NULL))
);
CALL raise_wall('reminder');
CREATE INDEX reminder_run ON reminder (portal_id, run_id, id);
CREATE INDEX reminder_client ON reminder (portal_id, client_id, id DESC);
GRANT SELECT ON reminder TO portaldesk_console;
GRANT SELECT, INSERT, UPDATE ON reminder TO portaldesk_worker;
