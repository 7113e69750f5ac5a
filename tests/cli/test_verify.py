import json
from datetime import date

import pytest

from tests.builders.workspaces import make_workspace
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.cli.app import run
from tilsyn.procedure.draw import make_draw
from tilsyn.workspace.workspace import Workspace


@pytest.fixture
def root(tmp_path, monkeypatch):
    clock.set_today(date(2018, 7, 3))
    make_draw(make_workspace(tmp_path), 2, Period.parse("2018-Q2"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_draw_verifies_by_its_folder_its_manifest_and_with_all_others(root, capsys):
    for arguments in (["samples/2018-Q2/level-2"], ["samples/2018-Q2/level-2/draw.json"], ["--all"]):
        assert run(["verify", *arguments]) == 0
        assert "bbu/2018-Q2/level-2" in capsys.readouterr().out
    assert run(["verify", "--all", "--register", "sagsliste.csv", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "tilsyn/verify/1"
    assert [row["ok"] for row in data["draws"]] == [True, True]
    assert data["draws"][1]["checked"] == ["frame", "sample", "files", "log", "reviews", "register"]


def test_a_swapped_case_ends_with_five_and_is_named(root, capsys):
    path = root / "samples/2018-Q2/level-2/draw.json"
    manifest = json.loads(path.read_text("utf-8"))
    first, other = manifest["cases"][0], manifest["reserve"][0]
    first["case_id"], other["case_id"] = other["case_id"], first["case_id"]
    path.write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    assert run(["verify", "samples/2018-Q2/level-2"]) == 5
    out = " ".join(capsys.readouterr().out.split())
    assert f"skal være sag {other['case_id']}, men er {first['case_id']}" in out
    assert run(["verify", "--all", "--format", "csv"]) == 5


def test_a_tampered_log_is_named_by_its_line(root, capsys):
    path = root / "samples/log.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"seed_origin":"system"', b'"seed_origin":"dice!!"'))
    assert run(["verify", "--all"]) == 5
    assert "samples/log.jsonl, linje 2: Linjen er rettet" in " ".join(capsys.readouterr().out.split())
    assert run(["log"]) == 5


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "Angiv én udtrækning eller --all"),
        (["--all", "samples/2018-Q2/level-2"], 2, "Angiv én udtrækning eller --all"),
        (["samples/2018-Q3/level-2"], 2, "Der er ingen udtrækning"),
    ],
)
def test_what_cannot_be_verified_is_said(root, capsys, arguments, code, said):
    assert run(["verify", *arguments]) == code
    assert said in capsys.readouterr().err


def test_a_manifest_that_is_no_manifest_is_an_input_to_correct(root, capsys):
    (root / "samples/2018-Q2/level-2/draw.json").write_text("{", "utf-8")
    assert run(["verify", "samples/2018-Q2/level-2"]) == 3
    assert "ikke en udtrækning" in capsys.readouterr().err


def test_a_copy_elsewhere_says_what_was_not_checked(root, capsys, tmp_path_factory):
    place = tmp_path_factory.mktemp("copy") / "level-2"
    (root / "samples/2018-Q2/level-2").rename(place)
    assert run(["verify", str(place)]) == 0
    assert "loggen er ikke efterprøvet" in capsys.readouterr().err
    assert run(["verify", str(place), "--register", "sagsliste.csv"]) == 2
    assert run(["verify", "--all"]) == 5
    assert "mappen er væk" in capsys.readouterr().out


def test_all_others_are_verified_beside_a_manifest_that_cannot_be_read(root, capsys):
    make_draw(Workspace.find(root), 2, Period.parse("2018-Q1"))
    (root / "samples/2018-Q2/level-2/draw.json").write_text("{", "utf-8")
    assert run(["verify", "--all", "--format", "json"]) == 5
    verdicts = json.loads(capsys.readouterr().out)["draws"]
    assert [(row["draw_id"], row["ok"]) for row in verdicts] == [
        ("hændelseslog", True),
        ("samples/2018-Q2/level-2", False),
        ("bbu/2018-Q1/level-2", True),
    ]
    assert "draw.json" in verdicts[1]["found"]


def test_a_frame_that_was_taken_away_is_not_a_register_in_a_database(root, capsys):
    (root / "samples/2018-Q2/level-2/frame.parquet").unlink()
    assert run(["verify", "--all"]) == 5
    out, err = capsys.readouterr()
    assert "frame.parquet mangler" in " ".join(out.split())
    assert "database" not in err


def test_a_file_that_was_put_among_the_loads_by_hand_is_told(root, capsys):
    folder = root / "samples/2018-Q2/level-2/reviews"
    folder.mkdir(exist_ok=True)
    (folder / "20180710T080000Z-0123456789ab.json").write_text("{}", "utf-8")
    assert run(["verify", "--all"]) == 0
    assert "20180710T080000Z-0123456789ab.json" in capsys.readouterr().err
