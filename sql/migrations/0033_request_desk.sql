-- breaking: no
-- The desk of requests: one that is laid aside until a day, and the views that people keep.

-- Until then it is in nobody's pile; its clock goes on, so that it never sleeps past its date.
ALTER TABLE client_request ADD COLUMN snoozed_until date;
ALTER TABLE client_request ADD COLUMN snooze_reason text;
ALTER TABLE client_request ADD CONSTRAINT client_request_snooze CHECK (snoozed_until <= effective_due);
CREATE INDEX client_request_snoozed ON client_request (portal_id, snoozed_until)
    WHERE snoozed_until IS NOT NULL AND closed_at IS NULL;

-- What moves on is awake again.
CREATE FUNCTION client_request_wakes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.snoozed_until := NULL;
    NEW.snooze_reason := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER client_request_wakes BEFORE UPDATE ON client_request
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION client_request_wakes();

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
