"""The record of a draw, as `draw.json` holds it: all that anybody needs to make the draw again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal, Self, TypeVar

from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.base.toml_tables import TomlTable
from tilsyn.base.which import Which, as_keys, from_keys, id_part
from tilsyn.questions.question_set import QuestionSet
from tilsyn.sampling.complaints import ComplaintRecord
from tilsyn.settings.hverdage import Hverdage
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.per_case import CaseRule
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import FrameSettings, Limits, Organisation
from tilsyn.settings.single import SinglePlan

SCHEMA = "tilsyn/draw/1"


def draw_id(slug: str, period: Period, which: Which, attempt: int = 1) -> str:
    """Return what a draw is called, in its tickets too; the attempt is named from the second on.

    >>> draw_id("bbu", Period.parse("2018-Q2"), 2), draw_id("bbu", Period.parse("2018-Q2"), 2, 2)
    ('bbu/2018-Q2/level-2', 'bbu/2018-Q2/level-2/2')
    >>> from tilsyn.base.which import Single
    >>> draw_id("bbu", Period.parse("2018-Q2"), Single("ombud"))
    'bbu/2018-Q2/single/ombud'
    """
    name = f"{slug}/{period.canonical}/{id_part(which)}"
    return name if attempt == 1 else f"{name}/{attempt}"


class NotADraw(ValueError):
    """What stands in a `draw.json` is no record of a draw."""


@dataclass(frozen=True, kw_only=True)
class DrawnCase:
    """A case of the sample or the reserve; `order` is its rank by ticket in the stratum, from 1.

    Probability and weight are null in the reserve. `facts` is what the register says of the case, dates in
    ISO form.
    """

    case_id: str
    stratum: str
    ticket: str
    order: int
    inclusion_probability: float | None = None
    design_weight: float | None = None
    unit: str = ""
    facts: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DrawnStratum:
    """A stratum: cases in what was drawn from, in the register's frame (N_h), in sample and in reserve.

    `digest` is its part of the commitment; null where it holds no case.
    """

    stratum: str
    unit: str = ""
    stratum_size: int
    population_size: int
    sample_size: int
    reserve_size: int = 0
    taken_whole: bool | None = None
    digest: str | None = None


@dataclass(frozen=True, kw_only=True)
class RegisterRecord:
    """What reading the register came to, and by what it is read again.

    Its `n_rows` are `n_cases`; in a register with a row per measure each column of a case is by its rule in
    `per_case`. `booleans` are the columns of rules that hold truth values, `matched` says how many cases each
    rule fits. Errors were left out up to the share `at_most` of the cases. `remarks` names what it lacks.
    """

    n_rows: int
    n_cases: int
    one_row_per: str = "case"
    per_case: Mapping[str, CaseRule] = field(default_factory=dict)
    booleans: Sequence[str] = ()
    matched: Sequence[Mapping[str, Any]] = ()
    remarks: Sequence[str] = ()
    at_most: float | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what stands in `draw.json`."""
        rules = {
            column: rule if isinstance(rule, str) else tuple(rule)
            for column, rule in data.get("per_case", {}).items()
        }
        return _known(cls, {**data, "per_case": rules})


