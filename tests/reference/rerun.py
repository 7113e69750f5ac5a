"""Rerun the R scripts of this folder and hold what they print against what is stored (`make reference`).

`--write` stores what they print. Run from the repository's root: `python -m tests.reference.rerun [--write]`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent


def rerun(target: Path) -> list[str]:
    """Run every script into a folder; return the names of the files they printed."""
    for script in sorted(FOLDER.glob("*.R")):
        subprocess.run(["Rscript", "--vanilla", str(script), str(target)], check=True)
    return sorted(path.name for path in target.glob("*.csv"))


def differences(target: Path, names: Sequence[str]) -> list[str]:
    """Return what is stored otherwise than it was printed: numbers to 12 decimals, all else to the letter."""
    found = []
    for name in names:
        if not (FOLDER / name).is_file():
            found.append(f"{name}: not stored")
            continue
        try:
            pd.testing.assert_frame_equal(
                pd.read_csv(target / name), pd.read_csv(FOLDER / name), check_exact=False, rtol=0, atol=1e-12
            )
        except AssertionError as difference:
            found.append(f"{name}: {difference}")
    return found


def main(arguments: Sequence[str]) -> int:
    """Compare, or store with `--write`; 1 when something differs."""
    if shutil.which("Rscript") is None:
        print("R is not here: the stored values stand.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        names = rerun(target)
        if "--write" in arguments:
            for name in names:
                shutil.copyfile(target / name, FOLDER / name)
        found = differences(target, names)
    for difference in found:
        print(difference, file=sys.stderr)
    print(f"{len(names)} files printed by R, {len(found)} stored otherwise")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
