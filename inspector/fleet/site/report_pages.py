"""The page of every bundle, made of its report as it is kept: in several processes, and only those that are not there yet.

A page is named by the id of its report, a digest of what it says: one that is there is the right one, as long as the program is the same.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread, Timer

import msgspec

from inspector.child import Child, bound_addresses, read_message, write_message
from inspector.decoding import decode_msgpack
from inspector.errors import InspectorError
from inspector.fleet.journal import replace_file
from inspector.gate import PolicyResult
from inspector.render.html import render
from inspector.saved import read_report, restore_report

ID = re.compile(r"[0-9a-f]{32}")
BATCH = 16
SECONDS = 300.0  # for a batch
MEMORY = 4 * 2**30
INDEX = "../index.html"


class Batch(msgspec.Struct, frozen=True):
    """Reports to make pages of: the directories of reports and of pages, ids, and what a policy says of each."""

    reports: str
    pages: str
    ids: tuple[str, ...]
    told: dict[str, PolicyResult]


def make_pages(
    reports: Path, pages: Path, ids: Sequence[str], jobs: int, watch: Callable[[int], None], told: Mapping[str, PolicyResult]
) -> frozenset[str]:
    """Make the pages of reports, and give the ids of those that could not be made; `watch` hears how many are done."""
    todo, done = SimpleQueue[tuple[str, ...] | None](), SimpleQueue[tuple[tuple[str, ...], tuple[str, ...]]]()
    batches = [tuple(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH)]
    for batch in batches:
        todo.put(batch)
    for _ in range(min(jobs, len(batches))):
        todo.put(None)
        Thread(target=_serve_one, args=(str(reports), str(pages), told, todo, done), daemon=True).start()
    failed, count = set[str](), 0
    for _ in batches:
        batch, bad = done.get()
        failed |= set(bad)
        count += len(batch)
        watch(count)
    return frozenset(failed)


def list_pages(pages: Path) -> frozenset[str]:
    """List the ids of the pages that are there."""
    return frozenset(path.stem for path in pages.glob("*.html") if ID.fullmatch(path.stem))


def make_page(reports: Path, pages: Path, name: str, policy: PolicyResult | None) -> bool:
    """Make one page; False where its report cannot be read."""
    try:
        with (reports / f"{name}.json").open("rb") as stream:
            view = read_report(stream.read(), name)
        page = render(msgspec.structs.replace(restore_report(view), policy=policy), above=INDEX)
        replace_file(pages / f"{name}.html", page.encode("utf-8", "backslashreplace"), sync=False)
    except (InspectorError, OSError, MemoryError, RecursionError):
        return False
    return True


def serve() -> None:
    """Make pages from the standard input until it ends."""
    bound_addresses(MEMORY)
    while (message := read_message(sys.stdin.buffer)) is not None:
        batch = decode_msgpack(message, Batch)
        bad = [name for name in batch.ids if not make_page(Path(batch.reports), Path(batch.pages), name, batch.told.get(name))]
        write_message(sys.stdout.buffer, msgspec.msgpack.encode(bad))


def _serve_one(
    reports: str,
    pages: str,
    told: Mapping[str, PolicyResult],
    todo: "SimpleQueue[tuple[str, ...] | None]",
    done: "SimpleQueue[tuple[tuple[str, ...], tuple[str, ...]]]",
) -> None:
    """Feed one process until the queue is empty; a batch over which it ends is given again, one report at a time."""
    child = Child("inspector.fleet.site.report_pages:serve")
    while (batch := todo.get()) is not None:
        bad = list[str]()
        for ids in _retry(batch):
            answer = _ask(child, Batch(reports, pages, ids, {name: told[name] for name in ids if name in told}))
            if answer is not None:
                bad += answer
                if len(ids) == len(batch):
                    break
                continue
            child = Child("inspector.fleet.site.report_pages:serve")
            bad += ids if len(ids) == 1 else ()
        done.put((batch, tuple(bad)))
    child.close()


def _retry(batch: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give the whole batch, then each of it by itself."""
    yield batch
    if len(batch) > 1:
        yield from ((name,) for name in batch)


def _ask(child: Child, batch: Batch) -> tuple[str, ...] | None:
    """Give the ids of which no page could be made; None when the process ended."""
    timer = Timer(SECONDS, child.kill)
    timer.daemon = True
    timer.start()
    try:
        answer = child.receive() if child.send(msgspec.msgpack.encode(batch)) else None
    finally:
        timer.cancel()
    if answer is None:
        child.close()
        return None
    return decode_msgpack(answer, tuple[str, ...])
