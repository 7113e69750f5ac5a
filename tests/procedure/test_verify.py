import json
import secrets
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.builders.workspaces import make_workspace, register_rows, review, write_register
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.procedure.draw import DrawRequest, make_draw
from tilsyn.procedure.verify import log_difference, verify_draw, workspace_of
from tilsyn.workspace.draws import MANIFEST, manifest_bytes, read_draw
from tilsyn.workspace.workspace import Workspace

Q2 = Period.parse("2018-Q2")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    clock.set_today(date(2018, 7, 3))
    workspace = make_workspace(tmp_path_factory.mktemp("drawn"))
    # The same seed each time: with another, the first case of a tampered draw may by chance be the right one.
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(secrets, "token_hex", lambda n: "5e" * n)
        make_draw(workspace, 2, Q2)
    return workspace.root


@pytest.fixture
def workspace(drawn, tmp_path):
    clock.set_today(date(2018, 7, 3))
    shutil.copytree(drawn, tmp_path / "workspace")
    return Workspace.open(tmp_path / "workspace")


@pytest.fixture
def made(workspace):
    return workspace.draws.get(2, Q2)


def edit(draw, change) -> None:
    """Change a manifest on disk, as someone with an editor would."""
    manifest = json.loads((draw.path / MANIFEST).read_bytes())
    change(manifest)
    (draw.path / MANIFEST).write_bytes(manifest_bytes(manifest))


def found(workspace, draw, register: Path | None = None) -> tuple[str, str]:
    again = None if workspace is None else Workspace.open(workspace.root)
    difference = verify_draw(again, read_draw(draw.path), register).difference
    assert difference is not None
    return difference.where, difference.found


def swap_case(manifest):
    """Take the first of the reserve instead of the first of the sample."""
    first, other = manifest["cases"][0], manifest["reserve"][0]
    first["case_id"], other["case_id"] = other["case_id"], first["case_id"]


def swap_whole_case(manifest):
    """The same, with the tickets that belong to them."""
    first, other = manifest["cases"][0], manifest["reserve"][0]
    for key in ("case_id", "ticket", "facts"):
        first[key], other[key] = other[key], first[key]


def drop_case(manifest):
    manifest["cases"].pop()


def set_value(*path):
    *keys, value = path

    def change(manifest):
        place = manifest
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return change


TAMPERED = [
    (swap_case, "sample", "stikprøven, Amager nr. 1: skal være sag"),
    (swap_whole_case, "sample", "stikprøven, Amager nr. 1: skal være sag"),
    (drop_case, "sample", "skal have 21 sager, men har 20"),
    (lambda m: m["reserve"].reverse(), "reserve", "reserven, Amager nr. 7"),
    (set_value("cases", 3, "design_weight", 1.0), "sample", "design_weight skal være »6.0«"),
    (set_value("cases", 3, "order", 5), "sample", ".order skal være »4«"),
    (set_value("cases", 3, "ticket", "0" * 64), "sample", ".ticket skal være"),
    (
        set_value("reserve", 0, "inclusion_probability", 0.5),
        "reserve",
        "inclusion_probability skal være »None«",
    ),
    (set_value("seed", "x" * 40), "sample", "stikprøven, Amager nr. 1"),
    (set_value("draw_id", "bbu/2018-Q1/level-2"), "manifest", "draw_id skal være »bbu/2018-Q2/level-2«"),
    (set_value("algorithm", "random.sample"), "manifest", "algorithm"),
    (
        set_value("strata", 0, "stratum_size", 37),
        "frame",
        "Amager: fingeraftrykket dækker 37 sager, men der er 36",
    ),
    (set_value("strata", 0, "population_size", 360), "strata", "population_size"),
    (set_value("strata", 0, "sample_size", 5), "strata", "sample_size skal være »6«"),
    (set_value("strata", 0, "taken_whole", True), "strata", "taken_whole"),
    (set_value("strata", 1, "digest", "0" * 64), "frame", "Døgnvagten: antallet passer"),
    (set_value("frame", "n", 98), "frame", "n skal være"),
    (set_value("frame", "commitment", "0" * 64), "frame", "samlede fingeraftryk"),
    (set_value("plan", "per_unit", 5), "strata", "sample_size skal være »5«"),
    (set_value("seed_origin", "terninger"), "log", "seed_origin er »system«"),
    (set_value("seed_before_frame", True), "log", "seed_before_frame"),
    (set_value("frame", "left_out", []), "manifest", "dens hash er ikke den"),
    (set_value("question_set", "questions", []), "manifest", "dens hash er ikke den"),
    (set_value("cases", 0, "facts", "complaint", "Nej!"), "manifest", "dens hash er ikke den"),
    (lambda m: m.pop("strata"), "manifest", "mangler »strata«"),
    (set_value("cases", 0, "x"), "manifest", "cases[1]"),
    (set_value("cases", 0, "order", "1"), "manifest", "cases[1].order"),
    (set_value("seed", None), "manifest", "seed"),
    (set_value("plan", {}), "manifest", "kan ikke regnes om"),
    (set_value("strata", []), "frame", "Amager: fingeraftrykket dækker 0"),
]


