"""Measure what comparing weights costs, and how often unrelated models are taken for related ones: a part of `make bench`."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from inspector.bundle import Entry, open_root, walk
from inspector.kinship.fingerprint import DENSITY, make_fingerprint, write_fingerprint
from inspector.kinship.known import find_near, join_signs, signs_of
from inspector.kinship.models import Side, relate_models
from inspector.kinship.relation import Whole
from inspector.kinship.samples import Sample, density_for, take_samples
from inspector.kinship.surroundings import Surroundings
from inspector.tensors.grid import choose
from inspector.tensors.weights import gather_weights, open_files

LAYERS, WIDTH, INNER, KEYS, ROWS = 80, 8192, 28672, 1024, 32000
SEEDS, MANY = 300, 3000
SMALL = {"up": (512, 256), "down": (256, 512), "query": (256, 256), "value": (256, 256)}


def shapes_of_70b() -> Iterator[tuple[str, tuple[int, ...]]]:
    """List the tensors of Llama 2 70B."""
    yield "model.embed_tokens.weight", (ROWS, WIDTH)
    for layer in range(LAYERS):
        stem = f"model.layers.{layer}."
        yield from ((f"{stem}self_attn.{name}_proj.weight", (KEYS if name in "kv" else WIDTH, WIDTH)) for name in "qkvo")
        yield from (
            (f"{stem}mlp.{name}_proj.weight", (WIDTH, INNER) if name == "down" else (INNER, WIDTH)) for name in ("gate", "up", "down")
        )
        yield from ((f"{stem}{name}_layernorm.weight", (WIDTH,)) for name in ("input", "post_attention"))
    yield "model.norm.weight", (WIDTH,)
    yield "lm_head.weight", (ROWS, WIDTH)


def make_70b(top: Path, files: int = 15) -> Path:
    """Write sparse safetensors files of the shape of a 70B model: headers, and as much room as the tensors need."""
    top.mkdir(parents=True)
    tensors = list(shapes_of_70b())
    for number in range(files):
        header, offset = dict[str, object](), 0
        for name, shape in tensors[number::files]:
            size = 2 * int(np.prod(shape))
            header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [offset, offset + size]}
            offset += size
        data = json.dumps(header).encode()
        with (top / f"model-{number + 1:05d}-of-{files:05d}.safetensors").open("wb") as stream:
            stream.write(len(data).to_bytes(8, "little") + data)
            stream.truncate(8 + len(data) + offset)
    return top


def side_of(path: Path) -> tuple[float, Side]:
    """Sample the weights of a bundle, and say how long that took (seconds)."""
    start = time.perf_counter()
    with open_files() as files:
        weights = gather_weights(entry for entry in walk(open_root(path)) if isinstance(entry, Entry))
        samples, _ = take_samples(weights, files, density_for(len(weights.tensors)))
    return time.perf_counter() - start, Side(path.name, samples)


def bench_sampling(top: Path) -> None:
    """Time the comparison of two sparse bundles of the shape of a 70B model, and the size of a fingerprint."""
    first, second = make_70b(top / "first"), make_70b(top / "second")
    start = time.perf_counter()
    (_, one), (_, other) = side_of(first), side_of(second)
    with open_files() as files:
        relate_models(one, other, files)
        took = time.perf_counter() - start
        weights = gather_weights(entry for entry in walk(open_root(first)) if isinstance(entry, Entry))
        samples, _ = take_samples(weights, files, DENSITY)
    size = len(write_fingerprint(make_fingerprint("70b", "safetensors", samples, Surroundings())))
    elements = sum(sample.elements for sample in samples)
    print(f"compare two sparse bundles of {elements / 1e9:.1f} B parameters by sampling {took:9.2f} s; fingerprint {size / 1e6:.2f} MB")


def made(seed: int, layers: int = 8) -> tuple[Sample, ...]:
    """Make the samples of a small model of one architecture from random numbers, at the density of fingerprints."""
    draw = np.random.default_rng(seed)
    samples = []
    for layer in range(layers):
        for name, shape in SMALL.items():
            grid = choose(*shape, DENSITY.rows, DENSITY.elements)
            values = (0.02 * draw.standard_normal((len(grid.rows), len(grid.columns)))).astype(np.float32)
            samples.append(Sample(f"layers.{layer}.{name}", "F32", shape, shape, grid, values))
    return tuple(samples)


def bench_false_matches() -> None:
    """Count how often models of one architecture and independent seeds are taken for related ones, and time a search among thousands."""
    models = [made(seed) for seed in range(SEEDS)]
    with open_files() as files:
        pairs = [(one, other) for one in range(0, SEEDS, 2) for other in range(one + 1, min(SEEDS, one + 40))]
        wrong = sum(
            relate_models(Side("a", models[one]), Side("b", models[other]), files).whole is not Whole.UNRELATED for one, other in pairs
        )
    signs = [signs_of(model) for model in models]
    index = join_signs([signs[number % SEEDS] for number in range(SEEDS, SEEDS + MANY)])
    highest = max(find_near(made(SEEDS + extra), index, 1)[0].agreement for extra in range(20))
    start = time.perf_counter()
    near = find_near(models[7], index, 5)
    took = time.perf_counter() - start
    print(f"{len(pairs):,} pairs of independent models of one architecture: {wrong} taken for related")
    print(
        f"a search among {MANY:,} fingerprints {took:.3f} s: own signs agree {near[0].agreement:.3f}, those of strangers {highest:.3f} at most"
    )


def bench_kinship(top: Path) -> None:
    """Measure all of it."""
    bench_sampling(top)
    bench_false_matches()
