"""Several `tilsyn run` at once: processes of their own that begin at the same moment."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import pkgutil
import subprocess
import sys
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import tilsyn.procedure
from tests.builders.life_dice import Dice
from tilsyn.cli.app import COMMANDS, build, run

ROOT = Path(__file__).parent.parent.parent


def race(words: list[str], seed: int, folder: Path, racers: int) -> list[tuple[int, str]]:
    """Run one command line in so many processes, and return how each ended and what it printed."""
    folder.mkdir(exist_ok=True)
    given = json.dumps({"words": words, "seed": seed, "folder": str(folder), "racers": racers})
    subprocess.run(
        [sys.executable, "-m", "tests.builders.life_race", given],
        check=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    told = [(folder / str(number)).read_text("utf-8") for number in range(racers)]
    ended = json.loads((folder / "ended").read_text("utf-8"))
    return list(zip(ended, told, strict=True))


def _start(given: dict[str, Any]) -> None:
    """Read all that a command needs, fork, and let all begin when the last is ready."""
    for name in COMMANDS:
        build(name, "da")
    for module in pkgutil.iter_modules(tilsyn.procedure.__path__):
        importlib.import_module(f"tilsyn.procedure.{module.name}")
    Dice(given["seed"]).lie(setattr)
    folder, forked = Path(given["folder"]), multiprocessing.get_context("fork")
    gate = forked.Barrier(given["racers"])
    racers = [
        forked.Process(target=_racer, args=(given["words"], folder / str(number), gate))
        for number in range(given["racers"])
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    (folder / "ended").write_text(json.dumps([racer.exitcode for racer in racers]), "utf-8")


def _racer(words: list[str], told: Path, gate: Barrier) -> None:
    handle = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    gate.wait()
    sys.exit(run(words))


if __name__ == "__main__":
    _start(json.loads(sys.argv[1]))
