"""The dossier's page in a real browser: right files, tampered ones, and ones that cannot be used."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.builders import browser
from tests.builders.browser import Browser
from tests.builders.workspaces import HEADINGS, SETTINGS, draw, make_workspace, register_rows, review
from tilsyn.base import clock
from tilsyn.base.language import say, using
from tilsyn.base.periods import Period
from tilsyn.base.which import Single
from tilsyn.procedure.dossier import make_dossier
from tilsyn.procedure.draw import DrawRequest
from tilsyn.procedure.draw_single import SingleRequest, draw_single
from tilsyn.sampling.recomputing import first_difference
from tilsyn.sampling.sizes import allocate
from tilsyn.workspace.workspace import Workspace

pytestmark = pytest.mark.browser

# Beyond the first 65,536 characters JavaScript's own order is another than that of UTF-8: U+FD3E before U+10400.
STRANGE = [
    f"{first}-{n}{place};Ærø {place};ÆØ1;03-01-2018;;Nej"
    for place in ("𐐀", "﴾")
    for first in ("𐐀", "﴾", "Å", "z")
    for n in range(4)
]
FOUND = """new Promise((resolve) => {
  const tick = () => {
    const box = document.getElementById("verdict");
    if (box.getAttribute("aria-busy") === "true") return setTimeout(tick, 5);
    const told = (node) => node.innerText.replace(/\\s+/g, " ");
    const checks = [...document.querySelectorAll("#checks li")].map((node) => [node.dataset.check, node.dataset.state, told(node)]);
    resolve({ verdict: box.dataset.state, told: told(box), checks, limits: told(document.getElementById("limits")) });
  };
  tick();
})"""


@dataclass(frozen=True)
class Seen:
    """What the page shows."""

    verdict: str
    told: str
    checks: list[list[str]]
    limits: str

    def of(self, state: str) -> list[str]:
        """Return the checks that ended so."""
        return [check.removeprefix("page.") for check, ended, _ in self.checks if ended == state]


class Page:
    """A dossier, opened in the browser."""

    def __init__(self, tab: Browser, folder: Path, scratch: Path) -> None:
        self.tab = tab
        self.folder = folder
        self._scratch = scratch
        tab.open(folder / "kontrol.html")

    def choose(self, *paths: Path) -> Seen:
        """Choose files, and return what is seen then."""
        self.tab.choose("#chosen", paths)
        return self.seen()

    def seen(self) -> Seen:
        """Return what is seen once the page is done."""
        return Seen(**self.tab.evaluate(FOUND))

    def manifest(self, change: Callable[[dict[str, Any]], object], part: str = "level-2") -> Path:
        """Return a draw.json with something changed in it."""
        data = json.loads((self.folder / part / "draw.json").read_text("utf-8"))
        change(data)
        return self.file("draw.json", json.dumps(data, ensure_ascii=False, indent=1).encode())

    def frame(
        self, change: Callable[[list[dict[str, str]]], list[dict[str, str]]], part: str = "level-2"
    ) -> Path:
        """Return a frame.csv with other rows."""
        with (self.folder / part / "frame.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))
        return self.file("frame.csv", text.getvalue().encode())

    def file(self, name: str, data: bytes) -> Path:
        """Return a file of that name with that content."""
        path = self._scratch / name
        path.write_bytes(data)
        return path

    def files(self, part: str = "level-2") -> list[Path]:
        """Return manifest, frame and log of one draw."""
        return [self.folder / part / "draw.json", self.folder / part / "frame.csv", self.folder / "log.jsonl"]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory):
    """Return a workspace with all levels drawn, from a register with letters of every kind."""
    root = tmp_path_factory.mktemp("dossier") / "workspace"
    clock.set_today(date(2018, 7, 3))
    made = make_workspace(root)
    text = "\n".join([HEADINGS, *register_rows(), *STRANGE]) + "\n"
    (root / "sagsliste.csv").write_text(text, "utf-8")
    for level in (2, 3, 4):
        review(made, draw(made, level))
    draw(made, 1, "2018-05")
    return made


@pytest.fixture(scope="module")
def folders(workspace, tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Return a dossier with and one without case numbers."""
    root = tmp_path_factory.mktemp("folders")
    made = {}
    for without_ids in (False, True):
        written = make_dossier(workspace, Period.parse("2018-Q2"), without_ids=without_ids)
        made[without_ids] = written.folder.rename(root / f"dossier-{without_ids}")
    return made


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Run the browser once for all tests."""
    with browser.running(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture
def page(tab: Browser, folders: dict[bool, Path], tmp_path: Path) -> Page:
    return Page(tab, folders[False], tmp_path)


@pytest.fixture
def page_without_ids(tab: Browser, folders: dict[bool, Path], tmp_path: Path) -> Page:
    return Page(tab, folders[True], tmp_path)


@pytest.mark.parametrize("part", ["level-2", "level-3", "level-4", "2018-05-level-1"])
def test_right_files_are_green(page: Page, part: str) -> None:
    seen = page.choose(*page.files(part))
    assert (seen.verdict, seen.of("bad"), seen.of("note")) == ("ok", [], [])
    assert "Lodtrækningen stemmer" in seen.told
    assert len(seen.of("ok")) == len(seen.checks)


def test_the_draws_own_manifest_is_green_too(page: Page, workspace) -> None:
    own = workspace.root / "samples" / "2018-Q2" / "level-2" / "draw.json"
    seen = page.choose(own, *page.files()[1:])
    assert (seen.verdict, seen.of("bad")) == ("ok", [])


def test_without_the_log_the_draw_is_green_and_the_log_is_said_to_be_missing(page: Page) -> None:
    seen = page.choose(*page.files()[:2])
    assert (seen.verdict, seen.of("skip")) == ("ok", ["chain", "logged"])
    assert "Loggen er ikke valgt" in seen.told


def test_files_chosen_one_at_a_time_are_kept_until_the_page_begins_again(page: Page) -> None:
    manifest, frame, log = page.files()
    assert page.choose(manifest).verdict == "note"
    assert page.choose(frame).verdict == "ok"
    assert page.choose(log).of("skip") == []
    page.tab.evaluate("document.getElementById('again').click()")
    assert (page.seen().verdict, page.seen().checks) == ("none", [])


def test_a_draw_without_a_frame_is_checked_as_far_as_it_goes(page: Page) -> None:
    # As with a register that is a database.
    seen = page.choose(page.manifest(lambda data: data["source"].update(kind="database")), page.files()[2])
    assert (seen.verdict, seen.of("skip")) == ("bad", ["counts", "digests", "sample", "reserve"])
    assert seen.of("bad") == ["manifest"]
    assert "sagslisten mangler" in page.choose(page.files()[0]).told
    assert "Sagslisten er en database" in seen.limits


def other_rows(text: Callable[[str], str]) -> Callable[[list[dict[str, str]]], list[dict[str, str]]]:
    return lambda rows: [{name: text(value) for name, value in row.items()} for row in rows]


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: random.Random(8).sample(rows, len(rows)),
        lambda rows: rows[::-1],
        other_rows(lambda value: unicodedata.normalize("NFD", value)),
        other_rows(lambda value: f" {value}\u00a0"),
        lambda rows: [
            {"stratum": row["stratum"], "note": 'a;"b"', "case_id": row["case_id"]} for row in rows
        ],
    ],
    ids=["shuffled", "reversed", "decomposed", "spaces", "other columns"],
)
def test_the_same_cases_in_another_form_are_green(page: Page, change) -> None:
    def rows(before: list[dict[str, str]]) -> list[dict[str, str]]:
        return change(before)

    data = page.frame(lambda before: before).read_bytes()
    with io.StringIO(data.decode()) as file:
        changed = rows(list(csv.DictReader(file)))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(changed[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(changed)
    frame = page.file("frame.csv", text.getvalue().encode())
    assert page.choose(page.files()[0], frame).of("bad") == []


def test_a_frame_that_excel_saved_again_is_green(page: Page) -> None:
    text = page.files()[1].read_text("utf-8").replace(",", ";").replace("\n", "\r\n")
    assert page.choose(page.files()[0], page.file("frame.csv", text.encode("utf-8-sig"))).verdict == "ok"


def swap(data: dict[str, Any]) -> None:
    first, other = data["cases"][0], data["reserve"][0]
    first["case_id"], other["case_id"] = other["case_id"], first["case_id"]


def swap_whole(data: dict[str, Any]) -> None:
    first, other = data["cases"][0], data["reserve"][0]
    for name in ("case_id", "ticket"):
        first[name], other[name] = other[name], first[name]


def shift(data: dict[str, Any]) -> None:
    # One case fewer, with every number made to fit.
    gone = data["cases"].pop(0)
    row = next(row for row in data["strata"] if row["stratum"] == gone["stratum"])
    row["sample_size"] -= 1


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (swap, "sample"),
        (swap_whole, "sample"),
        (shift, "sizes"),
        (lambda data: data["cases"].reverse(), "sample"),
        (lambda data: data["cases"].pop(), "sizes"),
        (lambda data: data["reserve"].pop(), "reserve"),
        (lambda data: data["cases"][3].update(ticket="0" * 64), "tickets"),
        (lambda data: data["cases"][3].update(order=9), "order"),
        (lambda data: data["cases"][3].update(design_weight=1.0), "weights"),
        (lambda data: data["cases"][3].update(inclusion_probability=0.5), "weights"),
        (lambda data: data["reserve"][0].update(design_weight=2.0), "weights"),
        (lambda data: data["strata"][0].update(stratum_size=39), "counts"),
        (lambda data: data["strata"][0].update(population_size=39), "sizes"),
        (lambda data: data["strata"][0].update(sample_size=7), "sizes"),
        (lambda data: data["strata"][0].update(reserve_size=7), "sizes"),
        (lambda data: data["strata"][0].update(taken_whole=True), "sizes"),
        (lambda data: data["strata"][0].update(digest="0" * 64), "digests"),
        (lambda data: data["frame"].update(commitment="0" * 64), "commitment"),
        (lambda data: data["frame"].update(n=1), "counts"),
        (lambda data: data["plan"].update(per_unit=7), "sizes"),
        (lambda data: data.update(seed=data["seed"] + "1"), "sample"),
        (lambda data: data.update(draw_id="bbu/2018-Q2/level-2/2"), "sample"),
        (lambda data: data.update(algorithm="md5"), "algorithm"),
        (lambda data: data.update(seed_before_frame=True), "manifest"),
        (lambda data: data.update(made_on="2018-06-30T08:00:00+00:00"), "manifest"),
    ],
)
def test_an_edited_manifest_is_red_and_the_first_difference_named(page: Page, change, check: str) -> None:
    seen = page.choose(page.manifest(change), page.files()[1])
    assert (seen.verdict, seen.of("bad")[0]) == ("bad", check)
    assert "Noget stemmer ikke" in seen.told


def test_a_swapped_case_is_told_with_both_names(page: Page) -> None:
    data = json.loads(page.files()[0].read_text("utf-8"))
    right, wrong = data["cases"][0], data["reserve"][0]["case_id"]
    told = page.choose(page.manifest(swap), page.files()[1]).told
    assert f"{right['stratum']}, nr. 1: Skal være {right['case_id']}, men er {wrong}." in told


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda rows: rows[1:], "counts"),
        (lambda rows: [*rows, rows[0]], "counts"),
        (lambda rows: [*rows, {**rows[0], "case_id": "2018-NY"}], "counts"),
        (lambda rows: [{**rows[0], "case_id": "2018-NY"}, *rows[1:]], "digests"),
        (lambda rows: [{**rows[0], "stratum": rows[-1]["stratum"]}, *rows[1:]], "counts"),
        (lambda rows: [{**row, "stratum": "Andetsteds"} for row in rows], "counts"),
        (lambda rows: [{**row, "case_id": row["case_id"].lower()} for row in rows], "digests"),
    ],
)
def test_another_frame_is_red(page: Page, change, check: str) -> None:
    seen = page.choose(page.files()[0], page.frame(change))
    assert (seen.verdict, seen.of("bad")[0]) == ("bad", check)
    assert "commitment" in seen.of("bad")


def test_the_frame_of_another_draw_is_red(page: Page) -> None:
    assert page.choose(page.files()[0], page.files("level-3")[1]).of("bad")[0] == "counts"


@pytest.mark.parametrize(
    ("change", "check", "told"),
    [
        (
            lambda log: log.replace(b'"seed_origin":"system"', b'"seed_origin":"dice!!"', 1),
            "chain",
            "linje 2: Linjen er rettet",
        ),
        (
            lambda log: b"".join(log.splitlines(keepends=True)[1:]),
            "chain",
            "linje 1: Linjen bygger ikke på den før",
        ),
        (lambda log: log[:-9], "chain", "Linjen er ingen hændelse"),
        (
            lambda log: b"".join(log.splitlines(keepends=True)[:2]),
            "logged",
            "Loggen kender ikke denne lodtrækning",
        ),
    ],
)
def test_a_tampered_log_is_red(page: Page, change, check: str, told: str) -> None:
    manifest, frame, log = page.files()
    seen = page.choose(manifest, frame, page.file("log.jsonl", change(log.read_bytes())))
    assert seen.of("bad")[0] == check
    assert told in seen.told


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("draw.json", b"{", "er gået i stykker"),
        ("draw.json", b'{"schema": "tilsyn/verify/1"}', "er hverken draw.json, frame.csv eller log.jsonl"),
        ("draw.json", b'{"schema": "tilsyn/draw/1"}', "draw_id"),
        ("frame.csv", b"", "er hverken"),
        ("frame.csv", "case_id,stratum\n1,Nørrebro\n".encode("cp1252"), "er ikke gemt som UTF-8"),
        ("frame.csv", b"Sagsnr,Enhed\n1,Amager\n", "kolonnerne case_id og stratum"),
        ("frame.csv", b"case_id,stratum\n1,Amager\n2\n", "linje 3"),
        ("sample.csv", b"\xff\xfe\x00", "er ikke gemt som UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_nothing_stays_green(
    page: Page, name: str, data: bytes, told: str
) -> None:
    assert page.choose(*page.files()).verdict == "ok"
    seen = page.choose(page.file(name, data))
    assert (seen.verdict, seen.of("bad")) == ("bad", ["files"])
    assert name in seen.told
    assert told in seen.told


SEED = "terninger 3. juli 2018: 6 2 5 1"


def opened(tab: Browser, workspace, scratch: Path) -> Page:
    """Write the dossier of another workspace and open it."""
    return Page(tab, make_dossier(workspace, Period.parse("2018-Q2")).folder, scratch)


def test_a_seed_that_came_before_the_frame_is_noted(tab: Browser, tmp_path: Path) -> None:
    clock.set_today(date(2018, 7, 3))
    made = make_workspace(tmp_path / "workspace")
    draw(made, 2, seed=SEED, seed_origin="terninger")
    page = opened(tab, made, tmp_path)
    seen = page.choose(*page.files())
    assert (seen.verdict, seen.of("note"), seen.of("bad")) == ("ok", ["seed"], [])
    assert "uden at sagslisten var lagt fast forinden" in seen.checks[11][2]
    assert "Læs dog også det, der er mærket »bemærk« (1)" in seen.told


def test_a_draw_that_was_made_again_is_noted(tab: Browser, tmp_path: Path) -> None:
    clock.set_today(date(2018, 7, 3))
    made = make_workspace(tmp_path / "workspace")
    draw(made, 2)
    draw(made, 2, replace=True, reason="forkert sagsliste")
    page = opened(tab, made, tmp_path)
    seen = page.choose(*page.files())
    assert (seen.of("note"), seen.of("bad")) == (["logged"], [])
    assert "bbu/2018-Q2/level-2/2 gælder i stedet" in seen.checks[-1][2]
    seen = page.choose(*page.files("level-2.2"))
    assert (seen.of("note"), seen.of("bad")) == (["tries"], [])
    assert "Der er lavet 2 startværdier" in " ".join(text for _, _, text in seen.checks)
    # Who leaves tries out, or says another number, is found in the log.
    tried = page.manifest(lambda data: data.update(tries=1), "level-2.2")
    assert "logged" in page.choose(tried).of("bad")


def test_a_draw_of_an_earlier_version_is_green(page: Page, workspace) -> None:
    def earlier(data: dict[str, Any]) -> None:
        for name in ("tries", "anchor", "made_at", "hverdage", "limits", "departures"):
            data.pop(name, None)

    seen = page.choose(page.manifest(earlier), *page.files()[1:])
    assert (seen.of("bad"), seen.of("skip")) == (["manifest"], ["departures"])
    assert page.choose(page.manifest(lambda data: data.update(anchor="3:0123456789abcdef"))).of("bad") == [
        "manifest",
        "logged",
    ]


@pytest.mark.parametrize(
    ("change", "check", "told"),
    [
        (
            {"departures": ["other_frame"], "reason": "ny sagsliste"},
            "departures",
            "Begrundelse: ny sagsliste",
        ),
        (
            {"seed_announced": "drand, runde 5", "seed_as_announced": False},
            "seed",
            "ikke trukket som varslet",
        ),
    ],
)
def test_what_departs_from_the_procedure_is_noted(
    page: Page, change: dict[str, Any], check: str, told: str
) -> None:
    seen = page.choose(page.manifest(lambda data: data.update(change)), page.files()[1])
    assert seen.of("note") == [check]
    assert told in " ".join(text for _, _, text in seen.checks)


def test_an_announced_seed_is_said_to_be_the_announced_one(page: Page) -> None:
    announced = {"seed_announced": "drand, runde 5", "seed_as_announced": True}
    seen = page.choose(page.manifest(lambda data: data.update(announced)), page.files()[1])
    assert "den, der var varslet: drand, runde 5" in " ".join(text for _, _, text in seen.checks)
    # The log did not hear of it.
    assert "seed_announced er" in " ".join(text for _, _, text in page.choose(page.files()[2]).checks)


def test_where_the_plan_has_risk_areas_the_sizes_are_taken_as_recorded(tab: Browser, tmp_path: Path) -> None:
    clock.set_today(date(2018, 7, 3))
    risk = '[[plan.risk]]\nname = "klage"\ncolumn = "complaint"\nvalues = ["ja"]\nsize = 2\n'
    made = make_workspace(tmp_path / "workspace", SETTINGS + risk)
    review(made, draw(made, 2))
    draw(made, 3)
    page = opened(tab, made, tmp_path)
    seen = page.choose(*page.files())
    assert (seen.verdict, seen.of("bad")) == ("ok", [])
    assert "kun `tilsyn verify` efter" in next(
        text for check, _, text in seen.checks if check == "page.sizes"
    )
    assert page.choose(*page.files("level-3")).verdict == "ok"


def test_a_total_is_split_as_the_draw_splits_it(page: Page) -> None:
    chance = random.Random(3)
    designs = []
    for _ in range(60):
        sizes = {
            f"{chance.choice('aÅz𐐀﴾')}{n}": chance.randrange(0, 40) for n in range(chance.randrange(1, 9))
        }
        sizes["fast"] = 1
        designs.append((sizes, chance.randrange(1, 60)))
    listed = [
        [[{"stratum": name, "stratum_size": n} for name, n in sizes.items()], total]
        for sizes, total in designs
    ]
    found = page.tab.evaluate(f"{json.dumps(listed)}.map(([strata, total]) => proportional(strata, total))")
    expected = [[allocate(sizes, total)[name] for name in sizes] for sizes, total in designs]
    assert found == expected


def test_two_draws_at_once_are_refused(page: Page) -> None:
    assert (
        "Vælg filerne fra én lodtrækning ad gangen"
        in page.choose(*page.files(), page.files("level-3")[0]).told
    )


def test_the_page_and_verify_find_the_same_manifests_wrong(page: Page) -> None:
    """Change every number and hash of a manifest, one at a time: none passes, with the dossier's fingerprint left aside."""
    import duckdb

    manifest, frame, _ = page.files()
    data = json.loads(manifest.read_text("utf-8"))
    rows = duckdb.connect().read_csv(str(frame), all_varchar=True).df()
    places = [
        ("frame", "commitment"),
        ("frame", "n"),
        ("seed",),
        ("draw_id",),
        ("algorithm",),
        ("plan", "reserve"),
    ]
    places += [
        ("strata", 1, name)
        for name in ("stratum", "stratum_size", "population_size", "sample_size", "digest")
    ]
    places += [
        (part, 2, name) for part in ("cases", "reserve") for name in ("case_id", "stratum", "ticket", "order")
    ]
    places += [("cases", 2, name) for name in ("inclusion_probability", "design_weight")]
    changed = []
    for place in places:
        other = json.loads(json.dumps(data))
        target = other
        for step in place[:-1]:
            target = target[step]
        value = target[place[-1]]
        target[place[-1]] = value + "x" if isinstance(value, str) else value + 1
        changed.append(other)
        assert first_difference(other, rows) is not None, place
    page.choose(manifest, frame)
    script = f"""(async () => {{
      const wrong = [];
      for (const content of {json.dumps(changed)}) {{
        const results = await checked({{ draw: {{ ...state.files.draw, content }}, frame: state.files.frame }});
        wrong.push(results.filter((one) => one.state === "bad" && one.check !== "page.manifest").length);
      }}
      return wrong;
    }})()"""
    assert [place for place, n in zip(places, page.tab.evaluate(script), strict=True) if not n] == []


