-- breaking: no
-- Business calendars: a portal's days are its country's (weekends, public holidays by the law's rule, days that a decree
-- moved) with the portal's own days over them.

-- Days that a decree made a working day or a day off; what no rule gives.
-- Hungary: 11/2024. (IV. 8.) NGM, 10/2025. (IV. 30.) NGM. Russia: decrees 1335 of 4.10.2024 and 1466 of 24.9.2025.
-- owner: calendars
CREATE TABLE country_day (
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    day date NOT NULL,
    works boolean NOT NULL,
    PRIMARY KEY (country, day)
);
GRANT SELECT ON country_day TO portaldesk_console, portaldesk_worker;
INSERT INTO country_day (country, day, works) VALUES
    ('HU', '2025-05-02', false), ('HU', '2025-05-17', true), ('HU', '2025-10-24', false), ('HU', '2025-10-18', true),
    ('HU', '2025-12-24', false), ('HU', '2025-12-13', true), ('HU', '2026-01-02', false), ('HU', '2026-01-10', true),
    ('HU', '2026-08-21', false), ('HU', '2026-08-08', true), ('HU', '2026-12-24', false), ('HU', '2026-12-12', true),
    ('RU', '2025-02-24', true), ('RU', '2025-03-10', true), ('RU', '2025-05-02', false), ('RU', '2025-05-08', false),
    ('RU', '2025-06-13', false), ('RU', '2025-11-01', true), ('RU', '2025-11-03', false), ('RU', '2025-12-31', false),
    ('RU', '2026-01-09', false), ('RU', '2026-12-31', false);

-- What a portal adds to its country's calendar or takes from it.
-- owner: calendars
CREATE TABLE calendar_day (
    portal_id smallint NOT NULL REFERENCES portal (id),
    day date NOT NULL CHECK (day BETWEEN '1900-01-01' AND '2199-12-31'),
    works boolean NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    source text NOT NULL CHECK (source IN ('hand', 'file')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, day)
);
CALL raise_wall('calendar_day');
GRANT SELECT, INSERT, UPDATE, DELETE ON calendar_day TO portaldesk_console;
GRANT SELECT ON calendar_day TO portaldesk_worker;

-- Easter Sunday of the western churches (Meeus, Jones and Butcher).
CREATE FUNCTION easter(year integer) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
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

