-- What the pictures of the messages show: ninety days, each portal's by its own calendar.

-- name: figures_today :one
SELECT coalesce(max(portal_today(id)), current_date) FROM portal WHERE id = ANY (@portals::smallint[]);

-- By the day on which they were handed over; those that were not, by the day they were planned.
-- name: sends_per_day :many
SELECT (coalesce(m.handed_at, m.planned_at) AT TIME ZONE p.time_zone)::date AS day,
    CASE WHEN m.delivery = 'delivered' THEN 'delivered'
        WHEN m.delivery = 'undelivered' OR m.state = 'refused' THEN 'failed'
        WHEN m.state IN ('planned', 'handed_over') THEN 'open' ELSE m.state END AS outcome,
    count(*)::integer AS number
FROM portal AS p
JOIN message AS m ON m.portal_id = p.id
WHERE p.id = ANY (@portals::smallint[]) AND m.planned_at > now() - interval '97 days'
    AND (@channel::text IS NULL OR m.channel = @channel)
GROUP BY 1, 2;

-- From the hand-over to the word of the phone's network or the mailbox's server.
-- name: delivery_times :many
SELECT d.day, percentile_disc(0.5) WITHIN GROUP (ORDER BY d.seconds) AS median,
    percentile_disc(0.9) WITHIN GROUP (ORDER BY d.seconds) AS most, count(*)::integer AS number
FROM (
    SELECT (m.handed_at AT TIME ZONE p.time_zone)::date AS day,
        greatest(0, extract(epoch FROM m.delivered_at - m.handed_at))::integer AS seconds
    FROM portal AS p
    JOIN message AS m ON m.portal_id = p.id
    WHERE p.id = ANY (@portals::smallint[]) AND m.planned_at > now() - interval '97 days'
        AND (@channel::text IS NULL OR m.channel = @channel) AND m.delivery = 'delivered'
        AND m.handed_at IS NOT NULL AND m.delivered_at IS NOT NULL
) AS d
GROUP BY d.day;
