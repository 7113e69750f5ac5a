"""Whole processes, measured in turn: what a person waits for, and what the machine spends on it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Usage:
    """CPU and wall clock in seconds, and the peak of memory in MB, of one process or of several in a row."""

    cpu: float = 0.0
    wall: float = 0.0
    memory: float = 0.0

    def and_then(self, other: Usage) -> Usage:
        """Return the usage of this and of what ran after it."""
        return Usage(self.cpu + other.cpu, self.wall + other.wall, max(self.memory, other.memory))


@dataclass(frozen=True)
class Contender:
    """Commands that do a job one after the other, in a folder, after `before` has laid it ready."""

    name: str
    commands: Sequence[Sequence[str]]
    folder: Path
    before: Callable[[], None] = lambda: None

    def run(self) -> Usage:
        """Do the job once."""
        self.before()
        used = Usage()
        for command in self.commands:
            used = used.and_then(measure(command, self.folder))
        return used


@dataclass(frozen=True)
class Comparison:
    """A job done by us and by named others, in turn: each list has a usage per run."""

    job: str
    ours: list[Usage] = field(default_factory=list)
    others: dict[str, list[Usage]] = field(default_factory=dict)

    def ratios(self, other: str, what: str) -> list[float]:
        """Return our `cpu`, `wall` or `memory` over that of another, run by run, smallest first."""
        pairs = zip(self.ours, self.others[other], strict=True)
        return sorted(getattr(mine, what) / getattr(theirs, what) for mine, theirs in pairs)


def measure(command: Sequence[str], folder: Path) -> Usage:
    """Run a command; one that fails ends the benchmark with what it said."""
    launched = [sys.executable, "-IS", str(Path(__file__).with_name("launch.py")), *command]
    done = subprocess.run(launched, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
    return Usage(**json.loads(done.stdout))


def compare(job: str, ours: Contender, others: Sequence[Contender], runs: int) -> Comparison:
    """Let all do the job in turn, as often as asked, so that a machine that slows down does so for all."""
    found = Comparison(job, [], {other.name: [] for other in others})
    for _ in range(runs):
        found.ours.append(ours.run())
        for other in others:
            found.others[other.name].append(other.run())
    return found


def middle(usages: Sequence[Usage], what: str) -> float:
    """Return the median of `cpu`, `wall` or `memory`."""
    values: list[float] = [getattr(usage, what) for usage in usages]
    return median(values)
