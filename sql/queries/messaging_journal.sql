-- The send journal compared with the ledger, and what stops sending when it knows more.

-- Where the comparison stands, and the server that answers: another start, another database, and it is done anew.
-- name: journal_server :one
SELECT pg_postmaster_start_time()::text || ' '
    || (SELECT d.oid::text FROM pg_database AS d WHERE d.datname = current_database());

-- name: journal_marks :many
SELECT file, bytes, compared_at > now() - make_interval(days => @days::integer) AS fresh
FROM journal_mark
WHERE portal_id = @portal::smallint
ORDER BY file;

-- A file is as old as its last line, whenever it was read: by that it is removed one day.
-- name: mark_file :exec
INSERT INTO journal_mark AS m (portal_id, file, bytes, compared_at)
VALUES (@portal::smallint, @file::text, @bytes::bigint, coalesce(@changed::timestamptz, now()))
ON CONFLICT (portal_id, file) DO UPDATE
SET bytes = greatest(m.bytes, excluded.bytes), compared_at = excluded.compared_at;

-- name: forget_files :exec
DELETE FROM journal_mark WHERE portal_id = @portal::smallint AND file = ANY (@files::text[]) AND file <> '';

-- The lines of hand-overs that this database has no attempt of, by their place in the arrays.
-- name: unknown_lines :many
SELECT l.place::integer AS place
FROM unnest(@hashes::bytea[], @attempts::smallint[]) WITH ORDINALITY AS l (hash, attempt, place)
WHERE NOT EXISTS (SELECT FROM message_attempt AS a
    WHERE a.portal_id = @portal::smallint AND a.journal = l.hash AND a.attempt = l.attempt)
ORDER BY l.place;

-- name: raise_fence :exec
INSERT INTO sending_fence (portal_id, cause)
VALUES (@portal::smallint, @cause::text)
ON CONFLICT (portal_id) WHERE marked_at IS NULL DO NOTHING;

-- name: add_lines :exec
INSERT INTO journal_line (portal_id, hash, attempt, fence_id, channel, kind, handed_at, words)
SELECT f.portal_id, l.hash, l.attempt, f.id, l.channel, l.kind, to_timestamp(l.at), nullif(l.words, ''::bytea)
FROM sending_fence AS f
CROSS JOIN unnest(@hashes::bytea[], @attempts::smallint[], @channels::text[], @kinds::text[], @times::bigint[],
    @words::bytea[]) AS l (hash, attempt, channel, kind, at, words)
WHERE f.portal_id = @portal::smallint AND f.marked_at IS NULL
ON CONFLICT (portal_id, hash, attempt) DO NOTHING;

-- name: answer_lines :exec
UPDATE journal_line AS l
SET answer = a.answer
FROM unnest(@hashes::bytea[], @attempts::smallint[], @answers::text[]) AS a (hash, attempt, answer)
WHERE l.portal_id = @portal::smallint AND l.hash = a.hash AND l.attempt = a.attempt;

-- name: has_unlinked_lines :one
SELECT EXISTS (SELECT FROM journal_line AS l
    JOIN sending_fence AS f ON f.portal_id = l.portal_id AND f.id = l.fence_id
    WHERE l.portal_id = @portal::smallint AND f.marked_at IS NULL AND l.message_id IS NULL);

-- name: planned_references :many
SELECT id, reference
FROM message
WHERE portal_id = @portal::smallint AND state = 'planned' AND id > @after::bigint
ORDER BY id
LIMIT 5000;

-- name: link_lines :exec
UPDATE journal_line AS l
SET message_id = m.id
FROM unnest(@hashes::bytea[], @ids::bigint[]) AS m (hash, id)
WHERE l.portal_id = @portal::smallint AND l.hash = m.hash AND l.message_id IS NULL;

-- What speaks of this message: its own hand-over before anything else, then one with the same words to the same recipient
-- of the last quarter of a year, unless the gateway had not taken it. What is told by its own last attempt comes back too
-- where that was not taken, so that it may go.
-- name: sent_before :first
SELECT l.hash, l.attempt, l.handed_at, l.answer, l.hash = ANY (@hashes::bytea[]) AS own
FROM journal_line AS l
WHERE l.portal_id = @portal::smallint AND l.held_id IS NULL
    AND (l.hash = ANY (@hashes) OR (l.words = ANY (@words::bytea[]) AND l.handed_at > now() - interval '92 days'
        AND l.answer IS DISTINCT FROM 'temporary' AND l.answer IS DISTINCT FROM 'permanent'))
ORDER BY l.hash = ANY (@hashes) DESC, l.attempt DESC, l.handed_at
LIMIT 1
FOR UPDATE;

-- name: hold_line :exec
UPDATE journal_line
SET held_id = @message::bigint
WHERE portal_id = @portal::smallint AND hash = @hash::bytea AND (attempt = @attempt::smallint OR @own::boolean);

-- The ledger catches up with the journal: handed over then, without an attempt of its own here.
-- name: hand_over_as_journaled :exec
UPDATE message
SET state = 'handed_over', handed_at = @handed_at::timestamptz, attempts = greatest(attempts, @attempt::smallint)
WHERE portal_id = @portal::smallint AND id = @message::bigint AND state = 'planned';

-- name: note_trouble :exec
INSERT INTO journal_trouble AS t (portal_id, host, code)
VALUES (@portal::smallint, @host::text, @code::text)
ON CONFLICT (portal_id, host) DO UPDATE
SET code = excluded.code, seen_at = now(),
    since = CASE WHEN t.seen_at < now() - interval '10 minutes' THEN now() ELSE t.since END;

-- name: end_trouble :exec
DELETE FROM journal_trouble WHERE portal_id = @portal::smallint AND host = @host::text;

-- name: mark_fence :first
UPDATE sending_fence AS f
SET marked_at = now(), marked_by = @staff::bigint, reason = @reason::text
WHERE f.portal_id = @portal::smallint AND f.id = @fence::bigint AND f.marked_at IS NULL
RETURNING f.cause;

-- name: count_lines :one
SELECT count(*)::integer AS count
FROM journal_line
WHERE portal_id = @portal::smallint AND fence_id = @fence::bigint;
