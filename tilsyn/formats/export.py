"""The exported star as files: Parquet and CSV of each table, and the page that says what they hold."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

import duckdb
import pandas as pd

from tilsyn.base.database import memory_database
from tilsyn.base.language import language, say
from tilsyn.reports.export import STAR, ExportColumn, ExportKind, ExportTable

PAGE = "schema.html"
# By which a folder of an earlier export is known.
MARK = "tilsyn-export/1"
_TYPES: dict[ExportKind, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "share": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
}
# What fits each other, and what programs in the language expect: delimiter and decimal sign.
_CSV = {"da": (";", ","), "en": (",", ".")}


def file_names() -> list[str]:
    """Return the names of all files of an export."""
    return [PAGE, *(f"{kind}/{table.name}.{kind}" for table in STAR for kind in ("csv", "parquet"))]


def write_export(folder: Path, tables: Mapping[str, pd.DataFrame], told: Sequence[tuple[str, str]]) -> None:
    """Write a whole export into an empty folder; `told` says what it rests on, a heading and a text each."""
    for kind in ("csv", "parquet"):
        (folder / kind).mkdir()
    with memory_database() as database:
        for table in STAR:
            values = tables[table.name]
            typed = database.from_df(values).project(", ".join(map(_cast, table.columns)))
            path = folder / "parquet" / f"{table.name}.parquet"
            try:
                # Snappy is what every reader of Parquet knows.
                typed.write_parquet(str(path), compression="snappy")
            except duckdb.IOException as error:
                raise OSError(errno.EIO, str(error), str(path)) from error
            (folder / "csv" / f"{table.name}.csv").write_bytes(_csv(values))
    (folder / PAGE).write_bytes(schema_page(told).encode("utf-8"))


def _cast(column: ExportColumn) -> str:
    return f'CAST("{column.name}" AS {_TYPES[column.kind]}) AS "{column.name}"'


def _csv(values: pd.DataFrame) -> bytes:
    """Return a table as CSV: true and false, ISO dates, and with a mark by which programs know UTF-8."""
    delimiter, decimal = _CSV[language()]
    words = {
        str(name): values[name].map({True: "true", False: "false"})
        for name in values.select_dtypes("boolean")
    }
    text = values.assign(**words).to_csv(
        sep=delimiter, decimal=decimal, index=False, lineterminator="\r\n", date_format="%Y-%m-%d"
    )
    return text.encode("utf-8-sig")


def is_export(folder: Path) -> bool:
    """Tell whether a folder holds an earlier export."""
    try:
        return MARK in (folder / PAGE).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def schema_page(told: Sequence[tuple[str, str]]) -> str:
    """Return the page that says what each table and column is."""
    delimiter, decimal = _CSV[language()]
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in told)
    intro = "".join(
        f"<p>{escape(say(f'export.page_{part}', delimiter=delimiter, decimal=decimal))}</p>"
        for part in ("internal", "star", "csv", "figures")
    )
    page = (files("tilsyn.formats") / "export_page.html").read_text("utf-8")
    return Template(page).substitute(
        lang=language(),
        mark=MARK,
        title=escape(say("export.page_title")),
        intro=intro,
        facts=facts,
        tables="".join(map(_section, STAR)),
    )


def _section(table: ExportTable) -> str:
    headings = "".join(
        f"<th>{escape(say(f'export.page_{name}'))}</th>" for name in ("column", "kind", "what")
    )
    rows = "".join(
        f"<tr><td><code>{column.name}</code></td><td>{escape(_kind(table, column))}</td>"
        f"<td>{escape(column.text)}</td></tr>"
        for column in table.columns
    )
    return (
        f'<h2 id="{table.name}">{table.name}</h2><p>{escape(table.text)}</p>'
        f"<table><tr>{headings}</tr>{rows}</table>\n"
    )


def _kind(table: ExportTable, column: ExportColumn) -> str:
    """Return a column's kind in words, and the key that it is or holds."""
    kind = say(f"export.kind_{column.kind}")
    if column.name == table.key:
        return say("export.kind_key", kind=kind)
    return say("export.kind_refers", kind=kind, table=column.refers_to) if column.refers_to else kind
