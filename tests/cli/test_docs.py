"""The documents say what the commands say."""

from __future__ import annotations

import re

import pytest

from tests.write_docs import TARGET, UNDER, text
from tilsyn.base import language
from tilsyn.cli.app import COMMANDS

README = TARGET.parent.parent / "README.md"
# Where the dictionary keeps a command's help when that is not its own area.
AREAS = {"checklists": "checklist", "plan": "planning"}
HELP = [f"{AREAS.get(name, name)}.help" for name in COMMANDS]
HELP += [f"{AREAS.get(group, group)}.{name}_help" for group, names in UNDER.items() for name in names]


def test_the_command_reference_is_in_step() -> None:
    assert TARGET.read_text("utf-8") == text(), "run `make docs`"


def test_the_readme_names_every_command() -> None:
    readme = README.read_text("utf-8")
    assert [name for name in COMMANDS if f"tilsyn {name}" not in readme] == []


def test_the_readme_names_every_target_of_make() -> None:
    makefile = (README.parent / "Makefile").read_text("utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert targets is not None
    readme = README.read_text("utf-8")
    assert [name for name in targets[1].split() if f"make {name}" not in readme] == []


@pytest.mark.parametrize("what", ["deadlines", "complaints", "single", "followup"])
def test_the_readme_shows_what_the_demonstration_ends_with(what: str) -> None:
    said = language.dictionary("demo")[f"where_{what}"]["en"]
    shown = re.sub(r"\\{\w+\\}", r"\\S.*?", re.escape(said))
    assert re.search(f"^{shown}$", README.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("key", HELP)
def test_every_command_says_what_to_do_in_the_imperative(key: str) -> None:
    with language.using("da"):
        danish = language.say(key).split()[0]
    with language.using("en"):
        english = language.say(key).split()[0]
    assert not danish.rstrip(",").endswith("r"), f"{danish}: a Danish present tense"
    assert not english.rstrip(",").endswith("s"), f"{english}: an English third person"
