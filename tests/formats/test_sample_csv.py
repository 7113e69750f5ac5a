"""The list for people: what Excel makes of it, and its order."""

import csv
import io
from datetime import date

import pytest

from tests.builders.workspaces import make_workspace
from tilsyn.base import clock, language
from tilsyn.base.periods import Period
from tilsyn.formats.sample_csv import excel_text, sample_csv
from tilsyn.procedure.draw import make_draw


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2015-0022778", "2015-0022778"),
        ("Brønshøj; Husum", "Brønshøj; Husum"),
        ("0012345", '="0012345"'),
        ("123456789012", '="123456789012"'),
        ("12345678901", "12345678901"),
        ("2018-05", '="2018-05"'),
        ("1/2", '="1/2"'),
        ("1E5", '="1E5"'),
        ('=HYPERLINK("x")', '="=HYPERLINK(""x"")"'),
        ("+45", '="+45"'),
        ("-1", '="-1"'),
        ("@sum", '="@sum"'),
    ],
)
def test_excel_shows_an_id_as_it_is(text, shown):
    assert excel_text(text) == shown


def test_the_list_follows_the_order_of_the_tickets_in_each_stratum(tmp_path):
    clock.set_today(date(2018, 7, 3))
    record = make_draw(make_workspace(tmp_path), 2, Period.parse("2018-Q2")).draw.record
    rows = list(csv.DictReader(io.StringIO(sample_csv(record)), delimiter=";"))
    assert [int(row["Nr."]) for row in rows] == [*range(1, 9), *range(1, 6), *range(1, 9), *range(1, 9)]
    assert {row["Klage"] for row in rows} <= {"Ja", "Nej"}
    with language.using("en"):
        text = sample_csv(record)
    assert text.startswith("Unit,Stratum,No.,Drawn as,Case number,Opened,Closed,Complaint,Ticket")
    english = list(csv.DictReader(io.StringIO(text)))
    assert [row["Case number"] for row in english] == [row["Sagsnummer"] for row in rows]
    assert (rows[0]["Oprettet"], english[0]["Opened"]) == ("03-01-2018", "2018-01-03")
