"""The report's sheets as plain tables and texts, internal and public."""

from tilsyn.reports.edition import (
    Material,
    Report,
    build,
)

__all__ = [
    "Material",
    "Report",
    "build",
]
