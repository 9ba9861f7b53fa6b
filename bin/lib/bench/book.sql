-- A synthetic book of business for bin/bench, in a database of its own:
--   psql -v clients=200000 -v contracts=250000 -v policies=300000 -f book.sql
-- Every number has valid check digits; the same sizes give the same book, but for its dates, which lie around today.
SET synchronous_commit = off;
SET max_parallel_workers_per_gather = 0;

CREATE FUNCTION pick(words text[], seed bigint) RETURNS text LANGUAGE sql IMMUTABLE
RETURN words[1 + mod(hashint8(seed)::bigint + 2147483648, cardinality(words))::integer];

-- The remainder of the weighted digits, as Polish numbers use it.
CREATE FUNCTION weighed(digits text, weights integer[]) RETURNS integer LANGUAGE sql IMMUTABLE
RETURN (SELECT sum(substr(digits, w.place::integer, 1)::integer * w.weight)::integer
    FROM unnest(weights) WITH ORDINALITY AS w (weight, place));

-- Tax number: the ninth digit is the first under which the check digit is not 10.
CREATE FUNCTION nip(n bigint) RETURNS text LANGUAGE sql IMMUTABLE
RETURN (SELECT b.digits || mod(weighed(b.digits, '{6,5,7,2,3,4,5,6,7}'), 11)
    FROM (SELECT (52000000 + n)::text || d AS digits FROM generate_series(0, 9) AS d) AS b
    WHERE mod(weighed(b.digits, '{6,5,7,2,3,4,5,6,7}'), 11) < 10
    LIMIT 1);

-- Personal number of somebody born from 1950 to 1999.
CREATE FUNCTION pesel(n bigint) RETURNS text LANGUAGE sql IMMUTABLE
RETURN (SELECT b.digits || mod(10 - mod(weighed(b.digits, '{1,3,7,9,1,3,7,9,1,3}'), 10), 10)
    FROM (SELECT to_char(date '1950-01-01' + mod(n, 18000)::integer, 'YYMMDD') || lpad((n / 18000 * 7)::text, 4, '0')
        AS digits) AS b);

CREATE UNLOGGED TABLE person AS
SELECT n AS id, n AS client_id, mod(n, 3) = 0 AS is_person,
    pick('{Adam,Agnieszka,Andrzej,Anna,Barbara,Celina,Dariusz,Ewa,Grażyna,Halina,Jan,Joanna,Józef,Katarzyna,Krzysztof,
        Łucja,Łukasz,Małgorzata,Marek,Michał,Monika,Paweł,Piotr,Rafał,Stanisław,Tomasz,Wacław,Zofia,Żaneta}', n) AS first,
    pick('{Nowak,Kowalska,Wiśniewski,Wójcik,Kowalczyk,Kamińska,Lewandowski,Zielińska,Szymański,Woźniak,Dąbrowska,
        Kozłowski,Jankowska,Mazur,Wojciechowski,Kwiatkowska,Krawczyk,Kaczmarek,Piotrowska,Grabowski,Zając,Pawłowska,
        Michalski,Król,Wieczorek,Jabłoński,Wróbel,Nowakowska,Majewski,Olszewska,Stępień,Malinowski,Jaworska,Adamczyk,
        Dudek,Nowicka,Pawlak,Górski,Witkowska,Walczak,Sikora,Baran,Rutkowski,Michalak,Szewczyk,Ostrowska,Tomaszewski,
        Pietrzak,Zalewska,Wróblewski,Marciniak,Jasińska,Zawadzki,Bąk,Jakubowska,Sadowski,Duda,Włodarczyk,Chmielewska,
        Borkowski,Łapiński,Żak,Świątek,Ćwikła}', n * 31 + 7) AS last
FROM generate_series(1, :clients) AS n;

CREATE VIEW import_clients AS
SELECT 'K' || n.id AS key, CASE WHEN n.is_person THEN 'person' ELSE 'company' END AS kind,
    CASE WHEN n.is_person THEN n.first || ' ' || n.last
        ELSE pick('{Transport,Przewozy,Budownictwo,Piekarnia,Hurtownia,Zakład Ślusarski,Drukarnia,Apteka,Studio,Tartak,
            Warsztat,Meble,Ogrody,Kancelaria,Spedycja}', n.id * 13) || ' ' || n.last || ' '
            || pick('{sp. z o.o.,S.A.,sp.j.,"sp. z o.o. sp.k."}', n.id * 5) END AS name,
    'PL' AS country, 'pl' AS language, lpad(n.id::text, 8, '0') AS customer_number,
    CASE WHEN n.is_person THEN NULL ELSE nip(n.id) END AS tax_number,
    CASE WHEN n.is_person THEN pesel(n.id) END AS personal_number,
    CASE WHEN n.is_person THEN date '1950-01-01' + mod(n.id, 18000)::integer END AS birth_date,
    'ul. ' || pick('{Długa,Krótka,Słoneczna,Polna,Łąkowa,Świętokrzyska,Piękna,Żwirowa}', n.id * 3) || ' '
        || 1 + mod(n.id, 180) || ', ' || pick('{00-950 Warszawa,90-001 Łódź,30-002 Kraków,50-003 Wrocław,61-004 Poznań}',
        n.id * 11) AS address
