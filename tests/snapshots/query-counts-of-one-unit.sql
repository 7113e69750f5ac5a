-- tilsyn: level 2, 2018-Q2: counts and commitment.
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
-- Why a row needs a closer look than a query can take, if it does.
judged AS MATERIALIZED (
    SELECT case_id, own_group, unit, CASE
        WHEN case_id IS NULL THEN 'missing_id'
        WHEN line ~ '[^ -~À-ÖØ-öø-ÿ§«»·–—‘’“”„]|[ÂÃâ]' THEN 'bad_character'
        WHEN line ~ '["'']' AND line ~ '(^|x~)(="|'')' THEN 'wrapped'
        WHEN concat_ws('', case_id, unit, own_group) LIKE '%|%' THEN 'bad_character'
        WHEN checked ~ '(^|[^0-9])[0-36-9][^0-9A-Za-z]*[0-9][^0-9A-Za-z]*(0[^0-9A-Za-z]*[1-9]|1[^0-9A-Za-z]*[0-2])([^0-9A-Za-z]*[0-9]){6}([^0-9]|$)' THEN 'cpr'
        WHEN case_id ~ '^[0-9]+[.,]0+$|^[0-9]{1,2}[-./][0-9]{1,2}[-./]([0-9]{2}|[0-9]{4})$' THEN 'spoilt_id'
        WHEN case_id LIKE '____-__-__%' AND case_id ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9:.]+)?$' THEN 'spoilt_id'
        WHEN case_id ~ '[A-Za-z]' AND lower(case_id COLLATE "C") ~ '^[0-9]([.,][0-9]+)?e[+][0-9]+$' THEN 'spoilt_id'
        WHEN case_id ~ '[A-Za-z]' AND lower(case_id COLLATE "C") ~ '^([0-9]{1,2}[-. ]+)?(jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*[-. ]+[0-9]{2,4}$|^[0-9]{1,2}[-. ]+(jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*$' THEN 'spoilt_id'
        WHEN case_id ~ '[A-Za-z]' AND lower(case_id COLLATE "C") ~ '^(?:i alt|ialt|total(?:er|s|t)?|sum|subtotal|gennemsnit|gns|average|antal|count)($|[ .:=;])' THEN 'total_row'
        WHEN length(case_id) = 7 AND CASE WHEN case_id ~ '[À-ÖØ-Þ]'
            THEN translate(lower(case_id COLLATE "C"), 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ', 'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ')
            ELSE lower(case_id COLLATE "C") END = 'sags nr' AND length(unit) = 4 AND CASE WHEN unit ~ '[À-ÖØ-Þ]'
            THEN translate(lower(unit COLLATE "C"), 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ', 'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ')
            ELSE lower(unit COLLATE "C") END = 'unit' THEN 'heading_row'
        WHEN unit IS NULL THEN 'missing_unit'
        WHEN own_group IS NULL THEN 'missing_stratum'
        WHEN (SELECT number_in_case_id FROM kinds) AND case_id ~ '^[1-9](0[1-9]|1[0-2])[0-9]{6}$|[.]' THEN 'number'
        WHEN (SELECT number_in_own_group FROM kinds) AND own_group ~ '^[1-9](0[1-9]|1[0-2])[0-9]{6}$|[.]' THEN 'number' END AS odd
    FROM dated
),
-- How units are written, in which rows, and whether those hold yes and no.
spelt AS MATERIALIZED (
    SELECT odd, unit, count(*) AS n,
        bool_and(lower(own_group COLLATE "C") IN ('true', 'ja', '1', 'sand', 'yes', 'false', 'nej', '0', 'falsk', 'no')) AS truth_of_own_group
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
-- The cases that have several rows.
again AS MATERIALIZED (
    SELECT case_id FROM judged GROUP BY case_id HAVING count(*) > 1
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
-- Which columns hold yes and no, however it is written.
truths AS MATERIALIZED (
    SELECT coalesce(bool_and(truth_of_own_group), false) AS own_group FROM spelt WHERE odd IS NULL
),
-- Which rules each case fits.
fitted AS NOT MATERIALIZED (
    SELECT cases.*,
        coalesce(lower(cases.own_group COLLATE "C") IN ('akut'), false) AS rule_2,
        coalesce(CASE WHEN cases.own_group ~ '[À-ÖØ-Þ]'
            THEN translate(lower(cases.own_group COLLATE "C"), 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ', 'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ')
            ELSE lower(cases.own_group COLLATE "C") END IN ('øst'), false) AS rule_3
    FROM cases CROSS JOIN truths
),
-- Why a case is left out, if it is.
reasoned AS NOT MATERIALIZED (
    SELECT *, CASE WHEN rule_2 THEN 'other_scope' WHEN rule_3 THEN 'other_scope' END AS reason FROM fitted
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
-- How many cases there are of each kind, and how many fit each rule.
counted AS MATERIALIZED (
    SELECT stratum, unit,
        count(*) AS cases,
        count(*) FILTER (WHERE reason IS NULL) AS n,
        sum(n) FILTER (WHERE rule_2) AS rule_2,
        sum(n) FILTER (WHERE rule_3) AS rule_3,
        count(*) FILTER (WHERE reason = 'other_scope') AS out_0
    FROM stratified GROUP BY stratum, unit
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
-- What is told of all this.
answer(what, name, unit, n, digest) AS MATERIALIZED (
    SELECT 'query', CAST('dfa7857a536c10fab2c087113b562900d6db739deb9e5fef70815b71ee8d5b02' AS text), CAST('postgres' AS text), CAST(NULL AS bigint), CAST(NULL AS text)
    UNION ALL SELECT 'server', name, setting, NULL, NULL FROM (SELECT name, setting FROM pg_settings WHERE name IN ('server_encoding', 'DateStyle', 'standard_conforming_strings')) AS server
    UNION ALL SELECT 'type', 'case_id', kind_of_case_id, NULL, NULL FROM kinds
    UNION ALL SELECT 'type', 'own_group', kind_of_own_group, NULL, NULL FROM kinds
    UNION ALL SELECT 'odd', odd, NULL, sum(n), NULL FROM spelt WHERE odd IS NOT NULL GROUP BY odd
    UNION ALL SELECT 'odd', 'contradictory_duplicate', NULL, count(*), NULL FROM (SELECT case_id FROM cases JOIN again USING (case_id) GROUP BY case_id HAVING count(*) > 1) AS twice
    UNION ALL SELECT 'rows', NULL, NULL, coalesce(sum(n), 0), NULL FROM spelt
    UNION ALL SELECT 'cases', NULL, NULL, coalesce(sum(cases), 0), NULL FROM counted
    UNION ALL SELECT 'unit', unit, NULL, sum(n), NULL FROM units GROUP BY unit
    UNION ALL SELECT 'unit_of', stratum, unit, n, NULL FROM counted WHERE n > 0
    UNION ALL SELECT 'left_out', 'other_scope', NULL, coalesce(sum(out_0), 0), NULL FROM counted
    UNION ALL SELECT 'rule', '2', NULL, coalesce(sum(rule_2), 0), NULL FROM counted
    UNION ALL SELECT 'rule', '3', NULL, coalesce(sum(rule_3), 0), NULL FROM counted
    UNION ALL SELECT 'truth', 'own_group', NULL, CASE WHEN own_group THEN 1 ELSE 0 END, NULL FROM truths
    UNION ALL SELECT 'stratum', stratum, NULL, n, digest FROM strata
    UNION ALL SELECT 'commitment', NULL, NULL, n, digest FROM whole
),
-- Each row of it as one text.
lines AS (
    SELECT concat_ws(chr(31), coalesce(CAST(what AS text), ''), coalesce(CAST(name AS text), ''), coalesce(CAST(unit AS text), ''), coalesce(CAST(n AS text), ''), coalesce(CAST(digest AS text), '')) AS line FROM answer
)
SELECT * FROM answer
UNION ALL SELECT 'seal', NULL, NULL, count(*), encode(sha256(convert_to(string_agg(line, chr(10) ORDER BY line COLLATE "C"), 'UTF8')), 'hex') FROM lines
ORDER BY 1, 2, 3, 4;
