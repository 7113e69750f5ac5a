"""The page that recomputes a draw in a browser: `dossier_page.html` with its words filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from tilsyn.base.language import dictionary, language


def dossier_page(known: Mapping[str, Sequence[str]]) -> str:
    """Return the page; `known` has, for each draw's id, the SHA-256 that its `draw.json` may have."""
    text = (files("tilsyn.formats") / "dossier_page.html").read_text("utf-8")
    words = {f"page.{key}": entry for key, entry in dictionary("page").items()}
    filled = {"@LANG@": language(), "@WORDS@": _data(words), "@KNOWN@": _data(known)}
    for place, value in filled.items():
        text = text.replace(place, value, 1)
    return text


def _data(value: Mapping[str, Any]) -> str:
    """Return data as JSON that cannot end the element it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
