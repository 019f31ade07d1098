"""Measure what docs/performance.md promises, as ratios within one run: `make bench`. Medians of several runs; nothing here is a test."""

import io
import json
import os
import pickle
import pickletools
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import file_digest
from pathlib import Path

from detectors.weights.gguf import gguf
from inspector import inspect
from inspector.bundle import File, open_root
from inspector.memo import Memo
from inspector.pickles.opcodes import list_pickle
from inspector.registry import Registry, load_registry
from inspector.scan import Options, scan
from inspector.serialization.stream import stream_of
from sample_bundles.build import read_license
from sample_bundles.weights import Tensor, gguf_bytes, safetensors_bytes
from tests import make
from tests.bench_cluster import bench_cluster
from tests.bench_fleet import bench_fleet
from tests.bench_fleet_page import bench_fleet_page
from tests.bench_kinship import bench_kinship
from tests.bench_memo import bench_memo
from tests.bench_page import bench_page
from tests.bench_verify import bench_verify

RUNS = 5
THREADS = 4
TOKENS = 150_000
MEBI = 2**20
KEYS = (
    *("apache-2.0", "mit", "bsd-new", "cc-by-nc-4.0", "cc-by-4.0", "llama-2-license-2023", "gemma-tou-2024-04-01", "bigscience-rail-1.0"),
    *("bigcode-open-rail-m-v1", "deepseek-la-1.0", "gpl-3.0", "mpl-2.0", "llama-3.1-license-2024", "qwen-2024", "openmdw-1.0", "cc0-1.0"),
)
HEADERS = ("# SPDX-License-Identifier: MIT\n", "# Licensed under the Apache License, Version 2.0.\n", "")


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Give the median time of some runs after a warm-up, in seconds."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def row(what: str, ours: float, theirs: float | None, goal: str) -> None:
    """Print one measurement: ours, what it is held against, their ratio, and the goal."""
    other = f"{theirs:9.3f} s {theirs / ours:8.2f} x" if theirs is not None else " " * 22
    print(f"{what:62} {ours:9.4f} s {other}  {goal}")


def bench_gguf(top: Path) -> None:
    """Measure the header of a GGUF file with 150,000 tokens against the format's own reader."""
    from gguf import GGUFReader

    tokens = [f"token{number}" for number in range(TOKENS)]
    metadata = {"general.architecture": "llama", "tokenizer.ggml.tokens": tokens, "tokenizer.ggml.merges": tokens}
    path = make.tree(top, {"model.gguf": gguf_bytes([Tensor("token_embd.weight", "F16", (32, 8))], metadata)}) / "model.gguf"

    def ours() -> None:
        with make.entries(path)[0].open() as file:
            list(gguf.look(file))

    row(
        f"GGUF header, {TOKENS:,} tokens and merges, against GGUFReader",
        seconds(ours),
        seconds(lambda: GGUFReader(path), 3),
        "at least 50 x",
    )


def bench_digests(top: Path) -> None:
    """The digest pass against hashlib on as many threads."""
    for number in range(8):
        with (top / f"{number}.bin").open("wb") as stream:
            stream.truncate(512 * MEBI)

    def theirs() -> None:
        def digest(path: Path) -> str:
            with path.open("rb") as stream:
                return file_digest(stream, "sha256").hexdigest()

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(digest, sorted(top.iterdir())))

    ours = seconds(lambda: scan("bench", (open_root(top),), Registry((), ()), Options(Memo(None), jobs=THREADS)), 3)
    row(f"digests of 4 GiB on {THREADS} threads, against hashlib", ours, seconds(theirs, 3), "at least 0.9 x")


def make_sparse_bundle(top: Path) -> None:
    """Eight shards of 1 GB that take no room on the disk: real headers, holes for tensors."""
    for number in range(1, 9):
        tensors = [Tensor(f"model.layers.{number}.{part}.weight", "F16", (8, 8)) for part in range(100)]
        head = safetensors_bytes(tensors)
        size = int.from_bytes(head[:8], "little")
        each = 10**9 // 100 // 2 * 2
        entries = ",".join(
            f'"{tensor.name}":{{"dtype":"F16","shape":[{each // 2}],"data_offsets":[{place * each},{(place + 1) * each}]}}'
            for place, tensor in enumerate(tensors)
        )
        header = f"{{{entries}}}".encode()
        header += b" " * (-len(header) % 8)
        with (top / f"model-{number:05}-of-00008.safetensors").open("wb") as stream:
            stream.write(len(header).to_bytes(8, "little") + header)
            stream.truncate(8 + len(header) + 100 * each)
        assert size > 0
    make.tree(top, {"config.json": '{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}'})


