"""What a life goes by: its settings and its questions, as they are first and from the autumn of 2018."""

from __future__ import annotations

from datetime import date

SETTINGS = """
language = "da"
[organisation]
name = "Livsby"
slug = "livsby"
[register]
path = "register/{period}-{as_of}.csv"
columns = { case_id = "Sagsnr", unit = "Enhed", caseworker = "Sagsbehandler", case_type = "Sagstype", opened = "Oprettet", closed = "Lukket" }

[[plan]]
valid_from = 2017-07-01
question_set = ["foer"]
[plan.levels.1]
cadence = "quarter"
per_caseworker = 1
reserve = 1
[plan.levels.2]
cadence = "quarter"
per_unit = 4
units = { "Døgnvagten" = 2 }
reserve = 2
[plan.levels.3]
cadence = "quarter"
total = 4
reserve = 1
[plan.levels.4]
cadence = "quarter"
total = 2
reserve = 1
"""
# From then on other questions are asked, the duty unit is left out, and some levels are drawn at other times.
CHANGED_FROM = date(2018, 10, 1)
CADENCES = (("month", "quarter", "quarter"), ("quarter", "half", "half"), ("quarter", "quarter", "half"))
CHANGE = """
[[plan]]
valid_from = 2018-10-01
question_set = ["efter"]
units = ["Nord", "Syd"]
[plan.levels.1]
cadence = "CADENCE 1"
per_caseworker = 1
reserve = 1
[plan.levels.2]
cadence = "quarter"
per_unit = 5
reserve = 2
[plan.levels.3]
cadence = "CADENCE 3"
total = 5
reserve = 1
[plan.levels.4]
cadence = "CADENCE 4"
total = 3
reserve = 1
"""
_HEAD = """
name = "{name}"
version = "1.0"
rules = 2
title_da = "{title}"
kind = "legal"

[[step]]
id = "modtagelse"
title_da = "Modtagelse"
[[step]]
id = "afgoerelse"
title_da = "Afgørelse"
"""
_QUESTIONS = {
    "UND-01": ("modtagelse", "Er underretningen vurderet inden 24 timer?"),
    "BFU-02": ("modtagelse", "Er barnet hørt?"),
    "AFG-01": ("afgoerelse", "Er afgørelsen begrundet?"),
    "AFG-02": ("afgoerelse", "Er der givet klagevejledning?"),
}
_LATER = {
    **_QUESTIONS,
    "AFG-01": ("afgoerelse", "Er afgørelsen begrundet, og er det skrevet til barnet?"),
    "DOK-01": ("afgoerelse", "Er notatet skrevet inden syv dage?"),
}


def _catalogue(name: str, title: str, questions: dict[str, tuple[str, str]]) -> str:
    asked = (
        f'[[question]]\nid = "{key}"\nstep = "{step}"\nlaw = "§ 50"\ntext_da = "{text}"\n'
        for key, (step, text) in questions.items()
    )
    return "\n".join([_HEAD.format(name=name, title=title), *asked])


CATALOGUES = {
    "foer": _catalogue("foer", "Spørgsmålene før", _QUESTIONS),
    "efter": _catalogue("efter", "Spørgsmålene efter", _LATER),
}
