"""Arrays that a checkpoint names and keeps elsewhere: TensorStore's specifications in a tree of MessagePack.

Source: T5X' `checkpoints.py`, which keeps a specification in place of an array; Orbax' older checkpoints, which keep a text; TensorStore's
drivers `zarr` and `zarr3`.
"""

from dataclasses import dataclass, field

from inspector.pickles.symbols import DTYPES
from inspector.serialization.events import ELEMENT, Object, Path
from inspector.serialization.msgpack_events import Data, Item, Value

DRIVERS = frozenset({"zarr", "zarr3"})
PLACEHOLDER = "PLACEHOLDER://"
MOST_SPECS = 100_000


@dataclass(slots=True)
class Spec:
    """An array that is kept elsewhere: the keys that lead to it, where its directory is, dtype and shape where they are given."""

    keys: Path
    path: str = ""
    dtype: str = ""
    shape: tuple[int, ...] | None = None


@dataclass(slots=True)
class Specs:
    """What was found so far: specifications that are whole, those that are open by the keys that lead to them, arrays that are here."""

    whole: list[Spec] = field(default_factory=list)
    opened: dict[Path, Spec] = field(default_factory=dict)
    arrays: list[tuple[Path, Data]] = field(default_factory=list)


def is_specification(path: Path, value: str) -> bool:
    """Say whether a text of a tree says that an array is kept elsewhere."""
    return value.startswith(PLACEHOLDER) or (path[-1:] == ("driver",) and path[-2:-1] != ("kvstore",) and value in DRIVERS)


def take_spec(item: Item, specs: Specs) -> None:
    """Take in one value of the tree."""
    path, value = item
    if isinstance(value, Data):
        if len(specs.arrays) < MOST_SPECS and value.kind is not None:
            specs.arrays.append((path, value))
    elif isinstance(value, Object):
        if (spec := specs.opened.pop(path, None)) is not None and len(specs.whole) < MOST_SPECS:
            specs.whole.append(spec)
    elif isinstance(value, str) and value.startswith(PLACEHOLDER):
        if len(specs.whole) < MOST_SPECS:
            specs.whole.append(Spec(path, value.removeprefix(PLACEHOLDER)))
    else:
        _take_part(path, value, specs)


def _take_part(path: Path, value: Value, specs: Specs) -> None:
    """Take in what one specification says; its driver comes first, as its keys are sorted."""
    if isinstance(value, str) and is_specification(path, value):
        specs.opened[path[:-1]] = Spec(path[:-1])
        return
    for depth in (1, 2, 3):
        spec = specs.opened.get(path[:-depth])
        if spec is None:
            continue
        rest = path[-depth:]
        if rest == ("dtype",) and isinstance(value, str):
            spec.dtype = DTYPES.get(value, value[:40])
        elif rest == ("kvstore", "path") and isinstance(value, str):
            spec.path = value
        elif rest == ("metadata", "shape", ELEMENT) and isinstance(value, int) and value >= 0:
            spec.shape = (*(spec.shape or ()), value)[:64]
        return
