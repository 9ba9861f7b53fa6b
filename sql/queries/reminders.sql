-- What to remind of (rules), what a day's run plans of it, and what becomes of each reminder.

-- A portal that has a rule of this kind keeps its own.
-- name: install_rule :first
INSERT INTO rule (portal_id, subject, name, days_before, steps, template_kind)
SELECT @portal::smallint, @subject::text, @name::text, @days::smallint[], @steps::smallint[], @template::text
WHERE NOT EXISTS (SELECT FROM rule WHERE portal_id = @portal AND subject = @subject)
RETURNING id;

-- name: add_rule :one
INSERT INTO rule (portal_id, subject, name, days_before, steps, template_kind, day_kind, client_kinds, starts_on,
    ends_on, consolidates, active, changed_by)
VALUES (@portal::smallint, @subject::text, @name::text, @days::smallint[], @steps::smallint[], @template::text,
    @day_kind::text, @kinds::text[], @starts_on::date, @ends_on::date, @consolidates::boolean, @active::boolean,
    @staff::bigint)
RETURNING id;

-- name: list_rules :many
SELECT portal_id, id, subject, name, days_before, steps, day_kind, client_kinds, starts_on, ends_on, consolidates,
    active, version
FROM rule
WHERE portal_id = ANY (@portals::smallint[])
ORDER BY portal_id, subject, id;

-- name: find_rule :first
SELECT portal_id, id, subject, name, days_before, steps, day_kind, client_kinds, starts_on, ends_on, consolidates,
    active, version
FROM rule
WHERE portal_id = @portal::smallint AND id = @rule::bigint;

-- Held until the end of the transaction that changes it.
-- name: hold_rule :first
SELECT portal_id, id, subject, name, days_before, steps, day_kind, client_kinds, starts_on, ends_on, consolidates,
    active, version
FROM rule
WHERE portal_id = @portal::smallint AND id = @rule::bigint
FOR NO KEY UPDATE;

-- name: change_rule :exec
UPDATE rule
SET name = @name::text, days_before = @days::smallint[], steps = @steps::smallint[], active = @active::boolean,
    day_kind = @day_kind::text, client_kinds = @kinds::text[], starts_on = @starts_on::date, ends_on = @ends_on::date,
    consolidates = @consolidates::boolean, changed_by = @staff::bigint, version = version + 1
WHERE portal_id = @portal::smallint AND id = @rule::bigint AND version = @version::integer;

-- The highest number that any step of a rule ever had: a new step must not find old reminders under its number.
-- name: last_step :one
SELECT coalesce(max(step), -1)::integer FROM reminder WHERE portal_id = @portal::smallint AND rule_id = @rule::bigint;

-- Plans a day. What is there already is passed over before anything is asked of its payments; whoever plans the same at
-- the same time meets the natural key. OFFSET 0 keeps the reason from being worked out twice, and the look for what is
-- there one look per row, not through all that was ever planned. A day before today's is one that was missed.
-- name: plan_payments :exec
INSERT INTO reminder (portal_id, rule_id, step, subject_kind, subject_id, account_id, due_date, client_id, run_id,
    state, reason)
SELECT @portal::smallint, d.rule_id, d.step, 'instalment', d.subject_id, d.account_id, d.due_date, d.client_id,
    @run::bigint, CASE WHEN d.reason IS NULL THEN 'planned' ELSE 'skipped' END, d.reason
FROM (
    SELECT p.*
    FROM payment_reminders(@portal::smallint, @date::date) AS p
    WHERE NOT EXISTS (
        SELECT
        FROM reminder AS m
        WHERE m.portal_id = @portal::smallint AND m.rule_id = p.rule_id AND m.step = p.step
            AND m.subject_kind = 'instalment' AND m.subject_id = p.subject_id AND m.account_id = p.account_id
            AND m.due_date = p.due_date
        OFFSET 0)
        AND (@date = @today::date OR is_left_over(@portal, @run, 'instalment', p.rule_id, p.subject_id, p.account_id,
            p.due_date, @date, @today))
    OFFSET 0
) AS d
ON CONFLICT (portal_id, rule_id, step, subject_kind, subject_id, account_id, due_date) DO NOTHING;

-- name: plan_insurance :exec
INSERT INTO reminder (portal_id, rule_id, step, subject_kind, subject_id, account_id, due_date, client_id, run_id,
    state, reason)
SELECT @portal::smallint, d.rule_id, d.step, 'policy', d.subject_id, d.account_id, d.due_date, d.client_id,
    @run::bigint, CASE WHEN d.reason IS NULL THEN 'planned' ELSE 'skipped' END, d.reason
