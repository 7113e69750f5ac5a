"""`tilsyn letters`: the drafts read back as a mail program reads them, with the workbooks in them."""

from __future__ import annotations

import io
import shutil
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets, fill_first
from tests.builders.command_line import CommandLine
from tests.builders.workspaces import Q2, workbook_of
from tilsyn.base.cpr import looks_like_cpr
from tilsyn.workspace.workspace import Workspace

FIRST = "letters 2 --period 2018-Q2"
REMINDER = f"{FIRST} --reminder"
FOLDER = "reports/2018-Q2/letters/level-2"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAN = """
[checklists]
send_to = "tilsyn@example.org"
"""
CONTACTS = """[plan.contacts]
"Nord" = "nord@example.org"
" SYD" = ["a@example.org", "b@example.org"]
[plan.levels.2]
name = "Tilsyn på øerne"
judged_by = "Områdechefen"
"""


def mails(tilsyn: CommandLine) -> dict[str, EmailMessage]:
    """Return the drafts that there are, read back."""
    found = {}
    for name, data in tilsyn.files("*.eml").items():
        mail = message_from_bytes(data, policy=default)
        assert isinstance(mail, EmailMessage)
        assert [part.defects for part in mail.walk()] == [[] for _ in mail.walk()]
        found[name] = mail
    return found


def words(mail: EmailMessage) -> str:
    """Return what a draft says, its lines as one."""
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


@pytest.fixture
def settled(tilsyn: CommandLine, workspace: Workspace) -> Workspace:
    """Return the small workspace with contacts, and the organisation's own words for its level."""
    settings = (tilsyn.root / "tilsyn.toml").read_text("utf-8")
    tilsyn.write("tilsyn.toml", settings.replace("[plan.levels.2]\n", CONTACTS) + PLAN)
    return Workspace.open(tilsyn.root)


def test_a_draft_for_each_checklist_with_the_checklist_in_it(tilsyn: CommandLine, settled: Workspace) -> None:
    told = tilsyn(f"{FIRST} --format json").json
    assert (told["schema"], told["kind"], told["due"]) == ("tilsyn/letters/1", "first", "2018-08-02")
    assert [(row["file"], row["title"], row["to"]) for row in told["letters"]] == [
        (f"{FOLDER}/nord.eml", "Nord", "nord@example.org"),
        (f"{FOLDER}/syd.eml", "Syd", "a@example.org, b@example.org"),
    ]
    found = mails(tilsyn)
    assert list(found) == [f"{FOLDER}/nord.eml", f"{FOLDER}/syd.eml"]
    mail = found[f"{FOLDER}/nord.eml"]
    assert (mail["X-Unsent"], mail["To"], mail["From"], mail["Date"], mail["Message-ID"]) == (
        "1",
        "nord@example.org",
        None,
        None,
        None,
    )
    assert mail["Subject"] == (
        "Tjekliste: Niveau 2: Tilsyn på øerne, 2. kvartal 2018, Nord (frist 2. august 2018)"
    )
    assert "Den rummer 3 sager. Fristen er 2. august 2018." in words(mail)
    assert "Sagerne læses og vurderes af: Områdechefen." in words(mail)
    assert "Send den udfyldte tjekliste til tilsyn@example.org." in words(mail)
    assert words(mail).endswith("Testby")
    (attached,) = mail.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == (WORKBOOK, "nord.xlsx")
    data = attached.get_content()
    assert data == workbook_of(settled).read_bytes()
    assert len(case_sheets(load_workbook(io.BytesIO(data)))) == 3


def test_no_draft_names_a_case_or_a_person(tilsyn: CommandLine, settled: Workspace) -> None:
    tilsyn(FIRST)
    tilsyn(f"{REMINDER} --today 2018-08-10")
    found = mails(tilsyn)
    assert len(found) == 4
    record = settled.draws.get(2, Q2).record
    for mail in found.values():
        said = f"{mail['Subject']} {words(mail)}"
        assert not [case.case_id for case in (*record.cases, *record.reserve) if case.case_id in said]
        assert not looks_like_cpr(said)


def test_it_says_the_same_in_english(tilsyn: CommandLine, settled: Workspace) -> None:
    tilsyn(f"{FIRST} --lang en")
    mail = mails(tilsyn)[f"{FOLDER}/nord.eml"]
    assert (
        mail["Subject"] == "Checklist: Level 2: Tilsyn på øerne, quarter 2 of 2018, Nord (due 2 August 2018)"
    )
    assert "It holds 3 cases. The deadline is 2 August 2018." in words(mail)


