"""Read every sample of a format in every damaged form, each family of formats in a process of its own, and say what it cost.

A family is a module of `sample_bundles/formats`. Run as `python -m tests.damaged_formats` with `every` to overwrite at every byte; it prints a
line of JSON for each family. The processes are forked, so that the detectors are imported once.
"""

import json
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import FrameType

import msgspec

from inspector.offering import offer
from inspector.reading import Reading
from inspector.registry import load_registry
from sample_bundles import formats
from tests import make
from tests.detectors.weights.damage import flipped

HEAD = 256  # bytes in which lengths and counts stand
LIES = (b"\xff\xff\xff\x7f", b"\xff" * 7 + b"\x7f", b"\xff\xff\xff\x0f", b"\x00\x00\x00\x40")
SECONDS = 10  # for one file
FLIPS, CUTS = 24, (1, 2, 3)


def list_families() -> list[str]:
    """List the families by being there."""
    return sorted(info.name for info in iter_modules(formats.__path__))


def damage(data: bytes, *, every: bool) -> Iterator[tuple[str, bytes]]:
    """Cut a file, flip a bit of it, and overwrite each word of its head with a number that no file of this size has."""
    yield from ((f"cut at {len(data) * part // 4}", data[: len(data) * part // 4]) for part in CUTS)
    yield "cut by one", data[:-1]
    for number, changed in enumerate(flipped(data, FLIPS * 10 if every else FLIPS) if data else ()):
        yield f"flip {number}", changed
    for lie in LIES[: len(LIES) if every else 2]:
        for at in range(0, min(HEAD, len(data) - len(lie) + 1), 1 if every else len(lie)):
            yield f"{lie.hex()} at {at}", data[:at] + lie + data[at + len(lie) :]


def read_problems(top: Path, path: str, data: bytes) -> list[str]:
    """Offer a file to all detectors that want it, and give the reasons of its problems."""
    (entry,) = make.entries(make.tree(top, {path: data}))
    with entry.open() as file:
        reading = Reading(entry, file.size)
        offer(file, load_registry(), reading)
    msgspec.msgpack.encode((reading.evidence, reading.issues))  # as the memo keeps it: a number beyond 64 bits fails here
    return [problem.reason for problem in reading.problems]


def sweep(family: str, *, every: bool) -> dict[str, object]:
    """Read all files of a family in all damaged forms: the memory above that of the healthy ones (KiB), and what failed."""
    module = import_module(f"{formats.__name__}.{family}")
    files: Mapping[str, str | bytes] = module.FILES
    failed = list[str]()
    with tempfile.TemporaryDirectory() as name:
        tops = {path: Path(name) / str(number) for number, path in enumerate(files)}
        whole = {path: data.encode() if isinstance(data, str) else data for path, data in files.items()}
        for path, data in whole.items():
            read_problems(tops[path], path, data)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for path, data in whole.items():
            for what, changed in damage(data, every=every):
                signal.setitimer(signal.ITIMER_REAL, SECONDS)
                try:
                    reasons = read_problems(tops[path], path, changed)
                except Exception as error:  # noqa: BLE001  whatever leaves the reading of one file is what is looked for
                    reasons = [f"bug of ours: {type(error).__name__}: {error}"]
                signal.setitimer(signal.ITIMER_REAL, 0)
                failed += [f"{path}, {what}: {reason}" for reason in reasons if "bug of ours" in reason or "asks for too much" in reason]
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"family": family, "more": after - before, "failed": failed[:20]}


def end_late(_number: int, _frame: FrameType | None) -> None:
    """End what hangs; whoever reads the file notes it as a failure of ours."""
    raise TimeoutError(f"not read within {SECONDS} seconds")


def fork_sweep(family: str, *, every: bool) -> None:
    """Sweep in a process of its own, which prints its line; one that dies is a line too."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        signal.signal(signal.SIGALRM, end_late)
        try:
            print(json.dumps(sweep(family, every=every)), flush=True)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        print(json.dumps({"family": family, "more": 0, "failed": [f"its process ended with {status}"]}), flush=True)


def main() -> None:
    """Sweep the families one after the other."""
    load_registry()
    for family in list_families():
        fork_sweep(family, every="every" in sys.argv[1:])


if __name__ == "__main__":
    main()
