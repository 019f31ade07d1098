"""Measure the site of a fleet of 10,000 bundles: what making it takes, also again, and how long a browser takes to load and search it.

A part of `make bench`. Reports are those of the sample bundles, again and again under other names.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from selenium.webdriver import Chrome

from inspector.audit import inspect, judge
from inspector.errors import NothingToInspect
from inspector.fleet.journal import Journal
from inspector.fleet.order import Order, Outcome, Status
from inspector.fleet.parts import write_tables
from inspector.fleet.plan import Plan, Shard
from inspector.render import render
from sample_bundles.build import all_systems, build
from tests.bench_fleet import TOP, look_at
from tests.browser import NAMES, open_browser, seconds_to_load, show

COUNT, RUNS, CHANGED = 10_000, 5, 100
SEARCH = """
const [words, done] = arguments, field = document.querySelector("#search [name=q]"), start = performance.now();
const told = document.getElementById("found");
new MutationObserver((_, watch) => {
  watch.disconnect();
  requestAnimationFrame(() => { document.body.getBoundingClientRect(); setTimeout(() => done(performance.now() - start)); });
}).observe(told, { childList: true });
field.value = words;
field.dispatchEvent(new Event("input"));
"""


def audit_samples(top: Path) -> list[bytes]:
    """Audit the sample bundles and give their reports."""
    reports = []
    for system in all_systems():
        place = build(system, top)
        for root in system.roots:
            try:
                reports.append(render(judge(inspect([place / root.name]))).encode())
            except NothingToInspect:
                continue
    return reports


def write_run(results: Path, reports: list[bytes], name: str, changed: int = 0) -> None:
    """Write a run of 10,000 bundles; the reports of the first `changed` differ."""
    journal, plan = Journal(results, name), Plan("0.1.0", ("/srv/models",), ("osaid",), digest=True, started=f"2026-01-31T00:00:0{name}Z")
    journal.begin(plan)
    for number in range(COUNT):
        place = f"models/owner{number % 300}/model-{number:05d}"
        report = reports[number % len(reports)] + b" " * (number < changed)
        journal.record(Order(f"/srv/{place}", "/srv/models", place, place, "directory", "key-files"), Outcome(Status.AUDITED, report))
    write_tables(journal, plan, Shard())


def make_site(results: Path, site: Path, what: str) -> None:
    """Make the site in a process of its own, and say what that cost."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "inspector", "query", str(results), "--html", str(site)]
    process = subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    peak, _, busy = look_at(process)
    took = time.perf_counter() - start
    assert process.returncode == 0
    print(f"the site of {COUNT:,} bundles, {what}: {took:.1f} s, {sum(busy.values()):.1f} s of processors, {peak:.0f} MiB in all processes")


def load_and_search(window: Chrome, page: Path) -> None:
    """Say how long a browser takes to load the page and to search it: medians of five after a first one."""
    loads, searches = [], []
    for number in range(RUNS + 1):
        show(window, page)
        loads.append(seconds_to_load(window))
        searches.append(float(window.execute_async_script(SEARCH, f"owner{number} model")) / 1000)
    for what, times in (("usable", loads), ("searched, from the key to the rows", searches)):
        print(f"{page.name} of {COUNT:,} bundles {what} in {statistics.median(times[1:]):.2f} s, {max(times):.2f} s at most")


def bench_fleet_page(top: Path) -> None:
    """Measure all of it."""
    print(f"load of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    results, site = top / "results", top / "site"
    reports = audit_samples(top / "samples")
    write_run(results, reports, "1")
    make_site(results, site, "all pages made")
    make_site(results, site, "nothing changed")
    write_run(results, reports, "2", CHANGED)
    make_site(results, site, f"{CHANGED} reports changed")
    size = sum(path.stat().st_size for path in site.rglob("*.html"))
    page = site / "index.html"
    print(f"the page {page.stat().st_size / 1e6:.2f} MB; the site {size / 1e6:.0f} MB in {COUNT:,} pages of bundles")
    if any(map(shutil.which, NAMES)) and shutil.which("chromedriver"):
        with open_browser() as window:
            load_and_search(window, page)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        bench_fleet_page(Path(directory))
