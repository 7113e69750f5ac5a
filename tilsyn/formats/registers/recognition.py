"""Recognising a register's headings: which of theirs is which of our columns."""

from __future__ import annotations

import mmap
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tilsyn.base.canonical import canonical_id
from tilsyn.base.cpr import mask
from tilsyn.base.database import memory_database
from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem
from tilsyn.formats.registers.csv_shape import find_shape
from tilsyn.formats.registers.opening import kind_of
from tilsyn.formats.registers.sheet_rows import headed_sheets
from tilsyn.formats.registers.typed_cells import parquet_columns
from tilsyn.settings.schema import COLUMNS, Register

# What people call our columns, in Danish and English, without case and punctuation; the surest name first.
SYNONYMS: Mapping[str, str] = {
    "case_id": (
        "sagsnr sagsnummer sagsid sagnr sagid sagskode sagsnøgle journalnr journalnummer sag caseid "
        "casenumber caseno casenr case reference id nr"
    ),
    "unit": (
        "enhed enhedsnavn organisatoriskenhed område områdenavn distrikt borgercenter center "
        "lokalområde bydel kontor unit unitname district area office region"
    ),
    "department": "afdeling afdelingsnavn afd team teamnavn gruppe department section",
    "caseworker": (
        "sagsbehandler sagsbehandlerkode sagsbehandlerid sagsbehandlerinitialer sagsbeh rådgiver "
        "socialrådgiver ansvarlig ansvarligsagsbehandler initialer behandler medarbejder caseworker "
        "caseworkercode socialworker worker responsible"
    ),
    "case_type": "sagstype sagsart sagskategori kategori type casetype category",
    "law": "paragraf lovgrundlag lovhjemmel hjemmel bestemmelse lov law legalbasis provision",
    "opened": (
        "oprettet oprettetdato oprettelsesdato datooprettet startdato sagsstart åbnet modtaget "
        "modtagetdato opened openeddate dateopened created startdate start"
    ),
    "decided": (
        "afgørelsesdato afgjort afgjortdato afgørelse datoforafgørelse beslutningsdato decided "
        "decisiondate decideddate decision"
    ),
    "last_activity": (
        "sidsteaktivitet sidsteaktivitetsdato senesteaktivitet sidstændret senestændret "
        "sidsteændring lastactivity lastactivitydate lastmodified lastchanged updated"
    ),
    "closed": (
        "lukketdato lukkedato lukket datolukket afsluttet afsluttetdato afslutningsdato slutdato "
        "ophørt ophørsdato closed closeddate dateclosed closingdate enddate end"
    ),
    "status": "status sagsstatus tilstand casestatus state",
    "safety_plan": "sikkerhedsplan harsikkerhedsplan safetyplan",
    "complaint": "klage klagesag harklage complaint appeal",
}


@dataclass(frozen=True)
class Recognised:
    """What was recognised among a register's headings: our columns, in our order, to theirs.

    The other headings are `left_out`: CPR numbers, names and what is not known are never read.
    """

    columns: dict[str, str]
    left_out: list[str]


def _plain(heading: str) -> str:
    """Return a heading without case, space and punctuation.

    >>> _plain(" Sags-nr. ")
    'sagsnr'
    """
    return re.sub(r"[\W_]+", "", canonical_id(heading).lower())


def recognise(headings: Sequence[str]) -> Recognised:
    """Recognise headings, each used once; of two that fit a column, the one with the surer name.

    >>> recognise(["Sagsnr", "CPR-nr", "Enhed", "Lukket dato"]).columns
    {'case_id': 'Sagsnr', 'unit': 'Enhed', 'closed': 'Lukket dato'}
    """
    there = {_plain(heading): heading for heading in reversed(headings) if heading.strip()}
    columns = {}
    for column in COLUMNS:
        for name in (*SYNONYMS[column].split(), _plain(column)):
            if name in there:
                columns[column] = canonical_id(there.pop(name))
                break
    used = set(columns.values())
    # A file without headings has a person's data in their place.
    left_out = [mask(canonical_id(h)) for h in headings if h.strip() and canonical_id(h) not in used]
    return Recognised(columns, left_out)


def recognise_register(path: Path) -> Recognised:
    """Recognise the headings of a register file; the case number and the unit must be among them."""
    kind = kind_of(path)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if kind == "csv":
            headings = find_shape(data, path.name, Register(), _worth).headings
        elif kind == "parquet":
            headings = list(parquet_columns(memory_database(), path))
        else:
            headings = headed_sheets(path, data[:], None, _worth)[0].headings
    found = recognise(headings)
    problems = []
    there = ", ".join(mask(heading.strip()) for heading in headings if heading.strip())
    for needed in ("case_id", "unit"):
        if needed not in found.columns:
            text = say("init.not_recognised", column=say(f"init.column_{needed}"))
            problems.append(Problem(text, say("init.not_recognised_remedy", there=there), file=path.name))
    if problems:
        raise InputError(problems)
    return found


def _worth(cells: Sequence[str]) -> int:
    """Return how many of our columns a row's cells name."""
    return len(recognise(cells).columns)
