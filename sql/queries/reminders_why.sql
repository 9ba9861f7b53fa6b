-- Why (not)? The story of one client and one due date.

-- What is due to the client that day, or was when it was planned; for each, the steps of its rules and the accounts
-- that act or acted for the client; and what became of it.
-- name: story :many
WITH due AS (
    SELECT c.kind, c.id FROM client_subjects(@portal::smallint, @client::bigint) AS c WHERE c.due_on = @due::date
    UNION
    SELECT m.subject_kind, m.subject_id
    FROM reminder AS m
    WHERE m.portal_id = @portal AND m.client_id = @client AND m.due_date = @due
)
SELECT d.kind AS subject_kind, d.id AS subject_id, coalesce(v.number, k.number) AS contract,
    i.number AS instalment, p.number AS policy,
    r.name AS rule, coalesce(r.active AND t.day BETWEEN coalesce(r.starts_on, t.day)
        AND coalesce(r.ends_on, t.day), false) AS rule_active,
    coalesce(r.day_kind = 'working', false) AS in_working_days,
    coalesce((SELECT c.kind FROM client AS c WHERE c.portal_id = @portal AND c.id = @client)
        = ANY (r.client_kinds), true) AS for_client, l.days AS days_before, a.id AS account_id, a.login,
    a.language AS account_language,
    CASE WHEN d.kind = 'instalment' AND l.days >= 0 THEN a.remind_days_before END AS own_days,
    t.day AS reminder_on, portal_today(@portal) AS today,
    CASE
        WHEN a.id IS NULL THEN 'no_account'
        WHEN x.ended_at IS NOT NULL THEN 'access_ended'
        WHEN NOT x.rights && reminder_rights(d.kind) THEN 'no_right'
        WHEN coalesce(instalment_open_minor(@portal, i.id), v.amount_minor - coalesce((SELECT sum(q.amount_minor)
            FROM payment AS q WHERE q.portal_id = @portal AND q.invoice_id = v.id), 0)) <= 0 THEN 'paid'
        WHEN i.invoice_id IS NOT NULL AND rule_covers('invoice', @portal, @client, t.day) THEN 'by_invoice'
        WHEN p.expires_on > @due OR EXISTS (SELECT FROM policy_successors(
            p.portal_id, p.client_id, p.contract_id, p.kind, p.number, p.expires_on)) THEN 'renewed'
        WHEN NOT EXISTS (SELECT FROM client_subjects(@portal, @client) AS c
            WHERE c.kind = d.kind AND c.id = d.id AND c.due_on = @due) THEN 'moved'
        ELSE account_obstacle(a.state, a.remind_by, a.phone, a.email)
    END AS obstacle,
    n.id AS run_id, n.state AS run_state, n.reason AS run_reason, n.local_at AS run_at, m.id AS reminder_id,
    m.state AS reminder_state, m.reason AS reminder_reason, m.planned_at AT TIME ZONE o.time_zone AS planned_at,
    g.id AS message_id, g.state AS message_state, g.reason AS message_reason, g.channel, g.recipient_hint AS hint,
    g.language, g.template_version AS letter_version, g.attempts, w.name AS provider,
    g.handed_at AT TIME ZONE o.time_zone AS handed_at, g.settled_at AT TIME ZONE o.time_zone AS settled_at,
    g.delivery, g.delivered_at AT TIME ZONE o.time_zone AS delivered_at,
    g.state = 'confirmed' AND w.kind = 'http_sms' AS expects_receipt,
    m.state = 'planned' AND n.waits_for IS NOT NULL AS awaits_approval,
    (SELECT h.reason FROM queue_pause AS h WHERE h.portal_id = @portal
        AND h.queue = CASE WHEN g.state = 'planned' THEN 'messaging' WHEN m.state = 'planned' THEN 'reminders' END)
        AS pause_reason,
    CASE WHEN g.state = 'planned' AND coalesce(seconds_until_open(@portal, g.id), 0) > 0
        THEN (now() + make_interval(secs => seconds_until_open(@portal, g.id))) AT TIME ZONE o.time_zone
        END AS opens_at,
    CASE WHEN g.state = 'planned' THEN (SELECT b.open_until AT TIME ZONE o.time_zone
        FROM provider AS c
        JOIN gateway AS b ON b.portal_id = c.portal_id AND b.provider_id = c.id
        WHERE c.portal_id = @portal AND c.channel = g.channel AND c.active AND b.open_until > now())
        END AS left_alone_until
