-- breaking: no
-- What a portal publishes: policies, regulations, declarations, advice, support, each in versions and languages.

-- An exclusion constraint compares keys for equality beside ranges for overlap.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- owner: texts
CREATE TABLE portal_text (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN ('privacy_policy', 'cookie_policy', 'regulations', 'declaration', 'consent',
        'security', 'support', 'sister_services', 'manual')),
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' AND length(key) <= 60),
    notice_days smallint NOT NULL DEFAULT 0 CHECK (notice_days BETWEEN 0 AND 90),
    made_by bigint REFERENCES staff (id),
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, id),
    CONSTRAINT portal_text_key UNIQUE (portal_id, key)
);
CALL raise_wall('portal_text');
-- Each kind is there once; consents are as many as their purposes.
CREATE UNIQUE INDEX portal_text_kind ON portal_text (portal_id, kind) WHERE kind <> 'consent';
-- Whoever holds a row for a change needs the right to change something of it.
GRANT SELECT, INSERT, UPDATE (notice_days) ON portal_text TO portaldesk_console;
GRANT SELECT ON portal_text TO portaldesk_worker;

-- `valid` is when it is what clients read: scheduled, live and superseded are no states but where now lies in it, so
-- that midnight needs nobody. Ranges of one text cannot overlap. `cookies` is the digest of the list of cookies that
-- the version was published with.
-- owner: texts
CREATE TABLE text_version (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    text_id bigint NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'review', 'published', 'withdrawn', 'discarded')),
    change_class text CHECK (change_class IN ('editorial', 'material', 'consent')),
    rationale text NOT NULL DEFAULT '',
    effective_on date,
    valid tstzrange,
    cookies bytea,
    writers bigint[] NOT NULL DEFAULT '{}',
    made_at timestamptz NOT NULL DEFAULT now(),
    submitted_by bigint REFERENCES staff (id),
    submitted_at timestamptz,
    returned_note text NOT NULL DEFAULT '',
    approved_by bigint REFERENCES staff (id),
    approved_at timestamptz,
    withdrawn_by bigint REFERENCES staff (id),
    withdrawn_at timestamptz,
    withdrawn_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (portal_id, id),
    CONSTRAINT text_version_number UNIQUE (portal_id, text_id, number),
    FOREIGN KEY (portal_id, text_id) REFERENCES portal_text (portal_id, id),
    CONSTRAINT text_version_ranges EXCLUDE USING gist (portal_id WITH =, text_id WITH =, valid WITH &&),
    CONSTRAINT text_version_second_person CHECK (state NOT IN ('published', 'withdrawn') OR (approved_by IS NOT NULL
        AND submitted_by IS NOT NULL AND approved_by <> submitted_by AND approved_by <> ALL (writers))),
    CHECK ((state IN ('published', 'withdrawn')) = (valid IS NOT NULL)),
    CHECK (state NOT IN ('review', 'published', 'withdrawn')
        OR (change_class IS NOT NULL AND effective_on IS NOT NULL AND rationale <> '')),
    CHECK ((state = 'withdrawn') = (withdrawn_by IS NOT NULL AND withdrawn_reason <> ''))
);
CALL raise_wall('text_version');
-- A text has one version in hand, and one for each day.
CREATE UNIQUE INDEX text_version_open ON text_version (portal_id, text_id) WHERE state IN ('draft', 'review');
CREATE UNIQUE INDEX text_version_day ON text_version (portal_id, text_id, effective_on) WHERE state = 'published';
GRANT SELECT, INSERT, UPDATE ON text_version TO portaldesk_console;
GRANT SELECT ON text_version TO portaldesk_worker;

-- What was approved stays; of its range only a future end may move.
CREATE FUNCTION text_version_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'draft' AND NEW.state IN ('review', 'discarded'))
        OR (OLD.state = 'review' AND NEW.state IN ('draft', 'published', 'discarded'))
        OR (OLD.state = 'published' AND NEW.state = 'withdrawn'))
    THEN
        RAISE EXCEPTION 'a version cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'text_version_moves';
    END IF;
    IF (NEW.text_id, NEW.number, NEW.made_at) IS DISTINCT FROM (OLD.text_id, OLD.number, OLD.made_at)
        OR (OLD.state <> 'draft' AND (NEW.change_class, NEW.rationale, NEW.writers)
            IS DISTINCT FROM (OLD.change_class, OLD.rationale, OLD.writers))
        OR (OLD.state NOT IN ('draft', 'review') AND (NEW.effective_on, NEW.cookies, NEW.submitted_by, NEW.approved_by,
            NEW.approved_at) IS DISTINCT FROM (OLD.effective_on, OLD.cookies, OLD.submitted_by, OLD.approved_by,
            OLD.approved_at))
    THEN
        RAISE EXCEPTION 'a version that was submitted does not change'
            USING ERRCODE = 'PD001', CONSTRAINT = 'text_version_is_final';
    END IF;
    IF OLD.valid IS NOT NULL AND NEW.valid IS DISTINCT FROM OLD.valid AND (
        NEW.valid IS NULL OR isempty(OLD.valid)
        OR (lower(NEW.valid) IS DISTINCT FROM lower(OLD.valid)
            AND (lower(OLD.valid) <= now() OR NOT isempty(NEW.valid)))
        OR upper(OLD.valid) <= now() OR upper(NEW.valid) < now())
    THEN
        RAISE EXCEPTION 'when a version was in force does not change'
            USING ERRCODE = 'PD001', CONSTRAINT = 'text_version_range_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER text_version_moves BEFORE UPDATE ON text_version FOR EACH ROW EXECUTE FUNCTION text_version_moves();
