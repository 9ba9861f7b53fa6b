-- breaking: no
-- When a portal may write to its clients, and where it may not write at all.

-- The hours of messages that nobody asked for; a portal without a row sends at any time. What falls outside waits for
-- the next opening and is spread over the first minutes of it.
-- owner: messaging
CREATE TABLE sending_hours (
    portal_id smallint NOT NULL REFERENCES portal (id),
    opens time NOT NULL,
    closes time NOT NULL,
    working_days_only boolean NOT NULL DEFAULT false,
    spread_minutes smallint NOT NULL DEFAULT 30 CHECK (spread_minutes BETWEEN 0 AND 240),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (portal_id),
    CONSTRAINT sending_hours_order CHECK (opens < closes)
);
CALL raise_wall('sending_hours');
GRANT SELECT, INSERT, UPDATE, DELETE ON sending_hours TO portaldesk_console;
GRANT SELECT ON sending_hours TO portaldesk_worker;

-- Numbers and addresses that are not written to, found by a keyed hash. What is lifted stays as history.
-- owner: messaging
CREATE TABLE suppression (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    channel text NOT NULL CHECK (channel IN ('sms', 'email')),
    address_hash bytea NOT NULL,
    hint text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('bounced', 'number_refused', 'opted_out')),
    client_id bigint,
    message_id bigint,
    since timestamptz NOT NULL DEFAULT now(),
    set_by bigint REFERENCES staff (id),
    lifted_at timestamptz,
    lifted_by bigint REFERENCES staff (id),
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id),
    FOREIGN KEY (portal_id, message_id) REFERENCES message (portal_id, id),
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
);
CALL raise_wall('suppression');
CREATE UNIQUE INDEX suppression_in_force ON suppression (portal_id, channel, address_hash) WHERE lifted_at IS NULL;
CREATE INDEX suppression_client ON suppression (portal_id, client_id);
GRANT SELECT, INSERT, UPDATE ON suppression TO portaldesk_console;
GRANT SELECT, INSERT ON suppression TO portaldesk_worker;

-- How long a message has to wait for its portal's hours, in seconds; 0 when it may go. Its key spreads it over the first
-- minutes after an opening, so that it keeps its place however often it is asked.
CREATE FUNCTION seconds_until_open(portal smallint, message bigint) RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    hours sending_hours;
    zone text;
    local_now timestamp;
    day date;
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
    RETURN greatest(1, ceil(extract(epoch FROM first_instant(day + hours.opens, zone) - now()))::integer
        + (message % (hours.spread_minutes * 60 + 1))::integer);
END $$;
