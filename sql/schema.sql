-- The schema after all migrations, written by pg_dump: read it, do not edit it.

CREATE COLLATION public.by_name (provider = icu, locale = 'und');

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

COMMENT ON EXTENSION unaccent IS 'text search dictionary that removes accents';

CREATE TABLE public.contract (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    external_key text NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    signed_on date NOT NULL,
    starts_on date,
    ends_on date,
    ended_on date,
    currency text NOT NULL,
    net_value_minor bigint DEFAULT 0 NOT NULL,
    asset_kind text,
    asset_name text,
    registration text,
    vin text,
    CONSTRAINT contract_kind_check CHECK ((kind = ANY (ARRAY['operating'::text, 'finance'::text, 'loan'::text, 'rental'::text, 'insurance'::text])))
);

ALTER TABLE ONLY public.contract FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.access_ends_on(portal smallint, client bigint, days integer) RETURNS date
    LANGUAGE sql STABLE
    RETURN (SELECT CASE WHEN bool_and((LEAST(k.ended_on, k.ends_on) IS NOT NULL)) THEN (max(LEAST(k.ended_on, k.ends_on)) + GREATEST(access_ends_on.days, 1)) ELSE NULL::date END AS "case" FROM public.contract k WHERE ((k.portal_id = access_ends_on.portal) AND (k.client_id = access_ends_on.client)));

CREATE TABLE public.portal (
    id smallint NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    country text NOT NULL,
    time_zone text NOT NULL,
    currency text NOT NULL,
    languages text[] NOT NULL,
    profile jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT portal_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT portal_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT portal_id_check CHECK ((id > 0)),
    CONSTRAINT portal_key_check CHECK ((key ~ '^[a-z][a-z0-9-]{1,30}$'::text)),
    CONSTRAINT portal_languages_check CHECK ((cardinality(languages) > 0))
);

CREATE FUNCTION public.access_ends_on(portal smallint, client bigint) RETURNS date
    LANGUAGE sql STABLE
    RETURN (SELECT public.access_ends_on(access_ends_on.portal, access_ends_on.client, ((o.profile ->> 'accessWindowDays'::text))::integer) AS access_ends_on FROM public.portal o WHERE ((o.id = access_ends_on.portal) AND ((o.profile ->> 'accessWindowDays'::text) IS NOT NULL)));

CREATE FUNCTION public.account_obstacle(state text, remind_by text, phone text, email text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (state <> 'active'::text) THEN state WHEN (remind_by = 'none'::text) THEN 'opted_out'::text WHEN (COALESCE(CASE remind_by WHEN 'sms'::text THEN phone ELSE email END, ''::text) = ''::text) THEN 'no_contact'::text ELSE NULL::text END;

CREATE FUNCTION public.add_working_days(portal smallint, start date, number integer) RETURNS date
    LANGUAGE plpgsql STABLE STRICT
    AS $$
DECLARE
    span integer := abs(number) * 2 + 30;
    found_day date;
BEGIN
    -- A calendar may hold long closures: the window widens until enough working days lie in it.
    WHILE span < 100000 LOOP
        IF number < 0 THEN
            SELECT c.day INTO found_day FROM calendar_days(portal, start - span, start - 1) AS c
            WHERE c.works ORDER BY c.day DESC OFFSET -number - 1 LIMIT 1;
        ELSE
            SELECT c.day INTO found_day
            FROM calendar_days(portal, start + least(number, 1), start + span) AS c
            WHERE c.works ORDER BY c.day OFFSET greatest(number, 1) - 1 LIMIT 1;
        END IF;
        IF found_day IS NOT NULL THEN
            RETURN found_day;
        END IF;
        span := span * 4;
    END LOOP;
    RAISE EXCEPTION 'the calendar of portal % has too few working days', portal USING ERRCODE = 'PD002';
END $$;

CREATE FUNCTION public.easter(year integer) RETURNS date
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
    a integer := year % 19;
    b integer := year / 100;
    c integer := year % 100;
    h integer := (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    l integer := (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    m integer := (a + 11 * h + 22 * l) / 451;
BEGIN
    RETURN make_date(year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
END $$;

CREATE FUNCTION public.public_holidays(country text, year integer) RETURNS TABLE(day date, name text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH fixed AS (
          SELECT make_date(public_holidays.year, f.month, f.number) AS day,
             f.name
            FROM ( VALUES ('PL'::text,1,1,'new_year'::text,1), ('PL'::text,1,6,'epiphany'::text,2011), ('PL'::text,5,1,'labour_day'::text,1), ('PL'::text,5,3,'constitution_day'::text,1990), ('PL'::text,8,15,'assumption'::text,1989), ('PL'::text,11,1,'all_saints'::text,1), ('PL'::text,11,11,'independence_day'::text,1989), ('PL'::text,12,24,'christmas_eve'::text,2025), ('PL'::text,12,25,'christmas'::text,1), ('PL'::text,12,26,'christmas_second'::text,1), ('HU'::text,1,1,'new_year'::text,1), ('HU'::text,3,15,'revolution_1848'::text,1991), ('HU'::text,5,1,'labour_day'::text,1), ('HU'::text,8,20,'saint_stephen'::text,1), ('HU'::text,10,23,'revolution_1956'::text,1991), ('HU'::text,11,1,'all_saints'::text,2000), ('HU'::text,12,25,'christmas'::text,1), ('HU'::text,12,26,'christmas_second'::text,1), ('RU'::text,1,1,'new_year'::text,1), ('RU'::text,1,2,'new_year_days'::text,1), ('RU'::text,1,3,'new_year_days'::text,2005), ('RU'::text,1,4,'new_year_days'::text,2005), ('RU'::text,1,5,'new_year_days'::text,2005), ('RU'::text,1,6,'new_year_days'::text,2013), ('RU'::text,1,7,'orthodox_christmas'::text,1991), ('RU'::text,1,8,'new_year_days'::text,2013), ('RU'::text,2,23,'defender_day'::text,2002), ('RU'::text,3,8,'womens_day'::text,1), ('RU'::text,5,1,'labour_day'::text,1), ('RU'::text,5,9,'victory_day'::text,1), ('RU'::text,6,12,'russia_day'::text,1992), ('RU'::text,11,4,'unity_day'::text,2005)) f(land, month, number, name, since)
           WHERE ((f.land = public_holidays.country) AND (f.since <= public_holidays.year))
         )
  SELECT f.day,
     f.name
    FROM fixed f
 UNION ALL
  SELECT ((f.day + 8) - (EXTRACT(isodow FROM f.day))::integer),
     'substitute'::text
    FROM fixed f
   WHERE ((public_holidays.country = 'RU'::text) AND (EXTRACT(isodow FROM f.day) >= (6)::numeric) AND (EXTRACT(month FROM f.day) > (1)::numeric))
 UNION ALL
  SELECT (public.easter(public_holidays.year) + e.days),
     e.name
    FROM ( VALUES ('PL'::text,0,'easter_sunday'::text,1), ('PL'::text,1,'easter_monday'::text,1), ('PL'::text,49,'pentecost'::text,1), ('PL'::text,60,'corpus_christi'::text,1), ('HU'::text,'-2'::integer,'good_friday'::text,2017), ('HU'::text,0,'easter_sunday'::text,1), ('HU'::text,1,'easter_monday'::text,1), ('HU'::text,49,'pentecost'::text,1), ('HU'::text,50,'whit_monday'::text,1)) e(land, days, name, since)
   WHERE ((e.land = public_holidays.country) AND (e.since <= public_holidays.year));
END;

CREATE TABLE public.calendar_day (
    portal_id smallint NOT NULL,
    day date NOT NULL,
    works boolean NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT calendar_day_day_check CHECK (((day >= '1900-01-01'::date) AND (day <= '2199-12-31'::date))),
    CONSTRAINT calendar_day_name_check CHECK ((name <> ''::text)),
    CONSTRAINT calendar_day_source_check CHECK ((source = ANY (ARRAY['hand'::text, 'file'::text])))
);

ALTER TABLE ONLY public.calendar_day FORCE ROW LEVEL SECURITY;

CREATE TABLE public.country_day (
    country text NOT NULL,
    day date NOT NULL,
    works boolean NOT NULL,
    CONSTRAINT country_day_country_check CHECK ((country ~ '^[A-Z]{2}$'::text))
);

CREATE FUNCTION public.calendar_days(portal smallint, first date, last date) RETURNS TABLE(day date, works boolean, reason text, name text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 WITH place AS MATERIALIZED (
          SELECT p.country
            FROM public.portal p
           WHERE (p.id = calendar_days.portal)
         ), holiday AS MATERIALIZED (
          SELECT h_1.day,
             min(h_1.name) AS name
            FROM ((place place_1
              CROSS JOIN generate_series((EXTRACT(year FROM calendar_days.first))::integer, (EXTRACT(year FROM calendar_days.last))::integer) y(year))
              CROSS JOIN LATERAL public.public_holidays(place_1.country, y.year) h_1(day, name))
           GROUP BY h_1.day
         )
  SELECT d.day,
     COALESCE(o.works, c.works, ((h.day IS NULL) AND (EXTRACT(isodow FROM d.day) < (6)::numeric))) AS "coalesce",
         CASE
             WHEN (o.day IS NOT NULL) THEN 'own'::text
             WHEN (c.day IS NOT NULL) THEN 'moved'::text
             WHEN (h.day IS NOT NULL) THEN 'holiday'::text
             WHEN (EXTRACT(isodow FROM d.day) >= (6)::numeric) THEN 'weekend'::text
             ELSE 'weekday'::text
         END AS "case",
     COALESCE(o.name,
         CASE
             WHEN (c.day IS NULL) THEN h.name
             ELSE NULL::text
         END) AS "coalesce"
    FROM ((((place
      CROSS JOIN ( SELECT (calendar_days.first + g.n) AS day
            FROM generate_series(0, (calendar_days.last - calendar_days.first)) g(n)) d)
      LEFT JOIN holiday h ON ((h.day = d.day)))
      LEFT JOIN public.country_day c ON (((c.country = place.country) AND (c.day = d.day))))
      LEFT JOIN public.calendar_day o ON (((o.portal_id = calendar_days.portal) AND (o.day = d.day))));
END;

CREATE FUNCTION public.is_working_day(portal smallint, day date) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN (SELECT c.works FROM public.calendar_days(is_working_day.portal, is_working_day.day, is_working_day.day) c(day, works, reason, name));

CREATE FUNCTION public.due_days(portal smallint, day date, days smallint, day_kind text) RETURNS TABLE(first date, last date)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT (due_days.day + (due_days.days)::integer),
     (due_days.day + (due_days.days)::integer)
   WHERE (due_days.day_kind = 'calendar'::text)
 UNION ALL
  SELECT
         CASE
             WHEN (due_days.days > 0) THEN (public.add_working_days(due_days.portal, due_days.day, (due_days.days - 1)) + 1)
             WHEN (due_days.days = 0) THEN (public.add_working_days(due_days.portal, due_days.day, '-1'::integer) + 1)
             ELSE public.add_working_days(due_days.portal, due_days.day, (due_days.days)::integer)
         END AS add_working_days,
         CASE
             WHEN (due_days.days > 0) THEN public.add_working_days(due_days.portal, due_days.day, (due_days.days)::integer)
             WHEN (due_days.days = 0) THEN due_days.day
             ELSE (public.add_working_days(due_days.portal, due_days.day, (due_days.days + 1)) - 1)
         END AS "case"
   WHERE ((due_days.day_kind = 'working'::text) AND public.is_working_day(due_days.portal, due_days.day));
END;

CREATE TABLE public.account (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    realm bigint DEFAULT 0 NOT NULL,
    login text NOT NULL,
    state text DEFAULT 'invited'::text NOT NULL,
    locked_from text,
    person_name text NOT NULL,
    phone text,
    email text,
    language text NOT NULL,
    sms_password boolean DEFAULT true NOT NULL,
    password_hash text,
    password_set_at timestamp with time zone,
    wrong_sign_ins integer DEFAULT 0 NOT NULL,
    locked_at timestamp with time zone,
    lock_reason text,
    last_sign_in_at timestamp with time zone,
    remind_days_before smallint,
    remind_by text DEFAULT 'sms'::text NOT NULL,
    application_id bigint,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    wait_until timestamp with time zone,
    CONSTRAINT account_check CHECK (((state = 'locked'::text) = ((locked_at IS NOT NULL) AND (locked_from IS NOT NULL)))),
    CONSTRAINT account_check1 CHECK (((state <> 'active'::text) OR (password_hash IS NOT NULL))),
    CONSTRAINT account_locked_from_check CHECK ((locked_from = ANY (ARRAY['invited'::text, 'active'::text]))),
    CONSTRAINT account_remind_by_check CHECK ((remind_by = ANY (ARRAY['sms'::text, 'email'::text, 'none'::text]))),
    CONSTRAINT account_remind_days_before_check CHECK (((remind_days_before >= 0) AND (remind_days_before <= 60))),
    CONSTRAINT account_state_check CHECK ((state = ANY (ARRAY['invited'::text, 'active'::text, 'locked'::text, 'closed'::text])))
);

ALTER TABLE ONLY public.account FORCE ROW LEVEL SECURITY;

CREATE TABLE public.rule (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    subject text NOT NULL,
    name text NOT NULL,
    days_before smallint[] NOT NULL,
    steps smallint[] NOT NULL,
    template_kind text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    day_kind text DEFAULT 'calendar'::text NOT NULL,
    client_kinds text[] DEFAULT '{company,sole_trader,person}'::text[] NOT NULL,
    starts_on date,
    ends_on date,
    consolidates boolean DEFAULT false NOT NULL,
    changed_by bigint,
    CONSTRAINT rule_check CHECK ((cardinality(steps) = cardinality(days_before))),
    CONSTRAINT rule_clients CHECK (((cardinality(client_kinds) > 0) AND (client_kinds <@ '{company,sole_trader,person}'::text[]))),
    CONSTRAINT rule_day_kind_check CHECK ((day_kind = ANY (ARRAY['calendar'::text, 'working'::text]))),
    CONSTRAINT rule_days_before_check CHECK (((cardinality(days_before) >= 1) AND (cardinality(days_before) <= 8))),
    CONSTRAINT rule_days_range CHECK ((('-90'::integer <= ALL (days_before)) AND (365 >= ALL (days_before)))),
    CONSTRAINT rule_period CHECK ((starts_on <= ends_on)),
    CONSTRAINT rule_subject_known CHECK ((subject = ANY (ARRAY['instalment'::text, 'policy'::text, 'invoice'::text, 'new_invoice'::text, 'access_end'::text])))
);

ALTER TABLE ONLY public.rule FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.steps_of_day(subject text, portal smallint, day date) RETURNS TABLE(rule_id bigint, step smallint, own smallint, ahead boolean, first date, last date, client_kinds text[])
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT r.id,
     l.step,
     NULL::smallint AS int2,
     (l.days >= 0),
     w.first,
     w.last,
     NULLIF(r.client_kinds, '{company,sole_trader,person}'::text[]) AS "nullif"
    FROM ((public.rule r
      CROSS JOIN LATERAL UNNEST(r.days_before, r.steps) l(days, step))
      CROSS JOIN LATERAL public.due_days(steps_of_day.portal, steps_of_day.day, l.days, r.day_kind) w(first, last))
   WHERE ((r.portal_id = steps_of_day.portal) AND (r.subject = steps_of_day.subject) AND r.active AND ((steps_of_day.day >= COALESCE(r.starts_on, steps_of_day.day)) AND (steps_of_day.day <= COALESCE(r.ends_on, steps_of_day.day))))
 UNION ALL
  SELECT r.id,
     r.steps[1] AS steps,
     (o.days)::smallint AS days,
     true,
     (steps_of_day.day + o.days),
     (steps_of_day.day + o.days),
     NULLIF(r.client_kinds, '{company,sole_trader,person}'::text[]) AS "nullif"
    FROM (public.rule r
      CROSS JOIN generate_series(0, 60) o(days))
   WHERE ((steps_of_day.subject = 'instalment'::text) AND (r.portal_id = steps_of_day.portal) AND (r.subject = 'instalment'::text) AND r.active AND (r.days_before[1] >= 0) AND ((steps_of_day.day >= COALESCE(r.starts_on, steps_of_day.day)) AND (steps_of_day.day <= COALESCE(r.ends_on, steps_of_day.day))) AND (EXISTS ( SELECT
            FROM public.account a
           WHERE ((a.portal_id = steps_of_day.portal) AND (a.remind_days_before = o.days)))));
END;

CREATE TABLE public.access (
    portal_id smallint NOT NULL,
    account_id bigint NOT NULL,
    client_id bigint NOT NULL,
    rights text[] NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone
);

ALTER TABLE ONLY public.access FORCE ROW LEVEL SECURITY;

CREATE TABLE public.client (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    external_key text,
    customer_number text,
    kind text NOT NULL,
    name text NOT NULL,
    country text NOT NULL,
    language text NOT NULL,
    tax_number text,
    register_number text,
    personal_number text,
    birth_date date,
    address text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT client_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'sole_trader'::text, 'company'::text]))),
    CONSTRAINT client_name_check CHECK ((name <> ''::text))
);

ALTER TABLE ONLY public.client FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.access_reminders(portal smallint, day date) RETURNS TABLE(rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint, reason text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT s.rule_id,
     s.step,
     x.client_id,
     a.id,
     e.due,
     x.client_id,
     public.account_obstacle(a.state, a.remind_by, a.phone, a.email) AS account_obstacle
    FROM (((public.steps_of_day('access_end'::text, access_reminders.portal, access_reminders.day) s(rule_id, step, own, ahead, first, last, client_kinds)
      JOIN public.access x ON (((x.portal_id = access_reminders.portal) AND (x.ended_at IS NULL))))
      JOIN public.account a ON (((a.portal_id = access_reminders.portal) AND (a.id = x.account_id) AND (a.state <> 'closed'::text))))
      CROSS JOIN LATERAL ( SELECT public.access_ends_on(access_reminders.portal, x.client_id) AS due) e)
   WHERE (((e.due >= s.first) AND (e.due <= s.last)) AND ((s.client_kinds IS NULL) OR (( SELECT c.kind
            FROM public.client c
           WHERE ((c.portal_id = access_reminders.portal) AND (c.id = x.client_id))) = ANY (s.client_kinds))));
END;

CREATE FUNCTION public.portal_zone(portal smallint) RETURNS text
    LANGUAGE sql STABLE
    RETURN (SELECT p.time_zone FROM public.portal p WHERE (p.id = portal_zone.portal));

CREATE FUNCTION public.access_window_end(portal smallint, client bigint, since timestamp with time zone, days integer) RETURNS date
    LANGUAGE sql STABLE
    RETURN (SELECT CASE WHEN (e.day IS NOT NULL) THEN GREATEST(e.day, (((access_window_end.since AT TIME ZONE public.portal_zone(access_window_end.portal)))::date + access_window_end.days)) ELSE NULL::date END AS "case" FROM (SELECT public.access_ends_on(access_window_end.portal, access_window_end.client, access_window_end.days) AS day) e);

CREATE FUNCTION public.account_closes() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM access AS x WHERE x.portal_id = NEW.portal_id AND x.account_id = NEW.id
            AND x.ended_at IS NULL)
        OR EXISTS (SELECT FROM account_session AS s WHERE s.portal_id = NEW.portal_id AND s.account_id = NEW.id
            AND s.ended_at IS NULL)
    THEN
        RAISE EXCEPTION 'account % still has accesses or sessions', NEW.id
            USING ERRCODE = 'PD002', CONSTRAINT = 'account_closes';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.account_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'invited' AND NEW.state IN ('active', 'locked', 'closed'))
        OR (OLD.state = 'active' AND NEW.state IN ('locked', 'closed'))
        OR (OLD.state = 'locked' AND NEW.state IN (OLD.locked_from, 'closed')))
    THEN
        RAISE EXCEPTION 'account cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'account_moves';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.application_is_worked_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.application_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'draft' AND NEW.state IN ('submitted', 'withdrawn'))
        OR (OLD.state = 'submitted' AND NEW.state IN ('approved', 'returned', 'refused', 'withdrawn'))
        OR (OLD.state = 'returned' AND NEW.state IN ('submitted', 'withdrawn'))
        OR (OLD.state = 'approved' AND NEW.state IN ('activated', 'refused')))
    THEN
        RAISE EXCEPTION 'application cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'application_moves';
    END IF;
    IF OLD.state NOT IN ('draft', 'returned') AND NEW.form IS DISTINCT FROM OLD.form
        AND NOT (current_user = 'portaldesk_owner' AND NEW.form = '{}') THEN
        RAISE EXCEPTION 'a submitted application is not edited'
            USING ERRCODE = 'PD002', CONSTRAINT = 'application_form_is_final';
    END IF;
    IF NEW.opened_by <> OLD.opened_by THEN
        RAISE EXCEPTION 'who opened an application does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'application_opened_by_is_final';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.call_task_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.state = 'done' THEN
        RAISE EXCEPTION 'a call that is done stays done'
            USING ERRCODE = 'PD002', CONSTRAINT = 'call_task_is_done';
    END IF;
    IF OLD.state = 'held' AND NEW.state = 'held' AND NEW.held_by <> OLD.held_by AND OLD.held_until > now() THEN
        RAISE EXCEPTION 'somebody else holds this call'
            USING ERRCODE = 'PD002', CONSTRAINT = 'call_task_has_one_holder';
    END IF;
    IF NEW.state = 'done' AND OLD.state <> 'held' THEN
        RAISE EXCEPTION 'a call is held before it is done'
            USING ERRCODE = 'PD002', CONSTRAINT = 'call_task_moves';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.client_keys(portal smallint, client bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $_$
DECLARE
    keys jsonb := '{}';
    found jsonb;
    source record;
BEGIN
    FOR source IN
        SELECT t.name, t.rows, t.exception, s.name AS key
        FROM register_table AS t, unnest(t.sources) AS s (name)
        ORDER BY t.position
    LOOP
        EXECUTE format('SELECT coalesce(jsonb_agg(DISTINCT t.%I), ''[]'') FROM %I AS t '
            'WHERE t.portal_id = $1 AND (%s) AND NOT (%s)', source.key, source.name, source.rows, source.exception)
        INTO found USING portal, client, keys;
        keys := keys || jsonb_build_object(source.name || '.' || source.key, found);
    END LOOP;
    RETURN keys;
END $_$;

CREATE FUNCTION public.client_request_is_proven() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.client_request_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT NEW.state = ANY (client_request_next(OLD.state)) THEN
        RAISE EXCEPTION 'a request cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_request_moves';
    END IF;
    IF (NEW.statutory_due, NEW.received_on, NEW.kind)
        IS DISTINCT FROM (OLD.statutory_due, OLD.received_on, OLD.kind) THEN
        RAISE EXCEPTION 'the legal date of a request never moves'
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_request_statutory_due';
    END IF;
    IF NEW.extended_at IS DISTINCT FROM OLD.extended_at
        AND (OLD.extended_at IS NOT NULL OR portal_today(NEW.portal_id) > OLD.statutory_due) THEN
        RAISE EXCEPTION 'a request is extended once, and before its legal date'
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_request_extension';
    END IF;
    IF OLD.executed_at IS NOT NULL AND (NEW.decided_by, NEW.executed_by, NEW.decision)
        IS DISTINCT FROM (OLD.decided_by, OLD.executed_by, OLD.decision) THEN
        RAISE EXCEPTION 'who decided and who executed does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_request_is_final';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.client_request_next(state text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE state WHEN 'received'::text THEN '{identity,assessment,waiting_client,withdrawn,duplicate}'::text[] WHEN 'identity'::text THEN '{assessment,waiting_client,decision,withdrawn,duplicate}'::text[] WHEN 'waiting_client'::text THEN '{received,identity,assessment,lapsed,withdrawn,duplicate}'::text[] WHEN 'assessment'::text THEN '{identity,waiting_client,blocked,plan,decision,held,closed,withdrawn,duplicate}'::text[] WHEN 'blocked'::text THEN '{assessment,lapsed,withdrawn,duplicate}'::text[] WHEN 'plan'::text THEN '{assessment,decision,held,withdrawn,duplicate}'::text[] WHEN 'decision'::text THEN '{identity,assessment,plan,blocked,approved,cooling_off,executing,held,closed,withdrawn}'::text[] WHEN 'approved'::text THEN '{plan,executing,held,withdrawn}'::text[] WHEN 'cooling_off'::text THEN '{blocked,executing,closed,withdrawn}'::text[] WHEN 'executing'::text THEN '{plan,assessment,blocked,verifying,notified,failed,closed}'::text[] WHEN 'verifying'::text THEN '{notified,partial,closed}'::text[] WHEN 'notified'::text THEN '{partial,closed}'::text[] WHEN 'partial'::text THEN '{executing,closed}'::text[] WHEN 'held'::text THEN '{assessment,plan,decision,withdrawn}'::text[] WHEN 'failed'::text THEN '{executing,plan}'::text[] ELSE '{}'::text[] END;

CREATE FUNCTION public.client_request_wakes() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.snoozed_until := NULL;
    NEW.snooze_reason := NULL;
    RETURN NEW;
END $$;

CREATE FUNCTION public.client_retention(portal smallint, client bigint, keys jsonb) RETURNS TABLE(class text, reason text, until date)
    LANGUAGE plpgsql STABLE
    AS $_$
DECLARE
    starts jsonb := '{}';
    day date;
    clock record;
BEGIN
    FOR clock IN
        SELECT t.name, t.rows, t.exception, s.key AS class, s.value AS expression
        FROM register_table AS t, jsonb_each_text(t.starts) AS s
    LOOP
        EXECUTE format('SELECT max(%s) FROM %I AS t WHERE t.portal_id = $1 AND (%s) AND NOT (%s)',
            clock.expression, clock.name, clock.rows, clock.exception)
        INTO day USING portal, client, keys;
        IF day IS NOT NULL AND day > coalesce((starts ->> clock.class)::date, '-infinity') THEN
            starts := starts || jsonb_build_object(clock.class, day::text);
        END IF;
    END LOOP;
    RETURN QUERY
    SELECT DISTINCT ON (w.class) w.class, w.reason, w.until
    FROM (
        SELECT c.class, 'hold'::text AS reason, 'infinity'::date AS until
        FROM erasure_hold AS h
        CROSS JOIN (SELECT DISTINCT r.class FROM register_column AS r) AS c
        WHERE h.portal_id = portal AND h.client_id = client AND h.released_at IS NULL
            AND (h.class IS NULL OR h.class = c.class)
        UNION ALL
        SELECT p.class, 'law', CASE
            WHEN s.value::date = 'infinity' THEN 'infinity'
            WHEN p.start = 'year_end' THEN make_date(extract(year FROM s.value::date)::integer + p.years, 12, 31)
            ELSE (s.value::date + make_interval(years => p.years))::date END
        FROM jsonb_each_text(starts) AS s
        JOIN portal AS o ON o.id = portal
        JOIN retention_period AS p ON p.country = o.country AND p.class = s.key
    ) AS w
    WHERE w.until >= portal_today(portal)
    ORDER BY w.class, w.until DESC, w.reason;
END $_$;

CREATE TABLE public.instalment (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    contract_id bigint NOT NULL,
    invoice_id bigint,
    external_key text NOT NULL,
    kind text NOT NULL,
    number integer,
    due_on date NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    CONSTRAINT instalment_kind_check CHECK ((kind = ANY (ARRAY['instalment'::text, 'extra_fee'::text, 'insurance'::text])))
);

ALTER TABLE ONLY public.instalment FORCE ROW LEVEL SECURITY;

CREATE TABLE public.invoice (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    contract_id bigint,
    external_key text NOT NULL,
    number text NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL
);

ALTER TABLE ONLY public.invoice FORCE ROW LEVEL SECURITY;

CREATE TABLE public.policy (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    contract_id bigint,
    external_key text NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    variant text,
    insurer text NOT NULL,
    starts_on date NOT NULL,
    expires_on date NOT NULL,
    CONSTRAINT policy_check CHECK ((expires_on >= starts_on))
);

ALTER TABLE ONLY public.policy FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.client_subjects(portal smallint, client bigint) RETURNS TABLE(kind text, id bigint, due_on date)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT 'instalment'::text,
     i.id,
     i.due_on
    FROM (public.contract k
      JOIN public.instalment i ON (((i.portal_id = k.portal_id) AND (i.contract_id = k.id))))
   WHERE ((k.portal_id = client_subjects.portal) AND (k.client_id = client_subjects.client))
 UNION ALL
  SELECT 'policy'::text,
     p.id,
     p.expires_on
    FROM public.policy p
   WHERE ((p.portal_id = client_subjects.portal) AND (p.client_id = client_subjects.client))
 UNION ALL
  SELECT w.kind,
     v.id,
         CASE w.kind
             WHEN 'invoice'::text THEN v.due_on
             ELSE v.issued_on
         END AS issued_on
    FROM (public.invoice v
      CROSS JOIN ( VALUES ('invoice'::text), ('new_invoice'::text)) w(kind))
   WHERE ((v.portal_id = client_subjects.portal) AND (v.client_id = client_subjects.client))
 UNION ALL
  SELECT 'access_end'::text,
     client_subjects.client AS client,
     public.access_ends_on(client_subjects.portal, client_subjects.client) AS access_ends_on
   WHERE (public.access_ends_on(client_subjects.portal, client_subjects.client) IS NOT NULL);
END;

CREATE FUNCTION public.fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(public.unaccent('public.unaccent'::regdictionary, value));

CREATE TABLE public.contact (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    external_key text,
    kind text NOT NULL,
    value text NOT NULL,
    trusted boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone,
    CONSTRAINT contact_kind_check CHECK ((kind = ANY (ARRAY['phone'::text, 'email'::text])))
);

ALTER TABLE ONLY public.contact FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.client_terms(portal smallint, clients bigint[]) RETURNS TABLE(client_id bigint, kind text, term text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT c.id,
     'name'::text,
     w.word
    FROM public.client c,
     LATERAL regexp_split_to_table(public.fold(c.name), '[^[:alnum:]]+'::text) w(word)
   WHERE ((c.portal_id = client_terms.portal) AND (c.id IN ( SELECT unnest(client_terms.clients) AS unnest)) AND (w.word <> ''::text))
 UNION ALL
  SELECT c.id,
     'number'::text,
     upper(regexp_replace(n.value, '[^[:alnum:]]'::text, ''::text, 'g'::text)) AS upper
    FROM public.client c,
     LATERAL unnest(ARRAY[c.customer_number, c.tax_number, c.register_number, c.personal_number]) n(value)
   WHERE ((c.portal_id = client_terms.portal) AND (c.id IN ( SELECT unnest(client_terms.clients) AS unnest)) AND (n.value ~ '[[:alnum:]]'::text))
 UNION ALL
  SELECT k.client_id,
     k.kind,
         CASE k.kind
             WHEN 'phone'::text THEN reverse(regexp_replace(k.value, '[^0-9]'::text, ''::text, 'g'::text))
             ELSE lower(k.value)
         END AS lower
    FROM public.contact k
   WHERE ((k.portal_id = client_terms.portal) AND (k.client_id IN ( SELECT unnest(client_terms.clients) AS unnest)))
 UNION ALL
  SELECT k.client_id,
     'contract'::text,
     upper(regexp_replace(k.number, '[^[:alnum:]]'::text, ''::text, 'g'::text)) AS upper
    FROM public.contract k
   WHERE ((k.portal_id = client_terms.portal) AND (k.client_id IN ( SELECT unnest(client_terms.clients) AS unnest)) AND (k.number ~ '[[:alnum:]]'::text))
 UNION ALL
  SELECT k.client_id,
     'registration'::text,
     upper(regexp_replace(k.registration, '[^[:alnum:]]'::text, ''::text, 'g'::text)) AS upper
    FROM public.contract k
   WHERE ((k.portal_id = client_terms.portal) AND (k.client_id IN ( SELECT unnest(client_terms.clients) AS unnest)) AND (k.registration ~ '[[:alnum:]]'::text));
END;

CREATE FUNCTION public.consent_chain() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE TABLE public.consent (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    receipt_id uuid NOT NULL,
    purpose_id bigint NOT NULL,
    visitor bytea,
    account_id bigint,
    client_id bigint,
    action text NOT NULL,
    method text NOT NULL,
    version_id bigint,
    locale text,
    text_hash bytea,
    staff_id bigint,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    previous bytea,
    hash bytea NOT NULL,
    CONSTRAINT consent_action_check CHECK ((action = ANY (ARRAY['grant'::text, 'refuse'::text, 'withdraw'::text]))),
    CONSTRAINT consent_check CHECK ((decided_at <= at)),
    CONSTRAINT consent_method_check CHECK ((method = ANY (ARRAY['accept_all'::text, 'reject_all'::text, 'save'::text, 'gpc'::text, 'portal'::text, 'phone'::text, 'paper'::text, 'import'::text, 'unsubscribe'::text]))),
    CONSTRAINT consent_staff CHECK (((method = ANY (ARRAY['phone'::text, 'paper'::text])) = (staff_id IS NOT NULL))),
    CONSTRAINT consent_subject CHECK ((num_nonnulls(visitor, account_id, client_id) = 1)),
    CONSTRAINT consent_visitor_check CHECK ((octet_length(visitor) = 32)),
    CONSTRAINT consent_words CHECK (((action = 'withdraw'::text) OR (num_nonnulls(version_id, locale, text_hash) = 3)))
);

ALTER TABLE ONLY public.consent FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.consent_digest(c public.consent) RETURNS bytea
    LANGUAGE sql STABLE
    RETURN sha256((COALESCE((c).previous, '\x'::bytea) || convert_to((jsonb_build_array((c).portal_id, (c).id, (c).receipt_id, (c).purpose_id, encode((c).visitor, 'hex'::text), (c).account_id, (c).client_id, (c).action, (c).method, (c).version_id, (c).locale, encode((c).text_hash, 'hex'::text), (c).staff_id, EXTRACT(epoch FROM (c).decided_at), EXTRACT(epoch FROM (c).at)))::text, 'UTF8'::name)));

CREATE TABLE public.text_asks (
    portal_id smallint NOT NULL,
    version_id bigint NOT NULL,
    purpose_id bigint NOT NULL
);

ALTER TABLE ONLY public.text_asks FORCE ROW LEVEL SECURITY;

CREATE TABLE public.text_version (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    text_id bigint NOT NULL,
    number integer NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    change_class text,
    rationale text DEFAULT ''::text NOT NULL,
    effective_on date,
    valid tstzrange,
    cookies bytea,
    writers bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    submitted_by bigint,
    submitted_at timestamp with time zone,
    returned_note text DEFAULT ''::text NOT NULL,
    approved_by bigint,
    approved_at timestamp with time zone,
    withdrawn_by bigint,
    withdrawn_at timestamp with time zone,
    withdrawn_reason text DEFAULT ''::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT text_version_change_class_check CHECK ((change_class = ANY (ARRAY['editorial'::text, 'material'::text, 'consent'::text]))),
    CONSTRAINT text_version_check CHECK (((state = ANY (ARRAY['published'::text, 'withdrawn'::text])) = (valid IS NOT NULL))),
    CONSTRAINT text_version_check1 CHECK (((state <> ALL (ARRAY['review'::text, 'published'::text, 'withdrawn'::text])) OR ((change_class IS NOT NULL) AND (effective_on IS NOT NULL) AND (rationale <> ''::text)))),
    CONSTRAINT text_version_check2 CHECK (((state = 'withdrawn'::text) = ((withdrawn_by IS NOT NULL) AND (withdrawn_reason <> ''::text)))),
    CONSTRAINT text_version_number_check CHECK ((number > 0)),
    CONSTRAINT text_version_second_person CHECK (((state <> ALL (ARRAY['published'::text, 'withdrawn'::text])) OR ((approved_by IS NOT NULL) AND (submitted_by IS NOT NULL) AND (approved_by <> submitted_by) AND (approved_by <> ALL (writers))))),
    CONSTRAINT text_version_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'review'::text, 'published'::text, 'withdrawn'::text, 'discarded'::text])))
);

