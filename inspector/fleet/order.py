"""The nouns of a fleet: a bundle to audit, how to audit it, and what came of it. They travel between processes as MessagePack."""

import os
from enum import StrEnum

import msgspec

SECONDS = 600
BYTES_A_SECOND = 20 * 2**20
MEMORY = 4096


class Settings(msgspec.Struct, frozen=True):
    """How bundles are audited: the standards, whether files are hashed, and the bounds on one bundle.

    `seconds` is what a bundle may take of the processor's time, beside one second for every 20 MiB that are hashed, `memory` the MiB of
    addresses of the process that reads it. `memo` is the file of what was read before: empty for none, `~` for this user's own on whatever
    machine reads the bundle.
    """

    standards: tuple[str, ...] = ("osaid",)
    digest: bool = True
    seconds: float = SECONDS
    memory: int = MEMORY
    memo: str = ""


class Order(msgspec.Struct, frozen=True, order=True):
    """A bundle to audit: its absolute path, the store it was found in, its name, its layout, and the rule that split it off.

    `place` is its path below the directory that holds the store. `real` are the bytes of a path that cannot be shown as it is.
    """

    path: str
    store: str = ""
    place: str = ""
    name: str = ""
    layout: str = ""
    rule: str = ""
    real: bytes = b""

    @property
    def where(self) -> str:
        """The path as it is on the disk, or the address."""
        return os.fsdecode(self.real) if self.real else self.path

    @property
    def key(self) -> bytes:
        """What tells it from all others: two paths can look the same once they are shown."""
        return self.real or self.path.encode("utf-8", "surrogateescape")


class Status(StrEnum):
    """What became of a bundle: there is a report, or there is a reason why there is none."""

    AUDITED = "audited"
    FAILED = "failed"


class Outcome(msgspec.Struct, frozen=True):
    """What came of one bundle: its report as `inspector audit --format json` writes it, or the reason why there is none.

    `seconds` is how long it took, `peak` the most memory (MiB) that the process which read it had taken until then.
    """

    status: Status
    report: bytes = b""
    reason: str = ""
    seconds: float = 0.0
    peak: int = 0


class Chunk(msgspec.Struct, frozen=True):
    """Bundles that are audited one after the other, as one task of an executor."""

    orders: tuple[Order, ...]
    settings: Settings


def fail(reason: str) -> Outcome:
    """Give the outcome of a bundle of which there is no report."""
    return Outcome(Status.FAILED, reason=reason)
