"""What `inspector verify` costs beside hashing alone: against hashlib on as many threads, in one run. `make bench` runs it."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import file_digest
from pathlib import Path

from inspector.verification.check import verify
from inspector.verification.integrity import Answer
from tests import make
from tests.recorded import COMMIT, TIME, clone

THREADS = 2
FILES, EACH = 8, 256 * 2**20
RUNS = 5


def bench_verify(top: Path) -> None:
    """2 GiB of downloaded files, and a clone of 3,000 small files by its commit."""
    _bench_download(top / "download")
    _bench_clone(top / "clone")


def _bench_download(top: Path) -> None:
    top.mkdir()
    for number in range(FILES):
        with (top / f"{number}.bin").open("wb") as stream:
            stream.write(number.to_bytes(8, "little"))
            stream.truncate(EACH)
    paths = sorted(top.iterdir())

    def theirs() -> dict[Path, str]:
        with ThreadPoolExecutor(THREADS) as pool:
            return dict(zip(paths, pool.map(_digest, paths), strict=True))

    records = {f".cache/huggingface/download/{path.name}.metadata": f"{COMMIT}\n{digest}\n{TIME}\n" for path, digest in theirs().items()}
    make.tree(top, records)

    def ours() -> None:
        if verify([top], jobs=THREADS).answer is not Answer.INTACT:
            raise RuntimeError("the files are intact")

    _row(f"verify 2 GiB of a download on {THREADS} threads, against hashlib", ours, theirs, "at least 0.9 x")


def _bench_clone(top: Path) -> None:
    clone(top, {f"{number % 50}/{number}.txt": b"%d\n" % number * 500 for number in range(3_000)}, packed=True)
    paths = sorted(top.rglob("*.txt"))

    def theirs() -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(_digest, paths))

    _row("verify a clone of 3,000 small files by its commit, against hashlib", lambda: verify([top], jobs=THREADS), theirs, "")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _row(what: str, ours: Callable[[], object], theirs: Callable[[], object], goal: str) -> None:
    """Measure both in turn, so that both meet the same machine, and print the ratio of their medians."""
    times: dict[Callable[[], object], list[float]] = {ours: [], theirs: []}
    for work in (ours, theirs) * RUNS:
        start = time.perf_counter()
        work()
        times[work].append(time.perf_counter() - start)
    mine, other = (statistics.median(times[work]) for work in (ours, theirs))
    print(f"{what:66} {mine:9.4f} s {other:9.3f} s {other / mine:8.2f} x  {goal}")
