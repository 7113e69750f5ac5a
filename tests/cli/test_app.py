"""The command line itself: exit codes, languages, formats, messages."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import pytest
import typer

from tilsyn.base import clock, language
from tilsyn.base.problems import CheckFailed, InputError, Problem, Refused, UsageError
from tilsyn.cli import app as cli
from tilsyn.cli.command import command
from tilsyn.cli.console import Console, Result, Table, console

ENDINGS = {
    "usage": (UsageError("m", "r"), 2),
    "input": (InputError([Problem("found 120374-6598", "mend it", file="f.csv", row=7)]), 3),
    "settings": (InputError([Problem("m", "r", file="tilsyn.toml", row=7, column="plan[1].units")]), 3),
    "refused": (Refused("m", "r"), 4),
    "check": (CheckFailed("m", "r"), 5),
    "access": (PermissionError(errno.EACCES, "Permission denied", "samples/.log.lock"), 4),
    "read-only": (OSError(errno.EROFS, "Read-only file system", "reports"), 4),
    "folder": (IsADirectoryError(errno.EISDIR, "Is a directory", "checklists"), 4),
    "full": (OSError(errno.ENOSPC, "No space left on device", "reports/a.xlsx"), 4),
}


def add_to(app: typer.Typer) -> None:
    @command(app, "probe", "app")
    def probe(
        end: Annotated[str, typer.Option()] = "",
        level: Annotated[int, typer.Option(min=1, max=4)] = 2,
        share: Annotated[float, typer.Option()] = 0.5,
        nothing: Annotated[bool, typer.Option("--nothing")] = False,
    ) -> Result:
        """Stand in for a command."""
        if end == "bug":
            raise ZeroDivisionError
        if end == "stopped":
            # What DuckDB makes of Ctrl-C.
            raise RuntimeError("Query interrupted") from KeyboardInterrupt()
        if end in ENDINGS:
            raise ENDINGS[end][0]
        console().note(f"{language.language()} {clock.today()}")
        rows = [{"share": 0.5, "day": str(clock.today())}]
        return Result(
            {"schema": "tilsyn/probe/1", "rows": rows},
            rows,
            ["done to 120374-6598", Table(["a", ">b"], [["æ", "1"]])],
            nothing=nothing,
        )


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(cli, "COMMANDS", ("probe",))
    monkeypatch.setitem(sys.modules, "tilsyn.cli.probe", sys.modules[__name__])
    monkeypatch.setitem(cli._AREAS, "probe", "app")
    caches = (cli.build, cli.build_root)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("probe")
class TestCommand:
    @pytest.mark.parametrize("end", ENDINGS)
    def test_each_ending_has_its_exit_code_and_leaves_stdout_empty(
        self, end: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.run(["probe", "--end", end]) == ENDINGS[end][1]
        out, err = capsys.readouterr()
        assert out == ""
        assert "Fejl" in err

    def test_a_disk_that_refuses_is_told_with_the_file_and_is_no_bug(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cli.run(["probe", "--end", "access"])
        assert "samples/.log.lock kan ikke læses eller skrives" in capsys.readouterr().err
        cli.run(["probe", "--end", "full"])
        assert "ikke plads til reports/a.xlsx" in capsys.readouterr().err

    def test_a_log_that_cannot_be_written_is_told_before_anything_is_done(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for place in (tmp_path, tmp_path / "none" / "log.json"):
            assert cli.run(["probe", "--log-json", str(place)]) == 2
            out, err = capsys.readouterr()
            assert f"kan ikke skrives i {place}" in " ".join(err.split())
            assert out == ""

    def test_a_message_never_shows_a_cpr_number(self, capsys: pytest.CaptureFixture[str]) -> None:
        cli.run(["probe", "--end", "input"])
        err = capsys.readouterr().err
        assert "12xxxx-xxxx" in err
        assert "6598" not in err
        assert "række 7" in err

    def test_a_settings_file_has_lines_and_settings(self, capsys: pytest.CaptureFixture[str]) -> None:
        cli.run(["probe", "--end", "settings"])
        assert "tilsyn.toml, linje 7, indstilling plan[1].units: m" in capsys.readouterr().err

    def test_json_is_the_result_and_nothing_else(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["probe", "--format", "json", "--today", "2018-07-05"]) == 0
        out, err = capsys.readouterr()
        assert json.loads(out)["rows"] == [{"share": 0.5, "day": "2018-07-05"}]
        assert "da 2018-07-05" in err

    def test_the_day_and_language_do_not_outlive_the_command(self) -> None:
        cli.run(["probe", "--today", "2018-07-05", "--lang", "en"])
        assert str(clock.today()) != "2018-07-05"
        assert language.language() == "da"

    def test_csv_and_quiet(self, capsys: pytest.CaptureFixture[str]) -> None:
        cli.run(["probe", "--format", "csv", "--quiet", "--today", "2018-07-05"])
        assert capsys.readouterr() == ("share,day\n0.5,2018-07-05\n", "")

    def test_messages_can_be_kept_as_json_lines(self, tmp_path: Path) -> None:
        cli.run(["probe", "--end", "input", "--log-json", str(tmp_path / "log")])
        text = (tmp_path / "log").read_text()
        entry, end = map(json.loads, text.splitlines())
        assert (entry["level"], entry["problem"]["row"]) == ("error", 7)
        assert (end["command"], end["level"], end["exit_code"]) == ("probe", "end", 3)
        assert "6598" not in text

    @pytest.mark.parametrize("end", ["", *ENDINGS])
    def test_the_last_json_line_says_how_it_ended(self, end: str, tmp_path: Path) -> None:
        code = cli.run(["probe", "--quiet", "--end", end, "--log-json", str(tmp_path / "log")])
        last = json.loads((tmp_path / "log").read_text().splitlines()[-1])
        assert (last["level"], last["exit_code"]) == ("end", code)

    @pytest.mark.parametrize("format", ["table", "json"])
    def test_what_was_done_is_kept_as_json_lines_too(self, format: str, tmp_path: Path) -> None:
        options = ["--quiet", "--format", format, "--log-json", str(tmp_path / "log")]
        cli.run(["probe", *options])
        cli.run(["probe", "--nothing", *options])
        kept = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
        assert [line["level"] for line in kept] == ["note", "result", "end", "note", "end"]
        assert kept[1]["message"] == "done to 12xxxx-xxxx"

    def test_the_last_json_line_says_that_a_bug_ended_it(self, tmp_path: Path) -> None:
        with pytest.raises(ZeroDivisionError):
            cli.run(["probe", "--end", "bug", "--log-json", str(tmp_path / "log")])
        assert json.loads((tmp_path / "log").read_text())["exit_code"] == 1

    def test_a_query_that_is_stopped_is_no_bug(self) -> None:
        assert cli.run(["probe", "--end", "stopped"]) == 130

    def test_json_lines_of_commands_at_once_stay_whole(self, tmp_path: Path) -> None:
        def tell(number: int) -> None:
            own = Console(quiet=True, log_json=tmp_path / "log")
            for length in range(0, 40_000, 900):
                own.note(f"{number}" * length)
            own.end(0)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(tell, range(4)))
        lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
        assert len(lines) == 4 * (len(range(0, 40_000, 900)) + 1)

    def test_a_log_that_fills_the_disk_changes_nothing_else(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["probe", "--log-json", "/dev/full"]) == 0
        out, err = capsys.readouterr()
        assert "æ" in out
        assert err.count("kan ikke skrives i /dev/full") == 1

    @pytest.mark.parametrize(
        ("options", "shown"),
        [
            ([], True),
            (["--quiet"], False),
            (["--quiet", "--format", "json"], True),
            (["--quiet", "--format", "csv"], True),
        ],
    )
    def test_nothing_to_do_is_silence_when_quiet(
        self, options: list[str], shown: bool, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.run(["probe", "--nothing", *options]) == 0
        assert (capsys.readouterr().out != "") == shown
        assert cli.run(["probe", *options]) == 0
        assert capsys.readouterr().out

    def test_help_is_danish_by_default_and_english_on_request(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.run(["probe", "--help"]) == 0
        danish = capsys.readouterr().out
        assert "Eksempel" in danish
        assert "Brug: tilsyn probe [VALG]" in danish
        assert not {"Usage", "OPTIONS", "Show", "message"} & set(
            danish.replace("[", " ").replace("]", " ").split()
        )
        assert cli.run(["probe", "--help", "--lang", "en"]) == 0
        assert "Example" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("words", "danish"),
        [
            (["probe", "--format", "xml"], "--format: »xml« er ikke en af table, json, csv"),
            (["probe", "--level", "7"], "--level skal være højst 4"),
            (["probe", "--level", "0"], "--level skal være mindst 1"),
            (["probe", "--level", "to"], "--level skal være et helt tal"),
            (["probe", "--share", "x"], "--share skal være et tal"),
            (["probe", "--today", "5/7"], "»5/7« er ikke en dato"),
            (["probe", "--today", "0001-01-01"], "»0001-01-01« er ikke en dato"),
            (["probe", "--today", "9999-12-31"], "»9999-12-31« er ikke en dato"),
            (["probe", "--ende"], "intet valg, der hedder --ende"),
            (["probe", "--end"], "skal have en værdi"),
            (["probe", "more"], "skrevet for meget"),
            (["nosuch"], "ingen kommando"),
            (["--lang", "da"], "mangler en kommando"),
        ],
    )
    def test_wrong_usage_is_2_and_told_in_danish(
        self, words: list[str], danish: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.run(words) == 2
        out, err = capsys.readouterr()
        assert danish in err
        assert "--help" in err
        assert out == ""


@pytest.mark.parametrize("format", ["table", "json", "csv"])
def test_a_reader_who_leaves_early_changes_no_exit_code(format: str) -> None:
    many = 'Result({"a": ["x"] * 99999}, [{"a": 1}] * 99999, [Table(["a"], [["x"]] * 9999)])'
    code = (
        f"from tilsyn.cli.console import Result, Table, show\nshow({many}, {format!r})\nraise SystemExit(5)"
    )
    started = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.read(10)
        started.stdout.close()
        told = started.stderr.read()
    assert (started.returncode, told) == (5, b"")


def test_the_workspace_decides_the_language(tmp_path: Path) -> None:
    (tmp_path / "tilsyn.toml").write_text('language = "en"\n')
    assert cli.starting_language([], tmp_path / "samples") == "en"
    assert cli.starting_language(["draw", "--lang=da"], tmp_path) == "da"


def test_a_bug_shows_no_cpr_number() -> None:
    # The library of the command line has a hook of its own, which would show it.
    code = """import sys
from tilsyn.cli import app, command
def bug(*_):
    raise ValueError('120374-6598')
command._end = bug
sys.argv = ["tilsyn", "status"]
app.main()
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "Det er en fejl i tilsyn" in ended.stderr
    assert "6598" not in ended.stderr
