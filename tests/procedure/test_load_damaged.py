"""What people and programs do to a filled-in workbook: read right, or a clear problem; never an answer lost."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from tests.builders.case_sheets import CaseSheet, case_sheets, fill_first
from tests.builders.workspaces import (
    LOADED_ON,
    SMALL_SETTINGS,
    copy_small_workspace,
    make_small_workspace,
    workbook_of,
)
from tilsyn.procedure.load import LoadOutcome, load_files
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

Change = Callable[[Workbook, CaseSheet], None]
Place = tuple[Workspace, Draw, Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a workspace whose first case is filled in, once."""
    root = tmp_path_factory.mktemp("made") / "workspace"
    workspace, _ = make_small_workspace(root, settings=SMALL_SETTINGS.replace("per_unit = 3", "per_unit = 1"))
    fill_first(workbook_of(workspace))
    return root


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Place:
    """Give a copy of it, and the workbook's path."""
    workspace, draw = copy_small_workspace(made, tmp_path / "workspace")
    return workspace, draw, workbook_of(workspace)


def answers_of(workspace: Workspace, draw: Draw) -> dict[str, tuple[str, str]]:
    table = workspace.ledger(draw).reviews.answers
    return {q: (a, r) for q, a, r in zip(table["question"], table["answer"], table["remark"], strict=True)}


