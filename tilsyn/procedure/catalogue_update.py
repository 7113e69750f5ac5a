"""What comes with tilsyn laid beside a workspace's own: what differs is listed, and nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tilsyn.base.problems import InputError
from tilsyn.formats import files
from tilsyn.questions.approval import fingerprint
from tilsyn.questions.question_set import Catalogue
from tilsyn.workspace.benchmarks import NAME, packaged_benchmarks
from tilsyn.workspace.catalogues import packaged, read_catalogue
from tilsyn.workspace.workspace import Workspace

SHIPPED = "shipped"


@dataclass(frozen=True)
class CatalogueDifference:
    """A workspace's own catalogue and the shipped one of its name: versions, and the questions that differ.

    `beside` is where the shipped one was laid. The file of published figures has no version, and what it has
    more of is the workspace's own.
    """

    name: str
    own: str
    shipped: str
    added: tuple[str, ...]
    retired: tuple[str, ...]
    changed: tuple[str, ...]
    beside: Path


def older(workspace: Workspace) -> list[tuple[Catalogue, Catalogue, Path]]:
    """Return the own catalogues of other versions than the shipped ones, with those and their files.

    One that cannot be read is told where it is used.
    """
    found = []
    for path in packaged():
        own = workspace.catalogues_dir / path.name
        if not own.is_file():
            continue
        try:
            mine, theirs = read_catalogue(own), read_catalogue(path)
        except InputError:
            continue
        if mine.version != theirs.version:
            found.append((mine, theirs, path))
    return found


def update(workspace: Workspace) -> list[CatalogueDifference]:
    """Lay the shipped catalogues beside the workspace's own of other versions, and say what differs."""
    folder = workspace.catalogues_dir / SHIPPED
    with workspace.locked():
        listed = older(workspace)
        figures = _figures(workspace.catalogues_dir / NAME, folder / NAME)
        paths = [path for *_, path in listed] + ([packaged_benchmarks()] if figures else [])
        files.write_all({folder / path.name: path.read_bytes() for path in paths}, overwrite=True)
    found = [_difference(mine, theirs, folder / path.name) for mine, theirs, path in listed]
    return found + ([figures] if figures else [])


def _figures(own: Path, beside: Path) -> CatalogueDifference | None:
    """Return which shipped figures a workspace's own file lacks or says otherwise; None where none.

    A file that cannot be read is told where it is used.
    """
    if not own.is_file():
        return None
    from tilsyn.formats.benchmarks import read_benchmarks

    try:
        mine, theirs = read_benchmarks([own]), read_benchmarks([packaged_benchmarks()])
    except InputError:
        return None
    known = {one.benchmark.figure: one.benchmark for one in mine}
    shipped = [one.benchmark for one in theirs]
    added = tuple(one.title for one in shipped if one.figure not in known)
    changed = tuple(one.title for one in shipped if known.get(one.figure, one) != one)
    if not added and not changed:
        return None
    return CatalogueDifference(beside.stem, "", "", added, retired=(), changed=changed, beside=beside)


def _difference(mine: Catalogue, theirs: Catalogue, beside: Path) -> CatalogueDifference:
    ours, new = _wordings(mine), _wordings(theirs)
    return CatalogueDifference(
        name=mine.name,
        own=mine.version,
        shipped=theirs.version,
        added=tuple(name for name in theirs.ids if name not in ours),
        retired=tuple(name for name in mine.ids if name not in new),
        changed=tuple(name for name in theirs.ids if name in ours and ours[name] != new[name]),
        beside=beside,
    )


def _wordings(catalogue: Catalogue) -> dict[str, str]:
    """Return what each question asks, in all its versions."""
    found: dict[str, str] = {}
    for question in catalogue.questions:
        found[question.question_id] = found.get(question.question_id, "") + fingerprint(question)
    return found
