-- Where sending stands still because the journal knows more than the database.

-- The fence that stands, else the one that was marked last.
-- name: fence :first
SELECT f.id, f.cause, f.raised_at AT TIME ZONE p.time_zone AS raised, f.marked_at AT TIME ZONE p.time_zone AS marked,
    s.name AS marked_by, f.reason, portal_today(f.portal_id) AS today,
    (SELECT count(*) FROM journal_line AS l WHERE l.portal_id = f.portal_id AND l.fence_id = f.id)::integer AS lines
FROM sending_fence AS f
JOIN portal AS p ON p.id = f.portal_id
LEFT JOIN staff AS s ON s.id = f.marked_by
WHERE f.portal_id = @portal::smallint
ORDER BY f.marked_at IS NULL DESC, f.id DESC
LIMIT 1;

-- name: fence_lines :many
SELECT l.id, l.kind, l.channel, l.handed_at AT TIME ZONE p.time_zone AS handed, l.answer, l.message_id,
    m.recipient_hint, m.client_id, c.name AS client, portal_today(l.portal_id) AS today
FROM journal_line AS l
JOIN portal AS p ON p.id = l.portal_id
LEFT JOIN message AS m ON m.portal_id = l.portal_id AND m.id = l.message_id
LEFT JOIN client AS c ON c.portal_id = m.portal_id AND c.id = m.client_id
WHERE l.portal_id = @portal::smallint AND l.fence_id = @fence::bigint
    AND (@before::bigint IS NULL OR l.id < @before) AND (@after::bigint IS NULL OR l.id > @after)
ORDER BY CASE WHEN @before::bigint IS NULL THEN l.id ELSE -l.id END
LIMIT @limit::integer;

-- name: journal_troubles :many
SELECT t.host, t.code, t.since AT TIME ZONE p.time_zone AS since, portal_today(t.portal_id) AS today
FROM journal_trouble AS t
JOIN portal AS p ON p.id = t.portal_id
WHERE t.portal_id = @portal::smallint AND t.seen_at > now() - interval '10 minutes'
ORDER BY t.host
LIMIT 100;
