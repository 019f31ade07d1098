"""The site over the results of a fleet, read as text: sums that add up, links that lead somewhere, and nothing of a bundle in it but text."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from inspector import inspect, judge
from inspector.errors import ExitCode, UsageError
from inspector.fleet.journal import Journal
from inspector.fleet.order import Outcome, Settings
from inspector.fleet.parts import write_tables
from inspector.fleet.plan import Shard
from inspector.fleet.query import ask, load_questions, open_tables
from inspector.fleet.run import Request, run_fleet
from inspector.fleet.site import write_site
from inspector.fleet.site.history import list_history
from inspector.fleet.site.listing import Row, walk_rows
from inspector.fleet.site.overview import gather_overview
from inspector.fleet.site.policy import gather_held
from inspector.fleet.site.search_data import MOST_ROWS, SearchData
from inspector.fleet.site.words import Word
from inspector.model import printable
from inspector.policies.check import load_policy
from inspector.render import html
from tests import fleets, make
from tests.fleet_results import name_bundle, write_lists, write_results
from tests.pages import HOSTILE, parse
from tests.test_cli import run

BUNDLES = 50
BLOCKED = b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R."


def make_site(results: Path, site: Path, name: str | None = None) -> tuple[int, int, int]:
    made = write_site(results, site, run=name, jobs=2, watch=lambda *_: None)
    return made.made, made.kept, made.failed


def read_data(page: str) -> dict[str, list[object]]:
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert not {"<", ">", "&"} & set(text)
    found: dict[str, list[object]] = json.loads(text)
    return found


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a run over a store of 50 bundles, some of them acting, unreadable in part, or of a hostile name."""
    top = tmp_path_factory.mktemp("fleet")
    store = fleets.write_store(top / "store", BUNDLES - 3)
    make.tree(store / "acting", {"config.json": "{}", "pytorch_model.bin": BLOCKED, "cut.pkl": b"\x80\x04\x95\xff\xff"})
    make.tree(store / "a <script>alert(1)<" / "b\"'", {"config.json": "{}", "pytorch_model.bin": BLOCKED})
    make.tree(store / "\u05de\u05d5\u05d3\u05dc &amp; {{ 7 * 7 }}", {"config.json": "{}", "pytorch_model.bin": BLOCKED})
    request = Request((str(store),), top / "r", Settings(), "2026-01-31T00:00:00Z", "1", jobs=1)
    run_fleet(request, lambda _: None, lambda *_: None)
    return top / "r"


@pytest.fixture(scope="module")
def site(results: Path) -> Path:
    assert make_site(results, results.parent / "site") == (BUNDLES, 0, 0)
    return results.parent / "site"


def test_the_page_of_a_bundle_is_the_one_that_an_audit_writes_with_a_link_back(results: Path, site: Path) -> None:
    for path, name in ask(results, "SELECT path, bundle FROM bundles WHERE place LIKE '%acting' OR name = 'model00002'").rows:
        report = judge(inspect([Path(str(path))]))
        assert (site / "reports" / f"{name}.html").read_text() == html.render(report, "../index.html")


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    for path in (site / "index.html", site / "rules.html", *site.glob("bundles/*.html"), *site.glob("reports/*.html")):
        found = parse(path.read_text()).found
        ids = {attrs["id"] for _, attrs in found if "id" in attrs}
        for tag, attrs in found:
            assert tag not in {"img", "iframe", "object", "embed", "link", "base", "video", "audio", "image", "use"}
            assert not {"src", "srcset", "style", "action", "formaction", "background"} & attrs.keys()
            assert not any(name.startswith("on") for name in attrs)
            place, mark, name = attrs.get("href", "#summary").partition("#")
            assert (path.parent / place).resolve().is_file() if place else name in ids or not mark, attrs
    data = read_data((site / "index.html").read_text())
    assert all((site / "reports" / f"{row[0]}.html").is_file() for row in data["rows"] if isinstance(row, list))
    assert len(data["rows"]) == BUNDLES


def test_the_policy_allows_each_page_its_own_style_and_script_and_nothing_else(site: Path) -> None:
    for path in (site / "index.html", site / "rules.html", site / "bundles" / "1.html"):
        page = path.read_text()
        (policy,) = (attrs["content"] for _, attrs in parse(page).found if attrs.get("http-equiv") == "Content-Security-Policy")
        (style,), scripts = re.findall(r"<style>(.*?)</style>", page, re.DOTALL), re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
        allowed = f"'{html.digest(scripts[0])}'" if scripts else "'none'"
        assert policy == f"default-src 'none'; style-src '{html.digest(style)}'; script-src {allowed}; base-uri 'none'; form-action 'none'"


def test_names_of_bundles_are_text_on_every_page(site: Path) -> None:
    for path in (site / "index.html", site / "rules.html", site / "bundles" / "1.html"):
        page = path.read_text()
        text = "".join(parse(page).text)
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "store/a <script>alert(1)</b\"'" in text
        assert "store/\u05de\u05d5\u05d3\u05dc &amp; {{ 7 * 7 }}" in text
        assert all(char.isprintable() for char in page.replace("\n", ""))


