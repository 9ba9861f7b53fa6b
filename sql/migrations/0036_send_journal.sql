-- breaking: no
-- The restore fence: a journal outside the database remembers each hand-over to a gateway. What it knows and the database
-- does not, because a backup was restored, stops sending until a person has seen it.

-- The keyed hash under which the journal knows the message; NULL where no journal was kept.
ALTER TABLE message_attempt ADD COLUMN journal bytea;
CREATE INDEX message_attempt_journal ON message_attempt (portal_id, journal) WHERE journal IS NOT NULL;

-- How far each file of the journal has been compared with this database; the file '' is the comparison as a whole.
-- owner: messaging
CREATE TABLE journal_mark (
    portal_id smallint NOT NULL REFERENCES portal (id),
    file text NOT NULL,
    bytes bigint NOT NULL DEFAULT 0,
    compared_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, file)
);
CALL raise_wall('journal_mark');
GRANT SELECT ON journal_mark TO portaldesk_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON journal_mark TO portaldesk_worker;

-- A worker that cannot use its journal, and therefore does not send.
-- owner: messaging
CREATE TABLE journal_trouble (
    portal_id smallint NOT NULL REFERENCES portal (id),
    host text NOT NULL,
    code text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portal_id, host)
);
CALL raise_wall('journal_trouble');
GRANT SELECT ON journal_trouble TO portaldesk_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON journal_trouble TO portaldesk_worker;

-- Sending stands still at a portal until this is marked. `lines`: the journal knows more than the database;
-- `files_missing`, `too_old`: it may know more than is left of it.
-- owner: messaging
CREATE TABLE sending_fence (
    portal_id smallint NOT NULL REFERENCES portal (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    cause text NOT NULL CHECK (cause IN ('lines', 'files_missing', 'too_old')),
    raised_at timestamptz NOT NULL DEFAULT now(),
    marked_at timestamptz,
    marked_by bigint REFERENCES staff (id),
    reason text,
    PRIMARY KEY (portal_id, id),
    CHECK ((marked_at IS NULL) = (marked_by IS NULL) AND (marked_at IS NULL) = (reason IS NULL))
);
CALL raise_wall('sending_fence');
CREATE UNIQUE INDEX sending_fence_open ON sending_fence (portal_id) WHERE marked_at IS NULL;
GRANT SELECT, UPDATE ON sending_fence TO portaldesk_console;
GRANT SELECT, INSERT ON sending_fence TO portaldesk_worker;

-- The hand-overs that the journal knows and this database does not. `message_id` is the message where it is here, planned
-- still; `held_id` the one that was kept from going because of this line.
-- owner: messaging
CREATE TABLE journal_line (
    portal_id smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    hash bytea NOT NULL,
    attempt smallint NOT NULL,
    fence_id bigint NOT NULL,
    channel text NOT NULL CHECK (channel IN ('sms', 'email')),
    kind text NOT NULL,
    handed_at timestamptz NOT NULL,
    words bytea,
    answer text CHECK (answer IN ('accepted', 'temporary', 'permanent', 'uncertain')),
    message_id bigint,
    held_id bigint,
    PRIMARY KEY (portal_id, id),
    CONSTRAINT journal_line_once UNIQUE (portal_id, hash, attempt),
    FOREIGN KEY (portal_id, fence_id) REFERENCES sending_fence (portal_id, id),
    FOREIGN KEY (portal_id, message_id) REFERENCES message (portal_id, id),
    FOREIGN KEY (portal_id, held_id) REFERENCES message (portal_id, id)
);
CALL raise_wall('journal_line');
CREATE INDEX journal_line_page ON journal_line (portal_id, fence_id, id);
CREATE INDEX journal_line_words ON journal_line (portal_id, words) WHERE held_id IS NULL AND words IS NOT NULL;
CREATE INDEX journal_line_free ON journal_line (portal_id, handed_at) WHERE held_id IS NULL;
GRANT SELECT ON journal_line TO portaldesk_console;
GRANT SELECT, INSERT, UPDATE ON journal_line TO portaldesk_worker;

ALTER TABLE alarm DROP CONSTRAINT alarm_kind_check;
ALTER TABLE alarm ADD CONSTRAINT alarm_kind_check
    CHECK (kind IN ('schedule_late', 'queue_late', 'vacuum_blocked', 'sending_stopped', 'journal_failed'));
