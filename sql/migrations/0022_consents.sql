-- breaking: no
-- What visitors and clients agree to, purpose by purpose, and the proof of it.

-- What consent is asked for; its wording is a text of its own. A purpose of cookies stands for a category; one of
-- messages for the kinds that begin with one of `covers`, which nobody is sent without it.
-- owner: texts
CREATE TABLE purpose (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' AND length(key) <= 40),
    kind text NOT NULL CHECK (kind IN ('cookies', 'messages', 'declaration')),
    category text CHECK (category IN ('functional', 'analytics', 'marketing')),
    covers text[] NOT NULL DEFAULT '{}',
    text_id bigint NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, id),
    CONSTRAINT purpose_key UNIQUE (portal_id, key),
    CONSTRAINT purpose_text UNIQUE (portal_id, text_id),
    FOREIGN KEY (portal_id, text_id) REFERENCES portal_text (portal_id, id),
    CHECK ((kind = 'cookies') = (category IS NOT NULL)),
    CHECK ((kind = 'messages') = (cardinality(covers) > 0)),
    -- Codes, letters about requests and the like are owed to a client and never wait for consent.
    CHECK (cardinality(covers) = 0
        OR array_to_string(covers, ' ') !~ '(^| )(accounts|identity|requests|texts|reminders|onboarding|$| )')
);
CALL raise_wall('purpose');
CREATE UNIQUE INDEX purpose_category ON purpose (portal_id, category) WHERE category IS NOT NULL;
GRANT SELECT, INSERT ON purpose TO portaldesk_console;
GRANT SELECT ON purpose TO portaldesk_worker;

-- For which purposes a version asks again.
-- owner: texts
CREATE TABLE text_asks (
    portal_id smallint NOT NULL,
    version_id bigint NOT NULL,
    purpose_id bigint NOT NULL,
    PRIMARY KEY (portal_id, version_id, purpose_id),
    FOREIGN KEY (portal_id, version_id) REFERENCES text_version (portal_id, id),
    FOREIGN KEY (portal_id, purpose_id) REFERENCES purpose (portal_id, id)
);
CALL raise_wall('text_asks');
CREATE INDEX text_asks_purpose ON text_asks (portal_id, purpose_id);
GRANT SELECT, INSERT, DELETE ON text_asks TO portaldesk_console;
GRANT SELECT ON text_asks TO portaldesk_worker;

CREATE FUNCTION text_asks_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place text_asks := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF TG_OP = 'UPDATE' OR (SELECT v.state FROM text_version AS v
        WHERE v.portal_id = place.portal_id AND v.id = place.version_id) <> 'draft'
    THEN
        RAISE EXCEPTION 'for what a submitted version asks again does not change'
            USING ERRCODE = 'PD001', CONSTRAINT = 'text_asks_is_final';
    END IF;
    RETURN place;
END $$;
CREATE TRIGGER text_asks_is_final BEFORE INSERT OR UPDATE OR DELETE ON text_asks
    FOR EACH ROW EXECUTE FUNCTION text_asks_is_final();