def test_a_second_run_writes_the_same_and_a_file_of_others_is_refused(
    tilsyn: CommandLine, settled: Workspace
) -> None:
    tilsyn(FIRST)
    before = tilsyn.files()
    tilsyn(FIRST)
    assert tilsyn.files() == before
    tilsyn.write(f"{FOLDER}/brev.eml", "mit eget")
    assert "brev.eml er ikke en af kladderne" in tilsyn(FIRST, code=4).told
    assert {name: data for name, data in tilsyn.files().items() if "brev" not in name} == before


def test_a_checklist_without_a_contact_gets_a_draft_for_nobody_and_is_named(
    tilsyn: CommandLine, workspace: Workspace
) -> None:
    ended = tilsyn(FIRST)
    assert "Kladder uden modtager: 2 (Nord, Syd). Skriv adresserne" in ended.told
    assert '"Nord" = "navn@kommunen.dk"' in ended.told
    assert [mail["To"] for mail in mails(tilsyn).values()] == [None, None]
    assert "som svar på denne mail" in words(mails(tilsyn)[f"{FOLDER}/nord.eml"])


def test_a_level_may_have_one_contact_for_all(tilsyn: CommandLine, settled: Workspace) -> None:
    settings = (tilsyn.root / "tilsyn.toml").read_text("utf-8")
    tilsyn.write("tilsyn.toml", settings.replace('" SYD"', '"tilsyn på Øerne"'))
    told = tilsyn(f"{FIRST} --format json").json
    assert [row["to"] for row in told["letters"]] == ["nord@example.org", "a@example.org, b@example.org"]


def test_what_has_come_needs_no_first_letter_and_what_is_late_gets_a_reminder(
    tilsyn: CommandLine, settled: Workspace
) -> None:
    tilsyn(FIRST)
    fill_first(workbook_of(settled)).save(workbook_of(settled))
    tilsyn("load")
    tilsyn(FIRST)
    assert list(mails(tilsyn)) == [f"{FOLDER}/syd.eml"]
    assert (
        "Ingen påmindelser: intet mangler efter fristen, 2. august 2018."
        in tilsyn(f"{REMINDER} --today 2018-08-02").told
    )
    tilsyn(f"{REMINDER} --today 2018-08-03")
    found = mails(tilsyn)
    nord, syd = (found[f"{FOLDER}-reminders/{name}.eml"] for name in ("nord", "syd"))
    assert nord["Subject"].startswith("Påmindelse: Niveau 2: Tilsyn på øerne, 2. kvartal 2018, Nord")
    assert "2 sager mangler svar. Fristen var 2. august 2018." in words(nord)
    assert "med 3 sager. Fristen var 2. august 2018." in words(syd)
    # Who has begun is not given an empty workbook to begin anew in.
    assert [len(list(mail.iter_attachments())) for mail in (nord, syd)] == [0, 1]
    tilsyn(f"{REMINDER} --today 2018-08-02")
    assert list(mails(tilsyn)) == [f"{FOLDER}/syd.eml"]


def test_without_workbooks_it_says_how_to_make_them(tilsyn: CommandLine, settled: Workspace) -> None:
    workbook_of(settled, "syd").unlink()
    told = tilsyn(FIRST, code=4).told
    assert "checklists/2018-Q2/level-2/syd.xlsx mangler" in told
    shutil.rmtree(tilsyn.root / "checklists" / "2018-Q2")
    assert "tilsyn checklists 2 --period 2018-Q2" in tilsyn(FIRST, code=4).told
    assert mails(tilsyn) == {}


@pytest.mark.parametrize(
    "address", ["nord", "Nord <nord@example.org>", "a@b", "a@example.org; b@example.org", ""]
)
def test_what_is_no_address_is_named_with_its_line(
    tilsyn: CommandLine, settled: Workspace, address: str
) -> None:
    settings = (tilsyn.root / "tilsyn.toml").read_text("utf-8")
    tilsyn.write("tilsyn.toml", settings.replace('"nord@example.org"', f'"{address}"'))
    ended = tilsyn(FIRST, code=3)
    assert f"»{address}« er ikke en mailadresse" in ended.told
    assert "plan[1].contacts.Nord" in ended.told
