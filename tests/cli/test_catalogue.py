"""`tilsyn catalogue`."""

from __future__ import annotations

import errno
import os

import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import make_workspace
from tests.formats.test_catalogue_sheets import GOOD, sheet
from tilsyn.workspace import lock
from tilsyn.workspace.catalogues import packaged_folder, read_catalogue
from tilsyn.workspace.leftovers import leftovers

CATALOGUE = packaged_folder() / "barnets-lov.toml"


def test_a_good_catalogue_is_said_to_be_good(tilsyn: CommandLine) -> None:
    assert tilsyn("catalogue validate", CATALOGUE).out == (
        "barnets-lov.toml: 67 spørgsmål, ingen fejl\n28 af 65 paragraffer skal efterses af en jurist\n"
    )


def test_every_fault_of_a_bad_one_is_told_with_its_line(tilsyn: CommandLine) -> None:
    text = CATALOGUE.read_text("utf-8").replace('id = "UND-02"', 'id = "UND 02"')
    text = text.replace('condition = "BFU-02 = nej"', 'condition = "BFU-99 = nej"')
    ended = tilsyn("catalogue validate eget.toml --format json", files={"eget.toml": text}, code=3)
    lines = text.splitlines()
    told = ended.json["problems"]
    assert [lines[p["row"] - 1] for p in told] == ['id = "UND 02"', 'condition = "BFU-99 = nej"']
    assert ended.err.count("Fejl:") == 2


def test_a_spreadsheet_becomes_a_catalogue(tilsyn: CommandLine) -> None:
    sheet(tilsyn.root / "spørgsmål.xlsx", GOOD)
    command = "catalogue import spørgsmål.xlsx --to checklists/eget.toml --acts-from 2024-01-01"
    assert "3 spørgsmål" in tilsyn(command).out
    made = read_catalogue(tilsyn.root / "checklists" / "eget.toml")
    assert (made.name, len(made.questions)) == ("eget", 3)
    before = tilsyn.files("*.toml")
    tilsyn(command, code=4)
    assert tilsyn.files("*.toml") == before
    tilsyn("catalogue validate spørgsmål.xlsx")


def test_a_bad_spreadsheet_leaves_nothing_behind(tilsyn: CommandLine) -> None:
    sheet(tilsyn.root / "a.xlsx", "Nr.|Spørgsmål\nA-1|Er det?")
    ended = tilsyn("catalogue import a.xlsx", code=3)
    assert list(tilsyn.files()) == ["a.xlsx"]
    assert ended.out == ""
    assert "kolonnen »Lov« mangler" in ended.err


def test_the_catalogues_are_listed(tilsyn: CommandLine) -> None:
    listed = tilsyn("catalogue list --format json").json["catalogues"]
    assert {c["name"]: c["questions"] for c in listed} == {
        "barnets-lov": 67,
        "god-sagsbehandling": 10,
        "koordination-og-samarbejde": 4,
        "serviceloven": 56,
    }


def test_a_question_is_shown_as_each_law_and_version_asks_it(tilsyn: CommandLine) -> None:
    versions = tilsyn("catalogue show UND-04 --format json").json["versions"]
    assert [(v["catalogue"], v["valid_from"], v["law_text"]) for v in versions] == [
        ("barnets-lov", "2024-01-01", "partly"),
        ("barnets-lov", "2025-03-17", "seen"),
        ("serviceloven", None, "partly"),
    ]
    assert "UND-99" in tilsyn("catalogue show UND-99", code=2).told


def test_a_lawyer_approves_a_wording_and_no_other(tilsyn: CommandLine) -> None:
    make_workspace(tilsyn.root, first_rules=False)
    assert "flere kataloger" in tilsyn("catalogue approve SAM-01 --by områdejurist", code=2).told

    def unread() -> list[str]:
        rows = tilsyn("catalogue list --to-check --format json").json["questions"]
        return [row["question"] for row in rows if row["catalogue"] == "barnets-lov"]

    assert "SAM-01" in unread()
    tilsyn("catalogue approve SAM-01 --by områdejurist --note 'læst i VEJ' --catalogue barnets-lov")
    assert "SAM-01" not in unread()
    own = tilsyn.root / "checklists" / "barnets-lov.toml"
    assert read_catalogue(own).version == read_catalogue(CATALOGUE).version
    event = tilsyn("log --format json").json["events"][-1]
    assert (event["event"], event["question"], event["role"]) == (
        "question_approved",
        "SAM-01",
        "områdejurist",
    )
    # Words that were changed since have not been approved.
    own.write_text(
        own.read_text("utf-8").replace("Er der samtykke fra", "Foreligger der samtykke fra"), "utf-8"
    )
    assert "SAM-01" in unread()


def test_an_approval_that_cannot_get_its_name_is_in_force_and_gets_it_from_the_next_command(
    tilsyn: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workspace(tilsyn.root, first_rules=False)
    line = "catalogue approve SAM-01 --by områdejurist --catalogue barnets-lov"
    own, rename = tilsyn.root / "checklists" / "barnets-lov.toml", os.rename

    def refuse(source: str, target: str) -> None:
        if str(target).endswith(".toml"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        rename(source, target)

    with monkeypatch.context() as patched:
        for name in ("rename", "replace", "link"):
            patched.setattr(os, name, refuse)
        assert "resultatet gælder" in tilsyn(line).told
    assert not own.exists()
    tilsyn("catalogue approve SAM-02 --by områdejurist --catalogue barnets-lov")
    approved = {question.question_id for question in read_catalogue(own).questions if question.approved}
    assert approved == {"SAM-01", "SAM-02"}
    assert leftovers(tilsyn.root) == []


def test_the_shipped_catalogues_are_laid_beside_older_ones(tilsyn: CommandLine) -> None:
    make_workspace(tilsyn.root)
    before = tilsyn.files("checklists/*.toml")
    found = {one["name"]: one for one in tilsyn("catalogue update --format json").json["catalogues"]}
    assert {name: (one["own"], one["shipped"]) for name, one in found.items()} == {
        "barnets-lov": ("1.0", "2.0"),
        "serviceloven": ("1.0", "2.0"),
    }
    assert found["barnets-lov"]["retired"] == ["RSK-01"]
    assert "RSK-02" in found["barnets-lov"]["added"]
    assert "BFU-02" in found["barnets-lov"]["changed"]
    assert tilsyn.files("checklists/*.toml") == before
    assert (tilsyn.root / "checklists" / "shipped" / "serviceloven.toml").is_file()


@pytest.mark.parametrize(
    "line", ["update", "approve SAM-01 --by områdejurist --catalogue barnets-lov", "import a.xlsx"]
)
def test_nobody_else_writes_in_the_workspace_meanwhile(
    tilsyn: CommandLine, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(lock, "WAIT", 0.0)
    workspace = make_workspace(tilsyn.root)
    sheet(tilsyn.root / "a.xlsx", GOOD)
    before = tilsyn.files()
    with workspace.locked():
        tilsyn(f"catalogue {line}", code=4)
    assert tilsyn.files() == before
    tilsyn(f"catalogue {line}")
    assert tilsyn.files() != before
