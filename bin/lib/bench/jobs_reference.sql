-- What a runner could reach at best: the same batch claimed and completed, fenced and with its history, in two statements.
WITH picked AS MATERIALIZED (
    SELECT portal_id, id
    FROM job
    WHERE state = 'ready' AND queue = 'bench' AND kind = 'bench.nothing'
    ORDER BY priority, run_at, id
    LIMIT :batch
    FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE job AS j
    SET state = 'leased', attempt = j.attempt + 1, worker = 'reference',
        lease_until = clock_timestamp() + interval '30 seconds'
    FROM picked AS p
    WHERE j.portal_id = p.portal_id AND j.id = p.id
    RETURNING j.portal_id, j.id, j.attempt
)
SELECT array_agg(portal_id) AS portals, array_agg(id) AS ids, array_agg(attempt) AS attempts FROM taken
\gset
WITH mine AS MATERIALIZED (
    SELECT j.portal_id, j.id, j.kind, j.queue, j.run_id, g.attempt
    FROM unnest(:portals::smallint[], :ids::bigint[], :attempts::smallint[]) AS g (portal_id, id, attempt)
    JOIN job AS j ON j.portal_id = g.portal_id AND j.id = g.id AND j.attempt = g.attempt
    WHERE j.state = 'leased' AND j.worker = 'reference'
    ORDER BY j.portal_id, j.id
    FOR UPDATE OF j
), gone AS (
    DELETE FROM job AS j USING mine AS m WHERE j.portal_id = m.portal_id AND j.id = m.id
), noted AS (
    INSERT INTO job_history (portal_id, job_id, kind, queue, attempt, outcome, worker, run_id)
    SELECT portal_id, id, kind, queue, attempt, 'done', 'reference', run_id FROM mine
)
SELECT count(*) AS done FROM mine
\gset
