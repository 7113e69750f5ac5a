"""`tilsyn trend`: how a level develops over the periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent, points
from tilsyn.base.problems import Refused, UsageError
from tilsyn.cli.command import check_level, command
from tilsyn.cli.console import Result, Table
from tilsyn.cli.terminal import heights, small_line

SCHEMA = "tilsyn/trend/1"
_DASH = "–"
SURE = 0.05


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "trend")
    def trend(
        level: Annotated[int, typer.Option(help=say("trend.level_help"))],
        question: Annotated[str | None, typer.Option(help=say("trend.question_help"))] = None,
        first: Annotated[str | None, typer.Option("--from", help=say("trend.from_help"))] = None,
        last: Annotated[str | None, typer.Option("--to", help=say("trend.to_help"))] = None,
        baseline: Annotated[str | None, typer.Option(help=say("trend.baseline_help"))] = None,
    ) -> Result:
        from tilsyn.base.periods import Period
        from tilsyn.compliance.naming import titles_of
        from tilsyn.compliance.scope import scope_of
        from tilsyn.compliance.series import as_records, point_rows, summary_rows
        from tilsyn.procedure.drawn_periods import limits_of, plain_sample
        from tilsyn.procedure.trend import reviewed_periods
        from tilsyn.workspace.workspace import Workspace

        check_level(level)
        workspace = Workspace.open()
        ends = [None if text is None else Period.parse(text) for text in (first, last)]
        before = None if baseline is None else Period.parse(baseline)
        samples, messages = reviewed_periods(workspace, level, plain_sample, *ends)
        # One confidence for the whole series: that of its last period.
        limits = limits_of(workspace, level, max(samples))
        found = point_rows(samples, limits.confidence)
        if not found:
            raise Refused(say("trend.no_share", level=level), say("trend.no_share_remedy", level=level))
        if question is not None:
            wanted = _known(question, found, level)
            found = [row for row in found if row["question"] == wanted]
        centres = None
        if before is not None:
            centres = {row["question"]: row["estimate"] for row in found if row["period"] == before.canonical}
            if not centres:
                message = say("trend.no_baseline", period=before.label(), level=level)
                raise Refused(message, say("trend.nothing_remedy"))
        simulated = any(sample.simulated for sample in samples.values())
        # A question is named as it was worded last.
        titles = {row: text for one in samples.values() for row, text in titles_of(one.questions).items()}
        series, all_points = as_records(summary_rows(found, centres)), as_records(found)
        data = {
            "schema": SCHEMA,
            "level": level,
            "question": question,
            "baseline": None if before is None else before.canonical,
            "confidence_level": limits.confidence,
            "simulated": simulated,
            "scope": [{"period": period.canonical, **scope_of(sample)} for period, sample in samples.items()],
            "series": series,
            "points": all_points,
        }
        tables: list[Table | str] = [say("compliance.simulated")] if simulated else []
        if question is None:
            tables.append(_overview(series, all_points, level, titles))
        else:
            tables += _one_question(series, all_points, level, limits.min_relevant, titles)
        return Result(data, all_points, tables, messages=messages)


def _known(question: str, found: Sequence[Mapping[str, Any]], level: int) -> str:
    from tilsyn.compliance.naming import row_meant

    known = list(dict.fromkeys(row["question"] for row in found))
    if (wanted := row_meant(question, known)) is not None:
        return wanted
    message = say("trend.no_question", question=question, level=level)
    raise UsageError(message, say("trend.no_question_remedy", known=", ".join(known)))


def _label(period: str) -> str:
    from tilsyn.base.periods import Period

    return Period.parse(period).label()


def _direction(row: dict[str, Any]) -> str:
    if row["p_value"] is None:
        short = row["n_periods"] < 8
        words = say("trend.too_short", n=row["n_periods"]) if short else say("trend.no_test")
    else:
        key = "no_slope" if row["p_value"] > SURE else ("rises" if row["slope"] > 0 else "falls")
        words = say(f"trend.{key}", p=number(row["p_value"], 3))
    return f"{words}; {say('trend.shift')}" if row["shift"] else words


def _slope(row: dict[str, Any]) -> str:
    return _DASH if row["p_value"] is None else points(row["slope"])


def _line(found: list[dict[str, Any]], question: str, characters: str) -> str:
    """Return a question's periods as a small line, with a gap where another series begins."""
    shares: list[float | None] = []
    for row in found:
        if row["question"] == question:
            shares += [row["estimate"]] if row["begins"] is None else [None, row["estimate"]]
    return small_line(shares, characters)


