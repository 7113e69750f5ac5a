"""LibreOffice as a second program that opens what tilsyn writes."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path


def resaved(path: Path, folder: Path, suffix: str = "xlsx") -> Path:
    """Open a workbook in LibreOffice, calculate it, and save it in another folder."""
    folder.mkdir(exist_ok=True)
    # One profile for all tests of a process: making a new one takes LibreOffice longer than the rest.
    profile = (
        f"-env:UserInstallation=file://{Path(tempfile.gettempdir()) / f'tilsyn-libreoffice-{os.getpid()}'}"
    )
    command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / f"{path.stem}.{suffix}"
