"""Two maps as rectangles: files by size, coloured by format; and what weights hold, by format and dtype. Each with its table of colours."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from inspector.model import Component, FileRecord, Frozen, Inventory, Weights
from inspector.render.holdings import plural, spell_bytes, spell_parameters
from inspector.render.html.treemap import Box, squarify

WIDTH, HEIGHT, LOW = 1000.0, 380.0, 110.0
TILES = 150
COLORS = 9  # what is beyond has the colour `other`
NARROWEST, LOWEST, LETTER = 56.0, 20.0, 7.4  # of a tile with a label, and of a letter of it
UNKNOWN = "not recognised"


class Tile(Frozen, frozen=True):
    """A rectangle with its colour, its label (empty where there is no room), and what it tells when it is pointed at."""

    box: Box
    color: str
    label: str
    told: str


class Key(Frozen, frozen=True):
    """A row of the table of colours: how many, how much, and which share (percent) of all."""

    color: str
    name: str
    count: int
    amount: str
    share: float


class Map(Frozen, frozen=True):
    """A picture, and its table."""

    width: float
    height: float
    tiles: tuple[Tile, ...]
    keys: tuple[Key, ...]


def map_files(files: tuple[FileRecord, ...]) -> Map:
    """Map files by their sizes; those that are too small to be seen are one rectangle a format."""
    names = {record: record.format or UNKNOWN for record in files}
    sizes = Counter[str]()
    for record in files:
        sizes[names[record]] += record.size
    colors = _choose_colors(sizes)
    ranked = sorted(files, key=lambda record: (-record.size, record.root, record.path))
    shapes = [
        (float(record.size), colors[names[record]], record.path.rpartition("/")[2], _tell(record, names[record]))
        for record in ranked[:TILES]
    ]
    small: dict[str, list[FileRecord]] = defaultdict(list)
    for record in ranked[TILES:]:
        small[names[record]].append(record)
    for name, records in small.items():
        size = sum(record.size for record in records)
        told = f"{plural(len(records), 'smaller file')}: {name}, {spell_bytes(size)}"
        shapes.append((float(size), colors[name], f"{plural(len(records), 'file')}: {name}", told))
    counts = Counter(names.values())
    return _draw(shapes, HEIGHT, _list_keys(sizes, counts, colors, {name: spell_bytes(size) for name, size in sizes.items()}))


def map_parameters(inventory: Inventory) -> Map:
    """Map the elements that headers of weights count, by format and dtype."""
    sizes, counts = Counter[str](), Counter[str]()
    for item in inventory.evidence:
        if item.component is Component.PARAMETERS and isinstance(item.details, Weights):
            for dtype in item.details.dtypes:
                name = f"{dtype.name} in {item.details.format}"
                sizes[name] += dtype.number
                counts[name] += 1
    colors = _choose_colors(sizes)
    told = {name: spell_parameters(size, "element") for name, size in sizes.items()}
    shapes = [(float(size), colors[name], name, f"{name}: {told[name]}") for name, size in sizes.items()]
    return _draw(shapes, LOW, _list_keys(sizes, counts, colors, told))


def _choose_colors(sizes: Mapping[str, int]) -> dict[str, str]:
    """Give each name a colour, those of most weight their own."""
    ranked = sorted((name for name in sizes if name != UNKNOWN), key=lambda name: (-sizes[name], name))
    return {name: f"c{place}" if place < COLORS else "other" for place, name in enumerate(ranked)} | {UNKNOWN: "unknown"}


def _list_keys(sizes: Mapping[str, int], counts: Mapping[str, int], colors: Mapping[str, str], told: Mapping[str, str]) -> tuple[Key, ...]:
    total = sum(sizes.values()) or 1
    ranked = sorted(sizes, key=lambda name: (-sizes[name], name))
    return tuple(
        Key(color=colors[name], name=name, count=counts[name], amount=told[name], share=100 * sizes[name] / total) for name in ranked
    )


def _draw(shapes: Iterable[tuple[float, str, str, str]], height: float, keys: tuple[Key, ...]) -> Map:
    """Lay out rectangles of amounts above zero; labels stand where there is room for them."""
    ranked = sorted((shape for shape in shapes if shape[0] > 0), key=lambda shape: -shape[0])
    boxes = squarify([amount for amount, *_ in ranked], Box(x=0.0, y=0.0, width=WIDTH, height=height))
    tiles = [
        Tile(box=box, color=color, label=_fit(label, box), told=told) for box, (_, color, label, told) in zip(boxes, ranked, strict=True)
    ]
    return Map(width=WIDTH, height=height, tiles=tuple(tiles), keys=keys)


def _fit(label: str, box: Box) -> str:
    """Cut a label to the room that a box has for it."""
    room = int((box.width - 12) / LETTER)
    if box.width < NARROWEST or box.height < LOWEST:
        return ""
    return label if len(label) <= room else label[: room - 1] + "…"


def _tell(record: FileRecord, name: str) -> str:
    return f"{record.root}/{record.path}: {name}, {spell_bytes(record.size)}"
