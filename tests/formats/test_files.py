"""Files and folders appear whole or not at all."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tilsyn.base.problems import Refused
from tilsyn.formats.files import new_folder, write_bytes, write_text, writing


def test_a_file_is_written_and_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.txt"
    assert write_text(path, "én\n") == path
    assert path.read_bytes() == "én\n".encode()
    with pytest.raises(Refused) as caught:
        write_bytes(path, b"two")
    assert caught.value.exit_code == 4
    assert path.read_text("utf-8") == "én\n"
    write_bytes(path, b"two", overwrite=True)
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in path.parent.iterdir()] == ["a.txt"]


def test_of_two_writers_at_once_the_second_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    slow = ExitStack()
    slow.enter_context(writing(path)).write_text("slow")
    write_text(path, "fast")
    with pytest.raises(Refused):
        slow.close()
    assert path.read_text() == "fast"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError), writing(tmp_path / "a.txt") as temporary:
        temporary.write_text({}["half"])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "samples" / "level-2"
    with new_folder(target) as temporary:
        (temporary / "reviews").mkdir()
        (temporary / "draw.json").write_text("{}")
        assert not target.exists()
    assert sorted(entry.name for entry in target.iterdir()) == ["draw.json", "reviews"]
    assert [entry.name for entry in target.parent.iterdir()] == ["level-2"]


def test_a_folder_that_is_there_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "level-2"
    with new_folder(target) as temporary:
        (temporary / "draw.json").write_text("first")
    with pytest.raises(Refused), new_folder(target):
        pass
    other = tmp_path / "level-3"
    slow = ExitStack()
    (slow.enter_context(new_folder(other)) / "draw.json").write_text("slow")
    with new_folder(other) as temporary:
        (temporary / "draw.json").write_text("fast")
    with pytest.raises(Refused):
        slow.close()
    assert (other / "draw.json").read_text() == "fast"
    with pytest.raises(ZeroDivisionError), new_folder(tmp_path / "level-4"):
        raise ZeroDivisionError
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["level-2", "level-3"]
