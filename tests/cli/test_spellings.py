"""Options, their values and periods in the user's own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.builders.command_line import CommandLine
from tilsyn.base.aliases import program_word, user_word
from tilsyn.base.canonical import slug
from tilsyn.base.language import dictionary, spellings, using
from tilsyn.cli.app import COMMANDS, build, build_root
from tilsyn.workspace.workspace import Workspace

# What is one word in both languages, or no word at all.
SAME = {
    "mermaid",
    "budget",
    "format",
    "holm",
    "n",
    "log-json",
    "help",
    "version",
    "install-completion",
    "show-completion",
}
NAMES = {"json", "csv", "xlsx", "html", "bash", "zsh", "fish", "powershell", "neyman"}


def commands(holder: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Yield every command with its name, those that hold others too."""
    yield " ".join(words), holder
    for name, command in getattr(holder, "commands", {}).items():
        yield from commands(command, (*words, name))


def options() -> list[tuple[str, Any]]:
    found = [
        ("", build_root("da")),
        *(one for name in COMMANDS for one in commands(build(name, "da"), (name,))),
    ]
    return [
        (name, option) for name, command in found for option in command.params
        if option.param_type_name == "option"
    ]  # fmt: skip


def test_every_option_has_a_danish_name() -> None:
    names = {
        form.removeprefix("--") for _, option in options() for form in (*option.opts, *option.secondary_opts)
        if form.startswith("--")
    }  # fmt: skip
    assert names - SAME - set(dictionary("alias")) == set()


def test_every_value_of_a_choice_has_a_danish_name() -> None:
    values = {str(value) for _, option in options() for value in option.type_descriptor.choices or ()}
    assert values - NAMES - set(dictionary("alias")) == set()


def test_no_word_stands_for_two_things() -> None:
    words = [{slug(word) for word in (name, *spellings(f"alias.{name}"))} for name in dictionary("alias")]
    assert sum(map(len, words)) == len(set().union(*words))


@pytest.mark.parametrize(
    "command", sorted({name for name, _ in options()}), ids=lambda name: name or "tilsyn"
)
def test_no_two_options_of_a_command_share_a_name(command: str) -> None:
    forms = [form for name, option in options() if name == command for form in option.opts]
    assert len(set(map(program_word, forms))) == len(forms)


def test_the_help_says_how_an_option_is_written_too(tilsyn: CommandLine) -> None:
    for name, option in options():
        with using("da"):
            words = {user_word(form.removeprefix("--")) for form in option.opts if form.startswith("--")}
        new = words - {form.removeprefix("--") for form in option.opts}
        assert all(f"--{word}" in option.help for word in new), (name, option.opts)
    for line, also in (("replace", "--grund"), ("status", "--format tabel|json|csv")):
        assert f"Også: {also}." in " ".join(tilsyn(f"{line} --help").out.replace("│", " ").split())
    assert "grund" not in tilsyn("replace --help --lang en").out


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("plan size --halv-bredde 0.05 --andel 0.8", "plan size --half-width 0.05 --share 0.8"),
        ("plan --n 30 --Andel 0.8", "plan --n 30 --share 0.8"),
        ("plan --n 30 --sprog engelsk", "plan --n 30 --lang en"),
        ("--sprog=english plan --n 30", "plan --n 30 --lang en"),
        ("plan detect 0.9 0.8 --n 60 --konfidens=0.9", "plan detect 0.9 0.8 --n 60 --confidence 0.9"),
        ("plan allocate --budget 90 --strata units.csv --regel lige --mindst 3", "plan allocate --budget 90 --strata units.csv --rule equal --floor 3"),
        ("plan allocate --budget 90 --strata units.csv --regel kvadratrod", "plan allocate --budget 90 --strata units.csv --rule sqrt"),
        ("plan allocate --budget 90 --strata units.csv --regel KVADRATROD", "plan allocate --budget 90 --strata units.csv --rule sqrt"),
        ("plan allocate --budget 90 --strata units.csv --rule forholdsmaessig", "plan allocate --budget 90 --strata units.csv --rule proportional"),
        ("plan --budget 90 --enheder units.csv --fordel lige", "plan --budget 90 --strata units.csv --allocate equal"),
        ("status --format tabel", "status --format table"),
        ("status --filer", "status --files"),
        ("verify --alle", "verify --all"),
        ("check --periode 2018-Q2 --niveau 2", "check --period 2018-Q2 --level 2"),
        ("check --periode forrige --niveau 2", "check --period 2018-Q2 --level 2"),
        ("check --period denne", "check --period 2018-Q3"),
        ("check --period sidste", "check --period 2018-Q2"),
        ("check --period previous", "check --period 2018-Q2"),
        ("check --sagsliste sagsliste.csv --periode 2018-Q2", "check --register sagsliste.csv --period 2018-Q2"),
        ("--format json status", "status --format json"),
        ("--today 2018-09-01 status", "status --today 2018-09-01"),
        ("--format json status --format csv", "status --format csv"),
        ("--format csv catalogue list", "catalogue list --format csv"),
        ("catalogue --format csv list", "catalogue list --format csv"),
        ("plan --format csv precision --n 30", "plan precision --n 30 --format csv"),
        ("--width 60 status", "status --bredde 60"),
    ],
)  # fmt: skip
def test_a_line_in_other_words_is_the_same_line(
    written: str, meant: str, workspace: Workspace, tilsyn: CommandLine
) -> None:
    tilsyn.write("units.csv", "unit;N\nNord;90\nSyd;400\n")
    ended, same = tilsyn(written), tilsyn(meant)
    assert (ended.out, ended.told) == (same.out, same.told)


@pytest.mark.parametrize(
    "words", ["--grund ingen-adgang", "--grund 'ingen adgang'", "--reason no_access", "--grund no-access"]
)
def test_a_reason_in_any_words(words: str, workspace: Workspace, tilsyn: CommandLine) -> None:
    (draw,) = workspace.draws.in_force()
    case = draw.cases["case_id"].iloc[0]
    assert tilsyn(f"replace {case} {words} --format json").json["reason"] == "no_access"


MONTHS = '[plan.levels.1]\ncadence = "month"\nper_caseworker = 1\n'


@pytest.mark.parametrize(
    ("today", "level", "word", "period"),
    [
        ("2018-07-20", 1, "forrige", "2018-06"),
        ("2018-07-20", 2, "denne", "2018-Q3"),
        ("2018-01-01", 1, "forrige", "2017-12"),
        ("2018-01-01", 2, "last", "2017-Q4"),
        ("2018-03-31", 2, "current", "2018-Q1"),
    ],
)
def test_the_period_before_is_that_of_the_levels_cadence(
    today: str, level: int, word: str, period: str, workspace: Workspace, tilsyn: CommandLine
) -> None:
    settings = tilsyn.root / "tilsyn.toml"
    settings.write_text(settings.read_text("utf-8") + MONTHS, "utf-8")
    told = tilsyn(f"checklists {level} --period {word} --today {today}", code=4).err
    assert f"tilsyn draw {level} --period {period}" in told


def test_a_word_for_a_period_needs_a_workspace(tilsyn: CommandLine) -> None:
    assert "tilsyn init" in tilsyn("draw 2 --period forrige", code=4).told
