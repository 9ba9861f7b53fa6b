-- Runs that wait for a second person, limits that hold across rules, and what a changed rule would do.

-- A run that plans more than its portal's threshold waits for a second person; answers whether it does.
-- name: await_approval :first
INSERT INTO run_approval (portal_id, run_id, planned, asked_by, ruled_by)
SELECT u.portal_id, u.id, @planned::integer, u.asked_by, coalesce((SELECT array_agg(DISTINCT r.changed_by)
    FROM rule AS r
    WHERE r.portal_id = u.portal_id AND r.changed_by IS NOT NULL AND r.id IN (SELECT m.rule_id FROM reminder AS m
        WHERE m.portal_id = u.portal_id AND m.run_id = u.id)), '{}')
FROM run AS u
JOIN reminder_limit AS l ON l.portal_id = u.portal_id AND l.approve_above < @planned
WHERE u.portal_id = @portal::smallint AND u.id = @run::bigint
ON CONFLICT (portal_id, run_id) DO NOTHING
RETURNING run_id;

-- name: waiting_runs :many
SELECT w.portal_id, w.run_id, w.planned, u.for_date, u.schedule, s.name AS asked_by,
    (w.asked_by IS NOT DISTINCT FROM @staff::bigint OR @staff = ANY (w.ruled_by)) AS own
FROM run_approval AS w
JOIN run AS u ON u.portal_id = w.portal_id AND u.id = w.run_id
LEFT JOIN staff AS s ON s.id = w.asked_by
WHERE w.portal_id = ANY (@portals::smallint[]) AND w.state = 'waiting' AND u.waits_for = 'approval'
ORDER BY w.portal_id, w.run_id
LIMIT 100;

-- Whoever is second finds no row, and a run that was cancelled meanwhile has none either.
-- name: decide_run :first
UPDATE run_approval AS w SET state = @state::text, decided_by = @staff::bigint, decided_at = now()
FROM run AS u
WHERE w.portal_id = @portal::smallint AND w.run_id = @run::bigint AND w.state = 'waiting'
    AND u.portal_id = w.portal_id AND u.id = w.run_id AND u.waits_for = 'approval'
RETURNING w.planned;

-- name: find_waiting_run :first
SELECT asked_by, ruled_by FROM run_approval
WHERE portal_id = @portal::smallint AND run_id = @run::bigint AND state = 'waiting';

-- name: cancel_planned :exec
UPDATE reminder SET state = 'cancelled', reason = @reason::text
WHERE portal_id = @portal::smallint AND run_id = @run::bigint AND state = 'planned';

-- Those whose letters a job was to write that people took away.
-- name: cancel_chunk :exec
UPDATE reminder SET state = 'cancelled', reason = 'discarded'
WHERE portal_id = @portal::smallint AND run_id = @run::bigint AND state = 'planned'
    AND account_id BETWEEN @first::bigint AND @last::bigint;

-- name: missed_days :many
-- not null: day
SELECT d AS day FROM missed_days(@portal::smallint, @run::bigint) AS d;

-- name: limits :many
SELECT portal_id, approve_above, most_messages, most_days, sms_price_minor, version
FROM reminder_limit
WHERE portal_id = ANY (@portals::smallint[]);

-- name: set_limits :first
INSERT INTO reminder_limit AS l (portal_id, approve_above, most_messages, most_days, sms_price_minor)
VALUES (@portal::smallint, @approve_above::integer, @most_messages::smallint, @most_days::smallint, @price::integer)
ON CONFLICT (portal_id) DO UPDATE SET approve_above = EXCLUDED.approve_above, most_messages = EXCLUDED.most_messages,
    most_days = EXCLUDED.most_days, sms_price_minor = EXCLUDED.sms_price_minor, version = l.version + 1
    WHERE l.version = @version::integer
RETURNING version;

-- What each rule about a subject does on a day.
-- name: trial_counts :many
SELECT d.rule_id, d.reason, count(*)::integer AS number
FROM due_reminders(@subject::text, @portal::smallint, @date::date) AS d
GROUP BY d.rule_id, d.reason;

-- name: trial :many
SELECT d.client_id, c.name AS client_name, a.remind_by, a.phone, a.email, d.due_date, l.days, d.reason,
    (count(*) FILTER (WHERE d.reason IS NULL AND a.remind_by = 'sms') OVER ())::integer AS sms_total
FROM due_reminders(@subject::text, @portal::smallint, @date::date) AS d
JOIN client AS c ON c.portal_id = @portal AND c.id = d.client_id
JOIN rule AS r ON r.portal_id = @portal AND r.id = d.rule_id
JOIN LATERAL unnest(r.days_before, r.steps) AS l (days, step) ON l.step = d.step
LEFT JOIN account AS a ON a.portal_id = @portal AND a.id = d.account_id
WHERE d.rule_id = @rule::bigint
ORDER BY d.reason IS NOT NULL, c.name COLLATE by_name, d.due_date
LIMIT 50;

-- Everything that the message of a reminder is about, with what speaks against it by now.
-- name: items_of_message :many
SELECT m.id, m.account_id, m.run_id, reminder_obstacle(m.portal_id, m.id) AS obstacle
FROM reminder AS f
JOIN reminder AS m ON m.portal_id = f.portal_id AND m.client_id = f.client_id AND m.message_id = f.message_id
WHERE f.portal_id = @portal::smallint AND f.id = @reminder::bigint
ORDER BY m.id;

-- What a message that is not sent was about is written once more.
-- name: plan_anew :exec
UPDATE reminder SET state = 'planned', message_id = NULL
WHERE portal_id = @portal::smallint AND id = ANY (@ids::bigint[]) AND state = 'sent';

-- What the newest letters of a kind, or of any, were about.
-- name: letter_samples :many
SELECT c.name AS client_name, m.id, m.rule_id, m.client_id, m.account_id, m.subject_kind, m.due_date, r.template_kind,
    @channel::text AS remind_by, @language::text AS language, o.name AS portal_name, o.languages[1] AS portal_language,
    k.number AS contract, v.number AS invoice, coalesce(i.amount_minor, v.amount_minor) AS open_minor,
    coalesce(i.currency, v.currency) AS currency, p.number AS policy, p.kind AS policy_kind,
    p.variant AS policy_variant, p.insurer, k.asset_name, k.registration
FROM (SELECT * FROM reminder WHERE portal_id = @portal::smallint AND account_id > 0 ORDER BY id DESC LIMIT 1000) AS m
JOIN rule AS r ON r.portal_id = m.portal_id AND r.id = m.rule_id
JOIN portal AS o ON o.id = m.portal_id
JOIN client AS c ON c.portal_id = m.portal_id AND c.id = m.client_id
LEFT JOIN instalment AS i ON m.subject_kind = 'instalment' AND i.portal_id = m.portal_id AND i.id = m.subject_id
LEFT JOIN policy AS p ON m.subject_kind = 'policy' AND p.portal_id = m.portal_id AND p.id = m.subject_id
LEFT JOIN invoice AS v ON m.subject_kind IN ('invoice', 'new_invoice') AND v.portal_id = m.portal_id
    AND v.id = m.subject_id
LEFT JOIN contract AS k ON k.portal_id = m.portal_id AND k.id = coalesce(i.contract_id, p.contract_id, v.contract_id)
WHERE @kind::text IS NULL OR r.template_kind = @kind
ORDER BY m.id DESC
LIMIT 3;
