"""The list of complaints beside the register: `[complaints]` of `tilsyn.toml`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tilsyn.base.toml_tables import TomlTable
from tilsyn.settings.levels import Span
from tilsyn.settings.names import Names, PathText

# The column that the register gets where a rule asks for it: whether the case had a complaint.
COMPLAINED = "complained"
COMPLAINT_DATES = ("received", "acknowledged", "answered")
ComplaintColumn = Literal["case_id", "received", "acknowledged", "answered", "kind", "outcome"]


class Complaints(TomlTable):
    """Where the complaints are, and what is reckoned of them.

    `path` may hold `{period}`; headings that `columns` does not name are recognised. A case is `complained`
    of where a complaint was received in the time `received_within` before the period's end. A reply is in
    time within `reply_within`, an acknowledgement within `acknowledge_within`. The compliance of `questions`
    is shown beside the complaints.
    """

    path: PathText | None = None
    columns: dict[ComplaintColumn, str] = Field(default_factory=dict)
    received_within: Span = "12 months"
    reply_within: Span | None = None
    acknowledge_within: Span | None = None
    questions: Names = ()
