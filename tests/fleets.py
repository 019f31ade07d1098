"""Stores of many small bundles for tests and measurements, and what lies in a directory of results."""

import re
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make

CARD = "---\nlicense: {license}\n---\n# Model {number}\n\nIt was trained on text of the web.\n"
# What a run says every half minute where there is no terminal: on a busy machine there is some of it.
PACE = re.compile(r"^[\d,]+ of [\d,]+ bundles(, .*)?\n", re.M)
LICENSES = ("apache-2.0", "mit", "cc-by-nc-4.0", "llama2")


def write_store(top: Path, count: int, first: int = 0) -> Path:
    """Write so many small bundles that take no index: a card, settings and weights, every fourth with the same weights as the one before."""
    for number in range(first, first + count):
        width = 8 * (number - number % 4 // 3 + 1)
        files: dict[str, str | bytes] = {
            "README.md": CARD.format(license=LICENSES[number % len(LICENSES)], number=number),
            "config.json": '{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}',
            "model.safetensors": safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (width, 8))]),
        }
        make.tree(top / f"owner{number % 3}" / f"model{number:05d}", files)
    return top


def results_of(results: Path, run: str = "*") -> dict[str, str]:
    """Give the digest of every report and of every part of a table that does not tell times, by its path."""
    paths = sorted([*results.glob("reports/*.json"), *results.glob(f"*/run={run}/part-*.parquet")])
    return {str(path.relative_to(results)): sha256(path.read_bytes()).hexdigest() for path in paths if "costs" not in path.parts}


def journal_of(results: Path, run: str = "*") -> list[Path]:
    """List the entries of a journal."""
    return sorted(results.glob(f"runs/{run}/journal/*.json"))


def without_pace(told: str) -> str:
    """Leave out of what a run said the lines that tell how far it is."""
    return PACE.sub("", told)


def wait_for(condition: Callable[[], bool], seconds: float = 1200) -> None:
    """Wait until something is so, for at most so many seconds: an end for what hangs, and not for what is slow."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