@pytest.mark.parametrize(("change", "where", "text"), TAMPERED)
def test_an_edited_manifest_is_found_and_the_first_difference_named(workspace, made, change, where, text):
    assert verify_draw(workspace, made).difference is None
    edit(made, change)
    place, told = found(workspace, made)
    assert text in told
    assert place == where


def test_an_untouched_copy_outside_a_workspace_agrees_with_itself(workspace, made, tmp_path_factory):
    place = tmp_path_factory.mktemp("copy") / "level-2"
    made.path.rename(place)
    assert workspace_of(place) is None
    verdict = verify_draw(None, read_draw(place))
    assert verdict.difference is None
    assert verdict.checked == ["frame", "sample", "files"]


def write_frame(draw, change: str) -> None:
    """Write the frame again after an SQL change."""
    database = duckdb.connect()
    database.execute(f"CREATE TABLE frame AS FROM read_parquet('{draw.frame_path}')")
    database.execute(change)
    draw.frame_path.unlink()
    database.execute(f"COPY (FROM frame ORDER BY stratum, case_id) TO '{draw.frame_path}' (FORMAT parquet)")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            "DELETE FROM frame WHERE case_id = '2018-AM001'",
            "Amager: fingeraftrykket dækker 36 sager, men der er 35",
        ),
        ("UPDATE frame SET case_id = 'X' WHERE case_id = '2018-AM001'", "Amager: antallet passer"),
        (
            "INSERT INTO frame VALUES ('X', 'Valby', 'Valby')",
            "Valby: fingeraftrykket dækker 0 sager",
        ),
        ("UPDATE frame SET unit = 'Valby' WHERE case_id = '2018-AM001'", "frame.parquet er ændret"),
    ],
)
def test_another_frame_is_found(workspace, made, change, text):
    write_frame(made, change)
    assert text in found(workspace, made)[1]


def test_files_that_are_gone_edited_or_broken_are_found(workspace, made):
    sample = (made.path / "sample.csv").read_bytes()
    (made.path / "sample.csv").write_bytes(sample.replace(b"Amager", b"Valby ", 1))
    assert found(workspace, made) == ("files", "sample.csv er ændret efter udtrækningen")
    (made.path / "sample.csv").unlink()
    assert found(workspace, made) == ("files", "sample.csv mangler i mappen")
    made.frame_path.write_bytes(b"PAR1 not really")
    assert found(workspace, made) == ("files", "frame.parquet kan ikke læses")
    made.frame_path.unlink()
    assert found(workspace, made) == ("files", "frame.parquet mangler i mappen")


def relog(workspace, change) -> None:
    """Write the whole log again with a sound chain and head, as someone with full access can."""
    events = [{k: v for k, v in event.items() if k not in ("prev", "hash")} for event in workspace.log.events]
    for name in ("log.jsonl", "log.head"):
        (workspace.root / "samples" / name).unlink()
    for event in change(events):
        workspace.log.append_if(lambda _, event=event: event)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda events: events[1:], "intet fingeraftryk"),
        (
            lambda events: [events[1], events[0], events[2]],
            "startværdien blev logget, før populationens fingeraftryk blev det",
        ),
        (lambda events: [events[0], events[2]], "ingen startværdi"),
        (lambda events: events[:2], "kender ikke denne udtrækning"),
        (lambda events: [events[0], events[1] | {"seed": "y" * 40}, events[2]], "seed er »yyy"),
        (lambda events: [events[0], events[1], events[2] | {"manifest": "0" * 64}], "dens hash er ikke den"),
        (lambda events: [events[0], events[1] | {"seed_before_frame": True}, events[2]], "seed_before_frame"),
    ],
)
def test_a_log_that_tells_another_story_is_found(workspace, made, change, text):
    relog(workspace, change)
    assert log_difference(Workspace.open(workspace.root)) is None
    assert text in found(workspace, made)[1]


def test_a_broken_chain_and_a_draw_that_is_gone_are_found(workspace, made):
    made.path.rename(workspace.root / "elsewhere")
    assert (
        "bbu/2018-Q2/level-2 står i loggen, men mappen er væk"
        in log_difference(Workspace.open(workspace.root)).found
    )
    path = workspace.root / "samples" / "log.jsonl"
    path.write_bytes(path.read_bytes().replace(b"system", b"others"))
    assert "linje 2" in log_difference(Workspace.open(workspace.root)).found


