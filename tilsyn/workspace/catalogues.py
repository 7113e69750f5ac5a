"""Catalogue files: read with the line of every fault, written so that a person can maintain them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem
from tilsyn.base.toml_files import BadToml, Location, key_lines, line_of, read_toml
from tilsyn.base.toml_tables import Fault, keys, told
from tilsyn.questions.approval import needs_lawyer
from tilsyn.questions.outcomes import CaseOutcome
from tilsyn.questions.question_set import Catalogue, QuestionSet, merged
from tilsyn.questions.record_tables import SECTIONS, CatalogueRecord
from tilsyn.questions.records import read
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.single import SinglePlan
from tilsyn.workspace.workspace import SETTINGS_NAME, Workspace


def packaged_folder() -> Path:
    """Return the folder of the catalogues that come with tilsyn: in the wheel, or beside the source."""
    package = Path(str(files("tilsyn")))
    inside = package / "_checklists"
    return inside if inside.is_dir() else package.parent / "checklists"


def packaged() -> list[Path]:
    """Return the catalogue files that come with tilsyn, by name."""
    return sorted(packaged_folder().glob("*.toml"))


def read_catalogue(path: Path) -> Catalogue:
    """Read a catalogue, or tell every fault at its line."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError([_problem(path, 1, "not_utf8")]) from None
    except FileNotFoundError:
        raise InputError([_problem(path, None, "no_file")]) from None
    return catalogue_from(text, path)


@lru_cache(maxsize=64)
def catalogue_from(text: str, path: Path) -> Catalogue:
    """Make a catalogue of a file's text; `path` is named in the problems."""
    try:
        data = read_toml(text)
    except BadToml as error:
        raise InputError([_problem(path, error.line, "not_toml", error=error.reason)]) from None
    catalogue, faults = read(data)
    if catalogue is None:
        lines = key_lines(text)
        raise InputError(_located(fault, lines, path) for fault in faults)
    return catalogue


def _problem(path: Path, line: int | None, key: str, **values: Any) -> Problem:
    return Problem(*told(f"catalogue.{key}", **values), file=path.name, row=line)


def _located(fault: Fault, lines: dict[Location, int], path: Path) -> Problem:
    match fault.location:
        case (str(section),) if section in SECTIONS:
            column = f"[[{section}]] 1"
        case (section, int(number)):
            column = f"[[{section}]] {number + 1}"
        case _:
            column = str(fault.location[-1])
    row = line_of(fault.location, lines) or 1
    return Problem(fault.found, fault.remedy, file=path.name, row=row, column=column)


def find_catalogue(folder: Path, name: str) -> Path | None:
    """Return a catalogue's file: the workspace's own before the one that comes with tilsyn."""
    for place in (folder, packaged_folder()):
        if (path := place / f"{name}.toml").is_file():
            return path
    return None


def question_set(workspace: Workspace, plan: LevelPlan, period: Period) -> QuestionSet:
    """Build the question set of a level; every catalogue that is missing or has faults is told at once."""
    problems: list[Problem] = []
    catalogues: list[Catalogue] = []
    for name in plan.question_set:
        path = find_catalogue(workspace.catalogues_dir, name)
        if path is None:
            known = sorted({p.stem for p in (*workspace.catalogues_dir.glob("*.toml"), *packaged())})
            values = {"name": name, "level": plan.level, "period": period.label(), "known": ", ".join(known)}
            found, remedy = say("catalogue.not_there", **values), say("catalogue.not_there_remedy", **values)
            problems.append(Problem(found, remedy, file=f"checklists/{name}.toml"))
            continue
        try:
            catalogues.append(read_catalogue(path))
        except InputError as error:
            problems += error.problems
    problems += _rules_that_differ(catalogues)
    if problems:
        raise InputError(problems)
    asked = merged(catalogues).of_scope(plan.questions)
    return asked.of_questions(plan.only) if isinstance(plan, SinglePlan) and plan.only else asked


def _rules_that_differ(catalogues: Sequence[Catalogue]) -> Iterator[Problem]:
    """Yield the outcomes that two catalogues have by one id and by different rules."""
    first: dict[str, tuple[CaseOutcome, str]] = {}
    for catalogue in catalogues:
        for outcome in catalogue.outcomes:
            known, name = first.setdefault(outcome.name, (outcome, catalogue.name))
            if not outcome.same_rule(known):
                found, remedy = told("catalogue.outcome_twice", value=outcome.name, other=name)
                yield Problem(found, remedy, file=f"checklists/{catalogue.name}.toml")


def settings_files(workspace: Workspace, plan: LevelPlan) -> list[Path]:
    """Return the workspace's own files that a level is drawn and judged by."""
    own = [workspace.catalogues_dir / f"{name}.toml" for name in plan.question_set]
    return [workspace.root / SETTINGS_NAME, *(path for path in own if path.is_file())]


def law_to_check(catalogues: Sequence[Catalogue]) -> tuple[int, int]:
    """Count the questions whose paragraph still needs a lawyer's check, and all legal ones.

    Each counts once in each law, as it reads newest.
    """
    newest = {(c.name, q.question_id): q for c in catalogues for q in c.questions if q.kind == "legal"}
    return sum(map(needs_lawyer, newest.values())), len(newest)


def as_toml(data: Mapping[str, Any], comment: str = "") -> str:
    """Write plain records as TOML: a field a line, in the order of the fields, empty ones left out."""
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    lines += _fields(data, [key for key in keys(CatalogueRecord) if key not in SECTIONS])
    for section, model in SECTIONS.items():
        for record in data.get(section, []):
            lines += ["", f"[[{section}]]", *_fields(record, keys(model))]
    return "\n".join(lines) + "\n"


def _fields(record: Mapping[str, Any], fields: Sequence[str]) -> list[str]:
    return [f"{key} = {_value(record[key])}" for key in fields if record.get(key) not in (None, "", [], ())]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\u{ord(c):04X}" if ord(c) < 32 or ord(c) == 127 else c for c in text) + '"'
