"""Forty sets of headings as case systems of five countries write them, with invented rows: what is mapped.

A heading is `heading:kind>column`, or `?column` where it may only be proposed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tilsyn.formats.registers.recognised_register import recognise_register

ROWS = 40
KINDS: dict[str, Callable[[int], str]] = {
    "id": lambda n: f"S-{n:04}",
    "number": lambda n: str(100200 + n),
    "unit": lambda n: f"Unit {'NSEW'[n % 4]}",
    "team": lambda n: f"T{n % 5}",
    "code": lambda n: f"AB{n % 8}",
    "type": lambda n: ("short", "long", "brief")[n % 3],
    "law": lambda n: f"§ {50 + n % 3}",
    "date": lambda n: f"{n % 28 + 1:02}-03-2018",
    "us": lambda n: f"03/{n % 28 + 1:02}/2018",
    "iso": lambda n: f"2018-03-{n % 28 + 1:02}",
    "late": lambda n: "" if n % 3 else f"{n % 28 + 1:02}-06-2018",
    "empty": lambda n: "",
    "text": lambda n: f"note number {n}",
    "person": lambda n: f"Xx{n} Yy",
    "cpr": lambda n: f"0101{60 + n % 30}-51{n:02}",
}
SETS = {
    "dk-1": "Sags-ID:id>case_id; CPR-nr:cpr; Navn:person; Ansvarlig enhed:unit>unit; Primær sagsbehandler:code>caseworker; Sag oprettet:date>opened; Sag lukket:late>closed",
    "dk-2": "Sagsnr.:id>case_id; Distrikt:unit>unit; Team:team>department; Rådgiver:code>caseworker; Startdato:date>opened; Slutdato:late>closed",
    "dk-3": "Journalnr:id>case_id; Afdeling:unit>unit; Sagsbehandler:code>caseworker; Sagstype:type>case_type; Oprettet dato:date>opened; Afsluttet dato:late>closed",
    "dk-4": "Sag:id>case_id; Barnets navn:person; Barnets CPR:cpr; Center:unit>unit; Socialrådgiver:code>caseworker; Paragraf:law>law; Afgørelsesdato:date>decided",
    "dk-5": "Sagsnummer:id>case_id; Team:team>unit; Primær rådgiver:code>caseworker; Oprettelsesdato:date>opened; Lukkedato:late>closed; Sikkerhedsplan:type>safety_plan",
    "dk-6": "SagsID:number>case_id; Enhedsnavn:unit>unit; Team:team>department; Sagsbehandler initialer:code>caseworker; Sagsstatus:type>status; Oprettet af:code; Lukket af:code",
    "dk-7": "Sagsnumer:id>case_id; Enhed:unit>unit; Sagsbehandlr:code>caseworker; Oprettelsesdatoo:date>opened; Bemærkning:text",
    "dk-8": "Sagsnr:cpr; Enhed:unit>unit; Sagsbehandler:code>caseworker; Løbenr:number>case_id",
    "dk-9": "Sagsnr:id>case_id; Afdeling:unit?unit; Team:team?unit; Oprettet:date>opened; Forventet slutdato:late?closed",
    "dk-10": "Sagsnøgle:id>case_id; Område:unit>unit; Afgørelse:type; Åbnet:date>opened; Ophørsdato:late>closed; Klagesag:type>complaint",
    "no-1": "Saksnr:id>case_id; Fødselsnummer:cpr; Bydel:unit>unit; Saksbehandler:code>caseworker; Opprettet dato:date>opened; Avsluttet dato:late>closed",
    "no-2": "Saksnummer:number>case_id; Enhet:unit>unit; Avdeling:team>department; Sakstype:type>case_type; Mottatt dato:date>opened; Vedtaksdato:date>decided",
    "no-3": "Klientnr:number>case_id; Navn:person; Avdeling:unit>unit; Kontaktperson:code>caseworker; Startdato:date>opened; Sluttdato:late>closed",
    "no-4": "Sak:id>case_id; Tjenestested:unit>unit; Ansvarlig saksbehandler:code>caseworker; Lovhjemmel:law>law; Sist endret:date>last_activity; Status:type>status",
    "no-5": "Saks-ID:id>case_id; Barnevernkontor:unit>unit; Saksbehandlerkode:code>caseworker; Åpnet:date>opened; Avslutningsdato:late>closed; Kjønn:type",
    "no-6": "BrukerID:number>case_id; Fornavn:person; Etternavn:person; Kontor:unit>unit; Team:team>department; Opprettelsesdato:iso>opened",
    "no-7": "Journalnummer:id>case_id; Distrikt:unit>unit; Teamleder:code; Saksbehandler:code>caseworker; Mottatt:date>opened; Klage:type>complaint",
    "no-8": "Referanse:id?case_id; Gruppe:unit>unit; Behandler:code>caseworker; Vedtatt:date>decided; Adresse:text",
    "se-1": "Ärendenr:id>case_id; Personnummer:cpr; Enhet:unit>unit; Handläggare:code>caseworker; Inkom datum:iso>opened; Avslutsdatum:late>closed",
    "se-2": "Ärendenummer:number>case_id; Stadsdel:unit>unit; Avdelning:team>department; Ansvarig handläggare:code>caseworker; Startdatum:iso>opened; Slutdatum:late>closed",
    "se-3": "Dnr:id>case_id; Förnamn:person; Efternamn:person; Region:unit>unit; Socialsekreterare:code>caseworker; Beslutsdatum:iso>decided; Lagrum:law>law",
    "se-4": "Aktnr:number>case_id; Enhetsnamn:unit>unit; Grupp:team>department; Ärendetyp:type>case_type; Öppnad:iso>opened; Avslutad:late>closed",
    "se-5": "Ärende-ID:id>case_id; Team:unit>unit; Handläggarkod:code>caseworker; Senast ändrad:iso>last_activity; Ärendestatus:type>status",
    "se-6": "Diarienummer:id>case_id; Avdelning:unit>unit; Nuvarande handläggare:code>caseworker; Öppningsdatum:iso>opened; Tidigare handläggare:code",
    "se-7": "Brukar-ID:number>case_id; Namn:person; Organisationsenhet:unit>unit; Handläggare:code>caseworker; Överklagan:type>complaint",
    "se-8": "Löpnr:number>case_id; Område:unit>unit; Ankomstdatum:iso>opened; Beslut:type; Telefon:number",
    "uk-1": "Person ID:number>case_id; Team Name:unit>unit; Allocated Worker:code>caseworker; Start Date:date>opened; End Date:late>closed",
    "uk-2": "Case Reference:id>case_id; Surname:person; Forename:person; DOB:date; Locality:unit>unit; Key Worker:code>caseworker; Referral Date:date>opened; Closure Date:late>closed",
    "uk-3": "Mosaic ID:number>case_id; NHS Number:number; Service Area:unit>unit; Team:team>department; Lead Professional:code>caseworker; Date Opened:date>opened; Date Closed:late>closed",
    "uk-4": "LCS ID:number>case_id; Child's Name:person; Office:unit>unit; Social Worker:code>caseworker; Team Manager:code; Legal Status:type>law",
    "uk-5": "Client ID:number>case_id; Area:unit>unit; Case Holder:code>caseworker; Case Status:type>status; Planned End Date:late?closed; Created By:code",
    "uk-6": "Ref No:number>case_id; Department:unit>unit; Assigned To:code>caseworker; Category:type>case_type; Opened:date>opened; Last Updated:date>last_activity",
    "uk-7": "Case No:id>case_id; Directorate:unit?unit; Practitioner:code>caseworker; Date of Decision:date>decided; Postcode:text",
    "us-1": "Case Number:id>case_id; Client Name:person; County:unit>unit; Assigned Worker:code>caseworker; Open Date:us>opened; Close Date:empty>closed",
    "us-2": "Case ID:number>case_id; Region:unit; Office:team>unit; Caseworker:code>caseworker; Supervisor:code; Program Type:type>case_type; Disposition Date:us>decided",
    "us-3": "Intake ID:number>case_id; Site:unit>unit; Worker ID:code>caseworker; Date Opened:us>opened; Safety Plan:type>safety_plan; SSN:number",
    "us-4": "case_id:id>case_id; unit_name:unit>unit; case_manager:code>caseworker; created_date:us>opened; closed_date:empty>closed; zip:number",
    "us-5": "CASE NBR:id>case_id; FIELD OFFICE:unit>unit; PRIMARY WORKER:code>caseworker; CASE TYPE:type>case_type; END DATE:empty>closed",
    "us-6": "CaseNumber:id>case_id; Branch:unit>unit; CaseWorkerID:code>caseworker; OpenedDate:us>opened; ClosedDate:empty>closed; ClosedBy:code",
    "us-7": "Referral ID:number>case_id; District:unit>unit; Section:team>department; Case Officer:code>caseworker; Start:us>opened; State:type>status",
}


@pytest.mark.parametrize("name", SETS)
def test_what_is_mapped_and_what_is_proposed(tmp_path: Path, name: str) -> None:
    headings, kinds = [], []
    mapped: dict[str, str] = {}
    proposed: dict[str, set[str]] = {}
    for part in SETS[name].split("; "):
        heading, _, rest = part.partition(":")
        kind = rest.replace("?", ">").split(">")[0]
        headings.append(heading)
        kinds.append(KINDS[kind])
        if ">" in rest:
            mapped[rest.split(">")[1]] = heading
        elif "?" in rest:
            proposed.setdefault(rest.split("?")[1], set()).add(heading)
    rows = [";".join(kind(n) for kind in kinds) for n in range(ROWS)]
    path = tmp_path / "register.csv"
    path.write_text("\n".join([";".join(headings), *rows]), encoding="utf-8")
    read = recognise_register(path)
    assert read.found.columns == mapped
    assert {column: set(found) for column, found in read.found.unsure.items()} == proposed
    assert read.month_first == ("us" in SETS[name].replace(">", ":").split(":"))


def test_there_are_forty_of_five_countries() -> None:
    assert len(SETS) == 40
    assert {name[:2] for name in SETS} == {"dk", "no", "se", "uk", "us"}