ALTER TABLE ONLY public.text_version FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.consent_standing(portal smallint, purpose bigint, visitor bytea, account bigint, client bigint) RETURNS text
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN ((c.action = 'grant'::text) AND (EXISTS ( SELECT
                FROM (public.text_asks a
                  JOIN public.text_version v ON (((v.portal_id = a.portal_id) AND (v.id = a.version_id))))
               WHERE ((a.portal_id = consent_standing.portal) AND (a.purpose_id = consent_standing.purpose) AND (v.state = 'published'::text) AND (lower(v.valid) > c.decided_at) AND (lower(v.valid) <= now()))))) THEN 'asked_again'::text
             ELSE c.action
         END AS action
    FROM public.consent c
   WHERE ((c.portal_id = consent_standing.portal) AND (c.purpose_id = consent_standing.purpose) AND ((c.visitor = consent_standing.visitor) OR (c.account_id = consent_standing.account) OR (c.client_id = consent_standing.client)))
   ORDER BY c.decided_at DESC, c.id DESC
  LIMIT 1;
END;

CREATE FUNCTION public.contact_change_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'asked' AND NEW.state IN ('waiting', 'declined', 'stopped', 'lapsed'))
        OR (OLD.state = 'waiting' AND NEW.state IN ('stopped', 'lapsed'))
        OR (OLD.state = 'waiting' AND NEW.state = 'applied' AND OLD.effective_at <= now()))
    THEN
        RAISE EXCEPTION 'contact change cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'contact_change_moves';
    END IF;
    IF (NEW.new_value, NEW.kind, NEW.account_id) IS DISTINCT FROM (OLD.new_value, OLD.kind, OLD.account_id) THEN
        RAISE EXCEPTION 'what was approved is what is done'
            USING ERRCODE = 'PD002', CONSTRAINT = 'contact_change_moves';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.contact_is_new() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.changed_at := now();
    RETURN NEW;
END $$;