FROM due AS d
JOIN portal AS o ON o.id = @portal
LEFT JOIN instalment AS i ON d.kind = 'instalment' AND i.portal_id = @portal AND i.id = d.id
LEFT JOIN policy AS p ON d.kind = 'policy' AND p.portal_id = @portal AND p.id = d.id
LEFT JOIN invoice AS v ON d.kind IN ('invoice', 'new_invoice') AND v.portal_id = @portal AND v.id = d.id
LEFT JOIN contract AS k ON k.portal_id = @portal AND k.id = i.contract_id
LEFT JOIN rule AS r ON r.portal_id = @portal AND r.subject = d.kind
LEFT JOIN LATERAL (
    SELECT s.days, s.step FROM unnest(r.days_before, r.steps) AS s (days, step)
    UNION ALL
    SELECT DISTINCT NULL::smallint, q.step
    FROM reminder AS q
    WHERE q.portal_id = r.portal_id AND q.rule_id = r.id AND q.subject_kind = d.kind AND q.subject_id = d.id
        AND q.due_date = @due AND q.step <> ALL (r.steps)
) AS l ON true
LEFT JOIN (access AS x JOIN account AS a ON a.portal_id = x.portal_id AND a.id = x.account_id)
    ON x.portal_id = @portal AND x.client_id = @client
LEFT JOIN LATERAL (
    SELECT CASE WHEN d.kind = 'instalment' AND l.days >= 0 AND a.remind_days_before IS NOT NULL
        THEN @due - a.remind_days_before ELSE step_day(@portal, @due, l.days, r.day_kind) END AS day
) AS t ON true
LEFT JOIN reminder AS m ON m.portal_id = @portal AND m.rule_id = r.id AND m.step = l.step AND m.subject_kind = d.kind
    AND m.subject_id = d.id AND m.account_id = coalesce(a.id, 0) AND m.due_date = @due
LEFT JOIN LATERAL (
    SELECT u.id, u.state, u.reason, u.local_at, u.waits_for
    FROM run AS u
    JOIN schedule AS s ON s.portal_id = u.portal_id AND s.name = u.schedule
    WHERE u.portal_id = @portal AND s.handler = CASE d.kind WHEN 'instalment' THEN 'reminders.payments'
        WHEN 'policy' THEN 'reminders.insurance' WHEN 'invoice' THEN 'reminders.invoices'
        WHEN 'new_invoice' THEN 'reminders.new_invoices' ELSE 'reminders.access' END
        AND (u.id = m.run_id OR (m.id IS NULL AND u.for_date = t.day))
    ORDER BY u.id DESC
    LIMIT 1
) AS n ON true
LEFT JOIN message AS g ON g.portal_id = @portal AND g.id = m.message_id
LEFT JOIN provider AS w ON w.portal_id = @portal AND w.id = g.provider_id
ORDER BY d.kind, d.id, l.days DESC NULLS LAST, a.id
LIMIT 200;

-- The days on which something is due to a client, around today.
-- name: due_dates :many
SELECT due.day, due.kind, count(*)::integer AS number
FROM (SELECT c.due_on AS day, c.kind FROM client_subjects(@portal::smallint, @client::bigint) AS c) AS due
WHERE due.day BETWEEN portal_today(@portal) - 60 AND portal_today(@portal) + 120
GROUP BY due.day, due.kind
ORDER BY due.day, due.kind
LIMIT 60;

-- name: client_name :first
SELECT name FROM client WHERE portal_id = @portal::smallint AND id = @client::bigint;