def bench_headers(top: Path) -> None:
    """A bundle of 8 GB without digests: what the headers cost beyond start-up and licence work, and the memory of the whole process."""
    make_sparse_bundle(top)
    row("8 x 1 GB of safetensors, headers only, beyond start-up", seconds(lambda: inspect([top], digest=False)), None, "under 0.3 s")
    for name, more in (("without", ["--no-digest"]), ("with", [])):
        subprocess.run([sys.executable, "-m", "inspector", "audit", str(top), *more], check=True, stdout=subprocess.DEVNULL)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{f'peak memory of that audit as a process, {name} digests':62} {peak:9.0f} MiB")


def bench_texts(top: Path) -> None:
    """What single large texts cost: an indented tokenizer of 20 MB, and 4 MB of a card."""
    vocabulary = [[f"token{number}", -1.5] for number in range(300_000)]
    content = {"version": "1.0", "added_tokens": [], "model": {"type": "Unigram", "vocab": vocabulary}}
    make.tree(
        top,
        {
            "a/tokenizer.json": json.dumps(content, indent=2),
            "b/README.md": "# Training data\n\n" + "It was trained on text of the web. " * 115_000,
        },
    )
    row("an indented tokenizer.json of 20 MB", seconds(lambda: inspect([top / "a"], digest=False)), None, "under 0.3 s")
    row("a card of 4 MB", seconds(lambda: inspect([top / "b"], digest=False), 1), None, "")


def make_store(top: Path) -> None:
    """300 small bundles: a card, a licence text (every twentieth with a clause added), a module with a header, settings and weights."""
    weights = safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (16, 8))])
    for number in range(300):
        key = KEYS[number % len(KEYS)]
        credit = f"Copyright (c) {2000 + number % 26} Lab {number}\n\n" if number % 2 else ""
        clause = "\nNot for military use.\n" if number % 20 == 0 else ""
        module = f"import torch\nfrom torch import nn\n\n\nclass M{number}(nn.Module):\n    def forward(self, x):\n        return x\n"
        make.tree(
            top / f"m{number:03}",
            {
                "LICENSE": f"{credit}{read_license(key)}{clause}",
                "README.md": f"---\nlicense: {key}\nlibrary_name: transformers\n---\n# Model {number}\n\nReleased under the terms in LICENSE.\n",
                "modeling.py": HEADERS[number % len(HEADERS)] + module,
                "config.json": json.dumps({"architectures": [f"M{number}"], "model_type": "m"}),
                "model.safetensors": weights,
            },
        )


def bench_licenses(top: Path) -> None:
    """The licences of 300 small bundles as a process, without a memo and with one, against ScanCode's own command on four processes."""
    make_store(top / "store")
    time.sleep(3)  # the memo keeps nothing of files that have just changed

    def run(*command: str, **environment: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environment})

    ours = (sys.executable, "-m", "inspector", "licenses", str(top / "store"))
    start = time.perf_counter()
    run(str(Path(sys.executable).with_name("scancode")), "--license", "-n", "4", "--json", str(top / "theirs.json"), str(top / "store"))
    theirs = time.perf_counter() - start
    row(
        "licences of 300 bundles, nothing remembered, against scancode -n 4",
        seconds(lambda: run(*ours, "--no-memo"), 3),
        theirs,
        "at least 10 x",
    )
    with_memo = {"INSPECTOR_MEMO": str(top / "memo")}
    row(
        "licences of 300 bundles, all remembered, against scancode -n 4",
        seconds(lambda: run(*ours, **with_memo), 7),
        theirs,
        "at least 100 x",
    )


