"""What a register is read by, and which of its cases can be drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tilsyn.base.canonical import ID_RULES
from tilsyn.sampling.complaints import ComplaintRecord
from tilsyn.settings.per_case import CaseRule
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import FrameSettings
from tilsyn.settings.single import Wish

# As many rows as a spreadsheet can have.
SHEET_ROWS = 1 << 20


@dataclass(frozen=True)
class FrameRules:
    """What a register is read by: how its columns are mapped and written, and which cases can be drawn."""

    # Our mapped columns (`case_id` and `unit` at least) to the register's own headings.
    headings: Mapping[str, str]
    # The mapped columns that hold dates.
    dates: tuple[str, ...]
    # Dates after it are in the future.
    today: date
    # The day the register was taken out; the newest date in it that is not in the future unless given.
    as_of: date | None = None
    # Whether 06/05/2018 is the fifth of June; dates that can only be read the other way are told.
    month_first: bool = False
    frame: FrameSettings = field(default_factory=FrameSettings)
    # The column whose values are the strata.
    split: str = "unit"
    # The risk areas whose cases are strata of their own.
    risk: tuple[Risk, ...] = ()
    # Further columns that are looked at: those of rules for time limits.
    looked_at: tuple[str, ...] = ()
    # Of the frame are only the cases that all of these fit.
    where: tuple[Wish, ...] = ()
    # What each column says of a whole case, where a case has a row per measure; else a row is a case.
    per_case: Mapping[str, CaseRule] = field(default_factory=dict)
    # The columns of rules that hold truth values; found unless a draw on record says which they were.
    booleans: tuple[str, ...] | None = None
    # Which characters an id may hold: see `ID_RULES`; a draw on record is read by its own.
    id_rules: int = ID_RULES
    # Columns whose running numbers look like CPR numbers and are none.
    not_cpr: tuple[str, ...] = ()
    # Columns where nine digits may be a CPR number that lost its zero in a number cell.
    number_columns: tuple[str, ...] = ()
    # Columns that hold date cells, not texts.
    date_cells: tuple[str, ...] = ()
    # What means that a cell is empty.
    empty: tuple[str, ...] = ()
    # The sheets that the rows came from, where they are several: row 1 of the next is `SHEET_ROWS` further.
    sheets: tuple[str, ...] = ()
    # Whether rows have no number of their own, as in a database: a case is named instead.
    rows_are_cases: bool = False
    # The list of complaints, where rules ask for the column that it makes.
    complaints: ComplaintRecord | None = None
    # The plan's units; never misspellings. Empty: the register's own.
    units: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The mapped columns, the case's id first."""
        return ("case_id", *(column for column in self.headings if column != "case_id"))

    @property
    def split_columns(self) -> tuple[str, ...]:
        """The mapped columns that strata and ids are made of, in which no character may be misread."""
        wanted = dict.fromkeys(("case_id", "unit", "caseworker", self.split))
        return tuple(column for column in wanted if column in self.headings)

    @property
    def named_by_rules(self) -> set[str]:
        """The columns that rules of the frame, risk areas and single draws look at, mapped or not."""
        of_frame = {rule.column for rule in self.frame.leave_out} | {rule.column for rule in self.where}
        return of_frame.union((risk.column for risk in self.risk), self.looked_at)

    @property
    def judged(self) -> tuple[str, ...]:
        """The mapped columns that decide what becomes of a row; all where a case has a row per measure."""
        if self.per_case:
            return tuple(self.headings)
        wanted = {*self.split_columns, *self.dates, *self.named_by_rules}
        return tuple(column for column in self.headings if column in wanted)

    @property
    def split_by_other(self) -> bool:
        """Whether cases are drawn per something else than the unit, in a column that the register has."""
        return self.split != "unit" and self.split in self.headings

    def place(self, row: int | None) -> tuple[str | None, int | None]:
        """Return the sheet, where there are several, and the row in it."""
        if row is None or not self.sheets:
            return None, row
        return self.sheets[(row - 1) // SHEET_ROWS], (row - 1) % SHEET_ROWS + 1


@dataclass(frozen=True)
class Reading:
    """What is kept of a register while it is read: these columns, and all of a row that the rules suspect."""

    rules: FrameRules
    columns: tuple[str, ...]


# What a register with these headings is read by.
ReadBy = Callable[[Mapping[str, str]], Reading]
