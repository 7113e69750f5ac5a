"""The report to the political committee, as plain data: what it says, in sentences, tables and charts.

`build` makes the internal and the public edition from the same material. The public one holds no case id, no
count below the limit, and nothing from which one could be reckoned (`disclosure`).
"""

from __future__ import annotations

from dataclasses import replace

from tilsyn.base.language import language, say
from tilsyn.reports.background import background_sheets
from tilsyn.reports.front import fits
from tilsyn.reports.missing import preliminary
from tilsyn.reports.parts import Material, Publication, Report
from tilsyn.reports.results import result_sheets
from tilsyn.reports.summary import summary, with_news
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.settings.single import is_chosen


def build(material: Material, public: bool, publication: Publication | None = None) -> Report:
    """The internal edition of a report, or the public one; the same material gives the same report.

    Without a `publication` it replaces none, and is published on the material's day.
    """
    publication = publication or Publication(material.published)
    report = _built(material, public, publication)
    if material.since is None:
        return report
    page = replace(report, summary=with_news(report.summary, material, material.since, public))
    # What is new stands on the page for the committee where there is room; it has a sheet in any case.
    return page if fits(page) else report


def _built(material: Material, public: bool, publication: Publication) -> Report:
    record = material.record
    period = record.period.label()
    edition = say("report.public_edition" if public else "report.internal_edition")
    return Report(
        title=say("report.title", period=period),
        subtitle=f"{material.level.label}. {edition}.",
        warnings=_warnings(record),
        summary=summary(material, public),
        sheets=[*result_sheets(material, public), *background_sheets(material, public, publication)],
        organisation=record.organisation.name,
        language=language(),
        public=public,
        day=publication.day or record.day,
        preliminary=preliminary(material.analysis.units),
    )


def _warnings(record: DrawRecord) -> list[str]:
    warnings = []
    if record.simulated:
        warnings.append(say("report.simulated"))
    if is_chosen(record.plan):
        warnings.append(say("single.chosen"))
    if record.seed_before_frame:
        warnings.append(say("report.seed_first"))
    if record.tries not in (None, 0, 1):
        warnings.append(say("report.tries", n=record.tries))
    if record.seed_as_announced is False:
        warnings.append(say("report.not_as_announced", what=record.seed_announced))
    if record.incomplete:
        warnings.append(say("report.incomplete", n=record.incomplete))
    return warnings
