"""An id that the register's check accepts is drawn, stands in its workbook and is loaded to the same case."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.builders.case_sheets import CaseSheet
from tests.builders.workspaces import DRAWN_ON, LOADED_ON, Q2, SMALL_HEADINGS, SMALL_SETTINGS
from tests.write_snapshots import CATALOGUE
from tilsyn.base import clock
from tilsyn.base.canonical import canonical_id, deceptive, has_forbidden
from tilsyn.base.cpr import looks_like_cpr
from tilsyn.procedure.check import examine_register
from tilsyn.procedure.checklists import make_workbooks
from tilsyn.procedure.draw import DrawRequest, make_draw
from tilsyn.procedure.load import load_files
from tilsyn.procedure.verify import first_difference_of
from tilsyn.workspace.workspace import Workspace

# All of Unicode but the halves of a character, which no file can hold, and NUL, for which a register is refused whole.
ANYTHING = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
TRICKY = st.text(
    st.sampled_from(
        list(
            "aA1-_x000D_ '\"=+@<>&;#%[]\u00c5\u030a\u00e9\u0301\u200b\u00a0\u2003\u00df\u0130\ufffd\U0001f600\ufb01"
        )
    ),
    min_size=1,
    max_size=12,
)
SETTINGS = SMALL_SETTINGS.replace("per_unit = 3", "per_unit = 30").replace('["serviceloven"]', '"proeve"')


@example(
    ["_x000D_", "_x005F_x0041_", "=1+1", "'123", "00123", "1e5", "TRUE", "2018-05-01", "#N/A", "-", "\ufffd"]
)
@example(
    ["A\u030a", "\u00c5", "A", "a", "\u200b", "\u00a0 ", "1\u200b", "1", "\ufb01", "\U0001f600\U0001f601"]
)
@example(["\u00a0'0", '\u00a0="1"', "\u2003'2", "2\u00a0"])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ANYTHING | TRICKY, min_size=1, max_size=12, unique=True))
def test_from_the_register_to_the_ledger(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _all_the_way(Path(folder), texts)


def _all_the_way(root: Path, texts: list[str]) -> None:
    clock.set_today(DRAWN_ON)
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    rows = [f"{text};Nord;" for text in [*quoted, "fast-1"]]
    (root / "tilsyn.toml").write_text(SETTINGS, "utf-8")
    (root / "checklists").mkdir()
    (root / "checklists" / "proeve.toml").write_text(CATALOGUE, "utf-8")
    (root / "sagsliste.csv").write_bytes("\r\n".join([SMALL_HEADINGS, *rows, ""]).encode("utf-8"))
    workspace = Workspace.open(root)
    examined = examine_register(workspace, Q2, 2, None)
    told = {problem.row for problem in examined.every_problem()}
    accepted = {row[0] for row in examined.report.cases.project("case_id").fetchall()}
    for number, text in enumerate(texts, start=2):
        canonical = canonical_id(text)
        wrong = (
            not canonical
            or has_forbidden(canonical)
            or bool(deceptive(canonical))
            or looks_like_cpr(canonical)
        )
        if canonical not in accepted:
            assert number in told
        else:
            assert not wrong
    draw = make_draw(workspace, 2, Q2, DrawRequest(leave_out_errors=True, at_most=1, reason="prøve")).draw
    assert {case.case_id for case in draw.record.cases} == accepted
    made = make_workbooks(workspace, draw)
    clock.set_today(LOADED_ON)
    for workbook in made:
        book = load_workbook(workbook.path)
        for sheet in book.worksheets:
            if any(cell.value == "case_id" for row in sheet.iter_rows(max_col=1) for cell in row):
                case = CaseSheet(sheet)
                case.put("note", "set")
                case.put("DOK-01", "ja")
        book.save(workbook.path)
    outcome = load_files(workspace, None, today=LOADED_ON)
    assert [problem for problem in outcome.problems if problem.kind == "error"] == []
    said = {review.case_id for entry in workspace.ledger(draw).entries for review in entry.cases}
    assert said == accepted
    tidy = root / "svar.csv"
    table = "".join(f'"{case.replace(chr(34), chr(34) * 2)}";DOK-01;ja;set\n' for case in sorted(accepted))
    tidy.write_text(f"sagsnummer;spørgsmål;svar;bemærkning\n{table}", "utf-8")
    outcome = load_files(workspace, [tidy], today=LOADED_ON, draw=draw)
    assert [problem for problem in outcome.problems if problem.kind == "error"] == []
    assert outcome.loaded[0].cases == len(accepted)
    assert first_difference_of(Workspace.open(root), draw, register=root / "sagsliste.csv") is None