CREATE FUNCTION public.continue_erasure(portal smallint, erasure bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM require_scope(portal);
    PERFORM FROM erasure AS e WHERE e.portal_id = portal AND e.id = erasure AND e.state = 'partial' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'nothing';
    END IF;
    RETURN finish_erasure(portal, erasure, NULL);
END $$;

CREATE FUNCTION public.contract_state(starts_on date, ends_on date, ended_on date, today date) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((ended_on <= today) OR (ends_on < today)) THEN 'ended'::text WHEN (starts_on <= today) THEN 'active'::text ELSE 'signed'::text END;

CREATE TABLE public.cookie_item (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    storage text NOT NULL,
    party text NOT NULL,
    provider text NOT NULL,
    category text NOT NULL,
    minutes integer,
    purposes jsonb NOT NULL,
    state text DEFAULT 'declared'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT cookie_item_category_check CHECK ((category = ANY (ARRAY['necessary'::text, 'functional'::text, 'analytics'::text, 'marketing'::text]))),
    CONSTRAINT cookie_item_minutes_check CHECK ((minutes > 0)),
    CONSTRAINT cookie_item_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
    CONSTRAINT cookie_item_party_check CHECK ((party = ANY (ARRAY['first'::text, 'third'::text]))),
    CONSTRAINT cookie_item_purposes_check CHECK ((jsonb_typeof(purposes) = 'object'::text)),
    CONSTRAINT cookie_item_state_check CHECK ((state = ANY (ARRAY['declared'::text, 'unknown'::text, 'retired'::text]))),
    CONSTRAINT cookie_item_storage_check CHECK ((storage = ANY (ARRAY['cookie'::text, 'local_storage'::text, 'session_storage'::text, 'pixel'::text])))
);

ALTER TABLE ONLY public.cookie_item FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.cookie_digest(portal smallint) RETURNS bytea
    LANGUAGE sql STABLE
    RETURN (SELECT sha256(convert_to(COALESCE((jsonb_agg(jsonb_build_array(c.name, c.storage, c.party, c.provider, c.category, c.minutes, c.purposes) ORDER BY c.category, c.name, c.storage))::text, ''::text), 'UTF8'::name)) AS sha256 FROM public.cookie_item c WHERE ((c.portal_id = cookie_digest.portal) AND (c.state = 'declared'::text)));

CREATE FUNCTION public.delivery_moves_forward() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.delivery = 'delivered' AND NEW.delivery IS DISTINCT FROM 'delivered' OR
        OLD.delivery IS NOT NULL AND NEW.delivery IS NULL
    THEN
        RAISE EXCEPTION 'delivery cannot go from % to %', OLD.delivery, NEW.delivery
            USING ERRCODE = 'PD002', CONSTRAINT = 'delivery_moves_forward';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.drop_restricted(portal smallint) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.policy_successors(portal smallint, client bigint, contract bigint, kind text, number text, expires date) RETURNS TABLE(id bigint)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT n.id
    FROM public.policy n
   WHERE ((n.portal_id = policy_successors.portal) AND (n.client_id = policy_successors.client) AND (n.expires_on > policy_successors.expires) AND (n.kind = policy_successors.kind) AND ((n.contract_id = policy_successors.contract) OR (n.number = policy_successors.number) OR (EXISTS ( SELECT
            FROM (public.contract o
              JOIN public.contract k ON (((k.portal_id = o.portal_id) AND (k.registration = o.registration))))
           WHERE ((o.portal_id = policy_successors.portal) AND (o.id = policy_successors.contract) AND (k.id = n.contract_id))))));
END;

CREATE FUNCTION public.reminded_accounts(portal smallint, client bigint, rights text[]) RETURNS TABLE(id bigint, state text, remind_by text, remind_days_before smallint, phone text, email text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT h.id,
     h.state,
     h.remind_by,
     h.remind_days_before,
     h.phone,
     h.email
    FROM (public.access x
      CROSS JOIN LATERAL ( SELECT a.id,
             a.state,
             a.remind_by,
             a.remind_days_before,
             a.phone,
             a.email
            FROM public.account a
           WHERE ((a.portal_id = reminded_accounts.portal) AND (a.id = x.account_id) AND (a.state <> 'closed'::text))
          OFFSET 0) h)
   WHERE ((x.portal_id = reminded_accounts.portal) AND (x.client_id = reminded_accounts.client) AND (x.ended_at IS NULL) AND COALESCE((x.rights && reminded_accounts.rights), true))
  OFFSET 0;
END;

CREATE FUNCTION public.reminder_rights(subject text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE subject WHEN 'policy'::text THEN '{insurance,contracts}'::text[] WHEN 'access_end'::text THEN NULL::text[] ELSE '{invoices,contracts}'::text[] END;

CREATE FUNCTION public.insurance_reminders(portal smallint, day date) RETURNS TABLE(rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint, reason text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT s.rule_id,
     s.step,
     p.id,
     COALESCE(a.id, (0)::bigint) AS "coalesce",
     p.expires_on,
     p.client_id,
         CASE
             WHEN (a.id IS NULL) THEN 'no_account'::text
             WHEN (EXISTS ( SELECT
                FROM public.policy_successors(p.portal_id, p.client_id, p.contract_id, p.kind, p.number, p.expires_on) policy_successors(id))) THEN 'renewed'::text
             ELSE public.account_obstacle(a.state, a.remind_by, a.phone, a.email)
         END AS account_obstacle
    FROM ((public.steps_of_day('policy'::text, insurance_reminders.portal, insurance_reminders.day) s(rule_id, step, own, ahead, first, last, client_kinds)
      JOIN public.policy p ON (((p.portal_id = insurance_reminders.portal) AND ((p.expires_on >= s.first) AND (p.expires_on <= s.last)))))
      LEFT JOIN LATERAL public.reminded_accounts(insurance_reminders.portal, p.client_id, public.reminder_rights('policy'::text)) a(id, state, remind_by, remind_days_before, phone, email) ON (true))
   WHERE ((s.client_kinds IS NULL) OR (( SELECT c.kind
            FROM public.client c
           WHERE ((c.portal_id = insurance_reminders.portal) AND (c.id = p.client_id))) = ANY (s.client_kinds)));
END;

CREATE TABLE public.payment (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    external_key text NOT NULL,
    invoice_id bigint,
    instalment_id bigint,
    paid_on date NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    CONSTRAINT payment_settles_one_thing CHECK (((invoice_id IS NULL) <> (instalment_id IS NULL)))
);

ALTER TABLE ONLY public.payment FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.invoice_reminders(subject text, portal smallint, day date) RETURNS TABLE(rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint, reason text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT s.rule_id,
     s.step,
     v.id,
     COALESCE(a.id, (0)::bigint) AS "coalesce",
     d.due,
     v.client_id,
         CASE
             WHEN (a.id IS NULL) THEN 'no_account'::text
             WHEN ((v.amount_minor)::numeric <= COALESCE(( SELECT sum(p.amount_minor) AS sum
                FROM public.payment p
               WHERE ((p.portal_id = v.portal_id) AND (p.invoice_id = v.id))), (0)::numeric)) THEN 'paid'::text
             ELSE public.account_obstacle(a.state, a.remind_by, a.phone, a.email)
         END AS account_obstacle
    FROM (((public.steps_of_day(invoice_reminders.subject, invoice_reminders.portal, invoice_reminders.day) s(rule_id, step, own, ahead, first, last, client_kinds)
      JOIN public.invoice v ON (((v.portal_id = invoice_reminders.portal) AND (((invoice_reminders.subject = 'invoice'::text) AND ((v.due_on >= s.first) AND (v.due_on <= s.last))) OR ((invoice_reminders.subject = 'new_invoice'::text) AND ((v.issued_on >= (s.first - 7)) AND (v.issued_on <= s.last)))))))
      CROSS JOIN LATERAL ( SELECT
                 CASE invoice_reminders.subject
                     WHEN 'invoice'::text THEN v.due_on
                     ELSE v.issued_on
                 END AS due) d)
      LEFT JOIN LATERAL public.reminded_accounts(invoice_reminders.portal, v.client_id, public.reminder_rights('instalment'::text)) a(id, state, remind_by, remind_days_before, phone, email) ON (true))
   WHERE ((s.client_kinds IS NULL) OR (( SELECT c.kind
            FROM public.client c
           WHERE ((c.portal_id = invoice_reminders.portal) AND (c.id = v.client_id))) = ANY (s.client_kinds)));
END;

CREATE FUNCTION public.rule_covers(subject text, portal smallint, client bigint, day date) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN (EXISTS (SELECT FROM (public.rule r JOIN public.client c ON (((c.portal_id = r.portal_id) AND (c.id = rule_covers.client)))) WHERE ((r.portal_id = rule_covers.portal) AND (r.subject = rule_covers.subject) AND r.active AND (c.kind = ANY (r.client_kinds)) AND ((rule_covers.day >= COALESCE(r.starts_on, rule_covers.day)) AND (rule_covers.day <= COALESCE(r.ends_on, rule_covers.day))))));

CREATE FUNCTION public.payment_reminders(portal smallint, day date) RETURNS TABLE(rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint, reason text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT s.rule_id,
     s.step,
     i.id,
     COALESCE(a.id, (0)::bigint) AS "coalesce",
     i.due_on,
     k.client_id,
         CASE
             WHEN (a.id IS NULL) THEN 'no_account'::text
             WHEN
             CASE
                 WHEN (i.invoice_id IS NULL) THEN ((i.amount_minor)::numeric <= COALESCE(( SELECT sum(p.amount_minor) AS sum
                    FROM public.payment p
                   WHERE ((p.portal_id = i.portal_id) AND (p.instalment_id = i.id))), (0)::numeric))
                 ELSE ((( SELECT v.amount_minor
                    FROM public.invoice v
                   WHERE ((v.portal_id = i.portal_id) AND (v.id = i.invoice_id))))::numeric <= COALESCE(( SELECT sum(p.amount_minor) AS sum
                    FROM public.payment p
                   WHERE ((p.portal_id = i.portal_id) AND (p.invoice_id = i.invoice_id))), (0)::numeric))
             END THEN 'paid'::text
             WHEN ((i.invoice_id IS NOT NULL) AND public.rule_covers('invoice'::text, payment_reminders.portal, k.client_id, payment_reminders.day)) THEN 'by_invoice'::text
             ELSE public.account_obstacle(a.state, a.remind_by, a.phone, a.email)
         END AS account_obstacle
    FROM (((public.steps_of_day('instalment'::text, payment_reminders.portal, payment_reminders.day) s(rule_id, step, own, ahead, first, last, client_kinds)
      JOIN public.instalment i ON (((i.portal_id = payment_reminders.portal) AND ((i.due_on >= s.first) AND (i.due_on <= s.last)))))
      CROSS JOIN LATERAL ( SELECT c.client_id
            FROM public.contract c
           WHERE ((c.portal_id = payment_reminders.portal) AND (c.id = i.contract_id))
          OFFSET 0) k)
      LEFT JOIN LATERAL public.reminded_accounts(payment_reminders.portal, k.client_id, public.reminder_rights('instalment'::text)) a(id, state, remind_by, remind_days_before, phone, email) ON (true))
   WHERE (((NOT s.ahead) OR (NOT (a.remind_days_before IS DISTINCT FROM s.own))) AND ((s.client_kinds IS NULL) OR (( SELECT c.kind
            FROM public.client c
           WHERE ((c.portal_id = payment_reminders.portal) AND (c.id = k.client_id))) = ANY (s.client_kinds))));
END;

CREATE FUNCTION public.subject_reminders(subject text, portal smallint, day date) RETURNS TABLE(rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint, reason text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT payment_reminders.rule_id,
     payment_reminders.step,
     payment_reminders.subject_id,
     payment_reminders.account_id,
     payment_reminders.due_date,
     payment_reminders.client_id,
     payment_reminders.reason
    FROM public.payment_reminders(subject_reminders.portal, subject_reminders.day) payment_reminders(rule_id, step, subject_id, account_id, due_date, client_id, reason)
   WHERE (subject_reminders.subject = 'instalment'::text)
 UNION ALL
  SELECT insurance_reminders.rule_id,
     insurance_reminders.step,
     insurance_reminders.subject_id,
     insurance_reminders.account_id,
     insurance_reminders.due_date,
     insurance_reminders.client_id,
     insurance_reminders.reason
    FROM public.insurance_reminders(subject_reminders.portal, subject_reminders.day) insurance_reminders(rule_id, step, subject_id, account_id, due_date, client_id, reason)
   WHERE (subject_reminders.subject = 'policy'::text)
 UNION ALL
  SELECT invoice_reminders.rule_id,
     invoice_reminders.step,
     invoice_reminders.subject_id,
     invoice_reminders.account_id,
     invoice_reminders.due_date,
     invoice_reminders.client_id,
     invoice_reminders.reason
    FROM public.invoice_reminders(subject_reminders.subject, subject_reminders.portal, subject_reminders.day) invoice_reminders(rule_id, step, subject_id, account_id, due_date, client_id, reason)
   WHERE (subject_reminders.subject = ANY (ARRAY['invoice'::text, 'new_invoice'::text]))
 UNION ALL
  SELECT access_reminders.rule_id,
     access_reminders.step,
     access_reminders.subject_id,
     access_reminders.account_id,
     access_reminders.due_date,
     access_reminders.client_id,
     access_reminders.reason
    FROM public.access_reminders(subject_reminders.portal, subject_reminders.day) access_reminders(rule_id, step, subject_id, account_id, due_date, client_id, reason)
   WHERE (subject_reminders.subject = 'access_end'::text);
END;

CREATE TABLE public.reminder (
    portal_id smallint NOT NULL,
    rule_id bigint NOT NULL,
    step smallint NOT NULL,
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    account_id bigint NOT NULL,
    due_date date NOT NULL,
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    run_id bigint NOT NULL,
    state text NOT NULL,
    reason text,
    message_id bigint,
    planned_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reminder_check CHECK (((state = 'sent'::text) = (message_id IS NOT NULL))),
    CONSTRAINT reminder_check1 CHECK (((state = ANY (ARRAY['skipped'::text, 'cancelled'::text])) = (reason IS NOT NULL))),
    CONSTRAINT reminder_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'sent'::text, 'skipped'::text, 'cancelled'::text]))),
    CONSTRAINT reminder_subject_known CHECK ((subject_kind = ANY (ARRAY['instalment'::text, 'policy'::text, 'invoice'::text, 'new_invoice'::text, 'access_end'::text])))
);

ALTER TABLE ONLY public.reminder FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.due_reminders(subject text, portal smallint, day date) RETURNS TABLE(rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint, reason text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT d.rule_id,
     d.step,
     d.subject_id,
     d.account_id,
     d.due_date,
     d.client_id,
         CASE
             WHEN (EXISTS ( SELECT
                FROM public.reminder m
               WHERE ((m.portal_id = due_reminders.portal) AND (m.rule_id = d.rule_id) AND (m.step = d.step) AND (m.subject_kind = due_reminders.subject) AND (m.subject_id = d.subject_id) AND (m.account_id = d.account_id) AND (m.due_date = d.due_date)))) THEN 'already'::text
             ELSE d.reason
         END AS reason
    FROM public.subject_reminders(due_reminders.subject, due_reminders.portal, due_reminders.day) d(rule_id, step, subject_id, account_id, due_date, client_id, reason);
END;

CREATE FUNCTION public.erase_client(portal smallint, erasure bigint, staff bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    it erasure%ROWTYPE;
BEGIN
    PERFORM require_scope(portal);
    SELECT * INTO it FROM erasure AS e WHERE e.portal_id = portal AND e.id = erasure FOR UPDATE;
    IF it.id IS NULL OR it.state <> 'approved' OR it.approved_by = it.made_by OR it.approved_by = staff THEN
        RAISE EXCEPTION 'this erasure was not approved for this person'
            USING ERRCODE = 'PD002', CONSTRAINT = 'erasure_is_approved';
    END IF;
    PERFORM FROM client AS c WHERE c.portal_id = portal AND c.id = it.client_id FOR UPDATE;
    IF live_plan_hash(portal, it.client_id) <> it.plan_hash THEN
        UPDATE erasure AS e SET state = 'planned', approved_by = NULL, approved_at = NULL, version = e.version + 1
        WHERE e.portal_id = portal AND e.id = erasure;
        RETURN 'changed';
    END IF;
    RETURN finish_erasure(portal, erasure, staff);
END $$;

CREATE FUNCTION public.erase_due(portal smallint, client bigint, word text) RETURNS bigint
    LANGUAGE plpgsql
    AS $_$
DECLARE
    keys jsonb := client_keys(portal, client);
    kept text[];
    part record;
    touched bigint;
    total bigint := 0;
BEGIN
    SELECT coalesce(array_agg(r.class), '{}') INTO kept FROM client_retention(portal, client, keys) AS r;
    UPDATE message AS m
    SET state = 'cancelled', reason = 'erased', content = NULL, wiped_at = now(), settled_at = now()
    WHERE m.portal_id = portal AND m.client_id = client AND m.state = 'planned';
    FOR part IN
        SELECT t.name, t.rows, t.exception, t.is_deleted, string_agg(format('%I = %s', c.name, CASE
            WHEN c.fate = 'pseudonymise' THEN '$4'
            WHEN NOT c.is_required THEN 'NULL'
            WHEN c.type = 'jsonb' THEN '''{}'''
            ELSE '''''' END), ', ') AS settings
        FROM register_table AS t
        JOIN register_column AS c ON c.table_name = t.name
        WHERE c.fate <> 'sealed' AND NOT c.class = ANY (kept)
        GROUP BY t.name, t.rows, t.exception, t.is_deleted, t.depth
        ORDER BY t.depth DESC, t.name
    LOOP
        IF part.is_deleted THEN
            EXECUTE format('DELETE FROM %I AS t WHERE t.portal_id = $1 AND (%s) AND NOT (%s)',
                part.name, part.rows, part.exception) USING portal, client, keys;
        ELSE
            EXECUTE format('UPDATE %I AS t SET %s WHERE t.portal_id = $1 AND (%s) AND NOT (%s)',
                part.name, part.settings, part.rows, part.exception) USING portal, client, keys, word;
        END IF;
        GET DIAGNOSTICS touched = ROW_COUNT;
        total := total + touched;
    END LOOP;
    SELECT t.rows INTO part FROM register_table AS t WHERE t.name = 'subject_key';
    EXECUTE format('UPDATE subject_key AS t SET wrapped = NULL, destroyed_at = now() WHERE t.portal_id = $1 AND (%s) '
        'AND t.wrapped IS NOT NULL AND NOT t.class = ANY ($4)', part.rows) USING portal, client, keys, kept;
    GET DIAGNOSTICS touched = ROW_COUNT;
    -- A class whose key was never needed gets none later.
    INSERT INTO subject_key (portal_id, subject_kind, subject_id, class, key_id, destroyed_at)
    SELECT DISTINCT portal, 'client', client, c.class, '', now()
    FROM register_column AS c
    WHERE c.fate = 'sealed' AND NOT c.class = ANY (kept)
    ON CONFLICT DO NOTHING;
    RETURN total + touched;
END $_$;

CREATE FUNCTION public.erasure_cells(portal smallint, client bigint, keys jsonb) RETURNS TABLE(table_name text, column_name text, class text, meaning text, fate text, cells bigint)
    LANGUAGE plpgsql STABLE
    AS $_$
DECLARE
    part record;
    counts bigint[];
BEGIN
    FOR part IN
        SELECT t.name, t.rows, t.exception, array_agg(c.name ORDER BY c.position) AS names,
            array_agg(c.class ORDER BY c.position) AS classes, array_agg(c.meaning ORDER BY c.position) AS meanings,
            array_agg(c.fate ORDER BY c.position) AS fates,
            string_agg(format('count(*) FILTER (WHERE %s)', CASE WHEN c.fate = 'delete' THEN 'true'
                ELSE live_cell(c.fate, c.name, c.type, c.class) END), ', ' ORDER BY c.position) AS counting
        FROM register_table AS t
        JOIN register_column AS c ON c.table_name = t.name
        WHERE t.name <> 'subject_key'
        GROUP BY t.name, t.rows, t.exception
    LOOP
        EXECUTE format('SELECT ARRAY[%s]::bigint[] FROM %I AS t WHERE t.portal_id = $1 AND (%s) AND NOT (%s)',
            part.counting, part.name, part.rows, part.exception)
        INTO counts USING portal, client, keys;
        RETURN QUERY
        SELECT part.name, u.name, u.class, u.meaning, u.fate, u.cells
        FROM unnest(part.names, part.classes, part.meanings, part.fates, counts)
            AS u (name, class, meaning, fate, cells)
        WHERE u.cells > 0;
    END LOOP;
    SELECT t.rows INTO part FROM register_table AS t WHERE t.name = 'subject_key';
    RETURN QUERY EXECUTE format('SELECT ''subject_key'', ''wrapped'', t.class, ''secret'', ''sealed'', count(*) '
        'FROM subject_key AS t WHERE t.portal_id = $1 AND (%s) AND t.wrapped IS NOT NULL GROUP BY t.class', part.rows)
    USING portal, client, keys;
END $_$;

CREATE FUNCTION public.erasure_line_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    line erasure_line := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF current_user <> 'portaldesk_owner' AND NOT EXISTS (SELECT FROM erasure AS e
        WHERE e.portal_id = line.portal_id AND e.id = line.erasure_id AND e.state = 'planned') THEN
        RAISE EXCEPTION 'an approved plan does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'erasure_plan_is_final';
    END IF;
    RETURN line;
END $$;

CREATE FUNCTION public.erasure_lines(portal smallint, client bigint) RETURNS TABLE(table_name text, column_name text, class text, meaning text, action text, reason text, until date, cells bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    keys jsonb;
BEGIN
    PERFORM require_scope(portal);
    keys := client_keys(portal, client);
    RETURN QUERY
    SELECT c.table_name, c.column_name, c.class, c.meaning, CASE WHEN r.class IS NOT NULL THEN 'keep'
        WHEN c.fate = 'sealed' THEN 'destroy_key' ELSE c.fate END, r.reason, r.until, c.cells
    FROM erasure_cells(portal, client, keys) AS c
    LEFT JOIN client_retention(portal, client, keys) AS r ON r.class = c.class;
END $$;

CREATE FUNCTION public.erasure_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF current_user <> 'portaldesk_owner' AND (OLD.state NOT IN ('planned', 'approved')
        OR NEW.state NOT IN ('planned', 'approved', 'dropped')) THEN
        RAISE EXCEPTION 'an erasure is carried out by erase_client() alone'
            USING ERRCODE = 'PD002', CONSTRAINT = 'erasure_moves';
    END IF;
    IF NEW.state <> 'planned' AND (NEW.plan_hash, NEW.made_by, NEW.client_id)
        IS DISTINCT FROM (OLD.plan_hash, OLD.made_by, OLD.client_id) THEN
        RAISE EXCEPTION 'an approved plan does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'erasure_plan_is_final';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.every_portal() RETURNS text
    LANGUAGE sql STABLE
    RETURN (SELECT (array_agg(p.id ORDER BY p.id))::text AS array_agg FROM (SELECT (0)::smallint AS id UNION SELECT portal.id FROM public.portal) p);

CREATE FUNCTION public.finish_erasure(portal smallint, erasure bigint, staff bigint) RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE
    it erasure%ROWTYPE;
    left_over text;
    first_end date;
    last_end date;
    kept bigint;
BEGIN
    SELECT * INTO it FROM erasure AS e WHERE e.portal_id = portal AND e.id = erasure FOR UPDATE;
    -- What the plan kept until today goes now.
    UPDATE erasure_line AS l
    SET action = now_due.action, reason = NULL, until = NULL
    FROM erasure_lines(portal, it.client_id) AS now_due
    WHERE l.portal_id = portal AND l.erasure_id = erasure AND l.table_name = now_due.table_name
        AND l.column_name = now_due.column_name AND l.class = now_due.class AND l.action = 'keep'
        AND now_due.action <> 'keep';
    INSERT INTO erasure_ledger (portal_id, erasure_id, client_id, pseudonym, plan_hash, classes, cells, made_by,
        approved_by, executed_by)
    SELECT portal, erasure, it.client_id, it.pseudonym, it.plan_hash,
        coalesce(array_agg(DISTINCT l.class ORDER BY l.class), '{}'), coalesce(sum(l.cells), 0), it.made_by,
        it.approved_by, coalesce(it.executed_by, staff)
    FROM erasure_line AS l
    WHERE l.portal_id = portal AND l.erasure_id = erasure AND l.action <> 'keep' AND l.done_at IS NULL
    HAVING it.executed_by IS NULL OR count(*) > 0;
    PERFORM erase_due(portal, it.client_id, it.pseudonym);
    SELECT string_agg(l.table_name || '.' || l.column_name, ', ') FILTER (WHERE l.action <> 'keep'),
        nullif(min(l.until) FILTER (WHERE l.action = 'keep'), 'infinity'),
        max(l.until) FILTER (WHERE l.action = 'keep'),
        count(*) FILTER (WHERE l.action = 'keep')
    INTO left_over, first_end, last_end, kept
    FROM erasure_lines(portal, it.client_id) AS l;
    IF left_over IS NOT NULL THEN
        RAISE EXCEPTION 'the erasure left something in %', left_over
            USING ERRCODE = 'PD003', CONSTRAINT = 'erasure_leaves_nothing';
    END IF;
    UPDATE erasure_line AS l SET remaining = 0, done_at = now()
    WHERE l.portal_id = portal AND l.erasure_id = erasure AND l.action <> 'keep' AND l.done_at IS NULL;
    UPDATE erasure AS e
    SET state = CASE WHEN kept > 0 THEN 'partial' ELSE 'done' END, next_on = CASE WHEN kept > 0 THEN first_end END,
        executed_by = coalesce(e.executed_by, staff), executed_at = coalesce(e.executed_at, now()),
        finished_at = CASE WHEN kept = 0 THEN now() END, version = e.version + 1
    WHERE e.portal_id = portal AND e.id = erasure;
    INSERT INTO client_restriction (portal_id, client_id, erasure_id, until)
    VALUES (portal, it.client_id, erasure, CASE WHEN kept > 0 THEN last_end END)
    ON CONFLICT (portal_id, client_id) DO UPDATE SET until = excluded.until;
    RETURN CASE WHEN kept > 0 THEN 'partial' ELSE 'done' END;
END $$;

CREATE FUNCTION public.first_instant(local_at timestamp without time zone, zone text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN ((((local_at AT TIME ZONE zone) AT TIME ZONE zone) = local_at) AND ((((local_at AT TIME ZONE zone) - '03:00:00'::interval) AT TIME ZONE zone) = (local_at - '03:00:00'::interval))) THEN (local_at AT TIME ZONE zone) ELSE (SELECT min(i.i) AS min FROM generate_series(((first_instant.local_at AT TIME ZONE first_instant.zone) - '03:00:00'::interval), (first_instant.local_at AT TIME ZONE first_instant.zone), '00:01:00'::interval) i(i) WHERE ((i.i AT TIME ZONE first_instant.zone) >= first_instant.local_at)) END;

CREATE FUNCTION public.portal_today(portal smallint) RETURNS date
    LANGUAGE sql STABLE
    RETURN ((now() AT TIME ZONE public.portal_zone(portal)))::date;

CREATE FUNCTION public.identity_facts(portal smallint, client bigint) RETURNS TABLE(question text, value text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT 'contract_number'::text,
     upper(regexp_replace(k.number, '[^[:alnum:]]'::text, ''::text, 'g'::text)) AS upper
    FROM public.contract k
   WHERE ((k.portal_id = identity_facts.portal) AND (k.client_id = identity_facts.client) AND (k.ended_on IS NULL))
 UNION ALL
  SELECT 'registration'::text,
     upper(regexp_replace(k.registration, '[^[:alnum:]]'::text, ''::text, 'g'::text)) AS upper
    FROM public.contract k
   WHERE ((k.portal_id = identity_facts.portal) AND (k.client_id = identity_facts.client) AND (k.ended_on IS NULL) AND (k.registration IS NOT NULL))
 UNION ALL
  SELECT 'contract_end'::text,
     (k.ends_on)::text AS ends_on
    FROM public.contract k
   WHERE ((k.portal_id = identity_facts.portal) AND (k.client_id = identity_facts.client) AND (k.ended_on IS NULL) AND (k.ends_on IS NOT NULL))
 UNION ALL
 ( SELECT 'invoice_number'::text,
     upper(regexp_replace(v.number, '[^[:alnum:]]'::text, ''::text, 'g'::text)) AS upper
    FROM public.invoice v
   WHERE ((v.portal_id = identity_facts.portal) AND (v.client_id = identity_facts.client))
   ORDER BY v.issued_on DESC, v.id DESC
  LIMIT 3)
 UNION ALL
 ( SELECT 'invoice_amount'::text,
     (v.amount_minor)::text AS amount_minor
    FROM public.invoice v
   WHERE ((v.portal_id = identity_facts.portal) AND (v.client_id = identity_facts.client))
   ORDER BY v.issued_on DESC, v.id DESC
  LIMIT 1)
 UNION ALL
  SELECT 'insurer'::text,
     public.fold(p.insurer) AS fold
    FROM public.policy p
   WHERE ((p.portal_id = identity_facts.portal) AND (p.client_id = identity_facts.client) AND (p.expires_on >= public.portal_today(identity_facts.portal)));
END;

CREATE FUNCTION public.install_register(register jsonb) RETURNS integer
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM register_column;
    DELETE FROM register_table;
    DELETE FROM retention_period;
    INSERT INTO register_table (name, position, class, is_deleted, rows, exception, sources, starts)
    SELECT t.* FROM jsonb_to_recordset(register -> 'tables') AS t (name text, position smallint, class text,
        is_deleted boolean, rows text, exception text, sources text[], starts jsonb);
    INSERT INTO register_column (table_name, name, position, meaning, fate, class, type, is_required)
    SELECT c.table_name, c.name, a.attnum, c.meaning, c.fate, c.class, format_type(a.atttypid, NULL), a.attnotnull
    FROM jsonb_to_recordset(register -> 'columns') AS c (table_name text, name text, meaning text, fate text,
        class text)
    JOIN pg_attribute AS a ON a.attrelid = c.table_name::regclass AND a.attname = c.name;
    INSERT INTO retention_period (country, class, years, start, law)
    SELECT p.* FROM jsonb_to_recordset(register -> 'periods') AS p (country text, class text, years smallint,
        start text, law text);
    WITH RECURSIVE below AS (
        SELECT t.name::regclass AS id, 0 AS depth FROM register_table AS t
        UNION
        SELECT k.conrelid, b.depth + 1
        FROM below AS b
        JOIN pg_constraint AS k ON k.confrelid = b.id AND k.contype = 'f' AND k.conrelid <> k.confrelid
        WHERE b.depth < 50
    )
    UPDATE register_table AS t
    SET depth = (SELECT max(b.depth) FROM below AS b WHERE b.id = t.name::regclass);
    RETURN (SELECT count(*) FROM register_column);
END $$;

CREATE FUNCTION public.instalment_open_minor(portal smallint, instalment bigint) RETURNS bigint
    LANGUAGE sql STABLE
    RETURN (SELECT (CASE WHEN (i.invoice_id IS NULL) THEN ((i.amount_minor)::numeric - COALESCE((SELECT sum(p.amount_minor) AS sum FROM public.payment p WHERE ((p.portal_id = i.portal_id) AND (p.instalment_id = i.id))), (0)::numeric)) ELSE LEAST((i.amount_minor)::numeric, GREATEST((0)::numeric, ((v.amount_minor)::numeric - COALESCE((SELECT sum(p.amount_minor) AS sum FROM public.payment p WHERE ((p.portal_id = i.portal_id) AND (p.invoice_id = v.id))), (0)::numeric)))) END)::bigint AS "least" FROM (public.instalment i LEFT JOIN public.invoice v ON (((v.portal_id = i.portal_id) AND (v.id = i.invoice_id)))) WHERE ((i.portal_id = instalment_open_minor.portal) AND (i.id = instalment_open_minor.instalment)));

CREATE FUNCTION public.invoice_state(amount_minor bigint, paid_minor bigint, due_on date, today date) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (paid_minor >= amount_minor) THEN 'paid'::text WHEN (due_on < today) THEN 'overdue'::text WHEN (paid_minor > 0) THEN 'partly'::text ELSE 'unpaid'::text END;

CREATE FUNCTION public.is_left_over(portal smallint, run bigint, subject text, rule bigint, subject_id bigint, account bigint, due date, missed date, today date) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN (((due < missed) OR (due > (today - 1))) AND (NOT (EXISTS (SELECT FROM public.reminder m WHERE ((m.portal_id = is_left_over.portal) AND (m.rule_id = is_left_over.rule) AND (m.subject_kind = is_left_over.subject) AND (m.subject_id = is_left_over.subject_id) AND (m.account_id = is_left_over.account) AND (m.due_date = is_left_over.due) AND (m.run_id = is_left_over.run))))));

CREATE FUNCTION public.iso_date(value text) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN (value ~ '^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'::text) THEN CASE WHEN (((substr(value, 9, 2))::integer)::numeric <= EXTRACT(day FROM (date_trunc('month'::text, (((substr(value, 1, 7) || '-01'::text))::date)::timestamp with time zone) + '1 mon -1 days'::interval))) THEN (value)::date ELSE NULL::date END ELSE NULL::date END;

CREATE FUNCTION public.keep_job_history(days integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET lock_timeout TO '2s'
    AS $_$
DECLARE
    first date;
    name text;
    dropped integer := 0;
BEGIN
    IF days < 1 THEN
        RAISE EXCEPTION 'history is kept for a day at least' USING ERRCODE = 'PD003';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('portaldesk.job_history', 0));
    FOR ahead IN 0..2 LOOP
        first := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead);
        name := 'job_history_' || to_char(first, 'YYYY_MM');
        CONTINUE WHEN to_regclass(name) IS NOT NULL OR EXISTS (SELECT FROM job_history_rest AS r
            WHERE r.finished_at >= first::timestamp AT TIME ZONE 'UTC'
                AND r.finished_at < (first + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('CREATE TABLE %I PARTITION OF job_history FOR VALUES FROM (%L) TO (%L)', name,
            first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('CALL raise_wall(%L)', name);
    END LOOP;
    FOR name IN
        SELECT c.relname
        FROM pg_inherits AS i
        JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'job_history'::regclass AND c.relname ~ '^job_history_\d{4}_\d{2}$'
            AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' < now() - make_interval(days => days)
    LOOP
        EXECUTE format('DROP TABLE %I', name);
        dropped := dropped + 1;
    END LOOP;
    DELETE FROM job_history_rest WHERE finished_at < now() - make_interval(days => days);
    RETURN dropped;
EXCEPTION WHEN lock_not_available THEN
    RETURN 0;
END $_$;

CREATE TABLE public.register_table (
    name text NOT NULL,
    "position" smallint NOT NULL,
    depth smallint DEFAULT 0 NOT NULL,
    class text NOT NULL,
    is_deleted boolean NOT NULL,
    rows text NOT NULL,
    exception text NOT NULL,
    sources text[] NOT NULL,
    starts jsonb NOT NULL
);

CREATE FUNCTION public.live_cell(fate text, name text, type text, class text) RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE WHEN (fate = 'pseudonymise'::text) THEN format('t.%I !~ ''^\*[0-9A-F]{10}$'''::text, name) WHEN (fate = 'sealed'::text) THEN format('t.%I IS NOT NULL AND (t.key_subject_kind, t.key_subject_id) IN (SELECT t.subject_kind, t.subject_id FROM subject_key AS t WHERE t.portal_id = $1 AND (%s) AND t.class = %L AND t.wrapped IS NOT NULL)'::text, name, (SELECT r.rows FROM public.register_table r WHERE (r.name = 'subject_key'::text)), class) WHEN (type = 'text'::text) THEN format('t.%I <> '''''::text, name) WHEN (type = 'jsonb'::text) THEN format('t.%I <> ''{}'''::text, name) ELSE format('t.%I IS NOT NULL'::text, name) END;

CREATE FUNCTION public.plan_hash(lines text[]) RETURNS bytea
    LANGUAGE sql IMMUTABLE
    RETURN (SELECT sha256(convert_to(COALESCE(string_agg(l.line, '
'::text ORDER BY (l.line COLLATE "C")), ''::text), 'UTF8'::name)) AS sha256 FROM unnest(plan_hash.lines) l(line));

CREATE FUNCTION public.plan_line(table_name text, column_name text, class text, action text, reason text, until date, cells bigint) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN ((((((((((((table_name || '|'::text) || column_name) || '|'::text) || class) || '|'::text) || action) || '|'::text) || COALESCE(reason, ''::text)) || '|'::text) || COALESCE(to_char((until)::timestamp with time zone, 'YYYY-MM-DD'::text), ''::text)) || '|'::text) || cells);

CREATE FUNCTION public.live_plan_hash(portal smallint, client bigint) RETURNS bytea
    LANGUAGE sql STABLE
    RETURN public.plan_hash(ARRAY(SELECT public.plan_line(l.table_name, l.column_name, l.class, l.action, l.reason, l.until, l.cells) AS plan_line FROM public.erasure_lines(live_plan_hash.portal, live_plan_hash.client) l(table_name, column_name, class, meaning, action, reason, until, cells)));

CREATE FUNCTION public.match_receipts(portal smallint, only_receipt bigint) RETURNS integer
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.message_file_is_final() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'a file that was brought does not change'
        USING ERRCODE = 'PD002', CONSTRAINT = 'message_file_is_final';
END $$;

CREATE FUNCTION public.message_moves_forward() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'planned' AND NEW.state IN ('handed_over', 'cancelled', 'refused'))
        OR (OLD.state = 'planned' AND NEW.state = 'confirmed' AND OLD.delivery = 'delivered')
        OR (OLD.state = 'handed_over' AND NEW.state IN ('planned', 'confirmed', 'refused', 'uncertain'))
        OR (OLD.state = 'uncertain' AND NEW.state IN ('confirmed', 'refused', 'cancelled')))
    THEN
        RAISE EXCEPTION 'message cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'PD002', CONSTRAINT = 'message_moves_forward';
    END IF;
    RETURN NEW;
END $$;

CREATE TABLE public.run (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    schedule text NOT NULL,
    trigger text NOT NULL,
    local_at timestamp without time zone NOT NULL,
    for_date date NOT NULL,
    asked_by bigint,
    state text DEFAULT 'waiting'::text NOT NULL,
    reason text,
    progress integer DEFAULT 0 NOT NULL,
    progress_total integer,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    waits_for text,
    CONSTRAINT run_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'finished'::text, 'failed'::text, 'skipped'::text]))),
    CONSTRAINT run_trigger_check CHECK ((trigger = ANY (ARRAY['schedule'::text, 'staff'::text, 'command_line'::text]))),
    CONSTRAINT run_waits_for_check CHECK ((waits_for = 'approval'::text))
);

ALTER TABLE ONLY public.run FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.missed_days(portal smallint, run bigint) RETURNS SETOF date
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT (u.for_date - g.n)
    FROM (public.run u
      CROSS JOIN generate_series(1, 7) g(n))
   WHERE ((u.portal_id = missed_days.portal) AND (u.id = missed_days.run) AND (u.trigger = 'schedule'::text) AND (EXISTS ( SELECT
            FROM public.run o
           WHERE ((o.portal_id = u.portal_id) AND (o.schedule = u.schedule) AND (o.for_date < (u.for_date - g.n)) AND (o.state <> 'skipped'::text)))) AND (NOT (EXISTS ( SELECT
            FROM public.run o
           WHERE ((o.portal_id = u.portal_id) AND (o.schedule = u.schedule) AND (o.for_date = (u.for_date - g.n)) AND ((o.state <> 'skipped'::text) OR (COALESCE(o.reason, ''::text) <> ALL (ARRAY['missed'::text, 'superseded'::text, 'too_late'::text]))))))))
   ORDER BY g.n;
END;

CREATE FUNCTION public.once_set_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE TABLE public.message (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    reference uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    client_id bigint,
    account_id bigint,
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    language text NOT NULL,
    template_version integer NOT NULL,
    key_subject_kind text NOT NULL,
    key_subject_id bigint NOT NULL,
    recipient bytea NOT NULL,
    recipient_hint text NOT NULL,
    content bytea,
    secret boolean DEFAULT false NOT NULL,
    state text DEFAULT 'planned'::text NOT NULL,
    reason text,
    provider_id bigint,
    provider_reference text,
    not_after timestamp with time zone,
    attempts smallint DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    run_id bigint,
    planned_at timestamp with time zone DEFAULT now() NOT NULL,
    handed_at timestamp with time zone,
    settled_at timestamp with time zone,
    wiped_at timestamp with time zone,
    decided_by bigint,
    parts smallint DEFAULT 1 NOT NULL,
    delivery text,
    delivered_at timestamp with time zone,
    copy_of bigint,
    slot_at timestamp with time zone,
    CONSTRAINT message_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
    CONSTRAINT message_check CHECK (((content IS NULL) = (wiped_at IS NOT NULL))),
    CONSTRAINT message_check1 CHECK (((NOT secret) OR (state = ANY (ARRAY['planned'::text, 'handed_over'::text])) OR (wiped_at IS NOT NULL))),
    CONSTRAINT message_delivery_check CHECK ((delivery = ANY (ARRAY['delivered'::text, 'undelivered'::text]))),
    CONSTRAINT message_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'handed_over'::text, 'confirmed'::text, 'refused'::text, 'uncertain'::text, 'cancelled'::text])))
);

ALTER TABLE ONLY public.message FORCE ROW LEVEL SECURITY;

CREATE TABLE public.request_letter (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    request_id bigint NOT NULL,
    kind text NOT NULL,
    language text NOT NULL,
    key_subject_kind text NOT NULL,
    key_subject_id bigint NOT NULL,
    content bytea NOT NULL,
    printed bytea,
    message_id bigint,
    made_by bigint,
    made_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.request_letter FORCE ROW LEVEL SECURITY;

CREATE TABLE public.request_pause (
    portal_id smallint NOT NULL,
    request_id bigint NOT NULL,
    id bigint NOT NULL,
    reason text NOT NULL,
    letter_id bigint NOT NULL,
    started_by bigint NOT NULL,
    started_on date NOT NULL,
    ended_by bigint,
    ended_on date,
    posted_on date,
    CONSTRAINT request_pause_check CHECK ((ended_on >= started_on)),
    CONSTRAINT request_pause_reason_check CHECK ((reason = ANY (ARRAY['identity'::text, 'document'::text, 'clarification'::text, 'authority'::text])))
);

ALTER TABLE ONLY public.request_pause FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.pause_has_left(pause public.request_pause) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN (((pause).posted_on IS NOT NULL) OR (EXISTS (SELECT FROM (public.request_letter l JOIN public.message m ON (((m.portal_id = l.portal_id) AND (m.id = l.message_id)))) WHERE ((l.portal_id = (pause_has_left.pause).portal_id) AND (l.id = (pause_has_left.pause).letter_id) AND (m.state <> ALL (ARRAY['refused'::text, 'cancelled'::text]))))));

CREATE FUNCTION public.policy_state(expires_on date, today date, warn_days integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (expires_on < today) THEN 'expired'::text WHEN (expires_on <= (today + warn_days)) THEN 'expiring'::text ELSE 'active'::text END;

CREATE PROCEDURE public.raise_wall(IN wall regclass)
    LANGUAGE plpgsql
    AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', wall);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', wall);
    EXECUTE format('CREATE POLICY scope ON %s TO portaldesk_console, portaldesk_worker '
        'USING (portal_id = ANY ((SELECT scope_portals())::smallint[])) '
        'WITH CHECK (portal_id = ANY ((SELECT scope_portals())::smallint[]))', wall);
    EXECUTE format('CREATE POLICY owner ON %s TO portaldesk_owner USING (true) WITH CHECK (true)', wall);
END $$;

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'PD001';
END $$;

CREATE FUNCTION public.refuse_restricted() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF current_user <> 'portaldesk_owner' AND EXISTS (SELECT FROM written AS w
        JOIN client_restriction AS r ON r.portal_id = w.portal_id AND r.client_id = w.client_id) THEN
        RAISE EXCEPTION 'the data of this client are retained by law alone'
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_is_restricted';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.refuse_restricted_client() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF current_user <> 'portaldesk_owner' AND EXISTS (SELECT FROM written AS w
        JOIN client_restriction AS r ON r.portal_id = w.portal_id AND r.client_id = w.id) THEN
        RAISE EXCEPTION 'the data of this client are retained by law alone'
            USING ERRCODE = 'PD002', CONSTRAINT = 'client_is_restricted';
    END IF;
    RETURN NULL;
END $$;

CREATE TABLE public.reminder_limit (
    portal_id smallint NOT NULL,
    approve_above integer,
    most_messages smallint,
    most_days smallint DEFAULT 7 NOT NULL,
    sms_price_minor integer,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT reminder_limit_approve_above_check CHECK ((approve_above >= 0)),
    CONSTRAINT reminder_limit_most_days_check CHECK (((most_days >= 1) AND (most_days <= 90))),
    CONSTRAINT reminder_limit_most_messages_check CHECK (((most_messages >= 1) AND (most_messages <= 100))),
    CONSTRAINT reminder_limit_sms_price_minor_check CHECK ((sms_price_minor >= 0))
);

ALTER TABLE ONLY public.reminder_limit FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.reminder_cap_reached(portal smallint, account bigint) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN (SELECT ((SELECT count(DISTINCT m.message_id) AS count FROM public.reminder m WHERE ((m.portal_id = reminder_cap_reached.portal) AND (m.account_id = reminder_cap_reached.account) AND (m.state = 'sent'::text) AND (m.planned_at > (now() - make_interval(days => (l.most_days)::integer))))) >= l.most_messages) FROM public.reminder_limit l WHERE (l.portal_id = reminder_cap_reached.portal));

CREATE FUNCTION public.reminder_obstacle(portal smallint, reminder bigint) RETURNS text
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (NOT r.active) THEN 'rule_off'::text
             WHEN (COALESCE((public.instalment_open_minor(reminder_obstacle.portal, i.id))::numeric, ((v.amount_minor)::numeric - COALESCE(( SELECT sum(q.amount_minor) AS sum
                FROM public.payment q
               WHERE ((q.portal_id = reminder_obstacle.portal) AND (q.invoice_id = v.id))), (0)::numeric))) <= (0)::numeric) THEN 'paid'::text
             WHEN ((p.expires_on > m.due_date) OR (EXISTS ( SELECT
                FROM public.policy_successors(p.portal_id, p.client_id, p.contract_id, p.kind, p.number, p.expires_on) policy_successors(id)))) THEN 'renewed'::text
             WHEN (
             CASE m.subject_kind
                 WHEN 'instalment'::text THEN i.due_on
                 WHEN 'policy'::text THEN p.expires_on
                 WHEN 'invoice'::text THEN v.due_on
                 WHEN 'new_invoice'::text THEN v.issued_on
                 ELSE public.access_ends_on(reminder_obstacle.portal, m.client_id)
             END IS DISTINCT FROM m.due_date) THEN 'moved'::text
             WHEN (NOT (EXISTS ( SELECT
                FROM public.access x
               WHERE ((x.portal_id = reminder_obstacle.portal) AND (x.account_id = m.account_id) AND (x.client_id = m.client_id) AND (x.ended_at IS NULL) AND COALESCE((x.rights && public.reminder_rights(m.subject_kind)), true))))) THEN 'access_ended'::text
             ELSE public.account_obstacle(a.state, a.remind_by, a.phone, a.email)
         END AS account_obstacle
    FROM (((((public.reminder m
      JOIN public.rule r ON (((r.portal_id = m.portal_id) AND (r.id = m.rule_id))))
      JOIN public.account a ON (((a.portal_id = m.portal_id) AND (a.id = m.account_id))))
      LEFT JOIN public.instalment i ON (((m.subject_kind = 'instalment'::text) AND (i.portal_id = m.portal_id) AND (i.id = m.subject_id))))
      LEFT JOIN public.policy p ON (((m.subject_kind = 'policy'::text) AND (p.portal_id = m.portal_id) AND (p.id = m.subject_id))))
      LEFT JOIN public.invoice v ON (((m.subject_kind = ANY (ARRAY['invoice'::text, 'new_invoice'::text])) AND (v.portal_id = m.portal_id) AND (v.id = m.subject_id))))
   WHERE ((m.portal_id = reminder_obstacle.portal) AND (m.id = reminder_obstacle.reminder));
END;

CREATE FUNCTION public.replay_erasure(portal smallint, client bigint, word text, made bigint, approved bigint, executed bigint) RETURNS text
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.request_letter_is_final() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.printed IS NOT NULL OR (NEW.content, NEW.kind, NEW.request_id, NEW.made_at)
        IS DISTINCT FROM (OLD.content, OLD.kind, OLD.request_id, OLD.made_at) THEN
        RAISE EXCEPTION 'a letter that was sent does not change'
            USING ERRCODE = 'PD002', CONSTRAINT = 'request_letter_is_final';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.require_scope(portal smallint) RETURNS void
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    IF session_user <> 'portaldesk_owner' AND NOT portal = ANY (coalesce(scope_portals(), '{}')) THEN
        RAISE EXCEPTION 'this portal is out of scope' USING ERRCODE = '42501';
    END IF;
END $$;

CREATE FUNCTION public.scan_is_work() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE application
    SET worked_by = worked_by || NEW.uploaded_by
    WHERE portal_id = NEW.portal_id AND id = NEW.subject_id AND NEW.uploaded_by <> ALL (worked_by);
    RETURN NULL;
END $$;

CREATE FUNCTION public.scope_portals() RETURNS smallint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('portaldesk.portals'::text, true), ''::text))::smallint[];

CREATE FUNCTION public.scope_staff() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('portaldesk.staff'::text, true), ''::text))::bigint;

CREATE FUNCTION public.seconds_until_open(portal smallint, message bigint) RETURNS integer
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    hours sending_hours;
    zone text;
    local_now timestamp;
    day date;
    spread bigint;
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
    spread := least(hours.spread_minutes * 60, floor(extract(epoch FROM hours.closes - hours.opens) / 2)::bigint);
    RETURN greatest(1, ceil(extract(epoch FROM first_instant(day + hours.opens, zone) - now()))::integer
        + (message % (spread + 1))::integer);
END $$;

CREATE TABLE public.purpose (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    category text,
    covers text[] DEFAULT '{}'::text[] NOT NULL,
    text_id bigint NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT purpose_category_check CHECK ((category = ANY (ARRAY['functional'::text, 'analytics'::text, 'marketing'::text]))),
    CONSTRAINT purpose_check CHECK (((kind = 'cookies'::text) = (category IS NOT NULL))),
    CONSTRAINT purpose_check1 CHECK (((kind = 'messages'::text) = (cardinality(covers) > 0))),
    CONSTRAINT purpose_covers_check CHECK (((cardinality(covers) = 0) OR (array_to_string(covers, ' '::text) !~ '(^| )(accounts|identity|requests|texts|reminders|onboarding|$| )'::text))),
    CONSTRAINT purpose_key_check CHECK (((key ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'::text) AND (length(key) <= 40))),
    CONSTRAINT purpose_kind_check CHECK ((kind = ANY (ARRAY['cookies'::text, 'messages'::text, 'declaration'::text])))
);

ALTER TABLE ONLY public.purpose FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.send_obstacle(portal smallint, kind text, client bigint, account bigint) RETURNS text
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT
         CASE s.standing
             WHEN 'asked_again'::text THEN 'consent_asked_again'::text
             ELSE 'no_consent'::text
         END AS "case"
    FROM ((public.purpose p
      CROSS JOIN LATERAL ( SELECT public.consent_standing(send_obstacle.portal, p.id, NULL::bytea, send_obstacle.account, NULL::bigint) AS own,
             public.consent_standing(send_obstacle.portal, p.id, NULL::bytea, send_obstacle.account, send_obstacle.client) AS newest) d)
      CROSS JOIN LATERAL ( SELECT
                 CASE
                     WHEN (d.own <> 'grant'::text) THEN d.own
                     ELSE COALESCE(d.newest, 'none'::text)
                 END AS standing) s)
   WHERE ((p.portal_id = send_obstacle.portal) AND (s.standing <> 'grant'::text) AND (EXISTS ( SELECT
            FROM unnest(p.covers) b(start)
           WHERE starts_with(send_obstacle.kind, b.start))))
   ORDER BY p.id
  LIMIT 1;
END;

CREATE FUNCTION public.step_day(portal smallint, due date, days integer, day_kind text) RETURNS date
    LANGUAGE sql STABLE
    RETURN CASE day_kind WHEN 'working'::text THEN public.add_working_days(portal, due, (- days)) ELSE (due - days) END;

CREATE TABLE public.erasure_line (
    portal_id smallint NOT NULL,
    erasure_id bigint NOT NULL,
    table_name text NOT NULL,
    column_name text NOT NULL,
    class text NOT NULL,
    meaning text NOT NULL,
    action text NOT NULL,
    reason text,
    until date,
    cells bigint NOT NULL,
    remaining bigint,
    done_at timestamp with time zone,
    CONSTRAINT erasure_line_action_check CHECK ((action = ANY (ARRAY['delete'::text, 'erase'::text, 'pseudonymise'::text, 'destroy_key'::text, 'keep'::text]))),
    CONSTRAINT erasure_line_cells_check CHECK ((cells > 0)),
    CONSTRAINT erasure_line_check CHECK (((action = 'keep'::text) = (reason IS NOT NULL))),
    CONSTRAINT erasure_line_check1 CHECK (((remaining IS NULL) = (done_at IS NULL))),
    CONSTRAINT erasure_line_remaining_check CHECK ((remaining = 0))
);

ALTER TABLE ONLY public.erasure_line FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.stored_plan_hash(portal smallint, erasure bigint) RETURNS bytea
    LANGUAGE sql STABLE
    RETURN public.plan_hash(ARRAY(SELECT public.plan_line(l.table_name, l.column_name, l.class, l.action, l.reason, l.until, l.cells) AS plan_line FROM public.erasure_line l WHERE ((l.portal_id = stored_plan_hash.portal) AND (l.erasure_id = stored_plan_hash.erasure))));

CREATE FUNCTION public.subject_key_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.destroyed_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'a destroyed key never comes back'
            USING ERRCODE = 'PD002', CONSTRAINT = 'subject_key_moves';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.text_asks_is_final() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.text_locale_is_final() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.text_start(portal smallint, day date) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    RETURN CASE WHEN (day <= public.portal_today(portal)) THEN now() ELSE ((day)::timestamp without time zone AT TIME ZONE public.portal_zone(portal)) END;

CREATE FUNCTION public.text_version_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.totp_goes_on() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'a used step of an authenticator does not come back'
        USING ERRCODE = 'PD002', CONSTRAINT = 'staff_totp_goes_on';
END $$;

CREATE FUNCTION public.vacuum_blockers(minutes integer) RETURNS TABLE(pid integer, session text, minutes_old integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    SELECT a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, 'unknown'),
        (extract(epoch FROM clock_timestamp() - a.xact_start) / 60)::integer
    FROM pg_stat_activity AS a
    WHERE a.backend_xmin IS NOT NULL AND a.datname = current_database() AND a.backend_type = 'client backend'
        AND a.xact_start < clock_timestamp() - make_interval(mins => minutes)
    ORDER BY a.xact_start
    LIMIT 10
$$;

CREATE FUNCTION public.verification_moves() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.verification_step_stands() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.result IS NOT NULL OR NEW.kind <> OLD.kind OR NEW.question IS DISTINCT FROM OLD.question THEN
        RAISE EXCEPTION 'a step that was decided stands' USING ERRCODE = 'PD002', CONSTRAINT = 'verification_step_stands';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.wall_instant(local_at timestamp without time zone, zone text, repeated_hour text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN (repeated_hour = 'last'::text) THEN COALESCE((SELECT max(((wall_instant.local_at AT TIME ZONE wall_instant.zone) + ((k.k)::double precision * '00:30:00'::interval))) AS max FROM generate_series('-6'::integer, 6) k(k) WHERE ((((wall_instant.local_at AT TIME ZONE wall_instant.zone) + ((k.k)::double precision * '00:30:00'::interval)) AT TIME ZONE wall_instant.zone) = wall_instant.local_at)), public.first_instant(local_at, zone)) ELSE public.first_instant(local_at, zone) END;

CREATE FUNCTION public.working_days_between(portal smallint, first date, last date) RETURNS bigint
    LANGUAGE sql STABLE
    RETURN (SELECT count(*) FILTER (WHERE c.works) AS count FROM public.calendar_days(working_days_between.portal, (working_days_between.first + 1), working_days_between.last) c(day, works, reason, name));

CREATE TABLE public.access_warning (
    portal_id smallint NOT NULL,
    account_id bigint NOT NULL,
    client_id bigint NOT NULL,
    ends_on date NOT NULL,
    warned_at timestamp with time zone DEFAULT now() NOT NULL,
    announced_day date
);

ALTER TABLE ONLY public.access_warning FORCE ROW LEVEL SECURITY;

CREATE TABLE public.account_code (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    purpose text NOT NULL,
    code_hash bytea NOT NULL,
    tries smallint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    voided_at timestamp with time zone,
    CONSTRAINT account_code_purpose_check CHECK ((purpose = ANY (ARRAY['first_sign_in'::text, 'second_step'::text, 'temporary_password'::text, 'activation_link'::text, 'recovery_code'::text, 'recovery_link'::text])))
);

ALTER TABLE ONLY public.account_code FORCE ROW LEVEL SECURITY;

ALTER TABLE public.account_code ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.account_code_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_device (
    portal_id smallint NOT NULL,
    token_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    wrong_sign_ins smallint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.account_device FORCE ROW LEVEL SECURITY;

ALTER TABLE public.account ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_session (
    portal_id smallint NOT NULL,
    token_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    step text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT account_session_step_check CHECK ((step = ANY (ARRAY['set_password'::text, 'second_step'::text, 'full'::text])))
);

ALTER TABLE ONLY public.account_session FORCE ROW LEVEL SECURITY;

CREATE TABLE public.account_term (
    portal_id smallint NOT NULL,
    term text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    account_id bigint NOT NULL,
    CONSTRAINT account_term_kind_check CHECK ((kind = ANY (ARRAY['name'::text, 'login'::text, 'phone'::text, 'email'::text])))
);

ALTER TABLE ONLY public.account_term FORCE ROW LEVEL SECURITY;

CREATE TABLE public.alarm (
    portal_id smallint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    owner text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    told_at timestamp with time zone,
    CONSTRAINT alarm_kind_check CHECK ((kind = ANY (ARRAY['schedule_late'::text, 'queue_late'::text, 'vacuum_blocked'::text, 'sending_stopped'::text, 'journal_failed'::text])))
);

ALTER TABLE ONLY public.alarm FORCE ROW LEVEL SECURITY;

CREATE TABLE public.application (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    form jsonb DEFAULT '{}'::jsonb NOT NULL,
    client_name text DEFAULT ''::text NOT NULL,
    client_id bigint,
    opened_by bigint NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_by bigint NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    submitted_by bigint,
    submitted_at timestamp with time zone,
    decided_by bigint,
    decided_at timestamp with time zone,
    activated_by bigint,
    activated_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    typed_by bigint,
    typed_since timestamp with time zone,
    typed_fields text[] DEFAULT '{}'::text[] NOT NULL,
    worked_by bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    CONSTRAINT application_form_check CHECK ((jsonb_typeof(form) = 'object'::text)),
    CONSTRAINT application_kind_check CHECK ((kind = ANY (ARRAY['portal_users'::text, 'office'::text]))),
    CONSTRAINT application_not_own_work CHECK (((state <> ALL (ARRAY['approved'::text, 'activated'::text])) OR (decided_by <> ALL (worked_by)))),
    CONSTRAINT application_second_person CHECK (((state <> ALL (ARRAY['approved'::text, 'activated'::text])) OR ((decided_by IS NOT NULL) AND (decided_by <> opened_by) AND (decided_by <> submitted_by)))),
    CONSTRAINT application_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'approved'::text, 'activated'::text, 'refused'::text, 'withdrawn'::text]))),
    CONSTRAINT application_submitted CHECK (((state = ANY (ARRAY['draft'::text, 'withdrawn'::text])) OR (submitted_by IS NOT NULL))),
    CONSTRAINT application_typed CHECK (((typed_by IS NULL) = (typed_since IS NULL)))
);

ALTER TABLE ONLY public.application FORCE ROW LEVEL SECURITY;

ALTER TABLE public.application ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.application_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.application_remark (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    application_id bigint NOT NULL,
    field text NOT NULL,
    reason text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone
);

ALTER TABLE ONLY public.application_remark FORCE ROW LEVEL SECURITY;

ALTER TABLE public.application_remark ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.application_remark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_event (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    action text NOT NULL,
    actor_kind text NOT NULL,
    actor_id bigint,
    actor_name text DEFAULT ''::text NOT NULL,
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    client_id bigint,
    facts jsonb DEFAULT '{}'::jsonb NOT NULL,
    personal bytea,
    personal_class text,
    key_subject_kind text,
    key_subject_id bigint,
    reference text,
    CONSTRAINT audit_event_action_check CHECK ((action ~ '^[a-z_]+(\.[a-z_]+)+$'::text)),
    CONSTRAINT audit_event_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['staff'::text, 'account'::text, 'job'::text, 'system'::text, 'command_line'::text]))),
    CONSTRAINT audit_event_check CHECK (((personal IS NULL) = (personal_class IS NULL)))
);

