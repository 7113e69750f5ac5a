"""The parts of a zipped spreadsheet file, and their XML parsed with entities refused."""

from __future__ import annotations

import contextlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import NoReturn
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

from tilsyn.base.sheets import MOST_BYTES, Unreadable

# How the library tells that an archive is broken off, overwritten in part or made by a faulty program.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
# The root of a part begins in its first bytes.
_PIECE = 1024


class Parts:
    """The parts of an archive by name, whatever the case of its letters."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE:
            raise Unreadable("damaged") from None
        entries = [entry for entry in self._archive.infolist() if not entry.is_dir()]
        self._entries = {entry.filename.lower(): entry for entry in entries}
        if len(self._entries) < len(entries):
            raise Unreadable("twofold")
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise Unreadable("huge")

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def read(self, name: str) -> bytes:
        """Return a part's bytes."""
        entry = self._entries.get(name.lower())
        if entry is None:
            raise Unreadable("damaged")
        try:
            return self._archive.read(entry)
        except _DAMAGE:
            raise Unreadable("damaged") from None

    def tree(self, name: str) -> Element:
        """Return the root of an XML part that is small enough to be held whole."""
        xml = self.read(name)
        check(xml)
        with parsed():
            return ElementTree.fromstring(xml)


@contextlib.contextmanager
def parsed() -> Iterator[None]:
    """Refuse XML that is found broken off while the block goes through it."""
    try:
        yield
    except ElementTree.ParseError:
        raise Unreadable("damaged") from None


def check(xml: bytes) -> str:
    """Refuse XML that has a document type, and return its root's name; what comes after is not looked at.

    No spreadsheet program writes a document type; entities, which can grow without end, are declared there.
    """
    root = ""

    def start(name: str, _: object) -> None:
        nonlocal root
        root = root or name

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for begin in range(0, len(xml), _PIECE):
            parser.Parse(xml[begin : begin + _PIECE])
            if root:
                return f"{{{root}" if "}" in root else root
    except expat.ExpatError:
        pass
    raise Unreadable("damaged")


def is_well_formed(xml: bytes) -> bool:
    """Tell whether XML without a document type can be parsed, without making anything of it."""
    try:
        expat.ParserCreate(namespace_separator="}").Parse(xml, True)
    except expat.ExpatError:
        return False
    return True


def _refuse_doctype(*_: object) -> NoReturn:
    raise Unreadable("doctype")


def elements(xml: bytes, tag: str) -> Iterator[Element]:
    """Yield the elements of a name in checked XML, each emptied when the next is asked for."""
    with parsed():
        for _, element in ElementTree.iterparse(io.BytesIO(xml)):
            if element.tag == tag:
                yield element
                element.clear()
