-- breaking: no
-- How much a gateway may be asked, and when it is left alone because it fails.

ALTER TABLE provider ADD COLUMN per_minute integer CHECK (per_minute BETWEEN 1 AND 60000);

-- A provider's token bucket and circuit breaker; without a row it is full and closed.
-- owner: messaging
CREATE TABLE gateway (
    portal_id smallint NOT NULL,
    provider_id bigint NOT NULL,
    tokens double precision NOT NULL DEFAULT 1,
    filled_at timestamptz NOT NULL DEFAULT now(),
    failures integer NOT NULL DEFAULT 0,
    reason text,
    open_until timestamptz,
    PRIMARY KEY (portal_id, provider_id),
    FOREIGN KEY (portal_id, provider_id) REFERENCES provider (portal_id, id)
);
CALL raise_wall('gateway');
GRANT SELECT, UPDATE ON gateway TO portaldesk_console;
GRANT SELECT, INSERT, UPDATE ON gateway TO portaldesk_worker;
