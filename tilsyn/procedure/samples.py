"""What a compliance table is made from: the reviews of a workspace, or files from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pandas as pd

from tilsyn.base.language import language, say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem, Refused, UsageError
from tilsyn.compliance.sample import Round
from tilsyn.compliance.tally import THEME
from tilsyn.formats import outside_reviews
from tilsyn.questions.question_set import QuestionSet
from tilsyn.workspace.catalogues import packaged, read_catalogue
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

# Columns of a case that are never a domain: results are never shown per person.
_PERSONAL = ("stratum", "caseworker", "reviewer")
_NOT_FACTS = (
    "case_id", "ticket", "order", "inclusion_probability", "design_weight", "complete", "act_date",
    "reviewed_on", "akut", "handled", "criticism", "replaces", "workbook", "simulated",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One side of a compliance table.

    `name` is what it is called: a period, or the name of a file. `round` holds its tables, reviewed cases
    only. `name_strata` is False where a stratum is a caseworker. `messages` and `problems` are to be told.
    """

    name: str
    round: Round
    level: int | None = None
    period: Period | None = None
    name_strata: bool = True
    blind: bool = True
    simulated: bool = False
    messages: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)


def from_files(
    answers: Path,
    strata: Path,
    by: Sequence[str] = (),
    level: int | None = None,
    period: Period | None = None,
) -> Source:
    """Reviews made elsewhere.

    Parameters
    ----------
    answers, strata : Path
        CSV files, as `outside.read_reviews` reads them.
    by : sequence of str
        Columns of the answers wanted as domains.
    level, period : optional
        What the files are said to be about.

    Returns
    -------
    Source
        Its questions have the themes of the packaged catalogues, as far as their ids are known there.

    Raises
    ------
    UsageError, InputError
        As `outside.read_reviews`.
    """
    found = outside_reviews.read_reviews(answers, strata, by)
    messages = []
    if found.unfinished:
        messages.append(say("compliance.unfinished", n=found.unfinished, file=answers.name))
    return Source(
        name=answers.name,
        round=Round(found.cases, found.strata, found.answers, _packaged_themes()),
        level=level,
        period=period,
        messages=tuple(messages),
        problems=tuple(found.notes),
    )


def from_workspace(workspace: Workspace, level: int, period: Period) -> Source:
    """The reviews of a level and period; at level 1, of the whole quarter.

    Parameters
    ----------
    workspace : Workspace
    level : int
        1 to 4.
    period : Period
        At level 1 a month or week means the quarter it lies in.

    Returns
    -------
    Source

    Raises
    ------
    Refused
        Nothing is drawn, or nothing is reviewed.
    """
    if level == 1:
        period = period.quarter() if period.kind in ("month", "week") else period
        draws = [d for d in workspace.draws.in_force() if d.level == 1 and _within(d.period, period)]
        draws = draws or [workspace.draws.get(level, period)]
    else:
        draws = [workspace.draws.get(level, period)]
    reviews = [workspace.ledger(draw).reviews for draw in draws]
    cases = pd.concat([r.cases[r.cases["complete"]] for r in reviews], ignore_index=True)
    answers = pd.concat([r.complete_answers for r in reviews], ignore_index=True)
    if cases.empty:
        remedy = say("compliance.none_reviewed_remedy", level=level, period=period.canonical)
        raise Refused(say("compliance.none_reviewed", level=level, period=period.label()), remedy)
    # A case is not drawn twice within a quarter; should it be, its newest review counts.
    last = ~cases["case_id"].duplicated(keep="last")
    answers = answers.drop_duplicates(["case_id", "question"], keep="last")
    questions = draws[-1].question_set
    plan = draws[-1].manifest.get("plan") or {}
    return Source(
        name=period.canonical,
        round=Round(cases[last].reset_index(drop=True), _strata(draws), answers, questions),
        level=level,
        period=period,
        name_strata=level != 1,
        blind=bool(plan.get("blind", True)),
        simulated=bool(cases["simulated"].any()),
        titles=_titles(questions),
    )


def first_reading(workspace: Workspace, now: Source) -> Round | None:
    """Level 2's reviews of the same period, where `now` re-read some of them; None otherwise.

    Parameters
    ----------
    workspace : Workspace
    now : Source
        Level 3 or 4.

    Returns
    -------
    Round or None
    """
    if now.level not in (3, 4) or now.period is None or workspace.draws.find(2, now.period) is None:
        return None
    return from_workspace(workspace, 2, now.period).round


