"""How a checklist workbook is laid out: what the writer writes and the reader looks for.

Nothing is found by position. Every sheet says in its first cell what it is, and a hidden first column says
what each row is; a hidden row says what each column is. So a reader finds everything after rows were sorted
or added, columns moved, sheets renamed, or case sheets of several workbooks copied into one file.

- **Metadata sheet** `_tilsyn` (very hidden in .xlsx; hidden in .ods): A1 is `METADATA_MARK`; below it a key
  of `METADATA_KEYS` in column A and its text in column B. The workbook's id is also in the document's
  properties (identifier and keywords).
- **Index sheet**: A1 is `INDEX_MARK`. For people; it is read only to say which case sheets are gone.
- **Case sheets**, one per case: A1 is `CASE_MARK`. Column A (hidden, "key column") holds `COLUMNS_KEY` in the
  row whose other cells name the columns' roles (`ROLES`); below it, each row's key:

  - a head field of `HEAD_KEYS`, or `fact:<name>` for a fact of the question set: the value is in the column
    `head_left`. The head stands in two columns: a second key is in the column `key_right`, and its value in
    the column `remark`;
  - `question`: the id is in the column `question`, the answer in `answer`, the dates asked beside it in
    `start` and `end`, the remark in `remark`;
  - `section`, or empty: for people.

  Each case sheet carries its own `case_id`, `draw_id` and `workbook_id` rows, so that a sheet copied into
  another file still says where it belongs. Those of version 0.1 (`FIRST_CASE_MARK`) have a row for each head
  field, its value in `answer` (`look_back`: two dates in `start` and `end`), and are read as before.
- **Guide sheet** `GUIDE_MARK`, and **hverdage** `FREE_DAYS_MARK` (hidden; what limits are reckoned with): not
  read, nor are the columns after `status` (`UNREAD`).

Only raw cells are trusted: the columns after `remark` hold formulas for the reviewer (status, counters), and
the reader computes the same with `resolving.resolve`. An answer is a letter or words, in either language and
case; a date is text as people write it, or a date cell, and one with a time of 00:00 is a date alone.
"""

from __future__ import annotations

import hashlib

from tilsyn.base.sheets import Unread

WORKBOOK_SCHEMA = "tilsyn/workbook/1"
METADATA_SHEET = "_tilsyn"
METADATA_MARK = "tilsyn/metadata/1"
INDEX_MARK = "tilsyn/index/1"
CASE_MARK = "tilsyn/case/2"
FIRST_CASE_MARK = "tilsyn/case/1"
CASE_MARKS = (CASE_MARK, FIRST_CASE_MARK)
GUIDE_MARK = "tilsyn/guide/1"
FREE_DAYS_MARK = "tilsyn/free-days/1"

# `name` is the file's stem (`amager`, `gruppe-1`, `amager-erstatning-1`), `cases` how many it holds.
METADATA_KEYS = (
    "schema",
    "workbook_id",
    "draw_id",
    "organisation",
    "period",
    "level",
    "name",
    "question_set",
    "question_set_version",
    "made_on",
    "language",
    "simulated",
    "cases",
    "groups",
)

COLUMNS_KEY = "columns"
QUESTION_KEY = "question"
SECTION_KEY = "section"
FACT_PREFIX = "fact:"

# The columns' roles, in order; `earlier` only where the plan says `blind = false`. What stands after `status`
# is hidden: the formulas of a question's row, and after `name` those of facts and dates, a row for each.
ROLES = (
    "key", "key_right", "step", "question", "text", "head_left", "text_end", "answer", "start", "end",
    "remark", "earlier", "status",
    "typed", "reason", "last", "derived", "applies", "own", "effective", "missing", "skipped",
    "name", "parts", "value", "there", "why", "words", "first", "final", "given", "proposed", "needed",
)  # fmt: skip
# Sheets of version 0.1 have columns for law and condition too.
KNOWN_ROLES = (*ROLES, "law", "when")
# The formulas after `status`, and the sheets for people: whoever reads a checklist passes over them.
UNREAD = Unread(
    marks=frozenset({GUIDE_MARK, FREE_DAYS_MARK}),
    above=COLUMNS_KEY,
    headings=frozenset(ROLES[ROLES.index("status") + 1 :]),
)
INPUT_ROLES = ("start", "end", "answer", "remark")

# `case_id`, `draw_id`, `workbook_id`, `regime` and `case_type` are locked; the others are the reviewer's.
# `look_back` and `case_type` stand in sheets of version 0.1 alone.
HEAD_KEYS = (
    "case_id",
    "draw_id",
    "workbook_id",
    "act_event",
    "act_date",
    "regime",
    "look_back",
    "case_type",
    "reviewer",
    "reviewed_on",
    "akut",
    "criticism",
    "note",
    "conclusion",
    "learning",
)


def workbook_id(draw_id: str, name: str) -> str:
    """Return a workbook's id, the same each time it is made.

    >>> workbook_id("bbu/2018-Q2/level-2", "amager")
    'tilsyn-a02ad0c4256c78a8'
    """
    return "tilsyn-" + hashlib.sha256(f"{draw_id}\n{name}".encode()).hexdigest()[:16]