def _overview(
    series: list[dict[str, Any]], found: list[dict[str, Any]], level: int, titles: Mapping[str, str]
) -> Table:
    from tilsyn.compliance.naming import row_label

    characters = heights()
    # The latest series of each question; earlier ones are shown question by question.
    latest = list({row["question"]: row for row in series}.values())
    lines = [
        [
            row_label(row["question"], titles),
            f"{row['first']} {_DASH} {row['last']}" if row["n_periods"] > 1 else row["first"],
            number(row["n_periods"]),
            percent(row["centre"], 0),
            percent(row["latest"], 0),
            _line(found, row["question"], characters),
            _slope(row),
            ", ".join(row["signals"]),
            _direction(row),
        ]
        for row in latest
    ]
    names = ("question", "periods", "n", "centre", "latest", "line", "slope", "signals", "trend")
    first, last = min(row["first"] for row in latest), max(row["last"] for row in latest)
    title = say("trend.title", level=level, first=_label(first), last=_label(last))
    told = say("trend.note_line", low=characters[0], high=characters[-1])
    notes = [told, say("trend.note_signal"), say("trend.note_slope")]
    if len(latest) < len(series):
        notes.append(say("trend.note_series"))
    first = [
        say(f"trend.col_{name}") for name in ("question", "latest", "line", "trend", "signals", "centre")
    ]
    return Table([say(f"trend.col_{name}") for name in names], lines, title, notes, first)


def _one_question(
    series: list[dict[str, Any]],
    found: list[dict[str, Any]],
    level: int,
    few: int,
    titles: Mapping[str, str],
) -> list[Table | str]:
    from tilsyn.compliance.naming import row_label

    of_series = {row["series"]: row for row in series}
    lines = []
    for row in found:
        whole = of_series[row["series"]]
        notes = [] if row["begins"] is None else [say(f"trend.break_{row['begins']}")]
        if row["comparable"] == "partly":
            notes.append(say("trend.partly"))
        if row["period"] in whole["signals"]:
            side = "above" if row["estimate"] > whole["centre"] else "below"
            notes.append(f"{say('trend.col_signals').lower()}, {say(f'trend.{side}')}")
        counts = say("trend.counts", compliant=number(row["n_compliant"]), relevant=number(row["n_relevant"]))
        if row["n_cases"] < few:
            shown = [_DASH, _DASH]
            notes.append(say("trend.few"))
        else:
            limits = f"{percent(row['low'], 0)} {_DASH} {percent(row['high'], 0)}"
            shown = [percent(row["estimate"]), limits]
        lines.append([_label(row["period"]), counts, *shown, "; ".join(notes)])
    names = ("period", "counts", "percent", "interval", "note")
    title = say("trend.title_question", question=row_label(found[0]["question"], titles), level=level)
    table = Table(
        [say(f"trend.col_{name}") for name in names],
        lines,
        title,
        [say("trend.note_signal"), say("trend.note_slope")],
    )
    said = [
        f"{row['first']} {_DASH} {row['last']}: {say('trend.col_centre').removeprefix('>').lower()} "
        f"{percent(row['centre'])}; {_direction(row)}"
        for row in series
    ]
    return [table, "\n".join(said)]
