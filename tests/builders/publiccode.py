"""What version 0.7 of the standard asks of a publiccode.yml, as far as it can be told without a network."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

# From the standard's lists of categories and scopes: those that this project may come to use.
CATEGORIES = {
    "business-intelligence", "business-process-management", "compliance-management", "data-analytics",
    "data-collection", "data-visualization", "document-management", "feedback-and-reviews-management",
    "knowledge-management", "regulations-and-directives", "survey", "task-management", "workflow-management",
}  # fmt: skip
SCOPES = {"government", "healthcare", "justice", "local-authorities", "research", "society", "welfare"}
TYPES = {
    "standalone/mobile", "standalone/iot", "standalone/desktop", "standalone/web", "standalone/backend",
    "standalone/other", "addon", "library", "configurationFiles",
}  # fmt: skip
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
KEYS = {
    "publiccodeYmlVersion", "name", "applicationSuite", "url", "landingURL", "isBasedOn", "softwareVersion",
    "releaseDate", "logo", "platforms", "categories", "usedBy", "fundedBy", "organisation", "roadmap",
    "developmentStatus", "softwareType", "intendedAudience", "supports", "description", "legal",
    "maintenance", "localisation", "dependsOn",
}  # fmt: skip
REQUIRED = (
    "publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "description",
    "legal", "maintenance", "localisation",
)  # fmt: skip
_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"


def problems(data: dict[str, Any]) -> list[str]:
    """Return the keys whose values the standard does not take, and those that are missing or unknown."""
    found = [key for key in REQUIRED if key not in data]
    found += [key for key in data if key not in KEYS]
    for path, fits in RULES.items():
        found += [path for value in _at(data, path.split(".")) if not fits(value)]
    return found


def _at(value: Any, path: list[str]) -> list[Any]:
    """Return what stands at a path, `*` being every key or item; nothing where a part is missing."""
    if not path:
        return [value]
    key, *rest = path
    if key == "*":
        items = list(value.values()) if isinstance(value, dict) else list(value)
        return [one for item in items for one in _at(item, rest)]
    return _at(value[key], rest) if isinstance(value, dict) and key in value else []


def _is(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _one_of(known: Collection[str]) -> Callable[[Any], bool]:
    return lambda value: value in known


def _text(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and least <= len(value) <= most


def _has(*keys: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(key in value for key in keys)


def _day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _some(value: Any) -> bool:
    return isinstance(value, list | dict) and bool(value)


def _looked_after(value: Any) -> bool:
    needs = {"internal": "contacts", "community": "contacts", "contract": "contractors", "none": "type"}
    return isinstance(value, dict) and needs.get(value.get("type", ""), "–") in value


RULES: dict[str, Callable[[Any], bool]] = {
    "publiccodeYmlVersion": _is(r"0\.7(\.0)?"),
    "name": _text(1, 200),
    "url": _is(r"https?://\S+"),
    "softwareVersion": _text(1, 50),
    "releaseDate": _day,
    "platforms": _some,
    "platforms.*": _text(1, 50),
    "categories": _some,
    "categories.*": _one_of(CATEGORIES),
    "developmentStatus": _one_of(STATUSES),
    "softwareType": _one_of(TYPES),
    "intendedAudience.countries.*": _is("[A-Z]{2}"),
    "intendedAudience.scope.*": _one_of(SCOPES),
    "description": lambda value: _some(value) and all(_is(_LANGUAGE)(language) for language in value),
    "description.*": _has("shortDescription", "longDescription", "features"),
    "description.*.shortDescription": _text(1, 150),
    "description.*.longDescription": _text(150, 10_000),
    "description.*.features": _some,
    "description.*.features.*": _text(1, 1000),
    "legal": _has("license"),
    "legal.license": _is(r"[A-Za-z0-9.+-]+"),
    "maintenance": _looked_after,
    "maintenance.contacts.*": _has("name"),
    "maintenance.contractors.*": _has("name", "until"),
    "localisation": _has("localisationReady", "availableLanguages"),
    "localisation.localisationReady": lambda value: isinstance(value, bool),
    "localisation.availableLanguages": _some,
    "localisation.availableLanguages.*": _is(_LANGUAGE),
    "dependsOn.open.*": _has("name"),
    "dependsOn.open.*.versionMin": _text(1, 50),
}