@pytest.fixture(scope="module")
def undamaged(made: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Return the answers that an undamaged workbook gives."""
    workspace, draw = copy_small_workspace(made, tmp_path_factory.mktemp("undamaged") / "workspace")
    outcome = load_files(workspace, [workbook_of(workspace)], today=LOADED_ON)
    assert outcome.problems == []
    return answers_of(workspace, draw)


def load(place: Place, path: Path | None = None) -> LoadOutcome:
    return load_files(place[0], [path or place[2]], today=LOADED_ON)


def damage(path: Path, change: Change) -> None:
    book = load_workbook(path)
    change(book, case_sheets(book)[0])
    book.save(path)


def put(key: str, value: Any, role: str = "answer") -> Change:
    return lambda book, form: form.put(key, value, role)


def unmerge(form: CaseSheet) -> None:
    for area in list(form.sheet.merged_cells.ranges):
        form.sheet.unmerge_cells(str(area))


def insert_rows(book: Workbook, form: CaseSheet, at: int, n: int = 2) -> None:
    unmerge(form)
    form.sheet.insert_rows(at, n)


def insert_columns(book: Workbook, form: CaseSheet, at: int) -> None:
    unmerge(form)
    form.sheet.insert_cols(at)


def sort_backwards(book: Workbook, form: CaseSheet) -> None:
    unmerge(form)
    first, last = form.rows["UND-01"], form.rows["RSK-01"]
    block = [[cell.value for cell in row] for row in form.sheet.iter_rows(first, last)]
    for number, values in enumerate(reversed(block), start=first):
        for column, value in enumerate(values, start=1):
            form.sheet.cell(number, column).value = value


def own_column(marks: dict[str, str], heading: str = "Ja", clear: bool = True) -> Change:
    def change(book: Workbook, form: CaseSheet) -> None:
        column = form.sheet.max_column + 2
        form.sheet.cell(form.headings + 1, column).value = heading
        for question, mark in marks.items():
            form.sheet.cell(form.rows[question], column).value = mark
            if clear:
                form.put(question, None)

    return change


def copy_sheet(
    book: Workbook, form: CaseSheet, question: str | None = None, answer: str | None = None
) -> None:
    copied = CaseSheet(book.copy_worksheet(form.sheet))
    if question is not None:
        copied.put(question, answer)


def blank_copy(book: Workbook, form: CaseSheet) -> None:
    copied = CaseSheet(book.copy_worksheet(form.sheet))
    for key in copied.rows:
        for role in ("answer", "remark", "start", "end"):
            if key[3:4] == "-" or key.startswith("fact:"):
                copied.put(key, None, role)


def clear_formulas(book: Workbook, form: CaseSheet) -> None:
    for role in ("status", "derived", "skipped", "effective", "missing"):
        for question in form.questions:
            form.put(question, None, role)


def total_row(book: Workbook, form: CaseSheet) -> None:
    row = form.sheet.max_row + 1
    form.sheet.cell(row, form.columns["question"]).value = "I alt"
    form.sheet.cell(row, form.columns["answer"]).value = 33


def stray_blank(book: Workbook, form: CaseSheet) -> None:
    form.sheet.cell(500_000, 2).value = " "


def stray_format(book: Workbook, form: CaseSheet) -> None:
    form.sheet.cell(1048576, 16384).font = Font(bold=True)


def errors_elsewhere(book: Workbook, form: CaseSheet) -> None:
    cell = form.cell("UND-02", "status")
    cell.value, cell.data_type = "#N/A", "e"


def add_notes(book: Workbook, form: CaseSheet) -> None:
    sheet = book.create_sheet("Noter", 0)
    sheet["A1"] = "Husk mødet tirsdag"
    sheet["B7"] = "ja"


def remove(name: str) -> Change:
    return lambda book, form: book.remove(book[name])


def rename_sheet(book: Workbook, form: CaseSheet) -> None:
    form.sheet.title = "Min første sag"


def reorder(book: Workbook, form: CaseSheet) -> None:
    book._sheets.reverse()  # type: ignore[attr-defined]


def hide(book: Workbook, form: CaseSheet) -> None:
    form.sheet.sheet_state = "hidden"


def unprotect_and_scribble(book: Workbook, form: CaseSheet) -> None:
    form.sheet.protection.sheet = False
    form.sheet.cell(form.rows["UND-02"], form.sheet.max_column + 3).value = "drøftes"


def loose_remark(book: Workbook, form: CaseSheet) -> None:
    form.sheet.cell(form.sheet.max_row + 2, form.columns["remark"]).value = "Se også journalen"


def several(*changes: Change) -> Change:
    def change(book: Workbook, form: CaseSheet) -> None:
        for one in changes:
            one(book, form)

    return change


READS: dict[str, Change] = {
    "nothing": lambda book, form: None,
    "sheet renamed": rename_sheet,
    "sheets reordered": reorder,
    "index deleted": remove("Oversigt"),
    "guide deleted": remove("Vejledning"),
    "metadata deleted": remove("_tilsyn"),
    "a sheet of notes added": add_notes,
    "case sheet hidden": hide,
    "rows inserted on top": lambda book, form: insert_rows(book, form, 1),
    "rows inserted in the middle": lambda book, form: insert_rows(book, form, form.rows["BFU-02"]),
    "column inserted at the left": lambda book, form: insert_columns(book, form, 1),
    "column inserted in the middle": lambda book, form: insert_columns(book, form, 4),
    "question rows sorted": sort_backwards,
    "all formulas cleared": clear_formulas,
    "scribbles beside the table": unprotect_and_scribble,
    "a remark under the table": loose_remark,
    "error values in a column that is not read": errors_elsewhere,
    "blank in a row far down": stray_blank,
    "formatting in the last cell of the sheet": stray_format,
    "the same sheet twice": lambda book, form: copy_sheet(book, form),
    "an empty copy of the sheet": blank_copy,
    "capitals": put("UND-02", "JA"),
    "space after": put("UND-02", "Ja "),
    "no-break space": put("UND-02", "\u00a0ja\u00a0"),
    "invisible characters": put("UND-02", "\u200bja\ufeff"),
    "line break after": put("UND-02", "ja\n"),
    "full stop": put("UND-02", "Ja."),
    "one letter": put("UND-02", "j"),
    "English": several(put("UND-02", "Yes"), put("SAM-01", "no"), put("AFG-02", "No (lawful reason)")),
    "full-width letters": put("UND-02", "ＪＡ"),
    "a tick box": put("UND-02", True),
    "N/A as text": put("UND-05", "N/A"),
    "ir.": put("UND-05", "ir."),
    "i.r.": put("UND-05", "I.R."),
    "not relevant": put("UND-05", "Not relevant"),
    "nej, lovlig grund": put("AFG-02", "nej, lovlig grund"),
    "nej - lovlig grund": put("AFG-02", "Nej - lovlig grund"),
    "x in a yes column": own_column({"UND-02": "x", "BFU-01": "X"}),
    "check marks in a yes column": own_column({"UND-02": "✓"}),
    "ticked and written": own_column({"UND-02": "x"}, clear=False),
    "dates as Danish text": several(
        put("UND-01", "03-04-2018 10:00", "start"), put("UND-01", "3/4 2018 kl. 15.30", "end")
    ),
    "dates as ISO text": several(
        put("UND-01", "2018-04-03 10:00", "start"), put("UND-01", "2018-04-03T15:30", "end")
    ),
    "Danish and ISO mixed": several(
        put("UND-01", "03.04.2018 10.00", "start"), put("UND-01", "2018-04-03 15:30:00", "end")
    ),
    "dates as serial numbers": several(
        put("UND-01", 43193.416667, "start"), put("UND-01", 43193.645833, "end")
    ),
    "act date in words": put("act_date", "3. april 2018"),
    "question id in small letters": put("UND-02", " und-02 ", "question"),
    "question id with underscore": put("UND-02", "UND_02", "question"),
    "derived answer written too": put("UND-01", "ja"),
    "ikke relevant where it is derived": put("BFU-03", "ikke relevant"),
    "urgent box says no": put("akut", "nej"),
    "a total row": total_row,
}


@pytest.mark.parametrize("change", READS.values(), ids=READS.keys())
def test_harmless_changes_read_the_same(
    change: Change, place: Place, undamaged: dict[str, tuple[str, str]]
) -> None:
    damage(place[2], change)
    outcome = load(place)
    assert [p for p in outcome.problems if p.kind == "error"] == []
    assert answers_of(place[0], place[1]) == undamaged
    assert sum(file.complete for file in outcome.loaded) >= 1


def duplicate_question(book: Workbook, form: CaseSheet) -> None:
    row = form.sheet.max_row + 1
    for role, value in (("key", "question"), ("question", "UND-02"), ("answer", "nej"), ("remark", "Nej")):
        form.sheet.cell(row, form.columns.get(role, 1)).value = value


def loose_answer(book: Workbook, form: CaseSheet) -> None:
    form.sheet.cell(form.sheet.max_row + 1, form.columns["answer"]).value = "ja"


def error_value(key: str, role: str = "answer") -> Change:
    def change(book: Workbook, form: CaseSheet) -> None:
        cell = form.cell(key, role)
        cell.value, cell.data_type = "#N/A", "e"

    return change


def second_head(book: Workbook, form: CaseSheet) -> None:
    row = form.sheet.max_row + 1
    form.sheet.cell(row, 1).value = "act_date"
    form.sheet.cell(row, form.columns["head_left"]).value = date(2018, 5, 1)


def delete_row(key: str) -> Change:
    def change(book: Workbook, form: CaseSheet) -> None:
        unmerge(form)
        form.sheet.delete_rows(form.headings if key == "columns" else form.rows[key])

    return change


def delete_keys(book: Workbook, form: CaseSheet) -> None:
    unmerge(form)
    form.sheet.delete_cols(1)


def delete_mark(book: Workbook, form: CaseSheet) -> None:
    form.sheet["A1"] = None


CPR = "010158-5123"

# name: (change, key and role of the cell that is named, what is said)
REFUSED: dict[str, tuple[Change, tuple[str, str] | None, str]] = {
    "misspelt answer": (put("BFU-01", "jaa"), ("BFU-01", "answer"), "ligner »ja«"),
    "misspelt not relevant": (put("BFU-01", "ikke relevnt"), ("BFU-01", "answer"), "»ikke relevant«"),
    "unknown answer": (put("BFU-01", "måske"), ("BFU-01", "answer"), "ikke et svar på BFU-01"),
    "a doubt": (put("BFU-01", "ja?"), ("BFU-01", "answer"), "ligner »ja«"),
    "a reservation": (put("BFU-01", "ja, men for sent"), ("BFU-01", "answer"), "ligner »ja«"),
    "both": (put("BFU-01", "ja/nej"), ("BFU-01", "answer"), "ikke et svar"),
    "x in the answer cell": (put("BFU-01", "x"), ("BFU-01", "answer"), "ikke et svar"),
    "a number": (put("BFU-01", 1), ("BFU-01", "answer"), "ikke et svar"),
    "a dash": (put("BFU-01", "-"), ("BFU-01", "answer"), "ikke et svar"),
    "a grade for a legal question": (put("BFU-01", "høj grad"), ("BFU-01", "answer"), "ikke et svar"),
    "a date for an answer": (put("BFU-01", date(2018, 4, 3)), ("BFU-01", "answer"), "ikke et svar"),
    "nej without a remark": (put("DOK-02", None, "remark"), ("DOK-02", "remark"), "mangler en bemærkning"),
    "lawful nej without a remark": (
        put("AFG-02", None, "remark"),
        ("AFG-02", "remark"),
        "mangler en bemærkning",
    ),
    "a remark of spaces": (
        put("DOK-02", " \u00a0 ", "remark"),
        ("DOK-02", "remark"),
        "mangler en bemærkning",
    ),
    "derived nej without a remark": (
        put("UND-01", datetime(2018, 4, 6, 9, 0), "end"),
        ("UND-01", "remark"),
        "mangler en bemærkning",
    ),
    "#N/A in the answer": (error_value("BFU-01"), ("BFU-01", "answer"), "fejlværdi"),
    "#N/A in the remark": (error_value("DOK-02", "remark"), ("DOK-02", "remark"), "fejlværdi"),
    "#N/A in a date": (error_value("UND-01", "start"), ("UND-01", "start"), "fejlværdi"),
    "a formula never calculated": (
        put("BFU-01", '=IF(1,"ja","nej")'),
        ("BFU-01", "answer"),
        "aldrig er beregnet",
    ),
    "a day that does not exist": (put("UND-01", "31-02-2018", "start"), ("UND-01", "start"), "ikke en dato"),
    "an American date": (put("act_date", "04/13/2018"), ("act_date", "answer"), "ikke en dato"),
    "a date in words": (put("act_date", "i går"), ("act_date", "answer"), "ikke en dato"),
    "a number that is no date": (put("act_date", 12), ("act_date", "answer"), "ikke en dato"),
    "act in the future": (put("act_date", date(2018, 12, 1)), ("act_date", "answer"), "efter i dag"),
    "reviewed in the future": (
        put("reviewed_on", date(2081, 7, 10)),
        ("reviewed_on", "answer"),
        "efter i dag",
    ),
    "reviewed before the act": (
        put("reviewed_on", date(2018, 4, 1)),
        ("reviewed_on", "answer"),
        "handlingen er fra",
    ),
    "a question's date in the future": (
        put("UND-01", date(2019, 4, 3), "end"),
        ("UND-01", "end"),
        "efter i dag",
    ),
    "dates swapped": (put("UND-01", date(2018, 4, 1), "end"), ("UND-01", "end"), "før den første"),
    "an answer against the dates": (
        several(put("UND-01", "nej"), put("UND-01", "For sent", "remark")),
        ("UND-01", "answer"),
        "passer ikke med datoerne",
    ),
    "unknown question": (put("UND-02", "XYZ-77", "question"), ("UND-02", "question"), "ikke et spørgsmål"),
    "misspelt question": (put("UND-02", "UND-O2", "question"), ("UND-02", "question"), "ligner UND-02"),
    "a question twice": (duplicate_question, None, "besvaret to gange"),
    "an answer without a question": (loose_answer, None, "uden spørgsmålsnummer"),
    "the act's date twice": (second_head, None, "flere gange i arket"),
    "two ticks": (
        several(own_column({"UND-02": "x"}), own_column({"UND-02": "x"}, "Nej")),
        ("UND-02", "answer"),
        "flere svar",
    ),
    "tick against the answer": (
        own_column({"UND-02": "x"}, "Nej", clear=False),
        ("UND-02", "answer"),
        "flere svar",
    ),
    "a fact that is neither": (
        put("fact:anbringelse", "måske"),
        ("fact:anbringelse", "answer"),
        "hverken ja eller nej",
    ),
    "criticism off the scale": (
        put("criticism", "kritisabel"),
        ("criticism", "answer"),
        "ligner »kritisabelt«",
    ),
    "CPR number in a remark": (
        put("DOK-02", f"Mor {CPR} mangler", "remark"),
        ("DOK-02", "remark"),
        "01xxxx-xxxx",
    ),
    "CPR number without hyphen": (put("note", CPR.replace("-", "")), ("note", "answer"), "01xxxx-xxxx"),
    "CPR number in a number cell": (put("DOK-02", 101585123, "remark"), ("DOK-02", "remark"), "01xxxx-xxxx"),
    "CPR number in the answer cell": (put("BFU-01", CPR), ("BFU-01", "answer"), "01xxxx-xxxx"),
    "CPR number as reviewer": (put("reviewer", CPR), ("reviewer", "answer"), "01xxxx-xxxx"),
    "case not in the draw": (put("case_id", "9999-1"), ("case_id", "answer"), "er ikke i stikprøven"),
    "case misspelt": (put("case_id", "2018-OOO7"), ("case_id", "answer"), "er ikke i stikprøven"),
    "case id gone": (put("case_id", None), ("case_id", "answer"), "sagsnummeret mangler"),
    "case id as a long number": (put("case_id", 12345678901234567890), ("case_id", "answer"), "mistet cifre"),
    "another organisation": (
        put("draw_id", "andenby/2018-Q2/level-2"),
        ("case_id", "answer"),
        "anden organisation",
    ),
    "another draw": (put("draw_id", "testby/2019-Q2/level-2"), ("case_id", "answer"), "ikke findes her"),
    "the same case differently on two sheets": (
        lambda book, form: copy_sheet(book, form, "UND-02", "ikke relevant"),
        None,
        "men »ja« i",
    ),
    "first column deleted": (delete_keys, None, "mærket i den skjulte første kolonne"),
    "mark deleted": (delete_mark, None, "mærket i den skjulte første kolonne"),
    "row of columns deleted": (delete_row("columns"), None, "skjulte række"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_harmful_changes_are_named_and_nothing_is_loaded(name: str, place: Place) -> None:
    change, key, said = REFUSED[name]
    book = load_workbook(place[2])
    form = case_sheets(book)[0]
    sheet, cell = form.sheet.title, form.cell(*key).coordinate if key else None
    change(book, form)
    book.save(place[2])
    outcome = load(place)
    errors = [p for p in outcome.problems if p.kind == "error"]
    hits = [p for p in errors if said in p.found]
    assert hits, [p.found for p in errors]
    assert all(p.file == place[2].name and p.remedy for p in errors)
    assert hits[0].sheet is not None
    if cell is not None:
        assert cell in {p.cell for p in hits}
        assert hits[0].sheet == sheet
    assert not any(CPR in str(p) or CPR.replace("-", "") in str(p) for p in errors)
    assert outcome.loaded == []
    assert answers_of(place[0], place[1]) == {}


def rewrite_xml(path: Path, entry: str, pattern: str, new: str) -> None:
    other = path.with_suffix(".tmp")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as made:
        for item in old.infolist():
            data = old.read(item)
            if re.fullmatch(entry, item.filename):
                data, n = re.subn(pattern.encode(), new.encode(), data)
                assert n
            made.writestr(item, data)
    other.replace(path)


def test_a_wrong_dimension_tag_changes_nothing(place: Place, undamaged: dict[str, tuple[str, str]]) -> None:
    rewrite_xml(place[2], r"xl/worksheets/sheet\d+\.xml", r"<dimension [^>]*/>", '<dimension ref="A1:B3"/>')
    assert load(place).problems == []
    assert answers_of(place[0], place[1]) == undamaged


@pytest.mark.parametrize("name", ["Nord færdig.xlsx", "NORD.XLSX", "nord - Kopi (2).xlsx"])
def test_a_renamed_file_reads_the_same(
    name: str, place: Place, undamaged: dict[str, tuple[str, str]]
) -> None:
    path = place[2].rename(place[2].with_name(name))
    assert load(place, path).problems == []
    assert answers_of(place[0], place[1]) == undamaged


def test_case_sheets_copied_into_a_file_of_their_own(
    place: Place, undamaged: dict[str, tuple[str, str]]
) -> None:
    old = case_sheets(load_workbook(place[2]))[0].sheet
    book = Workbook()
    for row in old.iter_rows():
        for cell in row:
            if cell.value is not None:
                book.worksheets[0][cell.coordinate] = cell.value
    path = place[2].with_name("samlet.xlsx")
    book.save(path)
    assert load(place, path).problems == []
    assert answers_of(place[0], place[1]) == undamaged


def test_a_cell_out_of_reach_is_named_before_it_fills_the_memory(place: Place) -> None:
    def change(book: Workbook, form: CaseSheet) -> None:
        form.sheet.cell(1048576, 16384).value = "x"

    damage(place[2], change)
    (problem,) = load(place).problems
    assert problem.cell == "XFD1048576"
    assert "meget langt" in problem.found


def test_a_deleted_question_row_leaves_the_case_unfinished(place: Place) -> None:
    damage(place[2], delete_row("DOK-01"))
    outcome = load(place)
    (note,) = outcome.problems
    assert (note.kind, note.found[-6:]) == ("note", "DOK-01")
    assert outcome.loaded[0].complete == 0
    assert "DOK-01" not in answers_of(place[0], place[1])


@pytest.mark.parametrize(
    "change",
    [
        put("BFU-08", "nej", "remark"),
        put("BFU-08", "Nej", "status"),
        own_column({"BFU-08": "nej"}, "Mit svar"),
    ],
)
def test_an_answer_outside_its_column_is_told_where(change: Change, place: Place) -> None:
    damage(place[2], several(put("BFU-08", None), change))
    (note,) = load(place).problems
    assert re.search(r"BFU-08 \(men der står »[Nn]ej« [A-Z]+\d+ uden for svarkolonnen\)", note.found)


def test_answers_that_do_not_apply_are_told_in_one_note_for_the_case(place: Place) -> None:
    damage(place[2], several(put("BFU-03", "ja"), put("INV-03", "ja")))
    (note,) = load(place).problems
    assert note.found.endswith("ikke gælder: BFU-03, INV-03")


def test_an_answer_that_does_not_apply_is_told_and_kept(place: Place) -> None:
    damage(place[2], several(put("BFU-03", "nej"), put("BFU-03", "Ikke lavet", "remark")))
    (note,) = load(place).problems
    assert note.kind == "note"
    assert "tæller ikke" in note.found
    assert answers_of(place[0], place[1])["BFU-03"] == ("ikke relevant", "Ikke lavet")


def ole(path: Path) -> None:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])


def other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")


def without_sheets(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")


def broken_sheet(path: Path) -> None:
    rewrite_xml(path, r"xl/worksheets/sheet\d+\.xml", r"</row>", "</rov>")


def encrypted_ods(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", b"\x93\x01")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")


def foreign_workbook(path: Path) -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = "Budget 2018"
    book.save(path)


FILES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "empty": (lambda p: p.write_bytes(b""), "tom"),
    "only zeros": (lambda p: p.write_bytes(bytes(4096)), "tom"),
    "half copied": (truncate, "beskadiget"),
    "a renamed CSV": (lambda p: p.write_bytes("case_id;svar\n1;ja\n".encode("cp1252")), "tekstfil"),
    "a web page": (lambda p: p.write_text("<html><table><tr><td>ja</table>"), "webside"),
    "a PDF": (lambda p: p.write_bytes(b"%PDF-1.7\n%\xe2\xe3"), "PDF"),
    "another zip": (other_zip, "zip-arkiv"),
    "encrypted": (ole, "adgangskode"),
    "encrypted ods": (encrypted_ods, "adgangskode"),
    "an old Office file of another kind": (
        lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(2000)),
        "(.xls eller .xlsb)",
    ),
    "a picture": (lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9), "ikke et regneark"),
    "no sheets inside": (without_sheets, "beskadiget"),
    "a broken sheet": (broken_sheet, "beskadiget"),
    "another workbook": (foreign_workbook, "ingen sagsark"),
    "gone": (lambda p: p.unlink(), "findes ikke"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_workbook_says_what_it_is(name: str, place: Place) -> None:
    change, said = FILES[name]
    change(place[2])
    (problem,) = load(place).problems
    assert said in problem.found
    assert problem.remedy
    assert place[2].name in str(problem.file)


def test_a_lock_file_is_passed_over_with_a_note_named_or_not(place: Place) -> None:
    lock = place[2].with_name("~$nord.xlsx")
    lock.write_bytes(b"\x05JUR1" + bytes(160))
    for paths in ([lock], None):
        (problem,) = load_files(place[0], paths, today=LOADED_ON).problems
        assert (problem.file, problem.kind) == ("~$nord.xlsx", "note")
        assert "sprunget over" in problem.found


@pytest.fixture(scope="module")
def resaved(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save the workbook again with LibreOffice, in each format, once."""
    import subprocess

    target = tmp_path_factory.mktemp("resaved")
    source = made / "checklists/2018-Q2/level-2/nord.xlsx"
    profile = f"-env:UserInstallation=file://{target}/profile"
    for kind in ("xlsx", "ods", "xls"):
        (target / kind).mkdir()
        asked = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(target / kind),
            str(source),
        ]
        subprocess.run(asked, check=True, capture_output=True, timeout=180)
    return target


@pytest.mark.libreoffice
def test_the_old_format_is_refused_in_words(resaved: Path, place: Place) -> None:
    path = place[2].with_suffix(".xls")
    shutil.copy(resaved / "xls" / path.name, path)
    (problem,) = load(place, path).problems
    assert (problem.file, problem.kind) == ("nord.xls", "error")
    assert "gem som .xlsx" in problem.remedy


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_saved_again_by_libreoffice_reads_the_same(
    kind: str, resaved: Path, place: Place, undamaged: dict[str, tuple[str, str]]
) -> None:
    path = place[2].with_suffix(f".{kind}")
    shutil.copy(resaved / kind / path.name, path)
    outcome = load(place, path)
    assert outcome.problems == []
    assert outcome.loaded[0].complete == 1
    assert answers_of(place[0], place[1]) == undamaged
