"""What each column holds as a whole: how much is empty, what looks different from most, the commonest values."""

from __future__ import annotations

from datetime import date

import pytest

from tests.sampling.test_frame import HEADINGS, examine
from tilsyn.sampling.frame_columns import ColumnReport

REGISTER = (
    "2018-1;Amager;AMA1;Anbringelse;01-02-2018;;31-12-9999",
    "2018-2;amager;AMA2;Anbringelse;02-02-2018;;01-05-2018",
    "2018-3;Valby;;om 010160-5123;02-02-2018;;1. maj 2018",
    "2018-4;Vanløse;vær7;Klage;2018-03-01;ukendt;",
    "0101605123;Vigerslev;VI-1;;;;",
    "I alt;5;;;;;",
)
# Each column: of five rows so many are empty and so many look different, as the example does.
COLUMNS = {
    "case_id": ColumnReport("case_id", "Sagsnr", 5, 0, 1, "01xxxx-xxxx"),
    "unit": ColumnReport(
        "unit", "Enhed", 5, 0, commonest=(("Amager", 2), ("Valby", 1), ("Vanløse", 1))
    ),
    "caseworker": ColumnReport(
        "caseworker", "Sagsbehandler", 5, 1, 1, "VI-1", commonest=(("AMA1", 1), ("AMA2", 1), ("VI-1", 1))
    ),
    "case_type": ColumnReport(
        "case_type", "Sagstype", 5, 1, commonest=(("Anbringelse", 2), ("Klage", 1), ("om 01xxxx-xxxx", 1))
    ),
    "opened": ColumnReport(
        "opened", "Oprettet", 5, 1, 1, "2018-03-01", date(2018, 2, 1), date(2018, 3, 1),
        (("02-02-2018", 2), ("01-02-2018", 1), ("2018-03-01", 1)),
    ),
    "decided": ColumnReport("decided", "Afgjort", 5, 4, 0, commonest=(("ukendt", 1),)),
    "closed": ColumnReport(
        "closed", "Lukket", 5, 2, 1, "1. maj 2018", date(2018, 5, 1), date(9999, 12, 31),
        (("01-05-2018", 1), ("1. maj 2018", 1), ("31-12-9999", 1)),
    ),
}  # fmt: skip


def test_every_column_is_reported_in_the_order_of_the_mapping() -> None:
    assert {report.column: report for report in examine(*REGISTER).examination.columns()} == COLUMNS
    assert list(COLUMNS) == list(HEADINGS)


@pytest.mark.parametrize(
    ("ids", "different", "example"),
    [
        # Runs of digits and of letters are alike however long; every other character counts.
        (["A1", "BC23", "æøå456", "é7"], 0, None),
        (["1-2", "10-20", "1/2"], 1, "1/2"),
        (["1.2", "3.4", "1x2"], 1, "1x2"),
        (["1_2", "3_4", "12"], 1, "12"),
        (["A\n1", "A\n2", "A3"], 1, "A3"),
    ],
)
def test_what_looks_different_from_most(ids: list[str], different: int, example: str | None) -> None:
    report = examine(*(f"{case};Amager;A1;A;;;" for case in ids)).examination.columns()[0]
    assert (report.n, report.empty, report.different, report.example) == (len(ids), 0, different, example)


def test_an_empty_column_looks_no_different() -> None:
    reports = {report.column: report for report in examine("1;Amager;;A;;;").examination.columns()}
    assert reports["caseworker"] == ColumnReport("caseworker", "Sagsbehandler", 1, 1, 0)