def test_all_numbers_add_up(tmp_path: Path, results: Path) -> None:
    for place in (results, write_results(tmp_path / "made", 700)):
        with open_tables(place) as tables:
            overview = gather_overview(tables, list_history(place, tables))
            rows = [row for some in walk_rows(tables, frozenset()) for row in some]
        totals = overview.totals
        assert len(rows) == totals.bundles
        assert (sum(row.files for row in rows), sum(row.bytes for row in rows)) == (totals.files, totals.bytes)
        for split in (overview.worst, overview.weights, *(judged.split for judged in overview.standards)):
            assert sum(part.count for part in split.parts) == split.total == totals.bundles
        for row in overview.matrix:
            assert sum(cell.count for cell in row.cells) + row.absent == totals.audited
        assert {part.word: part.count for part in overview.worst.parts} == count_words([row.worst for row in rows])
        assert {part.word: part.count for part in overview.weights.parts} == count_words([row.weights for row in rows])
        assert {group.rule: group.bundles for group in overview.rules} == count_all([rule for row in rows for rule in row.rules])
        assert sum(reason.bundles for reason in overview.reasons) == totals.bundles - totals.audited


def count_words(words: list[Word]) -> dict[str, int]:
    return count_all([word.text for word in words])


def count_all(found: list[str]) -> dict[str, int]:
    return {text: found.count(text) for text in set(found)}


def test_only_pages_of_what_changed_are_made_again_and_those_of_what_is_gone_are_removed(results: Path, tmp_path: Path) -> None:
    top, site = tmp_path / "r", tmp_path / "site"
    first, second = copy_run(results, top, "1", "1234")
    assert make_site(top, site) == (4, 0, 0)
    before = (site / "index.html").read_bytes()
    assert make_site(top, site) == (0, 4, 0)
    assert (site / "index.html").read_bytes() == before
    copy_run(results, top, "2", "1235", changed=second)
    assert make_site(top, site) == (2, 2, 0)
    assert len(list((site / "reports").glob("*.html"))) == 4
    text = " ".join("".join(parse((site / "index.html").read_text()).text).split())
    assert "New 1 bundle" in text
    assert "Gone 1 bundle" in text
    damaged = top / "reports" / f"{first}.json"
    damaged.write_bytes(damaged.read_bytes()[:-9])
    (site / "reports" / f"{first}.html").unlink()
    assert make_site(top, site) == (0, 3, 1)
    assert first not in (site / "index.html").read_text()


def copy_run(results: Path, top: Path, name: str, numbers: str, changed: str = "") -> tuple[str, str]:
    """Write a run of some bundles of another, and give the ids of the first two; of `changed` the report is a little larger."""
    source, journal = Journal(results, "1"), Journal(top, name)
    plan = source.read_plan()
    assert plan is not None
    journal.begin(msgspec.structs.replace(plan, started=f"2026-02-0{name}T00:00:00Z"))
    ids = []
    for entry in source.read_entries(Shard()):
        if entry.order.name in {f"model0000{number}" for number in numbers}:
            report = source.read_report(entry)
            ids.append(journal.record(entry.order, Outcome(entry.status, report + b" " * (entry.id == changed))).id)
    write_tables(journal, plan, Shard())
    return ids[0], ids[1]


def test_what_changed_since_the_run_before_is_what_the_question_tells(tmp_path: Path) -> None:
    write_results(tmp_path, 400, "old", 0, "2026-01-10T00:00:00Z")
    write_results(tmp_path, 500, "new", 1, "2026-01-11T00:00:00Z")
    changed = ask(tmp_path, load_questions()["changed-since"].sql, since="old").rows
    with open_tables(tmp_path) as tables:
        overview = gather_overview(tables, list_history(tmp_path, tables))
    assert overview.changes is not None
    counts = {group.title: group.count for group in overview.changes.groups}
    assert counts["New"] == sum(row[1] == "new" for row in changed) == 100
    grades = ("Grade is worse", "Grade is better")
    assert sum(counts[title] for title in grades) == sum(row[1] != "new" and row[2] != row[3] for row in changed)
    (judged,) = overview.standards
    assert [(run.name, run.count.bundles) for run in judged.history.runs] == [("new", 500), ("old", 400)]
    assert all(sum(part.count for part in run.split.parts) == run.count.bundles for run in judged.history.runs if run.split)