CREATE TRIGGER text_version_is_kept BEFORE DELETE ON text_version FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A version in one language. `source` is the hash of title and body; `follows` the hash of the leading language's that
-- a translation was last held against, so that it is known which one lags behind. `html` is what clients are served and
-- `hash` its name, both made when a second person approves.
-- owner: texts
CREATE TABLE text_locale (
    portal_id smallint NOT NULL,
    version_id bigint NOT NULL,
    locale text NOT NULL CHECK (locale ~ '^[a-z]{2}(-[A-Z]{2})?$'),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    body text NOT NULL CHECK (octet_length(body) <= 200000),
    source bytea NOT NULL,
    follows bytea,
    changed_by bigint REFERENCES staff (id),
    changed_at timestamptz NOT NULL DEFAULT now(),
    html text,
    hash bytea,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (portal_id, version_id, locale),
    FOREIGN KEY (portal_id, version_id) REFERENCES text_version (portal_id, id),
    CONSTRAINT text_locale_source CHECK (source = sha256(convert_to(title || E'\n' || body, 'UTF8'))),
    CONSTRAINT text_locale_hash CHECK ((html IS NULL AND hash IS NULL) OR hash = sha256(convert_to(html, 'UTF8')))
);
CALL raise_wall('text_locale');
CREATE INDEX text_locale_hash_index ON text_locale (portal_id, hash) WHERE hash IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON text_locale TO portaldesk_console;
GRANT SELECT ON text_locale TO portaldesk_worker;

CREATE FUNCTION text_locale_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place text_locale := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    held text := (SELECT v.state FROM text_version AS v
        WHERE v.portal_id = place.portal_id AND v.id = place.version_id);
BEGIN
    IF held = 'draft' AND place.html IS NULL THEN
        RETURN place;
    END IF;
    IF held = 'review' AND TG_OP = 'UPDATE' AND OLD.html IS NULL AND (NEW.version_id, NEW.locale, NEW.title, NEW.body,
        NEW.source, NEW.follows, NEW.changed_by, NEW.changed_at) IS NOT DISTINCT FROM (OLD.version_id, OLD.locale,
        OLD.title, OLD.body, OLD.source, OLD.follows, OLD.changed_by, OLD.changed_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the words of a version that was submitted do not change'
        USING ERRCODE = 'PD001', CONSTRAINT = 'text_locale_is_final';
END $$;
CREATE TRIGGER text_locale_is_final BEFORE INSERT OR UPDATE OR DELETE ON text_locale
    FOR EACH ROW EXECUTE FUNCTION text_locale_is_final();

-- When a version that is approved now takes effect on a day: at its midnight by the portal's clock, or at once.
CREATE FUNCTION text_start(portal smallint, day date) RETURNS timestamptz LANGUAGE sql STABLE
    RETURN CASE WHEN day <= portal_today(portal) THEN now() ELSE day::timestamp AT TIME ZONE portal_zone(portal) END;

-- What a portal's pages keep in a browser, and for what. The table of the cookie policy is made of it.
-- owner: texts
CREATE TABLE cookie_item (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    storage text NOT NULL CHECK (storage IN ('cookie', 'local_storage', 'session_storage', 'pixel')),
    party text NOT NULL CHECK (party IN ('first', 'third')),
    provider text NOT NULL,
    category text NOT NULL CHECK (category IN ('necessary', 'functional', 'analytics', 'marketing')),
    minutes integer CHECK (minutes > 0),
    purposes jsonb NOT NULL CHECK (jsonb_typeof(purposes) = 'object'),
    state text NOT NULL DEFAULT 'declared' CHECK (state IN ('declared', 'unknown', 'retired')),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (portal_id, id)
);
CALL raise_wall('cookie_item');
CREATE UNIQUE INDEX cookie_item_name ON cookie_item (portal_id, storage, name) WHERE state <> 'retired';
GRANT SELECT, INSERT, UPDATE ON cookie_item TO portaldesk_console;

-- The digest of a portal's declared list: what a published policy is held against.
CREATE FUNCTION cookie_digest(portal smallint) RETURNS bytea LANGUAGE sql STABLE
    RETURN (SELECT sha256(convert_to(coalesce(jsonb_agg(jsonb_build_array(c.name, c.storage, c.party, c.provider,
        c.category, c.minutes, c.purposes) ORDER BY c.category, c.name, c.storage)::text, ''), 'UTF8'))
    FROM cookie_item AS c WHERE c.portal_id = portal AND c.state = 'declared');

-- Who was told of a version: the natural key is what makes telling twice tell once.
-- owner: texts
CREATE TABLE text_notice (
    portal_id smallint NOT NULL,
    version_id bigint NOT NULL,
    account_id bigint NOT NULL,
    message_id bigint,
    reason text,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, version_id, account_id),
    FOREIGN KEY (portal_id, version_id) REFERENCES text_version (portal_id, id),
    FOREIGN KEY (portal_id, account_id) REFERENCES account (portal_id, id),
    FOREIGN KEY (portal_id, message_id) REFERENCES message (portal_id, id),
    CHECK ((message_id IS NULL) = (reason IS NOT NULL))
);
CALL raise_wall('text_notice');
GRANT SELECT ON text_notice TO portaldesk_console;
GRANT SELECT, INSERT ON text_notice TO portaldesk_worker;
