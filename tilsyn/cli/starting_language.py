"""The language that a command line begins in, before it is read as a whole."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tilsyn.base import language
from tilsyn.base.aliases import program_word


def starting_language(arguments: Sequence[str], folder: Path) -> str:
    """Return the language to begin in: `--lang`, TILSYN_LANG, the workspace's own, Danish.

    The workspace is that of `--workspace`, or in the folder or further up.
    """
    chosen = [program_word(value) for value in _written(arguments, "lang")]
    chosen.append(os.environ.get("TILSYN_LANG", ""))
    named = [folder / value for value in _written(arguments, "workspace")]
    for root in named[-1:] or (folder, *folder.parents):
        if (settings := root / "tilsyn.toml").is_file():
            import tomllib

            # The command that needs the settings says what is wrong with them.
            with contextlib.suppress(tomllib.TOMLDecodeError, UnicodeDecodeError):
                chosen.append(str(tomllib.loads(settings.read_text("utf-8")).get("language", "")))
            break
    return next((lang for lang in chosen if lang in language.LANGUAGES), "da")


def _written(arguments: Sequence[str], option: str) -> Iterator[str]:
    """Yield what is written for an option."""
    for word, after in itertools.pairwise([*arguments, ""]):
        name, sign, value = word.partition("=")
        if name.startswith("--") and program_word(name[2:]) == option:
            yield value if sign else after
