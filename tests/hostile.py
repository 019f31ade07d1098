"""What parsers do with hostile files: hang, eat memory, die, write; run in the process with bounds, and nowhere else."""

import os
import signal
import time
from pathlib import Path

from inspector.errors import Malformed, TooLarge


def count(data: bytes) -> int:
    """Do what a healthy parser does."""
    return len(data)


def hang(data: bytes) -> int:
    """Never end."""
    while True:
        data = data[::-1]


def wait(data: bytes) -> int:
    """Never end, and do nothing."""
    while True:
        time.sleep(3600 + len(data))


def rest(data: bytes) -> int:
    """Do nothing for so many seconds."""
    time.sleep(float(data))
    return len(data)


def work(data: bytes) -> int:
    """Use so many seconds of the processor's time."""
    end = time.process_time() + float(data)
    while time.process_time() < end:
        pass
    return len(data)


def allocate(data: bytes) -> int:
    """Ask for as many GiB as the data has bytes."""
    return len(bytearray(len(data) * 2**30))


def die(data: bytes) -> int:
    """End the process as a fault in a C library does."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return len(data)


def write(data: bytes) -> int:
    """Write a file of the name in the data."""
    return Path(data.decode()).write_bytes(b"written")


def refuse(data: bytes) -> int:
    """Find the data malformed, or too large where there is much of it."""
    raise TooLarge("more than a parser reads") if len(data) > 9 else Malformed("not what it says")


def fail(data: bytes) -> int:
    """Fail in a way that nobody thought of."""
    return len(data) // 0
