"""`tilsyn catalogue validate|import|list|show|approve|update|benchmarks`: what cases are reviewed with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tilsyn.base import clock
from tilsyn.base.canonical import slug
from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.problems import InputError, Problem, UsageError
from tilsyn.cli import catalogue_tables
from tilsyn.cli.command import command, holder_of
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.questions.question_set import Catalogue

SCHEMA = "tilsyn/catalogue/1"
_DAY = ["%Y-%m-%d"]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = holder_of(app, "catalogue", "catalogue")

    @command(group, "validate", "catalogue.validate_")
    def validate(
        file: Annotated[Path, typer.Argument(help=say("catalogue.file_help"))],
        map_: Annotated[list[str] | None, typer.Option("--map", help=say("catalogue.map_help"))] = None,
    ) -> Result:
        from tilsyn.formats.catalogue_sheets import WantedCatalogue
        from tilsyn.procedure import catalogue_import
        from tilsyn.workspace.catalogues import read_catalogue

        is_catalogue = file.suffix.lower() == ".toml"
        if is_catalogue and map_:
            raise UsageError(say("catalogue.map_catalogue"), say("catalogue.map_catalogue_remedy"))
        try:
            if is_catalogue:
                return _valid(file, [read_catalogue(file)], ())
            wanted = WantedCatalogue(slug(file.stem), headings=tuple(map_ or ()))
            found = catalogue_import.read(file, wanted)
            return _valid(file, [made.catalogue for made in found.made], found.notes)
        except InputError as error:
            return _problems(file, error.problems)

    @command(group, "import", "catalogue.import_")
    def import_(
        file: Annotated[Path, typer.Argument(help=say("catalogue.sheet_help"))],
        to: Annotated[Path | None, typer.Option(help=say("catalogue.to_help"))] = None,
        kind: Annotated[Literal["legal", "grade"], typer.Option(help=say("catalogue.kind_help"))] = "legal",
        acts_from: Annotated[
            datetime | None, typer.Option(formats=_DAY, help=say("catalogue.from_help"))
        ] = None,
        acts_until: Annotated[
            datetime | None, typer.Option(formats=_DAY, help=say("catalogue.until_help"))
        ] = None,
        map_: Annotated[list[str] | None, typer.Option("--map", help=say("catalogue.map_help"))] = None,
    ) -> Result:
        from tilsyn.formats.catalogue_sheets import WantedCatalogue
        from tilsyn.procedure import catalogue_import

        target = to or file.with_name(f"{slug(file.stem)}.toml")
        first, last = (day.date() if day else None for day in (acts_from, acts_until))
        wanted = WantedCatalogue(slug(target.stem), kind, first, last, tuple(map_ or ()))
        written, notes = catalogue_import.import_(file, target, wanted)
        rows = [{"file": str(path), **_summary(catalogue)} for path, catalogue in written.items()]
        told = [
            say("catalogue.imported", n=number(len(catalogue.ids)), file=path)
            for path, catalogue in written.items()
        ]
        data = {"schema": SCHEMA, **rows[0], "catalogues": rows, "problems": []}
        return Result(data=data, rows=rows, tables=list(told), problems=notes)

    @command(group, "list", "catalogue.list_")
    def list_(
        to_check: Annotated[bool, typer.Option("--to-check", help=say("catalogue.to_check_help"))] = False,
    ) -> Result:
        from tilsyn.workspace.catalogues import read_catalogue

        catalogues = [read_catalogue(path) for path in _files()]
        if to_check:
            return catalogue_tables.to_check(catalogues)
        rows = [_summary(catalogue) for catalogue in catalogues]
        cells = [_cells(catalogue) for catalogue in catalogues]
        headings = [say(f"catalogue.column_{key}") for key in ("name", "title", "version", "kind")]
        headings += [">" + say(f"catalogue.column_{key}") for key in ("questions", "to_check")]
        first = [headings[0], *headings[-2:]]
        table = Table(headings, cells, say("catalogue.list_title"), important=first)
        return Result(data={"schema": "tilsyn/catalogues/1", "catalogues": rows}, rows=rows, tables=[table])

    @command(group, "show", "catalogue.show_")
    def show(
        question: Annotated[str, typer.Argument(help=say("catalogue.id_help"))],
        catalogue: Annotated[str | None, typer.Option(help=say("catalogue.name_help"))] = None,
    ) -> Result:
        from tilsyn.procedure.catalogue import asked

        return catalogue_tables.shown(asked(_files(), question, catalogue))

    @command(group, "approve", "catalogue.approve_")
    def approve(
        question: Annotated[str, typer.Argument(help=say("catalogue.id_help"))],
        by: Annotated[str, typer.Option(help=say("catalogue.by_help"))],
        note: Annotated[str, typer.Option(help=say("catalogue.note_help"))] = "",
        catalogue: Annotated[str | None, typer.Option(help=say("catalogue.name_help"))] = None,
    ) -> Result:
        from tilsyn.procedure import catalogue as procedure
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        made = procedure.approve(workspace, question, by, note, catalogue, clock.today())
        return replace(catalogue_tables.approved(made), problems=workspace.late)

    @command(group, "update", "catalogue.update_")
    def update() -> Result:
        from tilsyn.procedure import catalogue_update
        from tilsyn.workspace.workspace import Workspace

        return catalogue_tables.updated(catalogue_update.update(Workspace.open()))

    @command(group, "benchmarks", "catalogue.benchmarks_")
    def benchmarks() -> Result:
        from tilsyn.cli import benchmark_tables
        from tilsyn.formats.benchmarks import read_benchmarks
        from tilsyn.workspace.benchmarks import benchmark_files

        return benchmark_tables.listed(read_benchmarks(benchmark_files(_own_folder())))


def _own_folder() -> Path | None:
    """The folder of the workspace's own catalogues, where there is a workspace."""
    from tilsyn.base.problems import Refused
    from tilsyn.workspace.workspace import Workspace

    try:
        return Workspace.open().catalogues_dir
    except Refused:
        return None


