"""The documents say what the commands say."""

from __future__ import annotations

from tests.write_docs import TARGET, text
from tilsyn.cli.app import COMMANDS

README = TARGET.parent.parent / "README.md"


def test_the_command_reference_is_in_step() -> None:
    assert TARGET.read_text("utf-8") == text(), "run `make docs`"


def test_the_readme_names_every_command() -> None:
    readme = README.read_text("utf-8")
    assert [name for name in COMMANDS if f"tilsyn {name}" not in readme] == []
