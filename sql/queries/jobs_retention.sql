-- What of the runner's own records goes away.

-- Runs on schedule that did nothing worth telling: those of the minute's sweeps, above all. Runs that reminders point to
-- have counts and stay. Each schedule keeps its last ten for the strip.
-- name: prune_runs :exec
DELETE FROM run AS r
WHERE r.portal_id = @portal::smallint AND r.trigger = 'schedule' AND r.state IN ('finished', 'skipped')
    AND r.counts = '{}' AND r.finished_at < now() - make_interval(days => @days::integer)
    AND NOT EXISTS (SELECT FROM reminder AS m WHERE m.portal_id = r.portal_id AND m.run_id = r.id)
    AND r.id < (
        SELECT min(k.id)
        FROM (
            SELECT id FROM run WHERE portal_id = r.portal_id AND schedule = r.schedule ORDER BY id DESC LIMIT 10
        ) AS k);

-- Whole months at a time, for every portal; answers how many partitions went.
-- name: keep_history :one
SELECT coalesce(keep_job_history(@days::integer), 0) AS dropped;
