"""publiccode.yml is as version 0.7 of the standard asks, and says what the project's other files say."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.builders.publiccode import problems
from tilsyn import __version__
from tilsyn.base import language

ROOT = Path(__file__).parent.parent
DATA: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))


def test_it_is_valid() -> None:
    assert problems(DATA) == []


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        # None: the key is taken out.
        ("name", None, "name"),
        ("localisation", None, "localisation"),
        ("legal.license", None, "legal"),
        ("description.da.features", None, "description.*"),
        ("localisation.availableLanguages", None, "localisation"),
        ("publiccodeYmlVersion", "0.4", "publiccodeYmlVersion"),
        ("publiccodeYmlVersion", 0.7, "publiccodeYmlVersion"),
        ("softwareVersion", 0.1, "softwareVersion"),
        ("releaseDate", "22-11-2026", "releaseDate"),
        ("releaseDate", "2026-11-31", "releaseDate"),
        ("url", "tilsyn", "url"),
        ("platforms", [], "platforms"),
        ("categories", ["ledelsestilsyn"], "categories.*"),
        ("intendedAudience.scope", ["social-services"], "intendedAudience.scope.*"),
        ("intendedAudience.countries", ["dk"], "intendedAudience.countries.*"),
        ("softwareType", "standalone", "softwareType"),
        ("developmentStatus", "alpha", "developmentStatus"),
        ("description", {"dansk": {}}, "description"),
        ("description.en.shortDescription", "x" * 151, "description.*.shortDescription"),
        ("description.en.longDescription", "x" * 149, "description.*.longDescription"),
        ("maintenance", {"type": "internal"}, "maintenance"),
        ("maintenance", {"type": "contract", "contractors": [{"name": "x"}]}, "maintenance.contractors.*"),
        ("localisation.localisationReady", "yes", "localisation.localisationReady"),
        ("license", "MPL-2.0", "license"),
    ],
)
def test_what_is_not_valid_is_found(path: str, value: Any, found: str) -> None:
    changed = copy.deepcopy(DATA)
    *above, key = path.split(".")
    place = changed
    for part in above:
        place = place[part]
    if value is None:
        del place[key]
    else:
        place[key] = value
    assert found in problems(changed)


def test_it_says_what_the_other_files_say() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (DATA["name"], DATA["legal"]["license"]) == (project["name"], project["license"])
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("Mozilla Public License Version 2.0")
    assert DATA["legal"]["license"] == "MPL-2.0"
    assert f"## {DATA['softwareVersion']} ({DATA['releaseDate']})" in (ROOT / "CHANGELOG.md").read_text(
        "utf-8"
    )
    assert DATA["softwareVersion"] == __version__
    spoken = sorted(
        {name for entry in language.dictionary("common").values() for name in entry} & {"da", "en"}
    )
    assert sorted(DATA["localisation"]["availableLanguages"]) == spoken == sorted(DATA["description"])
    (python,) = (item for item in DATA["dependsOn"]["open"] if item["name"] == "Python")
    assert project["requires-python"] == f">={python['versionMin']}"
