"""A headless browser that reaches no network, for tests of pages; and what to say where there is none."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.command import Command

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND", "about:blank"),
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
REQUIRED, AXE = "BROWSER_TESTS", "AXE"


def leave_out(reason: str) -> None:
    """Skip a test and say why; where BROWSER_TESTS is `required` it fails instead, so that no check is lost unseen."""
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(reason)
    pytest.skip(f"left out: {reason}")


def find_browser() -> tuple[str, str]:
    """Find a browser and its driver on the path."""
    browser, driver = next(filter(None, map(shutil.which, NAMES)), None), shutil.which("chromedriver")
    if browser is None or driver is None:
        leave_out("no Chromium with chromedriver is here (Debian: chromium, chromium-driver)")
    return browser or "", driver or ""


def read_axe() -> str:
    """Read axe-core, which is not part of this repository: AXE names the file `axe.min.js` of its package."""
    path = Path(os.environ.get(AXE, ""))
    if not path.is_file():
        leave_out(f"{AXE} names no file: it is axe.min.js of the npm package axe-core")
    return path.read_text(encoding="utf-8")


@contextmanager
def open_browser() -> Iterator[Chrome]:
    """Start a browser with an empty profile; it is ended with the block."""
    browser, driver = find_browser()
    with TemporaryDirectory() as profile:
        options = ChromeOptions()
        options.binary_location = browser
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        window = Chrome(options=options, service=Service(driver))
        window.set_script_timeout(600)  # an end for what hangs: a busy machine is slow, and no reason to fail
        window.set_page_load_timeout(600)
        try:
            yield window
        finally:
            window.quit()


def show(window: Chrome, page: Path, *, width: int = 1440, scheme: str = "light", media: str = "screen") -> None:
    """Open a page at a width (pixels), in light or dark."""
    window.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    )
    window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]})
    list_requests(window)
    window.get(page.as_uri())


def list_requests(window: Chrome) -> list[str]:
    """List the addresses that were asked for since the last time, but for what the browser asks itself for on a page of its own."""
    messages = (json.loads(text)["message"] for text in _read_log(window, "performance"))
    asked = (message["params"] for message in messages if message["method"] == "Network.requestWillBeSent")
    return [request["request"]["url"] for request in asked if not request["documentURL"].startswith("chrome://")]


def list_complaints(window: Chrome) -> list[str]:
    """List what the browser's console said since the last time."""
    return _read_log(window, "browser")


def _read_log(window: Chrome, name: str) -> list[str]:
    return [entry["message"] for entry in window.execute(Command.GET_LOG, {"type": name})["value"]]


def seconds_to_load(window: Chrome) -> float:
    """Give the time from the start of the navigation to the end of the load event, in seconds."""
    return float(window.execute_script("return performance.getEntriesByType('navigation')[0].loadEventEnd")) / 1000
