"""The sheets of a report that say what it rests on: reviewing, replacements, cases, methods, notes."""

from __future__ import annotations

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text, percent
from tilsyn.compliance.naming import ALL_CASES, failed_conditions, first_reading_name
from tilsyn.questions.criticism import is_usual, mild, step_kept
from tilsyn.reports.benchmarks import benchmark_sheet
from tilsyn.reports.disclosure import withheld
from tilsyn.reports.facts import attempts_sheet, facts_sheet
from tilsyn.reports.followup import followup_sheets
from tilsyn.reports.parts import (
    NOTHING,
    WITHHELD,
    Column,
    Material,
    Publication,
    Sheet,
    Value,
    alphabetical,
    figure,
    known,
    of_another_law,
    records,
)
from tilsyn.reports.tidy import data_sheet
from tilsyn.reviews.replacement_reasons import in_words
from tilsyn.settings.levels import WHOLE_FRAME


def background_sheets(material: Material, public: bool, publication: Publication) -> list[Sheet]:
    """The sheets about how the results came about; the public edition has no case ids and no calculation."""
    sheets = [facts_sheet(material, publication), _reviewing(material), _replacements(material, public)]
    if _criticised(material).any():
        sheets.append(_criticism(material, public))
    if not public:
        sheets += [_follow_up(material), _corrected(material), _calculation(material)]
    sheets += followup_sheets(material, public, publication.day)
    sheets.append(_methods(material, public))
    sheets.append(benchmark_sheet(material))
    questions = material.question_set
    if len(questions.regimes) > 1 or any(q.comparable != "yes" for q in questions.legal):
        sheets.append(_comparability(material))
    sheets += [attempts_sheet(material), data_sheet(material, public)]
    return [sheet for sheet in sheets if sheet.rows]


def _reviewing(material: Material) -> Sheet:
    """Drawn, reviewed and missing per unit: at level 1 too, never per caseworker."""
    columns = [
        Column(say("report.unit"), "text", 32),
        Column(say("report.population_size"), "count", 14),
        Column(say("report.sample_size"), "count", 14),
        Column(say("report.reviewed"), "count", 14),
        Column(say("report.missing"), "count", 14),
        Column(say("report.share_reviewed"), "share", 14),
    ]
    counts = ("population_size", "drawn", "reviewed", "missing")
    units = material.analysis.units.sort_values("unit", key=lambda names: names.map(alphabetical))
    values: list[list[Value]] = [
        [str(row["unit"]), *(int(row[name]) for name in counts), figure(row["share"], NOTHING)]
        for row in records(units)
    ]
    sums = [int(units[name].sum()) for name in counts]
    values.append([say("report.all_units"), *sums, sums[2] / sums[1] if sums[1] else NOTHING])
    lines = [say("report.reviewing_intro"), *material.analysis.sentences]
    title = say("report.reviewing_title")
    return Sheet(say("report.reviewing_tab"), title, lines, columns, values, "reviewing", portrait=True)


def _replacements(material: Material, public: bool) -> Sheet:
    replaced = material.sample.replacements
    # A name that was given other words on the way has a row for each.
    counts = replaced.groupby(["reason", in_words(replaced)]).size().droplevel(0)
    hidden = withheld(counts.tolist(), material.method.few) if public else [False] * len(counts)
    values: list[list[Value]] = [
        [str(reason), WITHHELD if gone else int(n)]
        for (reason, n), gone in zip(counts.items(), hidden, strict=True)
    ]
    total = int(counts.sum())
    values.append([say("report.total"), WITHHELD if public and 0 < total < material.method.few else total])
    columns = [Column(say("report.reason"), "text", 50), Column(say("report.cases"), "count", 14)]
    lines = [say("report.replacements_intro")]
    if public:
        lines.append(say("report.counts_withheld", limit=material.method.few))
    title = say("report.replacements_title")
    return Sheet(say("report.replacements_tab"), title, lines, columns, values, "replacements", portrait=True)


def _criticised(material: Material) -> pd.Series[bool]:
    """Which cases have a step of the scale recorded."""
    return material.sample.cases["criticism"].fillna("").astype(str) != ""


