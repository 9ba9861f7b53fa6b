-- breaking: yes
-- Rules with a ladder before and after the date, in calendar or working days, for some clients, for a time; runs that
-- wait for a second person; limits that hold across rules. Several rules may be about the same thing.

-- `days_before` is negative for days after the date. A rule counts from `starts_on` to `ends_on`, both included.
ALTER TABLE rule
    DROP CONSTRAINT rule_subject,
    DROP CONSTRAINT rule_check1,
    DROP CONSTRAINT rule_days_before_check1,
    DROP CONSTRAINT rule_subject_check,
    ADD COLUMN day_kind text NOT NULL DEFAULT 'calendar' CHECK (day_kind IN ('calendar', 'working')),
    ADD COLUMN client_kinds text[] NOT NULL DEFAULT '{company,sole_trader,person}',
    ADD COLUMN starts_on date,
    ADD COLUMN ends_on date,
    ADD COLUMN consolidates boolean NOT NULL DEFAULT false,
    ADD COLUMN changed_by bigint REFERENCES staff (id),
    ADD CONSTRAINT rule_subject_known
        CHECK (subject IN ('instalment', 'policy', 'invoice', 'new_invoice', 'access_end')),
    ADD CONSTRAINT rule_days_range CHECK (-90 <= ALL (days_before) AND 365 >= ALL (days_before)),
    ADD CONSTRAINT rule_clients CHECK (cardinality(client_kinds) > 0
        AND client_kinds <@ '{company,sole_trader,person}'),
    ADD CONSTRAINT rule_period CHECK (starts_on <= ends_on);
CREATE INDEX rule_subject ON rule (portal_id, subject);
ALTER TABLE reminder
    DROP CONSTRAINT reminder_subject_kind_check,
    ADD CONSTRAINT reminder_subject_known
        CHECK (subject_kind IN ('instalment', 'policy', 'invoice', 'new_invoice', 'access_end'));
CREATE INDEX reminder_planned ON reminder (portal_id, run_id, account_id) WHERE state = 'planned';
CREATE INDEX reminder_account ON reminder (portal_id, account_id, planned_at) WHERE state = 'sent';
CREATE INDEX invoice_due ON invoice (portal_id, due_on);
CREATE INDEX invoice_issued ON invoice (portal_id, issued_on);

-- What holds for all rules of a portal; a portal without a row has no limits. More than `approve_above` reminders in
-- one run wait for a second person; an account gets at most `most_messages` reminders in any `most_days` days; one part
-- of an SMS costs `sms_price_minor`.
-- owner: reminders
CREATE TABLE reminder_limit (
    portal_id smallint NOT NULL REFERENCES portal (id),
    approve_above integer CHECK (approve_above >= 0),
    most_messages smallint CHECK (most_messages BETWEEN 1 AND 100),
    most_days smallint NOT NULL DEFAULT 7 CHECK (most_days BETWEEN 1 AND 90),
    sms_price_minor integer CHECK (sms_price_minor >= 0),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (portal_id)
);
CALL raise_wall('reminder_limit');
GRANT SELECT, INSERT, UPDATE ON reminder_limit TO portaldesk_console;
GRANT SELECT ON reminder_limit TO portaldesk_worker;

