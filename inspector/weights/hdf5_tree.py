"""All objects of an HDF5 file, each once: datasets by shape and dtype, texts of the root's attributes, links that lead elsewhere."""

from collections.abc import Iterator
from typing import NamedTuple

from inspector.errors import Malformed, TooLarge
from inspector.weights.hdf5_file import Hdf5, Message, read_messages
from inspector.weights.hdf5_groups import ATTRIBUTE, ATTRIBUTE_INFO, LINK, LINK_INFO, SYMBOLS, Link, read_dense_attributes, read_links
from inspector.weights.hdf5_heaps import find_in_global_heap, name_in, read_local_heap
from inspector.weights.hdf5_types import Attribute, Dtype, Extent, read_attribute, read_dtype, read_extent, read_shape

SHAPE, DTYPE, EXTERNAL_FILES, LAYOUT = 0x01, 0x03, 0x07, 0x08
MOST_OBJECTS = 250_000
DEEPEST = 64
SHARED = 2
MOST_ATTRIBUTES = 1000


class Dataset(NamedTuple):
    """A dataset: its path, dtype (`None` where that stands elsewhere), shape, where its bytes are, and the other file they are in, if any."""

    path: str
    dtype: Dtype | None
    shape: tuple[int, ...]
    extent: Extent
    outside: str = ""


class Elsewhere(NamedTuple):
    """A link that does not lead to an object of this file: its path, its kind, and where it leads."""

    path: str
    kind: str
    target: str


class Text(NamedTuple):
    """A text that is an attribute of the root: its name, and at which bytes of the file it begins and ends."""

    name: str
    start: int
    end: int


def walk_objects(hdf: Hdf5) -> Iterator[Dataset | Elsewhere]:
    """Give all datasets and the links that lead elsewhere; an object with several names is given once, by the first of them.

    Raises TooLarge for more than 250,000 objects or 64 levels, Malformed as the readers of parts do.
    """
    stack, seen = [(hdf.root, "")], {hdf.root}
    while stack:
        address, path = stack.pop()
        messages = list(read_messages(hdf, address))
        kinds = {message.kind for message in messages}
        if kinds & {SYMBOLS, LINK, LINK_INFO}:
            inner = list[tuple[int, str]]()
            for link in read_links(hdf, messages):
                below = f"{path}/{link.name}" if path else link.name
                if link.kind != "hard":
                    yield Elsewhere(below, link.kind, link.target)
                elif link.address not in seen:
                    seen.add(link.address)
                    inner.append((link.address, below))
                    _bound(link, len(seen), path)
            stack += reversed(inner)
        elif LAYOUT in kinds:
            yield _read_dataset(hdf, path, messages)


def _bound(link: Link, seen: int, path: str) -> None:
    if seen > MOST_OBJECTS or path.count("/") >= DEEPEST or len(path) > 8192:
        raise TooLarge(f"more than {MOST_OBJECTS} objects, or {DEEPEST} levels, at {link.name[:100]!r}")


def _read_dataset(hdf: Hdf5, path: str, messages: list[Message]) -> Dataset:
    dtype, shape, extent, outside = None, tuple[int, ...](), Extent("compact"), ""
    for message in messages:
        match message.kind:
            case 0x01:
                read = read_shape(hdf, message.data)
                shape = (0,) if read is None else read
            case 0x03 if not message.flags & SHARED:
                dtype = read_dtype(message.data)
            case 0x07:
                outside = _name_outside(hdf, message.data)
            case 0x08:
                extent = read_extent(hdf, message.data)
    return Dataset(path, dtype, shape + (dtype.shape if dtype else ()), extent, outside)


def _name_outside(hdf: Hdf5, data: bytes) -> str:
    """Name the first of the other files that a dataset's bytes are in."""
    address, at = hdf.address(data, 8)
    try:
        return name_in(read_local_heap(hdf, address), hdf.length(data, at)[0])[:500] or "?"
    except Malformed:
        return "?"


def read_root_texts(hdf: Hdf5) -> Iterator[Text]:
    """Give the root's attributes that are single texts."""
    count = 0
    for message in read_messages(hdf, hdf.root):
        parts = read_dense_attributes(hdf, message) if message.kind == ATTRIBUTE_INFO else [message] * (message.kind == ATTRIBUTE)
        for part in parts:
            count += 1
            if count > MOST_ATTRIBUTES:
                raise TooLarge(f"more than {MOST_ATTRIBUTES} attributes of the root")
            if (attribute := read_attribute(hdf, part)) is not None and (text := _place_text(hdf, attribute)) is not None:
                yield text


def _place_text(hdf: Hdf5, attribute: Attribute) -> Text | None:
    if attribute.shape not in {(), (1,)}:
        return None
    if attribute.dtype.name == "text":
        size = min(attribute.dtype.size, len(attribute.value))
        return Text(attribute.name, attribute.place, attribute.place + size)
    if attribute.dtype.name != "long text":
        return None
    address, at = hdf.address(attribute.value, 4)
    index = int.from_bytes(attribute.value[at : at + 4], "little")
    if address in {0, hdf.nowhere}:
        return Text(attribute.name, attribute.place, attribute.place)
    start, end = find_in_global_heap(hdf, address, index)
    return Text(attribute.name, start, end)
