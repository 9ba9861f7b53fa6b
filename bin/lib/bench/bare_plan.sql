-- The reference of planning: the rows of one day's payment reminders, written as plainly as they can be, by a superuser
-- whom no row policy binds. No look for what is planned already, no conflict to meet.
--   psql -v run=ID -v day=YYYY-MM-DD -f bare_plan.sql
BEGIN;
INSERT INTO reminder (portal_id, rule_id, step, subject_kind, subject_id, account_id, due_date, client_id, run_id, state,
    reason)
SELECT 1, d.rule_id, d.step, 'instalment', d.id, d.account_id, d.due_on, d.client_id, :run,
    CASE WHEN d.reason IS NULL THEN 'planned' ELSE 'skipped' END, d.reason
FROM (
    SELECT r.id AS rule_id, r.steps[1] AS step, i.id, coalesce(a.id, 0) AS account_id, i.due_on, k.client_id,
        CASE WHEN a.id IS NULL THEN 'no_account'
            WHEN CASE WHEN i.invoice_id IS NULL
                THEN i.amount_minor <= coalesce((SELECT sum(p.amount_minor) FROM payment AS p
                    WHERE p.portal_id = 1 AND p.instalment_id = i.id), 0)
                ELSE (SELECT v.amount_minor FROM invoice AS v WHERE v.portal_id = 1 AND v.id = i.invoice_id)
                    <= coalesce((SELECT sum(p.amount_minor) FROM payment AS p
                        WHERE p.portal_id = 1 AND p.invoice_id = i.invoice_id), 0)
                END THEN 'paid'
            WHEN a.state <> 'active' THEN a.state
            WHEN a.remind_by = 'none' THEN 'opted_out'
            WHEN coalesce(CASE a.remind_by WHEN 'sms' THEN a.phone ELSE a.email END, '') = '' THEN 'no_contact'
        END AS reason
    FROM rule AS r
    JOIN instalment AS i ON i.portal_id = 1 AND i.due_on IN (date :'day' + 5, date :'day' + 7)
    JOIN contract AS k ON k.portal_id = 1 AND k.id = i.contract_id
    LEFT JOIN (access AS x JOIN account AS a ON a.portal_id = 1 AND a.id = x.account_id AND a.state <> 'closed')
        ON x.portal_id = 1 AND x.client_id = k.client_id AND x.ended_at IS NULL AND x.rights && '{invoices,contracts}'
    WHERE r.portal_id = 1 AND r.subject = 'instalment'
        AND i.due_on - date :'day' = coalesce(a.remind_days_before, r.days_before[1])
    OFFSET 0
) AS d;
COMMIT;
