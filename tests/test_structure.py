"""The structure: one direction of imports, one dictionary, files of a readable length."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tilsyn.base import language
from tilsyn.cli.app import COMMANDS

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


def test_no_files_import_each_other_in_a_circle() -> None:
    files = {name_of(source): imports(source) for source in SOURCES}
    graph = {
        name: {other for other in others if other in files and other != name}
        for name, others in files.items()
    }
    TopologicalSorter(graph).prepare()


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
            # What begins a sentence in one of them may stand within it in the other.
            fields = [
                {f.lower() for _, f, _, _ in string.Formatter().parse(text) if f is not None}
                for text in entry.values()
            ]
            assert all(field == fields[0] for field in fields), f"{area}.{key}"


# Of one organisation: its places, its centre, and the professions there. Words by which a register or a name is
# known, the settings' templates and the demonstration's data may hold them.
ONE_ORGANISATION = (
    "copenhagen|københavn|borgercenter|bbu|amager|bispebjerg|brønshøj|nørrebro|valby|østerbro|døgnvagten|slagelse"
    "|center for politik|er et barn i fare|afdelingsleder|områdechef|områdejurist|stabsjurist|socialrådgiver"
    "|department head|area manager|area lawyer|staff lawyer"
)
MAY_NAME_IT = {"base/names.py", "procedure/simulation.py"}


def own_texts(source: Path) -> list[str]:
    """Return the texts in a file's code, but not what explains it."""
    tree = ast.parse(source.read_text("utf-8"))
    explained = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained
    ]


def test_no_word_of_one_organisation_is_in_the_code_or_the_dictionary() -> None:
    texts = {source: own_texts(source) for source in SOURCES}
    dictionaries = sorted((PACKAGE / "base" / "dictionary").glob("*.toml"))
    texts |= {path: [path.read_text("utf-8")] for path in (*dictionaries, PAGE)}
    word = re.compile(rf"(?<!Europe/)\b(?:{ONE_ORGANISATION})", re.IGNORECASE)
    found = {
        path.relative_to(PACKAGE).as_posix(): said
        for path, own in texts.items()
        if (said := [match[0] for text in own for match in word.finditer(text)])
    }
    assert {name: said for name, said in found.items() if name not in MAY_NAME_IT} == {}
    assert set(found) == MAY_NAME_IT


# Danish words that no English text has; a code in a file is a code in either language.
DANISH = re.compile(
    r"[æøåÆØÅ]|\b(?:og|ikke|er|eller|af|sag|sager|ja|nej|niveau|enhed|enheder|kommune|periode|svar|gennemgang|frist"
    r"|dato|hverdage?|lovlig|grund|lav grad|nogen grad|udtrukket|mangler|skriv|fil|linje|med|som|det|der|uden|akut"
    r"|jurist|borgerrådgiver)\b",
    re.IGNORECASE,
)
CODES = {
    "catalogue.bad_condition_remedy",
    "catalogue.bad_proposal_remedy",
    "catalogue.bad_link_remedy",
    "settings.danish_days_remedy",
    "export.col_answer",
    "export.col_verdict",
}


def test_english_is_english() -> None:
    said = {
        f"{area}.{key}": [text for name, text in entry.items() if name.startswith("en")]
        for area in language.areas()
        for key, entry in language.dictionary(area).items()
    }
    assert {key for key, texts in said.items() if any(map(DANISH.search, texts))} == CODES


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


def imported_by(words: list[str]) -> set[str]:
    """Return the modules that a command line imports."""
    code = (
        f"import sys\nfrom tilsyn.cli.app import run\nassert run({words}) == 0\nprint(' '.join(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("words", "commands"), [(["--help"], set()), (["--version"], set()), (["status", "--help"], {"status"})]
)
def test_help_imports_nothing_heavy_and_no_other_command(words: list[str], commands: set[str]) -> None:
    found = imported_by(words)
    assert not found & {"pandas", "numpy", "scipy", "duckdb", "openpyxl", "sqlalchemy"}
    assert {name for name in COMMANDS if f"tilsyn.cli.{name}" in found} == commands
    # What reads options' values needs it, what lists the commands does not.
    assert ("pydantic" in found) == bool(commands)
    assert ("rich" in found) == ("--help" in words)


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