ALTER TABLE ONLY public.audit_event FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.call_attempt (
    portal_id smallint NOT NULL,
    call_task_id bigint NOT NULL,
    attempt integer NOT NULL,
    outcome text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT call_attempt_outcome_check CHECK ((outcome = ANY (ARRAY['informed'::text, 'no_answer'::text, 'wrong_person'::text, 'refused'::text])))
);

ALTER TABLE ONLY public.call_attempt FORCE ROW LEVEL SECURITY;

CREATE TABLE public.call_task (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    application_id bigint NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    held_by bigint,
    held_until timestamp with time zone,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    outcome text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    done_at timestamp with time zone,
    CONSTRAINT call_task_check CHECK (((state = 'held'::text) = ((held_by IS NOT NULL) AND (held_until IS NOT NULL)))),
    CONSTRAINT call_task_check1 CHECK (((state = 'done'::text) = ((outcome IS NOT NULL) AND (done_at IS NOT NULL)))),
    CONSTRAINT call_task_outcome_check CHECK ((outcome = ANY (ARRAY['informed'::text, 'wrong_person'::text, 'refused'::text]))),
    CONSTRAINT call_task_state_check CHECK ((state = ANY (ARRAY['open'::text, 'held'::text, 'done'::text])))
);

ALTER TABLE ONLY public.call_task FORCE ROW LEVEL SECURITY;

