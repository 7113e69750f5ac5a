"""Write tests/snapshots (`make snapshots`): what tilsyn writes, as text whose difference a reviewer reads.

A small workspace (two units, three levels, a catalogue of four questions) gives a draw and its workbooks; the
round of the report's tests gives a report. The queries are those of three registers that draw themselves.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from tests.builders.dumps import draw_text, report_text, workbook_text
from tests.builders.inside_queries import QUERIES
from tests.builders.reports import material
from tests.builders.workspaces import draw, make_workspace, review
from tilsyn.base import clock, language
from tilsyn.procedure.checklists import make_workbooks
from tilsyn.procedure.feedback import write_feedback
from tilsyn.reports.edition import build

FOLDER = Path(__file__).parent / "snapshots"
NAMES = (
    "draw.json",
    "checklist-level-1.txt",
    "checklist-level-2.txt",
    "checklist-level-3.txt",
    "feedback-level-2.txt",
    "report-internal.txt",
    "report-public.txt",
    *QUERIES,
)

SETTINGS = """
[organisation]
name = "Testby"
slug = "testby"

[register]
path = "sagsliste.csv"
as_of = 2018-07-02
[register.columns]
case_id = "Sagsnr"
unit = "Enhed"
caseworker = "Sagsbehandler"
case_type = "Sagstype"

[[plan]]
valid_from = 2017-01-01
question_set = "proeve"
[plan.levels.1]
cadence = "month"
per_caseworker = 1
[plan.levels.2]
cadence = "quarter"
per_unit = 2
reserve = 1
[plan.levels.3]
cadence = "quarter"
total = 1
blind = false
"""
HEADINGS = "Sagsnr;Enhed;Sagsbehandler;Sagstype"
ROWS = [
    f"2018-{n:04d};{'Nord' if n % 2 else 'Syd'};{'N1' if n % 2 else 'S1'};Anbringelse" for n in range(1, 11)
]
# Every kind of question: a deadline that is computed, a condition, and one that always applies.
CATALOGUE = """
name = "proeve"
version = "1.0"
title_da = "Prøve"
title_en = "Trial"
kind = "legal"

[[step]]
id = "underretning"
title_da = "Underretning"
title_en = "Notification"

[[step]]
id = "dokumentation"
title_da = "Dokumentation"
title_en = "Documentation"

[[fact]]
id = "underretning"
text_da = "Er der kommet mindst én underretning i perioden?"
text_en = "Was there at least one notification in the period?"
register = ["case_type"]

[[question]]
id = "UND-01"
step = "underretning"
text_da = "Blev faren for barnet vurderet inden et døgn?"
text_en = "Was the risk to the child assessed within 24 hours?"
law = "SEL § 155, stk. 2"
law_text = "seen"
comparable = "yes"
critical = true
condition = "underretning = ja"
limit = "24 hours"
deadline_da = "24 timer"
deadline_en = "24 hours"
start_da = "Underretningen kom ind (dato og kl.)"
start_en = "Notification arrived (date and time)"
end_da = "Faren vurderet (dato og kl.)"
end_en = "Risk assessed (date and time)"

[[question]]
id = "UND-02"
step = "underretning"
text_da = "Blev der fulgt op på vurderingen?"
text_en = "Was the assessment followed up?"
law = "SEL § 155, stk. 3"
law_text = "seen"
comparable = "yes"
condition = "UND-01 = nej"

[[question]]
id = "DOK-01"
step = "dokumentation"
text_da = "Er hele forløbet noteret, så andre kan følge det?"
text_en = "Is the whole course recorded so that others can follow it?"
law = "OFL § 13"
law_text = "seen"
comparable = "yes"
"""


def texts() -> dict[str, str]:
    """Return the text of every snapshot by its name."""
    with tempfile.TemporaryDirectory() as folder, language.using("da"):
        written = _drawn(Path(folder)) | {name: query() for name, query in QUERIES.items()}
        return written | {
            "report-internal.txt": report_text(build(material(), public=False)),
            "report-public.txt": report_text(build(material(), public=True)),
        }


def _drawn(root: Path) -> dict[str, str]:
    clock.set_today(date(2018, 7, 3))
    (root / "checklists").mkdir()
    (root / "checklists" / "proeve.toml").write_text(CATALOGUE, "utf-8")
    workspace = make_workspace(root, SETTINGS, ROWS, HEADINGS)
    found = {}
    for level, period in ((1, "2018-06"), (2, "2018-Q2"), (3, "2018-Q2")):
        drawn = draw(workspace, level, period, seed="6 2 5 1 1 4 3 2 6 5 5 1", seed_origin="terninger")
        first, *_ = make_workbooks(workspace, drawn)
        found[f"checklist-level-{level}.txt"] = workbook_text(first.path)
        if level == 2:
            found["draw.json"] = draw_text(drawn.path / "draw.json")
            review(workspace, drawn, no={"*": "DOK-01"})
            written, _ = write_feedback(workspace, level, drawn.period)
            found["feedback-level-2.txt"] = workbook_text(written[0].path)
    clock.set_today(None)
    return found


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text, "utf-8")
