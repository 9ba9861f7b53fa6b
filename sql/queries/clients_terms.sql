-- What follows from a merge: who was changed, and the terms under which they are found. What moved from one client to
-- another changes both.

-- name: changed_clients :many
SELECT i.client_id
FROM (SELECT client_id, fresh FROM stage_touched
    UNION ALL SELECT old_client_id, false FROM stage_touched WHERE old_client_id IS NOT NULL) AS i
GROUP BY i.client_id
HAVING NOT bool_or(i.fresh)
ORDER BY i.client_id;

-- name: forget_terms_of_touched :exec
DELETE FROM client_term
WHERE portal_id = @portal::smallint
    AND client_id IN (SELECT client_id FROM stage_touched
        UNION SELECT old_client_id FROM stage_touched WHERE old_client_id IS NOT NULL);

-- In the order of the clients: then one of the two indexes is filled from end to end.
-- name: add_terms_of_touched :exec
INSERT INTO client_term (portal_id, client_id, kind, term)
SELECT DISTINCT @portal::smallint, t.client_id, t.kind, t.term
FROM client_terms(@portal::smallint,
    ARRAY(SELECT client_id FROM stage_touched
        UNION SELECT old_client_id FROM stage_touched WHERE old_client_id IS NOT NULL)) AS t
ORDER BY t.client_id;
