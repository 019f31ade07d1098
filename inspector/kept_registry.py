"""What the detectors want, kept with the memo, so that a module of a detector is imported only when a file is offered to it.

The crosschecks are imported always, since they always run. What is kept belongs to one fingerprint of the program, which covers every source of every
package of detectors: of another program nothing is recalled, so that no detector can be missed or asked about the wrong files.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module

import msgspec

from inspector.bundle import File
from inspector.decoding import decode_msgpack
from inspector.detector import Crosscheck, Detector, Magic, Said, Wants
from inspector.errors import DataError
from inspector.memo import Memo
from inspector.model import Claim, Component
from inspector.registry import Registry, list_modules, load_registry

WHAT = "registry"


class KeptDetector(msgspec.Struct, frozen=True, array_like=True):
    """A detector without its function: the module and the name under which that stands."""

    module: str
    name: str
    id: str
    names: tuple[str, ...]
    suffixes: tuple[str, ...]
    globs: tuple[str, ...]
    magic: tuple[tuple[bytes, int], ...]
    formats: tuple[str, ...]
    emits: tuple[tuple[Component, Claim], ...]
    version: int
    doc: str


class KeptRegistry(msgspec.Struct, frozen=True, array_like=True):
    """All detectors, and the places of the crosschecks: modules and names."""

    detectors: tuple[KeptDetector, ...]
    crosschecks: tuple[tuple[str, str], ...]


def recall_registry(memo: Memo) -> Registry:
    """Give all detectors and crosschecks: those that the memo knows of for this program, else all modules are imported, and the memo told."""
    if memo.path is None or memo.paranoid or is_loaded():
        return load_registry()
    if _recalled:  # once for a process, however many bundles it reads
        return _recalled[-1]
    data = memo.recall_made(WHAT, None)
    if data is not None:
        _recalled.append(_recall(data))
        return _recalled[-1]
    registry = load_registry()
    memo.keep_made(WHAT, None, msgspec.msgpack.encode(_keep(registry)))
    return registry


def is_loaded() -> bool:
    """Say whether all modules of detectors are imported already."""
    return load_registry.cache_info().currsize > 0


_recalled: list[Registry] = []


def _recall(data: bytes) -> Registry:
    kept = decode_msgpack(data, KeptRegistry)
    crosschecks = []
    for module, name in kept.crosschecks:
        item: object = getattr(import_module(module), name, None)
        if not isinstance(item, Crosscheck):
            raise DataError(f"{module}: there is no crosscheck {name!r}")
        crosschecks.append(item)
    return Registry(tuple(map(_make_detector, kept.detectors)), tuple(crosschecks), is_own=True)


def _make_detector(kept: KeptDetector) -> Detector:
    wants = Wants(kept.names, kept.suffixes, kept.globs, tuple(Magic(data, offset) for data, offset in kept.magic))
    return Detector(kept.id, wants, kept.formats, frozenset(kept.emits), kept.version, kept.doc, _Late(kept.module, kept.name).look)


class _Late:
    """The function of a detector whose module is imported when it is first offered a file."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def look(self, file: File) -> Iterator[Said]:
        """Look as the detector does."""
        return _find_detector(self._module, self._name).look(file)


@cache
def _find_detector(module: str, name: str) -> Detector:
    found: object = getattr(import_module(module), name, None)
    if not isinstance(found, Detector):
        raise DataError(f"{module}: there is no detector {name!r}")
    return found


def _keep(registry: Registry) -> KeptRegistry:
    places = {id(item): (module.__name__, name) for module in list_modules() for name, item in vars(module).items()}
    detectors = []
    for item in registry.detectors:
        wants, (module, name) = item.wants, places[id(item)]
        magic = tuple((each.data, each.offset) for each in wants.magic)
        asked = (wants.names, wants.suffixes, wants.globs, magic)
        detectors.append(KeptDetector(module, name, item.id, *asked, item.formats, tuple(sorted(item.emits)), item.version, item.doc))
    return KeptRegistry(tuple(detectors), tuple(places[id(item)] for item in registry.crosschecks))
