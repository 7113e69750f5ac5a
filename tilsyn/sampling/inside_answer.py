"""What a database answered, understood: the counts of a frame, or why there is no answer from inside."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tilsyn.sampling.commitment import Commitment, CommittedStratum, digest_of
from tilsyn.sampling.draw_record import DrawnCase, DrawnStratum, DrawRecord
from tilsyn.sampling.frame_cells import misspellings
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.inside import ANSWER, fact_columns, fingerprint
from tilsyn.sampling.inside_rows import MOMENTS, NUMBERS, TEXTS, FrameQuestion, own_column
from tilsyn.sampling.tickets import ticket
from tilsyn.sampling.whole_register import Matched, asked_rules

# A row of an answer: `what`, `name`, `unit`, `n`, `digest`, and a drawn case's id and facts.
AnswerRow = Sequence[str | int | None]


class NotAnAnswer(ValueError):
    """The rows are no answer to this question: `what` names the reason's words."""

    def __init__(self, what: str, **values: str) -> None:
        super().__init__(what)
        self.what = what
        self.values = values


@dataclass(frozen=True)
class Answer:
    """The rows of an answer, by what they tell."""

    rows: Mapping[str, Sequence[AnswerRow]]

    def of(self, what: str) -> dict[str, int]:
        """Return the numbers of a kind by name."""
        return {str(name): _whole(n) for _, name, _, n, *_ in self.rows.get(what, ())}

    def texts(self, what: str) -> dict[str, str | None]:
        """Return the texts of a kind by name."""
        return {
            str(name): None if text is None else str(text) for _, name, text, *_ in self.rows.get(what, ())
        }

    def number(self, what: str) -> int:
        """Return the one number of a kind."""
        if len(rows := self.rows.get(what, ())) != 1:
            raise NotAnAnswer("cut", name=what)
        return _whole(rows[0][3])


def _whole(value: object) -> int:
    if (match := re.fullmatch(r"(\d+)(?:[.,]0)?", str(value))) is None:
        raise NotAnAnswer("no_number", name=str(value))
    return int(match[1])


def answer_of(asked: FrameQuestion, rows: Iterable[AnswerRow]) -> Answer:
    """Return the answer to a question; `NotAnAnswer` where the rows answer another."""
    found: dict[str, list[AnswerRow]] = {}
    for row in rows:
        found.setdefault(str(row[0]), []).append(row)
    queries = [query[1] for query in found.get("query", ())]
    if queries != [fingerprint(asked)]:
        raise NotAnAnswer("other_query" if queries else "no_answer")
    _refuse_unsealed(found)
    return Answer(found)


def _refuse_unsealed(found: Mapping[str, Sequence[AnswerRow]]) -> None:
    """Refuse an answer of which a row was lost or a cell changed, on its way or by what saved it."""
    if len(seals := found.get("seal", ())) != 1:
        raise NotAnAnswer("cut", name="seal")
    lines = sorted(_line(row) for what, rows in found.items() if what != "seal" for row in rows)
    *_, n, digest = seals[0][: len(ANSWER)]
    if _whole(n) != len(lines) or digest != hashlib.sha256(b"\n".join(lines)).hexdigest():
        raise NotAnAnswer("torn")


def _line(row: AnswerRow) -> bytes:
    # Some programs save a column of whole numbers with decimals.
    cells = (str(_whole(cell)) if place == 3 and cell is not None else cell for place, cell in enumerate(row))
    return "\x1f".join("" if cell is None else str(cell) for cell in cells).encode()


def committed_of(answer: Answer) -> Commitment:
    """Return the commitment of an answer; `NotAnAnswer` where its strata do not make it."""
    strata = [
        CommittedStratum(str(name), _whole(n), str(digest))
        for _, name, _, n, digest, *_ in answer.rows.get("stratum", ())
    ]
    in_order = tuple(sorted(strata, key=lambda row: row.stratum))
    digest = digest_of((row.stratum, row.size, row.digest) for row in in_order)
    told = [row[4] for row in answer.rows.get("commitment", ())]
    if told != ([digest] if strata else [None]):
        raise NotAnAnswer("torn")
    return Commitment(digest, in_order)


def units_of(answer: Answer) -> list[tuple[str, str, int]]:
    """Return how many cases each stratum has in each unit."""
    return [(str(name), str(unit), _whole(n)) for _, name, unit, n, *_ in answer.rows.get("unit_of", ())]


