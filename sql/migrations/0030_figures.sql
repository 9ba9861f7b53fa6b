-- breaking: no
-- The pictures of the last ninety days read those days alone. Messages are planned in the order of their rows, so that
-- a narrow index of ranges is enough.

CREATE INDEX message_planned ON message USING brin (planned_at) WITH (pages_per_range = 32);
