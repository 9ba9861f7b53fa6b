-- Access ends so many days after a client's last contract did (K12), and never unwarned; whoever has one is spared.

-- Who was not warned of this day yet. A day that is nearer than the warning's time, or past, is put off by that time.
-- name: to_warn :many
-- not null: ends_on
-- not null: announced_day
SELECT x.account_id, x.client_id, e.ends_on, greatest(e.ends_on, @today::date + @warn::integer) AS announced_day,
    a.login, a.language, a.phone, a.email
FROM access AS x
JOIN account AS a ON a.portal_id = x.portal_id AND a.id = x.account_id AND a.state <> 'closed'
CROSS JOIN LATERAL (SELECT access_window_end(x.portal_id, x.client_id, x.since, @days::integer) AS ends_on) AS e
WHERE x.portal_id = @portal::smallint AND x.ended_at IS NULL AND e.ends_on <= @today::date + @warn::integer
    AND NOT EXISTS (SELECT FROM access_warning AS w WHERE w.portal_id = x.portal_id AND w.account_id = x.account_id
        AND w.client_id = x.client_id AND w.ends_on = e.ends_on)
ORDER BY x.account_id, x.client_id
LIMIT @limit::integer;

-- name: note_warning :exec
INSERT INTO access_warning (portal_id, account_id, client_id, ends_on, announced_day)
VALUES (@portal::smallint, @account::bigint, @client::bigint, @ends_on::date, @announced_day::date)
ON CONFLICT DO NOTHING;

-- Whose announced day has come. What staff gave to somebody whose contract is not in the book yet has the same time.
-- name: to_end :many
-- not null: ends_on
-- not null: announced_day
SELECT x.account_id, x.client_id, e.ends_on, coalesce(w.announced_day, w.ends_on) AS announced_day, a.login, a.language,
    a.phone, a.email
FROM access AS x
JOIN account AS a ON a.portal_id = x.portal_id AND a.id = x.account_id
CROSS JOIN LATERAL (SELECT access_window_end(x.portal_id, x.client_id, x.since, @days::integer) AS ends_on) AS e
JOIN access_warning AS w ON w.portal_id = x.portal_id AND w.account_id = x.account_id AND w.client_id = x.client_id
    AND w.ends_on = e.ends_on
WHERE x.portal_id = @portal::smallint AND x.ended_at IS NULL AND coalesce(w.announced_day, w.ends_on) <= @today::date
ORDER BY x.account_id, x.client_id
LIMIT @limit::integer;

-- Looked at once more in the deciding statement: a contract may have come since.
-- name: end_access :exec
UPDATE access AS x
SET ended_at = now()
WHERE x.portal_id = @portal::smallint AND x.account_id = @account::bigint AND x.client_id = @client::bigint
    AND x.ended_at IS NULL AND access_window_end(x.portal_id, x.client_id, x.since, @days::integer) = @ends_on::date;
