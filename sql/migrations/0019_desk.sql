-- breaking: no
-- Which browser a session of staff runs in, in a word or two, for its owner to recognise; and what somebody typed into a
-- draft that has no line of the trail of its own yet.

ALTER TABLE staff_session ADD COLUMN browser text NOT NULL DEFAULT '';

ALTER TABLE application
    ADD COLUMN typed_by bigint REFERENCES staff (id),
    ADD COLUMN typed_since timestamptz,
    ADD COLUMN typed_fields text[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT application_typed CHECK ((typed_by IS NULL) = (typed_since IS NULL));
