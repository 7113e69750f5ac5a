"""What a disk says, in words that name the file and the remedy."""

from __future__ import annotations

import errno
import os

import pytest

from tilsyn.base import disk

SAID = [
    (errno.EACCES, "adgangen er nægtet", "åben i Excel"),
    (errno.EROFS, "adgangen er nægtet", "skriveadgang"),
    (errno.ENOSPC, "ikke plads", "Ryd op"),
    (errno.EDQUOT, "ikke plads", "Ryd op"),
    (errno.ENAMETOOLONG, "navnet er for langt", "Ret stien"),
    (errno.ENOENT, "stien er for lang", "260 tegn"),
    (errno.EIO, "svarer ikke", "Forbind drevet"),
    (errno.ESTALE, "svarer ikke", "Forbind drevet"),
    (errno.EMFILE, os.strerror(errno.EMFILE), "disken eller drevet"),
]


@pytest.mark.parametrize(("number", "found", "remedy"), SAID)
def test_a_refusal_names_the_file_the_reason_and_the_remedy(number: int, found: str, remedy: str) -> None:
    refused = disk.refused(OSError(number, os.strerror(number), "samples/log.jsonl"))
    assert refused.exit_code == 4
    assert "samples/log.jsonl" in refused.message
    assert found in refused.message
    assert remedy in refused.remedy


def test_an_error_without_a_number_is_a_librarys_own() -> None:
    assert not disk.is_refusal(OSError("no such thing"))
