"""The workbooks of a draw on disk, also of its stand-ins: made when missing, never overwritten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tilsyn.base import clock
from tilsyn.base.canonical import file_stem
from tilsyn.base.language import say
from tilsyn.base.problems import Refused, UsageError
from tilsyn.base.steps import counted
from tilsyn.formats import files
from tilsyn.formats.checklists.about import About
from tilsyn.formats.sample_csv import fact_heading, fact_text
from tilsyn.formats.spreadsheets import read_sheets
from tilsyn.reviews import layout
from tilsyn.reviews.checklist import Case, Part, checklist
from tilsyn.reviews.dealing import by_unit, dealt_round, reading_units
from tilsyn.reviews.proposals import proposals
from tilsyn.sampling.draw_record import DrawnCase
from tilsyn.settings.single import is_chosen
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

WORKBOOKS = (".xlsx", ".ods")


@dataclass(frozen=True)
class Made:
    """A workbook of a draw: where, how many cases, and whether it was made now."""

    path: Path
    cases: int
    new: bool


def make_workbooks(
    workspace: Workspace,
    draw: Draw,
    groups: int | None = None,
    only: Collection[str] | None = None,
) -> list[Made]:
    """Make the workbooks of a draw that are missing, and return all of them by name.

    `groups` of reviewers are as many as the plan says unless given; with `only`, it is about these alone.
    """
    from tilsyn.formats.checklists.writer import Press, workbook_bytes

    rows = draw.record.cases
    grouped = draw.record.plan.in_groups
    if groups is not None and (not grouped or draw.record.plan.readers):
        raise UsageError(
            say("checklist.groups_level", level=draw.level), say("checklist.groups_level_remedy")
        )
    folder = workspace.checklists_dir(draw.period, draw.level, draw.attempt)
    most = max(1, len(rows))
    # The plan's groups are for as many cases as it draws; of fewer there may be no more than them.
    chosen = groups if groups is not None else min(draw.record.plan.groups, most) if grouped else 1
    if grouped and not draw.record.plan.readers:
        if not 1 <= chosen <= most:
            values = {"groups": chosen, "n": len(rows)}
            raise UsageError(
                say("checklist.bad_groups", **values), say("checklist.bad_groups_remedy", **values)
            )
        _refuse_other_groups(folder, chosen)
    ready: list[tuple[Part, bytes]] = []
    while True:
        with workspace.locked():
            about = _about(workspace, draw, chosen)
            planned = [(about, part) for part in dealt(workspace, draw, chosen)]
            alone = replace(about, groups=1)
            planned += [(alone, part) for part in stand_ins(workspace, draw)]
            planned = [(about, part) for about, part in planned if only is None or part.name in only]
            made = [
                Made(path, len(part.cases), not path.exists())
                for _, part in planned
                if (path := folder / f"{part.name}.xlsx")
            ]
            missing = [where for where, item in zip(planned, made, strict=True) if item.new]
            if [part for part, _ in ready] == [part for _, part in missing]:
                files.write_all({folder / f"{part.name}.xlsx": data for part, data in ready})
                return made
        # It takes seconds, and others must be able to write meanwhile.
        press = Press()
        ready = [
            (part, workbook_bytes(about, part, press)) for about, part in counted(missing, "steps.workbooks")
        ]


def workbooks_there(workspace: Workspace, draw: Draw) -> list[Path]:
    """Return the workbooks that lie in a draw's folder, whatever they are named."""
    folder = workspace.checklists_dir(draw.period, draw.level, draw.attempt)
    return [
        path for path in folder.glob("*") if path.suffix.lower() in WORKBOOKS and path.name[0] not in "~."
    ]


def dealt(workspace: Workspace, draw: Draw, groups: int) -> list[Part]:
    """Return which cases go into which workbook of a draw, among so many `groups` where there are any."""
    record, plan = draw.record, draw.record.plan
    cases = _cases(workspace, draw, record.cases)
    if plan.in_groups:
        return dealt_round(cases, groups, plan.readers)
    if read_by := _read_by(draw):
        return by_unit(cases, read_by=read_by)
    departments = [str(case.facts.get("department") or "") for case in record.cases]
    return by_unit(cases, departments if plan.split == "caseworker" else ())


def _read_by(draw: Draw) -> dict[str, str]:
    """Return which unit reads the cases of each unit of a draw, where another one does."""
    record = draw.record
    if record.plan.reviewers != "another_unit":
        return {}
    units = [row.unit for row in record.strata] + [case.unit for case in record.cases]
    return reading_units(units, record.round or 1)


