"""`make fuzz`: damaged registers and workbooks for as long as one likes; each fault with the number that makes it again.

python -m tests.fuzz.run --minutes 120 --first 1000000
python -m tests.fuzz.run --only 1000123
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from itertools import count
from pathlib import Path

from tests.fuzz import registers, workbooks


class Fuzzer:
    """Damages files by number: the same number, the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.returned = workbooks.returned(folder / "returned")

    def hold(self, number: int) -> str:
        """Read one damaged file: `accepted` or `refused`; anything else is raised."""
        chance = random.Random(number)
        if number % 10 >= 7:
            content, how = workbooks.damaged(self.returned, chance)
            return "workbook " + workbooks.hold(self.returned, content, how)
        make = registers.damaged_xlsx if number % 10 >= 5 else registers.damaged_csv
        with tempfile.TemporaryDirectory(dir=self.folder) as place:
            return "register " + registers.hold(Path(place), make(chance))


def main() -> int:
    """Fuzz for some minutes, or one number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--first", type=int, default=time.time_ns() // 1_000_000_000)
    parser.add_argument("--only", type=int)
    asked = parser.parse_args()
    ends = time.monotonic() + 60 * asked.minutes
    ended: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(Path(folder))
        for number in [asked.only] if asked.only is not None else count(asked.first):
            if time.monotonic() > ends:
                break
            try:
                ended[fuzzer.hold(number)] += 1
            except KeyboardInterrupt:
                break
            # A fault of any kind is what is looked for here; it is told, and the next file is tried.
            except BaseException:  # noqa: BLE001
                ended["fault"] += 1
                print(f"number {number}:\n{traceback.format_exc()}", flush=True)
    print(", ".join(f"{name} {n}" for name, n in sorted(ended.items())))
    return 1 if ended["fault"] else 0


if __name__ == "__main__":
    sys.exit(main())
