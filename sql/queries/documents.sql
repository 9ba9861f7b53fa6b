-- Scans: one row per file, its pages, and the sealed chunks of each page.

-- name: add_scan :one
INSERT INTO scan (portal_id, subject_kind, subject_id, media_type, byte_count, sha256, page_count, key_id, wrapped_key,
    uploaded_by)
VALUES (@portal::smallint, @kind::text, @subject::bigint, @media_type::text, @bytes::bigint, @sha256::bytea,
    @pages::smallint, @key_id::text, @wrapped::bytea, @staff::bigint)
RETURNING id;

-- name: add_page :exec
INSERT INTO scan_page (portal_id, scan_id, page, width, height, byte_count)
VALUES (@portal::smallint, @scan::bigint, @page::smallint, @width::integer, @height::integer, @bytes::bigint);

-- name: add_chunk :exec
INSERT INTO scan_chunk (portal_id, scan_id, page, chunk, sealed)
VALUES (@portal::smallint, @scan::bigint, @page::smallint, @chunk::smallint, @sealed::bytea);

-- The same file for the same thing: a double click or a second tab.
-- name: find_same_scan :first
SELECT id
FROM scan
WHERE portal_id = @portal::smallint AND subject_kind = @kind::text AND subject_id = @subject::bigint
    AND sha256 = @sha256::bytea AND removed_at IS NULL;

-- name: scans_of_subject :many
SELECT s.id, s.media_type, s.byte_count, s.page_count, staff.name AS uploaded_by,
    s.uploaded_at AT TIME ZONE portal_zone(s.portal_id) AS uploaded_at
FROM scan AS s
JOIN staff ON staff.id = s.uploaded_by
WHERE s.portal_id = @portal::smallint AND s.subject_kind = @kind::text AND s.subject_id = @subject::bigint
    AND s.removed_at IS NULL
ORDER BY s.id;

-- name: find_page :first
SELECT s.key_id, s.wrapped_key, s.sha256, p.width, p.height, p.byte_count
FROM scan AS s
JOIN scan_page AS p ON p.portal_id = s.portal_id AND p.scan_id = s.id
WHERE s.portal_id = @portal::smallint AND s.id = @scan::bigint AND s.subject_kind = @kind::text
    AND s.subject_id = @subject::bigint AND p.page = @page::smallint AND s.removed_at IS NULL;

-- name: chunks_of_page :many
SELECT sealed
FROM scan_chunk
WHERE portal_id = @portal::smallint AND scan_id = @scan::bigint AND page = @page::smallint
ORDER BY chunk;

-- The row stays and says that there was a file; its wrapped key is gone for good.
-- name: remove_scan :exec
UPDATE scan
SET removed_at = now(), wrapped_key = ''::bytea
WHERE portal_id = @portal::smallint AND id = @scan::bigint AND subject_kind = @kind::text
    AND subject_id = @subject::bigint AND removed_at IS NULL;

-- name: remove_chunks :exec
DELETE FROM scan_chunk WHERE portal_id = @portal::smallint AND scan_id = @scan::bigint;

-- name: remove_pages :exec
DELETE FROM scan_page WHERE portal_id = @portal::smallint AND scan_id = @scan::bigint;

-- name: key_ids_in_use :many
SELECT DISTINCT key_id FROM scan WHERE removed_at IS NULL;
