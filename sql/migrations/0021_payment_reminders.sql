-- breaking: no
-- What a day's payment reminders cost goes by what is due that day, not by how many accounts the portal has: under
-- row-level security the planner thinks looking up one account dearer than it is, and read them all. OFFSET 0 keeps the
-- lookups as they are written. What it answers is as before.

CREATE OR REPLACE FUNCTION payment_reminders(portal smallint, day date)
RETURNS TABLE (rule_id bigint, step smallint, subject_id bigint, account_id bigint, due_date date, client_id bigint,
    reason text) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.id, r.steps[1], i.id, coalesce(a.id, 0), i.due_on, k.client_id,
        CASE
            WHEN a.id IS NULL THEN 'no_account'
            WHEN CASE
                WHEN i.invoice_id IS NULL THEN i.amount_minor <= coalesce((SELECT sum(p.amount_minor) FROM payment AS p
                    WHERE p.portal_id = i.portal_id AND p.instalment_id = i.id), 0)
                ELSE (SELECT v.amount_minor FROM invoice AS v WHERE v.portal_id = i.portal_id AND v.id = i.invoice_id)
                    <= coalesce((SELECT sum(p.amount_minor) FROM payment AS p
                        WHERE p.portal_id = i.portal_id AND p.invoice_id = i.invoice_id), 0)
            END THEN 'paid'
            ELSE account_obstacle(a.state, a.remind_by, a.phone, a.email)
        END
    FROM rule AS r
    JOIN instalment AS i ON i.portal_id = portal AND i.due_on = ANY (ARRAY(
        SELECT day + d.days
        FROM generate_series(0, 60) AS d (days)
        WHERE EXISTS (SELECT FROM account AS o WHERE o.portal_id = portal AND o.remind_days_before = d.days)
            OR EXISTS (SELECT FROM rule AS o
                WHERE o.portal_id = portal AND o.subject = 'instalment' AND o.days_before[1] = d.days)))
    JOIN contract AS k ON k.portal_id = portal AND k.id = i.contract_id
    LEFT JOIN LATERAL (
        SELECT h.id, h.state, h.remind_by, h.remind_days_before, h.phone, h.email
        FROM access AS x
        CROSS JOIN LATERAL (
            SELECT o.id, o.state, o.remind_by, o.remind_days_before, o.phone, o.email
            FROM account AS o
            WHERE o.portal_id = portal AND o.id = x.account_id AND o.state <> 'closed'
            OFFSET 0
        ) AS h
        WHERE x.portal_id = portal AND x.client_id = k.client_id AND x.ended_at IS NULL
            AND x.rights && reminder_rights('instalment')
        OFFSET 0
    ) AS a ON true
    WHERE r.portal_id = portal AND r.subject = 'instalment' AND r.active
        AND i.due_on - day = coalesce(a.remind_days_before, r.days_before[1]);
END;
