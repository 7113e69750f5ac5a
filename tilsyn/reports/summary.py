"""The page for the committee: what the tables say, in words, ordered by how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text, number
from tilsyn.compliance.naming import ALL_CASES, ALL_QUESTIONS, THEME, WITHOUT_FAULT
from tilsyn.reports.columns import share_value
from tilsyn.reports.critical import critical_errors
from tilsyn.reports.missing import missing_sentences
from tilsyn.reports.news import SinceReport
from tilsyn.reports.parts import Block, HeadFigure, Material, Record, Summary, editioned, known, records
from tilsyn.reports.since import since_sentence
from tilsyn.reports.wording import asked, asked_first, between, capital, of_100
from tilsyn.statistics.change import BETTER, WORSE

# So many sentences stand under a heading; the sheets have them all.
MOST = 4


def summary(material: Material, public: bool) -> Summary:
    """The page of an edition: every figure on it stands in one of the edition's tables."""
    rows = _shown(material, public)
    better, worse, low = _better(rows, material), _worse(rows, material), _low(rows, material)
    named = [*worse, *low][:MOST] + better[:MOST]
    # What was chosen is compared with nothing, and nothing in it is surely low; nor are answers in grades.
    alone = material.sample.chosen or not material.question_set.legal
    compared = [] if alone else _compared(rows, better, worse, low, material)
    blocks = [
        *compared,
        Block("critical", say("summary.critical"), _critical_sentences(rows, material, public)),
        Block("missing", say("summary.missing"), missing_sentences(material.analysis.units, MOST)),
        Block("readers", say("summary.readers"), _reader_sentences(material)),
        Block("benchmark", say("summary.benchmark"), _benchmark_sentences(named, material)),
        Block("next", say("summary.next"), _next_sentences(material)),
    ]
    return Summary(
        title=_title(rows, better, worse, material),
        figures=_figures(rows, material),
        blocks=[
            *(block for block in blocks if block.sentences),
            Block("administration", say("summary.administration")),
        ],
    )


def _compared(
    rows: dict[str, Record],
    better: Sequence[Record],
    worse: Sequence[Record],
    low: Sequence[Record],
    material: Material,
) -> list[Block]:
    return [
        Block("better", say("summary.better"), _better_sentences(better, material)),
        Block("attention", say("summary.attention"), _attention_sentences(rows, worse, low, material)),
    ]


def with_news(page: Summary, material: Material, since: SinceReport, public: bool) -> Summary:
    """The same page with a line of what is new since an earlier report, where it says if all cases are in."""
    line = since_sentence(material, since, public)
    blocks = [
        replace(block, sentences=[*block.sentences, line]) if block.key == "missing" else block
        for block in page.blocks
    ]
    return replace(page, blocks=blocks)


def _shown(material: Material, public: bool) -> dict[str, Record]:
    """The rows over all cases that have a percentage in this edition, by question."""
    table = editioned(material, public)
    overall = records(table[table["domain"] == ALL_CASES])
    shown = [row for row in overall if isinstance(share_value(row, "estimate", material), float)]
    return {str(row["question"]): row for row in shown}


def _questions(rows: dict[str, Record], material: Material) -> list[Record]:
    legal = {question.question_id for question in material.question_set.legal}
    return [row for name, row in rows.items() if name in legal]


def _better(rows: dict[str, Record], material: Material) -> list[Record]:
    """The questions that are surely better, the surest first."""
    found = [row for row in _questions(rows, material) if row["verdict"] == BETTER]
    sure = _limits_of_change(material)
    return sorted(found, key=lambda row: (-sure[str(row["question"])][0], str(row["question"])))


def _worse(rows: dict[str, Record], material: Material) -> list[Record]:
    """The questions that are surely worse, the surest first."""
    found = [row for row in _questions(rows, material) if row["verdict"] == WORSE]
    sure = _limits_of_change(material)
    return sorted(found, key=lambda row: (sure[str(row["question"])][1], str(row["question"])))


def _limits_of_change(material: Material) -> dict[str, tuple[float, float]]:
    """The limits of each question's change: they order the sentences, also where they are not shown."""
    table = material.analysis.rows
    overall = records(table[table["domain"] == ALL_CASES])
    return {str(row["question"]): (row["change_low"], row["change_high"]) for row in overall}


def _low(rows: dict[str, Record], material: Material) -> list[Record]:
    """The other questions whose whole interval lies below that of all questions together, lowest first."""
    if ALL_QUESTIONS not in rows:
        return []
    floor = rows[ALL_QUESTIONS]["low"]
    found = [row for row in _questions(rows, material) if row["verdict"] != WORSE and row["high"] < floor]
    return sorted(found, key=lambda row: (row["high"], str(row["question"])))


def _title(
    rows: dict[str, Record], better: Sequence[Record], worse: Sequence[Record], material: Material
) -> str:
    if not material.question_set.legal:
        key = "graded" if material.question_set.graded else "not_legal"
        return say(f"summary.title_{key}", sheet=say("report.grades_tab"))
    if ALL_QUESTIONS not in rows:
        table = material.analysis.rows
        return say("summary.title_unknown" if table["n_relevant"].any() else "summary.title_not_relevant")
    if material.sample.chosen:
        return say("summary.title_chosen", n=material.sample.n_reviewed, **_of(rows[ALL_QUESTIONS]))
    title = say("summary.title", share=of_100(rows[ALL_QUESTIONS]["estimate"]))
    for found, key in ((worse, "worse"), (better, "better")):
        if found:
            others = len(found) - 1
            key = f"summary.title_{key}_more" if others else f"summary.title_{key}"
            what = say(key, question=asked(material, str(found[0]["question"])), n=others)
            return say("summary.title_and", title=title, what=what)
    return title


