-- The references of planning a day that is planned already: the day's rows found through their indexes, once with who
-- is to be reminded of each, once without.
--   psql -v day=YYYY-MM-DD -f again_scan.sql
-- In one process, as what writes is always planned.
SET max_parallel_workers_per_gather = 0;
SELECT count(*), max(i.amount_minor), max(a.phone)
FROM instalment AS i
JOIN contract AS k ON k.portal_id = 1 AND k.id = i.contract_id
JOIN access AS x ON x.portal_id = 1 AND x.client_id = k.client_id AND x.ended_at IS NULL
JOIN account AS a ON a.portal_id = 1 AND a.id = x.account_id AND a.state <> 'closed'
WHERE i.portal_id = 1 AND i.due_on IN (date :'day' + 5, date :'day' + 7)
    AND i.due_on - date :'day' = coalesce(a.remind_days_before, 5);
SELECT count(*), max(i.amount_minor) FROM instalment AS i
WHERE i.portal_id = 1 AND i.due_on IN (date :'day' + 5, date :'day' + 7);
