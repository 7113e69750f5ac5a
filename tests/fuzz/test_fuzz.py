"""Two thousand damaged files: no crash, no case that vanishes or moves, no answer that changes unseen."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fuzz import workbooks
from tests.fuzz.run import Fuzzer


@pytest.fixture(scope="module")
def fuzzer(tmp_path_factory: pytest.TempPathFactory) -> Fuzzer:
    return Fuzzer(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.slow
# What openpyxl, the fuzzer's own reader, says of a damaged date.
@pytest.mark.filterwarnings("ignore:Cell .* is marked as a date:UserWarning")
@pytest.mark.parametrize("hundred", range(20))
def test_damaged_files_are_read_right_or_refused(fuzzer: Fuzzer, hundred: int) -> None:
    ended = Counter(fuzzer.hold(number) for number in range(100 * hundred, 100 * hundred + 100))
    # Else nothing was damaged, or nothing could be read.
    assert ended["register accepted"] > 10
    assert ended["register refused"] > 10


def test_the_file_itself_is_accepted(fuzzer: Fuzzer) -> None:
    assert workbooks.hold(fuzzer.returned, fuzzer.returned.content, "as it was") == "accepted"
    assert fuzzer.returned.answers["SAM-01"] == "nej"
