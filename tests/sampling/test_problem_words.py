"""What a person reads of each oddity in a register: the words, the place, the column and the remedy."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.sampling.test_frame import GOOD, examine, many
from tilsyn.sampling.row_problems import RowProblem, grouped
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import FrameSettings, LeaveOut

OTHER_SCOPE = FrameSettings(leave_out=(LeaveOut(column="case_type", values=("Efterværn", "x")),))
COMPLAINTS = (Risk(name="klage", column="case_type", values=("klage",), size=5),)

# The rows, how they are read, and each problem: its kind, its places, its column, its words, its remedy.
ODDITIES: dict[str, tuple[list[str], dict[str, Any], list[tuple[str | None, ...]]]] = {
    "missing_id": (
        [GOOD, ";Amager;A1;A;;;"],
        {},
        [
            ("error", "række 3", "Sagsnr", "rækken har intet sagsnummer", "Skriv sagsnummeret i registret, eller slet rækken."),
        ],
    ),
    "bad_character": (
        [GOOD, "9|1;Amager;A1;A;;;", "9;Ama\x07ger;B1;A;;;"],
        {},
        [
            ("error", "række 3", "Sagsnr", "»9|1« indeholder et tegn, der ikke kan bruges (|, tabulator eller styretegn)", "Fjern tegnet i registret."),
            ("error", "række 4", "Enhed", "»Ama·ger« indeholder et tegn, der ikke kan bruges (|, tabulator eller styretegn)", "Fjern tegnet i registret."),
        ],
    ),
    "deceptive_id": (
        [GOOD, "9\u200b1;Amager;A1;A;;;"],
        {},
        [
            ("error", "række 3", "Sagsnr", "»9\u200b1« indeholder et tegn, som ingen kan se eller kende fra et andet (U+200B)", "Skriv sagsnummeret i registret med almindelige tegn: slet usynlige tegn og hårde mellemrum, og skriv bogstaver og tal på ny."),
        ],
    ),
    "cpr": (
        [GOOD, "9;Amager;A1;om 010160-5123;;;"],
        {},
        [
            ("error", "række 3", "Sagstype", "»om 01xxxx-xxxx« ligner et CPR-nummer", 'Fjern nummeret, eller tag kolonnen »Sagstype« ud af [register.columns]. Er det et løbenummer, så skriv not_cpr = ["case_type"] under [privacy].'),
        ],
    ),
    "cpr_without_its_zero": (
        [GOOD, "101605123;Amager;A1;A;;;"],
        {"number_columns": ("case_id",)},
        [
            ("error", "række 3", "Sagsnr", "»01xxxx-xxxx« ligner et CPR-nummer", 'Fjern nummeret, eller tag kolonnen »Sagsnr« ud af [register.columns]. Er det et løbenummer, så skriv not_cpr = ["case_id"] under [privacy].'),
        ],
    ),
    "garbled": (
        [*many(30), '9;NÃ¸rrebro;A1;A;;;'],
        {},
        [
            ("error", "række 32", "Enhed", "»NÃ¸rrebro« har ødelagte bogstaver, fordi filen eller en del af den er læst i en forkert tegnkodning", 'Er alle rækker sådan, så skriv den rigtige encoding under [register], fx "mac-roman" eller "cp865". Er kun nogle, er filen sat sammen af to; lav udtrækket igen.'),
            ("note", "række 32", "Enhed", "»NÃ¸rrebro« indeholder et tegn, som ingen kan se eller kende fra et andet (U+00B8)", "To navne, der ser ens ud, kan være to forskellige. Ret navnet i registret, hvis det ikke er meningen."),
        ],
    ),
    "garbled_elsewhere": (
        [GOOD, "9;Amager;A1;bÃ¸rn;;;"],
        {},
        [
            ("note", "række 3", "Sagstype", "»bÃ¸rn« har ødelagte bogstaver, fordi filen eller en del af den er læst i en forkert tegnkodning", 'Er alle rækker sådan, så skriv den rigtige encoding under [register], fx "mac-roman" eller "cp865". Er kun nogle, er filen sat sammen af to; lav udtrækket igen.'),
        ],
    ),
    "id_scientific": (
        [GOOD, "2,01803E+11;Amager;A1;A;;;"],
        {},
        [
            ("error", "række 3", "Sagsnr", "sagsnummeret »2,01803E+11« er et tal, som et regneark har forkortet", "Lav kolonnen til tekst, før tallene sættes ind, og hent dem igen; cifrene er gået tabt her."),
        ],
    ),
    "id_decimal": (
        [GOOD, "1202.0;Amager;A1;A;;;"],
        {},
        [
            ("error", "række 3", "Sagsnr", "sagsnummeret »1202.0« er skrevet som et tal med decimaler", "Eksportér kolonnen som tekst; foranstillede nuller kan være gået tabt."),
        ],
    ),
    "id_date": (
        [GOOD, "01-03-2018;Amager;A1;A;;;"],
        {},
        [
            ("error", "række 3", "Sagsnr", "sagsnummeret »01-03-2018« er en dato, som et regneark formentlig har gjort det til", "Lav kolonnen til tekst, før numrene sættes ind, og hent dem igen."),
        ],
    ),
    "missing_unit": (
        [GOOD, "9;;A1;A;;;"],
        {},
        [
            ("error", "række 3", "Enhed", "rækken har ingen enhed", "Skriv enheden i registret, eller slet rækken, hvis den ikke er en sag, fx en sumlinje."),
        ],
    ),
    "misspelt_unit": (
        [*many(150), '1;Nørebro;N1;A;;;'],
        {},
        [
            ("error", "række 152", "Enhed", "enheden »Nørebro« er formentlig en stavefejl; nærmest er »Nørrebro«", "Ret den til »Nørrebro« i registret. Er det en enhed for sig, så skriv »Nørebro« i planens units."),
        ],
    ),
    "missing_caseworker": (
        [GOOD, "9;Amager;;A;;;"],
        {"split": "caseworker"},
        [
            ("error", "række 3", "Sagsbehandler", "rækken har ingen sagsbehandler", "Skriv sagsbehandlerens kode i registret; der trækkes for hver sagsbehandler."),
        ],
    ),
    "missing_stratum": (
        [GOOD, "9;Amager;A1;;;;"],
        {"split": "case_type"},
        [
            ("error", "række 3", "Sagstype", "rækken har intet i Sagstype", "Udfyld feltet i registret; der trækkes for hver værdi i kolonnen."),
        ],
    ),
    "no_caseworker": (
        [GOOD, "9;Amager;;A;;;"],
        {"split": "unit"},
        [
            ("note", "række 3", "Sagsbehandler", "rækken har ingen sagsbehandler; det er en fejl, hvor der trækkes for hver sagsbehandler", "Skriv sagsbehandlerens kode i registret."),
        ],
    ),
    "not_a_date": (
        [GOOD, "9;Amager;A1;A;i går;;", "8;Amager;A1;A;i går;;", "7;Amager;A1;A;x;;"],
        {},
        [
            ("error", "række 3, række 4, række 5", "Oprettet", "i alt 3; de første: »i går« er ikke en dato (række 3); »i går« er ikke en dato (række 4); »x« er ikke en dato (række 5)", 'Skriv datoen som 30-06-2018 eller 2018-06-30, eller lad feltet være tomt. Betyder det, at feltet er tomt, så skriv empty = ["i går", "x"] under [register].'),
        ],
    ),
    "impossible_date": (
        [GOOD, "9;Amager;A1;A;;;01-01-1900", "8;Amager;A1;A;31-12-9999;;", "7;Amager;A1;A;;;31-12-9999"],
        {},
        [
            ("error", "række 3", "Lukket", "datoen 01-01-1900 kan ikke være ment", 'Ret den i registret. Betyder den, at feltet er tomt, så skriv empty = ["01-01-1900"] under [register].'),
            ("error", "række 4", "Oprettet", "datoen 31-12-9999 kan ikke være ment", 'Ret den i registret. Betyder den, at feltet er tomt, så skriv empty = ["31-12-9999"] under [register].'),
        ],
    ),
    "closed_before_opened": (
        [GOOD, "9;Amager;A1;A;01-05-2018;;01-04-2018"],
        {},
        [
            ("error", "række 3", "Lukket", "sagen er lukket 2018-04-01, før den blev oprettet 2018-05-01", "Ret den forkerte af de to datoer i registret."),
        ],
    ),
    "contradictory_duplicate": (
        [GOOD, "1;Valby;B1;Anbringelse;01-02-2018;;"],
        {},
        [
            ("error", "række 2, række 3", "Sagsnr", "sagen 1 står flere gange med forskelligt indhold i: Enhed, Sagsbehandler (i alt 2: række 2, række 3 …)", 'Behold den række, der er rigtig, og slet de andre. Er der en række for hver foranstaltning, så skriv one_row_per = "measure" under [register].'),
        ],
    ),
    "duplicate": (
        [GOOD, GOOD, GOOD],
        {},
        [
            ("note", "række 3, række 4", "Sagsnr", "sagen 1 står også i række 2, ens i alt; den tæller én gang (i alt 2: række 3, række 4 …)", "Intet behøver at rettes."),
        ],
    ),
    "deceptive_name": (
        [GOOD, "2;Ama\u200bger;A\xa01;A;;;"],
        {},
        [
            ("note", "række 3", "Enhed", "»Ama\u200bger« indeholder et tegn, som ingen kan se eller kende fra et andet (U+200B)", "To navne, der ser ens ud, kan være to forskellige. Ret navnet i registret, hvis det ikke er meningen."),
            ("note", "række 3", "Sagsbehandler", "»A\xa01« indeholder et tegn, som ingen kan se eller kende fra et andet (U+00A0)", "To navne, der ser ens ud, kan være to forskellige. Ret navnet i registret, hvis det ikke er meningen."),
        ],
    ),
    "no_case": (
        [GOOD, "Sagsnr;Enhed;;;;;", "I alt;30;;;;;"],
        {},
        [
            ("note", "række 3", "Sagsnr", "overskrifterne står igen som »Sagsnr«; rækken er ikke en sag", "Intet behøver at rettes; se efter, om to udtræk er sat sammen."),
            ("note", "række 4", "Sagsnr", "rækken »I alt« er en sumlinje og ikke en sag", "Intet behøver at rettes."),
        ],
    ),
    "unwrapped": (
        [GOOD, '="00123";Amager;AMA1;A;;;'],
        {},
        [
            ("note", "række 3", "Sagsnr", 'sagsnummeret står som tekst med ="…" eller en apostrof foran; det læses som »00123«', "Intet behøver at rettes."),
        ],
    ),
    "read_as_empty": (
        [GOOD, "2;Amager;AMA1;-;;;null", "3;Amager;AMA1;;;;NULL"],
        {"empty": ("null", "-")},
        [
            ("note", "", "Sagstype", "celler i »Sagstype«, der læses som tomme: 1", "Intet behøver at rettes; empty under [register] siger, hvad der betyder ingenting."),
            ("note", "", "Lukket", "celler i »Lukket«, der læses som tomme: 2", "Intet behøver at rettes; empty under [register] siger, hvad der betyder ingenting."),
        ],
    ),
    "respelt_unit": (
        [GOOD, "2;amager;AMA1;Anbringelse;01-02-2018;;", "3;Amager;AMA1;Anbringelse;01-02-2018;;"],
        {},
        [
            ("note", "række 3", "Enhed", "enheden »amager« læses som »Amager«", "Intet behøver at rettes; store og små bogstaver og mellemrum yderst regnes ens."),
        ],
    ),
    "odd_orders": (
        ["1;Amager;A1;A;01-02-2018;01-01-2018;", "2;Amager;A1;A;01-02-2018;01-06-2018;01-05-2018"],
        {},
        [
            ("note", "række 2", "Afgjort", "afgørelsen 2018-01-01 er tidligere end oprettelsen 2018-02-01", "Se efter, om datoerne er byttet om; sagen er med i udtrækket."),
            ("note", "række 3", "Lukket", "sagen er lukket 2018-05-01, før afgørelsen 2018-06-01", "Se efter, om datoerne er byttet om; sagen er med i udtrækket."),
        ],
    ),
    "future_date": (
        ["3;Amager;A1;A;01-02-2018;;01-01-2019", "4;Amager;A1;A;01-02-2018;;31-12-9999"],
        {},
        [
            ("note", "række 2", "Lukket", "datoen 2019-01-01 ligger efter 2018-07-02", "Se efter, om årstallet er rigtigt; datoen bruges, som den står."),
        ],
    ),
    "forms_of_dates": (
        ["1;Amager;A1;A;02/25/2018;;", "2;Amager;A1;A;01-02-18;;", "3;Amager;A1;A;43162;;", "4;Amager;A1;A;1. marts 2018;;", "5;Amager;A1;A;2018-03-01;;", "6;Amager;A1;A;2018-03-01;;"],
        {},
        [
            ("note", "række 2", "Oprettet", "»Oprettet« har datoer, der kun kan læses med dag og måned byttet om: 1, fx 02/25/2018", "Brug én skrivemåde i kolonnen; date_order under [register] siger, om dagen eller måneden står først."),
            ("note", "række 3", "Oprettet", "»Oprettet« har datoer, hvis årstal har to cifre: 1, fx 01-02-18", "Brug én skrivemåde i kolonnen; date_order under [register] siger, om dagen eller måneden står først."),
            ("note", "række 4", "Oprettet", "»Oprettet« har datoer som Excels dagnumre: 1, fx 43162, der læses som 3. marts 2018", "Brug én skrivemåde i kolonnen; date_order under [register] siger, om dagen eller måneden står først."),
            ("note", "række 5", "Oprettet", "datoerne i »Oprettet« er skrevet på flere måder: 1 som 1. marts 2018; alle er læst", "Brug én skrivemåde i kolonnen; date_order under [register] siger, om dagen eller måneden står først."),
        ],
    ),
    "short_years": (
        ["1;Amager;A1;A;01-02-18;;"],
        {},
        [
            ("note", "række 2", "Oprettet", "»Oprettet« har datoer, hvis årstal har to cifre: 1, fx 01-02-18", "Brug én skrivemåde i kolonnen; date_order under [register] siger, om dagen eller måneden står først."),
        ],
    ),
    "shared_code": (
        [GOOD, "2;Valby;AMA1;A;01-02-2018;;"],
        {},
        [
            ("note", "række 2", "Sagsbehandler", "sagsbehandleren »AMA1« står i flere enheder: Amager, Valby", "Hver sag hører til sin rækkes enhed. Er det to personer, så giv dem hver sin kode."),
        ],
    ),
    "units_of_the_plan": (
        [GOOD, "2;Valby;VA1;A;;;", "3;Nørrebro;N1;A;;;"],
        {"units": ("Amager", "Nørebro", "Vesterbro")},
        [
            ("note", "række 3", "Enhed", "enheden »Valby« står ikke i planen", "Den trækkes med det almindelige antal. Skriv den i planens units, eller udelad den med en regel under [frame]."),
            ("note", "række 4", "Enhed", "enheden »Nørrebro« står ikke i planen; nærmest er »Nørebro«", "Er det en stavefejl, så ret den til »Nørebro« i registret; ellers skriv »Nørrebro« i planens units."),
            ("note", "", "Enhed", "i alt 2; de første: planens enhed »Nørebro« har ingen sager i registret; planens enhed »Vesterbro« har ingen sager i registret", "Se efter, om udtrækket er helt, eller om enheden har skiftet navn."),
        ],
    ),
    "no_dates": (
        [GOOD],
        {"dates": (), "as_of": None},
        [
            ("note", "", None, "ingen kolonne holder en dato, så dagen for sagslisten kendes ikke", "Udpeg opened og closed under [register.columns], eller giv dagen som as_of eller --as-of."),
            ("note", "", None, "ingen kolonne siger, hvornår en sag er lukket; sager, der er lukket før perioden, kan blive trukket", "Udpeg closed under [register.columns], eller lav et udtræk uden lukkede sager."),
        ],
    ),
    "no_closing_date": (
        [GOOD],
        {"dates": ("opened",)},
        [
            ("note", "", None, "ingen kolonne siger, hvornår en sag er lukket; sager, der er lukket før perioden, kan blive trukket", "Udpeg closed under [register.columns], eller lav et udtræk uden lukkede sager."),
        ],
    ),
    "other_time": (
        [GOOD],
        {"as_of": date(2018, 1, 5)},
        [
            ("note", "række 2", "Oprettet", "datoen 2018-02-01 ligger efter 2018-01-05", "Se efter, om årstallet er rigtigt; datoen bruges, som den står."),
            ("note", "", None, "sagslisten er fra 5. januar 2018 og hører ikke til 2. kvartal 2018; lodtrækningen afvises uden --reason", "Brug periodens egen sagsliste, eller giv dens rigtige dag som as_of eller --as-of."),
        ],
    ),
    "nothing_fits": (
        [GOOD],
        {"frame": OTHER_SCOPE, "risk": COMPLAINTS},
        [
            ("note", "", "Sagstype", "reglen, der udelader »other_scope«, passer ikke på nogen række: »Sagstype« er aldrig Efterværn, x", "Ret values under [[frame.leave_out]] til det, der står i sagslisten, eller slet reglen."),
            ("note", "", "Sagstype", "risikoområdet »klage« passer ikke på nogen række: »Sagstype« er aldrig klage", "Ret values under [[plan.risk]] til det, der står i sagslisten, eller slet risikoområdet."),
        ],
    ),
    "several_sheets": (
        [GOOD, ";Amager;A1;A;;;"],
        {"sheets": ("Ark A", "Ark B")},
        [
            ("error", "ark Ark A, række 3", "Sagsnr", "rækken har intet sagsnummer", "Skriv sagsnummeret i registret, eller slet rækken."),
        ],
    ),
    "duplicate_in_a_sheet": (
        [GOOD, GOOD],
        {"sheets": ("Ark A", "Ark B")},
        [
            ("note", "ark Ark A, række 3", "Sagsnr", "sagen 1 står også i ark Ark A, række 2, ens i alt; den tæller én gang", "Intet behøver at rettes."),
        ],
    ),
    "database": (
        ["2018-1;Amager;A1;A;x;;", "2018-1;Valby;A2;A;x;;", ";Valby;A1;A;;;"],
        {"rows_are_cases": True},
        [
            ("error", "række 4", "Sagsnr", "rækken har intet sagsnummer", "Skriv sagsnummeret i registret, eller slet rækken."),
            ("error", "sag 2018-1, sag 2018-1", "Oprettet", "»x« er ikke en dato (i alt 2: sag 2018-1, sag 2018-1 …)", 'Skriv datoen som 30-06-2018 eller 2018-06-30, eller lad feltet være tomt. Betyder det, at feltet er tomt, så skriv empty = ["x"] under [register].'),
            ("error", "sag 2018-1, sag 2018-1", "Sagsnr", "sagen 2018-1 står flere gange med forskelligt indhold i: Enhed, Sagsbehandler (i alt 2: sag 2018-1, sag 2018-1 …)", 'Behold den række, der er rigtig, og slet de andre. Er der en række for hver foranstaltning, så skriv one_row_per = "measure" under [register].'),
            ("note", "række 2", "Sagsbehandler", "sagsbehandleren »A1« står i flere enheder: Amager, Valby", "Hver sag hører til sin rækkes enhed. Er det to personer, så giv dem hver sin kode."),
        ],
    ),
    "duplicate_in_a_database": (
        [GOOD, GOOD],
        {"rows_are_cases": True},
        [
            ("note", "sag 1", "Sagsnr", "sagen 1 står også i række 2 i svaret, ens i alt; den tæller én gang (sag 1)", "Intet behøver at rettes."),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODDITIES)
def test_what_is_read_of_it(name: str) -> None:
    lines, changed, expected = ODDITIES[name]
    found = [
        (
            problem.kind,
            ", ".join(problem.places) if isinstance(problem, RowProblem) else "",
            problem.column,
            problem.found,
            problem.remedy,
        )
        for problem in grouped(examine(*lines, **changed).problems)
    ]
    assert found == expected


def test_those_that_are_not_listed_are_counted() -> None:
    examination = examine(*(f"{n};Amager;A1;A;x;;" for n in range(4))).examination
    assert [problem.row for problem in examination.problems(listed=None)] == [2, 3, 4, 5]
    *listed, rest = examination.problems(listed=2)
    assert [(problem.row, problem.found) for problem in listed] == [
        (2, "»x« er ikke en dato"),
        (3, "»x« er ikke en dato"),
    ]
    assert rest == RowProblem(
        "… og samme fejl i »Oprettet« i flere rækker: 2",
        "Er hele kolonnen gal, så se efter i [register.columns], om overskriften er den rigtige.",
        column="Oprettet",
        what="not_a_date",
        n=2,
    )
    first, rest = examine(GOOD, GOOD, GOOD, GOOD).examination.problems(listed=1)
    assert [(problem.kind, getattr(problem, "n", 0)) for problem in (first, rest)] == [
        ("note", 1),
        ("note", 2),
    ]
