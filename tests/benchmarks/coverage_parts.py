"""Tables of docs/coverage.md: rows over several questions, pairs of samples, caseworkers, series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean

from tests.benchmarks.pooled_study import PooledCell
from tests.benchmarks.practice_study import ClusterRow, MonotoneRow, SeriesRow


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; headings that begin with `>` are right-aligned."""
    marks = ["---:" if heading.startswith(">") else "---" for heading in headings]
    lines = [[heading.removeprefix(">") for heading in headings], marks, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


_SIDES = [">mean before", ">now", ">lowest before", ">now", ">width before", ">now"]


def pooled_result(cells: Sequence[PooledCell]) -> str:
    """The sentence on all required cells."""
    lowest = min(cells, key=lambda cell: cell.now)
    where = f"{lowest.design}, {lowest.family}, {lowest.questions} questions"
    mean = fmean(cell.now for cell in cells)
    return f"**Result: {len(cells)} cells, mean coverage {mean:.3f}, lowest {lowest.now:.3f}** ({where})."


def pooled_designs_part(cells: Sequence[PooledCell]) -> str:
    """By what is read and how many questions there are."""
    keys = dict.fromkeys((cell.design, cell.questions) for cell in cells)
    return table(
        ["design", ">questions", *_SIDES],
        [
            [
                design,
                str(questions),
                *_both([c for c in cells if (c.design, c.questions) == (design, questions)]),
            ]
            for design, questions in keys
        ],
    )


def pooled_families_part(cells: Sequence[PooledCell]) -> str:
    """By population."""
    families = dict.fromkeys(cell.family for cell in cells)
    return table(
        ["population", *_SIDES],
        [[family, *_both([c for c in cells if c.family == family])] for family in families],
    )


def _both(cells: Sequence[PooledCell]) -> list[str]:
    before, now = [c.before for c in cells], [c.now for c in cells]
    widths = [c.width_before for c in cells], [c.width for c in cells]
    shares = fmean(before), fmean(now), min(before), min(now)
    return [*(f"{value:.3f}" for value in shares), *(f"{100 * fmean(side):.1f}" for side in widths)]


def pooled_grid_part(cells: Sequence[PooledCell]) -> str:
    """Every population, a column per design and number of questions."""
    columns = list(dict.fromkeys((cell.design, cell.questions) for cell in cells))
    found = {(c.family, c.design, c.questions): f"{c.before:.3f}, {c.now:.3f}" for c in cells}
    return table(
        ["population", *(f">{design}, {questions}" for design, questions in columns)],
        [
            [family, *(found.get((family, *column), "") for column in columns)]
            for family in dict.fromkeys(cell.family for cell in cells)
        ],
    )


def _plain(cell: PooledCell) -> list[str]:
    widths = [f"{100 * width:.1f}" for width in (cell.width_before, cell.width)]
    return [f"{cell.truth:.3f}", f"{cell.before:.3f}", f"{cell.now:.3f}", *widths]


def pooled_limit_part(cells: Sequence[PooledCell]) -> str:
    """What the interval cannot see, cell by cell."""
    return table(
        ["design", "population", ">questions", ">truth", ">before", ">now", ">width before", ">now"],
        [[c.design, c.family, str(c.questions or ""), *_plain(c)] for c in cells],
    )


def pooled_changes_part(cells: Sequence[PooledCell]) -> str:
    """Changes of rows over several questions."""
    return table(
        ["population", ">questions", ">pairs", ">share", ">before", ">now", ">width before", ">now"],
        [[c.family, str(c.questions), f"{c.runs:,}", *_plain(c)] for c in cells],
    )


def monotone_part(rows: Sequence[MonotoneRow]) -> str:
    """Pairs of samples that differ by one failure."""
    return table(
        ["design", ">pairs", ">lower limit raised", ">by at most, points"],
        [[row.design, f"{row.pairs:,}", str(row.raised), f"{100 * row.most:.2f}"] for row in rows],
    )


def clusters_part(rows: Sequence[ClusterRow]) -> str:
    """A row per intra-class correlation and number of cases."""
    return table(
        [">ICC", ">cases a caseworker", ">share", ">error of the test", ">coverage of the level"],
        [
            [f"{row.icc:g}", str(row.cases_each), f"{row.share:g}", f"{row.error:.3f}", f"{row.coverage:.3f}"]
            for row in rows
        ],
    )


def series_part(rows: Sequence[SeriesRow]) -> str:
    """Twelve rounds: plain and confirmed verdicts."""
    stable = [
        [row.design, *(f"{100 * v:.1f} %" for v in (row.one, row.one_confirmed, row.any, row.any_confirmed))]
        for row in rows
        if row.fall == 0
    ]
    fallen = [
        [row.design, f"{row.fall:.0%}", f"{100 * row.one:.1f} %", f"{100 * row.one_confirmed:.1f} %"]
        for row in rows
        if row.fall
    ]
    nothing = table(
        [
            "nothing changed",
            ">tables with a verdict",
            ">with a confirmed one",
            ">series with one",
            ">with a confirmed one",
        ],
        stable,
    )
    found = table(["design", ">fall", ">falls found in a round", ">confirmed"], fallen)
    return f"{nothing}\n\n{found}"