def _figures(rows: dict[str, Record], material: Material) -> list[HeadFigure]:
    """All questions together, the cases where everything was followed, and the lowest case step."""
    chosen = [
        (say(f"summary.figure_{key}"), rows[name])
        for key, name in (("all", ALL_QUESTIONS), ("without_fault", WITHOUT_FAULT))
        if name in rows
    ]
    steps = [row for name, row in rows.items() if name.startswith(THEME) and not row["very_uncertain"]]
    if len(steps) > 1:
        lowest = min(steps, key=lambda row: (row["estimate"], row["high"], str(row["question"])))
        step = material.title(str(lowest["question"]))
        chosen.append((say("summary.figure_lowest", step=step), lowest))
    return [_figure(label, row, material) for label, row in chosen]


def _figure(label: str, row: Record, material: Material) -> HeadFigure:
    before = ""
    if material.baseline and known(row["baseline_estimate"]):
        share = of_100(row["baseline_estimate"])
        before = say("summary.before", share=share, baseline=material.baseline)
    if material.sample.chosen:
        return HeadFigure(label, say("report.of", **_of(row)), "", "")
    value = say("summary.of_100", share=of_100(row["estimate"]))
    return HeadFigure(label, value, between(row["low"], row["high"]), before)


def _of(row: Record) -> dict[str, int]:
    return {"n_compliant": int(row["n_compliant"]), "n_relevant": int(row["n_relevant"])}


def _sentence(row: Record, key: str, material: Material) -> str:
    values = {"question": asked_first(material, str(row["question"])), "now": of_100(row["estimate"])}
    if key != "low":
        values["before"] = of_100(row["baseline_estimate"])
    return say(f"summary.{key}", range=between(row["low"], row["high"]), **values)


def _first(found: Sequence[Record], sentence: Callable[[Record], str]) -> list[str]:
    """The first sentences, and how many more there are."""
    sentences = [sentence(row) for row in found[:MOST]]
    more = len(found) - MOST
    if more > 0:
        sentences.append(say("summary.more", n=more, sheet=say("report.questions_tab")))
    return sentences


def _better_sentences(better: Sequence[Record], material: Material) -> list[str]:
    if not material.baseline:
        return [say("summary.no_baseline")]
    found = _first(better, lambda row: _sentence(row, "rose", material))
    return found or [say("summary.none_better", baseline=material.baseline)]


def _attention_sentences(
    rows: dict[str, Record], worse: Sequence[Record], low: Sequence[Record], material: Material
) -> list[str]:
    keys = {str(row["question"]): "fell" for row in worse}
    found = _first(
        [*worse, *low], lambda row: _sentence(row, keys.get(str(row["question"]), "low"), material)
    )
    if not found and not _questions(rows, material):
        # Of questions without a percentage nothing is known to be as the rest.
        return []
    if not found and not material.baseline:
        return [say("summary.none_low")]
    return found or [say("summary.none_attention", baseline=material.baseline)]


def _critical_sentences(rows: dict[str, Record], material: Material, public: bool) -> list[str]:
    """The questions where one error is grave: the share followed, and in the internal edition every case."""
    grave = {question.question_id for question in material.question_set.legal if question.critical}
    table = material.analysis.rows
    asked = grave.intersection(table.loc[table["n_relevant"] > 0, "question"])
    if not grave.intersection(table["question"]):
        return []
    errors = critical_errors(material)
    if public:
        # A share may round to 100 and hide an error: then it is not said that there is none.
        with_errors = {row["question"] for row in errors}
        wrong = [row for row in _questions(rows, material) if row["question"] in with_errors]
        wrong.sort(key=lambda row: (row["high"], str(row["question"])))
        told = _first(wrong, lambda row: _sentence(row, "low", material))
        # Of a few cases neither is said: that there is none would tell of each of them.
        return told if errors or asked - rows.keys() else [say("summary.critical_none")]
    return _first(errors, lambda row: _count(row, material)) or [say("summary.critical_none")]


def _count(row: Record, material: Material) -> str:
    question = asked_first(material, str(row["question"]))
    n = int(row["n_relevant"] - row["n_compliant"])
    return say("summary.critical_count", question=question, n=n, relevant=number(row["n_relevant"]))


def _reader_sentences(material: Material) -> list[str]:
    """How alike the two readings of the same cases are, over all legal questions."""
    reread = material.reread
    row = None if reread is None else reread.together
    if reread is None or row is None or row["n_cases"] < material.method.few:
        return []
    sentence = say(
        "summary.agree",
        first=capital(reread.first),
        second=reread.second,
        now=of_100(row["agreement"]),
        range=between(row["agreement_low"], row["agreement_high"]),
    )
    if not known(row["stricter"]):
        return [sentence]
    stricter = {"first": reread.first, "second": reread.second}[row["stricter"]]
    return [sentence, say("summary.stricter", level=capital(stricter))]


def _benchmark_sentences(named: Sequence[Record], material: Material) -> list[str]:
    texts = material.benchmarks.texts
    found = [(str(row["question"]), text) for row in named for text in texts.get(str(row["question"]), ())]
    told = [(asked_first(material, name), text) for name, text in dict.fromkeys(found)]
    told += [
        (material.title(name), text)
        for name in (ALL_QUESTIONS, WITHOUT_FAULT)
        for text in texts.get(name, ())
    ]
    return [say("summary.beside", question=question, text=text) for question, text in told[:MOST]]


def _next_sentences(material: Material) -> list[str]:
    if material.next_report is None:
        return []
    period, day = material.next_report
    return [say("summary.next_report", period=period.label(), day=date_text(day))]
