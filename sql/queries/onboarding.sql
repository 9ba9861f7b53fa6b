-- Applications from draft to activated users, their remarks and calls.

-- name: add_application :one
INSERT INTO application (portal_id, kind, form, opened_by, changed_by)
VALUES (@portal::smallint, @kind::text, @form::jsonb, @staff::bigint, @staff::bigint)
RETURNING id;

-- Today is the portal's. The row is locked where somebody is about to change it.
-- name: find_application :first
SELECT a.id, a.portal_id, a.kind, a.state, a.form::text AS form, a.client_name, a.client_id, a.version,
    a.opened_by, opener.name AS opened_by_name, a.opened_at AT TIME ZONE portal_zone(a.portal_id) AS opened_at,
    changer.name AS changed_by_name, a.changed_at AT TIME ZONE portal_zone(a.portal_id) AS changed_at,
    a.submitted_by, a.worked_by, submitter.name AS submitted_by_name, decider.name AS decided_by_name,
    a.typed_by, typist.name AS typed_by_name, coalesce(a.typed_since > now() - interval '10 minutes', false)
        AS typed_lately, a.typed_fields, portal_today(a.portal_id) AS today, now() AT TIME ZONE portal_zone(a.portal_id) AS here_and_now
FROM application AS a
JOIN staff AS opener ON opener.id = a.opened_by
JOIN staff AS changer ON changer.id = a.changed_by
LEFT JOIN staff AS submitter ON submitter.id = a.submitted_by
LEFT JOIN staff AS decider ON decider.id = a.decided_by
LEFT JOIN staff AS typist ON typist.id = a.typed_by
WHERE a.portal_id = @portal::smallint AND a.id = @id::bigint;

-- name: lock_application :first
SELECT id FROM application WHERE portal_id = @portal::smallint AND id = @id::bigint FOR UPDATE;

-- name: save_form :one
UPDATE application
SET form = @form::jsonb, client_name = @client_name::text, changed_by = @staff::bigint, changed_at = now(),
    version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint
RETURNING version;

-- name: note_typing :exec
UPDATE application
SET typed_by = @staff::bigint, typed_fields = @fields::text[],
    typed_since = CASE WHEN @goes_on::boolean THEN typed_since ELSE now() END
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- name: settle_typing :exec
UPDATE application SET typed_by = NULL, typed_since = NULL, typed_fields = '{}'
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- name: submit_application :exec
UPDATE application
SET state = 'submitted', submitted_by = @staff::bigint, submitted_at = now(), version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- name: decide_application :exec
UPDATE application
SET state = @state::text, decided_by = @staff::bigint, decided_at = now(), version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- Ends an application whose decision stands: the client was told and declined, or could not be reached.
-- name: close_application :exec
UPDATE application
SET state = @state::text, version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- name: activate_application :exec
UPDATE application
SET state = 'activated', client_id = @client::bigint, activated_by = @staff::bigint, activated_at = now(),
    version = version + 1
WHERE portal_id = @portal::smallint AND id = @id::bigint;

-- The list, newest first; @states NULL is every state. Forwards it walks down from @before, backwards up from @after.
-- name: list_applications :many
SELECT a.portal_id, a.id, a.kind, a.state, a.client_name, opener.name AS opened_by_name,
    a.changed_at AT TIME ZONE portal_zone(a.portal_id) AS changed_at,
    now() AT TIME ZONE portal_zone(a.portal_id) AS here_and_now,
    (SELECT count(*) FROM application_remark AS r
        WHERE r.portal_id = a.portal_id AND r.application_id = a.id AND r.settled_at IS NULL) AS remarks
FROM application AS a
JOIN staff AS opener ON opener.id = a.opened_by
WHERE a.portal_id = ANY (@portals::smallint[])
    AND (@states::text[] IS NULL OR a.state = ANY (@states))
    AND (@before::bigint IS NULL OR (a.id, a.portal_id) < (@before, @before_portal::smallint))
    AND (@after::bigint IS NULL OR (a.id, a.portal_id) > (@after, @after_portal::smallint))
ORDER BY CASE WHEN @after::bigint IS NULL THEN -a.id ELSE a.id END,
    CASE WHEN @after::bigint IS NULL THEN -a.portal_id ELSE a.portal_id END
LIMIT @limit::integer;

-- Each count stops where the reader stops caring.
-- name: count_applications :many
SELECT state.name AS state,
    (SELECT count(*) FROM (SELECT FROM application AS a
        WHERE a.portal_id = ANY (@portals::smallint[]) AND a.state = state.name LIMIT 1001) AS counted)::integer AS n
FROM unnest(ARRAY['draft', 'submitted', 'returned', 'approved', 'activated', 'refused', 'withdrawn']) AS state (name);

-- name: remarks_of_application :many
SELECT r.id, r.field, r.reason, r.note, staff.name AS made_by,
    r.made_at AT TIME ZONE portal_zone(r.portal_id) AS made_at, r.settled_at IS NOT NULL AS is_settled
FROM application_remark AS r
JOIN staff ON staff.id = r.made_by
WHERE r.portal_id = @portal::smallint AND r.application_id = @id::bigint
ORDER BY r.id;

-- name: add_remark :exec
INSERT INTO application_remark (portal_id, application_id, field, reason, note, made_by)
VALUES (@portal::smallint, @id::bigint, @field::text, @reason::text, @note::text, @staff::bigint);

