"""What a run of a fleet is to audit: the bundles of all stores, each once, or those of one shard."""

import os
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from inspector.errors import NothingToInspect, UsageError
from inspector.fleet.order import Order, Settings
from inspector.fleet.remote import is_remote, lay_out_names
from inspector.model import printable
from inspector.store import BundlePlace, Store, find_bundles

MOST_DIRECTORIES = 5_000_000
SHARD = re.compile(r"(\d{1,6})/(\d{1,6})")


class Shard(msgspec.Struct, frozen=True):
    """One of `count` parts of a fleet, counted from 1."""

    number: int = 1
    count: int = 1

    def holds(self, order: Order) -> bool:
        """Say whether a bundle is of this part: by its path below its store, so that every machine says the same."""
        digest = sha256(order.place.encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.number - 1

    @property
    def name(self) -> str:
        """Name the part for files: nothing where there is one only."""
        return f"{self.number}of{self.count}" if self.count > 1 else ""


class Plan(msgspec.Struct, frozen=True):
    """What is kept of a run, so that it is only continued as it was begun: the program's version, the stores, the settings, the policy.

    `started` is when it was begun, `policy` the SHA-256 of the policy's file.
    """

    program: str
    stores: tuple[str, ...]
    standards: tuple[str, ...]
    digest: bool
    started: str
    policy: str = ""

    def is_same(self, other: "Plan") -> bool:
        """Say whether two plans differ in nothing but the time."""
        return msgspec.structs.replace(other, started=self.started) == self


class Fleet(msgspec.Struct, frozen=True):
    """The bundles that were found, sorted by path, the files that belong to none, and the stores that could not be looked into whole."""

    orders: tuple[Order, ...]
    loose: int = 0
    partial: tuple[str, ...] = ()


def make_plan(program: str, stores: Iterable[str], settings: Settings, started: str, policy: str = "") -> Plan:
    """Make the plan of a run; stores by their absolute paths."""
    return Plan(program, tuple(sorted(set(map(_place, stores)))), settings.standards, settings.digest, started, policy)


def read_shard(text: str) -> Shard:
    """Read `k/n`.

    Raises UsageError when it is not written so.
    """
    match = SHARD.fullmatch(text)
    shard = Shard(int(match[1]), int(match[2])) if match else Shard(0, 0)
    if not 1 <= shard.number <= shard.count:
        raise UsageError(f"--shard {text}: write k/n, the k-th of n parts: 1/8 to 8/8")
    return shard


def find_fleet(stores: Sequence[str], shard: Shard | None = None) -> Fleet:
    """Find the bundles of all stores; one that lies in several stores is audited once, as the first names it.

    Raises UsageError when there is nothing at a path, NothingToInspect when no bundle is found.
    """
    orders: dict[bytes, Order] = {}
    loose, partial = 0, list[str]()
    for store in sorted(set(map(_place, stores))):
        found = _find_remote(store) if is_remote(store) else find_bundles(Path(store), MOST_DIRECTORIES)
        loose += found.loose
        partial += [] if found.complete else [store]
        above = printable(store.rpartition("/")[0])
        for place in found.places:
            order = Order(place.path, store, place.path.removeprefix(above).lstrip("/"), place.name, place.layout, place.rule, place.real)
            orders.setdefault(order.key, order)
    if not orders:
        raise NothingToInspect(f"{', '.join(map(str, stores))}: no bundle to audit")
    return Fleet(tuple(sorted(order for order in orders.values() if shard is None or shard.holds(order))), loose, tuple(partial))


def _place(store: str) -> str:
    """Give the absolute path of a store, or its address."""
    return store.rstrip("/") if is_remote(store) else str(Path(store).resolve())


def _find_remote(store: str) -> Store:
    """Split a store by the names of its objects; bundles go by their addresses."""
    with lay_out_names(store) as top:
        found = find_bundles(top, MOST_DIRECTORIES)
        places = tuple(_address(store, place, str(top)) for place in found.places)
    return msgspec.structs.replace(found, places=places)


def _address(store: str, place: BundlePlace, top: str) -> BundlePlace:
    """Name a bundle by its address in place of where its names were laid out."""
    real = os.fsencode(f"{store}{str(place.where).removeprefix(top)}") if place.real else b""
    return msgspec.structs.replace(place, path=f"{store}{place.path.removeprefix(top)}", real=real)
