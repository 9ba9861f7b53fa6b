-- breaking: no
-- What helping a caller rests on, held closer.

-- An account is one person whichever client it acts for: one open case, and failures counted over all clients.
UPDATE verification AS v
SET state = 'lapsed', closed_at = now()
WHERE v.state = 'open' AND v.account_id IS NOT NULL AND EXISTS (SELECT FROM verification AS n
    WHERE n.portal_id = v.portal_id AND n.account_id = v.account_id AND n.state = 'open' AND n.id > v.id);
CREATE UNIQUE INDEX verification_one_open_of_account ON verification (portal_id, account_id)
    WHERE state = 'open' AND account_id IS NOT NULL;
CREATE INDEX verification_failed ON verification (portal_id, closed_at) WHERE state = 'failed';
