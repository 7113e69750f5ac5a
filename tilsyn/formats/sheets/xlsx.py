"""The walk over an .xlsx file: its sheets by the relations that Excel follows, and every cell of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tilsyn.base.sheets import Place, Unread, Unreadable, WalkedSheet, cell_position
from tilsyn.formats.sheets.parts import Parts
from tilsyn.formats.sheets.xlsx_cells import CellReader
from tilsyn.formats.sheets.xlsx_sheet import SheetWalk
from tilsyn.formats.sheets.xlsx_tables import is_true, read_shared_texts, read_styles

# Sheets that hold no cells, or none that a person fills in.
_OTHER_SHEETS = ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")
_COMMENTED = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")


@dataclass(frozen=True)
class _Relation:
    kind: str
    target: str


def walk_xlsx(parts: Parts, unread: Unread = Unread()) -> list[WalkedSheet]:
    """Return the worksheets of an .xlsx file, in their order."""
    roots = [
        relation.target for relation in _relations(parts, "").values() if relation.kind == "officeDocument"
    ]
    home = roots[0] if roots else "xl/workbook.xml"
    book = parts.tree(home)
    listed = book.findall("{*}sheets/{*}sheet")
    names = {item.get("name", "").casefold() for item in listed}
    if len(roots) > 1 or len(book.findall("{*}sheets")) != 1 or len(names) < len(listed):
        raise Unreadable("twofold")
    epoch_1904 = any(is_true(item, "date1904") for item in book.iterfind("{*}workbookPr"))
    relations = _relations(parts, home)
    targets = {relation.kind: relation.target for relation in relations.values()}
    texts = read_shared_texts(parts, targets["sharedStrings"]) if "sharedStrings" in targets else []
    styles = read_styles(parts, targets["styles"]) if "styles" in targets else []
    reader, sheets = CellReader(texts, styles), []
    for item in listed:
        identity = next((value for key, value in item.items() if key.endswith("/relationships}id")), "")
        relation = relations.get(identity)
        name, hidden = item.get("name", ""), item.get("state", "visible") != "visible"
        if relation is None:
            raise Unreadable("damaged", name)
        if relation.kind in _OTHER_SHEETS:
            continue
        sheet = WalkedSheet(name, hidden, epoch_1904=epoch_1904)
        SheetWalk(sheet, reader).walk(parts.read(relation.target), unread)
        sheet.commented = set(_commented(parts, relation.target))
        sheets.append(sheet)
    return sheets


def _relations(parts: Parts, source: str) -> dict[str, _Relation]:
    """Return a part's relations to others inside the file, by id; those of the file itself for no part."""
    folder, name = posixpath.split(source)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, _Relation] = {}
    for item in parts.tree(listed) if listed in parts else ():
        if item.get("TargetMode") == "External":
            continue
        # A target is below its source's folder unless it begins with a slash.
        target = posixpath.normpath(posixpath.join("/", folder, item.get("Target", "")))
        if item.get("Id", "") in found:
            raise Unreadable("twofold")
        kind = item.get("Type", "").rpartition("/")[2]
        found[item.get("Id", "")] = _Relation(kind, target.lstrip("/"))
    return found


def _commented(parts: Parts, sheet: str) -> Iterator[Place]:
    """Yield the cells that have a comment, old or new ("threaded")."""
    for relation in _relations(parts, sheet).values():
        if relation.kind in ("comments", "threadedComment") and relation.target in parts:
            for item in parts.tree(relation.target).iter():
                # A comment on several cells stands at the first of them.
                name = _COMMENTED.match(item.get("ref", ""))
                if name and item.tag.rpartition("}")[2] in ("comment", "threadedComment"):
                    yield cell_position(name[0])