-- One act of deciding, over any number of purposes. What was sent once under a key of the sender's is not done twice.
-- owner: texts
CREATE TABLE consent_receipt (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    once_key bytea NOT NULL,
    request bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, id),
    CONSTRAINT consent_receipt_once UNIQUE (portal_id, once_key)
);
CALL raise_wall('consent_receipt');
GRANT SELECT, INSERT ON consent_receipt TO portaldesk_console;
CREATE TRIGGER consent_receipt_is_final BEFORE UPDATE OR DELETE ON consent_receipt
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Each decision, never changed: of a browser (by the keyed hash of its random id), an account or a client, with the
-- words that were shown. No address and no browser's name are kept; the proof outlives an account that is erased.
-- `decided_at` is earlier than `at` for what came on paper. Each row names the one before it of the same subject by its
-- hash, so that none can be changed unseen.
-- owner: texts
CREATE TABLE consent (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    receipt_id uuid NOT NULL,
    purpose_id bigint NOT NULL,
    visitor bytea CHECK (octet_length(visitor) = 32),
    account_id bigint,
    client_id bigint,
    action text NOT NULL CHECK (action IN ('grant', 'refuse', 'withdraw')),
    method text NOT NULL CHECK (method IN ('accept_all', 'reject_all', 'save', 'gpc', 'portal', 'phone', 'paper',
        'import')),
    version_id bigint,
    locale text,
    text_hash bytea,
    staff_id bigint REFERENCES staff (id),
    decided_at timestamptz NOT NULL DEFAULT now(),
    at timestamptz NOT NULL DEFAULT now(),
    previous bytea,
    hash bytea NOT NULL,
    PRIMARY KEY (portal_id, id),
    FOREIGN KEY (portal_id, receipt_id) REFERENCES consent_receipt (portal_id, id),
    FOREIGN KEY (portal_id, purpose_id) REFERENCES purpose (portal_id, id),
    FOREIGN KEY (portal_id, client_id) REFERENCES client (portal_id, id),
    FOREIGN KEY (portal_id, version_id, locale) REFERENCES text_locale (portal_id, version_id, locale),
    CONSTRAINT consent_subject CHECK (num_nonnulls(visitor, account_id, client_id) = 1),
    CONSTRAINT consent_words CHECK (action = 'withdraw' OR num_nonnulls(version_id, locale, text_hash) = 3),
    CONSTRAINT consent_staff CHECK ((method IN ('phone', 'paper')) = (staff_id IS NOT NULL)),
    CHECK (decided_at <= at)
);
CALL raise_wall('consent');
CREATE INDEX consent_visitor ON consent (portal_id, visitor, id) WHERE visitor IS NOT NULL;
CREATE INDEX consent_account ON consent (portal_id, account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX consent_client ON consent (portal_id, client_id, id) WHERE client_id IS NOT NULL;
CREATE INDEX consent_receipt_rows ON consent (portal_id, receipt_id);
GRANT SELECT, INSERT ON consent TO portaldesk_console;
GRANT SELECT ON consent TO portaldesk_worker;
CREATE TRIGGER consent_is_final BEFORE UPDATE OR DELETE ON consent FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_is_kept BEFORE TRUNCATE ON consent FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION consent_digest(c consent) RETURNS bytea LANGUAGE sql STABLE
    RETURN sha256(coalesce((c).previous, '') || convert_to(jsonb_build_array((c).portal_id, (c).id,
        (c).receipt_id, (c).purpose_id, encode((c).visitor, 'hex'), (c).account_id, (c).client_id,
        (c).action, (c).method, (c).version_id, (c).locale, encode((c).text_hash, 'hex'), (c).staff_id,
        extract(epoch FROM (c).decided_at), extract(epoch FROM (c).at))::text, 'UTF8'));

-- Writers of one subject's decisions wait for one another; others do not.
CREATE FUNCTION consent_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(':', 'consent', NEW.portal_id, encode(NEW.visitor, 'hex'),
        'a' || NEW.account_id, 'c' || NEW.client_id), 0));
    NEW.previous := (SELECT c.hash FROM consent AS c
        WHERE c.portal_id = NEW.portal_id AND (c.visitor = NEW.visitor OR c.account_id = NEW.account_id
            OR c.client_id = NEW.client_id)
        ORDER BY c.id DESC LIMIT 1);
    NEW.hash := consent_digest(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER consent_chain BEFORE INSERT ON consent FOR EACH ROW EXECUTE FUNCTION consent_chain();

-- What somebody's decision on a purpose is worth now: the newest one, and of a grant whether a version in force since
-- asks again. NULL where nothing was decided.
CREATE FUNCTION consent_standing(portal smallint, purpose bigint, visitor bytea, account bigint, client bigint)
RETURNS text LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE
            WHEN c.action = 'grant' AND EXISTS (SELECT
                FROM text_asks AS a
                JOIN text_version AS v ON v.portal_id = a.portal_id AND v.id = a.version_id
                WHERE a.portal_id = portal AND a.purpose_id = purpose AND v.state = 'published'
                    AND lower(v.valid) > c.decided_at AND lower(v.valid) <= now()) THEN 'asked_again'
            ELSE c.action
        END
    FROM consent AS c
    WHERE c.portal_id = portal AND c.purpose_id = purpose AND (c.visitor = consent_standing.visitor
        OR c.account_id = account OR c.client_id = client)
    ORDER BY c.decided_at DESC, c.id DESC
    LIMIT 1;
END;

-- "May we?": why a message of this kind is not to go to somebody; NULL when it may. What an account decided goes before
-- what its client did. A kind that no purpose covers needs no consent.
CREATE FUNCTION send_obstacle(portal smallint, kind text, client bigint, account bigint) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE s.standing WHEN 'asked_again' THEN 'consent_asked_again' ELSE 'no_consent' END
    FROM purpose AS p
    CROSS JOIN LATERAL (SELECT coalesce(consent_standing(portal, p.id, NULL, account, NULL),
        consent_standing(portal, p.id, NULL, NULL, client), 'none') AS standing) AS s
    WHERE p.portal_id = portal AND s.standing <> 'grant'
        AND EXISTS (SELECT FROM unnest(p.covers) AS b (start) WHERE starts_with(send_obstacle.kind, b.start))
    ORDER BY p.id
    LIMIT 1;
END;

-- Which pages of other sites may ask the public API for a portal.
-- owner: texts
CREATE TABLE public_origin (
    portal_id smallint NOT NULL REFERENCES portal (id),
    origin text NOT NULL CHECK (origin ~ '^https?://[a-z0-9.-]+(:[0-9]{1,5})?$'),
    PRIMARY KEY (portal_id, origin)
);
CALL raise_wall('public_origin');
GRANT SELECT, INSERT, DELETE ON public_origin TO portaldesk_console;

-- How often a sender decided in this minute, by a keyed hash that changes every hour.
-- owner: texts
CREATE TABLE consent_budget (
    portal_id smallint NOT NULL REFERENCES portal (id),
    bucket bytea NOT NULL,
    minute timestamptz NOT NULL,
    spent integer NOT NULL,
    PRIMARY KEY (portal_id, bucket, minute)
);
CALL raise_wall('consent_budget');
CREATE INDEX consent_budget_minute ON consent_budget (portal_id, minute);
GRANT SELECT, INSERT, UPDATE, DELETE ON consent_budget TO portaldesk_console;