ALTER TABLE public.call_task ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.call_task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.client ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.client_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.client_request (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL,
    lane text,
    state text DEFAULT 'received'::text NOT NULL,
    client_id bigint,
    account_id bigint,
    channel text NOT NULL,
    requester_name text NOT NULL,
    reply_to text,
    language text NOT NULL,
    statement text DEFAULT ''::text NOT NULL,
    received_on date NOT NULL,
    opened_by bigint,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    clock_country text,
    clock_version integer,
    clock_number smallint NOT NULL,
    clock_unit text NOT NULL,
    statutory_due date NOT NULL,
    effective_due date NOT NULL,
    internal_due date NOT NULL,
    extended_at timestamp with time zone,
    extension_reason text,
    held_by bigint,
    held_at timestamp with time zone,
    identity_method text,
    verification_id bigint,
    identity_by bigint,
    identity_at timestamp with time zone,
    proposal text,
    proposal_reason text,
    proposal_note text DEFAULT ''::text NOT NULL,
    proposed_by bigint,
    proposed_at timestamp with time zone,
    decision text,
    decision_reason text,
    decision_article text,
    decision_note text DEFAULT ''::text NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    paused_from text,
    blocked_since date,
    looked_at date,
    cooling_until date,
    executed_by bigint,
    executed_at timestamp with time zone,
    duplicate_of bigint,
    closed_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    snoozed_until date,
    snooze_reason text,
    CONSTRAINT client_request_channel_check CHECK ((channel = ANY (ARRAY['phone'::text, 'counter'::text, 'paper'::text, 'email'::text, 'portal'::text]))),
    CONSTRAINT client_request_check CHECK (((kind = 'data_change'::text) = (lane IS NOT NULL))),
    CONSTRAINT client_request_check1 CHECK (((state = 'waiting_client'::text) = (paused_from IS NOT NULL))),
    CONSTRAINT client_request_check2 CHECK (((state = ANY (ARRAY['closed'::text, 'withdrawn'::text, 'duplicate'::text, 'lapsed'::text])) = (closed_at IS NOT NULL))),
    CONSTRAINT client_request_check3 CHECK (((decision IS NULL) = (decided_by IS NULL))),
    CONSTRAINT client_request_check4 CHECK (((held_by IS NULL) = (held_at IS NULL))),
    CONSTRAINT client_request_check5 CHECK (((clock_country IS NULL) = (clock_version IS NULL))),
    CONSTRAINT client_request_check6 CHECK (((state = 'duplicate'::text) = (duplicate_of IS NOT NULL))),
    CONSTRAINT client_request_check7 CHECK (((client_id IS NOT NULL) OR (kind = ANY (ARRAY['complaint'::text, 'fault_report'::text, 'contact'::text, 'other'::text])))),
    CONSTRAINT client_request_clock_unit_check CHECK ((clock_unit = ANY (ARRAY['month'::text, 'calendar'::text, 'working'::text]))),
    CONSTRAINT client_request_decision_check CHECK ((decision = ANY (ARRAY['granted'::text, 'partial'::text, 'refused'::text, 'answered'::text]))),
    CONSTRAINT client_request_extension_reason_check CHECK ((extension_reason = ANY (ARRAY['complex'::text, 'many_requests'::text]))),
    CONSTRAINT client_request_identity_method_check CHECK ((identity_method = ANY (ARRAY['document_at_counter'::text, 'call_back'::text, 'portal_session'::text, 'signed_paper'::text, 'verification'::text]))),
    CONSTRAINT client_request_is_decided CHECK (((kind = ANY (ARRAY['complaint'::text, 'fault_report'::text, 'contact'::text])) OR (state <> ALL (ARRAY['approved'::text, 'cooling_off'::text, 'executing'::text, 'verifying'::text, 'notified'::text, 'partial'::text, 'closed'::text])) OR ((decided_by IS NOT NULL) AND (decision IS NOT NULL)))),
    CONSTRAINT client_request_kind_check CHECK ((kind = ANY (ARRAY['data_change'::text, 'account_deletion'::text, 'erasure'::text, 'access_copy'::text, 'complaint'::text, 'fault_report'::text, 'contact'::text, 'instalment_change'::text, 'other'::text]))),
    CONSTRAINT client_request_lane_check CHECK ((lane = ANY (ARRAY['record'::text, 'contract'::text]))),
    CONSTRAINT client_request_paused_from_check CHECK ((paused_from = ANY (ARRAY['received'::text, 'identity'::text, 'assessment'::text]))),
    CONSTRAINT client_request_proposal_check CHECK ((proposal = ANY (ARRAY['granted'::text, 'partial'::text, 'refused'::text]))),
    CONSTRAINT client_request_second_person CHECK ((decided_by <> proposed_by)),
    CONSTRAINT client_request_snooze CHECK ((snoozed_until <= effective_due)),
    CONSTRAINT client_request_state_check CHECK ((state = ANY (ARRAY['received'::text, 'identity'::text, 'waiting_client'::text, 'assessment'::text, 'blocked'::text, 'plan'::text, 'decision'::text, 'approved'::text, 'cooling_off'::text, 'executing'::text, 'verifying'::text, 'notified'::text, 'partial'::text, 'held'::text, 'failed'::text, 'closed'::text, 'withdrawn'::text, 'duplicate'::text, 'lapsed'::text]))),
    CONSTRAINT client_request_two_persons CHECK ((executed_by <> decided_by))
);

ALTER TABLE ONLY public.client_request FORCE ROW LEVEL SECURITY;

ALTER TABLE public.client_request ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.client_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.client_restriction (
    portal_id smallint NOT NULL,
    client_id bigint NOT NULL,
    erasure_id bigint NOT NULL,
    until date,
    since timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.client_restriction FORCE ROW LEVEL SECURITY;

CREATE TABLE public.client_term (
    portal_id smallint NOT NULL,
    client_id bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    term text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT client_term_kind_check CHECK ((kind = ANY (ARRAY['name'::text, 'number'::text, 'phone'::text, 'email'::text, 'contract'::text, 'registration'::text])))
);

ALTER TABLE ONLY public.client_term FORCE ROW LEVEL SECURITY;

CREATE TABLE public.clock_rule (
    country text NOT NULL,
    kind text NOT NULL,
    version integer NOT NULL,
    valid_from date NOT NULL,
    number smallint NOT NULL,
    unit text NOT NULL,
    extension_number smallint,
    extension_unit text,
    source text NOT NULL,
    CONSTRAINT clock_rule_check CHECK (((extension_number IS NULL) = (extension_unit IS NULL))),
    CONSTRAINT clock_rule_country_check CHECK (((country = '*'::text) OR (country ~ '^[A-Z]{2}$'::text))),
    CONSTRAINT clock_rule_extension_number_check CHECK ((extension_number > 0)),
    CONSTRAINT clock_rule_extension_unit_check CHECK ((extension_unit = ANY (ARRAY['month'::text, 'calendar'::text, 'working'::text]))),
    CONSTRAINT clock_rule_number_check CHECK ((number > 0)),
    CONSTRAINT clock_rule_unit_check CHECK ((unit = ANY (ARRAY['month'::text, 'calendar'::text, 'working'::text])))
);

CREATE TABLE public.company_code (
    portal_id smallint NOT NULL,
    application_id bigint NOT NULL,
    client_id bigint,
    code_hash bytea NOT NULL,
    sealed bytea NOT NULL,
    key_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.company_code FORCE ROW LEVEL SECURITY;

CREATE TABLE public.consent_budget (
    portal_id smallint NOT NULL,
    bucket bytea NOT NULL,
    minute timestamp with time zone NOT NULL,
    spent integer NOT NULL
);

ALTER TABLE ONLY public.consent_budget FORCE ROW LEVEL SECURITY;

ALTER TABLE public.consent ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.consent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.consent_receipt (
    portal_id smallint NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    once_key bytea NOT NULL,
    request bytea NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.consent_receipt FORCE ROW LEVEL SECURITY;

CREATE TABLE public.contact_change (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    client_id bigint,
    kind text NOT NULL,
    old_value text,
    new_value text NOT NULL,
    reason text NOT NULL,
    state text NOT NULL,
    verification_id bigint,
    asked_by bigint,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    effective_at timestamp with time zone,
    stop_hash bytea,
    settled_at timestamp with time zone,
    CONSTRAINT contact_change_check CHECK (((asked_by IS NULL) OR (state = ANY (ARRAY['asked'::text, 'stopped'::text, 'lapsed'::text])) OR (decided_by IS NOT NULL))),
    CONSTRAINT contact_change_check1 CHECK (((state = ANY (ARRAY['waiting'::text, 'applied'::text])) <= ((effective_at IS NOT NULL) AND (stop_hash IS NOT NULL)))),
    CONSTRAINT contact_change_check2 CHECK (((state = ANY (ARRAY['asked'::text, 'waiting'::text])) = (settled_at IS NULL))),
    CONSTRAINT contact_change_kind_check CHECK ((kind = ANY (ARRAY['phone'::text, 'email'::text]))),
    CONSTRAINT contact_change_second_person CHECK ((decided_by <> asked_by)),
    CONSTRAINT contact_change_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'waiting'::text, 'applied'::text, 'stopped'::text, 'declined'::text, 'lapsed'::text])))
);

ALTER TABLE ONLY public.contact_change FORCE ROW LEVEL SECURITY;

ALTER TABLE public.contact_change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.contact_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.contact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.contract ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contract_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.cookie_item ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.cookie_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.data_change (
    portal_id smallint NOT NULL,
    request_id bigint NOT NULL,
    field text NOT NULL,
    contract_id bigint,
    old_value text,
    new_value text NOT NULL,
    in_force_at timestamp with time zone,
    confirmed_at timestamp with time zone,
    confirmed_by bigint,
    CONSTRAINT data_change_check CHECK (((confirmed_at IS NULL) OR (in_force_at IS NOT NULL))),
    CONSTRAINT data_change_field_check CHECK ((field = ANY (ARRAY['name'::text, 'address'::text, 'phone'::text, 'email'::text, 'identity_document'::text, 'lessee'::text, 'garage_address'::text, 'annex'::text])))
);

ALTER TABLE ONLY public.data_change FORCE ROW LEVEL SECURITY;

CREATE TABLE public.erasure (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    request_id bigint,
    state text DEFAULT 'planned'::text NOT NULL,
    plan_hash bytea NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    approved_by bigint,
    approved_at timestamp with time zone,
    executed_by bigint,
    executed_at timestamp with time zone,
    finished_at timestamp with time zone,
    next_on date,
    pseudonym text DEFAULT ('*'::text || upper(substr(replace((gen_random_uuid())::text, '-'::text, ''::text), 1, 10))) NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT erasure_check CHECK (((approved_by IS NULL) = ((state = 'planned'::text) OR ((state = 'dropped'::text) AND (approved_at IS NULL))))),
    CONSTRAINT erasure_check1 CHECK (((state = ANY (ARRAY['partial'::text, 'done'::text])) = (executed_by IS NOT NULL))),
    CONSTRAINT erasure_check2 CHECK (((state = 'done'::text) = (finished_at IS NOT NULL))),
    CONSTRAINT erasure_second_person CHECK ((approved_by <> made_by)),
    CONSTRAINT erasure_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'approved'::text, 'partial'::text, 'done'::text, 'dropped'::text]))),
    CONSTRAINT erasure_two_persons CHECK ((executed_by <> approved_by))
);

ALTER TABLE ONLY public.erasure FORCE ROW LEVEL SECURITY;

CREATE TABLE public.erasure_hold (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    class text,
    reason text NOT NULL,
    review_on date NOT NULL,
    placed_by bigint NOT NULL,
    placed_at timestamp with time zone DEFAULT now() NOT NULL,
    released_by bigint,
    released_at timestamp with time zone,
    CONSTRAINT erasure_hold_check CHECK (((released_by IS NULL) = (released_at IS NULL))),
    CONSTRAINT erasure_hold_reason_check CHECK ((reason = ANY (ARRAY['claim'::text, 'dispute'::text, 'authority'::text, 'accident'::text])))
);

ALTER TABLE ONLY public.erasure_hold FORCE ROW LEVEL SECURITY;

ALTER TABLE public.erasure_hold ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.erasure_hold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.erasure ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.erasure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.erasure_ledger (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    erasure_id bigint NOT NULL,
    client_id bigint NOT NULL,
    pseudonym text NOT NULL,
    plan_hash bytea NOT NULL,
    classes text[] NOT NULL,
    cells bigint NOT NULL,
    made_by bigint NOT NULL,
    approved_by bigint NOT NULL,
    executed_by bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT erasure_ledger_classes_check CHECK ((array_to_string(classes, ','::text) ~ '^[a-z_,]*$'::text)),
    CONSTRAINT erasure_ledger_pseudonym_check CHECK ((pseudonym ~ '^\*[0-9A-F]{10}$'::text))
);

ALTER TABLE ONLY public.erasure_ledger FORCE ROW LEVEL SECURITY;

ALTER TABLE public.erasure_ledger ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.erasure_ledger_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.form_key (
    key_hash bytea NOT NULL,
    staff_id bigint NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL,
    result_path text NOT NULL
);

CREATE TABLE public.gateway (
    portal_id smallint NOT NULL,
    provider_id bigint NOT NULL,
    tokens double precision DEFAULT 1 NOT NULL,
    filled_at timestamp with time zone DEFAULT now() NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    reason text,
    open_until timestamp with time zone,
    next_free_at timestamp with time zone
);

ALTER TABLE ONLY public.gateway FORCE ROW LEVEL SECURITY;

CREATE TABLE public.inbox_message (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    channel text NOT NULL,
    reference uuid NOT NULL,
    recipient text NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    body text NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT inbox_message_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text])))
);

ALTER TABLE ONLY public.inbox_message FORCE ROW LEVEL SECURITY;

ALTER TABLE public.inbox_message ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.inbox_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.incident (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    client_id bigint,
    reason text NOT NULL,
    sessions_ended integer NOT NULL,
    codes_voided integer NOT NULL,
    opened_by bigint NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_by bigint,
    closed_at timestamp with time zone,
    outcome text,
    CONSTRAINT incident_check CHECK ((((closed_at IS NULL) = (outcome IS NULL)) AND ((closed_at IS NULL) = (closed_by IS NULL))))
);

ALTER TABLE ONLY public.incident FORCE ROW LEVEL SECURITY;

ALTER TABLE public.incident ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.incident_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.instalment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.instalment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.invoice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.invoice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.job (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL,
    queue text NOT NULL,
    state text NOT NULL,
    priority smallint DEFAULT 100 NOT NULL,
    run_at timestamp with time zone DEFAULT now() NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    max_attempts integer DEFAULT 3 NOT NULL,
    lease_until timestamp with time zone,
    worker text,
    unique_key text,
    run_id bigint,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    error_code text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT job_check CHECK (((state = 'leased'::text) = ((lease_until IS NOT NULL) AND (worker IS NOT NULL)))),
    CONSTRAINT job_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'waiting'::text, 'leased'::text, 'quarantined'::text])))
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

ALTER TABLE ONLY public.job FORCE ROW LEVEL SECURITY;

CREATE SEQUENCE public.job_history_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.job_history (
    portal_id smallint NOT NULL,
    id bigint DEFAULT nextval('public.job_history_number'::regclass) NOT NULL,
    job_id bigint NOT NULL,
    kind text NOT NULL,
    queue text NOT NULL,
    attempt integer NOT NULL,
    outcome text NOT NULL,
    error_code text,
    worker text NOT NULL,
    run_id bigint,
    finished_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT job_history_outcome_check1 CHECK ((outcome = ANY (ARRAY['done'::text, 'retried'::text, 'snoozed'::text, 'cancelled'::text, 'failed'::text, 'lost'::text])))
)
PARTITION BY RANGE (finished_at);

ALTER TABLE ONLY public.job_history FORCE ROW LEVEL SECURITY;

CREATE TABLE public.job_history_rest (
    portal_id smallint NOT NULL,
    id bigint DEFAULT nextval('public.job_history_number'::regclass) NOT NULL,
    job_id bigint NOT NULL,
    kind text NOT NULL,
    queue text NOT NULL,
    attempt integer NOT NULL,
    outcome text NOT NULL,
    error_code text,
    worker text NOT NULL,
    run_id bigint,
    finished_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT job_history_outcome_check1 CHECK ((outcome = ANY (ARRAY['done'::text, 'retried'::text, 'snoozed'::text, 'cancelled'::text, 'failed'::text, 'lost'::text])))
);

ALTER TABLE ONLY public.job_history_rest FORCE ROW LEVEL SECURITY;

ALTER TABLE public.job ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.journal_line (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    hash bytea NOT NULL,
    attempt smallint NOT NULL,
    fence_id bigint NOT NULL,
    channel text NOT NULL,
    kind text NOT NULL,
    handed_at timestamp with time zone NOT NULL,
    words bytea,
    answer text,
    message_id bigint,
    held_id bigint,
    CONSTRAINT journal_line_answer_check CHECK ((answer = ANY (ARRAY['accepted'::text, 'temporary'::text, 'permanent'::text, 'uncertain'::text]))),
    CONSTRAINT journal_line_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text])))
);

ALTER TABLE ONLY public.journal_line FORCE ROW LEVEL SECURITY;

ALTER TABLE public.journal_line ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.journal_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.journal_mark (
    portal_id smallint NOT NULL,
    file text NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    compared_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.journal_mark FORCE ROW LEVEL SECURITY;

CREATE TABLE public.journal_trouble (
    portal_id smallint NOT NULL,
    host text NOT NULL,
    code text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.journal_trouble FORCE ROW LEVEL SECURITY;

CREATE TABLE public.message_attempt (
    portal_id smallint NOT NULL,
    message_id bigint NOT NULL,
    attempt smallint NOT NULL,
    provider_id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    outcome text,
    code text,
    journal bytea,
    CONSTRAINT message_attempt_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'temporary'::text, 'permanent'::text, 'uncertain'::text])))
);

ALTER TABLE ONLY public.message_attempt FORCE ROW LEVEL SECURITY;

CREATE TABLE public.message_file (
    portal_id smallint NOT NULL,
    message_id bigint NOT NULL,
    file_name text NOT NULL,
    content bytea,
    bytes integer,
    brought_at timestamp with time zone,
    CONSTRAINT message_file_bytes_check CHECK (((bytes >= 1) AND (bytes <= 7340032))),
    CONSTRAINT message_file_check CHECK (((content IS NULL) = (bytes IS NULL))),
    CONSTRAINT message_file_check1 CHECK (((content IS NULL) = (brought_at IS NULL))),
    CONSTRAINT message_file_file_name_check CHECK (((char_length(file_name) >= 1) AND (char_length(file_name) <= 120)))
);

ALTER TABLE ONLY public.message_file FORCE ROW LEVEL SECURITY;

ALTER TABLE public.message ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.payment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.policy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.policy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.portal_key (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    key_hash bytea NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone
);

ALTER TABLE ONLY public.portal_key FORCE ROW LEVEL SECURITY;

ALTER TABLE public.portal_key ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.portal_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.portal_text (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    notice_days smallint DEFAULT 0 NOT NULL,
    made_by bigint,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT portal_text_key_check CHECK (((key ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'::text) AND (length(key) <= 60))),
    CONSTRAINT portal_text_kind_check CHECK ((kind = ANY (ARRAY['privacy_policy'::text, 'cookie_policy'::text, 'regulations'::text, 'declaration'::text, 'consent'::text, 'security'::text, 'support'::text, 'sister_services'::text, 'manual'::text]))),
    CONSTRAINT portal_text_notice_days_check CHECK (((notice_days >= 0) AND (notice_days <= 90)))
);

ALTER TABLE ONLY public.portal_text FORCE ROW LEVEL SECURITY;

ALTER TABLE public.portal_text ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.portal_text_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.provider (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    channel text NOT NULL,
    kind text NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    secret bytea,
    secret_key_id text,
    active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    per_minute integer,
    CONSTRAINT provider_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
    CONSTRAINT provider_kind_check CHECK ((kind = ANY (ARRAY['local'::text, 'smtp'::text, 'http_sms'::text]))),
    CONSTRAINT provider_per_minute_check CHECK (((per_minute >= 1) AND (per_minute <= 60000)))
);

ALTER TABLE ONLY public.provider FORCE ROW LEVEL SECURITY;

ALTER TABLE public.provider ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.provider_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.public_origin (
    portal_id smallint NOT NULL,
    origin text NOT NULL,
    CONSTRAINT public_origin_origin_check CHECK ((origin ~ '^https?://[a-z0-9.-]+(:[0-9]{1,5})?$'::text))
);

ALTER TABLE ONLY public.public_origin FORCE ROW LEVEL SECURITY;

ALTER TABLE public.purpose ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.purpose_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.queue_pause (
    portal_id smallint NOT NULL,
    queue text NOT NULL,
    reason text NOT NULL,
    paused_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT queue_pause_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY public.queue_pause FORCE ROW LEVEL SECURITY;

CREATE TABLE public.receipt (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    provider_id bigint NOT NULL,
    reference uuid,
    provider_reference text,
    word text NOT NULL,
    outcome text NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    message_id bigint,
    matched_at timestamp with time zone,
    CONSTRAINT receipt_check CHECK (((reference IS NOT NULL) OR (provider_reference IS NOT NULL))),
    CONSTRAINT receipt_check1 CHECK (((message_id IS NULL) = (matched_at IS NULL))),
    CONSTRAINT receipt_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'failed'::text, 'underway'::text])))
);

ALTER TABLE ONLY public.receipt FORCE ROW LEVEL SECURITY;

ALTER TABLE public.receipt ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.receipt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.register_column (
    table_name text NOT NULL,
    name text NOT NULL,
    "position" smallint NOT NULL,
    meaning text NOT NULL,
    fate text NOT NULL,
    class text NOT NULL,
    type text NOT NULL,
    is_required boolean NOT NULL,
    CONSTRAINT register_column_fate_check CHECK ((fate = ANY (ARRAY['delete'::text, 'erase'::text, 'pseudonymise'::text, 'sealed'::text])))
);

ALTER TABLE public.reminder ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reminder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.request_letter ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.request_letter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.request_pause ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.request_pause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.request_view (
    id bigint NOT NULL,
    staff_id bigint NOT NULL,
    name text NOT NULL,
    view text NOT NULL,
    kind text,
    CONSTRAINT request_view_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 60)))
);

ALTER TABLE public.request_view ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.request_view_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.retention_period (
    country text NOT NULL,
    class text NOT NULL,
    years smallint NOT NULL,
    start text NOT NULL,
    law text NOT NULL,
    CONSTRAINT retention_period_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT retention_period_start_check CHECK ((start = ANY (ARRAY['day'::text, 'year_end'::text]))),
    CONSTRAINT retention_period_years_check CHECK ((years > 0))
);

ALTER TABLE public.rule ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.run_approval (
    portal_id smallint NOT NULL,
    run_id bigint NOT NULL,
    planned integer NOT NULL,
    asked_by bigint,
    ruled_by bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    CONSTRAINT run_approval_check CHECK (((state = 'waiting'::text) = (decided_by IS NULL))),
    CONSTRAINT run_approval_check1 CHECK (((decided_by IS NULL) = (decided_at IS NULL))),
    CONSTRAINT run_approval_second_person CHECK (((decided_by <> asked_by) AND (decided_by <> ALL (ruled_by)))),
    CONSTRAINT run_approval_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'approved'::text, 'refused'::text])))
);

ALTER TABLE ONLY public.run_approval FORCE ROW LEVEL SECURITY;

ALTER TABLE public.run ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.scan (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    media_type text NOT NULL,
    byte_count bigint NOT NULL,
    sha256 bytea NOT NULL,
    page_count smallint NOT NULL,
    key_id text NOT NULL,
    wrapped_key bytea NOT NULL,
    uploaded_by bigint NOT NULL,
    uploaded_at timestamp with time zone DEFAULT now() NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT scan_media_type_check CHECK ((media_type = ANY (ARRAY['application/pdf'::text, 'image/jpeg'::text, 'image/png'::text]))),
    CONSTRAINT scan_page_count_check CHECK ((page_count > 0))
);

ALTER TABLE ONLY public.scan FORCE ROW LEVEL SECURITY;

CREATE TABLE public.scan_chunk (
    portal_id smallint NOT NULL,
    scan_id bigint NOT NULL,
    page smallint NOT NULL,
    chunk smallint NOT NULL,
    sealed bytea NOT NULL
);
ALTER TABLE ONLY public.scan_chunk ALTER COLUMN sealed SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.scan_chunk FORCE ROW LEVEL SECURITY;

ALTER TABLE public.scan ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.scan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.scan_page (
    portal_id smallint NOT NULL,
    scan_id bigint NOT NULL,
    page smallint NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    byte_count bigint NOT NULL,
    CONSTRAINT scan_page_page_check CHECK ((page >= 0))
);

ALTER TABLE ONLY public.scan_page FORCE ROW LEVEL SECURITY;

CREATE TABLE public.schedule (
    portal_id smallint NOT NULL,
    name text NOT NULL,
    id bigint NOT NULL,
    handler text NOT NULL,
    queue text NOT NULL,
    file_cron text NOT NULL,
    cron text NOT NULL,
    time_zone text NOT NULL,
    file_digest text NOT NULL,
    missed text NOT NULL,
    latest_minutes integer NOT NULL,
    attempts smallint NOT NULL,
    owner text NOT NULL,
    runbook text NOT NULL,
    paused_at timestamp with time zone,
    paused_reason text,
    changed_in_console boolean DEFAULT false NOT NULL,
    next_at timestamp with time zone,
    next_local timestamp without time zone,
    present boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    missing_hour text DEFAULT 'shift'::text NOT NULL,
    repeated_hour text DEFAULT 'first'::text NOT NULL,
    file_version integer DEFAULT 1 NOT NULL,
    release integer DEFAULT 0 NOT NULL,
    CONSTRAINT schedule_check CHECK (((paused_at IS NULL) = (paused_reason IS NULL))),
    CONSTRAINT schedule_check1 CHECK (((next_at IS NULL) = (next_local IS NULL))),
    CONSTRAINT schedule_missed_check CHECK ((missed = ANY (ARRAY['skip'::text, 'one'::text, 'all'::text]))),
    CONSTRAINT schedule_missing_hour_check CHECK ((missing_hour = ANY (ARRAY['shift'::text, 'skip'::text]))),
    CONSTRAINT schedule_repeated_hour_check CHECK ((repeated_hour = ANY (ARRAY['first'::text, 'last'::text])))
);

