"""The page for a browser, read as text: whole, alone, of bounded size, and with nothing of a bundle in it but text."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector import inspect, judge
from inspector.judgement import Report
from inspector.render import Format, render
from inspector.render.html import digest
from inspector.render.html.treemap import Box, squarify
from sample_bundles.build import System, all_systems, build
from tests.pages import HOSTILE, large_report, parse, report_saying

SYSTEMS = [system for system in all_systems() if system.name != "empty"]
LARGEST = 5_000_000
AMOUNTS = st.lists(st.floats(min_value=1e-3, max_value=1e12), min_size=1, max_size=60).map(lambda found: sorted(found, reverse=True))


def report_of(system: System, top: Path) -> Report:
    place = build(system, top)
    first, *others = system.roots
    return judge(inspect([place / first.name], supplements=[(root.role, place / root.name) for root in others if root.role]))


def shape_of(page: str) -> list[str]:
    """List the elements and the names of their attributes, without what is said in them, and without commands in backticks."""
    return [f"{tag} {sorted(attrs)}" for tag, attrs in parse(page).found if tag != "code"]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    top = tmp_path_factory.mktemp("samples")
    return {system.name: report_of(system, top) for system in SYSTEMS if system.name in {"pythia", "traps", "damaged", "llama2"}}


def test_the_page_of_a_report_is_always_the_same(reports: dict[str, Report]) -> None:
    assert all(render(report, Format.HTML) == render(report, Format.HTML) for report in reports.values())


def test_a_page_names_nothing_to_fetch_and_leads_nowhere_else(reports: dict[str, Report]) -> None:
    for report in reports.values():
        for tag, attrs in parse(render(report, Format.HTML)).found:
            assert tag not in {"img", "iframe", "object", "embed", "link", "base", "form", "video", "audio", "image", "use"}
            assert not {"src", "srcset", "style", "action", "formaction", "background"} & attrs.keys()
            assert not any(name.startswith("on") for name in attrs)
            assert attrs.get("href", "#").startswith("#")


def test_the_policy_allows_the_page_its_own_style_and_script_and_nothing_else(reports: dict[str, Report]) -> None:
    page = render(reports["pythia"], Format.HTML)
    (policy,) = (attrs["content"] for _, attrs in parse(page).found if attrs.get("http-equiv") == "Content-Security-Policy")
    (style,), (script,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL), re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert policy == (
        f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; base-uri 'none'; form-action 'none'"
    )


def test_links_within_a_page_lead_somewhere_and_ids_are_there_once(reports: dict[str, Report]) -> None:
    for report in reports.values():
        found = parse(render(report, Format.HTML)).found
        ids = [attrs["id"] for _, attrs in found if "id" in attrs]
        assert len(ids) == len(set(ids))
        assert {attrs["href"][1:] for _, attrs in found if "href" in attrs} <= set(ids)


def test_headings_are_in_order_and_tables_have_headers(reports: dict[str, Report]) -> None:
    for report in reports.values():
        found = [tag for tag, _ in parse(render(report, Format.HTML)).found]
        levels = [int(tag[1]) for tag in found if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
        assert found.count("table") == found.count("thead")
        assert {"header", "nav", "main", "footer"} <= set(found)


def test_a_page_says_what_the_report_says(reports: dict[str, Report]) -> None:
    for report in reports.values():
        text = " ".join("".join(parse(render(report, Format.HTML)).text).split())
        for result in report.standards:
            assert result.disclaimer in text
            assert result.reason[1:] in text
            assert all(finding.title in text for finding in result.findings)
        assert all(" ".join(issue.message.split()) in text for issue in report.inventory.issues)
        assert all(" ".join(problem.reason.split()) in text for problem in report.inventory.problems)
        assert all(record.path.rpartition("/")[2] in text for record in report.inventory.files)
        assert all(row.name in text for row in report.data_sets)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_bundle_never_becomes_markup_and_never_acts(text: str) -> None:
    page = render(report_saying(text.replace("/", "\u2215")), Format.HTML)
    assert shape_of(page) == shape_of(render(report_saying("harmless"), Format.HTML))
    assert all(char.isprintable() for char in page.replace("\n", ""))
    page.encode()


@settings(max_examples=50)
@given(st.text(min_size=1, max_size=40))
def test_any_text_leaves_the_elements_of_a_page_as_they_are(text: str) -> None:
    told = f"harmless {text}".replace("/", "")
    assert shape_of(render(report_saying(told), Format.HTML)) == shape_of(render(report_saying("harmless"), Format.HTML))


@pytest.mark.parametrize("text", ["a" * 200, "\u202e<\"'" * 50, "\U000e0001'" * 100])
def test_a_page_of_many_files_stays_small_and_says_what_it_leaves_out(text: str) -> None:
    page = render(large_report(text, 5000), Format.HTML)
    assert len(page.encode()) < LARGEST
    assert "the JSON report has all" in page


@given(AMOUNTS)
def test_any_amounts_fill_a_treemap_without_overlap(amounts: list[float]) -> None:
    whole = Box(x=0, y=0, width=1000, height=400)
    boxes = squarify(amounts, whole)
    assert len(boxes) == len(amounts)
    for amount, box in zip(amounts, boxes, strict=True):
        assert abs(box.width * box.height - amount / sum(amounts) * 400_000) < 1
        assert box.x >= -1e-6
        assert box.y >= -1e-6
        assert box.x + box.width <= 1000 + 1e-3
        assert box.y + box.height <= 400 + 1e-3
    shared = sum(
        max(0.0, min(a.x + a.width, b.x + b.width) - max(a.x, b.x)) * max(0.0, min(a.y + a.height, b.y + b.height) - max(a.y, b.y))
        for place, a in enumerate(boxes)
        for b in boxes[place + 1 :]
    )
    assert shared < 1