def baseline_of(workspace: Workspace, level: int, period: Period, wanted: str | None) -> Source | str | None:
    """The baseline asked for, else the plan's.

    Parameters
    ----------
    workspace : Workspace
    level, period
        Of the table.
    wanted : str or None
        A period, the number of a round ("1", "runde 1"), "none", or None for the plan's.

    Returns
    -------
    Source, str or None
        A message instead of a source where the plan names a baseline that is not there.

    Raises
    ------
    Refused
        The baseline asked for is not drawn or not reviewed.
    UsageError
        The baseline is the period itself, or is no period.
    """
    if wanted is not None and wanted.strip().lower() in ("none", "ingen"):
        return None
    if wanted is not None:
        before = _round_period(workspace, level, wanted) or Period.parse(wanted)
        if before == period:
            raise UsageError(
                say("compliance.own_baseline", period=period.label()), say("compliance.own_baseline_remedy")
            )
        return from_workspace(workspace, level, before)
    plan = workspace.plan_for(period).levels.get(level)
    if plan is None or plan.baseline is None:
        return None
    before = Period.parse(plan.baseline)
    if before.start >= period.start:
        return None
    try:
        return from_workspace(workspace, level, before)
    except Refused as refused:
        return say("compliance.plan_baseline", period=before.label(), message=refused.message)


def domain_columns(source: Source, by: Sequence[str]) -> list[str]:
    """The columns asked for with `--by`, checked.

    Parameters
    ----------
    source : Source
    by : sequence of str
        Column names; several may be joined by commas.

    Returns
    -------
    list of str

    Raises
    ------
    UsageError
        A column is not there, or names a person.
    """
    wanted = checked_names(by)
    known = [c for c in source.round.cases.columns if c not in (*_PERSONAL, *_NOT_FACTS)]
    for column in wanted:
        if column not in known:
            remedy = say("compliance.by_unknown_remedy", known=", ".join(known))
            raise UsageError(say("compliance.by_unknown", name=column), remedy)
    return wanted


def checked_names(by: Sequence[str]) -> list[str]:
    """Names given one by one or joined by commas, each once.

    Parameters
    ----------
    by : sequence of str

    Returns
    -------
    list of str

    Raises
    ------
    UsageError
        A name is that of a person.

    Examples
    --------
    >>> checked_names(["unit,case_type", "unit"])
    ['unit', 'case_type']
    """
    names = list(
        dict.fromkeys(name.strip().lower() for text in by for name in text.split(",") if name.strip())
    )
    for name in names:
        if name in _PERSONAL:
            raise UsageError(say("compliance.by_person", name=name), say("compliance.by_person_remedy"))
    return names


def _within(inner: Period, outer: Period) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _strata(draws: Sequence[Draw]) -> pd.DataFrame:
    """Return the strata; over several draws the cases drawn are added and distinct cases counted."""
    if len(draws) == 1:
        return draws[0].strata
    together = pd.concat([draw.strata for draw in draws], ignore_index=True)
    by_stratum = together.groupby("stratum", sort=True)
    strata = by_stratum.agg(
        unit=("unit", "first"), population_size=("population_size", "max"), sample_size=("sample_size", "sum")
    ).reset_index()
    frames = [str(draw.frame_path) for draw in draws if draw.frame_path.exists()]
    if len(frames) == len(draws):
        # N_h of the quarter: distinct cases over the months' frames.
        with duckdb.connect() as connection:
            counted = connection.execute(
                "SELECT stratum, count(DISTINCT case_id) FROM read_parquet(?) GROUP BY stratum", [frames]
            ).fetchall()
        strata["population_size"] = strata["stratum"].map(dict(counted)).fillna(strata["population_size"])
    strata["population_size"] = strata[["population_size", "sample_size"]].max(axis=1).astype(int)
    return strata


def _round_period(workspace: Workspace, level: int, text: str) -> Period | None:
    match = re.fullmatch(r"(?:runde|round)?[ -]?(\d{1,3})", text.strip().lower())
    if match is None:
        return None
    for draw in workspace.draws.in_force():
        if draw.level == level and draw.manifest.get("round") == int(match[1]):
            return draw.period.quarter() if level == 1 else draw.period
    raise Refused(say("compliance.no_round", n=match[1], level=level), say("compliance.no_round_remedy"))


def _titles(questions: QuestionSet) -> dict[str, str]:
    english = language() == "en"
    steps = {
        f"{THEME}{q.step}": q.step_en if english and q.step_en else q.step_da for q in questions.questions
    }
    return {q.question_id: q.text for q in questions.questions} | steps


def _packaged_themes() -> dict[str, str]:
    return {q.question_id: q.step for path in packaged() for q in read_catalogue(path).questions}
