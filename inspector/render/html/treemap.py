"""A treemap: rectangles whose areas are amounts, as near to squares as they get.

Source: Bruls, Huizing, van Wijk, "Squarified Treemaps", 2000, section 3.
"""

from collections.abc import Sequence

from inspector.model import Frozen


class Box(Frozen, frozen=True):
    """A rectangle: its upper left corner and its sides, in units of the picture."""

    x: float
    y: float
    width: float
    height: float


def squarify(amounts: Sequence[float], box: Box) -> tuple[Box, ...]:
    """Lay amounts (above zero, the largest first) out in a box, in their order."""
    scale = box.width * box.height / sum(amounts) if amounts else 0.0
    areas = [amount * scale for amount in amounts]
    placed: list[Box] = []
    while areas:
        side = min(box.width, box.height)
        count = 1
        while count < len(areas) and _worst(areas[: count + 1], side) <= _worst(areas[:count], side):
            count += 1
        row, box = _fill_row(areas[:count], sum(areas[:count]) / sum(areas), box)
        placed += row
        areas = areas[count:]
    return tuple(placed)


def _worst(areas: Sequence[float], side: float) -> float:
    """Give the worst ratio of sides in a row of areas along a side; areas are sorted, so its ends decide."""
    total = sum(areas) or 1e-9
    return max(side * side * areas[0] / (total * total), total * total / (side * side * areas[-1] or 1e-9))


def _fill_row(areas: Sequence[float], share: float, box: Box) -> tuple[list[Box], Box]:
    """Place a row along the shorter side of a box, of which it takes a share, and give what is left of the box."""
    upright = box.width >= box.height
    side, depth = (box.height, box.width * share) if upright else (box.width, box.height * share)
    total = sum(areas) or 1.0
    row, along = [], 0.0
    for area in areas:
        length = side * area / total
        row.append(
            Box(x=box.x, y=box.y + along, width=depth, height=length)
            if upright
            else Box(x=box.x + along, y=box.y, width=length, height=depth)
        )
        along += length
    if upright:
        return row, Box(x=box.x + depth, y=box.y, width=box.width - depth, height=box.height)
    return row, Box(x=box.x, y=box.y + depth, width=box.width, height=box.height - depth)
