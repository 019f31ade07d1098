"""The page of a fleet in a browser: it asks for nothing, finds what is looked for, shuts nobody out, and nothing that a bundle says acts."""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from inspector.fleet.query import ask
from tests.browser import list_complaints, list_requests, open_browser, read_axe, show
from tests.fleet_results import name_bundle, write_lists, write_results
from tests.test_browser import AUDIT

# The driver is spoken to over the loopback interface; the browser itself resolves no name.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"])
COUNT = 3_000
PAGES = ("index.html", "rules.html", "bundles/1.html")
UNFOLD = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"


@pytest.fixture(scope="module")
def window() -> Iterator[Chrome]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_results(tmp_path_factory.mktemp("fleet") / "r", COUNT, policy=True)


@pytest.fixture(scope="module")
def site(results: Path) -> Path:
    return write_lists(results, results.parent / "site")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("small")
    write_results(top / "r", 24, "before", 1, "2026-01-30T00:00:00Z")
    return write_lists(write_results(top / "r", 24, policy=True), top / "site")


def told(window: Chrome) -> str:
    return window.find_element(By.ID, "found").text


def find(window: Chrome, words: str, expected: str) -> list[str]:
    """Type words into the search, wait for what is told of it, and give the rows."""
    field = window.find_element(By.NAME, "q")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(words)
    WebDriverWait(window, 600, 0.05).until(lambda opened: opened.execute_script("return state.q") == words)
    assert told(window) == expected
    rows: list[str] = window.execute_script("return [...document.querySelectorAll('#rows tbody tr')].map((row) => row.innerText)")
    return rows


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_without_a_complaint_and_asks_for_nothing_but_itself(name: str, window: Chrome, site: Path) -> None:
    show(window, site / name)
    assert list_complaints(window) == []
    assert list_requests(window) == [(site / name).as_uri()]


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_shut_out_and_nothing_is_wider_than_a_phone(name: str, window: Chrome, small: Path) -> None:
    axe = read_axe()
    for width, scheme in ((390, "light"), (1440, "dark")):
        show(window, small / name, width=width, scheme=scheme)
        window.execute_script(UNFOLD)
        assert window.execute_script("return document.documentElement.scrollWidth") <= width
        window.execute_script(axe)
        assert window.execute_async_script(AUDIT) == []


def test_what_a_bundle_is_called_does_not_act(window: Chrome, site: Path) -> None:
    show(window, site / "index.html")
    for text in ("</script><script>window.hit = 1</script>", '<img src="http://nowhere.invalid/a.png"', "--><!--"):
        count = sum(text in name_bundle(number) for number in range(COUNT))
        assert all(text in row for row in find(window, text, f"{count} bundles, of all 3,000"))
    assert window.execute_script("return window.hit ?? null") is None
    assert window.execute_script("return [document.scripts.length, document.images.length, document.forms.length]") == [2, 0, 1]


def test_rows_that_the_script_makes_are_those_that_the_page_has_without_it(window: Chrome, site: Path) -> None:
    shown = """return [...document.querySelectorAll('#rows tbody tr')].map((row) => [row, ...row.querySelectorAll('*')].map((item) =>
        [item.tagName, item.textContent, ...[...item.attributes].map((found) => found.name + '=' + found.value).sort()]))"""
    show(window, site / "index.html")
    made = window.execute_script(shown)
    window.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(window, site / "index.html")
        text = window.find_element(By.TAG_NAME, "main").text
        assert "The first 100 of 3,000" in text
        assert "All bundles, 500 a page" in text
        assert not window.find_element(By.NAME, "q").is_displayed()
    finally:
        window.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    window.get((site / "bundles" / "1.html").as_uri())
    written = window.execute_script(shown.replace("#rows", "table"))[:100]
    assert len(made) == 100
    assert made == [[[text.replace("href=../", "href=") for text in item] for item in row] for row in written]


def test_words_leave_the_bundles_that_hold_them_all(window: Chrome, site: Path, results: Path) -> None:
    show(window, site / "index.html")
    name = name_bundle(2600)
    _, owner, last = name.split("/")
    assert [row.splitlines()[0] for row in find(window, f"{last[-5:]} {owner.upper()}", "1 bundle, of all 3,000")] == [name]
    find(window, "nothing at all", "No bundle fits.")
    ((count,),) = ask(results, "SELECT count(*) FROM bundles WHERE place LIKE '%/acme/%'").rows
    assert len(find(window, "/ACME/", f"1 to 100 of {count:,} bundles, of all 3,000")) == 100


