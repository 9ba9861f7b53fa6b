-- breaking: no
-- What gateways tell later of a message: stored as it comes, matched after.

-- Nothing of it tells of a person: numbers and texts that a gateway repeats are left out.
-- owner: messaging
CREATE TABLE receipt (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    provider_id bigint NOT NULL,
    reference uuid,
    provider_reference text,
    word text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('delivered', 'failed', 'underway')),
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    message_id bigint,
    matched_at timestamptz,
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, provider_id) REFERENCES provider (portal_id, id),
    FOREIGN KEY (portal_id, message_id) REFERENCES message (portal_id, id),
    CHECK (reference IS NOT NULL OR provider_reference IS NOT NULL),
    CHECK ((message_id IS NULL) = (matched_at IS NULL))
);
CALL raise_wall('receipt');
CREATE INDEX receipt_unmatched ON receipt (portal_id, id) WHERE matched_at IS NULL;
CREATE INDEX receipt_message ON receipt (portal_id, message_id);
GRANT SELECT, INSERT, UPDATE ON receipt TO portaldesk_console, portaldesk_worker;
GRANT DELETE ON receipt TO portaldesk_worker;

-- `delivery` is the word of the phone's network, not of the gateway; delivered is final. `parts` is in how many parts a
-- text travels, each with a receipt of its own.
ALTER TABLE message
    ADD COLUMN parts smallint NOT NULL DEFAULT 1,
    ADD COLUMN delivery text CHECK (delivery IN ('delivered', 'undelivered')),
    ADD COLUMN delivered_at timestamptz;
CREATE INDEX message_provider_reference ON message (portal_id, provider_id, provider_reference)
    WHERE provider_reference IS NOT NULL;

CREATE FUNCTION delivery_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.delivery = 'delivered' AND NEW.delivery IS DISTINCT FROM 'delivered' OR
        OLD.delivery IS NOT NULL AND NEW.delivery IS NULL
    THEN
        RAISE EXCEPTION 'delivery cannot go from % to %', OLD.delivery, NEW.delivery
            USING ERRCODE = 'PD002', CONSTRAINT = 'delivery_moves_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delivery_moves_forward BEFORE UPDATE OF delivery ON message
    FOR EACH ROW EXECUTE FUNCTION delivery_moves_forward();

-- Matches what waits, or one receipt alone, and moves the messages on: delivered when every part is, undelivered when
-- one failed. A receipt twice counts once, since a part is known by the gateway's own number; one before our row waits
-- for it; one for nobody is passed over. What was uncertain is settled by it. Answers how many were matched.
CREATE FUNCTION match_receipts(portal smallint, only_receipt bigint) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    found_messages bigint[];
    matched integer;
BEGIN
    WITH waiting AS (
        SELECT r.id, f.message_id
        FROM receipt AS r
        CROSS JOIN LATERAL (
            SELECT coalesce(
                (SELECT m.id FROM message AS m
                    WHERE m.portal_id = portal AND m.reference = r.reference AND m.provider_id = r.provider_id),
                (SELECT m.id FROM message AS m WHERE r.reference IS NULL AND m.portal_id = portal
                    AND m.provider_id = r.provider_id AND m.provider_reference = r.provider_reference
                    ORDER BY m.id DESC LIMIT 1))
        ) AS f (message_id)
        WHERE r.portal_id = portal AND r.matched_at IS NULL AND f.message_id IS NOT NULL
            AND r.id BETWEEN coalesce(only_receipt, 0) AND coalesce(only_receipt, 9223372036854775807)
        ORDER BY r.id
        LIMIT 1000
        FOR UPDATE OF r SKIP LOCKED
    ), done AS (
        UPDATE receipt AS r
        SET message_id = w.message_id, matched_at = now()
        FROM waiting AS w
        WHERE r.portal_id = portal AND r.id = w.id
        RETURNING r.message_id
    )
    SELECT array_agg(DISTINCT d.message_id), count(*) INTO found_messages, matched FROM done AS d;
    -- Two parts at once: whoever is second counts after the first has committed.
    PERFORM FROM message AS m WHERE m.portal_id = portal AND m.id = ANY (found_messages) ORDER BY m.id FOR UPDATE;
    UPDATE message AS m
    SET delivery = s.word,
        delivered_at = CASE WHEN s.word = 'delivered' THEN now() END,
        state = CASE WHEN m.state <> 'uncertain' THEN m.state WHEN s.word = 'delivered' THEN 'confirmed'
            ELSE 'refused' END,
        reason = CASE WHEN m.state = 'uncertain' THEN 'receipt' ELSE m.reason END,
        settled_at = CASE WHEN m.state = 'uncertain' THEN now() ELSE m.settled_at END
    FROM (
        SELECT r.message_id, CASE
                WHEN count(DISTINCT r.provider_reference) FILTER (WHERE r.outcome = 'delivered') >= g.parts
                    OR (count(r.provider_reference) = 0 AND count(*) FILTER (WHERE r.outcome = 'delivered') > 0)
                    THEN 'delivered'
                WHEN count(*) FILTER (WHERE r.outcome = 'failed') > 0 THEN 'undelivered'
            END AS word
        FROM receipt AS r
        JOIN message AS g ON g.portal_id = r.portal_id AND g.id = r.message_id
        WHERE r.portal_id = portal AND r.message_id = ANY (found_messages)
        GROUP BY r.message_id, g.parts
    ) AS s
    WHERE m.portal_id = portal AND m.id = s.message_id AND s.word IS NOT NULL
        AND m.delivery IS DISTINCT FROM s.word AND m.delivery IS DISTINCT FROM 'delivered';
    RETURN coalesce(matched, 0);
END $$;