def test_a_directory_that_holds_something_else_is_left_alone(results: Path, tmp_path: Path) -> None:
    make.tree(tmp_path, {"index.html": "mine"})
    with pytest.raises(UsageError, match="it is not empty, and no site of this program"):
        make_site(results, tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["index.html"]


def test_a_page_is_asked_for_like_a_question(results: Path, tmp_path: Path) -> None:
    done = run("query", results, "--html", tmp_path / "site", "--run", "1")
    assert (done.returncode, done.stdout) == (ExitCode.DONE, "")
    assert done.stderr == f"{tmp_path}/site/index.html: run 1, 50 bundles; pages of 50 made, of 0 there already\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_data_in_a_script_can_neither_end_it_nor_begin_another(text: str) -> None:
    word = Word(text="none", tone="plain")
    row = Row(
        page="", place=printable(text), store="", origin=printable(text), reason="", files=1, bytes=1, worst=word, issues=0, problems=0,
        license=printable(text), weights=word, terms={}, grades={}, rules=(),
    )  # fmt: skip
    data = SearchData(("osaid",), {})
    data.add([row])
    encoded = data.encode()
    assert not {"<", ">", "&", "\u2028"} & set(encoded)
    assert json.loads(encoded)["rows"][-1][1] == printable(text)


def test_a_page_holds_as_many_rows_as_a_browser_can_search() -> None:
    word = Word(text="none", tone="plain")
    row = Row(
        page="", place="\U000e0001" * 300, store="", origin="", reason="", files=1, bytes=1, worst=word, issues=0, problems=0, license="",
        weights=word, terms={}, grades={}, rules=(),
    )  # fmt: skip
    data = SearchData((), {})
    data.add([row] * MOST_ROWS * 2)
    assert data.count < MOST_ROWS
    assert len(data.encode()) < 13_000_000


def test_made_results_have_hostile_names() -> None:
    assert {text for text in HOSTILE if any(text[:5] in name_bundle(97 * number) for number in range(len(HOSTILE)))}


def show_policy(results: Path, site: Path, run: str, policy: str) -> tuple[int, int, int]:
    """Hold the store against a policy in a run of its own, and make the site."""
    top = results.parent
    (top / "policy.toml").write_text(f'title = "Intake"\n{policy}')
    request = Request(
        (str(top / "store"),), results, Settings(), f"2026-02-0{run}T00:00:00Z", run, jobs=1, policy=load_policy(top / "policy.toml")
    )
    run_fleet(request, lambda _: None, lambda *_: None)
    return make_site(results, site)


@pytest.fixture
def held(tmp_path: Path) -> tuple[Path, Path]:
    """Results and a site of three bundles, one of which has a pickle that acts, held against a policy without pickles."""
    store = fleets.write_store(tmp_path / "store", 2)
    make.tree(store / "acting", {"config.json": "{}", "pytorch_model.bin": BLOCKED})
    results, site = tmp_path / "r", tmp_path / "site"
    assert show_policy(results, site, "1", '[formats]\nforbid = ["@pickle"]\n') == (3, 0, 0)
    return results, site


def text_of(page: Path) -> str:
    return " ".join("".join(parse(page.read_text()).text).split())


def test_the_site_tells_what_the_policy_of_the_run_does_not_allow_and_so_does_the_page_of_the_bundle(held: tuple[Path, Path]) -> None:
    results, site = held
    index = text_of(site / "index.html")
    ((count,),) = ask(results, "SELECT count(*) FROM violations").rows
    assert f"{count} violation" in index
    assert "A file of a format that the policy forbids. policy.format" in index
    ((bundle,),) = ask(results, "SELECT bundle FROM bundles WHERE policy = 'violated'").rows
    page = text_of(site / "reports" / f"{bundle}.html")
    assert "a file of a forbidden format" in page
    assert "Asked by formats.forbid = @pickle" in page
    for (name,) in ask(results, "SELECT bundle FROM bundles WHERE policy = 'holds'").rows:
        assert "Nothing violates it." in text_of(site / "reports" / f"{name}.html")


def test_every_row_has_what_the_policy_says_and_all_of_it_adds_up(held: tuple[Path, Path]) -> None:
    results, _ = held
    with open_tables(results) as tables:
        told = gather_held(tables)
        overview = gather_overview(tables, list_history(results, tables), told, None)
        rows = [row for some in walk_rows(tables, frozenset(), told) for row in some]
    assert overview.policy is not None
    assert {part.word: part.count for part in overview.policy.split.parts} == {"violated": 1, "holds": 2}
    assert sum(row.held.violations for row in rows if row.held) == overview.policy.violations == 1
    assert [rule.bundles for rule in overview.policy.broken] == [1]


def test_only_pages_of_which_the_policy_says_something_else_are_made_again(held: tuple[Path, Path]) -> None:
    results, site = held
    assert make_site(results, site) == (0, 3, 0)
    assert show_policy(results, site, "2", '[formats]\nforbid = ["@pickle"]\n') == (0, 3, 0)
    excuse = '[[exception]]\nrule = "policy.format"\nreason = "Seen."\nowner = "legal"\nexpires = 2099-01-01\n'
    assert show_policy(results, site, "3", f'[formats]\nforbid = ["@pickle"]\n{excuse}')[0] > 0
    ((bundle,),) = ask(results, "SELECT bundle FROM violations WHERE standing = 'excused'").rows
    assert "until 2099-01-01, legal" in text_of(site / "reports" / f"{bundle}.html")


def test_a_run_without_a_policy_has_a_page_without_one(tmp_path: Path) -> None:
    results = write_results(tmp_path / "r", 9)
    assert 'id="policy"' not in (write_lists(results, tmp_path / "site") / "index.html").read_text()
