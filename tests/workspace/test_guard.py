"""Whatever slipped through the doors, the writers refuse, and nothing is left of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook as Sheets

from tests.builders.workspaces import make_small_workspace
from tilsyn.base.problems import Refused
from tilsyn.formats.in_memory import saved
from tilsyn.reviews.records import CaseReview, Given, Load

NUMBER = "120374\u2013 6598"


def test_no_writer_writes_one(tmp_path: Path) -> None:
    workspace, draw = make_small_workspace(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(Refused, match="12xxxx-xxxx"):
        workspace.log.append("frame_checked", source={"name": NUMBER})
    review = CaseReview("2018-0007", {"UND-02": Given("nej", remark=f"om {NUMBER}")})
    with pytest.raises(Refused, match="12xxxx-xxxx"):
        workspace.ledger(draw).save([Load(draw.draw_id, "answers", cases=(review,))])
    record = replace(draw.record, replace_reason=NUMBER)
    with pytest.raises(Refused, match="12xxxx-xxxx"):
        workspace.draws.save(draw.path.with_name("level-2.2"), record, None)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.name for path in after.keys() - before.keys()} <= {".log.lock", ".reviews.lock"}
    assert before.items() <= after.items()


def test_no_workbook_is_made_with_one() -> None:
    book = Sheets()
    book.worksheets[0]["C7"] = f"om {NUMBER}"
    with pytest.raises(Refused, match="12xxxx-xxxx"):
        saved(book)
    assert saved(book, known=[f"om {NUMBER}"]).startswith(b"PK")
