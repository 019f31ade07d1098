"""Find the detectors and crosschecks: every module of the packages that entry points of the group `inspector.detectors` name.

Nothing is registered in a list: a file in the package is enough. A second detector with the same id is an error.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

from inspector.bundle import File
from inspector.detector import Crosscheck, Detector
from inspector.errors import DataError
from inspector.tables import list_detector_packages
from inspector.wants_index import WantsIndex


@dataclass(frozen=True, slots=True)
class Registry:
    """All detectors and crosschecks, sorted by id. `is_own` says that every process of this program finds the same ones by itself."""

    detectors: tuple[Detector, ...]
    crosschecks: tuple[Crosscheck, ...]
    is_own: bool = False
    index: WantsIndex = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index what the detectors want, once."""
        object.__setattr__(self, "index", WantsIndex([item.wants for item in self.detectors]))

    def wanting(self, file: File) -> tuple[Detector, ...]:
        """List the detectors that want a file, by its name or by its first bytes; the name of a pointer says nothing of its content."""
        found = self.index.by_head(file.head)
        if not file.is_pointer:
            found |= self.index.by_name(file.path)
        return tuple(self.detectors[number] for number in sorted(found))


@cache
def load_registry() -> Registry:
    """Import the detector packages and collect what stands in their modules.

    Raises DataError when two detectors or crosschecks have the same id.
    """
    found: dict[str, Detector | Crosscheck] = {}
    for module in list_modules():
        for item in vars(module).values():
            if not isinstance(item, Detector | Crosscheck) or found.get(item.id) is item:
                continue
            if item.id in found:
                raise DataError(f"{module.__name__}: there is already a detector with the id {item.id!r}")
            found[item.id] = item
    ordered = [found[key] for key in sorted(found)]
    return Registry(
        tuple(item for item in ordered if isinstance(item, Detector)),
        tuple(item for item in ordered if isinstance(item, Crosscheck)),
        is_own=True,
    )


def list_modules() -> Iterator[ModuleType]:
    """Import the modules of all packages of detectors."""
    for name in list_detector_packages():
        package = import_module(name)
        for info in walk_packages(package.__path__, f"{package.__name__}."):
            yield import_module(info.name)