ALTER TABLE ONLY public.schedule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.schedule ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.schedule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.schema_migration (
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    is_breaking boolean NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone
);

CREATE TABLE public.sending_fence (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    cause text NOT NULL,
    raised_at timestamp with time zone DEFAULT now() NOT NULL,
    marked_at timestamp with time zone,
    marked_by bigint,
    reason text,
    CONSTRAINT sending_fence_cause_check CHECK ((cause = ANY (ARRAY['lines'::text, 'files_missing'::text, 'too_old'::text]))),
    CONSTRAINT sending_fence_check CHECK ((((marked_at IS NULL) = (marked_by IS NULL)) AND ((marked_at IS NULL) = (reason IS NULL))))
);

ALTER TABLE ONLY public.sending_fence FORCE ROW LEVEL SECURITY;

ALTER TABLE public.sending_fence ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sending_fence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sending_hours (
    portal_id smallint NOT NULL,
    opens time without time zone NOT NULL,
    closes time without time zone NOT NULL,
    working_days_only boolean DEFAULT false NOT NULL,
    spread_minutes smallint DEFAULT 30 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT sending_hours_order CHECK ((opens < closes)),
    CONSTRAINT sending_hours_spread_minutes_check CHECK (((spread_minutes >= 0) AND (spread_minutes <= 240)))
);

ALTER TABLE ONLY public.sending_hours FORCE ROW LEVEL SECURITY;

CREATE TABLE public.sign_in_budget (
    bucket bytea NOT NULL,
    window_starts timestamp with time zone NOT NULL,
    spent integer NOT NULL
);

CREATE TABLE public.staff (
    id bigint NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    email text,
    language text DEFAULT 'en'::text NOT NULL,
    state text DEFAULT 'invited'::text NOT NULL,
    demo boolean DEFAULT false NOT NULL,
    password_hash text,
    password_set_at timestamp with time zone,
    totp_secret bytea,
    totp_key_id text,
    totp_last_step bigint DEFAULT 0 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    disabled_at timestamp with time zone,
    CONSTRAINT staff_check CHECK (((state <> 'active'::text) OR ((password_hash IS NOT NULL) AND (totp_secret IS NOT NULL)))),
    CONSTRAINT staff_login_check CHECK (((login = lower(login)) AND (login ~ '^[a-z0-9._@-]{2,80}$'::text))),
    CONSTRAINT staff_name_check CHECK ((name <> ''::text)),
    CONSTRAINT staff_state_check CHECK ((state = ANY (ARRAY['invited'::text, 'active'::text, 'disabled'::text])))
);

CREATE TABLE public.staff_device (
    device_hash bytea NOT NULL,
    staff_id bigint NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.staff ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.staff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.staff_link (
    token_hash bytea NOT NULL,
    staff_id bigint NOT NULL,
    totp_secret bytea NOT NULL,
    totp_key_id text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.staff_recovery_code (
    staff_id bigint NOT NULL,
    code_hash bytea NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.staff_role (
    portal_id smallint NOT NULL,
    staff_id bigint NOT NULL,
    role text NOT NULL,
    given_by bigint,
    given_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT staff_role_role_check CHECK ((role = ANY (ARRAY['helpdesk'::text, 'account_manager'::text, 'verifier'::text, 'privacy_officer'::text, 'scheduler'::text, 'auditor'::text, 'administrator'::text])))
);

ALTER TABLE ONLY public.staff_role FORCE ROW LEVEL SECURITY;

CREATE TABLE public.staff_session (
    token_hash bytea NOT NULL,
    staff_id bigint NOT NULL,
    step text NOT NULL,
    tries smallint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    browser text DEFAULT ''::text NOT NULL,
    CONSTRAINT staff_session_step_check CHECK ((step = ANY (ARRAY['password'::text, 'full'::text])))
);

CREATE TABLE public.subject_key (
    portal_id smallint NOT NULL,
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    class text NOT NULL,
    key_id text NOT NULL,
    wrapped bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    destroyed_at timestamp with time zone,
    CONSTRAINT subject_key_check CHECK (((wrapped IS NULL) = (destroyed_at IS NOT NULL)))
);

ALTER TABLE ONLY public.subject_key FORCE ROW LEVEL SECURITY;

CREATE TABLE public.suppression (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    channel text NOT NULL,
    address_hash bytea NOT NULL,
    hint text NOT NULL,
    reason text NOT NULL,
    client_id bigint,
    message_id bigint,
    since timestamp with time zone DEFAULT now() NOT NULL,
    set_by bigint,
    lifted_at timestamp with time zone,
    lifted_by bigint,
    CONSTRAINT suppression_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
    CONSTRAINT suppression_check CHECK (((lifted_at IS NULL) = (lifted_by IS NULL))),
    CONSTRAINT suppression_reason_check CHECK ((reason = ANY (ARRAY['bounced'::text, 'number_refused'::text, 'opted_out'::text])))
);

ALTER TABLE ONLY public.suppression FORCE ROW LEVEL SECURITY;

ALTER TABLE public.suppression ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.suppression_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.template (
    portal_id smallint NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    version integer NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    body text NOT NULL,
    made_by bigint,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT template_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text])))
);

ALTER TABLE ONLY public.template FORCE ROW LEVEL SECURITY;

