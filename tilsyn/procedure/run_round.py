"""What an unattended run does for a draw that is made: its checklists, its letters, its report."""

from __future__ import annotations

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.procedure.checklists import make_workbooks, workbooks_there
from tilsyn.procedure.due import Reviewing
from tilsyn.procedure.letters import write_letters
from tilsyn.procedure.report import EDITIONS, write_reports
from tilsyn.procedure.report_material import report_material
from tilsyn.procedure.run_job import Job, round_name
from tilsyn.procedure.run_rounds import ReportRound
from tilsyn.procedure.status_files import files_of_draw
from tilsyn.reports.missing import preliminary
from tilsyn.workspace.draws import Draw


def make_checklists(job: Job, draw: Draw, row: Reviewing) -> None:
    """Make the checklists of a draw that nothing has come from and that do not lie there."""
    if not row.missing:
        return
    there = {path.stem for path in workbooks_there(job.workspace, draw)}
    known = files_of_draw(job.workspace, draw)
    wanted = {file.name for file in known if file.state == "missing"} - there
    # What was reviewed without checklists gets none.
    if not wanted and (known or row.reviewed):
        return
    where = round_name(draw.level, draw.period)
    if job.dry_run:
        job.did("checklists", say("run.checklists_dry", where=where), draw.level, draw.period)
        return
    made = make_workbooks(job.workspace, draw, only=wanted or None)
    new = [one.path for one in made if one.new]
    if new:
        folder = new[0].parent.relative_to(job.workspace.root).as_posix()
        text = say("run.checklists", where=where, n=len(new), folder=folder)
        job.did("checklists", text, draw.level, draw.period)


def draft_letters(job: Job, draw: Draw, row: Reviewing) -> None:
    """Draft the letters that the checklists go out with, and once the deadline has passed, reminders."""
    late = job.today > row.due
    kind = "reminder" if late else "first"
    before = job.memory.letters_to(draw.draw_id, kind)
    if not late and before is not None:
        return
    wanted = ("missing", "unfinished", "faulty") if late else ("missing",)
    files = files_of_draw(job.workspace, draw) if row.missing else []
    to = sorted(f"{file.name}: {file.state}" for file in files if file.state in wanted)
    if to == (before or []):
        return
    where = round_name(draw.level, draw.period)
    if job.dry_run:
        text = say(f"run.letters_{kind}_dry", where=where, n=len(to))
        job.did("letters", text, draw.level, draw.period)
        return
    drafts = write_letters(job.workspace, draw, job.today, reminder=late)
    job.memory.remember_letters(draw.draw_id, kind, to)
    if not to:
        # All has come: the reminders that were not sent made way.
        return
    folder = drafts.folder.relative_to(job.workspace.root).as_posix()
    values = {"where": where, "n": len(drafts.letters), "folder": folder, "due": date_text(row.due)}
    text = say(f"run.letters_{kind}", **values)
    if lacking := drafts.without_contact:
        text += say("run.no_contact", names=", ".join(letter.title for letter in lacking))
        job.note(say("run.no_contact_remedy", line=say("letters.contact_line", name=lacking[0].title)))
    job.did("letters", text, draw.level, draw.period)


def write_report(job: Job, report: ReportRound) -> None:
    """Write a report where something it rests on came after the last one."""
    level, period = report.level, report.period
    if max(report.reported, job.memory.unchanged_at(level, period)) > report.newest:
        return
    where = round_name(level, period)
    if job.dry_run:
        job.did("report", say("run.report_dry", where=where), level, period)
        return
    material, draws, told = report_material(job.workspace, level, period.canonical)
    written = write_reports(job.workspace, material, draws, EDITIONS)
    new = [one for one in written if one.state == "written"]
    if not new:
        job.memory.remember_report(level, period)
        return
    files = ", ".join(one.name for one in new)
    unfinished = preliminary(material.analysis.units)
    written_anew = [one.note for one in new if one.note]
    text = " ".join(filter(None, [say("run.report", where=where, files=files), unfinished, *written_anew]))
    job.did("report", text, level, period)
    for note in told:
        job.note(f"{where}: {note}")
