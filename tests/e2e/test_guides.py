"""The guides in docs/vejledning, followed from top to bottom: every command is run, every answer compared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.builders.command_line import CommandLine
from tests.builders.guides import DONE, GUIDES, ROOT, differs, steps
from tests.builders.workspaces import copy_small_workspace
from tilsyn.cli.app import COMMANDS

# A picture is to be looked at on a page, not printed.
MOST_BYTES = 150_000


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_can_be_followed(
    guide: Path, tilsyn: CommandLine, small_made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = 0
    ran = 0
    for step in steps(guide):
        if isinstance(step, str):
            word, *words = step.split(" ")
            if word == "dag":
                (tilsyn.today,) = words
            elif word == "arbejdsmappe":
                copy_small_workspace(small_made, tilsyn.root)
            elif word == "kode":
                code = int(words[0])
            else:
                DONE[word](Path.cwd(), *words)
            continue
        program, *rest = step.line.split(" ", 1)
        if program == "cd":
            monkeypatch.chdir(Path.cwd() / rest[0])
            continue
        assert program == "tilsyn", step.line
        ended = tilsyn(rest[0], code=code)
        assert differs(step.answer, ended.out + ended.err) == "", f"{step.line}:\n{ended.out}{ended.err}"
        code = 0
        ran += 1
    assert ran > 0


def test_the_guides_link_to_what_is_there() -> None:
    for guide in GUIDES:
        links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", guide.read_text("utf-8"))
        assert [link for link in links if not (guide.parent / link).exists()] == [], guide.name
        others = {other.name for other in GUIDES} - {guide.name}
        assert others <= set(links), f"{guide.name} does not lead to {others - set(links)}"
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [guide.name for guide in GUIDES if f"docs/vejledning/{guide.name}" not in readme] == []


def test_every_picture_is_small_and_shown() -> None:
    shown = "".join(guide.read_text("utf-8") for guide in GUIDES)
    pictures = list(GUIDES[0].parent.glob("*.png"))
    assert pictures
    assert [path.name for path in pictures if path.name not in shown] == []
    assert [path.name for path in pictures if path.stat().st_size > MOST_BYTES] == []


def test_every_command_that_is_named_is_one() -> None:
    for guide in GUIDES:
        named = re.findall(r"`tilsyn ([a-z]+)", guide.read_text("utf-8"))
        assert set(named) <= set(COMMANDS), guide.name


@pytest.mark.parametrize(
    ("answer", "printed", "found"),
    [
        (["a", "b"], "a\nb\n", ""),
        (["a  b"], "a b\n", ""),
        (["a", "…"], "a\nb\nc\n", ""),
        (["…", "c"], "a\nb\nc\n", ""),
        (["a", "…", "c", "…"], "a\nb\nc\nd\n", ""),
        ([], "", ""),
        (["a"], "a\nb\n", "left out without …: b"),
        ([], "a\n", "left out without …: a"),
        (["b"], "a\nb\n", "b"),
        (["…", "c", "a", "…"], "a\nb\nc\n", "a"),
        (["a", "c"], "a\nb\nc\n", "c"),
    ],
)
def test_how_an_answer_is_compared(answer: list[str], printed: str, found: str) -> None:
    assert differs(answer, printed) == found
