"""The benchmarks do what they say, at a size that takes no time; how long they take is nobody's test."""

from tests.benchmarks import run


def test_every_benchmark_runs_and_is_written(tmp_path, capsys):
    target = tmp_path / "benchmarks.md"
    assert (
        run.main(
            [
                "--runs",
                "1",
                "--rows",
                "40",
                "--pooled-rows",
                "1",
                "--cases",
                "500",
                "--per-unit",
                "2",
                "--copies",
                "5",
                "--target",
                str(target),
            ]
        )
        == 0
    )
    text = target.read_text("utf-8")
    jobs = 5 if "svyby" in text else 4
    assert text.count(" s |") == 2 * jobs
    assert "Check a register of 500 cases" in text
    assert capsys.readouterr().out.count("\n") == jobs
