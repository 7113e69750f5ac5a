"""The files of published figures that a workspace knows: its own, and the one that comes with tilsyn."""

from __future__ import annotations

from pathlib import Path

from tilsyn.workspace.catalogues import packaged_folder

NAME = "benchmarks.csv"
# Whatever begins so is meant to be one; a workbook is told to be saved as CSV when it is read.
_BEGINS, _ENDINGS = "benchmarks", (".csv", ".xlsx", ".xls", ".ods")


def packaged_benchmarks() -> Path:
    """Return the file of published figures that comes with tilsyn."""
    return packaged_folder() / NAME


def benchmark_files(folder: Path | None) -> list[Path]:
    """Return the files, from a workspace's folder of catalogues: its own copy before the packaged one.

    The others there are of an organisation's own rows, which no later version of tilsyn touches.
    """
    own = [
        path
        for path in (sorted(folder.iterdir()) if folder is not None and folder.is_dir() else [])
        if path.name.lower().startswith(_BEGINS) and path.suffix.lower() in _ENDINGS and path.is_file()
    ]
    return own if NAME in {path.name for path in own} else [packaged_benchmarks(), *own]
