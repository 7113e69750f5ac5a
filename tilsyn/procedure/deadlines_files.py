"""The workbooks of `tilsyn deadlines`."""

from __future__ import annotations

from pathlib import Path

from tilsyn.compliance.deadline_measurement import DeadlineMeasurement
from tilsyn.formats import files
from tilsyn.formats.reports.workbook import report_bytes
from tilsyn.reports.deadlines import internal_report
from tilsyn.reports.deadlines_public import public_report
from tilsyn.reports.worlds import Rule
from tilsyn.workspace.workspace import Workspace


def write_deadlines(workspace: Workspace, found: DeadlineMeasurement, folder: Path) -> list[Path]:
    """Write the workbook for the house and the one for everybody into a folder, both or none."""
    settings = workspace.settings
    rule = Rule(found.few, settings.privacy.withhold_up_to)
    house, public = (
        folder / f"deadlines-{found.period.canonical}-{edition}.xlsx" for edition in ("internal", "public")
    )
    contents = {
        house: report_bytes(internal_report(found, settings.organisation.name), _named(found)),
        public: report_bytes(public_report(found, settings.organisation.name, rule), ()),
    }
    files.write_all(contents, overwrite=True, private=[house])
    return list(contents)


def _named(found: DeadlineMeasurement) -> set[str]:
    """Return the cases that are named: the register was read by rules that let no CPR number be one."""
    differing = {case.case_id for one in found.readings for case in one.differing}
    quiet = {case.case_id for case in found.quiet_cases}
    return differing | quiet | {case.case_id for case in found.late}
