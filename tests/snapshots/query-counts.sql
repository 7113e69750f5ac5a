-- tilsyn: level 2, 2018-Q2: counts and commitment.
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
        CAST(pg_typeof("Sagstype") AS text) AS kind_of_case_type, regexp_matches(CAST(pg_typeof("Sagstype") AS text), '^((tiny|small|big|huge)?int(eger)?|numeric|decimal.*)$') AS number_in_case_type,
        CAST(pg_typeof("Oprettet") AS text) AS kind_of_opened, regexp_matches(CAST(pg_typeof("Oprettet") AS text), '^((tiny|small|big|huge)?int(eger)?|numeric|decimal.*)$') AS number_in_opened,
        CAST(pg_typeof("Lukket") AS text) AS kind_of_closed, regexp_matches(CAST(pg_typeof("Lukket") AS text), '^((tiny|small|big|huge)?int(eger)?|numeric|decimal.*)$') AS number_in_closed,
        CAST(pg_typeof("Er ""ny""") AS text) AS kind_of_own_flag, regexp_matches(CAST(pg_typeof("Er ""ny""") AS text), '^((tiny|small|big|huge)?int(eger)?|numeric|decimal.*)$') AS number_in_own_flag
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
        CASE (SELECT kind_of_case_type FROM kinds) WHEN 'boolean' THEN CASE CAST("Sagstype" AS text) WHEN 'true' THEN 'ja' WHEN 'false' THEN 'nej' END
            WHEN 'numeric' THEN regexp_replace(CAST("Sagstype" AS text), '[.]0+$|^-?[A-Z].*', '')
            ELSE nfc_normalize(CAST("Sagstype" AS text)) END AS case_type,
        CASE WHEN (SELECT kind_of_opened FROM kinds) LIKE 'timestamp%' THEN regexp_replace(CAST("Oprettet" AS text), ' 00:00:00$', '')
            WHEN (SELECT kind_of_opened FROM kinds) = 'date' THEN CAST("Oprettet" AS text)
            ELSE nfc_normalize(CAST("Oprettet" AS text)) END AS opened,
        CASE WHEN (SELECT kind_of_closed FROM kinds) LIKE 'timestamp%' THEN regexp_replace(CAST("Lukket" AS text), ' 00:00:00$', '')
            WHEN (SELECT kind_of_closed FROM kinds) = 'date' THEN CAST("Lukket" AS text)
            ELSE nfc_normalize(CAST("Lukket" AS text)) END AS closed,
        CASE (SELECT kind_of_own_flag FROM kinds) WHEN 'boolean' THEN CASE CAST("Er ""ny""" AS text) WHEN 'true' THEN 'ja' WHEN 'false' THEN 'nej' END
            WHEN 'numeric' THEN regexp_replace(CAST("Er ""ny""" AS text), '[.]0+$|^-?[A-Z].*', '')
            ELSE nfc_normalize(CAST("Er ""ny""" AS text)) END AS own_flag
    FROM source
),
-- Without outer space, compared by their bytes.
tidied AS NOT MATERIALIZED (
    SELECT nullif(trim(case_id, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS case_id,
        nullif(trim(unit, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS unit,
        nullif(trim(caseworker, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS caseworker,
        nullif(trim(case_type, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS case_type,
        nullif(trim(opened, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS opened,
        nullif(trim(closed, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS closed,
        nullif(trim(own_flag, ' ' || chr(9) || chr(13) || chr(10) || chr(160)), '') COLLATE "C" AS own_flag
    FROM texts OFFSET 0
),
-- Nothing where it means nothing.
filled AS NOT MATERIALIZED (
    SELECT CASE WHEN lower(case_id) NOT IN ('null', '31-12-9999', '9999-12-31', '9999-12-31 00:00:00') THEN case_id END AS case_id,
        CASE WHEN lower(unit) NOT IN ('null', '31-12-9999', '9999-12-31', '9999-12-31 00:00:00') THEN unit END AS unit,
        CASE WHEN lower(caseworker) NOT IN ('null', '31-12-9999', '9999-12-31', '9999-12-31 00:00:00') THEN caseworker END AS caseworker,
        CASE WHEN lower(case_type) NOT IN ('null', '31-12-9999', '9999-12-31', '9999-12-31 00:00:00') THEN case_type END AS case_type,
        CASE WHEN lower(opened) NOT IN ('null', '31-12-9999', '9999-12-31', '9999-12-31 00:00:00') THEN opened END AS opened,
        CASE WHEN lower(closed) NOT IN ('null', '31-12-9999', '9999-12-31', '9999-12-31 00:00:00') THEN closed END AS closed,
        CASE WHEN lower(own_flag) NOT IN ('null', '31-12-9999', '9999-12-31', '9999-12-31 00:00:00') THEN own_flag END AS own_flag
    FROM tidied OFFSET 0
),
-- Days as year-month-day; and the cells of a row as one line.
dated AS NOT MATERIALIZED (
    SELECT case_id,
        unit,
        caseworker,
        case_type,
        CASE WHEN opened LIKE '____-__-__' THEN opened
            WHEN regexp_matches(opened, '^[0-9]{2}[-./][0-9]{2}[-./][0-9]{4}$') THEN substr(opened, 7, 4) || '-' || substr(opened, 4, 2) || '-' || substr(opened, 1, 2)
            WHEN regexp_matches(opened, '^(19[0-9]{2}|2000|201[3-9]|20[2-9][0-9])-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?$')
            THEN substr(opened, 1, 10) ELSE opened END AS opened,
        CASE WHEN closed LIKE '____-__-__' THEN closed
            WHEN regexp_matches(closed, '^[0-9]{2}[-./][0-9]{2}[-./][0-9]{4}$') THEN substr(closed, 7, 4) || '-' || substr(closed, 4, 2) || '-' || substr(closed, 1, 2)
            WHEN regexp_matches(closed, '^(19[0-9]{2}|2000|201[3-9]|20[2-9][0-9])-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?$')
            THEN substr(closed, 1, 10) ELSE closed END AS closed,
        own_flag,
        concat_ws('x~', case_id, unit, caseworker, case_type, own_flag) AS line,
        concat_ws('x~', case_id, unit, caseworker, case_type) AS checked
    FROM filled OFFSET 0
),
-- Why a row needs a closer look than a query can take, if it does.
judged AS MATERIALIZED (
    SELECT case_id, unit, caseworker, case_type, opened, closed, own_flag, CASE
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
        WHEN NOT (((SELECT kind_of_opened FROM kinds) = 'date' AND length(opened) = 10) OR regexp_matches(opened, '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$') OR regexp_matches(opened, '^([0-9]{4}-((0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$')) THEN 'not_a_date'
        WHEN NOT (((SELECT kind_of_closed FROM kinds) = 'date' AND length(closed) = 10) OR regexp_matches(closed, '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$') OR regexp_matches(closed, '^([0-9]{4}-((0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$')) THEN 'not_a_date'
        WHEN opened < '1920-01-01' THEN 'impossible_date'
        WHEN closed < '1920-01-01' THEN 'impossible_date'
        WHEN opened >= '2200-01-01' THEN 'impossible_date'
        WHEN closed < opened THEN 'closed_before_opened'
        WHEN (SELECT number_in_case_id FROM kinds) AND regexp_matches(case_id, '^[1-9](0[1-9]|1[0-2])[0-9]{6}$|[.]') THEN 'number'
        WHEN (SELECT number_in_unit FROM kinds) AND regexp_matches(unit, '^[1-9](0[1-9]|1[0-2])[0-9]{6}$|[.]') THEN 'number'
        WHEN (SELECT number_in_caseworker FROM kinds) AND regexp_matches(caseworker, '^[1-9](0[1-9]|1[0-2])[0-9]{6}$|[.]') THEN 'number'
        WHEN (SELECT number_in_case_type FROM kinds) AND regexp_matches(case_type, '^[1-9](0[1-9]|1[0-2])[0-9]{6}$|[.]') THEN 'number'
        WHEN (SELECT number_in_own_flag FROM kinds) AND regexp_matches(own_flag, '^[1-9](0[1-9]|1[0-2])[0-9]{6}$|[.]') THEN 'number' END AS odd
    FROM dated
),
-- How units are written, in which rows, and whether those hold yes and no.
spelt AS MATERIALIZED (
    SELECT odd, unit, count(*) AS n,
        bool_and(lower(case_type) IN ('true', 'ja', '1', 'sand', 'yes', 'false', 'nej', '0', 'falsk', 'no')) AS truth_of_case_type,
        bool_and(lower(own_flag) IN ('true', 'ja', '1', 'sand', 'yes', 'false', 'nej', '0', 'falsk', 'no')) AS truth_of_own_flag
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
    SELECT j.case_id, u.unit, j.caseworker, j.case_type, j.opened, j.closed, j.own_flag, odd FROM judged AS j JOIN units AS u ON written = j.unit
),
-- Rows that are the same throughout are one case.
cases AS NOT MATERIALIZED (
    SELECT listed.case_id, listed.unit, listed.caseworker, listed.case_type, listed.opened, listed.closed, listed.own_flag, CAST(1 AS bigint) AS n FROM listed WHERE NOT EXISTS (SELECT 1 FROM again WHERE again.case_id = listed.case_id)
    UNION ALL SELECT listed.case_id, listed.unit, listed.caseworker, listed.case_type, listed.opened, listed.closed, listed.own_flag, count(*) FROM listed WHERE odd IS NULL AND EXISTS (SELECT 1 FROM again WHERE again.case_id = listed.case_id) GROUP BY listed.case_id, listed.unit, listed.caseworker, listed.case_type, listed.opened, listed.closed, listed.own_flag
),
-- Which columns hold yes and no, however it is written.
truths AS MATERIALIZED (
    SELECT coalesce(bool_and(truth_of_case_type), false) AS case_type, coalesce(bool_and(truth_of_own_flag), false) AS own_flag FROM spelt WHERE odd IS NULL
),
-- Which rules each case fits.
fitted AS NOT MATERIALIZED (
    SELECT cases.*,
        coalesce(closed < '2018-04-01', false) AS rule_0,
        coalesce(opened > '2018-06-30', false) AS rule_1,
        coalesce(lower(cases.case_type) IN ('efterværn', 'o''hara'), false) AS rule_2,
        coalesce(lower(cases.own_not_there) IN ('x'), false) AS rule_3,
        coalesce(lower(cases.own_flag) IN ('ja') OR (truths.own_flag AND lower(cases.own_flag) IN ('true', 'ja', '1', 'sand', 'yes')), false) AS rule_4,
        coalesce(lower(cases.case_type) IN ('akut'), false) AS rule_5
    FROM cases CROSS JOIN truths
),
-- Cases drawn earlier.
earlier AS NOT MATERIALIZED (
    SELECT * FROM (VALUES ('2018-1'), ('2018-2')) AS listed(case_id)
),
-- Why a case is left out, if it is.
reasoned AS NOT MATERIALIZED (
    SELECT *, CASE WHEN rule_0 THEN 'closed_before_period' WHEN rule_1 THEN 'opened_after_period' WHEN rule_2 THEN 'too_old' WHEN rule_3 THEN 'other_scope' WHEN case_id IN (SELECT case_id FROM earlier) THEN 'drawn_earlier' END AS reason FROM fitted
),
-- Each case with its stratum.
stratified AS MATERIALIZED (
    SELECT *, CASE WHEN rule_4 THEN unit || '|klage' WHEN rule_5 THEN unit || '|akut' ELSE unit END AS stratum FROM reasoned
),
-- How many cases there are of each kind, and how many fit each rule.
counted AS MATERIALIZED (
    SELECT stratum, unit,
        count(*) AS cases,
        count(*) FILTER (WHERE reason IS NULL) AS n,
        sum(n) FILTER (WHERE rule_0) AS rule_0,
        sum(n) FILTER (WHERE rule_1) AS rule_1,
        sum(n) FILTER (WHERE rule_2) AS rule_2,
        sum(n) FILTER (WHERE rule_3) AS rule_3,
        sum(n) FILTER (WHERE rule_4) AS rule_4,
        sum(n) FILTER (WHERE rule_5) AS rule_5,
        count(*) FILTER (WHERE reason = 'closed_before_period') AS out_0,
        count(*) FILTER (WHERE reason = 'opened_after_period') AS out_1,
        count(*) FILTER (WHERE reason = 'too_old') AS out_2,
        count(*) FILTER (WHERE reason = 'other_scope') AS out_3,
        count(*) FILTER (WHERE reason = 'drawn_earlier') AS out_4
    FROM stratified GROUP BY stratum, unit
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
-- What is told of all this.
answer(what, name, unit, n, digest) AS MATERIALIZED (
    SELECT 'query', CAST('1f860f1816c5acdec7ce4d3ed7ec47954f0456418e5d419149ed8b050ff292ad' AS text), CAST('duckdb' AS text), CAST(NULL AS bigint), CAST(NULL AS text)
    UNION ALL SELECT 'type', 'case_id', kind_of_case_id, NULL, NULL FROM kinds
    UNION ALL SELECT 'type', 'unit', kind_of_unit, NULL, NULL FROM kinds
    UNION ALL SELECT 'type', 'caseworker', kind_of_caseworker, NULL, NULL FROM kinds
    UNION ALL SELECT 'type', 'case_type', kind_of_case_type, NULL, NULL FROM kinds
    UNION ALL SELECT 'type', 'opened', kind_of_opened, NULL, NULL FROM kinds
    UNION ALL SELECT 'type', 'closed', kind_of_closed, NULL, NULL FROM kinds
    UNION ALL SELECT 'type', 'own_flag', kind_of_own_flag, NULL, NULL FROM kinds
    UNION ALL SELECT 'odd', odd, NULL, sum(n), NULL FROM spelt WHERE odd IS NOT NULL GROUP BY odd
    UNION ALL SELECT 'odd', 'contradictory_duplicate', NULL, count(*), NULL FROM (SELECT case_id FROM cases JOIN again USING (case_id) GROUP BY case_id HAVING count(*) > 1) AS twice
    UNION ALL SELECT 'rows', NULL, NULL, coalesce(sum(n), 0), NULL FROM spelt
    UNION ALL SELECT 'cases', NULL, NULL, coalesce(sum(cases), 0), NULL FROM counted
    UNION ALL SELECT 'unit', unit, NULL, sum(n), NULL FROM units GROUP BY unit
    UNION ALL SELECT 'unit_of', stratum, unit, n, NULL FROM counted WHERE n > 0
    UNION ALL SELECT 'left_out', 'closed_before_period', NULL, coalesce(sum(out_0), 0), NULL FROM counted
    UNION ALL SELECT 'left_out', 'opened_after_period', NULL, coalesce(sum(out_1), 0), NULL FROM counted
    UNION ALL SELECT 'left_out', 'too_old', NULL, coalesce(sum(out_2), 0), NULL FROM counted
    UNION ALL SELECT 'left_out', 'other_scope', NULL, coalesce(sum(out_3), 0), NULL FROM counted
    UNION ALL SELECT 'left_out', 'drawn_earlier', NULL, coalesce(sum(out_4), 0), NULL FROM counted
    UNION ALL SELECT 'newest', greatest(max(opened) FILTER (WHERE opened <= '2018-07-03'), max(closed) FILTER (WHERE closed <= '2018-07-03')), NULL, NULL, NULL FROM stratified
    UNION ALL SELECT 'rule', '0', NULL, coalesce(sum(rule_0), 0), NULL FROM counted
    UNION ALL SELECT 'rule', '1', NULL, coalesce(sum(rule_1), 0), NULL FROM counted
    UNION ALL SELECT 'rule', '2', NULL, coalesce(sum(rule_2), 0), NULL FROM counted
    UNION ALL SELECT 'rule', '3', NULL, coalesce(sum(rule_3), 0), NULL FROM counted
    UNION ALL SELECT 'rule', '4', NULL, coalesce(sum(rule_4), 0), NULL FROM counted
    UNION ALL SELECT 'rule', '5', NULL, coalesce(sum(rule_5), 0), NULL FROM counted
    UNION ALL SELECT 'truth', 'case_type', NULL, CASE WHEN case_type THEN 1 ELSE 0 END, NULL FROM truths
    UNION ALL SELECT 'truth', 'own_flag', NULL, CASE WHEN own_flag THEN 1 ELSE 0 END, NULL FROM truths
    UNION ALL SELECT 'stratum', stratum, NULL, n, digest FROM strata
    UNION ALL SELECT 'commitment', NULL, NULL, n, digest FROM whole
),
-- Each row of it as one text.
lines AS (
    SELECT concat_ws(chr(31), coalesce(CAST(what AS text), ''), coalesce(CAST(name AS text), ''), coalesce(CAST(unit AS text), ''), coalesce(CAST(n AS text), ''), coalesce(CAST(digest AS text), '')) AS line FROM answer
)
SELECT * FROM answer
UNION ALL SELECT 'seal', NULL, NULL, count(*), sha256(string_agg(line, chr(10) ORDER BY line COLLATE "C")) FROM lines
ORDER BY 1, 2, 3, 4;
