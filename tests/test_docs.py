"""The documentation against the code: generated pages are fresh, links lead somewhere, commands that are shown exist."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

import inspector
from docs.generate import generated_pages
from docs.site_hooks import on_post_page
from inspector import inspect, judge
from inspector.explain import list_formats
from inspector.render import Format, render
from sample_bundles.build import System, all_systems, build
from tests.shown_commands import list_fences

TOP = Path(__file__).parent.parent
PAGES = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])


@pytest.mark.parametrize("path", generated_pages(), ids=lambda path: str(path.name))
def test_a_generated_page_is_what_the_code_says_now(path: Path) -> None:
    assert path.read_text() == generated_pages()[path], "run `make schema` and look at the difference"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("sample", [system for system in all_systems() if system.name != "empty"], ids=lambda system: str(system.name))
def test_the_report_of_every_sample_is_valid_against_the_published_schema(sample: System, tmp_path: Path) -> None:
    top = build(sample, tmp_path)
    first, *others = sample.roots
    report = judge(inspect([top / first.name], supplements=[(root.role, top / root.name) for root in others if root.role]))
    schema = json.loads((TOP / "docs" / "schema" / "report-1.json").read_text())
    jsonschema.validate(json.loads(render(report, Format.JSON)), schema)


def test_the_readme_lists_the_formats_that_the_command_lists() -> None:
    listed = set(re.findall(r"(?m)^(\S+) \([\w.-]+\)$", list_formats()))
    rows = re.findall(r"(?m)^\| (?:weights|code|cards|terms) \| (\d+) \| (.*) \|$", (TOP / "README.md").read_text())
    named = [names.split(", ") for _, names in rows]
    assert {name for names in named for name in names} == listed
    assert [int(count) for count, _ in rows] == [len(names) for names in named]


def test_what_is_cited_is_this_version_under_its_licence() -> None:
    cited = yaml.safe_load((TOP / "CITATION.cff").read_text())
    assert (cited["cff-version"], cited["version"], cited["license"]) == ("1.2.0", inspector.__version__, "Apache-2.0")
    assert {"message", "title", "authors", "type"} <= set(cited)


def test_what_a_browser_would_fetch_from_another_host_is_a_warning_when_the_site_is_built(caplog: pytest.LogCaptureFixture) -> None:
    config = MkDocsConfig(str(TOP / "mkdocs.yml"))
    page = Page(None, File("x.md", str(TOP), str(TOP), use_directory_urls=False), config)
    for harmless in ('<a href="https://example.org">', '<img src="x.svg">', '<link rel="stylesheet" href="a.css">'):
        on_post_page(harmless, page, config)
    assert caplog.text == ""
    for fetched in (
        '<img alt="" src="https://a.example/x.png">',
        "<script src=//b.example/x.js>",
        "<style>@import url(https://c.example/x)",
    ):
        on_post_page(fetched, page, config)
    assert [host for host in "abc" if f"{host}.example" not in caplog.text] == []


def test_code_and_tables_of_the_site_hold_something_that_a_keyboard_reaches() -> None:
    config = MkDocsConfig(str(TOP / "mkdocs.yml"))
    page = Page(None, File("x.md", str(TOP), str(TOP), use_directory_urls=False), config)
    written = on_post_page("<pre><span></span><code>a\nb</code></pre><p><code>c</code></p><table><tr></tr></table>", page, config)
    block = '<pre><span></span><code><span tabindex="0">a\nb</span></code></pre>'
    assert written == f'{block}<p><code>c</code></p><table tabindex="0"><tr></tr></table>'


def test_every_page_of_the_site_has_a_place_in_its_navigation() -> None:
    listed = set(re.findall(r"(?m): ([\w/-]+\.md)$", (TOP / "mkdocs.yml").read_text()))
    assert {str(page.relative_to(TOP / "docs")) for page in PAGES if "docs" in page.parts} <= listed


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (TOP / "Makefile").read_text()
    targets = set(re.findall(r"`?make ([a-z]+)", (TOP / "README.md").read_text()))
    assert targets
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_the_report_in_the_readme_is_a_real_one() -> None:
    shown = next(fence.text for fence in list_fences((TOP / "README.md").read_text()) if fence.text.startswith(" INCOMPLETE"))
    assert (TOP / "tests" / "golden" / "mixtral-80.txt").read_text().startswith(shown)