FROM (
    SELECT p.*
    FROM insurance_reminders(@portal::smallint, @date::date) AS p
    WHERE NOT EXISTS (
        SELECT
        FROM reminder AS m
        WHERE m.portal_id = @portal::smallint AND m.rule_id = p.rule_id AND m.step = p.step
            AND m.subject_kind = 'policy' AND m.subject_id = p.subject_id AND m.account_id = p.account_id
            AND m.due_date = p.due_date
        OFFSET 0)
        AND (@date = @today::date OR is_left_over(@portal, @run, 'policy', p.rule_id, p.subject_id, p.account_id,
            p.due_date, @date, @today))
    OFFSET 0
) AS d
ON CONFLICT (portal_id, rule_id, step, subject_kind, subject_id, account_id, due_date) DO NOTHING;

-- The same for what is neither an instalment nor a policy.
-- name: plan_subject :exec
INSERT INTO reminder (portal_id, rule_id, step, subject_kind, subject_id, account_id, due_date, client_id, run_id,
    state, reason)
SELECT @portal::smallint, d.rule_id, d.step, @subject::text, d.subject_id, d.account_id, d.due_date, d.client_id,
    @run::bigint, CASE WHEN d.reason IS NULL THEN 'planned' ELSE 'skipped' END, d.reason
FROM due_reminders(@subject, @portal, @date::date) AS d
WHERE d.reason IS DISTINCT FROM 'already'
    AND (@date = @today::date OR is_left_over(@portal, @run::bigint, @subject, d.rule_id, d.subject_id, d.account_id,
        d.due_date, @date, @today))
ON CONFLICT DO NOTHING;

-- What this very transaction planned: a run that is tried again counts and sends only what it adds.
-- name: new_counts :many
SELECT state, reason, count(*)::integer AS number
FROM reminder
WHERE portal_id = @portal::smallint AND run_id = @run::bigint AND planned_at = now()
GROUP BY state, reason;

-- Ranges of accounts that hold so many planned reminders each, so that one message can list all of an account's.
-- name: new_chunks :many
SELECT min(n.account_id) AS first, max(n.account_id) AS last
FROM (
    SELECT account_id, (sum(count(*)) OVER (ORDER BY account_id) - 1)::bigint / @size::integer AS chunk
    FROM reminder
    WHERE portal_id = @portal::smallint AND run_id = @run::bigint AND state = 'planned'
        AND (NOT @only_new::boolean OR planned_at = now())
    GROUP BY account_id
) AS n
GROUP BY n.chunk
ORDER BY 1;

-- A chunk's reminders with what their letters say and whether they may still go. The day after the due date is too late
-- for what comes before it; a run of a day long past, and what comes after the date, still has a day.
-- name: hold_planned :many
SELECT m.id, m.rule_id, r.consolidates, m.client_id, m.account_id, m.subject_kind, m.due_date, r.template_kind,
    coalesce(reminder_obstacle(m.portal_id, m.id),
        CASE WHEN reminder_cap_reached(m.portal_id, m.account_id) THEN 'capped' END) AS obstacle,
    a.remind_by, coalesce(a.phone, '') AS phone,
    coalesce(a.email, '') AS email, a.language, o.name AS portal_name, o.languages[1] AS portal_language,
    k.number AS contract, v.number AS invoice, coalesce(instalment_open_minor(m.portal_id, i.id), v.amount_minor
        - coalesce((SELECT sum(q.amount_minor) FROM payment AS q
            WHERE q.portal_id = v.portal_id AND q.invoice_id = v.id), 0))::bigint AS open_minor,
    coalesce(i.currency, v.currency) AS currency, p.number AS policy,
    p.kind AS policy_kind, p.variant AS policy_variant, p.insurer, k.asset_name, k.registration,
    greatest(first_instant((m.due_date + 1)::timestamp, o.time_zone), now() + interval '24 hours') AS not_after
FROM reminder AS m
JOIN rule AS r ON r.portal_id = m.portal_id AND r.id = m.rule_id
JOIN portal AS o ON o.id = m.portal_id
JOIN account AS a ON a.portal_id = m.portal_id AND a.id = m.account_id
LEFT JOIN instalment AS i ON m.subject_kind = 'instalment' AND i.portal_id = m.portal_id AND i.id = m.subject_id
LEFT JOIN policy AS p ON m.subject_kind = 'policy' AND p.portal_id = m.portal_id AND p.id = m.subject_id
LEFT JOIN invoice AS v ON m.subject_kind IN ('invoice', 'new_invoice') AND v.portal_id = m.portal_id
    AND v.id = m.subject_id