def bench_sources(top: Path) -> None:
    """5,000 source files: the files that were written to be evaluated, again and again with other names in them."""
    sources = Path(__file__).parent / "evaluation" / "files"
    files = [path for path in sorted(sources.rglob("*.sample")) if path.suffixes[-2:-1] in ([".py"], [".sh"], [".rs"], [".cpp"], [".yaml"])]
    for number in range(5_000):
        path = files[number % len(files)]
        name = f"{number // len(files)}/{path.relative_to(sources).as_posix().removesuffix('.sample')}"
        make.tree(top, {name: path.read_text(encoding="utf-8") + f"\n# {number}\n"})
    start = time.perf_counter()
    command = (sys.executable, "-m", "inspector", "audit", str(top), "--no-digest", "--no-memo")
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    row(f"5,000 source files, as a process, on {os.cpu_count()} processors", time.perf_counter() - start, None, "under 20 s on four")


def time_scan(place: Path, registry: Registry) -> float:
    """Give the median time of scans of a directory by some detectors, in seconds, in one process and without digests."""
    options = Options(Memo(None), jobs=1, digest=False)
    return seconds(lambda: scan("bench", (open_root(place),), registry, options), 5)


def ask(registry: Registry, file: File) -> None:
    """Ask 10,000 times who wants a file."""
    for _ in range(10_000):
        registry.wanting(file)


def bench_recognition(top: Path) -> None:
    """What it costs to tell whose a file is: many small files that nobody wants, against fewer files and against fewer detectors."""
    every = load_registry().detectors
    few, whole = Registry(every[:: len(every) // 10][:10], ()), Registry(every, ())
    for count in (1_000, 5_000, 10_000):
        place = top / str(count)
        make.tree(place, {f"{number % 100}/records {number}.xyz": b"\0" * 64 for number in range(count)})
        ours, theirs = (time_scan(place, what) for what in (whole, few))
        row(f"{count:,} small files, {len(every)} detectors, against 10 of them", ours, theirs, "0.8 x, time linear in files")
    with next(iter(make.entries(top / "1000"))).open() as file:
        for what, registry in ((f"{len(every)} detectors", whole), ("10 detectors", few)):
            times = seconds(partial(ask, registry, file))
            row(f"who wants a file, asked 10,000 times, {what}", times, None, "")


def make_pickles() -> dict[str, bytes]:
    """Pickles of many small things, of numbers, of texts, and of few large things."""
    return {
        "dictionaries of small lists": pickle.dumps({f"k{number}": [number, 0.5, (1, 2), {"a": b"x"}] for number in range(200_000)}, 4),
        "small numbers": pickle.dumps([number % 200 for number in range(4_000_000)], 4),
        "short texts": pickle.dumps([f"a text of some words, number {number}" for number in range(500_000)], 4),
        "large payloads, 100 MB": pickle.dumps([bytes(MEBI) for _ in range(100)], 4),
    }


def count_opcodes(data: bytes) -> int:
    """List the opcodes of a pickle as Python does."""
    return sum(1 for _ in pickletools.genops(io.BytesIO(data)))


def follow_pickle(data: bytes) -> int:
    """Follow a pickle as we do."""
    return list_pickle(stream_of(data)).opcodes


def bench_pickles(_: Path) -> None:
    """Pickles followed with a stack, a memo and calls, against Python's own list of opcodes, which follows nothing; and their memory."""
    for what, data in make_pickles().items():
        theirs = seconds(partial(count_opcodes, data), 1)
        ours = seconds(partial(follow_pickle, data), 1)
        row(f"pickle of {what}, against pickletools.genops", ours, theirs, "at least 0.3 x")
        tracemalloc.start()
        list_pickle(stream_of(data))
        print(f"{'memory beside the file':62} {tracemalloc.get_traced_memory()[1] / MEBI:9.0f} MiB")
        tracemalloc.stop()


def main() -> None:
    """Run all benchmarks and print their table."""
    print(f"{'':62} {'ours':>11} {'theirs':>11} {'theirs/ours':>10}  goal")
    for bench in (
        bench_recognition, bench_headers, bench_gguf, bench_pickles, bench_texts, bench_sources, bench_digests,
        bench_kinship, bench_page, bench_verify, bench_memo, bench_fleet, bench_cluster, bench_fleet_page,
        bench_licenses,
    ):  # fmt: skip
        with tempfile.TemporaryDirectory() as top:
            bench(Path(top))


if __name__ == "__main__":
    main()
