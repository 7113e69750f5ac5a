"""`tilsyn init` where a workspace is already: nothing is changed, and another one is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Refused
from tilsyn.procedure.init_settings import WantedWorkspace, path_from, toml_text
from tilsyn.settings.schema import Settings
from tilsyn.workspace.workspace import SETTINGS_NAME, read_settings


def settings_there(root: Path, wanted: WantedWorkspace) -> Settings:
    """Return the settings of the workspace that is there; refused where they are not what is asked for.

    What nobody asks for may have been changed since: it is the organisation's own.
    """
    try:
        settings = read_settings(root / SETTINGS_NAME)
    except InputError:
        raise Refused(say("init.there_already", folder=root), say("init.there_already_remedy")) from None
    differing = [
        say("init.no_value", place=place, asked=toml_text(asked))
        if there is None
        else say("init.other_value", place=place, asked=toml_text(asked), there=toml_text(there))
        for place, asked, there in _asked(root, wanted, settings)
        if there is None or same_name(asked) != same_name(there)
    ]
    if differing:
        found = say("init.there_differs", folder=root, differing="; ".join(differing))
        raise Refused(found, say("init.there_already_remedy"))
    return settings


def _asked(root: Path, wanted: WantedWorkspace, there: Settings) -> Iterator[tuple[str, str, str | None]]:
    """Yield each key that an option gives, with what is asked and what is there."""
    named = there.organisation.model_dump(exclude_unset=True)
    for key, asked in wanted.organisation.model_dump(exclude_unset=True).items():
        yield f"[organisation] {key}", asked, named.get(key)
    if wanted.register is not None:
        yield "[register] path", path_from(root, wanted.register), there.register.path
    if wanted.unit is not None:
        yield "[register] unit", wanted.unit, there.register.unit
    for column, heading in wanted.columns.items():
        yield f"[register.columns] {column}", heading, there.register.columns.get(column)
    if wanted.baseline is not None:
        yield "[[plan]] baseline", wanted.baseline, there.latest_plan.baseline
