-- The shell of all requests: clocks, moves, decisions, pauses, letters.

-- The newest rule in force on a day: the country's own before that of all countries.
-- name: clock_rule :first
SELECT country, version, number, unit
FROM clock_rule
WHERE kind = @kind::text AND country IN (@country::text, '*') AND valid_from <= @on::date
ORDER BY country = '*', version DESC
LIMIT 1;

-- The last day of a term by the portal's calendar: what would end on a day off ends on the next working day.
-- name: term_end :one
SELECT CASE @unit::text
    WHEN 'working' THEN add_working_days(@portal::smallint, @day::date, @number::integer)
    WHEN 'month' THEN add_working_days(@portal::smallint,
        (@day::date + make_interval(months => @number::integer))::date, 0)
    ELSE add_working_days(@portal::smallint, @day::date + @number::integer, 0)
    END AS day;

-- name: add_request :one
INSERT INTO client_request (portal_id, kind, lane, client_id, account_id, channel, requester_name, reply_to, language,
    statement, received_on, opened_by, clock_country, clock_version, clock_number, clock_unit, statutory_due,
    effective_due, internal_due, held_by, held_at)
VALUES (@portal::smallint, @kind::text, @lane::text, @client::bigint, @account::bigint, @channel::text,
    @requester_name::text, @reply_to::text, @language::text, @statement::text, @received_on::date, @staff::bigint,
    @clock_country::text, @clock_version::integer, @clock_number::smallint, @clock_unit::text, @statutory_due::date,
    @effective_due::date, @internal_due::date, @holder::bigint,
    CASE WHEN @holder::bigint IS NULL THEN NULL ELSE now() END)
RETURNING id;

-- name: find_request :first
SELECT r.id, r.portal_id, r.kind, r.lane, r.state, r.client_id, client.name AS client_name, r.account_id, r.channel,
    r.requester_name, r.reply_to, r.language, r.statement, r.received_on, r.opened_by, opener.name AS opened_by_name,
    r.opened_at AT TIME ZONE portal_zone(r.portal_id) AS opened_at, r.clock_country, r.clock_version,
    rule.source AS clock_source, r.clock_number, r.clock_unit, rule.extension_number, rule.extension_unit,
    r.statutory_due, r.effective_due, r.internal_due, r.extended_at IS NOT NULL AS is_extended, r.held_by,
    holder.name AS held_by_name, r.identity_method, identifier.name AS identity_by_name,
    r.identity_at AT TIME ZONE portal_zone(r.portal_id) AS identity_at, r.proposal, r.proposal_reason,
    r.proposal_note, r.proposed_by, proposer.name AS proposed_by_name, r.decision, r.decision_reason,
    r.decision_article, r.decision_note, r.decided_by, decider.name AS decided_by_name,
    r.decided_at AT TIME ZONE portal_zone(r.portal_id) AS decided_at, r.paused_from, r.blocked_since, r.looked_at,
    r.cooling_until, r.executed_by, executor.name AS executed_by_name,
    r.executed_at AT TIME ZONE portal_zone(r.portal_id) AS executed_at, r.duplicate_of,
    r.closed_at AT TIME ZONE portal_zone(r.portal_id) AS closed_at, r.snoozed_until, r.snooze_reason, r.version,
    portal_today(r.portal_id) AS today,
    now() AT TIME ZONE portal_zone(r.portal_id) AS here_and_now
FROM client_request AS r
LEFT JOIN client ON client.portal_id = r.portal_id AND client.id = r.client_id
LEFT JOIN clock_rule AS rule ON rule.country = r.clock_country AND rule.kind = r.kind
    AND rule.version = r.clock_version
LEFT JOIN staff AS opener ON opener.id = r.opened_by
LEFT JOIN staff AS holder ON holder.id = r.held_by
LEFT JOIN staff AS identifier ON identifier.id = r.identity_by
LEFT JOIN staff AS proposer ON proposer.id = r.proposed_by
LEFT JOIN staff AS decider ON decider.id = r.decided_by
LEFT JOIN staff AS executor ON executor.id = r.executed_by
WHERE r.portal_id = @portal::smallint AND r.id = @id::bigint;

-- name: lock_request :first
SELECT id FROM client_request WHERE portal_id = @portal::smallint AND id = @id::bigint FOR UPDATE;