def prepare_stand_in(workspace: Workspace, draw: Draw, case_id: str) -> files.Prepared:
    """Prepare the workbook of a case of the reserve that stands in for one that cannot be reviewed.

    It is `<unit>-erstatning-<k>.xlsx`, k the first free number: no file is touched that may be open.
    """
    from tilsyn.formats.checklists.writer import Press, workbook_bytes

    case = _of_reserve(draw, case_id)
    folder = workspace.checklists_dir(draw.period, draw.level, draw.attempt)
    names = {path.stem for path in folder.glob("*.xlsx")}
    names |= {part.name for part in stand_ins(workspace, draw)}
    number = 1
    while (name := _stand_in_name(case.unit, number)) in names:
        number += 1
    part = _stand_in(workspace, draw, name, case)
    return files.prepare(folder / f"{name}.xlsx", workbook_bytes(_about(workspace, draw, 1), part, Press()))


def _stand_in_name(unit: str, number: int) -> str:
    return f"{file_stem(unit)}-erstatning-{number}"


def stand_ins(workspace: Workspace, draw: Draw) -> list[Part]:
    """Return the workbooks of the cases that stand in for others, as the ledger has them."""
    entries = [load for load in workspace.ledger(draw).entries if load.kind == "replacement"]
    counts: Counter[str] = Counter()
    found = []
    for load in entries:
        case = _of_reserve(draw, load.replacement)
        counts[case.unit] += 1
        # Entries of earlier versions do not name the file.
        name = load.workbook or _stand_in_name(case.unit, counts[case.unit])
        found.append(_stand_in(workspace, draw, name, case))
    replaced = {load.case_id for load in entries}
    return [part for part in found if part.cases[0].case_id not in replaced]


def _stand_in(workspace: Workspace, draw: Draw, name: str, case: DrawnCase) -> Part:
    title = say("checklist.replacement", unit=case.unit, number=name.rpartition("-")[2])
    readers = () if draw.record.plan.in_groups else (_read_by(draw).get(case.unit, case.unit),)
    return Part(name, title, tuple(_cases(workspace, draw, [case])), readers)


def _of_reserve(draw: Draw, case_id: str) -> DrawnCase:
    for case in draw.record.reserve:
        if case.case_id == case_id:
            return case
    raise Refused(say("checklist.not_reserve", case=case_id), say("checklist.not_reserve_remedy"))


def _about(workspace: Workspace, draw: Draw, groups: int) -> About:
    words = workspace.level_words(draw)
    return About(
        checklist=checklist(draw.question_set, words.roles, draw.period.end),
        draw_id=draw.draw_id,
        organisation=draw.record.organisation.name,
        period=draw.period,
        level=draw.level,
        level_label=words.label,
        working_days=workspace.working_days(draw),
        made_on=clock.today(),
        simulated=draw.record.simulated,
        blind=_blind(draw),
        second_reading=draw.record.plan.above is not None,
        groups=groups,
        chosen=is_chosen(draw.record.plan),
        anchor=workspace.log.state.anchor(),
        due=draw.reviews_due,
        send_to=workspace.settings.checklists.send_to,
    )


def _blind(draw: Draw) -> bool:
    return draw.record.plan.above is None or draw.record.plan.blind


def _cases(workspace: Workspace, draw: Draw, rows: Sequence[DrawnCase]) -> list[Case]:
    earlier = {} if _blind(draw) else _earlier(workspace, draw)
    return [
        Case(
            case.case_id,
            case.unit,
            _facts(case.facts),
            proposals(draw.question_set, case.facts) if draw.question_set.rules > 1 else {},
            earlier.get(case.case_id, {}),
        )
        for case in rows
    ]


def _columns(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return what the register knows by our names of its columns, as people write it."""
    return {name: fact_text(str(value)) for name, value in facts.items() if value not in (None, "")}


def _facts(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return what the register knows as `heading: value`; never the caseworker, who is not under review."""
    known = {name: value for name, value in _columns(facts).items() if name != "caseworker"}
    return {name: f"{fact_heading(name)}: {value}" for name, value in known.items()}


def _earlier(workspace: Workspace, draw: Draw) -> dict[str, dict[str, str]]:
    """Return what the level before answered, by case and question."""
    found: dict[str, dict[str, str]] = {}
    for before in workspace.draws.within(draw.record.plan.above or 0, draw.period):
        answers = workspace.ledger(before).reviews.finished.answers
        for case_id, question, answer in zip(
            answers["case_id"], answers["question"], answers["answer"], strict=True
        ):
            found.setdefault(case_id, {})[question] = answer
    return found


def _refuse_other_groups(folder: Path, groups: int) -> None:
    """Refuse to deal the cases out anew: a case would stand in two workbooks."""
    others = [path for path in sorted(folder.glob("gruppe-*.xlsx")) if _groups_of(path) not in (None, groups)]
    if others:
        message = say("checklist.groups_changed", files=", ".join(path.name for path in others))
        raise Refused(message, say("checklist.groups_changed_remedy"))


def _groups_of(path: Path) -> int | None:
    """Return for how many groups a workbook was made; None when it does not say."""
    for sheet in read_sheets(path, path.read_bytes()):
        if sheet.cells.get((0, 0)) == layout.METADATA_MARK:
            said = {row.get(0): str(row.get(1, "")) for row in sheet.rows().values()}
            number = said.get("groups", "")
            return int(number) if number.isdigit() else None
    return None