def test_the_register_is_held_against_the_frame_and_the_first_case_named(workspace, made, tmp_path):
    rows = register_rows()
    same = write_register(tmp_path / "same.csv", list(reversed(rows)))
    assert verify_draw(workspace, made, same).difference is None
    fewer = write_register(tmp_path / "fewer.csv", [row for row in rows if "NØ007" not in row])
    assert (
        "sag 2018-NØ007 (Nørrebro) er i udtrækningens population, men ikke i sagslisten"
        in found(workspace, made, fewer)[1]
    )
    more = write_register(tmp_path / "more.csv", [*rows, "2018-AM999;Amager;AMA0;03-01-2018;;Nej"])
    assert "sag 2018-AM999 (Amager) er i sagslisten" in found(workspace, made, more)[1]
    moved = write_register(
        tmp_path / "moved.csv", [r.replace("2018-AM001;Amager", "2018-AM001;Nørrebro") for r in rows]
    )
    assert "sag 2018-AM001 er i Amager" in found(workspace, made, moved)[1]


def test_the_register_is_read_by_the_rules_of_the_draw_not_of_today(workspace, made):
    settings = workspace.root / "tilsyn.toml"
    settings.write_text(settings.read_text("utf-8") + "\n[frame]\nclosed_before_period = false\n", "utf-8")
    assert (
        verify_draw(Workspace.open(workspace.root), made, workspace.root / "sagsliste.csv").difference is None
    )


def test_a_draw_in_another_draws_folder_is_found(workspace, made):
    other = made.path.parent.parent / "2018-Q3" / "level-2"
    shutil.copytree(made.path, other)
    assert "hører til i samples/2018-Q2/level-2" in verify_draw(workspace, read_draw(other)).difference.found


def test_level_three_is_held_against_level_two_and_the_register(workspace, made, tmp_path):
    review(workspace, made)
    three = make_draw(workspace, 3, Q2).draw
    register = workspace.root / "sagsliste.csv"
    assert verify_draw(workspace, three, register).difference is None
    fewer = write_register(tmp_path / "fewer.csv", register_rows()[1:])
    assert found(workspace, three, fewer)[0] == "register"
    edit(made, set_value("replace_reason", "x"))
    assert "bbu/2018-Q2/level-2, som der er trukket fra, er ændret siden" in found(workspace, three)[1]
    (made.path / MANIFEST).unlink()
    assert "findes ikke" in found(workspace, three)[1]


def test_a_review_edited_after_it_was_loaded_is_found(workspace, made):
    review(workspace, made)
    assert verify_draw(workspace, made).difference is None
    (entry,) = made.reviews_dir.glob("*.json")
    entry.write_text(entry.read_text("utf-8").replace('"ja"', '"nej"', 1), "utf-8")
    assert found(workspace, made)[0] == "files"


def test_without_a_kept_frame_the_commitment_and_every_number_are_checked(workspace, made):
    """As it is where the register is a database."""
    made.frame_path.unlink()
    edit(made, lambda manifest: manifest["files"].pop("frame.parquet"))
    outside = read_draw(made.path)
    verdict = verify_draw(None, outside)
    assert verdict.difference is None
    assert verdict.checked[0] == "commitment"
    for change, text in (
        (swap_case, ".ticket skal være"),
        (swap_whole_case, "står ikke i lodnumrenes rækkefølge"),
        (drop_case, "skal have 21 sager, men har 20"),
        (set_value("cases", 3, "design_weight", 1.0), "design_weight"),
        (set_value("strata", 0, "stratum_size", 37), "samlede fingeraftryk"),
        (set_value("cases", 0, "case_id", "2018-XX"), "ticket skal være"),
    ):
        manifest = json.loads(manifest_bytes(outside.manifest))
        change(manifest)
        (made.path / MANIFEST).write_bytes(manifest_bytes(manifest))
        told = found(None, made)[1]
        assert text in told


def test_a_replaced_draw_still_verifies(workspace, made):
    second = make_draw(workspace, 2, Q2, DrawRequest(replace=True, reason="forkert sagsliste")).draw
    assert verify_draw(workspace, made).difference is None
    edit(second, set_value("attempt", 1))
    assert "draw_id skal være »bbu/2018-Q2/level-2«" in found(workspace, second)[1]


def test_the_frame_keeps_ids_and_strata_and_nothing_more(made):
    frame = pd.DataFrame(duckdb.connect().read_parquet(str(made.frame_path)).fetchnumpy())
    assert list(frame.columns) == ["case_id", "stratum", "unit"]
    assert len(frame) == 97