@pytest.mark.parametrize("part", ["level-2", "level-3", "2018-05-level-1"])
def test_without_case_numbers_the_choice_among_the_tickets_is_checked(
    page_without_ids: Page, part: str
) -> None:
    seen = page_without_ids.choose(*page_without_ids.files(part))
    assert (seen.verdict, seen.of("bad")) == ("ok", [])
    assert "Valget blandt disse lodnumre stemmer" in seen.told
    assert {"sample", "reserve", "counts", "digests", "weights"} <= set(seen.of("ok"))
    assert "tickets" in seen.of("skip")
    assert "ikke sagslistens fingeraftryk" in seen.limits
    assert "Sagsnumre, der kan gættes, kan findes igen" in seen.limits


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda rows: rows[1:], "counts"),
        (lambda rows: [*rows, rows[0]], "counts"),
        (lambda rows: [{**rows[0], "ticket": "0" * 64}, *rows[1:]], "digests"),
        (lambda rows: [*rows[:-1], {**rows[-1], "ticket": "f" * 64}], "digests"),
    ],
)
def test_without_case_numbers_other_tickets_are_red(page_without_ids: Page, change, check: str) -> None:
    seen = page_without_ids.choose(page_without_ids.files()[0], page_without_ids.frame(change))
    assert seen.of("bad")[0] == check