CREATE TABLE public.text_locale (
    portal_id smallint NOT NULL,
    version_id bigint NOT NULL,
    locale text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    source bytea NOT NULL,
    follows bytea,
    changed_by bigint,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    html text,
    hash bytea,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT text_locale_body_check CHECK ((octet_length(body) <= 200000)),
    CONSTRAINT text_locale_hash CHECK ((((html IS NULL) AND (hash IS NULL)) OR (hash = sha256(convert_to(html, 'UTF8'::name))))),
    CONSTRAINT text_locale_locale_check CHECK ((locale ~ '^[a-z]{2}(-[A-Z]{2})?$'::text)),
    CONSTRAINT text_locale_source CHECK ((source = sha256(convert_to(((title || '
'::text) || body), 'UTF8'::name)))),
    CONSTRAINT text_locale_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))
);

ALTER TABLE ONLY public.text_locale FORCE ROW LEVEL SECURITY;

CREATE TABLE public.text_notice (
    portal_id smallint NOT NULL,
    version_id bigint NOT NULL,
    account_id bigint NOT NULL,
    message_id bigint,
    reason text,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT text_notice_check CHECK (((message_id IS NULL) = (reason IS NOT NULL)))
);

ALTER TABLE ONLY public.text_notice FORCE ROW LEVEL SECURITY;

ALTER TABLE public.text_version ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.text_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.verification (
    portal_id smallint NOT NULL,
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    account_id bigint,
    channel text NOT NULL,
    strength text NOT NULL,
    valid_minutes integer NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    opened_by bigint NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    closed_by bigint,
    closed_at timestamp with time zone,
    valid_until timestamp with time zone,
    CONSTRAINT verification_channel_check CHECK ((channel = ANY (ARRAY['phone'::text, 'call_back'::text, 'counter'::text]))),
    CONSTRAINT verification_check CHECK (((state = 'open'::text) = (closed_at IS NULL))),
    CONSTRAINT verification_state_check CHECK ((state = ANY (ARRAY['open'::text, 'passed'::text, 'failed'::text, 'lapsed'::text, 'withdrawn'::text, 'voided'::text]))),
    CONSTRAINT verification_strength_check CHECK ((strength = ANY (ARRAY['low'::text, 'substantial'::text, 'high'::text]))),
    CONSTRAINT verification_valid_minutes_check CHECK (((valid_minutes >= 1) AND (valid_minutes <= 1440))),
    CONSTRAINT verification_validity CHECK ((((state = 'passed'::text) <= (valid_until IS NOT NULL)) AND ((valid_until IS NOT NULL) <= (state = ANY (ARRAY['passed'::text, 'voided'::text])))))
);

ALTER TABLE ONLY public.verification FORCE ROW LEVEL SECURITY;

ALTER TABLE public.verification ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.verification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.verification_step (
    portal_id smallint NOT NULL,
    verification_id bigint NOT NULL,
    "position" smallint NOT NULL,
    kind text NOT NULL,
    question text,
    result text,
    done_by bigint,
    done_at timestamp with time zone,
    CONSTRAINT verification_step_check CHECK (((kind = 'question'::text) = (question IS NOT NULL))),
    CONSTRAINT verification_step_check1 CHECK ((((result IS NULL) = (done_at IS NULL)) AND ((result IS NULL) = (done_by IS NULL)))),
    CONSTRAINT verification_step_kind_check CHECK ((kind = ANY (ARRAY['question'::text, 'call_back'::text, 'document'::text]))),
    CONSTRAINT verification_step_result_check CHECK ((result = ANY (ARRAY['right'::text, 'wrong'::text])))
);

ALTER TABLE ONLY public.verification_step FORCE ROW LEVEL SECURITY;

ALTER TABLE ONLY public.job_history ATTACH PARTITION public.job_history_rest DEFAULT;

ALTER TABLE ONLY public.access
    ADD CONSTRAINT access_pkey PRIMARY KEY (portal_id, account_id, client_id);

ALTER TABLE ONLY public.access_warning
    ADD CONSTRAINT access_warning_pkey PRIMARY KEY (portal_id, account_id, client_id, ends_on);

ALTER TABLE ONLY public.account_code
    ADD CONSTRAINT account_code_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.account_device
    ADD CONSTRAINT account_device_pkey PRIMARY KEY (portal_id, token_hash);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.account_session
    ADD CONSTRAINT account_session_pkey PRIMARY KEY (portal_id, token_hash);

ALTER TABLE ONLY public.account_term
    ADD CONSTRAINT account_term_pkey PRIMARY KEY (portal_id, term, kind, account_id);

ALTER TABLE ONLY public.alarm
    ADD CONSTRAINT alarm_pkey PRIMARY KEY (portal_id, kind, subject);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.application_remark
    ADD CONSTRAINT application_remark_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.calendar_day
    ADD CONSTRAINT calendar_day_pkey PRIMARY KEY (portal_id, day);

ALTER TABLE ONLY public.call_attempt
    ADD CONSTRAINT call_attempt_pkey PRIMARY KEY (portal_id, call_task_id, attempt);

ALTER TABLE ONLY public.call_task
    ADD CONSTRAINT call_task_once UNIQUE (portal_id, application_id);

ALTER TABLE ONLY public.call_task
    ADD CONSTRAINT call_task_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.client
    ADD CONSTRAINT client_customer_number UNIQUE (portal_id, customer_number) DEFERRABLE;

ALTER TABLE ONLY public.client
    ADD CONSTRAINT client_external_key UNIQUE (portal_id, external_key);

ALTER TABLE ONLY public.client
    ADD CONSTRAINT client_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.client_request
    ADD CONSTRAINT client_request_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.client_restriction
    ADD CONSTRAINT client_restriction_pkey PRIMARY KEY (portal_id, client_id);

ALTER TABLE ONLY public.client_term
    ADD CONSTRAINT client_term_pkey PRIMARY KEY (portal_id, client_id, kind, term);

ALTER TABLE ONLY public.clock_rule
    ADD CONSTRAINT clock_rule_pkey PRIMARY KEY (country, kind, version);

ALTER TABLE ONLY public.company_code
    ADD CONSTRAINT company_code_hash UNIQUE (portal_id, code_hash);

ALTER TABLE ONLY public.company_code
    ADD CONSTRAINT company_code_pkey PRIMARY KEY (portal_id, application_id);

ALTER TABLE ONLY public.consent_budget
    ADD CONSTRAINT consent_budget_pkey PRIMARY KEY (portal_id, bucket, minute);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.consent_receipt
    ADD CONSTRAINT consent_receipt_once UNIQUE (portal_id, once_key);

ALTER TABLE ONLY public.consent_receipt
    ADD CONSTRAINT consent_receipt_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.contact_change
    ADD CONSTRAINT contact_change_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_external_key UNIQUE (portal_id, external_key);

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.contract
    ADD CONSTRAINT contract_external_key UNIQUE (portal_id, external_key);

ALTER TABLE ONLY public.contract
    ADD CONSTRAINT contract_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.cookie_item
    ADD CONSTRAINT cookie_item_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.country_day
    ADD CONSTRAINT country_day_pkey PRIMARY KEY (country, day);

ALTER TABLE ONLY public.data_change
    ADD CONSTRAINT data_change_pkey PRIMARY KEY (portal_id, request_id, field);

ALTER TABLE ONLY public.erasure_hold
    ADD CONSTRAINT erasure_hold_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.erasure_ledger
    ADD CONSTRAINT erasure_ledger_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.erasure_line
    ADD CONSTRAINT erasure_line_pkey PRIMARY KEY (portal_id, erasure_id, table_name, column_name, class);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.form_key
    ADD CONSTRAINT form_key_pkey PRIMARY KEY (key_hash);

ALTER TABLE ONLY public.gateway
    ADD CONSTRAINT gateway_pkey PRIMARY KEY (portal_id, provider_id);

ALTER TABLE ONLY public.inbox_message
    ADD CONSTRAINT inbox_message_once UNIQUE (portal_id, reference);

ALTER TABLE ONLY public.inbox_message
    ADD CONSTRAINT inbox_message_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.instalment
    ADD CONSTRAINT instalment_external_key UNIQUE (portal_id, external_key);

ALTER TABLE ONLY public.instalment
    ADD CONSTRAINT instalment_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_external_key UNIQUE (portal_id, external_key);

ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.job_history
    ADD CONSTRAINT job_history_pkey PRIMARY KEY (portal_id, id, finished_at);

ALTER TABLE ONLY public.job_history_rest
    ADD CONSTRAINT job_history_rest_pkey PRIMARY KEY (portal_id, id, finished_at);

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.journal_line
    ADD CONSTRAINT journal_line_once UNIQUE (portal_id, hash, attempt);

ALTER TABLE ONLY public.journal_line
    ADD CONSTRAINT journal_line_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.journal_mark
    ADD CONSTRAINT journal_mark_pkey PRIMARY KEY (portal_id, file);

ALTER TABLE ONLY public.journal_trouble
    ADD CONSTRAINT journal_trouble_pkey PRIMARY KEY (portal_id, host);

ALTER TABLE ONLY public.message_attempt
    ADD CONSTRAINT message_attempt_pkey PRIMARY KEY (portal_id, message_id, attempt);

ALTER TABLE ONLY public.message_file
    ADD CONSTRAINT message_file_pkey PRIMARY KEY (portal_id, message_id);

ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_reference UNIQUE (portal_id, reference);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_external_key UNIQUE (portal_id, external_key);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_external_key UNIQUE (portal_id, external_key);

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.portal_key
    ADD CONSTRAINT portal_key_hash UNIQUE (portal_id, key_hash);

ALTER TABLE ONLY public.portal
    ADD CONSTRAINT portal_key_key UNIQUE (key);

ALTER TABLE ONLY public.portal_key
    ADD CONSTRAINT portal_key_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.portal
    ADD CONSTRAINT portal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.portal_text
    ADD CONSTRAINT portal_text_key UNIQUE (portal_id, key);

ALTER TABLE ONLY public.portal_text
    ADD CONSTRAINT portal_text_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.provider
    ADD CONSTRAINT provider_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.public_origin
    ADD CONSTRAINT public_origin_pkey PRIMARY KEY (portal_id, origin);

ALTER TABLE ONLY public.purpose
    ADD CONSTRAINT purpose_key UNIQUE (portal_id, key);

ALTER TABLE ONLY public.purpose
    ADD CONSTRAINT purpose_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.purpose
    ADD CONSTRAINT purpose_text UNIQUE (portal_id, text_id);

ALTER TABLE ONLY public.queue_pause
    ADD CONSTRAINT queue_pause_pkey PRIMARY KEY (portal_id, queue);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.register_column
    ADD CONSTRAINT register_column_pkey PRIMARY KEY (table_name, name);

ALTER TABLE ONLY public.register_table
    ADD CONSTRAINT register_table_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_id UNIQUE (portal_id, id);

ALTER TABLE ONLY public.reminder_limit
    ADD CONSTRAINT reminder_limit_pkey PRIMARY KEY (portal_id);

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_pkey PRIMARY KEY (portal_id, rule_id, step, subject_kind, subject_id, account_id, due_date);

ALTER TABLE ONLY public.request_letter
    ADD CONSTRAINT request_letter_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.request_pause
    ADD CONSTRAINT request_pause_pkey PRIMARY KEY (portal_id, request_id, id);

ALTER TABLE ONLY public.request_view
    ADD CONSTRAINT request_view_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.request_view
    ADD CONSTRAINT request_view_staff_id_name_key UNIQUE (staff_id, name);

ALTER TABLE ONLY public.retention_period
    ADD CONSTRAINT retention_period_pkey PRIMARY KEY (country, class);

ALTER TABLE ONLY public.rule
    ADD CONSTRAINT rule_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.run_approval
    ADD CONSTRAINT run_approval_pkey PRIMARY KEY (portal_id, run_id);

ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.scan_chunk
    ADD CONSTRAINT scan_chunk_pkey PRIMARY KEY (portal_id, scan_id, page, chunk);

ALTER TABLE ONLY public.scan_page
    ADD CONSTRAINT scan_page_pkey PRIMARY KEY (portal_id, scan_id, page);

ALTER TABLE ONLY public.scan
    ADD CONSTRAINT scan_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.schedule
    ADD CONSTRAINT schedule_id UNIQUE (portal_id, id);

ALTER TABLE ONLY public.schedule
    ADD CONSTRAINT schedule_pkey PRIMARY KEY (portal_id, name);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_name_key UNIQUE (name);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.sending_fence
    ADD CONSTRAINT sending_fence_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.sending_hours
    ADD CONSTRAINT sending_hours_pkey PRIMARY KEY (portal_id);

ALTER TABLE ONLY public.sign_in_budget
    ADD CONSTRAINT sign_in_budget_pkey PRIMARY KEY (bucket);

ALTER TABLE ONLY public.staff_device
    ADD CONSTRAINT staff_device_pkey PRIMARY KEY (device_hash, staff_id);

ALTER TABLE ONLY public.staff_link
    ADD CONSTRAINT staff_link_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_login_unique UNIQUE (login);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.staff_recovery_code
    ADD CONSTRAINT staff_recovery_code_pkey PRIMARY KEY (staff_id, code_hash);

ALTER TABLE ONLY public.staff_role
    ADD CONSTRAINT staff_role_pkey PRIMARY KEY (portal_id, staff_id, role);

ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.subject_key
    ADD CONSTRAINT subject_key_pkey PRIMARY KEY (portal_id, subject_kind, subject_id, class);

ALTER TABLE ONLY public.suppression
    ADD CONSTRAINT suppression_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_pkey PRIMARY KEY (portal_id, kind, channel, language, version);

ALTER TABLE ONLY public.text_asks
    ADD CONSTRAINT text_asks_pkey PRIMARY KEY (portal_id, version_id, purpose_id);

ALTER TABLE ONLY public.text_locale
    ADD CONSTRAINT text_locale_pkey PRIMARY KEY (portal_id, version_id, locale);

ALTER TABLE ONLY public.text_notice
    ADD CONSTRAINT text_notice_pkey PRIMARY KEY (portal_id, version_id, account_id);

ALTER TABLE ONLY public.text_version
    ADD CONSTRAINT text_version_number UNIQUE (portal_id, text_id, number);

ALTER TABLE ONLY public.text_version
    ADD CONSTRAINT text_version_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.text_version
    ADD CONSTRAINT text_version_ranges EXCLUDE USING gist (portal_id WITH =, text_id WITH =, valid WITH &&);

ALTER TABLE ONLY public.verification
    ADD CONSTRAINT verification_pkey PRIMARY KEY (portal_id, id);

ALTER TABLE ONLY public.verification_step
    ADD CONSTRAINT verification_step_pkey PRIMARY KEY (portal_id, verification_id, "position");

CREATE INDEX access_client ON public.access USING btree (portal_id, client_id) WHERE (ended_at IS NULL);

CREATE INDEX access_of_client ON public.access USING btree (portal_id, client_id);

CREATE INDEX account_code_account ON public.account_code USING btree (portal_id, account_id);

CREATE INDEX account_code_link ON public.account_code USING btree (portal_id, code_hash) WHERE ((purpose = ANY (ARRAY['activation_link'::text, 'recovery_link'::text])) AND (used_at IS NULL) AND (voided_at IS NULL));

CREATE UNIQUE INDEX account_code_one_open ON public.account_code USING btree (portal_id, account_id, purpose) WHERE ((used_at IS NULL) AND (voided_at IS NULL));

CREATE INDEX account_device_account ON public.account_device USING btree (portal_id, account_id);

CREATE UNIQUE INDEX account_login ON public.account USING btree (portal_id, realm, lower(login)) WHERE (state <> 'closed'::text);

CREATE INDEX account_phone ON public.account USING btree (portal_id, phone);

CREATE INDEX account_remind ON public.account USING btree (portal_id, remind_days_before) WHERE (remind_days_before IS NOT NULL);

CREATE INDEX account_session_account ON public.account_session USING btree (portal_id, account_id) WHERE (ended_at IS NULL);

CREATE INDEX account_session_owner ON public.account_session USING btree (portal_id, account_id);

CREATE INDEX account_term_account ON public.account_term USING btree (portal_id, account_id);

CREATE INDEX application_client ON public.application USING btree (portal_id, client_id) WHERE (client_id IS NOT NULL);

CREATE INDEX application_remark_application ON public.application_remark USING btree (portal_id, application_id);

CREATE INDEX application_state ON public.application USING btree (portal_id, state, id DESC);

CREATE INDEX audit_event_actor ON public.audit_event USING btree (portal_id, actor_kind, actor_id, id DESC);

CREATE INDEX audit_event_client ON public.audit_event USING btree (portal_id, client_id, id DESC) WHERE (client_id IS NOT NULL);

CREATE INDEX audit_event_subject ON public.audit_event USING btree (portal_id, subject_kind, subject_id, id DESC);

CREATE INDEX call_task_open ON public.call_task USING btree (portal_id, next_at) WHERE (state <> 'done'::text);

CREATE INDEX client_request_client ON public.client_request USING btree (portal_id, client_id, id DESC);

CREATE INDEX client_request_holder ON public.client_request USING btree (portal_id, held_by, effective_due) WHERE (closed_at IS NULL);

CREATE INDEX client_request_open ON public.client_request USING btree (portal_id, effective_due, id) WHERE (closed_at IS NULL);

CREATE INDEX client_request_snoozed ON public.client_request USING btree (portal_id, snoozed_until) WHERE ((snoozed_until IS NOT NULL) AND (closed_at IS NULL));

CREATE INDEX client_tax_number ON public.client USING btree (portal_id, tax_number) WHERE (tax_number IS NOT NULL);

CREATE INDEX client_term_term ON public.client_term USING btree (portal_id, term, kind);

CREATE INDEX company_code_client ON public.company_code USING btree (portal_id, client_id);

CREATE INDEX consent_account ON public.consent USING btree (portal_id, account_id, id) WHERE (account_id IS NOT NULL);

CREATE INDEX consent_budget_minute ON public.consent_budget USING btree (portal_id, minute);

CREATE INDEX consent_client ON public.consent USING btree (portal_id, client_id, id) WHERE (client_id IS NOT NULL);

CREATE INDEX consent_receipt_rows ON public.consent USING btree (portal_id, receipt_id);

CREATE INDEX consent_visitor ON public.consent USING btree (portal_id, visitor, id) WHERE (visitor IS NOT NULL);

CREATE INDEX contact_change_due ON public.contact_change USING btree (portal_id, effective_at) WHERE (state = 'waiting'::text);

CREATE UNIQUE INDEX contact_change_one_open ON public.contact_change USING btree (portal_id, account_id, kind) WHERE (state = ANY (ARRAY['asked'::text, 'waiting'::text]));

CREATE INDEX contact_change_stop ON public.contact_change USING btree (portal_id, stop_hash) WHERE (state = 'waiting'::text);

CREATE INDEX contact_client ON public.contact USING btree (portal_id, client_id);

CREATE INDEX contract_client ON public.contract USING btree (portal_id, client_id);

CREATE UNIQUE INDEX cookie_item_name ON public.cookie_item USING btree (portal_id, storage, name) WHERE (state <> 'retired'::text);

CREATE INDEX data_change_task ON public.data_change USING btree (portal_id, request_id) WHERE ((in_force_at IS NOT NULL) AND (confirmed_at IS NULL));

CREATE INDEX erasure_client ON public.erasure USING btree (portal_id, client_id);

CREATE INDEX erasure_hold_client ON public.erasure_hold USING btree (portal_id, client_id);

CREATE INDEX erasure_ledger_client ON public.erasure_ledger USING btree (portal_id, client_id);

CREATE INDEX erasure_ledger_erasure ON public.erasure_ledger USING btree (portal_id, erasure_id);

CREATE UNIQUE INDEX erasure_one_at_a_time ON public.erasure USING btree (portal_id, client_id) WHERE (state <> 'dropped'::text);

CREATE INDEX erasure_waiting ON public.erasure USING btree (portal_id, next_on) WHERE (state = 'partial'::text);

CREATE UNIQUE INDEX incident_one_open ON public.incident USING btree (portal_id, account_id) WHERE (closed_at IS NULL);

CREATE INDEX instalment_contract ON public.instalment USING btree (portal_id, contract_id, due_on);

CREATE INDEX instalment_due ON public.instalment USING btree (portal_id, due_on);

CREATE INDEX invoice_client ON public.invoice USING btree (portal_id, client_id, due_on);

CREATE INDEX invoice_due ON public.invoice USING btree (portal_id, due_on);

CREATE INDEX invoice_issued ON public.invoice USING btree (portal_id, issued_on);

CREATE INDEX job_history_job ON ONLY public.job_history USING btree (portal_id, job_id);

CREATE INDEX job_history_rest_portal_id_job_id_idx ON public.job_history_rest USING btree (portal_id, job_id);

CREATE INDEX job_leased ON public.job USING btree (lease_until) WHERE (state = 'leased'::text);

CREATE INDEX job_quarantined ON public.job USING btree (portal_id, id) WHERE (state = 'quarantined'::text);

CREATE INDEX job_ready ON public.job USING btree (queue, priority, run_at, id) WHERE (state = 'ready'::text);

CREATE INDEX job_run ON public.job USING btree (portal_id, run_id) WHERE (run_id IS NOT NULL);

CREATE UNIQUE INDEX job_unique_key ON public.job USING btree (portal_id, kind, unique_key) WHERE (unique_key IS NOT NULL);

CREATE INDEX job_waiting ON public.job USING btree (run_at) WHERE (state = 'waiting'::text);

CREATE INDEX journal_line_free ON public.journal_line USING btree (portal_id, handed_at) WHERE (held_id IS NULL);

CREATE INDEX journal_line_page ON public.journal_line USING btree (portal_id, fence_id, id);

CREATE INDEX journal_line_words ON public.journal_line USING btree (portal_id, words) WHERE ((held_id IS NULL) AND (words IS NOT NULL));

CREATE INDEX message_attempt_journal ON public.message_attempt USING btree (portal_id, journal) WHERE (journal IS NOT NULL);

CREATE INDEX message_client ON public.message USING btree (portal_id, client_id, id DESC);

CREATE INDEX message_copy ON public.message USING btree (portal_id, copy_of) WHERE (copy_of IS NOT NULL);

CREATE INDEX message_open ON public.message USING btree (portal_id, state, id) WHERE (state = ANY (ARRAY['planned'::text, 'handed_over'::text, 'uncertain'::text]));

CREATE INDEX message_planned ON public.message USING brin (planned_at) WITH (pages_per_range='32');

CREATE INDEX message_provider_reference ON public.message USING btree (portal_id, provider_id, provider_reference) WHERE (provider_reference IS NOT NULL);

CREATE INDEX message_run ON public.message USING btree (portal_id, run_id) WHERE (run_id IS NOT NULL);

CREATE INDEX message_subject ON public.message USING btree (portal_id, subject_kind, subject_id);

CREATE INDEX payment_instalment ON public.payment USING btree (portal_id, instalment_id) WHERE (instalment_id IS NOT NULL);

CREATE INDEX payment_invoice ON public.payment USING btree (portal_id, invoice_id) WHERE (invoice_id IS NOT NULL);

CREATE INDEX policy_client ON public.policy USING btree (portal_id, client_id, expires_on);

CREATE INDEX policy_expiry ON public.policy USING btree (portal_id, expires_on);

CREATE UNIQUE INDEX portal_text_kind ON public.portal_text USING btree (portal_id, kind) WHERE (kind <> 'consent'::text);

CREATE UNIQUE INDEX provider_one_active ON public.provider USING btree (portal_id, channel) WHERE active;

CREATE UNIQUE INDEX purpose_category ON public.purpose USING btree (portal_id, category) WHERE (category IS NOT NULL);

CREATE INDEX receipt_message ON public.receipt USING btree (portal_id, message_id);

CREATE INDEX receipt_unmatched ON public.receipt USING btree (portal_id, id) WHERE (matched_at IS NULL);

CREATE INDEX reminder_account ON public.reminder USING btree (portal_id, account_id, planned_at) WHERE (state = 'sent'::text);

CREATE INDEX reminder_client ON public.reminder USING btree (portal_id, client_id, id DESC);

CREATE INDEX reminder_planned ON public.reminder USING btree (portal_id, run_id, account_id) WHERE (state = 'planned'::text);

CREATE INDEX reminder_run ON public.reminder USING btree (portal_id, run_id, id);

CREATE INDEX request_letter_request ON public.request_letter USING btree (portal_id, request_id, id);

CREATE UNIQUE INDEX request_pause_one_open ON public.request_pause USING btree (portal_id, request_id) WHERE (ended_on IS NULL);

CREATE INDEX rule_subject ON public.rule USING btree (portal_id, subject);

CREATE INDEX run_approval_waiting ON public.run_approval USING btree (portal_id, run_id) WHERE (state = 'waiting'::text);

CREATE UNIQUE INDEX run_occurrence ON public.run USING btree (portal_id, schedule, local_at) WHERE (trigger = 'schedule'::text);

CREATE INDEX run_schedule ON public.run USING btree (portal_id, schedule, id DESC);

CREATE INDEX scan_of_subject ON public.scan USING btree (portal_id, subject_kind, subject_id);

CREATE INDEX scan_subject ON public.scan USING btree (portal_id, subject_kind, subject_id) WHERE (removed_at IS NULL);

CREATE INDEX schedule_next ON public.schedule USING btree (next_at) WHERE present;

CREATE UNIQUE INDEX sending_fence_open ON public.sending_fence USING btree (portal_id) WHERE (marked_at IS NULL);

CREATE INDEX staff_role_staff ON public.staff_role USING btree (staff_id);

CREATE INDEX staff_session_staff ON public.staff_session USING btree (staff_id) WHERE (ended_at IS NULL);

CREATE INDEX suppression_client ON public.suppression USING btree (portal_id, client_id);

CREATE UNIQUE INDEX suppression_in_force ON public.suppression USING btree (portal_id, channel, address_hash) WHERE (lifted_at IS NULL);

CREATE INDEX text_asks_purpose ON public.text_asks USING btree (portal_id, purpose_id);

CREATE INDEX text_locale_hash_index ON public.text_locale USING btree (portal_id, hash) WHERE (hash IS NOT NULL);

CREATE UNIQUE INDEX text_version_day ON public.text_version USING btree (portal_id, text_id, effective_on) WHERE (state = 'published'::text);

CREATE UNIQUE INDEX text_version_open ON public.text_version USING btree (portal_id, text_id) WHERE (state = ANY (ARRAY['draft'::text, 'review'::text]));

CREATE INDEX verification_account ON public.verification USING btree (portal_id, account_id) WHERE (state = 'passed'::text);

CREATE INDEX verification_client ON public.verification USING btree (portal_id, client_id, id DESC);

CREATE INDEX verification_failed ON public.verification USING btree (portal_id, closed_at) WHERE (state = 'failed'::text);

CREATE UNIQUE INDEX verification_one_open ON public.verification USING btree (portal_id, client_id, COALESCE(account_id, (0)::bigint)) WHERE (state = 'open'::text);

CREATE UNIQUE INDEX verification_one_open_of_account ON public.verification USING btree (portal_id, account_id) WHERE ((state = 'open'::text) AND (account_id IS NOT NULL));

ALTER INDEX public.job_history_pkey ATTACH PARTITION public.job_history_rest_pkey;

ALTER INDEX public.job_history_job ATTACH PARTITION public.job_history_rest_portal_id_job_id_idx;

CREATE TRIGGER access_given_to_nobody AFTER INSERT ON public.access REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_restricted();

CREATE CONSTRAINT TRIGGER account_closes AFTER UPDATE OF state ON public.account DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.state = 'closed'::text)) EXECUTE FUNCTION public.account_closes();

CREATE TRIGGER account_moves BEFORE UPDATE OF state ON public.account FOR EACH ROW EXECUTE FUNCTION public.account_moves();

CREATE TRIGGER application_is_worked_on BEFORE INSERT OR UPDATE ON public.application FOR EACH ROW EXECUTE FUNCTION public.application_is_worked_on();

CREATE TRIGGER application_moves BEFORE UPDATE ON public.application FOR EACH ROW EXECUTE FUNCTION public.application_moves();

CREATE TRIGGER audit_event_is_final BEFORE DELETE OR UPDATE ON public.audit_event FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER audit_event_is_kept BEFORE TRUNCATE ON public.audit_event FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER call_task_moves BEFORE UPDATE ON public.call_task FOR EACH ROW EXECUTE FUNCTION public.call_task_moves();

CREATE TRIGGER client_changed_while_restricted AFTER UPDATE ON public.client REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_restricted_client();

CREATE TRIGGER client_request_is_proven BEFORE UPDATE ON public.client_request FOR EACH ROW WHEN ((new.state <> old.state)) EXECUTE FUNCTION public.client_request_is_proven();

CREATE TRIGGER client_request_moves BEFORE UPDATE ON public.client_request FOR EACH ROW EXECUTE FUNCTION public.client_request_moves();

CREATE TRIGGER client_request_wakes BEFORE UPDATE ON public.client_request FOR EACH ROW WHEN ((new.state <> old.state)) EXECUTE FUNCTION public.client_request_wakes();

CREATE TRIGGER clock_rule_is_final BEFORE DELETE OR UPDATE ON public.clock_rule FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER consent_chain BEFORE INSERT ON public.consent FOR EACH ROW EXECUTE FUNCTION public.consent_chain();

CREATE TRIGGER consent_is_final BEFORE DELETE OR UPDATE ON public.consent FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER consent_is_kept BEFORE TRUNCATE ON public.consent FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER consent_of_restricted AFTER INSERT ON public.consent REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_restricted();

CREATE TRIGGER consent_receipt_is_final BEFORE DELETE OR UPDATE ON public.consent_receipt FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER contact_added_to_nobody AFTER INSERT ON public.contact REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_restricted();

CREATE TRIGGER contact_change_moves BEFORE UPDATE ON public.contact_change FOR EACH ROW EXECUTE FUNCTION public.contact_change_moves();

CREATE TRIGGER contact_changed_of_nobody AFTER UPDATE ON public.contact REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_restricted();

CREATE TRIGGER contact_is_new BEFORE UPDATE ON public.contact FOR EACH ROW WHEN (((((new.client_id IS DISTINCT FROM old.client_id) OR (new.kind IS DISTINCT FROM old.kind)) OR (new.value IS DISTINCT FROM old.value)) OR (new.trusted IS DISTINCT FROM old.trusted))) EXECUTE FUNCTION public.contact_is_new();

CREATE TRIGGER contract_added_to_nobody AFTER INSERT ON public.contract REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_restricted();

CREATE TRIGGER contract_changed_of_nobody AFTER UPDATE ON public.contract REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_restricted();

CREATE TRIGGER delivery_moves_forward BEFORE UPDATE OF delivery ON public.message FOR EACH ROW EXECUTE FUNCTION public.delivery_moves_forward();

CREATE TRIGGER erasure_ledger_is_final BEFORE DELETE OR UPDATE ON public.erasure_ledger FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER erasure_line_moves BEFORE INSERT OR DELETE ON public.erasure_line FOR EACH ROW EXECUTE FUNCTION public.erasure_line_moves();

CREATE TRIGGER erasure_moves BEFORE UPDATE ON public.erasure FOR EACH ROW EXECUTE FUNCTION public.erasure_moves();

CREATE TRIGGER message_file_is_final BEFORE UPDATE ON public.message_file FOR EACH ROW WHEN ((old.content IS NOT NULL)) EXECUTE FUNCTION public.message_file_is_final();

CREATE TRIGGER message_moves_forward BEFORE UPDATE OF state ON public.message FOR EACH ROW EXECUTE FUNCTION public.message_moves_forward();

CREATE TRIGGER once_set_stays BEFORE UPDATE ON public.account_code FOR EACH ROW EXECUTE FUNCTION public.once_set_stays('used_at', 'voided_at', 'code_hash', 'account_id', 'purpose');

CREATE TRIGGER once_set_stays BEFORE UPDATE ON public.account_session FOR EACH ROW EXECUTE FUNCTION public.once_set_stays('ended_at', 'account_id');

CREATE TRIGGER once_set_stays BEFORE UPDATE ON public.staff_link FOR EACH ROW EXECUTE FUNCTION public.once_set_stays('used_at', 'staff_id');

CREATE TRIGGER once_set_stays BEFORE UPDATE ON public.staff_recovery_code FOR EACH ROW EXECUTE FUNCTION public.once_set_stays('used_at', 'staff_id');

CREATE TRIGGER request_letter_is_final BEFORE UPDATE ON public.request_letter FOR EACH ROW EXECUTE FUNCTION public.request_letter_is_final();

CREATE TRIGGER scan_is_work AFTER INSERT ON public.scan FOR EACH ROW WHEN ((new.subject_kind = 'application'::text)) EXECUTE FUNCTION public.scan_is_work();

CREATE TRIGGER subject_key_moves BEFORE DELETE OR UPDATE ON public.subject_key FOR EACH ROW EXECUTE FUNCTION public.subject_key_moves();

CREATE TRIGGER template_is_final BEFORE DELETE OR UPDATE ON public.template FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER text_asks_is_final BEFORE INSERT OR DELETE OR UPDATE ON public.text_asks FOR EACH ROW EXECUTE FUNCTION public.text_asks_is_final();

CREATE TRIGGER text_locale_is_final BEFORE INSERT OR DELETE OR UPDATE ON public.text_locale FOR EACH ROW EXECUTE FUNCTION public.text_locale_is_final();

CREATE TRIGGER text_version_is_kept BEFORE DELETE ON public.text_version FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER text_version_moves BEFORE UPDATE ON public.text_version FOR EACH ROW EXECUTE FUNCTION public.text_version_moves();

CREATE TRIGGER totp_goes_on BEFORE UPDATE OF totp_last_step ON public.staff FOR EACH ROW WHEN (((new.totp_last_step < old.totp_last_step) AND (NOT (new.totp_secret IS DISTINCT FROM old.totp_secret)))) EXECUTE FUNCTION public.totp_goes_on();

CREATE TRIGGER verification_moves BEFORE UPDATE OF state ON public.verification FOR EACH ROW EXECUTE FUNCTION public.verification_moves();

CREATE TRIGGER verification_step_stands BEFORE UPDATE ON public.verification_step FOR EACH ROW EXECUTE FUNCTION public.verification_step_stands();

ALTER TABLE ONLY public.access
    ADD CONSTRAINT access_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.account(portal_id, id);

ALTER TABLE ONLY public.access
    ADD CONSTRAINT access_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.access_warning
    ADD CONSTRAINT access_warning_portal_id_account_id_client_id_fkey FOREIGN KEY (portal_id, account_id, client_id) REFERENCES public.access(portal_id, account_id, client_id);

ALTER TABLE ONLY public.account_code
    ADD CONSTRAINT account_code_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.account(portal_id, id);

ALTER TABLE ONLY public.account_device
    ADD CONSTRAINT account_device_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.account(portal_id, id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_portal_id_application_id_fkey FOREIGN KEY (portal_id, application_id) REFERENCES public.application(portal_id, id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.account_session
    ADD CONSTRAINT account_session_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.account(portal_id, id);

ALTER TABLE ONLY public.account_term
    ADD CONSTRAINT account_term_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.account(portal_id, id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_activated_by_fkey FOREIGN KEY (activated_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.application_remark
    ADD CONSTRAINT application_remark_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.application_remark
    ADD CONSTRAINT application_remark_portal_id_application_id_fkey FOREIGN KEY (portal_id, application_id) REFERENCES public.application(portal_id, id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_submitted_by_fkey FOREIGN KEY (submitted_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_typed_by_fkey FOREIGN KEY (typed_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.calendar_day
    ADD CONSTRAINT calendar_day_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.call_attempt
    ADD CONSTRAINT call_attempt_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.call_attempt
    ADD CONSTRAINT call_attempt_portal_id_call_task_id_fkey FOREIGN KEY (portal_id, call_task_id) REFERENCES public.call_task(portal_id, id);

ALTER TABLE ONLY public.call_task
    ADD CONSTRAINT call_task_held_by_fkey FOREIGN KEY (held_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.call_task
    ADD CONSTRAINT call_task_portal_id_application_id_fkey FOREIGN KEY (portal_id, application_id) REFERENCES public.application(portal_id, id);

ALTER TABLE ONLY public.client
    ADD CONSTRAINT client_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.client_request
    ADD CONSTRAINT client_request_clock_country_kind_clock_version_fkey FOREIGN KEY (clock_country, kind, clock_version) REFERENCES public.clock_rule(country, kind, version);

ALTER TABLE ONLY public.client_request
    ADD CONSTRAINT client_request_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.client_request
    ADD CONSTRAINT client_request_executed_by_fkey FOREIGN KEY (executed_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.client_request
    ADD CONSTRAINT client_request_held_by_fkey FOREIGN KEY (held_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.client_request
    ADD CONSTRAINT client_request_identity_by_fkey FOREIGN KEY (identity_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.client_request
    ADD CONSTRAINT client_request_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.client_request
    ADD CONSTRAINT client_request_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.account(portal_id, id);

ALTER TABLE ONLY public.client_request
    ADD CONSTRAINT client_request_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.client_request
    ADD CONSTRAINT client_request_portal_id_duplicate_of_fkey FOREIGN KEY (portal_id, duplicate_of) REFERENCES public.client_request(portal_id, id);

ALTER TABLE ONLY public.client_request
    ADD CONSTRAINT client_request_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.client_request
    ADD CONSTRAINT client_request_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.client_restriction
    ADD CONSTRAINT client_restriction_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.client_restriction
    ADD CONSTRAINT client_restriction_portal_id_erasure_id_fkey FOREIGN KEY (portal_id, erasure_id) REFERENCES public.erasure(portal_id, id);

ALTER TABLE ONLY public.company_code
    ADD CONSTRAINT company_code_portal_id_application_id_fkey FOREIGN KEY (portal_id, application_id) REFERENCES public.application(portal_id, id);

ALTER TABLE ONLY public.company_code
    ADD CONSTRAINT company_code_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.consent_budget
    ADD CONSTRAINT consent_budget_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_portal_id_purpose_id_fkey FOREIGN KEY (portal_id, purpose_id) REFERENCES public.purpose(portal_id, id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_portal_id_receipt_id_fkey FOREIGN KEY (portal_id, receipt_id) REFERENCES public.consent_receipt(portal_id, id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_portal_id_version_id_locale_fkey FOREIGN KEY (portal_id, version_id, locale) REFERENCES public.text_locale(portal_id, version_id, locale);

ALTER TABLE ONLY public.consent_receipt
    ADD CONSTRAINT consent_receipt_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(id);

ALTER TABLE ONLY public.contact_change
    ADD CONSTRAINT contact_change_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.contact_change
    ADD CONSTRAINT contact_change_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.contact_change
    ADD CONSTRAINT contact_change_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.account(portal_id, id);

ALTER TABLE ONLY public.contact_change
    ADD CONSTRAINT contact_change_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.contact_change
    ADD CONSTRAINT contact_change_portal_id_verification_id_fkey FOREIGN KEY (portal_id, verification_id) REFERENCES public.verification(portal_id, id);

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.contract
    ADD CONSTRAINT contract_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.cookie_item
    ADD CONSTRAINT cookie_item_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.data_change
    ADD CONSTRAINT data_change_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.data_change
    ADD CONSTRAINT data_change_portal_id_contract_id_fkey FOREIGN KEY (portal_id, contract_id) REFERENCES public.contract(portal_id, id);

ALTER TABLE ONLY public.data_change
    ADD CONSTRAINT data_change_portal_id_request_id_fkey FOREIGN KEY (portal_id, request_id) REFERENCES public.client_request(portal_id, id);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_executed_by_fkey FOREIGN KEY (executed_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.erasure_hold
    ADD CONSTRAINT erasure_hold_placed_by_fkey FOREIGN KEY (placed_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.erasure_hold
    ADD CONSTRAINT erasure_hold_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.erasure_hold
    ADD CONSTRAINT erasure_hold_released_by_fkey FOREIGN KEY (released_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.erasure_line
    ADD CONSTRAINT erasure_line_portal_id_erasure_id_fkey FOREIGN KEY (portal_id, erasure_id) REFERENCES public.erasure(portal_id, id);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.form_key
    ADD CONSTRAINT form_key_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(id);

ALTER TABLE ONLY public.gateway
    ADD CONSTRAINT gateway_portal_id_provider_id_fkey FOREIGN KEY (portal_id, provider_id) REFERENCES public.provider(portal_id, id);

ALTER TABLE ONLY public.inbox_message
    ADD CONSTRAINT inbox_message_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.account(portal_id, id);

ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.instalment
    ADD CONSTRAINT instalment_portal_id_contract_id_fkey FOREIGN KEY (portal_id, contract_id) REFERENCES public.contract(portal_id, id);

ALTER TABLE ONLY public.instalment
    ADD CONSTRAINT instalment_portal_id_invoice_id_fkey FOREIGN KEY (portal_id, invoice_id) REFERENCES public.invoice(portal_id, id);

ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_portal_id_contract_id_fkey FOREIGN KEY (portal_id, contract_id) REFERENCES public.contract(portal_id, id);

ALTER TABLE ONLY public.journal_line
    ADD CONSTRAINT journal_line_portal_id_fence_id_fkey FOREIGN KEY (portal_id, fence_id) REFERENCES public.sending_fence(portal_id, id);

ALTER TABLE ONLY public.journal_line
    ADD CONSTRAINT journal_line_portal_id_held_id_fkey FOREIGN KEY (portal_id, held_id) REFERENCES public.message(portal_id, id);

ALTER TABLE ONLY public.journal_line
    ADD CONSTRAINT journal_line_portal_id_message_id_fkey FOREIGN KEY (portal_id, message_id) REFERENCES public.message(portal_id, id);

ALTER TABLE ONLY public.journal_mark
    ADD CONSTRAINT journal_mark_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.journal_trouble
    ADD CONSTRAINT journal_trouble_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.message_attempt
    ADD CONSTRAINT message_attempt_portal_id_message_id_fkey FOREIGN KEY (portal_id, message_id) REFERENCES public.message(portal_id, id);

ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.message_file
    ADD CONSTRAINT message_file_portal_id_message_id_fkey FOREIGN KEY (portal_id, message_id) REFERENCES public.message(portal_id, id);

ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_portal_id_provider_id_fkey FOREIGN KEY (portal_id, provider_id) REFERENCES public.provider(portal_id, id);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_portal_id_instalment_id_fkey FOREIGN KEY (portal_id, instalment_id) REFERENCES public.instalment(portal_id, id);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_portal_id_invoice_id_fkey FOREIGN KEY (portal_id, invoice_id) REFERENCES public.invoice(portal_id, id);

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_portal_id_contract_id_fkey FOREIGN KEY (portal_id, contract_id) REFERENCES public.contract(portal_id, id);

ALTER TABLE ONLY public.portal_key
    ADD CONSTRAINT portal_key_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.portal_text
    ADD CONSTRAINT portal_text_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.portal_text
    ADD CONSTRAINT portal_text_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.provider
    ADD CONSTRAINT provider_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.public_origin
    ADD CONSTRAINT public_origin_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.purpose
    ADD CONSTRAINT purpose_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.purpose
    ADD CONSTRAINT purpose_portal_id_text_id_fkey FOREIGN KEY (portal_id, text_id) REFERENCES public.portal_text(portal_id, id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_portal_id_message_id_fkey FOREIGN KEY (portal_id, message_id) REFERENCES public.message(portal_id, id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_portal_id_provider_id_fkey FOREIGN KEY (portal_id, provider_id) REFERENCES public.provider(portal_id, id);

ALTER TABLE ONLY public.register_column
    ADD CONSTRAINT register_column_table_name_fkey FOREIGN KEY (table_name) REFERENCES public.register_table(name);

ALTER TABLE ONLY public.reminder_limit
    ADD CONSTRAINT reminder_limit_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_portal_id_message_id_fkey FOREIGN KEY (portal_id, message_id) REFERENCES public.message(portal_id, id);

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_portal_id_rule_id_fkey FOREIGN KEY (portal_id, rule_id) REFERENCES public.rule(portal_id, id);

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_portal_id_run_id_fkey FOREIGN KEY (portal_id, run_id) REFERENCES public.run(portal_id, id);

ALTER TABLE ONLY public.request_letter
    ADD CONSTRAINT request_letter_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.request_letter
    ADD CONSTRAINT request_letter_portal_id_message_id_fkey FOREIGN KEY (portal_id, message_id) REFERENCES public.message(portal_id, id);

ALTER TABLE ONLY public.request_letter
    ADD CONSTRAINT request_letter_portal_id_request_id_fkey FOREIGN KEY (portal_id, request_id) REFERENCES public.client_request(portal_id, id);

ALTER TABLE ONLY public.request_pause
    ADD CONSTRAINT request_pause_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.request_pause
    ADD CONSTRAINT request_pause_portal_id_letter_id_fkey FOREIGN KEY (portal_id, letter_id) REFERENCES public.request_letter(portal_id, id);

ALTER TABLE ONLY public.request_pause
    ADD CONSTRAINT request_pause_portal_id_request_id_fkey FOREIGN KEY (portal_id, request_id) REFERENCES public.client_request(portal_id, id);

ALTER TABLE ONLY public.request_pause
    ADD CONSTRAINT request_pause_started_by_fkey FOREIGN KEY (started_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.request_view
    ADD CONSTRAINT request_view_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(id);

ALTER TABLE ONLY public.rule
    ADD CONSTRAINT rule_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.rule
    ADD CONSTRAINT rule_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.run_approval
    ADD CONSTRAINT run_approval_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.run_approval
    ADD CONSTRAINT run_approval_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.run_approval
    ADD CONSTRAINT run_approval_portal_id_run_id_fkey FOREIGN KEY (portal_id, run_id) REFERENCES public.run(portal_id, id);

ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.scan_chunk
    ADD CONSTRAINT scan_chunk_portal_id_scan_id_page_fkey FOREIGN KEY (portal_id, scan_id, page) REFERENCES public.scan_page(portal_id, scan_id, page);

ALTER TABLE ONLY public.scan_page
    ADD CONSTRAINT scan_page_portal_id_scan_id_fkey FOREIGN KEY (portal_id, scan_id) REFERENCES public.scan(portal_id, id);

ALTER TABLE ONLY public.scan
    ADD CONSTRAINT scan_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.scan
    ADD CONSTRAINT scan_uploaded_by_fkey FOREIGN KEY (uploaded_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.schedule
    ADD CONSTRAINT schedule_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.sending_fence
    ADD CONSTRAINT sending_fence_marked_by_fkey FOREIGN KEY (marked_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.sending_fence
    ADD CONSTRAINT sending_fence_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.sending_hours
    ADD CONSTRAINT sending_hours_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.staff_device
    ADD CONSTRAINT staff_device_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(id);

ALTER TABLE ONLY public.staff_link
    ADD CONSTRAINT staff_link_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(id);

ALTER TABLE ONLY public.staff_recovery_code
    ADD CONSTRAINT staff_recovery_code_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(id);

ALTER TABLE ONLY public.staff_role
    ADD CONSTRAINT staff_role_given_by_fkey FOREIGN KEY (given_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.staff_role
    ADD CONSTRAINT staff_role_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.staff_role
    ADD CONSTRAINT staff_role_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(id);

ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(id);

ALTER TABLE ONLY public.suppression
    ADD CONSTRAINT suppression_lifted_by_fkey FOREIGN KEY (lifted_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.suppression
    ADD CONSTRAINT suppression_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.suppression
    ADD CONSTRAINT suppression_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.suppression
    ADD CONSTRAINT suppression_portal_id_message_id_fkey FOREIGN KEY (portal_id, message_id) REFERENCES public.message(portal_id, id);

ALTER TABLE ONLY public.suppression
    ADD CONSTRAINT suppression_set_by_fkey FOREIGN KEY (set_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES public.portal(id);

ALTER TABLE ONLY public.text_asks
    ADD CONSTRAINT text_asks_portal_id_purpose_id_fkey FOREIGN KEY (portal_id, purpose_id) REFERENCES public.purpose(portal_id, id);

ALTER TABLE ONLY public.text_asks
    ADD CONSTRAINT text_asks_portal_id_version_id_fkey FOREIGN KEY (portal_id, version_id) REFERENCES public.text_version(portal_id, id);

ALTER TABLE ONLY public.text_locale
    ADD CONSTRAINT text_locale_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.text_locale
    ADD CONSTRAINT text_locale_portal_id_version_id_fkey FOREIGN KEY (portal_id, version_id) REFERENCES public.text_version(portal_id, id);

ALTER TABLE ONLY public.text_notice
    ADD CONSTRAINT text_notice_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.account(portal_id, id);

ALTER TABLE ONLY public.text_notice
    ADD CONSTRAINT text_notice_portal_id_message_id_fkey FOREIGN KEY (portal_id, message_id) REFERENCES public.message(portal_id, id);

ALTER TABLE ONLY public.text_notice
    ADD CONSTRAINT text_notice_portal_id_version_id_fkey FOREIGN KEY (portal_id, version_id) REFERENCES public.text_version(portal_id, id);

ALTER TABLE ONLY public.text_version
    ADD CONSTRAINT text_version_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.text_version
    ADD CONSTRAINT text_version_portal_id_text_id_fkey FOREIGN KEY (portal_id, text_id) REFERENCES public.portal_text(portal_id, id);

ALTER TABLE ONLY public.text_version
    ADD CONSTRAINT text_version_submitted_by_fkey FOREIGN KEY (submitted_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.text_version
    ADD CONSTRAINT text_version_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.verification
    ADD CONSTRAINT verification_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.verification
    ADD CONSTRAINT verification_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.verification
    ADD CONSTRAINT verification_portal_id_account_id_fkey FOREIGN KEY (portal_id, account_id) REFERENCES public.account(portal_id, id);

ALTER TABLE ONLY public.verification
    ADD CONSTRAINT verification_portal_id_client_id_fkey FOREIGN KEY (portal_id, client_id) REFERENCES public.client(portal_id, id);

ALTER TABLE ONLY public.verification_step
    ADD CONSTRAINT verification_step_done_by_fkey FOREIGN KEY (done_by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.verification_step
    ADD CONSTRAINT verification_step_portal_id_verification_id_fkey FOREIGN KEY (portal_id, verification_id) REFERENCES public.verification(portal_id, id);

ALTER TABLE public.access ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.access_warning ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.account ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.account_code ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.account_device ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.account_session ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.account_term ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.alarm ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.application ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.application_remark ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.calendar_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.call_attempt ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.call_task ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.client ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.client_request ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.client_restriction ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.client_term ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.company_code ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consent ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consent_budget ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consent_receipt ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.contact ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.contact_change ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.contract ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cookie_item ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.data_change ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erasure ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erasure_hold ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erasure_ledger ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erasure_line ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gateway ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.inbox_message ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.incident ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.instalment ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.invoice ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.job ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.job_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.job_history_rest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.journal_line ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.journal_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.journal_trouble ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.message ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.message_attempt ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.message_file ENABLE ROW LEVEL SECURITY;

CREATE POLICY owner ON public.access TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.access_warning TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.account TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.account_code TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.account_device TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.account_session TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.account_term TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.alarm TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.application TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.application_remark TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.audit_event TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.calendar_day TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.call_attempt TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.call_task TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.client TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.client_request TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.client_restriction TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.client_term TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.company_code TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.consent TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.consent_budget TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.consent_receipt TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.contact TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.contact_change TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.contract TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.cookie_item TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.data_change TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.erasure TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.erasure_hold TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.erasure_ledger TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.erasure_line TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.gateway TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.inbox_message TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.incident TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.instalment TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.invoice TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.job TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.job_history TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.job_history_rest TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.journal_line TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.journal_mark TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.journal_trouble TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.message TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.message_attempt TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.message_file TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.payment TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.policy TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.portal_key TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.portal_text TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.provider TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.public_origin TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.purpose TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.queue_pause TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.receipt TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.reminder TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.reminder_limit TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.request_letter TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.request_pause TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.rule TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.run TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.run_approval TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.scan TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.scan_chunk TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.scan_page TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.schedule TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.sending_fence TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.sending_hours TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.staff_role TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.subject_key TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.suppression TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.template TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.text_asks TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.text_locale TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.text_notice TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.text_version TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.verification TO portaldesk_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON public.verification_step TO portaldesk_owner USING (true) WITH CHECK (true);

ALTER TABLE public.payment ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.policy ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.portal_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.portal_text ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.provider ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.public_origin ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.purpose ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.queue_pause ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.receipt ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reminder ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reminder_limit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.request_letter ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.request_pause ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.run ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.run_approval ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.scan ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.scan_chunk ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.scan_page ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.schedule ENABLE ROW LEVEL SECURITY;

CREATE POLICY scope ON public.access TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.access_warning TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.account TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.account_code TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.account_device TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.account_session TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.account_term TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.alarm TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.application TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.application_remark TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.audit_event TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.calendar_day TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.call_attempt TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.call_task TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.client TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.client_request TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.client_restriction TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.client_term TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.company_code TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.consent TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.consent_budget TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.consent_receipt TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.contact TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.contact_change TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.contract TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.cookie_item TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.data_change TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.erasure TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.erasure_hold TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.erasure_ledger TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.erasure_line TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.gateway TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.inbox_message TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.incident TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.instalment TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.invoice TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.job TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.job_history TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.job_history_rest TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.journal_line TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.journal_mark TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.journal_trouble TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.message TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.message_attempt TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.message_file TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.payment TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.policy TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.portal_key TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.portal_text TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.provider TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.public_origin TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.purpose TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.queue_pause TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.receipt TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.reminder TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.reminder_limit TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.request_letter TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.request_pause TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.rule TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.run TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.run_approval TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.scan TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.scan_chunk TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.scan_page TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.schedule TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.sending_fence TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.sending_hours TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.staff_role TO portaldesk_console, portaldesk_worker USING (((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])) OR (staff_id = public.scope_staff()))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.subject_key TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.suppression TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.template TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.text_asks TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.text_locale TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.text_notice TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.text_version TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.verification TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

CREATE POLICY scope ON public.verification_step TO portaldesk_console, portaldesk_worker USING ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[]))) WITH CHECK ((portal_id = ANY (( SELECT public.scope_portals() AS scope_portals)::smallint[])));

ALTER TABLE public.sending_fence ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sending_hours ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.staff_role ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.subject_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.suppression ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.template ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.text_asks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.text_locale ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.text_notice ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.text_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.verification ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.verification_step ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA public TO portaldesk_console;
GRANT USAGE ON SCHEMA public TO portaldesk_worker;
GRANT USAGE ON SCHEMA public TO portaldesk_backup;

GRANT SELECT ON TABLE public.contract TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.contract TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.contract TO portaldesk_worker;

GRANT SELECT ON TABLE public.portal TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.portal TO portaldesk_console;
GRANT SELECT ON TABLE public.portal TO portaldesk_worker;

GRANT SELECT ON TABLE public.calendar_day TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.calendar_day TO portaldesk_console;
GRANT SELECT ON TABLE public.calendar_day TO portaldesk_worker;

GRANT SELECT ON TABLE public.country_day TO portaldesk_backup;
GRANT SELECT ON TABLE public.country_day TO portaldesk_console;
GRANT SELECT ON TABLE public.country_day TO portaldesk_worker;

GRANT SELECT ON TABLE public.account TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.account TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.account TO portaldesk_worker;

GRANT SELECT ON TABLE public.rule TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.rule TO portaldesk_console;
GRANT SELECT ON TABLE public.rule TO portaldesk_worker;

GRANT SELECT ON TABLE public.access TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.access TO portaldesk_console;
GRANT SELECT,UPDATE ON TABLE public.access TO portaldesk_worker;

GRANT SELECT ON TABLE public.client TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client TO portaldesk_worker;

GRANT SELECT ON TABLE public.instalment TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.instalment TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.instalment TO portaldesk_worker;

GRANT SELECT ON TABLE public.invoice TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.invoice TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.invoice TO portaldesk_worker;

GRANT SELECT ON TABLE public.policy TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.policy TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.policy TO portaldesk_worker;

GRANT SELECT ON TABLE public.contact TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.contact TO portaldesk_console;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.contact TO portaldesk_worker;

GRANT SELECT ON TABLE public.consent TO portaldesk_backup;
GRANT SELECT,INSERT ON TABLE public.consent TO portaldesk_console;
GRANT SELECT ON TABLE public.consent TO portaldesk_worker;

GRANT SELECT ON TABLE public.text_asks TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.text_asks TO portaldesk_console;
GRANT SELECT ON TABLE public.text_asks TO portaldesk_worker;

GRANT SELECT ON TABLE public.text_version TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.text_version TO portaldesk_console;
GRANT SELECT ON TABLE public.text_version TO portaldesk_worker;

GRANT SELECT ON TABLE public.cookie_item TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.cookie_item TO portaldesk_console;

GRANT SELECT ON TABLE public.payment TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.payment TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.payment TO portaldesk_worker;

GRANT SELECT ON TABLE public.reminder TO portaldesk_backup;
GRANT SELECT,UPDATE ON TABLE public.reminder TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reminder TO portaldesk_worker;

REVOKE ALL ON FUNCTION public.erase_due(portal smallint, client bigint, word text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.finish_erasure(portal smallint, erasure bigint, staff bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_job_history(days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.keep_job_history(days integer) TO portaldesk_worker;

GRANT SELECT ON TABLE public.register_table TO portaldesk_backup;
GRANT SELECT ON TABLE public.register_table TO portaldesk_console;
GRANT SELECT ON TABLE public.register_table TO portaldesk_worker;

GRANT SELECT ON TABLE public.run TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.run TO portaldesk_console;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.run TO portaldesk_worker;

GRANT SELECT ON TABLE public.message TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.message TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.message TO portaldesk_worker;

GRANT SELECT ON TABLE public.request_letter TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.request_letter TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.request_letter TO portaldesk_worker;

GRANT SELECT ON TABLE public.request_pause TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.request_pause TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.request_pause TO portaldesk_worker;

GRANT SELECT ON TABLE public.reminder_limit TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reminder_limit TO portaldesk_console;
GRANT SELECT ON TABLE public.reminder_limit TO portaldesk_worker;

GRANT SELECT ON TABLE public.purpose TO portaldesk_backup;
GRANT SELECT,INSERT ON TABLE public.purpose TO portaldesk_console;
GRANT SELECT ON TABLE public.purpose TO portaldesk_worker;

GRANT SELECT ON TABLE public.erasure_line TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.erasure_line TO portaldesk_console;
GRANT SELECT ON TABLE public.erasure_line TO portaldesk_worker;

REVOKE ALL ON FUNCTION public.vacuum_blockers(minutes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.vacuum_blockers(minutes integer) TO portaldesk_console;
GRANT ALL ON FUNCTION public.vacuum_blockers(minutes integer) TO portaldesk_worker;

GRANT SELECT ON TABLE public.access_warning TO portaldesk_backup;
GRANT SELECT,INSERT ON TABLE public.access_warning TO portaldesk_worker;
GRANT SELECT ON TABLE public.access_warning TO portaldesk_console;

GRANT SELECT ON TABLE public.account_code TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.account_code TO portaldesk_console;
GRANT SELECT,UPDATE ON TABLE public.account_code TO portaldesk_worker;

GRANT SELECT(portal_id) ON TABLE public.account_code TO portaldesk_worker;

GRANT SELECT(account_id) ON TABLE public.account_code TO portaldesk_worker;

GRANT SELECT(used_at) ON TABLE public.account_code TO portaldesk_worker;

GRANT SELECT(voided_at),UPDATE(voided_at) ON TABLE public.account_code TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.account_code_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.account_device TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_device TO portaldesk_console;
GRANT DELETE ON TABLE public.account_device TO portaldesk_worker;

GRANT SELECT(portal_id) ON TABLE public.account_device TO portaldesk_worker;

GRANT SELECT(account_id) ON TABLE public.account_device TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.account_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.account_session TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.account_session TO portaldesk_console;
GRANT SELECT,UPDATE ON TABLE public.account_session TO portaldesk_worker;

GRANT SELECT ON TABLE public.account_term TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.account_term TO portaldesk_console;
GRANT SELECT,INSERT,DELETE ON TABLE public.account_term TO portaldesk_worker;

GRANT SELECT ON TABLE public.alarm TO portaldesk_backup;
GRANT SELECT ON TABLE public.alarm TO portaldesk_console;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alarm TO portaldesk_worker;

GRANT SELECT ON TABLE public.application TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.application TO portaldesk_console;
GRANT SELECT ON TABLE public.application TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.application_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.application_remark TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.application_remark TO portaldesk_console;

GRANT SELECT ON SEQUENCE public.application_remark_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.audit_event TO portaldesk_backup;
GRANT SELECT,INSERT ON TABLE public.audit_event TO portaldesk_console;
GRANT SELECT,INSERT ON TABLE public.audit_event TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.audit_event_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.call_attempt TO portaldesk_backup;
GRANT SELECT,INSERT ON TABLE public.call_attempt TO portaldesk_console;

GRANT SELECT ON TABLE public.call_task TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.call_task TO portaldesk_console;
GRANT SELECT ON TABLE public.call_task TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.call_task_id_seq TO portaldesk_backup;

GRANT SELECT ON SEQUENCE public.client_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.client_request TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client_request TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client_request TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.client_request_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.client_restriction TO portaldesk_backup;
GRANT SELECT ON TABLE public.client_restriction TO portaldesk_console;
GRANT SELECT ON TABLE public.client_restriction TO portaldesk_worker;

GRANT SELECT ON TABLE public.client_term TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.client_term TO portaldesk_console;
GRANT SELECT,INSERT,DELETE ON TABLE public.client_term TO portaldesk_worker;

GRANT SELECT ON TABLE public.clock_rule TO portaldesk_backup;
GRANT SELECT ON TABLE public.clock_rule TO portaldesk_console;
GRANT SELECT ON TABLE public.clock_rule TO portaldesk_worker;

GRANT SELECT ON TABLE public.company_code TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.company_code TO portaldesk_console;
GRANT UPDATE ON TABLE public.company_code TO portaldesk_worker;

GRANT SELECT ON TABLE public.consent_budget TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.consent_budget TO portaldesk_console;

GRANT SELECT ON SEQUENCE public.consent_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.consent_receipt TO portaldesk_backup;
GRANT SELECT,INSERT ON TABLE public.consent_receipt TO portaldesk_console;

GRANT SELECT ON TABLE public.contact_change TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.contact_change TO portaldesk_console;
GRANT SELECT,UPDATE ON TABLE public.contact_change TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.contact_change_id_seq TO portaldesk_backup;

GRANT SELECT ON SEQUENCE public.contact_id_seq TO portaldesk_backup;

GRANT SELECT ON SEQUENCE public.contract_id_seq TO portaldesk_backup;

GRANT SELECT ON SEQUENCE public.cookie_item_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.data_change TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.data_change TO portaldesk_console;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.data_change TO portaldesk_worker;

GRANT SELECT ON TABLE public.erasure TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.erasure TO portaldesk_console;
GRANT SELECT ON TABLE public.erasure TO portaldesk_worker;

GRANT SELECT ON TABLE public.erasure_hold TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.erasure_hold TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.erasure_hold TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.erasure_hold_id_seq TO portaldesk_backup;

GRANT SELECT ON SEQUENCE public.erasure_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.erasure_ledger TO portaldesk_backup;
GRANT SELECT ON TABLE public.erasure_ledger TO portaldesk_console;
GRANT SELECT ON TABLE public.erasure_ledger TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.erasure_ledger_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.form_key TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.form_key TO portaldesk_console;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.form_key TO portaldesk_worker;

GRANT SELECT ON TABLE public.gateway TO portaldesk_backup;
GRANT SELECT,UPDATE ON TABLE public.gateway TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.gateway TO portaldesk_worker;

GRANT SELECT ON TABLE public.inbox_message TO portaldesk_backup;
GRANT SELECT,INSERT ON TABLE public.inbox_message TO portaldesk_console;
GRANT SELECT,INSERT ON TABLE public.inbox_message TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.inbox_message_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.incident TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.incident TO portaldesk_console;
GRANT SELECT ON TABLE public.incident TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.incident_id_seq TO portaldesk_backup;

GRANT SELECT ON SEQUENCE public.instalment_id_seq TO portaldesk_backup;

GRANT SELECT ON SEQUENCE public.invoice_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.job TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job TO portaldesk_console;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.job_history_number TO portaldesk_backup;
GRANT USAGE ON SEQUENCE public.job_history_number TO portaldesk_console;
GRANT USAGE ON SEQUENCE public.job_history_number TO portaldesk_worker;

GRANT SELECT ON TABLE public.job_history TO portaldesk_backup;
GRANT SELECT,INSERT ON TABLE public.job_history TO portaldesk_console;
GRANT SELECT,INSERT ON TABLE public.job_history TO portaldesk_worker;

GRANT SELECT ON TABLE public.job_history_rest TO portaldesk_backup;

GRANT SELECT ON SEQUENCE public.job_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.journal_line TO portaldesk_backup;
GRANT SELECT ON TABLE public.journal_line TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.journal_line TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.journal_line_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.journal_mark TO portaldesk_backup;
GRANT SELECT ON TABLE public.journal_mark TO portaldesk_console;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.journal_mark TO portaldesk_worker;

GRANT SELECT ON TABLE public.journal_trouble TO portaldesk_backup;
GRANT SELECT ON TABLE public.journal_trouble TO portaldesk_console;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.journal_trouble TO portaldesk_worker;

GRANT SELECT ON TABLE public.message_attempt TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.message_attempt TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.message_attempt TO portaldesk_worker;

GRANT SELECT ON TABLE public.message_file TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.message_file TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.message_file TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.message_id_seq TO portaldesk_backup;

GRANT SELECT ON SEQUENCE public.payment_id_seq TO portaldesk_backup;

GRANT SELECT ON SEQUENCE public.policy_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.portal_key TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.portal_key TO portaldesk_console;

GRANT SELECT ON SEQUENCE public.portal_key_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.portal_text TO portaldesk_backup;
GRANT SELECT,INSERT ON TABLE public.portal_text TO portaldesk_console;
GRANT SELECT ON TABLE public.portal_text TO portaldesk_worker;

GRANT UPDATE(notice_days) ON TABLE public.portal_text TO portaldesk_console;

GRANT SELECT ON SEQUENCE public.portal_text_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.provider TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.provider TO portaldesk_console;
GRANT SELECT ON TABLE public.provider TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.provider_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.public_origin TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.public_origin TO portaldesk_console;

GRANT SELECT ON SEQUENCE public.purpose_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.queue_pause TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.queue_pause TO portaldesk_console;
GRANT SELECT,INSERT,DELETE ON TABLE public.queue_pause TO portaldesk_worker;

GRANT SELECT ON TABLE public.receipt TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.receipt TO portaldesk_console;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.receipt TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.receipt_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.register_column TO portaldesk_backup;
GRANT SELECT ON TABLE public.register_column TO portaldesk_console;
GRANT SELECT ON TABLE public.register_column TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.reminder_id_seq TO portaldesk_backup;

GRANT SELECT ON SEQUENCE public.request_letter_id_seq TO portaldesk_backup;

GRANT SELECT ON SEQUENCE public.request_pause_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.request_view TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.request_view TO portaldesk_console;

GRANT SELECT ON SEQUENCE public.request_view_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.retention_period TO portaldesk_backup;
GRANT SELECT ON TABLE public.retention_period TO portaldesk_console;
GRANT SELECT ON TABLE public.retention_period TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.rule_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.run_approval TO portaldesk_backup;
GRANT SELECT,UPDATE ON TABLE public.run_approval TO portaldesk_console;
GRANT SELECT,INSERT ON TABLE public.run_approval TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.run_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.scan TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.scan TO portaldesk_console;
GRANT SELECT ON TABLE public.scan TO portaldesk_worker;

GRANT SELECT ON TABLE public.scan_chunk TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.scan_chunk TO portaldesk_console;

GRANT SELECT ON SEQUENCE public.scan_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.scan_page TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.scan_page TO portaldesk_console;

GRANT SELECT ON TABLE public.schedule TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.schedule TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.schedule TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.schedule_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.schema_migration TO PUBLIC;

GRANT SELECT ON TABLE public.sending_fence TO portaldesk_backup;
GRANT SELECT,UPDATE ON TABLE public.sending_fence TO portaldesk_console;
GRANT SELECT,INSERT ON TABLE public.sending_fence TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.sending_fence_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.sending_hours TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sending_hours TO portaldesk_console;
GRANT SELECT ON TABLE public.sending_hours TO portaldesk_worker;

GRANT SELECT ON TABLE public.sign_in_budget TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_in_budget TO portaldesk_console;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_in_budget TO portaldesk_worker;

GRANT SELECT ON TABLE public.staff TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.staff TO portaldesk_console;
GRANT SELECT ON TABLE public.staff TO portaldesk_worker;

GRANT SELECT ON TABLE public.staff_device TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff_device TO portaldesk_console;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff_device TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.staff_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.staff_link TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.staff_link TO portaldesk_console;

GRANT SELECT ON TABLE public.staff_recovery_code TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff_recovery_code TO portaldesk_console;

GRANT SELECT ON TABLE public.staff_role TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE ON TABLE public.staff_role TO portaldesk_console;
GRANT SELECT ON TABLE public.staff_role TO portaldesk_worker;

GRANT SELECT ON TABLE public.staff_session TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff_session TO portaldesk_console;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff_session TO portaldesk_worker;

GRANT SELECT ON TABLE public.subject_key TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.subject_key TO portaldesk_console;
GRANT SELECT,INSERT,UPDATE ON TABLE public.subject_key TO portaldesk_worker;

GRANT SELECT ON TABLE public.suppression TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.suppression TO portaldesk_console;
GRANT SELECT,INSERT ON TABLE public.suppression TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.suppression_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.template TO portaldesk_backup;
GRANT SELECT,INSERT ON TABLE public.template TO portaldesk_console;
GRANT SELECT,INSERT ON TABLE public.template TO portaldesk_worker;

GRANT SELECT ON TABLE public.text_locale TO portaldesk_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.text_locale TO portaldesk_console;
GRANT SELECT ON TABLE public.text_locale TO portaldesk_worker;

GRANT SELECT ON TABLE public.text_notice TO portaldesk_backup;
GRANT SELECT ON TABLE public.text_notice TO portaldesk_console;
GRANT SELECT,INSERT ON TABLE public.text_notice TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.text_version_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.verification TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.verification TO portaldesk_console;
GRANT SELECT ON TABLE public.verification TO portaldesk_worker;

GRANT SELECT ON SEQUENCE public.verification_id_seq TO portaldesk_backup;

GRANT SELECT ON TABLE public.verification_step TO portaldesk_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.verification_step TO portaldesk_console;

ALTER DEFAULT PRIVILEGES FOR ROLE portaldesk_owner IN SCHEMA public GRANT SELECT ON SEQUENCES  TO portaldesk_backup;

ALTER DEFAULT PRIVILEGES FOR ROLE portaldesk_owner IN SCHEMA public GRANT SELECT ON TABLES  TO portaldesk_backup;
