"""Wrong usage of every command is told in the words of its help, never by a name of the program's own."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.builders.command_line import CommandLine
from tests.write_docs import UNDER
from tilsyn.cli import usage
from tilsyn.cli.app import COMMANDS, build

LINES = [*((name,) for name in COMMANDS), *((group, name) for group in UNDER for name in UNDER[group])]


def leaf(words: tuple[str, ...], lang: str) -> Any:
    """Return a command as the library has it."""
    found: Any = build(words[0], lang)
    for word in words[1:]:
        found = found.commands[word]
    return found


def arguments(words: tuple[str, ...], lang: str) -> list[Any]:
    return [one for one in leaf(words, lang).params if one.param_type_name == "argument"]


def required(words: tuple[str, ...]) -> list[Any]:
    return [one for one in leaf(words, "da").params if one.required]


MISSING = [(words, one.name) for words in LINES for one in required(words)]


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize(("words", "name"), MISSING, ids=[f"{' '.join(w)} {n}" for w, n in MISSING])
def test_what_is_missing_is_named_as_in_the_help(
    tilsyn: CommandLine, words: tuple[str, ...], name: str, lang: str
) -> None:
    given: list[str] = []
    for one in required(words):
        if one.name == name:
            break
        given += [one.opts[0], "1"] if one.param_type_name == "option" else ["1"]
    later = [one for one in required(words) if one.param_type_name == "option" and one.name != name]
    given += [part for one in later if one.opts[0] not in given for part in (one.opts[0], "1")]
    ended = tilsyn(*words, *given, "--lang", lang, code=2)
    told = re.search(r"mangler (\S+)\.|: (\S+) is missing", ended.told)
    assert told is not None, ended.err
    shown = told[1] or told[2]
    assert shown in tilsyn(*words, "--help", "--lang", lang).out
    assert shown.startswith("--") or shown.isupper()
    assert f"tilsyn {' '.join(words)} --help" in ended.told


@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_an_argument_has_a_name_in_each_language(words: tuple[str, ...]) -> None:
    for lang in ("da", "en"):
        assert all(one.metavar and one.metavar.isupper() for one in arguments(words, lang))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("draw x --period 2018-Q2", "NIVEAU skal være et helt tal"),
        ("checklists 10 --period 2018-Q2", "noget niveau 10"),
        ("plan detect x 0.8", "FØR skal være et tal"),
        ("plan detect 2 0.8", "FØR skal ligge mellem 0 og 1"),
        ("plan detect 0.9 -- -1", "EFTER skal ligge mellem 0 og 1"),
    ],
)
def test_a_value_that_does_not_fit_is_told_by_that_name(tilsyn: CommandLine, line: str, told: str) -> None:
    assert told in tilsyn(line, code=2).told


def test_only_options_that_are_given_are_read(tilsyn: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library reads each option by a form of its own, which takes long to make."""
    made, build_one = [], usage.build_runtime_param
    monkeypatch.setattr(usage, "build_runtime_param", lambda what: made.append(what) or build_one(what))
    tilsyn("draw", "2", "--period", "2018-Q2", "--today", "2018-07-03", code=4)
    # The format has a usual value, before the command and after it.
    assert len(made) == len(("--format", "--format", "2", "--period", "--today"))
