-- breaking: no
-- The desk of requests: one that is laid aside until a day, and the views that people keep.

-- Until then it is in nobody's pile; its clock goes on, so that it never sleeps past its date.
ALTER TABLE client_request ADD COLUMN snoozed_until date;
ALTER TABLE client_request ADD COLUMN snooze_reason text;
ALTER TABLE client_request ADD CONSTRAINT client_request_snooze CHECK (snoozed_until <= effective_due);
CREATE INDEX client_request_snoozed ON client_request (portal_id, snoozed_until)
    WHERE snoozed_until IS NOT NULL AND closed_at IS NULL;

CREATE OR REPLACE FUNCTION client_request_moves() RETURNS trigger LANGUAGE plpgsql AS $$
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
    -- What moves on is awake again.
    IF NEW.state <> OLD.state THEN
        NEW.snoozed_until := NULL;
        NEW.snooze_reason := NULL;
    END IF;
    RETURN NEW;
END $$;

-- A view of the queue under a name of its own, for whoever made it.
-- owner: requests
CREATE TABLE request_view (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    staff_id bigint NOT NULL REFERENCES staff (id),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    view text NOT NULL,
    kind text,
    UNIQUE (staff_id, name)
);
GRANT SELECT, INSERT, DELETE ON request_view TO portaldesk_console;