@dataclass(frozen=True, kw_only=True)
class FrameRecord:
    """The frame: its commitment, its `n` cases, how many were left out by reason, and by which rules.

    `id_rules` says which characters its ids may hold; a draw of 0.1 says nothing, and has 1. `register` is
    None there, and where it is drawn from reviews. `earlier_commitments` are those of other frames that had
    bound this draw, from which it departs. `parents` are the draws whose reviews it is drawn from, by id and
    SHA-256. Its figures speak of the cases of the register's frame or, where `speaks_of` says so, of the
    reviewed cases alone. `reviewed_recently` names the cases left out for that, `case_list` the file that
    named those of the frame, `complaints` the list that rules looked at.
    """

    commitment: str
    n: int
    as_of: date | None = None
    as_of_given: bool = False
    left_out: Mapping[str, int] = field(default_factory=dict)
    earlier_draws: Sequence[str] = ()
    earlier_commitments: Sequence[str] = ()
    rules: FrameSettings = field(default_factory=FrameSettings)
    id_rules: int = 1
    register: RegisterRecord | None = None
    parents: Mapping[str, str] = field(default_factory=dict)
    speaks_of: Literal["register", "reviews"] = "register"
    reviewed_recently: Sequence[str] = ()
    case_list: Mapping[str, str] | None = None
    complaints: ComplaintRecord | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as it stands in `draw.json`."""
        asked = {} if self.complaints is None else {"complaints": dict(vars(self.complaints))}
        return {
            "commitment": self.commitment,
            "n": self.n,
            "as_of": self.as_of and self.as_of.isoformat(),
            "as_of_given": self.as_of_given,
            "left_out": [{"reason": reason, "n": n} for reason, n in self.left_out.items()],
            "earlier_draws": list(self.earlier_draws),
            "earlier_commitments": list(self.earlier_commitments),
            "rules": self.rules.model_dump(mode="json"),
            "id_rules": self.id_rules,
            "register": self.register and dict(vars(self.register)),
            "parents": [{"draw_id": name, "sha256": digest} for name, digest in self.parents.items()],
            "speaks_of": self.speaks_of,
            "reviewed_recently": list(self.reviewed_recently),
            "case_list": self.case_list,
            **asked,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_dict` made plain."""
        return cls(
            commitment=data["commitment"],
            n=data["n"],
            as_of=date.fromisoformat(data["as_of"]) if data.get("as_of") else None,
            as_of_given=data.get("as_of_given", False),
            left_out={row["reason"]: row["n"] for row in data.get("left_out", ())},
            earlier_draws=tuple(data.get("earlier_draws", ())),
            earlier_commitments=tuple(data.get("earlier_commitments", ())),
            rules=FrameSettings.model_validate(data.get("rules", {})),
            id_rules=data.get("id_rules", 1),
            register=RegisterRecord.from_dict(data["register"]) if data.get("register") else None,
            parents={row["draw_id"]: row["sha256"] for row in data.get("parents", ())},
            speaks_of=data.get("speaks_of", "register"),
            reviewed_recently=tuple(data.get("reviewed_recently", ())),
            case_list=data.get("case_list"),
            complaints=_known(ComplaintRecord, data["complaints"]) if data.get("complaints") else None,
        )


