-- Users of the portal for bin/bench, one a client, who see their invoices; and the rules of its reminders.
INSERT INTO rule (portal_id, subject, name, days_before, steps, template_kind)
VALUES (1, 'instalment', 'payments', '{5}', '{0}', 'reminders.payment'),
    (1, 'policy', 'insurance', '{45,30,14}', '{0,1,2}', 'reminders.insurance')
ON CONFLICT DO NOTHING;

INSERT INTO provider (portal_id, name, channel, kind) VALUES (1, 'SMS', 'sms', 'local'), (1, 'e-mail', 'email', 'local');

-- Every twentieth has chosen its own number of days, some want no reminders, a few are locked.
INSERT INTO account (portal_id, realm, login, state, locked_from, locked_at, person_name, phone, email, language,
    password_hash, remind_days_before, remind_by)
SELECT 1, c.id, 'u' || c.id, CASE WHEN h.hash < 20 THEN 'locked' ELSE 'active' END, CASE WHEN h.hash < 20 THEN 'active' END,
    CASE WHEN h.hash < 20 THEN now() END, 'Osoba ' || c.name, '+48' || 601000000 + c.id * 7, 'user' || c.id || '@firma.example',
    'pl', 'none', CASE WHEN h.hash >= 950 THEN 7 END,
    CASE WHEN mod(h.hash, 20) = 7 THEN 'none' WHEN mod(h.hash, 4) = 0 THEN 'email' ELSE 'sms' END
FROM client AS c, LATERAL (SELECT mod(hashint8(c.id)::bigint + 2147483648, 1000) AS hash) AS h
WHERE c.portal_id = 1;

INSERT INTO access (portal_id, account_id, client_id, rights)
SELECT 1, a.id, a.realm, '{contracts,invoices,insurance}' FROM account AS a WHERE a.portal_id = 1;

INSERT INTO account_term (portal_id, term, kind, account_id)
SELECT DISTINCT 1, t.term, t.kind, a.id
FROM account AS a, LATERAL (
    SELECT 'name' AS kind, w.word AS term
    FROM regexp_split_to_table(fold(a.person_name), '[^[:alnum:]]+') AS w (word)
    WHERE w.word <> ''
    UNION ALL VALUES ('login', lower(a.login)), ('phone', reverse(substr(a.phone, 2))), ('email', a.email)
) AS t
WHERE a.portal_id = 1;

VACUUM ANALYZE;