def test_without_case_numbers_a_swapped_ticket_is_red(page_without_ids: Page) -> None:
    def swap_tickets(data: dict[str, Any]) -> None:
        first, other = data["cases"][0], data["reserve"][0]
        first["ticket"], other["ticket"] = other["ticket"], first["ticket"]

    assert (
        page_without_ids.choose(page_without_ids.manifest(swap_tickets), page_without_ids.files()[1]).of(
            "bad"
        )[0]
        == "sample"
    )


@pytest.mark.parametrize("length", [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 100_000])
def test_its_sha256_is_that_of_the_standard(page: Page, length: int) -> None:
    data = random.Random(length).randbytes(length)
    found = page.tab.evaluate(f"sha256(Uint8Array.from({list(data)}))")
    assert found == hashlib.sha256(data).hexdigest()


def test_it_sorts_by_utf_8_bytes(page: Page) -> None:
    words = ["a", "B", "aa", "å", "Å", "z", "𐐀", "﴾", "﴾a", "\ue000", "😀", "", "é", "\u0301"]
    assert page.tab.evaluate(f"{json.dumps(words)}.sort(byBytes)") == sorted(words, key=str.encode)
    assert page.tab.evaluate(f"{json.dumps(words)}.sort()") != sorted(words, key=str.encode)


