"""Published figures of others beside one's own: what each is, and how far it says the same as a row of ours.

Beside a figure they are information only: no interval and no verdict, for how many cases a published
percentage rests on is hardly ever told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from tilsyn.base.language import chosen, say
from tilsyn.base.numbers import percent
from tilsyn.base.periods import Period
from tilsyn.compliance.comparability import Comparable, comparability, pooled_comparability
from tilsyn.compliance.tally import Scheme
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.sample import ReviewedSample

# From what says the most to what says the least.
_ORDER: tuple[Comparable, ...] = ("yes", "partly", "no")
# A law in force outside the days of every law that a question set knows.
_OTHER_LAW = "another law"


@dataclass(frozen=True)
class Benchmark:
    """A published percentage (a share in [0, 1]): whose, of which row, of which years, and from where.

    `name` is what it is called beside a figure, and those of one name are one series. `item` is what was
    measured, in its own words. `catalogues` are those whose questions it is about; none where any may have
    it. `cases` and `municipalities` are those of the whole survey, never the denominator of the question.
    """

    name_da: str
    question: str
    first: Period
    last: Period
    share: float
    comparable: Comparable
    source: str
    catalogues: tuple[str, ...] = ()
    name_en: str = ""
    item_da: str = ""
    item_en: str = ""
    cases: int | None = None
    municipalities: int | None = None
    note_da: str = ""
    note_en: str = ""

    @property
    def figure(self) -> tuple[str, str, Period, Period]:
        """Which figure it is, whatever it says."""
        return self.name_da, self.question, self.first, self.last

    @property
    def name(self) -> str:
        return chosen(self.name_da, self.name_en)

    @property
    def item(self) -> str:
        return chosen(self.item_da, self.item_en)

    @property
    def note(self) -> str:
        return chosen(self.note_da, self.note_en)

    @property
    def years(self) -> str:
        """The years or the period, as people print them."""
        return "–".join(dict.fromkeys((self.first.label(), self.last.label())))

    @property
    def title(self) -> str:
        """Which figure it is, in words."""
        return f"{self.question} {self.name} {self.years}"

    @property
    def percentage(self) -> str:
        """The percentage, with no more decimals than were published."""
        return percent(self.share, 0 if round(self.share * 100, 6).is_integer() else 1)


@dataclass(frozen=True)
class BenchmarkOfRow:
    """A benchmark and the row of a compliance table it belongs to; `law` says that the law was another."""

    row: str
    benchmark: Benchmark
    comparable: Comparable
    law: bool = False

    @property
    def text(self) -> str:
        """How it stands beside a figure: landet 2024: 65 % (delvist sammenlignelig)."""
        told = {"name": self.benchmark.name, "years": self.benchmark.years}
        key = "benchmark.beside_partly" if self.comparable == "partly" else "benchmark.beside"
        return say(key, share=self.benchmark.percentage, **told)

    @property
    def why(self) -> str:
        """How far it says the same, and what it says itself."""
        said = say(f"benchmark.law_{self.comparable}" if self.law else f"benchmark.{self.comparable}")
        return "; ".join(filter(None, (said, self.benchmark.note)))


@dataclass(frozen=True)
class Benchmarks:
    """Those that belong to the rows of a table: the newest of each series, and what cannot be compared."""

    shown: tuple[BenchmarkOfRow, ...] = ()
    left_out: tuple[BenchmarkOfRow, ...] = ()

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        """What stands beside the figure of each row that has any."""
        found: dict[str, list[str]] = {}
        for one in self.shown:
            found.setdefault(one.row, []).append(one.text)
        return found


NO_BENCHMARKS = Benchmarks()


def benchmarks_of(known: Sequence[Benchmark], sample: ReviewedSample) -> Benchmarks:
    """The benchmarks of a sample's rows, in the rows' order; none where it is not known what was asked."""
    questions = sample.questions
    if not isinstance(questions, QuestionSet):
        return NO_BENCHMARKS
    scheme, now = Scheme.of(sample), sample.regimes
    # Another catalogue's question of the same id, or its cases without fault, are something else.
    asked = set(questions.name.split("+"))
    about = [one for one in known if not one.catalogues or asked.intersection(one.catalogues)]
    newest_first = sorted(about, key=lambda one: (one.last.end, one.first.start), reverse=True)
    shown: list[BenchmarkOfRow] = []
    left_out: list[BenchmarkOfRow] = []
    for row in scheme.rows:
        series: set[str] = set()
        for benchmark in newest_first:
            if scheme.earlier.get(benchmark.question, benchmark.question) != row:
                continue
            found = _of_row(row, benchmark, scheme, now, questions)
            if found.comparable == "no":
                left_out.append(found)
            elif benchmark.name_da not in series:
                series.add(benchmark.name_da)
                shown.append(found)
    return Benchmarks(tuple(shown), tuple(left_out))


def _of_row(
    row: str, benchmark: Benchmark, scheme: Scheme, now: Mapping[str, set[str]], questions: QuestionSet
) -> BenchmarkOfRow:
    """The benchmark as far as it can be compared: by what its file says, and by the law of its years."""
    laws = _laws(benchmark, questions)
    by_law = pooled_comparability(
        [
            comparability(cast(Comparable, scheme.rules.get(name, "yes")), now.get(name, ()), laws)
            for name in scheme.members(row)
        ]
    )
    worst = max(benchmark.comparable, by_law, key=_ORDER.index)
    return BenchmarkOfRow(row, benchmark, worst, law=by_law == worst != benchmark.comparable)


def _laws(benchmark: Benchmark, questions: QuestionSet) -> set[str]:
    """The laws that were in force in the years of a benchmark, of those that follow one another."""
    dated = [regime for regime in questions.regimes if not regime.always]
    first, last = benchmark.first.start, benchmark.last.end
    found = {
        regime.name for regime in dated if (regime.first or first) <= last and first <= (regime.last or last)
    }
    return found or ({_OTHER_LAW} if dated else set())
