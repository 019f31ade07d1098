"""Query and key projections read again with their rows in the other order, where as they lie they are unlike."""

from dataclasses import replace

from inspector.kinship.pairing import Turn
from inspector.kinship.row_order import RowOrder
from inspector.kinship.samples import Sample, compare_samples, read_at
from inspector.kinship.sums import Sums
from inspector.tensors.weights import OpenFiles

HEADS = (128, 64, 96, 80, 256, 192, 160, 112, 72, 48, 32, 16, 8)  # rows of a head, the commonest first
ROLES = frozenset({"attention.query", "attention.key"})
ENOUGH = 0.9  # the cosine from which no other size of a head is tried


def turner(files: OpenFiles) -> Turn:
    """Make the function that reads a projection again; the size of a head that fitted last is tried first."""
    sizes = list(HEADS)

    def turn(suspect: Sample, original: Sample) -> tuple[Sample, Sums] | None:
        place = suspect.place
        if place is None or place.role not in ROLES or suspect.held is None or suspect.folded != original.folded:
            return None
        best: tuple[Sample, Sums] | None = None
        for order in [RowOrder(head, side) for head in sizes if suspect.folded[0] % head == 0 for side in (True, False)]:
            values = read_at(suspect.held, files, order.find(suspect.grid.rows), suspect.grid.columns)
            turned = None if values is None else replace(suspect, values=values, order=order)
            sums = None if turned is None else compare_samples(original, turned)
            if turned is not None and sums is not None and (best is None or sums.cosine > best[1].cosine):
                best = (turned, sums)
            if best is not None and best[1].cosine >= ENOUGH:
                sizes.remove(order.head)
                sizes.insert(0, order.head)
                break
        return best

    return turn
