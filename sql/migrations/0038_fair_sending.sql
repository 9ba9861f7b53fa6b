-- breaking: no
-- Attempts that a long wait does not run out of, a time of its own for each message that waits for its gateway, hours
-- that no message outwaits, job files that an older worker does not undo, and no debt that is reminded of twice.

-- A snooze counts as an attempt, and a message may wait for days.
ALTER TABLE job ALTER COLUMN attempt TYPE integer, ALTER COLUMN max_attempts TYPE integer;
ALTER TABLE job_history ALTER COLUMN attempt TYPE integer;

-- Where the line of those that wait for this gateway ends; and a message's own place in it.
ALTER TABLE gateway ADD COLUMN next_free_at timestamptz;
ALTER TABLE message ADD COLUMN slot_at timestamptz;

-- What the phone's network has delivered is confirmed, though it was planned again meanwhile.
CREATE OR REPLACE FUNCTION message_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'planned' AND NEW.state IN ('handed_over', 'cancelled', 'refused'))
        OR (OLD.state = 'planned' AND NEW.state = 'confirmed' AND OLD.delivery = 'delivered')
        OR (OLD.state = 'handed_over' AND NEW.state IN ('planned', 'confirmed', 'refused', 'uncertain'))
        OR (OLD.state = 'uncertain' AND NEW.state IN ('confirmed', 'refused', 'cancelled')))
    THEN
        RAISE EXCEPTION 'message cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'message_moves_forward';
    END IF;
    RETURN NEW;
END $$;

-- How long a message has to wait for its portal's hours, in seconds; 0 when it may go. Its key spreads it over the
-- first minutes after an opening, so that it keeps its place however often it is asked; over the first half of the
-- hours at most, since whoever has a place behind their end would never go.
CREATE OR REPLACE FUNCTION seconds_until_open(portal smallint, message bigint) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    hours sending_hours;
    zone text;
    local_now timestamp;
    day date;
    spread bigint;
BEGIN
    SELECT * INTO hours FROM sending_hours AS h WHERE h.portal_id = portal;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    SELECT p.time_zone INTO zone FROM portal AS p WHERE p.id = portal;
    local_now := now() AT TIME ZONE zone;
    day := local_now::date;
    IF local_now::time >= hours.opens AND local_now::time < hours.closes
        AND (NOT hours.working_days_only OR is_working_day(portal, day))
    THEN
        RETURN 0;
    END IF;
    IF local_now::time >= hours.opens THEN
        day := day + 1;
    END IF;
    IF hours.working_days_only THEN
        day := add_working_days(portal, day, 0);
    END IF;
    spread := least(hours.spread_minutes * 60, floor(extract(epoch FROM hours.closes - hours.opens) / 2)::bigint);
    RETURN greatest(1, ceil(extract(epoch FROM first_instant(day + hours.opens, zone) - now()))::integer
        + (message % (spread + 1))::integer);
END $$;

-- The release of the program that brought a schedule in: the number of its newest migration. A worker of an older one
-- neither changes a schedule nor retires it.
ALTER TABLE schedule ADD COLUMN release integer NOT NULL DEFAULT 0;

-- Making and dropping a partition needs the table for itself, and whatever completes a job waits behind it: where a
-- long reader is in the way, all is left to the next night.
CREATE OR REPLACE FUNCTION keep_job_history(days integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    first date;
    name text;
    dropped integer := 0;
BEGIN
    IF days < 1 THEN
        RAISE EXCEPTION 'history is kept for a day at least' USING ERRCODE = 'PD003';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('portaldesk.job_history', 0));
    FOR ahead IN 0..2 LOOP
        first := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead);
        name := 'job_history_' || to_char(first, 'YYYY_MM');
        CONTINUE WHEN to_regclass(name) IS NOT NULL OR EXISTS (SELECT FROM job_history_rest AS r
            WHERE r.finished_at >= first::timestamp AT TIME ZONE 'UTC'
                AND r.finished_at < (first + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('CREATE TABLE %I PARTITION OF job_history FOR VALUES FROM (%L) TO (%L)', name,
            first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('CALL raise_wall(%L)', name);
    END LOOP;
    FOR name IN
        SELECT c.relname
        FROM pg_inherits AS i
        JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'job_history'::regclass AND c.relname ~ '^job_history_\d{4}_\d{2}$'
            AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' < now() - make_interval(days => days)
    LOOP
        EXECUTE format('DROP TABLE %I', name);
        dropped := dropped + 1;
    END LOOP;
    DELETE FROM job_history_rest WHERE finished_at < now() - make_interval(days => days);
    RETURN dropped;
EXCEPTION WHEN lock_not_available THEN
    RETURN 0;
END $$;

-- Whether a rule about a subject is in force on a day for a client.
CREATE FUNCTION rule_covers(subject text, portal smallint, client bigint, day date) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (
    SELECT
    FROM rule AS r
    JOIN client AS c ON c.portal_id = r.portal_id AND c.id = client
    WHERE r.portal_id = portal AND r.subject = rule_covers.subject AND r.active AND c.kind = ANY (r.client_kinds)
        AND day BETWEEN coalesce(r.starts_on, day) AND coalesce(r.ends_on, day));

-- An instalment whose invoice is reminded of by a rule of its own is left out: it is the same debt.
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
            WHEN i.invoice_id IS NOT NULL AND rule_covers('invoice', portal, k.client_id, day) THEN 'by_invoice'
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

-- The days before a run's on which the same schedule should have planned and did not: never made, or missed while no
-- worker was there. What was paused or cancelled was a person's wish. None before the schedule's first run, a week at
-- most, and none for a run that was asked for by hand.
CREATE FUNCTION missed_days(portal smallint, run bigint) RETURNS SETOF date LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT u.for_date - g.n
    FROM run AS u
    CROSS JOIN generate_series(1, 7) AS g (n)
    WHERE u.portal_id = portal AND u.id = missed_days.run AND u.trigger = 'schedule'
        AND EXISTS (SELECT FROM run AS o WHERE o.portal_id = u.portal_id AND o.schedule = u.schedule
            AND o.for_date < u.for_date - g.n AND o.state <> 'skipped')
        AND NOT EXISTS (SELECT FROM run AS o WHERE o.portal_id = u.portal_id AND o.schedule = u.schedule
            AND o.for_date = u.for_date - g.n AND (o.state <> 'skipped'
                OR coalesce(o.reason, '') NOT IN ('missed', 'superseded', 'too_late')))
    ORDER BY g.n;
END;

-- Whether something of a missed day may still be planned: what comes before its date only while that is ahead, and
-- nothing that this run reminds of anyway.
CREATE FUNCTION is_left_over(portal smallint, run bigint, subject text, rule bigint, subject_id bigint, account bigint,
    due date, missed date, today date) RETURNS boolean LANGUAGE sql STABLE
RETURN due NOT BETWEEN missed AND today - 1 AND NOT EXISTS (
    SELECT
    FROM reminder AS m
    WHERE m.portal_id = portal AND m.rule_id = rule AND m.subject_kind = subject
        AND m.subject_id = is_left_over.subject_id AND m.account_id = account AND m.due_date = due
        AND m.run_id = is_left_over.run);