@dataclass(frozen=True, kw_only=True)
class DrawRecord:
    """One draw, from who made it of what to every case, in the order in which `draw.json` tells it.

    `source` says what it was drawn from (`name`, `kind`, `sha256`): a register, or the draw with the
    reviews. `incomplete` counts the cases of that draw that nobody had reviewed. `departures` names where it
    departs from the procedure, for `reason`. `files` has the SHA-256 of the files beside `draw.json`.

    `seed_announced` is where the seed was to come from, as it was said with the commitment, and
    `seed_as_announced` whether it did. `made_on` is the day that was reckoned from, `made_at` the machine's
    clock; `tries` counts the seeds made for the level and period until then, `anchor` is the event log's up
    to the seed. `hverdage` and `limits` are what its figures rest on, `hverdage_chosen` the days that were
    decided on, `made_with` the SHA-256 of the files they stood in. What an earlier version did not write is
    None.
    """

    draw_id: str
    organisation: Organisation
    level: Which
    period: Period
    attempt: int = 1
    seed: str = ""
    seed_origin: str = ""
    seed_before_frame: bool = False
    seed_announced: str | None = None
    seed_as_announced: bool | None = None
    made_on: str = ""
    made_at: str | None = None
    tries: int | None = None
    anchor: str | None = None
    algorithm: str
    frame: FrameRecord
    source: Mapping[str, str | None] = field(default_factory=dict)
    not_cpr: Sequence[str] = ()
    incomplete: int = 0
    simulated: bool = False
    replaces: str | None = None
    replace_reason: str | None = None
    departures: Sequence[str] = ()
    reason: str | None = None
    plan: LevelPlan
    risk: Sequence[Risk] = ()
    strata: Sequence[DrawnStratum]
    question_set: QuestionSet
    hverdage: Hverdage | None = None
    hverdage_chosen: Sequence[str] = ()
    limits: Limits | None = None
    made_with: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    round: int | None = None
    cases: Sequence[DrawnCase] = ()
    reserve: Sequence[DrawnCase] = ()
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The day that was reckoned from: `made_on` begins with it, and draws of before have UTC's."""
        return date.fromisoformat(self.made_on[:10])

    def to_dict(self) -> dict[str, Any]:
        """Return it as it stands in `draw.json`, of schema `tilsyn/draw/1`."""
        data: dict[str, Any] = {"schema": SCHEMA}
        for name, value in vars(self).items():
            data |= as_keys(value) if name == "level" else {name: value}
        data |= {
            "organisation": self.organisation.model_dump(),
            "period": self.period.canonical,
            "frame": self.frame.to_dict(),
            "not_cpr": list(self.not_cpr),
            "departures": list(self.departures),
            "plan": self.plan.model_dump(mode="json")
            | {"risk": [rule.model_dump(mode="json") for rule in self.risk]},
            "question_set": self.question_set.to_dict(),
            "hverdage": self.hverdage and self.hverdage.model_dump(),
            "hverdage_chosen": list(self.hverdage_chosen),
            "limits": self.limits and self.limits.model_dump(),
        }
        for name in ("strata", "cases", "reserve"):
            data[name] = [dict(vars(row)) for row in data[name]]
        del data["risk"]
        return data

    @property
    def parents(self) -> dict[str, str | None]:
        """The draws whose reviews it was drawn from, by id, with the SHA-256 of each; none of a register."""
        if self.plan.above is None:
            return {}
        # An earlier version drew from one alone, and named it as the source.
        return dict(self.frame.parents) or {str(self.source["name"]): self.source["sha256"]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_dict` made plain; `NotADraw` where it is something else."""
        try:
            plan = dict(data["plan"])
            risk = plan.pop("risk", ())
            typed = {
                "organisation": Organisation.model_validate(data["organisation"]),
                "level": from_keys(data),
                "period": Period.parse(data["period"]),
                "frame": FrameRecord.from_dict(data["frame"]),
                "plan": (SinglePlan if data.get("single") else LevelPlan).model_validate(plan),
                "risk": tuple(Risk.model_validate(rule) for rule in risk),
                "strata": tuple(_known(DrawnStratum, row) for row in data["strata"]),
                "question_set": QuestionSet.from_dict(data["question_set"]),
                "hverdage": _settled(Hverdage, data.get("hverdage")),
                "limits": _settled(Limits, data.get("limits")),
                "cases": tuple(_known(DrawnCase, row) for row in data["cases"]),
                "reserve": tuple(_known(DrawnCase, row) for row in data["reserve"]),
            }
            return _known(cls, {**data, **typed})
        except (AttributeError, KeyError, TypeError, ValueError, UsageError) as error:
            raise NotADraw(f"{type(error).__name__}: {error}") from error


Table = TypeVar("Table", bound=TomlTable)


def _settled(kind: type[Table], data: Mapping[str, Any] | None) -> Table | None:
    """Return a table of the settings as a draw keeps it."""
    return None if data is None else kind.model_validate(data)


Row = TypeVar("Row")


def _known(kind: type[Row], entry: Mapping[str, Any]) -> Row:
    """Return a row of a kind from the keys that it has; later versions may write more."""
    names = [place.name for place in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: entry[name] for name in names if name in entry})