FROM person AS n;

-- Every second client has a telephone, the others an e-mail address.
CREATE VIEW import_contacts AS
SELECT 'KK' || n.id AS key, 'K' || n.id AS client, CASE WHEN mod(n.id, 2) = 0 THEN 'phone' ELSE 'email' END AS kind,
    CASE WHEN mod(n.id, 2) = 0 THEN '+48' || 501000000 + n.id * 7 ELSE 'biuro' || n.id || '@klient.example' END AS value,
    'true' AS trusted
FROM person AS n;

CREATE UNLOGGED TABLE deal AS
SELECT n AS id, 1 + mod(n - 1, :clients) AS client_id,
    date_trunc('month', now() AT TIME ZONE 'Europe/Warsaw')::date AS month,
    50000 + mod(hashint8(n)::bigint + 2147483648, 400000) AS amount_minor
FROM generate_series(1, :contracts) AS n;

CREATE VIEW import_contracts AS
SELECT 'U' || d.id AS key, 'K' || d.client_id AS client, 'ML/' || lpad(d.id::text, 7, '0') || '/24' AS number,
    CASE mod(d.id, 4) WHEN 0 THEN 'finance' WHEN 1 THEN 'loan' ELSE 'operating' END AS kind,
    d.month - 150 AS signed_on, d.month - 120 AS starts_on, d.month + 900 AS ends_on, 'PLN' AS currency,
    d.amount_minor * 36 AS net_value_minor, 'car' AS asset_kind,
    pick('{Toyota Corolla,Škoda Octavia,Ford Transit,Renault Master,Volvo XC60,Fiat Ducato,Kia Ceed}', d.id) AS asset_name,
    pick('{WA,WX,LU,KR,PO,GD,EL,DW}', d.id) || lpad(mod(d.id * 7919, 100000)::text, 5, '0') AS registration,
    'VF1' || lpad(d.id::text, 14, '0') AS vin
FROM deal AS d;

-- Eight instalments a contract, monthly, from three months ago on; they fall on the 28 first days of a month alike.
CREATE VIEW deal_instalment AS
SELECT d.id AS deal_id, d.client_id, s AS number, d.id * 8 + s - 8 AS id, d.amount_minor,
    (d.month + make_interval(months => s - 4, days => mod(d.id, 28)::integer))::date AS due_on,
    s = 5 AND d.id <= :clients AS has_invoice
FROM deal AS d, generate_series(1, 8) AS s;

CREATE VIEW import_invoices AS
SELECT 'F' || i.deal_id AS key, 'K' || i.client_id AS client, 'U' || i.deal_id AS contract, 'FV/' || i.deal_id AS number,
    i.due_on - 14 AS issued_on, i.due_on, i.amount_minor, 'PLN' AS currency
FROM deal_instalment AS i
WHERE i.has_invoice;

CREATE VIEW import_instalments AS
SELECT 'R' || i.id AS key, 'U' || i.deal_id AS contract, CASE WHEN i.has_invoice THEN 'F' || i.deal_id END AS invoice,
    'instalment' AS kind, i.number, i.due_on, i.amount_minor, 'PLN' AS currency
FROM deal_instalment AS i;

-- The latest instalment in the past is paid by most, the coming invoice by some ahead of time.
CREATE VIEW import_payments AS
SELECT 'P' || i.id AS key, CASE WHEN i.has_invoice THEN 'F' || i.deal_id END AS invoice,
    CASE WHEN NOT i.has_invoice THEN 'R' || i.id END AS instalment, i.due_on - 20 AS paid_on, i.amount_minor,
    'PLN' AS currency
FROM deal_instalment AS i
WHERE (i.number = 3 AND mod(hashint8(i.id)::bigint + 2147483648, 10) < 6)
    OR (i.has_invoice AND mod(hashint8(i.id)::bigint + 2147483648, 10) < 2);

CREATE VIEW import_policies AS
SELECT 'O' || n AS key, 'K' || 1 + mod(d.id - 1, :clients) AS client, 'U' || d.id AS contract, 'POL/' || n AS number,
    CASE mod(n, 3) WHEN 0 THEN 'liability' ELSE 'hull' END AS kind,
    pick('{PZU,Warta,Ergo Hestia,Allianz,Uniqa}', n) AS insurer, d.month - 300 + mod(n, 365)::integer AS starts_on,
    d.month + 65 + mod(n, 365)::integer AS expires_on
FROM generate_series(1, :policies) AS n
JOIN deal AS d ON d.id = 1 + mod(n - 1, :contracts);
