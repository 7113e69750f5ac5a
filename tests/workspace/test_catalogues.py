"""Catalogue files: the line of every fault, and what is written reads back."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.workspaces import make_workspace
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError
from tilsyn.questions.records import read
from tilsyn.settings.levels import LevelPlan
from tilsyn.workspace.catalogues import (
    as_toml,
    catalogue_from,
    find_catalogue,
    law_to_check,
    packaged,
    question_set,
    read_catalogue,
)

OWN = """\
# Eget katalog
name = "eget"
version = "1"
title_da = "Eget"

[[step]]
id = "s"
title_da = "S"

[[question]]
id = "A-1"
step = "s"
text_da = \"\"\"
Er det
gjort?
\"\"\"
law = "§ 1"

[[question]]
id = "A-1"
step = "t"
text_da = "?"
law = ""
kritisk = true
"""


def problems(text: str) -> list[tuple[int | None, str | None]]:
    with pytest.raises(InputError) as caught:
        catalogue_from(text, Path("eget.toml"))
    assert all(p.file == "eget.toml" and p.found and p.remedy for p in caught.value.problems)
    return sorted((p.row or 0, p.column) for p in caught.value.problems)


def test_every_fault_is_told_with_its_line() -> None:
    assert problems(OWN) == [(20, "id"), (21, "step"), (23, "law"), (24, "kritisk")]


def test_a_field_that_is_missing_is_told_at_its_question() -> None:
    assert problems(OWN.split('step = "t"')[0])[:3] == [(19, "law"), (19, "step"), (19, "text_da")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('name = "x"\nversion 1\n', 2),
        ('name = "x"\nversion = "1\n', 2),
        ('name = "x"\n\n[[question]\n', 3),
        ("", 1),
    ],
)
def test_a_line_that_is_no_toml_is_told(text: str, line: int) -> None:
    assert problems(text)[0][0] == line


def test_a_file_of_another_encoding_or_none_at_all_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    with pytest.raises(InputError):
        read_catalogue(path)
    path.write_bytes('name = "Å"'.encode("cp1252"))
    with pytest.raises(InputError) as caught:
        read_catalogue(path)
    assert "UTF-8" in caught.value.problems[0].found


@pytest.mark.parametrize("path", packaged(), ids=lambda path: path.stem)
def test_what_is_written_reads_back(path: Path) -> None:
    data = tomllib.loads(path.read_text("utf-8"))
    assert tomllib.loads(as_toml(data)) == data
    assert read(data)[0] == read_catalogue(path)
    assert path.stem == read_catalogue(path).name


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives_being_written(text: str) -> None:
    assert tomllib.loads(as_toml({"name": text}))["name"] == text


def test_the_questions_that_need_a_lawyer_are_counted_once() -> None:
    both = [read_catalogue(path) for path in packaged()]
    assert law_to_check(both) == (81, 119)


LEVEL = {"level": 2, "cadence": "quarter", "per_unit": 6, "due_months": 0}


def test_a_workspaces_own_catalogue_comes_first(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, first_rules=False)
    assert find_catalogue(workspace.catalogues_dir, "serviceloven") in packaged()
    workspace.catalogues_dir.mkdir()
    own = workspace.catalogues_dir / "serviceloven.toml"
    own.write_text(OWN.split('[[question]]\nid = "A-1"\nstep = "t"')[0], "utf-8")
    plan = LevelPlan(**LEVEL, question_set="serviceloven")
    assert question_set(workspace, plan, Period.parse("2018-Q2")).ids == ("A-1",)


def test_every_catalogue_of_a_plan_that_is_missing_or_faulty_is_told(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    (workspace.catalogues_dir / "eget.toml").write_text(OWN, "utf-8")
    plan = LevelPlan(**LEVEL, question_set=["serviceloven", "findes-ikke", "eget"])
    with pytest.raises(InputError) as caught:
        question_set(workspace, plan, Period.parse("2018-Q2"))
    assert [p.file for p in caught.value.problems] == ["checklists/findes-ikke.toml", *["eget.toml"] * 4]
