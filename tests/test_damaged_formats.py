"""Every sample of every format, cut, flipped and with lengths that lie: no crash, no bug of ours, and no memory.

`make fuzz` overwrites at every byte instead of every word.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from tests.damaged_formats import list_families

TOP = Path(__file__).parent.parent
MOST = 64 * 1024  # KiB above what the healthy samples take


@cache
def swept() -> dict[str, tuple[int, list[str]]]:
    """Sweep all families once, each in a process of its own."""
    every = ["every"] if settings().max_examples > 1000 else []
    done = subprocess.run(
        [sys.executable, "-m", "tests.damaged_formats", *every], cwd=TOP, env=os.environ, stdout=subprocess.PIPE, check=True, text=True
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["family"]: (line["more"], line["failed"]) for line in lines}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each family is read in a forked process")
@pytest.mark.parametrize("family", list_families())
def test_a_truncated_flipped_or_lying_file_costs_no_crash_and_no_memory(family: str) -> None:
    more, failed = swept()[family]
    assert failed == []
    assert more < MOST