LEFT JOIN contract AS k ON k.portal_id = m.portal_id AND k.id = coalesce(i.contract_id, p.contract_id, v.contract_id)
WHERE m.portal_id = @portal::smallint AND m.run_id = @run::bigint
    AND m.account_id BETWEEN @first::bigint AND @last::bigint AND m.state = 'planned'
ORDER BY m.account_id, m.due_date, m.id
FOR UPDATE OF m;

-- name: mark_sent :exec
UPDATE reminder AS m
SET state = 'sent', message_id = g.message_id
FROM unnest(@ids::bigint[], @messages::bigint[]) AS g (id, message_id)
WHERE m.portal_id = @portal::smallint AND m.id = g.id AND m.state = 'planned';

-- name: mark_cancelled :exec
UPDATE reminder AS m
SET state = 'cancelled', reason = g.reason
FROM unnest(@ids::bigint[], @reasons::text[]) AS g (id, reason)
WHERE m.portal_id = @portal::smallint AND m.id = g.id AND m.state = 'planned';

-- name: obstacle :one
SELECT reminder_obstacle(@portal::smallint, @reminder::bigint);

-- Where the account is reached now on a channel.
-- name: contact :first
SELECT CASE @channel::text WHEN 'email' THEN a.email ELSE a.phone END AS contact
FROM reminder AS m
JOIN account AS a ON a.portal_id = m.portal_id AND a.id = m.account_id
WHERE m.portal_id = @portal::smallint AND m.id = @reminder::bigint;

-- One page of what a run of a date would do.
-- name: preview :many
SELECT d.client_id, c.name AS client_name, nullif(d.account_id, 0) AS account_id, a.remind_by, a.phone, a.email,
    coalesce(v.number, k.number) AS contract, i.number AS instalment, p.number AS policy, d.due_date,
    d.reason, d.subject_id, d.step
FROM due_reminders(@subject::text, @portal::smallint, @date::date) AS d
JOIN client AS c ON c.portal_id = @portal::smallint AND c.id = d.client_id
LEFT JOIN account AS a ON a.portal_id = c.portal_id AND a.id = d.account_id
LEFT JOIN instalment AS i ON @subject = 'instalment' AND i.portal_id = c.portal_id AND i.id = d.subject_id
LEFT JOIN contract AS k ON k.portal_id = c.portal_id AND k.id = i.contract_id
LEFT JOIN policy AS p ON @subject = 'policy' AND p.portal_id = c.portal_id AND p.id = d.subject_id
LEFT JOIN invoice AS v ON @subject IN ('invoice', 'new_invoice') AND v.portal_id = c.portal_id AND v.id = d.subject_id
WHERE @edge_subject::bigint IS NULL
    OR CASE WHEN @backward::boolean
        THEN (d.subject_id, d.account_id, d.step) < (@edge_subject, @edge_account::bigint, @edge_step::smallint)
        ELSE (d.subject_id, d.account_id, d.step) > (@edge_subject, @edge_account::bigint, @edge_step::smallint) END
ORDER BY CASE WHEN @backward::boolean THEN -d.subject_id ELSE d.subject_id END,
    CASE WHEN @backward::boolean THEN -d.account_id ELSE d.account_id END,
    CASE WHEN @backward::boolean THEN -d.step ELSE d.step END
LIMIT @limit::integer;

-- name: preview_counts :many
SELECT d.reason, count(*)::integer AS number
FROM due_reminders(@subject::text, @portal::smallint, @date::date) AS d
GROUP BY d.reason;

-- Today's and tomorrow's runs of several portals, each by its own calendar.
-- name: outlook :many
SELECT o.id AS portal_id, s.subject, n.ahead, count(*) FILTER (WHERE d.reason IS NULL)::integer AS send,
    count(*) FILTER (WHERE d.reason <> 'already')::integer AS skip,
    count(*) FILTER (WHERE d.reason = 'already')::integer AS already
FROM portal AS o
CROSS JOIN (VALUES ('instalment'), ('policy'), ('invoice'), ('new_invoice'), ('access_end')) AS s (subject)
CROSS JOIN generate_series(0, 1) AS n (ahead)
CROSS JOIN LATERAL due_reminders(s.subject, o.id, (now() AT TIME ZONE o.time_zone)::date + n.ahead) AS d
WHERE o.id = ANY (@portals::smallint[])
GROUP BY o.id, s.subject, n.ahead;

