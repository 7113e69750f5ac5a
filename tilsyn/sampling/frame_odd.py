"""What a cell must not be: text broken by an encoding, ids that a spreadsheet changed, rows that are no case.

Patterns for the database's regular expressions, and the SQL that puts them to a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from tilsyn.base.canonical import same_name
from tilsyn.base.totals import TOTAL_WORDS
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.sql import OUTER_SPACE, quoted

# Nobody in a register was born, and no case opened, before; case systems write 1753, 1900 or the year 1.
OLDEST = date(1920, 1, 1)
# Later than any case; the year 9999 is how some registers say "not yet closed".
NEWEST = date(2200, 1, 1)

# ="00123" and '00123: how a spreadsheet is told that a number is a text.
WRAPPED = r"""^(?:="([^"]*)"|'([^']+))$"""
# UTF-8 read as Windows-1252, a character that could not be read, and the letters of a Mac or of DOS.
GARBLED = (
    r"[ÂÃ][\x{80}-\x{bf}\x{152}\x{153}\x{160}\x{161}\x{178}\x{17d}\x{17e}\x{192}\x{2c6}\x{2dc}"
    r"\x{2013}-\x{203a}\x{20ac}\x{2122}]|\x{e2}\x{20ac}|\x{fffd}"
    r"|\p{L}[\x{bf}\x{be}\x{af}\x{ae}\x{203a}\x{2020}]\p{L}|\p{Ll}\x{152}"
    r"|(?:^|[~ \x1f])[\x{bf}\x{af}\x{203a}]\p{L}"
)
# A garbled text has one of these, whatever else it has; seldom does another.
NEVER_CLEAN = "[ÂÃâŒ¯®¾¿†›\ufffd]"
# A mark of text at a row's first cell, which is the id.
MARKED = r"""^[\s\x{a0}]*(?:="|')"""
_MONTH = r"(?i:jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-zA-Z]*"
# How ids look that a spreadsheet took for a number or a date.
SPOILT = {
    "id_scientific": r"^[0-9]([.,][0-9]+)?[eE][+][0-9]+$",
    "id_decimal": r"^[0-9]+[.,]0+$",
    "id_date": (
        r"^([0-9]{1,2}[-./][0-9]{1,2}[-./]([0-9]{2}|[0-9]{4})|[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9:.]+)?"
        rf"|([0-9]{{1,2}}[-. ]+)?{_MONTH}[-. ]+[0-9]{{2,4}}|[0-9]{{1,2}}[-. ]+{_MONTH})$"
    ),
}
_TOTAL = rf"{TOTAL_WORDS}(?:$|[ .:=;].*)"


def suspect(rules: FrameRules) -> str:
    """Return the pattern of a row's cells, joined by `~`, that any of these might find; or too many."""
    ids = "|".join(pattern.strip("^$") for pattern in SPOILT.values())
    heads = "|".join(re.escape(same_name(rules.headings[column])) for column in ("case_id", "unit"))
    start, end = r"(?:^|~) *", r" *(?:~|$)"
    parts = [
        rf"""{start}(?:="|')""",
        rf"^ *(?:{ids}){end}",
        rf"{start}(?i:{_TOTAL.removesuffix('(?:$|[ .:=;].*)')})(?:[ .:=;~]|$)",
        rf"{start}(?i:{heads}){end}",
    ]
    if empty := empty_texts(rules.empty):
        parts.append(rf"{start}(?i:{'|'.join(map(re.escape, empty))}){end}")
    return "|".join(parts)


def empty_texts(empty: tuple[str, ...]) -> list[str]:
    """Return what means nothing, in lower case; a date in each way that a cell may hold it.

    >>> empty_texts(("NULL", "31-12-9999"))
    ['null', '31-12-9999', '9999-12-31', '9999-12-31 00:00:00']
    """
    return list(dict.fromkeys(text for given in empty for text in _spellings(same_name(given))))


def _spellings(text: str) -> Iterator[str]:
    yield text
    for form in ("%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        yield f"{day.day:02}-{day.month:02}-{day.year:04}"
        yield day.isoformat()
        yield f"{day.isoformat()} 00:00:00"


def meant(text: str, rules: FrameRules) -> str:
    """Return the SQL of what a tidy text means: without marks of text, NULL where it means nothing."""
    if rules.id_rules > 1:
        text = f"trim(regexp_replace({text}, {quoted(WRAPPED)}, '\\1\\2'), {OUTER_SPACE})"
    nothing = ", ".join(quoted(empty) for empty in ["", *empty_texts(rules.empty)])
    return f"CASE WHEN lower({text}) NOT IN ({nothing}) THEN {text} END"


def signs(rules: FrameRules, ids: str, cells: str, register: str, garbled: bool) -> str:
    """Return the SQL columns that say what is odd in a tidy row; draws of 0.1 did not look for it.

    `ids` and `cells` are SQL for the row's names and all its cells as one text, `_before` as they stood;
    `garbled` whether any may be.
    """
    if rules.id_rules == 1:
        none = "NULL::VARCHAR AS"
        return f"false AS garbled, false AS blurred, {none} spoilt, false AS unwrapped, {none} aside"
    # The pattern takes longer to make than a register of some hundred cases to read.
    in_ids, in_cells = (
        f"regexp_matches({text}, '{GARBLED}')" if garbled else "false" for text in (ids, cells)
    )
    return f"""{in_ids} AS garbled, {in_cells} AS blurred, {_spoilt(rules, register)} AS spoilt,
        regexp_matches(_before, {quoted(MARKED)}) AS unwrapped,
        {_aside(rules)} AS aside"""


def _aside(rules: FrameRules) -> str:
    """Return the SQL that says of a tidy row why it is no row of the list, or NULL."""
    same = " AND ".join(
        f"lower({column}) = {quoted(same_name(rules.headings[column]))}" for column in ("case_id", "unit")
    )
    return (
        f"CASE WHEN {same} THEN 'heading_row' "
        f"WHEN regexp_matches(lower(coalesce(case_id, unit, '')), '^{_TOTAL}') THEN 'total_row' END"
    )


def _spoilt(rules: FrameRules, register: str) -> str:
    """Return the SQL that says how a spreadsheet changed a tidy row's id, or NULL.

    An id that looks like a date is one only in a column of other ids, or where the cells hold dates.
    """
    # The first rows tell how the ids look, digits being alike.
    shape = r"regexp_replace(trim(case_id), '[0-9]', '9', 'g')"
    usual = f"(SELECT mode({shape}) FROM (SELECT case_id FROM {register} LIMIT 1000))"
    whens = []
    for what, pattern in SPOILT.items():
        test = f"regexp_matches(case_id, '{pattern}')"
        if what == "id_date" and "case_id" not in rules.date_cells:
            test += f" AND {shape} IS DISTINCT FROM {usual}"
        whens.append(f"WHEN {test} THEN '{what}'")
    return f"CASE {' '.join(whens)} END"


def impossible(column: str, day: str) -> str:
    """Return the SQL condition that a date cannot be meant; only an end may be far ahead."""
    far = "" if column == "closed" else f" OR {day} >= DATE '{NEWEST}'"
    return f"coalesce({day} < DATE '{OLDEST}'{far}, false)"
