-- tilsyn: level 2, 2018-Q2: the draw testby/2018-Q2/level-2.
-- It only reads. Save what it returns as CSV, with its headings.
WITH
-- The register, by its own query.
source AS NOT MATERIALIZED (
    SELECT * FROM sager

),
-- What kind of value each column holds.
kinds AS MATERIALIZED (
    SELECT CAST(pg_typeof("Sags nr") AS text) AS kind_of_case_id, regexp_matches(CAST(pg_typeof("Sags nr") AS text), '^((tiny|small|big|huge)?int(eger)?|numeric|decimal.*)$') AS number_in_case_id,
        CAST(pg_typeof("Enhed") AS text) AS kind_of_unit, regexp_matches(CAST(pg_typeof("Enhed") AS text), '^((tiny|small|big|huge)?int(eger)?|numeric|decimal.*)$') AS number_in_unit,
        CAST(pg_typeof("Sagsbehandler") AS text) AS kind_of_caseworker, regexp_matches(CAST(pg_typeof("Sagsbehandler") AS text), '^((tiny|small|big|huge)?int(eger)?|numeric|decimal.*)$') AS number_in_caseworker,
        CAST(pg_typeof("Lukket") AS text) AS kind_of_closed, regexp_matches(CAST(pg_typeof("Lukket") AS text), '^((tiny|small|big|huge)?int(eger)?|numeric|decimal.*)$') AS number_in_closed,
        CAST(pg_typeof("Modtaget") AS text) AS kind_of_own_arrived, regexp_matches(CAST(pg_typeof("Modtaget") AS text), '^((tiny|small|big|huge)?int(eger)?|numeric|decimal.*)$') AS number_in_own_arrived
    FROM source LIMIT 1
),
-- Every value as text in Unicode NFC, as a person would type it.
texts AS NOT MATERIALIZED (
    SELECT CASE (SELECT kind_of_case_id FROM kinds) WHEN 'boolean' THEN CASE CAST("Sags nr" AS text) WHEN 'true' THEN 'ja' WHEN 'false' THEN 'nej' END
            WHEN 'numeric' THEN regexp_replace(CAST("Sags nr" AS text), '[.]0+$|^-?[A-Z].*', '')
            ELSE nfc_normalize(CAST("Sags nr" AS text)) END AS case_id,
        CASE (SELECT kind_of_unit FROM kinds) WHEN 'boolean' THEN CASE CAST("Enhed" AS text) WHEN 'true' THEN 'ja' WHEN 'false' THEN 'nej' END
            WHEN 'numeric' THEN regexp_replace(CAST("Enhed" AS text), '[.]0+$|^-?[A-Z].*', '')
            ELSE nfc_normalize(CAST("Enhed" AS text)) END AS unit,
        CASE (SELECT kind_of_caseworker FROM kinds) WHEN 'boolean' THEN CASE CAST("Sagsbehandler" AS text) WHEN 'true' THEN 'ja' WHEN 'false' THEN 'nej' END
            WHEN 'numeric' THEN regexp_replace(CAST("Sagsbehandler" AS text), '[.]0+$|^-?[A-Z].*', '')
            ELSE nfc_normalize(CAST("Sagsbehandler" AS text)) END AS caseworker,
        CASE WHEN (SELECT kind_of_closed FROM kinds) LIKE 'timestamp%' THEN regexp_replace(CAST("Lukket" AS text), ' 00:00:00$', '')
            WHEN (SELECT kind_of_closed FROM kinds) = 'date' THEN CAST("Lukket" AS text)
            ELSE nfc_normalize(CAST("Lukket" AS text)) END AS closed,
        CASE WHEN (SELECT kind_of_own_arrived FROM kinds) LIKE 'timestamp%' THEN regexp_replace(CAST("Modtaget" AS text), ' 00:00:00$', '')
            WHEN (SELECT kind_of_own_arrived FROM kinds) = 'date' THEN CAST("Modtaget" AS text)
            ELSE nfc_normalize(CAST("Modtaget" AS text)) END AS own_arrived
    FROM source
),
-- Without outer space, compared by their bytes.
tidied AS NOT MATERIALIZED (
    SELECT nullif(trim(case_id, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS case_id,
        nullif(trim(unit, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS unit,
        nullif(trim(caseworker, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS caseworker,
        nullif(trim(closed, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS closed,
        nullif(trim(own_arrived, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS own_arrived
    FROM texts OFFSET 0
),
-- Days as year-month-day; and the cells of a row as one line.
dated AS NOT MATERIALIZED (
    SELECT case_id,
        unit,
        caseworker,
        CASE WHEN closed LIKE '____-__-__' THEN closed
            WHEN regexp_matches(closed, '^[0-9]{2}[-./][0-9]{2}[-./][0-9]{4}$') THEN substr(closed, 7, 4) || '-' || substr(closed, 1, 2) || '-' || substr(closed, 4, 2)
            WHEN regexp_matches(closed, '^(19[0-9]{2}|2000|201[3-9]|20[2-9][0-9])-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?$')
            THEN substr(closed, 1, 10) ELSE closed END AS closed,
        CASE WHEN own_arrived LIKE '____-__-__' THEN own_arrived
            WHEN regexp_matches(own_arrived, '^[0-9]{2}[-./][0-9]{2}[-./][0-9]{4}$') THEN substr(own_arrived, 7, 4) || '-' || substr(own_arrived, 1, 2) || '-' || substr(own_arrived, 4, 2)
            WHEN regexp_matches(own_arrived, '^(19[0-9]{2}|2000|201[3-9]|20[2-9][0-9])-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?$')
            THEN substr(own_arrived, 1, 10) ELSE own_arrived END AS own_arrived,
        concat_ws('x~', case_id, unit, caseworker) AS line,
        NULL AS checked
    FROM tidied OFFSET 0
),
-- Why a row needs a closer look than a query can take, if it does.
judged AS MATERIALIZED (
    SELECT case_id, unit, caseworker, closed, own_arrived, CASE
        WHEN case_id IS NULL THEN 'missing_id'
        WHEN regexp_matches(line, '[^ -~À-ÖØ-öø-ÿ§«»·–—‘’“”„]|[ÂÃâ]') THEN 'bad_character'
        WHEN regexp_matches(line, '["'']') AND regexp_matches(line, '(^|x~)(="|'')') THEN 'wrapped'
        WHEN concat_ws('', case_id, unit, caseworker) LIKE '%|%' THEN 'bad_character'
        WHEN regexp_matches(checked, '(^|[^0-9])[0-36-9][^0-9A-Za-z]*[0-9][^0-9A-Za-z]*(0[^0-9A-Za-z]*[1-9]|1[^0-9A-Za-z]*[0-2])([^0-9A-Za-z]*[0-9]){6}([^0-9]|$)') THEN 'cpr'
        WHEN regexp_matches(case_id, '^[0-9]+[.,]0+$|^[0-9]{1,2}[-./][0-9]{1,2}[-./]([0-9]{2}|[0-9]{4})$') THEN 'spoilt_id'
        WHEN case_id LIKE '____-__-__%' AND regexp_matches(case_id, '^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9:.]+)?$') THEN 'spoilt_id'
        WHEN regexp_matches(case_id, '[A-Za-z]') AND regexp_matches(lower(case_id), '^[0-9]([.,][0-9]+)?e[+][0-9]+$') THEN 'spoilt_id'
        WHEN regexp_matches(case_id, '[A-Za-z]') AND regexp_matches(lower(case_id), '^([0-9]{1,2}[-. ]+)?(jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*[-. ]+[0-9]{2,4}$|^[0-9]{1,2}[-. ]+(jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*$') THEN 'spoilt_id'
        WHEN regexp_matches(case_id, '[A-Za-z]') AND regexp_matches(lower(case_id), '^(?:i alt|ialt|total(?:er|s|t)?|sum|subtotal|gennemsnit|gns|average|antal|count)($|[ .:=;])') THEN 'total_row'
        WHEN length(case_id) = 7 AND lower(case_id) = 'sags nr' AND length(unit) = 5 AND lower(unit) = 'enhed' THEN 'heading_row'
        WHEN unit IS NULL THEN 'missing_unit'
        WHEN caseworker IS NULL THEN 'missing_caseworker'
        WHEN NOT (((SELECT kind_of_closed FROM kinds) = 'date' AND length(closed) = 10) OR regexp_matches(closed, '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$') OR regexp_matches(closed, '^([0-9]{4}-((0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$')) THEN 'not_a_date'
        WHEN NOT (((SELECT kind_of_own_arrived FROM kinds) = 'date' AND length(own_arrived) = 10) OR regexp_matches(own_arrived, '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$') OR regexp_matches(own_arrived, '^([0-9]{4}-((0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$')) THEN 'not_a_date'
        WHEN closed < '1920-01-01' THEN 'impossible_date'
        WHEN own_arrived < '1920-01-01' THEN 'impossible_date'
        WHEN own_arrived >= '2200-01-01' THEN 'impossible_date'
        WHEN (SELECT number_in_case_id FROM kinds) AND regexp_matches(case_id, '^[1-9](0[1-9]|1[0-2])[0-9]{6}$|[.]') THEN 'number'
        WHEN (SELECT number_in_unit FROM kinds) AND regexp_matches(unit, '^[1-9](0[1-9]|1[0-2])[0-9]{6}$|[.]') THEN 'number'
        WHEN (SELECT number_in_caseworker FROM kinds) AND regexp_matches(caseworker, '^[1-9](0[1-9]|1[0-2])[0-9]{6}$|[.]') THEN 'number' END AS odd
    FROM dated
),
-- How units are written, in which rows, and whether those hold yes and no.
spelt AS MATERIALIZED (
    SELECT odd, unit, count(*) AS n
    FROM judged GROUP BY odd, unit
),
-- Each spelling of a unit, and the commonest of the same.
units AS MATERIALIZED (
    SELECT unit AS written, sum(n) AS n,
        first_value(unit) OVER (PARTITION BY lower(unit) ORDER BY sum(n) DESC, unit) AS unit
    FROM spelt WHERE unit IS NOT NULL GROUP BY unit
),
-- The cases that have several rows.
again AS MATERIALIZED (
    SELECT case_id FROM judged GROUP BY case_id HAVING count(*) > 1
),
-- The rows, each unit as it is commonest written.
listed AS NOT MATERIALIZED (
    SELECT j.case_id, u.unit, j.caseworker, j.closed, j.own_arrived, odd FROM judged AS j JOIN units AS u ON written = j.unit
),
-- Rows that are the same throughout are one case.
cases AS NOT MATERIALIZED (
    SELECT listed.case_id, listed.unit, listed.caseworker, listed.closed, listed.own_arrived, CAST(1 AS bigint) AS n FROM listed WHERE NOT EXISTS (SELECT 1 FROM again WHERE again.case_id = listed.case_id)
    UNION ALL SELECT listed.case_id, listed.unit, listed.caseworker, listed.closed, listed.own_arrived, count(*) FROM listed WHERE odd IS NULL AND EXISTS (SELECT 1 FROM again WHERE again.case_id = listed.case_id) GROUP BY listed.case_id, listed.unit, listed.caseworker, listed.closed, listed.own_arrived
),
-- Which rules each case fits.
fitted AS NOT MATERIALIZED (
    SELECT cases.*,
        coalesce(closed < '2018-04-01', false) AS rule_0
    FROM cases
),
-- Why a case is left out, if it is.
reasoned AS NOT MATERIALIZED (
    SELECT *, CASE WHEN rule_0 THEN 'closed_before_period' END AS reason FROM fitted
),
-- Each case with its stratum.
stratified AS MATERIALIZED (
    SELECT *, caseworker AS stratum FROM reasoned
),
-- The frame.
frame AS NOT MATERIALIZED (
    SELECT * FROM stratified WHERE reason IS NULL
),
-- Each stratum's cases, and the SHA-256 of their ids in order, each with a line feed after it.
strata AS MATERIALIZED (
    SELECT stratum, count(*) AS n,
        sha256(string_agg(case_id || chr(10), '' ORDER BY case_id COLLATE "C")) AS digest
    FROM frame GROUP BY stratum
),
-- The commitment: the SHA-256 of a line per stratum with its name, its cases and its digest.
whole AS NOT MATERIALIZED (
    SELECT sum(n) AS n,
        sha256(string_agg(stratum || chr(9) || n || chr(9) || digest || chr(10), '' ORDER BY stratum COLLATE "C")) AS digest
    FROM strata
),
-- How many tickets are needed of each stratum, and a bound that they lie below.
sizes AS NOT MATERIALIZED (
    SELECT * FROM (VALUES
        ('Amager', 25, '1e8933de8933df00'),
        ('Amager|klage', 8, 'g')
    ) AS listed(stratum, tickets, below)
),
-- A case's ticket: the SHA-256 of seed, draw and case.
lots AS NOT MATERIALIZED (
    SELECT *, sha256('terninger: 6 2 5 1, ''kastet'' 3. juli' || chr(10) || 'testby/2018-Q2/level-2' || chr(10) || case_id) AS ticket FROM frame
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
answer(what, name, unit, n, digest, case_id, closed, own_arrived) AS MATERIALIZED (
    SELECT 'query', CAST('49808c63708da3c54fc275d89ab678e06bc9a92771ad26cdf99aa1666a507400' AS text), CAST('duckdb' AS text), CAST(NULL AS bigint), CAST(NULL AS text), CAST(NULL AS text), CAST(NULL AS text), CAST(NULL AS text)
    UNION ALL SELECT 'stratum', stratum, NULL, n, digest, NULL, NULL, NULL FROM strata
    UNION ALL SELECT 'commitment', NULL, NULL, n, digest, NULL, NULL, NULL FROM whole
    UNION ALL SELECT 'case', stratum, unit, place, ticket, case_id, closed, own_arrived FROM ranked WHERE place <= tickets
),
-- Each row of it as one text.
lines AS (
    SELECT concat_ws(chr(31), coalesce(CAST(what AS text), ''), coalesce(CAST(name AS text), ''), coalesce(CAST(unit AS text), ''), coalesce(CAST(n AS text), ''), coalesce(CAST(digest AS text), ''), coalesce(CAST(case_id AS text), ''), coalesce(CAST(closed AS text), ''), coalesce(CAST(own_arrived AS text), '')) AS line FROM answer
)
SELECT * FROM answer
UNION ALL SELECT 'seal', NULL, NULL, count(*), sha256(string_agg(line, chr(10) ORDER BY line COLLATE "C")), NULL, NULL, NULL FROM lines
ORDER BY 1, 2, 3, 4;