-- A run that plans more than its portal's threshold. Whoever asked for the run, or changed one of its rules last, is no
-- second person.
-- owner: reminders
CREATE TABLE run_approval (
    portal_id smallint NOT NULL,
    run_id bigint NOT NULL,
    planned integer NOT NULL,
    asked_by bigint REFERENCES staff (id),
    ruled_by bigint[] NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'refused')),
    decided_by bigint REFERENCES staff (id),
    decided_at timestamptz,
    PRIMARY KEY (portal_id, run_id),
    FOREIGN KEY (portal_id, run_id) REFERENCES run (portal_id, id),
    CHECK ((state = 'waiting') = (decided_by IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT run_approval_second_person CHECK (decided_by <> asked_by AND decided_by <> ALL (ruled_by))
);
CALL raise_wall('run_approval');
CREATE INDEX run_approval_waiting ON run_approval (portal_id, run_id) WHERE state = 'waiting';
GRANT SELECT, UPDATE ON run_approval TO portaldesk_console;
GRANT SELECT, INSERT ON run_approval TO portaldesk_worker;
GRANT UPDATE ON reminder TO portaldesk_console;

-- The dates for which a step of so many days falls on a day: one in calendar days, none or several in working days,
-- since the working day before a Saturday, a Sunday and a Monday is the same Friday. A step of 0 working days is the
-- date itself, or the next working day.
CREATE FUNCTION due_days(portal smallint, day date, days smallint, day_kind text)
RETURNS TABLE (first date, last date) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT day + days, day + days WHERE day_kind = 'calendar'
    UNION ALL
    SELECT
        CASE WHEN days > 0 THEN add_working_days(portal, day, days - 1) + 1
            WHEN days = 0 THEN add_working_days(portal, day, -1) + 1
            ELSE add_working_days(portal, day, days) END,
        CASE WHEN days > 0 THEN add_working_days(portal, day, days)
            WHEN days = 0 THEN day
            ELSE add_working_days(portal, day, days + 1) - 1 END
    WHERE day_kind = 'working' AND is_working_day(portal, day);
END;

-- The other way round: the day of a step for a date.
CREATE FUNCTION step_day(portal smallint, due date, days integer, day_kind text) RETURNS date LANGUAGE sql STABLE
RETURN CASE day_kind WHEN 'working' THEN add_working_days(portal, due, -days) ELSE due - days END;

-- The steps that fall on a day, with the dates for which they do. An account's own number of days (M9) stands in for
-- the steps before the date, under the first one's number and always in calendar days; `own` says whose steps they are.
CREATE FUNCTION steps_of_day(subject text, portal smallint, day date)
RETURNS TABLE (rule_id bigint, step smallint, own smallint, ahead boolean, first date, last date, client_kinds text[])
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.id, l.step, NULL::smallint, l.days >= 0, w.first, w.last,
        nullif(r.client_kinds, '{company,sole_trader,person}')
    FROM rule AS r
    CROSS JOIN LATERAL unnest(r.days_before, r.steps) AS l (days, step)
    CROSS JOIN LATERAL due_days(portal, day, l.days, r.day_kind) AS w
    WHERE r.portal_id = portal AND r.subject = steps_of_day.subject AND r.active
        AND day BETWEEN coalesce(r.starts_on, day) AND coalesce(r.ends_on, day)
    UNION ALL
    SELECT r.id, r.steps[1], o.days::smallint, true, day + o.days, day + o.days,
        nullif(r.client_kinds, '{company,sole_trader,person}')
    FROM rule AS r
    CROSS JOIN generate_series(0, 60) AS o (days)
    WHERE steps_of_day.subject = 'instalment' AND r.portal_id = portal AND r.subject = 'instalment' AND r.active
        AND r.days_before[1] >= 0 AND day BETWEEN coalesce(r.starts_on, day) AND coalesce(r.ends_on, day)
        AND EXISTS (SELECT FROM account AS a WHERE a.portal_id = portal AND a.remind_days_before = o.days);
END;

-- Contracts and accounts are looked up for each row, see 0021.
CREATE OR REPLACE FUNCTION payment_reminders(portal smallint, day date)
RETURNS TABLE (rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint,
    reason text) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT s.rule_id, s.step, i.id, coalesce(a.id, 0), i.due_on, k.client_id,
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
    FROM steps_of_day('instalment', portal, day) AS s
    JOIN instalment AS i ON i.portal_id = portal AND i.due_on BETWEEN s.first AND s.last
    CROSS JOIN LATERAL (
        SELECT c.client_id FROM contract AS c WHERE c.portal_id = portal AND c.id = i.contract_id OFFSET 0
    ) AS k
    LEFT JOIN LATERAL reminded_accounts(portal, k.client_id, reminder_rights('instalment')) AS a ON true
    WHERE (NOT s.ahead OR a.remind_days_before IS NOT DISTINCT FROM s.own)
        AND (s.client_kinds IS NULL OR (SELECT c.kind FROM client AS c
            WHERE c.portal_id = portal AND c.id = k.client_id) = ANY (s.client_kinds));
END;

CREATE OR REPLACE FUNCTION insurance_reminders(portal smallint, day date)
RETURNS TABLE (rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint,
    reason text) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT s.rule_id, s.step, p.id, coalesce(a.id, 0), p.expires_on, p.client_id,
        CASE
            WHEN a.id IS NULL THEN 'no_account'
            WHEN EXISTS (SELECT FROM policy_successors(
                p.portal_id, p.client_id, p.contract_id, p.kind, p.number, p.expires_on)) THEN 'renewed'
            ELSE account_obstacle(a.state, a.remind_by, a.phone, a.email)
        END
    FROM steps_of_day('policy', portal, day) AS s
    JOIN policy AS p ON p.portal_id = portal AND p.expires_on BETWEEN s.first AND s.last
    LEFT JOIN LATERAL reminded_accounts(portal, p.client_id, reminder_rights('policy')) AS a ON true
    WHERE s.client_kinds IS NULL OR (SELECT c.kind FROM client AS c
        WHERE c.portal_id = portal AND c.id = p.client_id) = ANY (s.client_kinds);
END;

-- Invoices that fall due, and new ones: those of the last seven days, since an import may come late.
CREATE FUNCTION invoice_reminders(subject text, portal smallint, day date)
RETURNS TABLE (rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint,
    reason text) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT s.rule_id, s.step, v.id, coalesce(a.id, 0), d.due, v.client_id,
        CASE
            WHEN a.id IS NULL THEN 'no_account'
            WHEN v.amount_minor <= coalesce((SELECT sum(p.amount_minor) FROM payment AS p
                WHERE p.portal_id = v.portal_id AND p.invoice_id = v.id), 0) THEN 'paid'
            ELSE account_obstacle(a.state, a.remind_by, a.phone, a.email)
        END
    FROM steps_of_day(subject, portal, day) AS s
    JOIN invoice AS v ON v.portal_id = portal AND (
        (subject = 'invoice' AND v.due_on BETWEEN s.first AND s.last)
        OR (subject = 'new_invoice' AND v.issued_on BETWEEN s.first - 7 AND s.last))
    CROSS JOIN LATERAL (SELECT CASE subject WHEN 'invoice' THEN v.due_on ELSE v.issued_on END AS due) AS d
    LEFT JOIN LATERAL reminded_accounts(portal, v.client_id, reminder_rights('instalment')) AS a ON true
    WHERE s.client_kinds IS NULL OR (SELECT c.kind FROM client AS c
        WHERE c.portal_id = portal AND c.id = v.client_id) = ANY (s.client_kinds);
END;

-- The day on which a client's access ends (K12): the portal's window after its last contract. None while a contract has
-- no end, or where the portal sets no window.
CREATE FUNCTION access_ends_on(portal smallint, client bigint) RETURNS date LANGUAGE sql STABLE
RETURN (
    SELECT CASE WHEN bool_and(coalesce(k.ended_on, k.ends_on) IS NOT NULL)
        THEN max(coalesce(k.ended_on, k.ends_on)) + min((o.profile ->> 'accessWindowDays')::integer) END
    FROM contract AS k
    JOIN portal AS o ON o.id = k.portal_id
    WHERE k.portal_id = portal AND k.client_id = client);

CREATE FUNCTION access_reminders(portal smallint, day date)
RETURNS TABLE (rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint,
    reason text) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT s.rule_id, s.step, x.client_id, a.id, e.due, x.client_id,
        account_obstacle(a.state, a.remind_by, a.phone, a.email)
    FROM steps_of_day('access_end', portal, day) AS s
    JOIN access AS x ON x.portal_id = portal AND x.ended_at IS NULL
    JOIN account AS a ON a.portal_id = portal AND a.id = x.account_id AND a.state <> 'closed'
    CROSS JOIN LATERAL (SELECT access_ends_on(portal, x.client_id) AS due) AS e
    WHERE e.due BETWEEN s.first AND s.last
        AND (s.client_kinds IS NULL OR (SELECT c.kind FROM client AS c
            WHERE c.portal_id = portal AND c.id = x.client_id) = ANY (s.client_kinds));
END;

-- Any of them, by what they are about.
CREATE FUNCTION subject_reminders(subject text, portal smallint, day date)
RETURNS TABLE (rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint,
    reason text) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM payment_reminders(portal, day) WHERE subject = 'instalment'
    UNION ALL
    SELECT * FROM insurance_reminders(portal, day) WHERE subject = 'policy'
    UNION ALL
    SELECT * FROM invoice_reminders(subject, portal, day) WHERE subject IN ('invoice', 'new_invoice')
    UNION ALL
    SELECT * FROM access_reminders(portal, day) WHERE subject = 'access_end';
END;

CREATE OR REPLACE FUNCTION due_reminders(subject text, portal smallint, day date)
RETURNS TABLE (rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint,
    reason text) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT d.rule_id, d.step, d.subject_id, d.account_id, d.due_date, d.client_id,
        CASE WHEN EXISTS (SELECT FROM reminder AS m
            WHERE m.portal_id = portal AND m.rule_id = d.rule_id AND m.step = d.step AND m.subject_kind = subject
                AND m.subject_id = d.subject_id AND m.account_id = d.account_id AND m.due_date = d.due_date)
            THEN 'already' ELSE d.reason END
    FROM subject_reminders(subject, portal, day) AS d;
END;

CREATE OR REPLACE FUNCTION reminder_rights(subject text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE subject WHEN 'policy' THEN '{insurance,contracts}'::text[] WHEN 'access_end' THEN NULL
    ELSE '{invoices,contracts}' END;

-- How many reminders an account got in its portal's span of days, against the limit; NULL where there is none. What is
-- planned together goes together.
CREATE FUNCTION reminder_cap_reached(portal smallint, account bigint) RETURNS boolean LANGUAGE sql STABLE
RETURN (
    SELECT (SELECT count(DISTINCT m.message_id) FROM reminder AS m
        WHERE m.portal_id = portal AND m.account_id = account AND m.state = 'sent'
            AND m.planned_at > now() - make_interval(days => l.most_days)) >= l.most_messages
    FROM reminder_limit AS l
    WHERE l.portal_id = portal);

CREATE OR REPLACE FUNCTION reminder_obstacle(portal smallint, reminder bigint) RETURNS text LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE
            WHEN NOT r.active THEN 'rule_off'
            WHEN coalesce(instalment_open_minor(portal, i.id), v.amount_minor - coalesce((SELECT sum(q.amount_minor)
                FROM payment AS q WHERE q.portal_id = portal AND q.invoice_id = v.id), 0)) <= 0 THEN 'paid'
            WHEN p.expires_on > m.due_date OR EXISTS (SELECT FROM policy_successors(
                p.portal_id, p.client_id, p.contract_id, p.kind, p.number, p.expires_on)) THEN 'renewed'
            WHEN CASE m.subject_kind
                WHEN 'instalment' THEN i.due_on
                WHEN 'policy' THEN p.expires_on
                WHEN 'invoice' THEN v.due_on
                WHEN 'new_invoice' THEN v.issued_on
                ELSE access_ends_on(portal, m.client_id) END IS DISTINCT FROM m.due_date THEN 'moved'
            WHEN NOT EXISTS (SELECT FROM access AS x
                WHERE x.portal_id = portal AND x.account_id = m.account_id AND x.client_id = m.client_id
                    AND x.ended_at IS NULL AND coalesce(x.rights && reminder_rights(m.subject_kind), true))
                THEN 'access_ended'
            ELSE account_obstacle(a.state, a.remind_by, a.phone, a.email)
        END
    FROM reminder AS m
    JOIN rule AS r ON r.portal_id = m.portal_id AND r.id = m.rule_id
    JOIN account AS a ON a.portal_id = m.portal_id AND a.id = m.account_id
    LEFT JOIN instalment AS i ON m.subject_kind = 'instalment' AND i.portal_id = m.portal_id AND i.id = m.subject_id
    LEFT JOIN policy AS p ON m.subject_kind = 'policy' AND p.portal_id = m.portal_id AND p.id = m.subject_id
    LEFT JOIN invoice AS v ON m.subject_kind IN ('invoice', 'new_invoice') AND v.portal_id = m.portal_id
        AND v.id = m.subject_id
    WHERE m.portal_id = portal AND m.id = reminder;
END;

-- What is or was due to a client: the things that rules can be about, with their dates.
CREATE FUNCTION client_subjects(portal smallint, client bigint)
RETURNS TABLE (kind text, id bigint, due_on date) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT 'instalment', i.id, i.due_on
    FROM contract AS k
    JOIN instalment AS i ON i.portal_id = k.portal_id AND i.contract_id = k.id
    WHERE k.portal_id = portal AND k.client_id = client
    UNION ALL
    SELECT 'policy', p.id, p.expires_on FROM policy AS p WHERE p.portal_id = portal AND p.client_id = client
    UNION ALL
    SELECT w.kind, v.id, CASE w.kind WHEN 'invoice' THEN v.due_on ELSE v.issued_on END
    FROM invoice AS v
    CROSS JOIN (VALUES ('invoice'), ('new_invoice')) AS w (kind)
    WHERE v.portal_id = portal AND v.client_id = client
    UNION ALL
    SELECT 'access_end', client, access_ends_on(portal, client) WHERE access_ends_on(portal, client) IS NOT NULL;
END;
