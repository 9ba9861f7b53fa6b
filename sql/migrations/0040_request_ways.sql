-- breaking: no
-- Ways out that requests lacked: whose identity stays unproven is refused for it, what was decided goes back to be
-- assessed, and a pause counts only when its letter left.

-- When staff posted the letter that has no address to be sent to.
ALTER TABLE request_pause ADD COLUMN posted_on date;

-- Whether the letter of a pause is on its way or was posted: what a gateway refused never left.
CREATE FUNCTION pause_has_left(pause request_pause) RETURNS boolean LANGUAGE sql STABLE
RETURN pause.posted_on IS NOT NULL OR EXISTS (
    SELECT FROM request_letter AS l
    JOIN message AS m ON m.portal_id = l.portal_id AND m.id = l.message_id
    WHERE l.portal_id = pause.portal_id AND l.id = pause.letter_id AND m.state NOT IN ('refused', 'cancelled'));

CREATE OR REPLACE FUNCTION client_request_next(state text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE state
    WHEN 'received' THEN '{identity,assessment,waiting_client,withdrawn,duplicate}'::text[]
    WHEN 'identity' THEN '{assessment,waiting_client,decision,withdrawn,duplicate}'
    WHEN 'waiting_client' THEN '{received,identity,assessment,lapsed,withdrawn,duplicate}'
    WHEN 'assessment' THEN '{identity,waiting_client,blocked,plan,decision,held,closed,withdrawn,duplicate}'
    WHEN 'blocked' THEN '{assessment,lapsed,withdrawn,duplicate}'
    WHEN 'plan' THEN '{assessment,decision,held,withdrawn,duplicate}'
    WHEN 'decision' THEN
        '{identity,assessment,plan,blocked,approved,cooling_off,executing,held,closed,withdrawn}'
    WHEN 'approved' THEN '{plan,executing,held,withdrawn}'
    WHEN 'cooling_off' THEN '{blocked,executing,closed,withdrawn}'
    WHEN 'executing' THEN '{plan,assessment,blocked,verifying,notified,failed,closed}'
    WHEN 'verifying' THEN '{notified,partial,closed}'
    WHEN 'notified' THEN '{partial,closed}'
    WHEN 'partial' THEN '{executing,closed}'
    WHEN 'held' THEN '{assessment,plan,decision,withdrawn}'
    WHEN 'failed' THEN '{executing,plan}'
    ELSE '{}' END;

-- Nobody grants what somebody unproven asked for.
CREATE FUNCTION client_request_is_proven() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'identity' AND NEW.state = 'decision'
        AND (NEW.proposal, NEW.proposal_reason) IS DISTINCT FROM ('refused', 'identity_unproven')
        OR OLD.state = 'decision' AND NEW.identity_method IS NULL AND NEW.decision IN ('granted', 'partial')
            AND NEW.kind IN ('data_change', 'account_deletion', 'erasure', 'access_copy', 'instalment_change')
    THEN
        RAISE EXCEPTION 'who asks has not proved to be the client'
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_request_is_proven';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER client_request_is_proven BEFORE UPDATE ON client_request
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION client_request_is_proven();
