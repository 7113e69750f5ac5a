"""Registers of any kind as one table in memory, with the mapped columns only."""

from tilsyn.shell.registers.opening import (
    RegisterTable,
    Source,
    kind_of,
    open_register,
    read_register,
)

__all__ = [
    "RegisterTable",
    "Source",
    "kind_of",
    "open_register",
    "read_register",
]
