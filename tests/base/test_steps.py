"""What a command says of its work while it takes its time."""

from __future__ import annotations

import pytest

from tilsyn.base.steps import Step, counted, step, watched


def test_each_step_is_told_and_the_one_around_it_when_it_ends() -> None:
    told: list[str | None] = []
    with watched(lambda begun: told.append(begun and begun.key)):
        with step("steps.examining"), step("steps.reading"):
            pass
        with pytest.raises(KeyboardInterrupt), step("steps.drawing"):
            raise KeyboardInterrupt
    with step("steps.reading"):
        pass
    examining, reading, drawing = "steps.examining", "steps.reading", "steps.drawing"
    assert told == [examining, reading, examining, None, drawing, None]


def test_things_are_counted_as_they_are_done() -> None:
    seen: list[Step] = []
    with watched(lambda begun: seen.append(begun) if begun else None):
        done = [(thing, seen[0].done, seen[0].total) for thing in counted("abc", "steps.files", n=3)]
    assert done == [("a", 0, 3), ("b", 1, 3), ("c", 2, 3)]
    assert (seen[0].done, seen[0].values) == (3, {"n": 3})


def test_who_watched_before_sees_nothing_until_another_is_done() -> None:
    outer: list[str | None] = []
    inner: list[str | None] = []
    with (
        watched(lambda begun: outer.append(begun and begun.key)),
        step("steps.working"),
        watched(lambda begun: inner.append(begun and begun.key)),
        step("steps.reading"),
    ):
        pass
    assert inner == ["steps.reading", "steps.working"]
    assert outer == ["steps.working", None, "steps.working", None]
