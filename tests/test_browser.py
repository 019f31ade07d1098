"""The page in a browser: it asks for nothing, nobody is shut out, and nothing that a bundle says acts."""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from inspector import inspect, judge
from inspector.render import Format, render
from sample_bundles.build import all_systems, build
from tests.browser import list_complaints, list_requests, open_browser, read_axe, show
from tests.pages import HOSTILE, report_saying

# The driver is spoken to over the loopback interface; the browser itself resolves no name.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"])
PAGES = ("pythia", "traps", "damaged", "hostile")
AUDIT = """
const done = arguments[arguments.length - 1];
axe.run().then((found) => done(found.violations.filter((item) => ["serious", "critical"].includes(item.impact))
  .map((item) => item.id + ": " + item.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | "))));
"""


@pytest.fixture(scope="module")
def window() -> Iterator[Chrome]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("pages")
    for system in all_systems():
        if system.name in PAGES:
            place = build(system, top)
            first, *others = system.roots
            inventory = inspect([place / first.name], supplements=[(root.role, place / root.name) for root in others if root.role])
            (top / f"{system.name}.html").write_text(render(judge(inventory, ("osaid", "mof")), Format.HTML))
    (top / "hostile.html").write_text(render(report_saying(" ".join(HOSTILE)), Format.HTML))
    return top


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_without_a_complaint_and_asks_for_nothing_but_itself(name: str, window: Chrome, pages: Path) -> None:
    show(window, pages / f"{name}.html")
    assert list_complaints(window) == []
    assert list_requests(window) == [(pages / f"{name}.html").as_uri()]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_nobody_is_shut_out(name: str, scheme: str, width: int, window: Chrome, pages: Path) -> None:
    axe = read_axe()
    show(window, pages / f"{name}.html", width=width, scheme=scheme)
    window.execute_script("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    window.execute_script(axe)
    assert window.execute_async_script(AUDIT) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_phone(name: str, window: Chrome, pages: Path) -> None:
    show(window, pages / f"{name}.html", width=390)
    window.execute_script("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert window.execute_script("return document.documentElement.scrollWidth") <= 390


def test_what_a_bundle_says_does_not_act_in_a_browser(window: Chrome, pages: Path) -> None:
    show(window, pages / "hostile.html")
    assert window.execute_script("return window.hit ?? null") is None
    assert window.execute_script("return [document.scripts.length, document.images.length, document.forms.length]") == [1, 0, 0]
    assert "<script>window.hit = 1</script>" in window.find_element(By.TAG_NAME, "h1").text


def test_a_script_that_somebody_adds_to_the_page_does_not_run(window: Chrome, pages: Path) -> None:
    changed = pages / "changed.html"
    changed.write_text((pages / "pythia.html").read_text().replace("<main>", "<main><script>window.hit = 4</script>"))
    show(window, changed)
    assert window.execute_script("return window.hit ?? null") is None
    assert any("Content Security Policy" in text for text in list_complaints(window))


def test_a_page_can_be_read_with_the_keyboard_alone(window: Chrome, pages: Path) -> None:
    show(window, pages / "pythia.html")
    window.switch_to.active_element.send_keys(Keys.TAB)
    assert window.switch_to.active_element.text == "To the summary"
    fold = window.find_element(By.CSS_SELECTOR, "details.answer")
    fold.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    assert fold.get_attribute("open") is not None


def test_the_filter_leaves_the_files_that_hold_the_words(window: Chrome, pages: Path) -> None:
    show(window, pages / "pythia.html")
    window.find_element(By.CSS_SELECTOR, "#files .filter input").send_keys("datasheet")
    shown = [row.text for row in window.find_elements(By.CSS_SELECTOR, "#files [data-row]") if row.is_displayed()]
    assert len(shown) == 1
    assert shown[0].startswith("DATASHEET.md")


def test_on_paper_the_answers_are_unfolded(window: Chrome, pages: Path) -> None:
    show(window, pages / "pythia.html")
    printed = window.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(b64decode(printed["data"]))).pages)
    assert "matched by dataset-card" in " ".join(text.split())
