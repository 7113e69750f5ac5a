"""`tilsyn init`: a workspace that can be used at once, and nothing that was there is touched."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.builders.command_line import CommandLine
from tilsyn.cli.app import run
from tilsyn.workspace.workspace import Workspace


def test_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    workspace = Workspace.open()
    plan = workspace.settings.plan[0]
    assert len(plan.units) == 7
    assert plan.levels[1].per_caseworker == 1
    assert (plan.levels[2].per_unit, plan.levels[2].units) == (20, {"Døgnvagten": 5})
    assert (plan.levels[3].total, plan.levels[4].total) == (60, 30)
    assert [level.due_months for level in plan.levels.values()] == [0, 0, 1, 2]
    assert [level.cadence for level in plan.levels.values()] == ["month", "quarter", "quarter", "quarter"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        "checklists",
        "reports",
        "samples",
        "tilsyn.toml",
    ]
    assert len(list((tmp_path / "checklists").glob("*.toml"))) == 4
    assert (tmp_path / "checklists" / "benchmarks.csv").is_file()
    assert "jurist" in capsys.readouterr().err
    assert run(["check"]) == 4


def test_without_a_name_the_lines_are_comments_and_nothing_is_drawn(tilsyn: CommandLine) -> None:
    told = tilsyn("init").err
    assert "Organisationen mangler name, slug" in told
    text = (tilsyn.root / "tilsyn.toml").read_text("utf-8")
    assert '# name = "Borgercenter Børn og Unge"\n# slug = "bbu"\n' in text
    ended = tilsyn("draw 2 --period 2018-Q1", code=4)
    assert "name, slug mangler under [organisation] i tilsyn.toml" in ended.told
    (tilsyn.root / "tilsyn.toml").write_text(
        text.replace("# name", "name", 1).replace("# slug", "slug"), "utf-8"
    )
    assert "[organisation]" not in tilsyn("draw 2 --period 2018-Q1", code=4).told


def test_an_organisation_is_named(tilsyn: CommandLine) -> None:
    assert tilsyn("init --name 'Ærø \"Kommune\"' --slug aeroe --format json").json["unnamed"] == []
    organisation = Workspace.open(tilsyn.root).settings.organisation
    assert (organisation.name, organisation.slug, organisation.unnamed) == ('Ærø "Kommune"', "aeroe", [])
    assert tilsyn("init half --slug aeroe --format json").json["unnamed"] == ["name"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--slug 'A B'", "--slug: kortnavnet »A B«"),
        ("--slug ''", "--slug: kortnavnet »«"),
        ("--name ' '", "--name: » «"),
        ("--name 'a|b'", "--name: »a|b«"),
    ],
)
def test_a_name_that_cannot_be_used_changes_nothing(tilsyn: CommandLine, options: str, said: str) -> None:
    assert said in tilsyn(f"init ws {options}", code=2).told
    assert not (tilsyn.root / "ws").exists()


def test_a_register_without_closing_dates_is_told(tilsyn: CommandLine) -> None:
    tilsyn.write("sager.csv", "Sagsnr;Enhed;Oprettet\n1;Nord;01-04-2018\n")
    told = tilsyn("init --register sager.csv").told
    assert "uden den kan sager, der er lukket før perioden, blive trukket" in told
    assert 'Skriv closed = "OVERSKRIFT" under [register.columns]' in told
    text = (tilsyn.root / "tilsyn.toml").read_text("utf-8")
    assert '# caseworker = "OVERSKRIFT"\n# closed = "OVERSKRIFT"\n\n' in text


def test_a_register_is_recognised(
    tmp_path: Path, example_register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / "ws"), "--register", str(example_register), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["columns"]["case_id"] == "Sagsnr"
    assert data["not_read"] == ["CPR-nr", "Navn"]
    settings = Workspace.open(tmp_path / "ws").settings
    assert settings.register.columns == data["columns"]
    assert settings.plan[0].units == tuple(data["units"])
    assert settings.plan[0].levels[2].units == {"Døgnvagten": 5}
    text = (tmp_path / "ws" / "tilsyn.toml").read_text("utf-8")
    assert "# Læses ikke: CPR-nr, Navn" in text


def test_units_are_the_registers_own_without_misspellings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        f"{n};{unit};" for n, unit in enumerate(["Nord"] * 150 + ["Sønderby"] * 150 + ["Sønderbi", " NORD"])
    ]
    path = tmp_path / "sager.csv"
    path.write_text("\n".join(["Sagsnr;Enhed;Oprettet", *rows]), encoding="utf-8")
    assert run(["init", str(tmp_path), "--register", str(path)]) == 0
    workspace = Workspace.open(tmp_path)
    assert workspace.settings.plan[0].units == ("Nord", "Sønderby")
    assert workspace.settings.plan[0].levels[2].units == {}
    assert workspace.settings.register.path == "sager.csv"
    assert "1 fejl" in capsys.readouterr().err


def test_settings_that_cannot_be_read_are_never_overwritten(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path)]) == 0
    (tmp_path / "tilsyn.toml").write_text("mine", encoding="utf-8")
    assert run(["init", str(tmp_path)]) == 4
    assert (tmp_path / "tilsyn.toml").read_text("utf-8") == "mine"


def test_a_catalogue_that_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "checklists").mkdir()
    own = tmp_path / "checklists" / "serviceloven.toml"
    own.write_text("# own", encoding="utf-8")
    assert run(["init", str(tmp_path)]) == 0
    assert own.read_text("utf-8") == "# own"


@pytest.mark.parametrize(
    "content",
    ["", "010160-5123;Borger 1\n020260-5123;Borger 2\n", "17;Nord\n18;Syd\n"],
)
def test_a_register_that_is_not_recognised_changes_nothing(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sager.csv"
    path.write_text(content, encoding="utf-8")
    assert run(["init", str(tmp_path / "ws"), "--register", str(path)]) == 3
    assert not (tmp_path / "ws").exists()
    assert "5123" not in capsys.readouterr().err
    assert run(["init", str(tmp_path / "ws"), "--register", str(tmp_path / "none.csv")]) == 3


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "ws").write_text("mine", encoding="utf-8")
    assert run(["init", str(tmp_path / "ws")]) == 4


def test_in_english(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path), "--lang", "en"]) == 0
    assert Workspace.open(tmp_path).settings.language == "en"
    assert "# Who the reports go to" in (tmp_path / "tilsyn.toml").read_text("utf-8")


def test_both_templates_set_the_same(tmp_path: Path) -> None:
    texts = {}
    for language in ("da", "en"):
        assert run(["init", str(tmp_path / language), "--lang", language]) == 0
        texts[language] = (tmp_path / language / "tilsyn.toml").read_text("utf-8")
    settings = {language: tomllib.loads(text) for language, text in texts.items()}
    for language in settings:
        for level in settings[language]["plan"][0]["levels"].values():
            # What a level is called is each language's own; who judges is the organisation's own to say.
            assert level.pop("name")
            assert not {"judged_by", "roles"} & set(level)
    assert settings["en"] == settings["da"] | {"language": "en"}
    keys = {
        language: [
            line.split("=")[0] for line in text.splitlines() if re.match(r"(# )?([a-z_]+ = |\[)", line)
        ]
        for language, text in texts.items()
    }
    assert keys["en"] == keys["da"]


def test_the_later_plan_in_the_comments_is_a_plan(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path)]) == 0
    path = tmp_path / "tilsyn.toml"
    before, after = path.read_text("utf-8").split("# [[plan]]\n")
    lines = [line.removeprefix("# ") for line in after.splitlines()]
    path.write_text(before + "\n".join(["[[plan]]", *lines]), encoding="utf-8")
    plans = Workspace.open(tmp_path).settings.plan
    assert [plan.valid_from.year for plan in plans] == [2017, 2018]
    assert plans[1].levels[2].cadence == "half"


ROWS = "".join(f"J-{n};{n % 2};T{n % 3}\n" for n in range(30))


def test_what_is_unsure_is_proposed_and_refused_until_it_is_chosen(tilsyn: CommandLine) -> None:
    tilsyn.write("sager.csv", f"Journal;Køn;Hold\n{ROWS}")
    ended = tilsyn("init --register sager.csv --name A --slug a")
    assert 'kør: tilsyn map case_id="Journal"' in ended.told
    assert 'kør: tilsyn map unit="Hold"' in ended.told
    text = (tilsyn.root / "tilsyn.toml").read_text("utf-8")
    assert '# case_id = "Journal"\n# unit = "Hold"\n# Ikke fundet: ' in text
    assert '# caseworker = "OVERSKRIFT"\n# closed = "OVERSKRIFT"\n# Læses ikke: Journal, Køn, Hold\n' in text
    assert "Eller kør: tilsyn map case_id=" in tilsyn("check --period 2018-Q2", code=3).told
    tilsyn("map case_id=Journal")
    assert "tilsyn map unit=OVERSKRIFT" in tilsyn("draw 2 --period 2018-Q2", code=3).told
    tilsyn("map unit=Hold")
    assert tilsyn("check --period 2018-Q2 --format json").json["n_rows"] == 30


@pytest.mark.parametrize("text", ["Navn;Adresse\nx;y\n", "Sagsnr;Noget\n1;2\n"])
def test_a_workspace_is_made_of_a_register_without_known_headings(tilsyn: CommandLine, text: str) -> None:
    tilsyn.write("sager.csv", text)
    assert "tilsyn map unit=" in tilsyn("init --register sager.csv").told
    assert "tilsyn map" in tilsyn("check --period 2018-Q2", code=3).told


def test_a_row_per_measure_and_a_period_in_the_name(tilsyn: CommandLine) -> None:
    rows = "".join(f"S{n};Nord;0{n % 9 + 1}-0{m}-2018\n" for n in range(20) for m in (1, 2))
    tilsyn.write("register/sager-2018-Q2.csv", f"Sagsnr;Enhed;Oprettet\n{rows}")
    ended = tilsyn("init ws --register register/sager-2018-Q2.csv")
    assert "20 sager har 40 rækker" in ended.told
    assert "tilsyn check --period 2018-Q2" in ended.shown
    register = Workspace.open(tilsyn.root / "ws").settings.register
    assert (register.path, register.one_row_per) == ("../register/sager-{period}.csv", "measure")


def test_the_month_stands_first(tilsyn: CommandLine) -> None:
    rows = "".join(f"S{n},North,04/{n + 1:02}/2018\n" for n in range(20))
    tilsyn.write("cases.csv", f"Case ID,Unit,Open Date\n{rows}")
    assert "month_first" in tilsyn("init --register cases.csv").told
    assert Workspace.open(tilsyn.root).settings.register.date_order == "month_first"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--map unit=Team", "--register"),
        ("--register sager.csv --map unit=Enhed --unit Alle", "både --unit og --map"),
        ("--register sager.csv --map unit=Ened", "Mente du »Enhed«?"),
        ("--unit 'a|b'", "--unit: »a|b«"),
    ],
)
def test_options_of_the_register_that_cannot_be(tilsyn: CommandLine, options: str, said: str) -> None:
    tilsyn.write("sager.csv", "Sagsnr;Enhed\n1;A\n")
    assert said in tilsyn(f"init ws {options}", code=2).told
    assert not (tilsyn.root / "ws").exists()


def test_a_second_run_changes_nothing_and_another_workspace_is_refused(tilsyn: CommandLine) -> None:
    tilsyn.write("sager-2018-Q2.csv", "Sagsnr;Hold;Team\n1;A;B\n")
    asked = "init --register sager-2018-Q2.csv --name A --slug a --map unit=Team --baseline 2017K4"
    tilsyn(asked)
    # What nobody asks for is the organisation's own.
    path = tilsyn.root / "tilsyn.toml"
    path.write_text(path.read_text("utf-8").replace("per_unit = 20", "per_unit = 7"), "utf-8")
    before = tilsyn.files()
    for line in (asked, "init", "init --map unit=team --register sager-2018-Q2.csv"):
        assert "intet er ændret" in tilsyn(line).shown
        found = tilsyn(f"{line} --format json").json
        assert (found["there_already"], found["columns"], found["unnamed"]) == (
            True,
            {"case_id": "Sagsnr", "unit": "Team"},
            [],
        )
    for more, said in (
        ("--name B", '[organisation] name = "A", ikke "B"'),
        ("--map caseworker=Hold", '[register.columns] caseworker = "Hold" står der ikke'),
        (
            "--register sager-2018-Q3.xlsx",
            '[register] path = "sager-{period}.csv", ikke "sager-{period}.xlsx"',
        ),
        ("--baseline 2018-Q1", '[[plan]] baseline = "2017-Q4", ikke "2018-Q1"'),
    ):
        told = tilsyn(f"init --register sager-2018-Q2.csv {more}", code=4).told
        assert said in told
        assert "tilsyn map" in told
    assert '[register] unit = "Alle" står der ikke' in tilsyn("init --unit Alle", code=4).told
    assert tilsyn.files() == before


def test_the_baseline_period(tilsyn: CommandLine) -> None:
    tilsyn("init a --baseline '4. kvartal 2017'")
    assert Workspace.open(tilsyn.root / "a").settings.plan[0].baseline == "2017-Q4"
    tilsyn("init b")
    assert '# baseline = "2017-Q4"\n' in (tilsyn.root / "b" / "tilsyn.toml").read_text("utf-8")
    assert "»sidste« er ikke en periode" in tilsyn("init c --baseline sidste", code=2).told
    assert not (tilsyn.root / "c").exists()