-- Every move but those with something more to write; an end stamps its time and lets the holder go.
-- name: move_request :exec
UPDATE client_request
SET state = @state::text, paused_from = NULL,
    blocked_since = CASE WHEN @state::text = 'blocked' THEN coalesce(blocked_since, portal_today(portal_id)) END,
    looked_at = CASE WHEN @state::text = 'blocked' THEN portal_today(portal_id) ELSE looked_at END,
    closed_at = CASE WHEN @state::text IN ('closed', 'withdrawn', 'lapsed') THEN now() END,
    held_by = CASE WHEN @releases::boolean THEN NULL ELSE held_by END,
    held_at = CASE WHEN @releases::boolean THEN NULL ELSE held_at END,
    version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- Gives a request to somebody, or back to everybody.
-- name: hold_request :exec
UPDATE client_request
SET held_by = @holder::bigint, held_at = CASE WHEN @holder::bigint IS NULL THEN NULL ELSE now() END,
    version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- Lays a request aside until a day, or wakes it; whoever held it holds it no longer.
-- name: snooze_request :exec
UPDATE client_request
SET snoozed_until = @until::date, snooze_reason = @reason::text, held_by = NULL, held_at = NULL, version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- The most urgent request that nobody holds and this person may work on: what waits for a decision goes to whoever may
-- decide and did not propose, what waits to be carried out to whoever did not decide. Two people at once get two.
-- name: take_next :first
SELECT r.portal_id, r.id
FROM client_request AS r
WHERE r.portal_id = ANY (@portals::smallint[]) AND r.closed_at IS NULL AND r.held_by IS NULL
    AND (r.snoozed_until IS NULL OR r.snoozed_until <= portal_today(r.portal_id))
    AND ((r.portal_id = ANY (@handles::smallint[]) AND r.state IN ('received', 'identity', 'assessment', 'plan'))
        OR (r.portal_id = ANY (@decides::smallint[]) AND r.state IN ('decision', 'approved')
            AND r.proposed_by IS DISTINCT FROM @staff::bigint)
        OR (r.portal_id = ANY (@executes::smallint[]) AND r.state = 'executing'
            AND r.decided_by IS DISTINCT FROM @staff::bigint))
ORDER BY r.effective_due, r.portal_id, r.id
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: confirm_identity :exec
UPDATE client_request
SET state = 'assessment', identity_method = @method::text, verification_id = @verification::bigint,
    identity_by = @staff::bigint, identity_at = now(), version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- name: propose_request :exec
UPDATE client_request
SET state = 'decision', proposal = @proposal::text, proposal_reason = @reason::text, proposal_note = @note::text,
    proposed_by = @staff::bigint, proposed_at = now(), held_by = NULL, held_at = NULL, version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- name: decide_request :exec
UPDATE client_request
SET state = @state::text, decision = @decision::text, decision_reason = @reason::text,
    decision_article = @article::text, decision_note = @note::text, decided_by = @staff::bigint, decided_at = now(),
    cooling_until = @cooling_until::date, held_by = NULL, held_at = NULL,
    closed_at = CASE WHEN @state::text = 'closed' THEN now() END, version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- name: execute_request :exec
UPDATE client_request
SET state = @state::text, executed_by = @staff::bigint, executed_at = now(), held_by = NULL, held_at = NULL,
    closed_at = CASE WHEN @state::text = 'closed' THEN now() END, version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- Back to where it is assessed: what was decided holds no longer.
-- name: reopen_request :exec
UPDATE client_request
SET state = 'assessment', decision = NULL, decision_reason = NULL, decision_article = NULL, decision_note = '',
    decided_by = NULL, decided_at = NULL, proposal = NULL, proposal_reason = NULL, proposal_note = '',
    proposed_by = NULL, proposed_at = NULL, held_by = NULL, held_at = NULL, version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- name: pause_request :exec
UPDATE client_request
SET paused_from = state, state = 'waiting_client', version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- name: add_pause :exec
INSERT INTO request_pause (portal_id, request_id, reason, letter_id, started_by, started_on, posted_on)
VALUES (@portal::smallint, @id::bigint, @reason::text, @letter::bigint, @staff::bigint,
    portal_today(@portal::smallint), @posted_on::date);

