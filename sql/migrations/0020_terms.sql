-- breaking: no
-- The search box's terms, so that an import writes those of a whole book in a pass.

-- A term is derived: client_terms() alone makes them, from the rows of the client whose number they bear, in the
-- transaction that wrote those rows; and nobody may delete a client. Asking that of every term again, nine a client,
-- was a third of an import.
ALTER TABLE client_term DROP CONSTRAINT client_term_portal_id_client_id_fkey;

-- As before, but a set of clients is joined: a list of them was walked through for every row of the book.
CREATE OR REPLACE FUNCTION client_terms(portal smallint, clients bigint[])
RETURNS TABLE (client_id bigint, kind text, term text) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.id, 'name', w.word
    FROM client AS c, regexp_split_to_table(fold(c.name), '[^[:alnum:]]+') AS w (word)
    WHERE c.portal_id = portal AND c.id IN (SELECT unnest(clients)) AND w.word <> ''
    UNION ALL
    SELECT c.id, 'number', upper(regexp_replace(n.value, '[^[:alnum:]]', '', 'g'))
    FROM client AS c,
        unnest(ARRAY[c.customer_number, c.tax_number, c.register_number, c.personal_number]) AS n (value)
    WHERE c.portal_id = portal AND c.id IN (SELECT unnest(clients)) AND n.value ~ '[[:alnum:]]'
    UNION ALL
    SELECT k.client_id, k.kind,
        CASE k.kind WHEN 'phone' THEN reverse(regexp_replace(k.value, '[^0-9]', '', 'g')) ELSE lower(k.value) END
    FROM contact AS k
    WHERE k.portal_id = portal AND k.client_id IN (SELECT unnest(clients))
    UNION ALL
    SELECT k.client_id, 'contract', upper(regexp_replace(k.number, '[^[:alnum:]]', '', 'g'))
    FROM contract AS k
    WHERE k.portal_id = portal AND k.client_id IN (SELECT unnest(clients)) AND k.number ~ '[[:alnum:]]'
    UNION ALL
    SELECT k.client_id, 'registration', upper(regexp_replace(k.registration, '[^[:alnum:]]', '', 'g'))
    FROM contract AS k
    WHERE k.portal_id = portal AND k.client_id IN (SELECT unnest(clients)) AND k.registration ~ '[[:alnum:]]';
END;
