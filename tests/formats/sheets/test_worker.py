"""What breaks the process that reads spreadsheets is one file that cannot be read; the next one is read."""

from __future__ import annotations

import pytest

from tests.builders.spreadsheets import grid_parts, xlsx, zipped
from tilsyn.base.sheets import SheetCells, Unread, Unreadable
from tilsyn.formats.sheets import worker
from tilsyn.formats.sheets.worker import Worker

SOUND = zipped(grid_parts("xlsx", [["ja"]]))
SERVING = (
    "import json, sys\nsys.path[:] = json.loads(sys.argv[1])\nimport tilsyn.formats.sheets.serving as s\n"
)
# Programs that end, hang or run out of memory on a file; how the file is then told.
BREAKING = {
    "aborts": ("import os\nos.abort()", "breaking"),
    "panics": (SERVING + "def read(*_): raise BaseException\ns.read = read\ns.serve()", "breaking"),
    "answers nonsense": ("print('nonsense', flush=True)", "breaking"),
    "hangs": ("while True: pass", "slow"),
    "needs too much": (SERVING + "def read(*_): raise MemoryError\ns.read = read\ns.serve()", "huge"),
}


@pytest.mark.parametrize("name", BREAKING)
def test_a_file_that_breaks_the_reader_is_told_and_the_next_one_read(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, what = BREAKING[name]
    reader = Worker(0.5 if name == "hangs" else 60)
    with monkeypatch.context() as broken:
        broken.setattr(worker, "_PROGRAM", program)
        with pytest.raises(Unreadable) as told:
            reader.read(SOUND)
        assert told.value.what == what
        reader.close()
    reader = Worker()
    assert [sheet.cells for sheet in reader.read(SOUND)] == [{(0, 0): "ja"}]
    reader.close()
    reader.close()


def test_one_process_reads_many_files_also_after_refusing_one() -> None:
    reader = Worker()
    reader.read(SOUND)
    first = reader._process
    with pytest.raises(Unreadable) as told:
        reader.read(xlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    assert (told.value.what, told.value.sheet, told.value.place) == ("far_cells", "Ark1", (1048575, 16383))
    assert reader.read(SOUND)
    assert reader._process is first
    reader.close()


def test_the_reader_is_kept_from_filling_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("resource")
    program = SERVING + "s.MOST_MEMORY = 400_000_000\ns.serve()"
    monkeypatch.setattr(worker, "_PROGRAM", program)
    reader = Worker()
    assert reader.read(SOUND)
    with pytest.raises(Unreadable) as told:
        reader.read(
            xlsx(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"ja " * 60_000_000}</t></is></c></row>')
        )
    assert told.value.what in ("huge", "breaking")
    reader.close()


def test_what_was_read_last_is_kept_and_a_large_file_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def read(data: bytes, _: Unread) -> list[SheetCells]:
        asked.append(len(data))
        return [SheetCells("ark", {})]

    monkeypatch.setattr(worker._worker, "read", read)
    small, large = b"a checklist that no other test has", bytes(worker._SMALL + 1)
    found = [worker.read_apart(data)[0].name for data in (small, bytes(small), large, large)]
    assert found == ["ark"] * 4
    assert asked == [len(small), len(large), len(large)]
    worker._read_small.cache_clear()
