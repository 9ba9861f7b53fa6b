-- breaking: no
-- The accounts that are told about a client's affairs of a kind, looked up one by one. What a day's reminders cost goes
-- by what is due that day, not by how many accounts the portal has: under row-level security, and on tables without
-- statistics, the planner guesses wrong what looking up one account costs, and reads them all, once or once per row.
-- OFFSET 0 keeps the look-ups as they are written.

CREATE FUNCTION reminded_accounts(portal smallint, client bigint, rights text[])
RETURNS TABLE (id bigint, state text, remind_by text, remind_days_before smallint, phone text, email text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT h.id, h.state, h.remind_by, h.remind_days_before, h.phone, h.email
    FROM access AS x
    CROSS JOIN LATERAL (
        SELECT a.id, a.state, a.remind_by, a.remind_days_before, a.phone, a.email
        FROM account AS a
        WHERE a.portal_id = portal AND a.id = x.account_id AND a.state <> 'closed'
        OFFSET 0
    ) AS h
    WHERE x.portal_id = portal AND x.client_id = client AND x.ended_at IS NULL
        AND coalesce(x.rights && reminded_accounts.rights, true)
    OFFSET 0;
END;