def cases_of(asked: FrameQuestion, answer: Answer, record: DrawRecord, seed: str) -> list[DrawnCase]:
    """Return the cases of a draw's answer, each ticket computed again.

    `NotAnAnswer` where they are not as many as must be, or not those of a stratum that is listed whole. That
    no case of another was passed over or invented, nobody can see from them.
    """
    names = [own_column(name) for name in fact_columns(asked)]
    found: dict[str, list[DrawnCase]] = {row.stratum: [] for row in record.strata}
    for _, stratum, unit, _, lot, case_id, *facts in answer.rows.get("case", ()):
        if lot != ticket(seed, record.draw_id, str(case_id)) or stratum not in found:
            raise NotAnAnswer("other_ticket", case=str(case_id))
        told = {name: None if fact is None else str(fact) for name, fact in zip(names, facts, strict=True)}
        case = DrawnCase(
            case_id=str(case_id), stratum=str(stratum), ticket=str(lot), order=0, unit=str(unit), facts=told
        )
        found[str(stratum)].append(case)
    every = [case.case_id for cases in found.values() for case in cases]
    if len(set(every)) != len(every):
        raise NotAnAnswer("torn")
    return [case for row in record.strata for case in _in_order(row, found[row.stratum])]


def _in_order(stratum: DrawnStratum, cases: Sequence[DrawnCase]) -> Iterator[DrawnCase]:
    n, size = stratum.sample_size, stratum.population_size
    wanted = n + stratum.reserve_size
    in_order = sorted(cases, key=lambda case: case.ticket)
    if len(cases) != wanted:
        values = {"stratum": stratum.stratum, "n": str(wanted), "found": str(len(cases))}
        raise NotAnAnswer("other_number", **values)
    ids = sorted(f"{case.case_id}\n".encode() for case in cases)
    if wanted == stratum.stratum_size and hashlib.sha256(b"".join(ids)).hexdigest() != stratum.digest:
        raise NotAnAnswer("torn")
    for order, case in enumerate(in_order, start=1):
        case = replace(case, order=order)
        yield replace(case, inclusion_probability=n / size, design_weight=size / n) if order <= n else case


def oddities(asked: FrameQuestion, answer: Answer) -> dict[str, int]:
    """Return what of the register cannot be decided inside, by kind with its number of rows or columns."""
    odd = Counter({what: n for what, n in answer.of("odd").items() if n})
    there = answer.texts("server")
    for name, value in asked.dialect.wanted:
        odd["server"] += not (there.get(name) or "").startswith(value)
    for column, kind in answer.texts("type").items():
        known = [TEXTS, MOMENTS] if column in asked.rules.dates else [TEXTS, NUMBERS]
        odd["type"] += not any(re.match(kinds, kind or "") for kinds in known)
    units = answer.of("unit")
    odd["misspelt_unit"] += sum(units[unit] for unit in misspelt_units(units, asked.rules))
    return {what: n for what, n in odd.items() if n}


def misspelt_units(units: Mapping[str, int], rules: FrameRules) -> list[str]:
    """Return the units that are probably meant to be commoner ones."""
    found = [(unit.lower(), unit, n) for unit, n in units.items()]
    in_order = sorted(found, key=lambda row: (-row[2], row[1]))
    wrong = {key for key, _ in misspellings(in_order, rules.units)}
    return [unit for key, unit, _ in in_order if key in wrong]


def matched_of(rules: FrameRules, answer: Answer) -> list[Matched]:
    """Return what every rule fits; `rules` are those whose columns the question has renamed."""
    fitted = answer.of("rule")
    return [replace(rule, n=fitted.get(str(place))) for place, rule in enumerate(asked_rules(rules))]


def truths_of(answer: Answer) -> tuple[str, ...]:
    """Return the columns of rules that hold truth values."""
    return tuple(sorted(own_column(name) for name, true in answer.of("truth").items() if true))


def newest_of(answer: Answer) -> date | None:
    """Return the newest date of the register that was not in the future."""
    rows = answer.rows.get("newest", ())
    if not rows or not rows[0][1]:
        return None
    try:
        return date.fromisoformat(str(rows[0][1]))
    except ValueError:
        raise NotAnAnswer("torn") from None
