-- breaking: no
-- A run that waits for a person is not over when its jobs are.

ALTER TABLE run ADD COLUMN waits_for text CHECK (waits_for IN ('approval'));

UPDATE run AS r
SET waits_for = 'approval', state = 'waiting', reason = 'approval', finished_at = NULL
FROM run_approval AS w
WHERE w.portal_id = r.portal_id AND w.run_id = r.id AND w.state = 'waiting' AND r.state = 'finished';
