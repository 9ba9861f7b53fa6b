-- breaking: no

-- What to remind of. For payments the ladder has one step, whose days an account's own setting replaces (M9). `steps`
-- numbers the ladder's days: a number stays with its place when the ladder changes, since it is part of the natural key.
-- owner: reminders
CREATE TABLE rule (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    subject text NOT NULL CHECK (subject IN ('instalment', 'policy')),
    name text NOT NULL,
    days_before smallint[] NOT NULL CHECK (cardinality(days_before) BETWEEN 1 AND 8),
    steps smallint[] NOT NULL,
    template_kind text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (portal_id, id),
    CONSTRAINT rule_subject UNIQUE (portal_id, subject),
    CHECK (cardinality(steps) = cardinality(days_before)),
    CHECK (0 <= ALL (days_before) AND 365 >= ALL (days_before)),
    CHECK (subject <> 'instalment' OR (cardinality(days_before) = 1 AND 60 >= ALL (days_before)))
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

-- Which of an account's rights make it one to remind: whoever sees what the reminder is about.
CREATE FUNCTION reminder_rights(subject text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE subject WHEN 'instalment' THEN '{invoices,contracts}'::text[] ELSE '{insurance,contracts}'::text[] END;

-- Why an account is not written to; NULL when it is.
CREATE FUNCTION account_obstacle(state text, remind_by text, phone text, email text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN state <> 'active' THEN state WHEN remind_by = 'none' THEN 'opted_out'
    WHEN coalesce(CASE remind_by WHEN 'sms' THEN phone ELSE email END, '') = '' THEN 'no_contact' END;

-- Policies that go on where one ends: of the same client and kind, later, and for the same contract, under the same
-- number, or for the same registration.
CREATE FUNCTION policy_successors(portal smallint, client bigint, contract bigint, kind text, number text, expires date)
RETURNS TABLE (id bigint) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT n.id
    FROM policy AS n
    WHERE n.portal_id = portal AND n.client_id = client AND n.expires_on > expires
        AND n.kind = policy_successors.kind
        AND (n.contract_id = contract OR n.number = policy_successors.number OR EXISTS (
            SELECT
            FROM contract AS o
            JOIN contract AS k ON k.portal_id = o.portal_id AND k.registration = o.registration
            WHERE o.portal_id = portal AND o.id = contract AND k.id = n.contract_id));
END;

-- What a day's run is about: one row per account and thing due, with the reason for leaving it out. The plan and its
-- preview both read it, so that they cannot differ. It goes by the few days that somebody has chosen, each one range of
-- an index. An account's own number of days replaces the rule's. `paid` says what instalment_open_minor() says, in a
-- form that is planned as part of the statement.
CREATE FUNCTION payment_reminders(portal smallint, day date)
RETURNS TABLE (rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint,
    reason text) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.id, r.steps[1], i.id, coalesce(a.id, 0), i.due_on, k.client_id,
        CASE
            WHEN a.id IS NULL THEN 'no_account'
            WHEN CASE
                WHEN i.invoice_id IS NULL THEN i.amount_minor <= coalesce((SELECT sum(p.amount_minor) FROM payment AS p
                    WHERE p.portal_id = i.portal_id AND p.instalment_id = i.id), 0)
                ELSE (SELECT v.amount_minor FROM invoice AS v WHERE v.portal_id = i.portal_id AND v.id = i.invoice_id)
                    <= coalesce((SELECT sum(p.amount_minor) FROM payment AS p
                        WHERE p.portal_id = i.portal_id AND p.invoice_id = i.invoice_id), 0)
            END THEN 'paid'
            ELSE account_obstacle(a.state, a.remind_by, a.phone, a.email)
        END
    FROM rule AS r
    JOIN instalment AS i ON i.portal_id = portal AND i.due_on = ANY (ARRAY(
        SELECT day + d.days
        FROM generate_series(0, 60) AS d (days)
        WHERE EXISTS (SELECT FROM account AS o WHERE o.portal_id = portal AND o.remind_days_before = d.days)
            OR EXISTS (SELECT FROM rule AS o
                WHERE o.portal_id = portal AND o.subject = 'instalment' AND o.days_before[1] = d.days)))
    JOIN contract AS k ON k.portal_id = portal AND k.id = i.contract_id
    LEFT JOIN (access AS x JOIN account AS a
            ON a.portal_id = x.portal_id AND a.id = x.account_id AND a.state <> 'closed')
        ON x.portal_id = portal AND x.client_id = k.client_id AND x.ended_at IS NULL
            AND x.rights && reminder_rights('instalment')
    WHERE r.portal_id = portal AND r.subject = 'instalment' AND r.active
        AND i.due_on - day = coalesce(a.remind_days_before, r.days_before[1]);
END;

-- The same for policies that end so many days after this one, a step of the ladder each.
CREATE FUNCTION insurance_reminders(portal smallint, day date)
RETURNS TABLE (rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint,
    reason text) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.id, l.step, p.id, coalesce(a.id, 0), p.expires_on, p.client_id,
        CASE
            WHEN a.id IS NULL THEN 'no_account'
            WHEN EXISTS (SELECT FROM policy_successors(
                p.portal_id, p.client_id, p.contract_id, p.kind, p.number, p.expires_on)) THEN 'renewed'
            ELSE account_obstacle(a.state, a.remind_by, a.phone, a.email)
        END
    FROM rule AS r
    CROSS JOIN LATERAL unnest(r.days_before, r.steps) AS l (days, step)
    JOIN policy AS p ON p.portal_id = portal AND p.expires_on = day + l.days
    LEFT JOIN (access AS x JOIN account AS a
            ON a.portal_id = x.portal_id AND a.id = x.account_id AND a.state <> 'closed')
        ON x.portal_id = portal AND x.client_id = p.client_id AND x.ended_at IS NULL
            AND x.rights && reminder_rights('policy')
    WHERE r.portal_id = portal AND r.subject = 'policy' AND r.active;
END;

-- Either of them, with whether it is planned already: what previews ask.
CREATE FUNCTION due_reminders(subject text, portal smallint, day date)
RETURNS TABLE (rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint,
    reason text) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT d.rule_id, d.step, d.subject_id, d.account_id, d.due_date, d.client_id,
        CASE WHEN EXISTS (SELECT FROM reminder AS m
            WHERE m.portal_id = portal AND m.rule_id = d.rule_id AND m.step = d.step AND m.subject_kind = subject
                AND m.subject_id = d.subject_id AND m.account_id = d.account_id AND m.due_date = d.due_date)
            THEN 'already' ELSE d.reason END
    FROM (
        SELECT * FROM payment_reminders(portal, day) WHERE subject = 'instalment'
        UNION ALL
        SELECT * FROM insurance_reminders(portal, day) WHERE subject = 'policy'
    ) AS d;
END;

-- Why a planned reminder is not to go out after all; NULL when it is. Asked when it is written and once more just before
-- its message is handed over.
CREATE FUNCTION reminder_obstacle(portal smallint, reminder bigint) RETURNS text LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE
            WHEN NOT r.active THEN 'rule_off'
            WHEN instalment_open_minor(portal, i.id) <= 0 THEN 'paid'
            WHEN p.expires_on > m.due_date OR EXISTS (SELECT FROM policy_successors(
                p.portal_id, p.client_id, p.contract_id, p.kind, p.number, p.expires_on)) THEN 'renewed'
            WHEN coalesce(i.due_on, p.expires_on) <> m.due_date THEN 'moved'
            WHEN NOT EXISTS (SELECT FROM access AS x
                WHERE x.portal_id = portal AND x.account_id = m.account_id AND x.client_id = m.client_id
                    AND x.ended_at IS NULL AND x.rights && reminder_rights(m.subject_kind)) THEN 'access_ended'
            ELSE account_obstacle(a.state, a.remind_by, a.phone, a.email)
        END
    FROM reminder AS m
    JOIN rule AS r ON r.portal_id = m.portal_id AND r.id = m.rule_id
    JOIN account AS a ON a.portal_id = m.portal_id AND a.id = m.account_id
    LEFT JOIN instalment AS i ON m.subject_kind = 'instalment' AND i.portal_id = m.portal_id AND i.id = m.subject_id
    LEFT JOIN policy AS p ON m.subject_kind = 'policy' AND p.portal_id = m.portal_id AND p.id = m.subject_id
    WHERE m.portal_id = portal AND m.id = reminder;
END;
