-- breaking: no
-- What held in code alone holds here as well: whoever worked on an application does not decide on it, and what was
-- used, voided or ended stays so. Names are sorted as people read them.

-- Ł after L and not after Z, whatever the portal's language; the root of the Unicode Collation Algorithm (UTS 10).
CREATE COLLATION by_name (provider = icu, locale = 'und');

-- Who opened, typed, submitted or attached a scan.
ALTER TABLE application ADD COLUMN worked_by bigint[] NOT NULL DEFAULT '{}';
UPDATE application SET worked_by = ARRAY(
    SELECT DISTINCT w FROM unnest(ARRAY[opened_by, submitted_by] || ARRAY(
        SELECT s.uploaded_by FROM scan AS s
        WHERE s.subject_kind = 'application' AND s.portal_id = application.portal_id
            AND s.subject_id = application.id)) AS w
    WHERE w IS NOT NULL AND w IS DISTINCT FROM decided_by);
ALTER TABLE application ADD CONSTRAINT application_not_own_work
    CHECK (state NOT IN ('approved', 'activated') OR decided_by <> ALL (worked_by));

CREATE FUNCTION application_is_worked_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.worked_by := ARRAY[NEW.opened_by];
        RETURN NEW;
    END IF;
    IF OLD.state NOT IN ('draft', 'returned') AND NEW.submitted_by IS DISTINCT FROM OLD.submitted_by THEN
        RAISE EXCEPTION 'who submitted an application does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'application_submitted_by_is_final';
    END IF;
    IF NOT NEW.worked_by @> OLD.worked_by THEN
        RAISE EXCEPTION 'who worked on an application does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'application_worked_by_is_final';
    END IF;
    IF NEW.form IS DISTINCT FROM OLD.form AND NEW.changed_by <> ALL (NEW.worked_by) THEN
        NEW.worked_by := NEW.worked_by || NEW.changed_by;
    END IF;
    IF NEW.submitted_by IS NOT NULL AND NEW.submitted_by <> ALL (NEW.worked_by) THEN
        NEW.worked_by := NEW.worked_by || NEW.submitted_by;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER application_is_worked_on BEFORE INSERT OR UPDATE ON application
    FOR EACH ROW EXECUTE FUNCTION application_is_worked_on();

CREATE FUNCTION scan_is_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE application
    SET worked_by = worked_by || NEW.uploaded_by
    WHERE portal_id = NEW.portal_id AND id = NEW.subject_id AND NEW.uploaded_by <> ALL (worked_by);
    RETURN NULL;
END $$;
CREATE TRIGGER scan_is_work AFTER INSERT ON scan
    FOR EACH ROW WHEN (NEW.subject_kind = 'application') EXECUTE FUNCTION scan_is_work();

-- The columns that the trigger names are set once and neither changed nor cleared.
CREATE FUNCTION once_set_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF to_jsonb(OLD) ->> name IS NOT NULL AND to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name THEN
            RAISE EXCEPTION '%.% is set once', TG_TABLE_NAME, name
                USING ERRCODE = 'PD002', CONSTRAINT = TG_TABLE_NAME || '_' || name || '_stays';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER once_set_stays BEFORE UPDATE ON account_code
    FOR EACH ROW EXECUTE FUNCTION once_set_stays('used_at', 'voided_at', 'code_hash', 'account_id', 'purpose');
CREATE TRIGGER once_set_stays BEFORE UPDATE ON account_session
    FOR EACH ROW EXECUTE FUNCTION once_set_stays('ended_at', 'account_id');
CREATE TRIGGER once_set_stays BEFORE UPDATE ON staff_link
    FOR EACH ROW EXECUTE FUNCTION once_set_stays('used_at', 'staff_id');
CREATE TRIGGER once_set_stays BEFORE UPDATE ON staff_recovery_code
    FOR EACH ROW EXECUTE FUNCTION once_set_stays('used_at', 'staff_id');

-- A code of an authenticator is good for one use: its step never goes back while the secret is the same.
CREATE FUNCTION totp_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a used step of an authenticator does not come back'
        USING ERRCODE = 'PD002', CONSTRAINT = 'staff_totp_goes_on';
END $$;
CREATE TRIGGER totp_goes_on BEFORE UPDATE OF totp_last_step ON staff
    FOR EACH ROW WHEN (NEW.totp_last_step < OLD.totp_last_step AND NEW.totp_secret IS NOT DISTINCT FROM OLD.totp_secret)
    EXECUTE FUNCTION totp_goes_on();