def _criticism(material: Material, public: bool) -> Sheet:
    given = material.sample.cases.loc[_criticised(material), "criticism"]
    scale = material.question_set.criticism_scale
    on_it = {step.name for step in scale}
    steps = [*scale, *(step_kept(scale, name) for name in sorted({*given} - on_it))]
    counts = [int((given == step.name).sum()) for step in steps]
    hidden = withheld(counts, material.method.few) if public else [False] * len(steps)
    values: list[list[Value]] = []
    for step, n, gone in zip(steps, counts, hidden, strict=True):
        counts_as = say("report.is_criticism" if step.criticism else "report.no_criticism")
        values.append([step.text, counts_as, WITHHELD if gone else n])
    columns = [
        Column(say("report.criticism"), "text", 26),
        Column(say("report.counts_as"), "text", 26),
        Column(say("report.cases"), "count", 14),
    ]
    intro = say("report.criticism_intro")
    for words in mild(steps):
        intro += " " + say("report.criticism_mild", step=words[0].upper() + words[1:])
    lines = [intro]
    if public:
        lines.append(say("report.counts_withheld", limit=material.method.few))
    usual = is_usual(steps)
    title = say("report.criticism_title" if usual else "report.criticism_title_own")
    return Sheet(say("report.criticism_tab"), title, lines, columns, values, "criticism", portrait=True)


def _follow_up(material: Material) -> Sheet:
    """The cases somebody must do something about: only in the internal edition."""
    cases = material.sample.cases
    found: list[list[Value]] = []
    akut = cases["akut"].map(lambda value: known(value) and bool(value))
    for what, chosen in (
        (say("report.akut"), cases[akut]),
        (say("report.not_reviewed"), cases[~cases["complete"].astype(bool)]),
    ):
        found += [[str(row["case_id"]), str(row["unit"]), what, ""] for row in records(chosen)]
    found += [
        [
            str(row["case_id"]),
            str(row["unit"]),
            say("report.criticism"),
            step_kept(material.question_set.criticism_scale, str(row["criticism"])).text,
        ]
        for row in records(cases[_criticised(material)])
    ]
    units = dict(zip(cases["case_id"].astype(str), cases["unit"].astype(str), strict=True))
    replaced = material.sample.replacements
    for row in records(replaced.assign(why=in_words(replaced))):
        swap = say("report.replaced_by", replacement=row["replacement"], reason=row["why"])
        unit = units.get(str(row["case_id"])) or units.get(str(row["replacement"]), "")
        found.append([str(row["case_id"]), unit, say("report.replaced"), swap])
    columns = [
        Column(say("report.case_id"), "id", 18),
        Column(say("report.unit"), "text", 32),
        Column(say("report.what"), "text", 24),
        Column(say("report.detail"), "long", 50),
    ]
    lines = [say("report.follow_up_intro")]
    return Sheet(
        say("report.follow_up_tab"), say("report.follow_up_title"), lines, columns, found, "follow_up"
    )


def _corrected(material: Material) -> Sheet:
    """What the percentage of a level that was re-read would be if all its cases had been."""
    reread = material.analysis.reread_level
    names = first_reading_name(reread)
    columns = [
        Column(say("report.about"), "long", 56),
        Column(say("report.corrected"), "share", 12),
        Column(say("report.low"), "share", 12),
        Column(say("report.high"), "share", 12),
        Column(say("report.remarks"), "long", 50),
    ]
    shown = material.question_set.themes.keys() - set(of_another_law(material))
    asked = [row for row in records(material.analysis.corrected) if row["question"] in shown]
    values: list[list[Value]] = []
    for row in asked:
        figures = [figure(row[name], NOTHING) for name in ("estimate", "low", "high")]
        name = material.title(str(row["question"]))
        why = failed_conditions(row["failed"], row["relevance_differs"], reread)
        values.append([f"{row['question']} {name}", *figures, why])
    lines = [say("report.corrected_intro", **names)]
    title = say("report.corrected_title", **names)
    return Sheet(say("report.corrected_tab"), title, lines, columns, values, "corrected")


_STEPS = ("unweighted", "estimate", "standard_error", "n_eff", "low", "high", "p_value", "p_adjusted")