def test_it_needs_no_hash_of_the_browsers(page: Page) -> None:
    added = page.tab.call("Page.addScriptToEvaluateOnNewDocument", source="delete Crypto.prototype.subtle")
    page.tab.open(page.folder / "kontrol.html")
    assert page.tab.evaluate("crypto.subtle === undefined")
    assert page.choose(*page.files()).verdict == "ok"
    page.tab.call("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])


def test_it_asks_nobody(page: Page) -> None:
    page.choose(*page.files())
    asked = [
        event["params"]["request"]["url"]
        for event in page.tab.events
        if event.get("method") == "Network.requestWillBeSent"
    ]
    assert {url.partition(":")[0] for url in asked} == {"file"}
    refused = page.tab.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', (error) => error.name)")
    assert refused == "TypeError"
    blocked = page.tab.evaluate(
        """new Promise((resolve) => {
          document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true });
          document.body.append(Object.assign(new Image(), { src: "http://127.0.0.1:9/a.png" }));
        })"""
    )
    assert blocked == "img-src"


def test_nothing_in_a_file_is_read_as_markup(page: Page) -> None:
    bad = "<img src=x onerror=document.title='taken'>"
    seen = page.choose(page.manifest(lambda data: data["cases"][0].update(case_id=bad)), page.files()[1])
    assert bad in " ".join(text for _, _, text in seen.checks)
    assert page.tab.evaluate("document.querySelectorAll('img').length") == 0


def test_it_speaks_danish_and_english(page: Page, workspace, tmp_path: Path) -> None:
    page.choose(*page.files())
    page.tab.evaluate(
        "const field = document.getElementById('language'); field.value = 'en'; field.dispatchEvent(new Event('change'))"
    )
    assert "The draw agrees" in page.seen().told
    assert page.tab.evaluate("document.documentElement.lang") == "en"
    with using("en"):
        folder = make_dossier(workspace, Period.parse("2018-Q2")).folder
        english = say("page.verdict_none")
    page.tab.open(folder / "kontrol.html")
    assert english in page.seen().told


@pytest.mark.parametrize("width", [320, 900])
def test_it_fits_a_narrow_window(page: Page, width: int) -> None:
    page.choose(*page.files())
    page.tab.call(
        "Emulation.setDeviceMetricsOverride", width=width, height=700, deviceScaleFactor=1, mobile=False
    )
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= width
    page.tab.call("Emulation.clearDeviceMetricsOverride")


def test_it_is_used_with_the_keyboard_and_every_field_has_a_name(page: Page) -> None:
    page.choose(*page.files())
    page.tab.evaluate("document.body.focus()")
    reached = []
    for _ in range(6):
        page.tab.press("Tab", 9)
        reached.append(page.tab.evaluate("document.activeElement.id || document.activeElement.localName"))
    assert reached == ["language", "summary", "chosen", "again", "print", "summary"]
    nameless = "[...document.querySelectorAll('input, select, button')].filter((field) => !(field.labels[0] || field).innerText.trim()).length"
    assert page.tab.evaluate(nameless) == 0


@pytest.fixture(scope="module")
def of_singles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of single draws of every source."""
    clock.set_today(date(2018, 7, 3))
    made = make_workspace(tmp_path_factory.mktemp("singles") / "workspace")
    chosen = made.root / "liste.csv"
    chosen.write_text("2018-AM001\n2018-NØ002\n", "utf-8")
    review(made, draw(made, 2))
    for name, asked in (
        ("ombud", SingleRequest(n=20)),
        ("enheder", SingleRequest(n=4, per_unit=True)),
        ("alle", SingleRequest(every=True)),
        ("dialog", SingleRequest(case_list=chosen)),
        ("igen", SingleRequest(n=5, above=2)),
        ("enhed-igen", SingleRequest(n=2, per_unit=True, above=2)),
    ):
        draw_single(made, Single(name), Period.parse("2018-Q2"), asked)
    again = DrawRequest(replace=True, reason="for få")
    draw_single(made, Single("ombud"), Period.parse("2018-Q2"), SingleRequest(n=25), again)
    return made.root


@pytest.mark.parametrize("without_ids", [False, True])
@pytest.mark.parametrize("name", ["ombud", "enheder", "alle", "dialog", "igen", "enhed-igen"])
def test_a_single_draw_is_green(
    tab: Browser, of_singles: Path, tmp_path: Path, name: str, without_ids: bool
) -> None:
    workspace, period = Workspace.open(of_singles), Period.parse("2018-Q2")
    written = make_dossier(workspace, period, single=Single(name), without_ids=without_ids)
    last = "single-ombud.2" if name == "ombud" else f"single-{name}"
    seen = Page(tab, written.folder, tmp_path).choose(
        *(written.folder / last / file for file in ("draw.json", "frame.csv")), written.folder / "log.jsonl"
    )
    assert (seen.verdict, seen.of("bad")) == ("ok", [])
    assert ("udvalgt og ikke trukket" in seen.limits) == (name == "dialog")
    assert ("gennemgået i en tidligere" in seen.limits) == name.endswith("igen")
    if without_ids:
        assert "2018-AM001" not in (written.folder / last / "draw.json").read_text("utf-8")
    if name == "ombud":
        first = Page(tab, written.folder, tmp_path).choose(
            written.folder / "single-ombud" / "draw.json", written.folder / "log.jsonl"
        )
        assert "single/ombud/2" in first.told + " ".join(text for _, _, text in first.checks)


def test_another_size_of_a_single_draw_is_found(tab: Browser, of_singles: Path, tmp_path: Path) -> None:
    workspace, period = Workspace.open(of_singles), Period.parse("2018-Q2")
    page = Page(tab, make_dossier(workspace, period, single=Single("enheder")).folder, tmp_path)
    part = "single-enheder"
    changed = page.manifest(lambda data: data["plan"].update(size=3), part)
    assert "sizes" in page.choose(changed, *page.files(part)[1:]).of("bad")


def test_the_levels_dossier_has_no_single_draw(of_singles: Path) -> None:
    made = make_dossier(Workspace.open(of_singles), Period.parse("2018-Q2"))
    assert [part.folder for part in made.parts] == ["level-2"]
