"""The site of docs/ in a browser: nobody is shut out of a page, also not where a keyboard is all there is."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from tests.browser import open_browser, read_axe, show
from tests.test_browser import AUDIT

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"])
TOP = Path(__file__).parent.parent
PAGES = ("tutorial/first-audit", "tutorial/attestation", "fleet", "formats", "api", "adding-a-format")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(place)]
    subprocess.run(command, check=True, cwd=TOP, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    return place


@pytest.fixture(scope="module")
def window() -> Iterator[Chrome]:
    with open_browser() as opened:
        yield opened


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_shut_out_of_a_page_of_the_documents(name: str, window: Chrome, site: Path) -> None:
    axe = read_axe()
    for width in (390, 1440):
        show(window, site / f"{name}.html", width=width)
        window.execute_script(axe)
        assert window.execute_async_script(AUDIT) == []
