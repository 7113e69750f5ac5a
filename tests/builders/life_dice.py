"""Seeds that rest on the level and the period alone, however often they are asked for: two lives draw the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from tilsyn.procedure import draw, draw_attempts


class Dice:
    """Stands in for the system's random source of draws."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._of = ""
        self._real: Callable[..., Any] = draw_attempts.seed_of

    def seed_of(self, log: Any, record: Any, *more: Any) -> Any:
        """Do as the command does, and remember of which draw it is."""
        self._of = record.draw_id
        return self._real(log, record, *more)

    def token_hex(self, size: int) -> str:
        """Return the seed of the draw that is made just now."""
        return hashlib.sha256(f"{self.seed}\n{self._of}".encode()).hexdigest()[: 2 * size]

    def lie(self, put: Callable[[Any, str, Any], None]) -> None:
        """Take the place of the random source; `put` is how an attribute is set."""
        put(draw, "seed_of", self.seed_of)
        put(draw_attempts, "secrets", self)
