"""The files of published figures that a workspace knows: its own, and the one that comes with tilsyn."""

from __future__ import annotations

from pathlib import Path

from tilsyn.workspace.catalogues import packaged_folder

NAME = "benchmarks.csv"
# Files of an organisation's own rows, which no later version of tilsyn touches.
_OWN = "benchmarks-*.csv"


def packaged_benchmarks() -> Path:
    """Return the file of published figures that comes with tilsyn."""
    return packaged_folder() / NAME


def benchmark_files(folder: Path | None) -> list[Path]:
    """Return the files, from a workspace's folder of catalogues: its own copy before the packaged one."""
    copy = folder / NAME if folder is not None else None
    shared = copy if copy is not None and copy.is_file() else packaged_benchmarks()
    return [shared, *(sorted(folder.glob(_OWN)) if folder is not None else [])]
