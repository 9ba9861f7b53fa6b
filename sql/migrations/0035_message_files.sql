-- breaking: no
-- The PDF that goes with an e-mail: expected when the message is planned, brought when it is printed, and no message is
-- sent before. Sealed under the key of its message.
-- owner: messaging
CREATE TABLE message_file (
    portal_id smallint NOT NULL,
    message_id bigint NOT NULL,
    file_name text NOT NULL CHECK (char_length(file_name) BETWEEN 1 AND 120),
    content bytea,
    bytes integer CHECK (bytes BETWEEN 1 AND 7340032),
    brought_at timestamptz,
    PRIMARY KEY (portal_id, message_id),
    FOREIGN KEY (portal_id, message_id) REFERENCES message (portal_id, id),
    CHECK ((content IS NULL) = (bytes IS NULL)),
    CHECK ((content IS NULL) = (brought_at IS NULL))
);
CALL raise_wall('message_file');
GRANT SELECT, INSERT, UPDATE ON message_file TO portaldesk_console, portaldesk_worker;

CREATE FUNCTION message_file_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a file that was brought does not change'
        USING ERRCODE = 'PD002', CONSTRAINT = 'message_file_is_final';
END $$;
CREATE TRIGGER message_file_is_final BEFORE UPDATE ON message_file
    FOR EACH ROW WHEN (OLD.content IS NOT NULL) EXECUTE FUNCTION message_file_is_final();
