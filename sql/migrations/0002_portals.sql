-- breaking: no

-- owner: portals
CREATE TABLE portal (
    id smallint PRIMARY KEY CHECK (id > 0),
    key text NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9-]{1,30}$'),
    name text NOT NULL,
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    time_zone text NOT NULL,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    languages text[] NOT NULL CHECK (cardinality(languages) > 0),
    profile jsonb NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now()
);
-- The list of portals is what a scope is made of, so it is readable without one; it holds no client's data.
GRANT SELECT ON portal TO portaldesk_console, portaldesk_worker;
GRANT INSERT, UPDATE ON portal TO portaldesk_console;

CREATE FUNCTION portal_zone(portal smallint) RETURNS text LANGUAGE sql STABLE
    RETURN (SELECT p.time_zone FROM portal AS p WHERE p.id = portal);
-- Today by the portal's own calendar.
CREATE FUNCTION portal_today(portal smallint) RETURNS date LANGUAGE sql STABLE
    RETURN (now() AT TIME ZONE portal_zone(portal))::date;

-- What the scope "every portal" stands for; portal 0 is the installation.
CREATE FUNCTION every_portal() RETURNS text LANGUAGE sql STABLE
    RETURN (SELECT array_agg(p.id ORDER BY p.id)::text FROM (SELECT 0::smallint AS id UNION SELECT id FROM portal) AS p);
