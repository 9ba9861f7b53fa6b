-- breaking: no
-- A decision holds wherever it was told: at the portal by an account, or by its client on the phone or on paper.

-- "May we?": why a message of this kind is not to go to somebody; NULL when it may. What the account itself took back
-- or refused stays so, whatever its client grants; what it granted ends with a later withdrawal of its client's. A kind
-- that no purpose covers needs no consent.
CREATE OR REPLACE FUNCTION send_obstacle(portal smallint, kind text, client bigint, account bigint) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE s.standing WHEN 'asked_again' THEN 'consent_asked_again' ELSE 'no_consent' END
    FROM purpose AS p
    CROSS JOIN LATERAL (SELECT consent_standing(portal, p.id, NULL, account, NULL) AS own,
        consent_standing(portal, p.id, NULL, account, client) AS newest) AS d
    CROSS JOIN LATERAL (SELECT CASE WHEN d.own <> 'grant' THEN d.own ELSE coalesce(d.newest, 'none') END AS standing) AS s
    WHERE p.portal_id = portal AND s.standing <> 'grant'
        AND EXISTS (SELECT FROM unnest(p.covers) AS b (start) WHERE starts_with(send_obstacle.kind, b.start))
    ORDER BY p.id
    LIMIT 1;
END;

-- Nothing is decided any more for a client whose data the law alone keeps.
CREATE TRIGGER consent_of_restricted AFTER INSERT ON consent REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_restricted();
