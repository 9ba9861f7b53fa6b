-- breaking: no

-- A scan belongs to one thing of one room, named by kind and id; its data key is wrapped by the key `key_id`.
-- owner: documents
CREATE TABLE scan (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    media_type text NOT NULL CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png')),
    byte_count bigint NOT NULL,
    sha256 bytea NOT NULL,
    page_count smallint NOT NULL CHECK (page_count > 0),
    key_id text NOT NULL,
    wrapped_key bytea NOT NULL,
    uploaded_by bigint NOT NULL REFERENCES staff (id),
    uploaded_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz,
    PRIMARY KEY (portal_id, id)
);
CALL raise_wall('scan');
CREATE INDEX scan_subject ON scan (portal_id, subject_kind, subject_id) WHERE removed_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON scan TO portaldesk_console;
GRANT SELECT ON scan TO portaldesk_worker;

-- Page 0 is the file as it came; pages from 1 on are its images.
-- owner: documents
CREATE TABLE scan_page (
    portal_id smallint NOT NULL,
    scan_id bigint NOT NULL,
    page smallint NOT NULL CHECK (page >= 0),
    width integer NOT NULL,
    height integer NOT NULL,
    byte_count bigint NOT NULL,
    PRIMARY KEY (portal_id, scan_id, page),
    FOREIGN KEY (portal_id, scan_id) REFERENCES scan (portal_id, id)
);
CALL raise_wall('scan_page');
GRANT SELECT, INSERT, DELETE ON scan_page TO portaldesk_console;

-- owner: documents
CREATE TABLE scan_chunk (
    portal_id smallint NOT NULL,
    scan_id bigint NOT NULL,
    page smallint NOT NULL,
    chunk smallint NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (portal_id, scan_id, page, chunk),
    FOREIGN KEY (portal_id, scan_id, page) REFERENCES scan_page (portal_id, scan_id, page)
);
CALL raise_wall('scan_chunk');
ALTER TABLE scan_chunk ALTER COLUMN sealed SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, DELETE ON scan_chunk TO portaldesk_console;
