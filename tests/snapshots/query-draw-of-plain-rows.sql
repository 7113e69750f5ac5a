-- tilsyn: level 2, 2018-Q2: the draw testby/2018-Q2/level-2.
-- It only reads. Save what it returns as CSV, with its headings.
WITH
-- The register, by its own query.
source AS NOT MATERIALIZED (
    SELECT * FROM INDEX

),
-- What kind of value each column holds.
kinds AS MATERIALIZED (
    SELECT CAST(pg_typeof("Sags nr") AS text) AS kind_of_case_id, CAST(pg_typeof("Sags nr") AS text) ~ '^((tiny|small|big|huge)?int(eger)?|numeric|decimal.*)$' AS number_in_case_id,
        CAST(pg_typeof("Gruppe") AS text) AS kind_of_own_group, CAST(pg_typeof("Gruppe") AS text) ~ '^((tiny|small|big|huge)?int(eger)?|numeric|decimal.*)$' AS number_in_own_group
    FROM source LIMIT 1
),
-- Every value as text in Unicode NFC, as a person would type it.
texts AS NOT MATERIALIZED (
    SELECT CASE (SELECT kind_of_case_id FROM kinds) WHEN 'boolean' THEN CASE CAST("Sags nr" AS text) WHEN 'true' THEN 'ja' WHEN 'false' THEN 'nej' END
            WHEN 'numeric' THEN regexp_replace(CAST("Sags nr" AS text), '[.]0+$|^-?[A-Z].*', '')
            ELSE CASE WHEN octet_length(CAST("Sags nr" AS text)) = length(CAST("Sags nr" AS text)) OR CAST("Sags nr" AS text) IS NFC NORMALIZED
            THEN CAST("Sags nr" AS text) ELSE normalize(CAST("Sags nr" AS text), NFC) END END AS case_id,
        CASE (SELECT kind_of_own_group FROM kinds) WHEN 'boolean' THEN CASE CAST("Gruppe" AS text) WHEN 'true' THEN 'ja' WHEN 'false' THEN 'nej' END
            WHEN 'numeric' THEN regexp_replace(CAST("Gruppe" AS text), '[.]0+$|^-?[A-Z].*', '')
            ELSE CASE WHEN octet_length(CAST("Gruppe" AS text)) = length(CAST("Gruppe" AS text)) OR CAST("Gruppe" AS text) IS NFC NORMALIZED
            THEN CAST("Gruppe" AS text) ELSE normalize(CAST("Gruppe" AS text), NFC) END END AS own_group,
        'Familieafdelingen' AS unit
    FROM source
),
-- Without outer space, compared by their bytes.
tidied AS NOT MATERIALIZED (
    SELECT nullif(trim(case_id, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS case_id,
        nullif(trim(own_group, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS own_group,
        nullif(trim(unit, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS unit
    FROM texts OFFSET 0
),
-- Days as year-month-day; and the cells of a row as one line.
dated AS NOT MATERIALIZED (
    SELECT case_id,
        own_group,
        unit,
        concat_ws('x~', case_id, own_group, unit) AS line,
        concat_ws('x~', case_id, own_group, unit) AS checked
    FROM tidied OFFSET 0
),
-- Every row is known to be plain.
judged AS MATERIALIZED (
    SELECT case_id, own_group, unit, CAST(NULL AS text) AS odd FROM dated
),
-- How units are written, in which rows, and whether those hold yes and no.
spelt AS MATERIALIZED (
    SELECT odd, unit, count(*) AS n
    FROM judged GROUP BY odd, unit
),
-- Each spelling of a unit, and the commonest of the same.
units AS MATERIALIZED (
    SELECT unit AS written, sum(n) AS n,
        first_value(unit) OVER (PARTITION BY CASE WHEN unit ~ '[À-ÖØ-Þ]'
            THEN translate(lower(unit COLLATE "C"), 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ', 'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ')
            ELSE lower(unit COLLATE "C") END ORDER BY sum(n) DESC, unit) AS unit
    FROM spelt WHERE unit IS NOT NULL GROUP BY unit
),
-- No case has several rows.
again AS MATERIALIZED (
    SELECT case_id FROM judged LIMIT 0
),
-- The rows, each unit as it is commonest written.
listed AS NOT MATERIALIZED (
    SELECT j.case_id, j.own_group, u.unit, odd FROM judged AS j JOIN units AS u ON written = j.unit
),
-- Rows that are the same throughout are one case.
cases AS NOT MATERIALIZED (
    SELECT listed.case_id, listed.own_group, listed.unit, CAST(1 AS bigint) AS n FROM listed WHERE NOT EXISTS (SELECT 1 FROM again WHERE again.case_id = listed.case_id)
    UNION ALL SELECT listed.case_id, listed.own_group, listed.unit, count(*) FROM listed WHERE odd IS NULL AND EXISTS (SELECT 1 FROM again WHERE again.case_id = listed.case_id) GROUP BY listed.case_id, listed.own_group, listed.unit
),
-- Which rules each case fits.
fitted AS NOT MATERIALIZED (
    SELECT cases.*
    FROM cases
),
-- Why a case is left out, if it is.
reasoned AS NOT MATERIALIZED (
    SELECT *, CAST(NULL AS text) AS reason FROM fitted
),
-- Each case with its stratum.
stratified AS MATERIALIZED (
    SELECT reasoned.*, stratum
    FROM reasoned LEFT JOIN (
        SELECT own_group AS stratum, CASE WHEN own_group ~ '[À-ÖØ-Þ]'
            THEN translate(lower(own_group COLLATE "C"), 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ', 'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ')
            ELSE lower(own_group COLLATE "C") END AS named, row_number() OVER
            (PARTITION BY CASE WHEN own_group ~ '[À-ÖØ-Þ]'
            THEN translate(lower(own_group COLLATE "C"), 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ', 'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ')
            ELSE lower(own_group COLLATE "C") END ORDER BY count(*) DESC, own_group COLLATE "C") AS place
        FROM reasoned WHERE coalesce(reason, 'drawn_earlier') = 'drawn_earlier' GROUP BY own_group
    ) AS written ON named = CASE WHEN reasoned.own_group ~ '[À-ÖØ-Þ]'
            THEN translate(lower(reasoned.own_group COLLATE "C"), 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ', 'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ')
            ELSE lower(reasoned.own_group COLLATE "C") END AND place = 1
),
-- The frame.
frame AS NOT MATERIALIZED (
    SELECT * FROM stratified WHERE reason IS NULL
),
-- Each stratum's cases, and the SHA-256 of their ids in order, each with a line feed after it.
strata AS MATERIALIZED (
    SELECT stratum, count(*) AS n,
        encode(sha256(convert_to(string_agg(case_id || chr(10), '' ORDER BY case_id COLLATE "C"), 'UTF8')), 'hex') AS digest
    FROM frame GROUP BY stratum
),
-- The commitment: the SHA-256 of a line per stratum with its name, its cases and its digest.
whole AS NOT MATERIALIZED (
    SELECT sum(n) AS n,
        encode(sha256(convert_to(string_agg(stratum || chr(9) || n || chr(9) || digest || chr(10), '' ORDER BY stratum COLLATE "C"), 'UTF8')), 'hex') AS digest
    FROM strata
),
-- How many tickets are needed of each stratum, and a bound that they lie below.
sizes AS NOT MATERIALIZED (
    SELECT * FROM (VALUES
        ('Amager', 25, 'g'),
        ('Amager|klage', 8, 'g')
    ) AS listed(stratum, tickets, below)
),
-- A case's ticket: the SHA-256 of seed, draw and case.
lots AS NOT MATERIALIZED (
    SELECT *, encode(sha256(convert_to('terninger: 6 2 5 1, ''kastet'' 3. juli' || chr(10) || 'testby/2018-Q2/level-2' || chr(10) || case_id, 'UTF8')), 'hex') AS ticket FROM frame
),
-- The smallest tickets of each stratum. Should one get fewer than it needs, which happens in
-- less than one of a million draws, leave out the line with WHERE and run the query again.
ranked AS NOT MATERIALIZED (
    SELECT lots.*, tickets,
        row_number() OVER (PARTITION BY stratum ORDER BY ticket COLLATE "C") AS place
    FROM lots JOIN sizes USING (stratum)
    WHERE ticket COLLATE "C" < below
),
-- What is told of all this.
answer(what, name, unit, n, digest, case_id, own_group) AS MATERIALIZED (
    SELECT 'query', CAST('1632fe26ad15d37cb0c084274f4f3c0db4c44936723c92bdb96c2fa73ef7c5f4' AS text), CAST('postgres' AS text), CAST(NULL AS bigint), CAST(NULL AS text), CAST(NULL AS text), CAST(NULL AS text)
    UNION ALL SELECT 'stratum', stratum, NULL, n, digest, NULL, NULL FROM strata
    UNION ALL SELECT 'commitment', NULL, NULL, n, digest, NULL, NULL FROM whole
    UNION ALL SELECT 'case', stratum, unit, place, ticket, case_id, own_group FROM ranked WHERE place <= tickets
),
-- Each row of it as one text.
lines AS (
    SELECT concat_ws(chr(31), coalesce(CAST(what AS text), ''), coalesce(CAST(name AS text), ''), coalesce(CAST(unit AS text), ''), coalesce(CAST(n AS text), ''), coalesce(CAST(digest AS text), ''), coalesce(CAST(case_id AS text), ''), coalesce(CAST(own_group AS text), '')) AS line FROM answer
)
SELECT * FROM answer
UNION ALL SELECT 'seal', NULL, NULL, count(*), encode(sha256(convert_to(string_agg(line, chr(10) ORDER BY line COLLATE "C"), 'UTF8')), 'hex'), NULL, NULL FROM lines
ORDER BY 1, 2, 3, 4;
