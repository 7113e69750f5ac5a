"""What tilsyn writes is what stands in tests/snapshots."""

from __future__ import annotations

import difflib

import pytest

from tests.write_snapshots import FOLDER, NAMES, texts


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return texts()


def test_the_folder_holds_every_snapshot_and_no_other(written: dict[str, str]) -> None:
    assert set(written) == set(NAMES) == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_it_writes_what_it_wrote_before(name: str, written: dict[str, str]) -> None:
    before = (FOLDER / name).read_text("utf-8").splitlines()
    difference = difflib.unified_diff(before, written[name].splitlines(), "before", "now", lineterm="")
    told = "\n".join(difference)
    assert not told, f"{name} differs; `make snapshots` takes it as right:\n{told}"
