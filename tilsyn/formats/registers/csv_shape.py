"""How a CSV register is written: its encoding, its delimiter, and where its headings are."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tilsyn.formats.registers.table import TOP_ROWS, Worth, find_heading_row, refuse
from tilsyn.settings.schema import Register

DELIMITERS = ";,\t|"
CHUNK = 1 << 22
HEAD = 1 << 16


def chunks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes in parts."""
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            yield part


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def find_encoding(path: Path) -> str:
    """Return the encoding of a file: by its first bytes, else UTF-8 when all of it is, else Windows-1252."""
    start = _start(path)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decoded(path: Path, encoding: str) -> Iterator[str]:
    """Yield a file's text in parts, without a mark of its encoding; refused where it is not written in it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    before = "\ufeff"
    try:
        for chunk in chunks(path):
            text = decoder.decode(chunk)
            yield text.removeprefix(before)
            before = ""
        yield decoder.decode(b"", final=True)
    except UnicodeError as error:
        wrong = error.object[error.start : error.start + 1] if isinstance(error, UnicodeDecodeError) else b""
        raise refuse("not_decoded", path.name, encoding=encoding, byte=wrong.hex().upper() or "?") from None


def _head(path: Path, encoding: str) -> str:
    """Return the beginning of the text, without the BOM and without a half last line."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    start = _start(path)
    text = decoder.decode(start).removeprefix("\ufeff")
    if path.stat().st_size > len(start):
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    return text


@dataclass(frozen=True)
class Shape:
    """How a CSV file is written, and where its headings are.

    `skipped` records stand before the headings; `top` is how many lines these and the headings take, which is
    more where one has a line break in it.
    """

    encoding: str
    delimiter: str
    headings: list[str]
    skipped: int
    top: int


def find_shape(path: Path, settings: Register, worth: Worth) -> Shape:
    """Find how a CSV file is written, unless the settings say so: its delimiter splits out most headings."""
    encoding = settings.encoding or find_encoding(path)
    # Lines as the reader of the records takes them: at LF, CR or both, and at nothing else.
    lines = list(io.StringIO(_head(path, encoding), newline=""))

    def top(delimiter: str) -> tuple[list[list[str]], list[int]]:
        reader = csv.reader(lines, delimiter=delimiter)
        rows, ends = [], []
        for row in itertools.islice(reader, TOP_ROWS):
            rows.append(row)
            ends.append(reader.line_num)
        return rows, ends

    def fit(delimiter: str) -> tuple[int, int]:
        rows, _ = top(delimiter)
        return max((worth(row) for row in rows), default=0), max((len(row) for row in rows), default=0)

    delimiter = settings.delimiter or max(DELIMITERS, key=fit)
    rows, ends = top(delimiter)
    at = find_heading_row(rows, worth)
    if at is None:
        raise refuse("empty", path.name)
    if len(rows[at]) == 1:
        raise refuse("one_column", path.name, delimiter=delimiter.replace("\t", "\\t"))
    return Shape(encoding, delimiter, rows[at], at, ends[at])
