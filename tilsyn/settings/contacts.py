"""The addresses that a plan knows: of units, of groups of readers, of levels."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from tilsyn.base.toml_tables import fault
from tilsyn.settings.names import as_tuple

# What a browser takes for an address. Other alphabets in it would need mail servers that know them.
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise fault("settings.bad_address", value=value)
    return value


Address = Annotated[str, AfterValidator(_address)]
Addresses = Annotated[tuple[Address, ...], BeforeValidator(as_tuple), Field(min_length=1)]