def _files() -> list[Path]:
    """The workspace's own catalogues, then those of the package that it has no copy of."""
    from tilsyn.procedure.catalogue import known_files

    return known_files(_own_folder())


def _summary(catalogue: Catalogue) -> dict[str, Any]:
    from tilsyn.workspace.catalogues import law_to_check

    return {
        "name": catalogue.name,
        "version": catalogue.version,
        "kind": catalogue.kind,
        "questions": len(catalogue.ids),
        "to_check": law_to_check([catalogue])[0],
    }


def _cells(catalogue: Catalogue) -> list[str]:
    summary = _summary(catalogue)
    texts = [catalogue.name, catalogue.title, catalogue.version, say(f"catalogue.kind_{catalogue.kind}")]
    return texts + [number(summary[key]) for key in ("questions", "to_check")]


def _valid(file: Path, catalogues: Sequence[Catalogue], notes: Sequence[Problem]) -> Result:
    from tilsyn.workspace.catalogues import law_to_check

    rows = [_summary(catalogue) for catalogue in catalogues]
    ids = {name for catalogue in catalogues for name in catalogue.ids}
    told: list[Table | str] = [say("catalogue.valid", file=file.name, n=number(len(ids)))]
    to_check, legal = law_to_check(catalogues)
    if legal:
        told.append(say("catalogue.to_check", n=number(to_check), of=number(legal)))
    data = {"schema": SCHEMA, "file": file.name, **rows[0], "catalogues": rows, "problems": []}
    return Result(data=data, rows=rows, tables=told, problems=notes, nothing=True)


def _problems(file: Path, problems: Sequence[Problem]) -> Result:
    rows = [problem.as_dict() for problem in problems]
    data = {"schema": SCHEMA, "file": file.name, "problems": rows}
    return Result(data=data, rows=rows, exit_code=3, problems=problems)
