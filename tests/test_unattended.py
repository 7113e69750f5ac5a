"""What docs/unattended.md gives to cron, systemd and Task Scheduler: each in its own form, with a command that there is."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tilsyn.cli.app import run

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "unattended.md").read_text("utf-8")
SERVICE, TIMER, TASK = (DOCS / "unattended" / f"tilsyn.{kind}" for kind in ("service", "timer", "xml"))
NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
# The parts of Microsoft's schema that are used (learn.microsoft.com, task-scheduler-schema): sequences, then sets.
IN_ORDER = {
    "CalendarTrigger": [
        *("Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit"),
        *("RandomDelay", "ScheduleByDay"),
    ],
}
IN_ANY_ORDER = {
    "Task": ["RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"],
    "RegistrationInfo": ["URI", "Source", "Author", "Version", "Description", "Date"],
    "Triggers": ["CalendarTrigger"],
    "ScheduleByDay": ["DaysInterval"],
    "Principals": ["Principal"],
    "Principal": ["UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"],
    "Settings": [
        *("AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy", "DisallowStartIfOnBatteries"),
        *("StopIfGoingOnBatteries", "AllowHardTerminate", "StartWhenAvailable", "RunOnlyIfNetworkAvailable"),
        *("WakeToRun", "Enabled", "Hidden", "IdleSettings", "ExecutionTimeLimit", "Priority"),
    ],
    "Actions": ["Exec"],
    "Exec": ["Command", "Arguments", "WorkingDirectory"],
}


def command_lines() -> Iterator[tuple[str, list[str]]]:
    """Yield every command line that somebody copies, with where it stands."""
    service = re.search(r"^ExecStart=(.*)$", SERVICE.read_text("utf-8"), re.M)
    assert service is not None
    yield "service", shlex.split(service[1])[1:]
    arguments = ElementTree.parse(TASK).findtext(f".//{NAMESPACE}Arguments")
    assert arguments is not None
    yield "task", arguments.split()
    for number, line in enumerate(re.findall(r"^(?:.* )?(?:/opt/tilsyn/bin/)?tilsyn (.*)$", _code(), re.M)):
        yield f"page-{number}", shlex.split(line)


def _code() -> str:
    """Return what is to be typed or copied on the page."""
    return "\n".join(re.findall(r"^```(?:sh|text)\n(.*?)^```", PAGE, re.M | re.S))


LINES = [
    pytest.param(words, id=where)
    for where, words in command_lines()
    if words and not words[0].startswith("/")
]


@pytest.mark.parametrize("words", LINES)
def test_every_command_line_is_one_that_tilsyn_takes(words, capsys):
    assert run([*words, "--help"]) == 0
    assert run([words[0], "--no-such-option", *words[1:], "--help"]) == 2
    capsys.readouterr()


def test_there_are_command_lines():
    commands = [line.values[0][0] for line in LINES]
    assert commands.count("run") == 4
    assert "status" in commands


@pytest.mark.systemd
def test_systemd_takes_the_service_and_the_timer(tmp_path):
    there = SERVICE.read_text("utf-8").replace("/opt/tilsyn/bin/tilsyn", str(shutil.which("true")))
    (tmp_path / "tilsyn.service").write_text(there, "utf-8")
    shutil.copy(TIMER, tmp_path)

    def verified() -> tuple[int, str]:
        units = [str(tmp_path / path.name) for path in (SERVICE, TIMER)]
        ended = subprocess.run(
            ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
        )
        return ended.returncode, ended.stdout + ended.stderr

    assert verified() == (0, "")
    (tmp_path / "tilsyn.service").write_text(there.replace("ProtectHome", "ProtectHomes"), "utf-8")
    assert "ProtectHomes" in verified()[1]


def test_the_timer_says_which_zone_its_morning_is_of():
    assert "OnCalendar=*-*-* 05:00:00 Europe/Copenhagen\n" in TIMER.read_text("utf-8")


def test_the_task_is_of_microsofts_schema():
    task = ElementTree.parse(TASK).getroot()
    for element in task.iter():
        name = element.tag.removeprefix(NAMESPACE)
        children = [child.tag.removeprefix(NAMESPACE) for child in element]
        if name in IN_ORDER:
            assert children == [child for child in IN_ORDER[name] if child in children], name
        else:
            assert set(children) <= set(IN_ANY_ORDER.get(name, ())), name
            assert len(children) == len(set(children)), name
    principal, actions = (task.find(f".//{NAMESPACE}{name}") for name in ("Principal", "Actions"))
    assert principal is not None
    assert actions is not None
    assert principal.get("id") == actions.get("Context")


def test_the_task_is_in_a_form_that_schtasks_reads():
    """It reads ANSI and UTF-16, and no UTF-8 by name or mark."""
    assert TASK.read_bytes().startswith(b'<?xml version="1.0"?>')
    assert TASK.read_bytes().isascii()