-- name: open_pause :first
SELECT p.id, p.reason, p.started_on, pause_has_left(p) AS has_left
FROM request_pause AS p
WHERE p.portal_id = @portal::smallint AND p.request_id = @id::bigint AND p.ended_on IS NULL;

-- Ends the pause that is on and answers for how many days it stopped the clock.
-- name: end_pause :one
UPDATE request_pause AS p
SET ended_by = @staff::bigint, ended_on = portal_today(portal_id)
WHERE p.portal_id = @portal::smallint AND p.request_id = @id::bigint AND p.ended_on IS NULL
RETURNING CASE WHEN pause_has_left(p) THEN portal_today(p.portal_id) - p.started_on ELSE 0 END AS days,
    CASE WHEN pause_has_left(p) THEN (SELECT count(*) FROM generate_series(1, portal_today(p.portal_id) - p.started_on)
        AS d (n) WHERE is_working_day(p.portal_id, p.started_on + d.n))::integer ELSE 0 END AS working_days;

-- name: set_due :exec
UPDATE client_request
SET effective_due = @effective_due::date, internal_due = @internal_due::date, version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- name: extend_request :exec
UPDATE client_request
SET effective_due = @effective_due::date, internal_due = @internal_due::date, extended_at = now(),
    extension_reason = @reason::text, version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- name: mark_duplicate :exec
UPDATE client_request
SET state = 'duplicate', duplicate_of = @original::bigint, paused_from = NULL, closed_at = now(), held_by = NULL,
    held_at = NULL, version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- name: add_letter :one
INSERT INTO request_letter (portal_id, request_id, kind, language, key_subject_kind, key_subject_id, content,
    message_id, made_by)
VALUES (@portal::smallint, @request::bigint, @kind::text, @language::text, @key_kind::text, @key_subject::bigint,
    @content::bytea, @message::bigint, @staff::bigint)
RETURNING id;

-- name: find_letter :first
SELECT l.id, l.kind, l.language, l.key_subject_kind, l.key_subject_id, l.content, l.printed IS NOT NULL AS is_printed,
    p.name AS portal_name, l.made_at AT TIME ZONE p.time_zone AS made_at
FROM request_letter AS l
JOIN portal AS p ON p.id = l.portal_id
WHERE l.portal_id = @portal::smallint AND l.id = @letter::bigint
    AND (@request::bigint IS NULL OR l.request_id = @request::bigint);

-- name: keep_print :exec
UPDATE request_letter
SET printed = @printed::bytea
WHERE portal_id = @portal::smallint AND id = @letter::bigint AND printed IS NULL;

-- name: today :one
SELECT portal_today(@portal::smallint) AS today;

-- name: client_card :first
SELECT c.id, c.name, c.kind, c.language, c.address,
    (SELECT k.value FROM contact AS k
        WHERE k.portal_id = c.portal_id AND k.client_id = c.id AND k.kind = 'email'
        ORDER BY k.trusted DESC, k.id LIMIT 1) AS email
FROM client AS c
WHERE c.portal_id = @portal::smallint AND c.id = @client::bigint;

-- A decided change of the address stands before the book.
-- name: email_of_client :first
SELECT e.value
FROM (
    SELECT d.new_value AS value, 0 AS place, -d.request_id AS id
    FROM data_change AS d
    JOIN client_request AS r ON r.portal_id = d.portal_id AND r.id = d.request_id
    WHERE d.portal_id = @portal::smallint AND r.client_id = @client::bigint AND d.field = 'email'
        AND d.in_force_at IS NOT NULL
    UNION ALL
    SELECT k.value, CASE WHEN k.trusted THEN 1 ELSE 2 END, k.id
    FROM contact AS k
    WHERE k.portal_id = @portal::smallint AND k.client_id = @client::bigint AND k.kind = 'email'
) AS e
ORDER BY e.place, e.id
LIMIT 1;

-- name: contract_of_client :first
SELECT id FROM contract WHERE portal_id = @portal::smallint AND client_id = @client::bigint AND id = @contract::bigint;

-- name: contract_of_number :first
SELECT id FROM contract WHERE portal_id = @portal::smallint AND client_id = @client::bigint AND number = @number::text;
