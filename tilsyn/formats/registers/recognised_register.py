"""A register file whose headings are not known yet: what its columns are, and how its rows are written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tilsyn.base.canonical import canonical_id, same_name
from tilsyn.base.cpr import looks_like_cpr, mask
from tilsyn.base.database import memory_database
from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem, UsageError
from tilsyn.base.spelling import nearest
from tilsyn.formats.registers.column_profiles import Profile, month_stands_first, profiles
from tilsyn.formats.registers.csv_shape import find_shape
from tilsyn.formats.registers.opening import kind_of, read_register
from tilsyn.formats.registers.recognition import Recognised, named, personal, recognise
from tilsyn.formats.registers.sheet_rows import headed_sheets
from tilsyn.formats.registers.table import RegisterTable
from tilsyn.formats.registers.typed_cells import parquet_columns
from tilsyn.settings.schema import DATE_COLUMNS, Register

# So many of the cases have rows that differ where a register has a row per measure; fewer are faults in it.
SEVERAL_ROWS = 0.1


@dataclass(frozen=True)
class RecognisedRegister:
    """What a register was recognised as; `n_cases` is None where its cases cannot be told apart yet."""

    found: Recognised
    n_rows: int
    n_cases: int | None = None
    per_measure: bool = False
    month_first: bool = False


def read_headings(path: Path) -> list[str]:
    """Return the headings of a register file; refused where a person's data stand there."""
    kind = kind_of(path)
    if kind == "csv":
        headings = find_shape(path, Register(), _worth).headings
    elif kind == "parquet":
        headings = list(parquet_columns(memory_database(), path))
    else:
        headings = headed_sheets(path, path.read_bytes(), None, _worth)[0].headings
    filled = [heading.strip() for heading in headings if heading.strip()]
    data_there = any(looks_like_cpr(heading) for heading in filled)
    if data_there or (not named(filled) and any(heading.isdigit() for heading in filled)):
        raise InputError([Problem(say("init.no_headings"), say("init.no_headings_remedy"), file=path.name)])
    return [canonical_id(heading) for heading in filled]


def given_headings(wanted: Mapping[str, str], headings: Sequence[str]) -> dict[str, str]:
    """Return columns to headings as the register spells them; UsageError at one that it lacks."""
    there = {same_name(heading): heading for heading in headings}
    for name, heading in wanted.items():
        if same_name(heading) not in there:
            shown = [mask(heading) for heading in headings]
            near = nearest(heading, shown)
            found = say("map.no_heading", heading=mask(heading), name=name)
            remedy = say("map.no_heading_remedy", there=", ".join(shown))
            raise UsageError(
                found, f"{say('register.heading_nearest', nearest=near)} {remedy}" if near else remedy
            )
    return {name: there[same_name(heading)] for name, heading in wanted.items()}


def recognise_register(
    path: Path, given: Mapping[str, str] | None = None, without: Collection[str] = ()
) -> RecognisedRegister:
    """Recognise a register file by its headings and by what the columns hold that name no person."""
    headings = read_headings(path)
    given = given_headings(given or {}, headings)
    once = [
        heading for heading in headings if [same_name(h) for h in headings].count(same_name(heading)) == 1
    ]
    wanted = [heading for heading in once if heading in given.values() or not personal(heading)]
    if not wanted:
        return RecognisedRegister(recognise(headings, without=without), 0)
    places = {f"heading_{place}": heading for place, heading in enumerate(wanted)}
    try:
        table = read_register(Register(columns=places), path)
    except InputError:
        # A cell that cannot be read in a column that nobody needs is no hindrance.
        found = recognise(headings, given=given, without=without)
        needed = {f"heading_{place}": heading for place, heading in enumerate(found.columns.values())}
        if not needed:
            raise
        places, table = needed, read_register(Register(columns=needed), path)
    held = _profiles(table, places)
    found = recognise(headings, held, given, without)
    n_rows, n_cases, several = _cases(table.relation, places, found.columns.get("case_id"))
    dates = [found.columns[column] for column in DATE_COLUMNS if column in found.columns]
    per_measure = n_cases is not None and several >= max(2, SEVERAL_ROWS * n_cases)
    return RecognisedRegister(found, n_rows, n_cases, per_measure, month_stands_first(held, dates))


def _profiles(table: RegisterTable, places: Mapping[str, str]) -> dict[str, Profile]:
    held = profiles(table.relation, list(places), table.number_columns if table.origin.kind != "csv" else ())
    return {places[column]: profile for column, profile in held.items()}


def _cases(
    table: duckdb.DuckDBPyRelation, places: Mapping[str, str], case_id: str | None
) -> tuple[int, int | None, int]:
    """Return the rows, the cases, and how many of these have rows that are not alike."""
    at = next((column for column, heading in places.items() if heading == case_id), None)
    if at is None:
        return len(table), None, 0
    others = ", ".join(f'"{column}"' for column in places)
    counts = table.query(
        "counted",
        f"""SELECT sum(n), count(*), count(*) FILTER (different > 1) FROM (
            SELECT count(*) AS n, count(DISTINCT row({others})) AS different FROM counted
            GROUP BY trim("{at}"))""",
    ).fetchone()
    assert counts is not None
    return int(counts[0]), int(counts[1]), int(counts[2])


def _worth(cells: Sequence[str]) -> int:
    """Return how many of our columns a row's cells name."""
    return len(named(cells))