-- name: run_recipients :many
SELECT m.id, m.client_id, c.name AS client_name, nullif(m.account_id, 0) AS account_id,
    coalesce(g.channel, a.remind_by) AS remind_by, a.phone, a.email, g.recipient_hint AS hint, m.subject_kind,
    coalesce(v.number, k.number) AS contract, i.number AS instalment, p.number AS policy, m.due_date,
    coalesce(g.state, m.state) AS outcome, CASE WHEN g.id IS NULL THEN m.reason ELSE g.reason END AS reason
FROM reminder AS m
JOIN client AS c ON c.portal_id = m.portal_id AND c.id = m.client_id
LEFT JOIN account AS a ON a.portal_id = m.portal_id AND a.id = m.account_id
LEFT JOIN message AS g ON g.portal_id = m.portal_id AND g.id = m.message_id
LEFT JOIN instalment AS i ON m.subject_kind = 'instalment' AND i.portal_id = m.portal_id AND i.id = m.subject_id
LEFT JOIN contract AS k ON k.portal_id = m.portal_id AND k.id = i.contract_id
LEFT JOIN policy AS p ON m.subject_kind = 'policy' AND p.portal_id = m.portal_id AND p.id = m.subject_id
LEFT JOIN invoice AS v ON m.subject_kind IN ('invoice', 'new_invoice') AND v.portal_id = m.portal_id
    AND v.id = m.subject_id
WHERE m.portal_id = @portal::smallint AND m.run_id = @run::bigint
    AND (@outcome::text IS NULL OR coalesce(g.state, m.state) = @outcome)
    AND (@edge::bigint IS NULL OR CASE WHEN @backward::boolean THEN m.id < @edge ELSE m.id > @edge END)
ORDER BY CASE WHEN @backward::boolean THEN -m.id ELSE m.id END
LIMIT @limit::integer;

-- As things stand now: what was planned counts by where its message is.
-- name: run_counts :many
SELECT coalesce(g.state, m.state) AS outcome, CASE WHEN g.id IS NULL THEN m.reason ELSE g.reason END AS reason,
    count(*)::integer AS number
FROM reminder AS m
LEFT JOIN message AS g ON g.portal_id = m.portal_id AND g.id = m.message_id
WHERE m.portal_id = @portal::smallint AND m.run_id = @run::bigint
GROUP BY 1, 2;

-- name: schedules :many
SELECT portal_id, name, handler, next_local, paused_at IS NOT NULL AS paused
FROM schedule
WHERE portal_id = ANY (@portals::smallint[]) AND present AND handler = ANY (@handlers::text[])
ORDER BY portal_id, name;

-- name: last_runs :many
SELECT s.portal_id, s.handler, r.id, r.for_date, r.local_at, r.state, r.counts::text AS counts
FROM schedule AS s
CROSS JOIN LATERAL (
    SELECT id, for_date, local_at, state, counts
    FROM run
    WHERE portal_id = s.portal_id AND schedule = s.name
    ORDER BY id DESC
    LIMIT @most::integer
) AS r
WHERE s.portal_id = ANY (@portals::smallint[]) AND s.present AND s.handler = ANY (@handlers::text[])
ORDER BY s.portal_id, r.local_at DESC, r.id DESC;

-- name: reminders_of_client :many
SELECT m.id, m.subject_kind, coalesce(v.number, k.number) AS contract, i.number AS instalment,
    p.number AS policy, m.due_date, m.planned_at AT TIME ZONE o.time_zone AS planned_at,
    coalesce(g.channel, a.remind_by) AS channel,
    coalesce(g.state, m.state) AS outcome, CASE WHEN g.id IS NULL THEN m.reason ELSE g.reason END AS reason, m.run_id
FROM reminder AS m
JOIN portal AS o ON o.id = m.portal_id
LEFT JOIN account AS a ON a.portal_id = m.portal_id AND a.id = m.account_id
LEFT JOIN message AS g ON g.portal_id = m.portal_id AND g.id = m.message_id
LEFT JOIN instalment AS i ON m.subject_kind = 'instalment' AND i.portal_id = m.portal_id AND i.id = m.subject_id
LEFT JOIN contract AS k ON k.portal_id = m.portal_id AND k.id = i.contract_id
LEFT JOIN policy AS p ON m.subject_kind = 'policy' AND p.portal_id = m.portal_id AND p.id = m.subject_id
LEFT JOIN invoice AS v ON m.subject_kind IN ('invoice', 'new_invoice') AND v.portal_id = m.portal_id
    AND v.id = m.subject_id
WHERE m.portal_id = @portal::smallint AND m.client_id = @client::bigint
ORDER BY m.id DESC
LIMIT @limit::integer;

-- name: local_now :one
SELECT now() AT TIME ZONE time_zone FROM portal WHERE id = @portal::smallint;
