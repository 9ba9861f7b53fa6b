-- What a searcher types, a line each, of clients all over the book: names of many, numbers of one.
SELECT q FROM (
    (SELECT DISTINCT ON (term) term AS q FROM client_term WHERE portal_id = 1 AND kind = 'name' AND length(term) > 4
        ORDER BY term LIMIT 24)
    UNION ALL
    (SELECT split_part(name, ' ', 1) || ' ' || left(split_part(name, ' ', 2), 4) FROM client
        WHERE portal_id = 1 AND mod(id, 997) = 5 ORDER BY id LIMIT 8)
    UNION ALL
    (SELECT tax_number FROM client WHERE portal_id = 1 AND tax_number IS NOT NULL AND mod(id, 97) = 10 ORDER BY id LIMIT 8)
    UNION ALL
    (SELECT right(value, 7) FROM contact WHERE portal_id = 1 AND kind = 'phone' AND mod(id, 98) = 12 ORDER BY id LIMIT 8)
    UNION ALL
    (SELECT value FROM contact WHERE portal_id = 1 AND kind = 'email' AND mod(id, 97) = 13 ORDER BY id LIMIT 6)
    UNION ALL
    (SELECT number FROM contract WHERE portal_id = 1 AND mod(id, 97) = 14 ORDER BY id LIMIT 6)
    UNION ALL
    (SELECT registration FROM contract WHERE portal_id = 1 AND mod(id, 97) = 15 ORDER BY id LIMIT 4)
) AS t;