-- name: settle_remarks :exec
UPDATE application_remark
SET settled_at = now()
WHERE portal_id = @portal::smallint AND application_id = @id::bigint AND settled_at IS NULL;

-- name: add_call :exec
INSERT INTO call_task (portal_id, application_id) VALUES (@portal::smallint, @id::bigint);

-- name: find_call :first
SELECT c.id, c.application_id, c.state, c.outcome, c.held_by, holder.name AS held_by_name,
    c.held_until AT TIME ZONE portal_zone(c.portal_id) AS held_until,
    c.state = 'held' AND c.held_until > now() AS is_held, c.next_at <= now() AS is_due,
    c.next_at AT TIME ZONE portal_zone(c.portal_id) AS next_at
FROM call_task AS c
LEFT JOIN staff AS holder ON holder.id = c.held_by
WHERE c.portal_id = @portal::smallint AND c.application_id = @application::bigint;

-- name: lock_call :first
SELECT id FROM call_task WHERE portal_id = @portal::smallint AND application_id = @application::bigint FOR UPDATE;

-- name: hold_call :exec
UPDATE call_task
SET state = 'held', held_by = @staff::bigint, held_until = now() + interval '30 minutes', version = version + 1
WHERE portal_id = @portal::smallint AND application_id = @application::bigint;

-- False where the day and hour, on the portal's clock, lie behind us or more than a month ahead.
-- name: next_time_fits :one
SELECT coalesce((@at::timestamp AT TIME ZONE portal_zone(@portal::smallint))
    BETWEEN now() AND now() + interval '31 days', false);

-- name: put_call_off :exec
UPDATE call_task
SET state = 'open', held_by = NULL, held_until = NULL, version = version + 1,
    next_at = @at::timestamp AT TIME ZONE portal_zone(@portal::smallint)
WHERE portal_id = @portal::smallint AND application_id = @application::bigint;

-- name: finish_call :exec
UPDATE call_task
SET state = 'done', held_by = NULL, held_until = NULL, outcome = @outcome::text, done_at = now(),
    version = version + 1
WHERE portal_id = @portal::smallint AND application_id = @application::bigint;

-- name: add_call_attempt :exec
INSERT INTO call_attempt (portal_id, call_task_id, attempt, outcome, note, made_by)
SELECT @portal::smallint, @call::bigint, count(*) + 1, @outcome::text, @note::text, @staff::bigint
FROM call_attempt
WHERE portal_id = @portal::smallint AND call_task_id = @call::bigint;

-- name: call_attempts :many
SELECT t.attempt, t.outcome, t.note, staff.name AS made_by,
    t.made_at AT TIME ZONE portal_zone(t.portal_id) AS made_at
FROM call_attempt AS t
JOIN staff ON staff.id = t.made_by
WHERE t.portal_id = @portal::smallint AND t.call_task_id = @call::bigint
ORDER BY t.attempt DESC;

-- What is to be called, the longest due first; by due time and key.
-- name: list_calls :many
SELECT c.portal_id, c.id, c.application_id, a.client_name, holder.name AS held_by_name, c.held_by,
    c.state = 'held' AND c.held_until > now() AS is_held, c.next_at <= now() AS is_due,
    c.next_at AT TIME ZONE portal_zone(c.portal_id) AS next_at, to_json(c.next_at) #>> '{}' AS edge,
    now() AT TIME ZONE portal_zone(c.portal_id) AS here_and_now,
    (SELECT count(*) FROM call_attempt AS t
        WHERE t.portal_id = c.portal_id AND t.call_task_id = c.id) AS attempts
FROM call_task AS c
JOIN application AS a ON a.portal_id = c.portal_id AND a.id = c.application_id
LEFT JOIN staff AS holder ON holder.id = c.held_by
WHERE c.portal_id = ANY (@portals::smallint[]) AND c.state <> 'done'
    AND (@after_at::timestamptz IS NULL OR (c.next_at, c.id) > (@after_at, @after::bigint))
ORDER BY c.next_at, c.id
LIMIT @limit::integer;

-- Who is already there with this number or phone: a hint for whoever types, by whatever kind fits.
-- name: find_duplicates :many
SELECT 'client' AS kind, c.id, c.name, c.created_at AT TIME ZONE portal_zone(c.portal_id) AS since
FROM client AS c
WHERE c.portal_id = @portal::smallint AND c.tax_number = @number::text
UNION ALL
SELECT 'account', s.id, s.person_name, s.created_at AT TIME ZONE portal_zone(s.portal_id)
FROM account AS s
WHERE s.portal_id = @portal::smallint AND s.phone = @phone::text AND s.state <> 'closed'
LIMIT 5;

-- The sidebar's numbers, each at the portals where the reader may act on it.
-- name: count_todo :one
SELECT
    (SELECT count(*) FROM (SELECT FROM application AS a WHERE a.portal_id = ANY (@approve::smallint[])
        AND a.state = 'submitted' LIMIT 1001) AS counted)::integer AS submitted,
    (SELECT count(*) FROM (SELECT FROM application AS a WHERE a.portal_id = ANY (@prepare::smallint[])
        AND a.state = 'returned' LIMIT 1001) AS counted)::integer AS returned,
    (SELECT count(*) FROM (SELECT FROM call_task AS c WHERE c.portal_id = ANY (@call::smallint[])
        AND c.state <> 'done' AND c.next_at <= now() LIMIT 1001) AS counted)::integer AS calls;

-- name: has_applications :one
SELECT EXISTS (SELECT FROM application WHERE portal_id = @portal::smallint);
