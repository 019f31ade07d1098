"""The containers whose tensors can be read: one module each, found by being there, each with `list_tensors(file)`."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from inspector.bundle import File
from inspector.tensors.tensor import Tensor

Lists = Callable[[File], Iterator[Tensor] | None]


@cache
def containers() -> tuple[tuple[str, Lists], ...]:
    """List the containers by name."""
    found: list[tuple[str, Lists]] = []
    for module in sorted(iter_modules(__path__), key=lambda item: item.name):
        lists: Lists = import_module(f"{__name__}.{module.name}").list_tensors
        found.append((module.name.replace("_", "-"), lists))
    return tuple(found)


def list_tensors(file: File) -> tuple[str, Iterator[Tensor]] | None:
    """Name the container that a file is, and list its tensors; None for a file that is none of them.

    The iterator raises Malformed where the file breaks.
    """
    for name, lists in containers():
        if (tensors := lists(file)) is not None:
            return name, tensors
    return None