-- The public holidays of a year; `name` is a code. Poland: Dz.U. 1951 nr 4 poz. 28 (24 December since 2025). Hungary:
-- 2012. évi I. törvény § 102 (Good Friday since 2017). Russia: Labour Code art. 112; a holiday on a weekend outside the
-- January holidays gives the Monday after it.
CREATE FUNCTION public_holidays(country text, year integer) RETURNS TABLE (day date, name text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH fixed AS (
        SELECT make_date(year, f.month, f.number) AS day, f.name
        FROM (VALUES
            ('PL', 1, 1, 'new_year', 1), ('PL', 1, 6, 'epiphany', 2011), ('PL', 5, 1, 'labour_day', 1),
            ('PL', 5, 3, 'constitution_day', 1990), ('PL', 8, 15, 'assumption', 1989), ('PL', 11, 1, 'all_saints', 1),
            ('PL', 11, 11, 'independence_day', 1989), ('PL', 12, 24, 'christmas_eve', 2025),
            ('PL', 12, 25, 'christmas', 1), ('PL', 12, 26, 'christmas_second', 1),
            ('HU', 1, 1, 'new_year', 1), ('HU', 3, 15, 'revolution_1848', 1991), ('HU', 5, 1, 'labour_day', 1),
            ('HU', 8, 20, 'saint_stephen', 1), ('HU', 10, 23, 'revolution_1956', 1991),
            ('HU', 11, 1, 'all_saints', 2000), ('HU', 12, 25, 'christmas', 1), ('HU', 12, 26, 'christmas_second', 1),
            ('RU', 1, 1, 'new_year', 1), ('RU', 1, 2, 'new_year_days', 1), ('RU', 1, 3, 'new_year_days', 2005),
            ('RU', 1, 4, 'new_year_days', 2005), ('RU', 1, 5, 'new_year_days', 2005),
            ('RU', 1, 6, 'new_year_days', 2013), ('RU', 1, 7, 'orthodox_christmas', 1991),
            ('RU', 1, 8, 'new_year_days', 2013), ('RU', 2, 23, 'defender_day', 2002), ('RU', 3, 8, 'womens_day', 1),
            ('RU', 5, 1, 'labour_day', 1), ('RU', 5, 9, 'victory_day', 1), ('RU', 6, 12, 'russia_day', 1992),
            ('RU', 11, 4, 'unity_day', 2005)
        ) AS f (land, month, number, name, since)
        WHERE f.land = country AND f.since <= year
    )
    SELECT f.day, f.name FROM fixed AS f
    UNION ALL
    SELECT f.day + 8 - extract(isodow FROM f.day)::integer, 'substitute'
    FROM fixed AS f
    WHERE country = 'RU' AND extract(isodow FROM f.day) >= 6 AND extract(month FROM f.day) > 1
    UNION ALL
    SELECT easter(year) + e.days, e.name
    FROM (VALUES
        ('PL', 0, 'easter_sunday', 1), ('PL', 1, 'easter_monday', 1), ('PL', 49, 'pentecost', 1),
        ('PL', 60, 'corpus_christi', 1), ('HU', -2, 'good_friday', 2017), ('HU', 0, 'easter_sunday', 1),
        ('HU', 1, 'easter_monday', 1), ('HU', 49, 'pentecost', 1), ('HU', 50, 'whit_monday', 1)
    ) AS e (land, days, name, since)
    WHERE e.land = country AND e.since <= year;
END;

-- Each day of a portal's calendar between two, both included, with why it is as it is. `name` is a holiday's code, or
-- the portal's own words where the reason is 'own'.
CREATE FUNCTION calendar_days(portal smallint, first date, last date)
RETURNS TABLE (day date, works boolean, reason text, name text) LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH place AS MATERIALIZED (SELECT p.country FROM portal AS p WHERE p.id = calendar_days.portal),
    holiday AS MATERIALIZED (
        SELECT h.day, min(h.name) AS name
        FROM place
        CROSS JOIN generate_series(extract(year FROM first)::integer, extract(year FROM last)::integer) AS y (year)
        CROSS JOIN LATERAL public_holidays(place.country, y.year) AS h
        GROUP BY h.day
    )
    SELECT d.day,
        coalesce(o.works, c.works, h.day IS NULL AND extract(isodow FROM d.day) < 6),
        CASE
            WHEN o.day IS NOT NULL THEN 'own'
            WHEN c.day IS NOT NULL THEN 'moved'
            WHEN h.day IS NOT NULL THEN 'holiday'
            WHEN extract(isodow FROM d.day) >= 6 THEN 'weekend'
            ELSE 'weekday'
        END,
        coalesce(o.name, CASE WHEN c.day IS NULL THEN h.name END)
    FROM place
    CROSS JOIN (SELECT first + g.n AS day FROM generate_series(0, last - first) AS g (n)) AS d
    LEFT JOIN holiday AS h ON h.day = d.day
    LEFT JOIN country_day AS c ON c.country = place.country AND c.day = d.day
    LEFT JOIN calendar_day AS o ON o.portal_id = calendar_days.portal AND o.day = d.day;
END;

CREATE FUNCTION is_working_day(portal smallint, day date) RETURNS boolean LANGUAGE sql STABLE
    RETURN (SELECT c.works FROM calendar_days(is_working_day.portal, is_working_day.day, is_working_day.day) AS c);

-- The working days after the first day, up to and including the last: what is left until a deadline.
CREATE FUNCTION working_days_between(portal smallint, first date, last date) RETURNS bigint LANGUAGE sql STABLE
    RETURN (SELECT count(*) FILTER (WHERE c.works)
        FROM calendar_days(working_days_between.portal, first + 1, last) AS c);

-- The so-manieth working day after a day, or before it where the number is negative; for 0 the day itself if it is one,
-- else the next. The day itself never counts (so do the Polish Civil Code art. 111 and the Hungarian Ákr. § 52).
CREATE FUNCTION add_working_days(portal smallint, start date, number integer) RETURNS date
LANGUAGE plpgsql STABLE STRICT AS $$
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
