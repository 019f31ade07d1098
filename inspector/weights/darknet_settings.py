"""The settings of a Darknet network, and how many numbers its layers have. Source: Darknet's `parser.c` and the layers' `make_*` functions."""

from dataclasses import dataclass, field
from math import prod

MOST_SECTIONS = 10_000
MOST_VALUES = 200
SAME = frozenset({
    "yolo", "region", "detection", "dropout", "softmax", "soft", "cost", "activation", "logistic", "lrn", "normalization", "gaussian_yolo",
    "contrastive", "l2norm", "scale_channels", "sam", "noise",
})  # fmt: skip
Shape = tuple[int, int, int]  # channels, height, width


@dataclass(slots=True)
class Section:
    """A section: its name, the line it begins at, its values."""

    name: str
    line: int
    values: dict[str, str] = field(default_factory=dict)

    def number(self, key: str, default: int) -> int:
        """Read a value as a number; the default where it is none, or too large for a layer."""
        text = self.values.get(key, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else default

    def numbers(self, key: str) -> list[int]:
        """Read a list of numbers with commas."""
        words = [word.strip() for word in self.values.get(key, "").split(",")[:MOST_VALUES]]
        return [int(word) for word in words if word.lstrip("-").isascii() and word.lstrip("-").isdigit() and len(word) < 8]


def read_sections(text: str) -> list[Section]:
    """Read the sections, at most 10,000."""
    sections: list[Section] = []
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.strip()
        if plain.startswith("[") and plain.endswith("]") and len(sections) < MOST_SECTIONS:
            sections.append(Section(plain[1:-1].strip().casefold(), number))
        elif sections and "=" in plain and plain[0] not in "#;":
            key, _, value = plain.partition("=")
            sections[-1].values[key.strip()] = value.strip()
    return sections


def count_weights(sections: list[Section]) -> int | None:
    """Count the numbers of all layers; `None` where a layer is of a kind that is not counted, or leads to a layer that is not there."""
    net = sections[0]
    shapes: list[Shape] = []
    before = (net.number("channels", 3), net.number("height", 0), net.number("width", 0))
    total = 0
    for section in sections[1:]:
        step = _layer(section, before, shapes)
        if step is None:
            return None
        count, before = step
        shapes.append(before)
        total += count
    return total


def _layer(section: Section, before: Shape, shapes: list[Shape]) -> tuple[int, Shape] | None:
    """Give the numbers of a layer and the shape of what it gives."""
    channels = before[0]
    match section.name:
        case "convolutional" | "conv":
            return _convolution(section, before)
        case "connected" | "conn":
            size = section.number("output", 1)
            return size * prod(before) + size + 3 * size * section.number("batch_normalize", 0), (size, 1, 1)
        case "batchnorm":
            return 3 * channels, before
        case "route":
            return _route(section, shapes)
    shape = _without_weights(section, before)
    return None if shape is None else (0, shape)


def _without_weights(section: Section, before: Shape) -> Shape | None:
    """Give the shape that a layer without numbers makes; `None` for layers that are not known."""
    channels, height, width = before
    stride = max(1, section.number("stride", 1))
    shapes = {
        **dict.fromkeys(("maxpool", "max", "local_avgpool"), (channels, -(-height // stride), -(-width // stride))),
        **dict.fromkeys(("avgpool", "avg"), (channels, 1, 1)),
        **dict.fromkeys(("reorg", "reorg3d"), (channels * stride * stride, height // stride, width // stride)),
        "upsample": (channels, height * stride, width * stride),
        "crop": (channels, section.number("crop_height", height), section.number("crop_width", width)),
    }
    if section.name == "shortcut":
        return before if section.values.get("weights_type", "none") == "none" else None
    return shapes.get(section.name, before if section.name in SAME else None)


def _convolution(section: Section, before: Shape) -> tuple[int, Shape]:
    channels, height, width = before
    filters, size = section.number("filters", 1), section.number("size", 1)
    groups, stride = max(1, section.number("groups", 1)), max(1, section.number("stride", 1))
    padding = size // 2 if section.number("pad", 0) else section.number("padding", 0)
    count = filters + filters * (channels // groups) * size * size + (3 * filters if section.number("batch_normalize", 0) else 0)
    high, wide = ((side + 2 * padding - size) // stride + 1 for side in (height, width))
    return count, (filters, max(0, high), max(0, wide))


def _route(section: Section, shapes: list[Shape]) -> tuple[int, Shape] | None:
    picked: list[Shape] = []
    for number in section.numbers("layers"):
        place = number if number >= 0 else len(shapes) + number
        if not 0 <= place < len(shapes):
            return None
        picked.append(shapes[place])
    if not picked:
        return None
    groups = max(1, section.number("groups", 1))
    return 0, (sum(channels for channels, _, _ in picked) // groups, picked[0][1], picked[0][2])