def test_filters_sort_and_pages_work_together_and_the_address_keeps_them(window: Chrome, site: Path, results: Path) -> None:
    show(window, site / "index.html")
    Select(window.find_element(By.NAME, "worst")).select_by_visible_text("high")
    Select(window.find_element(By.NAME, "terms.parameters-final")).select_by_visible_text("restricted")
    sql = """SELECT count(DISTINCT bundle), max(place) FROM bundles JOIN terms USING (bundle)
             WHERE worst = 'high' AND component = 'parameters-final' AND bucket = 'restricted' AND NOT conflict"""
    ((count, last),) = ask(results, sql).rows
    assert isinstance(count, int)
    assert told(window) == f"1 to 100 of {count} bundles, of all 3,000"
    head = window.find_element(By.CSS_SELECTOR, "th[data-sort=place] button")
    head.click()
    assert window.find_element(By.CSS_SELECTOR, "th[data-sort=place]").get_attribute("aria-sort") == "ascending"
    head.click()
    assert window.find_element(By.CSS_SELECTOR, "#rows tbody th").text.startswith(str(last))
    window.find_element(By.CSS_SELECTOR, "#turn button:last-child").click()
    assert told(window) == f"101 to {min(count, 200)} of {count} bundles, of all 3,000"
    address = window.current_url
    window.get("about:blank")
    window.get(address)
    assert told(window) == f"1 to 100 of {count} bundles, of all 3,000"
    window.find_element(By.ID, "clear").click()
    assert told(window).startswith("The first 100 of 3,000")


def test_numbers_lead_to_the_bundles_that_they_count(window: Chrome, site: Path) -> None:
    show(window, site / "index.html")
    numbers = window.find_elements(By.CSS_SELECTOR, "[data-find]")
    assert len(numbers) > 50
    assert all(number.find_elements(By.TAG_NAME, "button") for number in numbers)
    for number in numbers[::10]:
        count = number.text
        window.execute_script("arguments[0].firstChild.click()", number)
        rows = count if int(count.replace(",", "")) <= 100 else f"1 to 100 of {count}"
        assert told(window) == f"{rows} bundle{'' if count == '1' else 's'}, of all 3,000", number.get_attribute("data-find")


def test_a_rule_of_the_policy_leads_to_the_bundles_that_break_it_and_they_are_sorted_by_its_answer(
    window: Chrome, site: Path, results: Path
) -> None:
    show(window, site / "index.html")
    window.find_element(By.CSS_SELECTOR, "#policy [data-find='broken=policy.terms'] button").click()
    ((count,),) = ask(results, "SELECT count(DISTINCT bundle) FROM violations WHERE rule = 'policy.terms'").rows
    assert told(window) == f"1 to 100 of {count} bundles, of all 3,000"
    Select(window.find_element(By.NAME, "policy")).select_by_visible_text("holds")
    assert told(window) == "No bundle fits."
    window.find_element(By.ID, "clear").click()
    window.find_element(By.CSS_SELECTOR, "th[data-sort=policy] button").click()
    assert window.find_element(By.CSS_SELECTOR, "#rows tbody [data-name=Policy]").text.startswith("violated")


def test_nothing_can_be_scrolled_aside_that_has_room(window: Chrome, small: Path) -> None:
    show(window, small / "index.html")
    wider = "return [...document.querySelectorAll('.scroll')].filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.ariaLabel)"
    assert window.execute_script(wider) == []


def test_a_rule_leads_to_what_it_means_and_back_to_its_bundles(window: Chrome, site: Path) -> None:
    show(window, site / "index.html")
    window.find_element(By.CSS_SELECTOR, "#issues a").click()
    article = window.find_element(By.CSS_SELECTOR, "article:target")
    assert "pickle.unexpected-global" in article.text
    link = article.find_element(By.CSS_SELECTOR, "a[href^='index.html']")
    count = link.text
    link.click()
    assert told(window) == f"1 to 100 of {count}, of all 3,000"


def test_the_page_can_be_used_with_the_keyboard_alone(window: Chrome, site: Path) -> None:
    show(window, site / "index.html")
    window.switch_to.active_element.send_keys(Keys.TAB)
    assert window.switch_to.active_element.text == "To the summary"
    number = window.find_element(By.CSS_SELECTOR, "#summary [data-find='worst=high'] button")
    number.send_keys(Keys.ENTER)
    assert window.switch_to.active_element.text == "Bundles"
    window.switch_to.active_element.send_keys(Keys.TAB)
    assert window.switch_to.active_element.get_attribute("name") == "q"
    head = window.find_element(By.CSS_SELECTOR, "th[data-sort=bytes] button")
    head.send_keys(Keys.SPACE)
    assert window.find_element(By.CSS_SELECTOR, "th[data-sort=bytes]").get_attribute("aria-sort") == "ascending"


def test_on_paper_there_are_the_totals_and_no_controls(window: Chrome, small: Path) -> None:
    show(window, small / "index.html", media="print")
    printed = window.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(b64decode(printed["data"]))).pages).split())
    assert "24 bundles in 2 stores" in text
    assert "A pickle names classes or functions beyond what weights need." in text
    assert not {"Previous", "Clear", "Search"} & set(text.split())
