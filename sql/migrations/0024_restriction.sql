-- breaking: no
-- Nobody writes about a client whose data the law alone keeps, and an import passes them by.

CREATE FUNCTION refuse_restricted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'portaldesk_owner' AND EXISTS (SELECT FROM written AS w
        JOIN client_restriction AS r ON r.portal_id = w.portal_id AND r.client_id = w.client_id) THEN
        RAISE EXCEPTION 'the data of this client are retained by law alone'
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_is_restricted';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER contact_added_to_nobody AFTER INSERT ON contact REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_restricted();
CREATE TRIGGER contact_changed_of_nobody AFTER UPDATE ON contact REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_restricted();
CREATE TRIGGER contract_added_to_nobody AFTER INSERT ON contract REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_restricted();
CREATE TRIGGER contract_changed_of_nobody AFTER UPDATE ON contract REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_restricted();
CREATE TRIGGER access_given_to_nobody AFTER INSERT ON access REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_restricted();

CREATE FUNCTION refuse_restricted_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'portaldesk_owner' AND EXISTS (SELECT FROM written AS w
        JOIN client_restriction AS r ON r.portal_id = w.portal_id AND r.client_id = w.id) THEN
        RAISE EXCEPTION 'the data of this client are retained by law alone'
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_is_restricted';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER client_changed_while_restricted AFTER UPDATE ON client REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_restricted_client();

-- Takes the rows of restricted clients out of an import's staging tables; answers how many.
CREATE FUNCTION drop_restricted(portal smallint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    clients text[];
    contracts text[];
    invoices text[];
    instalments text[];
    dropped bigint;
    total bigint := 0;
BEGIN
    SELECT array_agg(c.external_key) INTO clients
    FROM client_restriction AS r
    JOIN client AS c ON c.portal_id = r.portal_id AND c.id = r.client_id
    WHERE r.portal_id = portal AND c.external_key IS NOT NULL;
    IF clients IS NULL THEN
        RETURN 0;
    END IF;
    contracts := ARRAY(
        SELECT s.key FROM stage_contract AS s WHERE s.client = ANY (clients)
        UNION
        SELECT k.external_key FROM contract AS k
        JOIN client_restriction AS r ON r.portal_id = k.portal_id AND r.client_id = k.client_id
        WHERE k.portal_id = portal);
    invoices := ARRAY(
        SELECT s.key FROM stage_invoice AS s WHERE s.client = ANY (clients)
        UNION
        SELECT v.external_key FROM invoice AS v
        JOIN client_restriction AS r ON r.portal_id = v.portal_id AND r.client_id = v.client_id
        WHERE v.portal_id = portal);
    instalments := ARRAY(
        SELECT s.key FROM stage_instalment AS s WHERE s.contract = ANY (contracts) OR s.invoice = ANY (invoices)
        UNION
        SELECT i.external_key FROM contract AS k
        JOIN instalment AS i ON i.portal_id = k.portal_id AND i.contract_id = k.id
        WHERE k.portal_id = portal AND k.external_key = ANY (contracts));
    DELETE FROM stage_payment WHERE invoice = ANY (invoices) OR instalment = ANY (instalments);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    total := total + dropped;
    DELETE FROM stage_instalment WHERE key = ANY (instalments);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    total := total + dropped;
    DELETE FROM stage_invoice WHERE key = ANY (invoices);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    total := total + dropped;
    DELETE FROM stage_policy WHERE client = ANY (clients);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    total := total + dropped;
    DELETE FROM stage_contract WHERE key = ANY (contracts);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    total := total + dropped;
    DELETE FROM stage_contact WHERE client = ANY (clients);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    total := total + dropped;
    DELETE FROM stage_client WHERE key = ANY (clients);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    RETURN total + dropped;
END $$;

-- Repeats an erasure that the restored database does not know; for the owner, with what the ledger outside says.
CREATE FUNCTION replay_erasure(portal smallint, client bigint, word text, made bigint, approved bigint, executed bigint)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    it bigint;
BEGIN
    IF EXISTS (SELECT FROM client_restriction AS r WHERE r.portal_id = portal AND r.client_id = client) THEN
        RETURN 'known';
    END IF;
    IF NOT EXISTS (SELECT FROM client AS c WHERE c.portal_id = portal AND c.id = client) THEN
        RETURN 'unknown';
    END IF;
    UPDATE erasure AS e SET state = 'dropped'
    WHERE e.portal_id = portal AND e.client_id = client AND e.state IN ('planned', 'approved');
    INSERT INTO erasure (portal_id, client_id, plan_hash, made_by, pseudonym)
    VALUES (portal, client, '', made, word) RETURNING id INTO it;
    INSERT INTO erasure_line (portal_id, erasure_id, table_name, column_name, class, meaning, action, reason, until,
        cells)
    SELECT portal, it, l.table_name, l.column_name, l.class, l.meaning, l.action, l.reason, l.until, l.cells
    FROM erasure_lines(portal, client) AS l;
    UPDATE erasure AS e SET plan_hash = stored_plan_hash(portal, it) WHERE e.portal_id = portal AND e.id = it;
    UPDATE erasure AS e SET state = 'approved', approved_by = approved, approved_at = now()
    WHERE e.portal_id = portal AND e.id = it;
    RETURN finish_erasure(portal, it, executed);
END $$;

CREATE INDEX erasure_client ON erasure (portal_id, client_id);
CREATE INDEX erasure_ledger_client ON erasure_ledger (portal_id, client_id);
