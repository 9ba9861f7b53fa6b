-- What gateways, and the servers of mailboxes, tell of a message after it went.

-- name: store_receipt :one
INSERT INTO receipt (portal_id, provider_id, reference, provider_reference, word, outcome)
VALUES (@portal::smallint, @provider::bigint, @reference::uuid, @provider_reference::text, @word::text, @outcome::text)
RETURNING id;

-- One receipt, or all that wait.
-- name: match_receipts :one
SELECT coalesce(match_receipts(@portal::smallint, @receipt::bigint), 0);

-- What nobody was ever found for tells nothing any more.
-- name: drop_unmatched :exec
DELETE FROM receipt
WHERE portal_id = @portal::smallint AND matched_at IS NULL AND received_at < now() - interval '30 days';

-- An e-mail that went out, by our own number.
-- name: message_of_reference :first
-- not null: provider_id
SELECT m.portal_id, m.id, m.provider_id
FROM portal AS p
CROSS JOIN LATERAL (
    SELECT x.portal_id, x.id, x.provider_id, x.channel
    FROM message AS x
    WHERE x.portal_id = p.id AND x.reference = @reference::uuid
) AS m
WHERE m.channel = 'email' AND m.provider_id IS NOT NULL;

-- A report that was taken in before finds its row.
-- name: store_bounce :first
INSERT INTO receipt (portal_id, provider_id, reference, word, outcome)
SELECT @portal::smallint, @provider::bigint, @reference::uuid, @word::text, @outcome::text
WHERE NOT EXISTS (SELECT FROM receipt AS r WHERE r.portal_id = @portal AND r.message_id = @message::bigint
    AND r.word = @word AND r.outcome = @outcome)
RETURNING id;

-- name: message_of_number :first
SELECT m.id, m.kind, m.client_id, m.account_id, m.language, p.name AS portal_name
FROM message AS m
JOIN portal AS p ON p.id = m.portal_id
WHERE m.portal_id = @portal::smallint AND m.reference = @reference::uuid;
