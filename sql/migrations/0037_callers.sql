-- breaking: no
-- What helping a caller rests on, held closer.

-- An account is one person whichever client it acts for: one open case, and failures counted over all clients.
UPDATE verification AS v
SET state = 'lapsed', closed_at = now()
WHERE v.state = 'open' AND v.account_id IS NOT NULL AND EXISTS (SELECT FROM verification AS n
    WHERE n.portal_id = v.portal_id AND n.account_id = v.account_id AND n.state = 'open' AND n.id > v.id);
CREATE UNIQUE INDEX verification_one_open_of_account ON verification (portal_id, account_id)
    WHERE state = 'open' AND account_id IS NOT NULL;
CREATE INDEX verification_failed ON verification (portal_id, closed_at) WHERE state = 'failed';

-- A threat voids a case that is open yet as well.
ALTER TABLE verification DROP CONSTRAINT verification_check1;
ALTER TABLE verification ADD CONSTRAINT verification_validity
    CHECK ((state = 'passed') <= (valid_until IS NOT NULL)
        AND (valid_until IS NOT NULL) <= (state IN ('passed', 'voided')));
CREATE OR REPLACE FUNCTION verification_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND OLD.state <> 'open' AND NOT (OLD.state = 'passed' AND NEW.state = 'voided') THEN
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

-- Which message was sent once more, so that two people at once send one.
ALTER TABLE message ADD COLUMN copy_of bigint;
CREATE INDEX message_copy ON message (portal_id, copy_of) WHERE copy_of IS NOT NULL;

-- The day on which a client's accesses end (K12): so many days after the day on which the last contract ends or ended,
-- whichever comes first; none while a contract has no end. The last day of a contract is a day of access.
CREATE OR REPLACE FUNCTION access_ends_on(portal smallint, client bigint, days integer) RETURNS date LANGUAGE sql STABLE
RETURN (
    SELECT CASE WHEN bool_and(least(k.ended_on, k.ends_on) IS NOT NULL)
        THEN max(least(k.ended_on, k.ends_on)) + greatest(days, 1) END
    FROM contract AS k
    WHERE k.portal_id = portal AND k.client_id = client);

-- The same by the portal's own window; none where it sets none.
CREATE OR REPLACE FUNCTION access_ends_on(portal smallint, client bigint) RETURNS date LANGUAGE sql STABLE
RETURN (
    SELECT access_ends_on(portal, client, (o.profile ->> 'accessWindowDays')::integer)
    FROM portal AS o
    WHERE o.id = portal AND o.profile ->> 'accessWindowDays' IS NOT NULL);

-- One access ends no sooner than so many days after it was given: its contract may not be in the book yet.
CREATE FUNCTION access_window_end(portal smallint, client bigint, since timestamptz, days integer) RETURNS date
LANGUAGE sql STABLE
RETURN (
    SELECT CASE WHEN e.day IS NOT NULL
        THEN greatest(e.day, (since AT TIME ZONE portal_zone(portal))::date + days) END
    FROM (SELECT access_ends_on(portal, client, days) AS day) AS e);

-- The day that the warning named; later than `ends_on` where the warning came late.
ALTER TABLE access_warning ADD COLUMN announced_day date;

-- When a contact became what it is; NULL where it never changed since it came.
ALTER TABLE contact ADD COLUMN changed_at timestamptz;
CREATE FUNCTION contact_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER contact_is_new BEFORE UPDATE ON contact FOR EACH ROW
    WHEN ((NEW.client_id, NEW.kind, NEW.value, NEW.trusted)
        IS DISTINCT FROM (OLD.client_id, OLD.kind, OLD.value, OLD.trusted))
    EXECUTE FUNCTION contact_is_new();
