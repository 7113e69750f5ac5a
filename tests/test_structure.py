"""The structure: one direction of imports, one dictionary, files of a readable length."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tilsyn.base import language

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tilsyn"
SOURCES = sorted(PACKAGE.rglob("*.py"))
# Says words of the dictionary too.
PAGE = PACKAGE / "formats" / "dossier_page.html"
# Dependencies point one way: a room imports itself and those before it.
ROOMS = (
    "base",
    "settings",
    "questions",
    "sampling",
    "reviews",
    "statistics",
    "compliance",
    "reports",
    "formats",
    "workspace",
    "procedure",
    "cli",
)
# Tables and numbers in, tables and numbers out.
PURE = ROOMS[1 : ROOMS.index("formats")]
# What a pure room may not touch.
IMPURE = {
    "os",
    "pathlib",
    "sys",
    "time",
    "random",
    "secrets",
    "logging",
    "subprocess",
    "socket",
    "shutil",
    "tempfile",
}


def room(module: str) -> str | None:
    """Return the room of `tilsyn.x.y`; None for the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS else None


def imports(source: Path) -> set[str]:
    """Return the modules that a file imports, at the top or inside."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}: relative import"
            found |= {node.module or ""} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def name_of(source: Path) -> str:
    """Return a file's module name."""
    return ".".join(source.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_the_rooms_are_the_folders() -> None:
    assert {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(
        ROOMS
    )


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_dependencies_point_one_way(source: Path) -> None:
    own = room(name_of(source))
    others = {other for module in imports(source) if module.startswith("tilsyn.") and (other := room(module))}
    if own is not None:
        assert all(ROOMS.index(other) <= ROOMS.index(own) for other in others), others


@pytest.mark.parametrize("source", [s for s in SOURCES if room(name_of(s)) in PURE], ids=name_of)
def test_the_core_is_pure(source: Path) -> None:
    assert not imports(source) & (
        IMPURE | {"tilsyn.base.clock", "openpyxl", "rich", "typer", "scipy.stats", "numpy.random"}
    )
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"print", "open", "input"}


def test_no_room_holds_more_than_a_fifth_of_the_lines() -> None:
    lines = Counter()
    for source in SOURCES:
        lines[room(name_of(source))] += len(source.read_text("utf-8").splitlines())
    assert max(lines.values()) < lines.total() / 5, lines


def test_modules_stay_readable() -> None:
    assert {name_of(s): n for s in SOURCES if (n := len(s.read_text("utf-8").splitlines())) > 350} == {}


def test_identifiers_are_english_and_the_word_fpc_is_not_used() -> None:
    for source in SOURCES:
        text = source.read_text("utf-8")
        names = {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}
        assert not {n for n in names if re.search("[æøåÆØÅ]", n)}, source
        assert not re.search(r"\bfpc\b", text), source


def test_both_languages_say_the_same() -> None:
    for area in language.areas():
        for key, entry in language.dictionary(area).items():
            ones = {"da_one", "en_one"}
            assert set(entry) - ones == {"da", "en"}, f"{area}.{key}"
            assert set(entry) & ones in (set(), ones), f"{area}.{key}"
            fields = [
                {f for _, f, _, _ in string.Formatter().parse(text) if f is not None}
                for text in entry.values()
            ]
            assert all(field == fields[0] for field in fields), f"{area}.{key}"


def test_every_word_is_in_the_dictionary_and_every_entry_is_used() -> None:
    text = "\n".join(source.read_text("utf-8") for source in (*SOURCES, PAGE))
    used = set(re.findall(r"""["']([a-z_0-9]+\.[a-z_0-9]+)["']""", text))
    patterns = [
        re.escape(p).replace(r"\{", "{").replace(r"\}", "}")
        for p in re.findall(r'f"([a-z_0-9.]*\{[^"]+)"', text)
    ]
    patterns = [re.sub(r"\{[^}]*\}", "[a-z_0-9-]+", p) for p in patterns]
    there = {f"{area}.{key}" for area in language.areas() for key in language.dictionary(area)}
    said = set(re.findall(r"""say\(\s*["']([a-z_0-9]+\.[a-z_0-9]+)["']""", text))
    assert said - there == set()
    unused = {key for key in there - used if not any(re.fullmatch(p, key) for p in patterns)}
    assert {key for key in unused if not key.endswith((".help", ".example", "_help", "_example"))} == set()


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom tilsyn.cli.app import run\nassert run(['--help']) == 0\n"
        "heavy = {'pandas', 'numpy', 'scipy', 'duckdb', 'openpyxl', 'pydantic', 'sqlalchemy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_importing_the_package_does_not_import_scipy_stats() -> None:
    modules = [name_of(s) for s in SOURCES if name_of(s) != "tilsyn.__main__"]
    code = f"import importlib, sys\nfor m in {modules}: importlib.import_module(m)\nassert 'scipy.stats' not in sys.modules"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_public_class_names_are_unique() -> None:
    named = [
        node.name
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert [name for name, n in Counter(named).items() if n > 1] == []


def test_the_glossary_names_what_is_there() -> None:
    defined = {
        node.name
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }
    rows = re.findall(
        r"^\|[^|]+\|[^|]+\| `(\w+)` \|", (ROOT / "docs" / "glossary.md").read_text("utf-8"), re.M
    )
    assert len(rows) >= 25
    assert [name for name in rows if name not in defined] == []


def test_the_architecture_names_the_rooms_and_files_that_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert tuple(re.findall(r"^\| `(\w+)` \|", text, re.M)) == ROOMS
    files = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)`", text)
    assert len(files) > 25
    assert [name for name in files if not ((PACKAGE / name).is_file() or (ROOT / name).is_file())] == []
