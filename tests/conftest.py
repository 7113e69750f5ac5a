"""What all tests share: left-out tests are named, and none is left out where everything is installed."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from tests.builders import browser
from tests.builders.command_line import CommandLine
from tests.builders.workspaces import LOADED_ON, copy_small_workspace, make_small_workspace
from tilsyn.base import clock, language, own_numbers
from tilsyn.workspace.workspace import Workspace

DATA = Path(__file__).parent / "data"

# Timings are never asserted: a busy machine is no failure.
# Half of the usual examples: all tests together have half an hour on two cores.
settings.register_profile("tilsyn", deadline=None, max_examples=50)
# The same few examples for every fault of `make mutants`, where any failure will do: none is made smaller.
settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    max_examples=20,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("tilsyn")


def _has_r_survey() -> bool:
    """Tell whether R and its package survey are here."""
    if shutil.which("Rscript") is None:
        return False
    asked = ["Rscript", "-e", "quit(status = !requireNamespace('survey', quietly = TRUE))"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


# Marker to the program it needs, and how to tell whether it is here.
NEEDS: dict[str, tuple[str, Callable[[], bool]]] = {
    "browser": ("Chromium (chromium)", browser.is_here),
    "libreoffice": ("LibreOffice (libreoffice-calc)", lambda: shutil.which("soffice") is not None),
    "openssh": ("ssh-keygen (openssh-client)", lambda: shutil.which("ssh-keygen") is not None),
    "postgres": ("PostgreSQL (TILSYN_POSTGRES)", lambda: "TILSYN_POSTGRES" in os.environ),
    "shells": ("zsh and fish", lambda: None not in (shutil.which("zsh"), shutil.which("fish"))),
    "systemd": ("systemd-analyze (systemd)", lambda: shutil.which("systemd-analyze") is not None),
    "r": ("R with survey (r-cran-survey)", _has_r_survey),
    "slow": ("TILSYN_SLOW=1", lambda: "TILSYN_SLOW" in os.environ),
}


@functools.cache
def missing() -> dict[str, str]:
    """Return the markers whose program is not here, each with what it needs."""
    return {marker: program for marker, (program, is_here) in NEEDS.items() if not is_here()}


def pytest_configure() -> None:
    """Refuse to leave tests out where everything is said to be installed; the machine is no matter."""
    os.environ.pop("COLUMNS", None)
    if "TILSYN_ALL_TESTS" in os.environ and missing():
        raise pytest.UsageError(f"missing: {', '.join(missing().values())}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests whose program is missing; properties come last, for they take longer to fail."""
    items.sort(key=lambda item: item.get_closest_marker("hypothesis") is not None)
    gone = {item for item in items if any(item.get_closest_marker(marker) for marker in missing())}
    if gone:
        config.hook.pytest_deselected(items=list(gone))
        items[:] = [item for item in items if item not in gone]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, and what it needs."""
    for marker, program in missing().items():
        terminalreporter.write_line(f"left out: the tests marked {marker}, which need {program}")


@pytest.fixture(autouse=True)
def _danish_and_a_running_clock() -> Iterator[None]:
    """Begin and end every test in Danish with the real day."""
    language.set_language("da")
    clock.set_today(None)
    yield
    language.set_language("da")
    clock.set_today(None)
    own_numbers.look_for({})


@pytest.fixture
def machine_in() -> Iterator[Callable[[str], None]]:
    """Return what moves this machine to a time zone, until the test ends."""
    with pytest.MonkeyPatch.context() as environment:

        def move(zone: str) -> None:
            environment.setenv("TZ", zone)
            time.tzset()

        yield move
    time.tzset()


@pytest.fixture
def example_register() -> Path:
    """Return the register export as a case system gives it."""
    return DATA / "sagsliste-2018K2.csv"


@pytest.fixture
def tilsyn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """Return the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return CommandLine(tmp_path, capsys)


@pytest.fixture(scope="session")
def small_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small workspace with its draw and workbooks, for copies to be made of."""
    root = tmp_path_factory.mktemp("made") / "workspace"
    make_small_workspace(root)
    return root


@pytest.fixture
def workspace(small_made: Path, tilsyn: CommandLine) -> Workspace:
    """Return a copy of the small workspace where the command line is, on the day of loading."""
    tilsyn.today = LOADED_ON.isoformat()
    return copy_small_workspace(small_made, tilsyn.root)[0]
