"""Which days count as hverdage: a country's, and those that can be doubted."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, model_validator

from tilsyn.base.countries import DANISH_DAYS, DENMARK, countries
from tilsyn.base.toml_tables import TomlTable, fault
from tilsyn.settings.names import Flag


def _country(value: str) -> str:
    if value != DENMARK and value not in countries():
        raise fault("settings.unknown_country", value=value)
    return value


class Hverdage(TomlTable):
    """Which doubtful days count as hverdage; Sundays and the public holidays of `country` never do.

    A key that is given is chosen; the rest are as they are until a lawyer has decided. The days of Denmark
    speak for it alone.
    """

    country: Annotated[str, AfterValidator(_country)] = DENMARK
    subdivision: str | None = None
    saturdays: Flag = False
    grundlovsdag: Flag = False
    christmas_eve: Flag = False
    new_years_eve: Flag = False
    friday_after_ascension: Flag = True

    @model_validator(mode="after")
    def _of_the_country(self) -> Hverdage:
        usual = type(self).model_fields
        foreign = [name for name in DANISH_DAYS if getattr(self, name) != usual[name].default]
        if self.country != DENMARK and foreign:
            raise fault("settings.danish_days", names=", ".join(foreign), country=self.country)
        if self.subdivision is not None and self.subdivision not in (known := countries()[self.country]):
            shown = {"value": self.subdivision, "country": self.country, "known": ", ".join(known)}
            raise fault("settings.unknown_subdivision" if known else "settings.no_subdivisions", **shown)
        return self

    @property
    def chosen(self) -> frozenset[str]:
        """The days that somebody has decided on."""
        return frozenset(self.model_fields_set - {"country", "subdivision"})
