"""The benchmarks do what they say, at a size that takes no time; how long they take is nobody's test."""

import sys
from pathlib import Path

from tests.benchmarks import document, jobs, run
from tests.benchmarks.processes import Comparison, Contender, Usage, measure


def test_a_process_is_measured_with_what_it_used(tmp_path):
    used = measure([sys.executable, "-c", "x = bytearray(60_000_000); sum(range(10**6))"], tmp_path)
    assert used.memory > 60
    assert 0 < used.cpu <= 60
    assert 0 < used.wall <= 60


def test_commands_one_after_the_other_add_up_and_the_largest_counts():
    assert Usage(1, 2, 30).and_then(Usage(2, 3, 20)) == Usage(3, 5, 30)


def test_a_ratio_is_of_each_run_and_stands_with_its_range():
    usages = [Usage(2, 3, 50), Usage(4, 3, 50), Usage(9, 3, 50)]
    theirs = [Usage(1, 1, 100), Usage(1, 1, 100), Usage(3, 1, 100)]
    (row,) = document.rows_of(Comparison("`draw`", usages, {"pandas": theirs}))
    assert (
        row
        == "| `draw` | pandas | 3.00 (2.00–4.00) | 3.00 (3.00–3.00) | 4.00 / 1.00 | 3.00 / 1.00 | 50 / 100 |"
    )


def test_all_take_their_turn(tmp_path):
    done = []
    nothing = [sys.executable, "-c", ""]
    ours, other = (
        Contender(name, [nothing], tmp_path, lambda name=name: done.append(name)) for name in ("a", "b")
    )
    jobs.compare("job", ours, [other], runs=2)
    assert done == ["a", "b", "a", "b"]


def test_jobs_inside_one_process_run_and_are_written(tmp_path):
    short = list(run.short_jobs(tmp_path / "r", rows=60, runs=1))
    start = list(run.whole_processes(jobs.Bench(tmp_path, run.SMALL, Path(sys.executable)), ["start_up"]))
    text = document.written(start, short, "2026-11-29; a machine", runs=1)
    assert "| `tilsyn --help` | a bare Typer program |" in text
    assert "| Estimate 60 rows of a compliance table | the same formulas in a Python loop |" in text
