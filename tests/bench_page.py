"""Measure the page of a large bundle: how long it is made, how large it is, how long a browser takes to load it. A part of `make bench`."""

import shutil
import statistics
import time
from gzip import compress
from pathlib import Path

from inspector.audit import inspect, judge
from inspector.render import Format, render
from tests import make
from tests.browser import NAMES, open_browser, seconds_to_load, show
from tests.pages import large_report

FILES = 5_000
SUFFIXES = (".py", ".sh", ".rs", ".cpp", ".yaml")


def make_sources(top: Path) -> Path:
    """Write 5,000 files: the sources that were written to be evaluated, again and again, and some that no detector knows."""
    sources = Path(__file__).parent / "evaluation" / "files"
    files = [path for path in sorted(sources.rglob("*.sample")) if Path(path.stem).suffix in SUFFIXES]
    for number in range(FILES):
        path = files[number % len(files)]
        name = f"{number // len(files)}/{path.relative_to(sources).as_posix().removesuffix('.sample')}"
        text = f"{path.read_text(encoding='utf-8')}\n# {number}\n"
        make.tree(top, {name if number % 5 else f"data/part-{number % 50}/records {number}.xyz": text if number % 5 else b"\0" * number})
    return top


def bench_page(top: Path) -> None:
    """Measure the page of 5,000 sources, and that of 5,000 files that say something hostile everywhere."""
    reports = {
        "sources": judge(inspect([make_sources(top / "bundle")], digest=True)),
        "hostile names": large_report("\u202e<\"'" * 50, FILES),
    }
    for what, report in reports.items():
        start = time.perf_counter()
        page = render(report, Format.HTML)
        took = time.perf_counter() - start
        path = top / f"{what}.html"
        path.write_text(page, encoding="utf-8")
        size, packed = len(page.encode()), len(compress(page.encode()))
        print(f"the page of {FILES:,} files, {what}: made in {took:.2f} s, {size / 1e6:.2f} MB ({packed / 1e6:.2f} MB packed){_load(path)}")


def _load(path: Path) -> str:
    """Say how long a browser takes for a page: the median of seven loads after a first one, and the longest."""
    if not (any(map(shutil.which, NAMES)) and shutil.which("chromedriver")):
        return "; no browser is here to load it"
    with open_browser() as window:
        times = []
        for _ in range(8):
            show(window, path)
            times.append(seconds_to_load(window))
    return f"; loaded in {statistics.median(times[1:]):.2f} s, {max(times):.2f} s at most"
