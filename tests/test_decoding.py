"""Decoding into types: threads that begin with the same type at the same time each get what was written."""

import subprocess
import sys

import msgspec
import pytest

from inspector import decoding

# Types are made anew for each round, since what is known of a type is worked out once; a thread may be interrupted after any step.
THREADS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
import msgspec
from inspector.decoding import decode_json

sys.setswitchinterval(1e-6)
start = Barrier(8)

def first(round: int, kind: type, data: bytes) -> object:
    start.wait()
    return decode_json(data, kind)

with ThreadPoolExecutor(8) as pool:
    for round in range(60):
        inner = msgspec.defstruct("Inner", [(f"field_{n}", "dict[str, list[int]] | None", None) for n in range(40)])
        kind = msgspec.defstruct("Outer", [(f"inner_{n}", list[inner], []) for n in range(10)])
        data = msgspec.json.encode({"inner_7": [{"field_3": {"a": [round]}}]})
        answers = list(pool.map(lambda _: first(round, kind, data), range(8)))
        assert all(answer == answers[0] for answer in answers)
        assert answers[0].inner_7[0].field_3 == {"a": [round]}
"""


class Said(msgspec.Struct, frozen=True):
    """What is said in each of the formats."""

    name: str
    counts: tuple[int, ...] = ()


def test_threads_that_begin_with_the_same_type_do_not_disturb_each_other() -> None:
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_format_gives_the_type() -> None:
    said = Said("a", (1, 2))
    assert decoding.decode_json(b'{"name": "a", "counts": [1, 2]}', Said) == said
    assert decoding.decode_msgpack(msgspec.msgpack.encode(said), Said) == said
    assert decoding.decode_toml('name = "a"\ncounts = [1, 2]', Said) == said
    assert decoding.convert({"name": "a", "counts": [1, 2]}, Said) == said


def test_what_does_not_fit_is_an_error_of_the_format() -> None:
    with pytest.raises(msgspec.DecodeError, match="name"):
        decoding.decode_json(b"{}", Said)