def _calculation(material: Material) -> Sheet:
    """The steps between counts and interval, for a statistician."""
    foreign = material.analysis.rows["question"].isin(of_another_law(material))
    rows = material.analysis.rows[(material.analysis.rows["domain"] == ALL_CASES) & ~foreign]
    columns = [
        Column(say("report.about"), "long", 44),
        Column(say("report.n_reviewed"), "count", 11),
        Column(say("report.n_relevant"), "count", 11),
        Column(say("report.n_compliant"), "count", 11),
        Column(say("report.unweighted"), "share", 11),
        Column(say("report.estimate"), "share", 11),
        Column(say("report.standard_error"), "share", 11),
        Column(say("report.n_eff"), "number", 11),
        Column(say("report.low"), "share", 10),
        Column(say("report.high"), "share", 10),
        Column(say("report.p_value"), "p", 10),
        Column(say("report.p_adjusted"), "p", 10),
    ]
    values: list[list[Value]] = []
    for row in records(rows):
        name = material.title(str(row["question"]))
        about = f"{row['question']} {name}" if row["question"] in material.question_set.themes else name
        line: list[Value] = [about, int(row["n_reviewed"]), int(row["n_relevant"]), int(row["n_compliant"])]
        line += [figure(row[name], NOTHING) for name in _STEPS]
        values.append(line)
    lines = [say("report.calculation_intro")]
    return Sheet(
        say("report.calculation_tab"), say("report.calculation_title"), lines, columns, values, "calculation"
    )


def _methods(material: Material, public: bool) -> Sheet:
    level = material.record.level
    confidence = percent(material.method.confidence, 0)
    topics = ["who"] if material.level.judged_by else []
    topics += _drawing(material)
    topics += ["change", "verdict"] if material.baseline else []
    topics += ["together", "without_errors", "lawful_no", "few"]
    topics += ["rounding_public" if public else "rounding"]
    topics += ["single" if material.sample.single else "levels"]
    topics += ["year"] if len(material.year) else []
    topics += ["rounds"] if material.rounds is not None else []
    topics += ["rereading"] if material.reread is not None else []
    topics += ["bounds"] if len(material.analysis.missing) and not public else []
    topics += ["corrected"] if len(material.analysis.corrected) and not public else []
    topics += ["limits"] if material.baseline else []
    topics += ["grades"] if len(material.analysis.grades) else []
    topics += ["outcomes"] if len(material.analysis.outcomes) else []
    topics += ["public"] if public else []
    split = material.record.plan.split
    kind = split if split in ("unit", "caseworker", WHOLE_FRAME) else "other"
    strata = {name: say(f"report.{name}_{kind}") for name in ("each", "whose", "strata")}
    values: list[list[Value]] = [
        [
            say(f"report.method_{topic}"),
            say(
                f"report.method_{topic}_text",
                confidence=confidence,
                limit=material.method.few,
                up_to=material.withhold_up_to,
                wide=round(material.method.wide * 100),
                judged=material.level.judged_by,
                level=level,
                **strata,
                **first_reading_name(material.analysis.reread_level),
            ),
        ]
        for topic in topics
    ]
    values += [[topic, text] for topic, text in material.remarks]
    columns = [Column(say("report.topic"), "long", 28), Column(say("report.explanation"), "long", 92)]
    lines = [say("report.methods_intro")]
    return Sheet(
        say("report.methods_tab"),
        say("report.methods_title"),
        lines,
        columns,
        values,
        "methods",
        portrait=True,
    )


def _drawing(material: Material) -> list[str]:
    """The topics of how the cases were found, and how sure that makes the figures."""
    if material.sample.chosen:
        return ["chosen"]
    if material.record.plan.split == WHOLE_FRAME:
        # One stratum: all cases weigh alike.
        return ["drawn_whole", "weights", "interval"]
    return ["drawn", "weights", "interval", "n_eff"]


def _comparability(material: Material) -> Sheet:
    """Which questions mean the same across the law change, and which do not."""
    asked = set(material.analysis.rows["question"])
    values: list[list[Value]] = [
        [q.question_id, q.text, say(f"report.comparability_{q.comparable}")]
        for q in material.question_set.legal
        if q.question_id in asked
    ]
    columns = [
        Column(say("report.question_id"), "id", 12),
        Column(say("report.question"), "long", 66),
        Column(say("report.comparability"), "long", 40),
    ]
    laws = [
        say("report.comparability_law", law=regime.title, first=date_text(regime.first))
        for regime in material.question_set.regimes
        if regime.first
    ]
    lines = [" ".join([*laws, say("report.comparability_intro")])]
    return Sheet(
        say("report.comparability_tab"),
        say("report.comparability_title"),
        lines,
        columns,
        values,
        "comparability",
        portrait=True,
    )
