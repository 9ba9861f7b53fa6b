-- The work lists of accounts: changes of contact that are not settled, and incidents.

-- Changes that wait for a second person or for their day, the oldest first.
-- name: open_changes :many
SELECT c.portal_id, c.id, c.account_id, a.person_name, k.name AS client_name, c.kind, c.state, asker.name AS asked_by,
    c.asked_by AS asked_by_id, c.asked_at AT TIME ZONE portal_zone(c.portal_id) AS asked_at,
    c.effective_at AT TIME ZONE portal_zone(c.portal_id) AS effective_at
FROM contact_change AS c
JOIN account AS a ON a.portal_id = c.portal_id AND a.id = c.account_id
LEFT JOIN client AS k ON k.portal_id = c.portal_id AND k.id = c.client_id
LEFT JOIN staff AS asker ON asker.id = c.asked_by
WHERE c.portal_id = ANY (@portals::smallint[]) AND c.state IN ('asked', 'waiting')
    AND (@after::bigint IS NULL OR (c.id, c.portal_id) > (@after, @after_portal::smallint))
ORDER BY c.id, c.portal_id
LIMIT @limit::integer;

-- Incidents, the newest first; with @only_open those that nobody has closed yet.
-- name: incidents :many
SELECT i.portal_id, i.id, i.account_id, a.person_name, k.name AS client_name, i.reason, i.sessions_ended,
    i.codes_voided, opener.name AS opened_by, i.opened_at AT TIME ZONE portal_zone(i.portal_id) AS opened_at,
    closer.name AS closed_by, i.outcome
FROM incident AS i
JOIN account AS a ON a.portal_id = i.portal_id AND a.id = i.account_id
LEFT JOIN client AS k ON k.portal_id = i.portal_id AND k.id = i.client_id
JOIN staff AS opener ON opener.id = i.opened_by
LEFT JOIN staff AS closer ON closer.id = i.closed_by
WHERE i.portal_id = ANY (@portals::smallint[]) AND (NOT @only_open::boolean OR i.closed_at IS NULL)
    AND (@before::bigint IS NULL OR (i.id, i.portal_id) < (@before, @before_portal::smallint))
ORDER BY i.id DESC, i.portal_id DESC
LIMIT @limit::integer;
